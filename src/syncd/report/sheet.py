"""What a command shows, before it is known where: lines and columns, with tones instead of colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class Tone(StrEnum):
    """What a piece of text means; a terminal shows it as a colour or a weight, a pipe not at all."""

    NORMAL = "normal"
    STRONG = "strong"
    QUIET = "quiet"
    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class StyledText:
    """A piece of text with its tone."""

    text: str
    tone: Tone = Tone.NORMAL


StyledOrPlain: TypeAlias = str | StyledText
Cell: TypeAlias = StyledOrPlain | Sequence[StyledOrPlain]


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

    def say(self, *parts: StyledOrPlain, indent: int = 0, hang: int = 0) -> None:
        """Add a line, or several where the text has line ends."""
        lines: list[list[StyledText]] = [[]]
        for part in parts:
            styled = _styled(part)
            first, *more = styled.text.split("\n")
            lines[-1].append(StyledText(first, styled.tone))
            lines += [[StyledText(line, styled.tone)] for line in more]
        self.blocks += [Line(tuple(line), indent, hang) for line in lines]

    def gap(self) -> None:
        """Add an empty line."""
        self.say("")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], indent: int = 0) -> None:
        """Add rows of as many cells as there are columns, or fewer; nothing without rows."""
        cells = tuple(tuple(map(_cell, row)) for row in rows)
        if cells:
            self.blocks.append(Table(tuple(columns), cells, indent))

    def add(self, sheet: Sheet) -> None:
        """Add all of another sheet."""
        self.blocks += sheet.blocks

    def __str__(self) -> str:
        from syncd.report.rendering import rendered

        return rendered(self)

    def __bool__(self) -> bool:
        return bool(self.blocks)


def sheet_of(*lines: StyledOrPlain) -> Sheet:
    """A sheet of plain lines."""
    sheet = Sheet()
    for line in lines:
        sheet.say(line)
    return sheet


def from_text(text: str) -> Sheet:
    """Lines that were laid out already: what does not fit goes on at the same indent."""
    sheet = Sheet()
    for line in text.split("\n"):
        text = line.lstrip(" ")
        sheet.say(text, indent=len(line) - len(text))
    return sheet


def joined(sheets: Iterable[Sheet]) -> Sheet:
    """All sheets under each other, an empty line between them."""
    whole = Sheet()
    for place, sheet in enumerate(sheets):
        if place:
            whole.gap()
        whole.add(sheet)
    return whole


def _styled(text: StyledOrPlain) -> StyledText:
    return StyledText(text) if isinstance(text, str) else text


def _cell(cell: Cell) -> tuple[StyledText, ...]:
    parts = (cell,) if isinstance(cell, str | StyledText) else cell
    return tuple(map(_styled, parts))
