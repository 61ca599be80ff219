"""A newer version reads recordings otherwise: when asked to, it puts right what an older one kept."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from syncd.cycle.assessment import assess
from syncd.cycle.rereading import reread
from syncd.domain.merging.withdrawal import WithdrawalCause
from tests.cycle.test_corrections import load_m, newest, ride
from tests.support.scene import Scene
from tests.support.tracks import WrittenLap, steady, tcx


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    scene = Scene(tmp_path)
    scene.sync(0, hour=6)
    path = scene.inbox / "run.tcx"
    path.write_bytes(tcx([WrittenLap(steady(), total_s=1800.0, distance_m=5400.0)], start=scene.at(1, 18)))
    os.utime(path, (1, 1))
    scene.run_session(3)
    scene.sync(3)
    return scene


def as_an_older_version_read_it(scene: Scene, metres: float) -> None:
    """The run of Tuesday as long as that, wherever it is kept."""
    state = sqlite3.connect(scene.state / "syncd.db")
    state.execute("UPDATE activities SET distance_m = ? WHERE day = '2026-01-06'", (metres,))
    state.execute("UPDATE recordings SET distance_m = ? WHERE day = '2026-01-06'", (metres,))
    state.commit()
    state.close()


def again(scene: Scene) -> tuple[int, ...]:
    with scene.world(scene.at(4)) as world:
        changed = reread(world, scene.at(4))
        assess(world, scene.at(4))
        return changed


def test_what_is_read_as_before_is_left_alone(scene: Scene) -> None:
    assert again(scene) == ()


def test_a_distance_that_was_read_wrong_is_put_right_once(scene: Scene) -> None:
    before = load_m(scene)
    as_an_older_version_read_it(scene, 4_958_000.0)
    assert load_m(scene) > 4_000_000
    assert len(again(scene)) == 1
    assert load_m(scene) == before
    assert again(scene) == ()


def test_a_ride_that_an_older_version_took_for_a_run_waits_for_the_athletes_word(scene: Scene) -> None:
    ride(scene, 4)
    scene.sync(4)
    run = newest(scene)
    with scene.world(scene.at(4)) as world:
        world.store.activities.restore(run.id)
    assert again(scene) == (run.id,)
    assert newest(scene).withdrawn.code == WithdrawalCause.DOUBTFUL
    assert again(scene) == ()
