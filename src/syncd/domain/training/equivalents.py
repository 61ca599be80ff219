"""What a fitness is worth over other distances: as ranges, because no formula knows the day.

The quick end of each range is the Daniels-Gilbert prediction. It is optimistic where it errs:
over the marathon by 1.1 % for runners below 2:30, 6.0 % below 4:00 and 10.4 % below 5:00 (mean
error, Oficial-Casado 2025), so the slow end lies that much later. Where the range reaches four
hours there is no single number at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from syncd.domain.training.fitness import race_time_s

MARATHON_M, HALF_M, TEN_K_M, FIVE_K_M = 42_195.0, 21_097.5, 10_000.0, 5000.0
NO_SINGLE_TIME_FROM_S = 4 * 3600.0

# The share of the runner's marathon error that is expected: none over the 5K, with which the
# fitness is measured. In between our default; Riegel and Daniels differ by less than 1 % there.
_SHORTER = (("5K", FIVE_K_M, 0.0), ("10K", TEN_K_M, 1 / 3), ("half", HALF_M, 2 / 3))
# Marathon: mean error of those who finish below that time.
_MARATHON = ((2.5 * 3600, 0.011), (NO_SINGLE_TIME_FROM_S, 0.06))
_MARATHON_BEYOND = 0.104


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A race and the range of times that a fitness is worth there, in seconds.

    `time_s` is the prediction; None where a single number would mislead.
    """

    name: str
    distance_m: float
    fast_s: float
    slow_s: float
    time_s: float | None


def equivalents(vdot: float) -> tuple[Equivalent, ...]:
    """5K, 10K, half and marathon for a VDOT above 0, shortest first. Raises FitnessError."""
    marathon_s = race_time_s(vdot, MARATHON_M)
    error = _marathon_error(marathon_s)
    shorter = tuple(
        _equivalent(name, metres, race_time_s(vdot, metres), share * error)
        for name, metres, share in _SHORTER
    )
    return (*shorter, _equivalent("marathon", MARATHON_M, marathon_s, error))


def _equivalent(name: str, distance_m: float, predicted_s: float, error: float) -> Equivalent:
    slow_s = predicted_s * (1 + error)
    honest = name != "marathon" or slow_s < NO_SINGLE_TIME_FROM_S
    return Equivalent(name, distance_m, predicted_s, slow_s, predicted_s if honest else None)


def _marathon_error(predicted_s: float) -> float:
    """By the later end of the range: who may need four hours has the error of those who do."""
    for limit_s, error in _MARATHON:
        if predicted_s * (1 + error) < limit_s:
            return error
    return _MARATHON_BEYOND
