"""A test that was run changes the paces, once, with a reason; one that does not count changes nothing."""

from datetime import timedelta

import pytest

from syncd.athlete.results import enter_result
from syncd.athlete.sessions import OverrideError, make_easier
from syncd.athlete.undoing import undo
from syncd.cycle.paces import conditions_of, results_of, retest_from, zones_in_force
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.domain.session import SessionKind, SessionState
from syncd.domain.training.fitness import FitnessError
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.sessions import placed
from syncd.domain.training.special_sessions import five_k_test
from syncd.domain.training.zone_history import Break, ResultOrigin, breaks_of, return_factor
from syncd.domain.training.zones import zones_from_result
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.support.said import in_km
from tests.support.scene import MONDAY, ZONES, Scene


@pytest.fixture
def tested(scene: Scene) -> Scene:
    """The next session is a 5 km test, on Tuesday."""
    scene.sync(0, hour=6)
    with scene.world(scene.at(0)) as world:
        (each,) = world.store.plan.between(MONDAY + timedelta(days=1), MONDAY + timedelta(days=1))
        test = placed(five_k_test(ZONES), each.session.id, each.session.day, ("S13",))
        world.store.plan.replace(test, test.workout, each.zone_set_id)
    return scene


def run_test(scene: Scene, vdot: float) -> None:
    """The test as the watch has it, by a runner who is as fit as that."""
    (each,) = scene.sessions(1, 1)
    recording = simulate(each.resolved, Runner(vdot=vdot), Scenario.PERFECT, seed=1)
    start = scene.at(1, 18)
    content = write_activity(recording, start=start, utc_offset=start.utcoffset() or timedelta(0))
    (scene.inbox / "test.fit").write_bytes(content)


def after(scene: Scene, report) -> list[str]:
    return [change.rule for change in report.changes if change.rule in {"A16", "A17"}]


def test_a_valid_test_moves_the_paces_and_says_from_what_to_what(tested: Scene) -> None:
    run_test(tested, 39.5)
    report = tested.sync(1)
    assert [each.session.session.kind for each in report.assessed if each.session] == [SessionKind.TEST]
    (change,) = [change for change in report.changes if change.rule == "A16"]
    assert "your 5 km is now 23:" in in_km(change.reason)
    assert "from 25:00" in in_km(change.reason)
    assert change.evidence["vdot_after"] > change.evidence["vdot_before"]
    assert any(each.rule == "zones" for each in report.changes)
    assert after(tested, tested.sync(1, hour=21)) == []
    assert tested.sync(1, hour=22).quiet


def test_a_test_far_slower_than_known_changes_nothing_and_one_more_is_owed(tested: Scene) -> None:
    run_test(tested, 35.0)
    report = tested.sync(1)
    (change,) = [change for change in report.changes if change.rule == "A17"]
    assert "3% slower" in in_km(change.reason)
    assert not any(each.rule == "zones" for each in report.changes)
    with tested.world(tested.at(1)) as world:
        assert retest_from(world.store, ZONES, MONDAY + timedelta(days=2)) == MONDAY + timedelta(days=15)
        assert zones_in_force(world.store, ZONES, MONDAY + timedelta(days=2)) == ZONES


def test_a_test_whose_run_is_withdrawn_counts_no_more(tested: Scene) -> None:
    run_test(tested, 39.5)
    tested.sync(1)
    with tested.world(tested.at(1)) as world:
        (result,) = world.store.results.in_force()
        world.store.activities.withdraw(result.activity_id, Reason(WithdrawalCause.DELETED))
        world.store.plan.set_state(result.session_id, SessionState.MISSED)
    tested.sync(2, hour=6)
    with tested.world(tested.at(2)) as world:
        assert world.store.results.in_force() == ()


# told by the athlete


def tell(scene: Scene, *arguments, day: int = 0, **named):
    now = scene.at(day, 7)
    with scene.world(now) as world:
        return enter_result(world, *arguments, now, **named)


def test_a_result_from_elsewhere_sets_the_paces_and_undo_takes_it_back(scene: Scene) -> None:
    scene.sync(0, hour=6)
    told = tell(scene, 10_000.0, 3000.0, MONDAY - timedelta(days=1))
    assert told.counts
    assert told.before_s == pytest.approx(1500)
    assert told.after_s < told.before_s
    report = scene.sync(0, hour=8)
    assert {change.rule for change in report.changes} == {"zones"}
    with scene.world(scene.at(0, 9)) as world:
        undo(world, told.change_id, scene.at(0, 9))
        assert zones_in_force(world.store, ZONES, MONDAY) == ZONES


def test_a_marathon_is_kept_and_sets_no_paces(scene: Scene) -> None:
    told = tell(scene, 42_195.0, 12_600.0, MONDAY)
    assert not told.counts
    assert "only distances from 2.4 km to a half-marathon" in in_km(told.text)


