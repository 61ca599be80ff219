"""Pain in a run: the next hard day is easy, or no running at all (training model, 9.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from syncd.athlete.pain import PainOutcome, enter_pain, pain_in
from syncd.athlete.sessions import OverrideError
from syncd.athlete.time_off import resume, sick
from syncd.athlete.undoing import undo
from syncd.cycle.situation import spells_of
from syncd.domain.questions import Answer, AnsweredBy, QuestionKind
from syncd.domain.session import Session, SessionState
from syncd.domain.training.pain import PainGrade, PainSign
from syncd.domain.training.rules.situation import Trouble
from tests.support.scene import MONDAY, Scene


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


@pytest.fixture
def ran(scene: Scene) -> Scene:
    """The first session is run on its day; the hard ones are on days 1 and 8."""
    scene.sync(0, hour=6)
    scene.record(0, "4km E")
    scene.sync(0)
    return scene


def hurt(
    scene: Scene, worst: int, *signs: PainSign, day: int = 0, of: int = 0, hour: int = 21, place: str = ""
) -> PainOutcome:
    """The pain of the run of a day, entered on another."""
    now = scene.at(day, hour)
    with scene.world(now) as world:
        (run,) = [run for run in world.store.activities.summaries(on(of), on(of)) if run.is_run]
        said = pain_in(world, run.id)
        assert said is not None
        return enter_pain(world, replace(said, worst=worst, signs=frozenset(signs), place=place), now)


def say(scene: Scene, word: Any, *arguments: Any, day: int = 0, hour: int = 22, **named: Any) -> Any:
    now = scene.at(day, hour)
    with scene.world(now) as world:
        return word(world, *arguments, now, **named)


def due(scene: Scene) -> list[Session]:
    return [known.session for known in scene.sessions(0, 40) if known.state is SessionState.DUE]


def hard_days(scene: Scene) -> list[date]:
    return [session.day for session in due(scene) if session.hard]


def troubles(scene: Scene, day: int = 0) -> list[tuple[Trouble, date, date | None]]:
    with scene.world(scene.at(day)) as world:
        return [(spell.trouble, spell.first_day, spell.last_day) for spell in spells_of(world.store)]


@pytest.mark.parametrize(
    ("worst", "signs", "grade"),
    [
        (0, (), PainGrade.NONE),
        (1, (), PainGrade.MILD),
        (2, (), PainGrade.MILD),
        (3, (), PainGrade.HURT),
        (10, (), PainGrade.HURT),
        (1, (PainSign.RISING,), PainGrade.HURT),
        (1, (PainSign.STILL,), PainGrade.HURT),
        (1, (PainSign.LIMP,), PainGrade.HURT),
        (1, (PainSign.SPOT,), PainGrade.DOCTOR),
        (1, (PainSign.NIGHT,), PainGrade.DOCTOR),
        (2, (PainSign.NIGHT, PainSign.LIMP), PainGrade.DOCTOR),
    ],
)
def test_what_pain_asks_for(ran: Scene, worst: int, signs: tuple[PainSign, ...], grade: PainGrade) -> None:
    before = hard_days(ran)
    assert hurt(ran, worst, *signs).pain.grade is grade
    expected = {
        PainGrade.NONE: (before, []),
        PainGrade.MILD: (before[1:], []),
        PainGrade.HURT: ([], [(Trouble.HURT, on(0), None)]),
        PainGrade.DOCTOR: ([], [(Trouble.STOP, on(0), None)]),
    }
    assert (hard_days(ran), troubles(ran)) == expected[grade]
    assert bool(due(ran)) == (grade < PainGrade.HURT)


def test_a_second_sore_run_before_the_next_hard_day_eases_no_other_one(ran: Scene) -> None:
    before = hard_days(ran)
    hurt(ran, 1)
    ran.record(0, "3km E", hour=20)
    ran.sync(0, hour=22)
    with ran.world(ran.at(0)) as world:
        second = world.store.activities.summaries(on(0), on(0))[-1]
        said = pain_in(world, second.id)
        assert said is not None
        enter_pain(world, replace(said, worst=1), ran.at(0, 23))
    assert hard_days(ran) == before[1:]


def test_a_corrected_entry_takes_back_what_followed_from_it(ran: Scene) -> None:
    before = due(ran)
    hurt(ran, 2)
    assert due(ran) != before
    hurt(ran, 0, hour=22)
    assert due(ran)[1:] == before[1:]  # tomorrow's is too near to get harder again
    hurt(ran, 4, hour=22)
    assert due(ran) == []
    outcome = hurt(ran, 0, hour=23)
    assert outcome.undone
    assert [session.day for session in due(ran)] == [session.day for session in before]
    assert troubles(ran) == []


def test_a_corrected_entry_makes_a_doctors_case_of_an_injury_and_an_injury_of_it_again(ran: Scene) -> None:
    hurt(ran, 4)
    hurt(ran, 4, PainSign.NIGHT, hour=22)
    assert troubles(ran) == [(Trouble.STOP, on(0), None)]
    hurt(ran, 4, hour=23)
    assert troubles(ran) == [(Trouble.HURT, on(0), None)]


def test_who_entered_an_injury_and_then_a_bony_spot_needs_a_doctor_and_a_smaller_entry_changes_nothing_of_it(
    ran: Scene,
) -> None:
    say(ran, sick, on(0), hurt=True, hour=20)
    hurt(ran, 5, PainSign.SPOT)
    hurt(ran, 3, hour=22)
    assert troubles(ran) == [(Trouble.STOP, on(0), None)]


def test_only_a_doctor_ends_a_stop(ran: Scene) -> None:
    hurt(ran, 2, PainSign.NIGHT)
    with pytest.raises(OverrideError, match="see a doctor first"):
        say(ran, resume, day=5)
    say(ran, resume, day=5, cleared=True)
    assert troubles(ran, 5) == [(Trouble.STOP, on(0), on(4))]
    assert due(ran)


def test_an_injury_by_pain_can_be_undone(ran: Scene) -> None:
    before = due(ran)
    hurt(ran, 4)
    say(ran, undo, None)
    assert (due(ran), troubles(ran)) == (before, [])


def test_resume_on_the_evening_of_the_pain_makes_nothing_hard_tomorrow(ran: Scene) -> None:
    hurt(ran, 4)
    say(ran, resume)
    assert troubles(ran) == [(Trouble.HURT, on(0), on(0))]
    assert all(day > on(3) for day in hard_days(ran))


@pytest.mark.parametrize(("late", "grade"), [(14, True), (15, False)])
def test_what_hurt_long_ago_is_kept_and_changes_nothing(ran: Scene, late: int, grade: bool) -> None:
    ran.sync(late, hour=6)
    outcome = hurt(ran, 4, day=late)
    assert bool(troubles(ran, late)) is grade
    assert outcome.text is not None
    assert (outcome.text.code == "pain_long_ago") is not grade


@pytest.mark.parametrize(
    ("worst", "signs", "error"),
    [(11, (), "11: pain is 0 to 10"), (-1, (), "-1: pain is"), (0, (PainSign.LIMP,), "0 is no pain")],
)
def test_what_makes_no_sense_is_refused(
    ran: Scene, worst: int, signs: tuple[PainSign, ...], error: str
) -> None:
    with pytest.raises(OverrideError, match=error):
        hurt(ran, worst, *signs)


# --- asked


@pytest.fixture
def back(scene: Scene) -> Scene:
    """Hurt for three days, back on Thursday, and a run then."""
    scene.sync(0, hour=6)
    say(scene, sick, on(0), hurt=True, hour=7)
    say(scene, resume, day=3, hour=7)
    scene.record(3, "3km E")
    scene.sync(3)
    return scene


def questions(scene: Scene, day: int) -> list[tuple[str, bool]]:
    with scene.world(scene.at(day)) as world:
        asked = sorted(
            (*world.store.questions.open(), *world.store.questions.settled()),
            key=lambda question: question.id,
        )
        return [
            (question.facts["day"], question.answered_at is None)
            for question in asked
            if question.kind is QuestionKind.PAIN
        ]


def test_runs_of_a_return_are_asked_about_once_a_day(back: Scene) -> None:
    assert questions(back, 3) == [(on(3).isoformat(), True)]
    back.record(3, "2km E", hour=21)
    back.sync(3, hour=22)
    assert questions(back, 3) == [(on(3).isoformat(), True)]
    back.record(4, "3km E")
    back.sync(4)
    assert questions(back, 4) == [(on(3).isoformat(), False), (on(4).isoformat(), True)]


def test_an_entry_answers_the_question(back: Scene) -> None:
    hurt(back, 0, day=3, of=3)
    with back.world(back.at(3)) as world:
        assert world.store.questions.open() == ()
        (question,) = world.store.questions.settled()
    assert (question.answer, question.answered_by) == (Answer.NO, AnsweredBy.ATHLETE)


def test_runs_after_an_illness_are_not_asked_about(scene: Scene) -> None:
    scene.sync(0, hour=6)
    say(scene, sick, on(0), hour=7, fever=False)
    say(scene, resume, day=3, hour=7)
    scene.record(4, "3km E")
    scene.sync(4)
    assert questions(scene, 4) == []
