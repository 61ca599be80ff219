"""The fastest stretch of a distance inside a run, and what it was like: to find a test in its recording."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import isnan

from syncd.domain.activity import Activity, Samples
from syncd.domain.scoring.signals import signal_of

SPLIT_M = 1000.0


@dataclass(frozen=True, slots=True)
class BestEffort:
    """A stretch of `distance_m`, or the whole run where it is a little shorter.

    Times on the elapsed clock, so that a stopped watch hides nothing. `splits_s`: its whole
    kilometres.
    """

    distance_m: float
    time_s: float
    splits_s: tuple[float, ...]
    climb_m: float
    descent_m: float
    longest_stop_s: float


def best_effort(activity: Activity, distance_m: float) -> BestEffort | None:
    """The fastest `distance_m` of a run; the whole of it where it is shorter. None without samples."""
    track = _track(activity.samples)
    if len(track) < 2:
        return None
    start, end = _fastest(track, distance_m)
    inside = [point for point in track if start <= point[0] <= end]
    signal = signal_of(activity.samples)
    part = signal.stretch(start, end)
    return BestEffort(
        distance_m=min(distance_m, track[-1][1] - track[0][1]),
        time_s=end - start,
        splits_s=_splits(inside, start),
        climb_m=signal.climb_m[part.last] - signal.climb_m[part.first],
        descent_m=signal.descent_m[part.last] - signal.descent_m[part.first],
        longest_stop_s=_longest_stop(inside),
    )


def fastest_s(samples: Samples, distance_m: float) -> float | None:
    """Seconds of the fastest `distance_m`; None where the run is shorter."""
    stretch = fastest_stretch(samples, distance_m)
    return None if stretch is None else stretch[1] - stretch[0]


def fastest_stretch(samples: Samples, distance_m: float) -> tuple[float, float] | None:
    """Where the fastest `distance_m` lies on the elapsed clock; None where the run is shorter."""
    track = _track(samples)
    if len(track) < 2 or track[-1][1] - track[0][1] < distance_m:
        return None
    return _fastest(track, distance_m)


def _track(samples: Samples) -> list[tuple[float, float]]:
    """Metres over the elapsed clock, where they are known."""
    return [
        (elapsed, metres)
        for elapsed, metres in zip(samples.elapsed_s, samples.distance_m, strict=True)
        if not isnan(metres)
    ]


def _fastest(track: list[tuple[float, float]], distance_m: float) -> tuple[float, float]:
    """Start and end on the elapsed clock; where it ends between two samples, in proportion."""
    best: tuple[float, float] | None = None
    last = 0
    for begin, metres in track:
        while last < len(track) and track[last][1] - metres < distance_m:
            last += 1
        if last == len(track):
            break
        end = _crossing(track, last, metres + distance_m)
        if best is None or end - begin < best[1] - best[0]:
            best = (begin, end)
    return best or (track[0][0], track[-1][0])


def _crossing(track: list[tuple[float, float]], place: int, metres: float) -> float:
    after = track[place]
    before = track[place - 1] if place else after
    gained = after[1] - before[1]
    share = (metres - before[1]) / gained if gained > 0 else 1.0
    return before[0] + share * (after[0] - before[0])


def _splits(inside: list[tuple[float, float]], start: float) -> tuple[float, ...]:
    splits, mark, since = [], inside[0][1] + SPLIT_M if inside else 0.0, start
    for place in range(len(inside)):
        while inside[place][1] >= mark:
            at = _crossing(inside, place, mark)
            splits.append(at - since)
            mark, since = mark + SPLIT_M, at
    return tuple(splits)


def _longest_stop(inside: list[tuple[float, float]]) -> float:
    """The longest time slower than half a metre a second."""
    longest = still = 0.0
    for (t0, m0), (t1, m1) in pairwise(inside):
        seconds = t1 - t0
        still = still + seconds if m1 - m0 < 0.5 * seconds else 0.0
        longest = max(longest, still)
    return longest
