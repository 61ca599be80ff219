"""What comes back when a decision no longer has a ground: its sessions as they were, where that is safe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from syncd.domain.session import Session, SessionKind, SessionState
from syncd.domain.training.rules.decisions import differs, is_more
from syncd.domain.training.rules.edits import is_apart
from syncd.domain.training.rules.missed_long import TODAY_UNTIL_HOUR
from syncd.domain.training.rules.situation import Edit, SessionRecord, Situation, after


class StaysBecause(StrEnum):
    """Why a session stays easier although nothing asks for it any more."""

    NEAR = "near"  # inside the freeze
    SPACING = "spacing"  # another hard or long run is too near
    RETURN = "return"  # a return is under way
    TAKEN = "taken"  # something else is run that day
    OVER = "over"  # its day is over: it is run on the day that it is on now


@dataclass(slots=True)
class TakenBack:
    """`restored`: from what sessions are to what they were. `kept`: sessions that stay easier, and why."""

    restored: list[Edit] = field(default_factory=list)
    kept: list[tuple[Session, StaysBecause]] = field(default_factory=list)


def taken_back(situation: Situation, edits: Iterable[Edit]) -> TakenBack:
    """Reverse edits, the last first. What was changed since, or is held by the athlete, stays.

    `situation` no longer has the conditions that are taken back. Each session is judged beside the others
    as they will be, not as the edits left them.
    """
    entries = {entry.session.id: entry for entry in situation.entries}
    edits = tuple(edits)
    reverses = [
        _reversed(edit, entry)
        for edit in reversed(edits)
        if (entry := entries.get(edit.session_id)) is not None
        and not entry.held
        and _is_as_left(entry, edit)
        and (edit.before is not None or (entry.is_due and entry.session.day >= situation.today))
    ]
    kept: list[tuple[Session, StaysBecause]] = []
    while True:
        then = after(situation, "", reverses, None)
        refused = ((edit, _why_not(situation, then, edit, edits)) for edit in reverses)
        found = next(((edit, why) for edit, why in refused if why is not None), None)
        if found is None:
            return TakenBack(reverses, kept)
        edit, why = found
        reverses.remove(edit)
        if edit.after is not None:
            kept.append((edit.after, why))


def _reversed(edit: Edit, entry: SessionRecord) -> Edit:
    """From what the session is to what it was; None where it is dropped, or was not there."""
    return Edit(None if entry.state is SessionState.DROPPED else entry.session, edit.before)


def _why_not(left: Situation, then: Situation, reverse: Edit, edits: tuple[Edit, ...]) -> StaysBecause | None:
    """`left`: as the decision left it; `then`: with all that comes back; `edits`: the decision."""
    session = reverse.after
    if session is None:
        return None
    if _is_still_to_run(left, reverse) and session.day < left.today:
        return StaysBecause.OVER
    if _is_taken(then, session):
        return StaysBecause.TAKEN
    instead_of = reverse.before or _gone_from(left, then, session.day, edits)
    return why_not(then, session, instead_of, slid=_slid_from(then, session, reverse.before))


def why_not(
    situation: Situation, session: Session, instead_of: Session | None, *, slid: bool = False
) -> StaysBecause | None:
    """Why a session may not be put in the place of another (None: of nothing); None where it may.

    What is over is no load any more, and may be shown as it was. `slid`: it goes back to the day that it was
    planned for, which is no news to the athlete, however near.
    """
    if session.day < situation.today or not is_harder(session, instead_of):
        return None
    if situation.is_frozen(session.day) and not slid:
        return StaysBecause.NEAR
    returns = (asked for asked in situation.in_force() if asked.is_return)
    if any(asked.covers(session.day) for asked in returns):
        return StaysBecause.RETURN
    strain = session.hard or session.kind is SessionKind.LONG
    return StaysBecause.SPACING if strain and not is_apart(session, session.day, situation) else None


def _is_still_to_run(left: Situation, reverse: Edit) -> bool:
    return reverse.before is not None and any(entry.session.id == reverse.before.id for entry in left.due)


def _is_taken(then: Situation, session: Session) -> bool:
    """Whether another session, or a run, is on its day, where that is not over."""
    if session.day < then.today:
        return False
    others = (entry.session for entry in then.due if entry.session.id != session.id)
    return any(other.day == session.day for other in others) or any(
        run.day == session.day for run in then.runs
    )


def _gone_from(left: Situation, then: Situation, day: date, edits: tuple[Edit, ...]) -> Session | None:
    """What the decision had put on the day, and is no longer there, also where it was run on another one."""
    still = {entry.session.id for entry in then.due if entry.session.day == day}
    there = [entry.session for entry in left.due if entry.session.day == day]
    put = [edit.after for edit in edits if edit.after is not None and edit.after.day == day]
    return next((session for session in (*there, *put) if session.id not in still), None)


def _slid_from(situation: Situation, session: Session, instead_of: Session | None) -> bool:
    """Whether the same session slid out of the way of a long run (A6), and its own day can still be kept:
    like the long run itself, it has to be known in the morning."""
    if instead_of is None or "A6" not in instead_of.rules or "A6" in session.rules:
        return False
    if session.day == situation.today and situation.now.hour >= TODAY_UNTIL_HOUR:
        return False
    return session.day < instead_of.day and session.workout == instead_of.workout


def is_harder(session: Session, instead_of: Session | None) -> bool:
    """Whether it asks more than what is there."""
    if instead_of is None:
        return True
    sooner = session.hard and session.day < instead_of.day
    return sooner or is_more(instead_of, session)


def _is_as_left(entry: SessionRecord, edit: Edit) -> bool:
    """Whether nothing has changed the session since the edit."""
    if edit.after is None:
        return entry.state is SessionState.DROPPED
    if entry.state is SessionState.DROPPED:
        return False
    return not differs(entry.session, edit.after)
