"""Recordings that are lost or damaged are named at night and fetched again; no score changes for it."""

import base64
import gzip
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from syncd.cycle.housekeeping import tidy
from syncd.cycle.rescoring import rescore
from syncd.domain.arrival import Remark
from syncd.formats.fit.crc import checksum
from syncd.report.remarks import remark_text
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from tests.support.garmin_scene import RunsScene
from tests.support.scene import MONDAY, Scene

FILE = "GET /download-service/files/activity"


@pytest.fixture(scope="module")
def three_runs(tmp_path_factory) -> Path:
    """A folder with three of them, and their scores."""
    scene = Scene(tmp_path_factory.mktemp("lived"))
    scene.sync(0, hour=6)
    for day in (1, 3, 5):
        scene.run_session(day) if scene.sessions(day, day) else scene.record(day, "30min E")
        scene.sync(day)
    return scene.folder


@pytest.fixture
def scene(tmp_path, three_runs) -> Scene:
    return Scene(Path(shutil.copytree(three_runs, tmp_path / "lived")))


@pytest.fixture
def on_garmin(tmp_path) -> Iterator[RunsScene]:
    with GarminStandIn(StandInGarminAccount()).running() as service:
        scene = RunsScene(tmp_path, service=service)
        scene.sync(0, hour=6)
        scene.upload(1)
        scene.sync(1)
        service.requests.clear()
        yield scene


def payloads(scene):
    """Every payload of a recording on disk, the oldest run first."""
    with scene.world(scene.at(6)) as world:
        rows = world.store.rows("SELECT raw_hash FROM recordings ORDER BY start_at")
    return [scene.state / "raw" / row["raw_hash"][:2] / f"{row['raw_hash']}.gz" for row in rows]


def cut(path):
    path.write_bytes(path.read_bytes()[:-20])


def zeroed(path):
    path.write_bytes(bytes(path.stat().st_size))


def emptied(path):
    path.write_bytes(b"")


def another_run(path):
    path.write_bytes(gzip.compress(b"another run", mtime=0))


def flipped(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def a_folder(path):
    path.unlink()
    path.mkdir()


def gone(path):
    path.unlink()


DAMAGES = [cut, zeroed, emptied, another_run, flipped, a_folder, gone]


def night(scene, day=6, raw_mb=0):
    with scene.world(scene.at(day)) as world:
        return tidy(world.store, MONDAY + timedelta(days=day), raw_mb)


def lost(scene):
    with scene.world(scene.at(6)) as world:
        return world.store.lost_payloads.all()


def scores(scene):
    with scene.world(scene.at(6)) as world:
        return world.store.rows("SELECT * FROM scores ORDER BY id")


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_night_names_what_is_lost_or_damaged_once_and_nothing_else(scene, damage):
    assert night(scene).problems == ()
    damage(payloads(scene)[1])
    done = night(scene)
    assert done.lost == 1
    (problem,) = done.problems
    assert problem.startswith(
        "1 recording lost or damaged (Thu 8 Jan): scores stay, and the next syncs fetch"
    )
    assert [(payload.damaged, payload.source) for payload in lost(scene)] == [(damage is not gone, "folder")]
    assert night(scene).lost == 0
    assert len(lost(scene)) == 1


@pytest.mark.parametrize("damage", [cut, zeroed, emptied, another_run, flipped, gone])
def test_the_next_sync_fetches_it_again_without_scoring_anything_again(scene, damage):
    path, before = payloads(scene)[1], scores(scene)
    whole = path.read_bytes()
    damage(path)
    night(scene)
    report = scene.sync(6)
    assert [remark.code for remark in report.remarks] == [Remark.FETCHED_AGAIN]
    (remark,) = report.remarks
    assert remark_text(remark) == "Folder: the run of Thu 8 Jan had lost its recording: it was fetched again"
    assert path.read_bytes() == whole
    assert lost(scene) == ()
    assert scores(scene) == before
    assert scene.sync(7, hour=6).remarks == ()


def test_what_its_source_has_no_longer_stays_named_and_is_asked_for_once_a_day(scene):
    for file in scene.inbox.iterdir():
        file.unlink()
    payloads(scene)[1].unlink()
    before = scores(scene)
    night(scene)
    assert scene.sync(6).remarks == ()
    (still,) = lost(scene)
    assert still.asked_at == scene.at(6)
    scene.sync(6, hour=23)
    assert lost(scene) == (still,)
    assert scores(scene) == before


def test_a_damaged_recording_stops_neither_a_sync_nor_scoring_again(scene):
    for file in scene.inbox.iterdir():
        file.unlink()
    zeroed(payloads(scene)[0])
    before = scores(scene)
    with scene.world(scene.at(6)) as world:
        assert len(rescore(world, scene.at(6), every=True)) == len(before) - 1
    scene.record(6, "30min E")
    assert scene.sync(6).problems == ()


def test_recordings_that_made_room_are_not_lost(scene):
    night(scene, day=80, raw_mb=1)
    with scene.world(scene.at(80)) as world:
        for row in world.store.rows("SELECT raw_hash FROM recordings"):
            world.store.raw.retire(row["raw_hash"])
    assert night(scene, day=80).problems == ()
    assert lost(scene) == ()


def test_only_so_many_are_asked_for_in_a_sync(scene):
    for day in range(7, 14):
        scene.record(day, "30min E")
    scene.sync(13)
    for path in payloads(scene):
        path.unlink()
    night(scene, 13)
    assert [len(lost(scene)), len(scene.sync(14, hour=6).remarks), len(lost(scene))] == [10, 5, 5]
    scene.sync(14, hour=7)
    assert lost(scene) == ()


def test_a_service_is_asked_for_the_file_alone(on_garmin):
    before = scores(on_garmin)
    zeroed(payloads(on_garmin)[0])
    night(on_garmin, 1)
    on_garmin.sync(2, hour=7)
    assert on_garmin.requests().count(FILE) == 1
    assert lost(on_garmin) == ()
    assert scores(on_garmin) == before
    with on_garmin.world(on_garmin.at(2)) as world:
        assert world.store.activities.count_runs() == 1


def test_the_same_run_in_other_bytes_takes_its_place(on_garmin):
    """A service packs its files anew: what is in them reads the same."""
    old = payloads(on_garmin)[0]
    old.unlink()
    files = on_garmin.service.account.files
    (number,) = files
    files[number] = base64.b64encode(with_another_head(base64.b64decode(files[number]))).decode()
    before = scores(on_garmin)
    night(on_garmin, 1)
    report = on_garmin.sync(2, hour=7)
    assert [remark.code for remark in report.remarks] == [Remark.FETCHED_AGAIN]
    (new,) = payloads(on_garmin)
    assert new != old
    assert new.exists()
    assert scores(on_garmin) == before
    with on_garmin.world(on_garmin.at(2)) as world:
        assert world.store.activities.count_runs() == 1
        assert len(rescore(world, on_garmin.at(2), every=True)) == len(before)


def with_another_head(content: bytes) -> bytes:
    """A FIT file that names another version of the profile, with its check sum put right."""
    changed = bytearray(content[:-2])
    changed[2] ^= 1
    changed[12:14] = b"\0\0"  # the head's own check sum is optional
    return bytes(changed) + checksum(bytes(changed)).to_bytes(2, "little")
