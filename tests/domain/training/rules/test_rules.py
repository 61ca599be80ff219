"""Each rule fires when it must, stays silent one unit before, and does what it says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.domain.athlete import Goal, PastRun, Race
from syncd.domain.scoring.card import Work
from syncd.domain.session import SessionKind, SessionState, WeekKind, monday_of
from syncd.domain.training.conditions import Demanded, from_json, to_json, week_ahead
from syncd.domain.training.rules.decisions import decide
from syncd.domain.training.rules.edits import is_apart
from syncd.domain.training.rules.gaps import Before, before_gap
from syncd.domain.training.rules.missed import missed_easy, missed_hard
from syncd.domain.training.rules.quality import levels, reps_too_fast, too_hard_at_floor
from syncd.domain.training.rules.situation import DoneRun, Trouble
from syncd.domain.training.rules.spike import single_run_cap, too_long
from syncd.domain.training.rules.strain import drifting, easy_too_hard, harder_than_usual
from syncd.domain.training.rules.time_off import gap_return, illness, race_cost, return_days, returning
from syncd.domain.training.rules.unplanned_runs import unplanned_hard
from syncd.domain.training.sessions import placed, quality_session
from syncd.domain.training.single_run import counted_runs, longest_m
from tests.domain.training.rules.followed_plan import (
    MONDAY,
    PLAN,
    TODAY,
    also_run,
    changed,
    day_of,
    easy_runs,
    last,
    later,
    lived,
    missed,
    outcome,
    planned,
    planner,
    proposed,
    said,
    spell,
    without_runs,
)
from tests.support.said import in_km

LIVED = lived()


def long_before(situation) -> float:
    """The longest of the 30 days before yesterday."""
    return longest_m(counted_runs(situation.history), day_of(-1)) or 0.0


def a_run(day: int, metres: float, **facts) -> DoneRun:
    return DoneRun("extra", day_of(day), metres, metres * 0.4, **facts)


def test_a_plan_that_is_followed_is_left_alone() -> None:
    assert decide(LIVED, planner) == ()


# A1: one run that was too long


@pytest.mark.parametrize(
    ("share", "fires"),
    [
        pytest.param(1.11, False, id="within-the-2-%-of-GPS"),
        pytest.param(1.14, True, id="past-110-%"),
        pytest.param(1.60, True, id="past-130-%"),
    ],
)
def test_a1_answers_to_a_run_past_110_percent_of_the_longest(share, fires) -> None:
    situation = also_run(LIVED, a_run(-1, share * long_before(LIVED)))
    assert bool(proposed(too_long, situation)) is fires


def test_a1_leaves_nothing_hard_for_72_hours_and_no_test_for_14_days() -> None:
    situation = also_run(LIVED, a_run(-1, 1.5 * long_before(LIVED)))
    (proposal,) = proposed(too_long, situation)
    hard = planned(situation, "hm_m")
    assert (hard.day - day_of(-1)).days < 3
    (edit,) = [each for each in proposal.edits if each.session_id == hard.id]
    assert (edit.after.kind, edit.after.hard) == (SessionKind.EASY, False)
    assert edit.after.distance_m < hard.distance_m
    assert proposal.condition.no_test_before == day_of(13)
    assert "more than 110%" in in_km(proposal.reason)


def test_a1_keeps_the_next_long_run_within_the_cap_of_before() -> None:
    longest = long_before(LIVED)
    situation = also_run(LIVED, a_run(-1, 1.5 * longest))
    long = planned(situation, "long")
    too_far = replace(long, distance_m=1.4 * longest)
    entries = tuple(
        replace(each, session=too_far) if each.session.id == long.id else each for each in situation.entries
    )
    (proposal,) = proposed(too_long, replace(situation, entries=entries))
    (edit,) = [each for each in proposal.edits if each.session_id == long.id]
    assert edit.after.distance_m <= 1.1 * longest


def test_a1_past_130_percent_takes_the_next_hard_session_too() -> None:
    for share, spared in ((1.2, True), (1.4, False)):
        situation = later(also_run(LIVED, a_run(-4, share * long_before(LIVED))), 0)
        (proposal,) = proposed(too_long, situation)
        assert (planned(situation, "hm_m").id not in {e.session_id for e in proposal.edits}) is spared


def test_a1_spares_races_tests_and_runs_of_a_week_ago() -> None:
    metres = 1.5 * long_before(LIVED)
    for run in (a_run(-1, metres, raced=True), a_run(-1, metres, kind=SessionKind.TEST), a_run(-7, metres)):
        assert proposed(too_long, also_run(LIVED, run)) == []


# R20


def test_r20_shortens_what_history_no_longer_carries_once() -> None:
    situation = without_runs(LIVED, 29)
    edits = [edit for proposal in proposed(single_run_cap, situation) for edit in proposal.edits]
    assert edits
    assert all(edit.after.distance_m < edit.before.distance_m for edit in edits)


# A2: a gap


@pytest.mark.parametrize(
    ("days", "fires"), [pytest.param(7, False, id="7-days"), pytest.param(8, True, id="8-days")]
)
def test_a2_answers_to_eight_days_off(days, fires) -> None:
    # up to yesterday: the last run was the day before the gap
    situation = also_run(without_runs(LIVED, 12), a_run(-days - 1, 5000))
    assert bool(proposed(gap_return, situation)) is fires


def test_a2_waits_for_a_pull_that_shows_it_and_for_two_missed_sessions() -> None:
    off = without_runs(LIVED, 8)
    assert proposed(gap_return, off)
    assert proposed(gap_return, replace(off, covered=False)) == []
    dropped = [
        replace(each, state=SessionState.DROPPED) if each.state is SessionState.MISSED else each
        for each in off.entries
    ]
    only_one = dropped.copy()
    first = next(n for n, each in enumerate(off.entries) if each.state is SessionState.MISSED)
    only_one[first] = off.entries[first]
    assert proposed(gap_return, replace(off, entries=tuple(only_one))) == []


def test_a2_brings_the_load_back_in_steps_with_nothing_hard_at_first() -> None:
    back = also_run(without_runs(LIVED, 14), a_run(0, 4000))
    days_off = (day_of(0) - max(r.day for r in back.runs if r.day < TODAY)).days - 1
    (decision,) = said(back, "A2")
    asked = decision.proposal.condition
    assert (asked.asked, asked.rising, asked.days_off) == (Demanded.RETURN, (0.5, 1.0), days_off)
    assert (asked.last_day - asked.first_day).days + 1 == days_off
    ahead = [edit.after for edit in decision.edits if edit.after is not None]
    assert ahead
    assert not any(session.hard for session in ahead if session.day < asked.hard_from)
    before = sum(each.distance_m for each in PLAN[6].sessions)
    assert sum(s.distance_m for s in ahead if monday_of(s.day) == TODAY) < 0.7 * before


def test_a2_is_silent_in_a_taper_a_pause_and_a_planned_break() -> None:
    off = without_runs(LIVED, 8)
    lighter = tuple(replace(week, kind=WeekKind.TAPER) for week in off.weeks)
    assert proposed(gap_return, replace(off, weeks=lighter)) == []
    paused = replace(off, spells=(spell(Trouble.PAUSE, -8, -1),))
    assert proposed(gap_return, paused) == []


def test_a2_follows_a_pause_of_more_than_a_fortnight() -> None:
    off = replace(without_runs(LIVED, 21), spells=(spell(Trouble.PAUSE, -21, -1),))
    assert [each.condition.days_off for each in proposed(gap_return, off)] == [
        (TODAY - max(run.day for run in off.runs)).days - 1
    ]


BEFORE = Before(30_000, 12_000)


@pytest.mark.parametrize(
    ("gap", "trouble", "length", "rising", "hard_after"),
    [
        pytest.param(5, None, 6, (0.5, 1.0), 3, id="5-days"),
        pytest.param(8, None, 8, (0.5, 1.0), 4, id="8-days"),
        pytest.param(28, None, 28, (0.5, 1.0), 14, id="28-days"),
        pytest.param(29, None, 56, (0.33, 0.85), 28, id="29-days"),
        pytest.param(56, None, 56, (0.33, 0.85), 28, id="56-days"),
        pytest.param(57, None, 84, (0.33, 0.85), 42, id="57-days"),
        pytest.param(13, Trouble.HURT, 26, (0.5, 1.0), 13, id="13-days-hurt"),
        pytest.param(16, Trouble.HURT, 28, (0.5, 1.0), 18, id="16-days-hurt"),
        pytest.param(16, Trouble.ILL, 16, (0.5, 1.0), 8, id="16-days-ill"),
        pytest.param(16, Trouble.STOP, 28, (0.5, 1.0), 18, id="16-days-stopped"),
    ],
)
def test_how_long_a_return_lasts_and_from_which_share_to_which(
    gap, trouble, length, rising, hard_after
) -> None:
    asked = returning("g", TODAY, gap, BEFORE, trouble=trouble)
    assert return_days(gap, trouble) == length == (asked.last_day - asked.first_day).days + 1
    assert asked.rising == rising
    assert (asked.hard_from - TODAY).days == hard_after
    assert asked.no_test_before >= TODAY + timedelta(days=14)
    assert from_json(to_json(asked)) == asked


@pytest.mark.parametrize(
    ("gap", "trouble", "fever", "walks", "spaced"),
    [
        pytest.param(27, None, False, None, False, id="27-days"),
        pytest.param(28, None, False, None, True, id="28-days"),
        pytest.param(29, None, False, 18, True, id="29-days"),
        pytest.param(14, Trouble.HURT, False, None, True, id="14-days-hurt"),
        pytest.param(15, Trouble.HURT, False, 14, True, id="15-days-hurt"),
        pytest.param(4, Trouble.ILL, False, None, True, id="ill"),
        pytest.param(4, Trouble.ILL, True, 7, True, id="with-fever"),
        pytest.param(90, Trouble.BIRTH, False, 42, True, id="birth"),
    ],
)
def test_who_begins_with_walks_and_with_days_between_runs(gap, trouble, fever, walks, spaced) -> None:
    asked = returning("g", TODAY, gap, BEFORE, trouble=trouble, fever=fever)
    assert asked.walks_until == (None if walks is None else TODAY + timedelta(days=walks))
    assert (asked.spaced_until is not None) == spaced == (asked.first_run_s is not None)
    assert not fever or asked.hard_from >= TODAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("every", "days", "fires"),
    [
        pytest.param(2, 8, True, id="usual"),
        pytest.param(4, 9, False, id="seldom-9"),
        pytest.param(4, 10, True, id="seldom-10"),
        pytest.param(7, 13, False, id="once-a-week-13"),
        pytest.param(7, 14, True, id="once-a-week-14"),
    ],
)
def test_who_runs_seldom_is_off_later(every, days, fires) -> None:
    last = -days - 1
    runs = tuple(a_run(last - every * back, 5000) for back in range(8))
    off = without_runs(LIVED, 60)
    history = tuple(PastRun(run.day, run.distance_m, run.duration_s) for run in runs)
    situation = replace(off, runs=runs, history=history)
    assert bool(proposed(gap_return, situation)) is fires


def test_a_gap_soon_after_a_return_leads_back_to_what_was_before_both() -> None:
    small = tuple(PastRun(day_of(-day), 3000.0, 1200.0) for day in range(9, 40, 3))
    first = returning("A2:first", day_of(-40), 20, Before(30_000, 12_000))
    situation = replace(LIVED, history=small, conditions=(first,))
    assert before_gap(situation, day_of(-9)) == BEFORE
    later_on = replace(situation, conditions=(replace(first, last_day=day_of(-38)),))
    assert before_gap(later_on, day_of(-9)).longest_m == 3000.0


def test_a_gap_that_goes_on_is_told_once_and_again_when_its_length_is_known() -> None:
    off = without_runs(LIVED, 8)
    decided = [each.proposal.key for each in decide(off, planner) if each.rule == "A2"]
    answered = dict.fromkeys(decided, TODAY)
    assert proposed(gap_return, later(off, 1))[0].key in answered
    back = later(also_run(off, a_run(1, 4000)), 1)
    assert proposed(gap_return, back)[0].key not in answered
    assert proposed(gap_return, back)[0].condition.group == proposed(gap_return, off)[0].condition.group


# A3: ill or hurt


def test_a3_takes_everything_off_the_watch_while_it_lasts() -> None:
    ill = replace(LIVED, spells=(spell(Trouble.ILL, 0, None),))
    dropped = {edit.session_id for each in decide(ill, planner) for edit in each.edits if edit.after is None}
    assert dropped == {each.session.id for each in LIVED.due}


@pytest.mark.parametrize(
    ("days", "easy"),
    [
        pytest.param(1, 3, id="one-day-ill"),
        pytest.param(7, 7, id="a-week"),
        pytest.param(20, 14, id="20-days"),
    ],
)
def test_a3_has_as_many_easy_days_as_days_ill_3_to_14(days, easy) -> None:
    well = replace(without_runs(LIVED, days), spells=(spell(Trouble.ILL, -days, -1),))
    (proposal,) = proposed(illness, well)
    assert (proposal.condition.hard_from - TODAY).days >= easy
    assert proposal.condition.first_run_s == 1800
    assert "ill" in in_km(proposal.reason)


def test_a3_counts_the_days_without_a_run() -> None:
    well = replace(without_runs(LIVED, 10), spells=(spell(Trouble.ILL, -5, -1),))
    (proposal,) = proposed(illness, well)
    off = (TODAY - max(run.day for run in well.runs)).days - 1
    assert proposal.condition.days_off == off
    length = (proposal.condition.last_day - proposal.condition.first_day).days + 1
    assert length == off


def test_a3_after_an_injury_has_no_strides_in_the_first_half_and_asks_for_pain() -> None:
    well = replace(without_runs(LIVED, 14), spells=(spell(Trouble.HURT, -14, -1),))
    (proposal,) = proposed(illness, well)
    asked = proposal.condition
    assert asked.strides_from >= asked.first_day + (asked.last_day - asked.first_day) / 2
    assert "3 of 10" in in_km(proposal.reason)


def test_a3_speaks_alone_when_a_gap_was_an_illness() -> None:
    well = replace(without_runs(LIVED, 10), spells=(spell(Trouble.ILL, -9, -1),))
    assert proposed(gap_return, well) == []


# A4-A7: missed sessions


@pytest.mark.parametrize(
    ("after", "fires"),
    [(1, False), (2, True), (4, True), (5, False)],
    ids=["grace", "closed", "4-days", "5-days"],
)
def test_a4_says_once_that_a_missed_easy_run_is_not_made_up(after, fires) -> None:
    easy = last(LIVED, "easy")
    situation = missed(lived(easy.day + timedelta(days=after)), easy)
    proposals = proposed(missed_easy, situation)
    assert bool(proposals) is fires
    assert all(each.edits == () and each.condition is None for each in proposals)


def missed_quality(after: int):
    """The quality session of the sixth week was not run, and it is so many days later."""
    hard = last(LIVED, "hm_m")
    return hard, missed(lived(hard.day + timedelta(days=after)), hard)


def test_a5_moves_a_missed_hard_session_where_two_days_are_free_round_it() -> None:
    hard, situation = missed_quality(2)
    (proposal,) = proposed(missed_hard, situation)
    assert proposal.edits, proposal.reason
    moved = proposal.edits[0].after
    assert (moved.workout, moved.id) == (hard.workout, hard.id)
    assert moved.day > situation.today
    for each in situation.entries:
        if each.is_strain and each.session.id != hard.id:
            assert abs((each.session.day - moved.day).days) >= 2
    on_that_day = [each for each in situation.due if each.session.day == moved.day]
    assert {edit.session_id for edit in proposal.edits[1:]} == {each.session.id for each in on_that_day}


def test_a5_drops_it_where_no_day_is_far_enough() -> None:
    _, situation = missed_quality(4)
    (proposal,) = proposed(missed_hard, situation)
    assert proposal.edits == ()
    assert "dropped" in in_km(proposal.reason)


@pytest.mark.parametrize("after", [1, 5], ids=["grace-not-over", "three-days-later"])
def test_a5_is_silent_before_and_after_its_time(after) -> None:
    assert proposed(missed_hard, missed_quality(after)[1]) == []


def test_a5_and_its_like_are_silent_where_a_pull_is_missing() -> None:
    _, situation = missed_quality(2)
    assert proposed(missed_hard, replace(situation, covered=False)) == []


# A8-A11: quality


def quality(*in_band: int, level: int = 2, **facts):
    done = [e.session for e in LIVED.entries if e.state is SessionState.DONE and e.session.family == "hm_m"]
    sessions = [replace(session, level=level) for session in done[-len(in_band) :]]
    outcomes = [outcome(session, reps, **facts) for session, reps in zip(sessions, in_band, strict=True)]
    return replace(LIVED, outcomes={"hm_m": outcomes})


def at_level(situation, level: int):
    """The next quality session is of that level."""
    due = planned(situation, "hm_m")
    recipe = quality_session("hm_m", level, situation.zones)
    session = placed(recipe, due.id, due.day, due.rules)
    entries = tuple(
        replace(each, session=session) if each.session.id == due.id else each for each in situation.entries
    )
    return replace(situation, entries=entries)


@pytest.mark.parametrize(
    ("in_band", "level", "rules"),
    [
        pytest.param((4,), 1, {"A8"}, id="one-good-at-level-1"),
        pytest.param((3,), 2, {"A9"}, id="partly"),
        pytest.param((2, 2), 3, {"A10"}, id="two-bad"),
    ],
)
def test_a8_to_a10_move_the_next_session_of_the_family(in_band, level, rules) -> None:
    situation = quality(*in_band, level=level)
    situation = at_level(situation, level if "A8" in rules else level + 2)
    proposals = proposed(
        levels, replace(situation, now=situation.now - timedelta(days=1))
    )  # before the freeze
    assert {each.rule for each in proposals} == rules
    assert all(each.edits[0].session_id in {e.session.id for e in situation.due} for each in proposals)


def test_a8_keeps_out_of_the_36_hours_before_a_session() -> None:
    situation = quality(4, level=1)
    due = planned(situation, "hm_m")
    base = at_level(situation, 1)
    hours = timedelta(days=(due.day - TODAY).days) - timedelta(hours=6)
    far, near = hours - timedelta(hours=36), hours - timedelta(hours=35)
    early = proposed(levels, replace(base, now=base.now + far))
    late = proposed(levels, replace(base, now=base.now + near))
    assert due.id in {edit.session_id for each in early for edit in each.edits}
    assert due.id not in {edit.session_id for each in late for edit in each.edits}


def test_a10_at_the_lowest_level_gives_easy_days_and_offers_a_test() -> None:
    (proposal,) = proposed(too_hard_at_floor, quality(2, 1, level=1))
    assert (proposal.condition.hard_from - TODAY).days == 6
    assert proposal.edits[0].after.hard is False
    assert "test" in in_km(proposal.reason)
    assert proposed(too_hard_at_floor, quality(2, 3, level=1)) == []
    assert proposed(too_hard_at_floor, quality(2, 1, level=2)) == []


@pytest.mark.parametrize(("after_the_newest", "eases"), [(-30, True), (0, False)])
def test_a10_counts_only_what_was_run_at_the_paces_of_the_last_result(after_the_newest, eases) -> None:
    situation = quality(2, 1, level=1)
    newest = max(outcome.day for family in situation.outcomes.values() for outcome in family)
    as_of = newest + timedelta(days=after_the_newest)
    tested = replace(situation, zones=replace(situation.zones, as_of=as_of))
    assert bool(proposed(too_hard_at_floor, tested)) is eases


def test_a10_excuses_heat_and_hills() -> None:
    assert proposed(too_hard_at_floor, quality(2, 1, level=1, excused=True)) == []


@pytest.mark.parametrize(
    ("fast", "words"),
    [
        pytest.param((2, 0, 1), None, id="one-of-three"),
        pytest.param((2, 0, 2), "hold the pace", id="two-of-three"),
        pytest.param((2, 2, 2), "5 km test", id="three-of-three"),
        pytest.param((2, 2, 0), None, id="the-newest-was-fine"),
    ],
)
def test_a11_tells_of_repetitions_too_fast_and_never_raises_paces(fast, words) -> None:
    situation = changed(LIVED, hm_m=[{"reps_too_fast": count} for count in fast])
    proposals = proposed(reps_too_fast, situation)
    assert [words in in_km(each.reason) for each in proposals] == ([True] if words else [])
    asked = [each.condition.asked for each in proposals if each.condition is not None]
    assert asked == ([Demanded.TEST] if words == "5 km test" else [])
    assert all(each.edits == () for each in proposals)


# A12-A14: strain


HARD, EASY = {"rpe": 6.0}, {"rpe": 3.0}


@pytest.mark.parametrize(
    ("values", "fires"),
    [
        pytest.param([EASY, EASY, HARD], None, id="one-of-three"),
        pytest.param([HARD, EASY, HARD], "told", id="two-of-three"),
        pytest.param([HARD, HARD, EASY, HARD], "eased", id="three-of-four"),
        pytest.param([HARD, HARD, HARD, EASY], None, id="the-newest-was-easy"),
        pytest.param([{"above_lt1": 0.19}] * 3, None, id="19-%-above-LT1"),
        pytest.param([{"above_lt1": 0.20}] * 2, "told", id="20-%-above-LT1"),
        pytest.param([HARD | {"temperature_c": 21.0}] * 3, None, id="21-C"),
        pytest.param([HARD | {"temperature_c": 20.0}] * 2, "told", id="20-C"),
        pytest.param([HARD | {"climb_m_per_km": 11.0}] * 3, None, id="hilly"),
        pytest.param([HARD | {"confidence": 0.59}] * 3, None, id="not-trusted"),
        pytest.param([{"rpe": None}] * 4, None, id="nothing-known"),
    ],
)
def test_a12_tells_first_and_then_eases_the_next_hard_session(values, fires) -> None:
    proposals = proposed(easy_too_hard, easy_runs(LIVED, *values))
    assert [each.key.split(":")[1] for each in proposals] == ([fires] if fires else [])
    if fires == "eased":
        (edit,) = proposals[0].edits
        assert (edit.before.hard, edit.after.kind) == (True, SessionKind.EASY)


def test_a12_eases_at_most_once_in_14_days() -> None:
    situation = easy_runs(LIVED, HARD, HARD, HARD, HARD)
    for days, eases in ((13, False), (14, True)):
        answered = replace(situation, answered={"A12:eased:x": TODAY - timedelta(days=days)})
        assert bool(proposed(easy_too_hard, answered)) is eases


@pytest.mark.parametrize(
    ("days_ago", "said"),
    [((14,), "eased"), ((14, 84), "eased"), ((14, 83), "told"), ((28, 42), "told"), ((84, 98), "eased")],
)
def test_a12_eases_at_most_twice_in_12_weeks_and_then_only_says_so(days_ago, said) -> None:
    answered = {f"A12:eased:{days}": TODAY - timedelta(days=days) for days in days_ago}
    proposals = proposed(easy_too_hard, replace(easy_runs(LIVED, HARD, HARD, HARD, HARD), answered=answered))
    assert [each.key.split(":")[1] for each in proposals] == [said]


def tired(rpe: float, base: float = 3.0):
    return easy_runs(LIVED, *[{"rpe": base}] * 6, *[{"rpe": rpe}] * 3)


@pytest.mark.parametrize(("rpe", "fires"), [(4.5, False), (5.0, True)])
def test_a13_answers_to_easy_runs_two_points_harder_than_usual(rpe, fires) -> None:
    proposals = proposed(harder_than_usual, tired(rpe))
    assert bool(proposals) is fires
    if fires:
        asked = proposals[0].condition
        assert asked.asked is Demanded.DOWN
        assert week_ahead([asked], asked.first_day).down


def test_a13_at_most_once_in_28_days_and_the_second_time_it_says_to_see_someone() -> None:
    situation = tired(6.0)
    for days, answer in ((27, None), (28, Demanded.CALM), (42, Demanded.DOWN)):
        answered = replace(situation, answered={"A13:x": TODAY - timedelta(days=days)})
        assert [p.condition.asked for p in proposed(harder_than_usual, answered)] == (
            [answer] if answer else []
        )
    again = replace(situation, answered={"A13:x": TODAY - timedelta(days=30)})
    assert "see a doctor" in in_km(proposed(harder_than_usual, again)[0].reason)


@pytest.mark.parametrize(
    ("drift", "facts", "fires"),
    [
        pytest.param((0.11, 0.12), {}, True, id="two-long-runs"),
        pytest.param((0.12, 0.10), {}, False, id="only-one"),
        pytest.param((0.11, 0.12), {"temperature_c": 25.0}, False, id="hot"),
        pytest.param((0.11, 0.12), {"climb_m_per_km": 15.0}, False, id="hilly"),
    ],
)
def test_a14_holds_the_long_run_after_two_that_drifted(drift, facts, fires) -> None:
    situation = changed(LIVED, long=[{"decoupling": each} | facts for each in drift])
    proposals = proposed(drifting, situation)
    assert bool(proposals) is fires
    if fires:
        asked = proposals[0].condition
        longest = max(run.distance_m for run in situation.runs if run.kind is SessionKind.LONG)
        assert asked.long_m <= longest
        assert (asked.last_day - TODAY).days == 14


# A18, A20

REPS = Work(quick_s=1800.0, marathon_s=1800.0, half_s=1790.0, threshold_s=1780.0, five_k_s=1700.0)
LITTLE = Work(quick_s=590.0, marathon_s=590.0, half_s=590.0, threshold_s=590.0, five_k_s=590.0)


@pytest.mark.parametrize(
    ("facts", "fires"),
    [
        pytest.param({"held_s": 1200.0}, True, id="20-min-at-threshold"),
        pytest.param({"held_s": 1199.0}, False, id="a-second-less"),
        pytest.param({"raced": True}, True, id="marked-as-a-race"),
        pytest.param({"work": REPS}, True, id="repetitions"),
        pytest.param({"work": REPS, "rpe": 4.0}, False, id="repetitions-that-felt-easy"),
        pytest.param({"work": LITTLE}, False, id="a-few-quick-minutes"),
        pytest.param({"rpe": 8.0}, True, id="effort-8"),
        pytest.param({"rpe": 7.0}, False, id="effort-7"),
        pytest.param({"all_out": True}, True, id="as-quick-as-a-race"),
        pytest.param(
            {"work": REPS, "session_id": "2026w15-1", "kind": SessionKind.EASY}, True, id="in-an-easy-run"
        ),
        pytest.param(
            {"work": REPS, "session_id": "2026w15-1", "kind": SessionKind.LONG}, True, id="in-a-long-run"
        ),
        pytest.param(
            {"held_s": 1200.0, "session_id": "2026w15-1", "kind": SessionKind.HM_M}, False, id="as-planned"
        ),
        pytest.param(
            {"work": REPS, "session_id": "2026w15-1", "kind": SessionKind.LONG, "as_planned": True},
            False,
            id="a-long-run-planned-as-hard",
        ),
    ],
)
def test_a18_a_hard_run_that_was_not_planned_so_is_the_hard_day(facts, fires) -> None:
    hard = planned(LIVED, "hm_m")
    situation = later(
        also_run(LIVED, a_run((hard.day - TODAY).days - 1, 6000, **facts)), (hard.day - TODAY).days - 1
    )
    proposals = proposed(unplanned_hard, situation)
    assert bool(proposals) is fires
    if fires:
        edit = next(each for each in proposals[0].edits if each.session_id == hard.id)
        assert not edit.after.hard or (edit.after.day - situation.today).days >= 2


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        pytest.param({"work": REPS}, "had 28 min at 5K pace or faster", id="work"),
        pytest.param({"held_s": 1200.0}, "had 20 min at threshold pace or faster", id="held"),
        pytest.param({"rpe": 9.0}, "felt 9 of 10", id="effort"),
        pytest.param({"raced": True}, "was a race", id="race"),
        pytest.param({"all_out": True}, "as quick as a race", id="all-out"),
    ],
)
def test_a18_names_what_was_seen_and_the_run_that_it_rests_on(facts, words) -> None:
    days = (planned(LIVED, "hm_m").day - TODAY).days - 1
    situation = later(also_run(LIVED, a_run(days, 6000, **facts)), days)
    (proposal,) = proposed(unplanned_hard, situation)
    assert words in in_km(proposal.reason)
    assert proposal.evidence == {"run": "extra"}


def test_a18_looks_two_days_back_and_not_into_history() -> None:
    days = (planned(LIVED, "hm_m").day - TODAY).days - 1
    for age in range(5):
        situation = later(also_run(LIVED, a_run(days - age, 6000, rpe=9.0)), days)
        assert bool(proposed(unplanned_hard, situation)) is (age == 0), age


def test_no_hard_session_is_moved_next_to_a_run_that_was_hard() -> None:
    hard = planned(LIVED, "hm_m")
    for days in range(-3, 4):
        situation = also_run(LIVED, replace(a_run(0, 6000, rpe=9.0), day=hard.day + timedelta(days=days)))
        assert is_apart(hard, hard.day, situation) is (abs(days) >= 2)


@pytest.mark.parametrize(
    ("days", "percent"),
    [(6, None), (7, "4.25"), (13, "4.25"), (14, "6"), (20, "6"), (21, "7.5"), (28, "8")],
)
def test_a20_says_what_days_off_cost_a_marathon(days, percent) -> None:
    race = Race(TODAY + timedelta(weeks=8), Goal.MARATHON)
    off = also_run(without_runs(LIVED, days + 4), a_run(-days - 1, 3000))
    proposals = proposed(race_cost, replace(off, race=race))
    assert [f"about {percent}%" in in_km(proposal.reason) for proposal in proposals] == (
        [True] if percent else []
    )


def test_a20_has_percentages_for_the_marathon_only() -> None:
    off = without_runs(LIVED, 15)
    (proposal,) = proposed(race_cost, replace(off, race=Race(TODAY + timedelta(weeks=8), Goal.HALF)))
    assert "%" not in in_km(proposal.reason)
    for race in (Race(TODAY + timedelta(weeks=20), Goal.HALF), Race(TODAY + timedelta(weeks=8), Goal.TEN_K)):
        assert proposed(race_cost, replace(off, race=race)) == []


def test_the_plan_began_where_these_tests_believe() -> None:
    assert timedelta(weeks=6) == TODAY - MONDAY
