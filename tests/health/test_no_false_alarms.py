"""Where nothing is wrong doctor says so, quickly, and leaves everything as it is."""

import os
from pathlib import Path

import pytest

from tests.health.healthy import SET_UPS, HealthySetUp
from tests.health.lived import contents


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
