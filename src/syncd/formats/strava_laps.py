"""The laps of an activity on Strava, put where they were run.

What Strava reports of a lap is coarse: its times are whole seconds, rounded down (a repetition of
53.97 s reads 53), its start is the first record after the border, and its two indexes belong to
another series than the streams. Its distance is exact, and the laps add up to the distance in the
stream. So a border is where the stream passes the distance of the laps before it, to a tenth of a
second, as long as the reported times agree; otherwise where the next lap is reported to start.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite, isnan
from typing import Any

from syncd.domain.activity import Lap, LapTrigger, Samples

_HALF_CUT_S = 0.5  # the mean of what rounding down to whole seconds takes away
_AGREES_S = 2.5  # our default: where reported and streamed length differ by more, the stream is not believed
_START_LATE_S, _START_EARLY_S = 6.0, 1.5  # how far a reported start is after the border; 0.4-2.7 s measured
_EXACT_M = 0.06  # the stream is rounded to a tenth of a metre
_ROUND_M = (1000.0, 1609.34, 500.0, 5000.0)  # lengths that watches end laps at on their own
_LIKE_M = 0.5


@dataclass(frozen=True, slots=True)
class _ReportedLap:
    """A lap as reported: seconds from the start of the activity, None where it is not known."""

    start_s: float | None
    elapsed_s: float
    moving_s: float | None
    distance_m: float | None
    avg_hr_bpm: int | None
    max_hr_bpm: int | None


def laps_of(rows: Sequence[object], start: datetime, samples: Samples, elapsed_s: float) -> tuple[Lap, ...]:
    """The laps in order, one after the other; empty where what is reported of them makes no sense."""
    reported = [_reported_lap(row, start) for row in rows]
    if not reported or any(lap is None for lap in reported):
        return ()
    laps = [lap for lap in reported if lap is not None]
    borders = _borders(laps, samples, elapsed_s)
    own = _own_length(laps)
    out = []
    for place, lap in enumerate(laps):
        begin, end = borders[place], borders[place + 1]
        last = place == len(laps) - 1
        out.append(
            Lap(
                start_s=round(begin, 2),
                end_s=round(end, 2),
                timer_s=round(_timer_between(samples, begin, end, lap), 2),
                distance_m=lap.distance_m,
                trigger=LapTrigger.SESSION_END if last else _trigger(lap, own),
                avg_hr_bpm=lap.avg_hr_bpm,
                max_hr_bpm=lap.max_hr_bpm,
            )
        )
    return tuple(out)


def _borders(laps: Sequence[_ReportedLap], samples: Samples, elapsed_s: float) -> list[float]:
    """Where each lap begins, and where the last one ends; never falling, never beyond the run."""
    out, metres = [0.0], 0.0
    end = max(elapsed_s, samples.elapsed_s[-1] if len(samples) else 0.0)
    exact = all(lap.distance_m is not None for lap in laps) and len(samples) > 1
    for place, lap in enumerate(laps):
        metres += lap.distance_m or 0.0
        following = laps[place + 1].start_s if place + 1 < len(laps) else None
        likely = out[-1] + lap.elapsed_s + _HALF_CUT_S
        border = _passed(samples, metres, likely) if exact else None
        if place + 1 == len(laps) and abs(end - likely) <= _AGREES_S:
            border = end
        elif border is None or not _believed(border, likely, following):
            border = _by_start(likely, following)
        out.append(min(max(border, out[-1]), end))
    return out


def _by_start(likely: float, following_s: float | None) -> float:
    """As long as reported, and ended by the next lap's start at the latest."""
    if following_s is None:
        return likely
    return min(max(likely, following_s - _START_LATE_S / 2), following_s)


def _believed(found: float, likely: float, following_s: float | None) -> bool:
    if abs(found - likely) > _AGREES_S:
        return False
    return following_s is None or -_START_EARLY_S <= following_s - found <= _START_LATE_S


def _passed(samples: Samples, metres: float, likely: float) -> float | None:
    """When the stream passes a distance; if it stays there for a while, the likely moment of that while."""
    way, times = samples.distance_m, samples.elapsed_s
    if isnan(way[0]) or not way[0] - _EXACT_M <= metres <= way[-1] + _EXACT_M:
        return None
    first, after = bisect_left(way, metres - _EXACT_M), bisect_right(way, metres + _EXACT_M)
    if first < after:  # recorded at that distance, perhaps while standing
        return min(max(likely, times[first]), times[after - 1])
    before = first - 1
    share = (metres - way[before]) / (way[first] - way[before])
    return times[before] + share * (times[first] - times[before])


def _timer_between(samples: Samples, begin: float, end: float, lap: _ReportedLap) -> float:
    if len(samples) > 1:
        return max(_timer_at(samples, end) - _timer_at(samples, begin), 0.0)
    stood = lap.elapsed_s - lap.moving_s if lap.moving_s is not None else 0.0
    return lap.elapsed_s + _HALF_CUT_S - max(stood, 0.0)


def _timer_at(samples: Samples, moment_s: float) -> float:
    times, timer = samples.elapsed_s, samples.timer_s
    place = bisect_right(times, moment_s) - 1
    if place < 0:
        return moment_s - times[0] + timer[0]
    if place + 1 == len(times):
        return timer[-1] + moment_s - times[-1]
    return min(timer[place] + moment_s - times[place], timer[place + 1])


def _own_length(laps: Sequence[_ReportedLap]) -> float | None:
    """The length at which the watch ends laps on its own: that of most laps but the last."""
    lengths = [lap.distance_m for lap in laps[:-1] if lap.distance_m is not None]
    for length in _ROUND_M:
        alike = sum(abs(distance - length) <= _LIKE_M for distance in lengths)
        if alike and alike * 2 > len(lengths):
            return length
    return None


def _trigger(lap: _ReportedLap, own_m: float | None) -> LapTrigger:
    if own_m is not None and lap.distance_m is not None and abs(lap.distance_m - own_m) <= _LIKE_M:
        return LapTrigger.DISTANCE
    return LapTrigger.OTHER


def _reported_lap(row: object, start: datetime) -> _ReportedLap | None:
    if not isinstance(row, Mapping):
        return None
    elapsed = _number(row.get("elapsed_time"))
    if elapsed is None or elapsed < 0:
        return None
    began = _seconds_since(row.get("start_date"), start)
    distance = _number(row.get("distance"))
    return _ReportedLap(
        began,
        elapsed,
        _number(row.get("moving_time")),
        distance if distance is None or distance >= 0 else None,
        _bpm(row.get("average_heartrate")),
        _bpm(row.get("max_heartrate")),
    )


def _seconds_since(value: Any, start: datetime) -> float | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return ((found if found.tzinfo else found.replace(tzinfo=UTC)) - start).total_seconds()


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)


def _bpm(value: object) -> int | None:
    rate = _number(value)
    return round(rate) if rate is not None and 0 < rate < 250 else None
