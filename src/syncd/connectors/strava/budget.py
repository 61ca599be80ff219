"""How often Strava may be asked: four counts.

The service counts by the quarter of an hour and by the day (UTC), all requests and reads apart,
and says with each answer how far they are. Older runs never take the last part of any count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from syncd.connectors.budget_file import DAY_S, Budget

QUARTER_S = 900.0
KEPT_FREE = 0.2  # our default: the share of each count that only new runs and listings may use
_COUNTS = ("quarter", "day", "quarter_reads", "day_reads")
_LIMIT, _USAGE = "-limit", "-usage"
_OVERALL, _READS = "x-ratelimit", "x-readratelimit"


@dataclass(frozen=True, slots=True)
class Count:
    """Requests of one window; the limits are those of a new app until the service names its own."""

    limit: int
    used: int = 0

    def room(self, kept_free: float) -> int:
        """How many more there may be."""
        return int(self.limit * (1 - kept_free)) - self.used


@dataclass(frozen=True, slots=True)
class StravaBudget(Budget):
    """The counts, and when they were true; `refused_why`: what keeps a dead login from working."""

    FAR_AHEAD_S: ClassVar[float] = DAY_S + QUARTER_S

    quarter: Count = Count(200)
    day: Count = Count(2000)
    quarter_reads: Count = Count(100)
    day_reads: Count = Count(1000)
    counted_s: float = 0.0
    refused_why: str = ""

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> StravaBudget:
        """What was kept. Raises KeyError, TypeError, ValueError for anything else."""
        counts = {name: Count(int(plain[name]["limit"]), int(plain[name]["used"])) for name in _COUNTS}
        return cls(
            **counts,
            closed_until_s=float(plain["closed_until_s"]),
            refused=str(plain["refused"]),
            refused_s=float(plain["refused_s"]),
            counted_s=float(plain["counted_s"]),
            refused_why=str(plain["refused_why"]),
        )

    def at(self, now_s: float) -> StravaBudget:
        """The counts of the windows that `now_s` lies in: a new window begins with nothing."""
        known = now_s - self.counted_s + QUARTER_S >= 0  # further ahead, the clock was wrong
        same_day = known and now_s // DAY_S <= self.counted_s // DAY_S
        same_quarter = same_day and now_s // QUARTER_S <= self.counted_s // QUARTER_S
        return replace(
            self,
            quarter=replace(self.quarter, used=self.quarter.used if same_quarter else 0),
            quarter_reads=replace(self.quarter_reads, used=self.quarter_reads.used if same_quarter else 0),
            day=replace(self.day, used=self.day.used if same_day else 0),
            day_reads=replace(self.day_reads, used=self.day_reads.used if same_day else 0),
            counted_s=max(now_s, self.counted_s) if known else now_s,
        )

    def room(self, *, older: bool = False) -> int:
        """How many requests there may be now; of an older run, without what is kept free."""
        return min(self._day_room(older), self._quarter_room(older))

    def opens_s(self, count: int, now_s: float, *, older: bool = False) -> float:
        """When there is room for so many: the next quarter, or midnight UTC."""
        window = DAY_S if self._day_room(older) < count else QUARTER_S
        return (now_s // window + 1) * window

    def after_request(self, now_s: float) -> StravaBudget:
        """A request goes out now; it counts even if it is refused."""
        now = self.at(now_s)
        return now._with({name: replace(count, used=count.used + 1) for name, count in now._counts().items()})

    def after_reply(self, headers: Mapping[str, str], now_s: float) -> StravaBudget:
        """What the service counted itself; what other requests under way took stays counted."""
        now = self.at(now_s)
        values = {name.lower(): value for name, value in headers.items()}
        counts = now._counts()
        for family, names in ((_OVERALL, ("quarter", "day")), (_READS, ("quarter_reads", "day_reads"))):
            limits, used = _pair(values.get(family + _LIMIT)), _pair(values.get(family + _USAGE))
            if limits is None or used is None:
                continue
            for place, name in enumerate(names):
                counts[name] = Count(limits[place], max(used[place], counts[name].used))
        return now._with(counts)

    def after_refusal(self, now_s: float, pause_s: float) -> StravaBudget:
        """Asked too much: closed to the end of the window that is full, and `pause_s` more."""
        now = self.at(now_s)
        return replace(now, closed_until_s=now.opens_s(1, now_s) + pause_s)

    def after_dead_login(self, fingerprint: str, why: str, now_s: float) -> StravaBudget:
        """This login does not work: only a human can help."""
        return replace(self, refused=fingerprint, refused_s=now_s, refused_why=why)

    def why_dead(self, fingerprint: str, now_s: float) -> str:
        """Why asking with this login is in vain, "" when it is not; tried again once a day."""
        return self.refused_why if self.is_dead(fingerprint, now_s) else ""

    def older_take_s(self, requests: int, others_a_day: int, now_s: float) -> float | None:
        """About how many seconds so many requests of older runs take beside others; None: no end."""
        now = self.at(now_s)
        a_quarter = min(count.room(KEPT_FREE) + count.used for count in (self.quarter, self.quarter_reads))
        a_day = min(count.room(KEPT_FREE) + count.used for count in (self.day, self.day_reads)) - others_a_day
        if a_quarter <= 0 or a_day <= 0:
            return None
        left_s = DAY_S - now_s % DAY_S
        today = now._day_room(older=True) - others_a_day * left_s / DAY_S
        today = max(min(today, left_s / QUARTER_S * a_quarter), 0.0)
        if requests <= today:
            return requests / a_quarter * QUARTER_S
        days, rest = divmod(requests - today, min(a_day, DAY_S / QUARTER_S * a_quarter))
        return left_s + days * DAY_S + rest / a_quarter * QUARTER_S

    def _day_room(self, older: bool) -> int:
        return min(count.room(KEPT_FREE if older else 0.0) for count in (self.day, self.day_reads))

    def _quarter_room(self, older: bool) -> int:
        return min(count.room(KEPT_FREE if older else 0.0) for count in (self.quarter, self.quarter_reads))

    def _counts(self) -> dict[str, Count]:
        return {name: getattr(self, name) for name in _COUNTS}

    def _with(self, counts: Mapping[str, Count]) -> StravaBudget:
        return replace(
            self,
            quarter=counts["quarter"],
            day=counts["day"],
            quarter_reads=counts["quarter_reads"],
            day_reads=counts["day_reads"],
        )


def _pair(header: str | None) -> tuple[int, int] | None:
    """`short,daily` of a header; None where it is anything else."""
    parts = [part.strip() for part in (header or "").split(",")]
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return int(parts[0][:9]), int(parts[1][:9])
