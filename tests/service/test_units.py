"""The units say what the program's place is, and nothing else changes in them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from syncd.service.shipped import shipped
from syncd.service.units import UserPlaces, instance_name, system_unit, user_unit, why_not_for_the_system

PLACES = UserPlaces(
    Path("/home/runa/.local/bin/syncd"),
    Path("/home/runa/.config/syncd/config.toml"),
    Path("/home/runa/.local/state/syncd"),
)


def lines(text):
    return set(text.splitlines())


def test_only_the_program_differs_in_the_systems_unit():
    text = shipped("systemd/syncd.service")
    changed = system_unit(text, Path("/opt/my syncd/bin/syncd"))
    assert lines(changed) - lines(text) == {'ExecStart="/opt/my syncd/bin/syncd" run'}
    assert lines(text) - lines(changed) == {"ExecStart=/opt/syncd/bin/syncd run"}


def test_the_template_is_the_same_unit_for_a_profile():
    one, many = shipped("systemd/syncd.service"), shipped("systemd/syncd@.service")
    assert {line for line in lines(many) - lines(one) if not line.startswith("#")} == {
        "Description=syncd for %i: scores runs, adapts the plan, keeps workouts on the watch",
        "User=syncd-%i",
        "StateDirectory=syncd-%i",
        "CacheDirectory=syncd-%i",
        (
            "Environment=SYNCD_PROFILE=%i HOME=%S/syncd-%i SQLITE_TMPDIR=%C/syncd-%i "
            "PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1"
        ),
        "LoadCredential=syncd:/etc/syncd/%i/credentials",
    }


def test_a_persons_unit_names_program_configuration_and_state():
    text = user_unit(shipped("systemd/syncd-user.service"), PLACES, profile=False, sandboxed=True)
    assert {
        "ExecStart=/home/runa/.local/bin/syncd run",
        'Environment="SYNCD_CONFIG=/home/runa/.config/syncd/config.toml"',
        'Environment="SYNCD_STATE=/home/runa/.local/state/syncd"',
        "ReadWritePaths=/home/runa/.local/state/syncd",
        "ProtectSystem=strict",
    } <= lines(text)


def test_a_persons_template_finds_each_profiles_configuration():
    config = Path("/home/runa/.config/syncd/anna/config.toml")
    places = UserPlaces(PLACES.program, config, PLACES.state)
    text = user_unit(shipped("systemd/syncd-user.service"), places, profile=True, sandboxed=True)
    assert 'Environment="SYNCD_CONFIG=/home/runa/.config/syncd/%i/config.toml"' in lines(text)
    assert "Environment=SYNCD_PROFILE=%i" in lines(text)


def test_where_sandboxes_are_refused_only_that_part_is_left_out():
    whole, reduced = (
        user_unit(shipped("systemd/syncd-user.service"), PLACES, profile=False, sandboxed=each)
        for each in (True, False)
    )
    assert "ProtectSystem=strict" not in reduced
    assert "MemoryDenyWriteExecute=yes" in reduced
    assert reduced.endswith("[Install]\nWantedBy=default.target\n")
    assert lines(reduced) < lines(whole)


@pytest.mark.parametrize("path", ['/home/100% "me"/syncd', "/home/a b/syncd"])
def test_odd_names_of_folders_are_written_as_systemd_reads_them(path):
    places = UserPlaces(Path(path), Path(path) / "c.toml", Path(path))
    text = user_unit(shipped("systemd/syncd-user.service"), places, profile=False, sandboxed=True)
    (line,) = [each for each in text.splitlines() if each.startswith("ExecStart=")]
    inner = line.removeprefix('ExecStart="').removesuffix('" run')
    assert inner.replace("%%", "%").replace('\\"', '"') == path


def test_a_place_in_a_home_is_refused_for_the_system(tmp_path):
    assert "is installed under /home" in why_not_for_the_system(Path("/home/runa/venv/bin/syncd"))
    assert "is installed under /root" in why_not_for_the_system(
        Path("/opt/x"), Path("/root/.pyenv/bin/python")
    )
    assert why_not_for_the_system(Path("/opt/syncd/bin/syncd")) == ""


def test_a_profile_that_cannot_be_a_user_name_is_no_instance():
    assert instance_name("anna-2")
    assert not any(map(instance_name, ("Anna", "a" * 26, "2a", "a_b", "")))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is missing")
@pytest.mark.parametrize("name", ["syncd.service", "syncd@.service"])
def test_the_systems_units_are_at_most_1_5_exposed_and_have_no_unknown_line(tmp_path, name):
    file = tmp_path / name.replace("@", "@anna")
    file.write_text(system_unit(shipped(f"systemd/{name}"), Path("/bin/true")))
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager", file],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_COLORS": "0"},
    )
    assert done.returncode == 0, done.stdout[-300:] + done.stderr
    assert "Unknown" not in done.stderr


def test_the_wheel_and_the_working_copy_ship_the_same_names():
    for name in ("systemd/syncd.service", "systemd/syncd-user.service", "config.example.toml"):
        assert shipped(name)
    with pytest.raises(FileNotFoundError, match="reinstall syncd"):
        shipped("systemd/other.service")


@pytest.mark.parametrize("name", ["syncd.service", "syncd@.service", "syncd-user.service"])
def test_one_process_that_runs_out_of_memory_does_not_end_the_service(name):
    text = shipped(f"systemd/{name}")
    assert "OOMPolicy=continue" in lines(text)
    assert "OOMScoreAdjust" not in text  # the loop keeps its own; what it starts raises theirs
