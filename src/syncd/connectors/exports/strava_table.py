"""`activities.csv` of Strava's export: what the athlete called a run, how hard it was, its sport and file.

Names and number of columns change with the language of the account and over the years. A column is found by
the header that it has in a language that is known, else by words in its header, else by what is in it and
where it stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from math import isfinite
from typing import IO

from syncd.connectors.exports.csv_text import number_in, rows_of
from syncd.connectors.exports.strava_words import (
    TableColumn,
    field_by_words,
    field_of,
    is_listed_kind,
    kind_named,
)
from syncd.formats.sports import Sport

TABLE = "activities.csv"
_MOST_ROWS = 100_000  # our default
_LOOKED_AT = 200  # rows that say what is in a column
_LONGEST_NAME, _LONGEST_NOTE, _LONGEST_KIND = 200, 1000, 60
_YES = frozenset({"1", "1.0", "true"})
_RECORDING = re.compile(r"\.(fit|tcx|gpx)(\.gz)?$", re.IGNORECASE)
# In every full table since 2019: number, date, name and kind come first, the effort so many columns after
# the file.
_KIND_PLACE, _EFFORT_AFTER_FILE = 3, 31
_LEAST_TO_FILE = 7  # columns up to the file, of the shortest table that is known


@dataclass(frozen=True, slots=True)
class TableRow:
    """One activity. `file` is "" for one without a recording; `rpe` is 1 to 10; `raced`: marked as a race.

    `kind` is the service's word for the sport, `sport` None where it is not understood.
    """

    file: str
    name: str = ""
    kind: str = ""
    sport: Sport | None = None
    rpe: float | None = None
    notes: str = ""
    raced: bool = False


@dataclass(frozen=True, slots=True)
class ActivityTable:
    """The rows, and whether names and sports were found in them; else only the files may be known."""

    rows: tuple[TableRow, ...] = ()
    understood: bool = True


def read_table(stream: IO[bytes]) -> ActivityTable:
    """The table, tolerant of missing columns and damaged rows. Never raises on content."""
    with closing(rows_of(stream, _is_at_home)) as rows:
        first = list(islice(rows, _LOOKED_AT + 1))
        if not first:
            return ActivityTable(understood=False)
        has_header = not any(map(_is_file, first[0]))
        headers = first[0] if has_header else []
        sample = first[1:] if has_header else first
        places = _places(headers, sample)
        if TableColumn.FILE not in places:
            return ActivityTable(understood=False)
        every = islice(chain(sample, rows), _MOST_ROWS)
        read = tuple(row for cells in every if (row := _row(cells, places)) is not None)
    return ActivityTable(read, TableColumn.NAME in places and TableColumn.KIND in places)


def _is_at_home(headers: list[str]) -> bool:
    """Whether the words of a header are known in some language."""
    exact = {field_of(header) for header in headers} - {None}
    by_words = {field_by_words(header) for header in headers} - {None}
    return len(exact) >= 2 or len(by_words) >= 3


# --- which column is what


def _places(headers: Sequence[str], sample: Sequence[list[str]]) -> dict[TableColumn, int]:
    """Where each column is; headers repeat, and the first of a name is taken."""
    width = max(len(row) for row in (headers, *sample))
    columns = [[row[place].strip() for row in sample if place < len(row)] for place in range(width)]
    found = _first_places(headers, field_of)
    by_content = _place_of_files(columns)
    if by_content is not None:
        found[TableColumn.FILE] = by_content
    for field, place in _first_places(headers, field_by_words).items():
        if place not in found.values():
            found.setdefault(field, place)
    called_so = found.pop(TableColumn.KIND, None)
    _note(found, TableColumn.KIND, _place_of_kinds(headers, columns, found))
    if TableColumn.KIND not in found:
        _note(found, TableColumn.KIND, called_so)
    if TableColumn.NAME not in found:
        _note(found, TableColumn.NAME, _place_of_names(columns, found))
    if TableColumn.DESCRIPTION not in found:
        _note(found, TableColumn.DESCRIPTION, _place_of_descriptions(columns, found))
    if TableColumn.EFFORT not in found:
        _note(found, TableColumn.EFFORT, _place_of_efforts(columns, found))
    return found


def _first_places(
    headers: Iterable[str], named: Callable[[str], TableColumn | None]
) -> dict[TableColumn, int]:
    places: dict[TableColumn, int] = {}
    for place, header in enumerate(headers):
        field = named(header)
        if field is not None:
            places.setdefault(field, place)
    return places


def _note(found: dict[TableColumn, int], field: TableColumn, place: int | None) -> None:
    if place is not None:
        found[field] = place


def _is_file(cell: str) -> bool:
    return len(cell) < 1000 and bool(_RECORDING.search(cell.strip()))


def _place_of_files(columns: Sequence[Sequence[str]]) -> int | None:
    return _most(columns, _is_file)


def _most(columns: Sequence[Sequence[str]], holds: Callable[[str], bool]) -> int | None:
    """The first column with most cells of that sort; None where no cell is."""
    counts = [sum(map(holds, column)) for column in columns]
    return counts.index(max(counts)) if any(counts) else None


def _is_number_or_file(cell: str) -> bool:
    return number_in(cell) is not None or _is_file(cell)


def _place_of_kinds(
    headers: Sequence[str], columns: Sequence[Sequence[str]], found: Mapping[TableColumn, int]
) -> int | None:
    """The column that is called so and holds sports; else that with most words of Strava's list.

    Full tables have a second column of types, which holds none. Names may be sports too: `Morning Run`.
    """
    free = [place for place in range(len(columns)) if place not in found.values()]
    before = [place for place in free if place < found.get(TableColumn.FILE, len(columns))]
    called_so = [place for place in free if place < len(headers) and _is_called_kind(headers[place])]
    for places, holds in (
        (called_so, kind_named),
        (before, is_listed_kind),
        (before, kind_named),
        (free, is_listed_kind),
    ):
        counts = {place: _count_of_kinds(columns[place], holds) for place in places}
        most = max(counts.values(), default=0)
        if most:
            likely = [place for place in places if counts[place] == most]
            return _KIND_PLACE if _KIND_PLACE in likely else likely[0 if places is called_so else -1]
    return None


def _count_of_kinds(cells: Sequence[str], holds: Callable[[str], object]) -> int:
    """How many cells hold a kind; most of a table are numbers, which are cheap to tell, or repeat."""
    return sum(
        count
        for cell, count in Counter(cells).items()
        if 0 < len(cell) <= _LONGEST_KIND and number_in(cell) is None and holds(cell)
    )


def _is_called_kind(header: str) -> bool:
    return TableColumn.KIND in (field_of(header), field_by_words(header))


def _place_of_names(columns: Sequence[Sequence[str]], found: Mapping[TableColumn, int]) -> int | None:
    """The column before the kinds, where it holds words."""
    kind = found.get(TableColumn.KIND)
    if kind is None or kind == 0 or kind - 1 in found.values():
        return None
    cells = [cell for cell in columns[kind - 1] if cell]
    words = sum(any(map(str.isalpha, cell)) and not _looks_like_a_date(cell) for cell in cells)
    return kind - 1 if words * 2 > len(cells) else None


def _place_of_descriptions(columns: Sequence[Sequence[str]], found: Mapping[TableColumn, int]) -> int | None:
    """The column after the kinds, where it holds no numbers."""
    place = found.get(TableColumn.KIND, -2) + 1
    if not 0 < place < len(columns) or place in found.values():
        return None
    return None if any(map(_is_number_or_file, columns[place])) else place


def _looks_like_a_date(cell: str) -> bool:
    return bool(re.search(r"\b(19|20)\d\d\b", cell)) and bool(re.search(r"\d:\d\d", cell))


def _place_of_efforts(columns: Sequence[Sequence[str]], found: Mapping[TableColumn, int]) -> int | None:
    """Where it stands in a full table; else the only column after the file with numbers from 1 to 10."""
    file = found.get(TableColumn.FILE)
    if file is None:
        return None
    place = file + _EFFORT_AFTER_FILE
    if file >= _LEAST_TO_FILE and place < len(columns):
        return place if _holds_efforts(columns[place]) else None
    likely = [place for place in range(file + 1, len(columns)) if _holds_efforts(columns[place])]
    return likely[0] if len(likely) == 1 else None


def _holds_efforts(cells: Sequence[str]) -> bool:
    given = [cell for cell in cells if cell]
    return bool(given) and all(_rpe(cell) is not None for cell in given)


# --- what is in a row


def _row(cells: Sequence[str], places: Mapping[TableColumn, int]) -> TableRow | None:
    """What a row says; None where it says nothing."""
    shift = _shift(cells, places[TableColumn.FILE])

    def cell(field: TableColumn) -> str:
        place = places.get(field, -1)
        return cells[place + shift].strip() if 0 <= place < len(cells) - shift else ""

    kind, file = cell(TableColumn.KIND)[:_LONGEST_NAME], cell(TableColumn.FILE).replace("\\", "/")
    if not _is_file(file):
        file = ""
    if not (file or kind):
        return None
    notes = "\n".join(filter(None, (cell(TableColumn.DESCRIPTION), cell(TableColumn.NOTE))))
    return TableRow(
        file=file,
        name=cell(TableColumn.NAME)[:_LONGEST_NAME],
        kind=kind,
        sport=kind_named(kind),
        rpe=_rpe(cell(TableColumn.EFFORT)),
        notes=notes[:_LONGEST_NOTE],
        raced=cell(TableColumn.RACE).lower() in _YES,
    )


def _shift(cells: Sequence[str], file: int) -> int:
    """How many columns a row with a lost quotation mark moved: a date has commas."""
    if file < len(cells) and (not cells[file].strip() or _is_file(cells[file])):
        return 0
    place = next(
        (place for place in range(file + 1, min(file + 20, len(cells))) if _is_file(cells[place])), file
    )
    return place - file


def _rpe(text: str) -> float | None:
    value = number_in(text)
    return value if value is not None and isfinite(value) and 1 <= value <= 10 else None
