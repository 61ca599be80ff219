"""Archives and folders of anything, by import, score and the inbox: runs count, all else is said."""

import gzip
import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syncd.paths import locate
from syncd.store import Store
from tests.support.exports import (
    START,
    fit,
    gpx,
    other_file,
    strava_files,
    tcx,
    unpacked_to,
    zip_bytes,
    zipped,
)
from tests.support.shared import shared_path

SETTLED = 1_700_000_000


def runs() -> list[tuple[str, float]]:
    """Of every run that counts: its day and timer."""
    with Store.open(locate().state) as store:
        newest = store.activities.newest(store.activities.count_runs())
        return [(f"{run.day}", round(run.timer_s)) for run in reversed(newest)]


def settled(path: Path, content: bytes, at: int = SETTLED) -> Path:
    """A file that nobody has touched for long."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


# --- the inbox


def test_the_inbox_reads_what_garmin_connect_exports(syncd, initialised, monkeypatch) -> None:
    inbox, _ = initialised
    monkeypatch.setenv("SYNCD_NOW", "2026-01-21T12:00:00+01:00")
    settled(inbox / "12345.zip", shared_path("field", "files", "10c_garmin_original.zip").read_bytes())
    assert syncd("sync").out.startswith("1 run read, 5.4 km")
    assert runs() == [("2026-01-20", 1800)]
    assert "run read" not in syncd("sync").out


def test_the_inbox_reads_an_export_with_its_names_efforts_and_sports(syncd, initialised) -> None:
    inbox, _ = initialised
    settled(inbox / "export_1.zip", zip_bytes(strava_files()))
    said = syncd("sync").out
    assert said.startswith("3 runs read, 2.9 km in all\n104.gpx: not a run: cycling")
    with Store.open(locate().state) as store:
        first = store.activities.newest(9)[-1]
        assert (first.name, first.rpe) == ('Club night, "fast" and wet', 7.0)
    assert "run" not in syncd("sync").out.splitlines()[0]


def test_the_inbox_says_once_what_it_skipped(syncd, initialised) -> None:
    inbox, _ = initialised
    settled(inbox / "x.zip", zip_bytes({"run.fit": fit(0), "a.jpg": b"x", "bad.zip": b"PK\x03\x04"}))
    settled(inbox / "y.zip", b"no archive")
    settled(inbox / "z.zip", zip_bytes({"a.txt": b"x"}))
    said = syncd("sync").out
    assert "x.zip/bad.zip: could not be read: damaged archive\n" in said
    assert "y.zip: could not be read: no zip archive, or it is cut short: download it again\n" in said
    assert "z.zip: not a run: a zip archive without a recording" in said
    assert "x.zip: 1 file in it is no recording (jpg 1)" in said
    again = syncd("sync").out
    assert "zip" not in again


FORMATS = {
    "run.fit": fit(0, 10),
    "run.tcx": tcx(0, 10),
    "run.gpx": gpx(0, 10),
    "run.gpx.gz": gzip.compress(gpx(0, 10)),
    "run.zip": zip_bytes({"run.fit": fit(0, 10)}),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("cut", [0.6, 0.9])
def test_a_run_that_came_in_parts_twice_and_then_whole_is_one_run_and_whole(
    syncd, initialised, monkeypatch, name: str, cut: float
) -> None:
    inbox, _ = initialised
    whole = FORMATS[name]
    versions = (whole[: int(len(whole) * 0.6)], whole[: int(len(whole) * cut)], whole)
    for number, content in enumerate(versions):
        settled(inbox / name, content, SETTLED + 60 * number)
        syncd("sync")
    settled(inbox / "again" / name, versions[0])  # a copy of the cut one turns up late
    syncd("sync")
    ((day, timer_s),) = runs()
    assert day == "2025-03-04"
    assert timer_s == pytest.approx(605, abs=10)
    with Store.open(locate().state) as store:
        assert len(store.activities.newest(9)) == 1


# --- score


@pytest.mark.parametrize("name", ["run.zip", "run"])
def test_score_reads_the_only_recording_of_an_archive(syncd, tmp_path: Path, name: str) -> None:
    files = {"12345_ACTIVITY.fit": fit(0), "settings.fit": other_file(2), "readme.txt": b"x"}
    said = syncd("score", zipped(tmp_path / name, files), "--json")
    assert said.code == 0, said.err
    assert said.json["activity"]["timer_s"] == pytest.approx(305, abs=10)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"a.fit": fit(0), "b.fit": fit(1)}, "x.zip holds 2 recordings: unpack it and give one of them"),
        ({f"{n}.fit": b"" for n in range(30)}, "x.zip holds more than 20 recordings: unpack it"),
        ({"a.txt": b"x"}, "x.zip holds no recording"),
        ({"a.fit": b"x"}, "x.zip: not a FIT file"),
        ({"a.fit.gz": b"x"}, "x.zip: not a gzip file, though its name says so"),
        ({"a.fit": bytes(80 << 20)}, "x.zip: unpacks to more than a recorded run can have"),
        ({"a.zip": zip_bytes({"b.zip": zip_bytes({"c.zip": b"x"})})}, "x.zip: an archive inside archives"),
    ],
)
def test_score_says_in_one_line_what_is_wrong_with_an_archive(
    syncd, tmp_path: Path, files: dict[str, bytes], sentence: str
) -> None:
    said = syncd("score", zipped(tmp_path / "x.zip", files))
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert sentence in said.err


def test_score_says_when_an_archive_is_cut_short(syncd, tmp_path: Path) -> None:
    path = settled(tmp_path / "x.zip", zip_bytes({"a.fit": fit(0)})[:-30])
    said = syncd("score", path)
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "no zip archive, or it is cut short: download it again" in said.err


def test_score_takes_the_run_of_a_file_with_several_activities(syncd, tmp_path: Path) -> None:
    ride = tcx(0).replace(b'Sport="Running"', b'Sport="Biking"')
    activity = tcx(1).partition(b"<Activities>")[2].partition(b"</Activities>")[0]
    path = settled(tmp_path / "x.tcx", ride.replace(b"</Activities>", activity + b"</Activities>"))
    said = syncd("score", path, "--json")
    assert said.code == 0, said.err
    assert said.json["activity"]["start"].startswith("2025-03-05")
    both = settled(tmp_path / "y.tcx", tcx(0).replace(b"</Activities>", activity + b"</Activities>"))
    assert syncd("score", both).err == "y.tcx holds 2 runs, this is the first; syncd import reads all\n"


# --- import


def mixed_files() -> dict[str, bytes]:
    """A thousand files of every kind that people keep together."""
    files = {f"runs/{day}.fit": fit(day) for day in range(20)}
    files |= {f"rides/{n}.gpx": gpx(30 + n, kind="cycling") for n in range(40)}
    files |= {f"steps/{n}.fit": other_file() for n in range(200)}
    files |= {f"notes/{n}.txt": b"x" for n in range(240)}
    files |= {f"photos/{n}.jpg": b"x" for n in range(200)}
    files |= {f"broken/{n}.fit": f"{n} no recording".encode() for n in range(100)}
    files |= {f"cut/{n}.gpx.gz": gzip.compress(gpx(n), mtime=0)[: -20 - n] for n in range(50)}
    files |= {f"cut/{n}.tcx": b"<TrainingCenterDatabase>" + b"\n" * n + b"<Activities><" for n in range(50)}
    files |= {f"web/{n}.gpx": b"<!DOCTYPE html><html>" for n in range(40)}
    files |= {f"copies/{day}.fit": fit(day) for day in range(20)}
    files |= {f"zips/{n}.zip": b"PK\x03\x04 cut" for n in range(20)}
    files |= {f"zips/y{n}.zip": zip_bytes({"y.fit": fit(40 + n), "z.doc": b"x"}) for n in range(20)}
    return files


def test_a_mixed_folder_of_a_thousand_files_is_a_line_for_each_kind_of_trouble(
    syncd, initialised, tmp_path: Path
) -> None:
    files = mixed_files()
    assert len(files) == 1000
    folder = unpacked_to(tmp_path / "mixed", files)
    said = syncd("import", folder)
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[0].startswith("40 runs read, ")
    assert len(lines) <= 12
    counted = "\n".join(lines[1:])
    assert "20 recordings of runs you already have" in counted
    assert "100 files could not be read: not a FIT file (0.fit, 1.fit, 10.fit and 97 more)" in counted
    assert "50 files could not be read: gzip file is cut short (0.gpx.gz, " in counted
    assert "20 files could not be read: no zip archive, or it is cut short" in counted
    assert "daily monitoring file 200" in counted
    assert "cycling 40" in counted
    assert "web page 40" in counted
    assert "Left alone: 460 other files, no recordings (txt 240, jpg 200, doc 20)" in counted


def test_json_names_every_file_of_a_mixed_folder(syncd, initialised, tmp_path: Path) -> None:
    files = {name: content for name, content in mixed_files().items() if "1" in name.rpartition("/")[2]}
    said = syncd("import", unpacked_to(tmp_path / "mixed", files), "--json").json
    named = {file["name"]: file for file in said["files"]}
    assert set(files) - {name for name in files if name.startswith("zips/y")} <= set(named)
    assert (named["copies/1.fit"]["outcome"], named["runs/1.fit"]["outcome"]) == ("run", "duplicate")
    assert named["rides/1.gpx"] == {
        "name": "rides/1.gpx",
        "outcome": "other",
        "what": "cycling",
        "reason": "cycling",
        "notes": "",
    }
    assert named["photos/1.jpg"]["outcome"] == "ignored"
    assert named["broken/1.fit"] | {"notes": ""} == {
        "name": "broken/1.fit",
        "outcome": "unreadable",
        "what": "",
        "reason": "not a FIT file",
        "notes": "",
    }
    assert named["zips/y1.zip/y.fit"]["outcome"] == "run"
    again = syncd("import", tmp_path / "mixed", "--json").json
    outcomes = {file["outcome"] for file in again["files"]}
    assert outcomes == {"known", "ignored"}
    assert again["known"] == sum(file["outcome"] == "known" for file in again["files"])


def test_a_few_files_are_named_one_by_one(syncd, initialised, tmp_path: Path) -> None:
    files = {"a.fit": fit(0), "b.gpx": gpx(1, kind="cycling"), "c.fit": b"x", "d.txt": b"x", "e.fit.gz": b"x"}
    assert syncd("import", unpacked_to(tmp_path / "few", files)).out.splitlines()[1:] == [
        "c.fit: could not be read: not a FIT file",
        "e.fit.gz: could not be read: not a gzip file, though its name says so",
        "Not runs: cycling 1 (b.gpx)",
        "Left alone: 1 other file, which is no recording (txt 1)",
    ]


def test_the_notes_of_an_export_are_in_the_json(syncd, initialised, tmp_path: Path) -> None:
    header = "Activity Name,Activity Type,Activity Description,Activity Private Note,Filename"
    row = 'Easy,Run,"In the rain, with Mia",Knee hurt a bit,activities/1.fit'
    files = {"activities.csv": f"{header}\n{row}\n".encode(), "activities/1.fit": fit(0)}
    said = syncd("import", zipped(tmp_path / "x.zip", files), "--json").json
    assert [file["notes"] for file in said["files"]] == ["In the rain, with Mia\nKnee hurt a bit"]


def test_several_activities_of_one_file_are_each_named(
    syncd, initialised, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("SYNCD_NOW", "2026-11-30T12:00:00+01:00")
    said = syncd("import", shared_path("field", "files", "04a_tcx_three_runs.tcx"), "--json").json
    assert [(file["name"], file["outcome"]) for file in said["files"]] == [
        ("04a_tcx_three_runs.tcx", "run")
    ] * 3


def test_a_file_that_changes_while_it_is_read_is_on_hold(syncd, initialised, tmp_path: Path) -> None:
    future = (datetime.fromisoformat("2026-01-05T06:30:00+01:00") + timedelta(days=30)) - START
    files = {"a.fit": fit(future.days), "b.fit": fit(future.days + 1), "c.fit": fit(0)}
    said = syncd("import", unpacked_to(tmp_path / "x", files)).out
    assert "2 files on hold: starts in the future: kept until then (a.fit, b.fit)" in said


def test_the_json_of_an_import_only_gained_keys(syncd, initialised, tmp_path: Path) -> None:
    said = json.loads(syncd("import", unpacked_to(tmp_path / "x", {"a.fit": fit(0)}), "--json").out)
    assert set(said) == {"schema", "arrived", "not_runs", "known", "remarks", "files"}
    assert said["arrived"] == [
        {"name": "a.fit", "outcome": "run", "reason": "", "activity": 1, "doubt": None, "set_aside": False}
    ]


# --- names


@pytest.mark.parametrize("place", ["folder", "zip", "inbox"])
def test_a_name_of_any_script_or_length_takes_one_line(syncd, initialised, tmp_path, place: str) -> None:
    inbox, _ = initialised
    names = [
        "قطع سيئ.gpx",
        "朝ラン.gpx",
        "run\nnew.gpx",
        "\u202egnorw\u202c.gpx",
        "\x1b[31m.gpx",
        "n" * 240 + ".gpx",
    ]
    folder = tmp_path / "names" if place == "folder" else inbox
    if place == "zip":
        zipped(tmp_path / "names.zip", dict.fromkeys(names, b"<gpx><trk>"))
    else:
        for name in names:
            settled(folder / name, b"<gpx><trk>")
    told = (
        syncd("sync")
        if place == "inbox"
        else syncd("import", str(tmp_path / f"names{'.zip' * (place == 'zip')}"))
    )
    assert not {"\u202e", "\x1b"} & set(told.out)
    assert all(len(line) < 400 for line in told.out.splitlines())
    if place == "inbox":
        assert [line for line in told.out.splitlines() if "damaged XML" in line] == [
            "[31m.gpx: could not be read: damaged XML (line 1)",
            f"{'n' * 79}…{'n' * 16}.gpx: could not be read: damaged XML (line 1)",
            "run new.gpx: could not be read: damaged XML (line 1)",
            "قطع سيئ.gpx: could not be read: damaged XML (line 1)",
            "gnorw.gpx: could not be read: damaged XML (line 1)",
            "朝ラン.gpx: could not be read: damaged XML (line 1)",
        ]


# --- a file that grows


@pytest.mark.parametrize("write", [gpx, tcx, fit], ids=["gpx", "tcx", "fit"])
@pytest.mark.parametrize("way", ["inbox", "import"])
def test_a_file_cut_short_and_later_whole_is_one_run(syncd, initialised, tmp_path, write, way: str) -> None:
    inbox, _ = initialised
    whole = write(0, 30)
    path = (inbox if way == "inbox" else tmp_path) / "run.bin"
    path = path.with_suffix({gpx: ".gpx", tcx: ".tcx", fit: ".fit"}[write])
    for number, content in enumerate((whole[: len(whole) * 6 // 10],) * 2 + (whole,)):
        settled(path, content, SETTLED + number)
        assert syncd(*(["sync"] if way == "inbox" else ["import", path])).code == 0
        [(day, seconds)] = runs()
        assert day == "2025-03-04"
        assert seconds == pytest.approx(1807 if number == 2 else 1085, abs=30)
