"""Runs put right by the athlete: load, session, score and results follow, and so does the way back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syncd.cycle.assessment import assess
from syncd.cycle.corrections import correct, take_back
from syncd.cycle.rescoring import rescore
from syncd.cycle.results import record_results
from syncd.domain.corrections import Correction, CorrectionKind
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.session import SessionState
from syncd.store.activities import ActivitySummary
from tests.support.scene import MONDAY, Scene
from tests.support.tracks import gpx, moved, steady

RIDE_MPS = 7.0


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    scene = Scene(tmp_path)
    scene.sync(0, hour=6)
    return scene


def newest(scene: Scene) -> ActivitySummary:
    with scene.world(scene.at(30)) as world:
        return max(
            world.store.activities.summaries(MONDAY, MONDAY + timedelta(days=30)), key=lambda run: run.id
        )


def put(scene: Scene, run_id: int, kind: CorrectionKind, day: int, **value: Any) -> None:
    word: Mapping[str, Any] = value
    with scene.world(scene.at(day)) as world:
        correct(world, [Correction(run_id, kind, scene.at(day), word)], scene.at(day))
        assess(world, scene.at(day))


def take(scene: Scene, run_id: int, day: int) -> int:
    with scene.world(scene.at(day)) as world:
        count = take_back(world, run_id, scene.at(day))
        assess(world, scene.at(day))
        return count


def load_m(scene: Scene) -> float:
    with scene.world(scene.at(30)) as world:
        runs = world.store.activities.runs_between(MONDAY, MONDAY + timedelta(days=30))
        return sum(run.distance_m or 0.0 for run in runs)


def state(scene: Scene, day: int) -> SessionState:
    return scene.sessions(day, day)[0].state


def score(scene: Scene, run_id: int) -> int | None:
    with scene.world(scene.at(30)) as world:
        stored = world.store.scores.newest_of(run_id)
        return stored and stored.score


def ride(scene: Scene, day: int, *, minutes: int = 60, at_minute: int = 0) -> Path:
    """A ride that nobody gave a type, as GPX."""
    points = moved(steady(minutes * 60, RIDE_MPS, hr=None), at_minute * 60)
    path = scene.inbox / f"ride-{day}.gpx"
    path.write_bytes(gpx(points, kind="", start=scene.at(day, 17)))
    os.utime(path, (1, 1))
    return path


def test_an_ignored_run_counts_nowhere_and_its_session_is_open_again(scene: Scene) -> None:
    scene.run_session(1)
    scene.sync(1)
    run = newest(scene)
    before = (load_m(scene), score(scene, run.id))
    put(scene, run.id, CorrectionKind.IGNORE, 1)
    assert (load_m(scene), state(scene, 1)) == (0, SessionState.DUE)
    scene.sync(1, hour=21)
    assert state(scene, 1) is SessionState.DUE
    assert take(scene, run.id, 1) == 1
    assert (load_m(scene), score(scene, run.id)) == before
    assert state(scene, 1) is SessionState.DONE


def test_another_distance_is_the_load_and_the_score_follows(scene: Scene) -> None:
    scene.run_session(1)
    scene.sync(1)
    run = newest(scene)
    before = score(scene, run.id)
    put(scene, run.id, CorrectionKind.DISTANCE, 1, metres=run.distance_m * 0.6)
    assert load_m(scene) == pytest.approx(run.distance_m * 0.6)
    assert score(scene, run.id) < before
    assert state(scene, 1) is SessionState.DONE
    take(scene, run.id, 1)
    assert (load_m(scene), score(scene, run.id)) == (run.distance_m, before)


def test_a_correction_outlives_scoring_again_and_the_same_file_again(scene: Scene) -> None:
    path = scene.run_session(1)
    scene.sync(1)
    run = newest(scene)
    put(scene, run.id, CorrectionKind.DISTANCE, 1, metres=2000.0)
    now = score(scene, run.id)
    with scene.world(scene.at(2)) as world:
        rescore(world, scene.at(2), every=True)
    (scene.inbox / "the-same-again.fit").write_bytes(path.read_bytes())
    os.utime(path, (5, 5))
    scene.sync(2)
    assert (load_m(scene), score(scene, run.id)) == (2000, now)


def test_a_run_that_was_moved_to_another_day_is_that_days(scene: Scene) -> None:
    scene.run_session(1)
    scene.sync(1)
    run = newest(scene)
    put(scene, run.id, CorrectionKind.START, 1, at=scene.at(0, 12).isoformat())
    assert newest(scene).day == MONDAY
    take(scene, run.id, 1)
    assert newest(scene).day == run.day


def test_a_ride_without_a_type_counts_nowhere_until_it_is_said_to_be_a_run(scene: Scene) -> None:
    ride(scene, 1)
    report = scene.sync(1)
    assert [arrived.outcome.value for arrived in report.arrived] == ["doubtful"]
    run = newest(scene)
    assert run.withdrawn.code == WithdrawalCause.DOUBTFUL
    assert (load_m(scene), report.assessed) == (0, ())
    assert scene.sync(1, hour=21).arrived == ()
    put(scene, run.id, CorrectionKind.SPORT, 1, sport="running")
    assert load_m(scene) == pytest.approx(60 * 60 * RIDE_MPS, rel=0.01)
    take(scene, run.id, 1)
    assert newest(scene).withdrawn.code == WithdrawalCause.DOUBTFUL
    assert load_m(scene) == 0


def test_a_doubtful_recording_hides_no_run_inside_it(scene: Scene) -> None:
    scene.run_session(1)
    ride(scene, 1, minutes=180)
    scene.sync(1)
    assert state(scene, 1) is SessionState.DONE
    assert load_m(scene) > 0


@pytest.mark.parametrize("word", [{"sport": "cycling"}, None], ids=["ride", "ignored"])
def test_what_covers_a_run_gives_it_back_when_it_is_none(scene: Scene, word: dict[str, str] | None) -> None:
    scene.run_session(1)
    scene.sync(1)
    run = newest(scene)
    before = (load_m(scene), score(scene, run.id))
    ride(scene, 1, minutes=180)
    scene.sync(1, hour=21)
    whole = newest(scene)
    put(scene, whole.id, CorrectionKind.SPORT, 1, sport="running")
    assert load_m(scene) == pytest.approx(180 * 60 * RIDE_MPS, rel=0.01)
    kind = CorrectionKind.IGNORE if word is None else CorrectionKind.SPORT
    put(scene, whole.id, kind, 1, **(word or {}))
    assert (load_m(scene), score(scene, run.id)) == before


def test_a_test_that_was_no_run_is_no_result(scene: Scene) -> None:
    scene.record(1, "5km @4:30-4:40/km")
    scene.sync(1)
    run = newest(scene)
    put(scene, run.id, CorrectionKind.IGNORE, 1)
    with scene.world(scene.at(2)) as world:
        record_results(world, scene.at(2))
        in_force = world.store.results.in_force()
    assert all(result.activity_id != run.id for result in in_force)


def test_taking_back_nothing_changes_nothing(scene: Scene) -> None:
    scene.run_session(1)
    scene.sync(1)
    assert take(scene, newest(scene).id, 1) == 0
    assert state(scene, 1) is SessionState.DONE
