"""What Garmin's export says of activities beside their files, one at a time: the list may be huge.

`DI_CONNECT/DI-Connect-Fitness/*_summarizedActivities.json` is a list of one object around that list. Older
exports, and programs that save what the service answers, leave the outer list, the object or both away.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import IO, Any

from syncd.connectors.exports.strava_words import kind_named
from syncd.formats.garmin_json import raced_in
from syncd.formats.sports import Sport

_NAMED_SO = re.compile(r"(^|[/_.-])summari[sz]ed_?activities[^/]*\.json$", re.IGNORECASE)
_CHUNK = 1 << 16
_LONGEST = 2 << 20  # our default: one activity with a thousand splits has under 1 MB
_DEEPEST = 4  # lists and objects around an activity
_LONGEST_NAME, _LONGEST_NOTE = 200, 1000
_EARLIEST_S, _LATEST_S = 0, 4_102_444_800  # 1970 to 2100
_MOST_SECONDS = 10_000_000_000  # a larger number is one of milliseconds
_RACE = 1  # the type of event, as the service numbers it
_LISTS = frozenset({"summarizedActivitiesExport", "summarizedActivities", "activities", "activityList"})
_STARTS = ("beginTimestamp", "startTimeGmt", "startTimeGMT", "startTimeInSeconds")
_READ = frozenset(
    {
        *_STARTS,
        "activityType",
        "sportType",
        "name",
        "activityName",
        "workoutRpe",
        "directWorkoutRpe",
        "description",
        "eventTypeId",
        "eventType",
    }
)
_SAYS_NOTHING = frozenset(
    {"", "all", "other", "uncategorized", "unknown", "generic", "multi_sport", "fitness_equipment"}
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the service reports of an activity; `rpe` is 1 to 10 (the service keeps it tenfold).

    `sport` is what the athlete calls it at the service, None where that says nothing; `raced`: marked as
    a race.
    """

    start: datetime
    sport: Sport | None = None
    name: str = ""
    rpe: float | None = None
    notes: str = ""
    raced: bool = False


def holds_summaries(name: str) -> bool:
    """Whether a file of that name has them."""
    return bool(_NAMED_SO.search(name))


def read_summaries(stream: IO[bytes]) -> Iterator[Summary]:
    """Those with a start. Reading ends where the stream is no such list, or damaged."""
    try:
        for activity in _activities(_Text(stream), json.JSONDecoder(), 0):
            start = next((moment for key in _STARTS if (moment := _moment(activity.get(key)))), None)
            if start is not None:
                yield _summary(activity, start)
    except _DamagedList:
        return


def _summary(activity: Mapping[str, Any], start: datetime) -> Summary:
    rpe = _number(activity.get("workoutRpe")) or _number(activity.get("directWorkoutRpe"))
    return Summary(
        start=start,
        sport=_sport(activity.get("activityType")) or _sport(activity.get("sportType")),
        name=_text_of(activity.get("name") or activity.get("activityName"))[:_LONGEST_NAME],
        rpe=rpe / 10 if rpe is not None and 10 <= rpe <= 100 else None,
        notes=_text_of(activity.get("description"))[:_LONGEST_NOTE],
        raced=raced_in(activity.get("eventType")) or activity.get("eventTypeId") == _RACE,
    )


def _sport(kind: object) -> Sport | None:
    if isinstance(kind, Mapping):  # as the service answers it
        kind = kind.get("typeKey")
    word = str(kind).strip().lower() if isinstance(kind, str) else ""
    return None if word in _SAYS_NOTHING else kind_named(word.replace("_", " "))


def _text_of(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    """Milliseconds or seconds since 1970, or the time in Greenwich as text."""
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip().replace("Z", "+00:00").removesuffix(".0"))
        except ValueError:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    number = _number(value)
    if number is None:
        return None
    seconds = number / 1000 if number > _MOST_SECONDS else number
    return datetime.fromtimestamp(seconds, UTC) if _EARLIEST_S < seconds < _LATEST_S else None


class _DamagedList(Exception):  # noqa: N818 - what came before it holds
    """It is no list of activities from here on."""


def _activities(text: _Text, decoder: json.JSONDecoder, depth: int) -> Iterator[Mapping[str, Any]]:
    """The activities in the value that begins here. Raises _DamagedList."""
    if depth > _DEEPEST:
        raise _DamagedList
    if text.skip("["):
        while not text.skip("]"):
            yield from _activities(text, decoder, depth + 1)
            text.skip(",")
    elif text.skip("{"):
        yield from _in_object(text, decoder)
    else:
        _decoded(text, decoder)


def _in_object(text: _Text, decoder: json.JSONDecoder) -> Iterator[Mapping[str, Any]]:
    """The activities in an object that holds a list of them; else the object itself."""
    members: dict[str, Any] = {}
    while not text.skip("}"):
        key = _decoded(text, decoder)
        if not isinstance(key, str) or not text.skip(":"):
            raise _DamagedList
        if key in _LISTS and text.skip("["):
            yield from _whole_objects(text, decoder)
        else:
            value = _decoded(text, decoder)
            if key in _READ:
                members[key] = value
        text.skip(",")
    if members:
        yield members


def _whole_objects(text: _Text, decoder: json.JSONDecoder) -> Iterator[Mapping[str, Any]]:
    """Those of the list that has just begun."""
    while not text.skip("]"):
        activity = _decoded(text, decoder)
        if isinstance(activity, dict):
            yield activity
        text.skip(",")


def _decoded(text: _Text, decoder: json.JSONDecoder) -> object:
    value = text.decoded(decoder)
    if value is _NOTHING:
        raise _DamagedList
    return value


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

    def skip(self, mark: str) -> bool:
        """Past this mark and the blanks before it; False when something else comes."""
        if self._next() != mark:
            return False
        self._place += 1
        return True

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
            if end >= len(self._text) - 2 and self._more(end - self._place):
                continue  # a number may go on: `1.7` of `1.7e12`
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
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None
