"""How scripts/docs builds these pages: HTML to read without a network, and the man page."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

project = "syncd"
author = ""
version = release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
today = " "  # no date: the same pages give the same files

extensions = ["myst_parser"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
highlight_language = "none"
nitpicky = True
smartquotes = False  # -- is an option, "" an empty text

html_theme = "furo"
html_title = f"syncd {release}"
html_show_copyright = False
html_copy_source = False

man_pages = [
    (
        "reference/man",
        "syncd",
        "scores your runs, adapts the plan, keeps the next workouts on the watch",
        [],
        1,
    )
]
man_show_urls = False

_PART = re.compile(r"(?m)^## (.+)\n((?:(?!^## )[\s\S])*)")
_PAGE = re.compile(r"^- \[[^\]]+\]\(([^):]+)\.md\)", re.MULTILINE)


def with_tables_of_contents(_app, page, text):
    """The lists of the front page are also what the pages are ordered by: nothing is listed twice."""
    if page == "index":
        trees = [
            "\n".join(["```{toctree}", ":hidden:", f":caption: {title}", "", *_PAGE.findall(part), "```"])
            for title, part in _PART.findall(text[0])
        ]
        text[0] += "\n" + "\n\n".join(trees) + "\n"


def setup(app):
    """Called by Sphinx."""
    app.connect("source-read", with_tables_of_contents)
