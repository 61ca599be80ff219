"""The pace of a run over its time, with the targets shaded behind it: lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from syncd.domain.activity import Samples
from syncd.domain.units import Units
from syncd.domain.workout import PaceBand
from syncd.report.pace_columns import Aim, PaceColumn, pace_columns

_HEIGHT = 9  # rows of the plot; the axis and the legend come below it
_GUTTER = 8  # a label, and the edge; 1:10:00/mi is the slowest that counts as moving
_LEAST_WIDTH = 40  # our default: narrower shows no repetitions
_SHADE, _INSIDE, _UPPER, _LOWER = "░", "█", "▀", "▄"
_LEGENDS = (
    f"{_SHADE} target   {_INSIDE} pace inside it   {_LOWER} outside, or no target",
    f"{_SHADE} target  {_INSIDE} inside  {_LOWER} outside",
)
_TICKS_MIN = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480, 720, 1440)
_TICK_SPACING = 8  # columns


def pace_plot(samples: Samples, aims: Sequence[Aim], units: Units, width: int = 72) -> list[str]:
    """At most 12 lines of at most `width` characters; none where the samples show no pace.

    Pace upwards is quicker, x is the timer in minutes. `aims` are the rows of the score in
    the order of the run; their pace targets are shaded where they were run. A column is the mean
    moving pace of the step at its middle.
    """
    count = width - _GUTTER
    run = pace_columns(samples, aims, count) if width >= _LEAST_WIDTH else None
    if run is None:
        return []
    cells = [_drawn(column, run.fast, run.slow) for column in run.columns]
    labels = {0: units.bare_pace(run.fast), _HEIGHT - 1: units.bare_pace(run.slow)}
    lines = [
        f"{labels.get(row, ''):>{_GUTTER - 1}}│{''.join(cell[row] for cell in cells)}".rstrip()
        for row in range(_HEIGHT)
    ]
    lines += _axis(run.total_s, count)
    if any(column.band for column in run.columns):
        legend = next(text for text in _LEGENDS if len(text) <= count or text is _LEGENDS[-1])
        lines.append(f"{'':{_GUTTER}}{legend}")
    return lines


def _drawn(column: PaceColumn, fast: float, slow: float) -> list[str]:
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
    rule, labels = ["─"] * count, [" "] * count
    minute = 0.0
    while every is not None and minute < total_min:
        place = int(minute / total_min * count)
        label = f"{minute:.0f}"
        if place + len(label) <= count - len(" min"):
            rule[place] = "┬"
            labels[place : place + len(label)] = label
        minute += every
    labels[count - 3 :] = "min"
    return [f"{'':{_GUTTER - 1}}└{''.join(rule)}", f"{'':{_GUTTER}}{''.join(labels)}"]
