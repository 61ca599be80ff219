"""A plan as a text file: readable, comments kept, strict, and nothing half-read."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.delivery import labels
from syncd.domain.notation import parse_workout
from syncd.domain.plan_file import (
    MOST_CHARACTERS,
    MOST_WEEKS,
    FileSession,
    FileWeek,
    PlanFile,
    PlanFileError,
    format_plan,
    merged,
    parse_plan,
    plan_file,
    with_comments,
)
from syncd.domain.session import Phase, SessionKind, WeekKind
from syncd.domain.training.weeks import plan_weeks
from syncd.domain.units import KILOMETRES
from tests.domain.training.athletes import article_runner

MONDAY = date(2026, 3, 2)

COACH = """\
# Written by Anna, March 2026

# first week: settle in
week 2026-03-02 distance build  # keep it light
# on the flat
Tue 2026-03-03  hm_m       15min E + 3x(5min HM + 90s jog) + 10min E | 3 x 5 min  # shoes!
Sun 2026-03-08  long       14km E

week 2026-03-09 distance rest

# see you in April
"""


def test_a_coachs_file_is_read() -> None:
    first, second = parse_plan(COACH).weeks
    assert (first.start, first.phase, first.kind) == (MONDAY, Phase.DISTANCE, WeekKind.BUILD)
    tuesday, sunday = first.sessions
    assert (tuesday.day, tuesday.kind, tuesday.title) == (date(2026, 3, 3), SessionKind.HM_M, "3 x 5 min")
    assert tuesday.workout == parse_workout("15min E + 3x(5min HM + 90s jog) + 10min E")
    assert (sunday.kind, sunday.title) == (SessionKind.LONG, "")
    assert (second.kind, second.sessions) == (WeekKind.REST, ())


def test_comments_stay_where_they_were() -> None:
    plan = parse_plan(COACH)
    assert plan.weeks[0].comments == ("Written by Anna, March 2026", "first week: settle in")
    assert plan.weeks[0].note == "keep it light"
    assert plan.weeks[0].sessions[0].comments == ("on the flat",)
    assert plan.weeks[0].sessions[0].note == "shoes!"
    assert plan.closing == ("see you in April",)
    assert parse_plan(format_plan(plan)) == plan


@pytest.mark.parametrize(
    "line", ["Tue 2026-03-03 easy 8km E", "2026-03-03 easy 8km E", "tue easy 8km E", "Tuesday EASY 8km E\r"]
)
def test_a_weekday_or_a_date_is_enough(line: str) -> None:
    (week,) = parse_plan(f"week 2026-03-02\n{line}\n").weeks
    assert [(each.day, each.kind) for each in week.sessions] == [(date(2026, 3, 3), SessionKind.EASY)]


def test_phase_and_kind_of_a_week_may_be_left_out_or_swapped() -> None:
    assert parse_plan("week 2026-03-02 taper speed").weeks[0] == FileWeek(
        MONDAY, (), Phase.SPEED, WeekKind.TAPER
    )
    assert parse_plan("\ufeffweek 2026-03-02").weeks[0] == FileWeek(MONDAY, ())


def test_sessions_are_put_in_the_order_of_their_days() -> None:
    (week,) = parse_plan("week 2026-03-02\nSun long 12km E\nTue easy 6km E\n").weeks
    assert [each.day.weekday() for each in week.sessions] == [1, 6]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: there is no week in it"),
        ("# only words\n", "line 2: there is no week in it"),
        ("Tue easy 8km E", "line 1: expected a week line first"),
        ("week", "line 1: expected a date as YYYY-MM-DD, not ''"),
        ("week soon", "line 1: expected a date as YYYY-MM-DD, not 'soon'"),
        ("week 2026-02-30", "line 1: there is no such day: 2026-02-30"),
        ("week 9999-12-27", "line 1: 9999-12-27 is not between 2000 and 2099"),
        ("week 2026-03-03", "line 1: 2026-03-03 is a Tue; weeks begin on Monday, 2026-03-02"),
        ("week 2026-03-09\nweek 2026-03-02", "line 2: week 2026-03-02 comes after week 2026-03-09"),
        ("week 2026-03-02\nweek 2026-03-02", "line 2: week 2026-03-02 comes after"),
        ("week 2026-03-02 hilly", "line 1: 'hilly' is not allowed here: a week has one phase (foundation,"),
        ("week 2026-03-02 speed combine", "line 1: 'combine' is not allowed here"),
        ("week 2026-03-02\nsomeday easy 8km E", "line 2: expected 'week', a weekday (Mon to Sun) or a date"),
        ("week 2026-03-02\n| title", "line 2: expected 'week', a weekday"),
        ("week 2026-03-02\nWed 2026-03-03 easy 8km E", "line 2: 2026-03-03 is a Tue, not a Wed"),
        ("week 2026-03-02\n2026-03-09 easy 8km E", "line 2: 2026-03-09 is not in the week of 2026-03-02"),
        ("week 2026-03-02\n2026-03-01 easy 8km E", "line 2: 2026-03-01 is not in the week of 2026-03-02"),
        (
            "week 2026-03-02\nTue 8km E",
            "line 2: '8km' is not a kind of session: easy, recovery, long, walk_run",
        ),
        ("week 2026-03-02\nTue", "line 2: '' is not a kind of session"),
        ("week 2026-03-02\nTue easy", "line 2: in the workout at the end: expected a duration"),
        (
            "week 2026-03-02\n\nTue easy 8km X",
            "line 3: in the workout at character 5, 'X': expected a target (E, M, HM",
        ),
        ("week 2026-03-02\nTue easy 0km E", "line 2: in the workout"),
        ("week 2026-03-02\nTue easy 8km E |", "line 2: a title after | has 1 to 80 characters"),
        ("week 2026-03-02\nTue easy 8km E | a | b", "line 2: a title has no |"),
        (
            "week 2026-03-02\nTue easy 8km E\n# x\nTue long 9km E",
            "line 4: a second session on 2026-03-03; the",
        ),
        ("#" * (MOST_CHARACTERS + 1), "line 1: a plan has at most 500,000 characters"),
    ],
)
def test_the_first_wrong_line_is_named_with_its_number(text: str, message: str) -> None:
    with pytest.raises(PlanFileError) as error:
        parse_plan(text)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(("weeks", "allowed"), [(MOST_WEEKS, True), (MOST_WEEKS + 1, False)])
def test_a_plan_has_at_most_two_years(weeks: int, allowed: bool) -> None:
    text = "\n".join(f"week {MONDAY + timedelta(weeks=k)}" for k in range(weeks))
    if allowed:
        assert len(parse_plan(text).weeks) == weeks
    else:
        with pytest.raises(PlanFileError, match=f"line {weeks}: a plan has at most"):
            parse_plan(text)


def test_a_generated_plan_survives_the_file() -> None:
    weeks = plan_weeks(article_runner(20))
    read = parse_plan(format_plan(plan_file(weeks, KILOMETRES)))
    assert read == plan_file(weeks, KILOMETRES)
    for week, copy in zip(weeks, read.weeks, strict=True):
        assert (week.start, week.phase, week.kind) == (copy.start, copy.phase, copy.kind)
        assert [(s.day, s.kind, labels.title(s, KILOMETRES)) for s in week.sessions] == [
            (s.day, s.kind, s.title) for s in copy.sessions
        ]
        assert [s.workout.steps for s in week.sessions] == [s.workout.steps for s in copy.sessions]


BARE = "\n".join(line.partition("#")[0] for line in COACH.splitlines())


def test_comments_come_back_where_week_day_and_workout_are_the_same() -> None:
    assert parse_plan(BARE) != parse_plan(COACH)
    assert with_comments(parse_plan(BARE), parse_plan(COACH)) == parse_plan(COACH)


def test_a_comment_on_another_workout_does_not_come_back() -> None:
    changed = parse_plan(BARE.replace("5min HM", "6min HM"))
    (tuesday, _) = with_comments(changed, parse_plan(COACH)).weeks[0].sessions
    assert (tuesday.note, tuesday.comments) == ("", ())


def test_a_new_file_replaces_the_weeks_it_names_and_no_others() -> None:
    new = parse_plan("week 2026-03-09 speed\nweek 2026-03-16")
    both = merged(parse_plan(COACH), new)
    assert both.weeks == (parse_plan(COACH).weeks[0], *new.weeks)


TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), max_size=20)
TITLES = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="#|"), max_size=20)
WORKOUTS = st.sampled_from(["8km E", "15min E + 6x(800m I + 2min jog) + 10min E", "30min @HR120-150"])


@st.composite
def file_weeks(draw, start: date) -> FileWeek:
    days = sorted(draw(st.sets(st.integers(0, 6), max_size=7)))
    sessions = tuple(
        FileSession(
            start + timedelta(days=day),
            draw(st.sampled_from(SessionKind)),
            parse_workout(draw(WORKOUTS)),
            draw(TITLES),
            draw(TEXTS),
            tuple(draw(st.lists(TEXTS, max_size=2))),
        )
        for day in days
    )
    phase, kind = draw(st.sampled_from(Phase)), draw(st.sampled_from(WeekKind))
    return FileWeek(start, sessions, phase, kind, draw(TEXTS), tuple(draw(st.lists(TEXTS, max_size=2))))


@st.composite
def plan_files(draw) -> PlanFile:
    starts = sorted(draw(st.sets(st.integers(0, 100), min_size=1, max_size=4)))
    weeks = tuple(draw(file_weeks(MONDAY + timedelta(weeks=k))) for k in starts)
    return PlanFile(weeks, tuple(draw(st.lists(TEXTS, max_size=2))))


@given(plan_files())
def test_what_is_written_is_read_back_whole(plan: PlanFile) -> None:
    assert parse_plan(format_plan(plan)) == plan


@given(st.text(max_size=200) | st.builds("week 2026-03-02\n{}".format, st.text(max_size=80)))
def test_any_text_is_a_plan_or_a_named_line(text: str) -> None:
    try:
        plan = parse_plan(text)
    except PlanFileError as error:
        line = error.line
    else:
        assert parse_plan(format_plan(plan)) == plan
        line = 1
    assert 1 <= line <= text.count("\n") + 1
