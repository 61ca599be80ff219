"""`syncd import` takes whole accounts, counts each run once, and says what it left out and why."""

import gzip
import os
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from syncd import clock
from syncd.cli.opened import opened_world
from syncd.connectors.exports import opened_export
from syncd.cycle.corrections import correct
from syncd.cycle.importing import ImportedRuns, import_from
from syncd.domain.activity import Activity
from syncd.domain.corrections import Correction, CorrectionKind
from syncd.paths import locate
from syncd.sandbox.fitfile import DEFAULT_WATCH
from syncd.store import Store
from tests.support.exports import (
    START,
    fit,
    garmin_files,
    gpx,
    other_file,
    strava_files,
    summaries,
    summary,
    table,
    unpacked_to,
    zip_bytes,
    zipped,
)
from tests.support.shared import shared_path


def runs() -> list[tuple[str, str, float | None, str]]:
    """Of every run that counts: its day, name, effort, and where its recording came from."""
    with Store.open(locate().state) as store:
        newest = store.activities.newest(store.activities.count_runs())
        return [(f"{run.day}", run.name, run.rpe, run.source) for run in reversed(newest)]


def test_stravas_export_as_it_comes(syncd, initialised, tmp_path: Path) -> None:
    said = syncd("import", zipped(tmp_path / "export_1.zip", strava_files()))
    assert said.code == 0, said.err
    assert said.out.splitlines() == [
        "3 runs read, 2.9 km in all",
        "Not runs: cycling 1 (104.gpx)",
        "Left alone: 2 other files, no recordings (jpg 1, csv 1)",
        "1 run is listed without a recording (entered by hand, or lost): not imported",
    ]
    assert runs() == [
        ("2025-03-04", 'Club night, "fast" and wet', 7.0, "strava-export"),
        ("2025-03-05", "Evening Run", None, "strava-export"),
        ("2025-03-06", "Track", None, "strava-export"),
    ]


def test_garmins_export_as_it_comes(syncd, initialised, tmp_path: Path) -> None:
    said = syncd("import", zipped(tmp_path / "export.zip", garmin_files()))
    assert said.code == 0, said.err
    assert said.out.splitlines() == [
        "2 runs read, 1.9 km in all",
        "me_5.fit: could not be read: not a FIT file",
        "Not runs: daily monitoring file 1 (me_2.fit), settings file 1 (me_3.fit)",
        "Left alone: 2 other files, no recordings (json 1, txt 1)",
        "1 run is listed without a recording (entered by hand, or lost): not imported",
    ]
    assert runs() == [
        ("2025-03-04", "Bergamo Running", 6.0, "garmin-export"),
        ("2025-03-05", "Easy", None, "garmin-export"),
    ]


def test_days_of_steps_and_settings_are_not_kept(syncd, initialised, tmp_path: Path) -> None:
    syncd("import", zipped(tmp_path / "export.zip", garmin_files()))
    kept = list((locate().state / "raw").rglob("*.gz"))
    assert len(kept) == 3  # two runs, and the file that nobody could read


@pytest.mark.parametrize("first", ["garmin", "strava"])
def test_both_exports_count_every_run_once(syncd, initialised, tmp_path: Path, first: str) -> None:
    strava = strava_files()
    del strava["activities/101.fit.gz"]  # the track of the same run instead, four seconds late
    strava["activities/101.gpx.gz"] = gzip.compress(gpx(0, late_s=4))
    row = {"Activity Type": "Run", "Activity Name": "Club", "Perceived Exertion": "7"}
    strava["activities.csv"] = table([row | {"Filename": "activities/101.gpx.gz"}])
    exports = {
        "garmin": zipped(tmp_path / "garmin.zip", garmin_files()),
        "strava": zipped(tmp_path / "strava.zip", strava),
    }
    syncd("import", exports[first])
    said = syncd("import", exports["strava" if first == "garmin" else "garmin"], "--json").json
    here = [each["reason"] for each in said["arrived"] if each["outcome"] == "duplicate"]
    assert len(here) == 2
    assert all("that is here already (the same recording)" in reason for reason in here)
    assert [(day, rpe, source) for day, _, rpe, source in runs()] == [
        ("2025-03-04", 6.0, "garmin-export"),  # the better recording's own word
        ("2025-03-05", None, "garmin-export"),
        ("2025-03-06", None, "strava-export"),
    ]


