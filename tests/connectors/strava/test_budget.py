"""Four counts on the clock of the service, shared by all processes; older runs leave room for new ones."""

import pytest

from syncd.connectors.budget_file import DAY_S, BudgetFile
from syncd.connectors.strava.budget import QUARTER_S, Count, StravaBudget

NOON = 20_000 * DAY_S + DAY_S / 2
TOLD = {
    "X-RateLimit-Limit": "200,2000",
    "X-RateLimit-Usage": "30,400",
    "X-ReadRateLimit-Limit": "100,1000",
    "X-ReadRateLimit-Usage": "20,390",
}


FRESH = StravaBudget()


def after(count: int, budget: StravaBudget = FRESH, at_s: float = NOON) -> StravaBudget:
    for _ in range(count):
        budget = budget.after_request(at_s)
    return budget


def test_a_new_app_is_counted_by_the_known_limits_until_it_is_told_others():
    assert StravaBudget().room() == 100
    assert StravaBudget().room(older=True) == 80
    told = StravaBudget().after_reply(
        {"X-ReadRateLimit-Limit": "200,2000", "X-ReadRateLimit-Usage": "1,1"}, NOON
    )
    assert told.room() == 199


def test_the_service_knows_of_requests_that_others_made():
    assert StravaBudget().after_reply(TOLD, NOON).room() == 80
    assert after(50).after_reply(TOLD, NOON).room() == 50  # under way here, not yet counted there


@pytest.mark.parametrize(
    "headers", [{}, {"X-RateLimit-Limit": "1"}, {"X-RateLimit-Usage": "a,b", "X-RateLimit-Limit": "1,2"}]
)
def test_odd_headers_change_nothing(headers):
    assert after(3).after_reply(headers, NOON).room() == 97


def test_a_quarter_begins_with_nothing_and_a_day_at_midnight_utc():
    spent = after(100)
    assert spent.room() == 0
    assert spent.opens_s(1, NOON + 10) == NOON + QUARTER_S
    assert spent.at(NOON + QUARTER_S).room() == 100
    whole_day = spent
    for quarter in range(1, 10):
        whole_day = after(100, whole_day, NOON + quarter * QUARTER_S)
    late = NOON + 10 * QUARTER_S
    assert whole_day.at(late).room() == 0
    assert whole_day.opens_s(1, late) == NOON + DAY_S / 2
    assert whole_day.at(NOON + DAY_S / 2).room() == 100


def test_older_runs_stop_where_the_reserve_begins_by_the_quarter_and_by_the_day():
    assert after(79).room(older=True) == 1
    assert after(80).room(older=True) == 0
    most_of_a_day = StravaBudget(day_reads=Count(1000, 799), counted_s=NOON)
    assert most_of_a_day.room(older=True) == 1
    assert most_of_a_day.opens_s(2, NOON, older=True) == NOON + DAY_S / 2


def test_a_refusal_closes_to_the_end_of_the_full_window_and_no_clock_closes_for_ever():
    full = after(100).after_refusal(NOON + 1, 7.0)
    assert full.closed_until_s == NOON + QUARTER_S + 7
    assert full.closed_at(NOON + QUARTER_S) == full.closed_until_s
    assert full.closed_at(NOON + QUARTER_S + 8) is None
    assert StravaBudget(closed_until_s=1e12).closed_at(NOON) is None
    ahead = after(100, at_s=NOON + 40 * DAY_S)
    assert ahead.at(NOON).room() == 100


def test_a_login_that_only_a_human_can_help_is_tried_again_after_a_day():
    dead = StravaBudget().after_dead_login("mark", "pay", NOON)
    assert dead.why_dead("mark", NOON + DAY_S - 1) == "pay"
    assert dead.why_dead("mark", NOON + DAY_S) == ""
    assert dead.why_dead("another", NOON) == ""


def test_what_one_process_counts_the_other_knows(tmp_path):
    one, other = (BudgetFile(StravaBudget, tmp_path / "budget.json") for _ in range(2))
    one.update(lambda budget: after(5, budget).after_dead_login("m", "w", NOON))
    assert other.read().room() == 95
    assert other.read().why_dead("m", NOON) == "w"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"quarter": 3}'])
def test_a_damaged_budget_is_none(tmp_path, content):
    path = tmp_path / "budget.json"
    path.write_text(content)
    assert BudgetFile(StravaBudget, path).read() == StravaBudget()
