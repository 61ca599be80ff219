"""Planning on state: weeks are committed when they come near, from what was run until then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from syncd.cycle.as_of import as_it_was
from syncd.cycle.done_runs import recent_runs
from syncd.cycle.outcomes import LOOK_BACK as QUALITY_LOOK_BACK
from syncd.cycle.outcomes import phase_evidence, quality_outcomes
from syncd.cycle.paces import conditions_of, retest_from
from syncd.cycle.world import AHEAD, HORIZON_DAYS, World
from syncd.domain.athlete import PastRun, Race, ZoneSet
from syncd.domain.delivery import labels
from syncd.domain.delivery.remote import OwnerKey
from syncd.domain.reason import Reason
from syncd.domain.session import EASY_KINDS, Session, SessionState, Week, monday_of
from syncd.domain.training.adaptation import LevelDecision, QualityOutcome
from syncd.domain.training.by_effort import assumed_zones, session_by_effort
from syncd.domain.training.conditions import Condition, newest
from syncd.domain.training.health import limits_of
from syncd.domain.training.health_answers import may_run, race_hindrance
from syncd.domain.training.hr_zones import easy_by_heart
from syncd.domain.training.ladder_levels import LadderState, ladders_after
from syncd.domain.training.races import EASY_DAYS_AFTER
from syncd.domain.training.reasons import Cause, time_off
from syncd.domain.training.rules.unplanned_runs import hard_again_after
from syncd.domain.training.volume import recent_mean_m, weekly_distances
from syncd.domain.training.weeks import PlanInputs, history_from_summary, plan_weeks
from syncd.domain.training.zones import resolve_workout
from syncd.domain.workout import Workout
from syncd.store.changes import REZONED, Change
from syncd.store.meta import RACE_HINDRANCE_KEY, RACE_KEY
from syncd.store.overrides import Override, shown_kind
from syncd.store.plan import CommittedSession
from syncd.store.reason_codec import reason_to_text

HISTORY = timedelta(days=240)  # the longest return, and what was run before the time off that it follows
REMEMBERED = timedelta(weeks=26)  # what was asked longer ago does not matter to the planner ...
RETURNS_REMEMBERED = timedelta(weeks=104)  # ... but for a return: the clock of its phase stood still
_BEGAN, _CYCLE_START = "plan.began", "plan.cycle_start_m"
_PHASE, _PHASE_START = "plan.phase", "plan.phase_start"


@dataclass(frozen=True, slots=True)
class Replanned:
    """What this sync did to the plan."""

    committed: tuple[str, ...]
    changes: tuple[Change, ...]


def replan(world: World, now: datetime) -> Replanned:
    """Commit the weeks that have come near, and give what is committed today's paces. Idempotent."""
    today = world.today(now)
    zone_set_id = world.store.zone_sets.add(world.zones, now) if world.zones else None
    _take_up_phase(world, today)
    note_race(world, today)
    committed: list[str] = []
    kept = {week.start for week in world.store.plan.weeks()}
    last = monday_of(today + timedelta(days=HORIZON_DAYS - 1))
    wanted = 1 + (last - monday_of(today)).days // 7
    mondays = [monday_of(today) + timedelta(weeks=ahead) for ahead in range(wanted)]
    new = [monday for monday in mondays if monday not in kept]
    if new:
        _begin(world, today)
        seen = seen_until(today, new[0])
        for week in plan_weeks(plan_inputs(world, today, weeks=wanted, seen_until=seen)):
            if week.start not in kept:
                resolved = {session.id: resolved_workout(world, session) for session in week.sessions}
                with world.store.transaction():
                    committed += world.store.plan.commit_week(week, resolved, zone_set_id, now)
                    world.store.plan.note_as_of(week.start, today)
    return Replanned(tuple(committed), _rezone(world, today, zone_set_id, now))


def seen_until(as_of: date, week: date) -> date:
    """The last day whose runs count when a week is planned as of a day.

    Whether that day's own run is there by then must not matter, except for the week that it is in.
    """
    return as_of if week == monday_of(as_of) else as_of - timedelta(days=1)


def note_race(world: World, today: date) -> None:
    """Keep the race of the calendar, and whether it is planned for, for who reads the state alone."""
    hindrance = hindrance_of(world, today)
    noted = {
        RACE_KEY: "" if world.race is None else str(world.race),
        RACE_HINDRANCE_KEY: "" if hindrance is None else reason_to_text(hindrance),
    }
    for key, value in noted.items():
        if (world.store.meta.get(key) or "") != value:
            world.store.meta.set(key, value)


