"""The few ways in which a rule changes a session, and where a hard one may be moved to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from syncd.domain.session import MEASURED_KINDS, Session, SessionKind, SessionState
from syncd.domain.training.adaptation import shortened
from syncd.domain.training.by_effort import session_by_effort
from syncd.domain.training.composition import EASY_OF_LONG
from syncd.domain.training.easier import EASY_SHARE
from syncd.domain.training.rules.situation import Edit, SessionRecord, Situation
from syncd.domain.training.sessions import easy_run, placed

_LEAST_M, _GRAIN_M = 2000.0, 100.0


def as_easy(session: Session, situation: Situation, rule: str) -> Edit:
    """An easy, shorter run in the place of a hard one, on the same day."""
    metres = max(EASY_SHARE * session.distance_m, min(_LEAST_M, session.distance_m))
    week = situation.week_of(session.day)
    long_m = [other.distance_m for other in week.sessions if other.kind is SessionKind.LONG] if week else []
    if long_m and session.kind is not SessionKind.LONG:
        metres = min(metres, EASY_OF_LONG * max(long_m))  # S19
    recipe = easy_run(metres // _GRAIN_M * _GRAIN_M, situation.zones)
    return Edit(session, paced_or_by_effort(placed(recipe, session.id, session.day, ("S9", rule)), situation))


def shorter(session: Session, metres: float, situation: Situation, rule: str) -> Edit | None:
    """Cut to `metres`; None for a kind that is not cut."""
    recipe = shortened(session, metres, situation.zones)
    if recipe is None:
        return None
    return Edit(
        session,
        paced_or_by_effort(placed(recipe, session.id, session.day, marked(session.rules, rule)), situation),
    )


def moved(session: Session, day: date, rule: str) -> Edit:
    """The same content on another day."""
    return Edit(session, replace(session, day=day, rules=marked(session.rules, rule)))


def paced_or_by_effort(session: Session, situation: Situation) -> Session:
    """The session as it is, or by effort as long as there is no 5 km to take paces from."""
    return session_by_effort(session) if situation.by_effort else session


def marked(rules: tuple[str, ...], rule: str) -> tuple[str, ...]:
    """The rules that shaped a session, with one more; each once."""
    return tuple(dict.fromkeys((*rules, rule)))


def next_hard(situation: Situation, first: date, last: date | None = None) -> SessionRecord | None:
    """The first hard session still to be run in these days; never a race, a test only by its day."""
    for entry in situation.due:
        day = entry.session.day
        if entry.session.hard and day >= first and (last is None or day <= last):
            return entry if entry.session.kind is not SessionKind.RACE else None
    return None


def easable(situation: Situation, last: date | None = None) -> Iterator[SessionRecord]:
    """The hard sessions still to be run, up to that day, that effort and pace may ease (A10, A12, A21).

    Never a race or a test: they are what would put wrong paces right.
    """
    for entry in situation.due:
        session = entry.session
        if session.hard and session.kind not in MEASURED_KINDS and (last is None or session.day <= last):
            yield entry


def next_easable(situation: Situation) -> SessionRecord | None:
    """The first of them; None without one."""
    return next(easable(situation), None)


def room_for(
    session: Session, situation: Situation, first: date, last: date
) -> tuple[date, SessionRecord | None] | None:
    """A day for a hard or long session, and the easy run that gives way there; None without one.

    It is far enough from every other hard and long run, done or due, on a day that can be run on.
    """
    for day in _days(first, last):
        if day in situation.blocked or situation.is_off(day):
            continue
        if any(
            condition.hard_from is not None and day < condition.hard_from
            for condition in situation.in_force()
        ):
            continue
        if not is_apart(session, day, situation):
            continue
        same_day = [entry for entry in situation.entries if entry.session.day == day and entry.is_due]
        if any(run.day == day for run in situation.runs):
            continue
        if not same_day and day.weekday() in situation.availability.weekdays:
            return day, None
        if len(same_day) == 1 and not same_day[0].held and same_day[0].session.kind in _GIVES_WAY:
            return day, same_day[0]
    return None


def is_apart(session: Session, day: date, situation: Situation) -> bool:
    """Whether no other hard or long run lies within the hours that have to be between them.

    A run that was hard counts, whoever planned it.
    """
    gap = situation.limits.gap_days
    strains = [
        entry.run.day if entry.run is not None else entry.session.day
        for entry in situation.entries
        if entry.session.id != session.id
        and entry.is_strain
        and entry.state in (SessionState.DUE, SessionState.DONE)
    ]
    strains += [run.day for run in situation.runs if run.session_id != session.id and run.is_extra_hard]
    return all(abs((day - strain).days) >= gap for strain in strains)


_TAKES_PLACE = frozenset({SessionState.DUE, SessionState.DONE})
_GIVES_WAY = frozenset({SessionKind.EASY, SessionKind.RECOVERY})


def _days(first: date, last: date) -> Iterator[date]:
    for count in range((last - first).days + 1):
        yield first + timedelta(days=count)
