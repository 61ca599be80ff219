"""Laps as material for steps: their size, speed, and which of them belong together."""

from __future__ import annotations

from collections.abc import Iterable

from syncd.domain.activity import Activity, Lap, LapTrigger
from syncd.domain.workout import Duration, DurationUnit

Laps = tuple[Lap, ...]


def timer_of(laps: Laps) -> float:
    """Seconds on the timer."""
    return sum(lap.timer_s for lap in laps)


def distance_of(laps: Laps) -> float | None:
    """Metres; None when a lap has no distance."""
    metres = [lap.distance_m for lap in laps]
    return None if None in metres else sum(distance for distance in metres if distance is not None)


def speed_of(laps: Laps) -> float | None:
    """Mean speed on the timer in m/s."""
    metres, seconds = distance_of(laps), timer_of(laps)
    return None if metres is None or seconds <= 0 else metres / seconds


def amount_of(duration: Duration, laps: Laps) -> float | None:
    """What was done, in the unit of a duration; None where that unit has none."""
    if duration.unit is DurationUnit.TIME:
        return timer_of(laps)
    return distance_of(laps) if duration.unit is DurationUnit.DISTANCE else None


def joined_while_alike(laps: Iterable[Lap], border_mps: float) -> list[Laps]:
    """Laps with auto-laps undone: one that ended on its own is joined to the next if both are quick, or slow.

    What the lap button ended stays apart.
    """
    out: list[Laps] = []
    for lap in laps:
        before = out[-1] if out else ()
        if before and _is_split(before[-1], lap, border_mps):
            out[-1] = (*before, lap)
        else:
            out.append((lap,))
    return out


def _is_split(before: Lap, lap: Lap, border_mps: float) -> bool:
    if before.trigger is not LapTrigger.DISTANCE or lap.start_s - before.end_s > 1:
        return False
    speeds = (speed_of((before,)), speed_of((lap,)))
    return None not in speeds and len({speed >= border_mps for speed in speeds if speed is not None}) == 1


def whole_run(activity: Activity) -> Lap:
    """The run as one lap."""
    return Lap(
        start_s=min([0.0, *(lap.start_s for lap in activity.laps)]),
        end_s=max([activity.elapsed_s, *(lap.end_s for lap in activity.laps)]),
        timer_s=activity.timer_s,
        distance_m=activity.distance_m,
        trigger=LapTrigger.SESSION_END,
        avg_hr_bpm=activity.avg_hr_bpm,
        max_hr_bpm=activity.max_hr_bpm,
    )
