"""A session recorded as warm-up, main part and cool-down: one score, on the main part."""

from datetime import timedelta

import pytest

from syncd.cycle.rescoring import rescore
from syncd.domain.notation import format_workout, parse_workout
from syncd.domain.session import SessionState
from syncd.domain.units import KILOMETRES
from syncd.domain.workout import Workout
from syncd.report.score_reasons import attribution_text
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.support.scene import MONDAY, ZONES, Scene


def record(scene: Scene, day: int, minute: int, workout: Workout) -> None:
    start = scene.at(day, 16) + timedelta(minutes=minute)
    content = write_activity(
        simulate(workout, Runner(vdot=ZONES.vdot), Scenario.PERFECT, seed=day),
        start=start,
        utc_offset=start.utcoffset() or timedelta(0),
    )
    (scene.inbox / f"{start:%Y-%m-%d-%H%M}.fit").write_bytes(content)


def parts_of_first_hard(scene: Scene) -> tuple[int, list[Workout]]:
    scene.sync(0, hour=6)
    hard = next(each for each in scene.sessions() if each.session.hard)
    steps = hard.resolved.steps
    parts = [Workout(steps[:1]), Workout(steps[1:-1]), Workout(steps[-1:])]
    return (hard.session.day - MONDAY).days, [parse_workout(format_workout(part)) for part in parts]


def test_three_files_are_one_session_scored_on_the_main_part(scene: Scene) -> None:
    day, (warm_up, main, cool_down) = parts_of_first_hard(scene)
    for minute, part in ((0, warm_up), (30, main), (75, cool_down)):
        record(scene, day, minute, part)
    report = scene.sync(day)
    by_start = sorted(report.assessed, key=lambda each: each.activity.start)
    assert [each.stored.method for each in by_start] == ["joined", "shape", "joined"]
    assert [each.stored.score is None for each in by_start] == [True, False, True]
    (session,) = scene.sessions(day, day)
    assert (session.state, session.activity_id) == (SessionState.DONE, by_start[1].activity.id)
    told = by_start[0].stored
    assert told.part_of == by_start[1].activity.id
    assert attribution_text(told.attribution.why, KILOMETRES) == f"part of {session.session.title}"
    assert scene.sync(day, hour=21).assessed == ()


@pytest.mark.parametrize("first", [0, 1, 2])
def test_files_that_arrive_in_different_cycles_are_joined_too(scene: Scene, first: int) -> None:
    day, parts = parts_of_first_hard(scene)
    starts = (0, 30, 75)
    record(scene, day, starts[first], parts[first])
    scene.sync(day, hour=19)
    for place in {0, 1, 2} - {first}:
        record(scene, day, starts[place], parts[place])
    scene.sync(day)
    with scene.world(scene.at(day)) as world:
        runs = sorted(world.store.activities.newest(3), key=lambda run: run.start)
        newest = [world.store.scores.newest_of(run.id) for run in runs]
    assert [each and each.method for each in newest] == ["joined", "shape", "joined"]
    assert scene.sessions(day, day)[0].activity_id == runs[1].id


def test_scoring_again_keeps_the_parts_together(scene: Scene) -> None:
    day, parts = parts_of_first_hard(scene)
    for minute, part in zip((0, 30, 75), parts, strict=True):
        record(scene, day, minute, part)
    scene.sync(day)
    with scene.world(scene.at(day)) as world:
        (done,) = rescore(world, scene.at(day, 22), every=True)
    assert done.now.score == done.before.score


def test_parts_further_apart_than_half_an_hour_stay_runs_of_their_own(scene: Scene) -> None:
    day, (warm_up, _, cool_down) = parts_of_first_hard(scene)
    record(scene, day, 0, warm_up)
    record(scene, day, 100, cool_down)
    assert [each.stored.method for each in scene.sync(day).assessed] == ["unplanned", "unplanned"]


def test_a_run_that_the_watch_names_takes_the_session_from_all_parts(scene: Scene) -> None:
    day, parts = parts_of_first_hard(scene)
    for minute, part in zip((0, 30, 75), parts, strict=True):
        record(scene, day, minute, part)
    scene.sync(day)
    scene.record(day, scene.sessions(day, day)[0].resolved, hour=20)
    scene.sync(day, hour=23)
    with scene.world(scene.at(day, 23)) as world:
        runs = sorted(world.store.activities.newest(4), key=lambda run: run.start)
        newest = [world.store.scores.newest_of(run.id) for run in runs]
    assert [each and each.method for each in newest] == ["unplanned", "unplanned", "unplanned", "exact"]
