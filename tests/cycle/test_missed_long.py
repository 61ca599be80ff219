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


def test_a_run_that_comes_late_puts_everything_back(scene: Scene) -> None:
    long = until_sunday(scene)
    after = scene.sessions(7, 13)
    scene.sync(MONDAY_AFTER, hour=6)
    assert state_of(scene, long.session.id).session.day != long.session.day
    scene.record(SUNDAY, long.resolved, hour=10)
    report = scene.sync(MONDAY_AFTER, hour=9)
    back = state_of(scene, long.session.id)
    assert (back.state, back.session.day) == (SessionState.DONE, long.session.day)
    assert {change.reason.facts["fact"]["code"] for change in report.changes} == {"run_after_all"}
    for session in after:  # the quality session that slid too, the day before it is run
        now_at = state_of(scene, session.session.id)
        assert (now_at.state, now_at.session.day) == (SessionState.DUE, session.session.day)
    assert scene.sync(MONDAY_AFTER, hour=10).quiet


def test_a_run_that_comes_too_late_for_that_leaves_the_quality_session_where_it_slid(scene: Scene) -> None:
    long = until_sunday(scene)
    hard = next(s.session for s in scene.sessions(7, 13) if s.session.hard)
    scene.sync(MONDAY_AFTER, hour=6)
    slid = state_of(scene, hard.id).session
    scene.record(SUNDAY, long.resolved, hour=10)
    report = scene.sync(MONDAY_AFTER + 2, hour=9)
    assert state_of(scene, long.session.id).state is SessionState.DONE
    assert (state_of(scene, hard.id).state, state_of(scene, hard.id).session) == (SessionState.DUE, slid)
    told = {change.reason.facts["why"] for change in report.changes if change.reason.code == "stays_easier"}
    assert told == {"over"}
    days = [s.session.day for s in scene.sessions(9, 13) if s.state is SessionState.DUE]
    assert len(days) == len(set(days))
    assert scene.sync(MONDAY_AFTER + 2, hour=10).quiet


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
