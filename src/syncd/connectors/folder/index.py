"""What we wrote into the outbox: `.syncd.json`, the only proof that a file there is ours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from syncd.domain.delivery.remote import OwnerKey, find_key
from syncd.durable import write_whole

_SCHEMA = "syncd.outbox/1"


@dataclass(frozen=True, slots=True)
class Written:
    """One content that a file of ours may have: its hash, whose workout it is, on which day."""

    sha256: str
    key: OwnerKey
    day: date


Files = dict[str, tuple[Written, ...]]
"""File name -> what we wrote, or are about to write, under that name; the newest last."""


def sha256_of(content: bytes) -> str:
    """Hex digest of a file's bytes."""
    return hashlib.sha256(content).hexdigest()


def load(path: Path) -> Files | None:
    """The index; None when there is none that can be read. Raises OSError other than "not found"."""
    try:
        return _parsed(json.loads(path.read_bytes()))
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None


def save(path: Path, files: Mapping[str, Iterable[Written]]) -> None:
    """Write it whole. Call it before the file it speaks of: a file without an entry is not ours."""
    body = {
        "schema": _SCHEMA,
        "files": {
            name: [
                {"sha256": written.sha256, "key": written.key.marker, "day": written.day.isoformat()}
                for written in versions
            ]
            for name, versions in sorted(files.items())
        },
    }
    write_whole(path, json.dumps(body, indent=1).encode() + b"\n", mode=0o644)


def _parsed(body: Any) -> Files | None:
    if body["schema"] != _SCHEMA:
        return None
    return {
        str(name): tuple(_written(version) for version in versions)
        for name, versions in body["files"].items()
    }


def _written(version: Mapping[str, str]) -> Written:
    key = find_key(version["key"])
    if key is None:
        raise ValueError(f"no key in {version['key']!r}")
    return Written(version["sha256"], key, date.fromisoformat(version["day"]))
