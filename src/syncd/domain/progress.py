"""The progress of long work: each loop that may take a while reports how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Watching(Protocol):
    """Somebody who sees how far a loop is."""

    def over(self, items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
        """The items one by one. `what`: a noun for them; `total`: how many, where it is known."""
        ...


class Unwatched:
    """Nobody."""

    def over(self, items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:  # noqa: ARG002
        """The items, and nothing else."""
        return iter(items)


UNWATCHED: Watching = Unwatched()
