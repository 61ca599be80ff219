"""The page on the training model names every rule that a plan can name, and how sure each is."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.domain.athlete import Goal
from syncd.domain.plan_file import parse_plan
from syncd.domain.training.rule_book import RULES
from syncd.domain.training.rules.registry import RULES as ADAPTATION
from syncd.domain.training.weeks import plan_weeks
from tests.domain.training.athletes import article_runner
from tests.support.said import in_km

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "training.md"
ROW = re.compile(r"^\| ([SRAH]\d+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
RULES_ON_THE_NEXT_PAGE = {rule.id for rule in ADAPTATION}  # docs/explanation/adaptation.md
ROWS = {found[1]: found for found in ROW.finditer(PAGE.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("rule", sorted(set(RULES) - RULES_ON_THE_NEXT_PAGE))
def test_every_rule_of_the_book_is_on_the_page(rule: str) -> None:
    assert rule in ROWS


@pytest.mark.parametrize("goal", [Goal.NONE, Goal.TEN_K])
def test_every_rule_that_a_year_of_plans_names_is_on_the_page(goal: Goal) -> None:
    weeks = plan_weeks(replace(article_runner(52), goal=goal))
    named = {rule for week in weeks for session in week.sessions for rule in session.rules}
    in_notes = {
        rule for week in weeks for note in week.notes for rule in re.findall(r"\b[SRAH]\d+\b", in_km(note))
    }
    assert named
    assert named | in_notes <= set(ROWS) | RULES_ON_THE_NEXT_PAGE


@pytest.mark.parametrize("rule", ROWS)
def test_every_rule_on_the_page_says_how_sure_it_is(rule: str) -> None:
    assert ROWS[rule][4] in {"study", "practice", "our default"}


def test_no_rule_is_on_the_page_twice() -> None:
    assert len(ROWS) == len(ROW.findall(PAGE.read_text(encoding="utf-8")))


def test_the_plan_file_on_the_page_can_be_imported() -> None:
    (block,) = re.findall(r"```\n(# From.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert [len(week.sessions) for week in parse_plan(block).weeks] == [2]
