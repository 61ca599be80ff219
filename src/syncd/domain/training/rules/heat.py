"""Heat (W1): hard sessions are easy, long runs shorter, and who is pregnant does not run.

It is known from the weather of the last run, or from the athlete's word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from syncd.domain.reason import Reason
from syncd.domain.scoring.heat import Weather
from syncd.domain.session import Session, SessionKind
from syncd.domain.training.evidence import heat_fact, run_fact
from syncd.domain.training.facts import Fact
from syncd.domain.training.heat import LONG_SHARE, PERSISTS, HeatWord, is_off, is_too_hot, word_on
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.edits import as_easy, shorter
from syncd.domain.training.rules.situation import DoneRun, Edit, RuleProposal, Situation

_RUN_EASES = timedelta(days=1)  # after a run: today's session and tomorrow's


@dataclass(frozen=True, slots=True)
class KnownWeather:
    """How warm a day is, and who says so: the athlete's word or a run. `last_day`: as far as it is known."""

    day: date
    weather: Weather
    last_day: date
    word: HeatWord | None = None
    run: DoneRun | None = None

    def fact(self, **asked: Any) -> Fact:
        """What a decision rests on; `asked` of a word."""
        if self.run is not None:
            return run_fact(self.run, "temperature_c", "dew_point_c")
        return heat_fact(self.day, **asked)

    @property
    def facts(self) -> dict[str, Any]:
        """For the reason."""
        return {
            "temperature_c": self.weather.temperature_c,
            "dew_point_c": self.weather.dew_point_c,
            "day": self.run.day.isoformat() if self.run else None,
        }

    @property
    def evidence(self) -> dict[str, Any]:
        """What is undone with a word belongs to the change that the word made."""
        if self.word is None:
            return {"run": self.run.id if self.run else None, "temperature_c": self.weather.temperature_c}
        because = {} if self.word.change is None else {"because": self.word.change}
        return {"heat": self.word.id, "temperature_c": self.weather.temperature_c, **because}


def weather_on(situation: Situation, day: date) -> KnownWeather | None:
    """What is known of a day from today on: what was said of it, unless a later run was warmer."""
    word, run = word_on(situation.heat, day), _last_run(situation)
    if run is not None and (day > situation.today + _RUN_EASES or _is_said_since(word, run)):
        run = None
    if run is not None and (measured := _weather_of(run)) is not None:
        return KnownWeather(day, measured, run.day + PERSISTS, run=run)
    if word is None or word.weather is None:
        return None
    return KnownWeather(day, word.weather, word.last_day, word=word)


def too_hot(situation: Situation) -> Iterator[RuleProposal]:
    """W1: each session of a day that is too hot, once."""
    for entry in situation.due:
        known = weather_on(situation, entry.session.day)
        if known is None:
            continue
        if is_off(known.weather, situation.limits.hottest_c):
            yield _dropped(entry.session, situation, known)
        elif is_too_hot(known.weather) and "W1" not in entry.session.rules:
            yield from _eased(entry.session, situation, known)


def _last_run(situation: Situation) -> DoneRun | None:
    """The last run with weather, as long as it is as warm as it was then."""
    measured = [run for run in situation.runs if run.temperature_c is not None and run.day <= situation.today]
    last = measured[-1] if measured else None
    return last if last is not None and situation.today - last.day <= PERSISTS else None


def _weather_of(run: DoneRun) -> Weather | None:
    return None if run.temperature_c is None else Weather(run.temperature_c, run.dew_point_c)


def _is_said_since(word: HeatWord | None, run: DoneRun) -> bool:
    """Whether the word outranks the run: it is no older, or says that it is as warm at least."""
    if word is None:
        return False
    warm = word.weather is not None and word.weather.temperature_c >= (run.temperature_c or 0.0)
    return word.first_day >= run.day or warm


def _dropped(session: Session, situation: Situation, known: KnownWeather) -> RuleProposal:
    fact = known.fact(from_c=situation.limits.hottest_c)
    reason = Reason(Cause.PREGNANT_IN_HEAT, known.facts)
    return _proposal(session, known, reason, fact, Edit(session, None), "off")


def _eased(session: Session, situation: Situation, known: KnownWeather) -> Iterator[RuleProposal]:
    fact = known.fact(hot=True)
    if session.kind is SessionKind.RACE:
        key = f"W1:race:{session.id}"
        reason = Reason(Cause.RACE_IN_HEAT, known.facts)
        yield RuleProposal("W1", key, reason, known.evidence, about=session.id, rests_on=(fact,))
    elif session.kind is SessionKind.LONG:
        cut = shorter(session, LONG_SHARE * session.distance_m, situation, "W1")
        if cut is not None:
            yield _proposal(session, known, Reason(Cause.LONG_IN_HEAT, known.facts), fact, cut)
    elif session.hard:
        cause = Cause.TEST_IN_HEAT if session.kind is SessionKind.TEST else Cause.HARD_IN_HEAT
        yield _proposal(session, known, Reason(cause, known.facts), fact, as_easy(session, situation, "W1"))


def _proposal(
    session: Session, known: KnownWeather, reason: Reason, fact: Fact, edit: Edit, what: str = "eased"
) -> RuleProposal:
    """Once for each session, and once more after another word."""
    by = "run" if known.word is None else f"{known.word.id}"
    key = f"W1:{what}:{session.id}:{session.distance_m:.0f}:{by}"
    return RuleProposal("W1", key, reason, known.evidence, (edit,), rests_on=(fact,))
