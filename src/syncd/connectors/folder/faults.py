"""Errors of the file system as connector errors that say what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syncd.connectors.base import Unavailable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_AWAY = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENODEV, errno.ENXIO, errno.EIO})


@contextmanager
def faults_of(directory: Path, setting: str) -> Iterator[None]:
    """Turn an OSError on `directory`, which is `[folder] setting`, into Unavailable."""
    try:
        yield
    except OSError as error:
        raise Unavailable(_sentence(error, directory, setting)) from error


def away(directory: Path, setting: str) -> Unavailable:
    """The directory is not there: for a watch on a cable that is normal."""
    if directory.exists():
        return Unavailable(f"{directory} is not a folder: name one in [folder] {setting}")
    return Unavailable(
        f"{directory} is not there: plug the watch in, create the directory, or set [folder] {setting}"
    )


def _sentence(error: OSError, directory: Path, setting: str) -> str:
    if error.errno in _FULL:
        return f"{directory} is full: make room, the next sync goes on"
    if error.errno in _FORBIDDEN:
        what = f"{error.filename or directory}: {error.strerror}"
        return f"{what}; give syncd the right to it, or set [folder] {setting}"
    if error.errno in _AWAY and not directory.is_dir():
        return str(away(directory, setting))
    return f"{error.filename or directory}: {error.strerror}; the next sync tries again"
