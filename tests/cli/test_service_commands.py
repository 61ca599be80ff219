"""`service` and `--service` with a systemd: what is asked of it, and what the runner is told."""

import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

from syncd.daemon.state_file import DaemonState, DaemonStateFile, only_service
from syncd.paths import locate
from syncd.service.installing import user_units

# Each program writes down what it was asked; files beside it say how things stand.
SYSTEMCTL = """#!/bin/sh
here=$(dirname "$0")
[ "$1" = --user ] && shift
echo "systemctl $*" >> "$here/asked"
case $1 in
    start|restart) touch "$here/active" ;;
    stop) rm -f "$here/active" ;;
    enable) touch "$here/enabled" ;;
    disable) rm -f "$here/enabled" ;;
    is-enabled) [ -e "$here/enabled" ] ;;
    is-active) [ -e "$here/active" ] ;;
    show)
        [ -e "$here/enabled" ] && printf 'LoadState=loaded\\nUnitFileState=enabled\\n'
        [ -e "$here/active" ] && echo ActiveState=active || echo ActiveState=failed
        cat "$here/told" 2>/dev/null || true ;;
esac
"""
LOGINCTL = """#!/bin/sh
here=$(dirname "$0")
echo "loginctl $*" >> "$here/asked"
case $1 in
    show-user) cat "$here/lingers" 2>/dev/null || echo no ;;
    enable-linger) [ ! -e "$here/refuses" ] ;;
esac
"""
SYSTEMD_RUN = """#!/bin/sh
here=$(dirname "$0")
printf '%s\\n' "$@" > "$here/run"
[ ! -e "$here/refuses" ] || exit 3
"""


@dataclass
class Systemd:
    """The programs of a systemd in a folder."""

    bin: Path

    def is_so(self, name: str, text: str = "") -> None:
        (self.bin / name).write_text(text)

    def asked(self) -> list[str]:
        """What was asked since the last time."""
        file = self.bin / "asked"
        found = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return found


