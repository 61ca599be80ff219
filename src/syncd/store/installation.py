"""What tells this installation from others that write to the same account."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable

from syncd.domain.delivery.fitting import CarryLimits
from syncd.store.meta import Meta

_NONCE, _TAKEN, _TAKES_ALL, _ATHLETE = (
    "installation.nonce",
    "installation.taken_over",
    "installation.takes_all",
    "installation.athlete",
)
_BEGUN, _NEW = "delivery.begun.", "new"
_LIMITS = "delivery.limits."
_BYTES = 4  # our default: a household has a handful of installations


class InstallationRecord:
    """A random nonce, made when it is first needed; the nonces of installations that this one replaces."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    @property
    def nonce(self) -> str:
        """Eight hexadecimal digits."""
        kept = self._meta.get(_NONCE)
        if kept is None:
            kept = secrets.token_hex(_BYTES)
            self._meta.set(_NONCE, kept)
        return kept

    @property
    def taken_over(self) -> frozenset[str]:
        """The nonces of installations that are no more."""
        return frozenset(json.loads(self._meta.get(_TAKEN) or "[]"))

    def take_over(self, nonces: Iterable[str]) -> None:
        """What these wrote is ours from now on."""
        taken = sorted((self.taken_over | set(nonces)) - {self.nonce, ""})
        self._meta.set(_TAKEN, json.dumps(taken))

    def renew(self) -> None:
        """Another nonce: a living copy of this installation keeps the one that both had."""
        earlier = self.nonce
        self._meta.forget(_NONCE)
        self.take_over({earlier})

    @property
    def takes_all(self) -> bool:
        """Whether the next delivery takes whatever carries the athlete's mark for this one's."""
        return self._meta.get(_TAKES_ALL) is not None

    def take_all(self, *, wanted: bool) -> None:
        """Say so, or that it is done."""
        if wanted:
            self._meta.set(_TAKES_ALL, "yes")
        else:
            self._meta.forget(_TAKES_ALL)

    def is_new_on(self, sink: str) -> bool | None:
        """Whether nothing whole was delivered there, or not since a copy was restored; None: not known."""
        kept = self._meta.get(_BEGUN + sink)
        return None if kept is None else kept == _NEW

    def note_delivered(self, sink: str, *, whole: bool) -> None:
        """A delivery went there, or is about to for the first time."""
        value = "yes" if whole else _NEW
        if self._meta.get(_BEGUN + sink) != value:
            self._meta.set(_BEGUN + sink, value)

    def restored(self) -> None:
        """The database is an earlier copy: what bears our mark may be newer than what it knows."""
        for key in self._meta.starting_with(_BEGUN):
            self._meta.set(key, _NEW)

    def forget_sink(self, sink: str) -> None:
        """Another account there: nothing was delivered to it."""
        self._meta.forget(_BEGUN + sink)

    def note_limits(self, sink: str, limits: CarryLimits) -> None:
        """Keep what the sink carries, for those who read the state alone."""
        kept = f"{limits.max_steps} {limits.repeat_depth}"
        if self._meta.get(_LIMITS + sink) != kept:
            self._meta.set(_LIMITS + sink, kept)

    def limits(self, sink: str) -> CarryLimits | None:
        """What it carries; None before the first sync."""
        kept = self._meta.get(_LIMITS + sink)
        return None if kept is None else CarryLimits(*map(int, kept.split()))

    def athlete(self, profile: str) -> str:
        """The name in the marks: that of the profile when it was first used, whatever it is called now."""
        kept = self._meta.get(_ATHLETE)
        return profile if kept is None else kept

    def name_athlete(self, athlete: str) -> None:
        """The name in the marks from now on; the first one stays."""
        if self._meta.get(_ATHLETE) is None:
            self._meta.set(_ATHLETE, athlete)
