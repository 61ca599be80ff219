"""Which runs Strava has: kept between syncs, so that one request a sync is enough to know of all."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from syncd.connectors.base import Unavailable
from syncd.durable import private_folder, write_whole

_TRIES = 3
_HOUR_S, _DAY_S = 3600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Row:
    """A run of the list; `start_s` in seconds since the epoch."""

    remote_id: str
    fingerprint: str
    name: str
    start_s: float


@dataclass(frozen=True, slots=True)
class FailedRun:
    """A run that the service failed on: how often, counted once an hour, and when last."""

    tries: int
    last_s: float

    def again(self, now_s: float) -> FailedRun:
        """It failed once more."""
        return FailedRun(self.tries + 1, now_s) if abs(now_s - self.last_s) >= _HOUR_S else self

    def parked(self, now_s: float) -> bool:
        """Whether it is left alone for now: it failed three times, and less than a day ago."""
        return self.tries >= _TRIES and abs(now_s - self.last_s) < _DAY_S


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`whole`: it holds everything that there is, not only the last weeks. Times since the epoch.

    `listed_s`: when the list was read last; `wide_s`: when it was read far back.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    failed: dict[str, FailedRun] = field(default_factory=dict)
    whole: bool = False
    listed_s: float = 0.0
    wide_s: float = 0.0

    def with_listing(self, listed: list[Row], after_s: float | None) -> Catalogue:
        """What is there now: a listing knows best about the time after `after_s` (None: about all)."""
        older = {} if after_s is None else self._before(after_s)
        return replace(self, rows=older | {row.remote_id: row for row in listed})

    def since(self, after_s: float) -> Catalogue:
        """Without the older ones, which are all taken; those that the service failed on stay."""
        older = [remote_id for remote_id in self._before(after_s) if remote_id not in self.failed]
        rows = {remote_id: row for remote_id, row in self.rows.items() if remote_id not in set(older)}
        return replace(self, rows=rows, whole=self.whole and not older)

    def with_failure(self, remote_id: str, now_s: float) -> Catalogue:
        """The service failed on a run."""
        known = self.failed.get(remote_id)
        now = FailedRun(1, now_s) if known is None else known.again(now_s)
        return replace(self, failed={**self.failed, remote_id: now})

    def without_failure(self, remote_id: str) -> Catalogue:
        """The service gave the run, or will never do so."""
        return replace(
            self, failed={failed_id: run for failed_id, run in self.failed.items() if failed_id != remote_id}
        )

    def offered(self, now_s: float) -> list[Row]:
        """The runs that can be asked for, newest first."""
        free = [row for row in self.rows.values() if not self.is_parked(row.remote_id, now_s)]
        return sorted(free, key=lambda row: (row.start_s, int(row.remote_id)), reverse=True)

    def is_parked(self, remote_id: str, now_s: float) -> bool:
        """Whether a run is left alone for now."""
        known = self.failed.get(remote_id)
        return known is not None and known.parked(now_s)

    def _before(self, after_s: float) -> dict[str, Row]:
        return {remote_id: row for remote_id, row in self.rows.items() if row.start_s < after_s}


def load(path: Path) -> Catalogue:
    """What was kept; an empty one where there is none, or a damaged one. Raises Unavailable."""
    try:
        return _catalogue(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return Catalogue()
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError):
        return Catalogue()


def save(path: Path, catalogue: Catalogue) -> None:
    """Whole or not at all. Raises Unavailable."""
    kept = {
        "rows": [[row.remote_id, row.fingerprint, row.name, row.start_s] for row in catalogue.rows.values()],
        "failed": {remote_id: [run.tries, run.last_s] for remote_id, run in catalogue.failed.items()},
        "whole": catalogue.whole,
        "listed_s": catalogue.listed_s,
        "wide_s": catalogue.wide_s,
    }
    try:
        private_folder(path.parent)
        write_whole(path, json.dumps(kept, separators=(",", ":")).encode())
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}") from error


def _catalogue(kept: dict[str, Any]) -> Catalogue:
    rows = [
        Row(str(remote_id), str(mark), str(name), float(start))
        for remote_id, mark, name, start in kept["rows"]
    ]
    if not all(row.remote_id.isdecimal() for row in rows):
        raise ValueError("not a catalogue")
    return Catalogue(
        rows={row.remote_id: row for row in rows},
        failed={
            str(remote_id): FailedRun(int(tries), float(last))
            for remote_id, (tries, last) in kept["failed"].items()
        },
        whole=kept["whole"] is True,
        listed_s=float(kept["listed_s"]),
        wide_s=float(kept["wide_s"]),
    )