@pytest.fixture
def systemd(tmp_path, monkeypatch) -> Systemd:
    """A machine with a systemd, and a session of this user; syncd lies outside of all homes."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in (("systemctl", SYSTEMCTL), ("loginctl", LOGINCTL), ("systemd-run", SYSTEMD_RUN)):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    is_dir = Path.is_dir
    there = {"/run/systemd/system", f"/run/user/{os.getuid()}/systemd"}
    monkeypatch.setattr(Path, "is_dir", lambda path: str(path) in there or is_dir(path))
    return Systemd(folder)


@pytest.fixture
def no_root(monkeypatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


# --- install


def test_installing_says_what_was_done_and_what_holds_from_now_on(syncd, initialised, systemd, no_root):
    said = syncd("service", "install")
    assert said.code == 0
    first, *_ = said.out.splitlines()
    assert first == f"Wrote {user_units() / 'syncd.service'}."
    assert "Started syncd.service." in said.out
    assert "syncd.service is running: started" in said.out
    assert "the part of the sandbox that hides folders is left out" in said.out
    assert "It also runs while you are logged out." in said.out
    assert "loginctl enable-linger" in systemd.asked()


def test_installing_again_changes_nothing(syncd, initialised, systemd, no_root):
    syncd("service", "install")
    systemd.is_so("lingers", "yes")
    systemd.asked()
    said = syncd("service", "install")
    assert said.out.startswith("Everything is installed already.\n")
    assert "lingering is on" in said.out
    verbs = {line.split()[1] for line in systemd.asked()}
    assert verbs == {"is-enabled", "is-active", "show", "show-user"}


@pytest.mark.parametrize(("version", "restarted"), [("0.0.1", True), (None, False)])
def test_after_an_upgrade_only_an_earlier_service_is_restarted(
    syncd, initialised, systemd, no_root, version, restarted
):
    from importlib.metadata import version as version_of

    syncd("service", "install")
    state = locate().state
    with only_service(state):
        DaemonStateFile(state).write(DaemonState(version=version or version_of("syncd")))
        said = syncd("service", "install")
    assert ("Restarted syncd.service: it was an earlier version." in said.out) is restarted


def test_root_is_told_of_the_service_of_the_machine(syncd, initialised, systemd, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "syncd service install --system" in syncd("service", "install").out


def test_where_lingering_is_refused_it_says_when_the_service_ends(syncd, initialised, systemd, no_root):
    systemd.is_so("refuses")
    said = syncd("service", "install")
    assert "It stops when you log out of this machine" in said.out
    assert "sudo loginctl enable-linger" in said.out


def unit_of(syncd) -> str:
    assert syncd("service", "install").code == 0
    return (user_units() / "syncd.service").read_text()


def test_whose_workouts_go_to_a_service_is_sandboxed_whole(syncd, on_garmin, systemd, no_root):
    assert "ProtectSystem=strict" in unit_of(syncd)
    assert "PrivateUsers=yes" in (systemd.bin / "run").read_text()  # it was tried before


def test_where_the_system_refuses_sandboxes_that_part_is_left_out(syncd, on_garmin, systemd, no_root):
    systemd.is_so("refuses")
    assert "ProtectSystem=strict" not in unit_of(syncd)


def test_each_profile_is_an_instance_and_the_state_of_all_is_made(syncd, initialised, systemd, no_root):
    of_anna = locate("anna")
    of_anna.config.parent.mkdir(parents=True)
    of_anna.config.write_text(locate().config.read_text())
    said = syncd("--profile", "anna", "service", "install", "--json").json
    assert said["unit"] == "syncd@anna.service"
    assert (user_units() / "syncd@.service").exists()


# --- status


def test_the_status_of_what_was_never_installed_says_what_to_run(syncd, initialised, systemd):
    said = syncd("service", "status")
    assert (said.code, said.out) == (
        1,
        "syncd.service is not installed. Run: syncd service install\n",
    )


@pytest.mark.parametrize(
    ("active", "told", "line"),
    [
        (True, "StatusText=Checking for new runs", "syncd.service is running: Checking for new runs"),
        (True, "NRestarts=2", "syncd.service is running (restarted itself 2 times): started"),
        (False, "", "syncd.service has failed. See: journalctl -u syncd.service"),
        (False, "StatusText=no room", "syncd.service has failed: no room. See: journalctl -u syncd.service"),
    ],
)
def test_the_status_is_one_line_and_exit_0_only_while_it_runs(
    syncd, initialised, systemd, active, told, line
):
    systemd.is_so("enabled")
    systemd.is_so("told", told)
    if active:
        systemd.is_so("active")
    said = syncd("service", "status")
    assert (said.code, said.out) == (0 if active else 1, f"{line}\n")


# --- uninstall


def test_taken_away_the_data_stay_and_the_second_time_there_is_nothing(syncd, initialised, systemd, no_root):
    syncd("service", "install")
    said = syncd("service", "uninstall")
    kept = "Your configuration, logins and runs stay where they are.\n"
    assert said.out == (
        f"Stopped syncd.service.\nDisabled syncd.service.\nRemoved {user_units() / 'syncd.service'}.\n{kept}"
    )
    assert locate().config.exists()
    assert syncd("service", "uninstall").out == f"The service was not installed.\n{kept}"


@pytest.mark.parametrize("word", ["install", "uninstall"])
def test_the_service_of_the_machine_is_for_root(syncd, initialised, systemd, no_root, word):
    said = syncd("service", word, "--system")
    assert (said.code, f"sudo syncd service {word} --system" in said.err) == (2, True)


def test_who_has_no_session_is_told_how_to_get_one(syncd, initialised, monkeypatch):
    monkeypatch.setenv("LOGNAME", "runa")
    monkeypatch.setattr(Path, "is_dir", lambda path: str(path) == "/run/systemd/system")
    said = syncd("service", "status")
    assert said.code == 2
    assert "with: sudo loginctl enable-linger runa" in said.err


# --- the system's service from the command line


@pytest.fixture
def outside_homes(tmp_path, monkeypatch) -> Path:
    """An installation where a service of the system may look."""
    scripts = tmp_path / "opt" / "bin"
    scripts.mkdir(parents=True)
    program = scripts / "syncd"
    program.touch()
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(scripts))
    monkeypatch.setattr(sys, "executable", "/opt/syncd/bin/python")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return program


def test_a_command_as_the_service_is_run_by_systemd_with_its_user_and_state(syncd, systemd, outside_homes):
    assert syncd("auth", "garmin", "--json", "--service", "anna").code == 0
    argv = (systemd.bin / "run").read_text().splitlines()
    assert {
        "--property=User=syncd-anna",
        "--property=StateDirectory=syncd-anna",
        "--property=Environment=HOME=/var/lib/syncd-anna SYNCD_PROFILE=anna",
    } <= set(argv)
    assert argv[argv.index("--") + 1 :] == [str(outside_homes), "auth", "garmin", "--json"]


def test_the_code_of_a_command_as_the_service_is_its_own(syncd, systemd, outside_homes):
    systemd.is_so("refuses")
    assert syncd("status", "--service").code == 3
    assert "--property=Environment=HOME=/var/lib/syncd" in (systemd.bin / "run").read_text().splitlines()


def test_a_name_that_cannot_be_a_user_is_refused(syncd, systemd, outside_homes):
    said = syncd("status", "--service=Anna")
    assert (said.code, "--service Anna: use lower-case letters" in said.err) == (2, True)


def test_without_systemd_the_option_is_to_be_left_out(syncd, outside_homes, monkeypatch):
    monkeypatch.setattr(Path, "is_dir", lambda path: False)
    said = syncd("status", "--service")
    assert (said.code, "is not running here: leave it out" in said.err) == (2, True)


def test_an_installation_in_a_home_is_refused_for_the_service(syncd, systemd, outside_homes, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/home/runa/venv/bin/python")
    said = syncd("status", "--service")
    assert (said.code, "is installed under /home" in said.err) == (2, True)


# --- run


def test_run_becomes_the_daemon_with_its_profile_configuration_and_log(syncd, tmp_path, monkeypatch):
    became = []

    def exec_in_place(program: str, argv: list[str]) -> None:
        named = {name: os.environ.get(f"SYNCD_{name}") for name in ("PROFILE", "CONFIG", "LOG")}
        became.append((argv[1:], named))

    monkeypatch.setattr(os, "execv", exec_in_place)
    for name in ("SYNCD_PROFILE", "SYNCD_CONFIG", "SYNCD_LOG"):
        monkeypatch.setenv(name, "")  # what the command sets goes with the test
        monkeypatch.delenv(name)
    assert syncd("run").code == 0
    config = tmp_path / "c.toml"
    assert syncd("--profile", "anna", "--config", config, "run", "--json").code == 0
    daemon = ["-P", "-m", "syncd.daemon"]
    assert became == [
        (daemon, {"PROFILE": None, "CONFIG": None, "LOG": None}),
        (daemon, {"PROFILE": "anna", "CONFIG": str(config), "LOG": "json"}),
    ]
