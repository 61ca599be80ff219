"""What the athlete says about their health, through state, plan and watch (training model, 9.1)."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syncd.athlete.health import answer, clear, take_back
from syncd.athlete.own_plan import exported_plan, import_plan
from syncd.athlete.sessions import EditOutcome, OverrideError, move, pin
from syncd.athlete.time_off import resume, sick
from syncd.athlete.undoing import Undone, undo
from syncd.cycle.health_answers import health_in_force
from syncd.cycle.planning import projection
from syncd.cycle.run import SyncReport, run
from syncd.domain.athlete import Concern, Goal, Health, HealthAnswer, Race
from syncd.domain.questions import QuestionKind
from syncd.domain.session import Session, SessionKind, SessionState
from syncd.domain.training.conditions import Demanded, from_json
from syncd.domain.training.reasons import Cause
from syncd.domain.workout import PaceBand, ZoneTarget, steps_of
from syncd.store.health_answers import ClearedFor
from tests.support.scene import MONDAY, Scene

NOTHING = Health()
EVERYTHING, EASY = ClearedFor.EVERYTHING, ClearedFor.EASY


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


@pytest.fixture(scope="module")
def first_sync(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files after the first sync, on Monday morning: made once, copied for each story."""
    scene = Scene(tmp_path_factory.mktemp("first"))
    sync(scene, 0, hour=6)
    return scene.folder


@pytest.fixture
def begun(first_sync: Path, tmp_path: Path) -> Scene:
    shutil.copytree(first_sync, tmp_path / "begun")
    return Scene(tmp_path / "begun")


def say(
    scene: Scene,
    word: Any,
    *said: Any,
    day: int = 0,
    hour: int = 7,
    in_file: Health = NOTHING,
    **circumstances: Any,
) -> Any:
    """One command at seven in the morning of a day."""
    now = scene.at(day, hour)
    with scene.world(now) as world:
        health = health_in_force(world.store, in_file, on(day), ())
        return word(replace(world, health=health, **circumstances), *said, now)


def sync(
    scene: Scene, day: int, hour: int = 20, in_file: Health = NOTHING, **circumstances: Any
) -> SyncReport:
    report: SyncReport = say(scene, run, day=day, hour=hour, in_file=in_file, **circumstances)
    return report


def due(scene: Scene, first: int = 0) -> list[Session]:
    return [each.session for each in scene.sessions(first, first + 40) if each.state is SessionState.DUE]


def on_watch(scene: Scene) -> list[str]:
    return sorted(path.name for path in scene.outbox.glob("*.fit"))


def in_file(*concerns: Concern, day: int, cleared: bool = False) -> Health:
    """The configuration as it is read on a day."""
    cleared_on = on(day) if cleared else None
    return Health(
        tuple(HealthAnswer(each, on(day), cleared_on, cleared_on, in_file=True) for each in concerns)
    )


def returns(scene: Scene) -> list[Any]:
    with scene.world(scene.at(0)) as world:
        held = [from_json(each.condition) for each in world.store.changes.conditions() if each.condition]
    return [condition for condition in held if condition.asked is Demanded.RETURN]


def asked_about_pain(scene: Scene, day: int) -> list[str]:
    with scene.world(scene.at(day)) as world:
        return [
            question.facts["day"]
            for question in world.store.questions.open()
            if question.kind is QuestionKind.PAIN
        ]


@pytest.mark.parametrize("concern", [Concern.CHEST_PAIN, Concern.INJURY, Concern.BIRTH])
def test_runs_of_the_return_after_an_answer_are_asked_about_pain(begun: Scene, concern: Concern) -> None:
    long_ago = on(-84)  # walks for twelve weeks after a birth
    say(begun, answer, concern, long_ago if concern is Concern.BIRTH else on(0))
    say(begun, clear, concern, EVERYTHING, on(9), day=9)
    begun.record(10, "2km E", hour=12)
    sync(begun, 10)
    assert asked_about_pain(begun, 10) == [on(10).isoformat()]


# --- said


def test_a_stop_empties_the_plan_at_once_and_the_watch_with_the_next_sync(begun: Scene) -> None:
    assert on_watch(begun)
    outcome: EditOutcome = say(begun, answer, Concern.CHEST_PAIN, on(0))
    assert outcome.changes[0].reason.code == Cause.HEALTH_SAID
    assert due(begun) == []
    sync(begun, 0, hour=9)
    assert on_watch(begun) == []


