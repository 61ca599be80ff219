"""Facts that decisions rest on, as values: `evidence` makes and reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class FactKind(StrEnum):
    """What a fact is about; its `id` says which."""

    RUN = "run"  # a run by its id: what the rule read of it
    RAN = "ran"  # a day on which something was run
    NO_RUN = "no_run"  # days on which nothing was run: FIRST..LAST
    DISTANCE = "distance"  # what was run on days, in metres: FIRST..LAST
    LONGEST = "longest"  # the longest run that counts before a day, in metres, as known on another
    NOT_RUN = "not_run"  # a session by its id, that was not run on its day or the next
    OUTCOME = "outcome"  # a quality session by its id: how it went
    SPELL = "spell"  # a pause, an illness or an injury by its id
    PAIN = "pain"  # an entry about pain by its number: whether it still holds
    HEAT = "heat"  # a day that the athlete entered heat for
    READING = "reading"  # a sink by its name: what its calendar did not show, or showed elsewhere


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a decision rests on. `version` is JSON-able: what was read of it then."""

    kind: FactKind
    id: str
    version: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """JSON-able, and back by `from_json`."""
        return {"kind": self.kind.value, "id": self.id, "version": dict(self.version)}

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> Fact:
        """The fact of `to_json`."""
        return Fact(FactKind(kept["kind"]), str(kept["id"]), dict(kept["version"]))


def counting_run(identity: int, day: date) -> Fact:
    """A run of that day counts, whatever else is read of it."""
    return Fact(FactKind.RUN, str(identity), {"day": day.isoformat()})
