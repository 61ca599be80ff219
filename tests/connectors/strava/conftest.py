"""A runner who is logged in at a stand-in for Strava."""

from collections.abc import Iterator

import pytest

from tests.support.strava_scene import OnStrava, on_strava


@pytest.fixture
def strava(tmp_path) -> Iterator[OnStrava]:
    with on_strava(tmp_path) as scene:
        yield scene
