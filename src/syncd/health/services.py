"""Logins, pulls, the watch, the service, and notifications."""

from __future__ import annotations

import importlib.util
import json
from datetime import date, datetime, timedelta
from pathlib import Path

from syncd.config import Settings
from syncd.connectors.garmin.client import INSTALL, lack_of_library
from syncd.connectors.garmin.kept_login import KeptLogin
from syncd.connectors.strava.login import login_status_of
from syncd.connectors.strava.tokens import StravaTokenFile
from syncd.cycle.earlier_sinks import left_on
from syncd.cycle.sink_reading import others_key
from syncd.daemon.clocks import about
from syncd.daemon.state_file import DaemonStateFile, is_running
from syncd.domain.day_text import day_text, listed
from syncd.domain.delivery.troubles import DeliveryTrouble
from syncd.domain.grammar import counted
from syncd.health.check import Check, State, fail, ok, unknown, warn
from syncd.paths import Paths
from syncd.report.delivery_texts import TAKE_OVER, sink_text
from syncd.store import Store

LATE_SYNC = timedelta(minutes=30)  # our default: a sync takes at most a quarter of an hour
OLD_PULL = timedelta(hours=24)  # our default
OLD_WATCH_SYNC = timedelta(days=2)  # our default: who runs every other day syncs the watch as often


def logins(settings: Settings, paths: Paths, now: datetime) -> list[Check]:
    """Those in use."""
    in_use = {*settings.sync.sources, settings.sync.sink}
    checks = []
    if "garmin" in in_use:
        checks.append(_garmin(KeptLogin(paths.logins), now))
    if "strava" in in_use:
        status = login_status_of(StravaTokenFile(paths.logins / StravaTokenFile.NAME))
        remedy = "" if status.usable else "syncd auth strava"
        state = State.OK if status.usable else State.FAIL
        checks.append(Check("Strava login", state, status.text, remedy, needs_login=not status.usable))
    return checks


def _garmin(kept: KeptLogin, now: datetime) -> Check:
    name, state = "Garmin login", kept.state(now.timestamp())
    if not state.usable:
        problem = state.fault or ("your login has expired" if state.exists else "not logged in")
        return Check(name, State.FAIL, problem, "syncd auth garmin", needs_login=True)
    if state.resting_until is not None:
        until = f"{state.resting_until:%Y-%m-%d %H:%M} UTC"
        return warn(name, f"Garmin asked syncd to wait until {until}", "nothing to do: syncd waits")
    who = f"{state.whose.name}, " if state.whose.name else ""
    return ok(name, f"{who}renewed automatically, last {_ago(state.renewed, now)}")


def libraries(settings: Settings) -> list[Check]:
    """Those with internals that a connector in use relies on."""
    if "garmin" not in {*settings.sync.sources, settings.sync.sink}:
        return []
    name, problem = "Garmin library", lack_of_library()
    return [fail(name, problem, INSTALL) if problem else ok(name, "has all that syncd needs")]


def pulls(settings: Settings, store: Store, now: datetime) -> list[Check]:
    """When each source was last read completely."""
    return [_pull(name, store, now) for name in settings.sync.sources]


def _pull(source: str, store: Store, now: datetime) -> Check:
    name, pull = f"runs from {source}", store.source_pulls.of(source)
    if pull is None:
        return unknown(name, "not checked yet: run syncd sync")
    if pull.ok_at is not None and now - pull.ok_at <= OLD_PULL:
        return ok(name, f"up to date {_ago(pull.ok_at, now)}")
    since = f"last complete {_ago(pull.ok_at, now)}" if pull.ok_at else "never read completely"
    return warn(name, f"{since}: {pull.problem or 'not checked since'}", "syncd sync (shows what is wrong)")


def watch(settings: Settings, store: Store, now: datetime) -> Check:
    """Workouts reach it only when it syncs."""
    name, at = "watch", store.device_syncs.latest(settings.sync.sink)
    if settings.sync.sink == "folder":
        return unknown(name, "workouts go to a folder: syncd cannot see when a watch fetches them")
    if at is None:
        return unknown(name, "last watch sync unknown: run syncd watch")
    if now - at > OLD_WATCH_SYNC:
        return warn(name, f"last synced {_ago(at, now)}", "open Garmin Connect near the watch")
    return ok(name, f"synced {_ago(at, now)}")


