"""Workouts on the calendar of Garmin Connect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from syncd.connectors.base import (
    DateRange,
    DeviceSync,
    Gone,
    Listing,
    Mismatch,
    OutcomeUnknown,
    Rejected,
    SinkCapabilities,
    Unavailable,
)
from syncd.connectors.garmin.codec import MAX_DEPTH, MAX_STEPS, encode
from syncd.connectors.garmin.device import last_device_sync
from syncd.connectors.garmin.index import Index, Known, Placement, text_hash_of
from syncd.connectors.garmin.listing import (
    CalendarPages,
    LibraryRow,
    calendar_entries,
    entry_name,
    library,
    months_of,
    number_in,
    read_calendar,
)
from syncd.connectors.garmin.reading import Decoded, decode
from syncd.connectors.garmin.session import GarminSession
from syncd.domain.delivery.remote import OwnerKey, RemoteWorkout, find_key
from syncd.domain.workout import Workout, WorkoutError

_WORKOUT, _SCHEDULE = "/workout-service/workout", "/workout-service/schedule"
_READ_LIBRARY_EVERY_S = 24 * 3600.0  # the library is read nightly, and whenever something is in doubt
_CLOCK_SLACK_S = 300.0


class GarminSink:
    """One workout of the library and one entry of the calendar a session.

    The remote id is `WORKOUT.ENTRY`, or `WORKOUT` for one on no day. The calendar shows neither
    marker nor content, so an index beside the database remembers which workouts are ours; where
    it is lost or in doubt the library is read, whose descriptions carry the marker. Nothing that
    is not in the index is ever changed. How far each has come is its `Placement`.
    """

    name = "garmin"
    capabilities = SinkCapabilities(max_steps=MAX_STEPS, repeat_depth=MAX_DEPTH)

    def __init__(self, session: GarminSession, athlete: str, index: Path, now: datetime) -> None:
        self._session = session
        self._athlete = athlete
        self._path = index
        self._now_s = now.timestamp()

    def list_owned(self, window: DateRange) -> tuple[RemoteWorkout, ...]:
        """Ours on the days of the window, and in the library on no day. Raises ConnectorError."""
        return self.listing(window, whole=False).workouts

    def listing(self, window: DateRange, *, whole: bool) -> Listing:
        """The same with what others have there; `whole`: the library is read, too. Raises ConnectorError."""
        with self._index() as index:
            fresh = whole or self._is_library_due(index)
            if fresh:
                self._read_library(index)
            pages = read_calendar(self._session, months_of(window))
            if not fresh and (_vanished(index, pages, window) or _unknown(index, pages)):
                self._read_library(index)
                fresh = True
            _take_entries(index, pages, window, library_read=fresh)
            own = {entry_name(entry) for known in index.workouts.values() for entry in known.entries}
            strangers = {(day, name) for day, name in pages.items if day in window and name not in own}
            return Listing(tuple(_remotes(index, window)), frozenset(strangers), whole=fresh)

    def put(self, day: date, workout: Workout, key: OwnerKey) -> str:
        """Create and schedule, or complete what was begun; the remote id. Raises ConnectorError."""
        body = _encoded(workout, key)
        with self._index() as index:
            if index.placement_of(key) is Placement.PERHAPS_CREATED:
                self._read_library(index)
            number = index.of_session(key) or self._create(index, body, key)
            return self._settle(index, number, day, workout, key)

    def update(self, remote_id: str, day: date, workout: Workout, key: OwnerKey) -> str:
        """Another content or day in place; the remote id. Raises ConnectorError."""
        body = _encoded(workout, key)
        number, entry = _split(remote_id)
        with self._index() as index:
            if number not in index.workouts:
                self._read_library(index)
            if number not in index.workouts:
                raise Unavailable(f"{key.tag} is not on Garmin Connect any more; the next sync checks")
            known = index.workouts[number]
            known.own = True
            known.made |= {entry} & known.entries.keys()
            if known.key == key or known.made.issuperset(known.entries):
                return self._settle(index, number, day, workout, key)
            made = self._settle(index, self._create(index, body, key), day, workout, key)
            self._leave_to_the_athlete(index, known)
            return made

    def remove(self, remote_id: str) -> None:
        """Take the entry off the calendar and, with its last entry, delete the workout.

        Gone already counts as done. Raises Rejected for one that is not ours.
        """
        number, entry = _split(remote_id)
        with self._index() as index:
            known = index.workouts.get(number) or self._adopted(index, number)
            if known is None:
                return
            for leaving in [entry] if entry else sorted(known.made & known.entries.keys()):
                self._unschedule(index, known, leaving)
            known.own = False  # where an entry is left, it is the athlete's now
            if not known.entries:
                self._gone_is_fine(f"{_WORKOUT}/{number}")
                del index.workouts[number]

    def read_back(self, remote_id: str) -> Workout:
        """The workout as the service keeps it. Raises ConnectorError."""
        number, _ = _split(remote_id)
        try:
            decoded = self._fetched(number)
        except Gone:  # perhaps not yet: a refusal would be remembered, this is checked again
            raise Unavailable(
                f"workout {number} cannot be seen on Garmin Connect; the next sync checks"
            ) from None
        if decoded.beyond:
            raise Mismatch(f"{remote_id} is kept with more than was sent: {', '.join(decoded.beyond)}")
        return decoded.workout

    def last_device_sync(self) -> DeviceSync | None:
        """When a watch last fetched the calendar; None without a watch. Raises ConnectorError."""
        return last_device_sync(self._session)

    def service_time(self) -> datetime | None:
        """What time it is by the service's own clock; None where it does not say."""
        return self._session.service_time()

    # --- what is there

    def _is_library_due(self, index: Index) -> bool:
        since = self._now_s - index.library_read_s
        return index.pending or not -_CLOCK_SLACK_S <= since < _READ_LIBRARY_EVERY_S

    def _read_library(self, index: Index) -> None:
        """Read the library: which workouts bear our mark, and whether somebody changed them.

        What it lacks and the calendar last showed is kept until the calendar is read.
        """
        found: dict[str, Known] = {}
        for row in library(self._session):
            key = find_key(row.description)
            if key is not None and key.athlete == self._athlete:
                known = self._compared(index, row, key)
                if known is not None:
                    found[row.workout_id] = known
        scheduled = {number: known for number, known in index.workouts.items() if known.entries}
        index.missing = set(scheduled) - set(found)
        index.workouts = scheduled | found
        index.library_read_s, index.pending = self._now_s, False

    def _compared(self, index: Index, row: LibraryRow, key: OwnerKey) -> Known | None:
        known = index.workouts.get(row.workout_id)
        if known is not None and known.key == key and known.updated == row.updated != "":
            known.text_hash = known.text_hash or text_hash_of(row.title, row.description)
            known.key = key
            return known
        try:
            kept = self._fetched(row.workout_id)
        except Gone:
            return None
        intact = kept.workout.content_hash == key.version and not kept.beyond
        if known is None:
            own = key.marker in index.attempts
            if own:
                index.attempts.remove(key.marker)
            known = Known(key, unsure=True, own=own)
        text_hash = known.text_hash or text_hash_of(row.title, row.description)
        known.key, known.title, known.updated = key, row.title, row.updated
        known.intact, known.text_hash = intact, text_hash
        return known

    def _adopted(self, index: Index, number: str) -> Known | None:
        """A workout that the index does not know: ours by its marker, None when it is gone."""
        try:
            kept = self._fetched(number)
        except Gone:
            return None
        if kept.key is None or kept.key.athlete != self._athlete:
            raise Rejected(f"{number} on Garmin Connect is not ours: it is left alone")
        known = index.workouts[number] = Known(kept.key, unsure=True)
        return known

    def _fetched(self, number: str) -> Decoded:
        try:
            return decode(self._session.get(f"{_WORKOUT}/{number}"))
        except WorkoutError as error:
            raise Unavailable(f"workout {number} on Garmin Connect cannot be read: {error}") from error

    # --- changing it

    def _create(self, index: Index, body: dict[str, object], key: OwnerKey) -> str:
        """From NOTHING_THERE over PERHAPS_CREATED to ON_NO_DAY; the id of the workout."""
        index.pending = True
        index.attempts.append(key.marker)
        self._save(index)
        reply = self._session.post(_WORKOUT, body)
        number = number_in(reply, "workoutId")
        if number is None:
            raise OutcomeUnknown("Garmin Connect took a workout and did not say under which id")
        index.workouts[number] = Known(key, str(body["workoutName"]), text_hash=_text_hash_in(body), own=True)
        index.pending = False
        index.attempts.remove(key.marker)
        self._save(index)
        return number

    def _settle(self, index: Index, number: str, day: date, workout: Workout, key: OwnerKey) -> str:
        """Give a workout of ours this content, this name and note, and this day."""
        known = index.workouts[number]
        body = encode(workout, key)
        if known.key != key or known.text_hash != _text_hash_in(body):
            body["workoutId"] = int(number)
            with _still_there(index, number):
                self._session.put(f"{_WORKOUT}/{number}", body)
            known.key, known.updated, known.intact = key, "", True
            known.title, known.text_hash = str(body["workoutName"]), _text_hash_in(body)
            self._save(index)
        return f"{number}.{self._scheduled(index, number, known, day)}"

    def _scheduled(self, index: Index, number: str, known: Known, day: date) -> str:
        """SCHEDULED by one entry, on this day, wherever it was before; the id of the entry."""
        if known.placement is Placement.PERHAPS_SCHEDULED:
            self._read_month(number, known, day)
        kept = min((entry for entry, on in known.entries.items() if on == day), key=int, default=None)
        for other in sorted(known.made & known.entries.keys() - {kept}):
            self._unschedule(index, known, other)
        return kept or self._schedule(index, number, known, day)

    def _read_month(self, number: str, known: Known, day: date) -> None:
        """From PERHAPS_SCHEDULED to ON_NO_DAY or SCHEDULED, by what the calendar shows around that day."""
        for entry in calendar_entries(self._session, ((day.year, day.month),)):
            if entry.workout_id == number:
                if known.own and entry.schedule_id not in known.entries:
                    known.made.add(entry.schedule_id)
                known.entries[entry.schedule_id] = entry.day
        known.unsure = False

    def _schedule(self, index: Index, number: str, known: Known, day: date) -> str:
        """From ON_NO_DAY over PERHAPS_SCHEDULED to SCHEDULED; the id of the entry."""
        known.unsure = True
        self._save(index)
        with _still_there(index, number):
            reply = self._session.post(f"{_SCHEDULE}/{number}", {"date": day.isoformat()})
        made = number_in(reply, "workoutScheduleId")
        if made is None:
            raise OutcomeUnknown("Garmin Connect scheduled a workout and did not say under which id")
        known.entries[made], known.unsure = day, False
        known.made.add(made)
        self._save(index)
        return made

    def _unschedule(self, index: Index, known: Known, entry: str) -> None:
        self._gone_is_fine(f"{_SCHEDULE}/{entry}")
        known.entries.pop(entry, None)
        known.made.discard(entry)
        self._save(index)

    def _leave_to_the_athlete(self, index: Index, known: Known) -> None:
        """They put it on other days, too: there it stays as it is, and our entry goes."""
        for entry in sorted(known.made & known.entries.keys()):
            self._unschedule(index, known, entry)
        known.own = False

    def _gone_is_fine(self, path: str) -> None:
        try:
            self._session.delete(path)
        except Gone:
            return

    # --- the index

    @contextmanager
    def _index(self) -> Iterator[Index]:
        """Kept whatever happens inside: what is known by then is true."""
        try:
            index = Index.load(self._path)
        except OSError as error:
            raise Unavailable(f"{self._path} cannot be read: {error.strerror}") from error
        try:
            yield index
        finally:
            self._save(index)

    def _save(self, index: Index) -> None:
        try:
            index.save(self._path)
        except OSError as error:
            raise Unavailable(f"{self._path} cannot be written: {error.strerror}") from error


