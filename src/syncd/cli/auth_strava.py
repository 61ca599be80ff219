"""`auth strava`: the terms, the athlete's own app, Strava's page, and the login that comes back."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.asking import agreed, asked, asked_secret, say, say_filled
from syncd.cli.exits import CommandFailed, UsageFault
from syncd.cli.options import option
from syncd.cli.output import JsonOption, paths_of, show
from syncd.daemon.state_file import next_step, wake

if TYPE_CHECKING:
    from pathlib import Path

    from syncd.config_sections import StravaSection
    from syncd.connectors.strava.app_calls import App
    from syncd.connectors.strava.login import LoginStatus, StravaLoggedIn
    from syncd.connectors.strava.oauth import Places
    from syncd.connectors.strava.redirect import Granted
    from syncd.connectors.strava.tokens import Consent, Login, StravaTokenFile
    from syncd.connectors.strava.webhook import HookFile
    from syncd.paths import Paths

WAIT_S = 300.0  # our default: time to log in on Strava's page, including a second factor
_NOWHERE = "http://localhost:8791/"  # nothing listens there: the browser shows an address that it cannot open
_PASTE = """\
The browser will end at an address that it cannot open, beginning with {nowhere}. That is expected: \
copy the whole address."""


def register(auth: typer.Typer) -> None:
    """Add the command of this module to the group `auth`."""
    auth.command()(strava)


def strava(
    context: typer.Context,
    client_id: Annotated[str, option("--client-id", "NUMBER", "Client ID of your own Strava app.")] = "",
    paste: Annotated[
        bool, typer.Option("--paste", help="For a browser on another machine: paste its address.")
    ] = False,
    i_agree: Annotated[
        bool, typer.Option("--i-agree", help="You know Strava's terms and agree to connect.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Log in to Strava through your own app. Optional; first explains what that means."""
    from syncd.config import load
    from syncd.connectors.strava.login import earlier_login, log_in
    from syncd.connectors.strava.oauth import places_of

    paths = paths_of(context)
    settings, tokens = load(paths.config), login_file(paths)
    places = places_of(settings.section_of("strava"))
    consent = _consent(already=i_agree)
    app = _app(settings.strava, client_id, earlier_login(tokens))
    logged_in = log_in(app, _granted(places, app, paste=paste), consent, tokens, places)
    wake(paths.state)
    show(_payload(logged_in), _text(logged_in, paths.state), as_json)


def log_out(paths: Paths, *, as_json: bool) -> None:
    """End syncd's access at Strava and forget the login here; offline, only the latter."""
    from syncd.config import load
    from syncd.connectors.strava import login
    from syncd.connectors.strava.oauth import places_of

    places = places_of(load(paths.config).section_of("strava"))
    outcome = login.log_out(login_file(paths), places, hook_file(paths))
    payload = {
        "schema": "syncd.auth/1",
        "service": "strava",
        "logged_in": False,
        "was_logged_in": outcome.was_logged_in,
        "told": outcome.revoked,
    }
    show(payload, outcome.text, as_json)


def login_file(paths: Paths) -> StravaTokenFile:
    """The file of the Strava login."""
    from syncd.connectors.strava.tokens import StravaTokenFile

    return StravaTokenFile(paths.logins / StravaTokenFile.NAME)


def hook_file(paths: Paths) -> HookFile:
    """The file of the secrets of its webhook."""
    from syncd.connectors.strava.webhook import HookFile

    return HookFile(paths.logins / HookFile.NAME)


def login_status_payload(status: LoginStatus) -> dict[str, Any]:
    """The status of the Strava login, as in `auth status`."""
    consent = status.consent
    return {
        "service": "strava",
        "usable": status.usable,
        "name": status.who,
        "scopes": list(status.scopes),
        "valid_until": status.valid_until.isoformat() if status.valid_until else None,
        "agreed": {"at": consent.at, "version": consent.version} if consent and consent.at else None,
        "problem": None if status.usable else status.text,
    }


def login_status_text(status: LoginStatus) -> str:
    """The same for people."""
    lines = [f"Strava  {status.text}"]
    if status.usable and status.valid_until:
        lines.append(f"        access until {status.valid_until:%Y-%m-%d %H:%M} UTC, renewed automatically")
    if status.consent and status.consent.at:
        lines.append(
            f"        you agreed to the terms (version {status.consent.version}) on {status.consent.at[:10]}"
        )
    return "\n".join(lines)


