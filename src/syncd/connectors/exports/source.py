"""A source over an export: its recordings one by one, and the athlete's own comments on them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO

from syncd.connectors.base import ActivityRef, Foreign, RawActivity, Rejected, Unavailable
from syncd.connectors.exports.archives import ZipEntries
from syncd.connectors.exports.entries import (
    Entries,
    ExportEntry,
    content_of,
    faults_of,
    is_archive,
    name_text,
    without_name,
)
from syncd.connectors.exports.garmin_summaries import Summary, holds_summaries, read_summaries
from syncd.connectors.exports.strava_table import TABLE, ActivityTable, TableRow, read_table
from syncd.connectors.exports.unpacked import FolderEntries
from syncd.domain.activity import RUNNING
from syncd.formats.fit.kind import kind_of_file
from syncd.formats.packed import PackedError, unpacked
from syncd.formats.recording import kind_of
from syncd.formats.sports import Sport

STRAVA, GARMIN, ARCHIVE = "strava-export", "garmin-export", "archive"
_ENDINGS = (".fit", ".fit.gz", ".tcx", ".tcx.gz", ".gpx", ".gpx.gz")
_GARMIN_FOLDER = "di-connect-"
_SAME_START = timedelta(seconds=5)  # our default: a summary and its recording begin together
_MOST_TRIED = 20  # our default: files of an archive that may hold one run
_MOST_SUMMARIES = 50_000  # our default: seven a day for twenty years


@dataclass(frozen=True, slots=True)
class ExportedComment:
    """The athlete's comment on a run at the service: name, effort from 1 to 10, notes, the mark of a race."""

    name: str = ""
    rpe: float | None = None
    notes: str = ""
    raced: bool = False


