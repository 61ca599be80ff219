"""An activity as Strava reports it: totals, laps and streams; the recording itself is not available.

One payload holds the answers to two requests, as received, so that it can be read again.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite, nan
from typing import Any

from syncd.domain.activity import NO_SAMPLES, RUNNING, Activity, Device, Samples, Trait
from syncd.formats.bounded_json import loaded
from syncd.formats.fit import Unreadable
from syncd.formats.strava_laps import laps_of

MARK = b'{"strava_activity":'
_SUB_SPORTS = {
    "Run": "",
    "TrailRun": "trail",
    "VirtualRun": "virtual_activity",
}
_MAKERS = frozenset({"garmin", "coros", "polar", "suunto", "apple", "wahoo", "zwift", "amazfit", "samsung"})
_STOP_GAP_S = 5.0  # our default: watches that record with gaps leave at most a few seconds out
_STOPPED_MPS = 0.5
_NO_HEART_BPM = 250.0
_RACE = 1  # the type of workout
_FEET = 2  # the cadence of a run is given for one leg


def payload_of(activity: Mapping[str, Any], streams: object) -> bytes:
    """The answers as one payload; `streams` None where there are none."""
    whole = {"strava_activity": 1, "activity": activity, "streams": streams}
    return json.dumps(whole, separators=(",", ":")).encode()


def read_strava_json(content: bytes) -> Activity | Unreadable:
    """The activity in such a payload. Never raises on content."""
    try:
        whole = loaded(content)
        return _activity(_mapping(whole))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, AttributeError):
        return Unreadable("what Strava reports of it cannot be read")


def sport_of(reported: Mapping[str, Any]) -> tuple[str, str]:
    """Sport and sub-sport of an activity, as a FIT file names them; unknown ones under their own name."""
    name = str(reported.get("sport_type") or reported.get("type") or "")
    if name.endswith("Run"):
        if reported.get("trainer") is True and name == "Run":
            return RUNNING, "treadmill"
        return RUNNING, _SUB_SPORTS.get(name, _snake(name.removesuffix("Run")))
    return _snake(name), ""


def is_by_hand(reported: Mapping[str, Any]) -> bool:
    """Whether nothing was recorded: the athlete entered it by hand."""
    return reported.get("manual") is True


def raced_in(reported: Mapping[str, Any]) -> bool | None:
    """Whether a run is marked as a race; None where the type of workout is not reported."""
    if "workout_type" not in reported:
        return None
    return number(reported["workout_type"]) == _RACE


def rpe_of(reported: Mapping[str, Any]) -> float | None:
    """The perceived exertion, 1 to 10; None where the athlete entered none."""
    value = number(reported.get("perceived_exertion"))
    return value if value is not None and 1 <= value <= 10 else None


def number(value: object) -> float | None:
    """A finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    found = float(value)
    return found if isfinite(found) else None


