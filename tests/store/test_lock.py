"""One cycle at a time."""

import os
import subprocess
import sys

import pytest

from syncd.store import StoreBusy, StoreError, sync_lock

HOLD = """
import pathlib, sys
from syncd.store import sync_lock
with sync_lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def test_a_second_cycle_is_refused_and_told_who_holds_the_first(tmp_path, holder):
    with pytest.raises(StoreBusy, match=f"process {holder.pid}"), sync_lock(tmp_path, wait_s=0.1):
        pytest.fail("two cycles at once")


def test_the_lock_is_free_as_soon_as_its_holder_was_killed(tmp_path, holder):
    holder.kill()
    holder.wait()
    with sync_lock(tmp_path):
        assert (tmp_path / "cycle.lock").read_text() == str(os.getpid())


def test_a_waiting_cycle_begins_when_the_other_ends(tmp_path, holder):
    holder.stdin.close()
    with sync_lock(tmp_path, wait_s=10):
        assert (tmp_path / "cycle.lock").read_text() == str(os.getpid())


def test_after_a_cycle_the_next_one_may_begin(tmp_path):
    held = []
    for turn in range(2):
        with sync_lock(tmp_path):
            held.append(turn)
    assert held == [0, 1]


def test_a_link_in_place_of_the_lock_is_refused(tmp_path):
    (tmp_path / "cycle.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=r"cycle\.lock"), sync_lock(tmp_path):
        pytest.fail("followed a link")
    assert not (tmp_path / "elsewhere").exists()
