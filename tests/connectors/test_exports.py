"""The exports of whole accounts are read as they come, and whatever else is in them is survived."""

import gzip
import io
import json
import os
import struct
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncd.connectors.base import Foreign, Rejected, Unavailable
from syncd.connectors.exports import ExportedComment, ExportSource, is_export, opened_export
from syncd.connectors.exports.archives import MAX_ENTRIES, ZipEntries
from syncd.connectors.exports.garmin_summaries import read_summaries
from syncd.connectors.exports.strava_table import read_table
from syncd.connectors.exports.unpacked import FolderEntries
from tests.connectors.contract import SourceContract, reference
from tests.support.exports import (
    START,
    fit,
    garmin_files,
    other_file,
    strava_files,
    summaries,
    summary,
    table,
    unpacked_to,
    zip_bytes,
    zipped,
)


class TestTheContract(SourceContract):
    @pytest.fixture
    def source(self, tmp_path):
        inner = zip_bytes({"a.fit": fit(0), "b.fit.gz": gzip.compress(fit(1))})
        files = {"DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip": inner, "c.fit": fit(2)}
        with opened_export(zipped(tmp_path / "export.zip", files)) as opened:
            yield opened

    def test_a_source_that_is_away_says_so_at_once(self):
        with pytest.raises(Unavailable, match="No such file"):
            ExportSource(Path("/nowhere/export.zip"))


def fetched(source: ExportSource) -> dict[str, str]:
    """What became of each file: the kind of a recording, else why it is none."""
    out = {}
    for ref in source.list_since(""):
        try:
            out[ref.remote_id] = source.fetch(ref).kind
        except Rejected as error:
            out[ref.remote_id] = f"{type(error).__name__}: {error}"
    return out


def test_stravas_export_has_recordings_in_every_format(tmp_path):
    with opened_export(zipped(tmp_path / "export_1.zip", strava_files())) as source:
        assert source.name == "strava-export"
        assert fetched(source) == {
            "activities/101.fit.gz": "fit",
            "activities/102.gpx.gz": "gpx",
            "activities/103.tcx.gz": "tcx",
            "activities/104.gpx": "gpx",
        }
        assert source.remarks() == (
            "1 run is listed without a recording (entered by hand, or lost): not imported",
        )


def test_garmins_export_has_its_recordings_in_archives_inside(tmp_path):
    with opened_export(zipped(tmp_path / "export.zip", garmin_files())) as source:
        assert source.name == "garmin-export"
        found = {name.rpartition("/")[2]: what for name, what in fetched(source).items()}
    assert found == {
        "me_1.fit": "fit",
        "me_2.fit": "Foreign: a daily monitoring file, not a recorded activity",
        "me_3.fit": "Foreign: a settings file, not a recorded activity",
        "me_4.fit": "fit",
        "me_5.fit": "fit",
    }


@pytest.mark.parametrize("files", [strava_files(), garmin_files()], ids=["strava", "garmin"])
def test_an_export_that_was_unpacked_is_the_same(tmp_path, files):
    with opened_export(zipped(tmp_path / "export.zip", files)) as source:
        packed = fetched(source)
    with opened_export(unpacked_to(tmp_path / "folder", files)) as source:
        assert fetched(source) == packed


def test_a_browser_that_unpacked_the_recordings_too_loses_no_names(tmp_path):
    files = {
        name.removesuffix(".gz"): gzip.decompress(content) if name.endswith(".gz") else content
        for name, content in strava_files().items()
    }
    with opened_export(unpacked_to(tmp_path / "folder", files)) as source:
        ref = reference(source, "101.fit")
        assert source.comment_of(ref, START).rpe == 7
        assert len(list(source.list_since(""))) == 4


def test_names_and_efforts_go_along(tmp_path):
    with opened_export(zipped(tmp_path / "s.zip", strava_files())) as source:
        ref = reference(source, "101.fit.gz")
        assert source.comment_of(ref, START) == ExportedComment('Club night, "fast"\nand wet', 7.0)
        assert source.comment_of(reference(source, "102.gpx.gz"), START) == ExportedComment(
            "Morning Run", None
        )
    with opened_export(zipped(tmp_path / "g.zip", garmin_files())) as source:
        ref = reference(source, "me_1.fit")
        assert source.comment_of(ref, START) == ExportedComment("Bergamo Running", 6.0)
        assert source.comment_of(ref, START + timedelta(seconds=3)) == ExportedComment("Bergamo Running", 6.0)
        assert source.comment_of(ref, START + timedelta(seconds=30)) == ExportedComment()
        assert source.comment_of(ref, START + timedelta(days=1)) == ExportedComment("Easy", None)
        assert source.remarks()[-1].startswith("1 run is listed without a recording")


