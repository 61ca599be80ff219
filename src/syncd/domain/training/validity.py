"""Whether a recorded effort is a result that paces may come from (A16), and if not, why (A17).

The limits are coaches' practice: 1 % short to 2 % long (4.95 to 5.10 km for a 5 km), kilometres
within 8 % of each other, no more than 10 m of climb for each, no stop over 10 s, an effort of 8 or
93 % of a measured HRmax.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from syncd.domain.doubts import superhuman
from syncd.domain.reason import Reason
from syncd.domain.training.fitness import race_time_s, vdot_of
from syncd.domain.training.reasons import Cause
from syncd.domain.training.zone_history import LONGEST_RESULT_M, SHORTEST_RESULT_M

SHORT_BY, LONG_BY = 0.99, 1.02  # of the distance
UNEVEN, HILLY_M_PER_KM, STOP_S = 0.08, 10.0, 10.0
LEAST_RPE, LEAST_OF_HR_MAX = 8.0, 0.93
HOT_C = 25.0
DOWNHILL_M_PER_KM = 2.0  # our default: net drop from which a course flatters
FAR_SLOWER = 0.03
_SPLIT_M = 1000.0
CONFIRMED_WITHIN = timedelta(weeks=6)
RETEST_AFTER, ALL_OUT_EVERY = timedelta(days=14), timedelta(weeks=3)


@dataclass(frozen=True, slots=True)
class TimedEffort:
    """The part of a run that was the test or race. None where it is not known.

    `distance_m` as recorded, over `asked_m`; `splits_s`: of its whole kilometres.
    """

    asked_m: float
    distance_m: float
    time_s: float
    splits_s: tuple[float, ...] = ()
    climb_m: float | None = None
    descent_m: float | None = None
    longest_stop_s: float = 0.0
    rpe: float | None = None
    hr_share: float | None = None
    temperature_c: float | None = None
    indoors: bool = False


@dataclass(frozen=True, slots=True)
class Validity:
    """Whether it counts, and why. `time_s` is over the distance that was asked."""

    valid: bool
    why: Reason
    distance_m: float
    time_s: float
    vdot: float


def judged(effort: TimedEffort, current_vdot: float | None, *, confirms: bool = False) -> Validity:
    """What a test or race is worth.

    Uneven, hot or hilly counts where it is better than what is known; short, downhill, indoors or with
    a kilometre that nobody has run so fast never does. More than 3 % slower than known waits for a
    second one: `confirms` says that this is it. Raises FitnessError for a time that nobody runs.
    """
    time_s = effort.time_s * effort.asked_m / effort.distance_m if effort.distance_m else effort.time_s
    worth = vdot_of(effort.asked_m, time_s)
    never = _never(effort)
    if never:
        return Validity(False, never, effort.asked_m, time_s, worth)
    doubt = _doubt(effort)
    if doubt and (current_vdot is None or worth <= current_vdot):
        return Validity(False, doubt, effort.asked_m, time_s, worth)
    if current_vdot is not None and not confirms and _is_far_slower(effort.asked_m, time_s, current_vdot):
        return Validity(False, Reason(Cause.FAR_SLOWER), effort.asked_m, time_s, worth)
    why = Reason(Cause.COUNTS)
    if doubt:
        why = Reason(Cause.COUNTS_ALL_THE_SAME, {"doubt": doubt.to_json()})
    return Validity(True, why, effort.asked_m, time_s, worth)


def retest_from(days: Sequence[tuple[date, bool]], today: date, waiting: date | None = None) -> date | None:
    """The first day for one more test after a single one that did not count; `days`: (day, valid), by day.

    After a second one in a row the paces stay until the next planned test. `waiting`: the day of a
    result so much better that it needs a second one, which is due after three weeks.
    """
    if waiting is not None and today <= waiting + CONFIRMED_WITHIN:
        return waiting + ALL_OUT_EVERY
    if not days or days[-1][1]:
        return None
    failed = 0
    for _, valid in reversed(days):
        if valid:
            break
        failed += 1
    day = days[-1][0] + RETEST_AFTER
    return day if failed == 1 and today <= day + CONFIRMED_WITHIN else None


def counts_as_result(distance_m: float) -> bool:
    """2.4 km (1.5 miles) to a half-marathon set paces."""
    return SHORTEST_RESULT_M <= distance_m <= LONGEST_RESULT_M


def _never(effort: TimedEffort) -> Reason | None:
    if effort.indoors:
        return Reason(Cause.INDOORS)
    if effort.splits_s and superhuman(_SPLIT_M, min(effort.splits_s)):
        return Reason(Cause.NO_RUNNING_TIME, {"distance_m": _SPLIT_M, "time_s": min(effort.splits_s)})
    if effort.distance_m < SHORT_BY * effort.asked_m:
        return _wrong_distance(effort)
    drop = (effort.descent_m or 0.0) - (effort.climb_m or 0.0)
    if drop > DOWNHILL_M_PER_KM * effort.distance_m / 1000:
        return Reason(Cause.DOWNHILL, {"drop_m": drop})
    if effort.distance_m > LONG_BY * effort.asked_m:
        return _wrong_distance(effort)
    return None


def _doubt(effort: TimedEffort) -> Reason | None:
    """What explains a slow time."""
    if effort.longest_stop_s > STOP_S:
        return Reason(Cause.STOPPED, {"stop_s": effort.longest_stop_s})
    if effort.splits_s and max(effort.splits_s) > min(effort.splits_s) * (1 + UNEVEN):
        return Reason(Cause.UNEVEN)
    if (effort.climb_m or 0.0) > HILLY_M_PER_KM * effort.distance_m / 1000:
        return Reason(Cause.HILLY)
    if effort.temperature_c is not None and effort.temperature_c >= HOT_C:
        return Reason(Cause.HOT, {"temperature_c": effort.temperature_c})
    easy = effort.rpe is not None and effort.rpe < LEAST_RPE
    low = effort.hr_share is not None and effort.hr_share < LEAST_OF_HR_MAX
    if easy and (low or effort.hr_share is None):
        return Reason(Cause.NOT_ALL_OUT, {"rpe": effort.rpe})
    return None


def _wrong_distance(effort: TimedEffort) -> Reason:
    return Reason(Cause.WRONG_DISTANCE, {"run_m": effort.distance_m, "asked_m": effort.asked_m})


def _is_far_slower(distance_m: float, time_s: float, current_vdot: float) -> bool:
    return time_s > race_time_s(current_vdot, distance_m) * (1 + FAR_SLOWER)
