"""Numbers as a runner reads them: kilometres or miles, hours of 24 or of 12."""

from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest

from syncd.domain.activity import Activity
from syncd.domain.units import KILOMETRES, MILES, units_named
from syncd.report.score_views import activity_text
from syncd.report.sync_status import ServiceStatus, SourceStatus, sync_status_text
from syncd.report.watch_views import moment_text

TWELVE = units_named("km", "12h")
ROME = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("at", "as_24", "as_12"),
    [
        ("00:00", "00:00", "12:00 am"),
        ("00:05", "00:05", "12:05 am"),
        ("06:07", "06:07", "6:07 am"),
        ("11:59", "11:59", "11:59 am"),
        ("12:00", "12:00", "12:00 pm"),
        ("18:40", "18:40", "6:40 pm"),
        ("23:59", "23:59", "11:59 pm"),
    ],
)
def test_a_time_of_day_is_told_as_the_athlete_reads_it(at, as_24, as_12):
    moment_ = datetime.fromisoformat(f"2026-03-12T{at}")
    assert (KILOMETRES.time_of_day(moment_), TWELVE.time_of_day(moment_)) == (as_24, as_12)


def test_units_and_hours_are_chosen_apart():
    assert units_named("mi") == MILES
    assert units_named("mi", "12h").distance(1609.344) == "1 mi"


def test_syncs_are_shown_in_the_athletes_hours():
    now = datetime(2026, 3, 12, 17, 40, tzinfo=UTC)
    rests = SimpleNamespace(
        retry_at=now + timedelta(hours=1), ok_at=None, problem="", needs_human=False, asked_at=now
    )
    sources, service = [SourceStatus("garmin", rests)], ServiceStatus(True, now + timedelta(minutes=10))
    assert sync_status_text(sources, service, now, ROME, TWELVE) == (
        "Garmin on hold until 7:40 pm · next sync about 6:50 pm"
    )
    assert sync_status_text(sources, service, now, ROME, MILES) == (
        "Garmin on hold until 19:40 · next sync about 18:50"
    )


def test_a_moment_has_its_day_and_its_hour():
    at = datetime(2026, 3, 18, 20, 10, tzinfo=UTC)
    assert moment_text(at, ROME, KILOMETRES) == "Wed 18 Mar 21:10"
    assert moment_text(at, ROME, TWELVE) == "Wed 18 Mar 9:10 pm"


def test_the_start_of_a_scored_run_is_in_the_athletes_hours():
    start = datetime(2026, 3, 12, 17, 40, tzinfo=UTC)
    run = Activity(start, "running", utc_offset=timedelta(hours=1), distance_m=10200.0, timer_s=3484.0)
    assert activity_text(run, TWELVE) == "2026-03-12 6:40 pm, 10.2 km in 58:04"
