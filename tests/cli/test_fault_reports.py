"""A report of an error in syncd itself shows where it happened, holds no secret, and is one of few."""

import os
import stat
import string
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syncd.cli.fault_reports import KEPT, kept_report, without_secrets
from syncd.paths import locate

SECRET = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl0Qx"
SHORT = "hunter2"


def failed(message: str) -> Exception:
    """The error as it was raised, with a traceback and another one before it."""
    try:
        try:
            raise KeyError(message)  # noqa: TRY301 - so that there are two
        except KeyError as error:
            raise RuntimeError(f"while answering: {message}") from error
    except RuntimeError as error:
        error.add_note(f"asked with {message}")
        return error


SPOKEN = [
    "access_token={}",
    "'refresh_token': '{}'",
    '{{"client_secret": "{}"}}',
    "Authorization: Bearer {}",
    "headers={{'Authorization': 'Bearer {}'}}",
    "password = {}",
    "tkn={}",
    "PUT /runs?authz=Bearer%20{} HTTP/1.1",
    "https://www.strava.com/oauth/token?code={}&scope=read",
    "https://anna:{}@proxy.example.org:3128",
    "mfa_code: {}",
    "ticket={};",
    "Cookie: session={}; other=1",
    "SYNCD_STRAVA__CLIENT_SECRET={}",
    "json://{}@127.0.0.1/canary",
]


@pytest.mark.parametrize("spoken", SPOKEN)
@pytest.mark.parametrize("secret", [SECRET, SHORT])
def test_a_secret_that_an_error_names_is_hidden(spoken, secret):
    assert secret not in without_secrets(spoken.format(secret))


RANDOM = st.text(string.ascii_letters + string.digits + "_-", min_size=32, max_size=200).filter(
    lambda text: any(letter.isdigit() for letter in text[:24])
)


@given(RANDOM, st.sampled_from(["{}", "x {} y", "/runs/{}", "[{}]", "a%20{}", "'{}'", "({}, 7)"]))
@example("A" * 23 + "1" + "A" * 8, "{}")
def test_what_is_long_and_random_is_hidden_wherever_it_stands(secret, around):
    assert secret not in without_secrets(around.format(secret))


def test_where_it_happened_can_still_be_read(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    name = kept_report(failed(f"token={SECRET}"))
    text = Path(name).read_text(encoding="utf-8")
    assert text.startswith("syncd ")
    assert f'File "{__file__}", line ' in text
    assert "in failed" in text
    assert "KeyError" in text
    assert "RuntimeError: while answering: token=[hidden]" in text
    assert "asked with token=[hidden]" in text
    assert SECRET not in text


def test_reports_of_a_service_lie_with_its_state_closed_to_others_and_only_the_newest_stay(monkeypatch):
    monkeypatch.setenv("SYNCD_CYCLE", "abcd")
    for number in range(KEPT + 5):
        name = kept_report(failed("x"))
        os.utime(name, (number, number))
    folder = locate().faults
    kept = list(folder.iterdir())
    assert len(kept) == KEPT
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_where_nothing_can_be_written_the_error_is_told_all_the_same(monkeypatch):
    def refused(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refused)
    assert kept_report(failed("x")) == ""
