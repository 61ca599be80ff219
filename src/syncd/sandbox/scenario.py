"""How a run really goes: the legs that a runner runs, by scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil
from random import Random

from syncd.domain.activity import LapTrigger
from syncd.domain.workout import (
    RECOVERING,
    Duration,
    DurationUnit,
    Role,
    RunStep,
    Workout,
    covering,
    executed,
    lasting,
)
from syncd.sandbox.runner import WALK_MPS, Runner


class Scenario(StrEnum):
    """How the day went."""

    PERFECT = "perfect"
    AUTO_LAP = "auto_lap"
    LIGHTS = "lights"  # once at traffic lights, timer stopped
    LIGHTS_RUNNING = "lights_running"  # the same, and the timer ran on
    TOO_FAST = "too_fast"
    UNEVEN = "uneven"  # as most people run: the first reps too fast, no two alike
    FADING = "fading"
    SKIPPED_REP = "skipped_rep"
    STOPPED_EARLY = "stopped_early"
    IGNORED = "ignored"  # a steady easy run of the same length, no workout on the watch
    TREADMILL = "treadmill"
    NO_HR = "no_hr"
    WALK = "walk"  # a hike instead
    TIRED = "tired"
    ALL_OUT = "all_out"  # a test or a race: the work as fast as the runner truly can


UNPROMPTED = frozenset({Scenario.IGNORED, Scenario.WALK})  # no workout was started on the watch

# How much goes wrong: as in the scoring truth table where it has a row, else our default.
_TOO_FAST_WORK = 1.045  # beyond the fast edge of the band
_TOO_FAST_EASY = 1.10  # beyond it, an easy run is one at marathon pace
_UNEVEN_FIRST, _UNEVEN_SPREAD, _UNEVEN_EASY = 1.02, 0.02, 0.04
_FADE = 0.85  # of the target speed, after two thirds of the work: 5:05 instead of 4:20
_TIRED = 0.95
_LIGHTS_S = 75.0
_SKIP_S = (2.0, 4.0)  # until the lap button is pressed again
_LAP_BUTTON_S: Mapping[Role, float] = {
    Role.WARMUP: 600.0,
    Role.COOLDOWN: 600.0,
    Role.RUN: 300.0,
    Role.RECOVERY: 90.0,
    Role.REST: 90.0,
}
_ALL_OUT_LEAST_S = 180.0  # the fitness model holds from about 3 min
_GIVE_UP_SHARE = 0.6  # of a run without repetitions
_LONGEST_LEG = 1_000_000  # metres or seconds: the longest step of a workout
_HIKE_STRAIN = 1.6  # hills and a rucksack: it feels like running at 2 m/s


@dataclass(frozen=True, slots=True)
class Pause:
    """Standing still for `seconds`, once `share` of the leg is done."""

    share: float
    seconds: float
    timer_stops: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch at one intention: ends after `duration` (time or distance), by `trigger`.

    `limit_mps` is the fast edge of the band, the intended speed itself without a band.
    From `slowing_from` (share of the leg) on, the speed is multiplied by `slowing`; the effort
    is not. `strain` times the speed is the speed that it feels like, and that the heart follows.
    """

    duration: Duration
    speed_mps: float
    trigger: LapTrigger
    limit_mps: float = 0.0
    step_index: int | None = None
    role: Role = Role.RUN
    hard: bool = False
    slowing_from: float = 1.0
    slowing: float = 1.0
    strain: float = 1.0
    pause: Pause | None = None

    @property
    def estimated_s(self) -> float:
        """Seconds at the intended speed."""
        return self.duration.seconds or self.duration.amount / self.speed_mps


Legs = tuple[Leg, ...]


def legs_of(workout: Workout, runner: Runner, scenario: Scenario, rng: Random) -> Legs:
    """The legs of a run of `workout` (concrete or symbolic targets), in order."""
    planned = tuple(_leg(step, runner, rng) for step in executed(workout)) or (_walk_off(rng),)
    change = _CHANGES.get(scenario)
    legs = planned if change is None else change(planned, runner, rng)
    if scenario in UNPROMPTED or scenario is Scenario.STOPPED_EARLY:
        return legs
    return (*legs, _walk_off(rng))


def _leg(executed_step: RunStep, runner: Runner, rng: Random) -> Leg:
    step = executed_step.step
    duration, trigger = step.duration, LapTrigger.DISTANCE
    if duration.unit is DurationUnit.TIME:
        trigger = LapTrigger.TIME
    elif duration.unit is DurationUnit.LAP_BUTTON:
        duration = lasting(round(_LAP_BUTTON_S[step.role] * rng.uniform(0.85, 1.15)))
        trigger = LapTrigger.MANUAL
    speed = runner.speed_for(step)
    hard = step.role is Role.RUN and runner.is_hard(speed)
    band = runner.band_for(step)
    limit = speed if band is None else band.fast_mps
    return Leg(duration, speed, trigger, limit, executed_step.index, step.role, hard)


def _walk_off(rng: Random) -> Leg:
    """A few seconds until the stop button is pressed: real watches record them as a last lap."""
    return Leg(lasting(rng.randint(3, 12)), WALK_MPS, LapTrigger.SESSION_END, role=Role.REST)


def _hard_places(legs: Legs) -> list[int]:
    return [place for place, leg in enumerate(legs) if leg.hard]


def _easy_places(legs: Legs) -> list[int]:
    return [place for place, leg in enumerate(legs) if leg.role not in RECOVERING]


def _changed(legs: Legs, places: Sequence[int], change: Callable[[Leg], Leg]) -> Legs:
    chosen = set(places)
    return tuple(change(leg) if place in chosen else leg for place, leg in enumerate(legs))


