"""Record messages as columns, a chunk of rows at a time.

Every row is first brought to one common order of raw fields; a chunk of rows then becomes
columns in a few passes, which is several times quicker than value by value.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from math import isnan, nan
from operator import itemgetter
from typing import Any

from syncd.formats.fit.profile import NO_PACK

NO_TIME = -1

Row = tuple[Any, ...]  # as struct unpacks it: integers, and bytes for packed fields
RawColumn = tuple[Sequence[Any], Any]  # raw values, and what means "nothing" among them

MAX_RECORDS = 260_000  # our default: three days at one a second
_CHUNK_ROWS = 1024
_DEGREES = 180 / 2**31

# What means "nothing" for the base type that a field has in the profile: fills absent fields.
_NOTHING_IN_PROFILE: dict[str, int | bytes] = {
    "timestamp": 0xFFFFFFFF,
    "distance": 0xFFFFFFFF,
    "speed": 0xFFFF,
    "enhanced_speed": 0xFFFFFFFF,
    "altitude": 0xFFFF,
    "enhanced_altitude": 0xFFFFFFFF,
    "heart_rate": 0xFF,
    "cadence": 0xFF,
    "fractional_cadence": 0xFF,
    "position_lat": 0x7FFFFFFF,
    "position_long": 0x7FFFFFFF,
    "compressed_speed_distance": NO_PACK,
}
_ORDER = tuple(_NOTHING_IN_PROFILE)  # the common order of raw fields; the timestamp comes first
_NOTHING: Row = tuple(_NOTHING_IN_PROFILE.values())


@dataclass(frozen=True, slots=True)
class Records:
    """Columns of equal length, one entry a record in file order; `nan` where there is nothing.

    `time_s` counts seconds since FIT's epoch (1989-12-31 UTC), `NO_TIME` where there is none.
    Speed and altitude are the enhanced field where it has a value, else the plain one.
    `cadence_rpm` is in cycles a minute: a runner's stride is two steps. `lat` and `lon` are degrees,
    and kept only where no distance was recorded, or 0.
    """

    time_s: array[int] = field(default_factory=lambda: array("q"))
    distance_m: array[float] = field(default_factory=lambda: array("d"))
    speed_mps: array[float] = field(default_factory=lambda: array("f"))
    altitude_m: array[float] = field(default_factory=lambda: array("f"))
    heart_rate_bpm: array[float] = field(default_factory=lambda: array("f"))
    cadence_rpm: array[float] = field(default_factory=lambda: array("f"))
    lat: array[float] = field(default_factory=lambda: array("d"))
    lon: array[float] = field(default_factory=lambda: array("d"))
    has_position: bool = False

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def earliest_s(self) -> int:
        """The time of the first record that has one; 0 without any."""
        return next((time for time in self.time_s if time != NO_TIME), 0)

    def between(self, begin_s: int, end_s: int | None) -> Records:
        """Those from one time on up to another, in file order."""
        rows = [
            row for row, time in enumerate(self.time_s) if time >= begin_s and (end_s is None or time < end_s)
        ]
        out = Records(has_position=self.has_position)
        for column in fields(Records):
            if column.name != "has_position":
                source = getattr(self, column.name)
                getattr(out, column.name).extend(source[row] for row in rows)
        return out


class RecordLayout:
    """How the rows of one definition map to the common order."""

    __slots__ = ("nothing", "pick", "says_something")

    def __init__(self, fields: Sequence[tuple[str, int | bytes]]) -> None:
        """`fields`: names in the order they are unpacked, each with its "nothing"."""
        names = [name for name, _ in fields]
        self.nothing: Row = tuple((_NOTHING_IN_PROFILE | dict(fields)).values())
        self.pick = itemgetter(
            *(names.index(n) if n in names else len(names) + i for i, n in enumerate(_ORDER))
        )
        self.says_something = bool(set(names) - {"timestamp"})


class RecordsBuilder:
    """Takes rows as they come; `done` gives the columns."""

    def __init__(self) -> None:
        self._records = Records()
        self._rows: list[Row] = []
        self._nothing: Row = _NOTHING
        self._distance_16ths: int | None = None
        self._has_position = False
        self.is_full = False  # with as many as any watch records, and a few more

    def start_file(self) -> None:
        """A chained file begins: its rolling distance starts anew."""
        self._flush()
        self._distance_16ths = None

    def add(self, layout: RecordLayout, values: Row, time: int | None) -> None:
        """A row as unpacked; `time` comes from a compressed header. A bare timestamp is no row."""
        if not layout.says_something:
            return
        if layout.nothing != self._nothing or len(self._rows) == _CHUNK_ROWS:
            self._flush()
            self._nothing = layout.nothing
        row = layout.pick(values + _NOTHING)
        self._rows.append(row if time is None else (time, *row[1:]))

    def done(self) -> Records:
        """The columns of all rows."""
        self._flush()
        mine = self._records
        return Records(
            mine.time_s,
            mine.distance_m,
            mine.speed_mps,
            mine.altitude_m,
            mine.heart_rate_bpm,
            mine.cadence_rpm,
            mine.lat,
            mine.lon,
            self._has_position,
        )

    def _flush(self) -> None:
        if not self._rows:
            return
        fields = zip(_ORDER, zip(*self._rows, strict=True), self._nothing, strict=True)
        raw: dict[str, RawColumn] = {name: (values, nothing) for name, values, nothing in fields}
        self._rows.clear()
        mine = self._records
        self.is_full = len(mine) > MAX_RECORDS
        times, no_time = raw["timestamp"]
        mine.time_s.extend(NO_TIME if time == no_time else time for time in times)
        mine.altitude_m.extend(_first_of(raw["enhanced_altitude"], raw["altitude"], 5, 500))
        mine.heart_rate_bpm.extend(_heart_rates(*raw["heart_rate"]))
        mine.cadence_rpm.extend(_cadences(raw["cadence"], raw["fractional_cadence"]))
        speeds = _first_of(raw["enhanced_speed"], raw["speed"], 1000)
        distances = _scaled(*raw["distance"], 100)
        packed, _ = raw["compressed_speed_distance"]
        if packed.count(NO_PACK) < len(packed):
            self._unpack(packed, speeds, distances)
        mine.speed_mps.extend(speeds)
        mine.distance_m.extend(distances)
        latitudes, no_latitude = raw["position_lat"]
        if not self._has_position:
            self._has_position = latitudes.count(no_latitude) < len(latitudes)
        if any(map(isnan, distances)) or not any(distances):
            mine.lat.extend(_degrees(latitudes, no_latitude))
            mine.lon.extend(_degrees(*raw["position_long"]))
        else:
            nowhere = array("d", [nan]) * len(distances)
            mine.lat.extend(nowhere)
            mine.lon.extend(nowhere)

    def _unpack(self, packed: Sequence[bytes], speeds: list[float], distances: list[float]) -> None:
        """Fill gaps from `compressed_speed_distance` of old foot pods.

        Twelve bits of speed in cm/s, twelve of a distance in 1/16 m that rolls over (FIT
        profile, record field 8).
        """
        for row, three in enumerate(packed):
            if three == NO_PACK:
                continue
            low, middle, high = three
            rolling = (middle >> 4) | (high << 4)
            total = self._distance_16ths
            total = rolling if total is None else total + ((rolling - total) & 0xFFF)
            self._distance_16ths = total
            if isnan(speeds[row]):
                speeds[row] = (low | (middle & 15) << 8) / 100
            if isnan(distances[row]):
                distances[row] = total / 16


def _scaled(raw: Sequence[Any], nothing: object, scale: int, offset: int = 0) -> list[float]:
    return [nan if x == nothing else x / scale - offset for x in raw]


def _degrees(raw: Sequence[Any], nothing: object) -> list[float]:
    """Semicircles as degrees."""
    return [nan if x == nothing else x * _DEGREES for x in raw]


def _first_of(enhanced: RawColumn, plain: RawColumn, scale: int, offset: int = 0) -> list[float]:
    """The enhanced field, or the plain one where it is missing."""
    first = _scaled(*enhanced, scale, offset)
    if enhanced[1] not in enhanced[0]:
        return first
    return [b if isnan(a) else a for a, b in zip(first, _scaled(*plain, scale, offset), strict=True)]


def _heart_rates(raw: Sequence[Any], nothing: object) -> list[float]:
    """A heart rate of 0 is a sensor that lost contact."""
    return [nan if x in (nothing, 0) else x for x in raw]


def _cadences(whole: RawColumn, fraction: RawColumn) -> list[float]:
    cycles = _scaled(*whole, 1)
    if fraction[0].count(fraction[1]) == len(cycles):
        return cycles
    return [c if isnan(f) else c + f for c, f in zip(cycles, _scaled(*fraction, 128), strict=True)]
