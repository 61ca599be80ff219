"""A real systemd boots, a user installs the wheel, and the service goes through what services go through.

One story, because a machine takes its time to boot: each step is a sentence, and the times are printed
with `pytest -s`.
"""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.systemd.machine import Machine, NoBootError, why_not

FOLDER = Path(os.environ["SYNCD_TEST_MACHINE"]) if os.environ.get("SYNCD_TEST_MACHINE") else None
SYNCD = "/opt/syncd/bin/syncd"
CANARY = "canary-f3b1c9"
EMAIL, PASSWORD = "runner@example.org", "sandbox"
QUICK = "[Service]\nWatchdogSec=4s\nRestartSec=300ms\nTimeoutAbortSec=2s\n"

pytestmark = pytest.mark.skipif(bool(why_not(FOLDER)), reason=why_not(FOLDER) or "can be run")


@contextmanager
def booting():
    machine = Machine(FOLDER)
    try:
        machine.__enter__()
    except NoBootError as error:
        pytest.skip(f"no machine boots here: {error}")
    try:
        yield machine
    finally:
        machine.__exit__()


@pytest.fixture(scope="module")
def machine():
    with booting() as booted:
        booted.run("python3", "-m", "venv", "/opt/syncd")
        wheels = ("--no-index", "--no-cache-dir", "--find-links", "/srv/wheels")
        booted.run("/opt/syncd/bin/pip", "install", "-q", *wheels, "syncd[notify]")
        serve = (SYNCD, "sandbox", "serve", "--state", "/srv/sandbox", "--strava", "--json")
        booted.run("systemd-run", "--unit=sandbox", "--property=WorkingDirectory=/srv", *serve)
        yield booted


@contextmanager
def step(words):
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:7.2f} s  {words}")  # noqa: T201 - the transcript


def set_up(machine):
    machine.run(
        *(
            SYNCD,
            "init",
            "--yes",
            "--force",
            "--config",
            "/etc/syncd/config.toml",
            "--five-k",
            "25:00",
            "--days",
            "4",
        ),
        *("--weekly-km", "20", "--longest-km", "8", "--source", "garmin", "--sink", "garmin"),
        *("--timezone", "Europe/Rome"),
    )
    text = machine.path("/etc/syncd/config.toml").read_text()
    section = '[garmin]\napi_url = "http://127.0.0.1:8765"\nspacing_s = 0\nevery_min = 0.2\n'
    text = (
        re.sub(r"^\[garmin\]\n", section, text, flags=re.MULTILINE) if "[garmin]" in text else text + section
    )
    machine.write("/etc/syncd/config.toml", text + '\n[daemon]\nquiet = ""\n', 0o600)


def status(machine):
    return machine.show("syncd", "StatusText")


def looking(machine):
    """Whether a look is under way: its own process, by the words it was started with."""
    return machine.run("sh", "-c", "grep -lzx -e sync /proc/[0-9]*/cmdline 2>/dev/null || true")


def restarts(machine):
    return int(machine.show("syncd", "NRestarts"))


def active(machine):
    return machine.show("syncd", "ActiveState") == "active" and machine.show("syncd", "MainPID") != "0"


