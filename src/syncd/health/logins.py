"""Logins in use, and what they need."""

from __future__ import annotations

from datetime import UTC, datetime

from syncd.connectors.base import AuthRequired
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.garmin.client import WANTED, lack_of_library
from syncd.connectors.garmin.kept_login import KeptLogin
from syncd.connectors.strava.budget import StravaBudget
from syncd.connectors.strava.login import login_status_of
from syncd.connectors.strava.session import fingerprint_of
from syncd.connectors.strava.tokens import StravaTokenFile
from syncd.connectors.strava.webhook import HookFile
from syncd.health.check import Check, Command, State, fail, ok, warn
from syncd.health.examination import Examination

_WAIT = "nothing to do: syncd waits"
_GARMIN, _STRAVA = Command("syncd auth garmin"), Command("syncd auth strava")


def garmin_login(case: Examination) -> list[Check]:
    """The saved login of Garmin Connect."""
    if "garmin" not in case.services_in_use or not case.state_is_listed:
        return []
    name, state = "Garmin login", KeptLogin(case.paths.logins).state(case.now.timestamp())
    if not state.usable:
        problem = state.fault or ("your login has expired" if state.exists else "not logged in")
        if state.login_blocked_until is not None:
            problem += (
                f", and Garmin takes no new login before {state.login_blocked_until:%Y-%m-%d %H:%M} UTC"
            )
        return [Check(name, State.FAIL, problem, _GARMIN, needs_login=True)]
    if state.resting_until is not None:
        until = f"{state.resting_until:%Y-%m-%d %H:%M} UTC"
        return [warn(name, f"Garmin asked syncd to wait until {until}", _WAIT)]
    who = f"{state.whose.name}, " if state.whose.name else ""
    return [ok(name, f"{who}renewed automatically, last {case.ago(state.renewed)}")]


def strava_login(case: Examination) -> list[Check]:
    """The saved login of Strava."""
    if "strava" not in case.services_in_use or not case.state_is_listed:
        return []
    name, tokens = "Strava login", StravaTokenFile(case.paths.logins / StravaTokenFile.NAME)
    status, now_s = login_status_of(tokens), case.now.timestamp()
    if not status.usable:
        return [Check(name, State.FAIL, status.text, _STRAVA, needs_login=True)]
    budget = BudgetFile(StravaBudget, case.paths.logins / "strava-budget.json").read()
    if why := budget.why_dead(fingerprint_of(tokens.load()), now_s):
        return [Check(name, State.FAIL, why, _STRAVA, needs_login=True)]
    if (closed_s := budget.closed_at(now_s)) is not None:
        until = f"{datetime.fromtimestamp(closed_s, UTC):%Y-%m-%d %H:%M} UTC"
        return [warn(name, f"Strava asked syncd to wait until {until}", _WAIT)]
    return [ok(name, status.text)]


def strava_webhook(case: Examination) -> list[Check]:
    """A webhook that is configured is also one that Strava knows."""
    if case.settings is None or "strava" not in case.services_in_use:
        return []
    name, wanted = "Strava webhook", case.settings.strava.webhook.public_url
    if not wanted:
        return []
    try:
        hook = HookFile(case.paths.logins / HookFile.NAME).load()
    except AuthRequired as error:
        return [fail(name, str(error), Command("syncd strava webhook delete"))]
    if hook is None:
        text = f"{wanted} is configured, but Strava was never told of it"
        return [warn(name, text, Command("syncd strava webhook"))]
    return [ok(name, f"Strava calls {wanted}")]


def garmin_library(case: Examination) -> list[Check]:
    """The library with internals that the connector in use relies on."""
    if "garmin" not in case.services_in_use:
        return []
    name, problem = "Garmin library", lack_of_library()
    return [
        fail(name, problem, Command.installing(WANTED)) if problem else ok(name, "has all that syncd needs")
    ]
