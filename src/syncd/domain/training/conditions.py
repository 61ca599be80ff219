"""What adaptation asks of the weeks ahead, beyond single sessions: returns, lighter weeks, holds.

A condition is a value that the planner reads each time it plans, until its last day; lifting it
(an undo) is to leave it out. A later one of the same `group` takes the place of an earlier one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from syncd.domain.session import monday_of

BACK_WITHIN = timedelta(weeks=5)  # our default: at most 30 % more each week is there by then
_DAYS = (
    "first_day",
    "last_day",
    "hard_from",
    "strides_from",
    "no_test_before",
    "spaced_until",
    "walks_until",
    "test_from",
)
_MOST_OF_WEEK = 4  # days
FIRST_RUN_DAYS = 3  # our default: the first one or two runs of a return


class Demanded(StrEnum):
    """What a condition asks for."""

    RETURN = "return"  # after time off: shares of the volume before it
    DOWN = "down"  # one lighter week
    CALM = "calm"  # easy running only
    LOWER = "lower"  # grow again from what was really run
    LONG_HOLD = "long_hold"  # the long run gets no longer
    FEWER_DAYS = "fewer_days"  # a run a week less: on one weekday, or on any
    RETEST = "retest"  # no test before a day
    TEST = "test"  # easy days, then a test


@dataclass(frozen=True, slots=True)
class Condition:
    """From `first_day` to `last_day` (None: open). Distances in metres.

    `shares`: of the weekly volume `of_m`, in equal parts of the time. `hard_from` and
    `strides_from`: nothing hard, no strides before. `no_test_before`: likewise for tests.
    `weekday`: 0 is Monday; None: any. `days_off`: what a return follows, for the paces; `first_run_s`: the
    longest that its first run may be. `rising`: the share of the first and of the last day, evenly between
    them, of the volume and of `longest_m`, the longest run before the gap (TRAINING 9.3). Days before
    `spaced_until` have one without a run between two; runs before `walks_until` have walks in them.
    `test_from`: a test is wanted from that day on.
    """

    asked: Demanded
    group: str
    first_day: date
    last_day: date | None = None
    shares: tuple[float, ...] = ()
    of_m: float = 0.0
    hard_from: date | None = None
    strides_from: date | None = None
    no_test_before: date | None = None
    long_m: float | None = None
    weekday: int | None = None
    days_off: int = 0
    first_run_s: float | None = None
    rising: tuple[float, float] | None = None
    longest_m: float = 0.0
    spaced_until: date | None = None
    walks_until: date | None = None
    test_from: date | None = None

    @property
    def is_return(self) -> bool:
        """Whether it is the way back after time off."""
        return self.asked is Demanded.RETURN

    @property
    def rises(self) -> bool:
        """Whether it is a return along an even rise: those from before 0.7.0 go in steps."""
        return self.is_return and self.rising is not None

    @property
    def is_open(self) -> bool:
        """Whether it is a return that nobody has begun: its share does not rise yet."""
        return self.rising is not None and self.rising[0] == self.rising[1] and self.is_return

    def covers(self, day: date) -> bool:
        """Whether the day is inside."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def share_on(self, day: date) -> float:
        """The share of the volume on a day inside; 1 without shares."""
        if self.rising is not None and self.last_day is not None:
            begin, end = self.rising
            length = (self.last_day - self.first_day).days
            passed = min(max(0, (day - self.first_day).days), length)
            return begin + (end - begin) * passed / max(1, length)
        if not self.shares:
            return 1.0
        if self.last_day is None:
            return self.shares[0]
        length = (self.last_day - self.first_day).days + 1
        place = max(0, (day - self.first_day).days) * len(self.shares) // length
        return self.shares[min(place, len(self.shares) - 1)]


def left_of_gap(earlier: Condition, last: date) -> float:
    """The days off that a return had still to make up for on a day in it; 0 on another day.

    Our default: as much of the gap before as the return had still to go, evenly.
    """
    if earlier.last_day is None or not earlier.covers(last):
        return 0.0
    length = (earlier.last_day - earlier.first_day).days + 1
    return earlier.days_off * (earlier.last_day - last).days / length


