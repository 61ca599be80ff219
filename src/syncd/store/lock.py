"""One sync at a time, started by the daemon or by hand."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from syncd.store.errors import StoreBusy, StoreError, disk_faults, unwritable

LOCK_NAME = "cycle.lock"
_RETRY_S = 0.05
_REPORTED_AFTER_S = 1.0  # our default: a shorter wait is not worth mentioning


@contextmanager
def sync_lock(
    directory: Path, wait_s: float = 0.0, waiting: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the lock of this state directory. Raises StoreBusy, which names the holder.

    `waiting` is called once with the holder's process, if the wait is long enough to mention.

    The kernel frees the lock when the holder dies, however it dies. Children do not inherit it.
    """
    path = directory / LOCK_NAME
    if directory.is_dir() and not os.access(directory, os.W_OK):
        raise unwritable(directory)
    with disk_faults(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        _acquire(descriptor, path, wait_s, waiting)
        with disk_faults(path):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)  # for people; the lock is the flock
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, wait_s: float, waiting: Callable[[str], None] | None) -> None:
    began = time.monotonic()
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
            waited_s = time.monotonic() - began
            if waited_s >= wait_s:
                raise StoreBusy(
                    f"another sync is running (process {holder}); wait for it, or end that process"
                ) from None
            if waiting is not None and waited_s >= _REPORTED_AFTER_S:
                waiting(holder)
                waiting = None
        except OSError as error:
            raise StoreError(
                f"{path} cannot be locked ({error.strerror}): keep the state on a local disk"
            ) from error
        time.sleep(_RETRY_S)
