"""A race in the place of a hard session: a measurement, neither scored nor missed (A18)."""

from syncd.cycle.rescoring import match
from syncd.domain.delivery.actions import Remove, session_of
from syncd.domain.session import SessionState
from syncd.report.history import day_answer
from syncd.report.reader import Reader
from syncd.sandbox.scenario import Scenario
from syncd.store.plan import CommittedSession
from tests.support.said import in_km
from tests.support.scene import MONDAY, Scene

RACE = "10min E + 25min @4:40-4:50/km + 5min E"


def hard_session(scene: Scene) -> tuple[int, CommittedSession]:
    """The first one, and its day, with everything before it on the watch."""
    scene.sync(0, hour=6)
    first = next(each for each in scene.sessions() if each.session.hard)
    return (first.session.day - MONDAY).days, first


def test_a_race_on_a_hard_day_is_a_measurement_and_no_score(scene: Scene) -> None:
    day, session = hard_session(scene)
    scene.record(day, RACE)
    (assessed,) = scene.sync(day).assessed
    stored = assessed.stored
    assert (stored.method, stored.score, stored.judgement.notation) == ("replaced", None, None)
    assert stored.session_id == session.session.id


def test_the_session_is_dropped_with_a_reason_and_leaves_the_watch(scene: Scene) -> None:
    day, session = hard_session(scene)
    scene.record(day, RACE)
    report = scene.sync(day)
    (kept,) = scene.sessions(day, day)
    assert (kept.state, kept.activity_id) == (SessionState.DROPPED, None)
    assert [session_of(a) for a in report.actions if isinstance(a, Remove)] == [session.session.id]
    with scene.world(scene.at(day)) as world:
        (change,) = world.store.changes.of_session(session.session.id)
        assert (change.rule, change.after) == ("A18", None)
        assert "was a race, or as good as one, in place of" in in_km(change.reason)
        story = day_answer(world, Reader(), session.session.day)
        assert story is not None
        assert "rule A18" in str(story.sheet)


def test_the_change_that_the_look_tells_of_has_its_number(scene: Scene) -> None:
    day, session = hard_session(scene)
    scene.record(day, RACE)
    told = scene.sync(day).changes
    with scene.world(scene.at(day)) as world:
        (kept,) = world.store.changes.of_session(session.session.id)
    assert [change.id for change in told if change.rule == "A18" and change.before] == [kept.id]


def test_it_is_never_missed_and_changes_no_level(scene: Scene) -> None:
    day, session = hard_session(scene)
    scene.record(day, RACE)
    scene.sync(day)
    later = scene.sync(day + 3, hour=6)
    assert session.session.id not in [each.session.id for each in later.missed]
    assert [change.rule for change in later.changes if change.rule in {"A8", "A9", "A10"}] == []


def test_the_same_cycle_again_changes_nothing(scene: Scene) -> None:
    day, _ = hard_session(scene)
    scene.record(day, RACE)
    scene.sync(day)
    again = scene.sync(day, hour=21)
    assert (again.assessed, again.changes, again.actions) == ((), (), ())


def test_the_session_run_by_the_watch_later_that_day_is_done_after_all(scene: Scene) -> None:
    day, session = hard_session(scene)
    scene.record(day, RACE, hour=9)
    scene.sync(day, hour=12)
    scene.record(day, session.resolved, hour=18)
    (assessed,) = scene.sync(day).assessed
    assert assessed.stored.method == "exact"
    assert scene.sessions(day, day)[0].state is SessionState.DONE


def test_an_easy_run_on_a_hard_day_replaces_nothing(scene: Scene) -> None:
    day, _ = hard_session(scene)
    scene.record(day, "40min E", Scenario.IGNORED)
    scene.sync(day)
    assert scene.sessions(day, day)[0].state is SessionState.DUE


def test_a_race_that_is_matched_to_another_session_gives_back_the_one_it_stood_for(scene: Scene) -> None:
    day, session = hard_session(scene)
    scene.record(day, RACE)
    (assessed,) = scene.sync(day).assessed
    other = next(known for known in scene.sessions(day + 1, day + 6) if known.state is SessionState.DUE)
    with scene.world(scene.at(day, 21)) as world:
        assert match(world, assessed.activity.id, other.session.id, scene.at(day, 21)) is not None
        (change,) = world.store.changes.of_session(session.session.id)
        assert change.withdrawn_at is not None
    assert scene.sessions(day, day)[0].state is SessionState.DUE