def newest(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The last one of each group, in the order they came; no open return whose gap has its return."""
    by_group: dict[str, Condition] = {}
    for condition in conditions:
        by_group.pop(condition.group, None)
        by_group[condition.group] = condition
    kept = tuple(by_group.values())
    if not any(condition.is_open for condition in kept):
        return kept
    return tuple(
        condition
        for place, condition in enumerate(kept)
        if not any(_closes(later, condition) for later in kept[place + 1 :])
    )


def _closes(later: Condition, earlier: Condition) -> bool:
    """Whether a return takes the place of an open one in the same gap: of an illness there, say."""
    if not (earlier.is_open and later.is_return) or later.is_open or later.last_day is None:
        return False
    return later.first_day - timedelta(days=later.days_off) <= earlier.first_day <= later.last_day


def in_force(conditions: Iterable[Condition], on: date) -> tuple[Condition, ...]:
    """The newest of each group that is not over on the day, in the order they came."""
    return tuple(
        condition
        for condition in newest(conditions)
        if condition.last_day is None or condition.last_day >= on
    )


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """What all conditions together make of one week.

    `target_m`: the most it may hold (None: no limit), by `rule`; `down`: it is a lighter week;
    `returning`: a return is under way. `hard_from`, `strides_from`: the first day for them.
    `long_m`: the longest long run.
    """

    target_m: float | None = None
    rule: str = ""
    down: bool = False
    hard_from: date | None = None
    strides_from: date | None = None
    long_m: float | None = None
    returning: bool = False


def return_cap_m(conditions: Iterable[Condition], day: date) -> float | None:
    """The longest that a run of that day may be because of a return, in metres; None without one."""
    caps = [
        condition.share_on(day) * condition.longest_m
        for condition in conditions
        if condition.is_return and condition.longest_m and condition.covers(day)
    ]
    return min(caps, default=None)


def week_ahead(conditions: Iterable[Condition], monday: date) -> WeekAhead:
    """The week of `monday` under the conditions; days after a return count in full."""
    week = WeekAhead()
    days = [monday + timedelta(days=offset) for offset in range(7)]
    for condition in conditions:
        inside = [day for day in days if condition.covers(day)]
        if not inside and _easy_beyond(condition, monday):  # nothing hard yet, though the rise is over
            week = replace(week, hard_from=_later(week.hard_from, condition.hard_from))
        if not inside:
            continue
        match condition.asked:
            case Demanded.RETURN:
                # in its first week the days before it count like its first day
                over = condition.last_day or days[-1]
                share = sum(1.0 if day > over else condition.share_on(day) for day in days) / 7
                week = _lower(
                    week, share * condition.of_m, "A3" if condition.group.startswith("A3") else "A2"
                )
                week = replace(week, returning=True)
            case Demanded.DOWN:
                week = replace(week, down=True, rule=week.rule or "A13")
            case Demanded.LOWER if monday == monday_of(condition.first_day):
                week = _lower(week, condition.of_m, "A7")
            case Demanded.LONG_HOLD if condition.long_m is not None:
                week = replace(week, long_m=min(condition.long_m, week.long_m or condition.long_m))
            case _:
                pass
        week = replace(
            week,
            hard_from=_later(week.hard_from, condition.hard_from),
            strides_from=_later(week.strides_from, condition.strides_from),
        )
    return week


def _easy_beyond(condition: Condition, monday: date) -> bool:
    """Whether a return is over in that week, and something hard has to wait all the same."""
    if not condition.rises or condition.hard_from is None:
        return False
    return condition.first_day < monday < condition.hard_from


def first_run_s(conditions: Iterable[Condition], day: date, run_on: Collection[date]) -> float | None:
    """The most seconds that a run of that day may last, as the first of a return; None: no limit.

    So it is in the first days of the return, and until there was a run in it: on one of the days `run_on`.
    In an open one each may be the first.
    """
    limits = [
        condition.first_run_s
        for condition in conditions
        if condition.first_run_s is not None
        and condition.covers(day)
        and (
            condition.is_open
            or (day - condition.first_day).days < FIRST_RUN_DAYS
            or not any(condition.first_day <= ran < day for ran in run_on)
        )
    ]
    return min(limits, default=None)


def coming_back_to(conditions: Iterable[Condition], monday: date) -> float:
    """The weekly volume before time off whose return ended in the last five weeks; else 0.

    A return ends below it, and R20 and R22 say how soon it is reached again.
    """
    return max(
        (
            condition.of_m
            for condition in conditions
            if condition.is_return
            and condition.last_day is not None
            and condition.first_day <= monday <= condition.last_day + BACK_WITHIN
        ),
        default=0.0,
    )


def long_share_before(conditions: Iterable[Condition], day: date) -> float:
    """The share that the longest run had of the week before the gap, on a day of a return; 0 without one."""
    return max(
        (
            condition.longest_m / condition.of_m
            for condition in conditions
            if condition.is_return and condition.of_m and condition.covers(day)
        ),
        default=0.0,
    )


def standing_weeks(conditions: Iterable[Condition]) -> frozenset[date]:
    """Mondays of the weeks in which the clock of the phase stands still: most of their days are off, or in
    the return (TRAINING 9.3)."""
    still: dict[date, set[date]] = {}
    for condition in conditions:
        if not condition.rises or condition.last_day is None:
            continue
        first = condition.first_day - timedelta(days=condition.days_off)
        for number in range((condition.last_day - first).days + 1):
            day = first + timedelta(days=number)
            still.setdefault(monday_of(day), set()).add(day)
    return frozenset(monday for monday, days in still.items() if len(days) >= _MOST_OF_WEEK)


def gap_weeks(conditions: Iterable[Condition]) -> frozenset[date]:
    """Mondays of the weeks with days off of a gap: R22 leaves them out."""
    return frozenset(
        monday_of(condition.first_day - timedelta(days=back))
        for condition in conditions
        if condition.is_return
        for back in range(1, condition.days_off + 1)
    )


def short_weeks(conditions: Iterable[Condition]) -> frozenset[date]:
    """Mondays of the weeks that hold fewer runs than usual: some days are off, or lie between two runs."""
    returns = [condition for condition in conditions if condition.is_return]
    spaced = {
        monday_of(condition.first_day + timedelta(days=passed))
        for condition in returns
        if condition.spaced_until is not None
        for passed in range((condition.spaced_until - condition.first_day).days)
    }
    return gap_weeks(returns) | spaced


def no_test_before(conditions: Iterable[Condition], day: date | None = None) -> date | None:
    """The first day on which all conditions allow a test; None when none forbids it."""
    for condition in conditions:
        day = _later(day, condition.no_test_before)
    return day


def weekdays_out(conditions: Iterable[Condition], on: date) -> frozenset[int]:
    """Weekdays that the plan no longer uses."""
    return frozenset(
        condition.weekday
        for condition in conditions
        if condition.asked is Demanded.FEWER_DAYS and condition.weekday is not None and condition.covers(on)
    )


def days_fewer(conditions: Iterable[Condition], on: date) -> int:
    """How many runs a week are left out, on whichever weekday."""
    return sum(
        condition.asked is Demanded.FEWER_DAYS and condition.weekday is None and condition.covers(on)
        for condition in conditions
    )


def volume_base(conditions: Iterable[Condition], monday: date) -> tuple[date, float] | None:
    """The Monday from which growth starts anew, and from how much; the last before or on `monday`."""
    lowered = [
        (monday_of(condition.first_day), condition.of_m)
        for condition in conditions
        if condition.asked is Demanded.LOWER and monday_of(condition.first_day) <= monday
    ]
    return max(lowered, default=None)


def to_json(condition: Condition) -> dict[str, Any]:
    """The fields that are set, JSON-able."""
    kept: dict[str, Any] = {}
    for name in Condition.__slots__:
        value = getattr(condition, name)
        if isinstance(value, date):
            value = value.isoformat()
        if value not in (None, (), 0.0, 0) or name == "weekday":
            kept[name] = list(value) if isinstance(value, tuple) else value
    return {name: value for name, value in kept.items() if value is not None}


def from_json(kept: Mapping[str, Any]) -> Condition:
    """What `to_json` wrote. Raises ValueError on anything else."""
    values = dict(kept)
    for name in _DAYS:
        if name in values:
            values[name] = date.fromisoformat(values[name])
    for name in ("shares", "rising"):
        if name in values:
            values[name] = tuple(values[name])
    values["asked"] = Demanded(values["asked"])
    return Condition(**values)


def _lower(week: WeekAhead, metres: float, rule: str) -> WeekAhead:
    if week.target_m is not None and week.target_m <= metres:
        return week
    return replace(week, target_m=metres, rule=rule)


def _later(first: date | None, second: date | None) -> date | None:
    return max((day for day in (first, second) if day is not None), default=None)
