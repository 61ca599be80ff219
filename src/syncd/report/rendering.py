"""A sheet as characters: for a pipe, or for a terminal of so many columns, with colours or without."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.table import Table as Grid
from rich.text import Text

from syncd.domain.plain_text import plain
from syncd.report.plain import fitting
from syncd.report.sheet import Line, Sheet, StyledText, Table, Tone

_ENDLESS = 100_000  # columns of a pipe
_NARROWEST = 30
_COLUMNS_NEED = 60  # our default: below, a table that does not fit becomes lines
_WORD = re.compile(r"(\S+)\s*|\s+")
_ROW_HANG = 7  # where the text of most lines begins
_STYLES: Mapping[Tone, Style] = {
    Tone.NORMAL: Style(),
    Tone.STRONG: Style(bold=True),
    Tone.QUIET: Style(dim=True),
    Tone.GOOD: Style(color="green"),
    Tone.FAIR: Style(color="yellow"),
    Tone.BAD: Style(color="red"),
    Tone.MARK: Style(color="cyan"),
}


def rendered(
    sheet: Sheet, width: int | None = None, *, colours: bool = False, encoding: str | None = None
) -> str:
    """The text, without a line end at its end. `width` None is a pipe: no line is broken.

    `encoding` is what the reader can show (see `fitting`). Names from files and services are made
    harmless here.
    """
    file = StringIO()
    console = Console(
        file=file,
        width=_ENDLESS if width is None else max(width, _NARROWEST),
        color_system="standard" if colours else None,
        force_terminal=colours,
        force_interactive=False,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        safe_box=True,
    )
    for block in sheet.blocks:
        if isinstance(block, Line):
            _print_line(console, block, encoding)
        else:
            _print_table(console, block, encoding)
    return "\n".join(line.rstrip() for line in file.getvalue().split("\n")).rstrip("\n")


def _text(parts: Sequence[StyledText], encoding: str | None) -> Text:
    text = Text(overflow="fold")
    for part in parts:
        shown = fitting(plain(part.text).replace("\n", " "), encoding)
        text.append(shown, _STYLES[part.tone])
    return text


def _print_line(console: Console, line: Line, encoding: str | None) -> None:
    text = _text(line.parts, encoding)
    for place, part in enumerate(_broken(console, text, line.indent, line.hang)):
        _print_whole(console, part, line.indent + (line.hang if place else 0))


def _broken(console: Console, text: Text, indent: int, hang: int) -> Iterator[Text]:
    """The lines of a text; the first may be wider than those that hang under it.

    A word wider than the terminal (an address, a path) stays whole, so that it can be copied.
    """
    room = max(console.width - indent, 1)
    for line in text.divide(_breaks(text.plain, room, max(room - hang, 1))):
        line.rstrip()
        yield line


def _breaks(text: str, first: int, others: int) -> Iterator[int]:
    """Where the lines after the first begin."""
    room, used = first, 0
    for word in _WORD.finditer(text):
        if used and used + cell_len(word[1] or "") > room:
            yield word.start()
            room, used = others, 0
        used += cell_len(word[0])


def _print_table(console: Console, table: Table, encoding: str | None) -> None:
    rows = [[_text(cell, encoding) for cell in row] for row in table.rows]
    if console.width < _COLUMNS_NEED and _natural_width(table, rows) > console.width:
        for row in rows:
            _print_row(console, table, row)
        return
    grid = Grid.grid(padding=(0, 2, 0, 0), pad_edge=False)
    for column in table.columns:
        grid.add_column(
            justify="right" if column.right else "left",
            min_width=column.least or None,
            no_wrap=column.whole,
            overflow="fold",
        )
    for row in rows:
        grid.add_row(*row)
    console.print(Padding(grid, (0, 0, 0, table.indent), expand=False))


def _natural_width(table: Table, rows: Sequence[Sequence[Text]]) -> int:
    widths = [
        max([column.least, *(row[place].cell_len for row in rows if place < len(row))])
        for place, column in enumerate(table.columns)
    ]
    return table.indent + sum(widths) + 2 * (len(widths) - 1)


def _print_row(console: Console, table: Table, row: Sequence[Text]) -> None:
    text = Text("  ").join([cell for cell in row if cell.plain.strip()])
    indent = min(table.indent, console.width // 6)
    hang = min(_ROW_HANG, console.width // 3)
    for place, part in enumerate(_broken(console, text, indent, hang)):
        _print_whole(console, part, indent + (hang if place else 0))


def _print_whole(console: Console, text: Text, indent: int) -> None:
    console.print(Text(" " * indent).append_text(text), no_wrap=True, overflow="ignore", crop=False)
