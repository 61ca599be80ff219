"""What can go wrong between a client and the service, by request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random


class Fault(StrEnum):
    """`_after`: the request was carried out first."""

    TIMEOUT_AFTER = "timeout_after"
    DROPPED_BEFORE = "dropped_before"
    DROPPED_AFTER = "dropped_after"
    TOO_MANY = "too_many"
    TOO_MANY_WITH_TIME = "too_many_with_time"
    FORBIDDEN_PAGE = "forbidden_page"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    TRUNCATED_AFTER = "truncated_after"
    OVERSIZED_AFTER = "oversized_after"
    PAGE_AFTER = "page_after"
    WRONG_TYPES_AFTER = "wrong_types_after"
    SLOW_AFTER = "slow_after"

    @property
    def carried_out(self) -> bool:
        """Whether the service did what was asked."""
        return self.value.endswith("_after")


SHORT = {
    "timeout": Fault.TIMEOUT_AFTER,
    "drop": Fault.DROPPED_BEFORE,
    "429": Fault.TOO_MANY,
    "403": Fault.FORBIDDEN_PAGE,
    "500": Fault.ERROR_BEFORE,
    "html": Fault.PAGE_AFTER,
    "slow": Fault.SLOW_AFTER,
}
_RULE = re.compile(r"(?P<fault>[\w-]+)(?:@(?P<where>.+)|:(?P<share>0?\.\d+|1))", re.ASCII)
EXAMPLE = "429@5, timeout@POST /workout-service/schedule/*, 500:0.02"


class FaultSpecError(ValueError):
    """A schedule that cannot be read; the message says what to write."""


@dataclass(slots=True)
class FaultRule:
    """A fault at the `number`-th request (from 1), at the first that matches `pattern`, or at a `share`."""

    fault: Fault
    number: int = 0
    pattern: str = ""
    share: float = 0.0

    def meets(self, number: int, request: str, rng: Random) -> bool:
        """Whether the fault hits this request: `METHOD /path`."""
        if self.number:
            return number == self.number
        if self.pattern:
            return fnmatchcase(request, self.pattern) or fnmatchcase(request.partition(" ")[2], self.pattern)
        return rng.random() < self.share


@dataclass(slots=True)
class Faults:
    """Which request (counted from 0) meets which fault. Counting begins again with `begin`.

    `rules` are a schedule written by a person; each numbered request and each pattern is hit once.
    """

    at: Mapping[int, Fault] = field(default_factory=dict)
    rules: list[FaultRule] = field(default_factory=list)
    rng: Random = field(default_factory=lambda: Random(0))
    seen: int = 0
    fallen: int = 0

    def begin(self, at: Mapping[int, Fault]) -> None:
        """Another schedule, counted from the next request."""
        self.at, self.seen = at, 0

    def next(self, request: str = "") -> Fault | None:
        """The fault of this request: `METHOD /path`."""
        self.seen += 1
        fault = self.at.get(self.seen - 1) or self._by_rule(request)
        self.fallen += fault is not None
        return fault

    def _by_rule(self, request: str) -> Fault | None:
        for rule in self.rules:
            if rule.meets(self.seen, request, self.rng):
                if not rule.share:
                    self.rules.remove(rule)
                return rule.fault
        return None


def scheduled(spec: str, seed: int = 0) -> Faults:
    """A schedule as people write it: `429@5, timeout@POST /path*, 500:0.02`. Raises FaultSpecError."""
    rules = [_rule(part.strip()) for part in spec.split(",") if part.strip()]
    return Faults(rules=rules, rng=Random(f"faults:{seed}"))


def _rule(text: str) -> FaultRule:
    match = _RULE.fullmatch(text)
    if match is None:
        raise FaultSpecError(f"{text!r} is not a fault; write for example {EXAMPLE}")
    name = match["fault"].replace("-", "_")
    known = {**SHORT, **{fault.value: fault for fault in Fault}}
    if name not in known:
        raise FaultSpecError(
            f"{match['fault']!r} is not a kind of fault; choose from: {', '.join(sorted(known))}"
        )
    if match["share"]:
        return FaultRule(known[name], share=float(match["share"]))
    where = match["where"].strip()
    if where.isdecimal():
        if int(where) < 1:
            raise FaultSpecError(f"{text!r}: requests are counted from 1")
        return FaultRule(known[name], number=int(where))
    return FaultRule(known[name], pattern=where)
