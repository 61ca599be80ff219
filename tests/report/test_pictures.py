"""Pictures in the report: every run has one, made once, and a run without one says why."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from syncd.cycle.run import run as cycle
from syncd.domain.units import KILOMETRES, MILES
from syncd.report.pictures import KeptTraces, NoPictureError, large_picture, picture_in_list
from syncd.report.reader import Reader
from syncd.report.score_views import aims_of
from syncd.report.story import LATEST, TABLES, story_of
from tests.support.exports import START, fit
from tests.support.scene import Scene


@pytest.fixture
def scene(tmp_path) -> Scene:
    """Somebody whose run with a workout inside was scored."""
    scene = Scene(tmp_path)
    scene.sync(0, hour=6)
    scene.run_session((scene.sessions()[0].session.day - scene.at(0).date()).days)
    scene.sync(7)
    return scene


def the_run(world):
    (run,) = world.store.activities.newest(9)
    return run, aims_of(world.store.scores.newest_of(run.id).card.steps)


def lose(world, run):
    world.store.raw.remove(run.raw_hash)


def test_a_picture_that_was_kept_needs_no_recording_any_more(scene, tmp_path):
    file = tmp_path / "pictures.json"
    with scene.world(scene.at(8)) as world:
        run, aims = the_run(world)
        kept = KeptTraces(file)
        first = picture_in_list(world, run, aims, KILOMETRES, kept)
        kept.save()
        lose(world, run)
        again = picture_in_list(world, run, aims, KILOMETRES, KeptTraces(file))
        assert again == first
        assert first.targets
        assert "/mi" in picture_in_list(world, run, aims, MILES, KeptTraces(file)).description
    assert file.stat().st_mode & 0o777 == 0o600


def test_scored_against_something_else_it_is_drawn_anew(scene, tmp_path):
    file = tmp_path / "pictures.json"
    with scene.world(scene.at(8)) as world:
        run, aims = the_run(world)
        kept = KeptTraces(file)
        before = picture_in_list(world, run, aims, KILOMETRES, kept)
        kept.save()
        later = KeptTraces(file)
        other = [(seconds, None) for seconds, _ in aims]
        assert picture_in_list(world, run, other, KILOMETRES, later).targets == ""
        assert picture_in_list(world, run, aims, KILOMETRES, later) == before


def test_another_recording_of_the_run_is_drawn_anew(scene, tmp_path):
    with scene.world(scene.at(8)) as world:
        run, aims = the_run(world)
        kept = KeptTraces()
        picture_in_list(world, run, aims, KILOMETRES, kept)
        with pytest.raises(NoPictureError, match="is no longer here"):
            picture_in_list(world, replace(run, raw_hash="0" * 64), aims, KILOMETRES, kept)


def test_what_the_last_report_did_not_use_is_not_kept(scene, tmp_path):
    file = tmp_path / "pictures.json"
    with scene.world(scene.at(8)) as world:
        run, aims = the_run(world)
        kept = KeptTraces(file)
        picture_in_list(world, run, aims, KILOMETRES, kept)
        kept.save()
        later = KeptTraces(file)
        picture_in_list(world, run, [], KILOMETRES, later)
        later.save()
        lose(world, run)
        with pytest.raises(NoPictureError):
            picture_in_list(world, run, aims, KILOMETRES, KeptTraces(file))
        assert len(json.loads(file.read_bytes())) == 1


def test_a_first_report_that_is_ended_half_way_need_not_begin_anew(scene, tmp_path):
    file = tmp_path / "pictures.json"
    with scene.world(scene.at(8)) as world:
        run, _ = the_run(world)
        kept = KeptTraces(file)
        for number in range(50):
            picture_in_list(world, run, [(float(number), None)], KILOMETRES, kept)
    assert len(json.loads(file.read_bytes())) == 50


@pytest.mark.parametrize("content", ["", "[]", '{"a": [1]}', '{"a": 5}', "\udcff"])
def test_a_damaged_file_of_pictures_only_costs_time(scene, tmp_path, content):
    file = tmp_path / "pictures.json"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with scene.world(scene.at(8)) as world:
        run, aims = the_run(world)
        kept = KeptTraces(file)
        assert picture_in_list(world, run, aims, KILOMETRES, kept).pace
        kept.save()
    assert len(json.loads(file.read_bytes())) == 1


def test_of_what_may_not_be_kept_no_picture_is_kept_either(scene, tmp_path):
    file = tmp_path / "pictures.json"
    with scene.world(scene.at(8)) as world:
        run, aims = the_run(world)
        reported = replace(run, source="strava")
        kept = KeptTraces(file)
        assert picture_in_list(world, reported, aims, KILOMETRES, kept).pace
        kept.save()
        lose(world, run)
        with pytest.raises(NoPictureError, match="recordings from Strava may not be kept for long"):
            large_picture(world, reported, aims, KILOMETRES)
    assert not file.exists()


def test_why_there_is_no_picture_is_said(scene):
    with scene.world(scene.at(8)) as world:
        run, aims = the_run(world)
        path = next((scene.state / "raw").glob("*/*.gz"))
        good = path.read_bytes()
        path.write_bytes(good[:-20])
        with pytest.raises(NoPictureError, match="cannot be read"):
            large_picture(world, run, aims, KILOMETRES)
        path.write_bytes(good)
        world.store.raw.retire(run.raw_hash)
        with pytest.raises(NoPictureError, match="removed to save space"):
            large_picture(world, run, aims, KILOMETRES)
        with pytest.raises(NoPictureError, match="is no longer here"):
            large_picture(world, replace(run, raw_hash="0" * 64), aims, KILOMETRES)


def test_every_run_of_the_report_has_a_picture_and_one_damaged_recording_does_not_end_it(tmp_path):
    scene = Scene(tmp_path)
    for day in range(TABLES + 5):
        (scene.inbox / f"{day}.fit").write_bytes(fit(day))
    now = START + timedelta(days=TABLES + 5)
    file = tmp_path / "pictures.json"
    with scene.world(now) as world:
        cycle(world, now)
        story = story_of(world, Reader(), now, pictures=file)
        assert len(story.runs) == LATEST
        assert all(run.picture for run in story.runs)
        earlier = [run for month in story.earlier for run in month.runs]
        assert [(month.name, month.totals) for month in story.earlier] == [
            ("April 2025", "29 runs, 28 km"),
            ("March 2025", "28 runs, 27 km"),
        ]
        assert [bool(run.picture) for run in earlier] == [run.full for run in earlier]
        assert [bool(run.small) for run in earlier] == [False] * (TABLES - LATEST) + [True] * 5
        oldest = world.store.activities.newest(99)[-1]
        damaged = scene.state / "raw" / oldest.raw_hash[:2] / f"{oldest.raw_hash}.gz"
        damaged.write_bytes(b"")
        again = story_of(world, Reader(), now)
        (run,) = again.earlier[-1].runs[-1:]
        assert run.no_picture == "No picture: the recording cannot be read."
        assert "1 of them without a picture: each says why." in again.notes
        assert story_of(world, Reader(), now, pictures=file).earlier == story.earlier
