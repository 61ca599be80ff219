"""The saved login of Strava: private, complete, and silent about its secrets."""

import json
import stat

import pytest

from syncd.connectors.base import AuthRequired
from syncd.connectors.strava.tokens import Consent, Login, StravaAthlete, StravaTokenFile

LOGIN = Login(
    client_id="12345",
    client_secret="secret-1",
    access_token="access-1",
    refresh_token="refresh-1",
    expires_at=1_800_000_000.0,
    scopes=("read", "activity:read_all"),
    athlete=StravaAthlete(77, "Ada"),
    consent=Consent("2026-11-25T09:00:00+00:00", "1"),
)

NO_REFRESH_TOKEN = '{"client_id": 1, "client_secret": "s", "access_token": "a", "refresh_token": null}'


@pytest.fixture
def tokens(tmp_path):
    return StravaTokenFile(tmp_path / "logins" / "strava.json")


def test_what_is_saved_is_loaded_and_nobody_else_reads_it(tokens):
    tokens.save(LOGIN)
    assert tokens.load() == LOGIN
    assert stat.S_IMODE(tokens.path.stat().st_mode) == 0o600
    assert set(json.loads(tokens.path.read_text())) == {
        "client_id",
        "client_secret",
        "access_token",
        "refresh_token",
        "expires_at",
        "scopes",
        "athlete",
        "consent",
    }


def test_secrets_are_never_shown():
    shown = repr(LOGIN)
    assert not [each for each in ("secret-1", "access-1", "refresh-1") if each in shown]


def test_no_login_says_what_to_run(tokens):
    with pytest.raises(AuthRequired, match="run `syncd auth strava`"):
        tokens.load()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        "{}",
        '{"client_id": 1, "client_secret": "s", "access_token": "a", "refresh_token": null}',
    ],
)
def test_a_damaged_login_needs_a_human(tokens, content):
    tokens.path.parent.mkdir()
    tokens.path.write_text(content)
    tokens.path.chmod(0o600)
    with pytest.raises(AuthRequired, match="is damaged: run `syncd auth strava`"):
        tokens.load()


def test_a_login_is_over_early_by_the_margin():
    assert LOGIN.expires_within(600, LOGIN.expires_at - 600)
    assert not LOGIN.expires_within(600, LOGIN.expires_at - 601)


def test_a_refresh_keeps_who_it_is_and_what_was_agreed():
    fresh = LOGIN.with_tokens("access-2", "refresh-2", 1_800_021_600)
    assert (fresh.access_token, fresh.refresh_token, fresh.expires_at) == (
        "access-2",
        "refresh-2",
        1_800_021_600.0,
    )
    assert (fresh.athlete, fresh.consent, fresh.scopes) == (LOGIN.athlete, LOGIN.consent, LOGIN.scopes)


def test_a_removed_login_is_gone(tokens):
    tokens.save(LOGIN)
    assert tokens.remove() is True
    assert tokens.remove() is False
