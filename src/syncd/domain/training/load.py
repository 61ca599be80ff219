"""How much of a week may be hard (S6, S23, R24), by the distance run at each pace.

The caps per pace are Daniels' for a session, with a floor so that small weeks keep one.
"""

from __future__ import annotations

from collections.abc import Mapping

from syncd.domain.workout import PaceZone

HARD_SHARE = 0.20  # S6: distance phase
STEADY = frozenset({PaceZone.HALF_MARATHON, PaceZone.MARATHON})
_SLACK_M = 0.5


def too_hard(quality_m: Mapping[PaceZone, float], week_m: float, threshold_mps: float) -> str | None:
    """The rule that a week of `week_m` metres with this quality breaks, None when it holds all."""
    hard = sum(quality_m.values())
    if hard > HARD_SHARE * week_m + _SLACK_M:
        return "S6"
    if any(metres > _cap_m(zone, week_m, threshold_mps) + _SLACK_M for zone, metres in quality_m.items()):
        return "R24"
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
