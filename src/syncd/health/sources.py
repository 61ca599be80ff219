"""Where runs come from: folders, and when each source was last read."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from syncd.health.check import Check, Command, fail, ok, unknown, warn
from syncd.health.examination import SYNC, Examination
from syncd.store import Store

OLD_PULL = timedelta(hours=24)  # our default
_CUT_SHORT, _NEWEST = 3, 20  # our defaults: a kill or two is a restart of the machine
_LONGEST = timedelta(hours=1)  # our default: one that began later may still be running


def pulls(case: Examination, store: Store) -> list[Check]:
    """When each source was last read completely."""
    names = case.settings.sync.sources if case.settings else ()
    return [_pull(name, case, store) for name in names]


def _pull(source: str, case: Examination, store: Store) -> Check:
    name, pull = f"runs from {source}", store.source_pulls.of(source)
    if pull is None:
        return unknown(name, "not checked yet: run syncd sync")
    if pull.ok_at is not None and case.now - pull.ok_at <= OLD_PULL:
        return ok(name, f"up to date {case.ago(pull.ok_at)}")
    since = f"last complete {case.ago(pull.ok_at)}" if pull.ok_at else "never read completely"
    return warn(name, f"{since}: {pull.problem or 'not checked since'}", SYNC)


def syncs(case: Examination, store: Store) -> list[Check]:
    """Syncs come to their end."""
    newest = [sync for sync in store.syncs.newest(_NEWEST) if case.now - sync.started_at > _LONGEST]
    if len(newest) < _CUT_SHORT or any(sync.finished_at for sync in newest[:_CUT_SHORT]):
        return []
    text = f"the last {_CUT_SHORT} syncs did not come to their end"
    return [fail("syncs", text, SYNC)]


def inbox(case: Examination) -> list[Check]:
    """The folder that runs come from, where it is used."""
    if case.settings is None or "folder" not in case.settings.sync.sources:
        return []
    return [_folder("inbox", case.settings.folder.inbox, os.R_OK | os.X_OK, "read")]


def outbox(case: Examination) -> list[Check]:
    """The folder that workouts go to, where it is used."""
    if case.settings is None or case.settings.sync.sink != "folder":
        return []
    return [_folder("outbox", case.settings.folder.outbox, os.W_OK | os.X_OK, "written")]


def _folder(role: str, folder: Path | None, needed: int, verb: str) -> Check:
    if folder is None:
        return fail(role, "is not set", f"set [folder] {role} in config.toml")
    if folder.exists() and not folder.is_dir():
        return fail(role, f"{folder} is a file", f"set [folder] {role} in config.toml to a folder")
    if not folder.is_dir():
        return warn(role, f"{folder} does not exist", "connect the watch, or create the folder")
    if not os.access(folder, needed):
        return fail(role, f"{folder} cannot be {verb}", Command.of("chown", os.geteuid(), folder))
    if verb == "written" and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return fail(role, f"{folder} is on a disk that can only be read", "mount it for writing")
    return ok(role, str(folder))
