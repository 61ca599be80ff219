"""One week from its volume: which run on which day, how long, how hard.

The order of giving way is fixed. The single-run cap (R20), the long run as the longest (S19),
the volume (R18) and the share of hard running (S6, R24, S23) hold; the quality session steps
down until it fits, and becomes an easy run when even its smallest form does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from syncd.domain.athlete import ZoneSet
from syncd.domain.session import Session, session_id
from syncd.domain.training.load import too_hard
from syncd.domain.training.pattern import WEEK, Pattern
from syncd.domain.training.sessions import (
    LEAST_BEFORE_STRIDES_M,
    Recipe,
    Strides,
    easy_run,
    easy_speed_mps,
    long_run,
    placed,
    recovery_run,
)
from syncd.domain.training.single_run import stretched_m
from syncd.domain.workout import PaceZone

LONG_SHARE: Mapping[int, float] = {2: 0.60, 3: 0.45, 4: 0.36, 5: 0.32, 6: 0.30, 7: 0.27}  # R23
LONGEST_S, LONGEST_M = 9000.0, 35_000.0  # R23: 150 min, 35 km
EASY_S, EASY_OF_LONG = 5400.0, 0.80  # an easy run: at most 90 min, at most 80 % of the long run
RECOVERY_WEIGHT = 0.6  # our default, of an easy run
_LEAST_EASY_M, _LEAST_EASY_SHARE = 3000.0, 0.5  # a run must be worth going out for
_GRAIN_M = 100.0
_SLACK_M = 50.0

WHY: Mapping[str, str] = {
    "R18": "the week has no room for more",
    "R20": "no run goes past 110 % of the longest of 30 days",
    "R24": "each pace has its cap in the week",
    "S6": "at most 20 % of the week is hard",
    "S19": "the long run stays the longest",
    "S23": "most of the hard running is at half-marathon or marathon pace",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a week is made of; distances in metres.

    `caps_m` is R20 by weekday. `quality` is the session of the ladder and all smaller ones in the
    order of giving way, empty in a week without a quality session; `strides` the choices, the
    most first, empty before their time. `long_limit_m` is the R21 limit of a down week. In a
    `restart` week nothing was run for 30 days: each run is measured by those before it.
    """

    monday: date
    pattern: Pattern
    target_m: float
    volume_rule: str
    caps_m: Mapping[int, float]
    zones: ZoneSet
    quality: tuple[Recipe, ...]
    strides: tuple[Strides, ...]
    long_limit_m: float | None = None
    restart: bool = False


@dataclass(frozen=True, slots=True)
class _Layout:
    """Distances by weekday, the quality session apart."""

    long_m: float
    easy_m: Mapping[int, float]
    quality: Recipe | None
    strides: Strides | None = None

    @property
    def total_m(self) -> float:
        return self.long_m + sum(self.easy_m.values()) + (self.quality.distance_m if self.quality else 0.0)


def compose(frame: Frame) -> tuple[tuple[Session, ...], tuple[str, ...]]:
    """The sessions in order of days, and a note for each rule that gave way."""
    layout, gave_way = _best(frame)
    sessions = tuple(
        placed(recipe, session_id(frame.monday, slot), frame.monday + timedelta(days=day), rules)
        for slot, (day, recipe, rules) in enumerate(_recipes(frame, layout, gave_way), start=1)
    )
    return sessions, tuple(_notes(frame, layout, gave_way))


def quality_rules(gave_way: str | None) -> tuple[str, ...]:
    """The rules behind a quality session, with the one that made it smaller."""
    return tuple(dict.fromkeys(("S22", "S23", *((gave_way,) if gave_way else ()))))


