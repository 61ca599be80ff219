"""An activity as Garmin Connect reports it, where there is no recording: totals, laps, points.

One payload holds the answers to several requests, as received, so that it can be read again.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from math import isfinite, nan
from typing import Any

from syncd.domain.activity import (
    MULTISPORT,
    NO_SAMPLES,
    RUNNING,
    Activity,
    Device,
    Lap,
    LapTrigger,
    Samples,
    StatedTotals,
    Trait,
)
from syncd.formats.bounded_json import loaded
from syncd.formats.fit import Unreadable

MARK = b'{"garmin_activity":'
_RUNNING_ID = 1
_SUB_SPORTS = {
    "running": "",
    "trail_running": "trail",
    "track_running": "track",
    "treadmill_running": "treadmill",
    "street_running": "street",
    "virtual_run": "virtual_activity",
    "indoor_running": "indoor_running",
    "obstacle_run": "obstacle",
    "ultra_run": "ultra",
}
_NO_HEART_BPM = 250.0


def payload_of(
    detail: Mapping[str, Any], splits: object, points: object, legs: Sequence[Mapping[str, Any]]
) -> bytes:
    """The answers as one payload."""
    whole = {"garmin_activity": 1, "detail": detail, "splits": splits, "details": points, "legs": list(legs)}
    return json.dumps(whole, separators=(",", ":")).encode()


def read_garmin_json(content: bytes) -> Activity | Unreadable:
    """The activity in such a payload. Never raises on content."""
    try:
        whole = loaded(content)
        return _activity(_mapping(whole))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, AttributeError):
        return Unreadable("what Garmin Connect reports of it cannot be read")


def sport_of(kind: object) -> tuple[str, str]:
    """Sport and sub-sport of an activity type object, as a FIT file names them."""
    fields = _mapping(kind)
    key = str(fields.get("typeKey") or "unknown")
    if _RUNNING_ID in (fields.get("typeId"), fields.get("parentTypeId")) or key in _SUB_SPORTS:
        return RUNNING, _SUB_SPORTS.get(key, key.removesuffix("_running"))
    return key, ""


def raced_in(event: object) -> bool | None:
    """Whether an activity is marked as a race, by its type of event; None without one."""
    key = event.get("typeKey") if isinstance(event, Mapping) else None
    return key == "race" if isinstance(key, str) else None


def rpe_of(detail: Mapping[str, Any]) -> float | None:
    """The perceived exertion, 1 to 10; the service keeps it tenfold."""
    value = _number(_mapping(detail.get("summaryDTO")).get("directWorkoutRpe"))
    return None if value is None or not 10 <= value <= 100 else value / 10


def totals_in(summary: Mapping[str, Any]) -> StatedTotals:
    """Start, times and distance of a summary or a row of the list."""
    start = _moment(summary.get("startTimeGMT"))
    offset = None if start is None else _offset(summary, start)
    return StatedTotals(
        start=start if start is None or offset is None else start.astimezone(timezone(offset)),
        timer_s=_number(summary.get("duration")),
        elapsed_s=_number(summary.get("elapsedDuration")),
        distance_m=_number(summary.get("distance")),
    )


def _activity(whole: Mapping[str, Any]) -> Activity | Unreadable:
    detail = _mapping(whole.get("detail"))
    sport, sub_sport = sport_of(detail.get("activityTypeDTO"))
    legs = [
        leg
        for leg in _list(whole.get("legs"))
        if sport_of(_mapping(leg).get("activityTypeDTO"))[0] == RUNNING
    ]
    if legs:
        return _of_legs(detail, legs)
    metadata, summary = _mapping(detail.get("metadataDTO")), _mapping(detail.get("summaryDTO"))
    start = _moment(summary.get("startTimeGMT"))
    if start is None:
        return Unreadable("it has no start time")
    laps = _laps(_list(_mapping(whole.get("splits")).get("lapDTOs")), start)
    elapsed = _number(summary.get("elapsedDuration")) or _number(summary.get("duration")) or 0.0
    return Activity(
        start=start,
        sport=sport,
        sub_sport=sub_sport,
        name=str(detail.get("activityName") or ""),
        utc_offset=_offset(summary, start),
        timer_s=_number(summary.get("duration")) or 0.0,
        elapsed_s=elapsed,
        distance_m=_number(summary.get("distance")),
        laps=laps,
        samples=_samples(_mapping(whole.get("details"))),
        device=Device(str(metadata.get("manufacturer") or "").lower()),
        avg_hr_bpm=_rate(summary.get("averageHR")),
        max_hr_bpm=_rate(summary.get("maxHR")),
        ascent_m=_number(summary.get("elevationGain")),
        rpe=rpe_of(detail),
        has_position=metadata.get("hasPolyline") is True,
        traits=frozenset({Trait.BY_HAND}) if metadata.get("manualActivity") is True else frozenset(),
    )


def _of_legs(parent: Mapping[str, Any], legs: Sequence[Mapping[str, Any]]) -> Activity | Unreadable:
    """The runs of a multisport as one activity without samples: load, never a session."""
    summaries = [_mapping(leg.get("summaryDTO")) for leg in legs]
    start = _moment(summaries[0].get("startTimeGMT"))
    if start is None:
        return Unreadable("its running leg has no start time")

    def total(name: str) -> float:
        return sum(_number(summary.get(name)) or 0.0 for summary in summaries)

    return Activity(
        start=start,
        sport=RUNNING,
        sub_sport=MULTISPORT,
        name=str(parent.get("activityName") or ""),
        utc_offset=_offset(summaries[0], start),
        timer_s=total("duration"),
        elapsed_s=total("elapsedDuration") or total("duration"),
        distance_m=total("distance"),
        rpe=rpe_of(parent),
        traits=frozenset({Trait.LEGS}),
    )


def _laps(rows: Sequence[Any], start: datetime) -> tuple[Lap, ...]:
    """Without triggers, which the service does not report; none where a lap has no start or time."""
    laps: list[Lap] = []
    for row in map(_mapping, rows):
        began, elapsed = _moment(row.get("startTimeGMT")), _number(row.get("elapsedDuration"))
        timer = _number(row.get("duration"))
        if began is None or timer is None:
            return ()
        first = laps[-1].end_s if laps else (began - start).total_seconds()
        lap = Lap(
            start_s=first,
            end_s=first + (elapsed if elapsed is not None else timer),
            timer_s=timer,
            distance_m=_number(row.get("distance")),
            trigger=LapTrigger.OTHER,
            avg_hr_bpm=_rate(row.get("averageHR")),
            max_hr_bpm=_rate(row.get("maxHR")),
        )
        laps.append(lap)
    return tuple(laps)


def _samples(details: Mapping[str, Any]) -> Samples:
    """The points of the chart: columns differ from activity to activity and are found by their keys."""
    places = {
        str(descriptor.get("key")): descriptor.get("metricsIndex")
        for descriptor in map(_mapping, _list(details.get("metricDescriptors")))
        if isinstance(descriptor.get("metricsIndex"), int)
    }
    rows = [_list(_mapping(point).get("metrics")) for point in _list(details.get("activityDetailMetrics"))]
    elapsed = _column(rows, places.get("sumElapsedDuration"))
    if not any(isfinite(seconds) for seconds in elapsed):
        return NO_SAMPLES
    kept, last = [], -1.0
    for index, at_s in enumerate(elapsed):
        if isfinite(at_s) and at_s > last:
            kept.append(index)
            last = at_s

    def taken(key: str, kind: str = "f", least: float = -1e9, most: float = 1e9) -> array[float]:
        values = _column(rows, places.get(key))
        return array(kind, [values[i] if least <= values[i] <= most else nan for i in kept])

    timer = taken("sumDuration", "d")
    return Samples(
        elapsed_s=array("d", [elapsed[i] for i in kept]),
        timer_s=timer if any(map(isfinite, timer)) else array("d", [elapsed[i] for i in kept]),
        distance_m=taken("sumDistance", "d"),
        speed_mps=taken("directSpeed", least=0.0),
        heart_rate_bpm=taken("directHeartRate", least=1.0, most=_NO_HEART_BPM),
        altitude_m=taken("directElevation"),
        cadence_spm=taken("directDoubleCadence", least=0.0),
    )


def _column(rows: Sequence[Sequence[Any]], place: object) -> list[float]:
    if not isinstance(place, int):
        return [nan] * len(rows)
    return [
        nan if not 0 <= place < len(row) or (value := _number(row[place])) is None else value for row in rows
    ]


def _offset(summary: Mapping[str, Any], start: datetime) -> timedelta | None:
    local = _moment(summary.get("startTimeLocal"))
    offset = None if local is None else local - start
    return offset if offset is not None and abs(offset) <= timedelta(hours=14) else None


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    except ValueError:
        return None


def _rate(value: object) -> int | None:
    rate = _number(value)
    return round(rate) if rate is not None and 0 < rate < _NO_HEART_BPM else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    return float(value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
