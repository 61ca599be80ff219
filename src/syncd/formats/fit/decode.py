"""FIT bytes to messages: a reader of only what a run scorer needs, in the standard library.

Any bytes give a `FitFile`: what precedes a damage is kept, and `problems` says what is wrong.
It stays fast by three means: one precompiled struct a definition, unread messages skipped by
the run, and records turned into columns a thousand at a time. Developer fields and fields that
nothing here uses are stepped over.

Format: "FIT Protocol", Garmin's FIT SDK. Read: both byte orders, headers of 12 and 14 bytes,
chained files, compressed timestamps, redefined local messages, `compressed_speed_distance`.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from syncd.formats.fit.crc import checksum
from syncd.formats.fit.profile import (
    MESSAGES,
    RECORD,
    RECORD_FIELDS,
    TIMER_EVENT,
    Field,
    PackedField,
)
from syncd.formats.fit.records import MAX_RECORDS, RecordLayout, Records, RecordsBuilder, Row

# Our defaults, against files made to exhaust memory or time; real ones stay far below
# (most seen: 1 chained file, 102 laps, 77 steps, some hundreds of timer events).
MAX_MESSAGES = 8_000
MAX_STEPS = 2_000_000  # messages, those of an unknown kind that follow each other counted as one
MAX_CHAINED = 64
MAX_PROBLEMS = 20

_RUN_WINDOW = 128  # messages compared in one go when skipping; bounds the work that may be wasted
_NO_TIME = 0xFFFFFFFF
_EMPTY = struct.Struct("")


class Message(dict[str, int | float | str]):
    """The fields of one message that have a value, by name, in the units of the profile."""

    __slots__ = ()

    def number(self, name: str) -> float | None:
        """A scaled number, None when absent."""
        value = self.get(name)
        return None if value is None or isinstance(value, str) else float(value)

    def whole(self, name: str) -> int | None:
        """An integer (a count, a time, an enumeration), None when absent."""
        value = self.get(name)
        return value if isinstance(value, int) else None

    def text(self, name: str) -> str:
        """A text, "" when absent."""
        value = self.get(name)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class FitFile:
    """What was read: messages by the name of their kind in file order, records as columns.

    `event` holds timer events only. `problems` are sentences for a runner; empty when the file
    is whole.
    """

    messages: Mapping[str, tuple[Message, ...]]
    records: Records
    problems: tuple[str, ...] = ()

    def all(self, kind: str) -> tuple[Message, ...]:
        """Every message of a kind, in file order."""
        return self.messages.get(kind, ())

    def first(self, kind: str) -> Message:
        """The first message of a kind; an empty one when there is none."""
        found = self.all(kind)
        return found[0] if found else Message()


def decode(data: bytes) -> FitFile:
    """Read FIT bytes. Never raises on content; memory stays within 16 MB + 60 bytes a byte."""
    reading = _Reading(data)
    reading.read()
    return FitFile(
        MappingProxyType({kind: tuple(found) for kind, found in reading.messages.items()}),
        reading.records.done(),
        tuple(reading.problems[:MAX_PROBLEMS]),
    )


class _DamagedError(Exception):
    """The rest of this (chained) file cannot be read."""


class _TooMuchError(Exception):
    """What follows is not read: no watch records as much."""


@dataclass(frozen=True, slots=True)
class _Slot:
    """A read field in the order of unpacking, and what means "nothing" there."""

    field: Field | PackedField
    nothing: int | bytes


@dataclass(frozen=True, slots=True)
class _Definition:
    """How a local message lies in the file; `size` is with its header byte.

    `kind` None: stepped over. `record` None: not a record. `time_place`: where among the
    unpacked values its timestamp is.
    """

    size: int
    kind: str | None = None
    layout: struct.Struct = _EMPTY
    slots: tuple[_Slot, ...] = ()
    time_place: int | None = None
    record: RecordLayout | None = None


class _Reading:
    """One pass over the bytes: the place, the live definitions, what was found."""

    def __init__(self, data: bytes) -> None:
        self.messages: dict[str, list[Message]] = {}
        self.records = RecordsBuilder()
        self.problems: list[str] = []
        self._data = data
        self._at = 0
        self._end = 0
        self._last_time = 0
        self._kept = 0
        self._steps_left = MAX_STEPS
        self._definitions: dict[int, _Definition] = {}

    def read(self) -> None:
        """Every chained file in turn."""
        if not self._data:
            self.problems.append("the file is empty")
        for number in range(MAX_CHAINED + 1):
            if self._at >= len(self._data):
                return
            if number == MAX_CHAINED:
                self.problems.append(f"more than {MAX_CHAINED} files in one: the rest is left out")
                return
            try:
                self._read_header()
            except _DamagedError as damage:
                self.problems.append(str(damage))
                return
            try:
                self._read_messages()
            except _DamagedError as damage:
                self.problems.append(str(damage))
            except _TooMuchError as more:
                self.problems.append(str(more))
                return
            self._at = self._end + 2

    def _read_header(self) -> None:
        """Find where the messages of this file begin and end; check its checksum."""
        data, start = self._data, self._at
        header = data[start : start + 12]
        if len(header) < 12 or header[0] not in (12, 14) or header[8:12] != b".FIT":
            raise _DamagedError(
                f"{len(data) - start} bytes after the end are not FIT" if start else "not a FIT file"
            )
        self._at = start + header[0]
        size = int.from_bytes(header[4:8], "little")
        self._end = self._at + size
        if size == 0 and len(data) > self._at + 2:
            self.problems.append("the recording was never closed")
            self._end = len(data)
        elif self._end + 2 > len(data):
            self.problems.append(f"cut short: {self._end + 2 - len(data)} bytes are missing at the end")
            self._end = min(self._end, len(data))
        elif checksum(memoryview(data)[start : self._end + 2]):
            self.problems.append("the checksum does not match: values may be damaged")
        self._definitions.clear()
        self._last_time = 0
        self.records.start_file()

    def _read_messages(self) -> None:
        data, end, definitions = self._data, self._end, self._definitions
        for step in range(self._steps_left):
            if self._at >= end:
                self._steps_left -= step
                return
            header = data[self._at]
            if header & 0xC0 == 0x40:
                self._read_definition(header)
                continue
            definition = definitions.get((header >> 5) & 3 if header & 0x80 else header & 15)
            if definition is None:
                raise _DamagedError(f"damaged at byte {self._at}: a message that was never defined")
            if self._at + definition.size > end:
                raise _DamagedError(f"damaged at byte {self._at}: a message is cut off")
            if definition.kind is None:
                self._skip_run(definition.size)
            else:
                values = definition.layout.unpack_from(data, self._at + 1)
                self._at += definition.size
                self._take(definition, values, header)
        if self._at < end:
            raise _TooMuchError(f"more than {MAX_STEPS:,} messages: the rest is left out")

    def _take(self, definition: _Definition, values: Row, header: int) -> None:
        time = None
        if header & 0x80:  # a compressed timestamp: the low five bits of a time in the next 32 s
            time = self._last_time = self._last_time + ((header - self._last_time) & 31)
        elif definition.time_place is not None and values[definition.time_place] != _NO_TIME:
            self._last_time = values[definition.time_place]
        if definition.record is not None:
            self.records.add(definition.record, values, time)
            if self.records.is_full:
                raise _TooMuchError(f"more than {MAX_RECORDS:,} records: the rest is left out")
        else:
            self._keep(definition, values, time)

    def _keep(self, definition: _Definition, values: Row, time: int | None) -> None:
        message = _message(definition.slots, values)
        kind = definition.kind
        if not message or kind is None or (kind == "event" and message.get("event") != TIMER_EVENT):
            return
        if time is not None:
            message["timestamp"] = time
        self._kept += 1
        if self._kept == MAX_MESSAGES + 1:
            self.problems.append(f"more than {MAX_MESSAGES} laps, events and steps: the rest is left out")
        if self._kept <= MAX_MESSAGES:
            self.messages.setdefault(kind, []).append(message)

    def _skip_run(self, size: int) -> None:
        """Step over this message and those of the same kind that follow at once."""
        data, end = self._data, self._end
        header = data[self._at : self._at + 1]
        at = self._at + size
        while at < end and data[at : at + 1] == header:
            window = data[at : min(at + size * _RUN_WINDOW, end) : size]
            at += size * (len(window) - len(window.lstrip(header)))
        self._at = at

    def _read_definition(self, header: int) -> None:
        """Learn a local message: byte order, global number, fields, developer fields."""
        data, at = self._data, self._at
        fields_at = at + 6
        if fields_at > self._end:
            raise _DamagedError(f"damaged at byte {at}: a definition is cut off")
        big = data[at + 2] != 0
        number = int.from_bytes(data[at + 3 : at + 5], "big" if big else "little")
        fields_end = after = fields_at + 3 * data[at + 5]
        if header & 0x20 and fields_end < self._end:
            after += 1 + 3 * data[fields_end]
        if after > self._end or (header & 0x20 and after == fields_end):
            raise _DamagedError(f"damaged at byte {at}: a definition is cut off")
        extra = sum(data[fields_end + 2 : after : 3])
        self._definitions[header & 15] = _define(
            number, ">" if big else "<", data[fields_at:fields_end], extra
        )
        self._at = after


def _define(number: int, order: str, fields: bytes, developer_size: int) -> _Definition:
    """The definition of global message `number`; `fields` are triples of number, size, base type."""
    kind = MESSAGES.get(number)
    if kind is None and number != RECORD:
        return _Definition(1 + sum(fields[1::3]) + developer_size)
    wanted = kind.fields if kind else RECORD_FIELDS
    letters, slots = [order], []
    for number_of_field, size, base_type in zip(fields[::3], fields[1::3], fields[2::3], strict=True):
        found = wanted.get(number_of_field)
        read_as = found.read_as(size, base_type) if found else None
        letters.append(read_as[0] if read_as else f"{size}x")
        if found and read_as:
            slots.append(_Slot(found, read_as[1]))
    layout = struct.Struct("".join(letters))
    names = [slot.field.name for slot in slots]
    return _Definition(
        1 + layout.size + developer_size,
        kind.name if kind else "record",
        layout,
        tuple(slots),
        names.index("timestamp") if "timestamp" in names else None,
        None if kind else RecordLayout([(slot.field.name, slot.nothing) for slot in slots]),
    )


def _message(slots: tuple[_Slot, ...], values: Row) -> Message:
    message = Message()
    for slot, value in zip(slots, values, strict=True):
        if isinstance(value, bytes):
            text = value.split(b"\0", 1)[0].decode("utf-8", "replace")
            if text:
                message[slot.field.name] = text
        elif value != slot.nothing and isinstance(slot.field, Field):
            scale = slot.field.scale
            message[slot.field.name] = value if scale == 1 else value / scale
    return message
