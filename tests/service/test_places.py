"""Which configuration belongs to which service, and where units and the program are."""

import sys
import sysconfig
from pathlib import Path

import pytest

from syncd.service.installing import InstallReport, restart, system_instance, system_service, user_service
from syncd.service.program import program_path
from syncd.service.systemd import Systemctl
from syncd.service.units import UserPlaces
from tests.service.test_installing import Manager


@pytest.mark.parametrize(
    ("config", "instance"),
    [
        ("/etc/syncd/config.toml", ""),
        ("/etc/syncd/anna/config.toml", "anna"),
        ("/etc/syncd/anna/old.toml", None),
        ("/home/anna/.config/syncd/config.toml", None),
    ],
)
def test_a_configuration_of_the_machine_is_for_the_service_of_its_folder(config, instance):
    assert system_instance(Path(config)) == instance


@pytest.mark.parametrize(
    ("profile", "name", "file"),
    [("", "syncd.service", "syncd.service"), ("anna", "syncd@anna.service", "syncd@.service")],
)
def test_the_unit_of_the_machine_is_among_the_systems(profile, name, file):
    unit = system_service(Path("/opt/syncd/bin/syncd"), profile)
    assert (unit.name, unit.file, unit.folder) == (name, file, Path("/etc/systemd/system"))
    assert "ExecStart=/opt/syncd/bin/syncd run\n" in unit.text


def test_the_unit_of_a_person_is_where_that_persons_configuration_is(home, monkeypatch):
    config = home / ".config/syncd/config.toml"
    places = UserPlaces(Path("/opt/syncd/bin/syncd"), config, home / ".local/state/syncd")
    assert user_service(places, "", sandboxed=True).folder == home / ".config/systemd/user"
    monkeypatch.setenv("XDG_CONFIG_HOME", "/srv/runa")
    unit = user_service(places, "anna", sandboxed=True)
    assert (unit.name, unit.file) == ("syncd@anna.service", "syncd@.service")
    assert unit.folder == Path("/srv/runa/systemd/user")


def test_a_service_of_an_earlier_version_is_restarted_and_that_is_told():
    manager, done = Manager(), InstallReport()
    restart("syncd.service", Systemctl(user=True, commands=manager), done)
    assert manager.asked == ["restart syncd.service"]
    assert done.changed == ["restarted syncd.service: it was an earlier version"]


def test_the_program_is_the_one_beside_the_interpreter_else_what_was_called(tmp_path, monkeypatch):
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path / name))
    monkeypatch.setattr(sys, "argv", ["/srv/bin/syncd", "service", "install"])
    assert program_path() == Path("/srv/bin/syncd")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/syncd").touch()
    assert program_path() == tmp_path / "scripts/syncd"
