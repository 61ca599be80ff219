"""Cycles with the calendar of Garmin Connect: what is due is there, the athlete's hand is respected."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta

import pytest

from syncd.athlete.undoing import undo
from syncd.domain.delivery.actions import verb_of
from syncd.domain.delivery.remote import find_key
from syncd.domain.delivery.troubles import DeliveryTrouble
from syncd.domain.notation import format_workout, parse_workout
from syncd.domain.session import SessionState
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.scenario import Scenario
from tests.support.garmin_scene import GarminScene
from tests.support.scene import MONDAY


@pytest.fixture
def scene(tmp_path) -> Iterator[GarminScene]:
    with GarminStandIn(StandInGarminAccount()).running() as service:
        yield GarminScene(tmp_path, service=service)


def due(scene: GarminScene, day: int, back: int = 0) -> dict:
    """What must be on the calendar on that day: yesterday's grace to nine days ahead."""
    return {each.session.day: each.session.id for each in scene.sessions(day - back, day + 9)}


def verbs(report) -> list[str]:
    return [verb_of(action) for action in report.actions]


def test_the_days_of_the_horizon_are_on_the_calendar_and_a_second_cycle_writes_nothing(scene):
    assert set(verbs(scene.sync(0, hour=6))) == {"create"}
    assert scene.entries() == due(scene, 0)
    before = len(scene.writes())
    assert scene.sync(0, hour=7).quiet
    assert len(scene.writes()) == before


def test_a_dry_run_prints_what_the_real_one_does_and_sends_nothing(scene):
    announced = scene.sync(0, hour=6, dry_run=True).actions
    assert scene.writes() == []
    assert scene.sync(0, hour=6).actions == announced


def test_an_unrun_session_leaves_when_its_grace_is_over(scene):
    scene.sync(0, hour=6)
    first = min(scene.entries())
    after = (first - MONDAY).days + 1
    scene.sync(after, hour=6)
    assert first in scene.entries()
    scene.sync(after + 1, hour=6)
    assert first not in scene.entries()


def test_a_done_session_leaves_the_next_day_with_its_workout(scene):
    scene.sync(0, hour=6)
    scene.run_session(1)
    scene.sync(1)
    assert MONDAY + timedelta(days=1) in scene.entries()
    number = str(scene.entry_of(1)["workoutId"])
    scene.sync(2, hour=6)
    assert MONDAY + timedelta(days=1) not in scene.entries()
    assert number not in scene.service.account.workouts


def test_after_three_weeks_away_nothing_old_is_left(scene):
    scene.sync(0, hour=6)
    scene.sync(22, hour=6)
    assert scene.entries() == due(scene, 22)
    assert len(scene.service.account.workouts) == len(scene.entries())


def moved(scene: GarminScene, day: int, to: int) -> str:
    entry = scene.entry_of(day)
    scene.service.account.reschedule(str(entry["id"]), (MONDAY + timedelta(days=to)).isoformat())
    return str(entry["workoutId"])


def free_day(scene: GarminScene) -> int:
    taken = {(day - MONDAY).days for day in scene.entries()}
    return next(day for day in range(2, 9) if day not in taken)


def test_a_workout_that_the_athlete_moved_stays_where_they_put_it(scene):
    scene.sync(0, hour=6)
    to = free_day(scene)
    moved(scene, 1, to)
    before, session = scene.entries(), scene.sessions(1, 1)[0].session.id
    assert scene.sync(0, hour=7).actions == ()  # one listing may lag
    assert verbs(scene.sync(0, hour=8)) == ["leave"]
    for hour in (9, 10):
        assert scene.sync(0, hour=hour).quiet
    assert scene.entries() == before
    assert scene.entries()[MONDAY + timedelta(days=to)] == session
    scene.sync(to + 3, hour=6)
    assert scene.entries()[MONDAY + timedelta(days=to)] == session


def test_a_workout_that_the_athlete_took_off_the_calendar_is_not_put_back(scene):
    scene.sync(0, hour=6)
    entry = scene.entry_of(1)
    scene.service.account.unschedule(str(entry["id"]))
    number = str(entry["workoutId"])
    scene.sync(0, hour=7)
    assert verbs(scene.sync(0, hour=8)) == ["leave"]
    for day in (1, 2, 3):
        scene.sync(day, hour=6)
        assert MONDAY + timedelta(days=1) not in scene.entries()
    assert number in scene.service.account.workouts  # in their library: theirs to keep or delete


def test_an_entry_that_one_listing_did_not_show_changes_nothing(scene):
    scene.sync(0, hour=6)
    kept = deepcopy(scene.service.account.schedules)
    scene.service.account.schedules.popitem()
    assert scene.sync(0, hour=7).actions == ()
    scene.service.account.schedules = kept
    assert scene.sync(0, hour=8).quiet
    assert scene.entries() == due(scene, 0)


def test_a_calendar_that_is_suddenly_empty_stops_the_delivery_and_says_so(scene):
    scene.sync(0, hour=6)
    kept, before = deepcopy(scene.service.account.schedules), len(scene.writes())
    scene.service.account.schedules.clear()
    scene.service.account.workouts.clear()
    for hour in (7, 8, 9):
        report = scene.sync(0, hour=hour)
        assert [problem.code for problem in report.problems] == [DeliveryTrouble.NOT_KNOWN]
        assert report.changes == ()
    assert len(scene.writes()) == before
    scene.service.account.schedules = kept