def installations(settings: Settings, store: Store) -> list[Check]:
    """Whether another installation of syncd writes to the same calendar, as of the last sync."""
    name = "workouts of others"
    kept = json.loads(store.meta.get(others_key(settings.sync.sink)) or "{}")
    days = [day_text(date.fromisoformat(day)) for day in kept.get("days", ())]
    if not days:
        return []
    where = f"{sink_text(settings.sync.sink)} on {listed(days)}"
    if kept.get("stopped") == DeliveryTrouble.SECOND_COPY:
        text = f"a second copy of this installation writes to {where}"
        return [fail(name, text, f"{TAKE_OVER} on the one that goes on")]
    text = f"another installation of syncd has workouts on {where}"
    if kept.get("stopped"):
        return [fail(name, f"{text}: this one sends nothing", f"{TAKE_OVER} (if that one is gone)")]
    return [warn(name, text, f"{TAKE_OVER} (if they are to go)")]


def earlier_sinks(settings: Settings, store: Store) -> list[Check]:
    """Whether workouts of ours still lie where they no longer go."""
    return [
        warn(
            f"workouts on {name}",
            f"{sink_text(name)} still has workouts that syncd put there",
            "syncd sync (takes them off, or says why not)",
        )
        for name in left_on(store, settings.sync.sink)
    ]


def doubtful(store: Store) -> Check:
    """Whether recordings wait for the athlete to say what they were."""
    name, waiting = "doubtful runs", store.activities.doubtful()
    if not waiting:
        return ok(name, "none")
    newest = waiting[0]
    return warn(
        name,
        f"{counted(len(waiting), 'recording')} may be no run and counts nowhere, the newest of {newest.day}",
        f"syncd fix {newest.id} --kind run, or syncd ignore {newest.id}",
    )


def service(paths: Paths, now: datetime) -> Check:
    """Whether the service is running, and has synced lately."""
    name, status = "service", DaemonStateFile(paths.state).read()
    if not is_running(paths.state):
        remedy = "syncd service install (or start syncd run some other way)"
        return warn(name, "not running: nothing happens automatically", remedy)
    if status is None:
        return unknown(name, "running, has not synced yet")
    if status.needs:
        return fail(name, f"running, but needs you: {status.needs[0]}", "do what it says")
    due = datetime.fromisoformat(status.next_look) if status.next_look else None
    if due is not None and now - due > LATE_SYNC:
        return fail(name, f"running, but a sync was due {_ago(due, now)}", "syncd service status; restart it")
    if status.failures >= 3:
        return warn(
            name,
            f"running, but the last {status.failures} syncs failed: {status.says}",
            "syncd sync shows why",
        )
    synced = datetime.fromisoformat(status.last_look) if status.last_look else None
    return ok(name, f"running, synced {_ago(synced, now)}" if synced else "running")


def notifications(settings: Settings) -> list[Check]:
    """Messages to the athlete, and the heartbeat for monitoring."""
    checks = []
    if settings.notify.addresses:
        if importlib.util.find_spec("apprise") is None:
            checks.append(
                fail("notifications", "the apprise library is missing", "pip install 'syncd[notify]'")
            )
        else:
            number = len(settings.notify.addresses)
            addresses = f"{number} address{'' if number == 1 else 'es'}"
            checks.append(ok("notifications", f"{addresses}, not tested (syncd doctor --notify does)"))
    if settings.daemon.heartbeat_url.get_secret_value():
        checks.append(ok("heart-beat", "an address is called after each sync"))
    return checks


def folders(settings: Settings) -> list[Check]:
    """Those of the folder connector, where it is used."""
    checks: list[Check] = []
    for role, in_use, folder in (
        ("inbox", "folder" in settings.sync.sources, settings.folder.inbox),
        ("outbox", settings.sync.sink == "folder", settings.folder.outbox),
    ):
        if in_use:
            checks.append(_folder(role, folder))
    return checks


def _folder(role: str, folder: Path | None) -> Check:
    if folder is None:
        return fail(role, "is not set", f"set [folder] {role} in config.toml")
    if not folder.is_dir():
        return warn(role, f"{folder} does not exist", "connect the watch, or create the folder")
    return ok(role, str(folder))


def _ago(moment: datetime | None, now: datetime) -> str:
    return "at an unknown time" if moment is None else f"{about(max(now - moment, timedelta(0)))} ago"
