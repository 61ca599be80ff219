"""Runs from a directory that belongs to somebody else: read with care, never touched."""

import gzip
import hashlib
import os
import stat
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncd.connectors.base import ConnectorContext, Rejected, Unavailable
from syncd.connectors.folder import FOLDER, FolderSource
from tests.connectors.contract import SourceContract, reference

NOW = datetime(2026, 3, 17, 18, 40, tzinfo=UTC)
EARLIER = (NOW - timedelta(hours=1)).timestamp()


def write(path: Path, content: bytes = b"recording", changed_s: float = EARLIER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (changed_s, changed_s))
    return path


def listed(inbox: Path, **more) -> list[str]:
    return [ref.remote_id for ref in FolderSource(inbox, now=NOW, **more).list_since("")]


class TestFolderSource(SourceContract):
    @pytest.fixture
    def source(self, tmp_path):
        write(tmp_path / "a.fit")
        write(tmp_path / "GARMIN" / "ACTIVITY" / "B.FIT.GZ", gzip.compress(b"recording"))
        return FolderSource(tmp_path, now=NOW)

    @pytest.fixture
    def unreachable(self, tmp_path):
        return FolderSource(tmp_path / "media" / "GARMIN", now=NOW)


def test_fit_files_are_found_at_any_depth_in_any_case_in_a_stable_order(tmp_path):
    for name in ("b.FIT", "a.fit.gz", "2026/03/c.Fit", "GARMIN/d.FIT.GZ"):
        write(tmp_path / name)
    assert listed(tmp_path) == ["2026/03/c.Fit", "GARMIN/d.FIT.GZ", "a.fit.gz", "b.FIT"]


def test_hidden_and_half_written_files_and_other_kinds_are_left_out_and_counted(tmp_path):
    for name in (
        ".a.fit",
        ".cache/b.fit",
        "c.fit.part",
        "d.fit.crdownload",
        "e.fit.tmp",
        "f.gpx",
        "g.TCX.gz",
        "h.txt",
    ):
        write(tmp_path / name)
    write(tmp_path / "run.fit")
    source = FolderSource(tmp_path, now=NOW)
    assert [ref.name for ref in source.list_since("")] == ["f.gpx", "g.TCX.gz", "run.fit"]
    assert source.skipped.settling == 3


def test_a_file_that_just_changed_waits_for_the_next_cycle(tmp_path):
    write(tmp_path / "run.fit", changed_s=(NOW - timedelta(seconds=2)).timestamp())
    assert listed(tmp_path) == []
    assert listed(tmp_path, settle_s=0) == ["run.fit"]
    later = FolderSource(tmp_path, now=NOW + timedelta(seconds=10))
    assert [ref.name for ref in later.list_since("")] == ["run.fit"]


def test_a_file_from_a_watch_whose_clock_is_ahead_does_not_wait_for_ever(tmp_path):
    write(tmp_path / "run.fit", changed_s=(NOW + timedelta(days=300)).timestamp())
    assert listed(tmp_path) == ["run.fit"]


def test_the_fingerprint_changes_with_the_file(tmp_path):
    path = write(tmp_path / "run.fit")
    (before,) = FolderSource(tmp_path, now=NOW).list_since("")
    write(path, b"longer recording")
    (after,) = FolderSource(tmp_path, now=NOW).list_since("")
    assert before.remote_id == after.remote_id
    assert before.fingerprint != after.fingerprint


def test_a_single_file_is_an_inbox_too(tmp_path):
    source = FolderSource(write(tmp_path / "run.fit"), now=NOW)
    (ref,) = source.list_since("")
    assert (ref.remote_id, source.fetch(ref).content) == ("run.fit", b"recording")


def test_packed_files_come_unpacked(tmp_path):
    write(tmp_path / "run.fit.gz", gzip.compress(b"recording"))
    source = FolderSource(tmp_path, now=NOW)
    assert source.fetch(reference(source, "run.fit.gz")).content == b"recording"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (gzip.compress(bytes(20_000_000), mtime=0), "unpacks to more than"),
        (gzip.compress(b"recording", mtime=0)[:-6], "cut short"),
        (b"\x1f\x8b garbage", "damaged gzip"),
        (b"recording", "not a gzip file"),
    ],
)
def test_a_packed_file_that_is_none_is_rejected(tmp_path, content, reason):
    write(tmp_path / "run.fit.gz", content)
    source = FolderSource(tmp_path, now=NOW)
    with pytest.raises(Rejected, match=reason):
        source.fetch(reference(source, "run.fit.gz"))


def test_a_file_larger_than_any_recording_is_rejected(tmp_path):
    with (tmp_path / "run.fit").open("wb") as file:
        file.truncate((64 << 20) + 1)
    os.utime(tmp_path / "run.fit", (EARLIER, EARLIER))
    source = FolderSource(tmp_path, now=NOW)
    with pytest.raises(Rejected, match="more than 64 MB"):
        source.fetch(reference(source, "run.fit"))


