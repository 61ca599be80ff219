"""Questions to the athlete: asked once, few at a time, answered by the athlete or by themselves in time."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncd.athlete.undoing import undo
from syncd.cycle.answers import answer
from syncd.cycle.assessment import assess
from syncd.cycle.corrections import correct
from syncd.cycle.questions import ask
from syncd.cycle.withdrawing import withdraw
from syncd.domain.corrections import Correction, CorrectionKind
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.questions import MOST_OPEN, Answer, AnsweredBy, Question, QuestionKind
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState
from syncd.domain.training.reasons import session_fact
from tests.support.scene import MONDAY, Scene
from tests.support.tracks import gpx, steady


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    scene = Scene(tmp_path)
    scene.sync(0, hour=6)
    return scene


def ride(scene: Scene, day: int, name: str = "lunch.gpx") -> None:
    """A ride of an hour at 25 km/h that names no sport."""
    start = datetime.combine(MONDAY + timedelta(days=day), datetime.min.time(), UTC) + timedelta(hours=11)
    path = scene.inbox / name
    path.write_bytes(gpx(steady(3600, 7.0, hr=None), kind="", start=start))
    os.utime(path, (1, 1))


def open_ones(scene: Scene, day: int) -> tuple[Question, ...]:
    with scene.world(scene.at(day)) as world:
        return world.store.questions.open()


def say(scene: Scene, number: int, word: Answer, day: int, hour: int = 20) -> Question | None:
    now = scene.at(day, hour)
    with scene.world(now) as world:
        answered = answer(world, number, word, now)
        assess(world, now)
        return answered


def runs(scene: Scene) -> int:
    with scene.world(scene.at(30)) as world:
        return world.store.activities.count_runs()


def about_session(scene: Scene, key: str = "near miss") -> Question:
    """Was the last run the session of Tuesday?"""
    with scene.world(scene.at(2)) as world:
        (run, *_) = world.store.activities.newest(1)
        (session,) = world.store.plan.between(MONDAY + timedelta(days=1), MONDAY + timedelta(days=1))
        wanted = Question(
            QuestionKind.SESSION,
            key,
            Answer.NO,
            session_fact(session.session),
            activity_id=run.id,
            session_id=session.session.id,
        )
        asked = ask(world, wanted, scene.at(2))
    assert asked is not None
    return asked


def about_race(scene: Scene) -> Question:
    """Was the last run a race?"""
    with scene.world(scene.at(2)) as world:
        (run, *_) = world.store.activities.newest(1)
        facts = {"distance_m": run.distance_m, "time_s": run.timer_s, "day": run.day.isoformat()}
        asked = ask(
            world,
            Question(QuestionKind.RACE, f"race:{run.id}", Answer.NO, facts, activity_id=run.id),
            scene.at(2),
        )
    assert asked is not None
    return asked


# --- a doubtful recording


def test_a_recording_that_may_be_no_run_is_asked_about_once(scene: Scene) -> None:
    ride(scene, 1)
    (question,) = scene.sync(1).asked
    assert (question.kind, question.default, question.facts["file"]) == (
        QuestionKind.RUN,
        Answer.NO,
        "lunch.gpx",
    )
    assert scene.sync(1, hour=21).asked == ()
    assert open_ones(scene, 1) == (question,)


def test_yes_makes_it_a_run(scene: Scene) -> None:
    ride(scene, 1)
    scene.sync(1)
    settled = say(scene, 1, Answer.YES, 1)
    assert settled is not None
    assert (settled.answer, settled.answered_by) == (Answer.YES, AnsweredBy.ATHLETE)
    assert runs(scene) == 1
    assert open_ones(scene, 1) == ()


def test_no_ignores_it(scene: Scene) -> None:
    ride(scene, 1)
    scene.sync(1)
    say(scene, 1, Answer.NO, 1)
    with scene.world(scene.at(1)) as world:
        assert [held.kind for held in world.store.corrections.of_activity(1)] == [CorrectionKind.IGNORE]
        assert world.store.activities.doubtful() == ()
    assert runs(scene) == 0


def test_without_an_answer_it_is_settled_after_two_days_and_stays_without_effect(scene: Scene) -> None:
    ride(scene, 1)
    scene.sync(1)
    assert scene.sync(3, hour=19).settled == ()
    (settled,) = scene.sync(3, hour=20).settled
    assert (settled.answer, settled.answered_by) == (Answer.NO, AnsweredBy.DEFAULT)
    assert scene.sync(4).settled == ()
    with scene.world(scene.at(4)) as world:
        assert world.store.corrections.of_activity(1) == ()  # nobody said anything
    assert runs(scene) == 0
    assert open_ones(scene, 4) == ()


def test_what_is_settled_another_way_is_not_asked_any_more(scene: Scene) -> None:
    ride(scene, 1)
    scene.sync(1)
    with scene.world(scene.at(1)) as world:
        correct(world, [Correction(1, CorrectionKind.IGNORE, scene.at(1))], scene.at(1))
    assert scene.sync(2).settled == ()
    assert open_ones(scene, 2) == ()
    with scene.world(scene.at(2)) as world:
        (settled,) = world.store.questions.settled()
    assert (settled.answer, settled.answered_by) == (None, AnsweredBy.MOOT)


def test_no_more_than_two_are_open_and_the_next_comes_when_there_is_room(scene: Scene) -> None:
    for day in (1, 2, 3):
        ride(scene, day, f"ride-{day}.gpx")
    assert len(scene.sync(4).asked) == MOST_OPEN
    (first, _) = open_ones(scene, 4)
    say(scene, first.id, Answer.NO, 4)
    assert [asked.facts["file"] for asked in scene.sync(4, hour=21).asked] == ["ride-1.gpx"]


def test_an_old_recording_is_not_asked_about(scene: Scene) -> None:
    ride(scene, -40)
    assert scene.sync(1).asked == ()


# --- which session it was


def test_yes_puts_the_run_to_its_session(scene: Scene) -> None:
    scene.record(2, "30min E")
    scene.sync(2)
    question = about_session(scene)
    say(scene, question.id, Answer.YES, 2)
    with scene.world(scene.at(2)) as world:
        session = world.store.plan.get(question.session_id or "")
        assert session is not None
        assert (session.state, session.activity_id) == (SessionState.DONE, question.activity_id)


@pytest.mark.parametrize("by", ["athlete", "itself"])
def test_no_leaves_both_as_they_are_and_the_word_is_kept(scene: Scene, by: str) -> None:
    scene.record(2, "30min E")
    scene.sync(2)
    question = about_session(scene)
    if by == "athlete":
        say(scene, question.id, Answer.NO, 2)
    else:
        scene.sync(4, hour=21)
    with scene.world(scene.at(4)) as world:
        kept = world.store.questions.with_key(question.key)
        session = world.store.plan.get(question.session_id or "")
    assert kept is not None
    assert session is not None
    assert kept.answer is Answer.NO
    assert session.activity_id is None


def test_a_question_about_a_run_that_is_gone_does_not_matter_any_more(scene: Scene) -> None:
    scene.record(2, "30min E")
    scene.sync(2)
    question = about_session(scene)
    with scene.world(scene.at(2)) as world:
        withdraw(world, question.activity_id or 0, Reason(WithdrawalCause.DELETED), scene.at(2))
    settled = say(scene, question.id, Answer.YES, 2)
    assert settled is not None
    assert (settled.answer, settled.answered_by) == (None, AnsweredBy.MOOT)
    with scene.world(scene.at(2)) as world:
        session = world.store.plan.get(question.session_id or "")
    assert session is not None
    assert session.activity_id is None


def test_a_question_that_is_over_takes_no_answer(scene: Scene) -> None:
    ride(scene, 1)
    scene.sync(1)
    say(scene, 1, Answer.NO, 1)
    assert say(scene, 1, Answer.YES, 1) is None
    assert say(scene, 7, Answer.YES, 1) is None
    assert runs(scene) == 0


# --- a race


def test_a_race_is_one_by_the_athletes_word(scene: Scene) -> None:
    scene.record(2, "8km @5:25-5:35/km")
    scene.sync(2, hour=20)
    question = about_race(scene)
    say(scene, question.id, Answer.YES, 2)
    with scene.world(scene.at(2)) as world:
        race = world.store.overrides.race_of(question.activity_id or 0)
        assert race is not None
        assert race.detail["distance_m"] == pytest.approx(8000, rel=0.01)
        assert race.first_day == MONDAY + timedelta(days=2)
        undo(world, race.change_id, scene.at(2))
        assert world.store.overrides.race_of(question.activity_id or 0) is None


@pytest.mark.parametrize("word", [Answer.NO, None])
def test_a_race_that_was_none_or_that_nobody_answered_is_none(scene: Scene, word: Answer | None) -> None:
    scene.record(2, "8km @5:25-5:35/km")
    scene.sync(2, hour=20)
    question = about_race(scene)
    if word is None:
        scene.sync(4, hour=22)
    else:
        say(scene, question.id, word, 2)
    with scene.world(scene.at(4)) as world:
        assert world.store.overrides.race_of(question.activity_id or 0) is None
        assert world.store.questions.open() == ()


def test_a_race_by_the_athletes_word_is_a_result_with_the_next_sync(scene: Scene) -> None:
    scene.record(2, "5km @5:25-5:35/km")
    scene.sync(2, hour=20)
    with scene.world(scene.at(2)) as world:
        assert world.store.results.in_force() == ()
    question = about_race(scene)
    say(scene, question.id, Answer.YES, 2)
    scene.sync(2, hour=22)
    with scene.world(scene.at(2)) as world:
        (result,) = world.store.results.in_force()
    assert (result.distance_m, result.activity_id) == (5000.0, question.activity_id)
