"""The plan: week after week of the distance phase, from what was really run.

A plan is a walk. It begins at the earliest kept week, takes kept weeks as they are, and plans
the others from what precedes them. All that one week hands to the next can be read from the
weeks themselves, so planning again later with the committed weeks kept gives the same future,
as long as the runs were done as planned. Where real runs differ, the history outranks the plan:
before `first_day`, and on a day that has a run already, no session counts as run and none is
planned. Single-run cap (R20) and spike limit (R22) follow what was run, and growth holds below
80 % compliance (R18).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil, isfinite

from syncd.domain.athlete import Availability, Goal, PastRun, ZoneSet
from syncd.domain.session import Phase, Session, SessionKind, Week, WeekKind, monday_of
from syncd.domain.training.composition import Frame, compose
from syncd.domain.training.ladder import FLOOR, Attempt, Result, climbed
from syncd.domain.training.pattern import LEAST_GAP_DAYS, WEEK, Pattern, week_pattern
from syncd.domain.training.sessions import (
    HM_M,
    TOP_LEVEL,
    Recipe,
    Strides,
    descent,
    easy_speed_mps,
    strides_choices,
)
from syncd.domain.training.single_run import FIRST_RUN_S, CountedRun, cap_m, counted_runs, longest_m
from syncd.domain.training.volume import (
    ALWAYS_DAYS,
    COMPLIANCE,
    CYCLE_WEEKS,
    DOWN,
    ceiling_m,
    has_settled,
    recent_mean_m,
    running_days,
    spike_limit_m,
    stepped_m,
    weekly_distances,
)

FEWEST_DAYS, MOST_DAYS = 2, 7
MOST_WEEKS = 104
STRIDES_FROM_WEEK = 2  # S33: the third week
_SUMMARY_PACE_S_PER_KM = 390.0  # of runs known only as a weekly sum; the planner uses their distances


class PlanError(ValueError):
    """Inputs that make no plan; the message says what to change."""


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """All that a plan depends on.

    `first_day`: nothing is planned before it. `history`: real runs of at least the last 60
    days, in any order. `weeks`: how many ISO weeks, the (possibly partial) one of `first_day`
    included. `phase_start`: the Monday on which the distance phase began. `levels`: the next
    level of each quality family, 1 where it is missing. `kept`: weeks already committed.
    `cycle_start_m`: the weekly volume with which the macro-cycle began, for its ceiling; read
    from the history when None.
    """

    first_day: date
    availability: Availability
    zones: ZoneSet
    history: tuple[PastRun, ...]
    weeks: int
    phase_start: date
    levels: Mapping[str, int]
    kept: tuple[Week, ...] = ()
    goal: Goal = Goal.NONE
    cycle_start_m: float | None = None


def plan_weeks(inputs: PlanInputs) -> tuple[Week, ...]:
    """The weeks from that of `first_day` on. Raises PlanError when the inputs make no plan."""
    _check(inputs)
    kept = {week.start: week for week in inputs.kept}
    first = monday_of(inputs.first_day)
    walk = _begin(inputs, kept)
    weeks: list[Week] = []
    monday = walk.origin
    while monday < first + timedelta(weeks=inputs.weeks):
        week = kept.get(monday) or _planned(inputs, walk, monday)
        _take(inputs, walk, week)
        if monday >= first:
            weeks.append(week)
        monday += timedelta(weeks=1)
    return tuple(weeks)


def history_from_summary(
    first_day: date, weekly_m: float, longest_m: float, days: int
) -> tuple[PastRun, ...]:
    """Four weeks of runs as somebody has them who runs `weekly_m` a week, the longest `longest_m`.

    They end on the Sunday before the week of `first_day`; there are more than `days` a week
    when the distance does not fit otherwise. Raises PlanError when the numbers contradict
    each other.
    """
    if not (isfinite(weekly_m) and isfinite(longest_m)) or weekly_m < 0 or longest_m < 0:
        raise PlanError("weekly and longest distance are numbers of kilometres, 0 or more")
    if weekly_m == 0 and longest_m == 0:
        return ()
    if longest_m > weekly_m:
        raise PlanError(
            f"the longest run ({longest_m / 1000:g} km) is more than a week ({weekly_m / 1000:g} km): "
            "give the mean week of the last four"
        )
    runs = max(days, ceil(weekly_m / longest_m)) if longest_m else WEEK + 1
    if runs > WEEK:
        raise PlanError(
            f"{weekly_m / 1000:g} km a week need a run longer than {longest_m / 1000:g} km: "
            "give the longest run of the last 30 days"
        )
    others = (weekly_m - longest_m) / (runs - 1) if runs > 1 else 0.0
    distances = (longest_m, *(others for _ in range(runs - 1) if others > 0))
    return tuple(
        PastRun(
            monday_of(first_day) - timedelta(weeks=back) + timedelta(days=WEEK - 1 - place * WEEK // runs),
            metres,
            metres * _SUMMARY_PACE_S_PER_KM / 1000,
        )
        for back in range(CYCLE_WEEKS, 0, -1)
        for place, metres in enumerate(distances)
    )


@dataclass(slots=True)
class _Walk:
    """What the weeks so far hand to the next one."""

    origin: date
    start_m: float
    floor_m: float
    ceiling_m: float
    runs: list[CountedRun]
    run_days: frozenset[date]  # of the history
    weeks_m: dict[date, float]
    level: int
    ladder: tuple[Recipe, ...]  # the whole descent from the top level
    strides: tuple[Strides, ...]
    attempts: list[Attempt] = field(default_factory=list)
    taken: list[Week] = field(default_factory=list)
    builds: list[Week] = field(default_factory=list)  # whole build weeks
    block: int | None = None
    days: int = 0

    def descent(self) -> tuple[Recipe, ...]:
        """The session of the present level and all smaller ones."""
        return self.ladder[max(0, TOP_LEVEL[HM_M] - self.level) :]

    def base(self) -> tuple[float, float]:
        """Volume and long run of the last build weeks, in metres.

        The larger of two: with two days a week every second one is smaller, for its quality run.
        """
        last = self.builds[-2:]
        longs = [run.distance_m for week in last for run in week.sessions if run.kind is SessionKind.LONG]
        return max((week.distance_m for week in last), default=self.start_m), max(longs, default=0.0)


def _check(inputs: PlanInputs) -> None:
    available = inputs.availability
    weekdays = set(available.weekdays)
    if not FEWEST_DAYS <= available.days_per_week <= MOST_DAYS:
        raise PlanError(f"a plan needs {FEWEST_DAYS} to {MOST_DAYS} days a week")
    if not weekdays <= set(range(WEEK)) or len(weekdays) < FEWEST_DAYS:
        raise PlanError("name at least two weekdays on which you can run (0 is Monday)")
    if available.long_run_day not in weekdays:
        raise PlanError("the day of the long run is not one of the days on which you can run")
    if not 1 <= inputs.weeks <= MOST_WEEKS:
        raise PlanError(f"a plan covers 1 to {MOST_WEEKS} weeks")
    if inputs.phase_start != monday_of(inputs.phase_start):
        raise PlanError("a phase starts on a Monday")
    if inputs.phase_start > monday_of(inputs.first_day):
        raise PlanError("the distance phase must have begun by the first week of the plan")


def _begin(inputs: PlanInputs, kept: Mapping[date, Week]) -> _Walk:
    first = monday_of(inputs.first_day)
    origin = first
    while origin - timedelta(weeks=1) in kept and origin > inputs.phase_start:
        origin -= timedelta(weeks=1)
    runs = counted_runs(inputs.history)
    weeks_m = weekly_distances(inputs.history)
    easy_mps = easy_speed_mps(inputs.zones)
    days = inputs.availability.days_per_week
    floor_m = min(days, ALWAYS_DAYS) * min(cap_m(runs, origin, easy_mps), FIRST_RUN_S * easy_mps)
    start_m = max(recent_mean_m(weeks_m, origin) or recent_mean_m(weeks_m, first), floor_m)
    cycle_start_m = start_m if inputs.cycle_start_m is None else inputs.cycle_start_m
    return _Walk(
        origin=origin,
        start_m=start_m,
        floor_m=floor_m,
        ceiling_m=ceiling_m(cycle_start_m, days, inputs.goal),
        runs=runs,
        run_days=frozenset(run.day for run in runs),
        weeks_m=weeks_m,
        level=min(max(inputs.levels.get(HM_M, FLOOR), FLOOR), TOP_LEVEL[HM_M]),
        ladder=descent(HM_M, TOP_LEVEL[HM_M], inputs.zones),
        strides=strides_choices(inputs.zones),
    )


def _planned(inputs: PlanInputs, walk: _Walk, monday: date) -> Week:
    number = (monday - inputs.phase_start).days // WEEK
    down = number % CYCLE_WEEKS == CYCLE_WEEKS - 1
    target_m, rule = _target(walk, monday, down=down)
    opens_block = walk.block != number // CYCLE_WEEKS
    days = _days(inputs, target_m) if opens_block else walk.days
    pattern = _pattern(inputs, walk, monday, days)
    with_quality = days > FEWEST_DAYS or number % 2 == 1  # two days: every second week
    settled = has_settled(walk.weeks_m, monday)
    restart = longest_m(walk.runs, monday + timedelta(days=pattern.long_day)) is None
    frame = Frame(
        monday=monday,
        pattern=pattern,
        target_m=target_m,
        volume_rule=rule,
        caps_m=_caps_m(inputs, walk, monday, pattern),
        zones=inputs.zones,
        quality=walk.descent() if with_quality and settled and not restart else (),
        strides=walk.strides if number >= STRIDES_FROM_WEEK else (),
        long_limit_m=(DOWN * walk.base()[1] or None) if down else None,
        restart=restart,
    )
    sessions, notes = compose(frame)
    if opens_block and days < inputs.availability.days_per_week:
        notes = (*notes, f"{days} runs a week: {target_m / 1000:.0f} km do not fill more (R19).")
    if with_quality and not settled:
        notes = (*notes, "No quality run yet: two weeks of running come first (S7).")
    kind = WeekKind.DOWN if down else WeekKind.BUILD
    ahead = tuple(session for session in sessions if _is_ahead(inputs, walk, session))
    return Week(monday, Phase.DISTANCE, kind, ahead, notes)


def _caps_m(inputs: PlanInputs, walk: _Walk, monday: date, pattern: Pattern) -> dict[int, float]:
    """R20 for each day of the week, from the runs before the week."""
    easy_mps = easy_speed_mps(inputs.zones)
    return {day: cap_m(walk.runs, monday + timedelta(days=day), easy_mps) for day in pattern.days}


def _target(walk: _Walk, monday: date, *, down: bool) -> tuple[float, str]:
    """The volume of the week in metres, and the rule that it comes from."""
    base_m, _ = walk.base()
    target_m, rule = base_m, "R17"
    if down:
        target_m, rule = DOWN * base_m, "R21"
    elif walk.builds:
        rested = walk.taken[-1].kind is not WeekKind.BUILD
        grows = not rested and _compliance(walk) >= COMPLIANCE
        target_m, rule = (stepped_m(base_m, walk.days) if grows else base_m), "R21" if rested else "R18"
        target_m = min(target_m, max(walk.ceiling_m, base_m))
    limit_m = spike_limit_m(walk.weeks_m, monday)
    if limit_m is not None and target_m > max(limit_m, walk.floor_m):
        return max(limit_m, walk.floor_m), "R22"
    return target_m, rule


def _compliance(walk: _Walk) -> float:
    """How much of the last four weeks was run; those that are still to come count as run."""
    weeks = walk.taken[-CYCLE_WEEKS:]
    asked = sum(week.distance_m for week in weeks)
    return sum(walk.weeks_m.get(week.start, 0.0) for week in weeks) / asked if asked else 1.0


def _days(inputs: PlanInputs, target_m: float) -> int:
    available = inputs.availability
    return running_days(min(available.days_per_week, len(set(available.weekdays))), target_m)


def _pattern(inputs: PlanInputs, walk: _Walk, monday: date, days: int) -> Pattern:
    """The days of the week; the hard one 48 hours after the last hard or long run."""
    strains = [
        session.day
        for week in walk.taken[-1:]
        for session in week.sessions
        if session.hard or session.kind is SessionKind.LONG
    ]
    free_from = max(strains, default=monday - timedelta(days=WEEK)) + timedelta(days=LEAST_GAP_DAYS)
    weekdays = tuple(sorted(set(inputs.availability.weekdays)))
    hard_from = max(0, (free_from - monday).days)
    return week_pattern(days, weekdays, inputs.availability.long_run_day, hard_from)


def _take(inputs: PlanInputs, walk: _Walk, week: Week) -> None:
    """Count a week as run from `first_day` on."""
    number = (week.start - inputs.phase_start).days // WEEK
    slots = [int(session.id.rpartition("-")[2]) for session in week.sessions]
    for session in week.sessions:
        ahead = _is_ahead(inputs, walk, session)
        if ahead:
            monday = monday_of(session.day)
            walk.runs.append(CountedRun(session.day, session.distance_m, session.distance_m))
            walk.weeks_m[monday] = walk.weeks_m.get(monday, 0.0) + session.distance_m
        if session.family == HM_M:
            walk.attempts.append(Attempt(session.level, Result.SUCCESS))
            if ahead:
                walk.level = climbed(walk.level, walk.attempts, TOP_LEVEL[HM_M])
    walk.runs.sort(key=lambda run: run.day)
    if slots:
        walk.block, walk.days = number // CYCLE_WEEKS, min(max(slots), _most_days(inputs))
    if week.kind is WeekKind.BUILD and 1 in slots:
        walk.builds.append(week)
    walk.taken.append(week)


def _is_ahead(inputs: PlanInputs, walk: _Walk, session: Session) -> bool:
    """Whether the session is still to be run, as far as dates tell."""
    return session.day >= inputs.first_day and session.day not in walk.run_days


def _most_days(inputs: PlanInputs) -> int:
    return min(inputs.availability.days_per_week, len(set(inputs.availability.weekdays)))
