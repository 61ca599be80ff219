"""A start without an offset is shown on the athlete's clock, everywhere."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import pytest

from tests.support.tracks import WrittenLap, steady, tcx

START = datetime(2026, 1, 20, 21, tzinfo=UTC)  # Wednesday 06:00 in Tokyo


@pytest.fixture
def tokyo(syncd, folders, monkeypatch: pytest.MonkeyPatch):
    """An athlete in Tokyo with a run from a file that knows no place, as text in UTC."""
    inbox, outbox = folders
    monkeypatch.setenv("SYNCD_NOW", "2026-01-21T12:00:00+09:00")
    said = syncd(
        *("init", "--yes", "--five-k", "25:00", "--days", 4, "--weekly-km", 20, "--longest-km", 8),
        *("--goal", "5k", "--source", "folder", "--sink", "folder", "--timezone", "Asia/Tokyo"),
        *("--inbox", inbox, "--outbox", outbox),
    )
    assert said.code == 0, said.err
    path = inbox / "run.tcx"
    path.write_bytes(tcx([WrittenLap(steady(), total_s=1800.0, distance_m=5400.0)], start=START))
    os.utime(path, (1, 1))
    return path


def test_a_stored_run_has_the_day_and_hour_of_the_athlete(syncd, tokyo) -> None:
    assert syncd("sync").code == 0
    assert syncd("score", "2026-01-21").out.startswith("2026-01-21 06:00, 5.4 km in 30:00")
    assert syncd("score", "2026-01-21", "--json").json["activity"]["start"] == "2026-01-21T06:00:00+09:00"
    assert "Wed 21 Jan" in syncd("status").out


def test_a_file_has_it_too(syncd, tokyo) -> None:
    assert syncd("score", tokyo).out.startswith("2026-01-21 06:00, 5.4 km in 30:00")


def test_without_a_configuration_it_is_the_clock_of_the_machine(
    syncd, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    path = tmp_path / "run.tcx"
    path.write_bytes(tcx([WrittenLap(steady(), total_s=1800.0, distance_m=5400.0)], start=START))
    try:
        assert syncd("score", path).out.startswith("2026-01-20 16:00, 5.4 km in 30:00")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_report_names_a_run_by_the_athletes_hour(syncd, tokyo, tmp_path) -> None:
    assert syncd("sync").code == 0
    page = tmp_path / "report.html"
    assert syncd("report", "--out", page).code == 0
    assert "Morning run" in page.read_text(encoding="utf-8")
