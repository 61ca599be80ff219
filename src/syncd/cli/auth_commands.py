"""`auth`: log in once, see how that stands, end it."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli import auth_strava
from syncd.cli.asking import asked, asked_secret, tell
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

_CODE_TRIES = 3
_OLD_LIBRARY = (
    "This Python has an older garminconnect, whose login Garmin may refuse. If it does: log in where Python\n"
    "3.12 or newer is, with syncd or with garminconnect itself, copy its file of tokens here (garmin.json,\n"
    "garmin_tokens.json), and run: syncd auth garmin --tokens DIR. Ctrl-C leaves; else this goes on here."
)
_ONE_PLACE = "Use them nowhere else from now on: each renewal makes all other copies worthless."
_WHOSE = "If they are of another account than before, log in with a password once: `syncd auth garmin`."
_CODE = re.compile(r"[0-9]{1,10}")
_KEPT = "Only tokens are kept, in a file that nobody else can read; they renew themselves."

auth = typer.Typer(
    help="Log in to the services, once; see how that stands; end it.", cls=CommandGroup, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    auth_strava.register(auth)
    app.add_typer(auth, name="auth")


@auth.command()
def garmin(
    context: typer.Context,
    email: Annotated[str, option("--email", "ADDRESS", "Of the account; asked for otherwise.")] = "",
    tokens: Annotated[
        Path | None, option("--tokens", "FOLDER", "A folder of tokens of the garminconnect library.")
    ] = None,
    now: Annotated[bool, typer.Option("--now", help="Try although Garmin blocks logins from here.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Log in to Garmin Connect: e-mail, password, code. None of the three is kept."""
    from syncd.config import load
    from syncd.connectors.garmin.kept_login import KeptLogin

    paths = paths_of(context)
    settings, kept = load(paths.config), KeptLogin(paths.logins)
    if tokens is not None:
        done, told = _adopt(kept, tokens.expanduser())
        told += _taken_over(kept, paths, done)
    else:
        told = log_in(paths, settings, email, anyway=now)
    wake(paths.state)
    payload = {"schema": "syncd.auth/1", "service": "garmin", "logged_in": True, "name": kept.whose().name}
    show(
        payload,
        "\n".join([*told, next_step(paths.state)]),
        as_json,
    )


@auth.command()
def status(context: typer.Context, as_json: JsonOption = False) -> int:
    """Who is logged in, until when, and whether anything is needed. Nobody is asked."""
    from syncd.connectors.garmin.kept_login import KeptLogin
    from syncd.connectors.strava.login import login_status_of

    paths = paths_of(context)
    state, strava = KeptLogin(paths.logins).state(time.time()), login_status_of(auth_strava.login_file(paths))
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
    service: Annotated[str, argument("garmin or strava", words=SERVICES)] = "garmin",
    as_json: JsonOption = False,
) -> None:
    """Forget the login. What is on the watch and on the calendar stays."""
    from syncd.connectors.garmin.kept_login import KeptLogin

    if chosen("auth logout", service, SERVICES) == "strava":
        auth_strava.log_out(paths_of(context), as_json=as_json)
        return
    was_there = KeptLogin(paths_of(context).logins).log_out()
    text = "Logged out of Garmin Connect; workouts on the calendar and the watch stay there."
    payload = {"schema": "syncd.auth/1", "service": "garmin", "logged_in": False, "was_logged_in": was_there}
    show(payload, text if was_there else "There was no login to Garmin Connect.", as_json)


# --- logging in


def log_in(paths: Paths, settings: Settings, email: str = "", *, anyway: bool = False) -> list[str]:
    """Log in to Garmin Connect with a password, keep it, and what to say of it. Raises ConnectorError."""
    from syncd.connectors.garmin.kept_login import KeptLogin

    kept = KeptLogin(paths.logins)
    done, told = _log_in(kept, settings, email, anyway=anyway)
    return [*told, *_taken_over(kept, paths, done)]


