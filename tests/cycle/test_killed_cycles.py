"""A cycle that dies anywhere is simply run again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.long


def test_a_cycle_killed_at_any_write_ends_as_one_that_never_was(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tests.cycle.killed_cycles", tmp_path],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    assert told["wrong"] == []
    assert told["points"] >= 50
