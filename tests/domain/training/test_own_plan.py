"""A line of the athlete's own file as a session: estimated, hard where it is, outside the ladder."""

from datetime import date
from itertools import chain

import pytest

from syncd.domain.notation import parse_workout
from syncd.domain.plan_file import FileSession, plan_file
from syncd.domain.reason import Reason
from syncd.domain.session import SessionKind
from syncd.domain.training.own_plan import own_session, says_the_same
from syncd.domain.training.weeks import plan_weeks
from syncd.domain.training.zones import zones_from_result
from syncd.domain.units import KILOMETRES, MILES, Units
from tests.domain.training.athletes import article_runner

ZONES = zones_from_result(5000, 1500, as_of=None, source=Reason.legacy("test"))
TUESDAY = date(2026, 3, 3)


def line(kind: SessionKind, notation: str, title: str = "", note: str = "") -> FileSession:
    return FileSession(TUESDAY, kind, parse_workout(notation), title, note)


def test_a_line_becomes_a_session_with_estimates() -> None:
    session = own_session(line(SessionKind.EASY, "8km E", note="flat road"), "2026w10-1", ZONES)
    assert (session.id, session.day, session.title) == ("2026w10-1", TUESDAY, "easy run")
    assert session.distance_m == 8000
    assert 45 * 60 < session.duration_s < 60 * 60
    assert (session.rpe, session.hard, session.purpose) == ((2, 4), False, "flat road")
    assert session.workout.name == "easy run"


def test_no_rule_of_the_ladder_may_change_it() -> None:
    session = own_session(line(SessionKind.HM_M, "3x(5min HM + 90s jog)"), "2026w10-1", ZONES)
    assert (session.family, session.level, session.rules) == ("", 0, ())


@pytest.mark.parametrize(
    ("kind", "notation", "hard"),
    [
        (SessionKind.THRESHOLD, "20min T", True),
        (SessionKind.TEST, "5km @RPE8-9", True),
        (SessionKind.LONG, "90min E", False),
        (SessionKind.LONG, "60min E + 19min M", False),
        (SessionKind.LONG, "60min E + 20min M", True),
        (SessionKind.EASY, "8km E + 6x(20s R + 60s jog)", False),
    ],
)
def test_hard_is_by_kind_or_from_twenty_minutes_at_marathon_pace(
    kind: SessionKind, notation: str, hard: bool
) -> None:
    assert own_session(line(kind, notation), "2026w10-1", ZONES).hard is hard


@pytest.mark.parametrize("units", [KILOMETRES, MILES], ids=["km", "mi"])
def test_a_generated_session_and_its_own_line_say_the_same(units: Units) -> None:
    weeks = plan_weeks(article_runner(8))
    lines = chain.from_iterable(week.sessions for week in plan_file(weeks, units).weeks)
    sessions = chain.from_iterable(week.sessions for week in weeks)
    assert all(says_the_same(each, session) for each, session in zip(lines, sessions, strict=True))


@pytest.mark.parametrize(
    "other",
    [
        line(SessionKind.EASY, "9km E"),
        line(SessionKind.LONG, "8km E"),
        line(SessionKind.EASY, "8km E", title="shake out"),
        line(SessionKind.EASY, "8km E", note="slowly"),
    ],
    ids=["workout", "kind", "title", "note"],
)
def test_a_line_that_differs_says_something_else(other: FileSession) -> None:
    session = own_session(line(SessionKind.EASY, "8km E"), "2026w10-1", ZONES)
    assert says_the_same(line(SessionKind.EASY, "8km E"), session)
    assert not says_the_same(other, session)
