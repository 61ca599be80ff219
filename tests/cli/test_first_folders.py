"""Whatever command comes first, the folders that it makes are the runner's alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.connectors.garmin.tokens import GarminTokenFile
from tests.connectors.garmin.conftest import log_in

INIT = ("init", "--yes", "--source", "garmin", "--sink", "garmin", "--timezone", "Europe/Rome")


@pytest.fixture(params=[0o022, 0o000, 0o077, 0o002], ids="{:03o}".format)
def usual_umask(request) -> Iterator[None]:
    """Others may read what a program does not keep to itself."""
    earlier = os.umask(request.param)
    yield
    os.umask(earlier)


@pytest.fixture
def tokens(garmin, tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    log_in(garmin, GarminTokenFile(folder / "garmin_tokens.json"))
    return folder


def open_to_others(home: Path) -> list[str]:
    """Folders that somebody else can list or enter."""
    folders = [path for path in home.rglob("*") if path.is_dir()]
    return [str(path.relative_to(home)) for path in folders if path.stat().st_mode & 0o077]


def files_open_to_others(home: Path) -> list[str]:
    """Files of ours that somebody else can read; the library's own tokens are those of the test."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return [str(path.relative_to(home)) for path in files if path.stat().st_mode & 0o077]


@pytest.mark.parametrize("profile", [(), ("--profile", "anna")])
def test_folders_of_first_commands_are_private(syncd, home, usual_umask, tokens, profile):
    assert syncd(*INIT, *profile).code == 0
    assert open_to_others(home) == []
    assert syncd("auth", "garmin", "--tokens", tokens, *profile).code == 0
    assert open_to_others(home) == []
    assert syncd("sync", *profile).code == 0
    assert syncd("tidy", *profile).code == 0
    assert syncd("export", home / "mine", *profile).code == 0
    assert open_to_others(home) == []
    assert files_open_to_others(home) == []


def test_doctor_after_a_first_login_has_nothing_to_say_of_permissions(syncd, home, usual_umask, tokens):
    syncd(*INIT)
    syncd("auth", "garmin", "--tokens", tokens)
    found = {check["name"]: check for check in syncd("doctor", "--offline", "--json").json["checks"]}
    assert found["permissions"]["state"] == "ok"


def test_folders_beside_a_configuration_that_was_named_are_private(syncd, home, usual_umask):
    assert syncd(*INIT, "--config", home / "training/syncd/config.toml").code == 0
    assert open_to_others(home) == []


def test_a_folder_that_was_there_stays_as_it_was(syncd, home, usual_umask):
    (home / ".config").mkdir()
    (home / ".config").chmod(0o755)
    assert syncd(*INIT).code == 0
    assert open_to_others(home) == [".config"]


@pytest.mark.parametrize("umask", [0o177, 0o277, 0o777], ids="{:03o}".format)
def test_a_umask_never_takes_rights_from_the_owner(home, umask):
    inbox = home / "inbox"
    inbox.mkdir()
    init = ("init", "--yes", "--source", "folder", "--sink", "folder", "--timezone", "Europe/Rome")
    for words in (
        (*init, "--inbox", inbox, "--outbox", inbox),
        ("sync",),
        ("tidy",),
        ("export", home / "mine"),
    ):
        command = [sys.executable, "-m", "syncd", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, umask=umask)
        assert done.returncode == 0, (words, done.stderr)
    made = [path for path in home.rglob("*") if path != inbox]
    assert {oct(path.stat().st_mode & 0o777) for path in made if path.is_dir()} == {"0o700"}
    assert {oct(path.stat().st_mode & 0o777) for path in made if path.is_file()} <= {"0o600", "0o644"}
