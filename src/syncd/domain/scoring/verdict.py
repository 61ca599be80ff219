"""How a step went: its outcome, and how far beyond its band; worded in `report/`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from syncd.domain.scoring.card import StepRow, StepStatus
from syncd.domain.workout import PaceBand


class StepOutcome(StrEnum):
    """What became of a step. `none`: there is nothing to say."""

    ON_PACE = "on_pace"
    SLOW = "slow"
    QUICK = "quick"
    SHORT = "short"
    MISSED = "missed"
    EXTRA = "extra"
    FREE = "free"  # no target was set
    NO_PACE = "no_pace"  # a target, and nothing measured
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`by_s_per_km`: seconds per km beyond the band, 0 inside it and where no pace decides."""

    outcome: StepOutcome
    by_s_per_km: float = 0.0


_UNFINISHED = {
    StepStatus.SHORT: StepOutcome.SHORT,
    StepStatus.MISSED: StepOutcome.MISSED,
    StepStatus.EXTRA: StepOutcome.EXTRA,
}


def verdict_of(row: StepRow) -> Verdict:
    """The verdict on one row, by the pace that was run."""
    if row.status in _UNFINISHED:
        return Verdict(_UNFINISHED[row.status])
    band = row.planned.target if row.planned else None
    if not isinstance(band, PaceBand):
        return Verdict(StepOutcome.FREE if row.planned is not None and band is None else StepOutcome.NONE)
    if row.pace_s_per_km is None:
        return Verdict(StepOutcome.NO_PACE)
    if row.in_band:
        return Verdict(StepOutcome.ON_PACE)
    return _beyond(row.pace_s_per_km, band, forgiven=row.credit == 1)


def _beyond(pace_s_per_km: float, band: PaceBand, *, forgiven: bool) -> Verdict:
    if pace_s_per_km < band.fast_s_per_km:
        return Verdict(StepOutcome.QUICK, band.fast_s_per_km - pace_s_per_km)
    return (
        Verdict(StepOutcome.ON_PACE)
        if forgiven
        else Verdict(StepOutcome.SLOW, pace_s_per_km - band.slow_s_per_km)
    )


def rep_verdict(row: StepRow) -> Verdict:
    """The verdict on a repetition, as on level ground; the measurement tolerance counts as on pace."""
    if row.in_band:
        return Verdict(StepOutcome.ON_PACE)
    miss = miss_s_per_km(row)
    return Verdict(StepOutcome.QUICK if miss < 0 else StepOutcome.SLOW, abs(miss))


def miss_s_per_km(row: StepRow) -> float:
    """Seconds per km beyond the band: positive is slow, negative quick, 0 inside; on the level."""
    band = row.planned.target if row.planned else None
    pace = row.level_pace_s_per_km or row.pace_s_per_km
    if not isinstance(band, PaceBand) or pace is None:
        return 0.0
    return max(pace - band.slow_s_per_km, 0.0) - max(band.fast_s_per_km - pace, 0.0)
