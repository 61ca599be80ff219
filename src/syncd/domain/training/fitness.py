"""Daniels-Gilbert running fitness (VDOT): from a result to a number, and back to times and speeds.

    VO2(v) = -4.60 + 0.182258 v + 0.000104 v^2                            v in m/min
    F(t)   = 0.8 + 0.1894393 e^(-0.012778 t) + 0.2989558 e^(-0.1932605 t)   t in min
    VDOT   = VO2(d / t) / F(t)

Source: Daniels and Gilbert, Oxygen Power (1979). The raw equations are used for slow runners
too: the substitution of some calculators below VDOT 39 makes threshold faster than 5K pace.
"""

from __future__ import annotations

from math import exp, isfinite, sqrt

from syncd.domain.clock_time import format_clock

FASTEST_5K_S = 755.36  # 12:35.36, men's 5000 m world record, 2020
SLOWEST_5K_S = 3600.0  # our default: below 5 km/h it is a walk, and the equations were fitted to running
SHORTEST_M, LONGEST_M = 1500.0, 42_300.0  # the equations hold from about 3.5 min; ultras are another sport

_A, _B, _C = 0.000104, 0.182258, -4.60
_TOLERANCE_MIN = 1e-10
_SLACK = 1e-9
_FIVE_K_M = 5000.0


class FitnessError(ValueError):
    """A result that cannot be a run, or that the model does not cover; the message is for the runner."""


def vdot_of(distance_m: float, time_s: float) -> float:
    """The VDOT of a result. Raises FitnessError when it is no plausible race result."""
    if not (isfinite(distance_m) and isfinite(time_s)) or distance_m <= 0 or time_s <= 0:
        raise FitnessError("a result needs a distance and a time above zero")
    if not SHORTEST_M <= distance_m <= LONGEST_M:
        raise FitnessError(
            f"fitness can be worked out from 1500 m to a marathon, not from {distance_m / 1000:g} km"
        )
    vdot = _vdot(distance_m, time_s / 60)
    if vdot > _vdot(5000, FASTEST_5K_S / 60) + _SLACK:
        worth = "" if distance_m == _FIVE_K_M else ", or worth more than,"
        raise FitnessError(
            f"{_named(distance_m, time_s)} is faster than{worth} the 5K world record "
            f"({format_clock(FASTEST_5K_S)}): check the distance and the time"
        )
    if vdot < _vdot(5000, SLOWEST_5K_S / 60) - _SLACK:
        raise FitnessError(
            f"{_named(distance_m, time_s)} is walking pace (slower than a 5K of 60:00); "
            "running paces cannot be worked out from it"
        )
    return vdot


def race_time_s(vdot: float, distance_m: float) -> float:
    """The time in seconds that a VDOT predicts for a distance in metres.

    Optimistic at the marathon: mean error 6 % for runners between 3 and 4 hours, 10 % above.
    Raises FitnessError for a VDOT or a distance that is not above zero.
    """
    if not (isfinite(vdot) and isfinite(distance_m)) or vdot <= 0 or distance_m <= 0:
        raise FitnessError("a prediction needs a VDOT and a distance above zero")
    minutes = distance_m / (60 * speed_at(vdot, 0.9))
    for _ in range(50):  # solve t = d / v(VDOT x F(t)); a contraction, below 1e-10 min in about 15 rounds
        again = distance_m / (60 * speed_at(vdot, _sustained(minutes)))
        if abs(again - minutes) < _TOLERANCE_MIN:
            break
        minutes = again
    return again * 60


def speed_at(vdot: float, fraction: float) -> float:
    """The speed in m/s that costs `fraction` (0.62 to 1.2 in practice) of the VDOT."""
    cost = vdot * fraction
    return (-_B + sqrt(_B * _B - 4 * _A * (_C - cost))) / (2 * _A) / 60


def _vdot(distance_m: float, minutes: float) -> float:
    speed = distance_m / minutes
    return (_C + _B * speed + _A * speed * speed) / _sustained(minutes)


def _sustained(minutes: float) -> float:
    """The share of VDOT that can be held for a race of that many minutes."""
    return 0.8 + 0.1894393 * exp(-0.012778 * minutes) + 0.2989558 * exp(-0.1932605 * minutes)


def _named(distance_m: float, time_s: float) -> str:
    distance = "a 5K" if distance_m == _FIVE_K_M else f"{distance_m / 1000:g} km"
    return f"{distance} in {format_clock(time_s)}"
