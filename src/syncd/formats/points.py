"""What was recorded, point by point, before anybody has put it right: columns, whatever the format."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan, nan
from typing import Any

from syncd.formats.moments import number
from syncd.formats.plausible import is_place

MOST_POINTS = 260_000  # our default, of all runs in a file: three days at one a second
MOST_PARTS = 20_000
_LEAST_BEATS, _MOST_BEATS = 25.0, 250.0  # our defaults: slower and faster than any heart that ran
_LOWEST_M, _HIGHEST_M = -450.0, 9000.0  # the Dead Sea and the highest mountain


@dataclass(slots=True)
class Points:
    """Columns of equal length in the order of the file, nan where nothing was recorded.

    `at_s` counts seconds since 1970, `lat` and `lon` are degrees, `distance_m` is the recorder's counter.
    `part` grows where the file begins another stretch: a track, a segment, a lap's track. `cadence` is as
    written, strides or steps a minute.
    """

    at_s: array[float] = field(default_factory=lambda: array("d"))
    part: array[int] = field(default_factory=lambda: array("i"))
    lat: array[float] = field(default_factory=lambda: array("d"))
    lon: array[float] = field(default_factory=lambda: array("d"))
    distance_m: array[float] = field(default_factory=lambda: array("d"))
    speed_mps: array[float] = field(default_factory=lambda: array("f"))
    heart_rate_bpm: array[float] = field(default_factory=lambda: array("f"))
    altitude_m: array[float] = field(default_factory=lambda: array("f"))
    cadence: array[float] = field(default_factory=lambda: array("f"))

    def __len__(self) -> int:
        return len(self.at_s)

    def add(self, at_s: float, part: int, point: Point) -> None:
        """One more."""
        lat, lon = point.place()
        self.at_s.append(at_s)
        self.part.append(part)
        self.lat.append(lat)
        self.lon.append(lon)
        self.distance_m.append(point.distance_m())
        self.speed_mps.append(point.speed_mps())
        self.heart_rate_bpm.append(point.heart_rate_bpm())
        self.altitude_m.append(point.altitude_m())
        self.cadence.append(point.cadence())

    def taken(self, rows: Sequence[int]) -> Points:
        """Those rows, in that order."""
        taken: list[Any] = [
            array(column.typecode, (column[row] for row in rows)) for column in self.columns()
        ]
        return Points(*taken)

    def extend(self, others: Points) -> None:
        """Those after these."""
        for mine, theirs in zip(self.columns(), others.columns(), strict=True):
            mine.extend(theirs)

    def columns(self) -> tuple[array[Any], ...]:
        """All columns, in the order of the fields."""
        return (
            self.at_s,
            self.part,
            self.lat,
            self.lon,
            self.distance_m,
            self.speed_mps,
            self.heart_rate_bpm,
            self.altitude_m,
            self.cadence,
        )

    @property
    def has_position(self) -> bool:
        """Whether any point has a place."""
        return not all(map(isnan, self.lat))


class Point:
    """What stands in one point, by the names of elements in lower case; the first that is not 0 counts."""

    __slots__ = ("_texts",)

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def note(self, name: str, text: str) -> None:
        """An element of it."""
        if not text or name not in _MEANING:
            return
        meaning = _MEANING[name]
        if meaning not in self._texts or (meaning in _NOTHING_AT_0 and not number(self._texts[meaning])):
            self._texts[meaning] = text

    def note_attributes(self, name: str, attributes: Mapping[str, str]) -> None:
        """What stands in attributes: `<hr bpm="140"/>`, `<heartrate value="140"/>`, `<ext hr="140"/>`."""
        for key, value in attributes.items():
            if key in _VALUES:
                self.note(name, value)
            elif key not in _PLACES:
                self.note(key, value)

    def set_place(self, attributes: Mapping[str, str]) -> None:
        """Its degrees, where they are attributes."""
        for key in _PLACES:
            self.note(key, attributes.get(key, ""))

    @property
    def time(self) -> str:
        """When, as written; "" where it does not say."""
        return self._texts.get("time", "")

    def place(self) -> tuple[float, float]:
        """Degrees north and east, nan where they are none."""
        north, east = self._number("lat"), self._number("lon")
        if north is None or east is None or not is_place(north, east):
            return nan, nan
        return north, east

    def distance_m(self) -> float:
        """The counter."""
        return self._between("distance", 0.0, FARTHEST_M)

    def speed_mps(self) -> float:
        """As written, whatever its unit."""
        return self._between("speed", 0.0, _FASTEST)

    def heart_rate_bpm(self) -> float:
        """A rate that a heart can have; 0 and 255 are how sensors say that they know nothing."""
        return self._between("heart", _LEAST_BEATS, _MOST_BEATS)

    def altitude_m(self) -> float:
        """Above the sea."""
        return self._between("altitude", _LOWEST_M, _HIGHEST_M)

    def cadence(self) -> float:
        """As written: of one foot or of both."""
        return self._between("cadence", 0.0, _MOST_STEPS)

    def _number(self, name: str) -> float | None:
        text = self._texts.get(name)
        return None if text is None else number(text)

    def _between(self, name: str, least: float, most: float) -> float:
        value = self._number(name)
        return value if value is not None and least <= value <= most else nan


FARTHEST_M = 1e7  # our default: nobody comes round a quarter of the earth
_FASTEST, _MOST_STEPS = 200.0, 300.0
_PLACES = ("lat", "lon")
_VALUES = frozenset({"value", "val", "bpm", "rpm", "v"})
_NAMES = {
    "time": "time when timestamp datetime",
    "lat": "lat latitude latitudedegrees",
    "lon": "lon lng long longitude longitudedegrees",
    "distance": "distancemeters distance dist",
    "speed": "speed",
    "heart": """
        hr heartratebpm heartrate heart_rate heart-rate heartbeat heart pulse bpm hrm hr_bpm heart_rate_bpm
        sensor_hr heartrateinbeatsperminute heartratevalue beatsperminute beats
    """,
    "altitude": "ele altitudemeters altitude elevation alt enhanced_altitude",
    "cadence": "runcadence cad cadence run_cadence runningcadence steprate spm cadence_spm",
}
_NOTHING_AT_0 = frozenset({"heart", "cadence", "speed", "distance"})  # sensors that are not there
_MEANING = {name: meaning for meaning, names in _NAMES.items() for name in names.split()}
