"""How much of a week may be hard (S6, R25, S23, R24), by the distance run at each pace.

The caps per pace are Daniels' for a session, with a floor so that small weeks keep one.
"""

from __future__ import annotations

from collections.abc import Mapping

from syncd.domain.session import Phase
from syncd.domain.workout import PaceZone

HARD_SHARE = 0.20  # S6: distance phase
LATER_HARD_SHARE, SMALL_HARD_SHARE = 0.25, 0.28  # R25: speed and combine; the second in small weeks
SMALL_WEEK_M = 25_000.0
STEADY = frozenset({PaceZone.HALF_MARATHON, PaceZone.MARATHON})
_AT_VO2MAX = frozenset({PaceZone.INTERVAL, PaceZone.FIVE_K})
_EARLY = frozenset({Phase.FOUNDATION, Phase.DISTANCE})
_SLACK_M = 0.5


def hard_share(phase: Phase, week_m: float) -> float:
    """The largest share of the week at marathon pace or faster."""
    if phase in _EARLY:
        return HARD_SHARE
    return SMALL_HARD_SHARE if week_m < SMALL_WEEK_M else LATER_HARD_SHARE


def too_hard(
    quality_m: Mapping[PaceZone, float], week_m: float, threshold_mps: float, phase: Phase = Phase.DISTANCE
) -> str | None:
    """The rule that a week of `week_m` metres with this quality breaks; None when it keeps them all."""
    hard = sum(quality_m.values())
    if hard > hard_share(phase, week_m) * week_m + _SLACK_M:
        return "S6" if phase in _EARLY else "R25"
    vo2_m = sum(quality_m.get(zone, 0.0) for zone in _AT_VO2MAX)  # one system, one cap
    if vo2_m > _cap_m(PaceZone.FIVE_K, week_m, threshold_mps) + _SLACK_M:
        return "R24"
    if any(metres > _cap_m(zone, week_m, threshold_mps) + _SLACK_M for zone, metres in quality_m.items()):
        return "R24"
    if phase not in _EARLY:
        return None
    steady = sum(quality_m.get(zone, 0.0) for zone in STEADY)
    return "S23" if steady * 2 <= hard and hard > 0 else None


def _cap_m(zone: PaceZone, week_m: float, threshold_mps: float) -> float:
    match zone:
        case PaceZone.THRESHOLD | PaceZone.TEN_K:
            return max(0.10 * week_m, 900 * threshold_mps)  # 10 % or 15 min
        case PaceZone.INTERVAL | PaceZone.FIVE_K:
            return max(0.08 * week_m, min(4000.0, 0.12 * week_m), 1600.0)
        case PaceZone.REPETITION:
            return max(0.05 * week_m, 1600.0)
        case _:
            return 0.20 * week_m