def refusal(
    quality: Recipe,
    *,
    cap_m: float,
    long_m: float,
    others_m: Mapping[PaceZone, float],
    week_m: float,
    zones: ZoneSet,
) -> str | None:
    """The first rule that a quality session would break in its week, None when it fits.

    `cap_m` is R20 for its day, `long_m` the long run (0 when the week has none), `others_m` the
    quality metres of the other sessions, `week_m` the whole week with this session.
    """
    if quality.distance_m > cap_m:
        return "R20"
    if long_m and quality.distance_m >= long_m:
        return "S19"
    together = dict(others_m)
    for zone, metres in quality.quality_m.items():
        together[zone] = together.get(zone, 0.0) + metres
    return too_hard(together, week_m, 1000 / zones.paces[PaceZone.THRESHOLD].fast_s_per_km)


def _best(frame: Frame) -> tuple[_Layout, str | None]:
    """The largest quality session that fits; with the rule that kept out the one of the ladder."""
    plain = _laid_out(frame, None)
    if frame.pattern.hard_day is None or not frame.quality:
        return _with_strides(frame, plain, needed=False), None
    gave_way: str | None = None
    for strides_needed in (True, False):
        for quality in frame.quality:
            layout = _with_strides(frame, _laid_out(frame, quality), needed=strides_needed)
            broken = _broken(frame, layout)
            if broken is None:
                return layout, gave_way
            gave_way = gave_way or broken
    return _with_strides(frame, plain, needed=False), gave_way


def _broken(frame: Frame, layout: _Layout) -> str | None:
    quality, hard_day = layout.quality, frame.pattern.hard_day
    if quality is None or hard_day is None:
        return None
    runs = len(frame.pattern.days)
    least = min(_LEAST_EASY_M, _LEAST_EASY_SHARE * frame.target_m / runs)
    room = frame.target_m - quality.distance_m - layout.long_m
    if room < least * len(layout.easy_m):
        return "R18"
    return refusal(
        quality,
        cap_m=frame.caps_m[hard_day],
        long_m=layout.long_m,
        others_m=layout.strides.quality_m if layout.strides else {},
        week_m=layout.total_m - (_GRAIN_M if layout.strides else 0.0),  # what rounding may take
        zones=frame.zones,
    )


def _laid_out(frame: Frame, quality: Recipe | None) -> _Layout:
    """The long run as long as it may be, the rest shared by the easy runs."""
    days, share = frame.pattern.days, LONG_SHARE[len(frame.pattern.days)]
    taken = {frame.pattern.long_day} | ({frame.pattern.hard_day} if quality else set())
    easy_days = tuple(day for day in days if day not in taken)
    quality_m = quality.distance_m if quality else 0.0
    long_m = _grained(min(limit for limit, _ in _long_limits(frame)))
    while True:
        easy = _shared(frame, easy_days, frame.target_m - long_m - quality_m, long_m)
        layout = _Layout(long_m, easy, quality)
        allowed = share * layout.total_m + _SLACK_M
        if frame.restart:
            allowed = min(allowed, _restart_limit_m(frame, easy))
        if long_m <= allowed or long_m <= _GRAIN_M:
            return layout
        long_m = min(long_m - _GRAIN_M, _grained(allowed))


def _restart_limit_m(frame: Frame, easy_m: Mapping[int, float]) -> float:
    """R20 for the long run of a restart: from the runs of the same week before it."""
    before = [metres for day, metres in easy_m.items() if day < frame.pattern.long_day]
    return stretched_m(max(before)) if before else frame.caps_m[frame.pattern.long_day]


def _long_limits(frame: Frame) -> Iterator[tuple[float, str]]:
    yield LONG_SHARE[len(frame.pattern.days)] * frame.target_m, "R23"
    yield frame.caps_m[frame.pattern.long_day], "R20"
    yield LONGEST_S * easy_speed_mps(frame.zones), "R23"
    yield LONGEST_M, "R23"
    if frame.long_limit_m is not None:
        yield frame.long_limit_m, "R21"


