"""What the weeks of a plan pass on to the next one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from syncd.domain.athlete import RacePriority, ZoneSet
from syncd.domain.session import Phase, Session, SessionKind, Week, WeekKind, monday_of
from syncd.domain.training.base_weeks import base_weeks, held_weeks
from syncd.domain.training.by_effort import assumed_zones
from syncd.domain.training.calendar import CalendarWeek, Course, Kinds, outline
from syncd.domain.training.conditions import (
    Condition,
    coming_back_to,
    short_weeks,
    standing_weeks,
    volume_base,
)
from syncd.domain.training.health import (
    NEW_WEEKS,
    Limits,
    limits_of,
    qualifying_weeks,
    runs_half_an_hour,
)
from syncd.domain.training.inputs import PlanInputs
from syncd.domain.training.ladders import TOP_LEVEL
from syncd.domain.training.levels import FLOOR, Attempt, QualityResult, climbed
from syncd.domain.training.pattern import WEEK
from syncd.domain.training.phases import distance_weeks, speed_weeks
from syncd.domain.training.races import EASY_DAYS_AFTER
from syncd.domain.training.sessions import Recipe, Strides, descent, easy_speed_mps, strides_choices
from syncd.domain.training.single_run import (
    FIRST_RUN_S,
    CountedRun,
    cap_m,
    counted_runs,
    longest_m,
    stretched_m,
)
from syncd.domain.training.special_sessions import RACE_M, WALK_RUN_TOP
from syncd.domain.training.tests_due import first_test, is_for_easing, lost_its_test
from syncd.domain.training.volume import (
    ALWAYS_DAYS,
    CYCLE_WEEKS,
    ceiling_m,
    recent_mean_m,
    weekly_distances,
)

_HISTORY_WEEKS = 26
_FOUNDATION_AT_TOP = 2  # weeks of 30 min without a break: the gate
_REMEMBERED = timedelta(weeks=_HISTORY_WEEKS)  # a return this long ago still says what was run before
_MIN_PER_LEVEL = 5.0  # our default: somebody who ran 20 min starts at the fifth level


@dataclass(slots=True)
class PlanState:
    """A plan after the weeks so far: all that the next week is made from. Distances in metres.

    `builds` are whole build weeks, `peak_m` the largest of the distance phase of this cycle.
    """

    origin: date
    zones: ZoneSet
    limits: Limits
    outline: Iterator[CalendarWeek]
    kinds: Kinds
    first_level: int
    newcomer: bool
    start_m: float
    floor_m: float
    ceiling_m: float
    runs: list[CountedRun]
    run_days: frozenset[date]  # of the history
    weeks_m: dict[date, float]
    levels: dict[str, int]
    strides: tuple[Strides, ...]
    conditions: tuple[Condition, ...] = ()
    lowered: tuple[date, float] | None = None  # A7: growth begins anew on that Monday, from that volume
    ladders: dict[str, tuple[Recipe, ...]] = field(default_factory=dict)
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    taken: list[Week] = field(default_factory=list)
    builds: list[Week] = field(default_factory=list)
    peak_m: float = 0.0
    block: int | None = None
    days: int = 0
    still: frozenset[date] = frozenset()  # Mondays of weeks in which the clock of the phase stands still
    waiting: CalendarWeek | None = None  # the stage that comes next

    def stage(self, inputs: PlanInputs, monday: date) -> CalendarWeek | None:
        """What the next week is for; None before the phase began. Ask once for each week, in order."""
        if monday < inputs.phase_start:
            return None
        return self.kinds.settled(_next_stage(self, monday, (monday - inputs.phase_start).days // WEEK))

    def forms(self, family: str) -> tuple[Recipe, ...]:
        """The session of the present level of a family and all smaller ones."""
        if family not in self.ladders:
            self.ladders[family] = descent(family, TOP_LEVEL[family], self.zones)
        level = self.levels.get(family, FLOOR)
        return tuple(recipe for recipe in self.ladders[family] if recipe.level <= level)

    def base(self) -> tuple[float, float]:
        """Volume and long run of the last build weeks.

        The largest of those that say how much is run; never before A7 let growth begin anew.
        """
        start_m = self.start_m
        last = base_weeks(self.builds)
        if self.lowered is not None:
            last = [week for week in last if week.start >= self.lowered[0]]
            start_m = max(self.lowered[1], self.floor_m)
        longs = [run.distance_m for week in last for run in week.sessions if run.kind is SessionKind.LONG]
        now = self.taken[-1].start + timedelta(weeks=1) if self.taken else self.origin
        volume_m = max((week.distance_m for week in last), default=start_m)
        return max(volume_m, coming_back_to(self.conditions, now)), max(longs, default=0.0)

    def held_m(self) -> float:
        """The volume of a week that does not grow, where it is no lighter one."""
        since = date.min if self.lowered is None else self.lowered[0]
        held = (week.distance_m for week in held_weeks(self.builds) if week.start >= since)
        return max(held, default=self.base()[0])

    def cap_m(self, day: date) -> float:
        """R20 for a run on a day."""
        return cap_m(self.runs, day, easy_speed_mps(self.zones), self.conditions)

    def history_weeks(self, monday: date) -> int:
        """How many of the 26 weeks before had a run."""
        weeks = (monday - timedelta(weeks=back) for back in range(1, _HISTORY_WEEKS + 1))
        return sum(self.weeks_m.get(week, 0.0) > 0 for week in weeks)

    def compliance(self) -> float:
        """How much of the last four weeks was run; those that are still to come count as run."""
        weeks = self.taken[-CYCLE_WEEKS:]
        asked = sum(week.distance_m for week in weeks)
        return sum(self.weeks_m.get(week.start, 0.0) for week in weeks) / asked if asked else 1.0

    def last_strain(self, *, hard_only: bool = False) -> date | None:
        """The last hard session or long run of the week before."""
        strains = [
            session.day
            for week in self.taken[-1:]
            for session in week.sessions
            if session.hard or (session.kind is SessionKind.LONG and not hard_only)
        ]
        return max(strains, default=None)

    def easy_until(self) -> date | None:
        """The last easy day after a race of the last weeks, if there was one."""
        races = [
            session
            for week in self.taken[-CYCLE_WEEKS:]
            for session in week.sessions
            if session.kind is SessionKind.RACE
        ]
        return max((_recovered(session) for session in races), default=None)


def _next_stage(state: PlanState, monday: date, number: int) -> CalendarWeek:
    """The stage of a week. While time off and its return last, the clock of the phase stands still: those
    weeks have the stage that comes after them. Before a race it goes on: the day of a race does not wait.
    """
    if state.waiting is None:
        state.waiting = next(state.outline)
    stage = state.waiting
    if monday not in state.still:
        state.waiting = None
    return replace(stage, number=number)


def begin(inputs: PlanInputs, kept: Mapping[date, Week]) -> PlanState:
    """The state before the earliest kept week that leads to `first_day` without a hole."""
    first = monday_of(inputs.first_day)
    origin = first
    while origin - timedelta(weeks=1) in kept:
        origin -= timedelta(weeks=1)
    zones = inputs.zones or assumed_zones(inputs.history, inputs.phase_start)
    runs = counted_runs(inputs.history, inputs.conditions)
    weeks_m = weekly_distances(inputs.history)
    days = inputs.availability.days_per_week
    easy_mps = easy_speed_mps(zones)
    floor_m = min(days, ALWAYS_DAYS) * min(cap_m(runs, origin, easy_mps), FIRST_RUN_S * easy_mps)
    start_m = max(recent_mean_m(weeks_m, origin) or recent_mean_m(weeks_m, first), floor_m)
    start_m = max(start_m, _before_time_off(inputs.conditions, inputs.first_day))
    cycle_start_m = start_m if inputs.cycle_start_m is None else inputs.cycle_start_m
    limits = limits_for(inputs, inputs.first_day)
    still = _still_weeks(inputs)
    course, first_level = _course(inputs, kept, limits, still)
    ahead, kinds = outline(course), Kinds(course)
    state = PlanState(
        origin=origin,
        zones=zones,
        limits=limits,
        outline=ahead,
        kinds=kinds,
        first_level=first_level,
        newcomer=course.newcomer,
        start_m=start_m,
        floor_m=floor_m,
        ceiling_m=ceiling_m(cycle_start_m, days, inputs.goal),
        runs=runs,
        run_days=frozenset(run.day for run in runs),
        weeks_m=weeks_m,
        levels={
            family: min(max(inputs.levels.get(family, FLOOR), FLOOR), top)
            for family, top in TOP_LEVEL.items()
        },
        strides=strides_choices(zones),
        conditions=inputs.conditions,
        lowered=volume_base(inputs.conditions, first + timedelta(weeks=1)),
        still=still,
    )
    for number in range((origin - inputs.phase_start).days // WEEK):
        passed = state.stage(inputs, inputs.phase_start + timedelta(weeks=number))
        if passed is not None:
            kinds.record(passed, passed.kind)
    return state


def _still_weeks(inputs: PlanInputs) -> frozenset[date]:
    """Where the clock stands still; nowhere before an A race, from which the phases are counted back."""
    race = inputs.race
    if race is not None and race.priority is RacePriority.A and race.day >= inputs.phase_start:
        return frozenset()
    return frozenset(week for week in standing_weeks(inputs.conditions) if week >= inputs.phase_start)


def limits_for(inputs: PlanInputs, monday: date) -> Limits:
    """What health and age allow in a week: the age is that of the beginning of the phase."""
    on = max(monday, min(inputs.first_day, monday + timedelta(days=WEEK - 1)))
    return limits_of(inputs.health, on, age_on=inputs.phase_start)


def take(inputs: PlanInputs, state: PlanState, stage: CalendarWeek | None, week: Week, ideal: Week) -> None:
    """Count a week as run from `first_day` on; the weeks after it grow from the ideal one."""
    if stage is not None:
        state.kinds.record(stage, WeekKind.DOWN if lost_its_test(week) else week.kind)
    number = (week.start - inputs.phase_start).days // WEEK
    for session in week.sessions:
        if is_ahead(inputs, state, session):
            _run(state, session)
    for session in ideal.sessions:
        _climb(inputs, state, session)
    state.runs.sort(key=_day_of)
    slots = [int(session.id.rpartition("-")[2]) for session in ideal.sessions]
    whole = week.start not in short_weeks(inputs.conditions)
    if slots and whole and week.kind in {WeekKind.BUILD, WeekKind.DOWN, WeekKind.RETURN}:
        state.block, state.days = number // CYCLE_WEEKS, min(max(slots), most_days(inputs))
    if week.kind is WeekKind.BUILD and 1 in slots:
        if week.phase is Phase.DISTANCE:
            _new_cycle(inputs, state, ideal)
        state.builds.append(ideal)
    state.taken.append(ideal)


def is_ahead(inputs: PlanInputs, state: PlanState, session: Session) -> bool:
    """Whether the session is still to be run, as far as the dates say."""
    return session.day >= inputs.first_day and session.day not in state.run_days


def most_days(inputs: PlanInputs) -> int:
    """The most runs a week that days and weekdays allow."""
    return min(inputs.availability.days_per_week, len(set(inputs.availability.weekdays)))


def _run(state: PlanState, session: Session) -> None:
    held = session.distance_m
    if session.kind is SessionKind.RACE:  # what broke the cap counts as the cap for 14 days
        longest = longest_m(state.runs, session.day)
        held = held if longest is None else min(held, stretched_m(longest))
    monday = monday_of(session.day)
    state.runs.append(CountedRun(session.day, session.distance_m, held))
    state.weeks_m[monday] = state.weeks_m.get(monday, 0.0) + session.distance_m


def _climb(inputs: PlanInputs, state: PlanState, session: Session) -> None:
    family = session.family
    if family not in TOP_LEVEL:
        return
    attempts = state.attempts.setdefault(family, [])
    attempts.append(Attempt(session.level, QualityResult.SUCCESS))
    if family not in inputs.levels or is_ahead(inputs, state, session):
        state.levels[family] = climbed(state.levels[family], attempts, TOP_LEVEL[family])


def _new_cycle(inputs: PlanInputs, state: PlanState, week: Week) -> None:
    """The distance phase sets the peak; after a combine phase a new macro-cycle begins."""
    last = state.builds[-1] if state.builds else None
    if last is not None and last.phase in {Phase.SPEED, Phase.COMBINE}:
        state.peak_m = 0.0
        state.ceiling_m = ceiling_m(last.distance_m, inputs.availability.days_per_week, inputs.goal)
    state.peak_m = max(state.peak_m, week.distance_m)


def _before_time_off(conditions: tuple[Condition, ...], today: date) -> float:
    """The weekly volume that a recent return leads back to; 0 without one. R20 and R22 say how fast."""
    return max(
        (
            condition.of_m
            for condition in conditions
            if condition.is_return and timedelta() <= today - condition.first_day <= _REMEMBERED
        ),
        default=0.0,
    )


def _recovered(session: Session) -> date:
    """The race is the longest that fits into its session, warm-up included."""
    easy = max(days for goal, days in EASY_DAYS_AFTER.items() if RACE_M[goal] <= session.distance_m)
    return session.day + timedelta(days=easy)


def _course(
    inputs: PlanInputs, kept: Mapping[date, Week], limits: Limits, still: frozenset[date]
) -> tuple[Course, int]:
    """The calendar of the plan, and the first level of the foundation phase."""
    unknown = inputs.zones is None
    before = inputs.phase_start
    earliest = kept.get(before)
    starts_walking = not runs_half_an_hour(inputs.history, before)
    if earliest is not None and inputs.phase is None:
        starts_walking = earliest.phase is Phase.FOUNDATION
    foundation = unknown and starts_walking
    first_level = _first_level(inputs)
    if earliest is not None and earliest.phase is Phase.FOUNDATION and earliest.sessions:
        first_level = earliest.sessions[0].level
    first = inputs.phase or (Phase.FOUNDATION if foundation else Phase.DISTANCE)
    of_foundation = 0
    if first is Phase.FOUNDATION:
        of_foundation = _foundation_weeks(first_level, limits.builds)
    stood = sum(week < monday_of(inputs.first_day) for week in still)
    elapsed = (monday_of(inputs.first_day) - before).days // WEEK - of_foundation - stood
    of_distance = distance_weeks(inputs.evidence, elapsed, inputs.goal)
    lengths = {
        Phase.FOUNDATION: of_foundation,
        Phase.DISTANCE: of_distance,
        Phase.SPEED: speed_weeks(inputs.evidence, elapsed - of_distance),
    }
    known_weeks = qualifying_weeks(inputs.history, before)
    newcomer = unknown and known_weeks < NEW_WEEKS
    course = Course(
        start=before,
        first=first,
        lengths={phase: weeks for phase, weeks in lengths.items() if phase is not first or weeks},
        race=inputs.race,
        newcomer=newcomer,
        builds=limits.builds,
        tests=limits.tests,
        first_test=first_test(inputs, max(1, of_foundation + 1, NEW_WEEKS - known_weeks)),
        after_light=not unknown and is_for_easing(inputs),
    )
    return course, first_level


def _foundation_weeks(first_level: int, builds: int) -> int:
    """Every level once and the last one twice, with a lighter week after `builds` of them."""
    building = WALK_RUN_TOP - first_level + _FOUNDATION_AT_TOP
    return building + (building - 1) // builds


def _first_level(inputs: PlanInputs) -> int:
    since = inputs.phase_start - timedelta(days=30)
    longest_s = max(
        (run.duration_s for run in inputs.history if since <= run.day < inputs.phase_start), default=0.0
    )
    return min(WALK_RUN_TOP - 1, 1 + int(longest_s / 60 / _MIN_PER_LEVEL))


def _day_of(run: CountedRun) -> date:
    return run.day
