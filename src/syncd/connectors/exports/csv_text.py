"""Tables as the world saves them: any usual encoding and separator, bounded where they are hostile."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import IO

LONGEST_CELL = 1 << 18  # our default: descriptions have a few thousand characters
MOST_BYTES = 48 << 20  # our default: twenty years of a table take 20 MB
_LONGEST_KEPT, _MOST_COLUMNS = 1200, 400  # our defaults, of what is handed over
_HEAD = 1 << 16
_MOST_BROKEN = 50  # rows with a quotation mark that nothing closes
_MOST_LINES, _MOST_LINES_A_ROW = 500_000, 500
_LONGEST_LINE = 1 << 20
_LONGEST_ROW = 2 << 20
_SEPARATORS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What programs save tables in that are not UTF-8, in the order in which they are tried.
_OLD_ENCODINGS = ("cp1252", "cp1250", "cp1251", "cp1254", "cp1253", "cp932", "gb18030", "cp949", "big5")


class _Bounded(io.RawIOBase):
    """The beginning of a stream, and not more of it than a table may have."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head, self._stream, self._left = head, stream, MOST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview | bytearray) -> int:  # type: ignore[override]
        size = min(len(buffer), self._left)
        chunk = self._head[:size] or self._stream.read(size)
        self._head = self._head[size:]
        self._left -= len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)


def rows_of(stream: IO[bytes], is_at_home: Callable[[list[str]], bool]) -> Generator[list[str], None, None]:
    """The rows with anything in them, the first is the header; close it. Never raises on content.

    `is_at_home` says of a header whether its words are known: that decides between encodings in which
    every byte is some letter. A row with an open quotation mark costs itself, not the rows after it.
    """
    head = _filled(stream, _HEAD)
    encoding, skip = _encoding_of(head, is_at_home)
    separator = _separator_of(head[skip:].decode(encoding, "replace"))
    text = io.TextIOWrapper(
        io.BufferedReader(_Bounded(head[skip:], stream)), encoding=encoding, errors="replace", newline=""
    )
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        for row in _joined_rows(_mended_rows(text, separator)):
            kept = [cell[:_LONGEST_KEPT] for cell in row[:_MOST_COLUMNS]]
            if any(cell.strip() for cell in kept) and not _is_hint(kept):
                yield kept
    finally:
        csv.field_size_limit(before)


def number_in(text: str) -> float | None:
    """A number as people's tables have it, `7`, `7.0` or `7,0`; None for anything else."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def _filled(stream: IO[bytes], size: int) -> bytes:
    """So many bytes, or all there are: a stream may give less at a time."""
    parts: list[bytes] = []
    while size > 0 and (chunk := stream.read(size)):
        parts.append(chunk)
        size -= len(chunk)
    return b"".join(parts)


def _encoding_of(head: bytes, is_at_home: Callable[[list[str]], bool]) -> tuple[str, int]:
    """The encoding, and the length of the mark before the text."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    if head[1:2] == b"\x00" and head[:1] != b"\x00":
        return "utf-16-le", 0
    if head[:1] == b"\x00" and head[1:2] != b"\x00":
        return "utf-16-be", 0
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        for encoding in _OLD_ENCODINGS:
            text = head.decode(encoding, "replace")
            if is_at_home(next(csv.reader([_first_line(text)], delimiter=_separator_of(text)), [])):
                return encoding, 0
    return "utf-8", 0


def _separator_of(text: str) -> str:
    """The one of which the first line has most, outside of quotation marks."""
    line = "".join(_first_line(text).split('"')[::2])
    return max(_SEPARATORS, key=line.count)


def _first_line(text: str) -> str:
    lines = (line for line in text.splitlines() if line.strip() and not line.lower().startswith("sep="))
    return next(lines, "")


def _is_hint(row: list[str]) -> bool:
    """`sep=;`, which a spreadsheet writes for itself."""
    return row[0].lower().startswith("sep=") and not any(row[1:])


def _joined_rows(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows; those that a line end without quotation marks broke in two and more are one again."""
    width, lines = 0, 0
    waiting: list[str] = []
    for row in rows:
        if waiting and not any(row):
            continue
        if waiting and lines < _MOST_LINES_A_ROW and _goes_on(waiting, row, width):
            waiting = [*waiting[:-1], f"{waiting[-1]}\n{row[0]}"[:LONGEST_CELL], *row[1:]]
            lines += 1
            continue
        if waiting:
            yield waiting
        waiting, lines = [], 0
        if width and 1 < len(row) < width:
            waiting = row
            continue
        if not width and any(row) and not _is_hint(row):
            width = len(row)
        yield row
    if waiting:
        yield waiting


def _goes_on(row: list[str], after: list[str], width: int) -> bool:
    """Whether the cells after a row that is too short are the rest of it: rows begin with their number."""
    is_numbered = number_in(row[0]) is not None
    return is_numbered and number_in(after[0]) is None and len(row) + len(after) - 1 <= width


class _Lines:
    """The lines of a text one by one; those of a row that went wrong are given back."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self._waiting: deque[str] = deque()
        self._left = _MOST_LINES
        self.used: list[str] = []  # by the row that is being read
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        """Raises csv.Error where a row takes more than any row does."""
        size = 0
        while line := self._next():
            size = size + len(line) if self.used else len(line)
            self.used.append(line)
            if len(self.used) > _MOST_LINES_A_ROW or size > _LONGEST_ROW:
                raise csv.Error("a row without an end")
            yield line.replace("\0", "")
        self.ended = True

    def _next(self) -> str:
        if self._waiting:
            return self._waiting.popleft()
        self._left -= 1
        return self._text.readline(_LONGEST_LINE) if self._left >= 0 else ""

    def give_back(self) -> str:
        """All that the row took but its first line, which is returned."""
        first, *others = self.used
        self._waiting.extendleft(reversed(others))
        self.used, self.ended = [], False
        return first


def _mended_rows(text: io.TextIOBase, separator: str) -> Iterator[list[str]]:
    """The rows; one that swallows those after it is taken for the line that it begins in."""
    lines, width, broken = _Lines(text), 0, 0
    while broken <= _MOST_BROKEN:
        try:
            for row in csv.reader(lines, delimiter=separator):
                if lines.ended or (len(lines.used) > 1 and len(row) > width > 0):
                    break
                width = width or len(row)
                lines.used.clear()
                yield row
        except csv.Error:
            pass
        if not lines.used:
            return
        broken += 1
        yield lines.give_back().replace('"', "").rstrip("\r\n").split(separator)
