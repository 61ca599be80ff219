"""Answers given so far, kept beside the configuration until it is written."""

from __future__ import annotations

import json
from pathlib import Path

from syncd.durable import private_folder, write_whole


class Draft:
    """Answers by name, saved after each one; nobody else can read them."""

    def __init__(self, config: Path) -> None:
        self._path = config.with_name(f".{config.name}.draft")
        self.answers: dict[str, str] = self._read()

    def keep(self, name: str, answer: str) -> None:
        """Save an answer."""
        self.answers[name] = answer
        private_folder(self._path.parent)
        write_whole(self._path, json.dumps(self.answers).encode())

    def drop(self) -> None:
        """Forget all answers: the configuration is written, or everything is to be asked again."""
        self.answers = {}
        self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return {str(key): str(value) for key, value in kept.items()} if isinstance(kept, dict) else {}
