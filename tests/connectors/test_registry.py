"""A connector is found by its name, or the names that there are are told."""

import pytest

from syncd.connectors.base import Rejected
from syncd.connectors.registry import connector


def test_a_connector_is_found_by_its_name():
    found = connector("folder")
    assert found.source is not None
    assert found.sink is not None


def test_a_name_that_is_not_installed_is_told_with_those_that_are():
    with pytest.raises(
        Rejected, match=r"no connector named 'polar' is installed \(there is: folder, garmin, strava\)"
    ):
        connector("polar")
