"""Another recording of a run that is here: recognised by its values, and taken in if it is the better one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.connectors.base import RawActivity
from syncd.cycle.assessment import whole_activity
from syncd.cycle.rescoring import rescore_run
from syncd.cycle.withdrawing import restore
from syncd.cycle.world import World
from syncd.domain.activity import RUNNING, Activity
from syncd.domain.merging.candidates import Candidate, Evidence, candidate_of, family_of
from syncd.domain.merging.choice import merged
from syncd.domain.merging.rules import Fit, fit_of
from syncd.formats.recording import kind_of
from syncd.store.activities import ActivitySummary

_NEW = "new"
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Twin:
    """The run that is here. `better`: the new recording is the one that is to count."""

    activity_id: int
    why: str
    better: bool


def twin_of(world: World, activity: Activity, raw: RawActivity) -> Twin | None:
    """The run that this is another recording of; None for a run that is new."""
    day = activity.day(world.offset_at(activity.start))
    new = _candidate(activity, _NEW, raw.ref.source, raw.kind, world)
    fits = [
        (fit, run)
        for run in world.store.activities.summaries(day - _A_DAY, day + _A_DAY)
        if run.sport == RUNNING and (fit := fit_of(_rough(run), new)) is not None
    ]
    if not fits:
        return None
    fit, run = min(fits, key=lambda found: (found[0].cost, found[1].id))
    chosen = merged([new, _known(world, run)])
    return Twin(run.id, _why(fit, run, chosen.why, better=chosen.recording is new), chosen.recording is new)


def take_in(world: World, twin: Twin, activity: Activity, source: str, raw_hash: str, now: datetime) -> None:
    """Keep what the new recording adds: itself, where it is better, else the effort and the name.

    The run keeps its session; its score is given again, and the earlier ones stay. In a transaction.
    """
    store = world.store
    restore(world, twin.activity_id)
    run = store.activities.get(twin.activity_id)
    if run is None:
        return
    rpe = activity.rpe if run.rpe is None else run.rpe
    name = run.name or activity.name
    if twin.better:
        told = replace(activity, rpe=activity.rpe if activity.rpe is not None else rpe, name=name)
        day = activity.day(world.offset_at(activity.start))
        store.activities.replace_recording(run.id, told, day, source, raw_hash)
    else:
        add_words(world, run.id, name, rpe)
    if twin.better or rpe != run.rpe:
        rescore_run(world, run.id, now, always=twin.better)


def add_words(world: World, activity_id: int, name: str, rpe: float | None) -> bool:
    """A name and an effort for a run that has none; whether the effort is new."""
    run = world.store.activities.get(activity_id)
    if run is None:
        return False
    if name and not run.name:
        world.store.activities.set_name(activity_id, name)
    if rpe is None or run.rpe is not None:
        return False
    world.store.activities.set_rpe(activity_id, rpe)
    return True


def _known(world: World, run: ActivitySummary) -> Candidate:
    """The run that is here with all that its recording has; by its totals where it is gone."""
    activity = whole_activity(world, run) if world.store.raw.has(run.raw_hash) else None
    if activity is None:
        return _rough(run)
    kind = kind_of(world.store.raw.get(run.raw_hash))
    return _candidate(activity, str(run.id), run.source, kind, world)


def _candidate(activity: Activity, identity: str, source: str, kind: str, world: World) -> Candidate:
    day = activity.day(world.offset_at(activity.start))
    evidence = Evidence.DEVICE_FILE if kind == "fit" else Evidence.STREAMS
    if not len(activity.samples):
        evidence = Evidence.SUMMARY
    return candidate_of(activity, identity=identity, source=source, day=day, evidence=evidence)


def _rough(run: ActivitySummary) -> Candidate:
    return Candidate(
        id=str(run.id),
        source=run.source,
        family=family_of(run.sport),
        start=run.start,
        day=run.day,
        elapsed_s=run.elapsed_s,
        timer_s=run.timer_s,
        distance_m=run.distance_m,
        indoors=run.sub_sport in {"treadmill", "indoor_running"},
        has_workout=run.has_workout,
        rpe=run.rpe,
        name=run.name,
    )


def _why(fit: Fit, run: ActivitySummary, reason: str, *, better: bool) -> str:
    words = f"the run of {run.start:%Y-%m-%d %H:%M} that is here already ({fit.rule.value})"
    return f"{words}; from now on this recording counts: {reason}" if better else words
