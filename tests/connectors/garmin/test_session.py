"""Every answer of the service ends as one of the few errors, and no request is repeated."""

import time

import pytest

from syncd.connectors.base import AuthRequired, Gone, OutcomeUnknown, RateLimited, Rejected, Unavailable
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.garmin.budget import GarminBudget
from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.sandbox.garmin.faults import Fault
from tests.connectors.garmin.conftest import log_in

LIBRARY = "/workout-service/workouts"
QUERY = "/graphql-gateway/graphql"
ASKED = {"query": 'query{workoutScheduleSummariesScalar(startDate:"2026-01-01",endDate:"2026-01-02")}'}
OPEN = {
    Fault.TIMEOUT_AFTER,
    Fault.DROPPED_BEFORE,
    Fault.DROPPED_AFTER,
    Fault.ERROR_BEFORE,
    Fault.ERROR_AFTER,
    Fault.TRUNCATED_AFTER,
    Fault.OVERSIZED_AFTER,
    Fault.PAGE_AFTER,
    Fault.SLOW_AFTER,
}
SLOWING = {Fault.TOO_MANY, Fault.TOO_MANY_WITH_TIME, Fault.FORBIDDEN_PAGE}


@pytest.mark.parametrize("fault", sorted(OPEN | SLOWING))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_fault_is_one_request_and_one_error(service, session_of, fault, method):
    session = session_of()
    service.faults.begin({0: fault})
    expected = RateLimited if fault in SLOWING else OutcomeUnknown if method == "post" else Unavailable
    with pytest.raises(expected):
        session.get(LIBRARY) if method == "get" else session.post(QUERY, ASKED)
    assert len(service.requests) == 1


def test_what_is_not_there_and_what_is_refused(session_of):
    session = session_of()
    with pytest.raises(Gone):
        session.get("/workout-service/workout/1")
    with pytest.raises(Gone):
        session.delete("/workout-service/workout/1")
    with pytest.raises(Rejected):
        session.post("/workout-service/workout", {})


def test_a_service_that_cannot_be_reached_was_certainly_not_asked(tokens):
    session = GarminSession(tokens, endpoints=Endpoints("http://127.0.0.1:9"), spacing_s=0.0)
    with pytest.raises(Unavailable):
        session.post(QUERY, ASKED)


def test_an_expiring_login_is_refreshed_and_on_disk_before_the_request(service, tokens, session_of):
    service.account.token_lasts_s = 600.0  # the library refreshes 15 minutes ahead
    log_in(service, tokens)
    before = tokens.load()
    assert session_of().get(LIBRARY) == []
    assert service.requests == ["POST /di-oauth2-service/oauth/token", f"GET {LIBRARY}"]
    assert tokens.load() != before
    assert service.account.refresh in tokens.load()


def test_a_login_that_the_service_ended_is_refreshed_once(service, session_of):
    service.account.access.clear()
    assert session_of().get(LIBRARY) == []
    assert len(service.requests) == 3


def test_tokens_that_another_process_refreshed_are_taken_over(service, tokens, session_of):
    session = session_of()
    session.get(LIBRARY)
    service.account.access.clear()
    log_in(service, tokens)
    service.requests.clear()
    assert session.get(LIBRARY) == []
    assert service.requests == [f"GET {LIBRARY}"] * 2


def test_tokens_that_were_taken_over_and_are_old_too_are_refreshed(service, tokens, session_of):
    session = session_of()
    session.get(LIBRARY)
    service.account.access.clear()
    log_in(service, tokens, at_s=time.time() - 20_000)
    assert session.get(LIBRARY) == []
    assert service.account.refresh in tokens.load()


def test_an_answer_that_never_ends_is_given_up_in_time(service, session_of):
    service.faults.begin({0: Fault.SLOW_AFTER})
    began = time.monotonic()
    with pytest.raises(Unavailable):
        session_of(timeout_s=0.3).get(LIBRARY)
    assert time.monotonic() - began < 1.0  # the service would go on for two seconds


def test_a_spent_refresh_token_needs_a_human(service, session_of):
    service.account.access.clear()
    service.account.refresh = "another"
    with pytest.raises(AuthRequired, match="syncd auth garmin"):
        session_of().get(LIBRARY)


