"""The athlete's activities on the stand-in, and its rate limits. No HTTP here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from syncd.durable import write_whole
from syncd.sandbox.strava.echo import Echo
from syncd.sandbox.strava.oauth import Logins
from syncd.sandbox.strava.webhooks import Subscriptions

_QUARTER_S, _DAY_S = 900, 86_400
_FIRST_ID = 16_000_000_000


@dataclass(slots=True)
class Meter:
    """The four counts on the service's clock; refused requests count too. Limits are (short, daily)."""

    overall: tuple[int, int] = (200, 2000)
    reads: tuple[int, int] = (100, 1000)
    used: dict[str, int] = field(default_factory=dict)
    refusals: int = 0

    def take(self, now_s: float, *, reading: bool) -> str:
        """Count a request; the limit that it breaks, "" for none."""
        for name in ("overall", *(("read",) if reading else ())):
            for window in (_QUARTER_S, _DAY_S):
                key = _key(name, window, now_s)
                self.used[key] = self.used.get(key, 0) + 1
        for name, limits in (("read", self.reads), ("overall", self.overall)):
            for window, limit in zip((_QUARTER_S, _DAY_S), limits, strict=True):
                if self.used.get(_key(name, window, now_s), 0) > limit:
                    self.refusals += 1
                    return f"{name} rate limit"
        return ""

    def headers(self, now_s: float) -> dict[str, str]:
        """The headers of each answer."""
        return {
            "X-RateLimit-Limit": _pair(self.overall),
            "X-RateLimit-Usage": _pair(self._usage("overall", now_s)),
            "X-ReadRateLimit-Limit": _pair(self.reads),
            "X-ReadRateLimit-Usage": _pair(self._usage("read", now_s)),
        }

    def _usage(self, name: str, now_s: float) -> tuple[int, int]:
        short, daily = (self.used.get(_key(name, window, now_s), 0) for window in (_QUARTER_S, _DAY_S))
        return short, daily


@dataclass(slots=True)
class StandInStravaAccount:
    """Plain values only, so that it can be kept as one JSON file.

    `rows`, `details` and `streams` are by activity id as text; `there_from_s` is when one
    becomes visible: an echo comes later than the run. `hidden`: rows that are removed from a page
    after it was cut, as for activities that the app may not see.
    """

    logins: Logins = field(default_factory=Logins)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    meter: Meter = field(default_factory=Meter)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    streams: dict[str, dict[str, Any]] = field(default_factory=dict)
    there_from_s: dict[str, float] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)
    next_id: int = _FIRST_ID

    def new_id(self) -> int:
        """The number of a new activity, unrelated to its number on another service."""
        self.next_id += 7
        return self.next_id

    def add(self, echo: Echo, there_from_s: float = 0.0) -> int:
        """Keep an activity and return its id."""
        number = str(echo.row["id"])
        self.rows[number], self.details[number] = echo.row, echo.detail
        if echo.streams is not None:
            self.streams[number] = echo.streams
        self.there_from_s[number] = there_from_s
        return int(number)

    def delete(self, number: int) -> None:
        """The athlete deletes it."""
        for table in (self.rows, self.details, self.streams, self.there_from_s):
            table.pop(str(number), None)

    def edit(self, number: int, **changes: Any) -> None:
        """The athlete, or other people, change its data."""
        self.rows[str(number)].update(changes)
        self.details[str(number)].update(changes)

    def listed(self, query: Mapping[str, str], now_s: float) -> list[dict[str, Any]]:
        """A page: newest first, with `after` the oldest first. Raises ValueError."""
        after, before = (int(query[name]) if name in query else None for name in ("after", "before"))
        page, size = int(query.get("page", 1)), min(int(query.get("per_page", 30)), 200)
        if page < 1 or size < 1:
            raise ValueError("page")
        shown = [
            row
            for number, row in self.rows.items()
            if self.there_from_s.get(number, 0.0) <= now_s
            and (after is None or _start_s(row) > after)
            and (before is None or _start_s(row) < before)
        ]
        shown.sort(key=_start_s, reverse=after is None)
        cut = shown[(page - 1) * size : page * size]
        return [row for row in cut if str(row["id"]) not in self.hidden]

    def is_there(self, number: str, now_s: float) -> bool:
        """Whether an activity is visible by now."""
        return number in self.details and self.there_from_s.get(number, 0.0) <= now_s

    def save(self, path: Path) -> None:
        """Keep everything as one file."""
        write_whole(path, json.dumps(asdict(self)).encode())

    @classmethod
    def load(cls, path: Path) -> StandInStravaAccount:
        """Read what `save` wrote."""
        values = json.loads(path.read_text())
        meter = values.pop("meter")
        return cls(
            logins=Logins(**values.pop("logins")),
            subscriptions=Subscriptions(**values.pop("subscriptions")),
            meter=Meter(tuple(meter["overall"]), tuple(meter["reads"]), meter["used"], meter["refusals"]),
            **values,
        )


def _start_s(row: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(str(row["start_date"])).timestamp()


def _key(name: str, window: int, now_s: float) -> str:
    return f"{name}/{window}/{int(now_s // window)}"


def _pair(values: tuple[int, int]) -> str:
    return f"{values[0]},{values[1]}"