def test_a_race_is_marked_in_either_export(tmp_path):
    header = b"Activity ID,Activity Name,Activity Type,Filename,Competition\n"
    rows = (
        b"1,Cup,Run,activities/101.fit.gz,1.0\n2,,Run,activities/102.gpx.gz,0\n3,,Run,activities/104.gpx,\n"
    )
    files = strava_files() | {"activities.csv": header + rows}
    with opened_export(zipped(tmp_path / "s.zip", files)) as source:
        marks = [
            source.comment_of(reference(source, name), START).raced
            for name in ("101.fit.gz", "102.gpx.gz", "104.gpx")
        ]
    assert marks == [True, False, False]
    activities = [
        summary(0, "Cup") | {"eventTypeId": 1},
        summary(1, "Easy") | {"eventTypeId": 9},
        summary(2, "Cup again") | {"eventType": {"typeId": 1, "typeKey": "race"}},
    ]
    found = read_summaries(io.BytesIO(json.dumps(activities).encode()))
    assert [each.raced for each in found] == [True, False, True]


def test_a_table_that_says_nothing_loses_the_names_and_no_run(tmp_path):
    files = strava_files() | {"activities.csv": b"one,two\nactivities/101.fit.gz,?\n"}
    with opened_export(zipped(tmp_path / "export.zip", files)) as source:
        assert list(fetched(source).values()) == ["fit", "gpx", "tcx", "gpx"]
        assert source.comment_of(reference(source, "101.fit.gz"), START) == ExportedComment()
        assert "activities.csv is in a language that is not known" in source.remarks()[0]


def test_the_table_says_what_each_recording_is(tmp_path):
    with opened_export(zipped(tmp_path / "export.zip", strava_files())) as source:
        refs = {ref.name: ref for ref in source.list_since("")}
        sports = {name: source.sport_of(ref, START) for name, ref in refs.items()}
        assert {name: sport and sport.sport for name, sport in sports.items()} == {
            "101.fit.gz": "running",
            "102.gpx.gz": "running",
            "103.tcx.gz": "running",
            "104.gpx": "cycling",
        }
        # read again when the athlete calls it otherwise
        assert refs["104.gpx"].fingerprint.endswith("-cycling")
        assert refs["102.gpx.gz"].fingerprint.count("-") == 1


def test_garmins_summaries_say_what_each_recording_is(tmp_path):
    told = [
        summary(0, "Easy", kind="cycling"),
        summary(0, "Both", kind="multi_sport"),
        summary(1, "", kind="other"),
    ]
    files = garmin_files() | {"DI_CONNECT/DI-Connect-Fitness/me_0_summarizedActivities.json": summaries(told)}
    with opened_export(zipped(tmp_path / "g.zip", files)) as source:
        ref = reference(source, "me_1.fit")
        assert source.sport_of(ref, START).sport == "cycling"
        assert source.sport_of(ref, START + timedelta(days=1)) is None
        assert source.sport_of(ref, START + timedelta(days=9)) is None


def test_an_export_below_a_folder_of_its_own_name_is_known_too(tmp_path):
    files = {f"export_77/{name}": content for name, content in strava_files().items()}
    with opened_export(zipped(tmp_path / "export.zip", files)) as source:
        assert source.name == "strava-export"
        assert source.comment_of(reference(source, "101.fit.gz"), START).rpe == 7


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"", 0),
        (b"\xff\xfe\x00garbage", 0),
        (b"Filename\n", 0),
        (b"\xef\xbb\xbfFilename,Activity Name\nactivities/1.fit,A\n\n,\nactivities/2.fit\n", 2),
        (b"Filename,Perceived Exertion\na.fit,ten\nb.fit,0\nc.fit,11\nd.fit,nan\n", 4),
        (b"Filename\n" + b'"' + b"x" * (2 << 20), 0),
    ],
)
def test_no_table_can_break_an_import(content, rows):
    found = read_table(io.BytesIO(content))
    assert len(found.rows) == rows
    assert all(row.rpe is None for row in found.rows)


