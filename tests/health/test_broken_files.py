"""Whatever lies in the place of any file, doctor comes to its end soon, says so, and leaves it as it is."""

import json
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from syncd.health import doctor
from syncd.health.check import warn
from syncd.health.doctor import payload, sheet
from syncd.paths import locate
from tests.health.defects import on_garmin, on_strava
from tests.health.lived import Lived, contents, copied, settle
from tests.support.sweep import FULL

EVERYTHING = """
[sync]
source = ["garmin", "strava", "folder"]
sink = "garmin"
[notify]
urls = ["json://127.0.0.1/canary"]
[strava.webhook]
public_url = "https://runs.example.org"
"""
HANGS_S = 5
SHOWN = 31  # of all pairs of a file and a change, one in so many by default


class Hung(BaseException):
    """It did not come to its end."""


def _json_of(change: Callable[[object], object]) -> Callable[[Path], None]:
    """Each value of a JSON object is another one; other files hold a small object."""

    def changed(file: Path) -> None:
        try:
            kept = json.loads(file.read_bytes())
        except ValueError:
            kept = {"a": 1}
        values = {key: change(value) for key, value in kept.items()} if isinstance(kept, dict) else 7
        file.write_text(json.dumps(values))

    return changed


def _in_its_place(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def changed(file: Path) -> None:
        file.unlink()
        make(file)

    return changed


def _socket(file: Path) -> None:
    before = Path.cwd()
    os.chdir(file.parent)  # its name may be too long for an address
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(file.name)
    finally:
        os.chdir(before)


CHANGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "garbage": lambda file: file.write_bytes(bytes(range(256)) * 3),
    "zeros": lambda file: file.write_bytes(bytes(4096)),
    "cut": lambda file: os.truncate(file, file.stat().st_size // 2),
    "deep": lambda file: file.write_text("[" * 100_000),
    "a list": lambda file: file.write_text("[]"),
    "a number": lambda file: file.write_text("1e999"),
    "lists for values": _json_of(lambda _: [1]),
    "words for values": _json_of(lambda _: "x"),
    "null for values": _json_of(lambda _: None),
    "gone": Path.unlink,
    "a folder": _in_its_place(Path.mkdir),
    "a link to itself": _in_its_place(lambda file: file.symlink_to(file)),
    "a pipe": _in_its_place(os.mkfifo),
    "a socket": _in_its_place(_socket),
    "a device without end": _in_its_place(lambda file: file.symlink_to("/dev/zero")),
    "a device of nothing": _in_its_place(lambda file: file.symlink_to("/dev/null")),
}


@pytest.fixture(scope="module")
def everything(made, tmp_path_factory) -> Path:
    """A home with every kind of file that syncd keeps."""
    home = tmp_path_factory.mktemp("everything")
    copied(home, made)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HOME", str(home))
        lived = Lived(locate())
        on_strava(lived)
        on_garmin(lived)
        lived.configured(EVERYTHING)
        hook = lived.paths.logins / "strava-webhook.json"
        hook.write_text('{"verify_token": "a", "path": "/a", "subscription_id": 7}')
        hook.chmod(0o600)
        lived.paths.faults.mkdir()
        (lived.paths.faults / "syncd-fault-1.txt").write_text("x")
        lived.reports(failures=1)
        lived.close()
    return home


def pairs(home: Path) -> list[tuple[Path, str]]:
    """Every file of ours with every change."""
    files = [path.relative_to(home) for path in sorted(home.rglob("*")) if path.is_file()]
    return [(file, change) for file in files for change in CHANGES]


@contextmanager
def soon() -> Iterator[None]:
    """Raises Hung."""

    def give_up(*_: object) -> None:
        raise Hung

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, HANGS_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@dataclass
class Tried:
    """What went wrong: "" for nothing."""

    file: Path
    change: str
    wrong: str = ""


def tried(home: Path, file: Path, change: str) -> Tried:
    """Doctor looks at a home in which this file was changed in this way."""
    lived = Lived(locate())
    settle(lived)
    try:
        CHANGES[change](home / file)
        before = contents(home)
        with soon():
            checks = lived.examined()
            assert payload(checks)["checks"]
            assert str(sheet(checks))
    except Hung:
        return Tried(file, change, "hangs")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what this looks for
        return Tried(file, change, f"{type(error).__name__}: {error}")
    finally:
        lived.close()
    return Tried(file, change, "" if contents(home) == before else "was changed by looking")


def swept(everything: Path, tmp_path_factory, monkeypatch, chosen: list[tuple[Path, str]]) -> list[Tried]:
    wrong = []
    for file, change in chosen:
        home = tmp_path_factory.mktemp("home")
        copied(home, everything)
        monkeypatch.setenv("HOME", str(home))
        result = tried(home, file, change)
        if result.wrong:
            wrong.append(result)
    return wrong


def test_no_file_in_any_shape_keeps_doctor_from_its_end(everything, tmp_path_factory, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    chosen = pairs(everything)
    assert len(chosen) > 300
    assert swept(everything, tmp_path_factory, monkeypatch, chosen if FULL else chosen[::SHOWN]) == []


# --- planted bugs, which the sweep must find


def waits_for_a_pipe(case):
    (case.paths.state / "report.html").read_bytes()
    return []


def expects_what_it_wrote(case):
    if not (case.paths.state / "report.html").is_file():
        raise AssertionError("no report")
    return []


def leaves_a_mark(case):
    (case.paths.state / "looked-at").touch()
    return [warn("mark", "left", "remove it")]


@pytest.mark.parametrize(
    ("bug", "change", "wrong"),
    [
        (waits_for_a_pipe, "a pipe", "hangs"),
        (expects_what_it_wrote, "gone", "AssertionError: no report"),
        (leaves_a_mark, "empty", "was changed by looking"),
    ],
)
def test_the_sweep_finds_a_planted_bug(everything, tmp_path_factory, monkeypatch, bug, change, wrong):
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setattr("tests.health.test_broken_files.HANGS_S", 1.0)
    monkeypatch.setattr(doctor, "_OF_FILES", (*doctor._OF_FILES, bug))
    report = Path(".local/state/syncd/report.html")
    (found,) = swept(everything, tmp_path_factory, monkeypatch, [(report, change)])
    assert found.wrong == wrong
