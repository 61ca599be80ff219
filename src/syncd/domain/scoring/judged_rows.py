"""A row of the run, measured and judged against its planned step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.alignment import Placed
from syncd.domain.scoring.card import StepStatus
from syncd.domain.scoring.credit import USUAL, Conditions, CreditCurve, curve_for
from syncd.domain.scoring.effort import INTENDED, StepEffort
from syncd.domain.scoring.laps import amount_of, distance_of, timer_of
from syncd.domain.scoring.planned_steps import PlannedStep
from syncd.domain.scoring.signals import Signal, Stretch

_NOWHERE = Stretch(0, 0)


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """`done` is the share of the planned size (None: the lap button ended it), uncapped.

    `speed_mps` leaves standing still out, `level_mps` is what it would have been on level ground.
    `coverage` is the share of the timer time that has a speed sample. `credit` is 0 to 1, None
    without a pace target or a trusted speed.
    """

    placed: Placed
    status: StepStatus
    done: float | None = 0.0
    distance_m: float | None = None
    timer_s: float = 0.0
    speed_mps: float | None = None
    level_mps: float | None = None
    hr_bpm: float | None = None
    credit: float | None = None
    in_band: bool | None = None
    curve: CreditCurve | None = None
    coverage: float = 0.0
    stopped_s: float = 0.0
    part: Stretch = _NOWHERE

    @property
    def planned(self) -> PlannedStep | None:
        """The planned step, None for an extra row."""
        return self.placed.planned

    @property
    def capped(self) -> float:
        """The share done, at most 1; a begun step that the lap button ends is done."""
        return 1.0 if self.done is None else min(self.done, 1.0)

    @property
    def was_run(self) -> bool:
        """Begun, and not skipped by the lap button."""
        return self.status is not StepStatus.MISSED


def judge(
    rows: Iterable[Placed],
    signal: Signal,
    zones: ZoneSet | None,
    *,
    trust_pace: bool,
    conditions: Conditions = USUAL,
) -> tuple[JudgedRow, ...]:
    """Judge each row; the allowance for standing still is used up from the first step on."""
    out, allowance = [], c.STILL_ALLOWANCE_S
    for placed in rows:
        measured, used = _measured(
            placed, signal, allowance, trust_pace=trust_pace, filtered=conditions.gps_poor
        )
        allowance -= used
        out.append(_credited(measured, signal, zones, conditions))
    return tuple(out)


def _measured(
    placed: Placed, signal: Signal, allowance: float, *, trust_pace: bool, filtered: bool
) -> tuple[JudgedRow, float]:
    """The row, and the seconds of standing still that were left out; in a recovery, none are."""
    step, laps = placed.planned, placed.laps
    if not laps:
        return JudgedRow(placed, StepStatus.MISSED), 0.0
    part = signal.stretch(laps[0].start_s, laps[-1].end_s)
    timer_s = timer_of(laps)
    stood = signal.stood_s(part)
    left_out = 0.0 if step is None or step.effort is StepEffort.RECOVERY else min(stood, allowance)
    speed = None
    if trust_pace:
        speed = _mean_speed(placed, signal, part, timer_s - left_out, left_out, filtered=filtered)
    return JudgedRow(
        placed=placed,
        status=_status(placed),
        done=_done(placed),
        distance_m=distance_of(laps),
        timer_s=timer_s,
        speed_mps=speed,
        level_mps=None if speed is None else speed * signal.level_share(part),
        hr_bpm=_heart_rate(placed, signal, part),
        coverage=min(signal.spoke_s(part) / timer_s, 1.0) if timer_s > 0 else 0.0,
        stopped_s=_stopped_s(placed, stood) if step and step.effort in INTENDED else 0.0,
        part=part,
    ), left_out


def _status(placed: Placed) -> StepStatus:
    if placed.planned is None:
        return StepStatus.EXTRA
    done = _done(placed)
    if done is None or done >= c.DONE_SHARE:
        return StepStatus.DONE
    return StepStatus.SHORT if done >= c.MISSED_SHARE else StepStatus.MISSED


def _done(placed: Placed) -> float | None:
    if placed.planned is None or not placed.planned.has_size:
        return None
    duration = placed.planned.duration
    amount = amount_of(duration, placed.laps)
    if amount is None:  # a step by distance, and none recorded: judged by the time it should take
        return timer_of(placed.laps) / placed.planned.seconds
    return amount / duration.amount


def _mean_speed(
    placed: Placed, signal: Signal, part: Stretch, moving_s: float, left_out_s: float, *, filtered: bool
) -> float | None:
    """Distance of the laps over the moving time; from the samples where their positions had to be cleaned."""
    metres = distance_of(placed.laps)
    if metres is not None and moving_s > 0 and not filtered and not signal.has_spike(part):
        return metres / moving_s
    seconds, moved_m = signal.moved(part)
    seconds += signal.stood_s(part) - left_out_s
    if seconds >= c.LEAST_COVERAGE * moving_s > 0:
        return moved_m / seconds
    return metres / moving_s if metres is not None and moving_s > 0 else None


def _heart_rate(placed: Placed, signal: Signal, part: Stretch) -> float | None:
    mean = signal.mean_heart_rate(part)
    if mean is not None:
        return mean
    known = [(lap.avg_hr_bpm, lap.timer_s) for lap in placed.laps if lap.avg_hr_bpm and lap.timer_s > 0]
    seconds = sum(s for _, s in known)
    return sum(hr * s for hr, s in known) / seconds if seconds else None


def _stopped_s(placed: Placed, stood_s: float) -> float:
    """Standing with the timer running, and timer stops inside the step."""
    inside = placed.laps[-1].end_s - placed.laps[0].start_s - timer_of(placed.laps)
    return stood_s + max(inside, 0.0)


def _credited(row: JudgedRow, signal: Signal, zones: ZoneSet | None, conditions: Conditions) -> JudgedRow:
    """Half the credit for the mean speed, half for holding it; without enough samples all for the mean."""
    step = row.planned
    if step is None or step.band is None:
        return row
    curve = curve_for(step, step.band, zones, conditions)
    if not row.placed.laps:
        return replace(row, curve=curve, credit=0.0)
    if row.level_mps is None:
        return row
    credit = curve.credit(row.level_mps)
    if row.timer_s >= c.MEAN_ONLY_BELOW_S and row.coverage >= c.LEAST_COVERAGE:
        speeds, seconds = signal.steady_speeds(row.part)
        if speeds:
            earned = sum(map(float.__mul__, curve.credits(speeds), seconds))
            credit = (credit + earned / sum(seconds)) / 2
    return replace(row, curve=curve, credit=credit, in_band=curve.holds(row.level_mps))
