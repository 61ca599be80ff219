"""How each source answered last: when it did, and what has been in the way since."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from syncd.domain.plain_text import tidy_names
from syncd.store.meta import Meta
from syncd.store.times import from_text, maybe_from_text, to_text


@dataclass(frozen=True, slots=True)
class SourcePull:
    """The last pull of a source. `ok_at`: when everything was last read; `problem` "" if it was this one."""

    asked_at: datetime
    ok_at: datetime | None = None
    problem: str = ""
    needs_human: bool = False
    retry_at: datetime | None = None

    def __post_init__(self) -> None:
        tidy_names(self, "problem")  # it may name a file


class SourcePulls:
    """One record for each source."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    def of(self, source: str) -> SourcePull | None:
        """None where it was never asked."""
        kept = self._meta.get(_key(source))
        if kept is None:
            return None
        fields = json.loads(kept)
        return SourcePull(
            asked_at=from_text(fields["asked_at"]),
            ok_at=maybe_from_text(fields["ok_at"]),
            problem=fields["problem"],
            needs_human=fields["needs_human"],
            retry_at=maybe_from_text(fields["retry_at"]),
        )

    def note(self, source: str, pull: SourcePull) -> None:
        """How it went; the last good one stays known."""
        before = self.of(source)
        if pull.ok_at is None and before is not None:
            pull = replace(pull, ok_at=before.ok_at)
        kept = {
            "asked_at": to_text(pull.asked_at),
            "ok_at": to_text(pull.ok_at) if pull.ok_at else None,
            "problem": pull.problem,
            "needs_human": pull.needs_human,
            "retry_at": to_text(pull.retry_at) if pull.retry_at else None,
        }
        self._meta.set(_key(source), json.dumps(kept))


def _key(source: str) -> str:
    return f"source_look.{source}"
