"""The page on adaptation shows the registry, word for word."""

from pathlib import Path

from syncd.domain.training.rule_book import RULES as BOOK
from syncd.domain.training.rules.registry import RULES, rules_table

PAGE = Path(__file__).parents[4] / "docs" / "explanation" / "adaptation.md"


def test_the_page_has_the_table_of_the_registry() -> None:
    assert rules_table() in PAGE.read_text(encoding="utf-8")


def test_every_rule_that_may_mark_a_session_is_explained_to_the_runner() -> None:
    assert {each.id for each in RULES} <= set(BOOK)
