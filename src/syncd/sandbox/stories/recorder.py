"""A watch that hands over its recordings as they are, without a file in between: quick enough for months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syncd.connectors.base import ActivityRef, RawActivity
from syncd.domain.activity import Activity
from syncd.domain.workout import Workout
from syncd.formats.fit import Unreadable
from syncd.formats.reading import Recordings
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate


@dataclass(slots=True)
class StoryWatch:
    """A source of runs, and the reader of its recordings: each payload is the name of a run it holds."""

    runner: Runner
    name: str = "folder"
    _runs: dict[str, Activity] = field(default_factory=dict)

    def record(self, workout: Workout, start: datetime, *, seed: int = 0, all_out: bool = False) -> None:
        """The runner does the workout as planned, from that moment on (aware); a test or race all out."""
        scenario = Scenario.ALL_OUT if all_out else Scenario.PERFECT
        recording = simulate(workout, self.runner, scenario, seed=seed)
        self._runs[f"{start:%Y-%m-%d-%H}.fit"] = Activity(
            start=start,
            sport=recording.sport,
            sub_sport=recording.sub_sport,
            utc_offset=start.utcoffset() or timedelta(0),
            timer_s=recording.timer_s,
            elapsed_s=recording.elapsed_s,
            distance_m=recording.distance_m,
            laps=recording.laps,
            samples=recording.samples,
            workout=recording.workout,
            workout_name=workout.name,
            rpe=recording.rpe,
            feel=recording.feel,
            has_position=True,
        )

    def with_its_runs(self) -> StoryWatch:
        """Another watch with the same runs so far."""
        return StoryWatch(self.runner, self.name, dict(self._runs))

    def list_since(self, cursor: str) -> Iterator[ActivityRef]:  # noqa: ARG002 - known ones cost nothing
        """All of them every time."""
        return iter([ActivityRef(self.name, name, "as recorded", name) for name in self._runs])

    def fetch(self, ref: ActivityRef) -> RawActivity:
        """The name of the run, in the place of its bytes."""
        return RawActivity(ref, "fit", ref.remote_id.encode())

    def read(self, content: bytes) -> Recordings:
        """The run of that name."""
        run = self._runs.get(content.decode())
        return Unreadable("no run of this watch") if run is None else (run,)
