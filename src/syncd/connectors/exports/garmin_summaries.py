"""`*_summarizedActivities.json` of Garmin's export, one activity at a time: the file may be huge."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import IO, Any

from syncd.domain.merging.candidates import family_of

ENDING = "summarizedactivities.json"
_CHUNK = 1 << 16
_LONGEST = 16 << 20  # our default: one activity with a thousand splits has under 1 MB
_EARLIEST_MS, _LATEST_MS = 0, 4_102_444_800_000  # 1970 to 2100


@dataclass(frozen=True, slots=True)
class Summary:
    """What the service reports of an activity; `rpe` is 1 to 10 (the service keeps it tenfold)."""

    start: datetime
    family: str
    name: str = ""
    rpe: float | None = None


def read_summaries(stream: IO[bytes]) -> Iterator[Summary]:
    """Those with a start. Reading ends where the stream is no such list, or damaged."""
    for activity in _objects(stream):
        start = _number(activity.get("beginTimestamp")) or _number(activity.get("startTimeGmt"))
        if start is None or not _EARLIEST_MS < start < _LATEST_MS:
            continue
        rpe = _number(activity.get("workoutRpe"))
        yield Summary(
            start=datetime.fromtimestamp(start / 1000, UTC),
            family=family_of(str(activity.get("activityType") or activity.get("sportType") or "")),
            name=str(activity.get("name") or ""),
            rpe=rpe / 10 if rpe is not None and 10 <= rpe <= 100 else None,
        )


def _objects(stream: IO[bytes]) -> Iterator[Mapping[str, Any]]:
    """The objects in `[{"summarizedActivitiesExport": [...]}]`."""
    text = _Text(stream)
    if not text.skip("[{"):
        return
    decoder = json.JSONDecoder()
    while text.upto('"'):
        key = text.decoded(decoder)
        if not isinstance(key, str) or not text.skip(":"):
            return
        if key == "summarizedActivitiesExport":
            break
        if text.decoded(decoder) is _NOTHING:  # another key: its value is of no interest
            return
    else:
        return
    if not text.skip("["):
        return
    while text.upto("{"):
        activity = text.decoded(decoder)
        if not isinstance(activity, dict):
            return
        yield activity


class _Nothing:
    """What could not be decoded."""


_NOTHING = _Nothing()


class _Text:
    """A long text of which a window is in memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("replace").decode
        self._text = ""
        self._place = 0

    def skip(self, marks: str) -> bool:
        """Past these marks, with blanks between them; False when something else comes."""
        for mark in marks:
            if self._next() != mark:
                return False
            self._place += 1
        return True

    def upto(self, mark: str) -> bool:
        """To this mark, past a comma; False when something else comes."""
        if self._next() == ",":
            self._place += 1
        return self._next() == mark

    def decoded(self, decoder: json.JSONDecoder) -> object:
        """The value that begins here; `_NOTHING` where there is none of a sane length."""
        while True:
            self._next()
            try:
                value, end = decoder.raw_decode(self._text, self._place)
            except (ValueError, RecursionError):
                if len(self._text) - self._place > _LONGEST or not self._more(len(self._text) - self._place):
                    return _NOTHING
                continue
            self._place = end
            found: object = value
            return found

    def _next(self) -> str:
        while True:
            while self._place < len(self._text):
                if not self._text[self._place].isspace():
                    return self._text[self._place]
                self._place += 1
            if not self._more():
                return ""

    def _more(self, least: int = 0) -> bool:
        """Read on, at least as much again as waits, so that a long value is tried few times."""
        chunk = self._stream.read(max(_CHUNK, least))
        if not chunk:
            return False
        self._text = self._text[self._place :] + self._decode(chunk)
        self._place = 0
        return True


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if isfinite(value) else None