def test_nothing_is_planned_however_far_the_plan_looks(begun: Scene) -> None:
    say(begun, answer, Concern.FAINTING, on(0))
    for day in (8, 60):
        sync(begun, day)
        weeks = say(begun, lambda world, now: projection(world, world.today(now), 12), day=day)
        assert [week.sessions for week in weeks] == [()] * 12


def test_what_the_athlete_pinned_goes_too(begun: Scene) -> None:
    hard = next(session for session in due(begun) if session.hard)
    say(begun, pin, hard.day)
    say(begun, answer, Concern.PALPITATIONS, on(0))
    assert due(begun) == []


def test_a_pinned_hard_session_becomes_easy_where_only_easy_running_is_allowed(begun: Scene) -> None:
    hard = next(session for session in due(begun) if session.hard)
    say(begun, pin, hard.day)
    say(begun, answer, Concern.STRESS_FRACTURE, on(0))
    now = {session.id: session for session in due(begun)}
    assert not any(session.hard for session in now.values())
    assert now[hard.id].kind is SessionKind.EASY


def test_no_session_can_be_moved_into_the_days_of_a_stop(begun: Scene) -> None:
    first = due(begun)[0]
    stopped = Health((HealthAnswer(Concern.BIRTH, on(-80), on(-9), on(-9)),))  # walks until day 4
    with begun.world(begun.at(0)) as world, pytest.raises(OverrideError, match="no running until you are"):
        move(replace(world, health=stopped), first.day, on(3), begun.at(0))


def test_a_coachs_plan_that_is_imported_into_a_stop_leaves_nothing_to_run(begun: Scene) -> None:
    weeks = say(begun, lambda world, now: exported_plan(world, world.today(now), 2))
    say(begun, answer, Concern.CHEST_PAIN, on(0))
    say(begun, lambda world, now: import_plan(world, weeks, "plan.txt", now))
    assert due(begun) == []
    say(begun, lambda world, now: import_plan(replace(world, health=NOTHING), weeks, "plan.txt", now))
    assert due(begun)
    sync(begun, 0, hour=9)  # however it came there
    assert due(begun) == []
    assert on_watch(begun) == []


def test_a_race_of_this_week_is_dropped_and_stays_in_the_calendar(scene: Scene) -> None:
    race = Race(on(6), Goal.FIVE_K)
    sync(scene, 0, hour=6, race=race)
    assert any(session.kind is SessionKind.RACE for session in due(scene))
    say(scene, answer, Concern.PREGNANCY, on(0), race=race)
    assert due(scene)
    assert not any(session.kind is SessionKind.RACE or session.hard for session in due(scene))
    with scene.world(scene.at(0)) as world:
        assert world.store.meta.get("plan.race") == str(race)


def test_the_workouts_of_a_pregnant_runner_have_no_pace(begun: Scene) -> None:
    def paced() -> set[str]:
        return {
            each.session.id
            for each in begun.sessions(0, 40)
            if each.state is SessionState.DUE
            and any(isinstance(step.target, (PaceBand, ZoneTarget)) for step in steps_of(each.resolved.steps))
        }

    assert paced()
    say(begun, answer, Concern.PREGNANCY, on(0))
    assert due(begun)
    assert paced() == set()


# --- cleared


def test_clearing_a_stop_begins_a_return_counted_from_the_last_run(scene: Scene) -> None:
    sync(scene, 0, hour=6)
    first = due(scene)[0]
    scene.run_session((first.day - MONDAY).days)
    sync(scene, 2)
    say(scene, answer, Concern.CHEST_PAIN, on(4), day=4)
    sync(scene, 4)
    say(scene, clear, Concern.CHEST_PAIN, EVERYTHING, on(20), day=20)
    (way_back,) = returns(scene)
    assert way_back.first_day == on(20)
    assert way_back.days_off == (on(20) - first.day).days - 1
    assert due(scene)
    assert not any(session.hard and session.day < way_back.hard_from for session in due(scene))


def test_cleared_for_easy_running_then_for_everything(begun: Scene) -> None:
    say(begun, answer, Concern.DOCTORS_ADVICE, on(0))
    say(begun, clear, Concern.DOCTORS_ADVICE, EASY, on(3), day=3)
    assert due(begun)
    with pytest.raises(OverrideError, match="cleared for that since"):
        say(begun, clear, Concern.DOCTORS_ADVICE, EASY, on(3), day=3)
    for day in (10, 24, 31):
        sync(begun, day)
        assert not any(session.hard for session in due(begun, day))
    say(begun, clear, Concern.DOCTORS_ADVICE, EVERYTHING, on(31), day=31)
    with pytest.raises(OverrideError, match="nothing is entered"):
        say(begun, clear, Concern.DOCTORS_ADVICE, EVERYTHING, on(31), day=31)


