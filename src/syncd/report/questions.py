"""Questions to the athlete in words: what is asked, what answers it, and what happens without an answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from syncd.domain.calendar_names import DAY_NAMES
from syncd.domain.clock_time import format_clock
from syncd.domain.day_text import dated_text, day_text
from syncd.domain.delivery import labels
from syncd.domain.grammar import counted
from syncd.domain.questions import DEFAULT_AFTER, Answer, AnsweredBy, Question, QuestionKind
from syncd.domain.reason import Reason
from syncd.domain.units import Units
from syncd.report.doubts import TRIMMABLE, doubt_text
from syncd.report.sheet import Sheet, StyledText, Tone
from syncd.store import Store
from syncd.store.activities import ActivitySummary

_INDENT = 7  # under a label
_DAYS_BY_NAME = 7  # our default: a weekday alone means one of the last six days


def question_text(question: Question, store: Store, units: Units, today: date) -> str:
    """`Was the 8.1 km on Tuesday your 3 x 5 min?`."""
    run = None if question.activity_id is None else store.activities.get(question.activity_id)
    match question.kind:
        case QuestionKind.SESSION:
            session = _session_text(question, run, units)
            return f"Was the {_run_text(question, run, units, today)} your {session}?"
        case QuestionKind.RACE:
            return f"Was the {_run_text(question, run, units, today)} a race?"
        case QuestionKind.RUN:
            file = question.facts.get("file")
            what = _run_text(question, run, units, today)
            return f"Was {file} ({what}) a run?" if file else f"Was the {what} a run?"
        case QuestionKind.PAIN:
            return f"Did the {_run_text(question, run, units, today)} hurt?"
        case QuestionKind.REMOVED:
            return _removed_text(question, today)


def default_text(question: Question, local_now: datetime) -> str:
    """`no by itself on Thu 12 Feb`."""
    at = default_at(question, local_now)
    day = f" on {dated_text(at.date(), local_now.date())}" if at is not None and at > local_now else " soon"
    if question.default is Answer.UNKNOWN:
        return f"without an answer it is left open{day}"
    return f"{question.default.value} by itself{day}"


def default_at(question: Question, local_now: datetime) -> datetime | None:
    """When the default applies, on the athlete's clock."""
    return question.asked_at and (question.asked_at + DEFAULT_AFTER).astimezone(local_now.tzinfo)


def choices_text(question: Question) -> str:
    """`syncd answer 2 yes | no`, and what else settles it."""
    other = _trim_text(question) or _pain_text(question)
    more = f" | {other}" if other else ""
    return f"syncd answer {question.id} yes | no{more}"


def _trim_text(question: Question) -> str:
    """The command that keeps a part of a doubtful recording; empty where that makes no sense."""
    doubt = question.facts.get("doubt") if question.kind is QuestionKind.RUN else None
    if not doubt or Reason.from_json(doubt).code not in TRIMMABLE:
        return ""
    return f"syncd fix {question.activity_id} --trim 45:00"


def _pain_text(question: Question) -> str:
    """The command that says how much it hurt; empty for any other question."""
    return f"syncd pain {question.activity_id} 2" if question.kind is QuestionKind.PAIN else ""


def add_questions(
    sheet: Sheet, questions: Iterable[Question], store: Store, units: Units, local_now: datetime
) -> None:
    """A line for each."""
    for question in questions:
        asked = question_text(question, store, units, local_now.date())
        sheet.say(
            StyledText(f"Question {question.id}: ", Tone.FAIR),
            f"{asked[:1].lower()}{asked[1:]} ",
            StyledText(choices_text(question), Tone.MARK),
            f" ({default_text(question, local_now)})",
            hang=_INDENT,
        )


def open_sheet(questions: Sequence[Question], store: Store, units: Units, local_now: datetime) -> Sheet:
    """What is open, or that nothing is."""
    sheet = Sheet()
    if not questions:
        sheet.say("No open questions.")
    add_questions(sheet, questions, store, units, local_now)
    return sheet


