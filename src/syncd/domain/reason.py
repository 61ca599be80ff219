"""Why something is as it is, as a value: texts and units are made in `report/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LEGACY = "legacy"  # a sentence from before reasons were values: shown as it is, read by no rule


@dataclass(frozen=True, slots=True)
class Reason:
    """`code` says what, `facts` about what and how far.

    Facts are JSON-able and in SI, their names say the unit (`run_m`, `pace_s_per_km`); days are
    ISO text. A list of reasons is a fact too, in the form of `to_json`.
    """

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """JSON-able, and back by `from_json`."""
        return {"code": self.code, **self.facts}

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> Reason:
        """The reason of `to_json`."""
        return Reason(str(kept["code"]), {name: value for name, value in kept.items() if name != "code"})

    @staticmethod
    def legacy(text: str) -> Reason:
        """A sentence that was kept by an earlier version."""
        return Reason(LEGACY, {"text": text})
