"""Absence needs proof: what one reading does not show is neither put again nor taken for removed."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta

import pytest

from syncd.cycle.answers import answer
from syncd.domain.delivery.actions import verb_of
from syncd.domain.delivery.remote import LedgerState
from syncd.domain.delivery.troubles import DeliveryTrouble
from syncd.domain.questions import Answer, AnsweredBy, QuestionKind
from syncd.domain.session import SessionState
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from tests.support.garmin_scene import GarminScene
from tests.support.scene import MONDAY


@pytest.fixture
def scene(tmp_path) -> Iterator[GarminScene]:
    with GarminStandIn(StandInGarminAccount()).running() as service:
        made = GarminScene(tmp_path, service=service)
        made.sync(0, hour=6)
        yield made


def codes(report) -> list[str]:
    return [problem.code for problem in report.problems]


def verbs(report) -> list[str]:
    return [verb_of(action) for action in report.actions]


def questions(scene: GarminScene):
    with scene.world(scene.at(0)) as world:
        return [*world.store.questions.open(), *world.store.questions.settled()]


def due(scene: GarminScene) -> dict[date, str]:
    sessions = scene.sessions(0, 9)
    return {each.session.day: each.session.id for each in sessions if each.state is SessionState.DUE}


def own_events(scene: GarminScene) -> None:
    """The athlete has an entry of their own among ours."""
    day = (MONDAY + timedelta(days=2)).isoformat()
    scene.service.account.others.append({"id": 7, "itemType": "event", "date": day, "title": "dinner"})


def test_a_calendar_that_answers_empty_for_a_day_costs_nothing(scene):
    own_events(scene)
    scene.sync(0, hour=7)
    before, kept = due(scene), deepcopy(scene.service.account.schedules)
    others, writes = deepcopy(scene.service.account.others), len(scene.writes())
    scene.service.account.schedules.clear()
    scene.service.account.others.clear()
    for hour in range(8, 23):
        report = scene.sync(0, hour=hour)
        assert codes(report) == [DeliveryTrouble.NOT_KNOWN]
        assert (report.actions, report.changes) == ((), ())
    assert len(scene.writes()) == writes
    scene.service.account.schedules, scene.service.account.others = kept, others
    assert scene.sync(0, hour=23).quiet
    assert due(scene) == before


def test_several_that_are_missing_while_all_else_is_there_are_asked_about_once(scene):
    own_events(scene)
    scene.sync(0, hour=7)
    before, writes = due(scene), len(scene.writes())
    scene.service.account.schedules.clear()
    scene.service.account.workouts.clear()
    assert codes(scene.sync(0, hour=8)) == [DeliveryTrouble.NOT_KNOWN]
    for hour in (9, 10, 11):
        report = scene.sync(0, hour=hour)
        assert (report.problems, report.actions) == ((), ())
    (question,) = questions(scene)
    assert (question.kind, question.default) == (QuestionKind.REMOVED, Answer.YES)
    assert question.facts["days"] == [day.isoformat() for day in sorted(before)]
    assert len(scene.writes()) == writes
    assert due(scene) == before


def answered(scene: GarminScene, word: Answer, hour: int) -> None:
    now = scene.at(0, hour)
    with scene.world(now) as world:
        (question,) = world.store.questions.open()
        assert answer(world, question.id, word, now) is not None


def without_ours(scene: GarminScene) -> None:
    scene.service.account.schedules.clear()
    scene.service.account.workouts.clear()
    for hour in (8, 9):
        scene.sync(0, hour=hour)


def test_yes_leaves_them_off_the_plan_and_no_puts_them_again(scene):
    before = due(scene)
    without_ours(scene)
    answered(scene, Answer.YES, hour=10)
    assert due(scene) == {}
    assert scene.sync(0, hour=11).actions == ()
    assert scene.entries() == {}
    assert before


def test_no_puts_them_again(scene):
    before = due(scene)
    without_ours(scene)
    answered(scene, Answer.NO, hour=10)
    scene.sync(0, hour=11)
    assert scene.entries() == due(scene) == before


def test_an_answer_that_only_was_kept_is_applied_by_the_next_sync(scene):
    without_ours(scene)
    now = scene.at(0, 10)
    with scene.world(now) as world:
        (question,) = world.store.questions.open()
        world.store.questions.settle(question.id, Answer.YES, AnsweredBy.DEFAULT, now)
    assert set(verbs(scene.sync(0, hour=11))) == {"leave"}
    assert due(scene) == {}


def test_a_question_about_entries_that_are_there_again_does_not_matter_any_more(scene):
    kept = deepcopy(scene.service.account)
    without_ours(scene)
    scene.service.account.schedules, scene.service.account.workouts = kept.schedules, kept.workouts
    assert scene.sync(0, hour=10).quiet
    (question,) = questions(scene)
    assert (question.answer, question.answered_by) == (None, AnsweredBy.MOOT)
    assert scene.entries() == due(scene)


def test_two_readings_within_ten_minutes_are_one(scene):
    scene.service.account.unschedule(str(scene.entry_of(1)["id"]))
    for minute in (0, 9):
        now = scene.at(0, 7) + timedelta(minutes=minute)
        with scene.world(now) as world:
            from syncd.cycle.run import run

            assert run(world, now).actions == ()


def test_the_library_is_read_again_for_the_second_reading(scene):
    scene.service.account.unschedule(str(scene.entry_of(1)["id"]))
    for hour in (7, 8):
        scene.service.requests.clear()
        scene.sync(0, hour=hour)
        assert "GET /workout-service/workouts" in scene.service.requests


def test_a_workout_that_was_taken_for_removed_and_is_there_again_is_due_again(scene):
    before, entry = due(scene), scene.entry_of(1)
    number = str(entry["workoutId"])
    workout, entries = scene.service.account.workouts[number], deepcopy(scene.service.account.schedules)
    scene.service.account.unschedule(str(entry["id"]))
    scene.service.account.delete_workout(number)
    scene.sync(0, hour=7)
    assert verbs(scene.sync(0, hour=8)) == ["leave"]
    assert MONDAY + timedelta(days=1) not in due(scene)
    scene.service.account.workouts[number], scene.service.account.schedules = workout, entries
    report = scene.sync(0, hour=9)
    assert [remark.code for remark in report.remarks] == [DeliveryTrouble.THERE_AGAIN]
    assert due(scene) == before
    assert scene.entries() == before
    assert scene.sync(0, hour=10).quiet


def test_a_workout_that_was_moved_and_then_run_leaves_the_next_day_with_its_library_entry(scene):
    entry = scene.entry_of(1)
    number = str(entry["workoutId"])
    scene.service.account.reschedule(str(entry["id"]), (MONDAY + timedelta(days=2)).isoformat())
    scene.sync(0, hour=7)
    scene.sync(0, hour=8)
    scene.run_session(2)
    scene.sync(2)
    assert MONDAY + timedelta(days=2) in scene.entries()
    scene.sync(3, hour=6)
    assert MONDAY + timedelta(days=2) not in scene.entries()
    assert number not in scene.service.account.workouts
    with scene.world(scene.at(3)) as world:
        states = [row.state for row in world.store.ledger.rows("garmin")]
    assert LedgerState.RELEASED not in states
    assert scene.sync(3, hour=7).quiet
