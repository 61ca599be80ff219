"""From a situation to decisions: the rules in their order, each on what the earlier ones left.

Deterministic and idempotent: applied to its own result, it changes nothing. What was decided once
on some evidence is not decided again, undone or not. Easing applies by itself;
loading keeps out of the 36 hours before a session and off sessions that a rule has eased. The
athlete's own moves and pins are not touched: a safety rule warns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionState, Week, week_of
from syncd.domain.training.conditions import Demanded
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.edits import marked
from syncd.domain.training.rules.registry import RULES, Precedence, Rule
from syncd.domain.training.rules.situation import Edit, RuleProposal, SessionRecord, Situation, after

Planner = Callable[[Situation], tuple[Week, ...]]

REPLANS = frozenset({Demanded.RETURN, Demanded.DOWN, Demanded.LOWER, Demanded.FEWER_DAYS, Demanded.TEST})
EASED_BY = frozenset({"A1", "A2", "A3", "A7", "A10", "A12", "A13", "A14", "A18", "A21", "P1", "W1"})
MOST_DECISIONS = 60  # far more than a season of trouble has in one day
_LONGER = 1.02


@dataclass(frozen=True, slots=True)
class Decision:
    """A proposal as it is carried out: with the edits that apply, and the weeks planned anew.

    `warning`: what a safety rule would have done to a session that the athlete holds.
    """

    proposal: RuleProposal
    edits: tuple[Edit, ...]
    weeks: tuple[Week, ...] = ()
    warning: Reason | None = None

    @property
    def rule(self) -> str:
        """Its id."""
        return self.proposal.rule

    @property
    def changes_the_plan(self) -> bool:
        """Whether it is more than a message."""
        return bool(self.edits) or self.proposal.condition is not None


def decide(situation: Situation, planner: Planner | None = None) -> tuple[Decision, ...]:
    """The decisions that are due now. `planner` gives the weeks from this one on, planned anew."""
    return adapt(situation, planner)[0]


def adapt(
    situation: Situation, planner: Planner | None = None, *, without: Collection[str] = ()
) -> tuple[tuple[Decision, ...], Situation]:
    """The decisions, and the situation once they are carried out. `without`: rules that are not asked."""
    decisions: list[Decision] = []
    touched: set[str] = set()
    while len(decisions) < MOST_DECISIONS:
        decision = next(_decisions(situation, frozenset(touched), without), None)
        if decision is None:
            break
        proposal = decision.proposal
        situation = after(situation, proposal.key, decision.edits, proposal.condition)
        if proposal.condition is not None and proposal.condition.asked in REPLANS and planner is not None:
            weeks = tuple(planner(situation))
            back = proposal.rule == "A3"  # what the illness took off the watch
            since = proposal.condition.first_day
            more = differences(situation, weeks, since=since, rule=proposal.rule, restoring=back)
            situation = replace(after(situation, "", more, None), weeks=_with_kinds(situation, weeks))
            decision = replace(decision, edits=(*decision.edits, *more), weeks=weeks)
        touched |= {edit.session_id for edit in decision.edits}
        decisions.append(decision)
    return tuple(decisions), situation


def differences(
    situation: Situation,
    weeks: Iterable[Week],
    *,
    since: date,
    rule: str = "",
    restoring: bool = False,
    but_for: Collection[str] = (),
) -> tuple[Edit, ...]:
    """From the committed sessions ahead to the weeks planned anew.

    What is done, held by the athlete, of their own plan file, or today's when today was run, stays.
    `restoring`: dropped sessions may come back (after a pause or illness). `but_for`: session ids that are
    left as they are. Loading keeps out of the freeze.
    """
    first = max(since, situation.today)
    if any(run.day == situation.today for run in situation.runs):
        first = max(first, situation.today + timedelta(days=1))
    taken = {entry.session.day for entry in situation.due if entry.held}
    own = {week_of(entry.session.id) for entry in situation.entries if is_own(entry.session)}
    ahead = (session for week in weeks for session in week.sessions)
    fresh = {
        session.id: session
        for session in ahead
        if session.day >= first and session.day not in taken and session.id not in but_for
    }
    edits: list[Edit] = []
    if restoring and not rule:  # after a pause the athlete's own sessions are as they were
        edits += [
            Edit(None, entry.session)
            for entry in situation.entries
            if is_own(entry.session) and _may_come(entry, restoring=True) and entry.session.day >= first
        ]
    for entry in situation.due:
        left = entry.held or entry.session.id in but_for or week_of(entry.session.id) in own
        if not left and entry.session.day >= first:
            edits += _replacing(situation, entry.session, fresh.get(entry.session.id), rule)
    known = {entry.session.id: entry for entry in situation.entries}
    planned_anew = {week.start for week in situation.weeks} - own
    for session in fresh.values():
        existing = known.get(session.id)
        too_near = session.hard and situation.is_frozen(session.day)
        comes = week_of(session.id) in planned_anew and not too_near
        if comes and _may_come(existing, restoring=restoring):
            # after a pause it counts as added; what a rule brings back is a change of what it was
            before = existing.session if existing and rule else None
            edits.append(Edit(before, _marked(session, rule)))
    return tuple(edits)


def _replacing(situation: Situation, before: Session, new: Session | None, rule: str) -> Iterator[Edit]:
    """A session ahead becomes the one that is planned now, or none; nothing where they are the same."""
    if new is None:
        yield Edit(before, None)
    elif differs(before, new):
        edit = Edit(before, _marked(new, rule), loading=is_more(before, new))
        if not (edit.loading and (situation.is_frozen(edit.day) or "W1" in before.rules)):
            yield edit  # what heat has eased gets no harder but by the facts that it rests on


def is_own(session: Session) -> bool:
    """Whether it comes from the athlete's own plan file: it belongs to no family of the library."""
    return not session.family


