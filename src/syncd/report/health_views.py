"""The answers about health on the screens: what follows from them, until when, and what ends it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from syncd.domain.athlete import Concern, Health, HealthAnswer, HealthGrade
from syncd.domain.day_text import dated_text, listed
from syncd.domain.reason import Reason
from syncd.domain.training.health import HOTTEST_PREGNANT_C
from syncd.domain.training.health_answers import (
    WALKS_AFTER_BIRTH,
    days_without,
    open_answers,
    pregnancy_on,
)
from syncd.domain.training.reasons import Cause
from syncd.domain.units import Units
from syncd.report.reasons import reason_text
from syncd.report.sheet import Sheet, StyledText, Tone, sheet_of
from syncd.store import Store
from syncd.store.changes import Change

STOP_SIGNS = (  # ACOG Committee Opinion 804
    "Stop and call your doctor or midwife for: bleeding, leaking fluid, regular painful contractions, pain "
    "in the belly or chest, breathlessness before you begin, dizziness or faintness, headache, weak muscles "
    "that make you unsteady, pain or swelling in a calf."
)
_TALK = "run so that you can talk in sentences, by effort and not by pace"
_DOCTOR = "see a doctor"


def name_of(concern: Concern) -> str:
    """`chest_pain`, as commands and configuration call it."""
    return concern.name.lower()


def kept_health(store: Store) -> Health:
    """The answers as the state keeps them, for who does not read the settings."""
    return Health(store.health.in_force())


def health_lines(health: Health, today: date, units: Units) -> tuple[str, ...]:
    """A line for each kind of answer that something follows from today, the one about a doctor included."""
    answers = open_answers(health, today)
    lines = [_line(_alike(answers, answer), answer, today, units) for answer in answers]
    return tuple(dict.fromkeys(lines))


def race_line(hindrance: Reason | None, today: date, units: Units) -> str:
    """That a race of the calendar is not planned for, and why; empty where it is, or is over."""
    if hindrance is None or date.fromisoformat(hindrance.facts["day"]) < today:
        return ""
    return reason_text(hindrance, units)


def add_health(sheet: Sheet, lines: Iterable[str], *, more: bool = True) -> None:
    """The lines, where the next session would stand, and an empty one after them where `more` follows."""
    shown = list(lines)
    for line in shown:
        sheet.say(StyledText(line, Tone.BAD), hang=2)
    if shown and more:
        sheet.gap()


def health_payload(health: Health, today: date) -> list[dict[str, Any]]:
    """The answers that something follows from today, as `--json` shows them."""
    off = {found.answer.concern: found for found in days_without(health) if found.covers(today)}
    return [
        {
            "concern": name_of(answer.concern),
            "grade": answer.grade.value,
            "since": answer.since.isoformat(),
            "easy_from": _iso(answer.easy_from),
            "free_from": _iso(answer.free_from),
            "over_on": _iso(answer.over_on),
            "running": answer.concern not in off,
        }
        for answer in open_answers(health, today)
    ]


def health_sheet(health: Health, hindrance: Reason | None, today: date, units: Units) -> Sheet:
    """Everything that `syncd health` shows: what holds, what follows, and what was cleared."""
    open_ones = open_answers(health, today)
    sheet = Sheet()
    if not open_ones:
        sheet.say("No answer about health holds anything back.")
    for line in health_lines(health, today, units):
        sheet.say(StyledText(line, Tone.BAD), hang=2)
    for line in stop_signs(health, today):
        sheet.say(line, hang=2)
    if line := race_line(hindrance, today, units):
        sheet.say(line, hang=2)
    past = [answer for answer in health.answers if answer not in open_ones and answer.free_from is not None]
    for answer in past:
        free = dated_text(answer.free_from or today, today)
        text = f"{answer.concern.value} since {dated_text(answer.since, today)}: cleared {free}"
        sheet.say(StyledText(text, Tone.QUIET), hang=2)
    if health.birth_year is not None:
        sheet.say(StyledText(f"Born in {health.birth_year}.", Tone.QUIET))
    return sheet


def first_words(health: Health, today: date, units: Units) -> Sheet:
    """What `init` and a new answer say at once: the lines, and the stop signs of a pregnancy."""
    return sheet_of(*health_lines(health, today, units), *stop_signs(health, today))


def stop_signs(health: Health, today: date) -> tuple[str, ...]:
    """The signs at which a pregnant athlete stops; none for who is not pregnant."""
    return () if pregnancy_on(health, today) is None else (STOP_SIGNS,)


def signs_after(changes: Iterable[Change]) -> tuple[str, ...]:
    """The stop signs, once: where a sync has just read of a pregnancy in the configuration."""
    grades = {
        change.reason.facts.get("grade") for change in changes if change.reason.code == Cause.HEALTH_SAID
    }
    return (STOP_SIGNS,) if HealthGrade.PREGNANCY.value in grades else ()


def _alike(answers: Iterable[HealthAnswer], answer: HealthAnswer) -> tuple[HealthAnswer, ...]:
    """Answers that the same follows from: they share a line."""
    shares = answer.grade in (HealthGrade.STOP, HealthGrade.EASY_ONLY)
    return tuple(
        other
        for other in answers
        if other is answer or (shares and other.grade is answer.grade and _state(other) == _state(answer))
    )


def _state(answer: HealthAnswer) -> tuple[bool, bool]:
    return answer.easy_from is None, answer.free_from is None


def _line(alike: tuple[HealthAnswer, ...], answer: HealthAnswer, today: date, units: Units) -> str:
    about = listed([f"{one.concern.value} since {dated_text(one.since, today)}" for one in alike])
    clear = " ".join(f"--clear {name_of(one.concern)}" for one in alike)
    match answer.grade:
        case HealthGrade.PREGNANCY:
            return _pregnancy_line(answer, today, units)
        case HealthGrade.BIRTH if answer.easy_from is None or _is_early(answer, today):
            return _birth_line(answer, today)
        case HealthGrade.WALKS if answer.easy_from is None:
            return (
                f"Walks only ({about}): see a doctor or a physiotherapist for the pelvic floor; cleared? "
                f"syncd health {clear}"
            )
        case HealthGrade.INJURY if answer.easy_from is None:
            return (
                f"No running ({about}): walk if you like, and {_DOCTOR} if it does not get better. Better? "
                f"syncd health {clear}"
            )
        case HealthGrade.STOP if answer.easy_from is None:
            return f"No running ({about}): {_DOCTOR} first. Cleared by a doctor? syncd health {clear}"
    return (
        f"Easy running only, no test and no race ({about}): {_DOCTOR} about hard running. Cleared for "
        f"everything? syncd health {clear}"
    )


def _is_early(answer: HealthAnswer, today: date) -> bool:
    return today < answer.since + WALKS_AFTER_BIRTH


def _birth_line(answer: HealthAnswer, today: date) -> str:
    until = dated_text(answer.since + WALKS_AFTER_BIRTH, today)
    if answer.easy_from is None:
        until_text = f"twelve weeks after the birth ({until}) and " if _is_early(answer, today) else ""
        return (
            f"Walks only until {until_text}a doctor has cleared you: see a doctor; cleared? "
            "syncd health --clear birth"
        )
    return f"Walks only until {until}, twelve weeks after the birth; then you come back in steps"


def _pregnancy_line(answer: HealthAnswer, today: date, units: Units) -> str:
    if answer.over_on is not None and answer.over_on <= today:
        return (
            "Easy running only, no test and no race, after a pregnancy: see a doctor about hard running. "
            "Cleared for everything? syncd health --clear pregnancy"
        )
    ask = (
        ""
        if answer.free_from
        else " Ask your doctor whether it is safe for you (syncd health --clear pregnancy)."
    )
    hot = f"not from {HOTTEST_PREGNANT_C:g} C"
    if answer.usual is None:
        return f"Pregnant: walk so that you can talk in sentences, {hot}.{ask} Stop signs: syncd health"
    most = (
        f"never more than your usual {units.distance(answer.usual.week_m, 0)} a week and "
        f"{units.distance(answer.usual.long_m)} in a run"
    )
    return f"Pregnant: {_TALK}, {most}, {hot}; no test and no race.{ask} Stop signs: syncd health"


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