def test_a_result_that_cannot_be_is_refused(scene: Scene) -> None:
    with pytest.raises(OverrideError, match="still to come"):
        tell(scene, 5000.0, 1500.0, MONDAY + timedelta(days=1))
    with pytest.raises(FitnessError):
        tell(scene, 5000.0, 400.0, MONDAY)
    tell(scene, 5000.0, 1490.0, MONDAY)
    with pytest.raises(OverrideError, match="known already"):
        tell(scene, 5000.0, 1490.0, MONDAY)


# the easier version


def test_the_easier_version_takes_the_place_of_a_hard_session_and_stays(scene: Scene) -> None:
    scene.sync(0, hour=6)
    (hard,) = scene.sessions(1, 1)
    with scene.world(scene.at(0, 7)) as world:
        (change,) = make_easier(world, hard, scene.at(0, 7)).changes
    assert change.after.distance_m < hard.session.distance_m
    scene.run_session(1, Scenario.PERFECT)
    report = scene.sync(1)
    assert [each.session.session.id for each in report.assessed] == [hard.session.id]
    with scene.world(scene.at(0, 8)) as world, pytest.raises(OverrideError, match="easier version already"):
        make_easier(world, world.store.plan.get(hard.session.id), scene.at(0, 8))


def test_an_easy_run_has_no_easier_version(scene: Scene) -> None:
    scene.sync(0, hour=6)
    easy = next(each for each in scene.sessions() if each.session.kind is SessionKind.EASY)
    with scene.world(scene.at(0, 7)) as world, pytest.raises(OverrideError, match="no easier version"):
        make_easier(world, easy, scene.at(0, 7))


def test_time_off_eases_the_paces_and_they_come_back(scene: Scene) -> None:
    scene.sync(0, hour=6)
    for day in (1, 3, 4, 6):
        if scene.sessions(day, day):
            scene.run_session(day)
        scene.sync(day)
    scene.sync(21, hour=6)
    scene.record(22, "25min @6:20-6:40/km")
    scene.sync(22)
    with scene.world(scene.at(22)) as world:
        (gap,) = breaks_of(conditions_of(world.store), MONDAY + timedelta(days=22))
        eased = zones_in_force(world.store, ZONES, MONDAY + timedelta(days=22))
        later = zones_in_force(world.store, ZONES, MONDAY + timedelta(days=60))
    assert gap.days_off >= 14
    assert eased.vdot < ZONES.vdot
    assert "after time off" in in_km(eased.source)
    assert later.vdot == pytest.approx(ZONES.vdot)


def day_of_five_k(scene: Scene, day: int):
    with scene.world(scene.at(day)) as world:
        (entered,) = [
            result
            for result in results_of(world.store, world.entered, world.today(scene.at(day)))
            if result.origin is ResultOrigin.ENTERED
        ]
        return (entered.day - MONDAY).days


def test_a_5_km_without_a_date_is_of_the_day_it_was_first_read_and_stays_so(scene: Scene) -> None:
    assert day_of_five_k(scene, 3) == 3  # nothing is kept by looking
    scene.sync(5, hour=6)
    assert [day_of_five_k(scene, day) for day in (5, 40, 100)] == [5, 5, 5]
    scene.sync(12)
    assert day_of_five_k(scene, 40) == 5


def test_another_5_km_is_of_the_day_it_was_first_read_and_newer_than_what_was_known(scene: Scene) -> None:
    scene.sync(0, hour=6)
    with scene.world(scene.at(1)) as world:
        enter_result(world, 5000, 1440, MONDAY + timedelta(days=1), scene.at(1))
    scene.sync(2)
    assert day_of_five_k(scene, 10) == 0
    scene.zones = zones_from_result(5000, 1600, as_of=None, source=entered_result(5000.0, "26:40"))
    scene.sync(4)
    assert day_of_five_k(scene, 10) == 4
    with scene.world(scene.at(4)) as world:
        zones = zones_in_force(world.store, world.entered, MONDAY + timedelta(days=4))
    assert round(zones.five_k_s) == 1600


def test_a_result_of_before_the_first_look_outranks_a_5_km_without_a_date(scene: Scene) -> None:
    scene.sync(3, hour=6)
    with scene.world(scene.at(3)) as world:
        enter_result(world, 5000, 1440, MONDAY + timedelta(days=1), scene.at(3))
    assert day_of_five_k(scene, 10) == 0


def test_the_paces_of_a_5_km_without_a_date_grow_wider_with_its_age(scene: Scene) -> None:
    scene.sync(0, hour=6)
    with scene.world(scene.at(0)) as world:
        store, entered = world.store, world.entered
        fresh, old = (
            zones_in_force(store, entered, MONDAY + timedelta(days=day)) for day in (14 * 7, 14 * 7 + 1)
        )
    assert fresh == entered
    assert old.bands["T"].slow_mps < fresh.bands["T"].slow_mps


def test_time_off_shows_in_the_paces_of_a_5_km_without_a_date(scene: Scene) -> None:
    scene.sync(0, hour=6)
    with scene.world(scene.at(0)) as world:
        back = (Break(MONDAY + timedelta(days=40), days_off=40),)
        today = MONDAY + timedelta(days=41)
        results = results_of(world.store, world.entered, today)
        assert return_factor(back, today, max(result.day for result in results)) < 1
