"""The same runner with a watch on Garmin Connect: workouts go through the stand-in's calendar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from syncd.connectors.garmin.session import Endpoints, Session
from syncd.connectors.garmin.sink import GarminSink
from syncd.connectors.garmin.tokens import TokenFile
from syncd.cycle.world import World
from syncd.domain.delivery.remote import find_key
from syncd.sandbox.garmin.account import Account
from syncd.sandbox.garmin.service import Service
from tests.connectors.garmin.conftest import log_in
from tests.support.scene import MONDAY, Scene


@dataclass
class GarminScene(Scene):
    """Runs still come from the folder, so that each side can be tested alone."""

    service: Service = field(default_factory=lambda: Service(Account()))

    def __post_init__(self) -> None:
        super().__post_init__()
        log_in(self.service, self._tokens)

    @property
    def _tokens(self) -> TokenFile:
        return TokenFile(self.folder / "logins" / "garmin.json")

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        endpoints = Endpoints(self.service.url, self.service.token_url)
        session = Session(self._tokens, endpoints=endpoints, spacing_s=0.0, timeout_s=2.0)
        sink = GarminSink(session, "me", self.folder / "garmin" / "workouts.json", now)
        with super().world(now) as world:
            yield replace(world, sink=sink)

    def entries(self) -> dict[date, str]:
        """Day to session of everything of ours on the calendar, from the service's own state."""
        found: dict[date, str] = {}
        for entry in self.service.account.schedules.values():
            kept = self.service.account.workouts.get(str(entry["workoutId"]))
            key = find_key(str(kept["description"])) if kept else None
            if key is not None:
                day = date.fromisoformat(entry["date"])
                assert day not in found, f"two workouts of ours on {day}"
                found[day] = key.session
        return found

    def entry_of(self, day: int) -> dict[str, Any]:
        """The calendar entry on that day."""
        wanted = (MONDAY.toordinal() + day, self.service.account.schedules.values())
        return next(e for e in wanted[1] if date.fromisoformat(e["date"]).toordinal() == wanted[0])

    def writes(self) -> list[str]:
        """Every request so far that could have changed something."""
        return [each for each in self.service.requests if not each.startswith("GET ")]
