"""The pace of a run over its time, with the targets shaded behind it: lines for a terminal."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from syncd.domain.activity import Samples
from syncd.domain.scoring.card import StepRow
from syncd.domain.scoring.signals import Signal, Stretch, signal_of
from syncd.domain.workout import PaceBand
from syncd.report.units import Units

_HEIGHT = 9  # rows of the plot; the axis and the legend come below it
_GUTTER = 8  # a label, and the edge; 1:10:00/mi is the slowest that counts as moving
_LEAST_WIDTH = 40  # our default: narrower shows no repetitions
_SHADE, _INSIDE, _UPPER, _LOWER = "░", "█", "▀", "▄"
_LEGEND = f"{_SHADE} target   {_INSIDE} pace inside it   {_LOWER} outside, or no target"
_LEAST_SPAN = 60.0  # s/km, our default: the noise of an even run must not fill the plot
_MOST_RATIO = 2.0  # our default: a pause at a stroll is drawn at the lower edge
_PADDING = 0.05
_LEAST_FILLED = 0.5  # our default: fewer columns with a pace are not a picture of the run
_MOST_UNTILED = 0.05  # our default: steps that leave out more of the timer have no known place
_TICKS_MIN = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480, 720, 1440)
_TICK_SPACING = 8  # columns


@dataclass(frozen=True, slots=True)
class _Column:
    """A stretch of the run: its mean pace (None: not moving) and its target, in s/km."""

    pace: float | None
    band: PaceBand | None

    @property
    def is_inside(self) -> bool:
        band, pace = self.band, self.pace
        return band is not None and pace is not None and band.fast_s_per_km <= pace <= band.slow_s_per_km


@dataclass(frozen=True, slots=True)
class _Span:
    """A row of the score on the timer, in seconds."""

    start_s: float
    end_s: float
    band: PaceBand | None


def pace_plot(samples: Samples, steps: Sequence[StepRow], units: Units, width: int = 72) -> list[str]:
    """At most 12 lines of at most `width` characters; none where the samples show no pace.

    Pace upwards is quicker, x is the timer in minutes. `steps` are the rows of the score in
    the order of the run; their pace targets are shaded where they were run. A column is the mean
    moving pace of the step at its middle.
    """
    count = width - _GUTTER
    timer = [moment for moment in samples.timer_s if isfinite(moment)]
    total_s = max(timer, default=0.0)
    if width < _LEAST_WIDTH or total_s <= 0:
        return []
    columns = _columns(signal_of(samples), _spans(steps, total_s), total_s, count)
    if sum(column.pace is not None for column in columns) < _LEAST_FILLED * count:
        return []
    fast, slow = _range(columns)
    cells = [_drawn(column, fast, slow) for column in columns]
    labels = {0: units.bare_pace(fast), _HEIGHT - 1: units.bare_pace(slow)}
    lines = [
        f"{labels.get(row, ''):>{_GUTTER - 1}}│{''.join(cell[row] for cell in cells)}".rstrip()
        for row in range(_HEIGHT)
    ]
    lines += _axis(total_s, count)
    if any(column.band for column in columns):
        lines.append(f"{'':{_GUTTER}}{_LEGEND}"[:width])
    return lines


def _spans(steps: Sequence[StepRow], total_s: float) -> list[_Span]:
    """The rows one after the other; one span without target where they do not fill the timer."""
    spans, at = [], 0.0
    for row in steps:
        if not row.timer_s:
            continue
        target = row.planned.target if row.planned else None
        spans.append(_Span(at, at + row.timer_s, target if isinstance(target, PaceBand) else None))
        at += row.timer_s
    if abs(at - total_s) <= _MOST_UNTILED * total_s:
        return spans
    return [_Span(0.0, total_s, None)]


def _columns(signal: Signal, spans: Sequence[_Span], total_s: float, count: int) -> list[_Column]:
    ends = [span.end_s for span in spans]
    out = []
    for k in range(count):
        begin, end = total_s * k / count, total_s * (k + 1) / count
        place = bisect_left(ends, (begin + end) / 2)
        band = None
        if place < len(spans):
            span = spans[place]
            begin, end, band = max(begin, span.start_s), min(end, span.end_s), span.band
        out.append(_Column(_mean_pace(signal, begin, end), band))
    return out


def _mean_pace(signal: Signal, begin_s: float, end_s: float) -> float | None:
    first, last = bisect_left(signal.timer_s, begin_s), bisect_left(signal.timer_s, end_s)
    seconds, metres = signal.moved(Stretch(first, max(first, last)))
    pace = 1000 * seconds / metres if metres > 0 else 0.0
    return pace if isfinite(pace) and pace > 0 else None


def _range(columns: Sequence[_Column]) -> tuple[float, float]:
    """The paces at the top and at the bottom, in s/km; `columns` have at least one pace."""
    paces = sorted(column.pace for column in columns if column.pace is not None)
    bands = [column.band for column in columns if column.band is not None]
    fast = min([paces[len(paces) // 50], *(band.fast_s_per_km for band in bands)])
    slow = max([paces[-1 - len(paces) // 20], *(band.slow_s_per_km for band in bands)])
    slow = min(slow, _MOST_RATIO * fast)
    padding = max(_PADDING * (slow - fast), (_LEAST_SPAN - (slow - fast)) / 2)
    return max(fast - padding, 1.0), slow + padding


def _drawn(column: _Column, fast: float, slow: float) -> list[str]:
    """The cells of a column from the top."""
    cells = [" "] * _HEIGHT
    if column.band is not None:
        for row in _shaded(column.band, fast, slow):
            cells[row] = _SHADE
    if column.pace is not None:
        half = _level(column.pace, fast, slow, 2 * _HEIGHT)
        cells[half // 2] = _INSIDE if column.is_inside else (_LOWER if half % 2 else _UPPER)
    return cells


def _shaded(band: PaceBand, fast: float, slow: float) -> Iterator[int]:
    """Rows that the band covers at least half of, and always that of its middle."""
    height = (slow - fast) / _HEIGHT
    middle = _level((band.fast_s_per_km + band.slow_s_per_km) / 2, fast, slow, _HEIGHT)
    for row in range(_HEIGHT):
        centre = fast + (row + 0.5) * height
        if row == middle or band.fast_s_per_km <= centre <= band.slow_s_per_km:
            yield row


def _level(pace: float, fast: float, slow: float, levels: int) -> int:
    """0 at the top to `levels` - 1 at the bottom; beyond the edges, the edge."""
    share = (pace - fast) / (slow - fast)
    return int(min(max(share * levels, 0.0), levels - 1))


def _axis(total_s: float, count: int) -> list[str]:
    """The axis with its ticks, and their minutes below."""
    total_min = total_s / 60
    room = max(count // _TICK_SPACING, 1)
    every = next((step for step in _TICKS_MIN if total_min / step <= room), None)
    rule, words = ["─"] * count, [" "] * count
    minute = 0.0
    while every is not None and minute < total_min:
        place = int(minute / total_min * count)
        label = f"{minute:.0f}"
        if place + len(label) <= count - len(" min"):
            rule[place] = "┬"
            words[place : place + len(label)] = label
        minute += every
    words[count - 3 :] = "min"
    return [f"{'':{_GUTTER - 1}}└{''.join(rule)}", f"{'':{_GUTTER}}{''.join(words)}"]
