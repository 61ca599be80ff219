"""Payloads as received, named by the hash of their content, compressed, beside the database."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from enum import Enum, auto
from pathlib import Path

from syncd.durable import private_folder, read_small, sync_folder, write_whole
from syncd.store.errors import StoreDamaged, StoreError, disk_faults

_HASH = re.compile(r"[0-9a-f]{64}")
_LEVEL = 6
_RETIRED = ".retired"
_LARGEST = 256 * 1024 * 1024  # our default: packed, and far above any recording
_CHUNK = 256 * 1024


class PayloadState(Enum):
    """Whether a payload is what was put."""

    WHOLE = auto()
    DAMAGED = auto()
    GONE = auto()


class RawPayloads:
    """`raw/ab/<sha256>.gz`: a parser fault never loses a run, and re-parsing needs no network."""

    def __init__(self, folder: Path, behind: Path | None = None) -> None:
        self._folder = folder
        self._behind = behind  # read there too: the payloads of the state that this is a copy of

    def put(self, content: bytes) -> str:
        """Keep `content`; its hash (sha256, hex). What is there already and intact is left alone."""
        identity = hashlib.sha256(content).hexdigest()
        path = self._path(identity)
        with disk_faults(path):
            if path.exists() and _content(path) == content:
                return identity
            for folder in (self._folder, path.parent):
                if not folder.exists():
                    private_folder(folder)
                    sync_folder(folder.parent)
            write_whole(path, gzip.compress(content, _LEVEL, mtime=0))
        return identity

    def get(self, identity: str) -> bytes:
        """The payload. Raises StoreDamaged when the bytes are not the ones that were put."""
        path = self._path(identity)
        if self._behind is not None and not path.exists():
            return RawPayloads(self._behind).get(identity)
        with disk_faults(path):
            if not path.exists():
                raise StoreError(f"{path} is missing: read that run from its source again (syncd import)")
            content = _content(path)
        if content is None or hashlib.sha256(content).hexdigest() != identity:
            raise StoreDamaged(
                f"{path} is damaged; it is left as it is. Read that run from its source again (syncd import)"
            )
        return content

    def find(self, identity: str) -> bytes | None:
        """The payload; None where it is gone or damaged. Raises StoreError where it cannot be read at all."""
        try:
            return self.get(identity) if self.has(identity) else None
        except StoreDamaged:
            return None

    def state_of(self, identity: str) -> PayloadState:
        """Whether its content is still the one that was put; reads all of it, a piece at a time."""
        path = self._path(identity)
        if self._behind is not None and not path.exists():
            return RawPayloads(self._behind).state_of(identity)
        total = hashlib.sha256()
        try:
            with gzip.open(path) as file:
                while chunk := file.read(_CHUNK):
                    total.update(chunk)
        except FileNotFoundError:
            return PayloadState.GONE
        except (OSError, zlib.error, EOFError):  # also a disk that cannot read it any more
            return PayloadState.DAMAGED
        return PayloadState.WHOLE if total.hexdigest() == identity else PayloadState.DAMAGED

    def has(self, identity: str) -> bool:
        """Whether there is a payload of that name; only `get` checks that it is intact."""
        if self._path(identity).exists():
            return True
        return self._behind is not None and RawPayloads(self._behind).has(identity)

    def remove(self, identity: str) -> None:
        """Delete a payload; gone already counts as done."""
        path = self._path(identity)
        with disk_faults(path):
            path.unlink(missing_ok=True)

    def forget(self, identity: str) -> None:
        """Delete a payload, and that it ever was here."""
        self.remove(identity)
        path = self._path(identity).with_suffix(_RETIRED)
        with disk_faults(path):
            path.unlink(missing_ok=True)

    def retire(self, identity: str) -> None:
        """Delete a payload to make room, and remember that it was not lost."""
        path = self._path(identity)
        with disk_faults(path):
            path.with_suffix(_RETIRED).touch(mode=0o600)
            path.unlink(missing_ok=True)

    def is_retired(self, identity: str) -> bool:
        """Whether it was deleted to make room."""
        if self._path(identity).with_suffix(_RETIRED).exists():
            return True
        return self._behind is not None and RawPayloads(self._behind).is_retired(identity)

    def sizes(self) -> dict[str, int]:
        """Bytes on disk of every payload, by name."""
        with disk_faults(self._folder):
            return {
                path.name.removesuffix(".gz"): path.stat().st_size for path in self._folder.glob("*/*.gz")
            }

    def _path(self, identity: str) -> Path:
        if not _HASH.fullmatch(identity):
            raise StoreError(f"{identity!r} is not the name of a payload")
        return self._folder / identity[:2] / f"{identity}.gz"


def _content(path: Path) -> bytes | None:
    """None when it does not even unpack, or is no file."""
    if not path.is_file():
        return None
    try:
        return gzip.decompress(read_small(path, _LARGEST))
    except (gzip.BadGzipFile, zlib.error, EOFError):
        return None
