"""Where the state lies: room, and a file system that keeps what is written."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from syncd.cycle.housekeeping import LEAST_FREE
from syncd.health.check import Check, fail, ok, warn
from syncd.health.examination import Examination
from syncd.store.database import REMOTE_KINDS, file_system_of

_MB = 1024 * 1024
_LEAST_FILES = 1000  # our default: a run is two files, a sync a dozen for a moment


def disk(case: Examination) -> list[Check]:
    """Free space, and a file system on which locks work."""
    name, folder = "disk", _nearest(case.paths.state)
    kind = file_system_of(folder)
    if kind in REMOTE_KINDS:
        where = f"{folder} is on {kind}, where file locks are not reliable"
        return [fail(name, where, "move the state to a local disk")]
    volume = os.statvfs(folder)
    if volume.f_flag & os.ST_RDONLY:
        text = f"{folder} is on a disk that can only be read: nothing can be saved"
        return [fail(name, text, "look for disk errors (dmesg), then mount it for writing")]
    if volume.f_files and volume.f_favail < _LEAST_FILES:
        text = f"the disk of {folder} has room for {volume.f_favail} more files only"
        return [fail(name, text, "delete files that are not needed: their number is limited too")]
    free = shutil.disk_usage(folder).free
    little = f"only {free // _MB} MB free at {folder}"
    if free < LEAST_FREE // 10:
        return [fail(name, little, "free some space: nothing more can be saved")]
    if free < LEAST_FREE:
        return [warn(name, little, "free some space soon")]
    return [ok(name, f"{free // _MB} MB free")]


def temporary_files(_: Examination) -> list[Check]:
    """What a sync prints goes through a temporary file."""
    try:
        tempfile.gettempdir()
    except OSError:
        text = "no folder for temporary files can be written: no sync can start"
        return [fail("temporary files", text, "make room in /tmp, or set TMPDIR to a folder of yours")]
    return []


def _nearest(folder: Path) -> Path:
    """The folder, or the first one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())
