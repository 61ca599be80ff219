"""A run that counts no more gives back everything that it held: its session, and its neighbours."""

from datetime import timedelta

from syncd.cycle.withdrawing import withdraw
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState
from syncd.sandbox.scenario import Scenario
from tests.cycle.test_joined import parts_of_first_hard, record
from tests.cycle.test_replaced import RACE, hard_session
from tests.support.scene import MONDAY, Scene


def run_at(scene: Scene, day: int, place: int) -> int:
    """The id of the run that began first, second, ... on that day."""
    with scene.world(scene.at(day)) as world:
        when = MONDAY + timedelta(days=day)
        return world.store.activities.summaries(when, when)[place].id


def withdrawn(scene: Scene, day: int, activity_id: int) -> None:
    with scene.world(scene.at(day)) as world:
        withdraw(world, activity_id, Reason(WithdrawalCause.DELETED), scene.at(day))


def holder(scene: Scene, day: int) -> int | None:
    (session,) = scene.sessions(day, day)
    assert (session.state is SessionState.DONE) == (session.activity_id is not None)
    return session.activity_id


def test_the_other_recording_of_a_session_has_it_when_the_first_is_deleted(scene: Scene) -> None:
    scene.sync(0, hour=6)
    (session,) = scene.sessions(1, 1)
    scene.record(1, session.resolved, hour=17)
    scene.sync(1, hour=19)
    first = holder(scene, 1)
    scene.record(1, session.resolved, hour=18)
    scene.sync(1, hour=20)
    assert holder(scene, 1) == first is not None
    withdrawn(scene, 1, first)
    (again,) = scene.sync(1, hour=21).assessed
    assert holder(scene, 1) == again.activity.id != first
    assert again.stored.method == "exact"


def test_an_unplanned_run_of_that_day_stays_load(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.run_session(1)
    scene.record(1, "15min @8:00-9:00/km", Scenario.IGNORED, hour=7)
    scene.sync(1)
    withdrawn(scene, 1, run_at(scene, 1, 1))
    (again,) = scene.sync(1, hour=21).assessed
    assert (again.stored.method, again.stored.session_id) == ("unplanned", None)
    assert scene.sessions(1, 1)[0].state is SessionState.DUE
    assert scene.sync(1, hour=22).assessed == ()


def test_the_session_that_a_measurement_replaced_is_due_again(scene: Scene) -> None:
    day, session = hard_session(scene)
    scene.record(day, RACE)
    scene.sync(day)
    assert scene.sessions(day, day)[0].state is SessionState.DROPPED
    withdrawn(scene, day, run_at(scene, day, 0))
    scene.sync(day, hour=21)
    assert scene.sessions(day, day)[0].state is SessionState.DUE
    with scene.world(scene.at(day)) as world:
        (change,) = world.store.changes.of_session(session.session.id)
        assert (change.rule, change.withdrawn_at) == ("A18", scene.at(day))
    missed = scene.sync(day + 3, hour=6).missed
    assert session.session.id in [each.session.id for each in missed]


def test_without_its_warm_up_the_main_part_is_judged_anew(scene: Scene) -> None:
    day, parts = parts_of_first_hard(scene)
    for minute, part in zip((0, 30, 75), parts, strict=True):
        record(scene, day, minute, part)
    scene.sync(day)
    main = holder(scene, day)
    with scene.world(scene.at(day)) as world:
        before = world.store.scores.newest_of(main)
    withdrawn(scene, day, run_at(scene, day, 0))
    assessed = {each.activity.id for each in scene.sync(day, hour=22).assessed}
    assert assessed == {main, run_at(scene, day, 2)}
    with scene.world(scene.at(day)) as world:
        after = world.store.scores.newest_of(main)
    assert after.id != before.id
    assert after.judgement != before.judgement


def test_without_its_main_part_the_rest_is_load(scene: Scene) -> None:
    day, parts = parts_of_first_hard(scene)
    for minute, part in zip((0, 30, 75), parts, strict=True):
        record(scene, day, minute, part)
    scene.sync(day)
    withdrawn(scene, day, holder(scene, day))
    report = scene.sync(day, hour=22)
    assert [(each.session, each.stored.method) for each in report.assessed] == [(None, "unplanned")] * 2
    assert scene.sessions(day, day)[0].state is SessionState.DUE


def test_a_run_that_counts_again_has_its_session_again(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.run_session(1)
    scene.sync(1)
    run = holder(scene, 1)
    withdrawn(scene, 1, run)
    scene.sync(1, hour=21)
    assert holder(scene, 1) is None
    with scene.world(scene.at(1)) as world:
        world.store.activities.restore(run)
    scene.sync(1, hour=22)
    assert holder(scene, 1) == run
