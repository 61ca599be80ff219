"""Token files are private, whole or absent, and spent by one process at a time."""

import os
import stat
import subprocess
import sys

import pytest

from syncd import credentials
from syncd.credentials import CredentialError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tokens" / "garmin.json"


@pytest.fixture
def open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def test_what_is_saved_is_loaded(path):
    credentials.save(path, '{"token": "ö"}')
    assert credentials.load(path) == '{"token": "ö"}'
    credentials.save(path, "another")
    assert credentials.load(path) == "another"


@pytest.mark.usefixtures("open_umask")
def test_nobody_else_may_read_it_whatever_the_umask(path):
    credentials.save(path, "secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nothing_is_left_beside_it(path):
    credentials.save(path, "secret")
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_no_file_is_no_token(path):
    assert credentials.load(path) is None
    assert credentials.remove(path) is False


def test_what_is_removed_is_gone(path):
    credentials.save(path, "secret")
    assert credentials.remove(path) is True
    assert credentials.load(path) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_file_that_others_can_read_is_refused_with_the_remedy(path, mode):
    credentials.save(path, "secret")
    path.chmod(mode)
    with pytest.raises(CredentialError, match=f"chmod 600 {path}"):
        credentials.load(path)


def test_a_credential_of_systemd_may_show_a_right_of_the_group(path):
    credentials.save(path, "secret")
    path.chmod(0o440)
    assert credentials.load(path, {"CREDENTIALS_DIRECTORY": str(path.parent)}) == "secret"
    with pytest.raises(CredentialError):
        credentials.load(path, {"CREDENTIALS_DIRECTORY": str(path.parent.parent)})


def test_a_folder_in_its_place_is_refused(path):
    path.mkdir(parents=True)
    with pytest.raises(CredentialError, match="is not a plain file"):
        credentials.load(path)


def test_a_link_is_refused_and_never_written_through(path, tmp_path):
    target = tmp_path / "other"
    target.write_text("theirs")
    target.chmod(0o600)
    path.parent.mkdir()
    path.symlink_to(target)
    with pytest.raises(CredentialError, match="is a link"):
        credentials.load(path)
    credentials.save(path, "ours")
    assert target.read_text() == "theirs"
    assert credentials.load(path) == "ours"


def test_a_pipe_is_refused_and_not_waited_for(path):
    path.parent.mkdir()
    os.mkfifo(path, 0o600)
    with pytest.raises(CredentialError, match="not a plain file"):
        credentials.load(path)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"\xff\xfe", "damaged"), (b"x" * 70_000, "too large")], ids=["bytes", "size"]
)
def test_what_cannot_be_tokens_is_refused(path, content, reason):
    credentials.save(path, "secret")
    path.write_bytes(content)
    with pytest.raises(CredentialError, match=reason):
        credentials.load(path)


def test_a_folder_that_is_a_file_is_said_in_one_line(tmp_path):
    (tmp_path / "tokens").write_text("")
    with pytest.raises(CredentialError, match="cannot be written"):
        credentials.save(tmp_path / "tokens" / "garmin.json", "secret")


def test_the_lock_keeps_other_processes_out_and_goes_with_its_holder(path):
    attempt = (
        "import fcntl, sys\n"
        "with open(sys.argv[1], 'r+') as file:\n"
        "    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
    )
    command = [sys.executable, "-c", attempt, f"{path}.lock"]
    with credentials.locked(path):
        assert b"BlockingIOError" in subprocess.run(command, capture_output=True).stderr
    assert subprocess.run(command, capture_output=True).returncode == 0