@pytest.mark.parametrize("chunk", [1, 7, 1 << 16])
def test_summaries_are_read_one_by_one_however_the_bytes_come(chunk):
    class Slow(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, chunk) if size > 0 else size)

    told = summaries([summary(0, "Größe", 60), summary(1, "", 5), summary(2, "Ride", kind="cycling")])
    found = list(read_summaries(Slow(told)))
    assert [(told.name, told.rpe, told.sport and told.sport.sport) for told in found] == [
        ("Größe", 6.0, "running"),
        ("", None, "running"),
        ("Ride", None, "cycling"),
    ]
    assert found[0].start == START.replace(microsecond=0)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"[{}]",
        b"null",
        b'[{"other": 1}]',
        b'[{"summarizedActivitiesExport": 7}]',
        b'[{"summarizedActivitiesExport": [7]}]',
        b'[{"summarizedActivitiesExport": [{"beginTimestamp": "x"}, {"beginTimestamp": 1e30}, {}]}]',
        b'[{"summarizedActivitiesExport": [' + b"[" * 100_000,
        b'[{"summarizedActivitiesExport": [{' + b'"a": {' * 50_000,
        b"\xff\xfe\xfd",
    ],
)
def test_no_summary_can_break_an_import(content):
    assert list(read_summaries(io.BytesIO(content))) == []


RUN = {"beginTimestamp": 1700000000000, "name": "Easy", "activityType": "track_running", "workoutRpe": 50}


@pytest.mark.parametrize("chunk", [1, 7, 1 << 16])
@pytest.mark.parametrize(
    "shape",
    [
        [{"summarizedActivitiesExport": [RUN]}],
        {"summarizedActivitiesExport": [RUN]},
        [{"summarizedActivitiesExport": []}, {"summarizedActivitiesExport": [RUN]}],
        [[RUN]],
        [RUN],
        RUN,
        [{"version": 3, "activities": [RUN], "after": [1, {"a": "}]"}]}],
        {
            "activityList": [
                {
                    "startTimeGMT": "2023-11-14 22:13:20.0",
                    "activityName": "Easy",
                    "activityType": {"typeId": 1, "typeKey": "running"},
                    "directWorkoutRpe": 50.0,
                }
            ]
        },
        [{**RUN, "beginTimestamp": None, "startTimeGmt": 1.7e12}],
        [{**RUN, "beginTimestamp": 1700000000}],
    ],
    ids=range(10),
)
def test_summaries_come_in_several_shapes(shape, chunk):
    class Slow(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, chunk) if size > 0 else size)

    (told,) = read_summaries(Slow(json.dumps(shape).encode()))
    assert (told.start, told.name, told.rpe) == (datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC), "Easy", 5.0)
    assert told.sport is not None
    assert told.sport.sport == "running"


@pytest.mark.parametrize("kind", ["other", "uncategorized", "multi_sport", "", None, 7, {}, {"typeKey": 1}])
def test_a_summary_that_names_no_sport_says_nothing_of_it(kind):
    (told,) = read_summaries(io.BytesIO(json.dumps([{**RUN, "activityType": kind}]).encode()))
    assert told.sport is None


@pytest.mark.parametrize(
    "name",
    [
        "DI_CONNECT/DI-Connect-Fitness/me@example.org_0_summarizedActivities.json",
        "DI_CONNECT/DI-Connect-Fitness/summarizedActivities.json",
        "DI-Connect-Fitness/me_1001_summarizedActivities.json",
        "summarizedActivities_2.json",
    ],
)
def test_summaries_are_found_in_old_and_new_layouts(tmp_path, name):
    uploads = "DI_CONNECT/DI-Connect-Fitness-Uploaded-Files/UploadedFiles_0-_Part1.zip"
    files = {name: summaries([summary(0, "Easy", 60)]), uploads: zip_bytes({"1.fit": fit(0)})}
    with opened_export(zipped(tmp_path / "export.zip", files)) as source:
        assert source.name == "garmin-export"
        assert source.comment_of(reference(source, "1.fit"), START) == ExportedComment("Easy", 6.0)


