"""A request as it arrives, and what goes back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived; `path` without its query."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    authorization: str
    cookie: str = ""

    @property
    def sent(self) -> Any:
        """The JSON body. Raises ValueError."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class StandInReply:
    """Status, body, its media type; `cookie` is one to set, as `name=value`; and further headers."""

    status: int
    body: bytes = b""
    kind: str = "application/json"
    cookie: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(value: object, status: int = 200, cookie: str = "") -> StandInReply:
    """Data."""
    return StandInReply(status, json.dumps(value).encode(), cookie=cookie)


def refusal(status: int, name: str) -> StandInReply:
    """An error as the service words it."""
    return as_json({"message": name, "error": f"{name}Exception"}, status)