def _adopt(kept: KeptLogin, place: Path) -> tuple[GarminLoggedIn, list[str]]:
    """Tokens of the library; nobody is asked whose they are."""
    from syncd.connectors.garmin.kept_login import Whose, library_tokens
    from syncd.connectors.garmin.login import GarminLoggedIn

    found, warning = library_tokens(place)
    complain([warning] if warning else [])
    told = ["The tokens are taken over; nobody was asked whether they are still good.", _ONE_PLACE, _KEPT]
    return GarminLoggedIn(found, Whose()), [*told, _WHOSE] if kept.calendar_of() else told


def _log_in(
    kept: KeptLogin, settings: Settings, email: str, *, anyway: bool
) -> tuple[GarminLoggedIn, list[str]]:
    from syncd.connectors.base import RateLimited
    from syncd.connectors.garmin.connector import endpoints_of, is_loopback
    from syncd.connectors.garmin.login import PasswordLogin, library_is_old

    endpoints = endpoints_of(settings.section_of("garmin"))
    patience = None if is_loopback(endpoints.sso_url) else time.sleep
    login = PasswordLogin(endpoints, kept.blocked, time.time, report=tell, sleep=patience)
    until = login.blocked_until()
    if until is not None and not anyway:
        raise RateLimited(
            f"Garmin blocked the last login; another one before {until:%Y-%m-%d %H:%M} UTC would make it "
            "longer (--now tries all the same, --tokens DIR needs no login)",
            until,
        )
    login.open()  # what is wrong with the library is said before anything is asked for
    if library_is_old():
        tell(_OLD_LIBRARY)
    done = _logged_in(login, kept, email)
    name = done.whose.name
    return done, [f"Logged in to Garmin Connect{f' as {name}' if name else ''}.", _KEPT]


def _logged_in(login: PasswordLogin, kept: KeptLogin, email: str) -> GarminLoggedIn:
    """A login that waits for its code is gone on with; naming an e-mail begins a new one."""
    from syncd.connectors.garmin.login import CodeNeeded

    waiting = None if email else kept.code_state(time.time())
    if waiting is not None:
        tell("The login that was interrupted still waits for its code (an empty one begins anew).")
        code = _code(may_be_empty=True)
        if code:
            return _finished(login, kept, waiting, code)
    kept.drop_code_state()
    begun = login.begin(email or asked("E-mail"), asked_secret("Password"))
    if not isinstance(begun, CodeNeeded):
        return begun
    if begun.state is not None:
        kept.keep_code_state(begun.state, time.time())
        tell("Garmin has sent you a code. If you are interrupted, run the command again within 10 minutes.")
    else:
        tell("Garmin has sent you a code; this version cannot go on if the command is interrupted.")
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
            tell(f"{WRONG_CODE}; try again.")
            code = _code()
        except AuthRequired:
            kept.drop_code_state()
            raise
    kept.drop_code_state()
    raise AuthRequired(f"{WRONG_CODE}: run `syncd auth garmin` again for another one")


def _taken_over(kept: KeptLogin, paths: Paths, done: GarminLoggedIn) -> list[str]:
    """Keep the login. Another account than before has another calendar: it begins empty."""
    from syncd.cli.opened import forget_deliveries

    before, name, number = kept.calendar_of(), kept.whose().name, done.whose.profile_id

    def keep() -> None:
        kept.keep(done.tokens)
        kept.keep_whose(done.whose)
        kept.drop_code_state()

    if not before or number in (0, before):
        keep()
        return []
    forget_deliveries(paths, "garmin", then=keep)
    return [
        f"This is another account than before{f' ({name})' if name else ''}: the workouts on its calendar",
        "stay there, and the next cycle puts them on the calendar of this one.",
    ]


def _code(*, may_be_empty: bool = False) -> str:
    """What cannot be a code is never sent as one: it may be a password that a script typed."""
    while True:
        code = "".join(asked("Code from Garmin").split())
        if _CODE.fullmatch(code) or (may_be_empty and not code):
            return code
        tell("That is none: a code has digits only.")
