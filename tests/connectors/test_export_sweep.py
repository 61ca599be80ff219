"""Tables and archives that nobody wrote: whatever is changed in them, nothing raises, and all has bounds.

A few hundred changed files by default; a hundred thousand of each with SYNCD_SWEEP=full (half an hour).
"""

from __future__ import annotations

import csv
import io
import random
import struct
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from syncd.connectors.base import Rejected, Unavailable
from syncd.connectors.exports import ExportSource
from syncd.connectors.exports.strava_table import read_table
from syncd.domain.activity import RUNNING
from tests.connectors.test_strava_table import LANGUAGES, written
from tests.support.exports import fit, garmin_files, gpx, strava_files, zip_bytes
from tests.support.sweep import FULL, FULL_ROUNDS, Sweep, changed_bytes

ROUNDS = FULL_ROUNDS if FULL else 500
MOST_CHARACTERS = 4_000_000  # of a table: it takes memory too
pytestmark = pytest.mark.long

# --- tables

ODD_CELLS = (
    *(
        "",
        '"',
        '""',
        '"open',
        'shut"',
        "a\nb",
        "a\r\nb",
        "\r",
        "\n",
        ",",
        ";",
        "\t",
        ",,,,,,,,",
        "\0",
        "\ufeff",
    ),
    *("7", "7.0", "7,0", "1e999", "nan", "inf", "-1", "9" * 400, "Run", "Ride", "Lauf", "Filename", "Type"),
    *(
        "activities/9.fit.gz",
        "../../etc/passwd",
        "activities\\9.gpx",
        "Perceived Exertion",
        "2026-09-06 17:12",
    ),
    *("x" * 300_000, "é" * 5_000, "走" * 5_000, "\U0001f3c3", "جري الصباح", "a" + "\u0301" * 200, "sep=;"),
    *("=1", "\x1b[2J", "Sep 6, 2026, 5:12 PM"),
)


def changed_rows(dice: random.Random, rows: list[list[str]]) -> list[list[str]]:
    """A row, column or cell dropped, doubled, moved or replaced."""
    rows = [list(row) for row in rows]
    place = dice.randrange(len(rows))
    width = max(map(len, rows)) or 1
    column = dice.randrange(width)
    match dice.randrange(9):
        case 0:
            del rows[place]
        case 1:
            rows.insert(place, list(dice.choice(rows)))
        case 2:
            rows = [row[:column] + row[column + 1 :] for row in rows]
        case 3:
            odd = dice.choice(ODD_CELLS)
            rows = [[*row[:column], odd, *row[column:]] for row in rows]
        case 4:
            other = dice.randrange(width)
            for row in rows:
                if max(column, other) < len(row):
                    row[column], row[other] = row[other], row[column]
        case 5:
            rows[place] = rows[place][:column]
        case 6:
            rows += [list(rows[place]) for _ in range(dice.choice((2, 20, 300)))]
        case _:
            if rows[place]:
                rows[place][column % len(rows[place])] = dice.choice(ODD_CELLS)
    size = sum(len(cell) for row in rows for cell in row)
    return rows[:9] if size > MOST_CHARACTERS else rows or [[""]]


def changed_text(dice: random.Random, text: str) -> str:
    """A quotation mark, separator or line end more or less, or other ones."""
    place = dice.randrange(len(text) + 1)
    match dice.randrange(7):
        case 0:
            return text[:place] + dice.choice('",;\t|\n\r\0\ufeff') + text[place:]
        case 1:
            return (
                text.replace('"', "", 1)
                if dice.random() < 0.5
                else text[:place] + text[place:].replace('"', "", 1)
            )
        case 2:
            return text.replace("\r\n", dice.choice(("\n", "\r", "\n\n", "\r\r\n")))
        case 3:
            return text[:place]
        case 4:
            return text.replace(",", dice.choice(";\t| "))
        case 5:
            return text[:place] + '"' * dice.randrange(1, 9) + text[place:]
        case _:
            return "sep=;\n" + text


