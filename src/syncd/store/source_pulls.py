"""How each source answered last: when it did, and what stands in the way since."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from syncd.store.meta import Meta
from syncd.store.times import from_text, maybe_from_text, to_text


@dataclass(frozen=True, slots=True)
class SourcePull:
    """`ok_at`: the last look that saw everything; `problem` "" where the last one was that."""

    asked_at: datetime
    ok_at: datetime | None = None
    problem: str = ""
    needs_human: bool = False
    retry_at: datetime | None = None


class SourcePulls:
    """A fact for each source."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def of(self, source: str) -> SourcePull | None:
        """None where it was never asked."""
        kept = self._meta.get(_key(source))
        if kept is None:
            return None
        found = json.loads(kept)
        return SourcePull(
            asked_at=from_text(found["asked_at"]),
            ok_at=maybe_from_text(found["ok_at"]),
            problem=found["problem"],
            needs_human=found["needs_human"],
            retry_at=maybe_from_text(found["retry_at"]),
        )

    def note(self, source: str, look: SourcePull) -> None:
        """How it went; the last good one stays known."""
        before = self.of(source)
        if look.ok_at is None and before is not None:
            look = replace(look, ok_at=before.ok_at)
        kept = {
            "asked_at": to_text(look.asked_at),
            "ok_at": to_text(look.ok_at) if look.ok_at else None,
            "problem": look.problem,
            "needs_human": look.needs_human,
            "retry_at": to_text(look.retry_at) if look.retry_at else None,
        }
        self._meta.set(_key(source), json.dumps(kept))


def _key(source: str) -> str:
    return f"source_look.{source}"
