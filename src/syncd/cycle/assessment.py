"""How runs went: all runs of these days find their sessions at once, and are scored, or are load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.cycle.assigning import Wanted, assignment_of, taken_up
from syncd.cycle.near_misses import ask_about, refused
from syncd.cycle.open_sessions import replaced_by, state_without_run, take_back_move
from syncd.cycle.race_days import excused_by_race
from syncd.cycle.scored import stored_score_of
from syncd.cycle.withdrawing import take_back_changes
from syncd.cycle.world import World
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.reasons import MatchReason
from syncd.domain.session import GRACE, SessionState
from syncd.domain.training.facts import counting_run
from syncd.domain.training.reasons import Cause, session_fact
from syncd.store.activities import ActivitySummary
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore

_FITS_KEPT = timedelta(days=40)  # our default: longer than any run is given out again


@dataclass(frozen=True, slots=True)
class Assessed:
    """A run and what it was: `session` None for a run that was not planned.

    `change`: what it did to the plan, where the run replaces a session.
    """

    activity: ActivitySummary
    session: CommittedSession | None
    stored: StoredScore
    change: Change | None = None


def assess(world: World, now: datetime) -> tuple[Assessed, ...]:
    """Every run that was not assessed yet, and those of the last days that are another session now.

    What only lost its session is written and not told of: the run that has it now is. Runs without a session
    around them are kept in a transaction each, the others together.
    """
    scope = taken_up(world, now)
    assessed = []
    for run in world.watching.over(scope.alone, "scores", len(scope.alone)):
        attribution = Attribution(Method.UNPLANNED, None, 1.0, Reason(MatchReason.NOTHING_PLANNED))
        with world.store.transaction():
            stored = stored_score_of(world, run, None, attribution, now, others=())
            world.store.scores.record(stored)
        assessed.append(Assessed(run, None, stored))
    assignment = assignment_of(world, scope, refused(world))
    wanted = assignment.wanted
    changed = [want for want in wanted.values() if want.is_news]
    if changed:
        with world.store.transaction():
            _free(world, scope.sessions, wanted, now)
            # what is joined first: a main part is scored with it
            changed.sort(key=lambda want: want.attribution.method is not Method.JOINED)
            recorded = [_record(world, want, wanted, scope.sessions, now) for want in changed]
        lost = {want.run.id for want in changed if not want.is_new and want.attribution.session_id is None}
        assessed += [one for one in recorded if one.activity.id not in lost or one.stored.part_of is not None]
    ask_about(world, assignment.rows, now)
    world.store.fits.forget_before(world.today(now) - _FITS_KEPT)
    return tuple(sorted(assessed, key=lambda one: (one.activity.start, one.activity.id)))


def as_known(world: World, assessed: Iterable[Assessed]) -> tuple[Assessed, ...]:
    """The same with sessions and scores as they are now: what was taken back since may have changed them."""
    return tuple(
        replace(
            one,
            session=None if one.session is None else world.store.plan.get(one.session.session.id),
            stored=world.store.scores.newest_of(one.activity.id) or one.stored,
        )
        for one in assessed
    )


def close_windows(world: World, now: datetime) -> tuple[CommittedSession, ...]:
    """Sessions whose grace window is over. Call it only after a pull that would have shown their run."""
    today = world.today(now)
    first = today - timedelta(days=60)
    over = [
        session
        for session in world.store.plan.between(first, today - GRACE - timedelta(days=1))
        if session.state is SessionState.DUE and not excused_by_race(world, session, now)
    ]
    for session in over:
        world.store.plan.set_state(session.session.id, SessionState.MISSED)
    return tuple(over)


def _free(
    world: World,
    sessions: Mapping[str, CommittedSession],
    wanted: Mapping[int, Wanted],
    now: datetime,
) -> None:
    """Sessions whose run is another session, or none: they are open again, or missed. In a transaction."""
    keep = {(want.attribution.session_id, run) for run, want in wanted.items()}
    for identity, known in sessions.items():
        holder = known.activity_id if known.state is SessionState.DONE else replaced_by(world, known)
        if holder is None or holder not in wanted or _same(wanted[holder], known, keep, holder):
            continue
        if known.state is SessionState.DROPPED:
            take_back_changes(world, holder, now)
        world.store.plan.set_state(identity, state_without_run(world, known, now))


def _same(want: Wanted, known: CommittedSession, keep: set[tuple[str | None, int]], holder: int) -> bool:
    """Whether the run stays what it was to the session: the one that did it, or that stands for it."""
    stands_for = want.attribution.method is Method.REPLACED
    return (known.session.id, holder) in keep and stands_for == (known.state is SessionState.DROPPED)


def _record(
    world: World,
    want: Wanted,
    wanted: Mapping[int, Wanted],
    sessions: Mapping[str, CommittedSession],
    now: datetime,
) -> Assessed:
    """Keep what a run was. In a transaction."""
    run, attribution = want.run, want.attribution
    if want.part_of is not None:
        pointing = StoredScore(run.id, attribution, now, part_of=want.part_of)
        world.store.scores.record(pointing)
        return Assessed(run, None, pointing)
    session = sessions.get(attribution.session_id or "")
    if session is not None and attribution.method is Method.REPLACED:
        return _replace(world, run, session, attribution, now)
    if session is not None and _on_first_day(session, want, run):
        take_back_move(world, session, now)
        session = world.store.plan.get(session.session.id) or session
    others = [other.run for other in wanted.values() if other.part_of == run.id]
    stored = stored_score_of(world, run, session, attribution, now, others=others)
    world.store.scores.record(stored)
    if session is not None:
        world.store.plan.set_state(session.session.id, SessionState.DONE, run.id)
    return Assessed(run, session, stored)


def _on_first_day(session: CommittedSession, want: Wanted, run: ActivitySummary) -> bool:
    """Whether a session that a rule moved was run where it had been."""
    first = want.first_day
    return first is not None and abs(first - run.day) < abs(session.session.day - run.day)


def _replace(
    world: World, summary: ActivitySummary, session: CommittedSession, attribution: Attribution, now: datetime
) -> Assessed:
    """A18: a measurement is no score, and the session that it replaces is not missed. In a transaction."""
    scored = stored_score_of(world, summary, None, attribution, now, others=())
    stored = StoredScore(summary.id, attribution, now, strain=scored.strain)
    facts = {"day": summary.day.isoformat(), "session": session_fact(session.session)}
    reason = Reason(Cause.MEASURED_INSTEAD, facts)
    evidence = {"activity": summary.id}
    rests_on = (counting_run(summary.id, summary.day),)
    change = Change(
        now, "A18", session.session.id, reason, session.session, None, evidence, rests_on=rests_on
    )
    world.store.scores.record(stored)
    world.store.plan.set_state(session.session.id, SessionState.DROPPED)
    return Assessed(summary, session, stored, world.store.changes.keep(change))
