"""A recorded run as the service shows it: a row of the list, its detail, laps and points.

Shapes and units follow recorded answers; what syncd does not read is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isnan
from typing import Any

from syncd.domain.activity import Lap
from syncd.domain.scoring.best_effort import fastest_s
from syncd.sandbox.recording import WatchRecording

_TYPES = {
    "running": (1, "running", 17),
    "trail": (6, "trail_running", 1),
    "track": (8, "track_running", 1),
    "treadmill": (18, "treadmill_running", 1),
    "hiking": (3, "hiking", 17),
}
_NO_RACE = {"typeId": 9, "typeKey": "uncategorized"}
_COLUMNS = (
    ("sumElapsedDuration", "elapsed_s", "second", 1000.0),
    ("sumDuration", "timer_s", "second", 1000.0),
    ("sumDistance", "distance_m", "meter", 100.0),
    ("directSpeed", "speed_mps", "mps", 0.1),
    ("directHeartRate", "heart_rate_bpm", "bpm", 1.0),
    ("directElevation", "altitude_m", "meter", 100.0),
    ("directDoubleCadence", "cadence_spm", "stepsPerMinute", 1.0),
)


@dataclass(frozen=True, slots=True)
class ListedActivity:
    """The service's data of one run; `parts` are by name."""

    row: dict[str, Any]
    detail: dict[str, Any]
    parts: dict[str, Any]


def listed_run(
    recording: WatchRecording,
    number: int,
    start: datetime,
    name: str,
    *,
    workout_id: int | None = None,
    uploaded: datetime | None = None,
    by_hand: bool = False,
) -> ListedActivity:
    """A run that began at `start` (aware; its offset is the local one)."""
    kind = _kind(recording)
    common = {
        "distance": round(recording.distance_m, 2),
        "duration": recording.timer_s,
        "elapsedDuration": recording.elapsed_s,
    }
    stamp = (uploaded or start + timedelta(seconds=recording.elapsed_s)).astimezone(UTC)
    row = {
        "activityId": number,
        "activityName": name,
        "startTimeLocal": f"{start:%Y-%m-%d %H:%M:%S}",
        "startTimeGMT": f"{start.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        "beginTimestamp": int(start.timestamp() * 1000),
        "activityType": kind,
        "eventType": _NO_RACE,
        **common,
        "workoutId": workout_id,
        "lapCount": len(recording.laps),
        "manualActivity": by_hand,
        "parent": False,
        "manufacturer": "GARMIN",
        **_fastest(recording),
    }
    summary = {
        "startTimeLocal": f"{start:%Y-%m-%dT%H:%M:%S}.0",
        "startTimeGMT": f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.0",
        **common,
        **_heart(recording),
        **({} if recording.rpe is None else {"directWorkoutRpe": recording.rpe * 10}),
        **({} if recording.feel is None else {"directWorkoutFeel": recording.feel}),
    }
    detail = {
        "activityId": number,
        "activityName": name,
        "isMultiSportParent": False,
        "activityTypeDTO": kind,
        "eventTypeDTO": _NO_RACE,
        "metadataDTO": {
            "isOriginal": True,
            "fileFormat": None if by_hand else {"formatId": 7, "formatKey": "fit"},
            "lastUpdateDate": f"{stamp:%Y-%m-%dT%H:%M:%S}.0",
            "uploadedDate": f"{stamp:%Y-%m-%dT%H:%M:%S}.0",
            "hasPolyline": len(recording.track.latitude_deg) > 0,
            "childIds": [],
            "manufacturer": "GARMIN",
            "lapCount": len(recording.laps),
            "associatedWorkoutId": workout_id,
            "manualActivity": by_hand,
        },
        "summaryDTO": summary,
    }
    parts = (
        {}
        if by_hand
        else {"splits": _splits(recording, number, start), "details": _points(recording, number)}
    )
    return ListedActivity(row, detail, parts)


def listed_weather(number: int, temperature_f: int, dew_point_f: int) -> dict[str, Any]:
    """The weather at the start, in Fahrenheit as the service always gives it."""
    return {"activityId": number, "temp": temperature_f, "dewPoint": dew_point_f}


def _kind(recording: WatchRecording) -> dict[str, Any]:
    key = recording.sub_sport if recording.sport == "running" else recording.sport
    number, name, parent = _TYPES.get(key, _TYPES["running"])
    return {"typeId": number, "typeKey": name, "parentTypeId": parent}


def _heart(recording: WatchRecording) -> dict[str, Any]:
    beats = [bpm for bpm in recording.samples.heart_rate_bpm if not isnan(bpm)]
    return {"averageHR": round(sum(beats) / len(beats)), "maxHR": max(beats)} if beats else {}


def _fastest(recording: WatchRecording) -> dict[str, float]:
    """Of the fastest splits that the service lists, the one that syncd reads."""
    seconds = fastest_s(recording.samples, 5000.0)
    return {} if seconds is None else {"fastestSplit_5000": round(seconds, 3)}


def _splits(recording: WatchRecording, number: int, start: datetime) -> dict[str, Any]:
    laps = [_lap(lap, index, start) for index, lap in enumerate(recording.laps)]
    return {"activityId": number, "lapDTOs": laps, "eventDTOs": []}


def _lap(lap: Lap, index: int, start: datetime) -> dict[str, Any]:
    began = (start + timedelta(seconds=lap.start_s)).astimezone(UTC)
    return {
        "startTimeGMT": f"{began:%Y-%m-%dT%H:%M:%S}.0",
        "distance": lap.distance_m,
        "duration": lap.timer_s,
        "elapsedDuration": lap.end_s - lap.start_s,
        "averageHR": lap.avg_hr_bpm,
        "maxHR": lap.max_hr_bpm,
        "lapIndex": index + 1,
        "messageIndex": index,
        "intensityType": "INTERVAL",
    }


def _points(recording: WatchRecording, number: int) -> dict[str, Any]:
    columns = [getattr(recording.samples, name) for _, name, _, _ in _COLUMNS]
    rows = [
        {"metrics": [None if isnan(column[index]) else column[index] for column in columns]}
        for index in range(len(recording.samples))
    ]
    descriptors = [
        {"metricsIndex": place, "key": key, "unit": {"key": unit, "factor": factor}}
        for place, (key, _, unit, factor) in enumerate(_COLUMNS)
    ]
    return {
        "activityId": number,
        "measurementCount": len(_COLUMNS),
        "metricsCount": len(rows),
        "metricDescriptors": descriptors,
        "activityDetailMetrics": rows,
        "detailsAvailable": True,
    }
