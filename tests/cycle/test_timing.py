"""A clock that went back, or ahead, by more than a day: what it does is not lasting."""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from syncd.connectors.folder import FolderSource
from syncd.cycle.run import run
from syncd.cycle.timing import why_not_now
from syncd.domain.clock_trouble import ClockTrouble
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from tests.support.garmin_scene import GarminScene
from tests.support.scene import Scene

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


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


# --- ahead


def everything(scene: Scene) -> list:
    """The plan and its changes, without the numbers of rows."""
    with scene.world(scene.at(0)) as world:
        changes = [
            (change.rule, change.session_id, change.after) for change in world.store.changes.newest(99)
        ]
        return [scene.sessions(-7, 60), changes, world.store.plan.weeks()]


@pytest.mark.parametrize("days", [3, 9, 25, 400])
def test_one_sync_with_a_clock_far_ahead_is_undone_by_the_next_right_one(tmp_path, days):
    with GarminStandIn(StandInGarminAccount()).running() as service:
        scene = GarminScene(tmp_path, service=service)
        scene.sync(0, hour=6)
        scene.run_session(1)
        scene.sync(1)
        known, there = everything(scene), scene.entries()
        scene.sync(1 + days, hour=21)
        assert scene.entries() != there
        report = scene.sync(1, hour=22)
        assert report.problems == ()
        assert [remark.code for remark in report.remarks] == [ClockTrouble.TAKEN_BACK]
        assert everything(scene) == known
        assert scene.entries() == there
        assert len(service.account.workouts) == len(there)
        assert scene.sync(1, hour=23).quiet


def test_the_folder_of_the_watch_is_as_before_too(tmp_path):
    scene = Scene(tmp_path)
    scene.sync(0, hour=6)
    before = sorted(path.name for path in scene.outbox.glob("*.fit"))
    scene.sync(30)
    assert sorted(path.name for path in scene.outbox.glob("*.fit")) != before
    scene.sync(0)
    assert sorted(path.name for path in scene.outbox.glob("*.fit")) == before


def test_a_run_that_only_the_wrong_day_saw_is_scored_again_on_the_right_one(tmp_path):
    scene = Scene(tmp_path)
    scene.sync(0, hour=6)
    scene.run_session(1)
    scene.sync(40)
    report = scene.sync(1)
    assert [assessed.stored.session_id for assessed in report.assessed] == [
        scene.sessions(1, 1)[0].session.id
    ]


def test_what_the_athlete_said_on_the_wrong_day_is_not_lost(tmp_path):
    from syncd.athlete.sessions import skip

    scene = Scene(tmp_path)
    scene.sync(0, hour=6)
    scene.sync(5)
    with scene.world(scene.at(5)) as world:
        due = world.store.plan.between(world.today(scene.at(5)), world.today(scene.at(12)))
        skip(world, due[0].session.day, scene.at(5))
    assert scene.sync(1).problems  # the clock is not believed before a day is over


def test_a_machine_that_was_off_for_months_works_at_once(tmp_path):
    scene = Scene(tmp_path)
    scene.sync(0)
    assert scene.sync(120).problems == ()
    assert scene.sync(120, hour=21).problems == ()
    assert scene.sync(121, hour=8).problems == ()
    assert not list(scene.state.glob("*.before-*"))


@dataclass
class Dated(Scene):
    """The service of the runs says what time it is there."""

    there: datetime | None = None

    @contextmanager
    def world(self, now):
        with super().world(now) as world:
            source = FolderSource(self.inbox, settle_s=0, now=now)
            source.service_time = lambda: self.there
            yield replace(world, sources=(source,))


def test_a_clock_that_the_service_contradicts_does_nothing_and_says_so(tmp_path):
    scene = Dated(tmp_path)
    scene.sync(0)
    known = everything(scene)
    scene.there = scene.at(0) + timedelta(minutes=1)
    report = scene.sync(30)
    assert [problem.code for problem in report.problems] == [ClockTrouble.NOT_AS_THE_SERVICE]
    assert (report.actions, everything(scene)) == ((), known)
    assert scene.sync(0, hour=21).problems == ()


def test_a_service_that_agrees_lets_a_long_absence_pass(tmp_path):
    scene = Dated(tmp_path)
    scene.sync(0)
    scene.there = scene.at(30) + timedelta(minutes=5)
    assert scene.sync(30).problems == ()


@pytest.mark.parametrize("off", [timedelta(hours=-20), timedelta(hours=-2), timedelta(hours=2), DAY - HOUR])
def test_more_than_an_hour_off_nothing_is_decided_and_nothing_kept_of_it(tmp_path, off):
    scene = Dated(tmp_path)
    scene.sync(0, hour=6)
    scene.run_session(1)
    known = everything(scene)
    scene.there = scene.at(1, hour=20) - off
    report = scene.sync(1, hour=20)
    assert ([problem.code for problem in report.problems], report.clock_doubted) == (
        [ClockTrouble.NOT_AS_THE_SERVICE],
        True,
    )
    assert (report.arrived, report.changes, report.actions) == ((), (), ())
    assert everything(scene) == known
    with scene.world(scene.at(1)) as world:
        assert [record.started_at for record in world.store.syncs.newest(9)] == [scene.at(0, hour=6)]
    scene.there = None
    right = scene.sync(1, hour=20)
    assert (right.problems, right.clock_doubted, len(right.assessed)) == ((), False, 1)


@pytest.mark.parametrize("minutes", [-59, -5, 0, 5, 59])
def test_up_to_an_hour_the_clock_is_good_enough(tmp_path, minutes):
    scene = Dated(tmp_path)
    scene.sync(0, hour=6)
    scene.there = scene.at(0, hour=8) + timedelta(minutes=minutes)
    assert scene.sync(0, hour=8).problems == ()


@dataclass
class DatedSink(Scene):
    """Only the service of the workouts says what time it is there; it counts how often it is asked."""

    there: datetime | None = None
    asked: int = 0

    @contextmanager
    def world(self, now):
        def told():
            self.asked += 1
            return self.there

        with super().world(now) as world:
            world.sink.service_time = told
            yield world


def test_where_only_the_watch_s_service_knows_the_time_it_is_asked_once_an_hour(tmp_path):
    scene = DatedSink(tmp_path)
    scene.there = scene.at(0, hour=6)
    scene.sync(0, hour=6)
    asked = scene.asked
    scene.there = scene.at(0, hour=6) + timedelta(minutes=30)
    for minute in (10, 20, 30):
        with scene.world(scene.at(0, hour=6) + timedelta(minutes=minute)) as world:
            assert run(world, scene.at(0, hour=6) + timedelta(minutes=minute)).problems == ()
    assert scene.asked <= asked + 1
    scene.there = scene.at(0, hour=9)
    report = scene.sync(0, hour=14)
    assert (report.clock_doubted, report.actions) == (True, ())


def test_a_first_sync_with_a_wrong_clock_begins_nothing(tmp_path):
    scene = Dated(tmp_path)
    scene.there = scene.at(0)
    assert scene.sync(400).problems
    assert scene.sessions(-9, 500) == ()
