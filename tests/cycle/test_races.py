"""Races that were not planned: known by their mark, by the athlete's word, or asked about."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from syncd.athlete.results import enter_result
from syncd.cycle.done_runs import recent_runs
from syncd.domain.notation import parse_workout
from syncd.domain.questions import Answer, AnsweredBy, QuestionKind
from syncd.domain.session import SessionKind, SessionState
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.zones import zones_from_result
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.activity import listed_run
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from syncd.store.overrides import Override, OverrideKind
from tests.support.garmin_scene import RunsScene
from tests.support.said import in_km
from tests.support.scene import MONDAY

RACE = {"typeId": 1, "typeKey": "race"}
OTHER = {"typeId": 9, "typeKey": "uncategorized"}
SATURDAY, SUNDAY = 5, 6
QUICK = "5km @4:44-4:46/km"  # 23:45 for somebody whose 5 km is 25:00
AS_KNOWN = "5km @4:58-5:02/km"
SLOWER = "5km @5:14-5:17/km"
WITH_WARM_UP = "2km @6:40-6:50/km + 5km @4:44-4:46/km + 1km @6:40-6:50/km"


@pytest.fixture
def scene(tmp_path) -> Iterator[RunsScene]:
    with GarminStandIn(StandInGarminAccount()).running() as service:
        scene = RunsScene(tmp_path, service=service)
        scene.sync(0, hour=6)
        yield scene


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


def upload(scene: RunsScene, day: int, workout: str, *, raced: bool | None = None, **more) -> str:
    """A run as the watch uploads it without a workout, marked or not; its number."""
    number = scene.upload(day, parse_workout(workout), fit=False, **more)
    mark(scene, number, raced)
    return number


def mark(scene: RunsScene, number: str, raced: bool | None) -> None:
    row = next(row for row in scene.service.account.activities if str(row["activityId"]) == number)
    row.pop("eventType", None)
    if raced is not None:
        row["eventType"] = RACE if raced else OTHER


def results(scene: RunsScene, day: int):
    with scene.world(scene.at(day)) as world:
        return world.store.results.in_force()


def questions(scene: RunsScene, day: int):
    with scene.world(scene.at(day)) as world:
        return world.store.questions.open()


def hard_days(scene: RunsScene) -> list[date]:
    """On which days of the first week something hard is still to be run."""
    due = [each.session for each in scene.sessions(0, 6) if each.state is SessionState.DUE]
    return [session.day for session in due if session.hard]


def said(report, rule: str) -> list[str]:
    return [in_km(change.reason) for change in report.changes if change.rule == rule]


# marked


def test_a_race_that_says_so_is_a_result_on_any_day(scene) -> None:
    upload(scene, SATURDAY, QUICK, raced=True)
    report = scene.sync(SATURDAY)
    (result,) = results(scene, SATURDAY)
    assert (result.valid, result.origin, result.distance_m) == (True, "race", 5000.0)
    assert "5 km race on Sat 10 Jan in 23:5" in said(report, "A16")[0]
    assert scene.sync(SATURDAY, hour=21).quiet


def test_a_warm_up_in_the_file_is_no_part_of_the_race(scene) -> None:
    upload(scene, SATURDAY, WITH_WARM_UP, raced=True)
    scene.sync(SATURDAY)
    (result,) = results(scene, SATURDAY)
    assert (result.valid, result.distance_m) == (True, 5000.0)
    assert result.time_s == pytest.approx(1425, abs=15)


def test_a_slower_race_is_shown_with_the_reason_why_it_does_not_count(scene) -> None:
    upload(scene, SATURDAY, SLOWER, raced=True)
    assert said(scene.sync(SATURDAY), "A17")
    (result,) = results(scene, SATURDAY)
    assert not result.valid


def test_a_race_over_no_distance_that_tells_something_is_no_result(scene) -> None:
    upload(scene, SATURDAY, "2km @4:40-4:45/km", raced=True)
    scene.sync(SATURDAY)
    assert results(scene, SATURDAY) == ()


def test_a_mark_that_is_added_later_counts_and_one_that_is_taken_off_does_not(scene) -> None:
    number = upload(scene, SATURDAY, QUICK, raced=False)
    scene.sync(SATURDAY)
    assert results(scene, SATURDAY) == ()
    mark(scene, number, raced=True)
    scene.sync(SUNDAY, hour=7)
    assert len(results(scene, SUNDAY)) == 1
    mark(scene, number, raced=False)
    scene.sync(SUNDAY, hour=12)
    assert results(scene, SUNDAY) == ()
    mark(scene, number, raced=True)
    scene.sync(SUNDAY, hour=13)
    mark(scene, number, raced=None)
    scene.sync(SUNDAY, hour=14)
    assert results(scene, SUNDAY) == ()


def test_a_mark_on_the_page_of_the_run_alone_counts(scene) -> None:
    number = upload(scene, SATURDAY, QUICK)
    scene.service.account.details[number]["eventTypeDTO"] = RACE
    scene.sync(SATURDAY)
    scene.sync(SATURDAY, hour=21)
    assert len(results(scene, SATURDAY)) == 1


def test_a_marked_race_is_a_hard_day_with_easy_days_after_it(scene) -> None:
    upload(scene, 0, "10km @5:10-5:15/km", raced=True)
    report = scene.sync(0)
    assert said(report, "A18")
    due = [each.session for each in scene.sessions(0, 4) if each.state is SessionState.DUE]
    assert due
    assert not any(session.hard for session in due)


def test_a_marked_race_on_a_hard_day_stands_for_its_session(scene) -> None:
    upload(scene, 1, SLOWER, raced=True)
    (assessed,) = scene.sync(1).assessed
    assert assessed.stored.method == "replaced"


def test_a_race_entered_by_hand_is_a_result_by_its_totals(scene) -> None:
    recording = simulate(parse_workout(QUICK), Runner(vdot=40.0), Scenario.PERFECT, seed=1)
    run = listed_run(recording, 900, scene.at(SATURDAY, 9), "Cup", by_hand=True)
    scene.service.account.add_activity(run.row | {"eventType": RACE}, run.detail, None, run.parts)
    scene.sync(SATURDAY)
    (result,) = results(scene, SATURDAY)
    assert (result.distance_m, result.valid) == (5000.0, True)
    assert result.time_s == pytest.approx(1425, abs=10)


def test_what_a_race_did_goes_with_its_mark(scene) -> None:
    (before,) = hard_days(scene)
    assert (before - MONDAY).days == 1
    number = upload(scene, 0, "2km @4:40-4:45/km", raced=True, hour=5)
    scene.sync(0, hour=7)
    assert hard_days(scene) == []  # it stands for the session of the next day
    mark(scene, number, raced=False)
    scene.sync(0, hour=8)
    assert hard_days(scene) == [before]
    assert scene.sync(0, hour=9).quiet


def test_the_long_run_is_missed_after_all_when_it_was_no_race(scene) -> None:
    number = upload(scene, SATURDAY, "2km @4:40-4:45/km", raced=True)
    for later in range(SATURDAY, 9):
        scene.sync(later)
    assert scene.sessions(SUNDAY, SUNDAY)[0].state is SessionState.DROPPED
    mark(scene, number, raced=False)
    scene.sync(9)
    assert scene.sessions(SUNDAY, SUNDAY)[0].state is SessionState.MISSED


def test_quicker_paces_later_do_not_make_less_of_an_all_out_run(scene) -> None:
    upload(scene, SATURDAY, AS_KNOWN)
    scene.sync(SATURDAY)
    with scene.world(scene.at(SATURDAY, 21)) as world:
        enter_result(world, 5000.0, 1320.0, on(SATURDAY), scene.at(SATURDAY, 21))
    scene.sync(SUNDAY)
    with scene.world(scene.at(SUNDAY)) as world:
        assert [run.all_out for run in recent_runs(world, on(SUNDAY), 2)] == [True]


# asked about


def test_an_all_out_run_that_nobody_announced_is_asked_about_once(scene) -> None:
    number = upload(scene, SATURDAY, AS_KNOWN)
    scene.sync(SATURDAY)
    (question,) = questions(scene, SATURDAY)
    assert (question.kind, question.default) == (QuestionKind.RACE, Answer.NO)
    assert question.facts["distance_m"] == 5000.0
    assert question.facts["day"] == "2026-01-10"
    assert question.key == f"race:{question.activity_id}"
    assert results(scene, SATURDAY) == ()
    assert scene.sync(SATURDAY, hour=21).quiet
    with scene.world(scene.at(SUNDAY)) as world:
        world.store.questions.settle(question.id, Answer.NO, AnsweredBy.ATHLETE, scene.at(SUNDAY))
    scene.sync(SUNDAY)
    assert questions(scene, SUNDAY) == ()
    assert number


def test_a_run_that_felt_like_nine_is_asked_about_and_an_easy_one_is_not(scene) -> None:
    upload(scene, SATURDAY, "5km @5:18-5:20/km", rpe=9)
    upload(scene, 4, "5km @6:30-6:40/km")
    scene.sync(SATURDAY)
    assert len(questions(scene, SATURDAY)) == 1


def test_repetitions_are_not_asked_about_however_hard_they_felt(scene) -> None:
    upload(scene, SATURDAY, "15min E + 8x(225s I + 2min jog) + 10min E", rpe=9)
    scene.sync(SATURDAY)
    assert questions(scene, SATURDAY) == ()


def test_who_says_yes_has_a_result(scene) -> None:
    upload(scene, SATURDAY, AS_KNOWN)
    scene.sync(SATURDAY)
    (question,) = questions(scene, SATURDAY)
    with scene.world(scene.at(SUNDAY)) as world:
        now = scene.at(SUNDAY)
        world.store.questions.settle(question.id, Answer.YES, AnsweredBy.ATHLETE, now)
        word = Override(OverrideKind.RACE, now, on(SATURDAY), activity_id=question.activity_id)
        world.store.overrides.add(word)
    scene.sync(SUNDAY)
    (result,) = results(scene, SUNDAY)
    assert result.distance_m == 5000.0
    with scene.world(scene.at(SUNDAY)) as world:
        assert [run.raced for run in recent_runs(world, on(SUNDAY), 2)] == [True]


def test_a_question_is_moot_once_the_run_has_a_mark(scene) -> None:
    number = upload(scene, SATURDAY, AS_KNOWN)
    scene.sync(SATURDAY)
    mark(scene, number, raced=True)
    scene.sync(SUNDAY, hour=7)
    assert questions(scene, SUNDAY) == ()


def test_a_history_of_races_raises_no_question_and_eases_nothing(tmp_path) -> None:
    with GarminStandIn(StandInGarminAccount()).running() as service:
        scene = RunsScene(tmp_path, service=service)
        for day in (-60, -40, -20, -10, -5):
            upload(scene, day, AS_KNOWN, raced=day == -10)
        report = scene.sync(0, hour=6)
        assert questions(scene, 0) == ()
        assert said(report, "A18") == []


# the long run beside it


@pytest.mark.parametrize("day", [SATURDAY, SUNDAY])
def test_the_long_run_beside_a_race_is_not_missed(scene, day) -> None:
    (long,) = scene.sessions(SUNDAY, SUNDAY)
    assert long.session.kind is SessionKind.LONG
    upload(scene, day, AS_KNOWN, raced=True)
    for later in range(day, 10):
        report = scene.sync(later)
        assert long.session.id not in [each.session.id for each in report.missed]
        assert said(report, "A6") == []
    (after,) = scene.sessions(SUNDAY, SUNDAY)
    assert after.state is SessionState.DROPPED
    with scene.world(scene.at(10)) as world:
        changes = world.store.changes.of_session(long.session.id)
        (change,) = [change for change in changes if change.rule == "A18"]
        assert change.evidence == {"run": str(world.store.activities.newest(1)[0].id)}
        assert "was not missed: your race effort" in in_km(change.reason)


def test_without_a_race_it_is_missed(scene) -> None:
    for later in range(SATURDAY, 10):
        scene.sync(later)
    assert not scene.sessions(SUNDAY, SUNDAY)  # it was missed, and moved (A6)


# fast


def test_whoever_is_fast_is_recognised_before_20_minutes_are_over(tmp_path) -> None:
    nineteen = zones_from_result(5000, 1140, as_of=None, source=entered_result(5000.0, "19:00"))
    with GarminStandIn(StandInGarminAccount()).running() as service:
        scene = RunsScene(tmp_path, nineteen, service=service)
        scene.sync(0, hour=6)
        upload(scene, SATURDAY, "5km @3:39-3:41/km")
        scene.sync(SATURDAY)
        (question,) = questions(scene, SATURDAY)
        assert question.facts["time_s"] == pytest.approx(1100, abs=12)


def test_a_fast_5_km_on_a_hard_day_stands_for_its_session_and_is_a_result(tmp_path) -> None:
    nineteen = zones_from_result(5000, 1140, as_of=None, source=entered_result(5000.0, "19:00"))
    with GarminStandIn(StandInGarminAccount()).running() as service:
        scene = RunsScene(tmp_path, nineteen, service=service)
        scene.sync(0, hour=6)
        assert scene.sessions(1, 1)[0].session.hard
        upload(scene, 1, "5km @3:39-3:41/km")
        (assessed,) = scene.sync(1).assessed
        assert assessed.stored.method == "replaced"
        assert [result.valid for result in results(scene, 1)] == [True]
        assert questions(scene, 1) == ()
