"""The pages become a site that needs no network, and a manual page that a terminal can show."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

LOADS = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc=["']([^"']+)"""
    r"""|<link\b(?=[^>]*\brel=["'](?:stylesheet|icon|preload|preconnect|dns-prefetch|modulepreload))[^>]*?\bhref=["']([^"']+)"""
    r"""|url\(["']?([^"')]+)|@import\s+["']([^"']+)"""
)
OUTSIDE = re.compile(r"(https?:)?//")


def build(builder: str, out: Path) -> None:
    argv = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", builder]
    done = subprocess.run([*argv, ROOT / "docs", out], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as HTML; a warning has failed the build."""
    out = tmp_path_factory.mktemp("site")
    build("html", out)
    return out


def loaded(text: str) -> set[str]:
    """What a browser fetches by itself for a page or a style."""
    return {next(filter(None, found)) for found in LOADS.findall(text)}


def test_every_page_is_in_the_site(site: Path) -> None:
    pages = {page.relative_to(ROOT / "docs").with_suffix(".html") for page in ROOT.glob("docs/**/*.md")}
    assert all((site / page).exists() for page in pages)
    assert len(pages) > 25


def test_the_site_loads_nothing_from_the_network(site: Path) -> None:
    files = [*site.rglob("*.html"), *site.rglob("*.css")]
    found = {file.name: loaded(file.read_text(encoding="utf-8")) for file in files}
    assert any(name.endswith(".css") or "css?" in name for name in found["index.html"])
    assert {
        name: outside for name, each in found.items() if (outside := set(filter(OUTSIDE.match, each)))
    } == {}


def test_what_would_be_loaded_from_elsewhere_is_noticed() -> None:
    page = '<script async src="https://a/x.js"></script><link rel="stylesheet" href="//b/y.css">@import "http://c"'
    assert len(set(filter(OUTSIDE.match, loaded(page)))) == 3


def test_the_kinds_of_pages_stand_beside_each_other_in_the_site(site: Path) -> None:
    index = (site / "index.html").read_text(encoding="utf-8")
    captions = re.findall(r'class="caption"[^>]*><span class="caption-text">([^<]+)', index)
    assert captions == ["Tutorial", "How-to guides", "Reference", "Explanation", "Decisions"]


def test_the_manual_page_has_the_sections_that_people_look_for() -> None:
    manual = (ROOT / "man/syncd.1").read_text(encoding="utf-8")
    sections = re.findall(r"(?m)^\.SH (.+)$", manual)
    wanted = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "FILES", "ENVIRONMENT", "EXIT STATUS"]
    assert sections[: len(wanted)] == wanted
    assert sections[-1] == "SEE ALSO"


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_manual_page_fits_a_terminal_of_80_columns_without_a_warning() -> None:
    argv = ["groff", "-man", "-Tutf8", "-ww", "-P-cbou", "-rLL=80n", ROOT / "man/syncd.1"]
    done = subprocess.run(argv, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "SYNOPSIS" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
