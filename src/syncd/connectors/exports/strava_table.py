"""`activities.csv` of Strava's export: what the athlete called a run, how hard it was, its file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

TABLE = "activities.csv"
_LONGEST_CELL = 1 << 20
_MOST_ROWS = 200_000  # our default
_NAME, _KIND, _FILE, _RPE = "Activity Name", "Activity Type", "Filename", "Perceived Exertion"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One activity. `file` is "" for one without a recording; `rpe` is 1 to 10."""

    file: str
    name: str = ""
    kind: str = ""
    rpe: float | None = None


@dataclass(frozen=True, slots=True)
class ActivityTable:
    """The rows, and whether the headers were English; otherwise only the files are known."""

    rows: tuple[TableRow, ...] = ()
    understood: bool = True


def read_table(stream: IO[bytes]) -> ActivityTable:
    """The table, tolerant of missing columns and damaged rows. Never raises on content.

    Headers repeat (elapsed time and distance come twice): the first of a name is taken.
    """
    before = csv.field_size_limit(_LONGEST_CELL)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    try:
        rows = csv.reader(text)
        headers = next(rows, [])
        places: dict[str, int] = {}
        for place, header in enumerate(headers):
            places.setdefault(header.strip(), place)
        if _FILE not in places:
            return ActivityTable(understood=False)
        return ActivityTable(tuple(_rows(rows, places)))
    except csv.Error:
        return ActivityTable(understood=False)
    finally:
        text.detach()  # the stream is the caller's
        csv.field_size_limit(before)


def _rows(rows: Iterator[list[str]], places: dict[str, int]) -> Iterator[TableRow]:
    for count, row in enumerate(rows):
        if count >= _MOST_ROWS:
            return

        def cell(name: str, row: list[str] = row) -> str:
            place = places.get(name)
            return row[place].strip() if place is not None and place < len(row) else ""

        if any(row):
            yield TableRow(cell(_FILE).replace("\\", "/"), cell(_NAME), cell(_KIND), _rpe(cell(_RPE)))


def _rpe(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 1 <= value <= 10 else None
