"""A run that was hard is a hard day, whoever planned it: the hard session after it gives way (A18)."""

from datetime import timedelta

from syncd.cycle.done_runs import recent_runs
from tests.support.said import in_km
from tests.support.scene import MONDAY, Scene

REPS = "15min E + 8x(225s I + 2min jog) + 10min E"
CLUB = "15min E + 4x(5min @4:50-5:10/km + 2min jog) + 10min E"


def hard_sessions(scene: Scene, first: int = 0, last: int = 6):
    return [each.session for each in scene.sessions(first, last) if each.session.hard]


def eased_by_a18(report) -> list[str]:
    return [in_km(change.reason) for change in report.changes if change.rule == "A18"]


def test_a_hard_evening_moves_the_hard_session_of_the_next_day(scene: Scene) -> None:
    scene.sync(0, hour=6)
    (before,) = hard_sessions(scene)
    assert (before.day - MONDAY).days == 1
    scene.record(0, REPS)
    report = scene.sync(0)
    assert any(
        "30 min at threshold pace or faster" in said or "5K pace" in said for said in eased_by_a18(report)
    )
    for after in hard_sessions(scene):
        assert (after.day - MONDAY).days >= 2


def test_seen_only_the_next_morning_it_moves_it_all_the_same_and_once(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.record(0, REPS)
    assert eased_by_a18(scene.sync(1, hour=6))
    assert all((each.day - MONDAY).days >= 2 for each in hard_sessions(scene))
    again = scene.sync(1, hour=7)
    assert (again.changes, again.actions) == ((), ())


def test_an_easy_evening_moves_nothing(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.record(0, "40min E")
    assert eased_by_a18(scene.sync(0)) == []
    (hard,) = hard_sessions(scene)
    assert hard.day == MONDAY + timedelta(days=1)


def test_an_easy_run_a_little_too_fast_moves_nothing(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.record(0, "30min @5:55-6:00/km")
    assert eased_by_a18(scene.sync(0)) == []


def test_the_hard_session_as_it_is_planned_changes_nothing_beyond_the_plan(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.run_session(1)
    assert eased_by_a18(scene.sync(1)) == []


def test_a_club_session_on_the_day_of_the_long_run_is_a_hard_day(scene: Scene) -> None:
    scene.sync(0, hour=6)
    for day in (1, 3, 4):
        scene.run_session(day)
        scene.sync(day)
    scene.record(6, CLUB)
    scene.sync(6)
    (hard,) = hard_sessions(scene, 7, 13)
    assert (hard.day - MONDAY).days >= 8  # 48 hours after it


def test_our_own_workout_once_more_is_a_hard_day(scene: Scene) -> None:
    scene.sync(0, hour=6)
    (tuesday,) = scene.sessions(1, 1)
    scene.run_session(1)
    scene.sync(1)
    scene.record(5, tuesday.resolved)
    scene.sync(5)
    with scene.world(scene.at(5)) as world:
        runs = recent_runs(world, MONDAY + timedelta(days=5), 3)
    assert [run.hardness.is_hard for run in runs if run.day == MONDAY + timedelta(days=5)] == [True]
