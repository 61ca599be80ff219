"""A delivery to Garmin Connect that is killed anywhere ends, run again, as if nothing had happened.

Every n-th point here; each one with SYNCD_SWEEP=full.
"""

import json
import os
import subprocess
import sys

import pytest

FULL = os.environ.get("SYNCD_SWEEP") == "full"
pytestmark = pytest.mark.long


def swept(folder, losing, step, planted="GarminSink"):
    step = 1 if FULL else step
    command = [sys.executable, "-m", "tests.reliability.killed_on_garmin", folder, losing, str(step), planted]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("losing", "step"), [("nothing", 5), ("database", 13), ("index", 13), ("both", 17), ("recovery", 17)]
)
def test_every_workout_is_there_once_after_a_death_anywhere(tmp_path, losing, step):
    found = swept(tmp_path, losing, step)
    assert found["wrong"] == []
    assert found["points"] > 120 // step - 3


@pytest.mark.parametrize(("losing", "step", "planted"), [("nothing", 2, "Forgetful"), ("both", 20, "Blind")])
def test_the_sweep_finds_planted_faults(tmp_path, losing, step, planted):
    assert swept(tmp_path, losing, step, planted)["wrong"]