def changed_table(dice: random.Random, tables: Sequence[list[list[str]]]) -> bytes:
    """A table with up to six changes of its rows, its text and its bytes."""
    rows = dice.choice(tables)
    for _ in range(dice.randrange(4)):
        rows = changed_rows(dice, rows)
    text = io.StringIO()
    csv.writer(text, delimiter=dice.choice(",,,;\t"), quoting=dice.choice((0, 0, 1))).writerows(rows)
    plain = text.getvalue()
    for _ in range(dice.randrange(3)):
        plain = changed_text(dice, plain)
    encoding = dice.choice(
        ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1251", "gb18030", "utf-32")
    )
    content = plain.encode(encoding, "replace")
    return changed_bytes(dice, content) if dice.random() < 0.3 else content


def table_seeds() -> list[list[list[str]]]:
    short = [list(csv.reader(io.StringIO(written(*words).decode()))) for words in LANGUAGES.values()]
    wide = [[f"Column {n}" for n in range(101)], *([str(n)] * 101 for n in range(5))]
    return [*short, wide, [rows for table in short for rows in table]]


def test_no_changed_table_breaks_an_import() -> None:
    dice, seeds = random.Random(7), table_seeds()
    read_table(io.BytesIO(written(*LANGUAGES["de"])))
    sweep = Sweep(ROUNDS)
    rows = 0
    for _ in range(ROUNDS):
        content = changed_table(dice, seeds)
        before = csv.field_size_limit()
        table = sweep.time(partial(read_table, io.BytesIO(content)))
        assert csv.field_size_limit() == before
        rows += len(table.rows)
        assert all(row.rpe is None or 1 <= row.rpe <= 10 for row in table.rows)
    assert rows > ROUNDS
    sweep.check("tables")


def test_what_does_not_change_the_meaning_of_a_table_changes_nothing_that_is_read() -> None:
    dice = random.Random(11)
    languages = [
        words for name, words in LANGUAGES.items() if "nobody" not in name and "no header" not in name
    ]
    for _ in range(ROUNDS // 10):
        rows = list(csv.reader(io.StringIO(written(*dice.choice(languages)).decode())))
        order = list(range(len(rows[0])))
        extra = dice.randrange(4)
        dice.shuffle(order)
        rows = [
            [*(row[place] for place in order), *(["Photo"] if n == 0 else [""]) * extra]
            for n, row in enumerate(rows)
        ]
        text = io.StringIO()
        csv.writer(text, delimiter=dice.choice(",;\t"), quoting=dice.choice((0, 1))).writerows(rows)
        found = read_table(io.BytesIO(text.getvalue().encode(dice.choice(("utf-8", "utf-8-sig", "utf-16")))))
        told = {row.file: (row.name, row.sport and row.sport.sport, row.rpe) for row in found.rows}
        assert told == {
            "activities/1.fit.gz": ("Alba", RUNNING, 7.0),
            "activities/2.gpx": ("Al lavoro", "cycling", None),
        }, rows


# --- archives

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
# Where the fields of each record are: offset and width in bytes.
FIELDS = {
    LOCAL: ((4, 2), (6, 2), (8, 2), (10, 4), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)),
    CENTRAL: (
        *((4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2), (32, 2)),
        *((34, 2), (36, 2), (38, 4), (42, 4)),
    ),
    END: ((4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)),
}
ODD_NUMBERS = (
    0,
    1,
    2,
    8,
    9,
    12,
    14,
    20,
    0x7F,
    0xFF,
    0x800,
    0xFFFE,
    0xFFFF,
    0x7FFFFFFF,
    0xFFFFFFFE,
    0xFFFFFFFF,
)
ODD_NAMES = (
    "../../x.fit",
    "/x.fit",
    "C:\\x.fit",
    "x.zip",
    ".fit",
    "a/" * 200 + "x.fit",
    "جري.fit",
    "x\0y.fit",
    "\x1b.fit",
    "x.fit/",
)