class ExportSource:
    """The recordings of an export as a source; `close` it, or use `opened_export`.

    The remote id is the name inside the export, so that the same export is recognised whatever its file
    is called; the fingerprint is size and checksum (in a folder size and time of change), and the sport
    where the service calls it something else than a run: what is called otherwise by now is read again.
    """

    def __init__(self, path: Path, *, scratch: Path | None = None) -> None:
        """`scratch`: a folder for what has to be unpacked on the way. Raises Unavailable and Rejected."""
        self._entries: Entries = (FolderEntries if path.is_dir() else ZipEntries)(path, scratch=scratch)
        self._by_name: dict[str, ExportEntry] = {}
        self._comments = _CommentsOfExport()
        self._ignored: list[str] = []
        names = [entry.name for entry in self._entries.outer()]
        self._table_name = min((name for name in names if _base(name) == TABLE), key=len, default="")
        self.name = _kind(names, self._table_name)

    def list_since(self, cursor: str) -> Iterator[ActivityRef]:  # noqa: ARG002 - an export is a whole
        """Every recording in the order of the export, which is opened as they are asked for.

        Raises Unavailable and Rejected.
        """
        self._by_name, self._ignored = {}, []
        self._comments = self._read_comments()
        return self._refs()

    def _refs(self) -> Iterator[ActivityRef]:
        for entry in self._entries.listed():
            if _is_hidden(entry.name):
                continue
            if is_recording(entry.name):
                self._by_name[entry.name] = entry
                fingerprint = entry.fingerprint + self._comments.called_otherwise(entry.name)
                yield ActivityRef(self.name, entry.name, fingerprint, name_text(_base(entry.name)))
            elif entry.fault:
                self._by_name[entry.name] = entry
                yield ActivityRef(self.name, entry.name, entry.fingerprint, name_text(_base(entry.name)))
            elif entry.name != self._table_name and not holds_summaries(entry.name):
                self._ignored.append(entry.name)

    def count(self) -> int | None:
        """How many recordings there are; None where archives inside would have to be opened for that."""
        names = [entry.name for entry in self._entries.outer()]
        if any(map(is_archive, names)):
            return None
        return sum(is_recording(name) and not _is_hidden(name) for name in names)

    def fetch(self, ref: ActivityRef) -> RawActivity:
        """The bytes, unpacked. Raises Unavailable, Rejected, and Foreign for a file of another kind."""
        entry = self._by_name.get(ref.remote_id)
        if entry is None:
            raise Rejected(f"{ref.remote_id} is not in the export")
        if entry.fault:
            raise Rejected(entry.fault)
        try:
            data = unpacked(entry.name, content_of(self._entries, entry))
        except PackedError as error:
            raise Rejected(str(error)) from None
        except Rejected as error:
            if self._entries.changed():
                raise Unavailable("its archive is still being written: read it again") from None
            raise Rejected(without_name(str(error), entry.name)) from None
        kind = kind_of(data)
        if kind == "fit" and (other := kind_of_file(data)):
            raise Foreign(other)
        return RawActivity(ref, kind, data)

    def comment_of(self, ref: ActivityRef, start: datetime) -> ExportedComment:
        """The comment in the export on the recording that began at `start`."""
        return self._comments.of(ref.remote_id, start)

    def sport_of(self, ref: ActivityRef, start: datetime) -> Sport | None:
        """What the service calls the recording that began at `start`; None where it says nothing."""
        return self._comments.sport_of(ref.remote_id, start)

    def ignored(self) -> tuple[str, ...]:
        """The names of files that are no recordings, as far as it was listed."""
        return tuple(self._ignored)

    def remarks(self) -> tuple[str, ...]:
        """What the export mentions and does not hold. Call it at the end."""
        sentences = []
        if not self._comments.understood:
            sentences.append(
                f"{TABLE} is in a language that is not known, or damaged: names, efforts and sports are not"
                " taken over, runs are"
            )
        without = self._comments.runs_without_file(self._by_name)
        if without:
            runs = "1 run is" if without == 1 else f"{without} runs are"
            sentences.append(f"{runs} listed without a recording (entered by hand, or lost): not imported")
        return tuple(sentences)

    def close(self) -> None:
        """Let go of the archive."""
        self._entries.close()

    def _read_comments(self) -> _CommentsOfExport:
        comments = _CommentsOfExport(root=self._table_name[: -len(TABLE)])
        for entry in self._tables():
            try:
                with faults_of(entry.name), self._entries.opened(entry) as file:
                    comments.read(entry.name, file)
            except Rejected:
                comments.understood = comments.understood and _base(entry.name) != TABLE
        comments.summaries.sort(key=lambda summary: summary.start)
        return comments

    def _tables(self) -> list[ExportEntry]:
        """The table of a Strava export, the summaries of a Garmin export; neither is in an inner archive."""
        return [
            entry
            for entry in self._entries.outer()
            if entry.name == self._table_name or holds_summaries(entry.name)
        ]


@dataclass(slots=True)
class _CommentsOfExport:
    """The comments in the tables of an export, to be found by file or by start."""

    root: str = ""
    table: ActivityTable = field(default_factory=ActivityTable)
    rows: dict[str, TableRow] = field(default_factory=dict)
    summaries: list[Summary] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    understood: bool = True

    def read(self, name: str, file: IO[bytes]) -> None:
        """Take in one of the tables."""
        if _base(name) != TABLE:
            self.summaries += islice(read_summaries(file), _MOST_SUMMARIES - len(self.summaries))
            return
        self.table = read_table(file)
        self.understood = self.table.understood
        self.rows = {_unpacked_name(self.root + row.file): row for row in self.table.rows if row.file}

    def of(self, name: str, start: datetime) -> ExportedComment:
        told = self._told_of(name, start)
        return (
            ExportedComment()
            if told is None
            else ExportedComment(told.name, told.rpe, told.notes, told.raced)
        )

    def sport_of(self, name: str, start: datetime) -> Sport | None:
        told = self._told_of(name, start)
        return None if told is None else told.sport

    def called_otherwise(self, name: str) -> str:
        """`-cycling` where the table says so."""
        row = self.rows.get(_unpacked_name(name))
        return "" if row is None or row.sport is None or row.sport.sport == RUNNING else f"-{row.sport.sport}"

    def _told_of(self, name: str, start: datetime) -> TableRow | Summary | None:
        row = self.rows.get(_unpacked_name(name))
        if row is not None:
            return row
        place = self._summary_at(start)
        if place is None:
            return None
        self.used.add(place)
        return self.summaries[place]

    def runs_without_file(self, names: Iterable[str]) -> int:
        files = {_unpacked_name(name) for name in names}
        count = sum(
            _is_run(row.sport) and (not row.file or _unpacked_name(self.root + row.file) not in files)
            for row in self.table.rows
        )
        return count + sum(
            _is_run(summary.sport) and place not in self.used for place, summary in enumerate(self.summaries)
        )

    def _summary_at(self, start: datetime) -> int | None:
        first = bisect_left(self.summaries, start - _SAME_START, key=lambda summary: summary.start)
        last = bisect_right(self.summaries, start + _SAME_START, key=lambda summary: summary.start)
        return min(range(first, last), key=lambda place: self._unlikeness(place, start), default=None)

    def _unlikeness(self, place: int, start: datetime) -> tuple[bool, timedelta]:
        """A multisport has a summary for the whole, which names no sport, and one for its first leg."""
        summary = self.summaries[place]
        return summary.sport is None, abs(summary.start - start)


