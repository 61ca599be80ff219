"""What every check may look at, and the few phrases that several of them share."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from syncd.config import Settings
from syncd.daemon.clocks import about
from syncd.health.check import Command
from syncd.paths import Paths
from syncd.service.systemd import Systemctl
from syncd.store.store import DATABASE_NAME

RESTORE = Command("syncd doctor --restore")
SYNC = Command("syncd sync")
SET_CLOCK = Command("timedatectl set-ntp true")


@dataclass(frozen=True, slots=True)
class Examination:
    """A profile at one moment. `settings` None: the configuration cannot be used.

    `managers`: the service managers that can be asked.
    """

    paths: Paths
    now: datetime
    settings: Settings | None = None
    managers: Sequence[Systemctl] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Where the athlete's days begin, as far as that is known."""
        return self.settings.zone if self.settings else ZoneInfo("UTC")

    @property
    def today(self) -> date:
        """The athlete's day."""
        return self.now.astimezone(self.zone).date()

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.paths.state / DATABASE_NAME

    @property
    def services_in_use(self) -> frozenset[str]:
        """The names of all sources and of the sink; none without settings."""
        return frozenset({*self.settings.sync.sources, self.settings.sync.sink} if self.settings else ())

    @property
    def state_is_listed(self) -> bool:
        """False where there is a state folder that we may not even list."""
        return not self.paths.state.exists() or os.access(self.paths.state, os.R_OK | os.X_OK)

    def ago(self, moment: datetime | None) -> str:
        """`3 days ago`."""
        if moment is None:
            return "at an unknown time"
        return f"{about(max(self.now - moment, timedelta(0)))} ago"