def test_what_was_cleared_long_ago_and_is_said_only_now_lets_the_plan_go_on(begun: Scene) -> None:
    say(begun, answer, Concern.INJURY, on(0))
    sync(begun, 1)
    sync(begun, 40)
    say(begun, clear, Concern.INJURY, EVERYTHING, on(1), day=40)
    assert due(begun, 40)


def test_a_new_symptom_after_a_clearance_is_a_new_answer(begun: Scene) -> None:
    say(begun, answer, Concern.FAINTING, on(0))
    say(begun, clear, Concern.FAINTING, EVERYTHING, on(2), day=2)
    say(begun, answer, Concern.FAINTING, on(4), day=4)
    assert due(begun, 4) == []
    with begun.world(begun.at(4)) as world:
        known = world.store.health.in_force()
    assert [(each.since, each.free_from) for each in known] == [(on(0), on(2)), (on(4), None)]


def test_one_clearance_of_two_stops_changes_nothing(begun: Scene) -> None:
    say(begun, answer, Concern.FAINTING, on(0))
    say(begun, answer, Concern.SURGERY, on(0))
    say(begun, clear, Concern.FAINTING, EVERYTHING, on(1), day=1)
    assert due(begun) == []


def test_a_birth_cleared_at_six_weeks_is_walks_to_twelve_and_leaking_is_walks_again(begun: Scene) -> None:
    say(begun, answer, Concern.BIRTH, on(-40))
    say(begun, clear, Concern.BIRTH, EVERYTHING, on(2), day=2)
    for day in (2, 43):
        sync(begun, day)
        assert not [each for each in due(begun, day) if each.day < on(44)]
    sync(begun, 44)
    assert due(begun, 44)
    say(begun, answer, Concern.PELVIC_FLOOR, on(46), day=46)
    assert due(begun, 46) == []


# --- taken back and undone


def test_an_answer_of_today_can_be_undone_and_everything_is_as_it_was(begun: Scene) -> None:
    before = due(begun)
    say(begun, answer, Concern.CHEST_PAIN, on(0))
    undone: Undone = say(begun, undo, None)
    assert undone.change.reason.code == Cause.HEALTH_SAID
    assert due(begun) == before


def test_an_answer_of_today_can_be_taken_back(begun: Scene) -> None:
    before = due(begun)
    say(begun, answer, Concern.MISSED_PERIODS, on(0))
    assert not any(session.hard for session in due(begun))
    say(begun, take_back, Concern.MISSED_PERIODS, hour=8)
    assert [session.id for session in due(begun)] == [session.id for session in before]


@pytest.mark.parametrize("word", ["undo", "take back"])
def test_a_stop_that_cost_days_ends_only_with_its_return(begun: Scene, word: str) -> None:
    outcome: EditOutcome = say(begun, answer, Concern.CHEST_PAIN, on(0))
    sync(begun, 3)
    said = (undo, outcome.changes[0].id) if word == "undo" else (take_back, Concern.CHEST_PAIN)
    with pytest.raises(OverrideError, match="you come back in steps"):
        say(begun, *said, day=3)
    assert due(begun) == []


def test_another_day_for_a_stop_does_not_make_it_an_answer_of_today(begun: Scene) -> None:
    say(begun, answer, Concern.CHEST_PAIN, on(0))
    say(begun, answer, Concern.CHEST_PAIN, on(10), day=10)
    with pytest.raises(OverrideError, match="you come back in steps"):
        say(begun, take_back, Concern.CHEST_PAIN, day=10)
    with pytest.raises(OverrideError):
        say(begun, undo, None, day=10)
    assert due(begun) == []


def test_an_answer_of_today_about_last_week_can_be_undone(begun: Scene) -> None:
    before = due(begun)
    say(begun, answer, Concern.CHEST_PAIN, on(-7))
    say(begun, undo, None)
    assert due(begun) == before