def _shared(frame: Frame, days: tuple[int, ...], room_m: float, long_m: float) -> dict[int, float]:
    """The room shared by the easy days; what one may not hold goes to the later ones."""
    of_long = long_m - _GRAIN_M if frame.restart else EASY_OF_LONG * long_m
    most = min(of_long, EASY_S * easy_speed_mps(frame.zones))
    weights = {day: RECOVERY_WEIGHT if day == _recovery_day(frame) else 1.0 for day in days}
    left, open_weight = max(room_m, 0.0), sum(weights.values())
    given: dict[int, float] = {}
    for day, weight in weights.items():
        metres = min(left * weight / open_weight, most * weight, frame.caps_m[day])
        given[day] = max(_grained(metres), _GRAIN_M)
        left, open_weight = max(left - given[day], 0.0), open_weight - weight
    return given


def _recovery_day(frame: Frame) -> int | None:
    """S20: seven days a week have a recovery run after the long run; fewer have free days."""
    return (frame.pattern.long_day + 1) % WEEK if len(frame.pattern.days) == WEEK else None


def _strides_day(frame: Frame, layout: _Layout) -> int:
    """The last easy run before the long run, or the long run itself."""
    steady = [day for day in layout.easy_m if day != _recovery_day(frame)]
    return max(steady, key=lambda day: (day - frame.pattern.long_day) % WEEK, default=frame.pattern.long_day)


def _with_strides(frame: Frame, layout: _Layout, *, needed: bool) -> _Layout:
    """S33: the most strides for which the run is long enough and the week not too hard.

    `needed`: the fewest even when the week is too hard, so that the quality session gives way.
    """
    run_m = layout.easy_m.get(_strides_day(frame, layout), layout.long_m)
    choices = [
        replace(layout, strides=strides)
        for strides in frame.strides
        if run_m - strides.distance_m >= LEAST_BEFORE_STRIDES_M
    ]
    fitting = (each for each in choices if _broken(frame, each) is None)
    return next(fitting, choices[-1] if choices and needed else layout)


def _recipes(
    frame: Frame, layout: _Layout, gave_way: str | None
) -> Iterator[tuple[int, Recipe, tuple[str, ...]]]:
    """Weekday, recipe and the rules that shaped it, in order of days."""
    strides_day = _strides_day(frame, layout) if layout.strides else None
    for day in frame.pattern.days:
        strides = layout.strides.count if layout.strides and day == strides_day else 0
        kicks = ("S33",) if strides else ()
        if day == frame.pattern.long_day:
            rules = ("S19", _long_rule(frame, layout), *kicks)
            yield day, long_run(layout.long_m, frame.zones, strides=strides), rules
        elif day == frame.pattern.hard_day and layout.quality is not None:
            yield day, layout.quality, quality_rules(gave_way)
        elif day == _recovery_day(frame):
            yield day, recovery_run(layout.easy_m[day], frame.zones), ("S9", "S20")
        else:
            run = easy_run(layout.easy_m[day], frame.zones, strides=strides)
            yield day, run, ("S9", frame.volume_rule, *kicks)


def _long_rule(frame: Frame, layout: _Layout) -> str:
    limit, rule = min(_long_limits(frame))
    return rule if layout.long_m > limit - _GRAIN_M else "R23"


def _notes(frame: Frame, layout: _Layout, gave_way: str | None) -> Iterator[str]:
    if frame.quality and frame.pattern.hard_day is None:
        yield "No quality run: no available day is 48 hours away from the long run."
    elif gave_way and layout.quality is None:
        yield f"No quality run yet: {WHY[gave_way]} ({gave_way})."
    elif gave_way:
        yield f"The quality run is a smaller one: {WHY[gave_way]} ({gave_way})."
    if layout.total_m < frame.target_m - _GRAIN_M * len(frame.pattern.days):
        _, rule = min(_long_limits(frame))
        yield (
            f"{frame.target_m / 1000:.1f} km do not fit into {len(frame.pattern.days)} runs: "
            f"the week holds {layout.total_m / 1000:.1f} km ({rule})."
        )


def _grained(metres: float) -> float:
    return (metres + 0.001) // _GRAIN_M * _GRAIN_M  # 1999.9999999 m is 2 km
