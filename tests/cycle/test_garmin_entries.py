"""Runs without a recording on Garmin Connect: what is told of them may be told differently later."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from syncd.domain.athlete import PastRun
from syncd.domain.session import SessionState
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.store.errors import StoreError
from tests.support.garmin_scene import RunsScene
from tests.support.remarks import remarks_of
from tests.support.scene import MONDAY


@pytest.fixture
def scene(tmp_path) -> Iterator[RunsScene]:
    with GarminStandIn(StandInGarminAccount()).running() as service:
        made = RunsScene(tmp_path, service=service)
        made.sync(0, hour=6)
        yield made


def entered(scene: RunsScene, day: int = 1) -> str:
    """An entry by hand on that day; its number."""
    number = scene.upload(day, fit=False)
    scene.service.account.activities[0]["manualActivity"] = True
    scene.service.account.details[number]["metadataDTO"]["manualActivity"] = True
    return number


def edited(scene: RunsScene, number: str, **facts: float) -> None:
    """The athlete corrects the entry: the list and the details show it."""
    account = scene.service.account
    next(row for row in account.activities if str(row["activityId"]) == number).update(facts)
    account.details[number]["summaryDTO"].update(facts)


def counted(scene: RunsScene) -> tuple[PastRun, ...]:
    with scene.world(scene.at(1)) as world:
        return world.store.activities.runs_between(MONDAY, MONDAY + timedelta(days=9))


def test_an_entry_by_hand_with_the_totals_of_the_session_is_that_session_and_is_not_scored(scene):
    number = entered(scene)
    report = scene.sync(1)
    assert remarks_of(report) == (
        "run 501: entered by hand: its distance counts, but there is nothing to score",
    )
    (session,) = scene.sessions(1, 1)
    assert session.state is SessionState.DONE
    with scene.world(scene.at(1)) as world:
        stored = world.store.scores.newest_of(session.activity_id)
    assert (stored.method, stored.score, stored.attribution.confidence <= 0.4) == ("shape", None, True)
    assert scene.sync(1, hour=21).remarks == ()
    edited(scene, number, distance=2_000.0, duration=800.0)
    scene.sync(1, hour=22)
    assert scene.sessions(1, 1)[0].state is SessionState.DUE


def test_a_corrected_entry_counts_once_with_what_it_says_now(scene):
    number = entered(scene)
    scene.sync(1)
    (before,) = counted(scene)
    edited(scene, number, distance=12_345.0, duration=4000.0)
    scene.sync(1, hour=21)
    assert counted(scene) == (PastRun(before.day, 12_345.0, 4000.0),)
    scene.requests()
    scene.sync(1, hour=22)
    assert len(scene.requests()) == 1


def test_an_entry_that_is_corrected_back_counts_once_as_at_first(scene):
    number = entered(scene)
    scene.sync(1)
    first = counted(scene)
    edited(scene, number, distance=12_345.0)
    scene.sync(1, hour=21)
    edited(scene, number, distance=first[0].distance_m)
    scene.service.account.activities[0]["lapCount"] = 99  # another version, the same words
    scene.sync(1, hour=22)
    assert counted(scene) == first


def test_an_entry_that_is_corrected_to_nothing_counts_no_more(scene):
    number = entered(scene)
    scene.sync(1)
    edited(scene, number, distance=50.0, duration=20.0)
    scene.sync(1, hour=21)
    assert counted(scene) == ()


def test_a_correction_that_could_not_be_written_is_made_in_the_next_cycle(scene):
    number = entered(scene)
    scene.sync(1)
    before = counted(scene)
    edited(scene, number, distance=12_345.0)
    with closing(sqlite3.connect(scene.state / "syncd.db")) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON arrivals BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    with pytest.raises(StoreError):
        scene.sync(1, hour=21)
    with closing(sqlite3.connect(scene.state / "syncd.db")) as database:
        database.execute("DROP TRIGGER full")
    assert counted(scene) == before  # neither both nor none
    scene.sync(1, hour=22)
    assert [run.distance_m for run in counted(scene)] == [12_345.0]