def test_a_file_that_changed_since_it_was_listed_is_read_in_the_next_cycle(tmp_path):
    path = write(tmp_path / "run.fit")
    source = FolderSource(tmp_path, now=NOW)
    (ref,) = source.list_since("")
    write(path, b"more of the recording")
    with pytest.raises(Unavailable, match="still being written"):
        source.fetch(ref)


def test_a_file_that_went_away_is_no_tragedy(tmp_path):
    path = write(tmp_path / "run.fit")
    source = FolderSource(tmp_path, now=NOW)
    (ref,) = source.list_since("")
    path.unlink()
    with pytest.raises(Unavailable, match=r"run\.fit went away"):
        source.fetch(ref)


def test_an_unplugged_watch_is_told_in_one_sentence(tmp_path):
    with pytest.raises(Unavailable, match="is not there: plug the watch in"):
        FolderSource(tmp_path / "GARMIN", now=NOW).list_since("")


def test_links_are_followed_and_loops_end(tmp_path):
    inbox, elsewhere = tmp_path / "inbox", tmp_path / "elsewhere"
    write(inbox / "a.fit")
    write(elsewhere / "b.fit")
    (inbox / "loop").symlink_to(inbox)
    (inbox / "more").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(inbox)
    (inbox / "nowhere.fit").symlink_to(tmp_path / "absent")
    assert listed(inbox) == ["a.fit", "more/b.fit"]


def test_what_is_not_a_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.fit")
    (tmp_path / "folder.fit").mkdir()
    assert listed(tmp_path) == []


def test_a_name_that_is_not_utf8_can_be_kept_and_fetched(tmp_path):
    name = os.fsencode(tmp_path) + b"/L\xe4ufe.fit"
    with open(name, "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write(b"recording")
    os.utime(name, (EARLIER, EARLIER))
    source = FolderSource(tmp_path, now=NOW)
    (ref,) = source.list_since("")
    ref.remote_id.encode()
    assert source.fetch(ref).content == b"recording"


def test_a_reference_never_leads_out_of_the_inbox(tmp_path):
    write(tmp_path / "secret.fit")
    write(tmp_path / "inbox" / "run.fit")
    source = FolderSource(tmp_path / "inbox", now=NOW)
    (ref,) = source.list_since("")
    for path in ("../secret.fit", str(tmp_path / "secret.fit")):
        with pytest.raises(Rejected, match="not a path below"):
            source.fetch(type(ref)(ref.source, path, ref.fingerprint))


FORBIDDEN = """
import os, pathlib, sys
from datetime import UTC, datetime
from syncd.connectors.base import Unavailable
from syncd.connectors.folder import FolderSource
if os.geteuid() == 0:  # root may read anything
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
source = FolderSource(pathlib.Path(sys.argv[1]), settle_s=0, now=datetime.now(UTC))
for ref in source.list_since(""):
    try:
        source.fetch(ref)
    except Unavailable as error:
        print(error)
print(source.skipped.unreadable)
"""


def test_what_may_not_be_read_is_named_and_hides_nothing_else():
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder)
        inbox.chmod(0o755)
        write(inbox / "run.fit").chmod(0)
        write(inbox / "private" / "run.fit")
        (inbox / "private").chmod(0)
        done = subprocess.run(
            [sys.executable, "-c", FORBIDDEN, folder], capture_output=True, text=True, check=False, timeout=60
        )
        (inbox / "private").chmod(0o700)
    assert f"{folder}/run.fit: Permission denied; give syncd the right to it" in done.stdout, done.stderr
    assert "['private/']" in done.stdout


def test_reading_changes_nothing(tmp_path):
    write(tmp_path / "a.fit")
    write(tmp_path / "sub" / "b.fit.gz", gzip.compress(b"x"))

    def picture() -> list[tuple[str, str, int, int]]:
        return sorted(
            (
                str(p),
                hashlib.sha256(p.read_bytes()).hexdigest(),
                p.stat().st_mtime_ns,
                stat.S_IMODE(p.stat().st_mode),
            )
            for p in tmp_path.rglob("*")
            if p.is_file()
        )

    before = picture()
    source = FolderSource(tmp_path, now=NOW)
    for ref in source.list_since(""):
        source.fetch(ref)
    assert picture() == before


def test_the_connector_is_built_from_its_settings(tmp_path):
    context = ConnectorContext("me", NOW, tmp_path, tmp_path, {"inbox": str(tmp_path)})
    write(tmp_path / "run.fit")
    assert [ref.name for ref in FOLDER.source(context).list_since("")] == ["run.fit"]
    with pytest.raises(Rejected, match=r"\[folder\] outbox is not set"):
        FOLDER.sink(context)