def _decisions(situation: Situation, touched: frozenset[str], without: Collection[str]) -> Iterator[Decision]:
    """What the rules propose now, in their order, as far as it may be carried out."""
    for rule in RULES:
        if rule.propose is None:
            continue
        for proposal in rule.propose(situation):
            if proposal.key in situation.answered or proposal.rule in without:
                continue
            decision = _admitted(situation, rule, proposal, touched)
            if decision is not None:
                yield decision


def _admitted(
    situation: Situation, asked_by: Rule, proposal: RuleProposal, touched: frozenset[str]
) -> Decision | None:
    held = {entry.session.id for entry in situation.entries if entry.held}
    edits = tuple(edit for edit in proposal.edits if edit.session_id not in held)
    kept_out = len(edits) < len(proposal.edits)
    edits = tuple(edit for edit in edits if not _waits(situation, edit, touched))
    if proposal.edits and not edits and proposal.condition is None:
        if kept_out and asked_by.precedence <= Precedence.ILLNESS:
            return Decision(proposal, (), warning=Reason(Cause.HELD_WHOLE))
        return None
    warning = Reason(Cause.HELD_PARTLY) if kept_out else None
    return Decision(proposal, edits, warning=warning)


def _waits(situation: Situation, edit: Edit, touched: frozenset[str]) -> bool:
    """Whether an edit has to wait: loading needs a session that nothing has eased and that is not near."""
    if not edit.loading:
        return False
    eased = edit.before is not None and bool(EASED_BY & set(edit.before.rules))
    return eased or edit.session_id in touched or situation.is_frozen(edit.day)


def differs(before: Session, new: Session) -> bool:
    """Whether it is on another day, of another kind, another workout, or meant at another effort."""
    return (before.day, before.kind, before.rpe, before.workout) != (new.day, new.kind, new.rpe, new.workout)


def is_more(before: Session, new: Session) -> bool:
    """Whether it asks more of the runner."""
    return (new.hard and not before.hard) or new.distance_m > before.distance_m * _LONGER


def _marked(session: Session, rule: str) -> Session:
    return replace(session, rules=marked(session.rules, rule)) if rule else session


def _may_come(known: SessionRecord | None, *, restoring: bool) -> bool:
    """Whether a planned session that is not due may be put in."""
    if known is None:
        return True
    return restoring and known.state is SessionState.DROPPED and not known.held


def _with_kinds(situation: Situation, weeks: Iterable[Week]) -> tuple[Week, ...]:
    """The committed weeks, with the kinds and notes that they have now."""
    fresh = {week.start: week for week in weeks}
    return tuple(
        replace(week, kind=fresh[week.start].kind, notes=fresh[week.start].notes)
        if week.start in fresh
        else week
        for week in situation.weeks
    )
