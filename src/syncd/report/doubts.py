"""Doubtful runs in words: why, and how to settle it."""

from __future__ import annotations

from syncd.domain.clock_time import format_clock
from syncd.domain.doubts import Doubt
from syncd.domain.reason import Reason
from syncd.domain.units import Units


def doubt_text(doubt: Reason, units: Units) -> str:
    """Why it is not known whether this was a run."""
    facts = doubt.facts
    match doubt.code:
        case Doubt.NO_SPORT:
            speed = units.speed(facts["speed_mps"])
            return f"the file names no sport, and {speed} does not look like a run"
        case Doubt.NAMED_OTHERWISE:
            return f"the file names no sport, and its name says {str(facts['sport']).replace('_', ' ')}"
        case Doubt.SUPERHUMAN:
            return (
                f"{units.distance(facts['distance_m'])} in {format_clock(facts['time_s'])} "
                "is faster than anybody has run"
            )
    return "it may be no run"


def settle_text(activity_id: int) -> str:
    """What to do about a doubtful run."""
    return f"If it was a run: syncd fix {activity_id} --kind run. If not: syncd ignore {activity_id}"
