"""Recordings that say absurd things of themselves: a sync bears all of them, and the good run counts."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from syncd.cli.main import main
from syncd.sandbox.fitfile import write_activity
from tests.support.strava_scene import recorded
from tests.support.sweep import FULL

pytestmark = pytest.mark.long

NOW = "2026-01-26T20:00:00+01:00"
GOOD = datetime.fromisoformat("2026-01-25T09:00:00+01:00")
NUMBERS = (
    "0", "-1", "-0.0", "1e308", "-1e308", "1e309", "-1e309", "NaN", "Infinity", "5e-324",
    "9223372036854775808", "1" + "0" * 400, "1e7", "86400000", "0x10", "1_000", "٣", "", " ", "1,5", "1e-400",
)  # fmt: skip
TIMES = (
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-23:59",
    "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-20T24:00:00Z",
    "2026-01-20T17:00:60Z", "10000-01-01T00:00:00Z", "-0044-03-15T00:00:00Z", "253402300800", "-62135596801",
    "1e308", "NaN", "99999999999999999999", "2026-01-20T17:00:00+99:99",
)  # fmt: skip
TCX = """<?xml version="1.0"?><TrainingCenterDatabase><Activities><Activity Sport="Running"><Id>{id}</Id>
<Lap StartTime="{lap}"><TotalTimeSeconds>{timer}</TotalTimeSeconds><DistanceMeters>{metres}</DistanceMeters>
<AverageHeartRateBpm><Value>{beats}</Value></AverageHeartRateBpm><TriggerMethod>Manual</TriggerMethod>
<Track>{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"""
POINT = """<Trackpoint><Time>{time}</Time><Position><LatitudeDegrees>{lat}</LatitudeDegrees>
<LongitudeDegrees>11.0</LongitudeDegrees></Position><AltitudeMeters>{altitude}</AltitudeMeters>
<DistanceMeters>{metres}</DistanceMeters><HeartRateBpm><Value>{beats}</Value></HeartRateBpm>
<Cadence>{cadence}</Cadence></Trackpoint>"""
USUAL_LAP = {"id": "", "lap": "", "timer": "1800", "metres": "5400", "beats": "150"}
OF_POINTS = ("lat", "altitude", "metres", "beats", "cadence")


def clock(day: int, seconds: int) -> str:
    begin = datetime.fromisoformat("2026-01-01T06:00:00+00:00") + timedelta(days=day % 24, seconds=seconds)
    return begin.strftime("%Y-%m-%dT%H:%M:%SZ")


def points(day: int, absurd: dict[str, str], every: int) -> str:
    """Half an hour of a run, some of whose points say something absurd."""
    rows = []
    for place, seconds in enumerate(range(0, 1801, 30)):
        usual = {
            "time": clock(day, seconds),
            "lat": f"{45 + seconds * 2.7e-5:.6f}",
            "altitude": "90",
            "metres": f"{seconds * 3}",
            "beats": "150",
            "cadence": "85",
        }
        rows.append(POINT.format(**(usual | absurd if place % every == 0 else usual)))
    return "".join(rows)


def files() -> Iterator[tuple[str, str]]:
    """Names, and what is in them."""
    number = 0
    for key, value in product(("timer", "metres", "beats"), NUMBERS):
        for with_points in (True, False):
            number += 1
            lap = USUAL_LAP | {"id": clock(number, 0), "lap": clock(number, 0), key: value}
            yield f"lap {key} {number}.tcx", TCX.format(**lap, points=points(number, {}, 1) * with_points)
    for key, value, every in product(OF_POINTS, NUMBERS, (1, 7)):
        number += 1
        lap = USUAL_LAP | {"id": clock(number, 0), "lap": clock(number, 0)}
        yield f"point {key} {number}.tcx", TCX.format(**lap, points=points(number, {key: value}, every))
    for value, every in product(TIMES, (1, 7, 60)):
        number += 1
        lap = USUAL_LAP | {"id": value, "lap": value}
        yield f"time {number}.tcx", TCX.format(**lap, points=points(number, {"time": value}, every))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for name in ("inbox", "outbox"):
        (tmp_path / name).mkdir()
    text = f"""
    [athlete]
    timezone = "Europe/Rome"
    [fitness]
    five_k = "25:00"
    [folder]
    inbox = "{tmp_path}/inbox"
    outbox = "{tmp_path}/outbox"
    """
    (tmp_path / "config.toml").write_text("\n".join(line.strip() for line in text.splitlines()))
    return tmp_path / "config.toml"


def test_a_sync_bears_whatever_recordings_say_of_themselves(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SYNCD_NOW", NOW)
    every = list(files())
    chosen = every if FULL else random.Random(1).sample(every, 40)
    inbox = config.parent / "inbox"
    for name, text in chosen:
        (inbox / name).write_text(text, encoding="utf-8")
    (inbox / "z good.fit").write_bytes(
        write_activity(recorded("30min E"), start=GOOD, utc_offset=GOOD.utcoffset())
    )
    for path in inbox.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))

    def said(*arguments: str) -> dict:
        capsys.readouterr()
        code = main(["--config", str(config), *arguments, "--json"])
        captured = capsys.readouterr()
        assert code == 0, (arguments, captured.err)
        return json.loads(captured.out)

    report = said("sync")
    assert not [arrived for arrived in report["arrived"] if arrived["set_aside"]]
    assert [arrived["outcome"] for arrived in report["arrived"] if arrived["name"] == "z good.fit"] == ["run"]
    assert len(report["arrived"]) == len(chosen) + 1
    assert said("sync")["arrived"] == []
    for command in (["status"], ["plan"], ["zones"], ["score"], ["rescore", "--all"], ["report"]):
        said(*command)