def test_the_system_service_from_nothing_to_a_stop(machine):
    assert machine.code(SYNCD, "service", "install", "--system") == 2  # no configuration yet
    set_up(machine)
    with step("installed, enabled, READY"):
        said = machine.run(SYNCD, "service", "install", "--system")
    assert "Wrote /etc/systemd/system/syncd.service." in said
    assert "Enabled syncd.service: it starts when the machine does." in said
    assert "Log in once: sudo syncd auth garmin --service" in said
    assert machine.show("syncd", "Type") == "notify"
    assert active(machine)
    score = machine.run("systemd-analyze", "security", "syncd.service", "--no-pager").splitlines()[-1]
    print(f"           {score.strip()}")  # noqa: T201
    assert float(re.search(r"(\d+\.\d)", score).group(1)) <= 1.5

    with step("installed again: nothing changes"):
        assert "Everything is installed already." in machine.run(SYNCD, "service", "install", "--system")

    machine.write("/etc/systemd/system/syncd.service.d/quick.conf", QUICK)
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "restart", "syncd")
    with step("without a login it stays up and says what to do"):
        machine.until("the need of a human", lambda: "syncd auth garmin" in status(machine))
    assert active(machine)

    with step("logged in as the service"):
        machine.run(SYNCD, "auth", "garmin", "--service", stdin=f"{EMAIL}\n{PASSWORD}\n")
    with step("the next look uses it, workouts are on the calendar"):
        machine.until("a good look", lambda: "on the watch" in status(machine))
    found = json.loads(machine.run(SYNCD, "status", "--json", "--service"))
    assert [each["watch"] for each in found["next"]]
    assert machine.run("stat", "-c", "%a", "/var/lib/private/syncd") == "700"
    owner = machine.run("stat", "-c", "%u", "/var/lib/private/syncd/logins/garmin.json")
    assert owner == machine.run("stat", "-c", "%u", f"/proc/{machine.show('syncd', 'MainPID')}")
    assert owner != "0"
    tokens = json.loads(machine.path("/var/lib/private/syncd/logins/garmin.json").read_text())

    before = restarts(machine)
    with step("killed: restarted"):
        machine.run("systemctl", "kill", "--kill-whom=main", "-s", "KILL", "syncd")
        machine.until("a restart", lambda: restarts(machine) == before + 1 and active(machine))
    with step("frozen: killed by the watchdog, restarted"):
        machine.run("systemctl", "kill", "--kill-whom=main", "-s", "STOP", "syncd")
        machine.until("the watchdog", lambda: restarts(machine) == before + 2 and active(machine))

    with step("a broken configuration at a reload: the old one stays"):
        good = machine.path("/etc/syncd/config.toml").read_text()
        machine.write("/etc/syncd/config.toml", good.replace("days = 4", "days = 9"))
        machine.run("systemctl", "reload", "syncd")
        machine.until("the refusal", lambda: "the earlier one stays" in status(machine))
        assert active(machine)
    with step("mended and reloaded: in force"):
        machine.write("/etc/syncd/config.toml", good.replace("days = 4", "days = 3"))
        machine.run("systemctl", "reload", "syncd")
        machine.until("the new one", lambda: "Needs you" not in status(machine))

    with step("a credential reaches it"):
        machine.write("/etc/syncd/credentials/notify__urls", f"json://127.0.0.1:9/{CANARY}\n", 0o600)
        machine.run("systemctl", "restart", "syncd")
        doctor = json.loads(machine.run(SYNCD, "doctor", "--json", "--service", check=False))
        told = next(each for each in doctor["checks"] if each["name"] == "notifications")
        assert told["state"] == "ok"
        assert CANARY not in json.dumps(doctor)

    with step("stopped in the middle of a look"):
        machine.run("systemctl", "kill", "-s", "STOP", "sandbox")
        machine.run("systemctl", "restart", "syncd")
        machine.until("a look", lambda: looking(machine))
        began = time.monotonic()
        machine.run("systemctl", "stop", "syncd")
        assert time.monotonic() - began < 10
        assert machine.show("syncd", "Result") == "success"
        assert not looking(machine)
        machine.run("systemctl", "kill", "-s", "CONT", "sandbox")

    journal = machine.journal("syncd")
    syncs = [each for each in journal if str(each.get("MESSAGE", "")).startswith("sync: ")]
    assert syncs
    assert all(re.fullmatch("[0-9a-f]{8}", str(each["SYNCD_CYCLE"])) for each in syncs)
    assert any("Watchdog timeout" in str(each.get("MESSAGE")) for each in journal)
    stand_in = "sandbox.service"  # it tells how to log in there
    everything = json.dumps([each for each in machine.journal("*") if each.get("_SYSTEMD_UNIT") != stand_in])
    for secret in (CANARY, EMAIL, tokens["di_token"], tokens["di_refresh_token"]):
        assert secret not in everything
    print(f"           {len(journal)} journal entries of the service, {len(syncs)} syncs")  # noqa: T201

    with step("taken away"):
        said = machine.run(SYNCD, "service", "uninstall", "--system")
    assert "Removed /etc/systemd/system/syncd.service." in said
    assert machine.path("/var/lib/private/syncd/syncd.db").exists()
    assert "The service was not installed." in machine.run(SYNCD, "service", "uninstall", "--system")


