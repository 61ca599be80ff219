"""The plan answers: weeks are committed when they come near, and adapted to what was run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from syncd.cycle.outcomes import quality_outcomes
from syncd.cycle.world import HORIZON_DAYS, World
from syncd.domain.athlete import PastRun
from syncd.domain.delivery.remote import OwnerKey, watch_name
from syncd.domain.session import Session, Week, monday_of
from syncd.domain.training.adaptation import LevelDecision, ease_to_cap, next_level, rebuild
from syncd.domain.training.ladder import FLOOR
from syncd.domain.training.sessions import HM_M
from syncd.domain.training.volume import recent_mean_m, weekly_distances
from syncd.domain.training.weeks import PlanInputs, history_from_summary, plan_weeks
from syncd.domain.training.zones import resolve_workout
from syncd.domain.workout import Workout
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession, SessionState

HISTORY = timedelta(days=120)  # the planner looks back 60 days at most
FREEZE = timedelta(hours=36)  # inside, a session only ever gets easier
_BEGAN, _CYCLE_START = "plan.began", "plan.cycle_start_m"


@dataclass(frozen=True, slots=True)
class Replanned:
    """What this cycle did to the plan."""

    committed: tuple[str, ...]
    changes: tuple[Change, ...]


def replan(world: World, now: datetime) -> Replanned:
    """Commit the weeks that have come near, then adapt what is committed. Idempotent."""
    today = world.today(now)
    zone_set_id = world.store.zone_sets.add(world.zones, now)
    committed: list[str] = []
    kept = {week.start for week in world.store.plan.weeks()}
    last = monday_of(today + timedelta(days=HORIZON_DAYS - 1))
    wanted = 1 + (last - monday_of(today)).days // 7
    if any(monday_of(today) + timedelta(weeks=k) not in kept for k in range(wanted)):
        _begin(world, today)
        for week in plan_weeks(plan_inputs(world, today, weeks=wanted)):
            if week.start not in kept:
                resolved = {s.id: resolved_workout(world, s) for s in week.sessions}
                committed += world.store.plan.commit_week(week, resolved, zone_set_id, now)
    changes = (
        *_rezone(world, today, zone_set_id, now),
        *_ease(world, today, zone_set_id, now),
        *_level(world, today, zone_set_id, now),
    )
    return Replanned(tuple(committed), changes)


def projection(world: World, today: date, weeks: int) -> tuple[Week, ...]:
    """The weeks ahead: committed ones as they are, the others as they would be planned now."""
    return plan_weeks(plan_inputs(world, today, weeks=weeks))


def plan_inputs(world: World, today: date, *, weeks: int) -> PlanInputs:
    """What the planner needs to know, from state and settings."""
    began = _began(world, today)
    stored = world.store.meta.get(_CYCLE_START)
    return PlanInputs(
        first_day=today,
        availability=world.availability,
        zones=world.zones,
        history=history(world, today),
        weeks=weeks,
        phase_start=monday_of(began),
        levels={HM_M: level_decision(world, today).level},
        kept=world.store.plan.weeks(since=monday_of(began)),
        goal=world.goal,
        cycle_start_m=None if stored is None else float(stored),
    )


def history(world: World, today: date) -> tuple[PastRun, ...]:
    """Runs really run; before the first of them, the two distances of the settings stand in."""
    real = world.store.activities.runs_between(today - HISTORY, today)
    began = _began(world, today)
    before = [run for run in real if began - timedelta(weeks=4) <= run.day < began]
    if before:
        return real
    days = world.availability.days_per_week
    return (*history_from_summary(began, world.weekly_m, world.longest_m, days), *real)


def level_decision(world: World, today: date) -> LevelDecision:
    """The level of the next quality session: every outcome so far, one after the other (A8-A10)."""
    outcomes = quality_outcomes(world.store, HM_M, today)
    decision = LevelDecision(outcomes[0].level if outcomes else FLOOR, "", "", ())
    for count in range(1, len(outcomes) + 1):
        decision = next_level(HM_M, outcomes[:count], max(decision.level, FLOOR))
    return decision


def resolved_workout(world: World, session: Session) -> Workout:
    """What goes to the watch: the paces of the zone set in force, the name with its mark."""
    resolved = resolve_workout(session.workout, world.zones)
    key = OwnerKey(world.athlete_key, session.id, resolved.content_hash)
    return resolved.named(watch_name(session.title, key))


def _begin(world: World, today: date) -> None:
    """Remember when the plan began, and from which weekly distance its ceiling follows."""
    if world.store.meta.get(_BEGAN) is not None:
        return
    weekly = recent_mean_m(weekly_distances(history(world, today)), monday_of(today))
    with world.store.transaction():
        world.store.meta.set(_BEGAN, today.isoformat())
        world.store.meta.set(_CYCLE_START, f"{weekly:.0f}")


def _began(world: World, today: date) -> date:
    stored = world.store.meta.get(_BEGAN)
    return date.fromisoformat(stored) if stored else today


def _rezone(world: World, today: date, zone_set_id: int, now: datetime) -> tuple[Change, ...]:
    """New paces for what is committed, after a new result: the sessions stay, their bands move."""
    changes = []
    for each in _due(world, today):
        if resolved_workout(world, each.session).content_hash != each.version:
            reason = f"your paces now come from {world.zones.source}"
            change = Change(now, "zones", each.session.id, reason, each.session, each.session)
            changes.append(_apply(world, change, each.session, zone_set_id))
    return tuple(changes)


def _ease(world: World, today: date, zone_set_id: int, now: datetime) -> tuple[Change, ...]:
    """R20 on what is committed: a run that history no longer carries gets shorter."""
    runs = history(world, today)
    changes = []
    for each in _due(world, today):
        eased = ease_to_cap(each.session, world.zones, runs, today)
        if eased is not None:
            after, reason = eased
            change = Change(now, "R20", after.id, reason, each.session, after)
            changes.append(_apply(world, change, after, zone_set_id))
    return tuple(changes)


def _level(world: World, today: date, zone_set_id: int, now: datetime) -> tuple[Change, ...]:
    """A8-A10 on the next quality session; later committed ones never run ahead of it."""
    decision = level_decision(world, today)
    if not decision.evidence:
        return ()
    upcoming = [each for each in _due(world, today) if each.session.family == HM_M]
    weeks = {week.start: week for week in world.store.plan.weeks(since=monday_of(today))}
    runs = history(world, today)
    changes = []
    for place, each in enumerate(upcoming):
        before = each.session
        level = decision.level if place == 0 else min(before.level, decision.level + place)
        if level == before.level or (level > before.level and _frozen(world, before, now)):
            continue
        week = weeks[monday_of(before.day)]
        after = rebuild(before, level, world.zones, week=week, history=runs, rule=decision.rule)
        if after.workout == before.workout:
            continue
        evidence = {"sessions": list(decision.evidence)}
        change = Change(now, decision.rule, after.id, decision.reason, before, after, evidence)
        changes.append(_apply(world, change, after, zone_set_id))
    return tuple(changes)


def _apply(world: World, change: Change, after: Session, zone_set_id: int) -> Change:
    """The new session and the row that explains it, in one transaction."""
    with world.store.transaction():
        world.store.plan.replace(after, resolved_workout(world, after), zone_set_id)
        world.store.changes.record(change)
    return change


def _due(world: World, today: date) -> tuple[CommittedSession, ...]:
    ahead = world.store.plan.between(today, today + timedelta(days=3 * HORIZON_DAYS))
    return tuple(each for each in ahead if each.state is SessionState.DUE)


def _frozen(world: World, session: Session, now: datetime) -> bool:
    begins = datetime.combine(session.day, time.min, tzinfo=world.zone)
    return begins - now < FREEZE
