"""How often a service may be asked, kept in a file that all processes share."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, Self, TypeVar

from syncd.connectors.base import Unavailable
from syncd.credentials import CredentialError, locked
from syncd.durable import read_small, write_whole

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Budget(ABC):
    """What every budget holds, as plain values; each service adds how it counts.

    Times in seconds since the epoch. Nothing is asked before `closed_until_s`. `refused`: the
    fingerprint of a login that only a human can help, found so at `refused_s`.
    """

    FAR_AHEAD_S: ClassVar[float] = DAY_S  # a time further ahead than this is a clock that was wrong

    closed_until_s: float = 0.0
    refused: str = ""
    refused_s: float = 0.0

    @classmethod
    @abstractmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """What was kept. Raises KeyError, TypeError, ValueError for anything else."""

    def closed_at(self, now_s: float) -> float | None:
        """Until when nothing may be asked; None when it may."""
        left = self.closed_until_s - now_s
        return self.closed_until_s if 0 < left <= self.FAR_AHEAD_S else None

    def is_dead(self, fingerprint: str, now_s: float) -> bool:
        """Whether asking with this login is in vain; tried again once a day, in case it is not."""
        return self.refused == fingerprint and 0 <= now_s - self.refused_s < DAY_S  # our default


BudgetKind = TypeVar("BudgetKind", bound=Budget)


@dataclass(slots=True)
class BudgetFile(Generic[BudgetKind]):
    """A budget on disk, read and changed under a lock; without a path it lives with this object.

    A damaged file counts as none: the service itself says again when it wants to be left alone.
    """

    kind: type[BudgetKind]
    path: Path | None = None
    _kept: BudgetKind = field(init=False)

    def __post_init__(self) -> None:
        self._kept = self.kind()

    def read(self) -> BudgetKind:
        """What is known now. Raises Unavailable."""
        if self.path is None:
            return self._kept
        try:
            return self.kind.from_plain(json.loads(read_small(self.path)))
        except FileNotFoundError:
            return self.kind()
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be read: {error.strerror}") from error
        except (ValueError, TypeError, KeyError, RecursionError):
            return self.kind()

    def update(self, change: Callable[[BudgetKind], BudgetKind]) -> BudgetKind:
        """Change it, alone; what `change` raises leaves it as it was. Raises Unavailable."""
        if self.path is None:
            self._kept = change(self._kept)
            return self._kept
        try:
            with locked(self.path):
                before = self.read()
                budget = change(before)
                if budget != before:
                    write_whole(self.path, json.dumps(asdict(budget)).encode())
                return budget
        except CredentialError as error:
            raise Unavailable(str(error)) from error
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be written: {error.strerror}") from error
