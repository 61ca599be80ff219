"""How a run is scored: against what the watch ran, else what was planned; and what it cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from syncd.cycle.joining import parts_of
from syncd.cycle.recordings import whole_activity
from syncd.cycle.world import World
from syncd.domain.activity import Activity
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.card import Flag
from syncd.domain.scoring.heat import Weather
from syncd.domain.scoring.intensity_part import HeartZones
from syncd.domain.scoring.joined_runs import joined
from syncd.domain.scoring.judgement import Judgement
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.score import score_activity
from syncd.domain.scoring.strain import strain_of
from syncd.domain.workout import fit_order
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore

_STRAIN_COUNTS_FOR = timedelta(days=7)  # our default: an unplanned run of longer ago changes nothing


def stored_score_of(
    world: World,
    summary: ActivitySummary,
    session: CommittedSession | None,
    attribution: Attribution,
    now: datetime,
    *,
    pinned: Prescription | None = None,
    others: Sequence[ActivitySummary] | None = None,
) -> StoredScore:
    """The score of a run as it will be kept, against `pinned` or what the watch ran; not yet recorded.

    `others` are joined with it; None: those that already point to it.
    """
    parts = parts_of(world, summary) if others is None else others
    activity = _run_of(world, summary, parts) if session or summary.has_workout or pinned else None
    if activity is not None and parts and attribution.method in (Method.EXACT, Method.NAME):
        activity = _with_workout(world, activity, [summary, *parts])
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
    if activity is None and summary.is_run and world.today(now) - summary.day <= _STRAIN_COUNTS_FOR:
        activity = _run_of(world, summary, parts)
    strain = None if activity is None else strain_of(activity, world.zones, _heart_zones(world))
    return StoredScore(summary.id, attribution, now, judgement, strain)


def _run_of(world: World, main: ActivitySummary, others: Iterable[ActivitySummary]) -> Activity | None:
    """The recording of a run, with `others` where it was joined of several."""
    runs = sorted([main, *others], key=lambda run: (run.start, run.id))
    parts = [part for run in runs if (part := whole_activity(world, run)) is not None]
    if len(runs) == 1 or len(parts) < len(runs):
        return whole_activity(world, main)
    return joined(parts)


def _with_workout(world: World, whole: Activity, runs: Iterable[ActivitySummary]) -> Activity:
    """A joined run with the workout that the watch began: the longest, for parts may have a piece of it."""
    parts = [part for run in runs if run.has_workout and (part := whole_activity(world, run)) is not None]
    named = [(len(fit_order(part.workout)), part) for part in parts if part.workout is not None]
    if not named:
        return whole
    longest = max(named, key=lambda pair: pair[0])[1]
    return replace(whole, workout=longest.workout, workout_name=longest.workout_name)


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
