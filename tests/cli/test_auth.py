"""`syncd auth`: log in once, see how that stands, end it."""

import base64
import json
import logging
import os
import pty
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from syncd.connectors.garmin.kept_login import KeptLogin
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.paths import locate
from syncd.sandbox.garmin.faults import Fault
from syncd.store import Store, sync_lock
from tests.connectors.garmin.conftest import log_in
from tests.support.garmin_library import install_without

PROFILE = "/userprofile-service/socialProfile"
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
    assert said.out.endswith(
        "Next: syncd service install (to let it run by itself), or syncd sync (by hand)\n"
    )
    assert stat.S_IMODE(tokens().stat().st_mode) == 0o600
    assert set(json.loads(tokens().read_text())) == {"di_token", "di_refresh_token", "di_client_id"}
    assert syncd("sync").code == 0
    assert fresh.account.schedules


def test_an_unfit_library_is_said_before_a_password_is_asked_for(syncd, fresh, typed, monkeypatch):
    install_without(monkeypatch, "_complete_mfa")
    typed()
    said = syncd("auth", "garmin")
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("syncd: garminconnect ")
    assert "has no Client._complete_mfa, which syncd needs: pip install 'garminconnect" in said.err
    assert "E-mail" not in said.err
    assert fresh.requests == []


def test_the_password_the_code_and_the_tokens_are_nowhere_else(syncd, fresh, typed, home, caplog):
    fresh.account.mfa_code = CODE
    typed(EMAIL, PASSWORD, CODE)
    with caplog.at_level(logging.DEBUG):
        said = syncd("auth", "garmin")
    assert said.code == 0, said.err
    kept = json.loads(tokens().read_text())
    secrets = (PASSWORD, CODE, kept["di_token"], kept["di_refresh_token"])
    assert_nowhere(secrets, home, said.out, said.err, caplog.text)
    assert PASSWORD.encode() not in tokens().read_bytes()
    with caplog.at_level(logging.DEBUG):
        sync, status = syncd("sync"), syncd("auth", "status", "--json")
    assert_nowhere(secrets, home, sync.out, sync.err, status.out, caplog.text)


def assert_nowhere(secrets: Sequence[str], home: Path, *texts: str) -> None:
    """Neither printed, logged nor kept outside of the token file, as it is or in base64."""
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file() and path != tokens()]
    everything = b"\n".join([*kept, *(text.encode() for text in texts)])
    for secret in secrets:
        assert secret.encode() not in everything
        for shift in range(3):  # wherever in a longer text it stood when that was encoded
            encoded = base64.b64encode(b" " * shift + secret.encode()).rstrip(b"=")
            assert encoded[4 if shift else 0 : -1] not in everything


