"""What is known of a recording, to decide whether it is the same run as another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from syncd.domain.activity import Activity, Device


class Evidence(IntEnum):
    """What there is of a run, the best first."""

    DEVICE_FILE = 0  # as the watch or phone wrote it
    STREAMS = 1  # samples as a service reports them, or a track file made from them
    SUMMARY = 2  # totals only: by hand, or nothing else was to be had


@dataclass(frozen=True, slots=True)
class MergeCandidate:
    """One recording, entry or summary of a run. Missing values are None; texts are empty.

    `id` is unique, `source` names the service or folder. `day` is the athlete's calendar day at
    the start. `hidden_start`: only the day of `start` is true. `indoors`: its distance is a guess.
    `sensors` names what was measured, such as "heart rate" and "position"; `rpe` is 1 to 10.
    """

    id: str
    source: str
    family: str
    start: datetime
    day: date
    elapsed_s: float
    timer_s: float = 0.0
    distance_m: float | None = None
    evidence: Evidence = Evidence.SUMMARY
    hidden_start: bool = False
    indoors: bool = False
    has_workout: bool = False
    sensors: frozenset[str] = frozenset()
    laps: int = 0
    rpe: float | None = None
    feel: int | None = None
    name: str = ""
    device: str = ""

    @property
    def end(self) -> datetime:
        """When it was over."""
        return self.start + timedelta(seconds=self.elapsed_s)

    @property
    def metres(self) -> float | None:
        """The distance; 0 is how some services say that there is none."""
        return self.distance_m or None


def candidate_of(
    activity: Activity,
    *,
    identity: str,
    source: str,
    day: date,
    evidence: Evidence | None = None,
    hidden_start: bool = False,
) -> MergeCandidate:
    """An activity as a candidate. Without `evidence`: a device file if it has samples, else a summary."""
    samples = activity.samples
    measured = {
        "heart rate": bool(activity.avg_hr_bpm) or samples.coverage(samples.heart_rate_bpm) > _COVERED,
        "position": activity.has_position,
        "cadence": samples.coverage(samples.cadence_spm) > _COVERED,
        "altitude": samples.coverage(samples.altitude_m) > _COVERED,
    }
    if evidence is None:
        evidence = Evidence.DEVICE_FILE if len(samples) else Evidence.SUMMARY
    return MergeCandidate(
        id=identity,
        source=source,
        family=family_of(activity.sport),
        start=activity.start,
        day=day,
        elapsed_s=activity.elapsed_s,
        timer_s=activity.timer_s,
        distance_m=activity.distance_m,
        evidence=evidence,
        hidden_start=hidden_start,
        indoors=activity.is_treadmill,
        has_workout=activity.workout is not None,
        sensors=frozenset(sensor for sensor, is_measured in measured.items() if is_measured),
        laps=len(activity.laps),
        rpe=activity.rpe,
        feel=activity.feel,
        name=activity.name,
        device="" if activity.device == Device() else str(activity.device),
    )


def family_of(sport: str) -> str:
    """The sport without its variant, under any service's name: a trail run is a run everywhere."""
    name = sport.lower()
    for family, endings in _FAMILIES.items():
        if name.endswith(endings):
            return family
    return name


_COVERED = 0.5  # our default: a sensor that was silent for more than half is of little use
_FAMILIES = {
    "running": ("running", "run"),
    "cycling": ("cycling", "biking", "ride"),
    "walking": ("walking", "walk", "hiking", "hike"),
    "swimming": ("swimming", "swim"),
    "strength": ("strength_training", "weight_training", "weighttraining"),
}
