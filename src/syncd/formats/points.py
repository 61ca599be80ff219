"""What was recorded, point by point, before anybody has put it right: columns, whatever format they came in."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan, nan
from typing import Any

from syncd.formats.moments import number
from syncd.formats.track import TrackError

MOST_POINTS = 600_000  # our default: six days at one a second
_NO_HEART_BPM = 250.0  # our default: above any rate ever measured on a runner


@dataclass(slots=True)
class Points:
    """Columns of equal length in the order of the file, nan where nothing was recorded.

    `at_s` counts seconds since 1970, `lat` and `lon` are degrees, `distance_m` is the recorder's counter. `part`
    grows where the file begins another stretch: a track, a segment, a lap's track.
    """

    at_s: array[float] = field(default_factory=lambda: array("d"))
    part: array[int] = field(default_factory=lambda: array("l"))
    lat: array[float] = field(default_factory=lambda: array("d"))
    lon: array[float] = field(default_factory=lambda: array("d"))
    distance_m: array[float] = field(default_factory=lambda: array("d"))
    speed_mps: array[float] = field(default_factory=lambda: array("f"))
    heart_rate_bpm: array[float] = field(default_factory=lambda: array("f"))
    altitude_m: array[float] = field(default_factory=lambda: array("f"))
    cadence_spm: array[float] = field(default_factory=lambda: array("f"))

    def __len__(self) -> int:
        return len(self.at_s)

    def add(
        self,
        at_s: float,
        part: int,
        *,
        place: tuple[float, float] | None = None,
        distance_m: float | None = None,
        speed_mps: float | None = None,
        heart_rate_bpm: float | None = None,
        altitude_m: float | None = None,
        cadence_spm: float | None = None,
    ) -> None:
        """One more. Raises TrackError where no recording has as many."""
        if len(self) >= MOST_POINTS:
            raise TrackError(f"more than {MOST_POINTS:,} points: no recording of a run has as many")
        lat, lon = place or (nan, nan)
        self.at_s.append(at_s)
        self.part.append(part)
        self.lat.append(lat)
        self.lon.append(lon)
        self.distance_m.append(nan if distance_m is None or distance_m < 0 else distance_m)
        self.speed_mps.append(nan if speed_mps is None or speed_mps < 0 else speed_mps)
        self.heart_rate_bpm.append(_beating(heart_rate_bpm))
        self.altitude_m.append(nan if altitude_m is None else altitude_m)
        self.cadence_spm.append(nan if cadence_spm is None or cadence_spm < 0 else cadence_spm)

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
            self.cadence_spm,
        )

    @property
    def has_position(self) -> bool:
        """Whether any point has a place."""
        return any(not isnan(lat) for lat in self.lat)


def _beating(bpm: float | None) -> float:
    """A rate that a heart can have; 0 and 255 are how sensors say that they know nothing."""
    return bpm if bpm is not None and 0 < bpm < _NO_HEART_BPM else nan


class Fields:
    """What stands in one point, by the names of elements in lower case; the first that says something counts."""

    __slots__ = ("_texts",)

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def note(self, name: str, text: str) -> None:
        """An element of it, empty ones included."""
        if text:
            self._texts.setdefault(name, text)

    def first(self, *names: str) -> str:
        """The first of these that is there, else ""."""
        return next((self._texts[name] for name in names if name in self._texts), "")

    def heart_rate(self) -> float | None:
        """Beats a minute, under any of the names in use."""
        return number(self.first(*_HEART_NAMES))

    def cadence(self) -> float | None:
        """Steps a minute. Watches count one foot, phones often both: nobody runs 120 strides a minute."""
        cycles = number(self.first(*_CADENCE_NAMES))
        return None if cycles is None else cycles if cycles > _MOST_STRIDES else 2 * cycles


_HEART_NAMES = ("hr", "heartratebpm", "heartrate", "heart_rate", "bpm", "pulse", "heartbeat")
_CADENCE_NAMES = ("runcadence", "cad", "cadence", "run_cadence")
_MOST_STRIDES = 120.0


def place_of(lat: str, lon: str) -> tuple[float, float] | None:
    """Degrees, None where they are none."""
    north, east = number(lat), number(lon)
    if north is None or east is None or abs(north) > _POLE or abs(east) > 2 * _POLE:
        return None
    return north, east


_POLE = 90.0
