"""One week from its volume: which run on which day, how long, how hard.

The order of giving way is fixed. The single-run cap (R20), the long run as the longest (S19),
the volume (R18) and the share of hard running (S6, R25, R24, S23) hold; a quality session steps
down until it fits, and becomes an easy run when even its smallest form does not. The second
quality session of a week is fitted after the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from syncd.domain.athlete import ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.session import Phase, Session, session_id
from syncd.domain.training.hard_limits import too_hard
from syncd.domain.training.ladders import HM_M, RACE_PACE
from syncd.domain.training.pattern import WEEK, Pattern
from syncd.domain.training.reasons import Cause
from syncd.domain.training.sessions import (
    LEAST_BEFORE_STRIDES_M,
    Recipe,
    Strides,
    easy_run,
    easy_speed_mps,
    long_run,
    placed,
    recovery_run,
    with_easy_running,
)
from syncd.domain.training.single_run import stretched_m
from syncd.domain.training.special_sessions import Finish, progression
from syncd.domain.workout import PaceZone

LONG_SHARE: Mapping[int, float] = {1: 1.0, 2: 0.60, 3: 0.45, 4: 0.36, 5: 0.32, 6: 0.30, 7: 0.27}  # R23
LONGEST_S, LONGEST_M = 9000.0, 35_000.0  # R23: 150 min, 35 km
EASY_S, EASY_OF_LONG = 5400.0, 0.80  # an easy run: at most 90 min, at most 80 % of the long run
RECOVERY_WEIGHT = 0.6  # our default, of an easy run
_LEAST_EASY_M, _LEAST_EASY_SHARE = 3000.0, 0.5  # a run must be worth going out for
_LEAST_BESIDE_FIXED_M = 2000.0  # our default: beside a test, a shorter run is left out
_SHORT_LEVELS = 3  # of the 5K ladder: 200s and 400s
TWO_RUNS = 2
_GRAIN_M = 100.0
_SLACK_M = 50.0


@dataclass(frozen=True, slots=True)
class WeekFrame:
    """What a week is made of; distances in metres.

    `caps_m` is R20 by weekday. `quality` has, for each hard day of the pattern, the session of
    the ladder and all smaller ones in the order of giving way; empty in a week without quality.
    `fixed` are sessions that stand as they are (a test, a race), by weekday. `strides`: the
    choices, the most first, empty before their time. `finishes`: how the long run may speed up,
    the best first. `long_limit_m` is the R21 limit of a down week. In a `restart` week nothing
    was run for 30 days: each run is measured by those before it.
    """

    monday: date
    pattern: Pattern
    target_m: float
    volume_rule: str
    caps_m: Mapping[int, float]
    zones: ZoneSet
    quality: tuple[tuple[Recipe, ...], ...]
    strides: tuple[Strides, ...]
    phase: Phase = Phase.DISTANCE
    fixed: Mapping[int, Recipe] = field(default_factory=dict)
    fixed_rules: tuple[str, ...] = ()
    finishes: tuple[Finish, ...] = ()
    long_share: float = 0.0
    longest_s: float = LONGEST_S
    long_limit_m: float | None = None
    restart: bool = False
    quality_wanted: bool = False


@dataclass(frozen=True, slots=True)
class _Layout:
    """Distances by weekday, quality and fixed sessions apart."""

    long_m: float
    easy_m: Mapping[int, float]
    quality: Mapping[int, Recipe]
    fixed_m: float = 0.0
    strides: Strides | None = None

    @property
    def total_m(self) -> float:
        quality_m = sum(recipe.distance_m for recipe in self.quality.values())
        return self.long_m + sum(self.easy_m.values()) + quality_m + self.fixed_m


LEAST_RUN_M = 1000.0  # our default


def compose(frame: WeekFrame) -> tuple[tuple[Session, ...], tuple[Reason, ...]]:
    """The sessions in order of days, and a note for each rule that gave way."""
    layout, gave_way = _best(frame)
    sessions = tuple(
        placed(recipe, session_id(frame.monday, slot), frame.monday + timedelta(days=day), rules)
        for slot, (day, recipe, rules) in enumerate(_recipes(frame, layout, gave_way), start=1)
    )
    return _worth_going_out(sessions), tuple(_notes(frame, layout, gave_way))


def _worth_going_out(sessions: tuple[Session, ...]) -> tuple[Session, ...]:
    """What is left beside a race can be a few hundred metres: then that day is one of rest."""
    kept = tuple(session for session in sessions if session.hard or session.distance_m >= LEAST_RUN_M)
    return kept if any(session.hard for session in kept) else sessions


def quality_rules(quality: Recipe, phase: Phase, gave_way: str | None) -> tuple[str, ...]:
    """The rules behind a quality session, with the one that made it smaller."""
    if quality.family == HM_M:
        why = ("S22", "S23") if phase is Phase.DISTANCE else ("S29", "S16")
    elif quality.family == RACE_PACE:
        why = ("S24", "S25" if quality.level <= _SHORT_LEVELS else "S26")
    else:
        why = ("S24", "S16")
    return tuple(dict.fromkeys((*why, *((gave_way,) if gave_way else ()))))


def refusal(
    quality: Recipe,
    *,
    cap_m: float,
    long_m: float,
    others_m: Mapping[PaceZone, float],
    week_m: float,
    zones: ZoneSet,
    phase: Phase = Phase.DISTANCE,
) -> str | None:
    """The first rule that a quality session would break in its week, None when it fits.

    `cap_m` is R20 for its day, `long_m` the long run (0 when the week has none), `others_m` the
    quality metres of the other sessions, `week_m` the whole week with this session.
    """
    if quality.distance_m > cap_m:
        return "R20"
    if long_m and quality.distance_m >= long_m:
        return "S19"
    together = _together(others_m, quality.quality_m)
    return too_hard(together, week_m, _threshold_mps(zones), phase)


def _threshold_mps(zones: ZoneSet) -> float:
    return 1000 / zones.paces[PaceZone.THRESHOLD].fast_s_per_km


def _together(*parts: Mapping[PaceZone, float]) -> dict[PaceZone, float]:
    summed: dict[PaceZone, float] = {}
    for part in parts:
        for zone, metres in part.items():
            summed[zone] = summed.get(zone, 0.0) + metres
    return summed


def _best(frame: WeekFrame) -> tuple[_Layout, Mapping[int, str]]:
    """The largest quality sessions that fit; by day, the rule that kept out the one of the ladder."""
    gave_way: dict[int, str] = {}
    layout = _with_strides(frame, _laid_out(frame, {}), None, needed=False)
    for day, forms in zip(frame.pattern.hard_days, frame.quality, strict=False):
        fitted, rule = _fitted(frame, layout.quality, day, forms)
        layout = fitted or layout
        if rule:
            gave_way[day] = rule
    return layout, gave_way


def _fitted(
    frame: WeekFrame, chosen: Mapping[int, Recipe], day: int, forms: Sequence[Recipe]
) -> tuple[_Layout | None, str | None]:
    gave_way: str | None = None
    others = _together(*(recipe.quality_m for recipe in chosen.values()))
    layouts: dict[int, _Layout | None] = {}
    for strides_needed in (True, False) if frame.strides else (False,):
        for place, form in enumerate(forms):
            if place not in layouts:
                broken = _hopeless(frame, form, day, others)
                gave_way = gave_way or broken
                layouts[place] = None if broken else _laid_out(frame, {**chosen, day: form})
            plain = layouts[place]
            if plain is None:
                continue
            layout = _with_strides(frame, plain, day, needed=strides_needed)
            broken = _broken(frame, layout, day)
            if broken is None:
                return layout, gave_way
            gave_way = gave_way or broken
    return None, gave_way


def _hopeless(frame: WeekFrame, form: Recipe, day: int, others: Mapping[PaceZone, float]) -> str | None:
    """What already rules a form out before the week is laid out: the week never exceeds its target."""
    if form.distance_m > frame.caps_m[day]:
        return "R20"
    together = _together(others, form.quality_m)
    most_m = frame.target_m + _GRAIN_M * len(frame.pattern.days)
    return too_hard(together, most_m, _threshold_mps(frame.zones), frame.phase)


def _broken(frame: WeekFrame, layout: _Layout, day: int | None) -> str | None:
    """The rule that a layout breaks for the quality session of `day`."""
    if day is None or day not in layout.quality:
        return None
    quality = layout.quality[day]
    runs = len(frame.pattern.days)
    least = min(_LEAST_EASY_M, _LEAST_EASY_SHARE * frame.target_m / runs)
    room = frame.target_m - layout.fixed_m - layout.long_m
    room -= sum(recipe.distance_m for recipe in layout.quality.values())
    if room < least * len(layout.easy_m) or min(layout.easy_m.values(), default=LEAST_RUN_M) < LEAST_RUN_M:
        return "R18"
    if any(recipe.distance_m >= layout.long_m for recipe in layout.quality.values()):
        return "S19"
    others = [recipe.quality_m for other, recipe in layout.quality.items() if other != day]
    strides = [layout.strides.quality_m] if layout.strides else []
    return refusal(
        quality,
        cap_m=frame.caps_m[day],
        long_m=layout.long_m,
        others_m=_together(*others, *strides),
        week_m=layout.total_m - (_GRAIN_M if layout.strides else 0.0),  # what rounding may take
        zones=frame.zones,
        phase=frame.phase,
    )


def _laid_out(frame: WeekFrame, quality: Mapping[int, Recipe]) -> _Layout:
    """The long run as long as it may be, the rest shared by the easy runs."""
    days, share = frame.pattern.days, _share(frame)
    taken = {frame.pattern.long_day, *quality, *frame.fixed}
    fixed_m = sum(recipe.distance_m for recipe in frame.fixed.values())
    quality = _carrying(frame, quality)
    easy_days = tuple(day for day in days if day not in taken)
    spent_m = fixed_m + sum(recipe.distance_m for recipe in quality.values())
    long_m = _grained(min(limit for limit, _ in _long_limits(frame)))
    if frame.fixed:
        long_m = max(_grained(min(long_m, frame.target_m - spent_m)), _GRAIN_M)
        easy_days = _worth_it(easy_days, frame.target_m - spent_m - long_m)
        return _Layout(
            long_m, _shared(frame, easy_days, frame.target_m - long_m - spent_m, long_m), quality, fixed_m
        )
    while True:
        easy = _shared(frame, easy_days, frame.target_m - long_m - spent_m, long_m)
        layout = _Layout(long_m, easy, quality)
        allowed = share * layout.total_m + _SLACK_M
        if frame.restart:
            allowed = min(allowed, _restart_limit_m(frame, easy))
        if long_m <= allowed or long_m <= _GRAIN_M:
            return layout
        long_m = max(min(long_m - _GRAIN_M, _grained(allowed)), _GRAIN_M)


def _carrying(frame: WeekFrame, quality: Mapping[int, Recipe]) -> Mapping[int, Recipe]:
    """With two runs a week there is no easy one to carry the volume: the quality session does."""
    if len(frame.pattern.days) != TWO_RUNS or frame.fixed:
        return quality
    rest_m = (1 - _share(frame)) * frame.target_m
    return {
        day: with_easy_running(recipe, min(rest_m, frame.caps_m[day]), frame.zones)
        for day, recipe in quality.items()
    }


def _worth_it(days: tuple[int, ...], room_m: float) -> tuple[int, ...]:
    """The easy days for which a test leaves room: it replaces runs, it never adds."""
    return days[: max(0, int(room_m // _LEAST_BESIDE_FIXED_M))]


def _share(frame: WeekFrame) -> float:
    return frame.long_share or LONG_SHARE[len(frame.pattern.days)]


def _restart_limit_m(frame: WeekFrame, easy_m: Mapping[int, float]) -> float:
    """R20 for the long run of a restart: from the runs of the same week before it."""
    before = [metres for day, metres in easy_m.items() if day < frame.pattern.long_day]
    return stretched_m(max(before)) if before else frame.caps_m[frame.pattern.long_day]


def _long_limits(frame: WeekFrame) -> Iterator[tuple[float, str]]:
    yield _share(frame) * frame.target_m, "R23"
    yield frame.caps_m[frame.pattern.long_day], "R20"
    yield frame.longest_s * easy_speed_mps(frame.zones), "R23"
    yield LONGEST_M, "R23"
    if frame.long_limit_m is not None:
        yield frame.long_limit_m, "R21"


def _shared(frame: WeekFrame, days: tuple[int, ...], room_m: float, long_m: float) -> dict[int, float]:
    """The room shared by the easy days; what one may not hold goes to the later ones."""
    of_long = long_m - _GRAIN_M if frame.restart else EASY_OF_LONG * long_m
    most = min(of_long, EASY_S * easy_speed_mps(frame.zones))
    recovery_day = _recovery_day(frame)
    weights = {day: RECOVERY_WEIGHT if day == recovery_day else 1.0 for day in days}
    left, open_weight = max(room_m, 0.0), sum(weights.values())
    given: dict[int, float] = {}
    for day, weight in weights.items():
        metres = min(left * weight / open_weight, most * weight, frame.caps_m[day])
        given[day] = max(_grained(metres), _GRAIN_M)
        left, open_weight = max(left - given[day], 0.0), open_weight - weight
    return given


def _recovery_day(frame: WeekFrame) -> int | None:
    """S20: seven days a week have a recovery run after the long run; fewer have free days."""
    if len(frame.pattern.days) < WEEK:
        return None
    after = (frame.pattern.long_day + 1) % WEEK
    return None if after in frame.pattern.hard_days or after in frame.fixed else after


def _strides_day(frame: WeekFrame, layout: _Layout) -> int:
    """The last easy run before the long run, or the long run itself."""
    steady = [day for day in layout.easy_m if day != _recovery_day(frame)]
    return max(steady, key=lambda day: (day - frame.pattern.long_day) % WEEK, default=frame.pattern.long_day)


def _with_strides(frame: WeekFrame, layout: _Layout, day: int | None, *, needed: bool) -> _Layout:
    """S33: the most strides for which the run is long enough and the week not too hard.

    `needed`: the fewest even when the week is too hard, so that the quality session gives way.
    """
    if not frame.strides:
        return layout
    run_m = layout.easy_m.get(_strides_day(frame, layout), layout.long_m)
    choices = [
        replace(layout, strides=strides)
        for strides in frame.strides
        if run_m - strides.distance_m >= LEAST_BEFORE_STRIDES_M
    ]
    fitting = (choice for choice in choices if _broken(frame, choice, day) is None)
    return next(fitting, choices[-1] if choices and needed else layout)


def _recipes(
    frame: WeekFrame, layout: _Layout, gave_way: Mapping[int, str]
) -> Iterator[tuple[int, Recipe, tuple[str, ...]]]:
    """Weekday, recipe and the rules that shaped it, in order of days."""
    strides_day = _strides_day(frame, layout) if layout.strides else None
    for day in frame.pattern.days:
        strides = layout.strides.count if layout.strides and day == strides_day else 0
        kicks = ("S33",) if strides else ()
        if day in frame.fixed:
            yield day, frame.fixed[day], frame.fixed_rules
        elif day == frame.pattern.long_day:
            held = ("R22",) if frame.volume_rule == "R22" else ()  # the base of later weeks is read from it
            rules = ("S19", _long_rule(frame, layout), *held, *kicks)
            yield day, *_long(frame, layout, strides, rules)
        elif day in layout.quality:
            quality = layout.quality[day]
            yield day, quality, quality_rules(quality, frame.phase, gave_way.get(day))
        elif day == _recovery_day(frame) and day in layout.easy_m:  # a small week leaves days out
            yield day, recovery_run(layout.easy_m[day], frame.zones), ("S9", "S20")
        elif day in layout.easy_m:
            run = easy_run(layout.easy_m[day], frame.zones, strides=strides)
            yield day, run, ("S9", frame.volume_rule, *kicks)


def _long(
    frame: WeekFrame, layout: _Layout, strides: int, rules: tuple[str, ...]
) -> tuple[Recipe, tuple[str, ...]]:
    """The long run, with the best finish for which the week has room."""
    others = _together(
        *(recipe.quality_m for recipe in layout.quality.values()),
        *([layout.strides.quality_m] if layout.strides else []),
    )
    for finish in frame.finishes if not strides else ():
        recipe = progression(layout.long_m, finish, frame.zones)
        if recipe is None or any(hard.distance_m >= recipe.distance_m for hard in layout.quality.values()):
            continue
        together = _together(others, recipe.quality_m)
        if not too_hard(together, layout.total_m - _GRAIN_M, _threshold_mps(frame.zones), frame.phase):
            return recipe, (*rules, "S20" if finish.zone is None else "S31")
    return long_run(layout.long_m, frame.zones, strides=strides), rules


def _long_rule(frame: WeekFrame, layout: _Layout) -> str:
    limit, rule = min(_long_limits(frame))
    return rule if layout.long_m > limit - _GRAIN_M else "R23"


def _notes(frame: WeekFrame, layout: _Layout, gave_way: Mapping[int, str]) -> Iterator[Reason]:
    first = frame.pattern.hard_day
    if frame.quality_wanted and first is None:
        yield Reason(Cause.QUALITY_WITHOUT_DAY)
    for place, day in enumerate(frame.pattern.hard_days[: len(frame.quality)]):
        rule = gave_way.get(day)
        if rule:
            cause = Cause.QUALITY_SMALLER if day in layout.quality else Cause.QUALITY_WAITS
            yield Reason(cause, {"second": place > 0, "rule": rule})
    if layout.total_m < frame.target_m - _GRAIN_M * len(frame.pattern.days):
        _, rule = min(_long_limits(frame))
        yield Reason(
            Cause.WEEK_IS_FULL,
            {
                "target_m": frame.target_m,
                "runs": len(frame.pattern.days),
                "week_m": layout.total_m,
                "rule": rule,
            },
        )


def _grained(metres: float) -> float:
    return (metres + 0.001) // _GRAIN_M * _GRAIN_M  # 1999.9999999 m is 2 km