def test_the_undo_of_a_clearance_stops_again_and_its_return_comes_with_the_next_one(begun: Scene) -> None:
    say(begun, answer, Concern.CHEST_PAIN, on(0))
    for _ in range(2):
        say(begun, clear, Concern.CHEST_PAIN, EVERYTHING, on(10), day=10)
        assert due(begun)
        assert len(returns(begun)) == 1
        undone: Undone = say(begun, undo, None, day=10, hour=8)
        assert undone.change.reason.code == Cause.HEALTH_CLEARED
        assert due(begun) == []
        assert returns(begun) == []


def test_the_way_back_itself_cannot_be_undone(begun: Scene) -> None:
    say(begun, answer, Concern.CHEST_PAIN, on(0))
    outcome: EditOutcome = say(begun, clear, Concern.CHEST_PAIN, EVERYTHING, on(10), day=10)
    way_back = next(change for change in outcome.changes if change.condition is not None)
    with pytest.raises(OverrideError, match="way back"):
        say(begun, undo, way_back.id, day=10)


# --- bad input


@pytest.mark.parametrize(
    ("concern", "since", "message"),
    [
        (Concern.CHEST_PAIN, 1, "still to come"),
        (Concern.CHEST_PAIN, -800, "more than two years ago"),
        (Concern.BIRTH, 1, "still to come"),
        (Concern.PREGNANCY, -300, "would be over"),
    ],
)
def test_an_impossible_day_is_one_line(begun: Scene, concern: Concern, since: int, message: str) -> None:
    with pytest.raises(OverrideError, match=message):
        say(begun, answer, concern, on(since))
    assert due(begun)


def test_the_same_answer_twice_is_one_line_and_another_day_corrects_it(begun: Scene) -> None:
    say(begun, answer, Concern.SURGERY, on(0))
    with pytest.raises(OverrideError, match="entered already"):
        say(begun, answer, Concern.SURGERY, on(0))
    say(begun, answer, Concern.SURGERY, on(-3))
    with begun.world(begun.at(0)) as world:
        assert [each.since for each in world.store.health.in_force()] == [on(-3)]


@pytest.mark.parametrize(
    ("day", "cleared_for", "message"),
    [
        (6, EVERYTHING, "still to come"),
        (0, EVERYTHING, "before Tue 6 Jan"),
        (5, ClearedFor.OVER, "only a pregnancy is over"),
    ],
)
def test_an_impossible_clearance_is_one_line(
    begun: Scene, day: int, cleared_for: ClearedFor, message: str
) -> None:
    say(begun, answer, Concern.CHEST_PAIN, on(1), day=1)
    with pytest.raises(OverrideError, match=message):
        say(begun, clear, Concern.CHEST_PAIN, cleared_for, on(day), day=5)


def test_clearing_what_was_never_said_is_one_line_that_names_what_is_open(begun: Scene) -> None:
    say(begun, answer, Concern.SURGERY, on(0))
    with pytest.raises(OverrideError, match="open are surgery"):
        say(begun, clear, Concern.CHEST_PAIN, EVERYTHING, on(0))


def test_an_injury_that_is_entered_as_hurt_is_not_entered_twice(begun: Scene) -> None:
    with begun.world(begun.at(0, 7)) as world:
        sick(world, on(0), begun.at(0, 7), hurt=True)
    with pytest.raises(OverrideError, match="syncd resume ends it"):
        say(begun, answer, Concern.INJURY, on(0))


def test_a_stop_while_ill_holds_after_the_illness(begun: Scene) -> None:
    with begun.world(begun.at(0, 7)) as world:
        sick(world, on(0), begun.at(0, 7))
    say(begun, answer, Concern.CHEST_PAIN, on(1), day=1)
    say(begun, resume, day=3)
    sync(begun, 5)
    assert due(begun, 3) == []


# --- the configuration


def test_an_answer_of_the_file_is_dated_the_day_on_which_it_is_first_read(begun: Scene) -> None:
    for day in (2, 5):
        sync(begun, day, in_file=in_file(Concern.CHEST_PAIN, day=day))
    with begun.world(begun.at(5)) as world:
        (known,) = world.store.health.in_force()
    assert (known.since, known.in_file, known.free_from) == (on(2), True, None)
    assert due(begun, 2) == []
    assert on_watch(begun) == []


def test_a_file_of_before_that_says_cleared_changes_nothing(begun: Scene) -> None:
    before = due(begun)
    report = sync(begun, 0, hour=8, in_file=in_file(Concern.CHEST_PAIN, day=0, cleared=True))
    assert (report.changes, report.actions) == ((), ())
    assert due(begun) == before


