"""What is put right on top of recordings, by the athlete or by the service that holds the run."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import isnan
from typing import Any

from syncd.domain.activity import RUNNING, Activity, Lap, LapTrigger, Samples, last_known
from syncd.domain.doubts import Doubt, superhuman_part
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason

BY_ATHLETE = "athlete"


class CorrectionKind(StrEnum):
    """What is put right; the keys of its value in brackets."""

    IGNORE = "ignore"
    SPORT = "sport"  # sport
    DISTANCE = "distance"  # metres
    TRIM = "trim"  # from_s, to_s: what is kept, on the timer
    DURATION = "duration"  # timer_s: longer than what was recorded
    START = "start"  # at: ISO time with offset


@dataclass(frozen=True, slots=True)
class Correction:
    """One of them. `author` is `athlete` or the name of a service; `id` is 0 until it is kept."""

    activity_id: int
    kind: CorrectionKind
    at: datetime
    value: Mapping[str, Any] = field(default_factory=dict)
    author: str = BY_ATHLETE
    revoked_at: datetime | None = None
    id: int = 0


def in_force(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """One of each kind: the athlete's before a service's, the newer before the older."""
    chosen: dict[CorrectionKind, Correction] = {}
    ranked = sorted(corrections, key=lambda held: (held.author == BY_ATHLETE, held.id))
    for correction in ranked:
        if correction.revoked_at is None:
            chosen[correction.kind] = correction
    return tuple(chosen[kind] for kind in CorrectionKind if kind in chosen)


def set_aside(corrections: Sequence[Correction], doubts: Sequence[Reason]) -> Reason | None:
    """Why the run counts nowhere; None where it counts."""
    held = {correction.kind: correction for correction in in_force(corrections)}
    if CorrectionKind.IGNORE in held:
        return Reason(WithdrawalCause.IGNORED)
    sport = held.get(CorrectionKind.SPORT)
    if sport is not None and sport.value["sport"] != RUNNING:
        return Reason(WithdrawalCause.ANOTHER_SPORT, {"sport": sport.value["sport"]})
    if sport is None and doubts:
        return Reason(WithdrawalCause.DOUBTFUL, {"doubt": doubts[0].to_json()})
    return None


def corrected(activity: Activity, corrections: Sequence[Correction]) -> Activity:
    """The run as it was put right. Its samples and laps follow a trim and a distance."""
    for correction in sorted(in_force(corrections), key=lambda held: _ORDER.index(held.kind)):
        activity = _applied(activity, correction)
    return activity


_ORDER = (
    CorrectionKind.TRIM,
    CorrectionKind.DURATION,
    CorrectionKind.DISTANCE,
    CorrectionKind.START,
    CorrectionKind.SPORT,
    CorrectionKind.IGNORE,
)


def _applied(activity: Activity, correction: Correction) -> Activity:
    value = correction.value
    match correction.kind:
        case CorrectionKind.TRIM:
            return _doubted_anew(trimmed(activity, float(value["from_s"]), float(value["to_s"])))
        case CorrectionKind.DURATION:
            longer_s = float(value["timer_s"]) - activity.timer_s
            return replace(
                activity,
                timer_s=activity.timer_s + longer_s,
                elapsed_s=activity.elapsed_s + max(longer_s, 0.0),
            )
        case CorrectionKind.DISTANCE:
            return _doubted_anew(scaled(activity, float(value["metres"])))
        case CorrectionKind.START:
            start = datetime.fromisoformat(str(value["at"]))
            return replace(activity, start=start, utc_offset=start.utcoffset())
        case CorrectionKind.SPORT:
            sport = str(value["sport"])
            kept = activity.sub_sport if sport == activity.sport else ""
            return replace(activity, sport=sport, sub_sport=str(value.get("sub_sport", kept)), doubts=())
    return activity


def _doubted_anew(activity: Activity) -> Activity:
    """What was doubted of the distance is looked at again: the part that was driven may be gone."""
    others = tuple(doubt for doubt in activity.doubts if doubt.code not in (Doubt.SUPERHUMAN, Doubt.TORN))
    still = superhuman_part(activity.samples)
    return replace(activity, doubts=(*others, *([still] if still else ())))


def scaled(activity: Activity, metres: float) -> Activity:
    """The run over another distance: every sample, speed and lap in proportion."""
    if not activity.distance_m or activity.distance_m <= 0:
        return replace(activity, distance_m=metres)
    share = metres / activity.distance_m
    samples = replace(
        activity.samples,
        distance_m=array("d", [value * share for value in activity.samples.distance_m]),
        speed_mps=array("f", [value * share for value in activity.samples.speed_mps]),
    )
    laps = tuple(
        replace(lap, distance_m=None if lap.distance_m is None else lap.distance_m * share)
        for lap in activity.laps
    )
    return replace(activity, distance_m=metres, samples=samples, laps=laps)


def trimmed(activity: Activity, from_s: float, to_s: float) -> Activity:
    """The part of the run between two moments of its timer; the start moves with the first."""
    samples = activity.samples
    if not len(samples):
        seconds = min(to_s, activity.timer_s) - from_s
        share = seconds / activity.timer_s if activity.timer_s > 0 else 0.0
        metres = None if activity.distance_m is None else activity.distance_m * share
        return replace(activity, timer_s=seconds, elapsed_s=seconds, distance_m=metres, laps=())
    first = max(bisect_right(samples.timer_s, from_s) - 1, 0)
    last = max(bisect_right(samples.timer_s, to_s), first + 1)
    begin_s, timer_begin_s = samples.elapsed_s[first], samples.timer_s[first]
    kept = samples.distance_m[first:last]
    metres_before = next((value for value in kept if not isnan(value)), 0.0)
    part = Samples(
        elapsed_s=array("d", [value - begin_s for value in samples.elapsed_s[first:last]]),
        timer_s=array("d", [value - timer_begin_s for value in samples.timer_s[first:last]]),
        distance_m=array("d", [value - metres_before for value in kept]),
        speed_mps=samples.speed_mps[first:last],
        heart_rate_bpm=samples.heart_rate_bpm[first:last],
        altitude_m=samples.altitude_m[first:last],
        cadence_spm=samples.cadence_spm[first:last],
    )
    end_s = samples.elapsed_s[last - 1]
    whole = len(samples) == last - first
    metres = last_known(part.distance_m)

    return replace(
        activity,
        start=activity.start + timedelta(seconds=begin_s),
        timer_s=activity.timer_s if whole else part.timer_s[-1],
        elapsed_s=activity.elapsed_s if whole else part.elapsed_s[-1],
        distance_m=activity.distance_m if whole else metres,
        samples=part,
        laps=tuple(lap for lap in (_lap_inside(lap, begin_s, end_s) for lap in activity.laps) if lap),
    )


def _lap_inside(lap: Lap, begin_s: float, end_s: float) -> Lap | None:
    """The part of a lap that lies inside; None where none does."""
    start, end = max(lap.start_s, begin_s), min(lap.end_s, end_s)
    if end <= start:
        return None
    length = lap.end_s - lap.start_s
    share = (end - start) / length if length > 0 else 1.0
    if share >= 1:
        return replace(lap, start_s=start - begin_s, end_s=end - begin_s)
    return replace(
        lap,
        start_s=start - begin_s,
        end_s=end - begin_s,
        timer_s=lap.timer_s * share,
        distance_m=None if lap.distance_m is None else lap.distance_m * share,
        trigger=LapTrigger.SESSION_END if end < lap.end_s else lap.trigger,
    )
