"""Renewing a login: room first, then the token, then the disk, and no signal in between."""

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from syncd import durable, renewal
from syncd.connectors.base import AuthRequired, Unavailable
from syncd.connectors.kept_renewal import kept_renewal
from syncd.credentials import CredentialError, load, locked, save


@pytest.fixture
def login(tmp_path) -> Path:
    path = tmp_path / "logins" / "service.json"
    save(path, "old")
    return path


def left_beside(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir() if file != path)


def full_disk(monkeypatch, *, refused: int = 10**9, also_in_place: bool = False) -> None:
    """From now on no file can be made; after so many refusals it can again."""
    theirs, left = os.open, [refused]

    def refusing(path, flags, *more, **named):
        writes = flags & (os.O_CREAT | (os.O_WRONLY if also_in_place else 0))
        if writes and ".lock" not in str(path) and left[0] > 0:
            left[0] -= 1
            raise OSError(errno.ENOSPC, "No space left on device")
        return theirs(path, flags, *more, **named)

    monkeypatch.setattr(durable.os, "open", refusing)


def no_room_in_the_file(monkeypatch) -> None:
    def refusing(_room, _content):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(durable.Room, "fill", refusing)


def test_the_new_content_is_on_disk_inside_the_block_and_nothing_is_left_beside_it(login):
    with renewal.renewal(login) as keep:
        keep("new")
        assert load(login) == "new"
    assert left_beside(login) == []
    assert login.stat().st_mode & 0o777 == 0o600


def test_a_renewal_that_fails_keeps_the_earlier_login_and_leaves_nothing(login):
    with pytest.raises(LookupError), renewal.renewal(login):
        raise LookupError
    assert load(login) == "old"
    assert left_beside(login) == []


def test_nothing_is_spent_where_there_is_no_room_for_what_would_come(login, monkeypatch):
    full_disk(monkeypatch)
    spent = []
    with pytest.raises(Unavailable, match=r"not renewed, for .* kept: .*No space left"), kept_renewal(login):
        spent.append("token")
    assert spent == []
    assert load(login) == "old"


def test_a_disk_that_fills_up_after_the_token_was_spent_is_no_obstacle(login, monkeypatch):
    with renewal.renewal(login) as keep:
        full_disk(monkeypatch, also_in_place=True)
        keep("new" * 5000)
    assert load(login) == "new" * 5000


def test_where_nothing_new_can_be_made_the_new_token_is_written_over_the_spent_one(login, monkeypatch):
    with renewal.renewal(login) as keep:
        no_room_in_the_file(monkeypatch)
        full_disk(monkeypatch)
        keep("newer")
    assert load(login) == "newer"


def test_a_disk_that_refuses_for_a_moment_is_tried_again(login, monkeypatch):
    waits = []
    with renewal.renewal(login, sleep=waits.append) as keep:
        no_room_in_the_file(monkeypatch)
        full_disk(monkeypatch, refused=6, also_in_place=True)
        keep("new")
    assert load(login) == "new"
    assert 1 <= len(waits) < 6


def test_a_login_that_cannot_be_kept_is_said_and_used_and_tried_again_while_the_process_lives(
    login, monkeypatch
):
    monkeypatch.setattr(renewal, "KEEP_TRYING_S", 0.0)

    def renew(full):
        with kept_renewal(login) as keep:
            no_room_in_the_file(full)
            full_disk(full, also_in_place=True)
            keep("new")

    with (
        monkeypatch.context() as full,
        pytest.raises(AuthRequired, match="kept, and the earlier one is spent"),
    ):
        renew(full)
    with monkeypatch.context() as still:
        full_disk(still, also_in_place=True)
        assert renewal.current(login) == "new"
        assert load(login) == "old"
    assert renewal.current(login) == "new"
    assert load(login) == "new"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM])
def test_a_signal_waits_for_the_end_of_the_block_and_then_does_what_it_always_does(login, number):
    came = []
    before = signal.signal(number, lambda *_: came.append(load(login)))
    try:
        with renewal.renewal(login) as keep:
            os.kill(os.getpid(), number)
            assert came == []
            keep("new")
        assert came == ["new"]
    finally:
        signal.signal(number, before)


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with renewal.undisturbed():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_outside_the_main_thread_the_block_runs_as_it_is(login):
    kept = []

    def renew() -> None:
        with renewal.renewal(login) as keep:
            keep("new")
            kept.append(load(login))

    thread = threading.Thread(target=renew)
    thread.start()
    thread.join()
    assert kept == ["new"]


CHILD = """
import signal, sys
from pathlib import Path
from syncd.renewal import renewal
def end(*_): raise KeyboardInterrupt
signal.signal(signal.SIGTERM, end)
with renewal(Path(sys.argv[1])) as keep:
    print("spent", flush=True)
    sys.stdin.read()  # the answer takes its time
    keep("new")
"""


def test_a_process_that_is_told_to_end_while_the_answer_is_on_its_way_keeps_it_first(login):
    arguments = [sys.executable, "-c", CHILD, str(login)]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    child = subprocess.Popen(arguments, stdin=pipe, stdout=pipe, stderr=nothing)
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stdout.readline() == b"spent\n"
    child.send_signal(signal.SIGTERM)
    child.stdin.close()
    child.stdout.close()
    assert child.wait(20) != 0
    assert load(login) == "new"


def test_whoever_would_end_a_process_sees_that_a_login_is_being_renewed(login):
    assert not renewal.under_way(login.parent)
    with locked(login):
        assert renewal.under_way(login.parent)
    assert not renewal.under_way(login.parent)
    assert not renewal.under_way(login.parent / "nothing")


@pytest.mark.parametrize(
    "value", ["", " ", "a b", "a\nb", "a\x00", "caf\u00e9", "x" * 20_000, None, 5, True, ["a"], {"a": 1}]
)
def test_what_fits_no_header_is_no_token(value):
    assert not renewal.is_token(value)


def test_a_plain_text_is_a_token():
    assert renewal.is_token("eyJ.a-b_c.d~e+f/g==")


def test_a_file_that_cannot_be_written_at_all_is_an_error_before_anything_is_spent(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CredentialError), renewal.renewal(tmp_path / "file" / "service.json"):
        pytest.fail("entered")
