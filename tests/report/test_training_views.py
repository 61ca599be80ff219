"""How a plan reads: bars for the weeks, kilometres or miles, repetitions as they are run."""

from dataclasses import replace
from datetime import date

import pytest

from syncd.domain.notation import parse_workout
from syncd.domain.session import Phase, Session, SessionKind, Week, WeekKind
from syncd.domain.units import KILOMETRES, MILES
from syncd.report.rendering import rendered
from syncd.report.training_views import in_units, plan_sheet, session_line, session_story

MONDAY = date(2026, 3, 2)


def session(title: str, kind: SessionKind = SessionKind.EASY, distance_m: float = 8000) -> Session:
    workout = parse_workout("8km E")
    return Session(
        "2026w10-1", date(2026, 3, 3), kind, title, workout, distance_m, 3000, (2, 4), False, rules=("R18",)
    )


def week(start: date, distance_m: float, notes: tuple[str, ...] = ()) -> Week:
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
    planned = replace(week(MONDAY, 40_000, ("It falls short: " + "so it is " * 20,)), sessions=(long_title,))
    lines = rendered(plan_sheet((planned,), MILES), 80).splitlines()
    assert max(map(len, lines)) <= 80
    assert [line[:19].rstrip() for line in lines[1:3]] == ["       Tue  3 Mar", ""]


@pytest.mark.parametrize(
    ("title", "kind", "kilometres", "miles"),
    [
        ("8 km easy", SessionKind.EASY, "8 km easy", "5 mi easy"),
        ("14.5 km long run", SessionKind.LONG, "14.5 km long run", "9 mi long run"),
        (
            "3 x 1 km at threshold",
            SessionKind.HM_M,
            "3 x 1 km at threshold (8 km, 50:00)",
            "3 x 1 km at threshold (5 mi, 50:00)",
        ),
        ("long run", SessionKind.LONG, "long run (8 km, 50:00)", "long run (5 mi, 50:00)"),
    ],
    ids=["easy", "long", "repetitions stay", "a title without a length"],
)
def test_the_length_of_a_run_is_in_the_readers_units(title, kind, kilometres, miles) -> None:
    assert session_line(session(title, kind), KILOMETRES) == kilometres
    assert session_line(session(title, kind), MILES) == miles


def test_the_story_of_a_session_is_in_miles_too() -> None:
    told = str(session_story(session("8 km easy"), MILES))
    assert told.startswith("Tue  3 Mar: 5 mi easy\n")
    assert "about 5 mi, 50:00, effort 2-4 of 10" in told
    assert "R18: the week grows by 7 %" in told


def test_notes_of_the_planner_are_in_the_readers_units() -> None:
    note = "3 runs a week: 16 km do not fill more (R19)."
    assert in_units(note, KILOMETRES) == note
    assert in_units(note, MILES) == "3 runs a week: 9.9 mi do not fill more (R19)."
    assert "9.9 mi do not fill" in str(plan_sheet((week(MONDAY, 16_000, (note,)),), MILES))
