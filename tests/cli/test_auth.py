"""`syncd auth`: log in once, see how that stands, end it."""

import base64
import json
import os
import stat
import sys
import time
from pathlib import Path

import pytest

from syncd.connectors.garmin.kept_login import KeptLogin
from syncd.connectors.garmin.tokens import TokenFile
from syncd.paths import locate
from syncd.store import Store
from tests.connectors.garmin.conftest import log_in

EMAIL, PASSWORD, CODE = "runner@example.org", "canary-pass-4711", "271828"
resumable = pytest.mark.skipif(sys.version_info < (3, 12), reason="this library keeps no state of a login")


@pytest.fixture
def fresh(on_garmin):
    """Configured for Garmin Connect, and nobody is logged in."""
    on_garmin.account.password = PASSWORD
    tokens().unlink()
    return on_garmin


def tokens() -> Path:
    return locate().logins / "garmin.json"


def test_a_login_is_kept_as_tokens_only_and_the_next_sync_works(syncd, fresh, typed):
    typed(EMAIL, PASSWORD)
    said = syncd("auth", "garmin")
    assert said.code == 0, said.err
    assert "Logged in to Garmin Connect as Sandbox Runner." in said.out
    assert said.out.endswith("Next: syncd sync\n")
    assert stat.S_IMODE(tokens().stat().st_mode) == 0o600
    assert set(json.loads(tokens().read_text())) == {"di_token", "di_refresh_token", "di_client_id"}
    assert syncd("sync").code == 0
    assert fresh.account.schedules


def test_the_password_the_code_and_the_tokens_are_nowhere_else(syncd, fresh, typed, home, caplog):
    fresh.account.mfa_code = CODE
    typed(EMAIL, PASSWORD, CODE)
    said = syncd("auth", "garmin")
    assert said.code == 0, said.err
    kept = json.loads(tokens().read_text())
    others = [path.read_bytes() for path in home.rglob("*") if path.is_file() and path != tokens()]
    everything = b"\n".join([*others, said.out.encode(), said.err.encode(), caplog.text.encode()])
    for secret in (PASSWORD, CODE, kept["di_token"], kept["di_refresh_token"]):
        assert secret.encode() not in everything
        assert base64.b64encode(secret.encode()).rstrip(b"=")[:-1] not in everything
    assert PASSWORD.encode() not in tokens().read_bytes()


def test_an_older_library_says_what_to_do_if_it_is_refused(syncd, fresh, typed):
    typed(EMAIL, PASSWORD)
    said = syncd("auth", "garmin").err
    assert ("syncd auth garmin --tokens DIR" in said) == (sys.version_info < (3, 12))


@pytest.mark.parametrize(
    ("trouble", "code", "message"),
    [
        ({"password": "another"}, 3, "Garmin does not know this e-mail with this password"),
        ({"locked": True}, 3, "Garmin has locked the account"),
        ({"login_blocked": "429"}, 1, "Garmin blocks logins from here"),
        ({"login_blocked": "page"}, 1, "Garmin blocks logins from here"),
        ({"ticket_lost": True}, 1, "gave no lasting login"),
    ],
)
def test_what_goes_wrong_is_one_line_and_keeps_nothing(syncd, fresh, typed, trouble, code, message):
    for name, value in trouble.items():
        setattr(fresh.account, name, value)
    typed(EMAIL, PASSWORD)
    said = syncd("auth", "garmin", "--json")
    assert (said.code, said.out) == (code, "")
    assert message in said.err.splitlines()[-1]
    assert not tokens().exists()


def test_a_blocked_login_is_not_repeated_unless_it_is_asked_for(syncd, fresh, typed):
    fresh.account.login_blocked = "429"
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    fresh.requests.clear()
    fresh.account.login_blocked = ""
    said = syncd("auth", "garmin")
    assert (said.code, "--now tries all the same" in said.err) == (1, True)
    assert fresh.requests == []
    assert "blocks new logins from here until" in syncd("auth", "status").out
    typed(EMAIL, PASSWORD)
    assert syncd("auth", "garmin", "--now").code == 0
    assert syncd("auth", "status", "--json").json["login_blocked_until"] is None


def test_three_wrong_codes_end_the_login(syncd, fresh, typed):
    fresh.account.mfa_code = CODE
    typed(EMAIL, PASSWORD, "1", "2", "3")
    said = syncd("auth", "garmin")
    assert (said.code, "does not accept this code" in said.err.splitlines()[-1]) == (3, True)
    typed(EMAIL, PASSWORD, "1", CODE)
    assert syncd("auth", "garmin").code == 0


@resumable
def test_a_login_that_was_interrupted_goes_on_with_its_code(syncd, fresh, typed):
    fresh.account.mfa_code = CODE
    typed(EMAIL, PASSWORD)  # then the terminal closes
    assert syncd("auth", "garmin").code == 130
    waiting = locate().logins / "garmin-code.json"
    assert stat.S_IMODE(waiting.stat().st_mode) == 0o600
    assert PASSWORD not in waiting.read_text()
    fresh.requests.clear()
    typed(CODE)
    said = syncd("auth", "garmin")
    assert said.code == 0, said.err
    assert "POST /mobile/api/login" not in fresh.requests
    assert not waiting.exists()