def test_a_workout_that_the_athlete_changed_is_theirs_from_the_next_night_on(scene):
    scene.sync(0, hour=6)
    entry = scene.entry_of(3)
    number = str(entry["workoutId"])
    edited = deepcopy(scene.service.account.workouts[number])
    edited["workoutSegments"][0]["workoutSteps"][0]["endConditionValue"] = 61.0
    scene.service.account.replace_workout(number, edited)
    kept = deepcopy(scene.service.account.workouts[number])
    report = scene.sync(1, hour=20)
    assert "leave" in verbs(report)
    for day in (2, 3, 4, 6):
        scene.sync(day, hour=6)
    assert scene.service.account.workouts[number] == kept


def change(scene: GarminScene, day: int, notation: str, hour: int):
    """A rule (or its undoing) gives the session of that day another workout; a cycle delivers it."""
    now = scene.at(0, hour)
    with scene.world(now) as world:
        (session,) = world.store.plan.between(MONDAY + timedelta(days=day), MONDAY + timedelta(days=day))
        made = parse_workout(notation, name=session.resolved.name)
        world.store.plan.replace(replace(session.session, workout=made), made, session.zone_set_id)
    return scene.sync(0, hour=hour)


def test_a_change_and_its_undoing_update_the_one_workout_in_place(scene):
    scene.sync(0, hour=6)
    before = scene.entry_of(3)
    original = scene.sessions(3, 3)[0].resolved
    number = str(before["workoutId"])
    steps = deepcopy(scene.service.account.workouts[number]["workoutSegments"])
    for hour, notation in ((7, "30min @5:50-6:40/km"), (8, format_workout(original))):
        assert verbs(change(scene, 3, notation, hour)) == ["update"]
        assert scene.entry_of(3) == before
        assert scene.entries() == due(scene, 0)
    again = scene.service.account.workouts[number]["workoutSegments"]
    assert [_said(each) for each in again] == [_said(each) for each in steps]


def _said(segment: dict) -> list:
    """The segment without the ids that the service gives anew."""

    def bare(step: dict) -> dict:
        kept = {name: value for name, value in step.items() if name != "stepId"}
        if "workoutSteps" in kept:
            kept["workoutSteps"] = [bare(each) for each in kept["workoutSteps"]]
        return kept

    return [bare(each) for each in segment["workoutSteps"]]


# the athlete's hand on the calendar is their word


def plan_days(scene: GarminScene) -> dict[str, date]:
    return {each.session.id: each.session.day for each in scene.sessions() if each.state is SessionState.DUE}


def taken_back(scene: GarminScene, hour: int) -> None:
    now = scene.at(0, hour)
    with scene.world(now) as world:
        undo(world, None, now)


def test_the_plan_follows_a_workout_that_was_moved_and_undo_moves_it_back_without_a_second_copy(scene):
    scene.sync(0, hour=6)
    before, session = scene.entries(), scene.sessions(1, 1)[0].session.id
    to = free_day(scene)
    moved(scene, 1, to)
    scene.sync(0, hour=7)
    (change,) = scene.sync(0, hour=8).changes
    assert (change.rule, change.after.day) == ("athlete", MONDAY + timedelta(days=to))
    assert plan_days(scene)[session] == MONDAY + timedelta(days=to)
    assert scene.sync(0, hour=9).quiet
    taken_back(scene, 10)
    scene.sync(0, hour=11)
    assert scene.entries() == before
    assert len(scene.service.account.workouts) == len(before)
    assert scene.sync(0, hour=12).quiet


def test_a_workout_that_was_taken_off_the_calendar_is_skipped_and_undo_puts_it_back_once(scene):
    scene.sync(0, hour=6)
    before, session = scene.entries(), scene.sessions(1, 1)[0].session.id
    scene.service.account.unschedule(str(scene.entry_of(1)["id"]))
    scene.sync(0, hour=7)
    (change,) = scene.sync(0, hour=8).changes
    assert (change.rule, change.after) == ("athlete", None)
    assert session not in plan_days(scene)
    taken_back(scene, 10)
    scene.sync(0, hour=11)
    assert scene.entries() == before
    assert scene.sync(0, hour=12).quiet


def on_calendar(scene: GarminScene, day: date) -> str:
    """What the workout of that day says of itself."""
    number = str(scene.entry_of((day - MONDAY).days)["workoutId"])
    return scene.service.account.workouts[number]["description"]


def test_a_hard_workout_names_its_easier_version_and_keeps_its_mark(scene):
    scene.sync(0, hour=6)
    (hard,) = scene.sessions(1, 1)
    told = on_calendar(scene, hard.session.day)
    assert "Easier: 2 x 5 min at half-marathon pace" in told
    assert find_key(told).session == hard.session.id


def test_an_undone_rule_is_undone_on_the_calendar_too(scene):
    scene.sync(0, hour=6)
    scene.run_session(1, Scenario.FADING)
    scene.sync(1)
    day = next(each.session.day for each in scene.sessions(2, 9) if each.session.family == "hm_m")
    eased = on_calendar(scene, day)
    now = scene.at(1, 21)
    with scene.world(now) as world:
        undo(world, None, now)
    scene.sync(1, hour=22)
    assert on_calendar(scene, day) != eased
    assert scene.sync(1, hour=23).quiet


def test_a_cycle_that_died_after_it_let_go_is_made_good_by_the_next(scene, monkeypatch):
    scene.sync(0, hour=6)
    session, to = scene.sessions(1, 1)[0].session.id, free_day(scene)
    moved(scene, 1, to)
    scene.sync(0, hour=7)
    with monkeypatch.context() as dying:
        dying.setattr("syncd.cycle.run.take_over", lambda *_: ())
        scene.sync(0, hour=8)
    assert plan_days(scene)[session] == MONDAY + timedelta(days=1)
    scene.sync(0, hour=9)
    assert plan_days(scene)[session] == MONDAY + timedelta(days=to)
