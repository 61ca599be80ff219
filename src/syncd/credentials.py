"""Token files: nobody else may read them, and they are whole or absent."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from syncd.durable import private_folder, write_whole

_MODE = 0o600
_LARGEST_BYTES = 64 * 1024  # our default: a token file has about 4 kB
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY"  # where systemd puts what LoadCredential= names


class CredentialError(Exception):
    """A token file that must not or cannot be used; the message says what to run."""


def load(path: Path, environ: Mapping[str, str] = os.environ) -> str | None:
    """The content; None when there is no file.

    Raises CredentialError for a file that others can read, that belongs to another user, that is
    a link or no plain file, too large, or not text. Files in $CREDENTIALS_DIRECTORY may show
    mode 0440: there the mask of an access list looks like a right of the group.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise CredentialError(f"{path} is a link: put the file itself there") from error
        raise CredentialError(f"{path} cannot be read: {error.strerror}") from error
    try:
        _check(path, os.fstat(descriptor), environ)
    except CredentialError:
        os.close(descriptor)
        raise
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(_LARGEST_BYTES + 1)
    if len(content) > _LARGEST_BYTES:
        raise CredentialError(f"{path} is too large to hold tokens")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise CredentialError(f"{path} is damaged: log in again") from None


def save(path: Path, content: str) -> None:
    """Replace the file in one step, 0600, on disk when this returns. Raises CredentialError."""
    try:
        private_folder(path.parent)
        write_whole(path, content.encode(), _MODE)
    except OSError as error:
        raise CredentialError(f"{path} cannot be written: {error.strerror}") from error


def remove(path: Path) -> bool:
    """Delete the file; whether there was one. Raises CredentialError."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise CredentialError(f"{path} cannot be removed: {error.strerror}") from error
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the one lock beside `path` that every process takes before it spends a token.

    Waits for the holder; the lock goes with the process, however that ends. Raises CredentialError.
    """
    beside = path.with_name(f"{path.name}.lock")
    try:
        private_folder(path.parent)
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _MODE)
    except OSError as error:
        raise CredentialError(f"{beside} cannot be opened: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _check(path: Path, status: os.stat_result, environ: Mapping[str, str]) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise CredentialError(f"{path} is not a plain file")
    if _from_systemd(path, environ):
        return
    if status.st_uid != os.geteuid():
        raise CredentialError(f"{path} belongs to another user: run `chown {os.geteuid()} {path}`")
    if status.st_mode & _OTHERS:
        raise CredentialError(f"{path} can be read by others: run `chmod 600 {path}`")


def _from_systemd(path: Path, environ: Mapping[str, str]) -> bool:
    folder = environ.get(_CREDENTIALS_DIRECTORY)
    return bool(folder) and path.parent.absolute() == Path(str(folder)).absolute()
