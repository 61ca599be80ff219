"""Logging in and out at Strava: what the athlete agrees to, what is kept, and the status of the login."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from syncd.connectors.base import AuthRequired, ConnectorError, RateLimited, Unavailable
from syncd.connectors.kept_renewal import kept_renewal
from syncd.connectors.strava.app_calls import SETTINGS_PAGE, App
from syncd.connectors.strava.oauth import Places, Tokens, exchange, revoke, who_answers
from syncd.connectors.strava.redirect import BOXES, Granted
from syncd.connectors.strava.subscriptions import ended
from syncd.connectors.strava.tokens import NEEDED_SCOPE, Consent, Login, StravaAthlete, StravaTokenFile
from syncd.connectors.strava.webhook import HookFile
from syncd.credentials import CredentialError

CONSENT_VERSION = "2026-11"  # goes up with every change of the text below
CONSENT = """\
Strava is optional, and it comes with strings attached:
- Since June 2026 whoever owns an API app (here: you) needs a paid Strava
  subscription. Without one Strava logs you in, but answers nothing.
- Strava's API policy (1 June 2026, as reported; the text in force is at
  https://www.strava.com/legal/api) lets an app keep data for 7 days, show it to
  its owner only, and neither analyse it, combine it with other data, nor use it
  for AI. Read literally, scoring your runs and merging them with those of your
  watch conflicts with it. Whether you want that is yours to decide.