def test_a_password_typed_at_a_terminal_is_not_shown(fresh, home):
    """As over SSH: a terminal, no browser, nothing else."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from syncd.cli.main import run; run(['auth', 'garmin'])"]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, env=dict(os.environ)
    ) as process:
        os.close(theirs)
        shown = _read_until(ours, b"E-mail: ")
        os.write(ours, f"{EMAIL}\n".encode())
        shown += _read_until(ours, b"Password: ")
        os.write(ours, f"{PASSWORD}\n".encode())
        shown += _read_until(ours, b"Next: syncd service install")
    os.close(ours)
    assert process.returncode == 0
    assert b"Logged in to Garmin Connect as Sandbox Runner." in shown
    assert PASSWORD.encode() not in shown


def _read_until(terminal: int, end: bytes) -> bytes:
    seen = b""
    while end not in seen:
        try:
            seen += os.read(terminal, 1024)
        except OSError:  # the other side has gone
            break
    assert end in seen, seen
    return seen


def test_an_older_library_says_what_to_do_if_it_is_refused(syncd, fresh, typed):
    typed(EMAIL, PASSWORD)
    said = syncd("auth", "garmin").err
    assert ("syncd auth garmin --tokens FOLDER" in said) == (sys.version_info < (3, 12))


@pytest.mark.parametrize(
    ("trouble", "code", "message"),
    [
        ({"password": "another"}, 3, "Garmin does not know this e-mail with this password"),
        ({"locked": True}, 3, "Garmin has locked the account"),
        ({"login_blocked": "429"}, 1, "Garmin blocks logins from here"),
        ({"login_blocked": "page"}, 1, "Garmin blocks logins from here"),
        ({"login_blocked": "captcha"}, 1, "Garmin blocks logins from here"),
        ({"login_blocked": "nonsense"}, 1, "Garmin's login has changed"),
        ({"ticket_lost": True}, 1, "gave no lasting login"),
        ({"mfa_code": "314159"}, 130, "interrupted"),
    ],
)
@pytest.mark.parametrize("way", ["mobile", "widget"])
def test_what_goes_wrong_is_one_line_and_keeps_nothing(
    syncd, fresh, typed, home, caplog, trouble, code, message, way
):
    fresh.account.open_ways = [way]
    for name, value in trouble.items():
        setattr(fresh.account, name, value)
    typed(EMAIL, PASSWORD, CODE)
    with caplog.at_level(logging.DEBUG):
        said = syncd("auth", "garmin", "--json")
    assert (said.code, said.out) == (code, "")
    assert_nowhere((PASSWORD, CODE), home, said.err, caplog.text)
    assert message in said.err.splitlines()[-1]
    assert not tokens().exists()


def test_a_blocked_login_is_not_repeated_unless_it_is_asked_for(syncd, fresh, typed):
    fresh.account.login_blocked = "429"
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    fresh.requests.clear()
    fresh.account.login_blocked = ""
    said = syncd("auth", "garmin")
    assert (said.code, "--now tries anyway" in said.err) == (1, True)
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


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this library keeps the state of a login")
def test_an_older_library_says_that_an_interrupted_login_begins_anew(syncd, fresh, typed):
    fresh.account.mfa_code = CODE
    typed(EMAIL, PASSWORD)
    said = syncd("auth", "garmin")
    assert (said.code, "Do not interrupt this command" in said.err) == (130, True)
    assert not (locate().logins / "garmin-code.json").exists()


@resumable
def test_naming_an_email_begins_anew_also_while_a_login_waits(syncd, fresh, typed):
    fresh.account.mfa_code = CODE
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    typed(PASSWORD, CODE)
    said = syncd("auth", "garmin", "--email", EMAIL)
    assert said.code == 0, said.err
    assert fresh.requests.count("POST /mobile/api/login") == 2
    assert not (locate().logins / "garmin-code.json").exists()


@resumable
def test_what_is_no_code_is_never_sent_as_one(syncd, fresh, typed):
    fresh.account.mfa_code = CODE
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    fresh.requests.clear()
    typed(EMAIL, PASSWORD)  # a script that does not know of the login that waits
    said = syncd("auth", "garmin")
    assert (said.code, "a code has only digits" in said.err) == (130, True)
    assert fresh.requests == []
    typed(f" {CODE[:3]} {CODE[3:]} ")
    assert syncd("auth", "garmin").code == 0


def test_a_login_that_waited_too_long_is_forgotten(tmp_path):
    kept = KeptLogin(tmp_path)
    kept.keep_code_state({"flow": "ios"}, 1000.0)
    assert kept.code_state(1500.0) == {"flow": "ios"}
    assert kept.code_state(2000.0) is None
    assert list(tmp_path.iterdir()) == []


# --- tokens of the library


def library_folder(service, folder: Path, mode: int = 0o600) -> Path:
    folder.mkdir()
    made = GarminTokenFile(folder / "garmin_tokens.json")
    log_in(service, made)
    made.path.chmod(mode)
    return folder


@pytest.mark.parametrize("named", ["", "garmin_tokens.json"])
def test_a_folder_of_tokens_is_adopted_without_a_request(syncd, fresh, tmp_path, named):
    folder = library_folder(fresh, tmp_path / "garth", 0o644)
    said = syncd("auth", "garmin", "--tokens", folder / named)
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
    assert "a different account than before (Sandbox Runner)" in said.out
    assert syncd("sync").code == 0
    with Store.open(locate().state) as store:
        assert len(account.schedules) == len(store.ledger.rows("garmin")) > 0


@pytest.mark.parametrize("between", ["logout", "tokens", "silent"])
def test_another_account_is_recognised_whatever_happened_between(syncd, fresh, typed, tmp_path, between):
    """What is known of deliveries belongs to one calendar, whoever is logged in just now."""
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    syncd("sync")
    if between == "logout":
        syncd("auth", "logout")
        assert "Sandbox" not in (locate().logins / "garmin-account.json").read_text()
    elif between == "tokens":
        syncd("auth", "garmin", "--tokens", library_folder(fresh, tmp_path / "library"))
    else:  # the service does not say who it is
        fresh.faults.begin({_requests_of_a_login() - 1: Fault.ERROR_BEFORE})
        typed(EMAIL, PASSWORD)
        assert syncd("auth", "garmin").out.startswith("Logged in to Garmin Connect.\n")
    account = fresh.account
    account.owner, account.full_name, account.workouts, account.schedules = 7, "Anna", {}, {}
    typed(EMAIL, PASSWORD)
    assert "a different account than before" in syncd("auth", "garmin").out
    assert syncd("sync").code == 0
    assert account.schedules


def test_tokens_of_nobody_knows_whom_say_how_to_find_out(syncd, fresh, typed, tmp_path):
    folder = library_folder(fresh, tmp_path / "library")
    assert "a different account" not in syncd("auth", "garmin", "--tokens", folder).out
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    assert (
        "belong to a different account than before, log in once with a password"
        in syncd("auth", "garmin", "--tokens", folder).out
    )


def _requests_of_a_login() -> int:
    return 3 if sys.version_info < (3, 12) else 4


def test_the_same_account_again_keeps_what_is_known(syncd, fresh, typed):
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    syncd("sync")
    typed(EMAIL, PASSWORD)
    assert "a different account" not in syncd("auth", "garmin").out
    assert syncd("sync", "--json").json["actions"] == []


# --- beside a cycle that is at work


@pytest.mark.parametrize("change", ["keep", "log_out"])
def test_tokens_are_not_changed_while_another_process_renews_them(tmp_path, change):
    """Otherwise the renewed pair of the earlier login would replace what a person just did."""
    kept, order = KeptLogin(tmp_path), []
    kept.tokens.save("before")

    def act() -> None:
        kept.keep("after") if change == "keep" else kept.log_out()
        order.append("changed")

    with kept.tokens.locked():
        person = threading.Thread(target=act)
        person.start()
        person.join(0.1)
        kept.tokens.save("renewed")
        order.append("renewed")
    person.join()
    assert order == ["renewed", "changed"]
    assert kept.tokens.path.exists() == (change == "keep")


def test_another_account_takes_over_between_two_cycles(syncd, fresh, typed):
    """Never in one: what it knows of deliveries is about the calendar of the earlier account."""
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    syncd("sync")
    before, seen, begun = tokens().read_text(), [], threading.Event()
    fresh.account.owner = 7
    fresh.requests.clear()

    def cycle() -> None:
        with sync_lock(locate().state, 1.0):
            begun.set()
            while f"GET {PROFILE}" not in fresh.requests:  # the person has logged in
                time.sleep(0.01)
            time.sleep(0.1)
            seen.append(tokens().read_text())

    other = threading.Thread(target=cycle)
    other.start()
    begun.wait()
    typed(EMAIL, PASSWORD)
    assert "a different account" in syncd("auth", "garmin").out
    other.join()
    assert seen == [before]
    assert tokens().read_text() != before


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


def test_status_tells_when_the_next_request_renews_the_access(syncd, fresh, typed):
    typed(EMAIL, PASSWORD)
    syncd("auth", "garmin")
    assert syncd("auth", "status", "--json").json["renewal_due"] is False
    log_in(fresh, GarminTokenFile(tokens()), at_s=time.time() - 20_000)
    said = syncd("auth", "status")
    assert (said.code, "the next sync renews it" in said.out) == (0, True)
    assert syncd("auth", "status", "--json").json["renewal_due"] is True


def test_status_without_a_login_is_exit_3(syncd, fresh):
    said = syncd("auth", "status")
    assert (said.code, said.out) == (3, "Garmin  not logged in: run `syncd auth garmin`\n")


def test_status_of_an_ended_login_is_exit_3(syncd, on_garmin):
    on_garmin.account.access.clear()
    on_garmin.account.refresh = "another"
    ended = syncd("sync")
    assert ended.code == 3
    assert set(ended.err.splitlines()) == {
        "syncd: Garmin Connect does not accept the login any more: run `syncd auth garmin`"
    }
    said = syncd("auth", "status")
    assert (said.code, "your login has expired" in said.out) == (3, True)


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
    assert "You were not logged in" in syncd("auth", "logout").out
    assert syncd("auth", "logout", "fitbit").code == 2


def test_a_token_file_of_the_future_or_of_nonsense_is_no_traceback(syncd, on_garmin):
    tokens().write_text('{"di_token": "a.b.c", "di_refresh_token": "r", "di_client_id": "c"}')
    os.utime(tokens(), (time.time(), time.time()))
    assert syncd("auth", "status", "--json").json["valid_until"] is None
