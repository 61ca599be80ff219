"""GPX: tracks of positions and times; the distance comes from the positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from syncd.formats.moments import moment, number, offset_of
from syncd.formats.normaliser import RecordedRun
from syncd.formats.points import Fields, place_of

ANOTHER_RUN_S = (
    4 * 3600.0
)  # our default: who goes on after so long runs again; lunch in a long race is shorter


@dataclass(slots=True)
class GpxReader:
    """Takes elements as they come; `runs` has the tracks in the order of the file, those of one run together."""

    creator: str = ""
    tracks: list[RecordedRun] = field(default_factory=list)
    _place: tuple[float, float] | None = None
    _point: Fields = field(default_factory=Fields)
    _part: int = 0

    def began(self, path: Sequence[str], _: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        match path[-1]:
            case "gpx":
                self.creator = attributes.get("creator", "")
            case "trk":
                self.tracks.append(RecordedRun(device=self.creator))
            case "trkseg":
                self._part += 1
            case "trkpt":
                self._place = place_of(attributes.get("lat", ""), attributes.get("lon", ""))
                self._point = Fields()

    def ended(self, path: Sequence[str], text: str, _: dict[str, str]) -> None:
        """An element ends; `text` is what stood in it."""
        if not self.tracks:
            return
        track, name = self.tracks[-1], path[-1]
        if name == "trkpt":
            self._add(track)
        elif "trkpt" in path:
            self._point.note(name, text)
        elif path[-2:] == ["trk", "type"]:
            track.sport = track.sport or text
        elif path[-2:] == ["trk", "name"]:
            track.name = track.name or text

    def _add(self, track: RecordedRun) -> None:
        point = self._point
        at = moment(point.first("time"))
        if at is None or self._place is None:
            track.untimed += 1
            return
        track.utc_offset = track.utc_offset or offset_of(point.first("time"))
        track.points.add(
            at,
            self._part,
            place=self._place,
            speed_mps=number(point.first("speed")),
            heart_rate_bpm=point.heart_rate(),
            altitude_m=number(point.first("ele", "altitude")),
            cadence_spm=point.cadence(),
        )

    @property
    def runs(self) -> list[RecordedRun]:
        """Tracks of one sport that follow each other are one run; a track goes over days only with long breaks."""
        out: list[RecordedRun] = []
        for piece in (piece for track in self.tracks for piece in _by_time(track)):
            before = out[-1] if out else None
            if before is not None and _is_same_run(before, piece):
                before.points.extend(piece.points)
                before.untimed += piece.untimed
                before.name = before.name or piece.name
            else:
                out.append(piece)
        return out


def _by_time(track: RecordedRun) -> list[RecordedRun]:
    """The track, cut where nothing was recorded for hours."""
    at = track.points.at_s
    cuts = [place for place, (before, after) in enumerate(pairwise(at), 1) if after - before >= ANOTHER_RUN_S]
    if not cuts:
        return [track]
    bounds = [0, *cuts, len(at)]
    return [
        replace(track, points=track.points.taken(range(begin, end)), untimed=0 if begin else track.untimed)
        for begin, end in pairwise(bounds)
    ]


def _is_same_run(before: RecordedRun, after: RecordedRun) -> bool:
    if not len(before.points) or not len(after.points):
        return True
    if before.sport and after.sport and before.sport != after.sport:
        return False
    return abs(after.points.at_s[0] - before.points.at_s[-1]) < ANOTHER_RUN_S