- syncd keeps raw Strava data at most 7 days, on this machine only, uses no AI,
  and knows of every run where it came from. Your watch's service or your files
  stay the record: syncd works without Strava."""
REGISTER = f"""\
1. At {SETTINGS_PAGE} create an app of your own (any name).
2. Write localhost as its Authorization Callback Domain (no http, no port).
3. Copy its Client ID and Client Secret (the tokens shown there are of no use)."""

CONNECTED_APPS = "https://www.strava.com/settings/apps"
_CLOCK_OFF_S = 300.0  # our default: half of the margin with which tokens are renewed


@dataclass(frozen=True, slots=True)
class StravaLoggedIn:
    """The login as it was kept, and sentences about what the athlete should check."""

    login: Login
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoginStatus:
    """The status of the saved login, without asking Strava. `text` is one line for people.

    `exists`: whether there is a file of it. `valid_until` is when the access token ends,
    which renews itself; None where that is not known.
    """

    who: str = ""
    scopes: tuple[str, ...] = ()
    valid_until: datetime | None = None
    consent: Consent | None = None
    usable: bool = False
    text: str = ""
    exists: bool = True


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """Whether there was a login, whether Strava ended its access, and a text with what remains to do."""

    was_logged_in: bool
    revoked: bool
    text: str


def log_in(
    app: App,
    granted: Granted,
    consent: Consent,
    tokens: StravaTokenFile,
    places: Places,
    *,
    sleep: Callable[[float], None] = time.sleep,
    wall_s: Callable[[], float] = time.time,
) -> StravaLoggedIn:
    """Exchange the code and keep the login; on disk before anything else is done with it.

    Raises ConnectorError: AuthRequired too where Strava keeps silent to the app, with the login kept.
    """
    try:
        with tokens.locked():
            before = earlier_login(tokens)
            with kept_renewal(tokens.path) as keep:
                issued = exchange(places, app, granted.code, sleep)
                login = _login(app, granted, consent, issued)
                keep(login.to_json())
    except CredentialError as error:
        raise AuthRequired(str(error)) from error
    remarks = [*_compared(before, login), *_clock(issued, wall_s())]
    return StravaLoggedIn(login, (*remarks, *_tried(places, login, tokens)))


def earlier_login(tokens: StravaTokenFile) -> Login | None:
    """The saved login, None where there is none that can be read."""
    try:
        return tokens.load()
    except AuthRequired:
        return None


def login_status_of(tokens: StravaTokenFile) -> LoginStatus:
    """The status of the login, from the file alone."""
    try:
        login = tokens.load()
    except AuthRequired as error:
        return LoginStatus(text=str(error), exists=os.path.lexists(tokens.path))
    who = _named(login.athlete)
    usable = NEEDED_SCOPE in login.scopes
    text = f"logged in as {who}, app {login.client_id}"
    if not usable:
        text = f"{who}: the box \u201c{BOXES[NEEDED_SCOPE]}\u201d is missing: run `syncd auth strava`"
    return LoginStatus(who, login.scopes, _moment(login.expires_at), login.consent, usable, text)


def log_out(tokens: StravaTokenFile, places: Places, hooks: HookFile | None = None) -> LoggedOut:
    """End the access at Strava, then forget the login here; without a network it is forgotten all the same.

    A webhook subscription ends with it: without the app's secret nobody could end it later.
    Raises AuthRequired when a file cannot be removed.
    """
    try:
        with tokens.locked():
            remains = _end_access(tokens, places, hooks)
            was_logged_in = tokens.remove()
    except CredentialError as error:
        raise AuthRequired(str(error)) from error
    if hooks is not None:
        hooks.remove()
    if not was_logged_in:
        return LoggedOut(False, False, "Strava was not logged in.")
    if not remains:
        text = "Logged out of Strava: its access has ended, and the login here is gone."
        return LoggedOut(True, True, text)
    return LoggedOut(True, False, " ".join(["The login here is gone.", *remains]))


def _moment(epoch_s: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(epoch_s, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _login(app: App, granted: Granted, consent: Consent, issued: Tokens) -> Login:
    return Login(
        client_id=app.client_id,
        client_secret=app.client_secret,
        access_token=issued.access_token,
        refresh_token=issued.refresh_token,
        expires_at=issued.expires_at,
        scopes=granted.scopes,
        athlete=issued.athlete,
        consent=consent,
    )


def _compared(before: Login | None, login: Login) -> list[str]:
    """What differs from the earlier login in a way that matters."""
    if before is None:
        return []
    remarks = []
    if 0 not in (before.athlete.id, login.athlete.id) and before.athlete.id != login.athlete.id:
        remarks.append(
            f"This is another athlete than before (was {_named(before.athlete)}, "
            f"now {_named(login.athlete)}): the runs of two people in one history make every score and plan "
            "wrong. If that is not meant, run syncd auth logout strava, and give each athlete a profile "
            "(--profile NAME)."
        )
    if before.client_id != login.client_id:
        remarks.append(
            f"The earlier login used another app ({before.client_id}); its access goes on until it is "
            f"removed at {CONNECTED_APPS}."
        )
    return remarks


def _clock(issued: Tokens, wall_s: float) -> list[str]:
    off_s = 0.0 if issued.answered_at_s is None else wall_s - issued.answered_at_s
    if abs(off_s) < _CLOCK_OFF_S:
        return []
    side = "fast" if off_s > 0 else "slow"
    difference = f"The clock of this machine is {abs(off_s) / 60:.0f} min {side} against Strava's"
    return [f"{difference}: set it, or the login ends unexpectedly."]


def _tried(places: Places, login: Login, tokens: StravaTokenFile) -> tuple[str, ...]:
    """One request with the new login: a lapsed subscription shows only here.

    Raises AuthRequired; any other trouble is a remark, since the next sync tries again.
    """
    try:
        who_answers(places, login.access_token)
    except AuthRequired as error:
        raise AuthRequired(f"the login is kept ({tokens.path}), but it cannot be used: {error}") from None
    except ConnectorError as error:
        return (f"The login is kept, but could not be tried yet ({_short(error)}); the next sync does.",)
    return ()


def _end_access(tokens: StravaTokenFile, places: Places, hooks: HookFile | None) -> list[str]:
    """End the access at Strava: empty when that worked, else sentences about what remains to do there."""
    to_do = f"To end its access as well, remove the app at {CONNECTED_APPS}."
    try:
        login = tokens.load()
    except AuthRequired:
        return [f"It cannot be read, so Strava was not told. {to_do}"]
    app, remains = App(login.client_id, login.client_secret), []
    if hooks is not None and os.path.lexists(hooks.path):
        try:
            ended(places, app, hooks)
        except ConnectorError as error:
            remains.append(
                f"Its webhook subscription stays at Strava ({_short(error)}); it ends with the app, "
                f"at {SETTINGS_PAGE}."
            )
    try:
        revoke(places, app, login.refresh_token)
    except ConnectorError as error:
        remains.append(f"Strava was not told ({_short(error)}). {to_do}")
    return remains


def _short(error: ConnectorError) -> str:
    if isinstance(error, Unavailable):
        return "it cannot be reached"
    return "its rate limit is used up" if isinstance(error, RateLimited) else "it refused"


def _named(athlete: StravaAthlete) -> str:
    return (
        f"{athlete.name or 'athlete'} ({athlete.id})" if athlete.id else athlete.name or "an unnamed athlete"
    )
