"""Names, notes and calendars in the athlete's units: a change of units is told once, an upgrade never."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from syncd.connectors.base import Unavailable
from syncd.connectors.delivery import deliver
from syncd.cycle.planning import resolved_workout
from syncd.cycle.pushing import calendar_entries, propose
from syncd.cycle.run import SyncReport
from syncd.cycle.world import World
from syncd.domain.delivery.actions import verb_of
from syncd.domain.training.sessions import placed, quality_session
from syncd.domain.units import KILOMETRES, MILES, Units
from syncd.formats.fit.workout import read_workout
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from tests.support.garmin_scene import GarminScene
from tests.support.scene import MONDAY, ZONES, Scene


@dataclass
class Folder(Scene):
    units: Units = MILES

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        with super().world(now) as world:
            yield replace(world, units=self.units)


@dataclass
class Garmin(GarminScene):
    units: Units = MILES

    @contextmanager
    def world(self, now: datetime) -> Iterator[World]:
        with super().world(now) as world:
            yield replace(world, units=self.units)

    def told(self) -> dict[date, tuple[str, str]]:
        """Name and description of ours on the calendar, by day."""
        kept = {
            date.fromisoformat(entry["date"]): self.service.account.workouts[str(entry["workoutId"])]
            for entry in self.service.account.schedules.values()
        }
        return {day: (str(each["workoutName"]), str(each["description"])) for day, each in kept.items()}


@pytest.fixture
def garmin(tmp_path) -> Iterator[Callable[[Units], Garmin]]:
    with GarminStandIn(StandInGarminAccount()).running() as service:
        yield lambda units: Garmin(tmp_path, service=service, units=units)


def updates(report: SyncReport) -> set[date]:
    assert {verb_of(action) for action in report.actions} <= {"update"}
    return {action.want.day for action in report.actions}


def with_an_easy_run_as_its_easier_version(scene: Scene) -> date:
    """The day of the next hard session, which is the smallest there is now."""
    with scene.world(scene.at(0)) as world:
        known = next(each for each in scene.sessions(2, 9) if each.session.hard)
        session = placed(
            quality_session("threshold", 0, ZONES, single=True), known.session.id, known.session.day
        )
        world.store.plan.replace(session, resolved_workout(world, session), known.zone_set_id)
    return session.day


def without_fingerprints(scene: Scene) -> None:
    """The ledger as a syncd from before the column left it."""
    with sqlite3.connect(scene.state / "syncd.db") as connection:
        connection.execute("UPDATE ledger SET fingerprint = NULL")
    connection.close()


def test_a_miles_athletes_watch_notes_and_calendar_say_miles(garmin) -> None:
    scene = garmin(MILES)
    scene.sync(0, hour=6)
    told = scene.told().values()
    assert any(" mi easy [" in name for name, _ in told)
    assert any(" mi long run [" in name for name, _ in told)
    assert not any(" km " in name for name, _ in told)
    notes = [text.partition("Easier: ")[2] for _, text in told if "Easier: " in text]
    assert notes
    assert not any(" km " in note for note in notes)
    with scene.world(scene.at(0)) as world:
        entries = calendar_entries(world, scene.at(0))
    assert any(entry.title.endswith(" mi long run") for entry in entries)
    assert not any(" km " in entry.title for entry in entries)
    lighter = [entry.purpose.partition("Easier: ")[2] for entry in entries]
    assert any(lighter)
    assert not any(" km " in each for each in lighter)


def test_a_miles_athletes_files_are_named_in_miles(tmp_path) -> None:
    scene = Folder(tmp_path)
    scene.sync(0, hour=6)
    files = sorted(scene.outbox.glob("*.fit"))
    assert any(" mi long run" in file.name for file in files)
    assert not any(" km " in file.name for file in files)
    names = [read_workout(file.read_bytes()).workout.name for file in files]
    assert any(" mi easy [" in name for name in names)
    assert not any(" km easy" in name or " km long" in name for name in names)
    assert b" mi long run" in (scene.outbox / "syncd.ics").read_bytes()


def test_an_upgrade_alone_writes_nothing(garmin) -> None:
    garmin(KILOMETRES).sync(0, hour=6)
    scene = garmin(MILES)  # whose watch was told kilometres by an earlier syncd
    without_fingerprints(scene)
    before = len(scene.writes())
    for hour in (7, 8):
        assert scene.sync(0, hour=hour).actions == ()
    assert len(scene.writes()) == before


def test_other_units_are_told_once_and_not_within_36_hours(garmin) -> None:
    scene = garmin(KILOMETRES)
    scene.sync(0, hour=5)
    hard = with_an_easy_run_as_its_easier_version(scene)
    scene.sync(0, hour=6)
    assert "Easier: 3.5 km easy" in scene.told()[hard][1]
    known, writes = scene.told(), len(scene.writes())
    in_miles = garmin(MILES)
    report = in_miles.sync(0, hour=7)
    far = {day for day in known if day >= MONDAY + timedelta(days=2)}
    assert far < set(known)
    assert updates(report) == far
    assert len(scene.writes()) == writes + len(far)
    assert "Easier: 2.2 mi easy" in in_miles.told()[hard][1]
    for day, (name, text) in in_miles.told().items():
        if day not in far:
            assert (name, text) == known[day]
        else:
            assert " km " not in name
            assert " km " not in text.partition("Easier: ")[2]
            assert (name, text) != known[day]
    assert in_miles.sync(0, hour=8).quiet
    assert len(scene.writes()) == writes + len(far)


def test_a_sync_that_stops_between_two_updates_is_completed_by_the_next(garmin) -> None:
    garmin(KILOMETRES).sync(0, hour=6)
    scene = garmin(MILES)
    now = scene.at(0, 7)
    with scene.world(now) as world:
        proposal = propose(world, now)
        actions, workouts = proposal.actions, proposal.workouts
        first, second, *others = actions
        assert deliver(world.sink, world.store.ledger, [first], workouts, now).done == (first,)
        want = second.want  # this one arrives, and nobody notes it down
        world.sink.update(second.remote.remote_id, want.day, workouts[want.key].named(want.title), want.key)
    assert others
    before = scene.entries()
    assert updates(scene.sync(0, hour=8)) == {action.want.day for action in (second, *others)}
    assert scene.sync(0, hour=9).quiet
    assert scene.entries() == before
    assert len(scene.service.account.workouts) == len(before)
    far = [name for day, (name, _) in scene.told().items() if day >= MONDAY + timedelta(days=2)]
    assert not any(" km " in name for name in far)


def test_files_that_still_lie_there_are_renamed_and_one_that_the_watch_took_is_not_written_again(
    tmp_path,
) -> None:
    scene = Folder(tmp_path, units=KILOMETRES)
    scene.sync(0, hour=6)
    files = sorted(scene.outbox.glob("*.fit"))
    taken = files[-1]
    taken.unlink()
    in_miles = Folder(tmp_path, units=MILES)
    in_miles.sync(0, hour=7)
    after = sorted(in_miles.outbox.glob("*.fit"))
    assert len(after) == len(files) - 1
    assert not any(file.name[:16] == taken.name[:16] for file in after)
    assert any(" mi " in file.name for file in after)
    assert in_miles.sync(0, hour=8).quiet


def test_a_file_that_the_watch_takes_while_it_is_renamed_is_not_written_a_second_time(tmp_path) -> None:
    scene = Folder(tmp_path, units=KILOMETRES)
    scene.sync(0, hour=6)
    with scene.world(scene.at(0)) as world:
        (row, *_) = world.store.ledger.rows("folder")
        (scene.outbox / row.remote_id).unlink()
        each = world.store.plan.get(row.key.session)
        with pytest.raises(Unavailable, match="taken"):
            world.sink.update(row.remote_id, row.day, each.resolved, row.key)
    assert not list(scene.outbox.glob(f"{row.day}*.fit"))