def test_another_key_before_the_summaries_is_passed_over():
    content = b'[{"version": {"a": [1]}, "summarizedActivitiesExport": [{"beginTimestamp": 1700000000000}]}]'
    assert len(list(read_summaries(io.BytesIO(content)))) == 1


# --- what else may be in an archive


def test_names_are_never_paths(tmp_path):
    files = {"../../outside.fit": fit(0), "/etc/cron.d/run.fit": fit(1), "a\\..\\b.fit": fit(2)}
    inside = tmp_path / "deep" / "er"
    inside.mkdir(parents=True)
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    with opened_export(zipped(inside / "export.zip", files), scratch=inside) as source:
        assert list(fetched(source).values()) == ["fit", "fit", "fit"]
    assert sorted(str(path) for path in tmp_path.rglob("*")) == sorted([*before, str(inside / "export.zip")])


def test_two_entries_of_one_name_are_two_recordings(tmp_path):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("run.fit", fit(0))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("run.fit", fit(1))
    with opened_export(path) as source:
        contents = [source.fetch(ref).content for ref in source.list_since("")]
    assert contents == [fit(0), fit(1)]


def test_what_archivers_leave_behind_is_no_recording(tmp_path):
    files = {"__MACOSX/._run.fit": b"junk", ".hidden/run.fit": fit(0), "run.fit": fit(0), "notes.txt": b"x"}
    with opened_export(zipped(tmp_path / "export.zip", files)) as source:
        assert list(fetched(source)) == ["run.fit"]


