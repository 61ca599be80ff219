"""What earlier runs show about days, volume and fitness: a suggestion to accept or change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING

from syncd.cli.wizard.questions import worded
from syncd.domain.clock_time import format_clock

if TYPE_CHECKING:
    from syncd.connectors.base import RunSummary
    from syncd.domain.athlete import PastRun
    from syncd.domain.units import Units

NO_RUN = "No runs found there."
_ENDINGS = (".fit", ".tcx", ".gpx", ".gz")
_NEWEST = 120  # files: our default, half a year of running nearly every day
_WEEKS = 6
_RECENT = timedelta(weeks=12)  # our default: an older 5 km says little
_FIVE_K_M = 5000.0
_ASSUMED_MPS = 2.6  # our default, for runs of unknown duration: 6:25 per kilometre
_DAYS = range(2, 8)


@dataclass(frozen=True, slots=True)
class HistoryProposal:
    """Of the last six weeks with runs; `five_k_s` is the fastest 5 km within a run, 0 where there is none.

    `past`: all runs that are known, as the planner needs them.
    """

    runs: int
    last: date
    days: int
    weekly_km: float
    longest_km: float
    five_k_s: float = 0.0
    five_k_day: date | None = None
    past: tuple[PastRun, ...] = ()

    def text(self, units: Units) -> str:
        """What was found, in a line or two."""
        runs = f"{self.runs} run{'' if self.runs == 1 else 's'}"
        weekly, longest = (units.distance(km * 1000) for km in (self.weekly_km, self.longest_km))
        text = f"From {runs} in the six weeks up to {self.last}: "
        text += f"{self.days} a week, {weekly}, longest {longest}."
        if self.five_k_s:
            fastest = f"{format_clock(self.five_k_s)} on {self.five_k_day}"
            text += worded(f"\nFastest {{five_km}} within a run: {fastest}. ", units)
            text += "This is an estimate: you would be faster all out."
        return text

    def default(self, name: str, units: Units) -> str:
        """The suggested `days`, `weekly_km` or `longest_km`, with distances in the athlete's units."""
        if name == "days":
            return f"{self.days}"
        km = self.weekly_km if name == "weekly_km" else self.longest_km
        return units.distance(km * 1000).removesuffix(f" {units.name}")


def proposal_from(folder: Path) -> HistoryProposal | None:
    """Read the newest recordings below a folder; None without any run. Nothing is changed."""
    from syncd.connectors.base import RunSummary
    from syncd.cycle.arrivals import what_else
    from syncd.domain.athlete import PastRun
    from syncd.domain.scoring.best_effort import best_effort
    from syncd.formats.fit import Unreadable
    from syncd.formats.packed import MAX_UNPACKED_BYTES, PackedError, unpacked
    from syncd.formats.reading import BrokenDown
    from syncd.formats.reading_apart import ReadingApart

    runs: list[RunSummary] = []
    past: list[PastRun] = []
    with ReadingApart() as reading:
        for path in _newest(folder):
            try:
                if path.stat().st_size > MAX_UNPACKED_BYTES:
                    continue
                found = reading.read(unpacked(path.name, path.read_bytes()))
            except (OSError, PackedError, BrokenDown):
                continue
            if isinstance(found, Unreadable) or what_else(found[0]) or found[0].distance_m is None:
                continue
            run, metres = found[0], found[0].distance_m
            effort = best_effort(run, _FIVE_K_M) if metres >= _FIVE_K_M else None
            day = run.day(run.start.astimezone().utcoffset() or timedelta(0))
            runs.append(RunSummary(day, metres, effort.time_s if effort else 0.0))
            past.append(PastRun(day, metres, run.timer_s))
    return proposal_of(runs, past)


def has_recordings(folder: Path) -> bool:
    """Whether there is a file below a folder that may be a recorded run."""
    return any(True for _ in _recordings(folder))


def _recordings(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS and path.is_file())


def _newest(folder: Path) -> list[Path]:
    return sorted(_recordings(folder), key=lambda path: path.stat().st_mtime, reverse=True)[:_NEWEST]


def proposal_of(runs: Sequence[RunSummary], past: Sequence[PastRun] | None = None) -> HistoryProposal | None:
    """From runs in any order, None without any; `past` None: no more is known of them than a list tells."""
    from syncd.domain.athlete import PastRun
    from syncd.domain.training.fitness import FASTEST_5K_S

    if not runs:
        return None
    if past is None:
        past = [PastRun(run.day, run.distance_m, run.distance_m / _ASSUMED_MPS) for run in runs]
    last = max(run.day for run in runs)
    recent = [run for run in runs if last - run.day < timedelta(weeks=_WEEKS)]
    weeks: dict[int, list[float]] = {}
    for run in recent:
        weeks.setdefault((last - run.day).days // 7, []).append(run.distance_m)
    efforts = [  # faster than the world record: the positions jumped
        (run.five_k_s, run.day) for run in runs if run.five_k_s >= FASTEST_5K_S and last - run.day < _RECENT
    ]
    fastest = min(efforts, key=lambda effort: (effort[0], last - effort[1]), default=(0.0, None))
    days = round(median(len(distances) for distances in weeks.values()))
    return HistoryProposal(
        runs=len(recent),
        last=last,
        days=min(max(days, _DAYS[0]), _DAYS[-1]),
        weekly_km=round(mean(sum(distances) for distances in weeks.values()) / 1000, 1),
        longest_km=round(max(run.distance_m for run in recent if (last - run.day).days <= 30) / 1000, 1),
        five_k_s=fastest[0],
        five_k_day=fastest[1],
        past=tuple(past),
    )
