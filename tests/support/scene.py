"""A runner's life in a test: folders, a store, days that pass, runs that are recorded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from syncd.connectors.folder import FolderSink, FolderSource
from syncd.cycle.run import SyncReport, run
from syncd.cycle.world import World
from syncd.domain.athlete import Availability, Goal, ZoneSet
from syncd.domain.notation import parse_workout
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.zones import zones_from_result
from syncd.domain.workout import Workout
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from syncd.store import Store
from syncd.store.plan import CommittedSession

ROME = ZoneInfo("Europe/Rome")
MONDAY = date(2026, 1, 5)
ZONES = zones_from_result(5000, 1500, as_of=None, source=entered_result(5000.0, "25:00"))


@dataclass
class Scene:
    """Four days a week, 20 km, longest 8 km, 5 km in 25:00, from Monday 5 January 2026."""

    folder: Path
    zones: ZoneSet = ZONES

    def __post_init__(self) -> None:
        for each in (self.inbox, self.outbox, self.state):
            each.mkdir(parents=True, exist_ok=True)

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def at(self, day: int, hour: int = 20) -> datetime:
        """The moment `day` days after the Monday, in Rome."""
        return datetime.combine(MONDAY + timedelta(days=day), time(hour), tzinfo=ROME)

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        with Store.open(self.state) as store:
            yield World(
                store=store,
                sources=(FolderSource(self.inbox, settle_s=0, now=now),),
                sink=FolderSink(self.outbox, "me"),
                athlete_key="me",
                zone=ROME,
                availability=Availability(days_per_week=4),
                goal=Goal.FIVE_K,
                zones=self.zones,
                entered=self.zones,
                weekly_m=20_000,
                longest_m=8_000,
            )

    def sync(self, day: int, hour: int = 20, *, dry_run: bool = False) -> SyncReport:
        """One cycle on that day."""
        now = self.at(day, hour)
        with self.world(now) as world:
            return run(world, now, dry_run=dry_run)

    def sessions(self, first: int = 0, last: int = 30) -> tuple[CommittedSession, ...]:
        """What is committed between two days."""
        with self.world(self.at(0)) as world:
            return world.store.plan.between(MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))

    def run_session(self, day: int, scenario: Scenario = Scenario.PERFECT, hour: int = 18) -> Path:
        """The runner does what is committed for that day, in this manner."""
        (session,) = self.sessions(day, day)
        return self.record(day, session.resolved, scenario, hour)

    def record(
        self, day: int, workout: Workout | str, scenario: Scenario = Scenario.PERFECT, hour: int = 18
    ) -> Path:
        """A recorded run in the inbox."""
        planned = parse_workout(workout) if isinstance(workout, str) else workout
        recording = simulate(planned, Runner(vdot=ZONES.vdot), scenario, seed=day)
        start = self.at(day, hour)
        content = write_activity(recording, start=start, utc_offset=start.utcoffset() or timedelta(0))
        path = self.inbox / f"{start:%Y-%m-%d-%H}.fit"
        path.write_bytes(content)
        return path


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file below a folder with the hash of its content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[os.fspath(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
