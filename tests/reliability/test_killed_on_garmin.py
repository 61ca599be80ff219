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


def swept(folder, losing, step, planted="GarminSink", first=0):
    step, first = (1, 0) if FULL else (step, first)
    module = "tests.reliability.killed_on_garmin"
    command = [sys.executable, "-m", module, folder, losing, str(step), planted, str(first)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("losing", "step"), [("nothing", 7), ("database", 17), ("index", 19), ("both", 23), ("recovery", 23)]
)
def test_every_workout_is_there_once_after_a_death_anywhere(tmp_path, losing, step):
    found = swept(tmp_path, losing, step)
    assert found["wrong"] == []
    assert found["points"] > 120 // step - 3


@pytest.mark.parametrize(
    ("losing", "step", "planted", "first"), [("nothing", 2, "Forgetful", 110), ("both", 20, "Blind", 0)]
)
def test_the_sweep_finds_planted_faults(tmp_path, losing, step, planted, first):
    assert swept(tmp_path, losing, step, planted, first)["wrong"]