def nested(levels: int, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files inside so many archives inside each other."""
    for level in range(levels):
        files = {f"{'abcdefgh'[level]}.zip": zip_bytes(files), f"{level}.fit": fit(level)}
    return files


@pytest.mark.parametrize("unpacked", [False, True])
def test_archives_inside_archives_are_read_and_deeper_ones_named(tmp_path, unpacked):
    files = nested(5, {"deep.fit": fit(0)})
    path = unpacked_to(tmp_path / "x", files) if unpacked else zipped(tmp_path / "x.zip", files)
    with opened_export(path) as source:
        assert fetched(source) == {
            "e.zip/d.zip/c.zip": "Rejected: an archive inside archives, not opened: unpack it first",
            "e.zip/d.zip/2.fit": "fit",
            "e.zip/3.fit": "fit",
            "4.fit": "fit",
        }


def test_each_recording_of_nested_archives_is_fetched_in_any_order(tmp_path):
    inner = {"a.zip": zip_bytes({"1.fit": fit(1)}), "3.fit": fit(3)}
    files = {"x.zip": zip_bytes(inner), "y.zip": zip_bytes(inner)}
    with opened_export(zipped(tmp_path / "e.zip", files), scratch=tmp_path) as source:
        refs = list(source.list_since(""))
        names = [ref.remote_id for ref in refs]
        forwards = [source.fetch(ref).content for ref in refs]
        assert [source.fetch(ref).content for ref in reversed(refs)] == forwards[::-1]
    assert names == ["x.zip/a.zip/1.fit", "x.zip/3.fit", "y.zip/a.zip/1.fit", "y.zip/3.fit"]
    assert forwards == [fit(1), fit(3)] * 2


def test_a_damaged_archive_inside_hides_nothing_else(tmp_path):
    files = {"bad.zip": b"PK\x03\x04 cut short", "good.zip": zip_bytes({"run.fit": fit(0)}), "empty.zip": b""}
    for path in (zipped(tmp_path / "e.zip", files), unpacked_to(tmp_path / "folder", files)):
        with opened_export(path) as source:
            found = fetched(source)
            assert found.pop("good.zip/run.fit") == "fit"
            assert set(found) == {"bad.zip", "empty.zip"}
            assert {fault.rpartition(", ")[0] or fault for fault in found.values()} <= {
                "Rejected: damaged archive",
                "Rejected: no zip archive",
            }
            assert source.remarks() == ()


def test_no_archive_at_all_is_one_sentence(tmp_path):
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(tmp_path / "whole.zip", strava_files()).read_bytes()[:-30])
    with pytest.raises(
        Rejected, match=r"export\.zip is no zip archive, or it is cut short: download it again"
    ):
        ExportSource(path)


def test_damaged_and_encrypted_entries_are_named_one_by_one(tmp_path):
    path = zipped(tmp_path / "e.zip", {"a.fit": fit(0), "b.fit": fit(1), "c.fit": fit(2)}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(b"a.fit") + 200] ^= 0xFF  # content: its checksum is wrong now
    for place in (data.index(b"b.fit") - 30 + 6, data.rindex(b"b.fit") - 46 + 8):
        data[place] |= 1  # the flag of encryption, in both headers
    path.write_bytes(data)
    with opened_export(path) as source:
        assert fetched(source) == {
            "a.fit": "Rejected: damaged archive",
            "b.fit": "Rejected: encrypted: unpack it first",
            "c.fit": "fit",
        }


def test_a_bomb_is_unpacked_no_further_than_a_recording_could_go(tmp_path):
    bomb = bytes(80 << 20)
    files = {"flat.fit": bomb, "packed.fit.gz": gzip.compress(bomb), "run.fit": fit(0)}
    files["inner.zip"] = zip_bytes({"deep.gpx": bomb})
    with opened_export(zipped(tmp_path / "export.zip", files)) as source:
        found = fetched(source)
    assert found.pop("run.fit") == "fit"
    assert len(found) == 3
    assert all(what.startswith("Rejected: ") and "unpacks to more" in what for what in found.values())


def test_the_same_bytes_over_and_over_end_at_a_multiple_of_the_archive(tmp_path):
    path = zipped(
        tmp_path / "export.zip", {"a.zip": zip_bytes({f"{n}.fit": bytes(9 << 20) for n in range(20)})}
    )
    entries = ZipEntries(path)
    entries.spend((path.stat().st_size + (1 << 20)) * 100 - (3 << 20), "what came before")
    with pytest.raises(Rejected, match="unpacks to far more than an export does"):
        entries.spend(200 << 20, "more")
    entries.close()


def archive_of_nothing_but_names(entries: int, told: int, wide: bool = False) -> bytes:
    """So many entries in the list of an archive, `told` of them admitted at its end."""
    directory = (b"PK\x01\x02" + bytes(24) + b"\x05\x00" + bytes(16) + b"a.fit") * entries
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, told, told, len(directory), 0, 0)
    if wide:
        end = (
            struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, told, told, len(directory), 0)
            + struct.pack("<4sLQL", b"PK\x06\x07", 0, len(directory), 1)
            + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
        )
    return directory + end


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("told", [1, 65_535])
def test_an_archive_of_too_many_names_is_refused_before_they_are_read(tmp_path, told, wide):
    path = tmp_path / "x.zip"
    path.write_bytes(archive_of_nothing_but_names(MAX_ENTRIES + 1, told, wide))
    tracemalloc.start()
    try:
        with pytest.raises(
            Rejected, match=r"x\.zip: more than 100,000 entries: unpack it, and import its folder"
        ):
            ExportSource(path)
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


def test_archives_inside_have_no_more_names_together(tmp_path):
    inner = archive_of_nothing_but_names(MAX_ENTRIES + 1, 1)
    with opened_export(zipped(tmp_path / "x.zip", {"many.zip": inner, "a.fit": fit(0)})) as source:
        assert fetched(source) == {
            "many.zip": "Rejected: more than 100,000 entries: unpack it, and import its folder",
            "a.fit": "fit",
        }


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_unpack_without_a_bound_are_refused(tmp_path, method):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", method) as archive:
        archive.writestr("bomb.fit", bytes(200 << 20))
    path = zipped(tmp_path / "x.zip", {"a.fit": inner.getvalue(), "b.zip": inner.getvalue()}, method)
    tracemalloc.start()
    try:
        with opened_export(path) as source:
            assert set(fetched(source).values()) == {
                "Rejected: packed in a way that cannot be read: unpack it first"
            }
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


def test_an_archive_that_holds_itself_ends(tmp_path):
    content = b"x"
    for _ in range(40):
        content = zip_bytes({"self.zip": content, "a.fit": fit(0)})
    (tmp_path / "x.zip").write_bytes(content)
    with opened_export(tmp_path / "x.zip") as source:
        found = fetched(source)
    assert list(found) == ["self.zip/self.zip/self.zip", "self.zip/self.zip/a.fit", "self.zip/a.fit", "a.fit"]


def test_entries_that_share_their_bytes_end_at_the_limit_of_the_archive(tmp_path):
    """Hundreds of names for one stretch of bytes, which unpacks to a megabyte each time."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.fit", bytes(1 << 20))
        archive.filelist *= 500
    (tmp_path / "x.zip").write_bytes(whole.getvalue())
    with opened_export(tmp_path / "x.zip") as source:
        found = fetched(source)
    assert len(found) == 500
    # newer versions of zipfile refuse entries that overlap, one by one
    assert sum("not read on" in what or "damaged" in what for what in found.values()) > 300


