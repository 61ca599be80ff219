"""Files that are complete or absent, whatever is killed in between."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_ENDING = ".syncd-part"
_STALE_AFTER_S = 3600.0  # our default: no write of ours takes an hour
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}  # FAT and some FUSE drivers


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace `path` in one step: written aside, synced, renamed, the folder synced. Raises OSError.

    A kill leaves at most the file written aside; the next write into the folder clears it away.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}{_ENDING}")
    try:
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        _clear_stale(aside)
        aside.replace(path)
    except OSError as error:  # the caller knows only `path`
        aside.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def unfinished(folder: Path) -> list[Path]:
    """What writes that were killed have left in a folder."""
    return sorted(folder.glob(f".*{_ENDING}"))


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing: only their owner can enter them. Raises OSError."""
    for place in reversed(folder.parents):
        if not place.exists():
            place.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Make renames and removals in `folder` survive a power cut, where the file system can."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def _clear_stale(aside: Path) -> None:
    """Compare with our own file's time: the file system's clock, which may not be ours."""
    oldest = aside.stat().st_mtime - _STALE_AFTER_S
    for part in aside.parent.glob(f".*{_ENDING}"):
        if part != aside and part.lstat().st_mtime < oldest:
            part.unlink(missing_ok=True)
