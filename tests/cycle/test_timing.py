"""A clock that went back by more than a day is not believed until it stayed there for a day."""

from datetime import timedelta

from syncd.cycle.run import run
from syncd.cycle.timing import why_not_now
from tests.support.scene import Scene

DAY = timedelta(days=1)


def test_a_year_back_nothing_is_done_and_nothing_is_lost(tmp_path):
    scene = Scene(tmp_path)
    scene.sync(0)
    before = sorted(path.name for path in scene.outbox.iterdir())
    with scene.world(scene.at(0) - 365 * DAY) as world:
        report = run(world, scene.at(0) - 365 * DAY)
    assert "the last sync was at 2026-01-05" in report.problems[0]
    assert report.actions == ()
    assert sorted(path.name for path in scene.outbox.iterdir()) == before
    assert not scene.sync(1).problems


def test_a_day_of_travel_or_a_slow_clock_is_no_reason(tmp_path):
    scene = Scene(tmp_path)
    scene.sync(0)
    with scene.world(scene.at(0)) as world:
        assert why_not_now(world.store, scene.at(0) - DAY) == ""


def test_a_clock_that_stays_there_for_a_day_is_believed(tmp_path):
    scene = Scene(tmp_path)
    scene.sync(0)
    back = scene.at(0) - 30 * DAY
    with scene.world(back) as world:
        assert why_not_now(world.store, back)
        assert why_not_now(world.store, back + DAY / 2)
        assert why_not_now(world.store, back + DAY) == ""
        assert why_not_now(world.store, back + DAY) == ""


def test_a_clock_that_jumps_about_is_never_believed(tmp_path):
    scene = Scene(tmp_path)
    scene.sync(0)
    with scene.world(scene.at(0)) as world:
        for days in (30, 400, 20, 500):
            assert why_not_now(world.store, scene.at(0) - days * DAY)
        assert why_not_now(world.store, scene.at(0)) == ""
        assert why_not_now(world.store, scene.at(0) - 10 * DAY)
