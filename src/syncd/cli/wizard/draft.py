"""Answers that were given already, kept beside the configuration until it is written."""

from __future__ import annotations

import json
from pathlib import Path

from syncd.durable import write_whole


class Draft:
    """Answers by name, on disk after each of them; nobody else can read them."""

    def __init__(self, config: Path) -> None:
        self._path = config.with_name(f".{config.name}.draft")
        self.answers: dict[str, str] = self._read()

    def keep(self, name: str, answer: str) -> None:
        """Remember it."""
        self.answers[name] = answer
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self._path, json.dumps(self.answers).encode())

    def drop(self) -> None:
        """The configuration is written, or everything is to be asked anew."""
        self.answers = {}
        self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}
