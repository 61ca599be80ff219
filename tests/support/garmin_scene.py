"""The same runner with a watch on Garmin Connect: workouts go through the stand-in's calendar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.connectors.garmin.sink import GarminSink
from syncd.connectors.garmin.source import GarminSource
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.cycle.world import World
from syncd.domain.delivery.remote import find_key
from syncd.domain.workout import Workout
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.activity import listed_run
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.connectors.garmin.conftest import log_in
from tests.support.scene import MONDAY, ZONES, Scene


@dataclass
class GarminScene(Scene):
    """Runs still come from the folder, so that each side can be tested alone."""

    service: GarminStandIn = field(default_factory=lambda: GarminStandIn(StandInGarminAccount()))

    def __post_init__(self) -> None:
        super().__post_init__()
        log_in(self.service, self._tokens)

    @property
    def _tokens(self) -> GarminTokenFile:
        return GarminTokenFile(self.folder / "logins" / "garmin.json")

    def session(self) -> GarminSession:
        """A new process' session on the saved login."""
        endpoints = Endpoints(self.service.url, self.service.token_url)
        return GarminSession(self._tokens, endpoints=endpoints, spacing_s=0.0, timeout_s=2.0)

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        sink = GarminSink(self.session(), "me", self.folder / "garmin" / "workouts.json", now)
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


@dataclass
class RunsScene(GarminScene):
    """Runs come from the service; workouts go to the folder."""

    number: int = 500

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        with super(GarminScene, self).world(now) as world:
            yield replace(world, sources=(GarminSource(self.session(), now.date()),))

    def upload(
        self,
        day: int,
        workout: Workout | None = None,
        *,
        rpe: int | None = None,
        hour: int = 18,
        fit: bool = True,
        scenario: Scenario = Scenario.PERFECT,
    ) -> str:
        """The session of that day, or a workout, as the watch uploads it; its number there."""
        planned = workout or self.sessions(day, day)[0].resolved
        recording = replace(simulate(planned, Runner(vdot=ZONES.vdot), scenario, seed=day), rpe=rpe)
        start = self.at(day, hour)
        self.number += 1
        run = listed_run(recording, self.number, start, f"run {self.number}")
        content = write_activity(
            replace(recording, rpe=None), start=start, utc_offset=start.utcoffset() or timedelta(0)
        )
        self.service.account.add_activity(run.row, run.detail, content if fit else None, run.parts)
        return str(self.number)

    def requests(self) -> list[str]:
        """What was asked since the last look, numbers left out."""
        asked = [each.rstrip("0123456789").rstrip("/") for each in self.service.requests]
        self.service.requests.clear()
        return asked

    def score(self, day: int) -> tuple[int | None, str]:
        with self.world(self.at(day)) as world:
            run = next(
                each
                for each in reversed(world.store.activities.newest(99))
                if each.day == MONDAY + timedelta(days=day)
            )
            stored = world.store.scores.newest_of(run.id)
            assert stored is not None
            return stored.score, stored.words


@dataclass
class BothEndsScene(RunsScene):
    """Runs come from the service, and workouts go to its calendar: as most people have it."""

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        with super(GarminScene, self).world(now) as world:
            sink = GarminSink(self.session(), "me", self.folder / "garmin" / "workouts.json", now)
            yield replace(world, sources=(GarminSource(self.session(), now.date()),), sink=sink)
