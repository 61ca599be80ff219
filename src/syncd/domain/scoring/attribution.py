"""The answer to which planned session a run was."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from syncd.domain.reason import Reason


class Method(StrEnum):
    """How the session was found."""

    MANUAL = "manual"  # decided by the athlete: outranks everything
    EXACT = "exact"  # the watch ran a version that we pushed
    NAME = "name"  # the workout's name carries our tag
    SHAPE = "shape"  # the run looks like one session of these days, and like no other
    AMBIGUOUS = "ambiguous"  # more than one fits: the athlete has to decide
    REPLACED = "replaced"  # a measurement in the place of a hard session: neither scored nor missed
    JOINED = "joined"  # a warm-up or cool-down in a file of its own: part of another run
    UNPLANNED = "unplanned"
    WITHDRAWN = "withdrawn"  # it, or a run beside it, no longer counts: to be assessed again


@dataclass(frozen=True, slots=True)
class Attribution:
    """`session_id` is None when none was found or more than one; `confidence` 0 to 1."""

    method: Method
    session_id: str | None
    confidence: float
    why: Reason
