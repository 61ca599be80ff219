"""Doubtful runs in words: why, and how to settle it."""

from __future__ import annotations

from syncd.domain.clock_time import format_clock
from syncd.domain.doubts import Doubt
from syncd.domain.reason import Reason
from syncd.domain.units import Units

TRIMMABLE = frozenset({Doubt.SUPERHUMAN, Doubt.TORN})  # a part of it may have been a run


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
        case Doubt.TORN:
            return "for more than a tenth of its time nobody knows the way: positions or distance jump"
    return "it may not be a run"


def settle_text(activity_id: int, doubt: Reason | None = None) -> str:
    """What to do about a doubtful run."""
    if doubt is not None and doubt.code in TRIMMABLE:
        return (
            f"Keep what you ran of it, by its timer: syncd fix {activity_id} --trim 45:00. "
            f"If all of it was a run: syncd fix {activity_id} --kind run. If none: syncd ignore {activity_id}"
        )
    return f"If it was a run: syncd fix {activity_id} --kind run. If not: syncd ignore {activity_id}"
