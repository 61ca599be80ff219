from datetime import date
from pathlib import Path

import pytest

from syncd.domain.athlete import ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.training.zones import zones_from_result
from syncd.store import Store


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def zones() -> ZoneSet:
    return zones_from_result(5000, 25 * 60, as_of=date(2026, 3, 1), source=Reason.legacy("5K test"))
