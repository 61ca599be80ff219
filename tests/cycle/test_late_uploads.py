"""Who uploads once a week has not missed the runs of that week; who uploads at once is not waited for."""

from datetime import timedelta

from syncd.cycle.lateness import late_days
from syncd.domain.workout import Workout
from tests.support.scene import MONDAY, Scene

SUNDAYS = (6, 13, 20)


def lived(
    scene: Scene, days: range, *, uploads: tuple[int, ...] = (), syncs: tuple[int, ...] = ()
) -> list[str]:
    """Everything is run as planned and uploaded on those days (none: at once), with a sync each evening or on
    those days. The rules that said something meanwhile."""
    waiting: list[tuple[int, Workout]] = []
    rules: list[str] = []
    for day in days:
        waiting += [(day, session.resolved) for session in scene.sessions(day, day)]
        if not uploads or day in uploads:
            for ran_on, workout in waiting:
                scene.record(ran_on, workout)
            waiting = []
        if not syncs or day in syncs:
            rules += [change.rule for change in scene.sync(day).changes]
    return rules


def usual(scene: Scene, day: int) -> int:
    today = MONDAY + timedelta(days=day)
    with scene.world(scene.at(day)) as world:
        sessions = world.store.plan.between(today - timedelta(days=60), today)
        return late_days(world, today, sessions)


def test_who_uploads_on_sundays_is_waited_for_once_that_is_known(scene: Scene) -> None:
    scene.sync(0, hour=6)
    lived(scene, range(14), uploads=SUNDAYS)
    assert usual(scene, 13) == 4  # Saturday's sync knows nothing of Tuesday
    later = lived(scene, range(14, 21), uploads=SUNDAYS)
    assert not {"A4", "A5", "A6", "A7"} & set(later)


def test_who_uploads_at_once_is_never_waited_for(scene: Scene) -> None:
    scene.sync(0, hour=6)
    lived(scene, range(9))
    assert usual(scene, 8) == 0


def test_who_uploads_at_once_and_syncs_on_sundays_is_not_waited_for(scene: Scene) -> None:
    scene.sync(0, hour=6)
    lived(scene, range(14), syncs=SUNDAYS)
    assert usual(scene, 13) == 0