def test_a_household_has_an_instance_each_with_a_state_of_its_own(machine):
    set_up(machine)
    machine.run("mkdir", "-p", "/etc/syncd/anna")
    machine.run("cp", "/etc/syncd/config.toml", "/etc/syncd/anna/config.toml")
    with step("syncd@anna READY"):
        machine.run(SYNCD, "--profile", "anna", "service", "install", "--system")
    assert machine.show("syncd@anna", "ActiveState") == "active"
    machine.until("her state", lambda: machine.path("/var/lib/private/syncd-anna/service.json").exists())
    machine.run(SYNCD, "auth", "garmin", "--service", "anna", stdin=f"{EMAIL}\n{PASSWORD}\n")
    machine.run(SYNCD, "sync", "--service", "anna")
    assert machine.path("/var/lib/private/syncd-anna/syncd.db").exists()
    machine.run(SYNCD, "--profile", "anna", "service", "uninstall", "--system")


def test_without_a_configuration_it_fails_once_and_says_why(machine):
    set_up(machine)
    machine.run(SYNCD, "service", "install", "--system")
    machine.run("mv", "/etc/syncd/config.toml", "/etc/syncd/elsewhere")
    machine.run("systemctl", "restart", "syncd", check=False)
    machine.until("the failure", lambda: machine.show("syncd", "ActiveState") == "failed")
    assert machine.show("syncd", "ExecMainStatus") == "2"
    assert restarts(machine) == 0
    said = [str(each.get("MESSAGE")) for each in machine.journal("syncd")]
    assert any("no configuration at /etc/syncd/config.toml: run syncd init" in each for each in said)
    machine.run(SYNCD, "service", "uninstall", "--system")


def test_an_installation_in_a_home_is_refused_for_the_system_and_works_for_its_owner(machine):
    machine.run("useradd", "--create-home", "--shell", "/bin/bash", "runa")
    machine.run("loginctl", "enable-linger", "runa")
    machine.until(
        "her manager", lambda: machine.path(f"/run/user/{machine.run('id', '-u', 'runa')}/systemd").exists()
    )
    machine.run("python3", "-m", "venv", "/home/runa/venv", user="runa")
    wheels = ("--no-index", "--no-cache-dir", "--find-links", "/srv/wheels")
    machine.run("/home/runa/venv/bin/pip", "install", "-q", *wheels, "syncd", user="runa")
    own = "/home/runa/venv/bin/syncd"
    set_up(machine)
    refused = machine.run(own, "service", "install", "--system", check=False)
    assert "is installed under /home" in refused
    machine.run(
        *(own, "init", "--yes", "--five-k", "25:00", "--days", "4", "--weekly-km", "20", "--longest-km", "8"),
        *("--source", "folder", "--sink", "folder", "--inbox", "/home/runa/in", "--outbox", "/home/runa/out"),
        user="runa",
    )
    machine.run("mkdir", "/home/runa/in", "/home/runa/out", user="runa")
    with step("a person's own service READY"):
        said = machine.run(own, "service", "install", user="runa")
    assert "It also runs while you are logged out (lingering is on)." in said
    machine.until("workouts", lambda: list(machine.path("/home/runa/out").glob("*.fit")))
    assert '"active": "active"' in machine.run(own, "service", "status", "--json", user="runa")
    assert "next sync about" in machine.run(own, "status", user="runa")
    assert "Removed" in machine.run(own, "service", "uninstall", user="runa")
    machine.run("loginctl", "disable-linger", "runa")
    gone = machine.path(f"/run/user/{machine.run('id', '-u', 'runa')}/systemd")
    machine.until("the end of her manager", lambda: not gone.exists())
    refused = machine.run(own, "service", "install", user="runa", check=False)
    assert "sudo loginctl enable-linger runa" in refused
