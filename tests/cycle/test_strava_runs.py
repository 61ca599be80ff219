"""Runs through Strava in whole cycles: each once, whatever fails and wherever it is stopped."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from syncd.connectors.folder import FolderSource
from syncd.connectors.strava.oauth import Places
from syncd.cycle.arrivals import Pulled, pull
from syncd.cycle.rescoring import expired, rescore
from syncd.cycle.run import SyncReport, run
from syncd.cycle.world import World
from syncd.domain.arrival import PayloadOutcome
from syncd.report.remarks import remark_text
from syncd.sandbox.garmin.faults import Fault
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.strava.echo import echo_of
from tests.support.remarks import remarks_of
from tests.support.scene import Scene
from tests.support.strava_scene import OnStrava, on_strava, recorded

LIST = "GET /api/v3/athlete/activities"
QUARTER_S = 900
FULL = os.environ.get("SYNCD_SWEEP") == "full"
# Runs before, requests of other programs that day, runs that come at once, hours until all are there.
HISTORY, OTHERS, FIRST, HOURS = (1000, 0, 37, 30) if FULL else (150, 700, 39, 5)


@dataclass
class Life:
    """A runner whose runs come through Strava, one cycle at a time."""

    scene: Scene
    strava: OnStrava

    @contextmanager
    def world(self, **more) -> Iterator[World]:
        with self.scene.world(self.strava.now) as world:
            yield replace(world, sources=(self.strava.source(**more),))

    def cycle(self, **more) -> SyncReport:
        with self.world(**more) as world:
            return run(world, self.strava.now)

    def pulled(self, **more) -> Pulled:
        with self.world(**more) as world:
            return pull(world.sources[0], world, self.strava.now)

    def starts(self) -> Counter:
        with self.world() as world:
            return Counter(each.start for each in world.store.activities.newest(5000))

    def asked(self) -> list[str]:
        """The requests since the last time."""
        out = list(self.strava.service.requests)
        self.strava.service.requests.clear()
        return out


@pytest.fixture
def life(tmp_path) -> Iterator[Life]:
    with on_strava(tmp_path / "strava") as strava:
        strava.now = strava.now.replace(month=1, day=8)
        strava.log_in()
        yield Life(Scene(tmp_path / "scene"), strava)


def test_a_run_is_scored_with_three_requests_and_an_idle_cycle_is_one(life):
    life.cycle()
    life.asked()
    (session,) = life.scene.sessions(3, 3)
    life.strava.runs(0.1, session.resolved.name, recorded(_notation(session)))
    report = life.cycle()
    assert [each.outcome for each in report.arrived] == [PayloadOutcome.RUN]
    assert len(life.asked()) == 3
    assert report.assessed[0].session.session.id == session.session.id
    assert report.assessed[0].stored.score > 80
    assert life.cycle().arrived == ()
    assert life.asked() == [LIST]


def _notation(committed) -> str:
    from syncd.domain.notation import format_workout

    return format_workout(committed.resolved)


def test_a_late_upload_is_found_and_an_edit_is_no_second_run(life):
    life.cycle()
    number = life.strava.runs(9, "late")
    assert len(life.cycle().arrived) == 1
    life.strava.account.edit(number, name="better name", visibility="everyone")
    assert [each.outcome for each in life.cycle().arrived] == [PayloadOutcome.DUPLICATE]
    with life.world() as world:
        assert [each.name for each in world.store.activities.newest(9)] == ["better name"]


def test_a_run_deleted_there_counts_no_more_and_its_score_stays(life):
    number = life.strava.runs(1)
    life.strava.runs(2)
    life.cycle()
    life.strava.account.delete(number)
    assert "is no longer there" in remarks_of(life.cycle())[0]
    assert len(life.starts()) == 1


def test_a_race_is_known_by_its_workout_type_as_long_as_it_has_it(life):
    number = life.strava.runs(2, recording=recorded("5km @4:40-4:42/km"))
    life.strava.account.edit(number, workout_type=1)
    life.cycle()
    with life.world() as world:
        (result,) = world.store.results.in_force()
        assert (result.origin, result.distance_m, result.valid) == ("race", 5000.0, True)
    life.strava.account.edit(number, workout_type=0)
    life.cycle()
    with life.world() as world:
        assert world.store.results.in_force() == ()


def newest(life: Life):
    with life.world() as world:
        return world.store.activities.newest(1)[0]


def test_a_distance_corrected_there_is_the_distance(life):
    number = life.strava.runs(1, recording=recorded("30min E", Scenario.TREADMILL))
    life.cycle()
    life.strava.account.edit(number, distance=7200.0)
    life.cycle()
    assert newest(life).distance_m == 7200


def test_what_was_cropped_there_does_not_count(life):
    number = life.strava.runs(1, recording=recorded("60min E"))
    life.cycle()
    before = newest(life)
    cropped = echo_of(recorded("30min E"), number, before.start, "run")
    life.strava.account.add(cropped)
    life.cycle()
    after = newest(life)
    assert (after.id, after.start) == (before.id, before.start)
    assert after.timer_s == pytest.approx(before.timer_s / 2, rel=0.02)
    assert after.distance_m < before.distance_m * 0.6


def test_a_ride_that_becomes_a_run_counts_and_the_other_way_round(life):
    number = life.strava.runs(1)
    life.strava.account.edit(number, sport_type="Ride", type="Ride")
    life.cycle()
    assert life.starts() == {}
    for _ in range(2):
        life.strava.account.edit(number, sport_type="Run", type="Run")
        life.cycle()
        assert len(life.starts()) == 1
        life.strava.account.edit(number, sport_type="Ride", type="Ride")
        life.cycle()
        assert life.starts() == {}


def test_effort_that_is_told_a_day_later_arrives(life):
    number = life.strava.runs(0.5)
    life.strava.account.edit(number, perceived_exertion=None)
    life.cycle()
    life.strava.account.edit(number, perceived_exertion=9)
    life.strava.passes(hours=21)
    life.cycle()
    with life.world() as world:
        assert [each.rpe for each in world.store.activities.newest(1)] == [9]


@pytest.mark.parametrize("fault", sorted(Fault))
def test_whichever_request_meets_a_fault_nothing_is_lost_and_nothing_is_there_twice(tmp_path, fault):
    place, fell = 0, True
    while fell:
        with on_strava(tmp_path / f"{place}") as strava:
            strava.now = strava.now.replace(month=1, day=8)
            strava.account.logins.token_lasts_s = 7 * 86_400.0  # a refresh that is cut off has its own tests
            strava.log_in()
            life = Life(Scene(tmp_path / f"scene-{place}"), strava)
            life.strava.runs(4, "older")
            life.cycle()
            strava.passes(hours=21)  # so that details are looked at as well
            numbers = [strava.runs(each) for each in (0.1, 0.5)]
            life.asked()
            with strava.faulty({place: fault}):
                life.cycle()
            fell = len(life.asked()) > place
            strava.passes(days=1)
            life.cycle()
            assert set(life.starts().values()) == {1}
            assert len(life.starts()) == len(numbers) + 1
            strava.passes(minutes=15)
            life.asked()
            assert life.cycle().arrived == ()
            assert life.asked() == [LIST]
        place += 1
    assert place >= 7  # the list, two for each run, details that are looked at again


class Stopped(BaseException):
    """The process is gone."""


def test_stopped_at_any_moment_it_goes_on_where_it_was(tmp_path):
    """The clock is read before each request and at each answer: the process ends at one of those."""
    ticks, place = 1, 0
    while place < ticks:
        with on_strava(tmp_path / f"{place}") as strava:
            strava.now = strava.now.replace(month=1, day=8)
            strava.log_in()
            life, count = Life(Scene(tmp_path / f"scene-{place}"), strava), 0

            def clock(strava=strava, stop_at=place):
                nonlocal count
                count += 1
                if count > stop_at:
                    raise Stopped
                return strava.clock()

            for number in range(4):
                strava.runs(0.1 + number * 20)
            try:
                life.cycle(now=clock)
            except Stopped:
                ticks = place + 2
            life.cycle()
            assert set(life.starts().values()) == {1}
            assert len(life.starts()) == 4
        place += 1
    assert place > 15


def test_a_long_history_spreads_itself_over_the_days_and_never_meets_a_429(life):
    """150 runs from an evening over midnight; with SYNCD_SWEEP=full a thousand, over two midnights."""
    for number in range(HISTORY):
        life.strava.runs(1 + number * 1.5, recording=recorded("2min E"))
    for number in range(OTHERS):
        life.strava.account.meter.take(life.strava.clock() - (1 + number % 60) * QUARTER_S, reading=True)
    told, cycles, most = [], 0, 0
    while True:
        cycles += 1
        pulled = life.pulled()
        most = max(most, len(pulled.arrived))
        assert pulled.whole
        assert life.strava.account.meter.refusals == 0
        if cycles % 50 == 10:  # a new run goes first, however far the history is
            life.strava.runs(0.001 + cycles / 1e5, f"new {cycles}", recorded("2min E"))
            assert life.pulled().arrived[0].name == f"new {cycles}"
        if pulled.complete:
            break
        told += map(remark_text, pulled.remarks)
        life.strava.passes(minutes=15)
    assert set(life.starts().values()) == {1}
    assert len(life.starts()) == HISTORY + cycles // 50 + (cycles % 50 >= 10)
    assert told[0].startswith(f"{FIRST} of {HISTORY:,} older runs on Strava read; goes on by itself, ")
    assert told[0].endswith(f"about {HOURS} hours")
    assert told[-1].endswith("about 1 hour")
    assert most <= 40
    assert 0.9 * HOURS < cycles / 4 < 1.1 * HOURS
    life.asked()
    assert life.pulled().arrived == ()
    assert life.asked() == [LIST]


def test_the_last_requests_of_a_day_are_kept_for_new_runs(life):
    life.strava.account.meter.reads = (100, 60)
    for number in range(100):
        life.strava.runs(20 + number, recording=recorded("2min E"))
    for _ in range(6):
        assert life.pulled().whole
        life.strava.passes(minutes=15)
    assert sum(life.strava.account.meter.used.values()) < 2 * 2 * 60
    new = life.strava.runs(0.01, "today")
    assert [each.name for each in life.pulled().arrived] == ["today"]
    assert (new > 0, life.strava.account.meter.refusals) == (True, 0)


def test_where_one_source_fails_the_other_goes_on(life, tmp_path):
    life.scene.record(3, "40min E")
    with life.scene.world(life.strava.now) as world:
        nowhere = Places("http://127.0.0.1:9", "http://127.0.0.1:9")
        folder = FolderSource(life.scene.inbox, settle_s=0, now=life.strava.now)
        for sources in ((folder, life.strava.source(places=nowhere)),):
            report = run(replace(world, sources=sources), life.strava.now)
    assert [each.outcome for each in report.arrived] == [PayloadOutcome.RUN]
    assert report.problems[0].startswith("Strava does not answer as it should")
    assert not report.needs_human


def test_a_strava_that_waits_for_a_human_holds_up_nothing_else(life):
    life.strava.account.logins.revoke_all()
    with life.scene.world(life.strava.now) as world:
        folder = FolderSource(life.scene.inbox, settle_s=0, now=life.strava.now)
        run(replace(world, sources=(folder,)), life.strava.now)
    life.strava.passes(days=5)
    with life.scene.world(life.strava.now) as world:
        folder = FolderSource(life.scene.inbox, settle_s=0, now=life.strava.now)
        report = run(replace(world, sources=(folder, life.strava.source())), life.strava.now)
    assert report.needs_human
    assert report.missed  # the folder was looked through


def test_what_strava_tells_is_kept_for_seven_days_at_most_and_the_score_stays(life):
    life.cycle()
    (session,) = life.scene.sessions(3, 3)
    life.strava.runs(0.1, session.resolved.name, recorded(_notation(session)))
    life.cycle()
    kept_until = life.strava.now + timedelta(days=7)
    with life.world() as world:
        (summary,) = world.store.activities.newest(1)
        before = world.store.scores.newest_of(summary.id)
        assert len(rescore(world, life.strava.now, every=True)) == 1
    while life.strava.now <= kept_until:
        with life.world() as world:
            there = world.store.raw.has(summary.raw_hash)
        life.strava.passes(hours=7)
        life.cycle()
    assert there is False
    with life.world() as world:
        assert rescore(world, life.strava.now, every=True) == ()
        assert expired(world, every=True) == 1
        assert world.store.scores.newest_of(summary.id).score == before.score
        assert world.store.activities.get(summary.id) is not None


def test_payloads_of_other_sources_are_kept(life):
    life.scene.record(3, "40min E")
    for _ in range(3):
        with life.scene.world(life.strava.now) as world:
            run(world, life.strava.now)
            (summary,) = world.store.activities.newest(1)
            assert world.store.raw.has(summary.raw_hash)
        life.strava.passes(days=30)
