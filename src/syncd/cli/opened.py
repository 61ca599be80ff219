"""The state and services of a profile, opened for one command and closed after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from syncd.cli.exits import UsageFault
from syncd.domain.nearest import did_you_mean
from syncd.durable import private_folder
from syncd.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from syncd.config import Settings
    from syncd.connectors.base import ActivitySource, ConnectorContext, WorkoutSink
    from syncd.cycle.watching import WatchReport
    from syncd.cycle.world import World
    from syncd.domain.athlete import Health
    from syncd.report.reader import Reader
    from syncd.store import Store

    End = TypeVar("End", ActivitySource, WorkoutSink)

CONNECTORS = "connectors"  # the folder that holds a folder for each connector
LOCK_WAIT_S = 960.0  # the service stops its own syncs after 15 min
UNIT_KEY, ZONE_KEY, SINK_KEY = "settings.units", "settings.timezone", "settings.sink"
SOURCES_KEY = "settings.sources"
CLOCK_KEY = "settings.clock"
CONSUMES_KEY = "settings.sink_consumes"


class Opened(NamedTuple):
    """What a command works on, and the reader of its output."""

    world: World
    reader: Reader


@contextmanager
def opened_world(paths: Paths, now: datetime, *, writing: bool = False) -> Iterator[Opened]:
    """Everything a sync needs, and its reader. With `writing`, alone: waits for another sync to end."""
    from syncd.config import load
    from syncd.formats.reading_apart import ReadingApart
    from syncd.store import Store

    settings = load(paths.config)
    private_folder(paths.state)
    with ExitStack() as stack:
        if writing:
            stack.enter_context(alone(paths))
        store = stack.enter_context(Store.open(paths.state) if writing else _reading(paths))
        reader = reader_of(settings)
        stack.enter_context(_worded(reader))
        reading = stack.enter_context(ReadingApart())
        yield Opened(replace(world_of(settings, store, paths, now), reading=reading), reader)


@contextmanager
def _reading(paths: Paths) -> Iterator[Store]:
    """The state, for those who change nothing; also on a disk that cannot be written, and then it says so."""
    from syncd.cli.asking import say
    from syncd.store import Store
    from syncd.store.looking import can_be_written, state_as_it_is

    if can_be_written(paths.state):
        with Store.open(paths.state, reading=True) as store:
            yield store
        return
    say(f"{paths.state} cannot be written (read-only disk, or permissions): shown as it was left")
    with state_as_it_is(paths.state, checked=True) as store:
        yield store


@contextmanager
def _worded(reader: Reader) -> Iterator[None]:
    """Word an impossible plan in the units of the reader."""
    from syncd.domain.training.inputs import PlanError, UnplannableError
    from syncd.report.reasons import reason_text

    try:
        yield
    except UnplannableError as error:
        raise PlanError(reason_text(error.reason, reader.units)) from None


@contextmanager
def watched_world(
    paths: Paths, now: datetime, *, copied: bool = False, offline: bool = False
) -> Iterator[Opened]:
    """For work that may take a while: alone on the state, or on a copy, with a progress bar.

    `offline`: no service is asked.
    """
    from syncd.cli.progress import Bars

    with (
        Bars() as bars,
        copied_world(paths, now, offline=offline) if copied else opened_world(paths, now, writing=True) as (
            world,
            reader,
        ),
    ):
        yield Opened(replace(world, watching=bars), reader)


@contextmanager
def alone(paths: Paths) -> Iterator[None]:
    """Be the only one that changes this state; wait for another, and say so. Raises StoreBusy."""
    from syncd.cli.asking import say
    from syncd.store import sync_lock

    def announce(holder: str) -> None:
        say(f"Another sync is running (process {holder}): waiting for it to finish ...")

    with sync_lock(paths.state, LOCK_WAIT_S, announce):
        yield


@contextmanager
def copied_world(paths: Paths, now: datetime, *, offline: bool = False) -> Iterator[Opened]:
    """The same on a copy of the state: nothing that is done there leaves a trace.

    Who asks services (not `offline`) must be able to keep a login that is renewed. Raises StoreError.
    """
    import shutil
    import tempfile

    from syncd.config import load
    from syncd.formats.reading_apart import ReadingApart
    from syncd.store import Store

    settings = load(paths.config)
    private_folder(paths.state)
    with tempfile.TemporaryDirectory(prefix="syncd-dry-run-") as name:
        scratch = Path(name)
        with _reading(paths) if offline else Store.open(paths.state, reading=True) as store:
            store.copy_to(scratch)
        if (paths.state / CONNECTORS).exists():
            shutil.copytree(paths.state / CONNECTORS, scratch / CONNECTORS)
        reader = reader_of(settings)
        with Store.open(scratch, raw_from=paths.state) as copy, _worded(reader), ReadingApart() as reading:
            world = world_of(settings, copy, paths, now, state=scratch)
            yield Opened(replace(world, reading=reading), reader)


@contextmanager
def opened_store(paths: Paths) -> Iterator[Store]:
    """Only the state, which is fast: no configuration is read. Raises UsageFault before the first sync."""
    from syncd.store.copies import backups

    if not (paths.state / "syncd.db").exists() and not backups(paths.state):
        raise UsageFault(f"there is no data yet ({paths.state}): run syncd init, then syncd sync")
    with _reading(paths) as store:
        yield store


def world_of(
    settings: Settings, store: Store, paths: Paths, now: datetime, *, state: Path | None = None
) -> World:
    """The world that the settings describe; `state` where it is a copy. Raises UsageFault, ConnectorError."""
    from syncd.athlete.aims import goal_in_force, phase_in_force
    from syncd.connectors.registry import connector
    from syncd.cycle.paces import zones_in_force
    from syncd.cycle.world import World
    from syncd.domain.training.fitness import FitnessError
    from syncd.domain.training.hr_zones import heart_rate_zones
    from syncd.domain.units import units_named

    try:
        zones = settings.zone_set()
    except FitnessError as error:
        raise UsageFault(f"{paths.config.name}: [fitness] five_k: {error}") from None
    sink, today = settings.sync.sink, now.astimezone(settings.zone).date()
    athlete = store.installation.athlete(paths.athlete_key)
    goal, race = goal_in_force(store, settings.plan.goal, settings.goal_race())
    return World(
        store=store,
        sources=tuple(
            _built(connector(name).source, name, context_of(settings, name, paths, now, athlete, state=state))
            for name in settings.sync.sources
        ),
        sink=_built(connector(sink).sink, sink, context_of(settings, sink, paths, now, athlete, state=state)),
        athlete_key=athlete,
        zone=settings.zone,
        availability=settings.availability(),
        goal=goal,
        zones=zones_in_force(store, zones, today),
        entered=zones,
        weekly_m=settings.plan.weekly_km * 1000,
        longest_m=settings.plan.longest_km * 1000,
        units=units_named(settings.athlete.units),
        race=race,
        phase=phase_in_force(store, settings.goal_phase()),
        blocked=frozenset(settings.plan.blocked),
        heart=heart_rate_zones(settings.athlete.heart()),
        health=_health(settings, store, today),
        earlier_sinks=_earlier_sinks(settings, store, paths, now, athlete),
    )


def _health(settings: Settings, store: Store, today: date) -> Health:
    """The answers about health that are kept, and those of the file. Raises UsageFault for an odd date."""
    from syncd.cycle.health_answers import health_in_force
    from syncd.domain.health_dates import HealthDateError
    from syncd.domain.training.inputs import PlanError, history_from_summary

    plan = settings.plan
    try:
        in_file = settings.health_answers(today)
        stand_in = history_from_summary(today, plan.weekly_km * 1000, plan.longest_km * 1000, plan.days)
    except HealthDateError:  # which one is nobody's business who reads a log
        raise UsageFault(
            "config.toml: [health] has a date or year that cannot be: syncd doctor says which"
        ) from None
    except PlanError:
        stand_in = ()  # the plan says what is wrong with the two distances
    return health_in_force(store, in_file, today, stand_in)


def _earlier_sinks(
    settings: Settings, store: Store, paths: Paths, now: datetime, athlete: str
) -> tuple[WorkoutSink, ...]:
    """Those that have something of ours, and that workouts no longer go to; as far as they can be built."""
    from syncd.connectors.base import Rejected
    from syncd.connectors.registry import connector
    from syncd.cycle.earlier_sinks import left_on

    built = []
    for name in left_on(store, settings.sync.sink):
        try:
            make = connector(name).sink
            if make is not None:
                built.append(make(context_of(settings, name, paths, now, athlete)))
        except Rejected:
            continue
    return tuple(built)


def reader_of(settings: Settings) -> Reader:
    """Units, hours and weeks as the athlete reads them."""
    from syncd.domain.units import units_named
    from syncd.report.reader import Reader

    return Reader(units_named(settings.athlete.units, settings.athlete.clock), settings.week_start)


def context_of(
    settings: Settings,
    name: str,
    paths: Paths,
    now: datetime,
    athlete: str = "",
    *,
    state: Path | None = None,
) -> ConnectorContext:
    """What the connector of that name is built with; `athlete` where the marks have another name."""
    from syncd.connectors.base import ConnectorContext

    folder = (state or paths.state) / CONNECTORS / name
    return ConnectorContext(
        athlete or paths.athlete_key, now, folder, paths.logins, settings.section_of(name)
    )


def remember_settings(world: World, reader: Reader) -> None:
    """Store what `status` needs of the configuration with the state, so that it never parses the file."""
    settings = {
        ZONE_KEY: str(world.zone),
        UNIT_KEY: reader.units.name,
        CLOCK_KEY: reader.units.clock,
        SINK_KEY: world.sink.name,
        SOURCES_KEY: ",".join(source.name for source in world.sources),
        CONSUMES_KEY: "yes" if world.sink.capabilities.consumes else "no",
    }
    for key, value in settings.items():
        if world.store.meta.get(key) != value:
            world.store.meta.set(key, value)


def require_sources(world: World, named: Sequence[str]) -> None:
    """Raises UsageFault for a source that is not configured."""
    known = [source.name for source in world.sources]
    unknown = next((name for name in named if name not in known), None)
    if unknown is not None:
        raise UsageFault(
            f"--source {unknown}: the sources in [sync] are {', '.join(known)}{did_you_mean(unknown, known)}"
        )


def forget_deliveries(paths: Paths, sink: str, then: Callable[[], None]) -> None:
    """For another account: forget what was put on the earlier one's calendar.

    `then` makes the change itself: after this, and before another sync can begin.
    """
    import shutil

    from syncd.store import Store

    private_folder(paths.state)
    with alone(paths):
        if (paths.state / "syncd.db").exists():
            with Store.open(paths.state) as store:
                store.ledger.forget_all(sink, datetime.now(UTC))
                store.readings.forget_all(sink)
                store.installation.forget_sink(sink)
            shutil.rmtree(paths.state / CONNECTORS / sink, ignore_errors=True)
        then()


def note_watch(paths: Paths, report: WatchReport) -> None:
    """Store when the watch synced, so that `status` knows it without asking."""
    from syncd.store import Store

    if report.device is not None:
        with Store.open(paths.state) as store:
            store.device_syncs.note(report.sink, report.device.at)


def _built(make: Callable[[ConnectorContext], End] | None, name: str, context: ConnectorContext) -> End:
    from syncd.connectors.base import Rejected

    if make is None:
        raise UsageFault(f"the connector {name!r} cannot be used there: choose another in [sync]")
    try:
        return make(context)
    except Rejected as error:  # its section lacks something that it needs
        raise UsageFault(f"config.toml: {error}") from None
