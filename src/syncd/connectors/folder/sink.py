"""Workouts as FIT files in a directory, such as the folder of new files of a watch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

from syncd.connectors.base import DateRange, Rejected, SinkCapabilities, Unavailable
from syncd.connectors.folder.faults import away, faults_of
from syncd.connectors.folder.index import Files, Written, sha256_of
from syncd.connectors.folder.naming import encoded, file_name, recognised
from syncd.connectors.folder.outbox import Outbox, same_but_for_number
from syncd.domain.delivery.remote import OwnerKey, RemoteWorkout
from syncd.domain.workout import Workout, WorkoutError
from syncd.durable import write_whole
from syncd.formats import ics
from syncd.formats.fit import Unreadable
from syncd.formats.fit.steps import MAX_DEPTH, MAX_MESSAGES
from syncd.formats.fit.workout import read_workout


class FolderSink:
    """One FIT file a session; the remote id is the file name.

    An index beside the files says what we wrote; where it is lost, the marker inside decides.

    A watch imports what it finds and clears its folder (`capabilities.consumes`). So a file of
    ours that vanished was taken, not deleted: the same version is not written again, and it
    cannot be taken back. A new version is written as a new file; the watch then has both.
    """

    name = "folder"
    capabilities = SinkCapabilities(consumes=True, max_steps=MAX_MESSAGES, repeat_depth=MAX_DEPTH)

    def __init__(self, outbox: Path, athlete: str) -> None:
        suffix = "" if athlete == "me" else f"-{athlete}"  # a household may share a directory
        self._folder = outbox
        self._outbox = Outbox(outbox, f".syncd{suffix}.json", partial(recognised, athlete))
        self._calendar = outbox / f"syncd{suffix}.ics"

    def list_owned(self, window: DateRange) -> tuple[RemoteWorkout, ...]:
        """Our files in the directory. Raises Unavailable when it cannot be read."""
        files = self._outbox.files()
        listed = (self._remote(name, files) for name in sorted(files))
        return tuple(remote for remote in listed if remote.day is not None and remote.day in window)

    def put(self, day: date, workout: Workout, key: OwnerKey) -> str:
        """Write the file; its name. An earlier one of the same session is replaced."""
        return self._write(None, day, workout, key)

    def update(self, remote_id: str, day: date, workout: Workout, key: OwnerKey) -> str:
        """Another content, day or name for a file of ours; its name.

        Raises Unavailable for one taken meanwhile: a new name alone must not give the watch a second one.
        """
        files = self._outbox.files()
        if remote_id not in files and self._outbox.of_session(key, files) is None:
            raise Unavailable(f"{remote_id} was taken from {self._folder} meanwhile; the next sync checks")
        return self._write(remote_id, day, workout, key)

    def remove(self, remote_id: str) -> None:
        """Delete a file of ours; gone already counts as done. Raises Rejected for any other."""
        self._outbox.remove(remote_id, self._outbox.files())

    def read_back(self, remote_id: str) -> Workout:
        """The workout in the file. Raises Rejected when there is none."""
        parsed = read_workout(self._outbox.read(remote_id))
        if isinstance(parsed, Unreadable):
            raise Rejected(f"{remote_id} cannot be read back: {parsed.reason}")
        return parsed.workout

    def write_calendar(self, entries: Sequence[ics.CalendarEntry]) -> bool:
        """Make `syncd.ics` hold exactly these; whether it was written. Raises Unavailable, Rejected."""
        with faults_of(self._folder, "outbox"):
            if not self._folder.is_dir():
                raise away(self._folder, "outbox")
            existing = self._calendar.read_bytes() if self._calendar.exists() else b""
            if existing and not ics.is_ours(existing):
                raise Rejected(f"{self._calendar} was not written by syncd: move it away to get the calendar")
            if ics.holds(existing, entries):
                return False
            write_whole(self._calendar, ics.calendar(entries), mode=0o644)
        return True

    def _write(self, remote_id: str | None, day: date, workout: Workout, key: OwnerKey) -> str:
        try:
            content = encoded(workout, key)
        except WorkoutError as error:
            raise Rejected(f"{workout.name or key.tag} does not fit into a FIT file: {error}") from error
        files = self._outbox.files()
        existing = remote_id if remote_id in files else self._outbox.of_session(key, files)
        written, wished = Written(sha256_of(content), key, day), file_name(day, workout.name, key)
        if existing is None:
            return self._outbox.add(wished, written, content, files)
        return self._outbox.replace(existing, wished, written, content, files)

    def _bears_its_name(self, name: str, written: Written) -> bool:
        title = self.read_back(name).name
        return same_but_for_number(name, file_name(written.day, title, written.key))

    def _remote(self, name: str, files: Files) -> RemoteWorkout:
        now = self._outbox.current(name, files)
        known = now or files[name][-1]
        if now is not None and len(files[name]) > 1 and not self._bears_its_name(name, now):
            known = files[name][0]  # killed before it was renamed: for the runner it is still the old one
        title = name.removesuffix(".fit")[11:]
        return RemoteWorkout(name, known.day, known.key, intact=now is not None, title=title)
