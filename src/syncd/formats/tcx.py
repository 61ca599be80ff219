"""TCX (Garmin Training Center): recorded activities with laps, without step numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from syncd.domain.activity import LapTrigger
from syncd.formats.clock import LONGEST_S
from syncd.formats.laps import RecordedLap
from syncd.formats.moments import moment, number
from syncd.formats.normaliser import RecordedRun
from syncd.formats.points import FARTHEST_M, MOST_PARTS, MOST_POINTS, Point
from syncd.formats.track import TrackError

_TRIGGERS = {
    "manual": LapTrigger.MANUAL,
    "time": LapTrigger.TIME,
    "distance": LapTrigger.DISTANCE,
}
# Our defaults, of all activities in a file.
MOST_LAPS = 20_000
MOST_ACTIVITIES = 3_000  # ten years of running every day


@dataclass(slots=True)
class TcxReader:
    """Takes elements as they come; `runs` has the activities in the order of the file.

    `others` are the courses and workouts in it, `untold` is a time that cannot be read.
    """

    runs: list[RecordedRun] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    untold: str = ""
    _lap: dict[str, str] = field(default_factory=dict)
    _point: Point = field(default_factory=Point)
    _part: int = 0
    _points: int = 0
    _laps: int = 0
    _whole: int = 0  # so many runs belong to sessions that have ended

    def began(self, path: Sequence[str], _: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        match path[-1]:
            case "activity":
                self._add_activity(attributes.get("sport", ""), in_several="multisportsession" in path)
            case "course" | "workout":
                self.others.add(path[-1])
            case "lap":
                self._lap = {"start": attributes.get("starttime", "")}
            case "track":
                self._part += self._part < MOST_PARTS
            case "trackpoint":
                self._point = Point()
            case name if attributes and "trackpoint" in path:
                self._point.note_attributes(name, attributes)

    def ended(self, path: Sequence[str], text: str, attributes: dict[str, str]) -> None:
        """An element ends; `text` is what stood in it."""
        if path[-1] == "multisportsession":
            self._end_session()
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
            self._note_of_lap(inside if name == "value" else name, text or attributes.get("value", ""))
        elif name == "name" and inside == "creator":
            self.runs[-1].device = text
        elif name == "id" and inside == "activity":
            self.runs[-1].id = text
        elif name in ("notes", "name") and inside == "activity":
            self.runs[-1].name = self.runs[-1].name or text.partition("\n")[0]

    def _add_activity(self, sport: str, *, in_several: bool) -> None:
        if len(self.runs) >= MOST_ACTIVITIES:
            raise TrackError(f"more than {MOST_ACTIVITIES:,} activities: split the file")
        self.runs.append(RecordedRun(sport=sport, is_leg=in_several))

    def _end_session(self) -> None:
        """Legs are those of a session with other sports too."""
        legs = [run for run in self.runs[self._whole :] if run.is_leg]
        if len({run.sport for run in legs}) <= 1:
            for run in legs:
                run.is_leg = False
        self._whole = len(self.runs)

    def _note_of_lap(self, name: str, text: str) -> None:
        if text and name in _OF_A_LAP:
            self._lap.setdefault(name, text)

    def _add_point(self) -> None:
        run = self.runs[-1]
        self._points += 1
        if self._points > MOST_POINTS:
            raise TrackError(f"more than {MOST_POINTS:,} points: no recording of a run has as many")
        if not run.take(self._point, self._part):
            self.untold = self.untold or self._point.time

    def _add_lap(self) -> None:
        run, lap = self.runs[-1], self._lap
        self._laps += 1
        if self._laps > MOST_LAPS:
            raise TrackError(f"more than {MOST_LAPS:,} laps: no recording of a run has as many")
        run.laps.append(
            RecordedLap(
                start_s=moment(lap.get("start", "")),
                timer_s=_at_most(lap.get("totaltimeseconds", ""), LONGEST_S),
                distance_m=_at_most(lap.get("distancemeters", ""), FARTHEST_M),
                trigger=_TRIGGERS.get(lap.get("triggermethod", "").lower(), LapTrigger.OTHER),
                avg_hr_bpm=_beats(lap.get("averageheartratebpm", "")),
                max_hr_bpm=_beats(lap.get("maximumheartratebpm", "")),
            )
        )
        self._lap = {}


_OF_A_LAP = frozenset(
    {"totaltimeseconds", "distancemeters", "triggermethod", "averageheartratebpm", "maximumheartratebpm"}
)


def _at_most(text: str, most: float) -> float | None:
    """A number that a run can have."""
    value = number(text)
    return value if value is not None and abs(value) <= most else None


def _beats(text: str) -> int | None:
    value = number(text)
    return round(value) if value and 0 < value < 255 else None
