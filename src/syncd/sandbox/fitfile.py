"""A recording as the FIT activity file that a watch would write.

Written with the official encoder; messages and their order follow real files: the workout
before the records, each lap after its last record, session and activity at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import isnan
from operator import itemgetter
from typing import Any

from syncd.domain.activity import Lap
from syncd.domain.workout import Workout
from syncd.formats.fit.profile import FIT_EPOCH
from syncd.formats.fit.steps import step_messages
from syncd.formats.fit.workout import workout_encoder
from syncd.sandbox.recording import WatchRecording

_SEMICIRCLES_PER_DEGREE = 2**31 / 180

_FILE_ID, _SESSION, _LAP, _RECORD, _EVENT, _DEVICE_INFO = 0, 18, 19, 20, 21, 23
_SPORT, _WORKOUT, _WORKOUT_STEP, _ACTIVITY, _FILE_CREATOR = 12, 26, 27, 34, 49

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RecordingDevice:
    """The device that a file names: numbers of the FIT profile, and its serial number."""

    manufacturer: int = 1  # garmin
    product: int = 3992  # a Forerunner 255
    serial: int = 3_400_000_001
    software: float = 20.26


DEFAULT_WATCH = RecordingDevice()


def write_activity(
    recording: WatchRecording,
    *,
    start: datetime,
    utc_offset: timedelta,
    device: RecordingDevice = DEFAULT_WATCH,
) -> bytes:
    """The FIT file of a recording that began at `start` (aware; whole seconds are kept).

    `utc_offset` is what the watch showed as local time. Equal arguments give equal bytes.
    Raises ValueError when the workout cannot be written (its name is too long, say).
    """
    encoder = workout_encoder()
    began = int((start - FIT_EPOCH).total_seconds())
    for number, fields in _head(recording, began, device):
        encoder.on_mesg(number, fields)
    for _, number, fields in sorted(_timeline(recording, began), key=itemgetter(0)):
        encoder.on_mesg(number, fields)
    ended = began + int(recording.elapsed_s)
    encoder.on_mesg(_SESSION, _session(recording, began, ended))
    encoder.on_mesg(_ACTIVITY, _activity(recording, ended, utc_offset))
    return bytes(encoder.close())


def _head(recording: WatchRecording, began: int, device: RecordingDevice) -> Iterator[tuple[int, Fields]]:
    maker = {
        "manufacturer": device.manufacturer,
        "product": device.product,
        "serial_number": device.serial,
    }
    yield _FILE_ID, {"type": "activity", **maker, "time_created": began}
    yield _FILE_CREATOR, {"software_version": round(device.software * 100)}
    info = {"timestamp": began, "device_index": 0, "source_type": "local"}
    yield _DEVICE_INFO, info | maker | {"software_version": device.software}
    yield _SPORT, {"sport": recording.sport, "sub_sport": recording.sub_sport}
    if recording.workout is not None:
        yield from _embedded(recording.workout)


def _embedded(workout: Workout) -> Iterator[tuple[int, Fields]]:
    steps = step_messages(workout)
    name = {"wkt_name": workout.name} if workout.name else {}
    yield (
        _WORKOUT,
        {"sport": workout.sport, "sub_sport": "generic", "num_valid_steps": len(steps), **name},
    )
    for step in steps:
        yield _WORKOUT_STEP, step


def _timeline(recording: WatchRecording, began: int) -> Iterator[tuple[tuple[int, int], int, Fields]]:
    """Messages with a key to sort by: the second, and within it events, records, laps, the end."""
    yield (0, 0), _EVENT, _timer(began, "start")
    for stop in recording.stops:
        first, last = int(stop.start_s), int(stop.end_s)
        yield (first, 2), _EVENT, _timer(began + first, "stop")
        yield (last, 0), _EVENT, _timer(began + last, "start")
    for second, fields in _records(recording, began):
        yield (second, 1), _RECORD, fields
    for index, lap in enumerate(recording.laps):
        yield (int(lap.end_s), 3), _LAP, _lap(lap, index, recording, began)
    last = int(recording.elapsed_s)
    yield (last, 2), _EVENT, _timer(began + last, "stop_all")


def _timer(timestamp: int, kind: str) -> Fields:
    return {"timestamp": timestamp, "event": "timer", "event_type": kind, "event_group": 0, "data": 0}


def _records(recording: WatchRecording, began: int) -> Iterator[tuple[int, Fields]]:
    samples, track = recording.samples, recording.track
    for place, elapsed_s in enumerate(samples.elapsed_s):
        steps = int(samples.cadence_spm[place])
        fields = {
            "timestamp": began + int(elapsed_s),
            "distance": samples.distance_m[place],
            "enhanced_speed": samples.speed_mps[place],
            "enhanced_altitude": samples.altitude_m[place],
            "cadence": steps // 2,  # the profile counts both feet as one
            "fractional_cadence": steps % 2 / 2,
        }
        if track.latitude_deg:
            fields["position_lat"] = _semicircles(track.latitude_deg[place])
            fields["position_long"] = _semicircles(track.longitude_deg[place])
        beats = samples.heart_rate_bpm[place]
        if not isnan(beats):
            fields["heart_rate"] = int(beats)
        yield int(elapsed_s), fields


def _semicircles(degrees: float) -> int:
    return round(degrees * _SEMICIRCLES_PER_DEGREE)


def _lap(lap: Lap, index: int, recording: WatchRecording, began: int) -> Fields:
    distance_m = lap.distance_m or 0.0
    return _present(
        {
            "message_index": index,
            "timestamp": began + int(lap.end_s),
            "start_time": began + round(lap.start_s),
            "event": "lap",
            "event_type": "stop",
            "total_elapsed_time": lap.end_s - lap.start_s,
            "total_timer_time": lap.timer_s,
            "total_distance": distance_m,
            "enhanced_avg_speed": distance_m / lap.timer_s if lap.timer_s else None,
            "avg_heart_rate": lap.avg_hr_bpm,
            "max_heart_rate": lap.max_hr_bpm,
            "lap_trigger": lap.trigger.value,
            "wkt_step_index": lap.step_index,
            "sport": recording.sport,
            "sub_sport": recording.sub_sport,
        }
    )


def _session(recording: WatchRecording, began: int, ended: int) -> Fields:
    samples = recording.samples
    beats = [bpm for bpm in samples.heart_rate_bpm if not isnan(bpm)]
    strides = [steps / 2 for steps in samples.cadence_spm if steps > 0]
    rises = [after - before for before, after in pairwise(samples.altitude_m)]
    return _present(
        {
            "message_index": 0,
            "timestamp": ended,
            "start_time": began,
            "event": "lap",
            "event_type": "stop",
            "sport": recording.sport,
            "sub_sport": recording.sub_sport,
            "total_elapsed_time": recording.elapsed_s,
            "total_timer_time": recording.timer_s,
            "total_distance": recording.distance_m,
            "enhanced_avg_speed": recording.distance_m / recording.timer_s,
            "enhanced_max_speed": max(samples.speed_mps),
            "avg_heart_rate": round(sum(beats) / len(beats)) if beats else None,
            "max_heart_rate": int(max(beats)) if beats else None,
            "avg_cadence": round(sum(strides) / len(strides)) if strides else None,
            "total_ascent": round(sum(rise for rise in rises if rise > 0)),
            "total_descent": round(-sum(rise for rise in rises if rise < 0)),
            "first_lap_index": 0,
            "num_laps": len(recording.laps),
            "trigger": "activity_end",
            "workout_rpe": None if recording.rpe is None else recording.rpe * 10,
            "workout_feel": recording.feel,
        }
    )


def _activity(recording: WatchRecording, ended: int, utc_offset: timedelta) -> Fields:
    return {
        "timestamp": ended,
        "total_timer_time": recording.timer_s,
        "local_timestamp": ended + int(utc_offset.total_seconds()),
        "num_sessions": 1,
        "type": "manual",
        "event": "activity",
        "event_type": "stop",
    }


def _present(fields: Mapping[str, Any]) -> Fields:
    return {name: value for name, value in fields.items() if value is not None}
