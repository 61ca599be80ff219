"""One week of the plan, from its stage in the calendar and the weeks before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from syncd.domain.athlete import Goal, Race, RacePriority
from syncd.domain.reason import Reason
from syncd.domain.session import Phase, Session, SessionKind, Week, WeekKind, monday_of, session_id
from syncd.domain.training.calendar import CalendarWeek
from syncd.domain.training.composition import LONG_SHARE, LONGEST_S, WeekFrame, compose
from syncd.domain.training.conditions import (
    WeekAhead,
    first_run_s,
    gap_weeks,
    long_share_before,
    no_test_before,
    return_cap_m,
    week_ahead,
)
from syncd.domain.training.hard_sessions import HardSessions, WeekCapacity, hard_sessions_of, one_of
from syncd.domain.training.inputs import PlanInputs
from syncd.domain.training.pattern import WEEK, Pattern, apart, week_pattern
from syncd.domain.training.plan_state import PlanState, is_ahead, most_days
from syncd.domain.training.races import (
    B_SHARE,
    GENTLE_SHARE,
    WALKING_DAYS,
    RaceWeek,
    gentle_week,
    race_week_sessions,
)
from syncd.domain.training.reasons import Cause
from syncd.domain.training.return_week import gentler, spaced
from syncd.domain.training.sessions import Recipe, Strides, easy_speed_mps, placed
from syncd.domain.training.single_run import longest_m
from syncd.domain.training.special_sessions import WALK_RUN_TOP, estimate_forms, forms_of_test, race, walk_run
from syncd.domain.training.tests_due import TEST_FROM_WEEKDAY
from syncd.domain.training.volume import (
    COMPLIANCE,
    CYCLE_WEEKS,
    DOWN,
    has_settled,
    running_days,
    spike_limit_m,
    stepped_m,
    whole_weeks_m,
)

STRIDES_FROM_WEEK = 2  # S33: the third week
SPEED_SHARE = 0.88  # S28: of the peak of the distance phase
_RACE_BLOCK = timedelta(weeks=12)  # before a half or a marathon the long run may be a larger share
_RACE_LONG_SHARE: Mapping[tuple[Goal, int], float] = {
    (Goal.HALF, 3): 0.55,
    (Goal.MARATHON, 3): 0.55,
    (Goal.HALF, 4): 0.45,
    (Goal.MARATHON, 4): 0.50,
}
_MOST_IN_RETURN = 0.6  # our default: in a return the long run keeps the share of the week that it had
LEAST_WEEK_M = 5000.0  # our default: what adaptation makes of a week is still worth going out for
_MARATHON_LONGEST_S = 10_800.0
_TEST_GAP_DAYS = 3  # 72 h after long or hard
_FOUNDATION_RUNS = 3
_WALK_RUN_SHARES = (1.0, 0.95, 0.9, 0.85, 0.8)
_LOWERED = frozenset({WeekKind.DOWN, WeekKind.TEST})


def planned(
    inputs: PlanInputs, state: PlanState, stage: CalendarWeek, monday: date, blocked: frozenset[int]
) -> Week:
    """The week as it is planned when `blocked` weekdays are not free."""
    asked = week_ahead(inputs.conditions, monday)
    builder = _WeekOfPlan(inputs, state, _eased(stage, asked), monday, blocked, asked)
    if not builder.weekdays:
        why = Cause.NO_FREE_DAY if state.limits.running else Cause.NO_RUNNING
        return Week(monday, stage.phase, stage.kind, (), (Reason(why),))
    sessions, notes = builder.built()
    if asked.returning:
        sessions = gentler(sessions, inputs.conditions, state.zones, {run.day for run in state.runs})
    ahead = tuple(session for session in sessions if is_ahead(inputs, state, session))
    kind = builder.stage.kind
    if kind is WeekKind.TEST and not any(session.kind is SessionKind.TEST for session in sessions):
        kind = WeekKind.DOWN  # the test has to wait
    return Week(monday, stage.phase, kind, ahead, (*notes, *builder.opening_notes()))


def _eased(stage: CalendarWeek, asked: WeekAhead) -> CalendarWeek:
    """What is left of the week's purpose while a return runs, or when a lighter week is put in."""
    if stage.kind in {WeekKind.RACE, WeekKind.TAPER}:
        return stage
    if asked.returning:
        return replace(stage, kind=WeekKind.RETURN)
    return replace(stage, kind=WeekKind.DOWN) if asked.down and stage.phase is not Phase.FOUNDATION else stage


