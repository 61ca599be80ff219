"""Words as a terminal can show them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.report.plain import fitting, narrowed, plain


@pytest.mark.parametrize("encoding", ["utf-8", None])
def test_where_everything_can_be_shown_nothing_changes(encoding):
    assert fitting("3 × 5 min · ok █", encoding) == "3 × 5 min · ok █"


@pytest.mark.parametrize("encoding", ["ascii", "no-such-encoding"])
def test_elsewhere_signs_become_simpler_and_the_rest_a_question_mark(encoding):
    assert fitting("3 × 5 · █▋ 12–13 ° é", encoding) == "3 x 5 - # 12-13  deg ?"


@given(st.text(), st.integers(1, 79))
def test_no_line_is_wider_than_a_narrow_terminal_and_no_word_is_lost(text, width):
    shown = plain(text)
    lines = narrowed(shown, width).split("\n")
    assert all(len(line) <= max(width, 30) for line in lines)
    assert "".join("".join(lines).split()) == "".join(shown.split())


def test_a_wide_terminal_gets_the_text_as_it_is():
    assert narrowed("x" * 200, 80) == "x" * 200