def _faster(legs: Legs, _runner: Runner, _rng: Random) -> Legs:
    hard = _hard_places(legs)
    beyond = _TOO_FAST_WORK if hard else _TOO_FAST_EASY
    return _changed(
        legs, hard or _easy_places(legs), lambda leg: replace(leg, speed_mps=leg.limit_mps * beyond)
    )


def _uneven(legs: Legs, _runner: Runner, rng: Random) -> Legs:
    """Off by a few percent, the first third of the work faster than intended."""
    hard = _hard_places(legs)
    eager = set(hard[: ceil(len(hard) / 3)]) if len(hard) > 1 else set()

    def changed(place: int, leg: Leg) -> Leg:
        spread = _UNEVEN_SPREAD if leg.hard else _UNEVEN_EASY
        share = (_UNEVEN_FIRST if place in eager else 1.0) * (1 + rng.gauss(0.0, spread))
        return replace(leg, speed_mps=leg.speed_mps * share)

    return tuple(changed(place, leg) for place, leg in enumerate(legs))


def _fading(legs: Legs, _runner: Runner, _rng: Random) -> Legs:
    places = _hard_places(legs) or _easy_places(legs)
    if len(places) < 3:
        return _changed(legs, places[-1:], lambda leg: replace(leg, slowing_from=2 / 3, slowing=_FADE))
    last_third = places[-ceil(len(places) / 3) :]
    return _changed(legs, last_third, lambda leg: replace(leg, slowing_from=0.0, slowing=_FADE))


def _tired(legs: Legs, _runner: Runner, _rng: Random) -> Legs:
    return tuple(replace(leg, speed_mps=leg.speed_mps * _TIRED, strain=1 / _TIRED) for leg in legs)


def _at_lights(*, timer_stops: bool) -> Callable[[Legs, Runner, Random], Legs]:
    def change(legs: Legs, _runner: Runner, rng: Random) -> Legs:
        """Nobody sprints into a red light: only in a leg of twice the stop, else in the longest."""
        longest = max(range(len(legs)), key=lambda place: legs[place].estimated_s)
        fit = [place for place, leg in enumerate(legs) if leg.estimated_s >= 2 * _LIGHTS_S]
        pause = Pause(rng.uniform(0.3, 0.6), _LIGHTS_S, timer_stops)
        return _changed(legs, [rng.choice(fit or [longest])], lambda leg: replace(leg, pause=pause))

    return change


def _skipping(legs: Legs, _runner: Runner, rng: Random) -> Legs:
    """The lap button ends one rep, neither the first nor the last of several, and its recovery."""
    hard = _hard_places(legs)
    if len(hard) < 2:
        return legs
    place = rng.choice(hard[1:-1] or hard[1:])
    skipped = [place]
    if place + 1 < len(legs) and legs[place + 1].role in RECOVERING:
        skipped.append(place + 1)
    return _changed(
        legs,
        skipped,
        lambda leg: replace(
            leg, duration=lasting(round(rng.uniform(*_SKIP_S), 1)), trigger=LapTrigger.MANUAL
        ),
    )


def _stopping(legs: Legs, _runner: Runner, _rng: Random) -> Legs:
    """After two thirds of the reps, a few seconds into what follows; without reps at 60 %."""
    hard = _hard_places(legs)
    if len(hard) >= 3:
        after = hard[round(len(hard) * 2 / 3) - 1] + 1
        cut = replace(legs[after], duration=lasting(10), trigger=LapTrigger.SESSION_END)
        return (*legs[:after], cut)
    left = _GIVE_UP_SHARE * sum(leg.estimated_s for leg in legs)
    for place, leg in enumerate(legs):
        if leg.estimated_s >= left:
            cut = replace(leg, duration=lasting(max(round(left), 1)), trigger=LapTrigger.SESSION_END)
            return (*legs[:place], cut)
        left -= leg.estimated_s
    return legs


def _distance(legs: Legs) -> float:
    return sum(leg.estimated_s * leg.speed_mps for leg in legs)


def _ignoring(legs: Legs, runner: Runner, _rng: Random) -> Legs:
    distance = min(_distance(legs), _LONGEST_LEG)
    return (Leg(covering(distance), runner.easy_mps, LapTrigger.SESSION_END),)


def _walking(legs: Legs, _runner: Runner, _rng: Random) -> Legs:
    seconds = min(round(sum(leg.estimated_s for leg in legs)) or 1, _LONGEST_LEG)
    hike = Leg(lasting(seconds), WALK_MPS, LapTrigger.SESSION_END, role=Role.REST)
    return (replace(hike, strain=_HIKE_STRAIN),)


def _all_out(legs: Legs, runner: Runner, _rng: Random) -> Legs:
    """As fast as can be held over each leg of work; the only leg of a race is work too."""
    places = _hard_places(legs) or [place for place in _easy_places(legs) if legs[place].role is Role.RUN]
    return _changed(
        legs,
        places,
        lambda leg: (
            replace(leg, speed_mps=runner.all_out_mps(leg.duration), hard=True)
            if leg.estimated_s >= _ALL_OUT_LEAST_S
            else leg
        ),
    )


_CHANGES: Mapping[Scenario, Callable[[Legs, Runner, Random], Legs]] = {
    Scenario.LIGHTS: _at_lights(timer_stops=True),
    Scenario.LIGHTS_RUNNING: _at_lights(timer_stops=False),
    Scenario.TOO_FAST: _faster,
    Scenario.UNEVEN: _uneven,
    Scenario.FADING: _fading,
    Scenario.SKIPPED_REP: _skipping,
    Scenario.STOPPED_EARLY: _stopping,
    Scenario.IGNORED: _ignoring,
    Scenario.WALK: _walking,
    Scenario.TIRED: _tired,
    Scenario.ALL_OUT: _all_out,
}
