"""Once a night: a copy, and room. What is let go are old recordings, never a score."""

from datetime import timedelta

from syncd.cycle.housekeeping import _make_room, tidy
from syncd.cycle.rescoring import rescore
from tests.support.scene import MONDAY, Scene


def live(scene, days):
    """Every session is run on its day."""
    for day in range(days):
        scene.sync(day, hour=6)
        if any(each.session.day == MONDAY + timedelta(days=day) for each in scene.sessions()):
            scene.run_session(day)
        scene.sync(day)


def test_recordings_above_the_limit_go_oldest_first_and_their_scores_stay(tmp_path):
    scene = Scene(tmp_path)
    live(scene, 21)
    later = MONDAY + timedelta(days=75)
    with scene.world(scene.at(75)) as world:
        store = world.store
        runs = store.activities.summaries(MONDAY, later)
        done = tidy(store, later, raw_mb=0)
        assert (done.retired, done.problems) == (0, ())
        sizes = store.raw.sizes()
        keep = sum(sizes.values()) - sizes[runs[0].raw_hash] - 1
        retired, freed = _make_room(store, later, keep)
        assert retired == 2
        assert [store.raw.has(each.raw_hash) for each in runs[:3]] == [False, False, True]
        assert all(store.raw.is_retired(each.raw_hash) for each in runs[:2])
        assert freed == sizes[runs[0].raw_hash] + sizes[runs[1].raw_hash]
        assert store.scores.newest_of(runs[0].id) is not None
        rescore(world, scene.at(75), every=True)
        assert store.activities.count_runs() == len(runs)


def test_young_recordings_are_kept_whatever_the_limit(tmp_path):
    scene = Scene(tmp_path)
    live(scene, 7)
    with scene.world(scene.at(10)) as world:
        assert _make_room(world.store, MONDAY + timedelta(days=10), 0) == (0, 0)


def test_the_copy_is_of_today(tmp_path):
    scene = Scene(tmp_path)
    scene.sync(0)
    with scene.world(scene.at(0)) as world:
        assert tidy(world.store, MONDAY, raw_mb=100).backup == "syncd-2026-01-05.db"
