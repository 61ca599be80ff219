"""Tests and races that were run: recognised, judged, and the paces that follow from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from syncd.cycle.done_runs import entered_races, races_between
from syncd.cycle.paces import zones_in_force
from syncd.cycle.recordings import whole_activity
from syncd.cycle.world import World
from syncd.domain.activity import Activity
from syncd.domain.athlete import ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.best_effort import BestEffort, best_effort
from syncd.domain.scoring.race_effort import best_race, is_all_out, is_even, race_effort, raced_distance
from syncd.domain.session import MEASURED_KINDS, SessionKind, SessionState
from syncd.domain.training.facts import counting_run
from syncd.domain.training.fitness import FitnessError
from syncd.domain.training.reasons import Cause, result_fact
from syncd.domain.training.special_sessions import measured_m
from syncd.domain.training.validity import (
    CONFIRMED_WITHIN,
    LEAST_RPE,
    TimedEffort,
    Validity,
    judged,
)
from syncd.domain.training.zone_history import ResultOrigin
from syncd.store.activities import ActivitySummary
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession
from syncd.store.results import StoredResult

_LOOK_BACK = timedelta(days=60)  # our default: a test of longer ago is judged already
_LONGEST_FILE_M = 30_000.0  # our default: a half-marathon with its warm-up; beyond it was a marathon
_NOT_ALONE = frozenset({Method.WITHDRAWN, Method.JOINED})


@dataclass(frozen=True, slots=True)
class _Measured:
    """A run that is judged, and the test or race that it was planned as.

    `announced`: it counts also where it is slower than what is known. `raced`: somebody calls it a race.
    """

    run: ActivitySummary
    session: CommittedSession | None = None
    announced: bool = True
    raced: bool = False


def record_results(world: World, now: datetime) -> tuple[Change, ...]:
    """Judge every recent test and race that was scored after its last verdict; idempotent.

    The result of a run that is no longer one (withdrawn, another session, no race any more) is revoked.
    """
    today = world.today(now)
    changes: list[Change] = []
    known = set()
    for measured in (*_planned(world, today), *_unplanned(world, today)):
        if measured.run.id in known:
            continue
        known.add(measured.run.id)
        stored = world.store.results.of_activity(measured.run.id)
        score = world.store.scores.newest_of(measured.run.id)
        if stored is not None and stored.revoked_at is None and (score is None or score.at <= stored.at):
            continue
        change = _judge(world, measured, now)
        changes += [] if change is None else [change]
    for result in world.store.results.in_force():
        own = result.activity_id
        if own is not None and own not in known and today - result.day <= _LOOK_BACK:
            world.store.results.revoke(result.id, now)
    return tuple(changes)


def _planned(world: World, today: date) -> Iterator[_Measured]:
    """Runs of planned tests and races."""
    for session in world.store.plan.between(today - _LOOK_BACK, today):
        planned = session.session
        if session.state is SessionState.DONE and planned.kind in MEASURED_KINDS and session.activity_id:
            run = world.store.activities.get(session.activity_id)
            if run is not None and run.is_run:
                yield _Measured(run, session)


def _unplanned(world: World, today: date) -> Iterator[_Measured]:
    """Races that were not planned: those that somebody calls so, and what stands for a hard session."""
    first = today - _LOOK_BACK
    races, entered = races_between(world, first, today), entered_races(world)
    for run in world.store.activities.summaries(first, today):
        stored = world.store.scores.newest_of(run.id)
        if not run.is_run or stored is None or stored.method in _NOT_ALONE:
            continue
        raced = run.id in races
        if raced or stored.method is Method.REPLACED:
            felt = raced and run.rpe is not None and run.rpe >= LEAST_RPE
            yield _Measured(run, announced=felt or run.id in entered, raced=raced)


def _judge(world: World, measured: _Measured, now: datetime) -> Change | None:
    verdict = _verdict(world, measured)
    if verdict is None:
        return None
    run = measured.run
    planned = measured.session.session if measured.session else None
    origin = (
        ResultOrigin.TEST if planned is not None and planned.kind is SessionKind.TEST else ResultOrigin.RACE
    )
    before = world.zones
    with world.store.transaction():
        world.store.results.keep(
            StoredResult(
                at=now,
                day=run.day,
                distance_m=verdict.distance_m,
                time_s=verdict.time_s,
                origin=origin.value,
                valid=verdict.valid,
                why=verdict.why,
                activity_id=run.id,
                session_id=planned.id if planned else None,
            )
        )
        after = zones_in_force(world.store, world.entered, world.today(now))
        change = _change_of(verdict, run, origin, before, after, now)
        if change.key in world.store.changes.decided():
            return None
        return world.store.changes.keep(change)


def _verdict(world: World, measured: _Measured) -> Validity | None:
    run = measured.run
    activity = whole_activity(world, run)
    asked_m = None if activity is None else _asked_m(world, measured, activity)
    if activity is None or asked_m is None:
        return None
    best = best_effort(activity, asked_m) or (_totals(activity) if measured.raced else None)
    if best is None:
        return None
    weather = world.store.details.weather_of(run.id)
    hr_max = world.heart.max if world.heart is not None else None
    effort = TimedEffort(
        asked_m=asked_m,
        distance_m=best.distance_m,
        time_s=best.time_s,
        splits_s=best.splits_s,
        climb_m=best.climb_m,
        descent_m=best.descent_m,
        longest_stop_s=best.longest_stop_s,
        rpe=run.rpe,
        hr_share=activity.max_hr_bpm / hr_max if hr_max and activity.max_hr_bpm else None,
        temperature_c=weather[0] if weather else None,
        indoors=activity.is_treadmill,
    )
    current = world.zones.vdot if world.zones else None
    try:
        verdict = judged(effort, current, confirms=_confirms(world, run))
    except FitnessError:
        why = Reason(Cause.NO_RUNNING_TIME, {"distance_m": asked_m, "time_s": best.time_s})
        return Validity(False, why, asked_m, best.time_s, 0.0)
    if not measured.announced and verdict.valid and current is not None and verdict.vdot <= current:
        return replace(verdict, valid=False, why=Reason(Cause.NO_BETTER))
    return verdict


def _totals(activity: Activity) -> BestEffort | None:
    """A race that was entered by hand: nothing else is known of it."""
    time_s = activity.elapsed_s or activity.timer_s
    if not activity.distance_m or time_s <= 0:
        return None
    return BestEffort(activity.distance_m, time_s, (), 0.0, 0.0, 0.0)


def _confirms(world: World, run: ActivitySummary) -> bool:
    """Whether the last result was already much slower than the paces say."""
    earlier = [result for result in world.store.results.in_force() if result.day < run.day]
    last = earlier[-1] if earlier else None
    slower = last is not None and last.why.code == Cause.FAR_SLOWER
    return slower and last is not None and run.day - last.day <= CONFIRMED_WITHIN


def _change_of(
    verdict: Validity,
    run: ActivitySummary,
    origin: ResultOrigin,
    before: ZoneSet | None,
    after: ZoneSet | None,
    now: datetime,
) -> Change:
    facts: dict[str, Any] = {"result": result_fact(verdict.distance_m, verdict.time_s, run.day, origin.value)}
    evidence = {
        "activity": run.id,
        "vdot_before": round(before.vdot, 1) if before else None,
        "vdot_after": round(after.vdot, 1) if after else None,
    }
    rests_on = (counting_run(run.id, run.day),)
    if not verdict.valid:
        key = f"A17:{run.id}:{verdict.why.code}"
        refused = Reason(Cause.RESULT_REFUSED, facts | {"why": verdict.why.to_json()})
        return Change(now, "A17", None, refused, key=key, evidence=evidence, rests_on=rests_on)
    reason = Reason(Cause.RESULT_COUNTED, facts)
    if after is not None:
        facts |= {"five_k_s": after.five_k_s}
        reason = Reason(Cause.RESULT_SET_PACES, facts)
        if before is not None:
            reason = Reason(Cause.RESULT_MOVED_PACES, facts | {"before_s": before.five_k_s})
    key = f"A16:{run.id}:{verdict.time_s:.0f}"
    return Change(now, "A16", None, reason, key=key, evidence=evidence, rests_on=rests_on)


def _asked_m(world: World, measured: _Measured, activity: Activity) -> float | None:
    """Over how many metres the run is judged; None where that tells nothing."""
    if measured.session is not None:
        return measured_m(measured.session.session)
    run_m = measured.run.distance_m or 0.0
    whole = raced_distance(run_m)
    if run_m > _LONGEST_FILE_M:
        return None
    if not measured.raced:
        race = race_effort(activity, world.zones)
        return whole or (race.distance_m if race and is_all_out(race) else None)
    race = best_race(activity)
    if race is None or (whole is not None and is_even(activity)):
        return whole
    return race.distance_m
