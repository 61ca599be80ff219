"""`auth`: log in once, check the logins, log out."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd import clock
from syncd.cli import auth_strava
from syncd.cli.asking import asked, asked_secret, say
from syncd.cli.auth_views import status_payload, status_text
from syncd.cli.choices import SERVICES, chosen
from syncd.cli.exits import NEEDS_HUMAN, OK
from syncd.cli.help_pages import CommandGroup
from syncd.cli.options import argument, option
from syncd.cli.output import JsonOption, complain, paths_of, show
from syncd.daemon.state_file import next_step, wake

if TYPE_CHECKING:
    from syncd.config import Settings
    from syncd.connectors.garmin.kept_login import KeptLogin
    from syncd.connectors.garmin.login import GarminLoggedIn, PasswordLogin
    from syncd.paths import Paths


def _now_s() -> float:
    """The clock that pauses between logins go by; what expires goes by real time."""
    return clock.now().timestamp()


_CODE_TRIES = 3
_OLD_LIBRARY = (
    "This Python has an older garminconnect, and Garmin may refuse its login. If that happens, log in on a "
    "machine with Python 3.12 or newer, with syncd or with garminconnect itself, copy its token file here "
    "(garmin.json or garmin_tokens.json) and run: syncd auth garmin --tokens FOLDER. Continue to log in "
    "here, or press Ctrl-C to stop."
)
_ONE_PLACE = "Do not use these tokens anywhere else from now on: each renewal makes all other copies useless."
_WHOSE = "If they belong to a different account than before, log in once with a password: syncd auth garmin"
_CODE = re.compile(r"[0-9]{1,10}")
_KEPT = "Only tokens are stored, in a file that only you can read; they are renewed automatically."

auth = typer.Typer(
    help="Log in to Garmin and Strava, check your logins, log out.", cls=CommandGroup, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    auth_strava.register(auth)
    app.add_typer(auth, name="auth")


@auth.command()
def garmin(
    context: typer.Context,
    email: Annotated[str, option("--email", "ADDRESS", "E-mail of the account; asked for if missing.")] = "",
    tokens: Annotated[
        Path | None, option("--tokens", "FOLDER", "A folder with tokens of the garminconnect library.")
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Try even though Garmin blocks logins from here.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Log in to Garmin Connect: e-mail, password, code. None of them is stored."""
    from syncd.config import load
    from syncd.connectors.garmin.kept_login import KeptLogin

    paths = paths_of(context)
    settings, kept = load(paths.config), KeptLogin(paths.logins)
    if tokens is not None:
        login, lines = _adopt(kept, tokens.expanduser())
        lines += _keep_login(kept, paths, login)
    else:
        lines = log_in(paths, settings, email, anyway=now)
    wake(paths.state)
    payload = {"schema": "syncd.auth/1", "service": "garmin", "logged_in": True, "name": kept.whose().name}
    show(
        payload,
        "\n".join([*lines, next_step(paths.state)]),
        as_json,
    )


@auth.command()
def status(context: typer.Context, as_json: JsonOption = False) -> int:
    """Show who is logged in, until when, and whether anything is needed. Works offline."""
    from syncd.connectors.garmin.kept_login import KeptLogin
    from syncd.connectors.strava.login import login_status_of

    paths = paths_of(context)
    state = KeptLogin(paths.logins).state(clock.now().timestamp())
    strava = login_status_of(auth_strava.login_file(paths))
    payload = {
        **status_payload(state),
        "strava": auth_strava.login_status_payload(strava) if strava.exists else None,
    }
    lines = [status_text(state), *([auth_strava.login_status_text(strava)] if strava.exists else [])]
    show(payload, "\n".join(lines), as_json)
    return OK if state.usable and (strava.usable or not strava.exists) else NEEDS_HUMAN


@auth.command()
def logout(
    context: typer.Context,
    service: Annotated[str, argument("garmin or strava (default: garmin).", choices=SERVICES)] = "garmin",
    as_json: JsonOption = False,
) -> None:
    """Log out and forget the login. Workouts on the watch and the calendar stay."""
    from syncd.connectors.garmin.kept_login import KeptLogin

    if chosen("auth logout", service, SERVICES) == "strava":
        auth_strava.log_out(paths_of(context), as_json=as_json)
        return
    was_there = KeptLogin(paths_of(context).logins).log_out()
    text = "Logged out of Garmin Connect. Workouts on the calendar and the watch stay there."
    payload = {"schema": "syncd.auth/1", "service": "garmin", "logged_in": False, "was_logged_in": was_there}
    show(payload, text if was_there else "You were not logged in to Garmin Connect.", as_json)


# --- logging in


