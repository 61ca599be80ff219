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
from syncd.domain.grammar import counted
from syncd.health.check import Check, fail, ok, unknown, warn
from syncd.paths import Paths
from syncd.store import Store, StoreError
from syncd.store.copies import backups, damaged_copies
from syncd.store.database import REMOTE_KINDS, file_system_of, open_database

_MB = 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_COPY_OLD_DAYS = 3  # our default: nights on which the machine was off


def permissions(paths: Paths) -> Check:
    """Nobody else can read logins or runs, and we can write them."""
    name = "permissions"
    if not paths.state.exists():
        return unknown(name, f"there is no state folder yet ({paths.state})")
    if not os.access(paths.state, os.W_OK | os.X_OK):
        return fail(name, f"{paths.state} cannot be written", f"chown -R {os.geteuid()} {paths.state}")
    for file in sorted(paths.logins.glob("*.json")) if paths.logins.is_dir() else ():
        try:
            credentials.load(file)
        except CredentialError as error:
            problem, _, remedy = str(error).partition(": run ")
            return fail(name, problem, remedy.strip("`") or "syncd auth status")
    if paths.state.stat().st_mode & _OTHERS:
        return warn(name, f"other users can read {paths.state}", f"chmod 700 {paths.state}")
    return ok(name, "only you can read your logins and runs")


def is_unreadable(paths: Paths) -> bool:
    """Whether we may not even list the state folder."""
    return paths.state.exists() and not os.access(paths.state, os.R_OK | os.X_OK)


def disk(paths: Paths) -> Check:
    """Free space, and a file system on which locks work."""
    name, folder = "disk", _nearest(paths.state)
    kind = file_system_of(folder)
    if kind in REMOTE_KINDS:
        return fail(
            name,
            f"{folder} is on {kind}, where file locks are not reliable",
            "move the state to a local disk",
        )
    free = shutil.disk_usage(folder).free
    little = f"only {free // _MB} MB free at {folder}"
    if free < LEAST_FREE // 10:
        return fail(name, little, "free some space: nothing more can be saved")
    if free < LEAST_FREE:
        return warn(name, little, "free some space soon")
    return ok(name, f"{free // _MB} MB free")


def database(paths: Paths) -> Check:
    """It opens, it is intact, and this version can use it."""
    name, path = "database", paths.state / "syncd.db"
    if is_unreadable(paths):
        return unknown(name, "cannot be checked: see permissions")
    if not path.exists() and not backups(paths.state):
        return unknown(name, "there is none yet: the first syncd sync creates it")
    try:
        opened = open_database(path)
    except StoreError as error:
        return fail(name, str(error), "syncd doctor --restore" if "--restore" in str(error) else "")
    try:
        integrity = opened.rows("PRAGMA integrity_check(1)")[0][0]
        runs = opened.rows("SELECT count(*) FROM activities WHERE sport = 'running'")[0][0]
    except StoreError as error:
        return fail(name, str(error), "syncd doctor --restore")
    finally:
        opened.close()
    if integrity != "ok":
        return fail(name, f"{path} is damaged ({integrity})", "syncd doctor --restore")
    return ok(name, f"intact, {runs} run{'' if runs == 1 else 's'}, {path.stat().st_size // 1024} kB")


def copies(paths: Paths, today: date) -> Check:
    """A recent copy of the database."""
    name, existing = "backups", backups(paths.state)
    if not existing:
        if not (paths.state / "syncd.db").exists():
            return unknown(name, "nothing to copy yet")
        return warn(name, "there is no copy of the database", "syncd tidy (the service does it nightly)")
    damaged = damaged_copies(paths.state)
    if damaged:
        listed = ", ".join(copy.name for copy in damaged)
        good = len(existing) - len(damaged)
        remedy = "syncd tidy (makes a good one), and check the disk"
        text = f"{listed} changed since it was made: {counted(good, 'good copy', 'good copies')} left"
        return warn(name, text, remedy) if good else fail(name, text, remedy)
    newest = date.fromisoformat(existing[0].stem.removeprefix("syncd-"))
    age = (today - newest).days
    if age > _COPY_OLD_DAYS:
        return warn(
            name, f"the newest copy is {age} days old", "syncd tidy, and check why the service did not"
        )
    return ok(name, f"{len(existing)}, the newest from {newest.isoformat()}")


def recordings(store: Store) -> Check:
    """Whether every recording was whole when it was last looked through, at night."""
    name, lost = "recordings", store.lost_payloads.all()
    if not lost:
        return ok(name, "none is missing")
    number = counted(len({payload.raw_hash for payload in lost}), "recording")
    text = f"{number} lost or damaged, the newest of {lost[0].day}; scores stay"
    return warn(
        name, text, "syncd sync (fetches again what a source still has), or syncd import a file of it"
    )


def _nearest(folder: Path) -> Path:
    """The folder, or the first one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())
