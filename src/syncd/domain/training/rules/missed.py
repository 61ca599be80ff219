"""Sessions that were not run: nothing is made up, a hard one may move once (A4, A5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from syncd.domain.reason import Reason
from syncd.domain.session import EASY_KINDS, MEASURED_KINDS, SessionKind, SessionState, monday_of
from syncd.domain.training.evidence import not_run_fact
from syncd.domain.training.reasons import Cause, session_fact
from syncd.domain.training.rules.edits import moved, room_for
from syncd.domain.training.rules.situation import Edit, RuleProposal, SessionRecord, Situation

CLOSED_AFTER_DAYS, SEARCH_DAYS = 2, 3  # the grace window is over; then three days to find room


def missed_easy(situation: Situation) -> Iterator[RuleProposal]:
    """A4: a missed easy run is gone; its kilometres are never made up."""
    for entry in newly_missed(situation):
        if entry.session.kind in EASY_KINDS - {SessionKind.LONG}:
            reason = Reason(Cause.EASY_MISSED, {"session": session_fact(entry.session)})
            yield message("A4", entry, reason)


def missed_hard(situation: Situation) -> Iterator[RuleProposal]:
    """A5: a missed hard session moves once, where two easy days fit round it; else it is dropped."""
    for entry in newly_missed(situation):
        session = entry.session
        if not session.hard or session.kind in MEASURED_KINDS or session.kind is SessionKind.LONG:
            continue
        missed = {"session": session_fact(session)}
        room = _room(situation, entry)
        if room is None or _moved_this_week(situation, session.day):
            yield message("A5", entry, Reason(Cause.HARD_DROPPED, missed))
            continue
        day, gives_way = room
        edits = [moved(session, day, "A5")]
        if gives_way is not None:
            edits.append(Edit(gives_way.session, None))
        cause = Cause.HARD_MOVED_OVER_EASY if gives_way else Cause.HARD_MOVED
        reason = Reason(cause, missed | {"to": day.isoformat()})
        yield moving("A5", entry, reason, tuple(edits))


def newly_missed(situation: Situation) -> Iterator[SessionRecord]:
    """Sessions known to be missed for a few days, in weeks in which they should have been run.

    Known only when a late upload would usually be there.
    """
    if not situation.covered:
        return
    known_after = max(CLOSED_AFTER_DAYS, situation.late_days + 1)
    for entry in situation.entries:
        age = (situation.today - entry.session.day).days
        new = entry.state is SessionState.MISSED and 0 <= age - known_after < SEARCH_DAYS
        if new and not entry.held and not situation.is_excused(entry.session.day):
            yield entry


def moving(
    rule: str, entry: SessionRecord, reason: Reason, edits: tuple[Edit, ...], *, until: date | None = None
) -> RuleProposal:
    """Carried out once for each session, as long as it was not run after all, up to `until`."""
    session = entry.session
    rests_on = (not_run_fact(entry, until=until),)
    return RuleProposal(
        rule, f"{rule}:{session.id}", reason, {"session": session.id}, edits, rests_on=rests_on
    )


def message(rule: str, entry: SessionRecord, reason: Reason) -> RuleProposal:
    """What is told of a missed session, once."""
    session = entry.session
    rests_on = (not_run_fact(entry),)
    evidence = {"session": session.id}
    return RuleProposal(rule, f"{rule}:{session.id}", reason, evidence, about=session.id, rests_on=rests_on)


def _room(situation: Situation, entry: SessionRecord) -> tuple[date, SessionRecord | None] | None:
    closed = entry.session.day + timedelta(days=CLOSED_AFTER_DAYS)
    first = max(situation.today + timedelta(days=1), closed)
    return room_for(entry.session, situation, first, closed + timedelta(days=SEARCH_DAYS - 1))


def _moved_this_week(situation: Situation, day: date) -> bool:
    """Whether a hard session of this week was moved already: only one may be."""
    return any(
        "A5" in entry.session.rules and monday_of(entry.session.day) == monday_of(day)
        for entry in situation.entries
        if entry.state in (SessionState.DUE, SessionState.DONE)
    )
