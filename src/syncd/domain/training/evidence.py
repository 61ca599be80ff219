"""What a decision rests on: facts by id and version, read again in each sync.

A fact holds as long as reading it again gives the same version, but for rounding. Late uploads, deletions,
corrections, merged recordings and words taken back all show here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from syncd.domain.session import GRACE, SessionState
from syncd.domain.training.facts import Fact, FactKind
from syncd.domain.training.heat import is_too_hot, word_on
from syncd.domain.training.pain import Pain
from syncd.domain.training.rules.situation import DoneRun, SessionRecord, Situation
from syncd.domain.training.single_run import counted, longest_m

SAME_SHARE = 0.01  # our default: recordings of one run differ by less


def run_fact(run: DoneRun, *names: str) -> Fact:
    """A run with the fields that a rule read of it."""
    return Fact(FactKind.RUN, run.id, {name: _plain(getattr(run, name)) for name in ("day", *names)})


def run_facts(runs: Iterable[DoneRun], *names: str) -> tuple[Fact, ...]:
    """The same of several runs."""
    return tuple(run_fact(run, *names) for run in runs)


def ran_fact(day: date) -> Fact:
    """Something was run on that day."""
    return Fact(FactKind.RAN, day.isoformat())


def no_run_fact(first: date, last: date) -> Fact:
    """Nothing was run from the first to the last of these days."""
    return Fact(FactKind.NO_RUN, _span(first, last))


def distance_fact(situation: Situation, first: date, last: date) -> Fact:
    """How far was run from the first to the last of these days."""
    return _read_fact(situation, Fact(FactKind.DISTANCE, _span(first, last)))


def longest_fact(situation: Situation, before: date, known_on: date) -> Fact:
    """The longest run before a day, as far as there were runs on another."""
    asked = Fact(FactKind.LONGEST, before.isoformat(), {"known_on": known_on.isoformat()})
    return _read_fact(situation, asked)


def not_run_fact(entry: SessionRecord, *, until: date | None = None) -> Fact:
    """The session was not run on its day, nor on the next; with `until`, not up to that day."""
    version = {"day": entry.session.day.isoformat()}
    if until is not None:
        version["until"] = until.isoformat()
    return Fact(FactKind.NOT_RUN, entry.session.id, version)


def outcome_facts(situation: Situation, session_ids: Iterable[str]) -> tuple[Fact, ...]:
    """How quality sessions went."""
    return tuple(_read_fact(situation, Fact(FactKind.OUTCOME, asked)) for asked in session_ids)


def spell_fact(identity: str, **version: Any) -> Fact:
    """Time off that the athlete entered; `version` as far as it matters (`first_day`, `last_day`)."""
    return Fact(FactKind.SPELL, identity, {name: _plain(value) for name, value in version.items()})


def pain_fact(pain: Pain) -> Fact:
    """What was entered about pain in a run; corrected, it is another entry."""
    return Fact(FactKind.PAIN, str(pain.id), {"day": _plain(pain.day)})


def heat_fact(day: date, **version: Any) -> Fact:
    """What was entered about heat on a day: `hot`, or `from_c`, the degrees that it reaches at least."""
    return Fact(FactKind.HEAT, day.isoformat(), {"day": day.isoformat(), **version})


def broken(facts: Iterable[Fact], situation: Situation) -> Fact | None:
    """The first fact that does not hold any more; None where all hold."""
    return next((fact for fact in facts if not holds(fact, situation)), None)


def holds(fact: Fact, situation: Situation) -> bool:
    """Whether reading the fact again gives what was read then."""
    read = _READERS[fact.kind](fact, situation)
    return read is not None and all(_alike(read.get(name), known) for name, known in fact.version.items())


def last_day_of(fact: Fact) -> date | None:
    """The last day that a fact is about; None where its id says no day."""
    if "day" in fact.version:
        return date.fromisoformat(fact.version["day"])
    if fact.kind in (FactKind.RAN, FactKind.LONGEST):
        return date.fromisoformat(fact.id)
    if fact.kind in (FactKind.NO_RUN, FactKind.DISTANCE):
        return _days(fact)[1]
    return None


def _read_fact(situation: Situation, asked: Fact) -> Fact:
    read = _READERS[asked.kind](asked, situation) or {}
    return Fact(asked.kind, asked.id, {**asked.version, **read})


_Reading = Mapping[str, Any] | None  # None: there is no such thing any more


def _read_run(fact: Fact, situation: Situation) -> _Reading:
    run = next((run for run in situation.runs if run.id == fact.id), None)
    return None if run is None else {name: _plain(getattr(run, name)) for name in fact.version}


def _read_ran(fact: Fact, situation: Situation) -> _Reading:
    return {} if date.fromisoformat(fact.id) in _days_run(situation) else None


def _read_no_run(fact: Fact, situation: Situation) -> _Reading:
    first, last = _days(fact)
    return None if any(first <= day <= last for day in _days_run(situation)) else {}


def _read_distance(fact: Fact, situation: Situation) -> _Reading:
    first, last = _days(fact)
    return {"distance_m": sum(run.distance_m for run in situation.runs if first <= run.day <= last)}


def _read_longest(fact: Fact, situation: Situation) -> _Reading:
    known_on = date.fromisoformat(fact.version["known_on"])
    runs = counted(tuple(run for run in situation.history if run.day <= known_on))
    return {**fact.version, "longest_m": longest_m(runs, date.fromisoformat(fact.id))}


def _read_not_run(fact: Fact, situation: Situation) -> _Reading:
    entry = next((entry for entry in situation.entries if entry.session.id == fact.id), None)
    if entry is None or entry.state is not SessionState.DONE or entry.run is None:
        return fact.version
    until = fact.version.get("until")
    last_day = date.fromisoformat(until) if until else date.fromisoformat(fact.version["day"]) + GRACE
    return None if entry.run.day <= last_day else fact.version


def _read_outcome(fact: Fact, situation: Situation) -> _Reading:
    outcomes = (outcome for of_family in situation.outcomes.values() for outcome in of_family)
    outcome = next((outcome for outcome in outcomes if outcome.session_id == fact.id), None)
    if outcome is None:
        return None
    return {
        "day": _plain(outcome.day),
        "level": outcome.level,
        "in_band": outcome.reps_in_band,
        "planned": outcome.reps_planned,
        "rpe": outcome.rpe,
        "excused": outcome.excused,
        "too_fast": outcome.reps_too_fast,
    }


def _read_spell(fact: Fact, situation: Situation) -> _Reading:
    spell = next((spell for spell in situation.spells if spell.id == fact.id), None)
    return None if spell is None else {name: _plain(getattr(spell, name)) for name in fact.version}


def _read_pain(fact: Fact, situation: Situation) -> _Reading:
    return fact.version if any(str(pain.id) == fact.id for pain in situation.pains) else None


def _read_heat(fact: Fact, situation: Situation) -> _Reading:
    word = word_on(situation.heat, date.fromisoformat(fact.id))
    if word is None or word.weather is None:
        return None
    least = fact.version.get("from_c")
    reached = least is not None and word.weather.temperature_c >= least
    return {"day": fact.id, "hot": is_too_hot(word.weather), "from_c": least if reached else None}


_READERS: Mapping[FactKind, Callable[[Fact, Situation], _Reading]] = {
    FactKind.RUN: _read_run,
    FactKind.RAN: _read_ran,
    FactKind.NO_RUN: _read_no_run,
    FactKind.DISTANCE: _read_distance,
    FactKind.LONGEST: _read_longest,
    FactKind.NOT_RUN: _read_not_run,
    FactKind.OUTCOME: _read_outcome,
    FactKind.SPELL: _read_spell,
    FactKind.PAIN: _read_pain,
    FactKind.HEAT: _read_heat,
    FactKind.READING: lambda fact, _: fact.version,  # each listing compares it, where the sink is read
}


def _days_run(situation: Situation) -> set[date]:
    return {run.day for run in situation.runs} | {run.day for run in situation.history}


def _span(first: date, last: date) -> str:
    return f"{first.isoformat()}..{last.isoformat()}"


def _days(fact: Fact) -> tuple[date, date]:
    first, last = fact.id.split("..")
    return date.fromisoformat(first), date.fromisoformat(last)


def _plain(value: Any) -> Any:
    """JSON-able: days as ISO text, codes as their text."""
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def _alike(read: Any, known: Any) -> bool:
    if isinstance(read, bool) or isinstance(known, bool):
        return bool(read == known)
    if isinstance(read, (int, float)) and isinstance(known, (int, float)):
        return abs(read - known) <= SAME_SHARE * max(abs(read), abs(known))
    return bool(read == known)
