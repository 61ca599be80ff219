"""Files that are complete or absent, whatever is killed in between; and reading them without surprises."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_ENDING = ".syncd-part"
_STALE_AFTER_S = 3600.0  # our default: no write of ours takes an hour
LARGEST_SMALL = 1024 * 1024  # our default: a configuration has some kB, as has the status of a service
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


class Room:
    """Room on disk for what comes later, so that a disk which is full by then is no obstacle.

    Leaving the block without filling it gives the room back.
    """

    def __init__(self, path: Path, aside: Path, descriptor: int) -> None:
        self._path, self._aside, self._descriptor = path, aside, descriptor

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self._aside.unlink(missing_ok=True)

    def fill(self, content: bytes) -> None:
        """Replace the file in one step, as `write_whole` does. Raises OSError."""
        if os.pwrite(self._descriptor, content, 0) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
        os.ftruncate(self._descriptor, len(content))
        os.fsync(self._descriptor)
        self._aside.replace(self._path)
        sync_folder(self._path.parent)


def room_for(path: Path, size: int, mode: int = 0o600) -> Room:
    """Room for a later content of `path` of at most `size` bytes. Raises OSError where there is none."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.room{_ENDING}")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
    room = Room(path, aside, descriptor)
    try:
        _allocate(descriptor, size)
        _clear_stale(aside)
    except BaseException:
        room.__exit__()
        raise
    return room


def _allocate(descriptor: int, size: int) -> None:
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS):
            raise
        if os.pwrite(descriptor, bytes(size), 0) != size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error


def overwrite(path: Path, content: bytes) -> None:
    """Write over a file where it lies: the last resort where nothing new fits. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        if os.pwrite(descriptor, content, 0) != len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.ftruncate(descriptor, len(content))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unfinished(folder: Path) -> list[Path]:
    """What writes that were killed have left in a folder."""
    return sorted(folder.glob(f".*{_ENDING}"))


def read_small(path: Path, largest: int = LARGEST_SMALL) -> bytes:
    """What a plain file of ours holds. Raises OSError, also for what is no file, or larger than any of them.

    Whatever lies there in its place, a pipe that nobody writes to or a device without an end, neither
    keeps the reader waiting nor fills the memory.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "not a plain file", str(path))
        content = file.read(largest + 1)
    if len(content) > largest:
        raise OSError(errno.EFBIG, f"larger than {largest // 1024} kB", str(path))
    return content


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing: only their owner can enter them. Raises OSError."""
    for place in reversed(folder.parents):
        if not place.exists():
            place.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def keep_owners_rights() -> None:
    """A umask takes rights from others, as it likes, and none from us: we read what we have written."""
    os.umask(os.umask(0o077) & 0o077)


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
