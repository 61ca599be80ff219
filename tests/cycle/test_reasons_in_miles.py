"""A reader of miles meets no kilometre: in changes, in the notes of weeks, in `why`, as text and as JSON."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from syncd.athlete.results import enter_result
from syncd.cycle.run import run
from syncd.domain.training.planning_rules import PLANNING_RULES
from syncd.domain.units import MILES
from syncd.report.history import day_answer
from syncd.report.reader import Reader
from syncd.report.reasons import reason_text
from syncd.report.sync_views import change_payload, change_text, change_texts
from syncd.report.training_views import plan_payload, plan_sheet, zones_payload, zones_sheet
from tests.support.scene import MONDAY, Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Two weeks: one run far too long, the others missed, a race that was told, a session moved."""
    scene = Scene(tmp_path)
    for day in (-40, -30, -20, -10, -3):
        scene.record(day, "40min @6:20-6:40/km")
    scene.sync(0, hour=6)
    scene.record(1, "14km @6:00-6:20/km")
    for day in (1, 3, 5, 7, 9):
        scene.sync(day)
    now = scene.at(9)
    with scene.world(now) as world:
        enter_result(world, 5000.0, 1440.0, MONDAY + timedelta(days=9), now)
        run(replace(world, units=MILES), now)
    return scene


def test_no_change_is_told_in_kilometres(scene):
    with scene.world(scene.at(9)) as world:
        changes = world.store.changes.newest(50)
        told = [change_text(each, MILES) for each in changes]
        told += [part for each in changes for part in change_texts(each, MILES)]
        payloads = [change_payload(each, MILES) for each in changes]
    assert {"ran_too_far", "told_result"} <= {each["cause"]["code"] for each in payloads}
    assert any(" mi on Tue 6 Jan was more than 110%" in each for each in told)
    assert any("5K on Wed 14 Jan" in each for each in told)
    assert [each for each in told if " km" in each] == []
    assert [each["reason"] for each in payloads if " km" in each["reason"]] == []


def test_the_facts_of_a_change_are_metres(scene):
    with scene.world(scene.at(9)) as world:
        (change,) = [
            each
            for each in world.store.changes.newest(50)
            if each.rule == "A1" and "because" not in each.evidence
        ]
        cause = change_payload(change, MILES)["cause"]
    assert cause["day"] == "2026-01-06"
    assert cause["run_m"] == pytest.approx(14_000, rel=0.02)


def test_no_note_and_no_story_of_a_day_is_told_in_kilometres(scene):
    reader = Reader(MILES)
    with scene.world(scene.at(9)) as world:
        weeks = world.store.plan.weeks()
        stories = [day_answer(world, reader, MONDAY + timedelta(days=day)) for day in range(14)]
        told = [str(plan_sheet(weeks, MILES)), *(str(each.sheet) for each in stories if each)]
        causes = [
            note for week in plan_payload(weeks, MILES)["weeks"] for note in (*week["notes"], *week["causes"])
        ]
        reasons = [
            change["reason"]
            for story in stories
            if story
            for session in story.payload["sessions"]
            for change in session["changes"]
        ]
    assert reasons
    lines = [line.strip() for text in told for line in text.splitlines()]
    assert [line for line in lines if " km" in line and line.partition(":")[0] not in PLANNING_RULES] == []
    assert [each for each in (*causes, *reasons) if " km" in json.dumps(each)] == []


def test_where_paces_come_from_is_told_in_miles(scene):
    with scene.world(scene.at(9)) as world:
        assert reason_text(world.zones.source, MILES) == "5K in 25:00"
        assert "from 5K in 25:00" in str(zones_sheet(world.zones, MILES))
        assert zones_payload(world.zones, MILES)["cause"] == {
            "code": "entered_result",
            "distance_m": 5000.0,
            "time": "25:00",
        }
