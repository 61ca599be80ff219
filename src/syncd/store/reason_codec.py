"""A reason as JSON text; it comes back equal."""

from __future__ import annotations

import json
from collections.abc import Iterable

from syncd.domain.reason import Reason


def reason_to_text(reason: Reason) -> str:
    """As it is kept."""
    return json.dumps(reason.to_json(), ensure_ascii=False)


def reason_from_text(text: str) -> Reason:
    """The reason of `reason_to_text`."""
    return Reason.from_json(json.loads(text))


def maybe_reason_from_text(text: str | None) -> Reason | None:
    """The same where there may be none."""
    return None if text is None else reason_from_text(text)


def reasons_to_text(reasons: Iterable[Reason]) -> str:
    """A list of them."""
    return json.dumps([reason.to_json() for reason in reasons], ensure_ascii=False)


def reasons_from_text(text: str) -> tuple[Reason, ...]:
    """The reasons of `reasons_to_text`."""
    return tuple(map(Reason.from_json, json.loads(text)))
