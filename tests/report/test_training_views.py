"""How a plan reads: bars for the weeks, kilometres or miles, repetitions as they are run."""

from dataclasses import replace
from datetime import date

import pytest

from syncd.domain.notation import parse_workout
from syncd.domain.reason import Reason
from syncd.domain.session import Phase, Session, SessionKind, Week, WeekKind
from syncd.domain.training.reasons import Cause
from syncd.domain.units import KILOMETRES, MILES
from syncd.report.rendering import rendered
from syncd.report.training_views import plan_sheet, session_sheet, session_text

MONDAY = date(2026, 3, 2)


def session(
    title: str,
    kind: SessionKind = SessionKind.EASY,
    distance_m: float = 8000,
    length_m: float | None = None,
) -> Session:
    return Session(
        id="2026w10-1",
        day=date(2026, 3, 3),
        kind=kind,
        title=title,
        workout=parse_workout("8km E"),
        distance_m=distance_m,
        duration_s=3000,
        rpe=(2, 4),
        hard=False,
        rules=("R18",),
        length_m=length_m,
    )


def week(start: date, distance_m: float, notes: tuple[Reason, ...] = ()) -> Week:
    return Week(start, Phase.DISTANCE, WeekKind.BUILD, (session("8 km easy", distance_m=distance_m),), notes)


def test_the_bar_of_a_week_is_its_distance_against_the_longest_week() -> None:
    weeks = (week(MONDAY, 40_000), week(date(2026, 3, 9), 20_000), week(date(2026, 3, 16), 1000))
    heads = [line for line in str(plan_sheet(weeks, KILOMETRES)).splitlines() if line.startswith("wk")]
    assert heads[0] == "wk 10  distance · build       40 km  " + "█" * 20
    assert heads[1] == "wk 11  distance · build       20 km  " + "█" * 10
    assert heads[2].endswith("1 km  ▌")


def test_a_week_of_rest_has_no_bar() -> None:
    rest = replace(week(MONDAY, 0), sessions=(), kind=WeekKind.REST)
    assert str(plan_sheet((rest,), KILOMETRES)) == "wk 10  distance · rest         0 km"


def test_no_line_of_a_plan_is_wider_than_a_terminal() -> None:
    long_title = session("8 km easy, then " + "quick and relaxed " * 5)
    planned = replace(
        week(MONDAY, 40_000, (Reason.legacy("It falls short: " + "so it is " * 20),)), sessions=(long_title,)
    )
    lines = rendered(plan_sheet((planned,), MILES), 80).splitlines()
    assert max(map(len, lines)) <= 80
    assert [line[:19].rstrip() for line in lines[1:3]] == ["       Tue  3 Mar", ""]


@pytest.mark.parametrize(
    ("title", "length_m", "kind", "kilometres", "miles"),
    [
        ("easy", 8000, SessionKind.EASY, "8 km easy", "5 mi easy"),
        ("long run", 14_500, SessionKind.LONG, "14.5 km long run", "9 mi long run"),
        (
            "3 x 1 km at threshold",
            None,
            SessionKind.HM_M,
            "3 x 1 km at threshold (8 km, 50:00)",
            "3 x 1 km at threshold (5 mi, 50:00)",
        ),
        ("10 km easy", None, SessionKind.EASY, "10 km easy", "10 km easy"),
        ("long run", None, SessionKind.LONG, "long run (8 km, 50:00)", "long run (5 mi, 50:00)"),
    ],
    ids=["easy", "long", "repetitions stay", "the athlete's own title", "a title without a length"],
)
def test_the_length_of_a_run_is_in_the_readers_units(title, length_m, kind, kilometres, miles) -> None:
    planned = session(title, kind, length_m=length_m)
    assert session_text(planned, KILOMETRES) == kilometres
    assert session_text(planned, MILES) == miles


def test_the_story_of_a_session_is_in_miles_too() -> None:
    shown = str(session_sheet(session("easy", length_m=8000), MILES))
    assert shown.startswith("Tue  3 Mar: 5 mi easy\n")
    assert "about 5 mi, 50:00, effort 2-4 of 10" in shown
    assert "R18: a week grows by 7%" in shown


def test_notes_of_the_planner_are_in_the_readers_units() -> None:
    note = Reason(Cause.FEWER_RUNS, {"runs": 3, "week_m": 16_000})
    assert "3 runs a week: 16 km is not enough for more (R19)." in str(
        plan_sheet((week(MONDAY, 16_000, (note,)),), KILOMETRES)
    )
    assert "10 mi is not enough" in str(plan_sheet((week(MONDAY, 16_000, (note,)),), MILES))
