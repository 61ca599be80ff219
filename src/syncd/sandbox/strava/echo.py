"""A recorded run as Strava echoes it: another id, rounded values, laps cut short, times a little off.

Shapes and the coarseness follow recorded answers; what syncd does not read is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import floor, isnan
from random import Random
from typing import Any

from syncd.domain.activity import Lap
from syncd.sandbox.recording import WatchRecording

_SPORTS = {"trail": "TrailRun", "virtual_activity": "VirtualRun"}
_STREAMS = (
    ("distance", "distance_m", 1),
    ("altitude", "altitude_m", 1),
    ("heartrate", "heart_rate_bpm", 0),
    ("cadence", "cadence_spm", 0),
)


@dataclass(frozen=True, slots=True)
class Echo:
    """The service's data of one run: its row in the list, its detail, its streams by type."""

    row: dict[str, Any]
    detail: dict[str, Any]
    streams: dict[str, dict[str, Any]] | None


def echo_of(
    recording: WatchRecording,
    number: int,
    start: datetime,
    name: str,
    *,
    seed: int = 0,
    skew_s: float = 0.0,
    hidden_start: bool = False,
    by_hand: bool = False,
    sport_type: str = "",
) -> Echo:
    """A run that began at `start` (aware; its offset is the local one).

    `skew_s`: how much later the service thinks it began. `hidden_start`: only the day is shown.
    """
    rng = Random(f"echo:{seed}:{number}")
    shown = _shown(start + timedelta(seconds=skew_s), hidden=hidden_start)
    row = _row(recording, number, shown, name, rng, by_hand=by_hand, sport_type=sport_type)
    laps = [] if by_hand else _laps(recording, shown, number, rng)
    detail = {
        **row,
        "resource_state": 3,
        "description": None,
        "calories": 0.0,
        "perceived_exertion": recording.rpe,
        "prefer_perceived_exertion": False,
        "laps": laps,
        "splits_metric": [],
        "best_efforts": [],
        "segment_efforts": [],
        "stats_visibility": [],
    }
    return Echo(row, detail, None if by_hand else _streams(recording))


def _shown(start: datetime, *, hidden: bool) -> datetime:
    if not hidden:
        return start.replace(microsecond=0)
    return start.replace(hour=0, minute=0, second=1, microsecond=0)


def _row(
    recording: WatchRecording,
    number: int,
    start: datetime,
    name: str,
    rng: Random,
    *,
    by_hand: bool,
    sport_type: str,
) -> dict[str, Any]:
    sport = sport_type or _sport_of(recording)
    offset = start.utcoffset() or timedelta(0)
    upload = None if by_hand else number + 918_269_240
    beats = [bpm for bpm in recording.samples.heart_rate_bpm if not isnan(bpm)]
    placed = len(recording.track.latitude_deg) > 0 and not by_hand
    return {
        "resource_state": 2,
        "athlete": {"id": 77, "resource_state": 1},
        "id": number,
        "name": name,
        "distance": round(recording.distance_m, 1),
        "moving_time": floor(recording.timer_s),
        "elapsed_time": floor(recording.elapsed_s),
        "total_elevation_gain": 31.0,
        "type": "Run" if sport.endswith("Run") else sport,
        "sport_type": sport,
        "workout_type": 0,
        "start_date": f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "start_date_local": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "timezone": "(GMT+01:00) Africa/Algiers",
        "utc_offset": offset.total_seconds(),
        "achievement_count": 0,
        "kudos_count": rng.randrange(9),
        "comment_count": 0,
        "athlete_count": 1,
        "trainer": recording.sub_sport == "treadmill",
        "manual": by_hand,
        "private": False,
        "visibility": "followers_only",
        "flagged": False,
        "start_latlng": [0.5, -1.5] if placed else [],
        "average_speed": round(recording.distance_m / max(floor(recording.timer_s), 1), 3),
        "has_heartrate": bool(beats),
        "average_heartrate": round(sum(beats) / len(beats), 1) if beats else None,
        "max_heartrate": max(beats) if beats else None,
        "upload_id": upload,
        "external_id": None if by_hand else f"garmin_ping_{rng.randrange(3 * 10**11, 5 * 10**11)}",
        "device_name": None if by_hand else "Garmin Forerunner 965",
    }


def _sport_of(recording: WatchRecording) -> str:
    if recording.sport != "running":
        return "Hike" if recording.sport == "hiking" else "Workout"
    return _SPORTS.get(recording.sub_sport, "Run")


def _laps(recording: WatchRecording, start: datetime, number: int, rng: Random) -> list[dict[str, Any]]:
    """Times rounded down, starts a little late, indexes of another series."""
    return [_lap(lap, place, start, number, rng) for place, lap in enumerate(recording.laps)]


def _lap(lap: Lap, place: int, start: datetime, number: int, rng: Random) -> dict[str, Any]:
    late = 0.0 if place == 0 else rng.uniform(0.4, 2.7)
    began = start + timedelta(seconds=floor(lap.start_s + late))
    early = 0 if place == 0 else 60
    lasted = floor(lap.end_s - lap.start_s)
    return {
        "id": number * 100 + place,
        "name": f"Lap {place + 1}",
        "elapsed_time": lasted,
        "moving_time": floor(lap.timer_s),
        "start_date": f"{began.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "start_date_local": f"{began:%Y-%m-%dT%H:%M:%SZ}",
        "distance": lap.distance_m,
        "average_speed": round((lap.distance_m or 0.0) / max(lasted, 1), 2),
        "lap_index": place + 1,
        "split": place + 1,
        "start_index": max(floor(lap.start_s) - early, 0),
        "end_index": max(floor(lap.end_s) - 60, 0),
        "average_heartrate": lap.avg_hr_bpm,
        "max_heartrate": lap.max_hr_bpm,
    }


def _streams(recording: WatchRecording) -> dict[str, dict[str, Any]]:
    """Whole seconds, tenths of a metre, the steps of one leg."""
    samples = recording.samples
    columns: dict[str, list[Any]] = {"time": [int(second) for second in samples.elapsed_s]}
    for name, attribute, digits in _STREAMS:
        column = getattr(samples, attribute)
        if any(not isnan(value) for value in column):
            columns[name] = [_rounded(value, digits, halved=name == "cadence") for value in column]
    columns["moving"] = [speed > 0.5 for speed in samples.speed_mps]
    return {
        name: {
            "type": name,
            "data": data,
            "series_type": "distance",
            "original_size": len(data),
            "resolution": "high",
        }
        for name, data in columns.items()
    }


def _rounded(value: float, digits: int, *, halved: bool) -> float:
    exact = 0.0 if isnan(value) else value / 2 if halved else value
    return round(exact, digits) if digits else round(exact)
