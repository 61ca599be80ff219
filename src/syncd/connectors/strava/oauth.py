"""The login at Strava on the wire: the page where the athlete agrees, the code, the tokens, the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from syncd.connectors.base import Unavailable
from syncd.connectors.garmin.replies import Reply
from syncd.connectors.strava.app_calls import SPENT_CODE, App, ask, errors_of, good
from syncd.connectors.strava.tokens import NEEDED_SCOPE, StravaAthlete
from syncd.renewal import is_token
from syncd.service_address import is_loopback

SCOPES = ("read", NEEDED_SCOPE)
_TODAYS_HOST = "https://www.strava.com"  # there the API is below /api/v3, at its next host at the top
_CODE_SETTLES_S = 2.0  # a fresh code may be refused for about as long
FAR_S = 1 << 40  # later than any time: no seconds since the epoch


@dataclass(frozen=True, slots=True)
class Places:
    """Where the service is: `oauth` has /oauth/token below it, `api` has /athlete.

    The two move apart: from 2027 on the API has a host of its own.
    """

    oauth: str = "https://www.strava.com"
    api: str = "https://www.strava.com/api/v3"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a code was exchanged for. `expires_at` in seconds since the epoch, by Strava's clock.

    `answered_at_s` is that clock at the answer, None when it did not say.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: float
    athlete: StravaAthlete
    answered_at_s: float | None = None


def places_of(settings: Mapping[str, Any]) -> Places:
    """From the `[strava]` settings. On loopback the login follows the API unless it is set too."""
    api, oauth = (str(settings.get(name) or "").rstrip("/") for name in ("api_url", "oauth_url"))
    if not oauth and is_loopback(api):
        oauth = api.removesuffix("/api/v3")
    if api == _TODAYS_HOST:
        api = Places().api
    return Places(oauth or Places().oauth, api or Places().api)


def authorize_url(places: Places, client_id: str, redirect_uri: str, state: str) -> str:
    """The page where the athlete agrees; `force` shows its boxes each time."""
    query = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "approval_prompt": "force",
        "scope": ",".join(SCOPES),
        "state": state,
    }
    return f"{places.oauth}/oauth/authorize?{urlencode(query, safe=',:')}"


def exchange(places: Places, app: App, code: str, sleep: Callable[[float], None]) -> Tokens:
    """The tokens for a code. A code that is refused is tried once more, when it has settled.

    Raises ConnectorError.
    """
    reply = _exchanged(places, app, code)
    if SPENT_CODE in errors_of(reply.content):
        sleep(_CODE_SETTLES_S)
        reply = _exchanged(places, app, code)
    return _tokens_in(good(reply), _answered_at_s(reply))


def revoke(places: Places, app: App, token: str) -> None:
    """End the athlete's agreement; either token ends both. Raises ConnectorError."""
    good(ask("POST", f"{places.oauth}/oauth/revoke", form={"token": token}, basic=app))


def who_answers(places: Places, access_token: str) -> StravaAthlete:
    """The athlete behind a token: one read request. Raises ConnectorError."""
    return _athlete_in(good(ask("GET", f"{places.api}/athlete", bearer=access_token)))


def _exchanged(places: Places, app: App, code: str) -> Reply:
    form = {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "grant_type": "authorization_code",
        "code": code,
    }
    return ask("POST", f"{places.oauth}/oauth/token", form=form)


def _tokens_in(found: object, answered_at_s: float | None) -> Tokens:
    match found:
        case {"access_token": str(access), "refresh_token": str(refresh), "expires_at": int(ends), **more}:
            if is_token(access) and is_token(refresh) and 0 < ends < FAR_S:
                return Tokens(access, refresh, float(ends), _athlete_in(more.get("athlete")), answered_at_s)
    raise Unavailable("Strava answered without tokens: run `syncd auth strava` again")


def _athlete_in(found: object) -> StravaAthlete:
    if not isinstance(found, Mapping):
        return StravaAthlete()
    number = found.get("id")
    names = (found.get("firstname"), found.get("lastname"))
    name = " ".join(part.strip() for part in names if isinstance(part, str) and part.strip())
    return StravaAthlete(number if isinstance(number, int) else 0, name)


def _answered_at_s(reply: Reply) -> float | None:
    try:
        return parsedate_to_datetime(reply.headers.get("Date", "")).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
