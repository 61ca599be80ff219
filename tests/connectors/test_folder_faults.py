"""What the file system says of a folder, as a sentence that says what to do."""

import errno
import json
import os

import pytest

from syncd.connectors.base import Rejected, Unavailable
from syncd.connectors.folder import FolderSink
from syncd.connectors.folder.faults import faults_of
from syncd.formats.ics import CalendarEntry
from tests.connectors.contract import TUESDAY, WINDOW, key, workout


def said_of(folder, number: int, file: str | None = None) -> str:
    with pytest.raises(Unavailable) as fault, faults_of(folder, "outbox"):
        raise OSError(number, os.strerror(number), file)
    return str(fault.value)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_folder_is_to_be_given_room(tmp_path, number):
    assert said_of(tmp_path, number) == f"{tmp_path} is full: make room, the next sync goes on"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_folder_that_is_forbidden_is_to_be_opened_or_another_named(tmp_path, number):
    said = said_of(tmp_path, number, "/media/watch/a.fit")
    assert said == (
        f"/media/watch/a.fit: {os.strerror(number)}; give syncd the right to it, or set [folder] outbox"
    )
    assert said_of(tmp_path, number).startswith(f"{tmp_path}: ")


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ENODEV, errno.EIO])
def test_a_watch_that_was_unplugged_is_to_be_plugged_in(tmp_path, number):
    assert said_of(tmp_path / "watch", number).startswith(
        f"{tmp_path / 'watch'} is not there: plug the watch in"
    )


def test_a_file_in_the_place_of_the_folder_is_told_as_that(tmp_path):
    place = tmp_path / "watch"
    place.touch()
    assert said_of(place, errno.ENOTDIR) == f"{place} is not a folder: name one in [folder] outbox"


@pytest.mark.parametrize("number", [errno.EIO, errno.EINVAL])
def test_any_other_fault_of_a_folder_that_is_there_is_tried_again(tmp_path, number):
    assert said_of(tmp_path, number) == f"{tmp_path}: {os.strerror(number)}; the next sync tries again"


def test_a_calendar_is_not_written_while_the_watch_is_away(tmp_path):
    entry = CalendarEntry("2026w12-3", TUESDAY, "3 x 8 min HM", "15min E")
    with pytest.raises(Unavailable, match="plug the watch in"):
        FolderSink(tmp_path / "watch", "me").write_calendar([entry])


@pytest.mark.parametrize("damage", ["none", "[syncd]"])
def test_an_index_with_an_owner_that_nobody_knows_is_made_anew_from_the_files(tmp_path, damage):
    sink, made = FolderSink(tmp_path, "me"), workout(name="3 x 8 min HM")
    name = sink.put(TUESDAY, made, key(made))
    (index,) = tmp_path.glob(".*.json")
    whole = json.loads(index.read_text())
    whole["files"][name][0]["key"] = damage
    index.write_text(json.dumps(whole))
    (found,) = FolderSink(tmp_path, "me").list_owned(WINDOW)
    assert (found.remote_id, found.key) == (name, key(made))


def test_a_file_of_ours_that_became_something_else_cannot_be_read_back(tmp_path):
    sink, made = FolderSink(tmp_path, "me"), workout(name="3 x 8 min HM")
    name = sink.put(TUESDAY, made, key(made))
    (tmp_path / name).write_bytes(b"no workout")
    with pytest.raises(Rejected, match="cannot be read back"):
        sink.read_back(name)
