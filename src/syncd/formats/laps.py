"""Laps on the clock of the points: where each begins and ends, and what was run in it."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from math import isnan

from syncd.domain.activity import Lap, LapTrigger, Samples
from syncd.formats.clock import TOLERANCE_S

AGREE = 0.02  # our default: witnesses of one distance or time that differ by more are reported


@dataclass(frozen=True, slots=True)
class RecordedLap:
    """A lap as the file has it. `start_s` counts seconds since 1970; None and 0 are what it does not say."""

    start_s: float | None = None
    timer_s: float | None = None
    distance_m: float | None = None
    trigger: LapTrigger = LapTrigger.OTHER
    avg_hr_bpm: int | None = None
    max_hr_bpm: int | None = None


def laps_of(recorded: Sequence[RecordedLap], zero: float, samples: Samples) -> tuple[Lap, ...]:
    """Laps on the clock of the points: one ends where the next begins; what they do not say is measured.

    A last part behind them that was run is a lap too.
    """
    track = Measured(samples)
    starts = [None if lap.start_s is None else max(lap.start_s - zero, 0.0) for lap in recorded]
    out: list[Lap] = []
    for lap, start, next_start in zip(recorded, starts, _following(starts), strict=True):
        begin = out[-1].end_s if out and (start is None or start < out[-1].end_s) else start or 0.0
        begin = track.clamped(begin)
        told = lap.timer_s if lap.timer_s and lap.timer_s > 0 else None
        least = begin + told if told and track.last is None else begin
        end = max(track.end_of(begin, told) if next_start is None else track.clamped(next_start), least)
        measured = track.seconds(begin, end)
        timer = told if told is not None and not differs(told, measured) else measured or told or 0.0
        out.append(
            Lap(
                start_s=begin,
                end_s=end,
                timer_s=timer,
                distance_m=_lap_m(lap.distance_m, track.metres(begin, end)),
                trigger=lap.trigger,
                avg_hr_bpm=lap.avg_hr_bpm,
                max_hr_bpm=lap.max_hr_bpm,
            )
        )
    return (*out, *last_part(out, samples))


def _following(starts: Sequence[float | None]) -> list[float | None]:
    """For each lap the start of the next one that has any."""
    out: list[float | None] = []
    after: float | None = None
    for start in reversed(starts):
        out.append(after)
        after = after if start is None else start
    out.reverse()
    return out


def last_part(laps: Sequence[Lap], samples: Samples) -> tuple[Lap, ...]:
    """What was run after the last lap, as a lap."""
    if not laps or not len(samples):
        return ()
    begin, end = max(lap.end_s for lap in laps), samples.elapsed_s[-1]
    if end - begin <= TOLERANCE_S:
        return ()
    track = Measured(samples)
    metres = track.metres(begin, end)
    if not metres:
        return ()
    return (Lap(begin, end, track.seconds(begin, end), metres, LapTrigger.SESSION_END),)


class Measured:
    """What the samples say between two moments. `last`: of the last one, None without any."""

    def __init__(self, samples: Samples) -> None:
        self._elapsed, self._timer = samples.elapsed_s, samples.timer_s
        self._known_s, self._known_m = samples.elapsed_s, samples.distance_m
        if isnan(sum(samples.distance_m)):
            known = [not isnan(metres) for metres in samples.distance_m]
            self._known_s = array("d", compress(samples.elapsed_s, known))
            self._known_m = array("d", compress(samples.distance_m, known))
        self.last = samples.elapsed_s[-1] if len(samples) else None

    def seconds(self, begin: float, end: float) -> float:
        """On the timer."""
        return _at(self._timer, self._elapsed, end) - _at(self._timer, self._elapsed, begin)

    def metres(self, begin: float, end: float) -> float | None:
        """Run between them; None where nobody knows."""
        if not self._known_s or end < self._known_s[0]:
            return None
        metres = _at(self._known_m, self._known_s, end) - _at(self._known_m, self._known_s, begin)
        return max(metres, 0.0)

    def clamped(self, moment: float) -> float:
        """The moment, or the last one that was recorded."""
        return moment if self.last is None else min(moment, self.last)

    def end_of(self, begin: float, timer_s: float | None) -> float:
        """The moment at which the timer has run for so long since a lap began, the last one without it."""
        if self.last is None:
            return begin + (timer_s or 0.0)
        if timer_s is None or timer_s - self.seconds(begin, self.last) > TOLERANCE_S:
            return self.last
        row = bisect_left(self._timer, _at(self._timer, self._elapsed, begin) + timer_s)
        end = self._elapsed[row] if row < len(self._elapsed) else self.last
        if self.last - end > TOLERANCE_S:
            return end
        return max(self.last, min(begin + timer_s, self.last + TOLERANCE_S))


def differs(told: float, measured: float, least: float = TOLERANCE_S) -> bool:
    """Whether two witnesses of one time or distance do not agree."""
    return measured > 0 and abs(told - measured) > max(AGREE * measured, least)


def _lap_m(told: float | None, measured: float | None) -> float | None:
    if not told or told < 0:
        return measured
    return measured if measured and differs(told, measured, least=20.0) else told


def _at(column: Sequence[float], elapsed: Sequence[float], moment: float) -> float:
    """A rising column at a moment, in proportion between two entries; 0 before the first."""
    after = bisect_right(elapsed, moment)
    if not after:
        return 0.0
    if after >= len(column):
        return column[-1]
    share = (moment - elapsed[after - 1]) / (elapsed[after] - elapsed[after - 1])
    return column[after - 1] + share * (column[after] - column[after - 1])
