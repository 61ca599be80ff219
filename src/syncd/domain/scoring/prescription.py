"""What a run is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from syncd.domain.session import SessionKind
from syncd.domain.workout import Workout


class PrescriptionOrigin(StrEnum):
    """Where the prescription comes from, the surest first."""

    EMBEDDED = "embedded"  # the watch recorded what it was running
    PUSHED = "pushed"  # the version that was on the watch at the start
    PLAN = "plan"
    ARGUMENT = "argument"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Prescription:
    """A workout with concrete targets (paces, not zones), and what it was for.

    `kind` None: read from the workout. `rpe` is the expected effort, 1 to 10, where the session
    has one of its own.
    """

    origin: PrescriptionOrigin
    workout: Workout
    kind: SessionKind | None = None
    rpe: tuple[int, int] | None = None
