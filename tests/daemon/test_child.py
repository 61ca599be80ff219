"""Real processes: what hangs is ended, and nothing is left behind."""

import os
import sys
import time
from pathlib import Path

import pytest

from syncd.daemon.child import Process
from syncd.daemon.machine import Linux, Wakeup

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
kid = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(kid.pid, flush=True)
time.sleep(60)
"""


def until(what, seconds=20.0):
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it never came"
    return found


def test_what_it_wrote_comes_with_its_end():
    code = "import os, sys; print(os.environ['X']); print('no', file=sys.stderr); sys.exit(3)"
    child = Process([sys.executable, "-c", code], {"X": "yes"})
    ended = until(child.poll)
    assert (ended.code, ended.out, ended.err) == (3, "yes\n", "no\n")
    assert child.poll() == ended


def test_more_output_than_a_pipe_holds_does_not_make_it_wait():
    child = Process([sys.executable, "-c", "print('x' * 1_000_000)"], {})
    assert len(until(child.poll).out) == 1_000_001


def test_a_hung_child_is_killed_with_what_it_started(tmp_path):
    child = Process([sys.executable, "-c", STUBBORN], {})
    kid = int(until(lambda: os.pread(child._out.fileno(), 20, 0).decode().strip()))
    child.ask_to_stop()
    assert child.poll() is None
    child.kill()
    assert until(child.poll).code == -9
    until(lambda: gone(kid))


def test_where_memory_runs_out_the_child_goes_before_the_service():
    child = Process([sys.executable, "-c", "import time; time.sleep(60)"], {})
    ours = int(Path("/proc/self/oom_score_adj").read_text())
    assert int(Path(f"/proc/{child._process.pid}/oom_score_adj").read_text()) == max(500, ours)
    child.kill()
    until(child.poll)


def gone(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        return stat.rsplit(")", 1)[1].split()[0] == "Z"  # nobody of ours to reap it
    except FileNotFoundError:
        return True


def test_a_program_that_is_not_there_is_an_error():
    with pytest.raises(OSError, match="No such file"):
        Process(["/nowhere/python"], {})


def test_the_end_of_a_child_and_signals_and_events_end_the_wait():
    with Linux() as machine:
        began = machine.monotonic()
        child = machine.start(["-c", "pass"], dict(os.environ))
        while child.poll() is None:
            machine.wait(30)
        os.kill(os.getpid(), 1)
        assert machine.wait(30) == {Wakeup.RELOAD}
        machine.report_news()
        assert machine.wait(30) == {Wakeup.NEWS}
        assert machine.monotonic() - began < 25