def _consent(*, already: bool) -> Consent:
    from syncd import clock
    from syncd.connectors.strava.login import CONSENT, CONSENT_VERSION
    from syncd.connectors.strava.tokens import Consent

    say_filled(CONSENT)
    say("")
    if not (already or agreed("Connect Strava anyway? (yes or no)")):
        raise CommandFailed("Strava stays off; it was not contacted and nothing was saved")
    return Consent(clock.now().isoformat(timespec="seconds"), CONSENT_VERSION)


def _app(settings: StravaSection, given: str, earlier: Login | None) -> App:
    """The athlete's app: given, configured or asked for, with the earlier one as the default."""
    from syncd.connectors.strava.app_calls import App
    from syncd.connectors.strava.login import REGISTER

    client_id, secret = given or settings.client_id, settings.client_secret.get_secret_value()
    if not (client_id and secret):
        say("Strava requires your own app:")
        say_filled(REGISTER)
        say("")
    if not client_id:
        kept = earlier.client_id if earlier else ""
        client_id = asked(f"Client ID [{kept}]" if kept else "Client ID") or kept
    if not re.fullmatch(r"[0-9]{1,20}", client_id):
        raise UsageFault("a Client ID is a short number (the long text is the Client Secret)")
    return App(client_id, secret or _secret(client_id, earlier))


def _secret(client_id: str, earlier: Login | None) -> str:
    kept = earlier.client_secret if earlier and earlier.client_id == client_id else ""
    question = (
        "Client Secret (not shown; Enter keeps the earlier one)" if kept else "Client Secret (not shown)"
    )
    secret = asked_secret(question, optional=bool(kept)).strip() or kept
    if not secret:
        raise UsageFault("the Client Secret is needed to log in (or set SYNCD_STRAVA__CLIENT_SECRET)")
    return secret


def _granted(places: Places, app: App, *, paste: bool) -> Granted:
    """What the athlete agreed to on Strava's page."""
    import secrets

    from syncd.connectors.strava.oauth import authorize_url
    from syncd.connectors.strava.redirect import Listener, read_pasted

    state = secrets.token_urlsafe(32)
    if paste or not has_display(os.environ, sys.platform):
        say(_page(authorize_url(places, app.client_id, _NOWHERE, state)))
        say(_PASTE.format(nowhere=_NOWHERE))
        return read_pasted(asked("Paste it here"), state)
    with Listener(state).running() as listener:
        url = authorize_url(places, app.client_id, listener.uri, state)
        say(f"{_page(url)}\nWaiting for Strava's answer (Ctrl-C to stop) ...")
        Thread(
            target=_open, args=(url,), daemon=True
        ).start()  # some browsers return only when they are closed
        return listener.wait(WAIT_S)


def has_display(environ: Mapping[str, str], platform: str) -> bool:
    """Whether a graphical browser can open here; one in the terminal would take it over."""
    return platform == "darwin" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def _page(url: str) -> str:
    return f"Open this address and press Authorize with all boxes ticked:\n\n{url}\n"


def _open(url: str) -> None:
    import webbrowser

    try:
        webbrowser.open(url)
    except (webbrowser.Error, OSError):
        say("No browser could be opened: open the address yourself.")


def _payload(logged_in: StravaLoggedIn) -> dict[str, Any]:
    login = logged_in.login
    return {
        "schema": "syncd.auth/1",
        "service": "strava",
        "logged_in": True,
        "name": login.athlete.name,
        "athlete_id": login.athlete.id,
        "scopes": list(login.scopes),
        "agreed": {"at": login.consent.at, "version": login.consent.version},
        "remarks": list(logged_in.remarks),
    }


def _text(logged_in: StravaLoggedIn, state: Path) -> str:
    login = logged_in.login
    who = f" as {login.athlete.name}" if login.athlete.name else ""
    return "\n".join(
        [
            f"Logged in to Strava{who} with your app {login.client_id}.",
            "The tokens and the Client Secret are stored in a file that only you can read.",
            *logged_in.remarks,
            next_step(state),
        ]
    )
