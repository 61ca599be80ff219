"""Which VDOT the training paces come from on a day: dated results in, one number out.

Paces come from tests and races only, never from training runs or a watch's estimate. A fall
applies at once. A rise moves them by at most 1 VDOT in three weeks (coaches' practice: the legs
take longer than the lungs), except after the first valid test and where the set in force is
older than 14 weeks. A rise of more than 3 VDOT waits for a second result within six weeks: a
short course or a wrong entry looks just like it.

Time off is not a result: the VDOT of the last one stays, and a factor for the break (Daniels'
table) lies over it until the return is done. So four short illnesses cost nothing in the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from syncd.domain.athlete import ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.session import Phase
from syncd.domain.training.conditions import Condition, left_of_gap, newest
from syncd.domain.training.reasons import Cause
from syncd.domain.training.zones import HIGHEST_VDOT, LOWEST_VDOT, zones_from_vdot
from syncd.domain.workout import PaceBand

STEP_VDOT, STEP_EVERY = 1.0, timedelta(weeks=3)
BIG_RISE_VDOT = 3.0
CONFIRMED_WITHIN = timedelta(weeks=6)
OLD_AFTER, OLD_AFTER_IN_SPEED = timedelta(weeks=14), timedelta(weeks=10)
STALE_WIDENING = 0.02  # our default: as after a test that was not valid

# A race of 1.5 miles (2414 m) to a half-marathon counts as a test; 0.5 km more for courses measured long.
SHORTEST_RESULT_M, LONGEST_RESULT_M = 2400.0, 21_600.0
ONLY_RAISES_FROM_M = 21_000.0  # a half is often run below what a 5K shows

FREE_DAYS_OFF, LINEAR_RETURN_DAYS = 5, 28
LEAST_RETURN_DAYS = 6
_LOSS_PER_DAY, _LEAST_FACTOR = 3, 800  # in thousandths


class ResultOrigin(StrEnum):
    """Where a result comes from. What the athlete entered at the start does not count as a test."""

    ENTERED = "entered"
    TEST = "test"
    RACE = "race"


@dataclass(frozen=True, slots=True)
class FitnessResult:
    """A valid result: the day it was run, over how many metres, and the VDOT it is worth."""

    day: date
    distance_m: float
    vdot: float
    origin: ResultOrigin


@dataclass(frozen=True, slots=True)
class PacesInForce:
    """The paces that the results give on a day.

    `vdot` is in force for training paces, `goal_vdot` what it is rising to, `result` the last
    one that counted. `waiting` is a result so much better that it needs a second one.
    """

    vdot: float
    goal_vdot: float
    result: FitnessResult
    moved_on: date
    waiting: FitnessResult | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """Days without a run: from the day after the last run to the day before `back_on`.

    `lasts`: how many days the return takes, where it is not as long as the break. `is_open`: nobody runs
    again yet. `before`: the break whose return this one cut short, and how many days of it were left.
    """

    back_on: date
    days_off: int
    cross_trained: bool = False
    lasts: int | None = None
    is_open: bool = False
    before: tuple[date, int] | None = None

    @property
    def return_days(self) -> int:
        """How long the return lasts: as long as the break, at least six days, where nothing else is known."""
        return max(self.days_off, LEAST_RETURN_DAYS) if self.lasts is None else self.lasts

    def counts_as(self, last_result: date | None) -> int:
        """As how many days off: with what was left of one before, unless a result came after that."""
        if self.before is None:
            return self.days_off
        back_on, left = self.before
        return self.days_off + (left if last_result is None or last_result < back_on else 0)


def paces_in_force_on(results: Iterable[FitnessResult], today: date) -> PacesInForce | None:
    """The VDOT in force on `today`, from the results up to that day in any order; None without one.

    Results shorter than 2.4 km or longer than a half-marathon do not count.
    """
    counted = sorted(
        (
            result
            for result in results
            if result.day <= today and SHORTEST_RESULT_M <= result.distance_m <= LONGEST_RESULT_M
        ),
        key=lambda result: (result.day, result.distance_m, result.vdot),
    )
    now: PacesInForce | None = None
    tested = False
    for result in counted:
        now = _begun(result) if now is None else _after(_risen(now, result.day), result, tested=tested)
        tested = tested or result.origin is not ResultOrigin.ENTERED
    return None if now is None else _risen(now, today)


def waiting_since(results: Iterable[FitnessResult], today: date) -> date | None:
    """The day of a result that needs a second one; None when none does."""
    in_force = paces_in_force_on(results, today)
    return in_force.waiting.day if in_force is not None and in_force.waiting is not None else None


def breaks_of(conditions: Iterable[Condition], today: date) -> tuple[Break, ...]:
    """Time off that may still show in the paces: the returns that began, the newest of each group.

    One that was cut short by another shows in that, unless only a result ends it.
    """
    began = [asked for asked in newest(conditions) if asked.is_return and asked.first_day <= today]
    breaks: dict[str, Break] = {}
    for asked in sorted(began, key=lambda asked: asked.first_day):
        if asked.last_day is None:
            continue
        last = asked.first_day - timedelta(days=asked.days_off + 1)
        earlier = max(began, key=lambda earlier: left_of_gap(earlier, last))
        left = round(left_of_gap(earlier, last))
        cut_short = breaks.get(earlier.group) if left else None
        if cut_short is not None and cut_short.counts_as(None) <= LINEAR_RETURN_DAYS:
            del breaks[earlier.group]
        else:
            left = 0
        breaks[asked.group] = Break(
            asked.first_day,
            asked.days_off,
            lasts=(asked.last_day - asked.first_day).days + 1,
            is_open=asked.is_open,
            before=(earlier.first_day, left) if left else None,
        )
    return tuple(breaks.values())


def zone_set_on(
    results: Iterable[FitnessResult], today: date, phase: Phase, breaks: Iterable[Break] = ()
) -> ZoneSet | None:
    """The paces and bands of a day: the VDOT in force, less what time off has cost, wider when stale.

    None without a result. `as_of` is the day of the result, `source` says what it was.
    """
    in_force = paces_in_force_on(results, today)
    if in_force is None:
        return None
    factor = return_factor(breaks, today, in_force.result.day)
    vdot = min(max(in_force.vdot * factor, LOWEST_VDOT), HIGHEST_VDOT)
    zones = zones_from_vdot(vdot, as_of=in_force.result.day, source=_named(in_force.result, factor))
    return widened(zones) if is_stale(zones.as_of, today, phase) else zones


def is_stale(as_of: date | None, today: date, phase: Phase) -> bool:
    """Whether the result behind the zones is too old: over 10 weeks in the speed phase, else 14.

    Then bands are wider and no new goal is set. A result without a date is not judged.
    """
    allowed = OLD_AFTER_IN_SPEED if phase is Phase.SPEED else OLD_AFTER
    return as_of is not None and today - as_of > allowed


def widened(zones: ZoneSet, share: float = STALE_WIDENING) -> ZoneSet:
    """The same paces with bands wider by a share of the speed at either edge."""
    bands = {
        zone: PaceBand(band.slow_mps * (1 - share), band.fast_mps * (1 + share))
        for zone, band in zones.bands.items()
    }
    return replace(zones, bands=bands)


def detraining_factor(days_off: int, *, cross_trained: bool = False) -> float:
    """The share of VDOT left after days without a run, 0.8 to 1; half the loss with cross-training.

    Source: Daniels' table of time off, 0.3 % a day after the fifth; three decimals, cut.
    """
    thousandths = max(_LEAST_FACTOR, 1000 - _LOSS_PER_DAY * max(0, days_off - FREE_DAYS_OFF))
    return ((1000 + thousandths) // 2 if cross_trained else thousandths) / 1000


def less_after_time_off(source: Reason, factor: float) -> Reason:
    """What paces come from, where time off has cost some of it: `factor` of the VDOT is left."""
    if factor == 1:
        return source
    return Reason(Cause.AFTER_TIME_OFF, {"source": source.to_json(), "less": 1 - factor})


def return_factor(breaks: Iterable[Break], today: date, last_result: date | None = None) -> float:
    """What to multiply the VDOT by on `today`: the lowest factor of all breaks that still show.

    After up to 28 days off it climbs back to 1 in a straight line over the return; after more
    it stays until a result. A result from the return itself ends the effect of its break.
    """
    return min((_factor(time_off, today, last_result) for time_off in breaks), default=1.0)


def _named(result: FitnessResult, factor: float) -> Reason:
    reason = Reason(Cause.RESULT, {"distance_m": result.distance_m, "origin": result.origin.value})
    if result.origin is ResultOrigin.ENTERED:
        reason = Reason(Cause.ENTERED_DISTANCE, {"distance_m": result.distance_m})
    return less_after_time_off(reason, factor)


def _factor(time_off: Break, today: date, last_result: date | None) -> float:
    if today < time_off.back_on or (last_result is not None and time_off.back_on <= last_result <= today):
        return 1.0
    days_off = time_off.counts_as(last_result)
    left = detraining_factor(days_off, cross_trained=time_off.cross_trained)
    if days_off > LINEAR_RETURN_DAYS or time_off.is_open:
        return left
    week = max(time_off.back_on, today - timedelta(days=today.weekday()))  # paces move at most weekly
    done = min(1.0, (week - time_off.back_on).days / time_off.return_days)
    return left + (1 - left) * done


def _begun(result: FitnessResult) -> PacesInForce:
    return PacesInForce(result.vdot, result.vdot, result, moved_on=result.day)


def _risen(now: PacesInForce, today: date) -> PacesInForce:
    """The steps that fell due by `today`; a result that waited too long for a second one is dropped."""
    if now.waiting is not None and today - now.waiting.day > CONFIRMED_WITHIN:
        now = replace(now, waiting=None)
    steps = (today - now.moved_on) // STEP_EVERY
    if now.vdot >= now.goal_vdot or steps < 1:
        return now
    vdot = min(now.goal_vdot, now.vdot + steps * STEP_VDOT)
    return replace(now, vdot=vdot, moved_on=now.moved_on + steps * STEP_EVERY)


def _after(now: PacesInForce, result: FitnessResult, *, tested: bool) -> PacesInForce:
    """What a further result makes of the paces in force on its day."""
    rise = result.vdot - now.vdot
    if result.distance_m >= ONLY_RAISES_FROM_M and result.vdot <= now.goal_vdot:
        return now
    if rise <= 0:
        return PacesInForce(result.vdot, result.vdot, result, moved_on=result.day if rise else now.moved_on)
    if rise > BIG_RISE_VDOT:
        return _big_rise(now, result)
    at_once = not tested or result.day - now.result.day > OLD_AFTER
    if at_once and result.origin is not ResultOrigin.ENTERED:
        return _begun(result)
    now = replace(now, goal_vdot=result.vdot, result=result, waiting=None)
    if result.day - now.moved_on < STEP_EVERY:
        return now
    return replace(now, vdot=now.vdot + min(rise, STEP_VDOT), moved_on=result.day)


def _big_rise(now: PacesInForce, result: FitnessResult) -> PacesInForce:
    """Waits for a second result; then rises at once to what both have shown, and in steps from there."""
    first = now.waiting
    if first is None:
        return replace(now, waiting=result)
    shown = min(first.vdot, result.vdot)
    more = result.vdot - shown
    confirmed = PacesInForce(shown, shown, result, moved_on=result.day)
    if more > BIG_RISE_VDOT:
        return replace(confirmed, waiting=result)
    return replace(confirmed, goal_vdot=result.vdot)
