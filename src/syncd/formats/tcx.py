"""TCX (Garmin Training Center): a recorded activity with laps, without step numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from syncd.domain.activity import RUNNING, Activity, Device, Lap, LapTrigger
from syncd.formats.fit import Unreadable
from syncd.formats.track import Point, TrackError, moment, number, read_xml, rising, samples_of

_SPORTS = {"running": RUNNING, "biking": "cycling"}
_TRIGGERS = {
    "manual": LapTrigger.MANUAL,
    "time": LapTrigger.TIME,
    "distance": LapTrigger.DISTANCE,
}


@dataclass(slots=True)
class _TcxContents:
    sport: str = ""
    device: str = ""
    activities: int = 0
    segment: int = 0
    laps: list[dict[str, str]] = field(default_factory=list)
    point: dict[str, str] = field(default_factory=dict)
    points: list[Point] = field(default_factory=list)

    def began(self, path: Sequence[str], _: str, attributes: dict[str, str]) -> None:
        name = path[-1]
        if name == "Activity":
            self.activities += 1
            self.sport = self.sport or attributes.get("Sport", "")
        elif self.activities > 1:
            return
        elif name == "Lap":
            self.laps.append({"StartTime": attributes.get("StartTime", "")})
        elif name == "Track":
            self.segment += 1
        elif name == "Trackpoint":
            self.point = {}

    def ended(self, path: Sequence[str], text: str, _: dict[str, str]) -> None:
        name = path[-1]
        if self.activities != 1 or len(path) < 2:
            return
        if "Trackpoint" in path:
            self._of_point(path, name, text)
        elif "Lap" in path and self.laps:
            key = path[-2] if name == "Value" else name
            self.laps[-1].setdefault(key, text)
        elif name == "Name" and path[-2] == "Creator":
            self.device = text

    def _of_point(self, path: Sequence[str], name: str, text: str) -> None:
        if name != "Trackpoint":
            self.point[path[-2] if name == "Value" else name] = text
            return
        at = moment(self.point.get("Time", ""))
        if at is None:
            return
        cadence = number(self.point.get("RunCadence", self.point.get("Cadence", "")))
        self.points.append(
            Point(
                at_s=at,
                segment=self.segment,
                distance_m=number(self.point.get("DistanceMeters", "")),
                speed_mps=number(self.point.get("Speed", "")),
                heart_rate_bpm=number(self.point.get("HeartRateBpm", "")),
                altitude_m=number(self.point.get("AltitudeMeters", "")),
                cadence_spm=None if cadence is None else 2 * cadence,  # a cycle is two steps
                has_position="LatitudeDegrees" in self.point,
            )
        )


def read_tcx(data: bytes) -> Activity | Unreadable:
    """The first activity in a TCX file. Never raises on content."""
    contents = _TcxContents()
    try:
        read_xml(data, contents.began, contents.ended)
    except TrackError as error:
        return Unreadable(str(error))
    if not contents.activities:
        return Unreadable(
            "a TCX file without a recorded activity", foreign="TCX file without a recorded activity"
        )
    points = rising(contents.points)
    starts = [at for lap in contents.laps if (at := moment(lap["StartTime"])) is not None]
    if not points and not starts:
        return Unreadable("nothing was recorded in it")
    zero = points[0].at_s if points else min(starts)
    samples = samples_of(points)
    laps = _laps(contents.laps, zero)
    distances = [lap.distance_m for lap in laps if lap.distance_m is not None]
    lost = len(contents.points) - len(points)
    problems = [f"{lost} points left out: time runs backwards"] if lost else []
    if contents.activities > 1:
        problems.append(f"the first of {contents.activities} activities in the file")
    return Activity(
        start=datetime.fromtimestamp(zero, UTC),
        sport=_SPORTS.get(contents.sport.lower(), contents.sport.lower()),
        timer_s=sum(lap.timer_s for lap in laps) or (samples.timer_s[-1] if points else 0.0),
        elapsed_s=max([*(lap.end_s for lap in laps), points[-1].at_s - zero if points else 0.0]),
        distance_m=sum(distances) if distances else None,
        laps=laps,
        samples=samples,
        device=Device(product=contents.device.lower()),
        has_position=any(point.has_position for point in points),
        problems=tuple(problems),
    )


def _laps(rows: Sequence[dict[str, str]], zero: float) -> tuple[Lap, ...]:
    """A lap ends where the next begins; the last when its timer ran out."""
    starts = [moment(row["StartTime"]) for row in rows]
    out: list[Lap] = []
    for place, row in enumerate(rows):
        timer = max(number(row.get("TotalTimeSeconds", "")) or 0.0, 0.0)
        start = starts[place]
        begin = out[-1].end_s if start is None and out else max((start or zero) - zero, 0.0)
        after = starts[place + 1] if place + 1 < len(rows) else None
        heart_rate = number(row.get("AverageHeartRateBpm", ""))
        highest = number(row.get("MaximumHeartRateBpm", ""))
        out.append(
            Lap(
                start_s=begin,
                end_s=begin + timer if after is None else max(after - zero, begin),
                timer_s=timer,
                distance_m=number(row.get("DistanceMeters", "")),
                trigger=_TRIGGERS.get(row.get("TriggerMethod", "").lower(), LapTrigger.OTHER),
                avg_hr_bpm=round(heart_rate) if heart_rate else None,
                max_hr_bpm=round(highest) if highest else None,
            )
        )
    return tuple(out)