def test_a_login_that_waited_too_long_is_forgotten(tmp_path):
    kept = KeptLogin(tmp_path)
    kept.keep_code_state({"flow": "ios"}, 1000.0)
    assert kept.code_state(1500.0) == {"flow": "ios"}
    assert kept.code_state(2000.0) is None
    assert list(tmp_path.iterdir()) == []


# --- tokens of the library


def library_folder(service, folder: Path, mode: int = 0o600) -> Path:
    folder.mkdir()
    made = TokenFile(folder / "garmin_tokens.json")
    log_in(service, made)
    made.path.chmod(mode)
    return folder


def test_a_folder_of_tokens_is_adopted_without_a_request(syncd, fresh, tmp_path):
    folder = library_folder(fresh, tmp_path / "garth", 0o644)
    said = syncd("auth", "garmin", "--tokens", folder)
    assert said.code == 0
    assert fresh.requests == []
    assert said.err == (
        f"syncd: {folder}/garmin_tokens.json can be read by others: "
        f"run `chmod 600 {folder}/garmin_tokens.json`, or delete it\n"
    )
    assert stat.S_IMODE(tokens().stat().st_mode) == 0o600
    assert syncd("sync").code == 0


@pytest.mark.parametrize("content", ["", "{", "[]", '{"di_token": "x"}', "\x00" * 70_000])
def test_tokens_that_cannot_be_used_replace_nothing(syncd, on_garmin, tmp_path, content):
    before = tokens().read_text()
    place = tmp_path / "garmin_tokens.json"
    place.write_text(content)
    said = syncd("auth", "garmin", "--tokens", tmp_path)
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "holds no tokens of the garminconnect library" in said.err
    assert tokens().read_text() == before


def test_a_folder_that_is_not_there_is_said(syncd, on_garmin, tmp_path):
    said = syncd("auth", "garmin", "--tokens", tmp_path / "none")
    assert (said.code, "No such file" in said.err) == (1, True)


# --- another account


def test_another_account_begins_with_an_empty_calendar_of_its_own(syncd, fresh, typed):
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    syncd("sync")
    account = fresh.account
    account.owner, account.full_name, account.workouts, account.schedules = 7, "Anna", {}, {}
    typed(EMAIL, PASSWORD)
    said = syncd("auth", "garmin")
    assert "another account than before (Sandbox Runner)" in said.out
    assert syncd("sync").code == 0
    with Store.open(locate().state) as store:
        assert len(account.schedules) == len(store.ledger.rows("garmin")) > 0


def test_the_same_account_again_keeps_what_is_known(syncd, fresh, typed):
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    syncd("sync")
    typed(EMAIL, PASSWORD)
    assert "another account" not in syncd("auth", "garmin").out
    assert syncd("sync", "--json").json["actions"] == []


# --- status and logout


def test_status_tells_who_until_when_and_asks_nobody(syncd, fresh, typed):
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    fresh.requests.clear()
    told = syncd("auth", "status", "--json").json
    assert (told["schema"], told["usable"], told["name"]) == ("syncd.auth/1", True, "Sandbox Runner")
    assert told["valid_until"] > told["renewed"]
    said = syncd("auth", "status")
    assert (said.code, said.out.splitlines()[0]) == (0, "Garmin  logged in as Sandbox Runner")
    assert fresh.requests == []


def test_status_without_a_login_is_exit_3(syncd, fresh):
    said = syncd("auth", "status")
    assert (said.code, said.out) == (3, "Garmin  not logged in: run `syncd auth garmin`\n")


def test_status_of_an_ended_login_is_exit_3(syncd, on_garmin):
    on_garmin.account.access.clear()
    on_garmin.account.refresh = "another"
    assert syncd("sync").code == 3
    said = syncd("auth", "status")
    assert (said.code, "the login has ended" in said.out) == (3, True)


def test_status_of_tokens_that_others_can_read_names_the_remedy(syncd, on_garmin):
    tokens().chmod(0o640)
    said = syncd("auth", "status")
    assert (said.code, "chmod 600" in said.out) == (3, True)
    assert syncd("auth", "status", "--json").json["problem"]


def test_logout_forgets_the_login_and_nothing_on_the_calendar(syncd, on_garmin):
    syncd("sync")
    before = dict(on_garmin.account.schedules)
    assert "stay there" in syncd("auth", "logout").out
    assert not tokens().exists()
    assert on_garmin.account.schedules == before
    assert "There was no login" in syncd("auth", "logout").out
    assert syncd("auth", "logout", "fitbit").code == 2


def test_a_token_file_of_the_future_or_of_nonsense_is_no_traceback(syncd, on_garmin):
    tokens().write_text('{"di_token": "a.b.c", "di_refresh_token": "r", "di_client_id": "c"}')
    os.utime(tokens(), (time.time(), time.time()))
    assert syncd("auth", "status", "--json").json["valid_until"] is None
