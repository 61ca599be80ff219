"""The paces of a session whose steps could not be found in the run."""

from __future__ import annotations

from syncd.domain.activity import Activity
from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.credit import CreditCurve, curve_for
from syncd.domain.scoring.laps import speed_of, whole_run
from syncd.domain.scoring.planned_steps import PlannedSteps
from syncd.domain.scoring.signals import Signal, Stretch
from syncd.domain.workout import PaceBand


def best_seconds(
    plan: PlannedSteps, activity: Activity, signal: Signal, zones: ZoneSet | None
) -> dict[PaceBand, float]:
    """The credit (0 to 1) of each pace in the plan, from the seconds of the run that suit it best.

    As many seconds count as the plan has at that pace, wherever in the run they are: their order
    cannot be judged, but whether they were run can.
    """
    curves: dict[PaceBand, CreditCurve] = {}
    wanted: dict[PaceBand, float] = {}
    for step in plan.asked:
        if step.band is not None:
            curves.setdefault(step.band, curve_for(step, step.band, zones))
            wanted[step.band] = wanted.get(step.band, 0.0) + step.seconds
    speeds = _speeds(activity, signal)
    return {band: _best(curves[band], speeds, seconds) for band, seconds in wanted.items()}


def _speeds(activity: Activity, signal: Signal) -> list[tuple[float, float]]:
    """Speeds in m/s with the seconds each was run: smoothed samples, else laps, else the mean."""
    speeds, seconds = signal.steady_speeds(Stretch(0, len(signal.timer_s)))
    if sum(seconds) >= c.LEAST_COVERAGE * activity.timer_s > 0:
        return list(zip(speeds, seconds, strict=True))
    laps = activity.laps or (whole_run(activity),)
    return [(speed, lap.timer_s) for lap in laps if (speed := speed_of((lap,))) is not None]


def _best(curve: CreditCurve, speeds: list[tuple[float, float]], wanted_s: float) -> float:
    """Mean credit of the best `wanted_s` seconds; seconds that were never run earn nothing."""
    left, earned = wanted_s, 0.0
    for credit, seconds in sorted(((curve.credit(v), s) for v, s in speeds), reverse=True):
        used = min(seconds, left)
        earned += credit * used
        left -= used
        if left <= 0 or credit == 0:
            break
    return earned / wanted_s if wanted_s else 0.0