def test_a_file_of_before_without_answers_changes_nothing(begun: Scene) -> None:
    report = sync(begun, 0, hour=8)
    assert report.quiet


@pytest.mark.parametrize("how", ["cleared in the file", "removed from the file", "by command"])
def test_an_answer_of_the_file_ends_in_its_return(begun: Scene, how: str) -> None:
    def said(day: int) -> Health:
        return in_file(Concern.CHEST_PAIN, day=day)

    for day in (1, 11):
        sync(begun, day, in_file=said(day))
    if how == "by command":
        say(begun, clear, Concern.CHEST_PAIN, EVERYTHING, on(12), day=12, in_file=said(12))
        sync(begun, 12, in_file=said(12))
    else:
        gone = NOTHING if how.startswith("removed") else in_file(Concern.CHEST_PAIN, day=12, cleared=True)
        sync(begun, 12, in_file=gone)
    (way_back,) = returns(begun)
    assert way_back.first_day == on(12)
    assert due(begun, 12)
    assert not any(session.hard and session.day < way_back.hard_from for session in due(begun, 12))


def test_cleared_in_the_file_and_then_not_any_more_is_a_new_answer(begun: Scene) -> None:
    sync(begun, 1, in_file=in_file(Concern.FAINTING, day=1))
    sync(begun, 4, in_file=in_file(Concern.FAINTING, day=4, cleared=True))
    sync(begun, 8, in_file=in_file(Concern.FAINTING, day=8))
    with begun.world(begun.at(8)) as world:
        assert [each.since for each in world.store.health.in_force()] == [on(1), on(8)]
    assert due(begun, 8) == []


def test_what_is_written_in_the_file_is_taken_back_there(begun: Scene) -> None:
    said = in_file(Concern.STRESS_FRACTURE, day=0)
    sync(begun, 0, in_file=said)
    with pytest.raises(OverrideError, match=r"config\.toml"):
        say(begun, take_back, Concern.STRESS_FRACTURE, in_file=said)
    with begun.world(begun.at(0)) as world:
        change = next(each for each in world.store.changes.newest(9) if each.reason.code == Cause.HEALTH_SAID)
    with pytest.raises(OverrideError, match=r"config\.toml"):
        say(begun, undo, change.id, in_file=said)
    assert not any(session.hard for session in due(begun))


# --- together


_WORDS = ("stop", "easy only", "clear", "clear easy", "take back", "undo", "ill", "resume", "sync")


def _try(scene: Scene, word: str, day: int) -> None:
    """One word or a sync; what is refused changes nothing."""
    try:
        match word:
            case "stop":
                say(scene, answer, Concern.CHEST_PAIN, on(day), day=day)
            case "easy only":
                say(scene, answer, Concern.STRESS_FRACTURE, on(day), day=day)
            case "clear":
                say(scene, clear, Concern.CHEST_PAIN, EVERYTHING, on(day), day=day)
            case "clear easy":
                say(scene, clear, Concern.CHEST_PAIN, EASY, on(day), day=day)
            case "take back":
                say(scene, take_back, Concern.CHEST_PAIN, day=day)
            case "undo":
                say(scene, undo, None, day=day)
            case "ill":
                say(scene, sick, on(day), day=day)
            case "resume":
                say(scene, resume, day=day)
            case _:
                sync(scene, day, hour=7)
    except OverrideError:
        return


@given(st.lists(st.tuples(st.sampled_from(_WORDS), st.integers(0, 5)), min_size=3, max_size=7))
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_words_and_undos_plans_what_health_forbids(
    tmp_path_factory: pytest.TempPathFactory, first_sync: Path, words: list[tuple[str, int]]
) -> None:
    folder, day = tmp_path_factory.mktemp("words") / "begun", 0
    shutil.copytree(first_sync, folder)
    scene = Scene(folder)
    for word, passed in (("stop", 0), *words):
        day += passed
        _try(scene, word, day)
        with scene.world(scene.at(day)) as world:
            answers = world.store.health.in_force()
        stopped = [each for each in answers if each.concern is Concern.CHEST_PAIN and each.easy_from is None]
        if stopped:
            assert due(scene, day) == []
        if any(each.free_from is None for each in answers):
            assert not any(session.hard for session in due(scene, day))
        for way_back in returns(scene):
            assert not any(
                session.hard and way_back.first_day <= session.day < way_back.hard_from
                for session in due(scene, day)
                if session.kind is not SessionKind.RACE
            )
