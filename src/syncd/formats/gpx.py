"""GPX: tracks of positions and times; the distance comes from the positions."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan, nan

from syncd.formats.moments import moment
from syncd.formats.normaliser import RecordedRun, by_time
from syncd.formats.points import MOST_PARTS, MOST_POINTS, Point
from syncd.formats.track import TrackError

# Our defaults. A track of its own begins where a run does, unless the recorder begins one after each pause.
ANOTHER_TRACK_S = 3600.0
MOST_TRACKS = 3_000
_BESIDE_S = 5.0  # a beat so near to a point belongs to it


@dataclass(slots=True)
class GpxReader:
    """Takes elements as they come; `runs` has the tracks in the order of the file, those of one run together.

    `others` are the routes and places in it, `untold` is a time that cannot be read.
    """

    creator: str = ""
    title: str = ""
    tracks: list[RecordedRun] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    untold: str = ""
    _point: Point = field(default_factory=Point)
    _part: int = 0
    _points: int = 0
    _beats: dict[str, _Beside] = field(default_factory=dict)

    def began(self, path: Sequence[str], _: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        match path[-1]:
            case "gpx":
                self.creator = self.creator or attributes.get("creator", "")
            case "trk":
                self._add_track()
            case "trkseg":
                self._part += self._part < MOST_PARTS
            case "trkpt":
                self._point = Point()
                self._point.set_place(attributes)
                self._point.note_attributes("trkpt", attributes)
            case "rte" | "wpt":
                self.others.add(path[-1])
            case name if attributes and "trkpt" in path:
                self._point.note_attributes(name, attributes)
            case "heartrate" | "cadence" if attributes:
                self._note_beside(path[-1], attributes)

    def ended(self, path: Sequence[str], text: str, _: dict[str, str]) -> None:
        """An element ends; `text` is what stood in it."""
        name, inside = path[-1], path[-2] if len(path) > 1 else ""
        if name == "name" and inside in ("metadata", "gpx"):
            self.title = self.title or text
        if not self.tracks or "trk" not in path:
            return
        track = self.tracks[-1]
        if name == "trkpt":
            self._add(track)
        elif "trkpt" in path:
            self._point.note(inside if name == "value" else name, text)
        elif inside == "trk" and name == "type":
            track.sport = track.sport or text
        elif inside == "trk" and name == "name":
            track.name = track.name or text

    def _add_track(self) -> None:
        if len(self.tracks) >= MOST_TRACKS:
            raise TrackError(f"more than {MOST_TRACKS:,} tracks: split the file")
        self.tracks.append(RecordedRun(device=self.creator))

    def _note_beside(self, name: str, attributes: dict[str, str]) -> None:
        """A heart rate or cadence with a time of its own, in a list beside the points (SportTracks)."""
        beat = Point()
        beat.note_attributes(name, attributes)
        at = moment(beat.time)
        value = beat.heart_rate_bpm() if name == "heartrate" else beat.cadence()
        if at is None or isnan(value):
            return
        beside = self._beats.setdefault(name, _Beside())
        if len(beside.at_s) < MOST_POINTS:
            beside.at_s.append(at)
            beside.values.append(value)

    def _add(self, track: RecordedRun) -> None:
        self._points += 1
        if self._points > MOST_POINTS:
            raise TrackError(f"more than {MOST_POINTS:,} points: no recording of a run has as many")
        if not track.take(self._point, self._part):
            self.untold = self.untold or self._point.time

    @property
    def runs(self) -> list[RecordedRun]:
        """Tracks of one sport that follow each other are one run; a track with hours between is several."""
        self._fill_from_beside()
        out: list[RecordedRun] = []
        for track in self.tracks:
            for number, piece in enumerate(by_time(track)):
                before = out[-1] if out else None
                if before is not None and not number and _is_same_run(before, piece):
                    _join(before, piece)
                elif len(out) >= MOST_TRACKS:
                    raise TrackError(f"more than {MOST_TRACKS:,} runs: split the file")
                else:
                    out.append(piece)
        if len(out) == 1:
            out[0].name = out[0].name or self.title
        return out

    def _fill_from_beside(self) -> None:
        """Give the points the heart rates and cadences that stand in lists beside them."""
        beside = {name: values.in_order() for name, values in self._beats.items()}
        for track in self.tracks:
            for name, values in beside.items():
                points = track.points
                column = points.heart_rate_bpm if name == "heartrate" else points.cadence
                for row, at in enumerate(points.at_s):
                    if isnan(column[row]):
                        column[row] = values.near(at)


@dataclass(slots=True)
class _Beside:
    """Values with times of their own."""

    at_s: array[float] = field(default_factory=lambda: array("d"))
    values: array[float] = field(default_factory=lambda: array("f"))

    def in_order(self) -> _Beside:
        """The same by time."""
        order = sorted(range(len(self.at_s)), key=self.at_s.__getitem__)
        return _Beside(
            array("d", (self.at_s[place] for place in order)),
            array("f", (self.values[place] for place in order)),
        )

    def near(self, at: float) -> float:
        """The value nearest to a moment, nan where none is near."""
        after = bisect_left(self.at_s, at)
        found = [place for place in (after - 1, after) if 0 <= place < len(self.at_s)]
        nearest = min(found, key=lambda place: abs(self.at_s[place] - at), default=None)
        return nan if nearest is None or abs(self.at_s[nearest] - at) > _BESIDE_S else self.values[nearest]


def _is_same_run(before: RecordedRun, after: RecordedRun) -> bool:
    """Whether a track goes on with the one before: of the same sport, and soon after it."""
    if not len(before.points) or not len(after.points):
        return True
    if before.sport and after.sport and before.sport != after.sport:
        return False
    first, last = before.points.at_s[0], before.points.at_s[-1]
    return -ANOTHER_TRACK_S < after.points.at_s[0] - last < ANOTHER_TRACK_S or (
        min(first, last) <= after.points.at_s[0] <= max(first, last)
    )


def _join(before: RecordedRun, after: RecordedRun) -> None:
    before.points.extend(after.points)
    before.untimed += after.untimed
    before.name = before.name or after.name
    before.sport = before.sport or after.sport
    before.utc_offset = before.utc_offset if before.utc_offset is not None else after.utc_offset