@contextmanager
def _still_there(index: Index, number: str) -> Iterator[None]:
    """A workout that went meanwhile is forgotten, and searched again: it is no refusal to remember."""
    try:
        yield
    except Gone:
        del index.workouts[number]
        raise Unavailable(f"workout {number} went from Garmin Connect; the next sync checks") from None


def _encoded(workout: Workout, key: OwnerKey) -> dict[str, object]:
    try:
        return encode(workout, key)
    except WorkoutError as error:
        raise Rejected(f"{workout.name or key.tag} cannot go to Garmin Connect: {error}") from error


def _text_hash_in(body: Mapping[str, object]) -> str:
    return text_hash_of(str(body["workoutName"]), str(body["description"]))


def _split(remote_id: str) -> tuple[str, str]:
    """Workout and entry; the entry is "" for one on no day. Raises Rejected."""
    number, _, entry = remote_id.partition(".")
    if not number.isdecimal() or not (entry.isdecimal() or remote_id == number):
        raise Rejected(f"{remote_id!r} is not a workout of Garmin Connect")
    return number, entry


def _vanished(index: Index, pages: CalendarPages, window: DateRange) -> bool:
    """Whether a workout that was scheduled on these days is on none of them any more."""
    months, shown = months_of(window), {entry.workout_id for entry in pages.workouts}
    return any(
        number not in shown and any((day.year, day.month) in months for day in known.entries.values())
        for number, known in index.workouts.items()
    )


