"""Conflicts between rules that were found by prototype, each with the way in which it gives way."""

from datetime import date, timedelta

import pytest

from syncd.domain.athlete import Availability, Goal, Health, PastRun, Race, RacePriority
from syncd.domain.reason import Reason
from syncd.domain.session import SessionKind
from syncd.domain.training.fitness import vdot_of
from syncd.domain.training.sessions import quality_metres
from syncd.domain.training.weeks import PlanInputs, history_from_summary, plan_weeks
from syncd.domain.training.zones import zones_from_vdot
from syncd.domain.workout import PaceZone

MONDAY = date(2026, 1, 5)


def planned(vdot: float, weekly_km: float, longest_km: float, days: int = 4, **more):
    weekdays = more.pop("weekdays", tuple(range(7)))
    history = more.pop("history", None) or history_from_summary(
        MONDAY, weekly_km * 1000, longest_km * 1000, days
    )
    return plan_weeks(
        PlanInputs(
            first_day=MONDAY,
            availability=Availability(days, weekdays, weekdays[-1]),
            zones=zones_from_vdot(vdot, as_of=None, source=Reason.legacy("a test")),
            history=history,
            weeks=more.pop("weeks", 40),
            phase_start=MONDAY,
            levels=more.pop("levels", {}),
            **more,
        )
    )


def test_three_times_a_mile_never_appears_at_36_km_a_week() -> None:
    """Conflict (a): it breaks the cap at 5K pace, so the rung below is run."""
    titles = [s.title for week in planned(38.3, 20, 8) for s in week.sessions]
    assert not any(title.startswith(("3 x 1600", "3 x 2000")) for title in titles)
    assert any(title.startswith("2 x 1600") for title in titles)


@pytest.mark.parametrize("vdot", [22, 30, 45, 60])
def test_threshold_inside_a_distance_session_leaves_the_majority_to_half_and_marathon_pace(vdot) -> None:
    """Conflict (b): at slow paces a kilometre at threshold takes long; then it gives way."""
    zones = zones_from_vdot(vdot, as_of=None, source=Reason.legacy("a test"))
    weeks = planned(vdot, 50, 18, levels={"hm_m": 7}, weeks=4)
    for session in (s for week in weeks for s in week.sessions if s.kind is SessionKind.HM_M):
        metres = quality_metres(session.workout, zones)
        moderate = metres.get(PaceZone.HALF_MARATHON, 0) + metres.get(PaceZone.MARATHON, 0)
        assert moderate > 0.5 * sum(metres.values()), session.title


def test_seven_days_at_12_km_are_fewer_days() -> None:
    """Conflict (c): no seven-day plan that makes every run a jog round the block."""
    assert max(len(week.sessions) for week in planned(35, 12, 5, days=7, weeks=8)) <= 3


def test_a_test_never_makes_a_day_longer_than_the_long_run_allows() -> None:
    """Conflict (d): at 12 km a week the warm-up shrinks, or the test is put off."""
    for week in planned(35, 12, 5, weeks=30):
        for session in week.sessions:
            if session.kind is SessionKind.TEST:
                assert session.distance_m <= 1.10 * max(s.distance_m for s in week.sessions) + 500


def test_a_test_in_a_down_week_replaces_a_run() -> None:
    """Conflict (e): the week stays lighter."""
    weeks = planned(38.3, 30, 11)
    tests = [k for k, week in enumerate(weeks) if any(s.kind is SessionKind.TEST for s in week.sessions)]
    assert tests
    for k in tests:
        assert len(weeks[k].sessions) <= len(weeks[k - 1].sessions)
        assert weeks[k].distance_m < 0.9 * weeks[k - 1].distance_m


def test_four_weeks_off_come_back_and_do_not_stay_at_nothing() -> None:
    """Conflict (f): 40 km a week, then four weeks without a run."""
    before = tuple(
        PastRun(MONDAY - timedelta(weeks=week, days=day), 10_000, 3600)
        for week in range(5, 13)
        for day in (0, 2, 4, 6)
    )
    weeks = planned(40, 0, 0, history=before, weeks=16)
    assert weeks[0].distance_m > 0
    assert weeks[-2].distance_m > 1.5 * weeks[0].distance_m


@pytest.mark.parametrize("born", [1972, None])
def test_seven_days_on_22_km_leave_out_days_also_where_the_recovery_run_would_be(born) -> None:
    """Found on the bench: the year of this athlete has a week without room for the recovery day."""
    history = history_from_summary(MONDAY, 22_000, 8_800, 4)
    vdot, health = vdot_of(5000, 1200), Health(birth_year=born)
    weeks = planned(vdot, 0, 0, days=7, history=history, weeks=52, health=health)
    assert len(weeks) == 52
    assert all(week.sessions for week in weeks)


@pytest.mark.parametrize("weekdays", [(0, 2, 3, 5, 6), tuple(range(7))])
def test_beside_a_race_there_is_rest_rather_than_a_run_of_a_hundred_metres(weekdays) -> None:
    """Found on the bench: two days a week, and a race on one of them."""
    race = Race(MONDAY + timedelta(weeks=12, days=5), Goal.FIVE_K, RacePriority.C)
    more = {"weekdays": weekdays, "race": race, "goal": Goal.FIVE_K, "weeks": 20}
    weeks = planned(38.3, 0, 0, days=2, history=history_from_summary(MONDAY, 8000, 3200, 4), **more)
    assert all(session.distance_m >= 1000 for week in weeks for session in week.sessions)
    assert any(session.kind is SessionKind.RACE for week in weeks for session in week.sessions)
