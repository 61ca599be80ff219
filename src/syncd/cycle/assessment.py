"""How runs went: each new run finds its session and is scored against what the watch ran, or is load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.cycle.done_runs import races_between
from syncd.cycle.joining import candidates, joining_of, parts_of
from syncd.cycle.open_sessions import (
    CERTAIN,
    GRACE,
    is_taken,
    open_sessions,
    take_back_move,
    was_replaced,
    was_skipped,
)
from syncd.cycle.race_days import excused_by_race
from syncd.cycle.recordings import whole_activity
from syncd.cycle.world import World
from syncd.domain.activity import Activity
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.card import Flag, Strain
from syncd.domain.scoring.heat import Weather
from syncd.domain.scoring.intensity_part import HeartZones
from syncd.domain.scoring.joined_runs import JoinedRuns, joined
from syncd.domain.scoring.judgement import Judgement
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.reasons import MatchReason
from syncd.domain.scoring.score import score_activity
from syncd.domain.scoring.session_matching import attribute
from syncd.domain.scoring.strain import strain_of
from syncd.domain.session import SessionState
from syncd.domain.training.reasons import Cause, session_fact
from syncd.store.activities import ActivitySummary
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore

_STRAIN_COUNTS_FOR = timedelta(days=7)  # our default: an unplanned run of longer ago changes nothing


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
    """Every run that was not assessed yet, oldest first; each in its own transaction."""
    assessed: list[Assessed] = []
    new = world.store.activities.unattributed()
    for summary in world.watching.over(new, "scores", len(new)):
        if summary.id not in {run.activity.id for run in assessed}:  # as part of another run
            assessed += _assess_one(world, summary, now)
    return tuple(assessed)


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


def _assess_one(world: World, summary: ActivitySummary, now: datetime) -> list[Assessed]:
    sessions = open_sessions(world, summary)
    together = joining_of(world, summary, sessions) if sessions else None
    if together is not None:
        return _join(world, *together, sessions, now)
    activity = whole_activity(world, summary) if sessions else None
    attribution = _unplanned() if activity is None else _attributed(world, activity, summary, sessions)
    session = next((session for session in sessions if session.session.id == attribution.session_id), None)
    if session is not None and is_taken(session) and attribution.method not in CERTAIN:
        attribution, session = (
            _unplanned(Reason(MatchReason.DONE_BY_ANOTHER, session_fact(session.session))),
            None,
        )
    if session is not None and attribution.method is Method.REPLACED:
        return [_replace(world, summary, session, attribution, now)]
    stored = stored_score_of(world, summary, session, attribution, now)
    with world.store.transaction():
        world.store.scores.record(stored)
        if session is not None:
            take_back_move(world, session, now)
            _demote_earlier_run(world, session, now)
            world.store.plan.set_state(session.session.id, SessionState.DONE, summary.id)
    return [Assessed(summary, session, stored)]


def _join(
    world: World,
    runs: list[ActivitySummary],
    joining: JoinedRuns,
    sessions: tuple[CommittedSession, ...],
    now: datetime,
) -> list[Assessed]:
    """The main part has the session and its score; the others point to it, in the same transaction."""
    main, attribution = runs[joining.main], joining.attribution
    session = next(session for session in sessions if session.session.id == attribution.session_id)
    others = [run for run in runs if run.id != main.id]
    why = Reason(MatchReason.PART_OF_SESSION, session_fact(session.session))
    part = Attribution(Method.JOINED, None, attribution.confidence, why)
    assessed = []
    with world.store.transaction():
        for run in others:
            pointing = StoredScore(run.id, part, now, part_of=main.id)
            world.store.scores.record(pointing)
            assessed.append(Assessed(run, None, pointing))
        stored = stored_score_of(world, main, session, attribution, now)
        world.store.scores.record(stored)
        world.store.plan.set_state(session.session.id, SessionState.DONE, main.id)
    return [*assessed, Assessed(main, session, stored)]


def _run_of(world: World, main: ActivitySummary) -> Activity | None:
    """The recording of a run, with its parts where it was joined of several."""
    runs = sorted([main, *parts_of(world, main)], key=lambda run: (run.start, run.id))
    parts = [part for run in runs if (part := whole_activity(world, run)) is not None]
    if len(runs) == 1 or len(parts) < len(runs):
        return whole_activity(world, main)
    return joined(parts)


def _replace(
    world: World, summary: ActivitySummary, session: CommittedSession, attribution: Attribution, now: datetime
) -> Assessed:
    """A18: a measurement is no score, and the session that it replaces is not missed."""
    stored = StoredScore(summary.id, attribution, now, strain=_strain(world, summary, None, now))
    facts = {"day": summary.day.isoformat(), "session": session_fact(session.session)}
    reason = Reason(Cause.MEASURED_INSTEAD, facts)
    evidence = {"activity": summary.id}
    change = Change(now, "A18", session.session.id, reason, session.session, None, evidence)
    with world.store.transaction():
        world.store.scores.record(stored)
        world.store.plan.set_state(session.session.id, SessionState.DROPPED)
        change = world.store.changes.keep(change)
    return Assessed(summary, session, stored, change)


def stored_score_of(
    world: World,
    summary: ActivitySummary,
    session: CommittedSession | None,
    attribution: Attribution,
    now: datetime,
    *,
    pinned: Prescription | None = None,
) -> StoredScore:
    """The score of a run as it will be kept, against `pinned` or what the watch ran; not yet recorded."""
    activity = _run_of(world, summary) if session or summary.has_workout or pinned else None
    prescription = pinned or (None if activity is None else _pinned(world, activity, session))
    card = None
    if activity is not None and prescription is not None and _is_recorded(activity):
        card = score_activity(
            activity,
            prescription,
            world.zones,
            attribution_confidence=attribution.confidence if session else 1.0,
            heart_zones=_heart_zones(world),
            weather=_weather(world, summary),
        )
    judgement = Judgement.of(activity, prescription, card)
    if session is not None and prescription and prescription.workout.content_hash != session.version:
        judgement = judgement.flagged(Flag.RAN_OTHER_VERSION)
    return StoredScore(summary.id, attribution, now, judgement, _strain(world, summary, activity, now))


def _strain(
    world: World, summary: ActivitySummary, activity: Activity | None, now: datetime
) -> Strain | None:
    """What the run cost, also without a session; not for a long history, which no rule reads."""
    if activity is None and summary.is_run and world.today(now) - summary.day <= _STRAIN_COUNTS_FOR:
        activity = _run_of(world, summary)
    return None if activity is None else strain_of(activity, world.zones, _heart_zones(world))


def _demote_earlier_run(world: World, session: CommittedSession, now: datetime) -> None:
    """An earlier run had the session only because it resembled it: from now on that run is load."""
    earlier = world.store.activities.get(session.activity_id) if session.activity_id is not None else None
    if earlier is not None:
        attribution = _unplanned(Reason(MatchReason.DONE_BY_ANOTHER, session_fact(session.session)))
        for run in (earlier, *parts_of(world, earlier)):
            world.store.scores.record(StoredScore(run.id, attribution, now))


def _unplanned(why: Reason | None = None) -> Attribution:
    return Attribution(Method.UNPLANNED, None, 1.0, why or Reason(MatchReason.NOTHING_PLANNED))


def _attributed(
    world: World, activity: Activity, summary: ActivitySummary, sessions: tuple[CommittedSession, ...]
) -> Attribution:
    raced = summary.id in races_between(world, summary.day, summary.day)
    attribution = attribute(activity, summary.day, candidates(world, sessions), world.zones, raced=raced)
    open_ = [
        session for session in sessions if not was_skipped(world, session) or was_replaced(world, session)
    ]
    if attribution.method in CERTAIN or len(open_) == len(sessions):
        return attribution
    return attribute(activity, summary.day, candidates(world, open_), world.zones, raced=raced)


def _pinned(world: World, activity: Activity, session: CommittedSession | None) -> Prescription | None:
    """What the watch ran: embedded in the file, else on the watch at the start, else planned."""
    kind = session.session.kind if session else None
    rpe = session.session.rpe if session else None
    if activity.workout is not None:
        return Prescription(
            PrescriptionOrigin.EMBEDDED, activity.workout.named(activity.workout_name), kind, rpe
        )
    if session is None:
        return None
    pushed = world.store.ledger.on_sink_at(session.session.id, activity.start)
    if pushed is not None:
        return Prescription(PrescriptionOrigin.PUSHED, pushed.workout, kind, rpe)
    return Prescription(PrescriptionOrigin.PLAN, session.resolved, kind, rpe)


def _heart_zones(world: World) -> HeartZones | None:
    """The measured limits as the scorer takes them; None where nothing was measured."""
    heart = world.heart
    return None if heart is None else HeartZones(heart.easy_max, heart.lt1, heart.lt2)


def _weather(world: World, summary: ActivitySummary) -> Weather | None:
    weather = world.store.details.weather_of(summary.id)
    return None if weather is None else Weather(*weather)


def _is_recorded(activity: Activity) -> bool:
    """An entry by hand has totals only: they are load, not a session that can be judged."""
    return bool(activity.laps) or len(activity.samples) > 0
