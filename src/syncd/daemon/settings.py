"""What the service needs of the configuration, as plain values: no pydantic stays in its memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from syncd.daemon.sync_times import DayRhythm, QuietHours

SCHEMA = "syncd.daemon-settings/1"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the notifications of a source arrive; `owner` is the athlete's id there, 0 where unknown."""

    listen: str
    port: int
    owner: int
    source: str = "strava"


@dataclass(frozen=True, slots=True)
class DaemonSettings:
    """`every`: how often each source is asked. `notifies`: whether anybody wants a message after a sync."""

    rhythm: DayRhythm
    every: Mapping[str, timedelta] = field(default_factory=dict)
    webhook: Webhook | None = None
    notifies: bool = False


def settings_from(text: str) -> DaemonSettings:
    """What `syncd.daemon.reading` wrote. Raises ValueError."""
    try:
        payload = json.loads(text)
        quiet, hook = payload["quiet"], payload["webhook"]
        return DaemonSettings(
            rhythm=DayRhythm(
                ZoneInfo(payload["zone"]),
                QuietHours(time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if quiet else None,
            ),
            every={name: timedelta(seconds=seconds) for name, seconds in payload["every_s"].items()},
            webhook=Webhook(str(hook["listen"]), int(hook["port"]), int(hook["owner"]), str(hook["source"]))
            if hook
            else None,
            notifies=bool(payload["tells"]),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"unexpected settings: {error!r}") from None
