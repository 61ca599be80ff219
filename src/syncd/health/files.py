"""Disk, permissions, database and its copies."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import date
from pathlib import Path

from syncd import credentials
from syncd.credentials import CredentialError
from syncd.cycle.housekeeping import LEAST_FREE
from syncd.health.check import Check, fail, ok, unknown, warn
from syncd.paths import Paths
from syncd.store import StoreError
from syncd.store.copies import backups
from syncd.store.database import REMOTE_KINDS, file_system_of, open_database

_MB = 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_COPY_OLD_DAYS = 3  # our default: nights without the machine


def permissions(paths: Paths) -> Check:
    """Nobody else reads logins or runs, and we can write."""
    name = "permissions"
    if not paths.state.exists():
        return unknown(name, f"there is no state yet ({paths.state})")
    if not os.access(paths.state, os.W_OK | os.X_OK):
        return fail(name, f"{paths.state} cannot be written", f"chown -R {os.geteuid()} {paths.state}")
    for file in sorted(paths.logins.glob("*.json")) if paths.logins.is_dir() else ():
        try:
            credentials.load(file)
        except CredentialError as error:
            what, _, remedy = str(error).partition(": run ")
            return fail(name, what, remedy.strip("`") or "syncd auth status tells more")
    if paths.state.stat().st_mode & _OTHERS:
        return warn(name, f"{paths.state} can be read by others", f"chmod 700 {paths.state}")
    return ok(name, "logins and runs are yours alone")


def closed(paths: Paths) -> bool:
    """Whether the state cannot even be looked into."""
    return paths.state.exists() and not os.access(paths.state, os.R_OK | os.X_OK)


def disk(paths: Paths) -> Check:
    """Room, and a file system on which locks hold."""
    name, folder = "disk", _nearest(paths.state)
    kind = file_system_of(folder)
    if kind in REMOTE_KINDS:
        return fail(name, f"{folder} is on {kind}, where locks are not safe", "put the state on a local disk")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE // 10:
        return fail(name, f"{free // _MB} MB are free at {folder}", "make room: nothing more can be kept")
    if free < LEAST_FREE:
        return warn(name, f"{free // _MB} MB are free at {folder}", "make room soon")
    return ok(name, f"{free // _MB} MB free")


def database(paths: Paths) -> Check:
    """It opens, it is whole, and this version knows it."""
    name, path = "database", paths.state / "syncd.db"
    if closed(paths):
        return unknown(name, "it cannot be looked at: see permissions")
    if not path.exists() and not backups(paths.state):
        return unknown(name, "there is none yet: it begins with the first syncd sync")
    try:
        with_closing = open_database(path)
    except StoreError as error:
        return fail(name, str(error), "syncd doctor --restore" if "--restore" in str(error) else "see there")
    try:
        verdict = with_closing.rows("PRAGMA integrity_check(1)")[0][0]
        runs = with_closing.rows("SELECT count(*) FROM activities WHERE sport = 'running'")[0][0]
    except StoreError as error:
        return fail(name, str(error), "syncd doctor --restore")
    finally:
        with_closing.close()
    if verdict != "ok":
        return fail(name, f"{path} is damaged ({verdict})", "syncd doctor --restore")
    return ok(name, f"whole, {runs} run{'' if runs == 1 else 's'}, {path.stat().st_size // 1024} kB")


def copies(paths: Paths, today: date) -> Check:
    """A copy of the last nights."""
    name, found = "backups", backups(paths.state)
    if not found:
        if not (paths.state / "syncd.db").exists():
            return unknown(name, "nothing to copy yet")
        return warn(name, "there is no copy of the database", "syncd tidy (the service does it every night)")
    newest = date.fromisoformat(found[0].stem.removeprefix("syncd-"))
    age = (today - newest).days
    if age > _COPY_OLD_DAYS:
        return warn(name, f"the newest copy is {age} days old", "syncd tidy, and see why the service did not")
    return ok(name, f"{len(found)}, the newest of {newest.isoformat()}")


def _nearest(folder: Path) -> Path:
    """The folder, or the first one above it that exists."""
    return next(each for each in (folder, *folder.parents) if each.exists())
