"""What a command says, before it is known where: lines and columns, with tones instead of colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Tone(StrEnum):
    """What a few words mean; a terminal shows it as a colour or a weight, a pipe not at all."""

    NORMAL = "normal"
    STRONG = "strong"
    QUIET = "quiet"
    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class StyledText:
    """A few words with their tone."""

    text: str
    tone: Tone = Tone.NORMAL


Inline: TypeAlias = str | StyledText
Cell: TypeAlias = Inline | Sequence[Inline]


@dataclass(frozen=True, slots=True)
class Column:
    """`least`: its width at least; `right`: aligned to the right; `whole`: never broken into lines."""

    least: int = 0
    right: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line; where it has to be broken, the rest hangs `hang` characters further right."""

    parts: tuple[StyledText, ...]
    indent: int = 0
    hang: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under each other, two spaces between the columns."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[StyledText, ...], ...], ...]
    indent: int = 0


@dataclass(slots=True)
class Sheet:
    """Lines and tables from top to bottom; `str()` is the form that a pipe gets."""

    blocks: list[Line | Table] = field(default_factory=list)

    def say(self, *parts: Inline, indent: int = 0, hang: int = 0) -> None:
        """Add a line, or one each where the words hold line ends."""
        lines: list[list[StyledText]] = [[]]
        for part in parts:
            said = _said(part)
            first, *more = said.text.split("\n")
            lines[-1].append(StyledText(first, said.tone))
            lines += [[StyledText(each, said.tone)] for each in more]
        self.blocks += [Line(tuple(line), indent, hang) for line in lines]

    def gap(self) -> None:
        """Add an empty line."""
        self.say("")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], indent: int = 0) -> None:
        """Add rows of as many cells as there are columns, or fewer; nothing without rows."""
        cells = tuple(tuple(_cell(each) for each in row) for row in rows)
        if cells:
            self.blocks.append(Table(tuple(columns), cells, indent))

    def add(self, other: Sheet) -> None:
        """Add all of another sheet."""
        self.blocks += other.blocks

    def __str__(self) -> str:
        from syncd.report.rendering import rendered

        return rendered(self)

    def __bool__(self) -> bool:
        return bool(self.blocks)


def told(*lines: Inline) -> Sheet:
    """A sheet of plain lines."""
    sheet = Sheet()
    for line in lines:
        sheet.say(line)
    return sheet


def from_text(text: str) -> Sheet:
    """Lines that were laid out already: what does not fit goes on at the same indent."""
    sheet = Sheet()
    for line in text.split("\n"):
        words = line.lstrip(" ")
        sheet.say(words, indent=len(line) - len(words))
    return sheet


def joined(sheets: Iterable[Sheet]) -> Sheet:
    """All sheets under each other, an empty line between them."""
    whole = Sheet()
    for place, sheet in enumerate(sheets):
        if place:
            whole.gap()
        whole.add(sheet)
    return whole


def _said(words: Inline) -> StyledText:
    return StyledText(words) if isinstance(words, str) else words


def _cell(cell: Cell) -> tuple[StyledText, ...]:
    parts = (cell,) if isinstance(cell, str | StyledText) else cell
    return tuple(_said(each) for each in parts)