def moment(value: object) -> datetime | None:
    """An aware time, None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _activity(whole: Mapping[str, Any]) -> Activity | Unreadable:
    reported = _mapping(whole.get("activity"))
    start = moment(reported.get("start_date"))
    if start is None:
        return Unreadable("Strava does not say when it began")
    sport, sub_sport = sport_of(reported)
    samples = _samples(_streams(whole.get("streams")), running=sport == RUNNING)
    recorded_s = samples.elapsed_s[-1] if len(samples) else 0.0
    elapsed = max(number(reported.get("elapsed_time")) or 0.0, recorded_s)
    moving = number(reported.get("moving_time"))
    offset = number(reported.get("utc_offset"))
    return Activity(
        start=start,
        sport=sport,
        sub_sport=sub_sport,
        name=str(reported.get("name") or ""),
        utc_offset=None if offset is None or abs(offset) > 86_400 else timedelta(seconds=offset),
        timer_s=_timer_s(samples, elapsed, moving),
        elapsed_s=elapsed,
        distance_m=_distance(reported, by_hand=is_by_hand(reported)),
        laps=() if is_by_hand(reported) else laps_of(_list(reported.get("laps")), start, samples, elapsed),
        samples=samples,
        device=_device(reported),
        avg_hr_bpm=_bpm(reported.get("average_heartrate")),
        max_hr_bpm=_bpm(reported.get("max_heartrate")),
        ascent_m=number(reported.get("total_elevation_gain")),
        rpe=rpe_of(reported),
        has_position=bool(reported.get("start_latlng")),
        traits=_traits(reported, start),
    )


def _traits(reported: Mapping[str, Any], start: datetime) -> frozenset[Trait]:
    local = moment(reported.get("start_date_local"))
    hidden = local is not None and (local.hour, local.minute, local.second) == (0, 0, 1)
    found = {
        Trait.HIDDEN_START: hidden and start.second == 1,
        Trait.BY_HAND: is_by_hand(reported),
    }
    return frozenset(trait for trait, present in found.items() if present)


def _timer_s(samples: Samples, elapsed_s: float, moving_s: float | None) -> float:
    """From the samples; without them, the time that Strava thinks was spent moving."""
    if len(samples):
        return samples.timer_s[-1] + max(elapsed_s - samples.elapsed_s[-1], 0.0)
    return elapsed_s if moving_s is None or not 0 < moving_s <= elapsed_s else moving_s


def _distance(reported: Mapping[str, Any], *, by_hand: bool) -> float | None:
    metres = number(reported.get("distance"))
    if metres is None or metres < 0 or (metres == 0 and by_hand):
        return None
    return metres


def _device(reported: Mapping[str, Any]) -> Device:
    names = str(reported.get("device_name") or "").lower().split()
    if names and names[0] in _MAKERS:
        return Device(names[0], " ".join(names[1:]))
    return Device(product=" ".join(names))


# --- streams


def _streams(reported: object) -> dict[str, list[Any]]:
    """Columns by name, from either form that the service has; those of another length are left out."""
    if isinstance(reported, Mapping):
        columns = {str(name): _list(_mapping(stream).get("data")) for name, stream in reported.items()}
    else:
        columns = {
            str(_mapping(stream).get("type")): _list(_mapping(stream).get("data"))
            for stream in _list(reported)
        }
    length = len(columns.get("time", ()))
    return {name: column for name, column in columns.items() if len(column) == length}


def _samples(streams: Mapping[str, list[Any]], *, running: bool) -> Samples:
    places, times = _rising([number(value) for value in streams.get("time", ())])
    if len(times) < 2:
        return NO_SAMPLES
    metres = _column(streams.get("distance"), places)
    way = [nan] * len(times) if metres is None else _never_back(metres)
    return Samples(
        elapsed_s=array("d", times),
        timer_s=_timer(times, way),
        distance_m=array("d", way),
        speed_mps=array("f", _speeds(times, way)),
        heart_rate_bpm=array(
            "f", [_beating(value) for value in _with_gaps(streams.get("heartrate"), places)]
        ),
        altitude_m=array("f", _with_gaps(streams.get("altitude"), places)),
        cadence_spm=array(
            "f", [value * (_FEET if running else 1) for value in _with_gaps(streams.get("cadence"), places)]
        ),
    )


def _rising(times: Sequence[float | None]) -> tuple[list[int], list[float]]:
    """Places and times that come after the one before; from the first one on."""
    places: list[int] = []
    out: list[float] = []
    for place, seconds in enumerate(times):
        if seconds is not None and seconds >= 0 and (not out or seconds > out[-1]):
            places.append(place)
            out.append(seconds)
    return places, out


def _column(values: list[Any] | None, places: Sequence[int]) -> list[float | None] | None:
    return None if not values else [number(values[place]) for place in places]


def _with_gaps(values: list[Any] | None, places: Sequence[int]) -> list[float]:
    column = _column(values, places)
    return [nan] * len(places) if column is None else [nan if value is None else value for value in column]


def _never_back(metres: Sequence[float | None]) -> list[float]:
    out, last = [], 0.0
    for distance in metres:
        last = last if distance is None else max(last, distance)
        out.append(last)
    return out


def _timer(times: Sequence[float], way: Sequence[float]) -> array[float]:
    """The timer stands still where nothing was recorded and no distance was covered."""
    out, stopped = array("d", [times[0]]), 0.0
    for place in range(1, len(times)):
        gap = times[place] - times[place - 1]
        covered = way[place] - way[place - 1]
        if gap > _STOP_GAP_S and covered < _STOPPED_MPS * gap:
            stopped += gap - 1.0  # a watch records the second in which it goes on
        out.append(times[place] - stopped)
    return out


def _speeds(times: Sequence[float], way: Sequence[float]) -> list[float]:
    """Metres a second from the sample before to the one after; to the sample itself where a gap follows."""
    out = [nan]
    last = len(times) - 1
    for place in range(1, len(times)):
        ahead = place < last and times[place + 1] - times[place] <= _STOP_GAP_S
        end = place + 1 if ahead else place
        out.append((way[end] - way[place - 1]) / (times[end] - times[place - 1]))
    return out


# --- plain values


def _beating(bpm: float) -> float:
    return bpm if 0 < bpm < _NO_HEART_BPM else nan


def _bpm(value: object) -> int | None:
    rate = number(value)
    return round(rate) if rate is not None and 0 < rate < _NO_HEART_BPM else None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