def test_the_watchs_own_file_replaces_a_track_that_came_first_and_the_words_stay(
    syncd, initialised, tmp_path: Path
) -> None:
    syncd("import", unpacked_to(tmp_path / "tracks", {"run.gpx": gpx(0, late_s=4)}))
    assert [(name, source) for _, name, _, source in runs()] == [("Evening Run", "folder")]
    said = syncd("import", unpacked_to(tmp_path / "watch", {"run.fit": fit(0)}))
    assert "from now on this recording counts: it is the device's own file" in said.out
    with Store.open(locate().state) as store:
        (run,) = store.activities.newest(9)
        assert (run.name, f"{run.device}") == ("Evening Run", "garmin forerunner 255")
        track, file = sorted(
            store.arrivals.of_activity(run.id), key=lambda each: each.remote_id, reverse=True
        )
        assert (track.remote_id, file.remote_id) == ("run.gpx", "run.fit")
        assert (run.raw_hash, store.raw.has(track.raw_hash or "")) == (file.raw_hash, True)


def test_a_better_recording_is_scored_and_the_earlier_score_stays(
    syncd, initialised, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, _ = initialised
    syncd("sync")
    session = syncd("next", "--json").json
    day = date.fromisoformat(session["date"])
    ahead = (day - START.date()).days
    track = unpacked_to(inbox, {"run.gpx": gpx(ahead, session["on_watch"])}) / "run.gpx"
    os.utime(track, (1_700_000_000, 1_700_000_000))
    monkeypatch.setenv("SYNCD_NOW", f"{day}T23:00:00+01:00")
    syncd("sync")
    with Store.open(locate().state) as store:
        (run,) = store.activities.newest(9)
        before = store.scores.history_of(run.id)
    assert [(score.session_id, score.score is None) for score in before] == [(session["id"], False)]
    syncd("import", unpacked_to(tmp_path / "watch", {"run.fit": fit(ahead, session["on_watch"])}))
    with Store.open(locate().state) as store:
        (again,) = store.activities.newest(9)
        history = store.scores.history_of(run.id)
        (committed,) = store.plan.between(day, day)
    assert (again.id, again.source, again.has_workout) == (run.id, "folder", True)
    assert history[0] == before[0]
    assert [score.method for score in history[1:-1]] == ["withdrawn"]
    assert (history[-1].session_id, history[-1].judgement.origin) == (session["id"], "embedded")
    assert committed.activity_id == run.id


def test_back_to_back_runs_of_one_day_stay_two(syncd, initialised, tmp_path: Path) -> None:
    files = {f"{n}.fit": fit(0, minutes=5 + n, hour=n) for n in range(3)}
    said = syncd("import", zipped(tmp_path / "x.zip", files))
    assert said.out.startswith("3 runs read")


def test_a_second_device_on_the_same_run_is_no_second_run(syncd, initialised, tmp_path: Path) -> None:
    other = replace(DEFAULT_WATCH, serial=1, product=3290)
    files = {"a.fit": fit(0, 6), "b.fit": fit(0, 5, watch=other)}
    said = syncd("import", zipped(tmp_path / "x.zip", files), "--json").json
    assert sorted(each["outcome"] for each in said["arrived"]) == ["duplicate", "run"]
    assert "(recorded at the same time)" in str(said["arrived"])
    assert len(runs()) == 1


def test_the_same_export_again_changes_nothing(syncd, initialised, tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", garmin_files())
    syncd("import", path)
    before = runs()
    again = syncd("import", shutil.copy(path, tmp_path / "export (1).zip"))
    assert again.out.splitlines() == [
        "Nothing new: 5 files already imported",
        "Left alone: 2 other files, no recordings (json 1, txt 1)",
        "1 run is listed without a recording (entered by hand, or lost): not imported",
    ]
    assert runs() == before


def test_an_effort_that_a_newer_export_knows_reaches_the_run_that_is_here(
    syncd, initialised, tmp_path: Path
) -> None:
    files = {"DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip": zip_bytes({"1.fit": fit(0)})}
    syncd("import", zipped(tmp_path / "old.zip", files))
    assert [rpe for _, _, rpe, _ in runs()] == [None]
    told = {
        "DI_CONNECT/DI-Connect-Fitness/x_0_summarizedActivities.json": summaries([summary(0, "Easy", 30)])
    }
    syncd("import", zipped(tmp_path / "new.zip", files | told))
    assert [(name, rpe) for _, name, rpe, _ in runs()] == [("Easy", 3.0)]


def test_many_things_are_summed_and_all_named_as_json(syncd, initialised, tmp_path: Path) -> None:
    files = {f"{n}.fit": b"no recording" for n in range(12)} | {f"m{n}.fit": other_file() for n in range(30)}
    path = zipped(tmp_path / "x.zip", files | {"run.fit": fit(0)})
    said = syncd("import", path)
    lines = said.out.splitlines()
    assert lines[0].startswith("1 run read, ")
    assert lines[1:] == [
        "12 files could not be read: not a FIT file (0.fit, 1.fit, 2.fit and 9 more)",
        "Not runs: daily monitoring file 30",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"PK\x03\x04", "is no zip archive, or it is cut short: download it again"), (b"", "is no zip archive")],
)
def test_an_archive_that_is_none_is_one_line(
    syncd, initialised, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    said = syncd("import", path)
    assert (said.code, said.err.count("\n"), message in said.err) == (1, 1, True)


def test_names_that_would_fool_a_terminal_are_shown_plainly(syncd, initialised, tmp_path: Path) -> None:
    said = syncd("import", zipped(tmp_path / "x.zip", {"a\x1b[2Jb.fit": b"no recording"}))
    assert said.code == 1
    assert "\x1b" not in said.out


@pytest.mark.parametrize(
    ("files", "known"), [({"a.fit": b"x", "b.gpx": b"y", "c.txt": b"z"}, 2), ({"a.zip": b""}, None)]
)
def test_how_many_recordings_there_are_is_known_where_nothing_has_to_be_opened(
    tmp_path, files, known
) -> None:
    with opened_export(zipped(tmp_path / "x.zip", files)) as source:
        assert source.count() == known


class _Stopped(Exception):  # noqa: N818
    """The import was killed."""


@pytest.mark.parametrize("after", range(1, 6))
def test_an_import_that_was_stopped_goes_on_and_counts_nothing_twice(
    syncd, initialised, tmp_path: Path, after: int
) -> None:
    path, found = zipped(tmp_path / "export.zip", garmin_files()), ImportedRuns()

    class Stopping:
        def over(self, items, what, total=None):
            for done, item in enumerate(items):
                if done == after:
                    raise _Stopped
                yield item
            raise _Stopped

    with (
        pytest.raises(_Stopped),
        opened_world(locate(), clock.now(), writing=True) as (world, _),
        opened_export(path) as source,
    ):
        import_from(source, replace(world, watching=Stopping()), clock.now(), found)
    said = syncd("import", path, "--json").json
    assert (said["known"], len(runs())) == (after, 2)
    assert runs() == [
        ("2025-03-04", "Bergamo Running", 6.0, "garmin-export"),
        ("2025-03-05", "Easy", None, "garmin-export"),
    ]


def test_what_an_import_holds_in_memory_has_no_samples(syncd, initialised, tmp_path: Path) -> None:
    found = ImportedRuns()
    with (
        opened_world(locate(), clock.now(), writing=True) as (world, _),
        opened_export(zipped(tmp_path / "x.zip", {"a.fit": fit(0)})) as source,
    ):
        import_from(source, world, clock.now() + timedelta(days=1), found)
    (arrived,) = found.arrived
    assert isinstance(arrived.activity, Activity)
    assert (len(arrived.activity.samples), arrived.activity.laps) == (0, ())
    assert arrived.activity.distance_m


# --- the table of an export says what each recording is


@pytest.mark.parametrize("language", ["en", "de"])
def test_rides_of_an_export_are_no_runs_in_any_language(
    syncd, initialised, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNCD_NOW", "2026-11-30T12:00:00+01:00")
    said = syncd("import", shared_path("field", "files", f"07_strava_export_{language}.zip"))
    assert said.code == 0, said.err
    assert said.out.splitlines()[0] == "1 run read, 5.4 km"
    assert [(name, rpe) for _, name, rpe, _ in runs()] == [("Easy", 7.0)]


def strava_export(path: Path, kinds: dict[str, str], files: dict[str, bytes]) -> Path:
    """An export whose table calls each file so."""
    rows = ({"Activity Name": name, "Activity Type": kind, "Filename": name} for name, kind in kinds.items())
    return zipped(path, {"activities.csv": table(rows), **files})


def untyped(day: int) -> bytes:
    """A track of a run that names no sport."""
    return gpx(day).replace(b"<type>running</type>", b"")


def test_a_row_that_says_ride_makes_its_file_no_run_whatever_the_file_says(
    syncd, initialised, tmp_path: Path
) -> None:
    files = {"a.fit": fit(0), "b.gpx": untyped(1), "c.gpx": gpx(2)}
    kinds = {"a.fit": "Ride", "b.gpx": "Radfahrt", "c.gpx": "ライド"}
    said = syncd("import", strava_export(tmp_path / "x.zip", kinds, files))
    assert said.out.splitlines() == ["Not runs: cycling 3 (a.fit, b.gpx, c.gpx)"]
    assert runs() == []


def test_a_row_that_says_run_makes_its_file_a_run_whatever_the_file_says(
    syncd, initialised, tmp_path: Path
) -> None:
    files = {"a.gpx": gpx(0, kind="cycling"), "b.gpx": untyped(1)}
    path = strava_export(tmp_path / "x.zip", {"a.gpx": "Lauf", "b.gpx": "Trail Run"}, files)
    assert syncd("import", path).out.startswith("2 runs read")
    with Store.open(locate().state) as store:
        assert [(run.sport, run.sub_sport) for run in store.activities.newest(9)] == [
            ("running", "trail"),
            ("running", ""),
        ]
    syncd("rescore")
    assert len(runs()) == 2


def test_the_table_settles_what_a_file_leaves_in_doubt(syncd, initialised, tmp_path: Path) -> None:
    slow = re.sub(
        rb'lat="([\d.]+)"', lambda found: b'lat="%.7f"' % (45 + (float(found[1]) - 45) * 0.4), untyped(0)
    )
    said = syncd("import", unpacked_to(tmp_path / "alone", {"a.gpx": slow}))
    assert "a.gpx: set aside, because no sport is given, and it does not look like a run" in said.out
    assert runs() == []
    said = syncd("import", strava_export(tmp_path / "x.zip", {"a.gpx": "Run"}, {"a.gpx": slow}))
    assert said.code == 0, said.err
    assert [name for _, name, _, _ in runs()] == ["Evening Run"]


def test_a_run_that_is_called_a_ride_by_now_counts_no_more_and_comes_back_when_it_is_called_a_run(
    syncd, initialised, tmp_path: Path
) -> None:
    files = {"a.fit": fit(0), "b.fit": fit(1)}
    syncd("import", strava_export(tmp_path / "1.zip", {"a.fit": "Run", "b.fit": "Run"}, files))
    assert len(runs()) == 2
    syncd("import", strava_export(tmp_path / "2.zip", {"a.fit": "Ride", "b.fit": "Run"}, files))
    assert [name for _, name, _, _ in runs()] == ["b.fit"]
    syncd("import", strava_export(tmp_path / "3.zip", {"a.fit": "Run", "b.fit": "Run"}, files))
    assert [name for _, name, _, _ in runs()] == ["a.fit", "b.fit"]


def test_a_ride_that_is_called_a_run_by_now_is_read(syncd, initialised, tmp_path: Path) -> None:
    files = {"a.fit": fit(0)}
    syncd("import", strava_export(tmp_path / "1.zip", {"a.fit": "Ride"}, files))
    assert runs() == []
    assert syncd("import", strava_export(tmp_path / "2.zip", {"a.fit": "Run"}, files)).out.startswith(
        "1 run read"
    )
    assert len(runs()) == 1


def test_garmins_summary_outranks_the_file_and_may_change(syncd, initialised, tmp_path: Path) -> None:
    uploads = "DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip"
    told = "DI_CONNECT/DI-Connect-Fitness/me_0_summarizedActivities.json"

    def export(name: str, kind: str) -> Path:
        return zipped(
            tmp_path / name,
            {told: summaries([summary(0, "Easy", kind=kind)]), uploads: zip_bytes({"1.fit": fit(0)})},
        )

    syncd("import", export("1.zip", "running"))
    assert len(runs()) == 1
    syncd("import", export("2.zip", "cycling"))
    assert runs() == []
    syncd("import", export("3.zip", "treadmill_running"))
    assert len(runs()) == 1


def test_the_athletes_own_word_outranks_the_table(syncd, initialised, tmp_path: Path) -> None:
    files = {"a.fit": fit(0)}
    syncd("import", strava_export(tmp_path / "1.zip", {"a.fit": "Run"}, files))
    with opened_world(locate(), clock.now(), writing=True) as (world, _):
        (run,) = world.store.activities.newest(9)
        correct(
            world, [Correction(run.id, CorrectionKind.SPORT, clock.now(), {"sport": "running"})], clock.now()
        )
    syncd("import", strava_export(tmp_path / "2.zip", {"a.fit": "Ride"}, files))
    assert len(runs()) == 1
