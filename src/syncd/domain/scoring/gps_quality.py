"""Whether the GPS positions of a run can be trusted."""

from __future__ import annotations

from syncd.domain.activity import Activity
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.signals import Signal, Stretch


def is_gps_poor(signal: Signal, activity: Activity) -> bool:
    """Many impossible speeds, long gaps, or a distance that the speeds contradict."""
    if not activity.has_position or not len(signal.timer_s):
        return False
    whole = Stretch(0, len(signal.timer_s))
    spoke, (_, metres) = signal.spoke_s(whole), signal.moved(whole)
    if len(signal.spikes) >= c.POOR_SPIKES * len(signal.timer_s):
        return True
    if activity.timer_s > 0 and spoke < (1 - c.POOR_SILENCE) * activity.timer_s:
        return True
    if not activity.distance_m or not metres:
        return False
    return abs(metres / activity.distance_m - 1) > c.POOR_CONTRADICTION