def projection(world: World, today: date, weeks: int) -> tuple[Week, ...]:
    """The weeks ahead: committed ones as they are, the others as they would be planned now."""
    spells = world.store.overrides.time_off()
    planned = plan_weeks(plan_inputs(world, today, weeks=weeks))
    return tuple(_with_time_off(week, spells, today) for week in planned)


def _with_time_off(week: Week, spells: Sequence[Override], today: date) -> Week:
    """The week with a note on the pause, illness or injury that keeps days of it free."""
    days = [day for number in range(7) if (day := week.start + timedelta(days=number)) >= today]
    off = [spell for spell in spells if any(map(spell.covers, days))]
    if not off:
        return week
    notes = tuple(time_off(shown_kind(spell), spell.first_day, spell.last_day) for spell in off)
    return replace(week, notes=(*notes, *week.notes) if week.sessions else notes)


def plan_inputs(world: World, today: date, *, weeks: int, seen_until: date | None = None) -> PlanInputs:
    """What the planner needs to know, from state and settings.

    `seen_until`: the last day whose runs count, for a plan as of `today`. Without it: all that is known.
    """
    seen = seen_until or today
    start = monday_of(_phase_start(world, today))
    kept = world.store.plan.weeks(since=start)
    if seen_until is not None:
        kept = tuple(as_it_was(world.store, week, today, world.zone) for week in kept)
    stored = world.store.meta.get(_CYCLE_START)
    return PlanInputs(
        first_day=today,
        availability=world.availability,
        zones=world.zones,
        history=tuple(run for run in history(world, today) if run.day <= seen),
        weeks=weeks,
        phase_start=start,
        levels={family: decision.level for family, decision in level_decisions(world, seen).items()},
        kept=kept,
        goal=world.goal,
        cycle_start_m=None if stored is None else float(stored),
        race=planned_race(world, today),
        phase=world.phase,
        blocked=days_without_running(world, today),
        health=world.health,
        evidence=phase_evidence(world.store, seen),
        retest_from=retest_from(world.store, world.entered, today),
        conditions=recent_conditions(world, today),
        hard_from=_hard_from(world, seen),
    )


def _hard_from(world: World, today: date) -> date | None:
    """The first day for something hard after the runs that the plan did not mean to be."""
    runs = recent_runs(world, today, max(EASY_DAYS_AFTER.values()))
    return hard_again_after(runs, limits_of(world.health, today))


def recent_conditions(world: World, today: date) -> tuple[Condition, ...]:
    """What is asked of the weeks ahead, or was lately: the oldest first, nothing that was undone."""
    return remembered(conditions_of(world.store), today)


def remembered(conditions: Iterable[Condition], today: date) -> tuple[Condition, ...]:
    """Those that are not long over."""
    return tuple(
        condition
        for condition in conditions
        if condition.last_day is None or today - condition.last_day <= _remembered(condition)
    )


def _remembered(condition: Condition) -> timedelta:
    return RETURNS_REMEMBERED if condition.is_return else REMEMBERED


def days_without_running(world: World, today: date) -> frozenset[date]:
    """Blocked by the settings, and what is left of a pause or an illness, as far ahead as is committed."""
    ahead = (today + timedelta(days=number) for number in range(AHEAD.days + 1))
    for_health = frozenset(day for day in ahead if not may_run(world.health, day))
    return world.blocked | world.store.overrides.days_off(today, today + AHEAD) | for_health


def planned_race(world: World, today: date) -> Race | None:
    """The race that the plan leads to: none where health forbids it, though it stays in the calendar."""
    return None if hindrance_of(world, today) is not None else world.race


def hindrance_of(world: World, today: date) -> Reason | None:
    """Why the race of the calendar is not planned for; None where it is, or where there is none."""
    return race_hindrance(world.health, world.race, today, recent_conditions(world, today))


def history(world: World, today: date, seen: timedelta = HISTORY) -> tuple[PastRun, ...]:
    """The real runs; before the first of them, the two distances of the settings stand in."""
    real = world.store.activities.runs_between(today - seen, today)
    began = _began(world, today)
    before = [run for run in real if began - timedelta(weeks=4) <= run.day < began]
    if before:
        return real
    days = world.availability.days_per_week
    return (*history_from_summary(began, world.weekly_m, world.longest_m, days), *real)


def level_decisions(world: World, today: date) -> dict[str, LevelDecision]:
    """The next level of each quality family that was run (A8-A10), with what is known on that day."""
    return {family: ladder.decision for family, ladder in ladders_on(world, today).items()}


