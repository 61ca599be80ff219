"""Athlete A's activities as two services told them: the real ground truth for merging."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from syncd.domain.merging.candidates import Evidence, MergeCandidate, family_of
from tests.support.shared import shared_path


def garmin_rows() -> dict[str, MergeCandidate]:
    """Every activity in any recorded list or detail of Garmin, by its id there."""
    found = {}
    for body in _bodies(shared_path("recordings", "garmin", "athlete-a")):
        for row in body if isinstance(body, list) else [body]:
            if isinstance(row, dict) and "activityId" in row and "activityName" in row:
                candidate = _garmin(row)
                if candidate is not None:
                    found[candidate.id] = candidate
    return found


def strava_rows() -> dict[str, MergeCandidate]:
    """Every activity in any recorded list or detail of Strava, by its id there."""
    found = {}
    for body in _bodies(shared_path("recordings", "strava", "athlete-a")):
        for row in body if isinstance(body, list) else [body]:
            if isinstance(row, dict) and "start_date" in row and "sport_type" in row:
                candidate = _strava(row)
                found[candidate.id] = candidate
    return found


def _bodies(folder: Path) -> Iterator[Any]:
    for path in sorted(folder.glob("*.json")):
        whole = json.loads(path.read_text())
        if isinstance(whole, dict) and "json" in whole:
            yield whole["json"]


def _garmin(row: Mapping[str, Any]) -> MergeCandidate | None:
    told = {**row, **row.get("summaryDTO", {})}
    kind = row.get("activityType") or row.get("activityTypeDTO")
    if "startTimeGMT" not in told or kind is None:
        return None
    start, local = _time(told["startTimeGMT"]), _time(told["startTimeLocal"])
    return MergeCandidate(
        id=f"garmin-{row['activityId']}",
        source="garmin",
        family=family_of(kind["typeKey"]),
        start=start,
        day=local.date(),
        elapsed_s=told.get("elapsedDuration") or told.get("duration") or 0.0,
        timer_s=told.get("duration") or 0.0,
        distance_m=told.get("distance"),
        evidence=Evidence.DEVICE_FILE,
        name=row["activityName"] or "",
    )


def _strava(row: Mapping[str, Any]) -> MergeCandidate:
    start = _time(row["start_date"])
    return MergeCandidate(
        id=f"strava-{row['id']}",
        source="strava",
        family=family_of(row["sport_type"]),
        start=start,
        day=(start + timedelta(seconds=row.get("utc_offset") or 0)).date(),
        elapsed_s=float(row["elapsed_time"]),
        timer_s=float(row["moving_time"]),
        distance_m=row["distance"],
        evidence=Evidence.SUMMARY if row.get("manual") else Evidence.STREAMS,
        name=row["name"],
    )


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
