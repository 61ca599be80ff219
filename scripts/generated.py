"""What the scripts that write pages share: the commands of the program, and one way to write or to check."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def leaves(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """The commands that do something, each with its words; groups lie inside groups."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield " ".join(words), command
        return
    for name, each in inner.items():
        if not each.hidden:
            yield from leaves(each, (*words, name))


def usage(words: str, command: Any) -> str:
    """The command with its arguments."""
    arguments = [argument(each) for each in command.params if each.param_type_name == "argument"]
    return " ".join(["syncd", words, *arguments])


def argument(each: Any) -> str:
    """An argument as help shows it, in brackets where it can be left out."""
    name = (each.metavar or each.name).upper().strip("[]")
    return name if each.required else f"[{name}]"


def one_line(text: str) -> str:
    """Without line breaks and indentation."""
    return " ".join(text.split())


def table(head: str, rows: list[tuple[str, ...]]) -> list[str]:
    """A Markdown table; `head` has a name a column, with | between."""
    columns = [each.strip() for each in head.split("|")]
    lines = [
        columns,
        ["---"] * len(columns),
        *([one_line(cell).replace("|", "\\|") for cell in row] for row in rows),
    ]
    return [f"| {' | '.join(line)} |" for line in lines]


def between(text: str, name: str, made: str) -> str:
    """A page with the part that stands between the marks of that name replaced."""
    begin, end = f"<!-- {name}: generated -->\n", f"<!-- end of {name} -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{made.strip()}\n\n{end}{after}"


def write_or_check(page: Path, text: str) -> None:
    """Write it; with --check leave it alone, and end with 1 where it is not what it should be."""
    if "--check" in sys.argv:
        sys.exit(0 if page.exists() and page.read_text(encoding="utf-8") == text else 1)
    page.parent.mkdir(exist_ok=True)
    page.write_text(text, encoding="utf-8")
    print(page)  # noqa: T201 - a script says what it wrote
