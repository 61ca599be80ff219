"""A run as a picture: pace with its targets behind the line, heart rate below, over the time on the timer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from syncd.domain.activity import Samples
from syncd.domain.clock_time import format_clock
from syncd.domain.units import Units
from syncd.report.pace_columns import Aim, PaceColumns, Target, pace_columns
from syncd.report.page.scale import Scale, path, ticks
from syncd.report.page.sizes import HEART_END, HEART_TOP, RUN

_COLUMNS = 120
_PACE_STEPS = (10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0)
_MINUTES = (1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0)
_LEAST_BPM = 30.0  # our default: the heart-rate picture spans at least so much


@dataclass(frozen=True, slots=True)
class TargetBox:
    """A target as a rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the grid, and what is written beside it."""

    at: float
    label: str
    wide_only: bool = False  # a phone has no room for it


@dataclass(frozen=True, slots=True)
class RunPicture:
    """Paths and places of a picture; `description` is what it shows, as text."""

    pace: str
    bands: tuple[TargetBox, ...]
    pace_marks: tuple[Mark, ...]
    heart: str
    heart_marks: tuple[Mark, ...]
    minutes: tuple[Mark, ...]
    description: str


def run_picture(samples: Samples, aims: Sequence[Aim], units: Units) -> RunPicture | None:
    """None where the samples show no pace."""
    run = pace_columns(samples, aims, _COLUMNS)
    if run is None:
        return None
    across = Scale(0.0, run.total_s, 0, RUN.width)
    up = Scale(run.fast, run.slow, RUN.top, RUN.end)  # quicker is higher
    middles = [run.total_s * (place + 0.5) / _COLUMNS for place in range(_COLUMNS)]
    line = [
        None if column.pace is None else (across(at), up.clamped(column.pace))
        for at, column in zip(middles, run.columns, strict=True)
    ]
    heart, heart_marks = _heart(samples, run.total_s, across)
    return RunPicture(
        pace=path(line),
        bands=tuple(_band(target, across, up) for target in run.targets),
        pace_marks=_pace_marks(run, up, units),
        heart=heart,
        heart_marks=heart_marks,
        minutes=tuple(
            Mark(across(60 * minute), f"{minute:.0f}") for minute in ticks(0, run.total_s / 60, 9, _MINUTES)
        ),
        description=_text(run, bool(heart), units),
    )


def _band(target: Target, across: Scale, up: Scale) -> TargetBox:
    left, right = across(target.start_s), across(target.end_s)
    top, bottom = up.clamped(target.band.fast_s_per_km), up.clamped(target.band.slow_s_per_km)
    return TargetBox(left, top, round(max(right - left, 1.0), 1), round(max(bottom - top, 2.0), 1))


def _pace_marks(run: PaceColumns, up: Scale, units: Units) -> tuple[Mark, ...]:
    """At round paces of the athlete's unit."""
    per_unit = units.metres / 1000
    paces = ticks(run.fast * per_unit, run.slow * per_unit, 5, _PACE_STEPS)
    return tuple(Mark(up(pace / per_unit), format_clock(pace)) for pace in paces)


def _heart(samples: Samples, total_s: float, across: Scale) -> tuple[str, tuple[Mark, ...]]:
    """Means of the same columns; nothing where there is too little heart rate."""
    means = []
    for place in range(_COLUMNS):
        first = bisect_left(samples.timer_s, total_s * place / _COLUMNS)
        last = bisect_left(samples.timer_s, total_s * (place + 1) / _COLUMNS)
        rates = [bpm for bpm in samples.heart_rate_bpm[first:last] if isfinite(bpm) and bpm > 0]
        means.append(sum(rates) / len(rates) if rates else None)
    known = [mean for mean in means if mean is not None]
    if len(known) < _COLUMNS / 2:
        return "", ()
    low, high = min(known), max(known)
    room = max((_LEAST_BPM - (high - low)) / 2, 0.0) + 2
    up = Scale(high + room, low - room, HEART_TOP, HEART_END)
    points = [
        None if mean is None else (across(total_s * (place + 0.5) / _COLUMNS), up(mean))
        for place, mean in enumerate(means)
    ]
    marks = tuple(Mark(up(bpm), f"{bpm:.0f}") for bpm in ticks(low - room, high + room, 3))
    return path(points), marks


def _text(run: PaceColumns, heart: bool, units: Units) -> str:
    text = pace_text(run.total_s, (min(run.paces), max(run.paces)), run.inside, units)
    return text + (", and heart rate below." if heart else ". Heart rate was not recorded.")


def pace_text(total_s: float, paces: tuple[float, float], inside: float | None, units: Units) -> str:
    """What a picture of the pace shows; no full stop. `paces`: the quickest and the slowest, s/km."""
    text = f"Pace over {format_clock(total_s)}, between {units.pace(paces[0])} and {units.pace(paces[1])}"
    return text if inside is None else f"{text}; {inside:.0%} of the time with a target was inside it"
