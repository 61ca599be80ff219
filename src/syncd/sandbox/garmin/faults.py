"""What can go wrong between a client and the service, by request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


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


@dataclass(slots=True)
class Faults:
    """Which request (counted from 0) meets which fault. Counting begins again with `begin`."""

    at: Mapping[int, Fault] = field(default_factory=dict)
    seen: int = 0

    def begin(self, at: Mapping[int, Fault]) -> None:
        """Another schedule, counted from the next request."""
        self.at, self.seen = at, 0

    def next(self) -> Fault | None:
        """The fault of this request."""
        self.seen += 1
        return self.at.get(self.seen - 1)
