"""A state of an earlier version with a watch on Garmin Connect goes on: no writes, and the same plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.scenario import Scenario
from tests.support.garmin_scene import BothEndsScene
from tests.support.older_states import (
    as_of_0_3_0,
    as_of_0_4_0,
    as_of_0_5_0,
    as_of_0_6_0,
    as_of_0_7_0,
    without_nonces,
)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[BothEndsScene]:
    """Nine days lived: every session run, one of them on a treadmill."""
    with GarminStandIn(StandInGarminAccount()).running() as service:
        scene = BothEndsScene(tmp_path, service=service)
        for day in range(9):
            scene.sync(day, hour=6)
            if scene.sessions(day, day):
                scene.upload(day, scenario=Scenario.TREADMILL if day == 3 else Scenario.PERFECT)
            scene.sync(day, hour=20)
        yield scene


def state_of(scene: BothEndsScene) -> tuple[object, ...]:
    with scene.world(scene.at(9)) as world:
        runs = world.store.activities.newest(99)
        scores = [world.store.scores.newest_of(run.id) for run in runs]
    plan = [(session.session, session.state) for session in scene.sessions(0, 30)]
    return (runs, [stored and (stored.score, stored.session_id) for stored in scores], plan)


@pytest.mark.parametrize("older", [as_of_0_3_0, as_of_0_4_0, as_of_0_5_0, as_of_0_6_0, as_of_0_7_0])
def test_an_upgrade_writes_nothing_to_the_service_and_changes_no_plan(
    scene: BothEndsScene, older: Callable[[Path], None]
) -> None:
    before, entries = state_of(scene), scene.entries()
    older(scene.state / "syncd.db")
    if older in (as_of_0_3_0, as_of_0_4_0):
        without_nonces(scene.service.account, scene.folder / "garmin" / "workouts.json")
    scene.service.requests.clear()
    for hour in (21, 22):
        report = scene.sync(8, hour=hour)
        assert (report.actions, report.changes, report.problems, report.arrived) == ((), (), (), ())
    assert scene.writes() == []
    assert (state_of(scene), scene.entries()) == (before, entries)


def test_the_next_day_all_details_are_read_again_and_correct_nothing(scene: BothEndsScene) -> None:
    as_of_0_3_0(scene.state / "syncd.db")
    report = scene.sync(9, hour=21)
    assert [remark for remark in report.remarks if "corrected" in str(remark)] == []
    with scene.world(scene.at(9)) as world:
        runs = world.store.activities.newest(99)
        assert all(world.store.corrections.of_activity(run.id) == () for run in runs)
