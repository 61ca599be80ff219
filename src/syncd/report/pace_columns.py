"""The pace of a run in columns over its time, each with its target: what pictures of it are drawn from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from syncd.domain.activity import Samples
from syncd.domain.scoring.signals import Signal, Stretch, signal_of
from syncd.domain.workout import PaceBand

_LEAST_SPAN = 60.0  # s/km, our default: the noise of an even run must not fill the picture
_MOST_RATIO = 2.0  # our default: a pause at a stroll is drawn at the lower edge
_PADDING = 0.05
_BORDER_S = 1.0
_LEAST_FILLED = 0.5  # our default: fewer columns with a pace are not a picture of the run
_MOST_UNTILED = 0.05  # our default: steps that leave out more of the timer have no known place


Aim = tuple[float, PaceBand | None]  # seconds on the timer, and the target of them


@dataclass(frozen=True, slots=True)
class PaceColumn:
    """A stretch of the run: its mean pace (None: not moving) and its target, in s/km."""

    pace: float | None
    band: PaceBand | None

    @property
    def is_inside(self) -> bool:
        """Whether the pace is in its target."""
        band, pace = self.band, self.pace
        return band is not None and pace is not None and band.fast_s_per_km <= pace <= band.slow_s_per_km


@dataclass(frozen=True, slots=True)
class StepSpan:
    """A row of the score on the timer, in seconds."""

    start_s: float
    end_s: float
    band: PaceBand | None


@dataclass(frozen=True, slots=True)
class Target:
    """A stretch of the timer, in seconds, with one target."""

    start_s: float
    end_s: float
    band: PaceBand


@dataclass(frozen=True, slots=True)
class PaceColumns:
    """A run in equal parts of its timer. `fast` and `slow` are the edges of a picture of it, s/km."""

    total_s: float
    columns: tuple[PaceColumn, ...]
    spans: tuple[StepSpan, ...]
    fast: float
    slow: float

    @property
    def paces(self) -> tuple[float, ...]:
        """Those that are known, in the order of the run; at least one."""
        return tuple(column.pace for column in self.columns if column.pace is not None)

    @property
    def inside(self) -> float | None:
        """Which share of the time with a target was inside it; None without one."""
        aimed = [column for column in self.columns if column.band is not None and column.pace is not None]
        return sum(column.is_inside for column in aimed) / len(aimed) if aimed else None

    @property
    def targets(self) -> tuple[Target, ...]:
        """Where there was one; steps that follow each other with the same target are one stretch."""
        targets: list[Target] = []
        for span in self.spans:
            if span.band is None:
                continue
            start_s = span.start_s
            if targets and (targets[-1].end_s, targets[-1].band) == (start_s, span.band):
                start_s = targets.pop().start_s
            targets.append(Target(start_s, span.end_s, span.band))
        return tuple(targets)


def pace_columns(samples: Samples, aims: Sequence[Aim], count: int) -> PaceColumns | None:
    """The run in `count` columns; None where the samples show no pace.

    `aims`: seconds on the timer and the target, in the order of the run. A column is the mean moving pace of
    the step at its middle.
    """
    timer = [moment for moment in samples.timer_s if isfinite(moment)]
    total_s = max(timer, default=0.0)
    if total_s <= 0 or count <= 0:
        return None
    spans = _spans(aims, total_s)
    columns = _columns(signal_of(samples), spans, total_s, count)
    if sum(column.pace is not None for column in columns) < _LEAST_FILLED * count:
        return None
    fast, slow = _range(columns)
    return PaceColumns(total_s, tuple(columns), tuple(spans), fast, slow)


def _spans(aims: Iterable[Aim], total_s: float) -> list[StepSpan]:
    """The rows one after the other; one span without target where they do not fill the timer."""
    spans, at = [], 0.0
    for timer_s, band in aims:
        if timer_s:
            spans.append(StepSpan(at, at + timer_s, band))
            at += timer_s
    if abs(at - total_s) <= _MOST_UNTILED * total_s:
        return spans
    return [StepSpan(0.0, total_s, None)]


def _columns(signal: Signal, spans: Sequence[StepSpan], total_s: float, count: int) -> list[PaceColumn]:
    ends = [span.end_s for span in spans]
    columns = []
    for number in range(count):
        begin, end = total_s * number / count, total_s * (number + 1) / count
        place = bisect_left(ends, (begin + end) / 2)
        band = None
        if place < len(spans):
            span = spans[place]
            begin, end = _well_inside(begin, end, span)
            band = span.band
        columns.append(PaceColumn(_mean_pace(signal, begin, end), band))
    return columns


def _well_inside(begin: float, end: float, span: StepSpan) -> tuple[float, float]:
    """The part of a column in a span, a second away from its neighbours: a score has times in tenths."""
    first, last = max(begin, span.start_s + _BORDER_S), min(end, span.end_s - _BORDER_S)
    return (first, last) if first < last else (max(begin, span.start_s), min(end, span.end_s))


def _mean_pace(signal: Signal, begin_s: float, end_s: float) -> float | None:
    first, last = bisect_left(signal.timer_s, begin_s), bisect_left(signal.timer_s, end_s)
    seconds, metres = signal.moved(Stretch(first, max(first, last)))
    pace = 1000 * seconds / metres if metres > 0 else 0.0
    return pace if isfinite(pace) and pace > 0 else None


def _range(columns: Sequence[PaceColumn]) -> tuple[float, float]:
    """The paces at the top and at the bottom, in s/km; `columns` have at least one pace."""
    paces = sorted(column.pace for column in columns if column.pace is not None)
    bands = [column.band for column in columns if column.band is not None]
    fast = min([paces[len(paces) // 50], *(band.fast_s_per_km for band in bands)])
    slow = max([paces[-1 - len(paces) // 20], *(band.slow_s_per_km for band in bands)])
    slow = min(slow, _MOST_RATIO * fast)
    padding = max(_PADDING * (slow - fast), (_LEAST_SPAN - (slow - fast)) / 2)
    return max(fast - padding, 1.0), slow + padding
