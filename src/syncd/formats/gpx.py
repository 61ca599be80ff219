"""GPX: a track of positions and times; distance comes from the positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import asin, cos, radians, sin, sqrt

from syncd.domain.activity import RUNNING, Activity, Device
from syncd.formats.fit import Unreadable
from syncd.formats.track import Point, TrackError, moment, number, read_xml, rising, samples_of

EARTH_RADIUS_M = 6_371_008.8  # IUGG mean radius
FASTEST_RUN_MPS = 5.5  # our default: a track without a sport and a quicker mean is no run
_RUN_TYPES = frozenset({"9", "4"})  # numbers that services write for a run and a run on a trail


@dataclass(slots=True)
class _GpxContents:
    creator: str = ""
    name: str = ""
    kind: str = ""
    segment: int = 0
    place: tuple[float | None, float | None] = (None, None)
    point: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[Point, float, float]] = field(default_factory=list)
    untimed: int = 0

    def began(self, path: Sequence[str], _: str, attributes: dict[str, str]) -> None:
        name = path[-1]
        if name == "gpx":
            self.creator = attributes.get("creator", "")
        elif name == "trkseg":
            self.segment += 1
        elif name == "trkpt":
            self.place = number(attributes.get("lat", "")), number(attributes.get("lon", ""))
            self.point = {}

    def ended(self, path: Sequence[str], text: str, _: dict[str, str]) -> None:
        name = path[-1]
        if name == "trkpt":
            self._add()
        elif "trkpt" in path:
            self.point[name] = text
        elif path[-2:] == ["trk", "type"]:
            self.kind = self.kind or text.lower()
        elif path[-2:] == ["trk", "name"]:
            self.name = self.name or text

    def _add(self) -> None:
        at, (lat, lon) = moment(self.point.get("time", "")), self.place
        if at is None or lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
            self.untimed += 1
            return
        cadence = number(self.point.get("cad", ""))
        point = Point(
            at_s=at,
            segment=self.segment,
            heart_rate_bpm=number(self.point.get("hr", "")),
            altitude_m=number(self.point.get("ele", "")),
            cadence_spm=None if cadence is None else 2 * cadence,
            has_position=True,
        )
        self.rows.append((point, lat, lon))


def read_gpx(data: bytes) -> Activity | Unreadable:
    """The track in a GPX file as one activity. Never raises on content."""
    contents = _GpxContents()
    try:
        read_xml(data, contents.began, contents.ended)
    except TrackError as error:
        return Unreadable(str(error))
    if not contents.rows:
        return Unreadable(
            "a route or a track without times, not a recorded run",
            foreign="route or a track without times, not a recorded run",
        )
    points = rising(_with_distance(contents.rows))
    samples = samples_of(points)
    timer, metres = samples.timer_s[-1], points[-1].distance_m or 0.0
    sport, problems = _sport(contents.kind, metres / timer if timer > 0 else 0.0)
    lost = len(contents.rows) - len(points) + contents.untimed
    if lost:
        problems += (f"{lost} points left out: without time or place, or time runs backwards",)
    return Activity(
        start=datetime.fromtimestamp(points[0].at_s, UTC),
        sport=sport,
        name=contents.name,
        timer_s=timer,
        elapsed_s=points[-1].at_s - points[0].at_s,
        distance_m=metres,
        samples=samples,
        device=Device(product=contents.creator.lower()),
        has_position=True,
        problems=problems,
    )


def _with_distance(rows: Sequence[tuple[Point, float, float]]) -> list[Point]:
    """Metres along the track; a pause (another segment) adds nothing."""
    out, metres = [], 0.0
    before = rows[0]
    for row in rows:
        if row[0].segment == before[0].segment:
            metres += _apart_m(before[1], before[2], row[1], row[2])
        out.append(replace(row[0], distance_m=metres))
        before = row
    return out


def _apart_m(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The great circle between two places in degrees (haversine)."""
    up, across = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    half = sin(up) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(across) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(half, 1.0)))


def _sport(kind: str, mean_mps: float) -> tuple[str, tuple[str, ...]]:
    if "run" in kind or kind in _RUN_TYPES:
        return RUNNING, ()
    if kind:
        return kind, ()
    if mean_mps <= FASTEST_RUN_MPS:
        return RUNNING, ("the file names no sport: taken for a run by its speed",)
    return "", ("the file names no sport, and it was too quick for a run",)
