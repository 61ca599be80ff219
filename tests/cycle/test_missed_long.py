"""A long run not run on Sunday is on the watch for Monday or Tuesday, and goes back when it was run."""

from syncd.domain.session import SessionKind, SessionState
from tests.support.scene import Scene

SUNDAY, MONDAY_AFTER = 6, 7


def long_of_first_week(scene: Scene):
    return next(s for s in scene.sessions(0, 6) if s.session.kind is SessionKind.LONG)


def state_of(scene: Scene, identity: str):
    return next(s for s in scene.sessions(0, 20) if s.session.id == identity)


def until_sunday(scene: Scene):
    """All of the first week but its long run was run."""
    scene.sync(0, hour=6)
    long = long_of_first_week(scene)
    for session in scene.sessions(0, 6):
        day = session.session.day.weekday()
        if session.session.id != long.session.id:
            scene.run_session(day)
            scene.sync(day)
    return long


def test_it_is_on_the_watch_the_next_morning(scene: Scene) -> None:
    long = until_sunday(scene)
    before = [s.session.day for s in scene.sessions(7, 13)]
    report = scene.sync(MONDAY_AFTER, hour=6)
    assert [change.rule for change in report.changes if change.rule == "A6"]
    moved = state_of(scene, long.session.id)
    assert moved.state is SessionState.DUE
    assert (moved.session.day - long.session.day).days in (1, 2)
    assert scene.sync(MONDAY_AFTER, hour=7).quiet
    days = [s.session.day for s in scene.sessions(7, 13) if s.state is SessionState.DUE]
    assert len(days) == len(set(days)) <= len(before) + 1


def test_a_run_that_comes_late_puts_back_what_is_not_near(scene: Scene) -> None:
    long = until_sunday(scene)
    after = scene.sessions(7, 13)
    scene.sync(MONDAY_AFTER, hour=6)
    assert state_of(scene, long.session.id).session.day != long.session.day
    scene.record(SUNDAY, long.resolved, hour=10)
    scene.sync(MONDAY_AFTER, hour=9)
    back = state_of(scene, long.session.id)
    assert (back.state, back.session.day) == (SessionState.DONE, long.session.day)
    near = {s.session.id for s in after if s.session.hard and s.session.day.weekday() == 1}
    for (
        session
    ) in after:  # within 36 hours nothing hard comes sooner: the quality session stays where it slid
        now_at = state_of(scene, session.session.id)
        assert now_at.state is SessionState.DUE
        assert now_at.session.day == session.session.day or session.session.id in near
    assert scene.sync(MONDAY_AFTER, hour=10).quiet


def test_run_on_its_new_day_it_is_done_and_stays_there(scene: Scene) -> None:
    long = until_sunday(scene)
    scene.sync(MONDAY_AFTER, hour=6)
    moved = state_of(scene, long.session.id)
    new_day = MONDAY_AFTER + (moved.session.day - long.session.day).days - 1
    scene.record(new_day, moved.resolved, hour=18)
    scene.sync(new_day, hour=20)
    done = state_of(scene, long.session.id)
    assert (done.state, done.session.day) == (SessionState.DONE, moved.session.day)
    assert scene.sync(new_day, hour=21).quiet
