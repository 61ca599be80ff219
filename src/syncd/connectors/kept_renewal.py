"""Renewing a login in a connector: `syncd.renewal`, with what goes wrong as a connector's errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syncd.connectors.base import AuthRequired, Unavailable
from syncd.credentials import CredentialError
from syncd.renewal import Keep, renewal


@contextmanager
def kept_renewal(path: Path) -> Iterator[Keep]:
    """Spend the token of the login at `path` inside; what is yielded takes the file's new content.

    Raises Unavailable where the file cannot be written, before anything is spent; AuthRequired where
    the new content could not be kept: a spent token cannot be had again.
    """
    entered = False
    try:
        with renewal(path) as keep:
            entered = True
            yield lambda content: _kept(keep, content)
    except CredentialError as error:
        if entered:
            raise
        raise Unavailable(f"the login is not renewed, for it could not be kept: {error}") from error


def _kept(keep: Keep, content: str) -> None:
    try:
        keep(content)
    except CredentialError as error:
        raise AuthRequired(
            f"the new login could not be kept, and the earlier one is spent: {error}; make room, log in again"
        ) from error
