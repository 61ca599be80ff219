"""A run as a small picture for long lists: the line of its pace before its targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from syncd.domain.activity import Samples
from syncd.domain.units import Units
from syncd.report.pace_columns import Aim, PaceColumns, pace_columns
from syncd.report.page.run_chart import pace_text
from syncd.report.page.scale import Scale, path
from syncd.report.page.sizes import SMALL
from syncd.report.page.thinning import Point, thinned

_COLUMNS = SMALL.width  # each its own place
_POINTS = 60  # our default: ten repetitions are still seen, and two years of running stay small


@dataclass(frozen=True, slots=True)
class Trace:
    """What of a run is drawn, small enough to be kept, in no unit of length yet.

    `pace` and `targets` are paths. `quickest` and `slowest` in s/km; `inside`: the share of the time
    with a target that was inside it.
    """

    pace: str
    targets: str
    total_s: float
    quickest: float
    slowest: float
    inside: float | None


@dataclass(frozen=True, slots=True)
class SmallPicture:
    """Two paths, and what they show, as text."""

    pace: str
    targets: str
    description: str


def trace_of(samples: Samples, aims: Sequence[Aim]) -> Trace | None:
    """None where the samples show no pace."""
    run = pace_columns(samples, aims, _COLUMNS)
    if run is None:
        return None
    up = Scale(run.fast, run.slow, 1, SMALL.height - 1)  # quicker is higher
    return Trace(
        pace=path(_line(run, up), decimals=0),
        targets=_targets(run, up),
        total_s=round(run.total_s),
        quickest=round(min(run.paces), 1),
        slowest=round(max(run.paces), 1),
        inside=None if run.inside is None else round(run.inside, 2),
    )


def small_picture(trace: Trace, units: Units) -> SmallPicture:
    """With its description in the reader's unit."""
    paces = (trace.quickest, trace.slowest)
    description = pace_text(trace.total_s, paces, trace.inside, units)
    return SmallPicture(trace.pace, trace.targets, f"{description}.")


def _line(run: PaceColumns, up: Scale) -> list[Point | None]:
    """Each stretch without a stop has its share of the points."""
    drawn: list[Point | None] = []
    for stretch in _stretches(run, up):
        share = max(2, _POINTS * len(stretch) // _COLUMNS)
        drawn += [*thinned(stretch, share), None]
    return drawn


def _stretches(run: PaceColumns, up: Scale) -> Iterable[list[Point]]:
    stretch: list[Point] = []
    for place, column in enumerate((*run.columns, None)):
        if column is not None and column.pace is not None:
            stretch.append((place, up.clamped(column.pace)))
            continue
        if len(stretch) > 1:  # one place alone is no line
            yield stretch
        stretch = []


def _targets(run: PaceColumns, up: Scale) -> str:
    across = Scale(0.0, run.total_s, 0, SMALL.width)
    drawn = []
    for target in run.targets:
        left, top = round(across(target.start_s)), round(up.clamped(target.band.fast_s_per_km))
        width = max(round(across(target.end_s)) - left, 1)
        height = max(round(up.clamped(target.band.slow_s_per_km)) - top, 1)
        drawn.append(f"M{left} {top}h{width}v{height}h-{width}z")
    return "".join(drawn)
