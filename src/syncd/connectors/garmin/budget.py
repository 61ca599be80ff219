"""How often Garmin Connect may be asked: plain values, kept in a file that all processes share."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from syncd.connectors.base import Unavailable
from syncd.credentials import CredentialError, locked
from syncd.durable import write_whole

_FIRST_PAUSE_S = 1800.0  # what other clients leave after a 429; doubled each time
_LONGEST_PAUSE_S = 86_400.0
_FAR_AHEAD_S = 86_400.0  # a time further ahead than this is a clock that was wrong
_LOOK_AGAIN_S = 86_400.0  # our default
_LONGEST_QUEUE_S = 120.0  # our default: turns that others took ahead of us reach no further


@dataclass(frozen=True, slots=True)
class Budget:
    """Times in seconds since the epoch. `trips`: pauses in a row, without a success between.

    `refused`: the fingerprint of a login that the service did not renew, at `refused_s`.
    """

    last_request_s: float = 0.0
    closed_until_s: float = 0.0
    trips: int = 0
    refused: str = ""
    refused_s: float = 0.0

    def wait_s(self, now_s: float, spacing_s: float) -> float:
        """Seconds to wait so that two requests are `spacing_s` apart."""
        since = now_s - self.last_request_s
        return spacing_s - since if -_LONGEST_QUEUE_S <= since < spacing_s else 0.0

    def closed_at(self, now_s: float) -> float | None:
        """Until when nothing may be asked; None when it may."""
        left = self.closed_until_s - now_s
        return self.closed_until_s if 0 < left <= _FAR_AHEAD_S else None

    def after_request(self, now_s: float) -> Budget:
        """A request goes out now."""
        return replace(self, last_request_s=now_s)

    def after_success(self) -> Budget:
        """The service answers again."""
        return replace(self, trips=0, closed_until_s=0.0)

    def after_refusal(
        self, now_s: float, retry_after_s: float | None, *, first_pause_s: float = _FIRST_PAUSE_S
    ) -> Budget:
        """Asked too much: closed for what the service named, or 30 min doubling to a day."""
        pause = min(first_pause_s * 2.0 ** min(self.trips, 10), _LONGEST_PAUSE_S)
        if retry_after_s is not None:
            pause = min(max(retry_after_s, 1.0), _LONGEST_PAUSE_S)
        return replace(self, closed_until_s=now_s + pause, trips=self.trips + 1)

    def after_dead_login(self, fingerprint: str, now_s: float) -> Budget:
        """This login was not renewed: only a human can help."""
        return replace(self, refused=fingerprint, refused_s=now_s)

    def is_dead(self, fingerprint: str, now_s: float) -> bool:
        """Whether asking with this login is in vain; looked at again once a day, in case it was not."""
        return self.refused == fingerprint and 0 <= now_s - self.refused_s < _LOOK_AGAIN_S


@dataclass(slots=True)
class BudgetFile:
    """The budget on disk, read and changed under a lock; without a path it lives with this object.

    A damaged file counts as none: the service itself says again when it wants to be left alone.
    """

    path: Path | None = None
    _kept: Budget = field(default_factory=Budget)

    def read(self) -> Budget:
        """What is known now. Raises Unavailable."""
        if self.path is None:
            return self._kept
        try:
            kept = json.loads(self.path.read_bytes())
            return Budget(
                last_request_s=float(kept["last_request_s"]),
                closed_until_s=float(kept["closed_until_s"]),
                trips=int(kept["trips"]),
                refused=str(kept["refused"]),
                refused_s=float(kept["refused_s"]),
            )
        except FileNotFoundError:
            return Budget()
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be read: {error.strerror}") from error
        except (ValueError, TypeError, KeyError):
            return Budget()

    def update(self, change: Callable[[Budget], Budget]) -> Budget:
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
