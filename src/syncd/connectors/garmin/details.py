"""What Garmin Connect reports of one activity, and of the weather there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

from syncd.connectors.base import RunDetail
from syncd.domain.activity import RUNNING
from syncd.formats.garmin_json import raced_in, rpe_of, sport_of, totals_in

_ZERO_C_IN_F, _F_PER_C = 32.0, 1.8


def run_detail(payload: Mapping[str, Any], row: Mapping[str, Any] | None = None) -> RunDetail:
    """The parts that syncd uses; `version` changes with them and with the service's own stamp.

    Either of the two may be behind: what one of them no longer calls a run is none.
    """
    kinds = [payload.get("activityTypeDTO"), *([row.get("activityType")] if row else [])]
    sports = [sport_of(kind) for kind in kinds]
    sport, sub_sport = next((named for named in sports if named[0] != RUNNING), sports[0])
    summary = payload.get("summaryDTO")
    totals = tuple(totals_in(shown) for shown in (summary, row) if isinstance(shown, Mapping))
    name = payload.get("activityName")
    metadata = payload.get("metadataDTO")
    stamp = metadata.get("lastUpdateDate") if isinstance(metadata, Mapping) else None
    rpe = rpe_of(payload)
    shown_totals = sorted({astuple(shown) for shown in totals}, key=repr)
    listed = raced_in(row.get("eventType")) is not None if row else False
    raced = None if listed else raced_in(payload.get("eventTypeDTO"))
    marks = ["race"] if raced else []
    parts = json.dumps([sport, sub_sport, name, rpe, stamp, shown_totals, *marks], default=str)
    return RunDetail(
        version=hashlib.sha256(parts.encode()).hexdigest()[:16],
        content=json.dumps(payload, separators=(",", ":"), sort_keys=True).encode(),
        is_run=sport == RUNNING or payload.get("isMultiSportParent") is True,
        sport=(sub_sport or sport).replace("_", " "),
        totals=totals,
        name=name if isinstance(name, str) else "",
        rpe=rpe,
        raced=raced,
    )


def weather_in(payload: object) -> tuple[float, float | None] | None:
    """Temperature and dew point in degrees Celsius; sent in Fahrenheit, whatever the account's units."""
    if not isinstance(payload, Mapping):
        return None
    temperature, dew_point = _celsius(payload.get("temp")), _celsius(payload.get("dewPoint"))
    return None if temperature is None else (temperature, dew_point)


def _celsius(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -150 < value < 150:
        return None
    return round((value - _ZERO_C_IN_F) / _F_PER_C, 1)
