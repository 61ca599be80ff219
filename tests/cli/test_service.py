"""`run`, `service` and `--service`, as far as they can be looked at without a systemd."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from syncd.cli.as_service import taken_out
from syncd.daemon.state_file import DaemonStateFile, only_service, wake
from syncd.paths import locate
from syncd.store import Store, sync_lock

PATIENCE_S = 60


@pytest.mark.parametrize(
    ("arguments", "words", "instance"),
    [
        (["auth", "garmin"], ["auth", "garmin"], None),
        (["auth", "garmin", "--service"], ["auth", "garmin"], ""),
        (["auth", "garmin", "--service", "anna"], ["auth", "garmin"], "anna"),
        (["auth", "garmin", "--service=anna", "--json"], ["auth", "garmin", "--json"], "anna"),
        (["auth", "garmin", "--service", "--json"], ["auth", "garmin", "--json"], ""),
        (["--service", "status"], ["status"], ""),
        (["service", "status"], ["service", "status"], None),
        (["move", "--", "--service"], ["move", "--", "--service"], None),
    ],
)
def test_the_option_is_taken_out_with_its_instance(arguments, words, instance):
    assert taken_out(arguments) == (words, instance)


def test_as_a_service_only_root_acts(syncd, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    said = syncd("status", "--service")
    assert said.code == 2
    assert "run it with sudo" in said.err


def test_without_systemd_it_says_what_else_there_is(syncd, initialised):
    if os.path.isdir("/run/systemd/system"):  # noqa: PTH112
        pytest.skip("systemd runs here")
    said = syncd("service", "install")
    assert said.code == 2
    assert "start `syncd run` some other way" in said.err


# --- the service as a real process


class Running:
    """`syncd run`, as a service manager would start it, with its lines collected."""

    def __init__(self, log, *options):
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "syncd", "run", *options],
                stdout=out,
                stderr=out,
                env={**os.environ, "SYNCD_NOW": ""},
                start_new_session=True,
            )

    def until(self, words, times=1):
        end = time.monotonic() + PATIENCE_S
        while self.log.read_text().count(words) < times:
            assert time.monotonic() < end, f"never said {words!r}: {self.log.read_text()}"
            assert self.process.poll() is None, f"it ended: {self.log.read_text()}"
            time.sleep(0.05)  # a real process takes its own time
        return self

    def tell(self, number):
        self.process.send_signal(number)
        return self

    def end(self, number=signal.SIGTERM):
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(30)
        return code, time.monotonic() - began


@pytest.fixture
def start(tmp_path):
    running = []

    def begin(*options):
        running.append(Running(tmp_path / f"service-{len(running)}.log", *options))
        return running[-1]

    yield begin
    for each in running:
        if each.process.poll() is None:
            os.killpg(each.process.pid, signal.SIGKILL)
            each.process.wait()


def test_it_looks_at_once_reloads_and_ends_when_told(syncd, initialised, start):
    service = start().until("sync: ")
    standing = DaemonStateFile(locate().state).read()
    assert (standing.exit_code, standing.pid) == (0, service.process.pid)
    with Store.open(locate().state) as store:
        assert store.syncs.last_finished().outcome == "ok"
    service.tell(signal.SIGHUP).until("configuration reloaded")
    config = locate().config
    config.write_text(config.read_text().replace("days = 4", "days = 9"))
    service.tell(signal.SIGHUP).until("the earlier one stays in use: config.toml line")
    code, seconds = service.end()
    assert code == 0
    assert seconds < 10
    assert service.log.read_text().splitlines()[-1].endswith("stopped")


def test_a_second_service_of_the_same_state_is_refused(syncd, initialised, start):
    start().until("sync: ")
    second = start()
    assert second.process.wait(PATIENCE_S) == 2
    assert "is already using this state" in second.log.read_text()


def test_without_a_configuration_it_ends_with_2_and_one_line(home, start):
    service = start()
    assert service.process.wait(PATIENCE_S) == 2
    (line,) = service.log.read_text().splitlines()
    assert "run syncd init" in line


def test_a_state_of_a_newer_version_is_said_and_the_service_stays_up(syncd, initialised, start):
    syncd("sync")
    with Store.open(locate().state) as store:
        store.run("PRAGMA user_version=99")
    service = start().until("was written by a newer syncd")
    assert service.end()[0] == 0


def test_a_state_that_cannot_be_written_ends_it_with_one_line(syncd, initialised, start):
    state = locate().state
    state.parent.mkdir(parents=True, exist_ok=True)
    state.write_text("in the way")
    service = start()
    assert service.process.wait(PATIENCE_S) == 1
    assert len(service.log.read_text().splitlines()) == 1


def test_told_to_stop_in_the_middle_of_a_look_it_leaves_nothing_running(syncd, initialised, start):
    state = locate().state
    state.mkdir(parents=True, exist_ok=True)
    with sync_lock(state):  # so the look waits, for as long as we like
        service = start().until("started, syncd")
        end = time.monotonic() + PATIENCE_S
        while not (children := kids(service.process.pid)):
            assert time.monotonic() < end
        code, seconds = service.end()
    assert code == 0
    assert seconds < 10
    assert not any(alive(each) for each in children)


def kids(pid):
    path = f"/proc/{pid}/task/{pid}/children"
    with open(path) as file:  # noqa: PTH123
        return file.read().split()


def alive(pid):
    return os.path.exists(f"/proc/{pid}")  # noqa: PTH110


def test_killed_it_starts_again_and_goes_on(syncd, initialised, start):
    first = start().until("sync: ")
    first.end(signal.SIGKILL)
    again = start().until("sync: ")
    assert not alive(first.process.pid)
    assert alive(again.process.pid)


def test_a_manual_sync_waits_for_the_service_and_says_so(syncd, initialised, start):
    syncd("sync")
    with sync_lock(locate().state):
        waiting = subprocess.Popen(
            [sys.executable, "-m", "syncd", "sync", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert (
            waiting.stderr.readline()
            == f"Another sync is running (process {os.getpid()}): waiting for it to finish ...\n"
        )
    out, err = waiting.communicate(timeout=PATIENCE_S)
    assert (waiting.returncode, err) == (0, "")
    assert json.loads(out)["problems"] == []


def test_a_login_wakes_the_service(syncd, on_garmin):
    from syncd.daemon.state_file import wake_mark

    locate().state.mkdir(parents=True, exist_ok=True)
    before = wake_mark(locate().state)
    wake(locate().state)
    assert wake_mark(locate().state) > before


def test_who_looks_whether_a_service_runs_does_not_keep_it_from_starting(tmp_path):
    import fcntl
    import threading

    path = tmp_path / "service.lock"
    path.touch(mode=0o600)
    descriptor = os.open(path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    threading.Timer(0.1, os.close, (descriptor,)).start()
    with only_service(tmp_path), path.open() as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)