def ladders_on(
    world: World, today: date, outcomes: Mapping[str, Sequence[QualityOutcome]] | None = None
) -> dict[str, LadderState]:
    """The ladders after the sessions up to that day; `outcomes`: how they went, if that is known already."""
    since = today - QUALITY_LOOK_BACK
    if outcomes is None:
        outcomes = quality_outcomes(world.store, today)
    returns = [asked for asked in newest(recent_conditions(world, today)) if asked.first_day <= today]
    return ladders_after(world.store.ladders.all(), outcomes, returns, since)


def resolved_workout(world: World, session: Session) -> Workout:
    """What goes to the watch: the paces of the zone set in force, the name with its mark."""
    workout = by_effort_without_paces(world, session).workout
    paced = limits_of(world.health, session.day).paced
    if world.heart is not None and session.kind in EASY_KINDS and paced:
        workout = easy_by_heart(workout, world.heart)
    resolved = resolve_workout(workout, world.zones) if world.zones else workout
    key = OwnerKey(world.athlete_key, session.id, resolved.content_hash)
    return resolved.named(labels.watch_name(labels.title(session, world.units), key))


def counting_zones(world: World, today: date) -> ZoneSet:
    """Paces to count distances with: the athlete's own, else assumed ones that are never a target."""
    return world.zones or assumed_zones(history(world, today), today)


def _begin(world: World, today: date) -> None:
    """Remember when the plan began, and from which weekly distance its ceiling follows."""
    if world.store.meta.get(_BEGAN) is not None:
        return
    weekly = recent_mean_m(weekly_distances(history(world, today)), monday_of(today))
    with world.store.transaction():
        world.store.meta.set(_BEGAN, today.isoformat())
        world.store.meta.set(_CYCLE_START, f"{weekly:.0f}")


def _take_up_phase(world: World, today: date) -> None:
    """A phase that the athlete chooses, or gives back, begins with the week of the choice."""
    chosen = world.phase.value if world.phase else ""
    if (world.store.meta.get(_PHASE) or "") == chosen:
        return
    with world.store.transaction():
        world.store.meta.set(_PHASE, chosen)
        world.store.meta.set(_PHASE_START, monday_of(today).isoformat())


def _phase_start(world: World, today: date) -> date:
    stored = world.store.meta.get(_PHASE_START)
    return date.fromisoformat(stored) if stored else _began(world, today)


def _began(world: World, today: date) -> date:
    stored = world.store.meta.get(_BEGAN)
    return date.fromisoformat(stored) if stored else today


def _rezone(world: World, today: date, zone_set_id: int | None, now: datetime) -> tuple[Change, ...]:
    """New targets for what is committed, after a new result or measurement: the sessions stay."""
    changes = []
    for session in _due(world, today):
        if resolved_workout(world, session.session).content_hash != session.version:
            reason = _why_rezoned(world, session.session)
            change = Change(now, REZONED, session.session.id, reason, session.session, session.session)
            changes.append(_apply(world, change, session.session, zone_set_id))
    return tuple(changes)


def _why_rezoned(world: World, session: Session) -> Reason:
    """What its new targets come from."""
    if not limits_of(world.health, session.day).paced:
        return Reason(Cause.BY_TALKING)
    if world.heart is not None and session.kind in EASY_KINDS:
        facts = {"max_bpm": world.heart.easy_max, "source": world.heart.source}
        return Reason(Cause.EASY_BY_HEART_RATE, facts)
    source = world.zones.source if world.zones else Reason(Cause.BY_YOUR_EFFORT)
    return Reason(Cause.NEW_PACES, {"source": source.to_json()})


def by_effort_without_paces(world: World, session: Session) -> Session:
    """The session by effort without a 5 km to take paces from, and in a pregnancy; else unchanged."""
    paced = world.zones is not None and limits_of(world.health, session.day).paced
    return session if paced else session_by_effort(session)


def _apply(world: World, change: Change, after: Session, zone_set_id: int | None) -> Change:
    """The new session and the row that explains it, in one transaction."""
    with world.store.transaction():
        world.store.plan.replace(after, resolved_workout(world, after), zone_set_id)
        return world.store.changes.keep(change)


def _due(world: World, today: date) -> tuple[CommittedSession, ...]:
    ahead = world.store.plan.between(today, today + AHEAD)
    return tuple(session for session in ahead if session.state is SessionState.DUE)
