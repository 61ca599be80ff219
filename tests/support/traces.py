"""Where in a folder something is still written, however it is packed."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote


def traces_of(needle: str, folder: Path) -> list[str]:
    """The files that still hold it: as it is, as JSON or an address writes it, or compressed."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and (needle in path.name or _holds(path.read_bytes(), _forms(needle)))
    )


def _forms(needle: str) -> tuple[bytes, ...]:
    plain = needle.encode()
    return (
        plain,
        json.dumps(needle)[1:-1].encode(),
        quote(needle).encode(),
        base64.b64encode(plain).rstrip(b"="),
    )


def _holds(content: bytes, forms: Iterable[bytes]) -> bool:
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    return any(form in content for form in forms)