@contextmanager
def opened_export(path: Path, *, scratch: Path | None = None) -> Iterator[ExportSource]:
    """The export at `path`, closed afterwards. Raises Unavailable and Rejected."""
    source = ExportSource(path, scratch=scratch)
    try:
        yield source
    finally:
        source.close()


def recording_in(path: Path) -> bytes:
    """The only recording in an archive, unpacked. Raises Unavailable, and Rejected where it is not one."""
    with opened_export(path) as source:
        refs = list(islice(source.list_since(""), _MOST_TRIED + 1))
        found: list[bytes] = []
        faults: list[Rejected] = []
        for ref in refs if len(refs) <= _MOST_TRIED else ():
            try:
                found.append(source.fetch(ref).content)
            except Rejected as fault:
                faults.append(fault)
    if len(found) == 1:
        return found[0]
    if found or len(refs) > _MOST_TRIED:
        count = f"{len(found)}" if found else f"more than {_MOST_TRIED}"
        what = f"{path.name} holds {count} recordings"
        raise Rejected(f"{what}: unpack it and give one of them; syncd import reads all")
    raise Rejected(f"{path.name}: {faults[0]}" if faults else f"{path.name} holds no recording")


def is_export(path: Path) -> bool:
    """Whether `path` is an archive, or a folder that the export of a service was unpacked into."""
    if path.is_file():
        return is_archive(path.name) or _begins_like_an_archive(path)
    if path.name.lower().startswith(_GARMIN_FOLDER) or (path / TABLE).is_file():
        return True
    try:
        return any(entry.name.lower().startswith(("di_connect", _GARMIN_FOLDER)) for entry in path.iterdir())
    except OSError:
        return False  # why, is said by what reads folders


def _begins_like_an_archive(path: Path) -> bool:
    """A name proves nothing: browsers and phones rename what they save."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def is_recording(name: str) -> bool:
    """Whether a file of that name may be a recording."""
    return name.lower().endswith(_ENDINGS)


def _kind(names: Iterable[str], table_name: str) -> str:
    if table_name:
        return STRAVA
    is_garmin = any(holds_summaries(name) or _GARMIN_FOLDER in name.lower() for name in names)
    return GARMIN if is_garmin else ARCHIVE


def _is_run(sport: Sport | None) -> bool:
    return sport is not None and sport.sport == RUNNING


def _base(name: str) -> str:
    return name.rpartition("/")[2]


def _unpacked_name(name: str) -> str:
    """Some browsers and archivers unpack what they take out, and drop the ending."""
    return name.lower().removesuffix(".gz")


def _is_hidden(name: str) -> bool:
    """What archivers and systems leave behind."""
    return any(part.startswith((".", "__MACOSX")) and part.strip(".") for part in name.split("/"))
