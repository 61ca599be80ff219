"""What somebody's recorded runs say of days, volume and fitness: a proposal, to be said yes or no to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import mean, median

_ENDINGS = (".fit", ".tcx", ".gpx", ".gz")
_NEWEST = 120  # files: our default, half a year of running nearly every day
_WEEKS = 6
_RECENT = timedelta(weeks=12)  # our default: an older 5 km says little
_FIVE_K_M = 5000.0
_DAYS = range(2, 8)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Of the last six weeks with runs; `five_k_s` is the fastest 5 km inside a run, 0 where there is none."""

    runs: int
    last: date
    days: int
    weekly_km: float
    longest_km: float
    five_k_s: float = 0.0
    five_k_day: date | None = None


def proposal_from(folder: Path) -> Proposal | None:
    """Read the newest recordings below a folder; None where there is no run. Files are only read."""
    from syncd.cycle.arrivals import why_not_a_run
    from syncd.domain.scoring.best_effort import best_effort
    from syncd.domain.training.fitness import FASTEST_5K_S
    from syncd.formats.fit import Unreadable
    from syncd.formats.recording import read_recording

    runs: list[tuple[date, float]] = []
    efforts: list[tuple[float, date]] = []
    for path in _newest(folder):
        try:
            found = read_recording(path.read_bytes())
        except OSError:
            continue
        if isinstance(found, Unreadable) or why_not_a_run(found) or found.distance_m is None:
            continue
        day = found.start.date()
        runs.append((day, found.distance_m))
        effort = best_effort(found, _FIVE_K_M) if found.distance_m >= _FIVE_K_M else None
        if effort is not None and effort.time_s >= FASTEST_5K_S:  # else the positions jumped
            efforts.append((effort.time_s, day))
    return _proposal(runs, efforts) if runs else None


def _newest(folder: Path) -> list[Path]:
    found = [each for each in folder.rglob("*") if each.suffix.lower() in _ENDINGS and each.is_file()]
    return sorted(found, key=lambda each: each.stat().st_mtime, reverse=True)[:_NEWEST]


def _proposal(runs: list[tuple[date, float]], efforts: list[tuple[float, date]]) -> Proposal:
    last = max(day for day, _ in runs)
    recent = [(day, metres) for day, metres in runs if last - day < timedelta(weeks=_WEEKS)]
    weeks: dict[int, list[float]] = {}
    for day, metres in recent:
        weeks.setdefault((last - day).days // 7, []).append(metres)
    fastest = min(((s, day) for s, day in efforts if last - day < _RECENT), default=(0.0, None))
    days = round(median(len(each) for each in weeks.values()))
    return Proposal(
        runs=len(recent),
        last=last,
        days=min(max(days, _DAYS[0]), _DAYS[-1]),
        weekly_km=round(mean(sum(each) for each in weeks.values()) / 1000, 1),
        longest_km=round(max(metres for day, metres in recent if (last - day).days <= 30) / 1000, 1),
        five_k_s=fastest[0],
        five_k_day=fastest[1],
    )