def test_a_login_that_ended_is_asked_about_once_a_day_until_a_human_logs_in(
    service, tokens, session_of, tmp_path
):
    service.account.access.clear()
    service.account.refresh = "another"
    shared = BudgetFile(GarminBudget, tmp_path / "budget.json")
    with pytest.raises(AuthRequired):
        session_of(budget=shared).get(LIBRARY)
    service.requests.clear()
    with pytest.raises(AuthRequired):
        session_of(budget=shared).get(LIBRARY)
    assert service.requests == [f"GET {LIBRARY}"]  # the access token may live on; no renewal is tried
    service.requests.clear()
    with pytest.raises(AuthRequired):
        session_of(budget=shared, now=lambda: time.time() + 90_000).get(LIBRARY)
    assert len(service.requests) == 2
    log_in(service, tokens)
    assert session_of(budget=shared).get(LIBRARY) == []


@pytest.mark.parametrize("fault", [Fault.ERROR_BEFORE, Fault.DROPPED_BEFORE, Fault.WRONG_TYPES_AFTER])
def test_a_refresh_that_fails_for_now_keeps_the_tokens(service, tokens, session_of, fault):
    service.account.access.clear()
    before = tokens.load()
    service.faults.begin({1: fault})
    with pytest.raises(Unavailable):
        session_of().get(LIBRARY)
    assert tokens.load() == before


@pytest.mark.parametrize("content", ["", "[]", '{"di_token": null}', "{"])
def test_damaged_tokens_need_a_human(tokens, session_of, content):
    tokens.save(content)
    with pytest.raises(AuthRequired):
        session_of().get(LIBRARY)


def test_no_tokens_need_a_human(tmp_path):
    with pytest.raises(AuthRequired, match="is not logged in: run `syncd auth garmin`"):
        GarminSession(GarminTokenFile(tmp_path / "none.json")).get(LIBRARY)


def test_the_breaker_outlives_the_process_and_closes_again(service, session_of, tmp_path):
    shared = tmp_path / "budget.json"
    service.faults.begin({0: Fault.TOO_MANY_WITH_TIME})
    with pytest.raises(RateLimited) as first:
        session_of(budget=BudgetFile(GarminBudget, shared)).get(LIBRARY)
    assert 110 < first.value.retry_at.timestamp() - time.time() < 130
    with pytest.raises(RateLimited):
        session_of(budget=BudgetFile(GarminBudget, shared)).get(LIBRARY)
    assert len(service.requests) == 1
    later = session_of(budget=BudgetFile(GarminBudget, shared), now=lambda: time.time() + 130)
    assert later.get(LIBRARY) == []
    assert BudgetFile(GarminBudget, shared).read() == GarminBudget()


def test_pauses_double_up_to_a_day_and_a_clock_that_was_wrong_does_not_close_for_ever():
    budget, pauses = GarminBudget(), []
    for _ in range(8):
        budget = budget.after_refusal(1000.0, None)
        pauses.append(budget.closed_until_s - 1000.0)
    assert pauses == [1800, 3600, 7200, 14400, 28800, 57600, 86400, 86400]
    assert GarminBudget(closed_until_s=1e9).closed_at(1000.0) is None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"trips": "x"}', '{"other": 1}'])
def test_a_damaged_budget_is_none_and_is_written_anew(session_of, tmp_path, content):
    shared = tmp_path / "budget.json"
    shared.write_text(content)
    assert session_of(budget=BudgetFile(GarminBudget, shared), spacing_s=0.001).get(LIBRARY) == []
    assert BudgetFile(GarminBudget, shared).read().last_request_s > 0


def test_a_budget_that_cannot_be_kept_stops_the_request(service, session_of, tmp_path):
    (tmp_path / "logins").write_text("a file where a folder is due")
    with pytest.raises(Unavailable, match="cannot be"):
        session_of(budget=BudgetFile(GarminBudget, tmp_path / "logins" / "budget.json")).get(LIBRARY)
    assert service.requests == []


def test_requests_are_spaced_across_processes(session_of, tmp_path):
    waits, shared = [], tmp_path / "budget.json"
    clock = iter(range(1000, 1100))
    common = {
        "spacing_s": 30.0,
        "sleep": waits.append,
        "now": lambda: next(clock),
    }
    session_of(**common, budget=BudgetFile(GarminBudget, shared)).get(LIBRARY)
    session_of(**common, budget=BudgetFile(GarminBudget, shared)).get(LIBRARY)
    assert len(waits) == 1
    assert 20 < waits[0] < 30
