"""Every link inside the project leads somewhere, down to the heading."""

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, links, named


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_to_a_page_and_to_a_heading_on_it(page: Path) -> None:
    broken = []
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_there_are_links_to_check() -> None:
    assert len([link for page in PAGES for link in links(page)]) > 50
    assert any("#" in link for page in PAGES for link in links(page))


def test_the_front_page_lists_every_page() -> None:
    index = ROOT / "docs/index.md"
    listed = {(index.parent / link).resolve() for link in links(index)}
    assert {page for page in PAGES if page.is_relative_to(ROOT / "docs")} - {index} <= listed
