"""When to sync: intervals, sooner after usual finish times, none in quiet hours. Plain functions of times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

SOONER_FOR = timedelta(minutes=60)  # our default: uploads come within the hour after the run
SOONER = 3  # our default: syncs are then this many times as frequent
JITTER = 0.1  # our default: the share by which an interval is longer or shorter
AFTER_FAILURE = timedelta(minutes=2)  # our default: the first wait after a sync that failed, then doubled
_SPREAD = timedelta(minutes=4)  # many machines wake at the same minute


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The part of the night without syncs, in local time; it may span midnight."""

    start: time
    end: time

    def covers(self, local: time) -> bool:
        """Whether that time of day is in it; its end is not."""
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@dataclass(frozen=True, slots=True)
class DayRhythm:
    """The athlete's day. `quiet` None: syncs go on all night."""

    zone: tzinfo
    quiet: QuietHours | None = None

    @property
    def watch_check(self) -> time:
        """When the watch is checked: at the end of the quiet hours."""
        return self.quiet.end if self.quiet else time(5, 30)

    @property
    def tidying(self) -> time:
        """When the database is copied: an hour and a half into the quiet hours."""
        start = self.quiet.start if self.quiet else time(1)
        minutes = (start.hour * 60 + start.minute + 90) % (24 * 60)
        return time(minutes // 60, minutes % 60)


def next_sync(
    after: datetime,
    every: timedelta,
    rhythm: DayRhythm,
    expected: Sequence[datetime] = (),
    chance: float = 0.5,
) -> datetime:
    """When to sync again after `after`; aware, in UTC.

    `expected`: when runs usually end; in the hour after that, syncs come three times as often.
    `chance` from 0 to 1 shortens or lengthens the wait a little.
    """
    share = 1 + JITTER * (2 * chance - 1)
    due = after + every * share
    for end in expected:
        sooner = max(end, after + every * share / SOONER)
        if sooner < due and sooner < end + SOONER_FOR:
            due = sooner
    return _after_the_night(due, rhythm, chance).astimezone(UTC)


def retry_sync(after: datetime, every: timedelta, failures: int, rhythm: DayRhythm) -> datetime:
    """When to try again after so many failures in a row: soon, then later each time, up to the interval."""
    again = after + min(every, AFTER_FAILURE * 2.0 ** min(max(failures - 1, 0), 20))
    return _after_the_night(again, rhythm, 0.0).astimezone(UTC)


def daily(after: datetime, at: time, zone: tzinfo, chance: float = 0.5) -> datetime:
    """The next moment after `after` at which it is `at` on the local clock, spread by a few minutes.

    When the clocks change it comes once: a time that does not exist is taken an hour later.
    """
    wanted = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        moment = _instant(wanted, at, zone) + _SPREAD * chance
        if moment > after:
            return moment
        wanted += timedelta(days=1)


def _after_the_night(moment: datetime, rhythm: DayRhythm, chance: float) -> datetime:
    local = moment.astimezone(rhythm.zone)
    if rhythm.quiet is None or not rhythm.quiet.covers(local.time()):
        return moment
    day = local.date()
    if local.time() >= rhythm.quiet.end:
        day += timedelta(days=1)
    return _instant(day, rhythm.quiet.end, rhythm.zone) + _SPREAD * chance


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    """That time on that local day; in UTC, so that it can be calculated with."""
    return datetime.combine(day, at, zone).astimezone(UTC)
