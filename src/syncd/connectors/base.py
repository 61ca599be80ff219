"""The two protocols between syncd and the services, and the few errors that cross them.

ConnectorError
├── AuthRequired     a human must act; nothing else will help
├── RateLimited      not before `retry_at`
│   └── Postponed    only older runs wait: what is new still goes through
├── Unavailable      try again in the next sync
│   └── Outgrown     its answer is larger than anything real: not read to the end
├── Rejected         never again unchanged
│   ├── Gone         the service does not have it
│   ├── Foreign      readable, but no recorded activity
│   └── Mismatch     accepted, but kept differently from what was sent
└── OutcomeUnknown   a write that may have been accepted: check before acting
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from syncd.domain.activity import StatedTotals
from syncd.domain.delivery.remote import OwnerKey, RemoteWorkout
from syncd.domain.plain_text import one_line, tidy_names
from syncd.domain.workout import Workout
from syncd.formats.ics import CalendarEntry
from syncd.formats.sports import Sport


class ConnectorError(Exception):
    """A service did not do what was asked; the message is for the athlete."""


class AuthRequired(ConnectorError):  # noqa: N818 - the name says what is needed
    """A human must log in again."""


class RateLimited(ConnectorError):  # noqa: N818
    """The service wants to be left alone until `retry_at`."""

    def __init__(self, message: str, retry_at: datetime) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class Postponed(RateLimited):
    """An older run waits, so that a new one always gets through; nothing is wrong."""


class Unavailable(ConnectorError):  # noqa: N818
    """Not now; the next sync tries again."""


class Outgrown(Unavailable):
    """An answer that is larger than anything real, and was not read to the end."""


class Rejected(ConnectorError):  # noqa: N818
    """Refused for what it is: never sent again unchanged."""


class Gone(Rejected):
    """The service does not have the thing: deleted, or never there."""


class Foreign(Rejected):
    """A file of another kind, such as a day's steps: named (`what`), and not kept."""

    def __init__(self, what: str) -> None:
        self.what = one_line(what)
        super().__init__(f"a {self.what}, not a recorded activity")


class Mismatch(Rejected):
    """It is there, but read back it is not what was sent."""


class OutcomeUnknown(ConnectorError):  # noqa: N818
    """A write may or may not have happened; the next sync checks."""


@dataclass(frozen=True, slots=True)
class ActivityRef:
    """A run that a source says it has: `remote_id` is stable, `name` is for people.

    `fingerprint` changes when the source's copy changes (an edit, a finished upload).
    """

    source: str
    remote_id: str
    fingerprint: str
    name: str = ""

    def __post_init__(self) -> None:
        tidy_names(self, "name")


@dataclass(frozen=True, slots=True)
class RawActivity:
    """A payload as received, stored before anybody parses it. `kind` is its format: "fit"."""

    ref: ActivityRef
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


class ActivitySource(Protocol):
    """Where runs come from."""

    name: str

    def list_since(self, cursor: str) -> Iterator[ActivityRef]:
        """What is there since `cursor` ("" the first time); cheap. Raises ConnectorError."""
        ...

    def fetch(self, ref: ActivityRef) -> RawActivity:
        """The payload as the service keeps it. Raises ConnectorError."""
        ...