@dataclass(slots=True)
class _WeekOfPlan:
    inputs: PlanInputs
    state: PlanState
    stage: CalendarWeek
    monday: date
    blocked: frozenset[int]
    asked: WeekAhead

    @property
    def weekdays(self) -> tuple[int, ...]:
        """The free weekdays, in order; in the first week of a return with a day between."""
        free = sorted(set(self.inputs.availability.weekdays) - self.blocked)
        return spaced(free, self.monday, self.inputs.conditions)

    def built(self) -> tuple[tuple[Session, ...], tuple[Reason, ...]]:
        """Sessions and notes."""
        if self.stage.phase is Phase.FOUNDATION and self.stage.kind is not WeekKind.RACE:
            return self._foundation(), ()
        if self.stage.kind is WeekKind.RACE and self.inputs.race is not None:
            return self._race_week(self.inputs.race), ()
        if self.stage.kind is WeekKind.REST and self.stage.share <= GENTLE_SHARE:
            return self._gentle(), (Reason(Cause.WALK_FIRST),)
        return self._composed()

    def opening_notes(self) -> Iterator[Reason]:
        """What the runner should read at the start of the plan."""
        if self.stage.number == 0:
            yield from self.state.limits.notes
            if self.state.newcomer:
                yield Reason(Cause.NEWCOMER)
            if self.inputs.phase is not None:
                yield Reason(Cause.OWN_PHASE, {"phase": self.inputs.phase.value})

    def _foundation(self) -> tuple[Session, ...]:
        recipe = self._walk_run()
        runs = min(_FOUNDATION_RUNS, most_days(self.inputs), len(self.weekdays), self._allowed_runs(recipe))
        if not runs:
            return ()
        days = week_pattern(runs, self.weekdays, self._long_day(), 0, 0).days
        return tuple(
            placed(recipe, session_id(self.monday, slot), self.monday + timedelta(days=day), ("S3", "S18"))
            for slot, day in enumerate(days, start=1)
        )

    def _allowed_runs(self, recipe: Recipe) -> int:
        """How many of these a week may have within what health allows (H4)."""
        week_m, long_m = self.state.limits.week_m, self.state.limits.long_m
        if long_m is not None and recipe.distance_m > long_m:
            return 0
        return WEEK if week_m is None else int(week_m // recipe.distance_m)

    def _walk_run(self) -> Recipe:
        """The level of the week, smaller where R20 says so; a lighter week repeats the last level."""
        lighter = self.stage.kind in _LOWERED
        passed = self.stage.index // (self.state.limits.builds + 1) + lighter
        top = min(self.state.first_level + self.stage.index - passed, WALK_RUN_TOP)
        cap_m = min(self._cap(day) for day in self.weekdays)
        if self.state.limits.week_m is not None:
            cap_m = min(cap_m, self.state.limits.week_m / _FOUNDATION_RUNS)
        for level in range(top, 0, -1):
            for share in (DOWN,) if lighter else _WALK_RUN_SHARES:
                recipe = walk_run(level, self.state.zones, share=share)
                if recipe.distance_m <= cap_m:
                    return recipe
        return walk_run(1, self.state.zones, share=DOWN)

    def _race_week(self, a_race: Race) -> tuple[Session, ...]:
        share = self.stage.share if a_race.priority is RacePriority.A else B_SHARE
        full_m, _ = self.state.base()
        week = RaceWeek(
            monday=self.monday,
            race=a_race,
            weekdays=self.weekdays,
            runs=max(2, running_days(most_days(self.inputs), full_m)),
            full_m=full_m,
            share=share,
            zones=self.state.zones,
            hard_from=self._hard_from() if self.state.limits.hard else WEEK,
            cap_m=self._cap,
        )
        return race_week_sessions(week)

    def _gentle(self) -> tuple[Session, ...]:
        raced = self.inputs.race.day if self.inputs.race else self.monday
        earliest = raced + timedelta(days=WALKING_DAYS + 1)
        room_m = self.stage.share * self.state.base()[0]
        return gentle_week(self.monday, self.weekdays, earliest, room_m, self.state.zones, self._cap)

    def _composed(self) -> tuple[tuple[Session, ...], tuple[Reason, ...]]:
        target_m, rule = self._allowed(*self._target())
        number = self.stage.number
        opens_block = self.state.block != number // CYCLE_WEEKS
        full_m = target_m if self.stage.kind is WeekKind.BUILD else max(target_m, self.state.base()[0])
        days = running_days(most_days(self.inputs), full_m) if opens_block else self.state.days
        days = max(1, min(days, most_days(self.inputs), len(self.weekdays)))
        wanted = self._wanted(days, target_m)
        settled = has_settled(self.state.weeks_m, self.monday)
        long_day = self._long_day()
        returning = return_cap_m(self.inputs.conditions, self.monday + timedelta(days=long_day)) is not None
        restart = not returning and longest_m(self.state.runs, self.monday + timedelta(days=long_day)) is None
        families = wanted.families if settled and not restart else ()
        pattern = self._pattern(days, long_day, max(1, len(families)))
        families = one_of(self.stage, families, len(pattern.hard_days))
        fixed, pattern, notes, rules = self._fixed(pattern, target_m, ready=settled and not restart)
        hards = () if fixed else families
        lowered = self.stage.kind in _LOWERED
        frame = WeekFrame(
            monday=self.monday,
            pattern=pattern,
            target_m=target_m,
            volume_rule=rule,
            caps_m={day: self._cap(day, pattern.days) for day in pattern.days},
            zones=self.state.zones,
            quality=tuple(self.state.forms(family) for family in hards[: len(pattern.hard_days)]),
            quality_wanted=bool(hards),
            strides=self._strides(),
            phase=self.stage.phase,
            fixed=fixed,
            fixed_rules=rules,
            finishes=() if fixed or self._stays_easy(long_day) else wanted.finishes,
            long_share=self._long_share(len(pattern.days)),
            longest_s=_MARATHON_LONGEST_S if self._near(Goal.MARATHON) else LONGEST_S,
            long_limit_m=self._long_limit_m(lowered=lowered),
            restart=restart,
        )
        sessions, more = compose(frame)
        notes = (*notes, *more)
        if opens_block and days < min(self.inputs.availability.days_per_week, len(self.weekdays)):
            notes = (*notes, Reason(Cause.FEWER_RUNS, {"runs": days, "week_m": target_m}))
        if wanted.families and not settled:
            notes = (*notes, Reason(Cause.TWO_WEEKS_FIRST))
        return sessions, notes

    def _wanted(self, days: int, target_m: float) -> HardSessions:
        capacity = WeekCapacity(
            days, target_m, self.state.history_weeks(self.monday), self.state.compliance()
        )
        return hard_sessions_of(self.stage, self.inputs.goal, capacity, self.state.limits)

    def _target(self) -> tuple[float, str]:
        """The volume of the week in metres, and the rule that it comes from."""
        state, stage = self.state, self.stage
        base_m, _ = state.base()
        if self.asked.returning and self.asked.target_m is not None:
            # R22 is off while a return runs
            return max(self.asked.target_m, min(state.floor_m, LEAST_WEEK_M)), self.asked.rule
        target_m, rule = base_m, "R17"
        if stage.kind in _LOWERED:
            target_m, rule = DOWN * base_m, "R21"
        elif stage.kind in {WeekKind.TAPER, WeekKind.REST}:
            target_m, rule = stage.share * base_m, "R27" if stage.kind is WeekKind.TAPER else "R30"
        elif stage.phase is Phase.SPEED and state.lowered is None:
            target_m, rule = SPEED_SHARE * (state.peak_m or base_m), "S28"
            if not state.peak_m and state.builds:  # no distance phase before: it was lowered once
                target_m = base_m
        elif state.builds:
            rested = state.taken[-1].kind is not WeekKind.BUILD
            grows = not rested and state.compliance() >= COMPLIANCE
            held_m = base_m if rested else min(state.held_m(), stepped_m(base_m, state.days))
            target_m, rule = (stepped_m(base_m, state.days) if grows else held_m), "R21" if rested else "R18"
            target_m = min(target_m, max(self._ceiling_m(), base_m))
        if self.asked.target_m is not None and self.asked.target_m < target_m:
            least_m = min(state.floor_m, LEAST_WEEK_M, target_m)
            target_m, rule = max(self.asked.target_m, least_m), self.asked.rule
        off = gap_weeks(self.inputs.conditions)
        counted = {week: metres for week, metres in state.weeks_m.items() if week not in off}
        asked_m = whole_weeks_m(state.taken, monday_of(self.inputs.first_day))
        limit_m = spike_limit_m(counted, self.monday, asked_m)
        if limit_m is not None and target_m > max(limit_m, state.floor_m):
            return max(limit_m, state.floor_m), "R22"
        return target_m, rule

    def _allowed(self, target_m: float, rule: str) -> tuple[float, str]:
        """The volume, and its rule, within what health allows (H4)."""
        most_m = self.state.limits.week_m
        return (target_m, rule) if most_m is None or target_m <= most_m else (most_m, "H4")

    def _ceiling_m(self) -> float:
        if self.stage.phase is Phase.COMBINE and self.state.peak_m:
            return self.state.peak_m  # S31: back to the peak of the distance phase
        return self.state.ceiling_m

    def _strides(self) -> tuple[Strides, ...]:
        resting = self.stage.kind is WeekKind.REST
        if self.stage.number < STRIDES_FROM_WEEK or resting or not self.state.limits.hard:
            return ()
        if self.asked.strides_from is not None and self.asked.strides_from > self.monday:
            return ()
        return self.state.strides

    def _stays_easy(self, day: int) -> bool:
        """Whether a return or a calm week still forbids anything hard on a weekday."""
        hard_from = self.asked.hard_from
        return self.asked.returning or (
            hard_from is not None and self.monday + timedelta(days=day) < hard_from
        )

    def _long_limit_m(self, *, lowered: bool) -> float | None:
        """R21 in a lighter week, A14 while the long run is held."""
        limits = [DOWN * self.state.base()[1]] if lowered and not self.asked.returning else []
        if self.asked.long_m is not None:
            limits.append(self.asked.long_m)
        return min(filter(None, limits), default=None)

    def _long_share(self, runs: int) -> float:
        race_share = 0.0
        for goal in (Goal.HALF, Goal.MARATHON):
            if self._near(goal):
                race_share = _RACE_LONG_SHARE.get((goal, runs), 0.0)
        before = min(long_share_before(self.inputs.conditions, self.monday), _MOST_IN_RETURN)
        return max(race_share, LONG_SHARE[runs], before)

    def _near(self, goal: Goal) -> bool:
        """Whether a race over that distance is at most twelve weeks away."""
        a_race = self.inputs.race
        return (
            a_race is not None
            and a_race.goal is goal
            and self.monday <= a_race.day
            and monday_of(a_race.day) - self.monday <= _RACE_BLOCK
        )

    def _cap(self, day: int, planned_on: Iterable[int] = ()) -> float:
        """The longest that a run of a weekday may be; `planned_on`: the weekdays with a run."""
        on = self.monday + timedelta(days=day)
        ahead = (self.monday + timedelta(days=other) for other in planned_on)
        run_on = {*(run.day for run in self.state.runs), *(on for on in ahead if on >= self.inputs.first_day)}
        first_s = first_run_s(self.inputs.conditions, on, run_on)
        cap_m = min(filter(None, (self.state.cap_m(on), self.state.limits.long_m)))
        return cap_m if first_s is None else min(cap_m, first_s * easy_speed_mps(self.state.zones))

    def _hard_from(self, gap_days: int = 0) -> int:
        """The first weekday for a hard session: far enough from the last strain and the last race."""
        gap = max(self.state.limits.gap_days, gap_days)
        last = self.state.last_strain()
        earliest = self.monday if last is None else last + timedelta(days=gap)
        easy_until = self.state.easy_until()
        if easy_until is not None:
            earliest = max(earliest, easy_until + timedelta(days=1))
        for hard_from in (self.asked.hard_from, self.inputs.hard_from):
            if hard_from is not None:
                earliest = max(earliest, hard_from)
        return max(0, (earliest - self.monday).days)

    def _long_day(self) -> int:
        """The preferred day, or the free one nearest to it; never too soon after a hard day."""
        preferred = self.inputs.availability.long_run_day
        last = self.state.last_strain(hard_only=True)
        earliest = 0
        if last is not None:
            earliest = (last + timedelta(days=self.state.limits.gap_days) - self.monday).days
        open_days = [day for day in self.weekdays if day >= earliest] or list(self.weekdays[-1:])
        # a later day than the preferred one would come too near to the next week's hard day
        return min(open_days, key=lambda day: (day > preferred, abs(day - preferred)))

    def _pattern(self, days: int, long_day: int, hards: int) -> Pattern:
        gap = self.state.limits.gap_days
        return week_pattern(days, self.weekdays, long_day, min(self._hard_from(), WEEK), hards, gap)

    def _fixed(
        self, pattern: Pattern, target_m: float, *, ready: bool
    ) -> tuple[dict[int, Recipe], Pattern, tuple[Reason, ...], tuple[str, ...]]:
        """A test, an estimate or a small race of this week; with the pattern that carries it."""
        small_race = self._small_race(pattern)
        if small_race is not None:
            return *small_race, (), ("R28",)
        if not ready:
            return {}, pattern, (), ()
        if self.stage.kind is WeekKind.TEST:
            return *self._test(pattern, target_m), ("S13", "R29")
        if self._estimate_due() and pattern.hard_day is not None:
            day = pattern.hard_day
            for recipe in estimate_forms(self.state.zones):
                if recipe.distance_m <= min(self._cap(day), target_m / 2):
                    return {day: recipe}, pattern, (), ("S12", "S13")
        return {}, pattern, (), ()

    def _small_race(self, pattern: Pattern) -> tuple[dict[int, Recipe], Pattern] | None:
        a_race = self.inputs.race
        if a_race is None or a_race.priority is not RacePriority.C or monday_of(a_race.day) != self.monday:
            return None
        day = a_race.day.weekday()
        return {day: race(a_race.goal, self.state.zones)}, self._around(pattern, day)

    def _around(self, pattern: Pattern, day: int) -> Pattern:
        """The pattern with a session on `day` and the long run apart from it."""
        gap = self.state.limits.gap_days
        long_day = pattern.long_day
        if apart(long_day, day) < gap:
            others = [weekday for weekday in self.weekdays if apart(weekday, day) >= gap]
            long_day = max(others, key=lambda weekday: (weekday < day, apart(weekday, day)), default=-1)
        others = [weekday for weekday in pattern.days if weekday not in {day, long_day}]
        room = max(0, len(pattern.days) - (2 if long_day >= 0 else 1))
        keep = sorted(others, key=lambda weekday: (apart(weekday, day) == 1, weekday))[:room]
        chosen = tuple(sorted({*keep, day, *([long_day] if long_day >= 0 else [])}))
        return Pattern(chosen, long_day if long_day >= 0 else day, (day,))

    def _test(
        self, pattern: Pattern, target_m: float
    ) -> tuple[dict[int, Recipe], Pattern, tuple[Reason, ...]]:
        waits = Cause.TEST_WITHOUT_DAY
        held = no_test_before(self.inputs.conditions, self.inputs.no_test_before)
        for day, long_day in self._test_days(pattern.long_day):
            if held is not None and self.monday + timedelta(days=day) < held:
                waits = Cause.TEST_TOO_SOON
                continue
            waits = Cause.TEST_TOO_LONG
            for recipe in forms_of_test(self.state.zones):
                fits = recipe.distance_m <= min(self._cap(day), target_m * (1 - 1 / (len(pattern.days) + 1)))
                if fits:
                    return {day: recipe}, self._with_test(pattern, day, long_day), ()
        return {}, pattern, (Reason(waits),)

    def _test_days(self, long_day: int) -> Iterator[tuple[int, int]]:
        """Test day and long-run day, the usual long-run day first."""
        gap, preferred = self.state.limits.gap_days, self.inputs.availability.long_run_day
        first = self._hard_from(_TEST_GAP_DAYS)
        late = [day for day in self.weekdays if day >= max(TEST_FROM_WEEKDAY, first)]
        for long in (long_day, *(day for day in self.weekdays[::-1] if day != long_day)):
            for day in late:
                clear = long - day >= gap or day - long >= _TEST_GAP_DAYS
                if clear and WEEK + preferred - day >= gap:
                    yield day, long

    def _with_test(self, pattern: Pattern, day: int, long_day: int) -> Pattern:
        runs = len(pattern.days)
        others = [weekday for weekday in self.weekdays if weekday not in {day, long_day}]
        eased = sorted(
            others, key=lambda weekday: (apart(weekday, day) == 1, weekday not in pattern.days, weekday)
        )
        return Pattern(tuple(sorted((day, long_day, *eased[: max(0, runs - 2)]))), long_day, (day,))

    def _estimate_due(self) -> bool:
        return (
            self.state.newcomer
            and self.state.limits.tests
            and self.stage.kind in {WeekKind.DOWN, WeekKind.RETURN}
            and not any(week.kind is WeekKind.TEST for week in self.state.taken)
        )
