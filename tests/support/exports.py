"""Exports as the two services hand them out, made of simulated runs."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from syncd.domain.notation import parse_workout
from syncd.sandbox.fitfile import DEFAULT_WATCH, RecordingDevice, write_activity
from syncd.sandbox.recording import WatchRecording
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.support import fitbytes

START = datetime(2025, 3, 4, 17, 0, 12, tzinfo=UTC)

# Headers repeat in the real table: elapsed time and distance, once for people, once in SI units.
HEADERS = (
    "Activity ID",
    "Activity Date",
    "Activity Name",
    "Activity Type",
    "Activity Description",
    "Elapsed Time",
    "Distance",
    "Max Heart Rate",
    "Relative Effort",
    "Commute",
    "Activity Private Note",
    "Activity Gear",
    "Filename",
    "Athlete Weight",
    "Bike Weight",
    "Elapsed Time",
    "Moving Time",
    "Distance",
    "Perceived Exertion",
)


@cache
def recording(minutes: int | str = 5) -> WatchRecording:
    """A run of which nobody said how hard it was."""
    notation = minutes if isinstance(minutes, str) else f"{minutes}min @5:00-5:30/km"
    run = simulate(parse_workout(notation), Runner(vdot=45), Scenario.PERFECT, seed=len(notation))
    return replace(run, rpe=None, feel=None)


@cache
def fit(day: int = 0, minutes: int | str = 5, hour: int = 0, watch: RecordingDevice = DEFAULT_WATCH) -> bytes:
    """A run so many days after 4 March 2025."""
    start = START + timedelta(days=day, hours=hour)
    return write_activity(recording(minutes), start=start, utc_offset=timedelta(hours=1), device=watch)


@cache
def gpx(day: int = 0, minutes: int | str = 5, late_s: int = 0, kind: str = "running") -> bytes:
    """The same run as the service would write it as a track: positions along a meridian, no laps."""
    start = START + timedelta(days=day, seconds=late_s)
    run = recording(minutes)
    points = []
    for place in range(0, len(run.samples), 5):
        at = start + timedelta(seconds=run.samples.elapsed_s[place])
        lat = 45 + run.samples.distance_m[place] / 111_195
        points.append(f'<trkpt lat="{lat:.7f}" lon="9.6"><time>{at:%Y-%m-%dT%H:%M:%SZ}</time></trkpt>')
    body = "".join(points)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx creator="StravaGPX" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><name>Evening Run</name><type>{kind}</type><trkseg>{body}</trkseg></trk></gpx>"
    ).encode()


@cache
def tcx(day: int = 0, minutes: int = 5) -> bytes:
    """A run as the service writes it: with blanks before the declaration."""
    start = START + timedelta(days=day)
    run = recording(minutes)
    points = "".join(
        f"<Trackpoint><Time>{_time(start + timedelta(seconds=run.samples.elapsed_s[place]))}</Time>"
        f"<DistanceMeters>{run.samples.distance_m[place]:.1f}</DistanceMeters></Trackpoint>"
        for place in range(0, len(run.samples), 5)
    )
    lap = (
        f'<Lap StartTime="{start:%Y-%m-%dT%H:%M:%SZ}"><TotalTimeSeconds>{minutes * 60}</TotalTimeSeconds>'
        f"<DistanceMeters>{run.samples.distance_m[-1]:.1f}</DistanceMeters><Track>{points}</Track></Lap>"
    )
    return (
        '          <?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase><Activities>'
        f'<Activity Sport="Running">{lap}</Activity></Activities></TrainingCenterDatabase>'
    ).encode()


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def other_file(kind: int = 32) -> bytes:
    """A FIT file that is no activity: 32 is a day of steps."""
    return fitbytes.fit(fitbytes.file_id(kind))


def table(rows: Iterable[Mapping[str, str]], headers: Sequence[str] = HEADERS) -> bytes:
    """`activities.csv`; each row by the English headers, written under `headers`."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headers)
    for row in rows:
        writer.writerow([row.get(header, "") for header in HEADERS])
    return text.getvalue().encode()


def zipped(path: Path, files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """An archive of these files."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """The same in memory: an archive to put into another."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def strava_files() -> dict[str, bytes]:
    """A small account: runs in every format, a ride, a run by hand, a photo."""
    rows = [
        {
            "Activity Name": 'Club night, "fast"\nand wet',
            "Filename": "activities/101.fit.gz",
            "Perceived Exertion": "7",
        },
        {"Activity Name": "Morning Run", "Filename": "activities/102.gpx.gz"},
        {"Activity Name": "Track", "Filename": "activities/103.tcx.gz"},
        {"Activity Name": "Commute", "Filename": "activities/104.gpx", "Activity Type": "Ride"},
        {"Activity Name": "Treadmill, no watch", "Filename": ""},
    ]
    return {
        "activities.csv": table({"Activity Type": "Run", **row} for row in rows),
        "activities/101.fit.gz": gzip.compress(fit(0)),
        "activities/102.gpx.gz": gzip.compress(gpx(1)),
        "activities/103.tcx.gz": gzip.compress(tcx(2)),
        "activities/104.gpx": gpx(3, kind="cycling"),
        "media/photo.jpg": b"\xff\xd8 a photo",
        "profile.csv": b"Athlete ID\n1\n",
    }


def summaries(runs: Iterable[Mapping[str, object]]) -> bytes:
    """The list of a Garmin export: milliseconds, centimetres, effort tenfold."""
    return json.dumps([{"summarizedActivitiesExport": list(runs)}]).encode()


def summary(day: int, name: str, rpe: int | None = None, kind: str = "running") -> dict[str, object]:
    """One activity of that list."""
    began = int((START + timedelta(days=day)).timestamp() * 1000)
    told: dict[str, object] = {
        "activityId": 1000 + day,
        "name": name,
        "activityType": kind,
        "beginTimestamp": began,
        "duration": 300_000.0,
        "distance": 95_000.0,
        "splits": [{"startTimeGMT": began, "text": 'with "quotes", [brackets] and {braces}'}],
    }
    return told | ({} if rpe is None else {"workoutRpe": rpe})


def garmin_files() -> dict[str, bytes]:
    """An account in two inner archives: runs, days of steps, and what the service says of runs."""
    uploads = "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part"
    told = [summary(0, "Bergamo Running", 60), summary(1, "Easy"), summary(40, "By hand")]
    return {
        "DI_CONNECT/DI-Connect-User/user_profile.json": b"{}",
        "DI_CONNECT/DI-Connect-Fitness/me_0_summarizedActivities.json": summaries(told),
        f"{uploads}1.zip": zip_bytes(
            {"me_1.fit": fit(0), "me_2.fit": other_file(), "me_3.fit": other_file(2)}
        ),
        f"{uploads}2.zip": zip_bytes({"me_4.fit": fit(1), "me_5.fit": b"no recording", "me_6.txt": b"x"}),
    }


def unpacked_to(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The same files as a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