def question_sheet(question: Question, store: Store, units: Units, local_now: datetime) -> Sheet:
    """One question, with what follows from each answer."""
    sheet = Sheet()
    asked = question_text(question, store, units, local_now.date())
    sheet.say(StyledText(f"Question {question.id}: ", Tone.FAIR), StyledText(asked, Tone.STRONG), hang=2)
    doubt = question.facts.get("doubt") if question.kind is QuestionKind.RUN else None
    if doubt:
        text = doubt_text(Reason.from_json(doubt), units)
        sheet.say(f"{text[:1].upper()}{text[1:]}.", indent=2)
    for answer in (Answer.YES, Answer.NO):
        follows = _FOLLOWS[question.kind, answer]
        sheet.say(
            StyledText(f"syncd answer {question.id} {answer.value}", Tone.MARK),
            f": {follows}",
            indent=2,
            hang=4,
        )
    if command := _trim_text(question):
        sheet.say(
            StyledText(command, Tone.MARK), ": keep what you ran of it, by its timer.", indent=2, hang=4
        )
    if command := _pain_text(question):
        sheet.say(
            StyledText(command, Tone.MARK), ": say how much, 0 to 10 (syncd pain --help).", indent=2, hang=4
        )
    text = default_text(question, local_now)
    sheet.say(f"{text[:1].upper()}{text[1:]}.", indent=2)
    return sheet


_FOLLOWS = {
    (QuestionKind.SESSION, Answer.YES): "it is scored as that session.",
    (QuestionKind.SESSION, Answer.NO): "it counts as a run of its own, and the session stays as it is.",
    (QuestionKind.RACE, Answer.YES): "it counts as a hard day and as a result: your paces may follow.",
    (QuestionKind.RACE, Answer.NO): "it counts as training.",
    (QuestionKind.RUN, Answer.YES): "it counts, with load, score and plan.",
    (QuestionKind.RUN, Answer.NO): "it is ignored, and counts nowhere.",
    (QuestionKind.PAIN, Answer.YES): "it counts as 3 of 10, and you as hurt, until you say how much it was.",
    (QuestionKind.PAIN, Answer.NO): "you come back as planned.",
    (QuestionKind.REMOVED, Answer.YES): "they stay off your calendar.",
    (QuestionKind.REMOVED, Answer.NO): "they are put there again.",
}


def settled_text(question: Question, store: Store, local_now: datetime) -> str:
    """`question 3 was settled on Tue 10 Feb: no; to change it: syncd match 12 2026w07-1`."""
    if question.answered_by is AnsweredBy.MOOT:
        return f"question {question.id} does not matter any more: nothing is open about it"
    at = question.answered_at
    day = "" if at is None else f" on {day_text(at.astimezone(local_now.tzinfo).date())}"
    back = way_back(question, store)
    change = f"; to change it: {back}" if back else ""
    return f"question {question.id} was settled{day}: {_answer_text(question)}{change}"


def follows_text(question: Question, store: Store) -> str:
    """What came of an answer, and the way back."""
    assert question.answer is not None  # noqa: S101 - the caller has settled it
    follows = _FOLLOWS.get((question.kind, question.answer), "nothing is changed.")
    text = f"{question.answer.value.capitalize()}: {follows}"
    back = way_back(question, store)
    return f"{text} To change it: {back}" if back else text


def add_would_ask(
    sheet: Sheet, questions: Iterable[Question], store: Store, units: Units, today: date
) -> None:
    """A line for each that a sync would ask: it has no number yet that could be answered."""
    for question in questions:
        sheet.say(f"would ask: {question_text(question, store, units, today)}", hang=4)


def add_settled(sheet: Sheet, questions: Iterable[Question], store: Store, units: Units, today: date) -> None:
    """A line for each question that was answered by itself."""
    for question in questions:
        sheet.say(by_itself_text(question, store, units, today), hang=4)


