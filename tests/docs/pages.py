"""The pages of the documentation, the blocks and the links in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")])

_FENCE = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")
_LINK = re.compile(r"""(?:\]\(|<img src=")(?!https?://|mailto:)([^)\s"]*)""")


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two fences, and where."""

    page: Path
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{named(self.page)}:{self.line}"

    def commands(self) -> Iterator[str]:
        """The lines that are typed, each whole; of a console those behind the prompt."""
        for line in self.text.replace("\\\n", " ").splitlines():
            if self.language == "console":
                if line.startswith("$ "):
                    yield line.removeprefix("$ ")
            elif line.strip() and not line.startswith("#"):
                yield line


def named(page: Path) -> str:
    """The page as the project calls it."""
    return str(page.relative_to(ROOT))


def blocks(*languages: str) -> list[Block]:
    """The blocks of all pages, in these languages or in any."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for fence in _FENCE.finditer(text):
            line = text.count("\n", 0, fence.start()) + 1
            found.append(Block(page, line, fence[1], fence[2]))
    return [each for each in found if not languages or each.language in languages]


def prose(page: Path) -> str:
    """The page without its blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """Where a page leads inside the project."""
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """What `#...` can name on a page: its headings, as code hosts and Sphinx write them."""
    titles = re.findall(r"(?m)^#+ (.+)$", prose(page))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
