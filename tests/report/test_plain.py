"""Words as a terminal can show them."""

import pytest

from syncd.report.plain import fitting


@pytest.mark.parametrize("encoding", ["utf-8", None])
def test_where_everything_can_be_shown_nothing_changes(encoding):
    assert fitting("3 × 5 min · ok █", encoding) == "3 × 5 min · ok █"


@pytest.mark.parametrize("encoding", ["ascii", "no-such-encoding"])
def test_elsewhere_signs_become_simpler_and_the_rest_a_question_mark(encoding):
    assert fitting("3 × 5 · █▋ 12–13 ° é", encoding) == "3 x 5 - # 12-13  deg ?"