def by_itself_text(question: Question, store: Store, units: Units, today: date) -> str:
    """A question that nobody answered, and the answer that it has now."""
    asked = question_text(question, store, units, today)
    back = way_back(question, store)
    change = f" To change it: {back}" if back else ""
    return f"Question {question.id} was not answered: {asked} Settled as {_answer_text(question)}.{change}"


def _answer_text(question: Question) -> str:
    if question.answer is None or question.answer is Answer.UNKNOWN:
        return "not known"
    return question.answer.value


def way_back(question: Question, store: Store) -> str:
    """The command that changes what was answered; empty where there is none."""
    run, yes = question.activity_id, question.answer is Answer.YES
    match question.kind:
        case QuestionKind.SESSION:
            return f"syncd match {run} {'DATE' if yes else question.session_id}"
        case QuestionKind.RACE if yes:
            override = None if run is None else store.overrides.race_of(run)
            return f"syncd undo {override.change_id}" if override is not None else ""
        case QuestionKind.RACE:
            facts = question.facts
            length, took = f"{round(facts['distance_m'] / 1000, 2):g}km", format_clock(facts["time_s"])
            return f"syncd result {length} {took} --date {facts['day']}"
        case QuestionKind.RUN if yes:
            return f"syncd ignore {run}"
        case QuestionKind.RUN:
            ignored = question.answered_by is AnsweredBy.ATHLETE
            return f"syncd ignore {run} --undo" if ignored else f"syncd fix {run} --kind run"
        case QuestionKind.PAIN:
            return f"syncd pain {run} {2 if yes else 1}"
    return ""


def questions_payload(
    questions: Iterable[Question], store: Store, units: Units, local_now: datetime
) -> list[dict[str, Any]]:
    """Questions as `--json` shows them."""
    return [question_payload(question, store, units, local_now) for question in questions]


def question_payload(question: Question, store: Store, units: Units, local_now: datetime) -> dict[str, Any]:
    """One question, open or settled."""
    at = default_at(question, local_now)
    return {
        "id": question.id,
        "kind": question.kind.value,
        "text": question_text(question, store, units, local_now.date()),
        "activity": question.activity_id,
        "session": question.session_id,
        "asked_at": _iso(question.asked_at),
        "default": question.default.value,
        "default_at": _iso(at),
        "answer": question.answer.value if question.answer else None,
        "answered_at": _iso(question.answered_at),
        "answered_by": question.answered_by.value if question.answered_by else None,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _run_text(question: Question, run: ActivitySummary | None, units: Units, today: date) -> str:
    """`8.1 km on Tuesday`; without a distance its time: `45:00 on Tuesday`."""
    facts = question.facts
    metres = facts.get("distance_m") or (run.distance_m if run is not None else None)
    day = run.day if run is not None else date.fromisoformat(facts["day"])
    length = units.distance(metres) if metres else format_clock(run.timer_s) if run is not None else "run"
    return f"{length} {_on_day(day, today)}"


def _on_day(day: date, today: date) -> str:
    ago = (today - day).days
    if ago == 0:
        return "today"
    if 0 < ago < _DAYS_BY_NAME:
        return f"on {DAY_NAMES[day.weekday()]}"
    return f"on {dated_text(day, today)}"


def _session_text(question: Question, run: ActivitySummary | None, units: Units) -> str:
    """`3 x 5 min`; of another day than the run: `3 x 5 min of Tue 10 Feb`."""
    facts = question.facts
    title = labels.titled(facts["title"], facts.get("length_m"), units)
    day = date.fromisoformat(facts["day"])
    return title if run is not None and run.day == day else f"{title} of {day_text(day)}"


def _removed_text(question: Question, today: date) -> str:
    days = [date.fromisoformat(day) for day in question.facts["days"]]
    sessions = counted(len(question.facts["sessions"]), "session")
    if not days:
        return f"Did you take {sessions} off your calendar?"
    first, last = dated_text(min(days), today), dated_text(max(days), today)
    span = first if first == last else f"{first} to {last}"
    return f"Did you take {sessions} ({span}) off your calendar?"
