"""The login of Strava: the athlete's own app, its tokens, and what the athlete agreed to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from syncd import credentials, renewal
from syncd.connectors.base import AuthRequired
from syncd.credentials import CredentialError

LOG_IN = "Strava does not accept the login any more: run `syncd auth strava`"
NOT_LOGGED_IN = "Strava is not logged in: run `syncd auth strava`"
NEEDED_SCOPE = "activity:read_all"  # without it private runs and the privacy zone's streams are missing


@dataclass(frozen=True, slots=True)
class StravaAthlete:
    """Who logged in; `id` is Strava's number, 0 when it was not reported."""

    id: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the athlete agreed to: the text's version, and when (ISO time with offset)."""

    at: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """One login, as kept in `logins/strava.json`. `expires_at` in seconds since the epoch.

    Secrets are left out of `repr`, so that no error and no log line can show them.
    """

    client_id: str
    client_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: float
    scopes: tuple[str, ...] = ()
    athlete: StravaAthlete = StravaAthlete()
    consent: Consent = Consent()

    def expires_within(self, seconds: float, now_s: float) -> bool:
        """Whether the access token ends within so many seconds of `now_s` (epoch)."""
        return self.expires_at - now_s <= seconds

    def with_tokens(self, access_token: str, refresh_token: str, expires_at: float) -> Login:
        """The login after a refresh; the earlier refresh token is spent."""
        return replace(
            self, access_token=access_token, refresh_token=refresh_token, expires_at=float(expires_at)
        )

    def to_json(self) -> str:
        """One JSON object with the keys of the fields; `client_id` as text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Login:
        """What `to_json` wrote. Raises ValueError for anything that is no usable login."""
        found = json.loads(text)
        if not isinstance(found, Mapping):
            raise ValueError("not an object")  # noqa: TRY004 - one error for every damage
        athlete, consent = _object(found, "athlete"), _object(found, "consent")
        scopes = found.get("scopes")
        number = athlete.get("id")
        return cls(
            client_id=_text(found, "client_id"),
            client_secret=_text(found, "client_secret"),
            access_token=_text(found, "access_token"),
            refresh_token=_text(found, "refresh_token"),
            expires_at=_seconds(found.get("expires_at")),
            scopes=tuple(str(scope) for scope in scopes) if isinstance(scopes, list) else (),
            athlete=StravaAthlete(number if isinstance(number, int) else 0, str(athlete.get("name") or "")),
            consent=Consent(str(consent.get("at") or ""), str(consent.get("version") or "")),
        )


@dataclass(frozen=True, slots=True)
class StravaTokenFile:
    """The file of the login: private, whole or absent, spent by one process at a time."""

    NAME: ClassVar[str] = "strava.json"

    path: Path

    def load(self) -> Login:
        """The login. Raises AuthRequired when there is none, or it must not or cannot be used."""
        try:
            found = renewal.current(self.path)
        except CredentialError as error:
            raise AuthRequired(str(error)) from error
        if found is None:
            raise AuthRequired(NOT_LOGGED_IN)
        try:
            return Login.from_json(found)
        except ValueError:  # its text may quote the file
            raise AuthRequired(f"{self.path} is damaged: run `syncd auth strava`") from None

    def save(self, login: Login) -> None:
        """On disk when this returns. Raises AuthRequired: a spent refresh token cannot be had again."""
        try:
            credentials.save(self.path, login.to_json())
        except CredentialError as error:
            raise AuthRequired(f"the new login could not be kept: {error}") from error

    def remove(self) -> bool:
        """Forget the login; whether there was one. Raises AuthRequired."""
        try:
            return credentials.remove(self.path)
        except CredentialError as error:
            raise AuthRequired(str(error)) from error

    def locked(self) -> AbstractContextManager[None]:
        """Held while a token is spent, so that only one process does it."""
        return credentials.locked(self.path)


def _object(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = found.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(found: Mapping[str, Any], name: str) -> str:
    """A text that is not empty; the client id may have been written as a number."""
    value = found.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is missing")
    return value


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("expires_at is missing")  # noqa: TRY004
    return float(value)
