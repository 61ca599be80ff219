"""What syncd needs of the garminconnect library is in one place, and what is missing is said by name."""

import re
import time
import tomllib
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import garminconnect
import pytest

from syncd.connectors.base import AuthRequired
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.garmin import client as adapter
from syncd.connectors.garmin.budget import GarminBudget
from syncd.connectors.garmin.client import GarminClient, LibraryUnfit, lack_of_library
from syncd.connectors.garmin.login import PasswordLogin
from syncd.connectors.garmin.session import Endpoints
from syncd.connectors.garmin.wire import Wire
from tests.support.garmin_library import install_release, install_without, without

ROOT = Path(__file__).parents[3]
PRIVATE = {
    *adapter.PRIVATE_FOR_REQUESTS,
    *adapter.PRIVATE_FOR_LOGIN,
    adapter.CHECK_OF_TOKENS,
}
REMEDY = "pip install 'garminconnect>=0.3.2,<0.4'"


def sentence(name: str) -> str:
    return f"garminconnect {version('garminconnect')} has no {name}, which syncd needs: {REMEDY}"


def test_the_installed_library_has_all_that_syncd_needs():
    assert lack_of_library() == ""


@pytest.mark.parametrize("name", ["dumps", *adapter.PRIVATE_FOR_REQUESTS])
def test_a_session_is_not_begun_without_a_name_that_it_needs(name):
    with pytest.raises(LibraryUnfit) as unfit:
        GarminClient(without(name), Wire())
    assert str(unfit.value) == sentence(f"Client.{name}")


@pytest.mark.parametrize("name", ["resume_login", *adapter.PRIVATE_FOR_LOGIN])
def test_what_only_a_login_needs_stops_a_login_and_no_session(name):
    GarminClient(without(name), Wire())
    with pytest.raises(LibraryUnfit) as unfit:
        GarminClient(without(name), Wire(), for_login=True)
    assert str(unfit.value) == sentence(f"Client.{name}")


def test_all_that_is_missing_is_named_at_once():
    with pytest.raises(LibraryUnfit, match=r"has no Client\.loads and no Client\._refresh_session, which"):
        GarminClient(without("_refresh_session", "loads"), Wire())


def test_a_request_to_the_service_is_not_made_with_an_unfit_library(service, session_of, monkeypatch):
    install_without(monkeypatch, "_refresh_di_token")
    with pytest.raises(AuthRequired, match=r"has no Client\._refresh_di_token"):
        session_of().get("/workout-service/workouts")
    assert service.requests == []


def test_a_login_is_not_tried_with_an_unfit_library(service, tmp_path, monkeypatch):
    install_without(monkeypatch, "_establish_session")
    endpoints = Endpoints(service.url, service.token_url, service.url)
    login = PasswordLogin(endpoints, BudgetFile(GarminBudget, tmp_path / "blocked.json"), time.time)
    with pytest.raises(LibraryUnfit):
        login.begin("runner@example.org", "canary")
    assert service.requests == []


@pytest.mark.parametrize("name", ["Garmin", "GarminConnectTooManyRequestsError"])
def test_a_name_of_the_library_itself_that_went_is_named(monkeypatch, name):
    monkeypatch.delattr(garminconnect, name)
    assert lack_of_library() == sentence(name).partition(":")[0]


def test_a_library_whose_garmin_has_no_client_is_unfit(monkeypatch):
    monkeypatch.setattr(garminconnect, "Garmin", lambda is_cn: SimpleNamespace())
    with pytest.raises(LibraryUnfit, match=r"has no Garmin\.client"):
        GarminClient.opened(china=False)


@pytest.mark.parametrize("number", ["0.3.99", "0.4.0", "1.0"])
def test_a_later_release_that_can_do_the_same_is_used_whatever_its_names_and_number(
    service, session_of, monkeypatch, number
):
    install_release(monkeypatch, number)
    assert lack_of_library() == ""
    service.account.access.clear()
    session = session_of()
    assert session.get("/workout-service/workouts") == []
    assert [line.partition(" ")[0] for line in service.requests] == ["GET", "POST", "GET"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("import urllib.request as http", "sends its requests with urllib.request"),
        ("signs = False", "does not sign its requests and let their answers be seen, which syncd needs"),
        ("asks_before_it_renews = False", "does not leave the renewal of tokens to syncd, which syncd needs"),
        ("keeps_tokens = False", "does not take and give out tokens, which syncd needs"),
        ("renews = False", "does not renew tokens where syncd can see it, which syncd needs"),
    ],
)
def test_a_later_release_that_cannot_is_named_in_one_line_before_any_request(
    service, session_of, monkeypatch, source, says
):
    install_release(monkeypatch, "0.4.0", source)
    assert lack_of_library() == f"garminconnect 0.4.0 {says}"
    with pytest.raises(AuthRequired) as unfit:
        session_of().get("/workout-service/workouts")
    assert str(unfit.value) == f"garminconnect 0.4.0 {says}: {REMEDY}"
    assert service.requests == []


def test_what_is_installed_with_syncd_is_what_the_remedy_names():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert adapter.WANTED in wanted
    assert adapter.INSTALL == REMEDY


def test_nothing_else_in_the_tree_uses_a_private_name_of_the_library():
    used = re.compile(rf"(?<!Client)(?<!\\)\.({'|'.join(PRIVATE)})\b")  # a sentence names Client._x
    own = {Path(adapter.__file__), Path(__file__), ROOT / "tests" / "support" / "garmin_library.py"}
    files = [path for folder in ("src", "tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    found = {path: used.findall(path.read_text()) for path in files if path not in own}
    assert len(found) > 300
    assert [path for path, names in found.items() if names] == []
