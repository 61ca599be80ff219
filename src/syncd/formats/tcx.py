"""TCX (Garmin Training Center): recorded activities with laps, without step numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from syncd.domain.activity import LapTrigger
from syncd.formats.moments import moment, number, offset_of
from syncd.formats.normaliser import RecordedLap, RecordedRun
from syncd.formats.points import Fields, place_of
from syncd.formats.track import TrackError

_TRIGGERS = {
    "manual": LapTrigger.MANUAL,
    "time": LapTrigger.TIME,
    "distance": LapTrigger.DISTANCE,
}
MOST_LAPS = 5_000  # our default: 100 m laps over 500 km


@dataclass(slots=True)
class TcxReader:
    """Takes elements as they come; `runs` has the activities in the order of the file."""

    runs: list[RecordedRun] = field(default_factory=list)
    _lap: dict[str, str] = field(default_factory=dict)
    _point: Fields = field(default_factory=Fields)
    _part: int = 0
    _course: bool = False

    def began(self, path: Sequence[str], _: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        match path[-1]:
            case "activity":
                self.runs.append(RecordedRun(sport=attributes.get("sport", "")))
            case "lap":
                self._lap = {"start": attributes.get("starttime", "")}
            case "track":
                self._part += 1
            case "trackpoint":
                self._point = Fields()

    def ended(self, path: Sequence[str], text: str, _: dict[str, str]) -> None:
        """An element ends; `text` is what stood in it."""
        if not self.runs or "activity" not in path:
            return
        name, inside = path[-1], path[-2] if len(path) > 1 else ""
        if name == "trackpoint":
            self._add_point()
        elif "trackpoint" in path:
            self._point.note(inside if name == "value" else name, text)
        elif name == "lap":
            self._add_lap()
        elif "lap" in path:
            if text:
                self._lap.setdefault(inside if name == "value" else name, text)
        elif name == "name" and inside == "creator":
            self.runs[-1].device = text
        elif name in ("notes", "name") and inside == "activity":
            self.runs[-1].name = self.runs[-1].name or text.partition("\n")[0]

    def _add_point(self) -> None:
        run, point = self.runs[-1], self._point
        at = moment(point.first("time"))
        if at is None:
            run.untimed += 1
            return
        run.utc_offset = run.utc_offset or offset_of(point.first("time"))
        run.points.add(
            at,
            self._part,
            place=place_of(point.first("latitudedegrees"), point.first("longitudedegrees")),
            distance_m=number(point.first("distancemeters")),
            speed_mps=number(point.first("speed")),
            heart_rate_bpm=point.heart_rate(),
            altitude_m=number(point.first("altitudemeters")),
            cadence_spm=point.cadence(),
        )

    def _add_lap(self) -> None:
        run, lap = self.runs[-1], self._lap
        if len(run.laps) >= MOST_LAPS:
            raise TrackError(f"more than {MOST_LAPS:,} laps: no recording of a run has as many")
        run.laps.append(
            RecordedLap(
                start_s=moment(lap["start"]),
                timer_s=number(lap.get("totaltimeseconds", "")),
                distance_m=number(lap.get("distancemeters", "")),
                trigger=_TRIGGERS.get(lap.get("triggermethod", "").lower(), LapTrigger.OTHER),
                avg_hr_bpm=_beats(lap.get("averageheartratebpm", "")),
                max_hr_bpm=_beats(lap.get("maximumheartratebpm", "")),
            )
        )


def _beats(text: str) -> int | None:
    value = number(text)
    return round(value) if value and value > 0 else None