def log_in(paths: Paths, settings: Settings, email: str = "", *, anyway: bool = False) -> list[str]:
    """Log in to Garmin Connect with a password and keep the login; lines about it. Raises ConnectorError."""
    from syncd.connectors.garmin.kept_login import KeptLogin

    kept = KeptLogin(paths.logins)
    login, lines = _log_in(kept, settings, email, anyway=anyway)
    return [*lines, *_keep_login(kept, paths, login)]


def _adopt(kept: KeptLogin, place: Path) -> tuple[GarminLoggedIn, list[str]]:
    """Tokens of the library, without asking Garmin whose they are."""
    from syncd.connectors.garmin.kept_login import Whose, library_tokens
    from syncd.connectors.garmin.login import GarminLoggedIn

    tokens, warning = library_tokens(place)
    complain([warning] if warning else [])
    lines = ["Tokens imported; the next sync shows whether they still work.", _ONE_PLACE, _KEPT]
    return GarminLoggedIn(tokens, Whose()), [*lines, _WHOSE] if kept.calendar_of() else lines


def _log_in(
    kept: KeptLogin, settings: Settings, email: str, *, anyway: bool
) -> tuple[GarminLoggedIn, list[str]]:
    from syncd.connectors.base import RateLimited
    from syncd.connectors.garmin.connector import endpoints_of
    from syncd.connectors.garmin.login import PasswordLogin, library_is_old
    from syncd.service_address import is_loopback

    endpoints = endpoints_of(settings.section_of("garmin"))
    patience = None if is_loopback(endpoints.sso_url) else time.sleep
    login = PasswordLogin(endpoints, kept.blocked, _now_s, report=say, sleep=patience)
    until = login.blocked_until()
    if until is not None and not anyway:
        raise RateLimited(
            f"Garmin blocked the last login; trying again before {until:%Y-%m-%d %H:%M} UTC would make the "
            "block longer (--now tries anyway, --tokens FOLDER needs no login)",
            until,
        )
    login.open()  # a problem with the library shows before anything is asked for
    if library_is_old():
        say(_OLD_LIBRARY)
    logged_in = _logged_in(login, kept, email)
    name = logged_in.whose.name
    return logged_in, [f"Logged in to Garmin Connect{f' as {name}' if name else ''}.", _KEPT]


def _logged_in(login: PasswordLogin, kept: KeptLogin, email: str) -> GarminLoggedIn:
    """Continue a login that waits for its code; with an e-mail given, start a new one."""
    from syncd.connectors.garmin.login import CodeNeeded

    waiting = None if email else kept.code_state(time.time())
    if waiting is not None:
        say("Your interrupted login is still waiting for its code (press Enter to start again).")
        code = _code(may_be_empty=True)
        if code:
            return _finished(login, kept, waiting, code)
    kept.drop_code_state()
    begun = login.begin(email or asked("E-mail"), asked_secret("Password"))
    if not isinstance(begun, CodeNeeded):
        return begun
    if begun.state is not None:
        kept.keep_code_state(begun.state, time.time())
        say("Garmin has sent you a code. If you are interrupted, run this command again within 10 minutes.")
    else:
        say("Garmin has sent you a code. Do not interrupt this command: this version cannot resume it.")
    return _finished(login, kept, begun.state, _code())


def _finished(
    login: PasswordLogin, kept: KeptLogin, state: dict[str, Any] | None, code: str
) -> GarminLoggedIn:
    from syncd.connectors.base import AuthRequired
    from syncd.connectors.garmin.login import WRONG_CODE, WrongCode

    for left in range(_CODE_TRIES - 1, -1, -1):
        try:
            return login.finish(code, state)
        except WrongCode:
            if not left:
                break
            say(f"{WRONG_CODE}; try again.")
            code = _code()
        except AuthRequired:
            kept.drop_code_state()
            raise
    kept.drop_code_state()
    raise AuthRequired(f"{WRONG_CODE}: run `syncd auth garmin` again to get a new one")


def _keep_login(kept: KeptLogin, paths: Paths, login: GarminLoggedIn) -> list[str]:
    """Keep the login. A different account has a different calendar, which begins empty."""
    from syncd.cli.opened import forget_deliveries

    before, name, number = kept.calendar_of(), kept.whose().name, login.whose.profile_id

    def keep() -> None:
        kept.keep(login.tokens)
        kept.keep_whose(login.whose)
        kept.drop_code_state()

    if not before or number in (0, before):
        keep()
        return []
    forget_deliveries(paths, "garmin", then=keep)
    return [
        f"This is a different account than before{f' ({name})' if name else ''}.",
        "Workouts on that calendar stay there, and the next sync adds them to this one.",
    ]


def _code(*, may_be_empty: bool = False) -> str:
    """The code. What cannot be one is never sent: it may be a password that a script typed."""
    while True:
        code = "".join(asked("Code from Garmin").split())
        if _CODE.fullmatch(code) or (may_be_empty and not code):
            return code
        say("That is not a code: a code has only digits.")
