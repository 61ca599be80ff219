"""Files are whole or absent, and those that hold logins belong to one user alone."""

import errno
import os

import pytest

from syncd.credentials import CredentialError, load
from syncd.durable import sync_folder, write_whole


def refusing(monkeypatch, number: int) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)


def test_a_file_system_that_cannot_sync_a_folder_is_lived_with(tmp_path, monkeypatch):
    refusing(monkeypatch, errno.EINVAL)
    sync_folder(tmp_path)


def test_a_folder_that_could_not_be_written_is_not_passed_over(tmp_path, monkeypatch):
    refusing(monkeypatch, errno.EIO)
    with pytest.raises(OSError, match="Input/output error"):
        sync_folder(tmp_path)


def test_content_that_did_not_reach_the_disk_leaves_the_earlier_file(tmp_path, monkeypatch):
    file = tmp_path / "login.json"
    write_whole(file, b"earlier")
    refusing(monkeypatch, errno.ENOSPC)
    with pytest.raises(OSError, match=r"login\.json"):
        write_whole(file, b"later")
    assert [path.name for path in tmp_path.iterdir()] == ["login.json"]
    assert file.read_bytes() == b"earlier"


def test_a_login_of_another_user_is_refused_with_the_chown(tmp_path, monkeypatch):
    file = tmp_path / "login.json"
    file.touch(mode=0o600)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(CredentialError, match=rf"belongs to another user: run `chown {os.getuid() + 1} "):
        load(file)


def test_a_login_whose_folder_is_a_file_cannot_be_read(tmp_path):
    (tmp_path / "logins").touch()
    with pytest.raises(CredentialError, match="cannot be read: Not a directory"):
        load(tmp_path / "logins" / "garmin.json")