def test_links_in_a_folder_lead_nowhere(tmp_path):
    secret = unpacked_to(tmp_path / "elsewhere", {"secret.fit": fit(0)})
    folder = unpacked_to(tmp_path / "export", {"activities.csv": table([]), "activities/1.fit": fit(1)})
    (folder / "activities" / "link.fit").symlink_to(secret / "secret.fit")
    (folder / "activities" / "more").symlink_to(secret)
    os.mkfifo(folder / "activities" / "pipe.fit")
    with opened_export(folder) as source:
        assert list(fetched(source)) == ["activities/1.fit"]


def test_a_reference_that_was_never_listed_is_rejected(tmp_path):
    with opened_export(zipped(tmp_path / "export.zip", strava_files())) as source:
        ref = reference(source, "101.fit.gz")
        with pytest.raises(Rejected, match="not in the export"):
            source.fetch(type(ref)(ref.source, "activities.csv", ref.fingerprint))


def test_one_archive_is_known_again_under_any_name(tmp_path):
    first = zipped(tmp_path / "export.zip", garmin_files())
    second = Path(os.path.join(tmp_path, "export (1).zip"))  # noqa: PTH118
    second.write_bytes(first.read_bytes())
    found = []
    for path in (first, second):
        with opened_export(path) as source:
            found.append(list(source.list_since("")))
    assert found[0] == found[1]


def test_only_exports_are_taken_for_one(tmp_path):
    assert is_export(zipped(tmp_path / "x.ZIP", {"a.fit": fit(0)}))
    assert is_export(zipped(tmp_path / "saved by a phone", {"a.fit": fit(0)}))
    assert is_export(unpacked_to(tmp_path / "strava", strava_files()))
    assert is_export(unpacked_to(tmp_path / "garmin", garmin_files()))
    assert is_export(tmp_path / "garmin" / "DI_CONNECT")
    assert is_export(tmp_path / "garmin" / "DI_CONNECT" / "DI-Connect-Uploaded-Files")
    assert not is_export(unpacked_to(tmp_path / "runs", {"a.fit": fit(0), "b.zip": b"x"}))
    assert not is_export(tmp_path / "runs" / "a.fit")


def test_a_day_of_steps_is_told_from_a_run_without_reading_it_all(tmp_path):
    long = other_file() + bytes(3 << 20)
    with opened_export(zipped(tmp_path / "e.zip", {"a.fit": long}, zipfile.ZIP_STORED)) as source:
        (ref,) = source.list_since("")
        with pytest.raises(Foreign, match="a daily monitoring file"):
            source.fetch(ref)


def test_nothing_stays_open_and_nothing_is_left_behind(tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    open_before = set(Path("/proc/self/fd").iterdir())
    with opened_export(zipped(tmp_path / "export.zip", garmin_files()), scratch=scratch) as source:
        fetched(source)
    with opened_export(unpacked_to(tmp_path / "folder", garmin_files())) as source:
        fetched(source)
    assert set(Path("/proc/self/fd").iterdir()) == open_before
    assert list(scratch.iterdir()) == []


def test_an_entry_that_is_not_there_is_rejected(tmp_path):
    path = zipped(tmp_path / "export.zip", {"a.fit": fit(0)})
    with opened_export(path) as source:
        (ref,) = source.list_since("")
    entries = ZipEntries(path)
    (entry,) = entries.listed()
    other = type(entry)("b.fit", entry.fingerprint, entry.size)
    for where in (entries, FolderEntries(tmp_path)):
        with pytest.raises(Rejected, match=r"b\.fit is not in"):
            where.opened(other)
    entries.close()
    assert ref.name == "a.fit"
