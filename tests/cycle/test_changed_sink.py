"""Workouts go elsewhere from now on: what lies where they went before is taken off, or told."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import pytest

from syncd.connectors.folder import FolderSink
from syncd.cycle.run import run
from syncd.domain.delivery.troubles import DeliveryTrouble
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from tests.support.garmin_scene import GarminScene


@pytest.fixture
def scene(tmp_path) -> Iterator[GarminScene]:
    with GarminStandIn(StandInGarminAccount()).running() as service:
        made = GarminScene(tmp_path, service=service)
        made.sync(0, hour=6)
        yield made


def to_the_folder(scene: GarminScene, day: int, hour: int, *, reachable: bool = True):
    """A sync after [sync] sink was changed."""
    now = scene.at(day, hour)
    with scene.world(now) as world:
        earlier = (world.sink,) if reachable else ()
        return run(replace(world, sink=FolderSink(scene.outbox, "me"), earlier_sinks=earlier), now)


def codes(report) -> list[str]:
    return [remark.code for remark in report.remarks]


def test_what_lies_there_is_taken_off_once_it_went_out_elsewhere(scene):
    ours = next(iter(scene.service.account.workouts.values()))
    foreign = scene.service.account.create_workout(deepcopy(ours) | {"description": "my own"})
    before = len(scene.entries())
    report = to_the_folder(scene, 0, 7)
    assert codes(report) == [DeliveryTrouble.CLEARED_EARLIER]
    assert scene.entries() == {}
    assert list(scene.service.account.workouts) == [str(foreign["workoutId"])]
    assert len(list(scene.outbox.glob("*.fit"))) == before
    assert codes(to_the_folder(scene, 0, 8)) == []


def test_what_cannot_be_reached_is_told_until_its_days_are_over(scene):
    for hour in (7, 8):
        report = to_the_folder(scene, 0, hour, reachable=False)
        assert codes(report) == [DeliveryTrouble.LEFT_ON_EARLIER]
        assert len(report.remarks[0].facts["days"]) == len(scene.entries())
    assert codes(to_the_folder(scene, 12, 7, reachable=False)) == []


def test_what_the_athlete_took_over_there_stays(scene):
    entry = scene.entry_of(1)
    scene.service.account.reschedule(str(entry["id"]), "2026-01-07")
    scene.sync(0, hour=7)
    scene.sync(0, hour=8)
    to_the_folder(scene, 0, 9)
    assert [each["id"] for each in scene.service.account.schedules.values()] == [entry["id"]]
