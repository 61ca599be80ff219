"""The whole state of one athlete: a database and a folder of raw payloads, opened together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from sqlite3 import Row
from types import TracebackType
from typing import Self

from syncd.store.activities import Activities
from syncd.store.arrivals import Arrivals
from syncd.store.changes import Changes
from syncd.store.copies import damaged_copies
from syncd.store.corrections import Corrections
from syncd.store.database import Database, Value, open_database
from syncd.store.details import Details
from syncd.store.device_syncs import DeviceSyncs
from syncd.store.errors import StoreError, damaged
from syncd.store.fits import Fits
from syncd.store.health_answers import HealthAnswers
from syncd.store.installation import InstallationRecord
from syncd.store.ladder_levels import LadderLevels
from syncd.store.ledger import Ledger
from syncd.store.lost_payloads import LostPayloads
from syncd.store.messages import SentMessages
from syncd.store.meta import Meta
from syncd.store.overrides import Overrides
from syncd.store.page_sums import SEAL_KEY
from syncd.store.pains import Pains
from syncd.store.plan import Plan
from syncd.store.quarantine import Quarantine
from syncd.store.questions import Questions
from syncd.store.race_marks import RaceMarks
from syncd.store.raw import RawPayloads
from syncd.store.readings import Readings
from syncd.store.recordings import Recordings
from syncd.store.results import Results
from syncd.store.scores import Scores
from syncd.store.source_pulls import SourcePulls
from syncd.store.syncs import SyncRecords
from syncd.store.zone_sets import ZoneSets

DATABASE_NAME = "syncd.db"
_OF_THE_SINKS = frozenset({"ledger", "pushed", "sent_versions", "readings"})


class Store:
    """Everything that is remembered; use it in a `with`. Times come in aware, never from a clock."""

    def __init__(self, directory: Path, database: Database, raw_from: Path | None = None) -> None:
        self.directory = directory
        self._database = database
        self.raw = RawPayloads(directory / "raw", None if raw_from is None else raw_from / "raw")
        self.arrivals = Arrivals(database)
        self.quarantine = Quarantine(database)
        self.activities = Activities(database)
        self.recordings = Recordings(database)
        self.plan = Plan(database)
        self.changes = Changes(database)
        self.scores = Scores(database)
        self.zone_sets = ZoneSets(database)
        self.ledger = Ledger(database)
        self.meta = Meta(database)
        self.readings = Readings(database)
        self.installation = InstallationRecord(self.meta)
        self.syncs = SyncRecords(database)
        self.details = Details(database)
        self.device_syncs = DeviceSyncs(database)
        self.sent_messages = SentMessages(self.meta)
        self.source_pulls = SourcePulls(self.meta)
        self.overrides = Overrides(database)
        self.results = Results(database)
        self.corrections = Corrections(database)
        self.questions = Questions(database)
        self.pains = Pains(database)
        self.ladders = LadderLevels(database)
        self.race_marks = RaceMarks(database)
        self.fits = Fits(database)
        self.health = HealthAnswers(database)
        self.lost_payloads = LostPayloads(database)

    @classmethod
    def open(cls, directory: Path, *, raw_from: Path | None = None, reading: bool = False) -> Store:
        """The state in `directory`, begun if it is empty. Raises StoreError, which says what to do.

        `raw_from` is the state that this one is a copy of: its payloads can be read, never written.
        `reading`: nothing will be written, so the database is not looked through before.
        """
        return cls(directory, open_database(directory / DATABASE_NAME, reading=reading), raw_from)

    @classmethod
    def accept(cls, directory: Path) -> None:
        """The database there goes on as it is, also an older or an empty one. Raises StoreError."""
        open_database(directory / DATABASE_NAME, accepting=True).close()

    def copy_to(self, directory: Path) -> None:
        """A copy of the database in another folder; payloads stay where they are (`raw_from`)."""
        self._database.copy_to(directory / DATABASE_NAME)

    def keep_before(self, jump: str) -> None:
        """A copy of what is known before something that may have to be taken back; `jump` names it."""
        path = self._before(jump)
        path.unlink(missing_ok=True)
        self._database.copy_to(path)
        path.chmod(0o600)

    def go_back_before(self, jump: str) -> bool:
        """Everything is as it was then, but for what is on the sinks; False where that cannot be done."""
        path = self._before(jump)
        gone_back = path.exists() and self._database.go_back_to(path, _OF_THE_SINKS)
        if gone_back:
            self._database.accept()
        self.drop_before(jump)
        return gone_back

    def drop_before(self, jump: str) -> None:
        """It need not be taken back any more."""
        self._before(jump).unlink(missing_ok=True)

    def _before(self, jump: str) -> Path:
        return self.directory / f"{DATABASE_NAME}.before-{jump}"

    def back_up(self, today: date) -> Path:
        """Today's checked copy in `backups`, seven of which are kept."""
        return self._database.back_up(today)

    def damaged_copies(self) -> tuple[str, ...]:
        """The names of copies that are no longer what they were when they were made."""
        return tuple(copy.name for copy in damaged_copies(self.directory))

    def check(self) -> None:
        """Look through the whole database. Raises StoreDamaged."""
        self._database.check()

    def tidy(self) -> None:
        """Housekeeping of the database file itself."""
        self._database.tidy()

    def compact(self) -> None:
        """Give deleted rows back to the disk: until then their bytes are in the file."""
        self._database.compact()

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """For what concerns every table, such as an export or a deletion; the repositories know their own."""
        return self._database.rows(sql, values)

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        """The same for statements; how many rows changed."""
        return self._database.run(sql, values)

    def tables(self) -> Iterator[tuple[str, list[dict[str, Value]]]]:
        """Every table with its rows, for an export; the seal is that of this very file."""
        for row in self._database.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"):
            name = str(row["name"])
            if not name.startswith("sqlite_"):
                records = map(dict, self._database.rows(f'SELECT * FROM "{name}"'))  # noqa: S608
                yield name, [record for record in records if record.get("key") != SEAL_KEY]

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing over several repositories; never around a request to a service."""
        return self._database.transaction()

    def close(self) -> None:
        """Close the database; uncommitted work is gone."""
        self._database.close()

    def _close_after(self, error: BaseException) -> None:
        """What failed on a value that nobody wrote is no fault of ours: it is said to be damage."""
        is_known = isinstance(error, StoreError) or not isinstance(error, Exception)
        if not is_known and self._database.is_damaged():
            raise damaged(self.directory / DATABASE_NAME, "pages are not as they were written") from error
        self._database.close(seal=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self._close_after(error)
