"""Candidates for tests: an hour's run on a Thursday evening, recorded in many ways."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from syncd.domain.merging.candidates import Evidence, MergeCandidate

START = datetime(2026, 3, 12, 17, 30, tzinfo=UTC)
WATCH = MergeCandidate(
    id="g1",
    source="garmin",
    family="running",
    start=START,
    day=date(2026, 3, 12),
    elapsed_s=3600.6,
    timer_s=3600.0,
    distance_m=10_000.0,
    evidence=Evidence.DEVICE_FILE,
    sensors=frozenset({"heart rate", "position", "cadence"}),
    laps=11,
)
ON_STRAVA = replace(
    WATCH, id="s1", source="strava", elapsed_s=3600.0, distance_m=9999.2, evidence=Evidence.STREAMS
)
HIDDEN = replace(ON_STRAVA, start=datetime(2026, 3, 12, 0, 0, 1, tzinfo=UTC), hidden_start=True)
PHONE = replace(
    WATCH,
    id="p1",
    source="strava",
    start=START + timedelta(seconds=75),
    elapsed_s=3480.0,
    distance_m=10_310.0,
    evidence=Evidence.STREAMS,
    sensors=frozenset({"position"}),
)


def later(candidate: MergeCandidate, seconds: float, **changes: object) -> MergeCandidate:
    """The same, begun so many seconds later."""
    return replace(candidate, start=candidate.start + timedelta(seconds=seconds), **changes)
