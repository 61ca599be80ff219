"""Which run was which session: late, twice, swapped, in two files, or somebody else's workout."""

from datetime import timedelta
from itertools import permutations

import pytest

from syncd.cycle import fitting
from syncd.cycle.near_misses import question_key
from syncd.cycle.rescoring import match
from syncd.domain.notation import format_workout, parse_workout
from syncd.domain.questions import Answer, AnsweredBy
from syncd.domain.session import SessionState
from syncd.domain.workout import Workout
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from syncd.store.plan import CommittedSession
from tests.support.scene import MONDAY, ZONES, Scene

CLUB = "15min E + 4x(5min @4:50-5:10/km + 2min jog) + 10min E"


def record(
    scene: Scene, day: int, workout: Workout | str, *, hour: int = 18, minute: int = 0, seed: int = 1
) -> None:
    """A file of what was run then; without a workout that is ours it is told by name and content."""
    planned = parse_workout(workout) if isinstance(workout, str) else workout
    start = scene.at(day, hour) + timedelta(minutes=minute)
    content = write_activity(
        simulate(planned, Runner(vdot=ZONES.vdot), Scenario.PERFECT, seed=seed),
        start=start,
        utc_offset=start.utcoffset() or timedelta(0),
    )
    (scene.inbox / f"{start:%Y-%m-%d-%H%M}.fit").write_bytes(content)


def on(scene: Scene, day: int) -> CommittedSession:
    (session,) = scene.sessions(day, day)
    return session


def planned_days(scene: Scene) -> list[int]:
    """The days of the first week's sessions; the first is hard, the last is the long run."""
    scene.sync(0, hour=6)
    return [(known.session.day - MONDAY).days for known in scene.sessions(0, 6)]


def answers(scene: Scene, now: int = 9) -> dict[str, tuple[str, str | None]]:
    """What each run was, by its start."""
    with scene.world(scene.at(now)) as world:
        return {
            f"{run.start:%d %H}": (stored.method.value, stored.session_id)
            for run in reversed(world.store.activities.newest(20))
            if (stored := world.store.scores.newest_of(run.id)) is not None
        }


def written(scene: Scene) -> dict[str, list[dict]]:
    """Every row that an assignment can write."""
    with scene.world(scene.at(9)) as world:
        tables = dict(world.store.tables())
    return {name: tables[name] for name in ("scores", "sessions", "changes", "fits", "questions")}


def test_a_clubs_workout_on_the_day_of_the_long_run_is_not_the_long_run(scene: Scene) -> None:
    *_, long_day = planned_days(scene)
    record(scene, long_day, CLUB)
    (assessed,) = scene.sync(long_day).assessed
    assert (assessed.stored.method, assessed.session) == ("unplanned", None)
    assert on(scene, long_day).state is SessionState.DUE


def test_our_own_workout_once_more_is_extra_and_the_long_run_stays(scene: Scene) -> None:
    hard_day, *_, long_day = planned_days(scene)
    hard = on(scene, hard_day)
    record(scene, hard_day, hard.resolved)
    scene.sync(hard_day)
    record(scene, long_day - 1, hard.resolved, seed=5)
    (again,) = scene.sync(long_day - 1).assessed
    assert (again.stored.method, again.session) == ("unplanned", None)
    assert on(scene, long_day).state is SessionState.DUE


@pytest.mark.parametrize("apart", [True, False])
def test_the_long_run_is_the_evenings_and_not_the_mornings_jog(scene: Scene, apart: bool) -> None:
    *_, long_day = planned_days(scene)
    long_run = on(scene, long_day)
    metres = long_run.session.distance_m
    record(scene, long_day, f"{metres * 0.8:.0f}m E", hour=8)
    if apart:
        scene.sync(long_day, hour=12)
    record(scene, long_day, long_run.resolved, hour=18, seed=3)
    scene.sync(long_day)
    with scene.world(scene.at(long_day)) as world:
        run = world.store.activities.get(on(scene, long_day).activity_id)
    assert run.start.hour == 18


def test_a_short_jog_is_never_the_long_run(scene: Scene) -> None:
    *_, long_day = planned_days(scene)
    metres = on(scene, long_day).session.distance_m
    record(scene, long_day, f"{metres * 0.6:.0f}m E")
    scene.sync(long_day)
    assert on(scene, long_day).state is SessionState.DUE


def test_a_week_that_comes_late_is_found_done_whatever_was_called_missed(scene: Scene) -> None:
    days = planned_days(scene)
    planned = {day: on(scene, day) for day in days}
    scene.sync(8)
    with scene.world(scene.at(8)) as world:
        assert all(
            world.store.plan.get(known.session.id).state is SessionState.MISSED for known in planned.values()
        )
    for day, known in planned.items():
        record(scene, day, known.resolved, seed=day)
    scene.sync(9)
    with scene.world(scene.at(9)) as world:
        states = {world.store.plan.get(known.session.id).state for known in planned.values()}
    assert states == {SessionState.DONE}


def test_two_sessions_that_were_swapped_are_both_done(scene: Scene) -> None:
    hard_day, easy_day, *_ = planned_days(scene)
    hard, easy = on(scene, hard_day), on(scene, easy_day)
    record(scene, hard_day, easy.resolved)
    scene.sync(hard_day)
    record(scene, easy_day, hard.resolved)
    scene.sync(easy_day)
    with scene.world(scene.at(easy_day)) as world:
        for known in (hard, easy):
            assert world.store.plan.get(known.session.id).state is SessionState.DONE


