"""The session library: what a rung of each family is, as a symbolic workout.

Easy, recovery and long runs, and the quality sessions of the ladders in `ladders`; tests, races
and the first runs of a newcomer are in `special_sessions`. A recipe has zones, not paces, so the same
session follows the athlete's fitness. RPE ranges are our defaults on the 1-10 scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

from syncd.domain.athlete import ZoneSet
from syncd.domain.session import QUALITY_KINDS, Session, SessionKind
from syncd.domain.training.ladders import HM_M, LADDERS, TOP_LEVEL, Rung
from syncd.domain.workout import (
    EffortTarget,
    Item,
    PaceBand,
    PaceZone,
    Repeat,
    Role,
    Step,
    Workout,
    ZoneTarget,
    covering,
    executed,
    lasting,
)

__all__ = [
    "HM_M",
    "TOP_LEVEL",
    "Recipe",
    "SessionDescription",
    "Strides",
    "descent",
    "easy_run",
    "easy_speed_mps",
    "estimate",
    "long_run",
    "placed",
    "quality_metres",
    "quality_session",
    "recipe_of",
    "recovery_run",
    "shown_length_m",
    "strides_choices",
    "with_easy_running",
]

WARM_UP_S, COOL_DOWN_S = 900.0, 600.0
SHORT_WARM_UP_S = SHORT_COOL_DOWN_S = 480.0  # the least that still prepares for the work
MOST_EASY_ROUND_IT_S = 1200.0  # our default: no more than that is added on either side
LEAST_BEFORE_STRIDES_M = 2000.0  # our default: strides come on warm legs
_STRIDES = (6, 4)  # of 20 s; the smaller number where the week is small

HARD_LONG_S = 1200.0  # 20 min at marathon pace or faster make a long run a hard day
HARD_KINDS = QUALITY_KINDS | {SessionKind.TEST, SessionKind.RACE}
WALK_MPS = 1.5  # brisk
_WALK_RPE = 1
_SHOWN_M = 100.0
EASY_RPE = (2, 4)  # "you could talk in sentences"
_ALL_OUT_RPE = 8

_EASY_PURPOSE = "Easy enough to talk in sentences: easy running is what makes you run longer."
_RECOVERY_PURPOSE = "Shorter and slower than you could: it only loosens the legs for the next run."
_LONG_PURPOSE = "The cornerstone of the week: time on your feet at a pace you can talk at."
_STRIDES_PURPOSE = " The strides at the end are quick and relaxed, not sprints."


@dataclass(frozen=True, slots=True)
class Recipe:
    """A session before it has a day: distances in metres and seconds at the athlete's zones.

    `quality_m` is the distance per zone run at marathon pace or faster; `length_m` as in `Session`.
    """

    kind: SessionKind
    family: str
    level: int
    title: str
    purpose: str
    rpe: tuple[int, int]
    hard: bool
    workout: Workout
    distance_m: float
    duration_s: float
    quality_m: Mapping[PaceZone, float]
    length_m: float | None = None


@dataclass(frozen=True, slots=True)
class SessionDescription:
    """What the runner reads about a session, how hard it should feel (RPE), `length_m` as in `Session`."""

    title: str
    purpose: str
    rpe: tuple[int, int]
    length_m: float | None = None


@dataclass(frozen=True, slots=True)
class Strides:
    """Short quick runs at the end of an easy one: metres with their jogs, and those run quickly."""

    count: int
    distance_m: float
    quality_m: Mapping[PaceZone, float]


def quality_session(
    family: str, level: int, zones: ZoneSet, *, single: bool = False, short: bool = False
) -> Recipe:
    """A rung of a family between easy running.

    `single` cuts level 0 to one repetition, `short` warm-up and cool-down to 8 min each.
    """
    ladder = LADDERS[family]
    rung = ladder.forms(0 if single else level, zones)[0]
    if single:
        rung = _once(rung)
    return _quality(family, 0 if single else level, rung, zones, short=short)


@lru_cache(maxsize=256)
def descent(family: str, level: int, zones: ZoneSet) -> tuple[Recipe, ...]:
    """A level and all that is smaller, in the order of giving way: level, repetitions, warm-up."""
    ladder = LADDERS[family]
    rungs = [
        _quality(family, lower, form, zones)
        for lower in range(min(level, ladder.top), -1, -1)
        for form in ladder.forms(lower, zones)
    ]
    if ladder.rested:  # one short repetition is no session
        return (*rungs, _quality(family, 0, ladder.forms(0, zones)[-1], zones, short=True))
    smallest = [quality_session(family, 0, zones, single=True, short=short) for short in (False, True)]
    return (*rungs, *smallest)


def with_easy_running(recipe: Recipe, distance_m: float, zones: ZoneSet) -> Recipe:
    """A quality session between more easy running, up to `distance_m` in all; in whole minutes."""
    more_s = max(0.0, distance_m - recipe.distance_m) / easy_speed_mps(zones)
    each_s = min(more_s / 2 // 60 * 60, MOST_EASY_ROUND_IT_S)
    if each_s <= 0:
        return recipe
    steps = tuple(
        replace(step, duration=lasting((step.duration.seconds or 0.0) + each_s))
        if isinstance(step, Step) and step.role in {Role.WARMUP, Role.COOLDOWN} and step.duration.seconds
        else step
        for step in recipe.workout.steps
    )
    description = SessionDescription(recipe.title, recipe.purpose, recipe.rpe, recipe.length_m)
    return recipe_of(recipe.kind, recipe.family, recipe.level, description, Workout(steps), zones)


def easy_run(distance_m: float, zones: ZoneSet, *, strides: int = 0) -> Recipe:
    """An easy run of `distance_m` in all; with strides, they close it."""
    return _easily(SessionKind.EASY, distance_m, zones, strides, "easy", _EASY_PURPOSE)


def recovery_run(distance_m: float, zones: ZoneSet) -> Recipe:
    """The easiest run of a week that has no free day."""
    return _easily(SessionKind.RECOVERY, distance_m, zones, 0, "recovery", _RECOVERY_PURPOSE)


def long_run(distance_m: float, zones: ZoneSet, *, strides: int = 0) -> Recipe:
    """The long run, level 1; with strides at its end, level 2."""
    return _easily(SessionKind.LONG, distance_m, zones, strides, "long run", _LONG_PURPOSE)


def placed(recipe: Recipe, identity: str, day: date, rules: tuple[str, ...] = ()) -> Session:
    """The recipe as a session of the plan."""
    return Session(
        id=identity,
        day=day,
        kind=recipe.kind,
        title=recipe.title,
        workout=recipe.workout.named(recipe.title),
        distance_m=recipe.distance_m,
        duration_s=recipe.duration_s,
        rpe=recipe.rpe,
        hard=recipe.hard,
        purpose=recipe.purpose,
        family=recipe.family,
        level=recipe.level,
        rules=rules,
        length_m=recipe.length_m,
    )


def shown_length_m(distance_m: float) -> float:
    """The length that a name begins with: to 100 m, as it is shown in kilometres."""
    return float(round(distance_m / _SHOWN_M)) * _SHOWN_M


def strides_choices(zones: ZoneSet) -> tuple[Strides, ...]:
    """The numbers of strides to choose from, the most first."""
    choices = []
    for count in _STRIDES:
        workout = Workout((_strides(count),))
        choices.append(Strides(count, estimate(workout, zones)[0], quality_metres(workout, zones)))
    return tuple(choices)


def easy_speed_mps(zones: ZoneSet) -> float:
    """The middle of the easy zone: what the plan counts with."""
    easy = zones.paces[PaceZone.EASY]
    return 2000 / (easy.fast_s_per_km + easy.slow_s_per_km)


def estimate(workout: Workout, zones: ZoneSet) -> tuple[float, float]:
    """Metres and seconds that a workout will take; jogs at the slow end of easy, rests standing.

    A step that lasts until the lap button counts as nothing: its length is the runner's.
    """
    legs = tuple(_legs(workout, zones))
    return sum(metres for _, metres, _ in legs), sum(seconds for _, _, seconds in legs)


def quality_metres(workout: Workout, zones: ZoneSet) -> dict[PaceZone, float]:
    """Metres per zone at marathon pace or faster; an all-out effort counts as 5K pace."""
    metres_at: dict[PaceZone, float] = {}
    for zone, metres, _ in _legs(workout, zones):
        if zone is not None:
            metres_at[zone] = metres_at.get(zone, 0.0) + metres
    return metres_at


def hard_seconds(workout: Workout, zones: ZoneSet) -> float:
    """How long it is run at marathon pace or faster."""
    return sum(seconds for zone, _, seconds in _legs(workout, zones) if zone is not None)


def _legs(workout: Workout, zones: ZoneSet) -> Iterator[tuple[PaceZone | None, float, float]]:
    for run_step in executed(workout):
        zone, speed = _zone_and_speed(run_step.step, zones)
        metres, seconds = run_step.step.duration.metres, run_step.step.duration.seconds
        if metres is not None:
            yield zone, metres, metres / speed if speed else 0.0
        elif seconds is not None:
            yield zone, seconds * speed, seconds


def _zone_and_speed(step: Step, zones: ZoneSet) -> tuple[PaceZone | None, float]:
    """The quality zone, if it is one, and the expected speed in m/s."""
    if step.role is Role.REST:
        return None, 0.0
    match step.target:
        case ZoneTarget(zone) if zone is not PaceZone.EASY:
            return zone, 1000 / zones.paces[zone].fast_s_per_km
        case PaceBand():
            return _zone_of(step.target.middle_mps, zones), step.target.middle_mps
        case EffortTarget(low, _) if low >= _ALL_OUT_RPE:
            return PaceZone.FIVE_K, 1000 / zones.paces[PaceZone.FIVE_K].fast_s_per_km
    if step.role is Role.RECOVERY:
        if isinstance(step.target, EffortTarget) and step.target.low == _WALK_RPE:
            return None, WALK_MPS
        return None, 1000 / zones.paces[PaceZone.EASY].slow_s_per_km
    return None, easy_speed_mps(zones)


def _zone_of(speed_mps: float, zones: ZoneSet) -> PaceZone | None:
    """The quickest quality zone whose slow edge a speed reaches."""
    reached = [
        zone for zone in PaceZone if zone is not PaceZone.EASY and speed_mps >= zones.bands[zone].slow_mps
    ]
    return reached[-1] if reached else None


def _once(rung: Rung) -> Rung:
    return replace(rung, blocks=(replace(rung.blocks[0], count=1),))


def _quality(family: str, level: int, rung: Rung, zones: ZoneSet, *, short: bool = False) -> Recipe:
    warm_up, cool_down = (SHORT_WARM_UP_S, SHORT_COOL_DOWN_S) if short else (WARM_UP_S, COOL_DOWN_S)
    easy = ZoneTarget(PaceZone.EASY)
    workout = Workout(
        (
            Step(lasting(warm_up), easy, Role.WARMUP),
            *rung.main_set,
            Step(lasting(cool_down), easy, Role.COOLDOWN),
        )
    )
    description = SessionDescription(rung.title, rung.purpose, rung.rpe)
    return recipe_of(LADDERS[family].kind, family, level, description, workout, zones)


@lru_cache(maxsize=2048)
def _easily(
    kind: SessionKind, distance_m: float, zones: ZoneSet, strides: int, title: str, purpose: str
) -> Recipe:
    target = ZoneTarget(PaceZone.EASY)
    steps: tuple[Item, ...] = (Step(covering(distance_m), target),)
    length_m = shown_length_m(distance_m)
    if strides:
        block = _strides(strides)
        steady = distance_m - estimate(Workout((block,)), zones)[0]
        steps = (Step(covering(steady // 100 * 100), target), block)
        title += f" + {strides} strides"
        description = SessionDescription(title, purpose + _STRIDES_PURPOSE, EASY_RPE, length_m)
        return recipe_of(kind, kind.value, 2, description, Workout(steps), zones)
    seconds = float(round(distance_m / easy_speed_mps(zones)))
    metres = float(round(distance_m))
    return Recipe(
        kind, kind.value, 1, title, purpose, EASY_RPE, False, Workout(steps), metres, seconds, {}, length_m
    )


@cache
def _strides(count: int) -> Repeat:
    quick = Step(lasting(20), ZoneTarget(PaceZone.REPETITION))
    return Repeat(count, (quick, Step(lasting(60), None, Role.RECOVERY)))


def recipe_of(
    kind: SessionKind,
    family: str,
    level: int,
    description: SessionDescription,
    workout: Workout,
    zones: ZoneSet,
) -> Recipe:
    """A recipe with its estimates. Hard: all quality kinds, tests and races, and a long run with
    20 minutes or more at marathon pace or faster."""
    legs = tuple(_legs(workout, zones))
    quality_m: dict[PaceZone, float] = {}
    for zone, metres, _ in legs:
        if zone is not None:
            quality_m[zone] = quality_m.get(zone, 0.0) + metres
    quality_s = sum(seconds for zone, _, seconds in legs if zone is not None)
    return Recipe(
        kind=kind,
        family=family,
        level=level,
        title=description.title,
        purpose=description.purpose,
        rpe=description.rpe,
        hard=kind in HARD_KINDS or (kind is SessionKind.LONG and quality_s >= HARD_LONG_S),
        workout=workout,
        distance_m=float(round(sum(metres for _, metres, _ in legs))),
        duration_s=float(round(sum(seconds for _, _, seconds in legs))),
        quality_m=quality_m,
        length_m=description.length_m,
    )
