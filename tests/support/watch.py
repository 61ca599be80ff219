"""The runner's side of a folder: running what lies on the watch."""

from datetime import datetime, timedelta
from pathlib import Path

from syncd.formats.fit.workout import WorkoutFile, read_workout
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate


def run_what_is_on_the_watch(outbox: Path, inbox: Path, day: str, scenario=Scenario.PERFECT) -> Path:
    """The runner runs the file of that day, at six in the evening in Rome."""
    (planned,) = outbox.glob(f"{day} *.fit")
    found = read_workout(planned.read_bytes())
    assert isinstance(found, WorkoutFile)
    recording = simulate(found.workout, Runner(vdot=38.3), scenario, seed=5)
    path = inbox / f"{day}.fit"
    start = datetime.fromisoformat(f"{day}T18:00:00+01:00")
    path.write_bytes(write_activity(recording, start=start, utc_offset=timedelta(hours=1)))
    return path