@pytest.mark.parametrize("order", permutations(range(3)), ids=str)
def test_runs_that_arrive_in_any_order_are_the_same_sessions(scene: Scene, order: tuple[int, ...]) -> None:
    hard_day, easy_day, *_ = planned_days(scene)
    hard, easy = on(scene, hard_day), on(scene, easy_day)
    files = [
        lambda: record(scene, hard_day, easy.resolved, hour=7),
        lambda: record(scene, hard_day, hard.resolved, hour=18, seed=2),
        lambda: record(scene, easy_day, "3km E", hour=18, seed=3),
    ]
    for hour, place in enumerate(order, start=10):
        files[place]()
        scene.sync(easy_day + 1, hour=hour)
    found = answers(scene, easy_day + 1)
    day = MONDAY + timedelta(days=hard_day)
    assert found[f"{day:%d} 18"] == ("exact", hard.session.id)
    assert found[f"{day:%d} 07"] == ("exact", easy.session.id)
    assert [identity for _, identity in found.values()].count(easy.session.id) == 1


@pytest.mark.parametrize("with_workout", [0, 1])
def test_a_crash_in_the_middle_and_forty_minutes_of_coffee_are_one_session(
    scene: Scene, with_workout: int
) -> None:
    hard_day, *_ = planned_days(scene)
    hard = on(scene, hard_day)
    steps = hard.resolved.steps
    halves = [Workout(steps[:1]), Workout(steps[1:])]
    halves = [parse_workout(format_workout(half)) for half in halves]
    record(scene, hard_day, halves[0], hour=17)
    record(scene, hard_day, halves[1], hour=17, minute=55, seed=2)
    scene.sync(hard_day)
    assert sorted(method for method, _ in answers(scene, hard_day).values()) in (
        ["joined", "shape"],
        ["exact", "joined"],
    )
    assert on(scene, hard_day).state is SessionState.DONE
    assert with_workout in (0, 1)


def test_a_second_sync_writes_nothing_and_reads_no_recording(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hard_day, easy_day, *_ = planned_days(scene)
    record(scene, hard_day, on(scene, hard_day).resolved)
    record(scene, hard_day, CLUB, hour=8, seed=2)
    record(scene, easy_day, "3km E", seed=3)
    scene.sync(easy_day)
    before = written(scene)

    def unexpected(*_: object) -> None:
        raise AssertionError("a recording is read again")

    monkeypatch.setattr(fitting, "whole_activity", unexpected)
    assert scene.sync(easy_day, hour=21).assessed == ()
    after = written(scene)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


def test_five_runs_on_a_day_are_one_session_and_four_loads(scene: Scene) -> None:
    hard_day, *_ = planned_days(scene)
    hard = on(scene, hard_day)
    for hour in (6, 9, 12, 15):
        record(scene, hard_day, CLUB if hour % 2 else "1km E", hour=hour, seed=hour)
    record(scene, hard_day, hard.resolved, hour=18)
    scene.sync(hard_day)
    found = answers(scene, hard_day)
    assert [identity for _, identity in found.values()].count(hard.session.id) == 1
    assert list(found.values())[-1] == ("exact", hard.session.id)


def test_a_run_that_is_matched_to_two_sessions_is_the_last_one_and_stays_it(scene: Scene) -> None:
    hard_day, easy_day, *_ = planned_days(scene)
    hard, easy = on(scene, hard_day), on(scene, easy_day)
    record(scene, hard_day, hard.resolved)
    scene.sync(hard_day)
    with scene.world(scene.at(hard_day)) as world:
        (run,) = world.store.activities.newest(1)
        match(world, run.id, hard.session.id, scene.at(hard_day))
        match(world, run.id, easy.session.id, scene.at(hard_day))
    scene.sync(hard_day, hour=21)
    assert (on(scene, easy_day).state, on(scene, easy_day).activity_id) == (SessionState.DONE, run.id)
    with scene.world(scene.at(hard_day)) as world:
        assert world.store.plan.get(hard.session.id).state is SessionState.DUE


def third_of(hard: CommittedSession) -> str:
    """The session broken off after its first repetition, with no workout of ours."""
    text = format_workout(hard.resolved)
    assert "3x" in text
    return text.replace("3x", "1x")


def test_nearly_the_hard_session_is_asked_about_once_and_yes_is_a_match(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    from syncd.domain.scoring import run_assignment

    hard_day, *_ = planned_days(scene)
    hard = on(scene, hard_day)
    monkeypatch.setattr(run_assignment.c, "SHAPE_FLOOR", 0.99)
    monkeypatch.setattr("syncd.cycle.near_misses.SHAPE_FLOOR", 0.99)
    record(scene, hard_day, Workout(hard.resolved.steps[1:]), seed=4)
    scene.sync(hard_day)
    with scene.world(scene.at(hard_day)) as world:
        (question,) = world.store.questions.open()
        assert question.key == question_key(question.activity_id, hard.session.id)
        world.store.questions.settle(question.id, Answer.YES, AnsweredBy.ATHLETE, scene.at(hard_day))
    scene.sync(hard_day, hour=21)
    assert on(scene, hard_day).activity_id == question.activity_id
    assert list(answers(scene, hard_day).values()) == [("manual", hard.session.id)]
    assert scene.sync(hard_day, hour=22).quiet
