"""The session library: what a rung of each family is, as a symbolic workout.

Families of the distance phase: `easy`, `recovery`, `long`, `hm_m` (the quality ladder: long
repetitions at half-marathon and marathon pace) and `test`. A recipe has zones, not paces, so
the same session follows the athlete's fitness. RPE ranges are our defaults on the 1-10 scale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from syncd.domain.athlete import ZoneSet
from syncd.domain.notation import parse_workout
from syncd.domain.session import Session, SessionKind
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

WARM_UP_S, COOL_DOWN_S = 900.0, 600.0
SHORT_WARM_UP_S = SHORT_COOL_DOWN_S = 480.0  # the least that still prepares for the work
LEAST_BEFORE_STRIDES_M = 2000.0  # our default: strides come on warm legs
_STRIDES = (6, 4)  # of 20 s; the smaller number where the week is small

EASY_RPE = (2, 4)  # "you could talk in sentences"
_HM_M_RPE, _THRESHOLD_RPE, _TEST_RPE = (5, 6), (6, 7), (8, 9)
_ALL_OUT_RPE = 8

_EASY_PURPOSE = "Easy enough to talk in sentences: easy kilometres are what makes you run longer."
_RECOVERY_PURPOSE = "Shorter and slower than you could: it only loosens the legs for the next run."
_LONG_PURPOSE = "The cornerstone of the week: time on your feet at a pace you can talk at."
_STRIDES_PURPOSE = " The strides at the end are quick and relaxed, not sprints."
_TEST_PURPOSE = "Five kilometres as hard as you can hold them evenly: the result sets your paces."


@dataclass(frozen=True, slots=True)
class Recipe:
    """A session before it has a day: distances in metres and seconds at the athlete's zones.

    `quality_m` is the distance per zone run at marathon pace or faster.
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


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of a ladder: its title, its main set and what it is good for."""

    title: str
    main: str
    purpose: str
    rpe: tuple[int, int] = _HM_M_RPE


_AT_HM = "Longer repetitions at half-marathon pace: steady, controlled, never a race."
_AT_M = "Marathon pace for minutes on end: it should feel as if you could go on."
_MIXED = "Mostly half-marathon pace, then a few quick steps to remember what fast feels like."
_LADDER = (
    Rung("2 x 5 min at half-marathon pace", "2x(5min HM + 90s jog)", _AT_HM),
    Rung("3 x 5 min at half-marathon pace", "3x(5min HM + 90s jog)", _AT_HM),
    Rung("2 x 10 min at marathon pace", "2x(10min M + 2min jog)", _AT_M),
    Rung(
        "4 x 5 min at half-marathon pace + 4 x 200 m",
        "4x(5min HM + 90s jog) + 2min jog + 4x(200m 5K + 60s jog)",
        _MIXED,
    ),
    Rung("3 x 8 min at half-marathon pace", "3x(8min HM + 2min jog)", _AT_HM),
    Rung("2 x 15 min at marathon pace", "2x(15min M + 3min jog)", _AT_M),
    Rung("3 x 10 min at half-marathon pace", "3x(10min HM + 2min jog)", _AT_HM),
    Rung(
        "3 x 1 km at threshold + 2 x 12 min at marathon pace",
        "3x(1km T + 60s jog) + 3min jog + 2x(12min M + 2min jog)",
        "Threshold first, then marathon pace on legs that have worked.",
        _THRESHOLD_RPE,
    ),
    Rung("2 x 20 min at marathon pace", "2x(20min M + 3min jog)", _AT_M),
)
_SINGLE = Rung("5 min at half-marathon pace", "5min HM", _AT_HM)

HM_M = "hm_m"
TOP_LEVEL: Mapping[str, int] = {HM_M: len(_LADDER) - 1}


@dataclass(frozen=True, slots=True)
class Strides:
    """Short quick runs at the end of an easy one: metres with their jogs, and those run quickly."""

    count: int
    distance_m: float
    quality_m: Mapping[PaceZone, float]


def hm_m_session(level: int, zones: ZoneSet, *, single: bool = False, short: bool = False) -> Recipe:
    """Repetitions at half-marathon and marathon pace, level 0 to 8, between easy running.

    `single` cuts level 0 to one repetition, `short` warm-up and cool-down to 8 min each.
    """
    rung = _SINGLE if single else _LADDER[level]
    warm_up, cool_down = (SHORT_WARM_UP_S, SHORT_COOL_DOWN_S) if short else (WARM_UP_S, COOL_DOWN_S)
    easy = ZoneTarget(PaceZone.EASY)
    workout = Workout(
        (
            Step(lasting(warm_up), easy, Role.WARMUP),
            *_parsed(rung.main),
            Step(lasting(cool_down), easy, Role.COOLDOWN),
        )
    )
    return _recipe(SessionKind.HM_M, HM_M, 0 if single else level, rung, workout, zones)


def hm_m_descent(level: int, zones: ZoneSet) -> tuple[Recipe, ...]:
    """A level and all that is smaller, in the order of giving way: level, repetitions, warm-up."""
    rungs = (hm_m_session(lower, zones) for lower in range(min(level, TOP_LEVEL[HM_M]), -1, -1))
    return (*rungs, hm_m_session(0, zones, single=True), hm_m_session(0, zones, single=True, short=True))


def easy_run(distance_m: float, zones: ZoneSet, *, strides: int = 0) -> Recipe:
    """An easy run of `distance_m` in all; with strides, they close it."""
    return _easily(SessionKind.EASY, distance_m, zones, strides, "easy", _EASY_PURPOSE)


def recovery_run(distance_m: float, zones: ZoneSet) -> Recipe:
    """The easiest run of a week that has no free day."""
    return _easily(SessionKind.RECOVERY, distance_m, zones, 0, "recovery", _RECOVERY_PURPOSE)


def long_run(distance_m: float, zones: ZoneSet, *, strides: int = 0) -> Recipe:
    """The long run, level 1; with strides at its end, level 2."""
    return _easily(SessionKind.LONG, distance_m, zones, strides, "long run", _LONG_PURPOSE)


def five_k_test(zones: ZoneSet) -> Recipe:
    """5 km all out, by effort: no pace alarm holds the runner back (or pushes)."""
    rung = Rung("5K test", "", _TEST_PURPOSE, _TEST_RPE)
    workout = Workout(_parsed("15min E + 4x(20s R + 60s jog) + 2min jog + 5km @RPE8-9 + 10min E"))
    return _recipe(SessionKind.TEST, "test", 1, rung, workout, zones)


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
    )


def strides_choices(zones: ZoneSet) -> tuple[Strides, ...]:
    """What strides there are, the most first."""
    found = []
    for count in _STRIDES:
        workout = Workout((_strides(count),))
        found.append(Strides(count, estimate(workout, zones)[0], quality_metres(workout, zones)))
    return tuple(found)


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
    found: dict[PaceZone, float] = {}
    for zone, metres, _ in _legs(workout, zones):
        if zone is not None:
            found[zone] = found.get(zone, 0.0) + metres
    return found


def _legs(workout: Workout, zones: ZoneSet) -> Iterator[tuple[PaceZone | None, float, float]]:
    for each in executed(workout):
        zone, speed = _zone_and_speed(each.step, zones)
        metres, seconds = each.step.duration.metres, each.step.duration.seconds
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
        return None, 1000 / zones.paces[PaceZone.EASY].slow_s_per_km
    return None, easy_speed_mps(zones)


def _zone_of(speed_mps: float, zones: ZoneSet) -> PaceZone | None:
    """The quickest quality zone whose slow edge a speed reaches."""
    reached = [
        zone for zone in PaceZone if zone is not PaceZone.EASY and speed_mps >= zones.bands[zone].slow_mps
    ]
    return reached[-1] if reached else None


def _easily(
    kind: SessionKind, distance_m: float, zones: ZoneSet, strides: int, word: str, purpose: str
) -> Recipe:
    target = ZoneTarget(PaceZone.EASY)
    steps: tuple[Item, ...] = (Step(covering(distance_m), target),)
    title = f"{distance_m / 1000:.1f} km {word}".replace(".0 km", " km")
    if strides:
        block = _strides(strides)
        steady = distance_m - estimate(Workout((block,)), zones)[0]
        steps = (Step(covering(steady // 100 * 100), target), block)
        title += f" + {strides} strides"
        purpose += _STRIDES_PURPOSE
    level = 1 + bool(strides)
    rung = Rung(title, "", purpose, EASY_RPE)
    return _recipe(kind, kind.value, level, rung, Workout(steps), zones)


@cache
def _strides(count: int) -> Repeat:
    quick = Step(lasting(20), ZoneTarget(PaceZone.REPETITION))
    return Repeat(count, (quick, Step(lasting(60), None, Role.RECOVERY)))


@cache
def _parsed(notation: str) -> tuple[Item, ...]:
    return parse_workout(notation).steps


def _recipe(
    kind: SessionKind, family: str, level: int, rung: Rung, workout: Workout, zones: ZoneSet
) -> Recipe:
    distance_m, duration_s = estimate(workout, zones)
    return Recipe(
        kind=kind,
        family=family,
        level=level,
        title=rung.title,
        purpose=rung.purpose,
        rpe=rung.rpe,
        hard=kind in {SessionKind.HM_M, SessionKind.TEST},
        workout=workout,
        distance_m=float(round(distance_m)),
        duration_s=float(round(duration_s)),
        quality_m=quality_metres(workout, zones),
    )
