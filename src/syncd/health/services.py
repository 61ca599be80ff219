"""Logins, looks, the watch, the service, and who is told."""

from __future__ import annotations

import importlib.util
from datetime import datetime, timedelta
from pathlib import Path

from syncd.config import Settings
from syncd.connectors.garmin.client import INSTALL, lack_of_library
from syncd.connectors.garmin.kept_login import KeptLogin
from syncd.connectors.strava.login import login_status_of
from syncd.connectors.strava.tokens import StravaTokenFile
from syncd.daemon.clocks import about
from syncd.daemon.state_file import DaemonStateFile, is_running
from syncd.health.check import Check, State, fail, ok, unknown, warn
from syncd.paths import Paths
from syncd.store import Store

LATE_LOOK = timedelta(minutes=30)  # our default: a look takes at most a quarter of an hour
OLD_LOOK = timedelta(hours=24)  # our default
OLD_SYNC = timedelta(days=2)  # our default: who runs every other day syncs as often


def logins(settings: Settings, paths: Paths, now: datetime) -> list[Check]:
    """Those that are used."""
    used = {*settings.sync.sources, settings.sync.sink}
    checks = []
    if "garmin" in used:
        checks.append(_garmin(KeptLogin(paths.logins), now))
    if "strava" in used:
        standing = login_status_of(StravaTokenFile(paths.logins / StravaTokenFile.NAME))
        remedy = "" if standing.usable else "syncd auth strava"
        state = State.OK if standing.usable else State.FAIL
        checks.append(Check("Strava login", state, standing.text, remedy, needs_login=not standing.usable))
    return checks


def _garmin(kept: KeptLogin, now: datetime) -> Check:
    name, state = "Garmin login", kept.state(now.timestamp())
    if not state.usable:
        words = state.fault or ("the login has ended" if state.exists else "not logged in")
        return Check(name, State.FAIL, words, "syncd auth garmin", needs_login=True)
    if state.resting_until is not None:
        until = f"{state.resting_until:%Y-%m-%d %H:%M} UTC"
        return warn(name, f"Garmin wants to be left alone until {until}", "wait: syncd does")
    who = f"{state.whose.name}, " if state.whose.name else ""
    return ok(name, f"{who}renews itself, last {_ago(state.renewed, now)}")


def libraries(settings: Settings) -> list[Check]:
    """Those whose inside a connector in use relies on."""
    if "garmin" not in {*settings.sync.sources, settings.sync.sink}:
        return []
    name, lack = "Garmin library", lack_of_library()
    return [fail(name, lack, INSTALL) if lack else ok(name, "has all that syncd needs")]


def looks(settings: Settings, store: Store, now: datetime) -> list[Check]:
    """When each source was seen whole for the last time."""
    return [_look(name, store, now) for name in settings.sync.sources]


def _look(source: str, store: Store, now: datetime) -> Check:
    name, look = f"runs from {source}", store.source_pulls.of(source)
    if look is None:
        return unknown(name, "never asked: syncd sync")
    if look.ok_at is not None and now - look.ok_at <= OLD_LOOK:
        return ok(name, f"as of {_ago(look.ok_at, now)}")
    since = f"as of {_ago(look.ok_at, now)}" if look.ok_at else "never seen whole"
    return warn(name, f"{since}: {look.problem or 'nobody looked'}", "syncd sync (it tells more)")


def watch(settings: Settings, store: Store, now: datetime) -> Check:
    """Workouts reach it only when it synchronises."""
    name, at = "watch", store.device_syncs.latest(settings.sync.sink)
    if settings.sync.sink == "folder":
        return unknown(name, "workouts go into a folder: nobody tells when a watch takes them")
    if at is None:
        return unknown(name, "nobody told yet when it synchronised: syncd watch asks")
    if now - at > OLD_SYNC:
        return warn(name, f"synchronised last {_ago(at, now)}", "open Garmin Connect near the watch")
    return ok(name, f"synchronised {_ago(at, now)}")


def service(paths: Paths, now: datetime) -> Check:
    """Whether something looks by itself, and did so lately."""
    name, standing = "service", DaemonStateFile(paths.state).read()
    if not is_running(paths.state):
        remedy = "syncd service install (or let something else start syncd run)"
        return warn(name, "does not run: nothing happens by itself", remedy)
    if standing is None:
        return unknown(name, "runs, and has not looked yet")
    if standing.needs:
        return fail(name, f"runs, and needs you: {standing.needs[0]}", "do what it says")
    due = datetime.fromisoformat(standing.next_look) if standing.next_look else None
    if due is not None and now - due > LATE_LOOK:
        return fail(name, f"should have looked {_ago(due, now)}", "syncd service status; restart it")
    if standing.failures >= 3:
        return warn(
            name, f"the last {standing.failures} looks failed: {standing.says}", "syncd sync tells more"
        )
    looked = datetime.fromisoformat(standing.last_look) if standing.last_look else None
    return ok(name, f"runs, looked {_ago(looked, now)}" if looked else "runs")


def telling(settings: Settings) -> list[Check]:
    """Notifications and heart-beat."""
    checks = []
    if settings.notify.addresses:
        if importlib.util.find_spec("apprise") is None:
            checks.append(
                fail("notifications", "the library apprise is missing", "pip install 'syncd[notify]'")
            )
        else:
            number = len(settings.notify.addresses)
            checks.append(ok("notifications", f"{number} address{'' if number == 1 else 'es'}, not tried"))
    if settings.daemon.heartbeat_url.get_secret_value():
        checks.append(ok("heart-beat", "an address is called after each look"))
    return checks


def folders(settings: Settings) -> list[Check]:
    """Those of the folder connector, where it is used."""
    checks: list[Check] = []
    for role, used, folder in (
        ("inbox", "folder" in settings.sync.sources, settings.folder.inbox),
        ("outbox", settings.sync.sink == "folder", settings.folder.outbox),
    ):
        if used:
            checks.append(_folder(role, folder))
    return checks


def _folder(role: str, folder: Path | None) -> Check:
    if folder is None:
        return fail(role, "is not set", f"[folder] {role} in the configuration")
    if not folder.is_dir():
        return warn(role, f"{folder} is not there", "connect the watch, or make the folder")
    return ok(role, str(folder))


def _ago(moment: datetime | None, now: datetime) -> str:
    return "at an unknown time" if moment is None else f"{about(max(now - moment, timedelta(0)))} ago"
