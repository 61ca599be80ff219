"""Where nothing is wrong doctor says so, quickly; and whatever it looks at, it leaves as it is."""

import os
import stat
import time
from pathlib import Path

import pytest

from tests.health.defects import DEFECTS
from tests.health.healthy import SET_UPS, HealthySetUp


def contents(folder: Path) -> dict[str, tuple[object, ...]]:
    """Every file with its bytes, rights and times; SQLite's own index of a log in use may be touched."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) and path.suffix != ".db-shm" else b""
        changed_ns = 0 if path.suffix == ".db-shm" else status.st_mtime_ns
        found[str(path.relative_to(folder))] = (content, status.st_mode, status.st_uid, changed_ns)
    return found


@pytest.mark.parametrize("set_up", SET_UPS, ids=lambda set_up: set_up.name)
def test_a_healthy_set_up_has_nothing_to_be_mended(set_up: HealthySetUp, lived, monkeypatch):
    profile = set_up.made(lived, monkeypatch) or lived
    before = contents(Path(os.environ["HOME"]))
    complaints = profile.complaints()
    after = contents(Path(os.environ["HOME"]))
    profile.close()
    assert {name: check for name, check in complaints.items() if name not in set_up.may} == {}
    assert after == before


def test_there_are_twenty_of_them():
    assert len({set_up.name for set_up in SET_UPS}) == len(SET_UPS) >= 20


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_what_is_broken_is_left_as_it_is(defect, lived, monkeypatch):
    defect.seed(lived, monkeypatch)
    before = contents(Path(os.environ["HOME"]))
    lived.examined()
    assert contents(Path(os.environ["HOME"])) == before


def test_it_takes_less_than_a_second_without_a_network(lived):
    lived.examined()  # imports
    began = time.process_time()
    lived.examined()
    assert time.process_time() - began < 1.0
