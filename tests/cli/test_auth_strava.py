"""`syncd auth strava`: what it means comes first, then an app of one's own, then Strava's page."""

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote_plus

import pytest
import requests

from syncd.cli.auth_strava import has_display
from syncd.connectors.strava.tokens import Login, StravaTokenFile
from syncd.paths import locate
from syncd.sandbox.garmin.answers import StandInReply
from tests.support.strava_service import strava_running
from tests.support.terminal import Terminal

SECRET = "sandbox-client-secret"
KNOWN = ("auth", "strava", "--client-id", "12345", "--i-agree")


@pytest.fixture
def strava(initialised, monkeypatch):
    """A configured runner, and a stand-in for Strava that every command of this test asks."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with strava_running() as service:
        monkeypatch.setenv("SYNCD_STRAVA__API_URL", f"{service.url}/api/v3")
        yield service


@pytest.fixture
def with_secret(monkeypatch):
    monkeypatch.setenv("SYNCD_STRAVA__CLIENT_SECRET", SECRET)


@pytest.fixture
def athlete(monkeypatch, capsys):
    """Types lines; `None` is the athlete who opens the address shown and pastes where it ends."""

    class Keyboard:
        def __init__(self, lines):
            self.lines, self.shown = list(lines), ""

        def readline(self, *_):
            if not self.lines:
                return ""
            line = self.lines.pop(0)
            return f"{self.visited() if line is None else line}\n"

        def visited(self):
            said = capsys.readouterr()
            sys.stdout.write(said.out)
            sys.stderr.write(said.err)
            return visited(address_in(said.err))

        def isatty(self):
            return False

        def fileno(self):
            raise OSError("no terminal")

    def typed(*lines):
        monkeypatch.setattr("sys.stdin", Keyboard(lines))

    return typed


def address_in(text):
    return re.findall(r"^http://\S+/oauth/authorize\?\S+", text, re.MULTILINE)[-1]


def visited(address):
    """Where the browser ends, or the page it shows."""
    answered = requests.get(address, allow_redirects=False, timeout=5)
    return answered.headers.get("Location") or answered.text


def login():
    return StravaTokenFile(locate().logins / "strava.json")


def test_the_whole_way_by_hand(syncd, strava, athlete):
    athlete("yes", "12345", SECRET, None)
    said = syncd("auth", "strava")
    assert said.code == 0, said.err
    assert said.out == (
        "Logged in to Strava as Ada Runner with your app 12345.\n"
        "The tokens and the Client Secret are stored in a file that only you can read.\n"
        "Next: syncd service install (to let it run by itself), or syncd sync (by hand)\n"
    )
    kept = login().load()
    assert (kept.client_id, kept.client_secret, kept.athlete.id) == ("12345", SECRET, 77)
    assert kept.scopes == ("read", "activity:read_all")
    assert (kept.consent.at, kept.consent.version) == ("2026-01-05T06:30:00+01:00", "2026-11")


def test_what_it_means_and_how_to_register_come_before_any_question(syncd, strava, athlete):
    athlete("no")
    said = syncd("auth", "strava")
    assert said.code == 1
    assert said.err.index("paid Strava") < said.err.index("Connect Strava anyway")
    assert said.err.endswith("syncd: Strava stays off; it was not contacted and nothing was saved\n")
    assert strava.requests == []
    assert not login().path.exists()


def test_the_app_is_explained_in_three_lines_unless_it_is_known(syncd, strava, athlete, with_secret):
    athlete(None)
    assert "Callback Domain" not in syncd(*KNOWN).err
    athlete("")
    said = syncd("auth", "strava", "--i-agree").err
    assert re.findall(r"^(\d)\. ", said, re.MULTILINE) == ["1", "2", "3"]


@pytest.mark.usefixtures("with_secret")
def test_a_script_needs_one_line_of_input_and_gets_one_object(syncd, strava, athlete):
    athlete(None)
    said = syncd(*KNOWN, "--json")
    assert said.code == 0, said.err
    assert said.json == {
        "schema": "syncd.auth/1",
        "service": "strava",
        "logged_in": True,
        "name": "Ada Runner",
        "athlete_id": 77,
        "scopes": ["read", "activity:read_all"],
        "agreed": {"at": "2026-01-05T06:30:00+01:00", "version": "2026-11"},
        "remarks": [],
    }


def test_the_secret_may_come_from_systemd(syncd, strava, athlete, tmp_path, monkeypatch):
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "SYNCD_STRAVA__CLIENT_SECRET").write_text(f"{SECRET}\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    athlete(None)
    assert syncd(*KNOWN).code == 0
    assert login().load().client_secret == SECRET


def test_the_app_of_before_is_offered_again(syncd, strava, athlete):
    athlete("12345", SECRET, None)
    assert syncd("auth", "strava", "--i-agree").code == 0
    athlete("", "", None)
    said = syncd("auth", "strava", "--i-agree")
    assert said.code == 0, said.err
    assert "Client ID [12345]: Client Secret (not shown; Enter keeps the earlier one): " in said.err


def test_the_secret_of_one_app_is_not_kept_for_another(syncd, strava, athlete):
    athlete("12345", SECRET, None)
    syncd("auth", "strava", "--i-agree")
    athlete("999", "")
    said = syncd("auth", "strava", "--i-agree")
    assert (said.code, "the Client Secret is needed" in said.err) == (2, True)


@pytest.mark.parametrize("wrong", ["", "12345x", SECRET, "-1", "1" * 21])
def test_what_is_no_client_id_is_told_and_not_shown(syncd, strava, athlete, wrong):
    athlete(wrong, SECRET)
    said = syncd("auth", "strava", "--i-agree")
    assert said.code == 2
    assert "a Client ID is a short number" in said.err.splitlines()[-1]
    assert SECRET not in said.err


@pytest.mark.usefixtures("with_secret")
@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        ({"denies": True}, "access was refused on Strava's page; nothing was saved"),
        ({"unticks": ["activity:read_all"]}, "View data about your private activities\u201d was not ticked"),
        ({"app_deleted": True}, "Strava does not know this app (deleted"),
        ({"callback_domain": "x", "client_id": "777"}, "Strava does not know this app (deleted"),
        ({"client_secret": "another"}, "Strava does not accept the Client Secret"),
        ({"room": False}, "the app has no room for another athlete"),
        ({"app_active": False}, "its owner needs a paid Strava subscription"),
    ],
)
def test_what_goes_wrong_needs_a_human_and_is_one_line(syncd, strava, athlete, trouble, message):
    for name, value in trouble.items():
        setattr(strava.account, name, value)
    athlete(None)
    said = syncd(*KNOWN, "--json")
    assert (said.code, said.out) == (3, "")
    assert message in said.err.splitlines()[-1]
    assert login().path.exists() == ("app_active" in trouble)


@pytest.mark.usefixtures("with_secret")
@pytest.mark.parametrize(
    ("pasted", "message"),
    [
        ("http://localhost:8791/?state=guess&code=c&scope=read,activity:read_all", "another login"),
        ("http://localhost:8791/", "not the whole address"),
        ("what?", "not the whole address"),
    ],
)
def test_a_wrong_paste_needs_a_human(syncd, strava, athlete, pasted, message):
    athlete(pasted)
    said = syncd(*KNOWN)
    assert (said.code, message in said.err.splitlines()[-1]) == (3, True)
    assert strava.requests == []


@pytest.mark.usefixtures("with_secret")
def test_strava_out_of_reach_is_tried_again_later(syncd, strava, athlete):
    strava.instead["/oauth/token"] = StandInReply(503, b"<html>", "text/html")
    athlete(None)
    said = syncd(*KNOWN)
    assert (said.code, "run it again later" in said.err) == (1, True)
    assert not login().path.exists()


@pytest.mark.usefixtures("with_secret", "strava")
def test_a_terminal_that_closes_saves_nothing(syncd, athlete):
    athlete()
    assert syncd(*KNOWN).code == 130
    assert not login().path.exists()


@pytest.mark.usefixtures("with_secret")
def test_another_athlete_is_a_warning(syncd, strava, athlete):
    athlete(None)
    syncd(*KNOWN)
    strava.account.athlete = {"id": 78, "firstname": "B\x1b[2Jea"}
    athlete(None)
    said = syncd(*KNOWN)
    assert said.code == 0
    assert "This is another athlete than before (was Ada Runner (77), now B[2Jea (78))" in said.out


@pytest.mark.usefixtures("with_secret")
def test_nothing_of_it_is_kept_or_said_elsewhere(syncd, strava, athlete, home, caplog):
    caplog.set_level("DEBUG")
    athlete(None)
    said = syncd(*KNOWN)
    kept = login().load()
    said_more = syncd("auth", "status").out + syncd("auth", "logout", "strava", "--json").out
    others = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    texts = [said.out, said.err, said_more, caplog.text]
    everything = b"\n".join([*others, *(each.encode() for each in texts)])
    for secret in (SECRET, kept.access_token, kept.refresh_token):
        assert secret.encode() not in everything
        assert quote_plus(secret).encode() not in everything


# --- how it stands, and the end


@pytest.mark.usefixtures("with_secret")
def test_status_and_logout_know_of_it(syncd, strava, athlete):
    assert syncd("auth", "status", "--json").json["strava"] is None
    athlete(None)
    syncd(*KNOWN)
    standing = syncd("auth", "status", "--json").json["strava"]
    assert standing["valid_until"].endswith("+00:00")
    assert standing | {"valid_until": ""} == {
        "service": "strava",
        "usable": True,
        "name": "Ada Runner (77)",
        "scopes": ["read", "activity:read_all"],
        "valid_until": "",
        "agreed": {"at": "2026-01-05T06:30:00+01:00", "version": "2026-11"},
        "problem": None,
    }
    told = syncd("auth", "status").out
    assert "Strava  logged in as Ada Runner (77), app 12345\n        access until" in told
    assert "you agreed to the terms (version 2026-11) on 2026-01-05" in told
    said = syncd("auth", "logout", "strava", "--json")
    assert (said.json["was_logged_in"], said.json["told"]) == (True, True)
    assert strava.account.access == {}
    assert not login().path.exists()
    assert syncd("auth", "logout", "strava").out == "Strava was not logged in.\n"


def test_a_login_that_lacks_the_box_is_exit_3_in_the_status(syncd, strava):
    login().save(Login("1", "s", "a", "r", 1e9, ("read",)))
    said = syncd("auth", "status")
    assert (said.code, "private activities\u201d is missing: run `syncd auth strava`" in said.out) == (
        3,
        True,
    )


def test_where_it_is_not_on_record_that_you_agreed_the_status_says_null(syncd, strava):
    login().save(Login("1", "s", "a", "r", 1e9, ("read",)))
    assert syncd("auth", "status", "--json").json["strava"]["agreed"] is None


def test_logging_out_without_a_network_says_what_remains(syncd, strava):
    strava.instead["/oauth/revoke"] = StandInReply(502)
    login().save(Login("1", "s", "a", "r", 1e9))
    said = syncd("auth", "logout", "strava")
    assert (said.code, "remove the app at https://www.strava.com/settings/apps" in said.out) == (0, True)
    assert not login().path.exists()


# --- a real terminal, and a real browser's place


@pytest.mark.parametrize(
    ("environ", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
    ],
)
def test_a_display_is_where_windows_open(environ, platform, there):
    assert has_display(environ, platform) is there


@pytest.mark.usefixtures("with_secret")
def test_where_there_is_a_display_the_browser_is_opened_and_its_answer_taken(strava, tmp_path):
    """The browser of this test is a program that follows the address, as a browser does."""
    browser = tmp_path / "browser"
    page = tmp_path / "page"
    os.mkfifo(page)  # whoever reads it waits for the browser
    browser.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys, urllib.request\n"
        "found = urllib.request.urlopen(sys.argv[1], timeout=10).read()\n"
        f"pathlib.Path({str(page)!r}).write_bytes(found)\n"
    )
    browser.chmod(0o755)
    with ThreadPoolExecutor(1) as pool:
        shown = pool.submit(page.read_bytes)
        done = subprocess.run(
            [sys.executable, "-m", "syncd", *KNOWN, "--json"],
            env=os.environ | {"DISPLAY": ":99", "BROWSER": f"{browser} %s"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["name"] == "Ada Runner"
    assert "redirect_uri=http:%2F%2Flocalhost:" in address_in(done.stderr)
    assert b"go back to the terminal" in shown.result(10)
    assert login().load().athlete.id == 77


def test_on_a_terminal_the_secret_is_not_echoed(strava):
    terminal = Terminal("auth", "strava")
    terminal.until("yes or no): ").type("yes")
    terminal.until("Client ID: ").type("12345")
    terminal.until("(not shown): ").type(SECRET)
    terminal.until("Paste it here: ").type(visited(address_in(terminal.shown)))
    assert terminal.code() == 0, terminal.shown
    assert "12345" in terminal.shown.split("Client ID: ")[1]
    assert SECRET not in terminal.shown
    assert login().load().client_secret == SECRET


@pytest.mark.usefixtures("with_secret")
def test_ctrl_c_while_the_page_is_open_saves_nothing(strava, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("BROWSER", "true %s")
    terminal = Terminal(*KNOWN)
    terminal.until("Waiting for Strava's answer")
    assert terminal.interrupted() == 130
    assert "interrupted" in terminal.shown
    assert not login().path.exists()
