"""A folder in memory for what tests write: syncing a file costs nothing there."""

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - where Linux has it
ROOM_BYTES = 1 << 30
_PREFIX = "syncd-tests-"
_SETTLED_S = 60.0  # a younger folder may belong to a run that has not locked it yet


def folder_in_memory(memory: Path = MEMORY, room_bytes: int = ROOM_BYTES) -> Path | None:
    """A new folder, locked while this process lives; None where memory cannot be used like a disk."""
    if not _usable(memory, room_bytes):
        return None
    _clear_left(memory)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=memory))
    folder.chmod(0o711)  # as one comes through /tmp to a folder of one's own
    _lock(folder)
    return folder


def _usable(memory: Path, room_bytes: int) -> bool:
    if not os.access(memory, os.W_OK):
        return False
    system = os.statvfs(memory)
    # Containers often have 64 MB there; and tests start programs that they have written.
    return system.f_bavail * system.f_frsize >= room_bytes and not system.f_flag & os.ST_NOEXEC


def _clear_left(memory: Path) -> None:
    """What runs of this user left that were killed."""
    for folder in memory.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            told = folder.stat()
            if told.st_uid == os.getuid() and time.time() - told.st_mtime > _SETTLED_S:
                lock = _lock(folder)
                shutil.rmtree(folder)
                os.close(lock)


def _lock(folder: Path) -> int:
    """Held until it is closed or this process ends. Raises OSError where another one holds it."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock
