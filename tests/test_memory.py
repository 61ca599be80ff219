"""Where tests write: in memory when it does for a disk, and nothing stays there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.memory import folder_in_memory

LOCKED = """
import pathlib, sys
from tests.support.memory import folder_in_memory
print(folder_in_memory(pathlib.Path(sys.argv[1]), 0), flush=True)
sys.stdin.read()
"""


def made_an_hour_ago(folder: Path) -> Path:
    os.utime(folder, (folder.stat().st_mtime - 3600,) * 2)
    return folder


def test_each_run_has_a_folder_of_its_own(tmp_path):
    first, second = (folder_in_memory(tmp_path, 0) for _ in range(2))
    assert first != second
    assert first.parent == second.parent == tmp_path


def test_what_a_killed_run_left_goes_and_what_a_living_one_has_stays(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", LOCKED, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        held = made_an_hour_ago(Path(run.stdout.readline().strip()))
        folder_in_memory(tmp_path, 0)
        assert held.is_dir()
        run.kill()
    (held / "left").write_text("by a test")
    made_an_hour_ago(held)
    folder_in_memory(tmp_path, 0)
    assert not held.exists()


def test_a_folder_that_nobody_holds_yet_stays_for_a_minute(tmp_path):
    new = tmp_path / "syncd-tests-new"
    new.mkdir()
    folder_in_memory(tmp_path, 0)
    assert new.is_dir()


def test_without_memory_or_room_in_it_everything_stays_on_the_disk(tmp_path):
    assert folder_in_memory(tmp_path / "absent") is None
    assert folder_in_memory(tmp_path, 1 << 60) is None
    assert list(tmp_path.iterdir()) == []


def test_where_no_program_may_be_started_everything_stays_on_the_disk(tmp_path):
    options = ["-t", "tmpfs", "-o", "noexec", "none", tmp_path]
    mounted = subprocess.run(["mount", *options], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"mounting is refused here: {mounted.stderr.strip()}")
    try:
        assert folder_in_memory(tmp_path, 0) is None
    finally:
        subprocess.run(["umount", "--lazy", tmp_path], capture_output=True)


@pytest.mark.disk
def test_what_is_about_the_disk_is_not_in_memory(tmp_path, home):
    memory = Path("/dev/shm")  # noqa: S108
    assert not {memory} & {*tmp_path.parents, *home.parents}
