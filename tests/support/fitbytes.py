"""A tiny writer of FIT bytes, independent of the reader: for files that no device would write."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MIDSUMMER_2024 = 1_087_732_800  # 2024-06-19 12:00:00 UTC in FIT seconds

# letter of struct -> base type of FIT, and the value for "nothing"
_BASE_TYPES = {
    "B": (0x02, 0xFF),
    "b": (0x01, 0x7F),
    "H": (0x84, 0xFFFF),
    "h": (0x83, 0x7FFF),
    "I": (0x86, 0xFFFFFFFF),
    "i": (0x85, 0x7FFFFFFF),
}

RECORD_FIELDS = {
    "timestamp": (253, "I", 1),
    "distance": (5, "I", 100),
    "speed": (6, "H", 1000),
    "enhanced_speed": (73, "I", 1000),
    "heart_rate": (3, "B", 1),
    "cadence": (4, "B", 1),
    "position_lat": (0, "i", 1),
}
LAP_FIELDS = {
    "timestamp": (253, "I", 1),
    "start_time": (2, "I", 1),
    "elapsed": (7, "I", 1000),
    "timer": (8, "I", 1000),
    "distance": (9, "I", 100),
    "trigger": (24, "B", 1),
    "step": (71, "H", 1),
}
SESSION_FIELDS = {
    "timestamp": (253, "I", 1),
    "start_time": (2, "I", 1),
    "sport": (5, "B", 1),
    "sub_sport": (6, "B", 1),
    "elapsed": (7, "I", 1000),
    "timer": (8, "I", 1000),
    "distance": (9, "I", 100),
    "avg_hr": (16, "B", 1),
    "max_hr": (17, "B", 1),
    "ascent": (22, "H", 1),
    "rpe": (193, "B", 1),
    "feel": (192, "B", 1),
}
EVENT_FIELDS = {"timestamp": (253, "I", 1), "event": (0, "B", 1), "event_type": (1, "B", 1)}
ACTIVITY_FIELDS = {"timestamp": (253, "I", 1), "local_timestamp": (5, "I", 1)}
STEP_FIELDS = {
    "index": (254, "H", 1),
    "duration_type": (1, "B", 1),
    "duration_value": (2, "I", 1),
    "target_type": (3, "B", 1),
    "target_value": (4, "I", 1),
    "low": (5, "I", 1),
    "high": (6, "I", 1),
    "intensity": (7, "B", 1),
    "skip_last": (18, "B", 1),
}


def crc(data: bytes) -> int:
    """CRC-16/ARC as its definition has it, bit by bit."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


def fit(*messages: bytes, header: int = 14, size: int | None = None, checksum: int | None = None) -> bytes:
    """A whole file; `size` and `checksum` replace what would be right."""
    body = b"".join(messages)
    head = struct.pack("<BBHI4s", header, 0x20, 2118, len(body) if size is None else size, b".FIT")
    if header == 14:
        head += struct.pack("<H", crc(head))
    return head + body + struct.pack("<H", crc(head + body) if checksum is None else checksum)


def define(
    local: int,
    number: int,
    fields: Iterable[tuple[int, int, int]],
    *,
    big_endian: bool = False,
    developer: Sequence[tuple[int, int, int]] = (),
) -> bytes:
    """A definition message; fields are (number, size, base type), developer fields likewise."""
    listed = list(fields)
    header = 0x40 | (0x20 if developer else 0) | local
    out = struct.pack(">BBBHB" if big_endian else "<BBBHB", header, 0, big_endian, number, len(listed))
    out += b"".join(bytes(each) for each in listed)
    return out + (bytes([len(developer)]) + b"".join(map(bytes, developer)) if developer else b"")


@dataclass(frozen=True)
class Layout:
    """A local message with named fields: its definition, and its data messages."""

    local: int
    number: int
    fields: dict[str, tuple[int, str, int]]
    big_endian: bool = False

    def definition(self) -> bytes:
        triples = [
            (number, struct.calcsize(letter), _BASE_TYPES[letter][0])
            for number, letter, _ in self.fields.values()
        ]
        return define(self.local, self.number, triples, big_endian=self.big_endian)

    def data(self, **values: float) -> bytes:
        """One message; a field without a value is written as "nothing"."""
        assert not set(values) - set(self.fields)
        letters = (">" if self.big_endian else "<") + "".join(f[1] for f in self.fields.values())
        raw = [
            round(values[name] * scale) if name in values else _BASE_TYPES[letter][1]
            for name, (_, letter, scale) in self.fields.items()
        ]
        return bytes([self.local]) + struct.pack(letters, *raw)

    def all(self, rows: Iterable[dict[str, float]]) -> bytes:
        """The definition and a message a row."""
        return self.definition() + b"".join(self.data(**row) for row in rows)


FILE_ID = Layout(
    0, 0, {"type": (0, "B", 1), "manufacturer": (1, "H", 1), "product": (2, "H", 1), "serial": (3, "I", 1)}
)
RECORDS = Layout(1, 20, RECORD_FIELDS)
LAPS = Layout(2, 19, LAP_FIELDS)
SESSIONS = Layout(3, 18, SESSION_FIELDS)
EVENTS = Layout(4, 21, EVENT_FIELDS)
ACTIVITIES = Layout(5, 34, ACTIVITY_FIELDS)
STEPS = Layout(6, 27, STEP_FIELDS)


def file_id(kind: int = 4, manufacturer: int = 1, product: int = 4315) -> bytes:
    """The `file_id` of an activity of a Forerunner 965, unless told otherwise."""
    return FILE_ID.all([{"type": kind, "manufacturer": manufacturer, "product": product, "serial": 7}])


def timer_events(*events: tuple[int, int], start: int = MIDSUMMER_2024) -> bytes:
    """(elapsed seconds, event type): 0 start, 4 stop."""
    return EVENTS.all([{"timestamp": start + at, "event": 0, "event_type": kind} for at, kind in events])


def steady_records(seconds: Iterable[int], speed: float = 3.0, start: int = MIDSUMMER_2024) -> bytes:
    """A record at each of the elapsed seconds of an even run."""
    return RECORDS.all(
        {"timestamp": start + s, "distance": speed * s, "speed": speed, "heart_rate": 140, "cadence": 85}
        for s in seconds
    )