@dataclass(frozen=True, slots=True)
class SinkCapabilities:
    """What a sink can carry; planners read this, never the sink's name.

    `consumes`: what is put there is taken away by somebody else (a watch that imports its folder
    of new files). A workout that vanished was delivered; it is neither put again nor a deletion
    by the athlete.
    """

    pace_targets: bool = True
    heart_rate_targets: bool = True
    max_steps: int = 50
    repeat_depth: int = 2
    horizon_days: int = 10
    updates_in_place: bool = True
    consumes: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a sink shows. `strangers`: day and id of whatever else is on its calendar.

    `whole`: everything that can show our workouts was read for it, nothing is remembered from earlier.
    """

    workouts: tuple[RemoteWorkout, ...] = ()
    strangers: frozenset[tuple[date, str]] = frozenset()
    whole: bool = True


class WorkoutSink(Protocol):
    """Where workouts go."""

    name: str
    capabilities: SinkCapabilities

    def list_owned(self, window: DateRange) -> tuple[RemoteWorkout, ...]:
        """Ours (this athlete's), on the calendar and in the library.

        Complete, or Unavailable is raised: a listing is never a guess.
        """
        ...

    def put(self, day: date, workout: Workout, key: OwnerKey) -> str:
        """Create and schedule; the same key twice leaves one workout. The remote id.

        The name there is `watch_name(workout.name, key)`, and the key's marker goes with it.
        """
        ...

    def update(self, remote_id: str, day: date, workout: Workout, key: OwnerKey) -> str:
        """Replace content, day, name or note in place. The remote id, which may be a new one.

        The same key with another name or note: the content stays, the text changes.
        """
        ...

    def remove(self, remote_id: str) -> None:
        """Unschedule and delete; gone already counts as done."""
        ...

    def read_back(self, remote_id: str) -> Workout:
        """The workout as the service keeps it."""
        ...


@runtime_checkable
class ReadsWhole(WorkoutSink, Protocol):
    """A sink whose usual listing leaves out what costs too much to read in every sync."""

    def listing(self, window: DateRange, *, whole: bool) -> Listing:
        """The days of the window, and with `whole` all that may show ours. Raises ConnectorError."""
        ...


@dataclass(frozen=True, slots=True)
class RunDetail:
    """What a service reports of a run beside its recording; it may change long after the run.

    `version` changes when the service's copy does. `rpe` is 1 to 10. `content` is the payload as
    received. `is_run` False: the athlete calls it something else now, `sport`. `totals`: what the
    service shows in its several places, where that may differ from the recording that it gives.
    `raced`: whether it is marked as a race, None where only the list says so.
    """

    version: str
    content: bytes
    is_run: bool = True
    sport: str = ""
    totals: tuple[StatedTotals, ...] = ()
    name: str = ""
    rpe: float | None = None
    raced: bool | None = None

    def __post_init__(self) -> None:
        tidy_names(self, "name", "sport")


@runtime_checkable
class RunService(ActivitySource, Protocol):
    """A source that keeps runs, can be asked about one, and charges for every question.

    `most_a_sync`: how many recordings are fetched in one sync.
    """

    name: str
    most_a_sync: int

    def listed_from(self) -> date | None:
        """The first day that the last listing showed whole; None before one."""
        ...

    def detail(self, ref: ActivityRef) -> RunDetail:
        """One request. Raises Gone when the run is not there, and ConnectorError."""
        ...

    def weather(self, ref: ActivityRef) -> tuple[float, float | None] | None:
        """Temperature and dew point in degrees Celsius, None where not reported. Raises ConnectorError."""
        ...


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as a service lists it. `day` is local; `five_k_s`: the fastest 5 km in it, 0: not reported."""

    day: date
    distance_m: float
    five_k_s: float = 0.0


@runtime_checkable
class ListsRuns(ActivitySource, Protocol):
    """A source whose list alone describes runs: no recording is fetched."""

    name: str

    def recent_runs(self, first: date) -> tuple[RunSummary, ...]:
        """The newest since that day, as far as two requests show them. Raises ConnectorError."""
        ...


class RunComment(Protocol):
    """The athlete's own name and effort for a run, notes on it, and whether it was a race."""

    @property
    def name(self) -> str:
        """What it is called, "" where it has no name."""
        ...

    @property
    def rpe(self) -> float | None:
        """The effort from 1 to 10."""
        ...

    @property
    def notes(self) -> str:
        """What the athlete wrote about it, "" for nothing."""
        ...

    @property
    def raced(self) -> bool:
        """Whether it is marked as a race."""
        ...


@runtime_checkable
class Commenting(Protocol):
    """A source that has the athlete's words on a recording beside it, found by the moment it began."""

    def comment_of(self, ref: ActivityRef, start: datetime) -> RunComment:
        """The comment on the recording."""
        ...


@runtime_checkable
class Typing(Protocol):
    """A source that knows what the athlete calls a recording."""

    def sport_of(self, ref: ActivityRef, start: datetime) -> Sport | None:
        """What the athlete calls it there, which outranks the file; None where that says nothing."""
        ...


@runtime_checkable
class MarksRaces(Protocol):
    """A source on which the athlete can mark a run as a race."""

    def races(self) -> Mapping[str, bool | None]:
        """Of the runs in the last listing, by remote id, whether each is marked; None where it is silent."""
        ...


@runtime_checkable
class Spreading(Protocol):
    """A source that reads older runs little by little, and knows how long that takes."""

    def progress(self, left: int, listed: int) -> str:
        """A sentence for people: `left` of the `listed` runs are still to be read."""
        ...


@runtime_checkable
class Remarking(Protocol):
    """A source that explains what its last listing left out."""

    def remarks(self) -> tuple[str, ...]:
        """Sentences for people; empty when nothing was left out."""
        ...


@dataclass(frozen=True, slots=True)
class DeviceSync:
    """The watch that exchanged data with the service last, and when."""

    name: str
    at: datetime

    def __post_init__(self) -> None:
        tidy_names(self, "name")


@runtime_checkable
class DeviceAware(Protocol):
    """A sink that knows when a watch last fetched what is on it."""

    def last_device_sync(self) -> DeviceSync | None:
        """None when no watch ever synced. Raises ConnectorError."""
        ...


@runtime_checkable
class TellsTime(Protocol):
    """An end whose service says what time it is."""

    name: str

    def service_time(self) -> datetime | None:
        """The time there, None where it does not say; asks for something cheap if it must."""
        ...


@runtime_checkable
class CalendarWriter(Protocol):
    """A sink that also keeps a calendar file for people."""

    def write_calendar(self, entries: Sequence[CalendarEntry]) -> bool:
        """Make the calendar hold exactly these; whether anything was written. Raises ConnectorError."""
        ...


@dataclass(frozen=True, slots=True)
class ConnectorContext:
    """What a connector is built from: whose it is, the time of the sync, its own settings.

    `state` is its own folder for what it needs between syncs, a copy in a dry run; `logins` is
    the folder of tokens and rate budgets, always the real one: what a service takes or counts
    cannot be rehearsed. `settings` is its section of the configuration.
    """

    athlete: str
    now: datetime
    state: Path
    logins: Path
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connector:
    """What the entry point group `syncd.connectors` offers: how to build the two ends, None where absent.

    `forgets`: the files in its folder that hold what its source has read.
    """

    name: str
    source: Callable[[ConnectorContext], ActivitySource] | None = None
    sink: Callable[[ConnectorContext], WorkoutSink] | None = None
    forgets: tuple[str, ...] = ()