def _unknown(index: Index, pages: CalendarPages) -> bool:
    """Whether a workout is scheduled that is called like ours, and that nobody has looked at."""
    looked_at = index.workouts.keys() | index.strangers
    return any(entry.looks_like_ours and entry.workout_id not in looked_at for entry in pages.workouts)


def _take_entries(index: Index, pages: CalendarPages, window: DateRange, *, library_read: bool) -> None:
    """Take the entries over from the calendar; what neither it nor the library has is forgotten."""
    months = months_of(window)
    shown: dict[str, dict[str, date]] = {}
    for entry in pages.workouts:
        shown.setdefault(entry.workout_id, {})[entry.schedule_id] = entry.day
    for number, known in list(index.workouts.items()):
        beyond = {entry: day for entry, day in known.entries.items() if (day.year, day.month) not in months}
        on_these_days = shown.get(number, {})
        if known.own and known.unsure:  # an entry was asked for, and the answer never came
            known.made |= on_these_days.keys() - known.entries.keys()
        known.entries = beyond | on_these_days
        if number in index.missing and not known.entries:
            del index.workouts[number]
    index.missing = set()
    if library_read:
        index.strangers = {
            entry.workout_id
            for entry in pages.workouts
            if entry.looks_like_ours and entry.workout_id not in index.workouts
        }


def _remotes(index: Index, window: DateRange) -> Iterator[RemoteWorkout]:
    for number, known in sorted(index.workouts.items()):
        if not known.entries:
            yield RemoteWorkout(number, None, known.key, known.intact, known.title, number, known.own)
        for entry, day in sorted(known.entries.items()):
            if day in window:
                made_here = known.own and entry in known.made
                yield RemoteWorkout(
                    f"{number}.{entry}", day, known.key, known.intact, known.title, number, made_here
                )
