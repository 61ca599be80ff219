"""One runner with a watch on Garmin Connect and an account at Strava, to which Garmin passes runs on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from syncd.cycle.world import World
from syncd.domain.workout import Workout
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.activity import listed_run
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.recording import WatchRecording
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from syncd.sandbox.strava.echo import echo_of
from syncd.store.activities import ActivitySummary
from tests.support.garmin_scene import RunsScene
from tests.support.scene import ZONES
from tests.support.strava_scene import OnStrava, on_strava


@dataclass
class BothServices(RunsScene):
    """Runs come from both; workouts go to the folder. `services` are those that syncd asks."""

    strava: OnStrava = field(kw_only=True)
    services: tuple[str, ...] = ("garmin", "strava")

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        self.strava.now = now.astimezone(UTC)
        with super().world(now) as world:
            told = {"garmin": world.sources[0], "strava": self.strava.source()}
            yield replace(world, sources=tuple(told[each] for each in self.services))

    def ran(self, day: int, workout: Workout | None = None, *, seed: int | None = None) -> WatchRecording:
        """What the runner does on that day: its session, or a workout."""
        planned = workout or self.sessions(day, day)[0].resolved
        return simulate(
            planned, Runner(vdot=ZONES.vdot), Scenario.PERFECT, seed=day if seed is None else seed
        )

    def to_garmin(
        self, day: int, recording: WatchRecording, *, hour: int = 18, rpe: int | None = None
    ) -> str:
        """The watch uploads it; its number there."""
        start = self.at(day, hour)
        self.number += 1
        run = listed_run(replace(recording, rpe=rpe), self.number, start, f"run {self.number}")
        content = write_activity(
            replace(recording, rpe=None), start=start, utc_offset=start.utcoffset() or timedelta(0)
        )
        self.service.account.add_activity(run.row, run.detail, content, run.parts)
        return str(self.number)

    def to_strava(
        self, day: int, recording: WatchRecording, *, hour: int = 18, rpe: int | None = None, **more
    ) -> int:
        """Strava shows it, as it shows runs; its number there."""
        number = self.strava.account.new_id()
        told = replace(recording, rpe=rpe)
        return self.strava.account.add(echo_of(told, number, self.at(day, hour), "Evening Run", **more))

    def counted(self) -> tuple[ActivitySummary, ...]:
        """The runs that count, oldest first."""
        with self.world(self.at(40)) as world:
            return world.store.activities.newest(99)[::-1]


@contextmanager
def on_both(folder: Path) -> Iterator[BothServices]:
    """Both services run until the block ends."""
    with GarminStandIn(StandInGarminAccount()).running() as garmin, on_strava(folder / "strava") as strava:
        scene = BothServices(folder, service=garmin, strava=strava)
        strava.now = scene.at(0).astimezone(UTC)
        strava.account.logins.token_lasts_s = 90 * 86_400.0
        strava.log_in()
        yield scene