def records_in(data: bytes | bytearray) -> list[tuple[bytes, int]]:
    """Kind and place of each record of an archive."""
    found = []
    for kind in FIELDS:
        place = data.find(kind)
        while place >= 0:
            found.append((kind, place))
            place = data.find(kind, place + 1)
    return found


def changed_archive(dice: random.Random, content: bytes) -> bytes:
    """Fields of records, records and stretches that are others."""
    data = bytearray(content)
    for _ in range(dice.randint(1, 5)):
        records = records_in(data)
        if not records or dice.random() < 0.15:
            data = bytearray(changed_bytes(dice, bytes(data)))
            continue
        kind, place = dice.choice(records)
        match dice.randrange(8):
            case 0 | 1 | 2 | 3 | 4:
                at, width = dice.choice(FIELDS[kind])
                value = dice.choice(ODD_NUMBERS)
                if dice.random() < 0.3:
                    value = dice.choice(records)[1]
                if place + at + width <= len(data):
                    struct.pack_into(
                        "<H" if width == 2 else "<L",
                        data,
                        place + at,
                        value & (0xFFFF if width == 2 else 0xFFFFFFFF),
                    )
            case 5:
                other = dice.choice(records)[1]
                data[place:place] = data[other : other + dice.randrange(22, 400)]
            case 6:
                data[:0] = dice.randbytes(dice.randrange(60))
            case _:
                del data[place : place + dice.randrange(1, 60)]
    return bytes(data)


def fresh_archive(dice: random.Random, depth: int = 0) -> bytes:
    """An archive of odd names and contents, packed in every way, and perhaps archives of such."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        if dice.random() < 0.2:
            archive.comment = dice.randbytes(dice.randrange(300))
        for _ in range(dice.randrange(6)):
            name = dice.choice((*ODD_NAMES, f"{dice.randrange(9)}.fit", "activities.csv", "a.gpx.gz"))
            inner = depth < 4 and dice.random() < 0.3
            name = f"{dice.randrange(9)}.zip" if inner else name
            content = fresh_archive(dice, depth + 1) if inner else dice.choice(CONTENTS)
            info = zipfile.ZipInfo(name)
            info.compress_type = dice.choice((0, 8, 8, 8, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
            archive.writestr(
                info, changed_archive(dice, content) if inner and dice.random() < 0.3 else content
            )
    return whole.getvalue()


CONTENTS = (
    *(b"", b"x", fit(0), gpx(0), bytes(3 << 20), b"a" * 200_000, b"PK\x03\x04", b"\x1f\x8b\x08", b"[" * 9000),
    written(*LANGUAGES["de"]),
)


def read_whole(path: Path) -> int:
    """Everything that an archive lists, and how much could be read."""
    read = 0
    try:
        source = ExportSource(path)
    except (Rejected, Unavailable):
        return 0
    try:
        for ref in source.list_since(""):
            with suppress(Rejected, Unavailable):
                read += len(source.fetch(ref).content) > 0
        source.remarks()
        source.ignored()
    finally:
        source.close()
    return read


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_no_changed_archive_breaks_an_import(tmp_path: Path) -> None:
    dice = random.Random(13)
    seeds = [zip_bytes(strava_files()), zip_bytes(garmin_files()), zip_bytes({"1.fit": fit(0)})]
    path = tmp_path / "x.zip"
    for seed in seeds:
        path.write_bytes(seed)
        assert read_whole(path)
    sweep = Sweep(ROUNDS)
    read = 0
    for number in range(ROUNDS):
        fresh = fresh_archive(dice) if number % 2 else dice.choice(seeds)
        path.write_bytes(changed_archive(dice, fresh) if number % 4 != 1 else fresh)
        read += sweep.time(partial(read_whole, path))
    assert read > ROUNDS / 10
    sweep.check("archives")
