"""Archives in the inbox are read like folders, whatever is in them, and each trouble is one sentence."""

import gzip
import os
import struct
import warnings
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from syncd.connectors.base import Rejected, Unavailable
from syncd.connectors.exports import ExportedComment
from syncd.connectors.folder import FolderSource, archived
from tests.connectors.contract import SourceContract, reference
from tests.connectors.test_folder_source import EARLIER, NOW
from tests.support.exports import START, fit, garmin_files, strava_files, zip_bytes, zipped
from tests.support.shared import shared_path


def archive(path: Path, files: dict[str, bytes], changed_s: float = EARLIER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    zipped(path, files)
    os.utime(path, (changed_s, changed_s))
    return path


def found(source: FolderSource) -> dict[str, str]:
    """What became of each reference: the kind of a recording, else why it is none."""
    out = {}
    for ref in source.list_since(""):
        try:
            out[ref.remote_id] = source.fetch(ref).kind
        except (Rejected, Unavailable) as error:
            out[ref.remote_id] = f"{type(error).__name__}: {error}"
    return out


class TestArchivesInTheInbox(SourceContract):
    @pytest.fixture
    def source(self, tmp_path):
        archive(
            tmp_path / "a.zip", {"1.fit": fit(0), "b.zip": zip_bytes({"2.fit.gz": gzip.compress(fit(1))})}
        )
        return FolderSource(tmp_path, now=NOW)

    @pytest.fixture
    def unreachable(self, tmp_path):
        return FolderSource(tmp_path / "media" / "GARMIN", now=NOW)


def test_what_garmin_connect_exports_of_a_run_is_read(tmp_path):
    original = shared_path("field", "files", "10c_garmin_original.zip").read_bytes()
    (tmp_path / "12345.zip").write_bytes(original)
    os.utime(tmp_path / "12345.zip", (EARLIER, EARLIER))
    assert found(FolderSource(tmp_path, now=NOW)) == {"12345.zip/12345_ACTIVITY.fit": "fit"}


def test_what_is_skipped_in_an_archive_is_said(tmp_path):
    archive(tmp_path / "in" / "x.zip", {"run.fit": fit(0), "a.jpg": b"x", "b.jpg": b"x", "notes.txt": b"x"})
    archive(tmp_path / "in" / "photos.zip", {"a.jpg": b"x"})
    source = FolderSource(tmp_path / "in", now=NOW, state=tmp_path)
    assert found(source) == {
        "x.zip/run.fit": "fit",
        "photos.zip": "Foreign: a zip archive without a recording, not a recorded activity",
    }
    assert source.remarks() == (
        "photos.zip: 1 file in it is no recording (jpg 1)",
        "x.zip: 3 files in it are no recordings (jpg 2, txt 1)",
    )
    assert source.ignored() == ("photos.zip/a.jpg", "x.zip/a.jpg", "x.zip/b.jpg", "x.zip/notes.txt")


def test_no_archive_at_all_is_one_sentence(tmp_path):
    for name, content in {
        "cut.zip": zip_bytes({"a.fit": fit(0)})[:-30],
        "empty.zip": b"",
        "fit.zip": fit(0),
    }.items():
        (tmp_path / name).write_bytes(content)
        os.utime(tmp_path / name, (EARLIER, EARLIER))
    sentence = "Rejected: no zip archive, or it is cut short: download it again"
    assert found(FolderSource(tmp_path, now=NOW)) == dict.fromkeys(
        ("cut.zip", "empty.zip", "fit.zip"), sentence
    )


def test_each_trouble_in_an_archive_is_one_sentence_and_hides_nothing_else(tmp_path):
    files = {
        "../../outside.fit": fit(0),
        "/etc/run.fit": fit(1),
        "جري الصباح.fit": fit(2),
        "bomb.fit": bytes(80 << 20),
        "bomb.fit.gz": gzip.compress(bytes(80 << 20)),
        "a/b.zip": zip_bytes(
            {"c.zip": zip_bytes({"deep.zip": zip_bytes({"x.fit": fit(3)}), "y.fit": fit(4)})}
        ),
        "broken.zip": zip_bytes({"a.fit": fit(0)})[:-40],
    }
    archive(tmp_path / "in" / "x.zip", files)
    before = sorted(tmp_path.rglob("*"))
    assert found(FolderSource(tmp_path / "in", now=NOW)) == {
        "x.zip/../../outside.fit": "fit",
        "x.zip//etc/run.fit": "fit",
        "x.zip/جري الصباح.fit": "fit",
        "x.zip/bomb.fit": "Rejected: unpacks to more than a recorded run can have",
        "x.zip/bomb.fit.gz": "Rejected: unpacks to more than 7 MB: not a recorded run",
        "x.zip/a/b.zip/c.zip/y.fit": "fit",
        "x.zip/a/b.zip/c.zip/deep.zip": ("Rejected: an archive inside archives, not opened: unpack it first"),
        "x.zip/broken.zip": "Rejected: damaged archive",
    }
    assert sorted(tmp_path.rglob("*")) == before


def test_two_entries_of_one_name_are_two_recordings(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as double, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        double.writestr("run.fit", fit(0))
        double.writestr("run.fit", fit(1))
    os.utime(tmp_path / "x.zip", (EARLIER, EARLIER))
    source = FolderSource(tmp_path, now=NOW)
    assert [source.fetch(ref).content for ref in source.list_since("")] == [fit(0), fit(1)]


def test_an_archive_that_just_changed_waits_for_the_next_cycle(tmp_path):
    archive(tmp_path / "x.zip", {"run.fit": fit(0)}, (NOW - timedelta(seconds=2)).timestamp())
    source = FolderSource(tmp_path, now=NOW)
    assert list(source.list_since("")) == []
    assert source.remarks() == ("1 file changed a moment ago: read in the next sync",)


def test_an_archive_that_changed_since_it_was_listed_is_read_in_the_next_cycle(tmp_path):
    archive(tmp_path / "a.zip", {"run.fit": fit(0)})
    archive(tmp_path / "b.zip", {"run.fit": fit(1)})
    source = FolderSource(tmp_path, now=NOW)
    first, second = source.list_since("")
    archive(tmp_path / "a.zip", {"run.fit": fit(0), "more.fit": fit(2)})
    with pytest.raises(Unavailable, match="still being written"):
        source.fetch(first)
    assert source.fetch(second).content == fit(1)
    os.utime(tmp_path / "a.zip", (EARLIER + 9, EARLIER + 9))
    assert len(found(FolderSource(tmp_path, now=NOW))) == 3


def test_an_archive_that_is_written_over_while_it_is_read_is_read_again(tmp_path):
    path = archive(tmp_path / "x.zip", {f"{n}.fit": fit(n) for n in range(3)})
    source = FolderSource(tmp_path, now=NOW)
    refs = list(source.list_since(""))
    assert source.fetch(refs[0]).content == fit(0)
    with path.open("r+b") as file:
        file.truncate(300)
        file.write(b"\0" * 4000)
    with pytest.raises(Unavailable, match="still being written"):
        source.fetch(refs[2])


def test_a_known_archive_is_not_opened_again(tmp_path):
    state = tmp_path / "state"
    path = archive(tmp_path / "in" / "x.zip", {"run.fit": fit(0), "photo.jpg": b"x"})
    first = FolderSource(tmp_path / "in", now=NOW, state=state)
    listed = list(first.list_since(""))
    assert first.remarks() == ("x.zip: 1 file in it is no recording (jpg 1)",)
    path.write_bytes(b"\0" * path.stat().st_size)  # would be damaged now
    os.utime(path, (EARLIER, EARLIER))
    second = FolderSource(tmp_path / "in", now=NOW, state=state)
    assert list(second.list_since("")) == listed
    assert second.remarks() == ()


@pytest.mark.parametrize(
    "kept", [b"", b"{}", b"[]", b'{"schema": "syncd.inbox-archives/1", "archives": {"x.zip": 1}}']
)
def test_a_damaged_memory_of_archives_is_made_anew(tmp_path, kept):
    archive(tmp_path / "in" / "x.zip", {"run.fit": fit(0)})
    (tmp_path / "archives.json").write_bytes(kept)
    assert found(FolderSource(tmp_path / "in", now=NOW, state=tmp_path)) == {"x.zip/run.fit": "fit"}


def test_a_state_that_cannot_be_written_only_costs_time(tmp_path):
    archive(tmp_path / "in" / "x.zip", {"run.fit": fit(0)})
    (tmp_path / "archives.json").mkdir()
    assert found(FolderSource(tmp_path / "in", now=NOW, state=tmp_path)) == {"x.zip/run.fit": "fit"}


def test_the_export_of_a_service_is_read_with_its_tables(tmp_path):
    archive(tmp_path / "export_1.zip", strava_files())
    archive(tmp_path / "garmin.zip", garmin_files())
    source = FolderSource(tmp_path, now=NOW)
    ref = reference(source, "101.fit.gz")
    assert ref.remote_id == "strava-export:activities/101.fit.gz"
    assert source.comment_of(ref, START).rpe == 7
    assert source.sport_of(reference(source, "104.gpx"), START).sport == "cycling"
    assert source.comment_of(reference(source, "me_1.fit"), START) == ExportedComment("Bergamo Running", 6.0)
    assert source.comment_of(ref, START).name.startswith("Club night")  # opened again


def test_a_newer_download_of_an_export_is_known_by_what_is_in_it(tmp_path):
    archive(tmp_path / "old" / "export_1.zip", strava_files())
    archive(tmp_path / "new" / "export_2.zip", strava_files())
    old, new = (list(FolderSource(tmp_path / name, now=NOW).list_since("")) for name in ("old", "new"))
    assert old == new


def test_nothing_stays_open(tmp_path):
    archive(tmp_path / "garmin.zip", garmin_files())
    before = set(Path("/proc/self/fd").iterdir())
    source = FolderSource(tmp_path, now=NOW)
    found(source)
    source.remarks()
    assert set(Path("/proc/self/fd").iterdir()) == before


# --- archives that end the process that opens them


def test_an_archive_that_ends_the_process_twice_is_passed_the_third_time(tmp_path, monkeypatch):
    inbox, state = tmp_path / "inbox", tmp_path / "state"
    archive(inbox / "a.zip", {"1.fit": fit(0)})
    archive(inbox / "b.zip", {"2.fit": fit(1)})
    opened = archived.ExportSource

    class Deadly:
        def __new__(cls, path, **more):
            if path.name == "a.zip":
                os._exit(9)
            return opened(path, **more)

    def listed():
        return [ref.remote_id for ref in FolderSource(inbox, now=NOW, state=state).list_since("")]

    monkeypatch.setattr(archived, "ExportSource", Deadly)
    for _ in range(2):
        pid = os.fork()
        if not pid:
            listed()
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    assert listed() == ["a.zip", "b.zip/2.fit"]
    source = FolderSource(inbox, now=NOW, state=state)
    with pytest.raises(Rejected, match="set aside: syncd ended while opening it"):
        source.fetch(next(iter(source.list_since(""))))
    monkeypatch.setattr(archived, "ExportSource", opened)
    assert listed() == ["a.zip", "b.zip/2.fit"]  # this version leaves it alone
    monkeypatch.setattr(archived, "version", lambda _: "99.0")
    assert listed() == ["a.zip/1.fit", "b.zip/2.fit"]


def test_nonsense_in_one_archive_costs_that_archive(tmp_path, monkeypatch):
    archive(tmp_path / "a.zip", {"1.fit": fit(0)})
    archive(tmp_path / "b.zip", {"2.fit": fit(1)})
    opened = archived.ExportSource

    def confused(path, **more):
        if path.name == "a.zip":
            raise struct.error("unpack requires a buffer of 30 bytes")
        return opened(path, **more)

    monkeypatch.setattr(archived, "ExportSource", confused)
    source = FolderSource(tmp_path, now=NOW)
    first, second = source.list_since("")
    assert second.remote_id == "b.zip/2.fit"
    with pytest.raises(Rejected, match="cannot be opened"):
        source.fetch(first)


def test_an_order_to_stop_is_not_held_against_an_archive(tmp_path, monkeypatch):
    archive(tmp_path / "inbox" / "a.zip", {"1.fit": fit(0)})

    def stopped(*_, **__):
        raise KeyboardInterrupt

    opened = archived.ExportSource
    monkeypatch.setattr(archived, "ExportSource", stopped)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            FolderSource(tmp_path / "inbox", now=NOW, state=tmp_path / "state").list_since("")
    monkeypatch.setattr(archived, "ExportSource", opened)
    source = FolderSource(tmp_path / "inbox", now=NOW, state=tmp_path / "state")
    assert [ref.remote_id for ref in source.list_since("")] == ["a.zip/1.fit"]
