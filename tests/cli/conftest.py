"""A command line under test: the program's own entry point, output captured."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from syncd.cli.main import main
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.paths import locate
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.scenario import Scenario
from tests.connectors.garmin.conftest import log_in
from tests.support.json_schemas import assert_documented
from tests.support.watch import run_what_is_on_the_watch


@dataclass
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


@pytest.fixture
def syncd(capsys: pytest.CaptureFixture[str]):
    """Run the program with these arguments; whatever it prints as JSON is held to its schema."""

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        code = main([str(each) for each in arguments])
        captured = capsys.readouterr()
        said = Said(code, captured.out, captured.err)
        if "--json" in arguments and said.out:
            assert_documented(said.json)
        return said

    return run


class Typed:
    """A keyboard: a line for each question, then the terminal closes."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        self._lines = iter(lines)

    def readline(self, *_: object) -> str:
        return next((f"{line}\n" for line in self._lines), "")

    def fileno(self) -> int:
        raise OSError("no terminal")

    def isatty(self) -> bool:
        return False


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    """Type these lines into the next command."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", Typed(lines))


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """An inbox and an outbox."""
    inbox, outbox = tmp_path / "runs", tmp_path / "workouts"
    inbox.mkdir()
    outbox.mkdir()
    return inbox, outbox


@pytest.fixture
def once(home: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, folders: tuple[Path, Path]):
    """Come to a state by commands the first time, and by copying files later: `once(name, how)`.

    What `how` returned is returned each time; it is remembered for the environment it ran in.
    """

    def reach(name: str, how: Callable[[], Said]) -> Said:
        environment = sorted((key, value) for key, value in os.environ.items() if key.startswith("SYNCD_"))
        state = (name, *environment)
        if state not in _REACHED:
            said, kept = how(), tmp_path_factory.mktemp("state")
            for place in (home, *folders):
                shutil.copytree(place, kept / place.name.rstrip("0123456789"))
            _REACHED[state] = (said, kept, tmp_path)
            return said
        said, kept, there = _REACHED[state]
        for place in (home, *folders):
            shutil.copytree(kept / place.name.rstrip("0123456789"), place, dirs_exist_ok=True)
        config = locate().config
        config.write_text(config.read_text().replace(str(there), str(tmp_path)))
        return said

    return reach


_REACHED: dict[tuple[object, ...], tuple[Said, Path, Path]] = {}


@pytest.fixture
def initialised(syncd, once, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch):
    """A runner who has run `syncd init`, on a Monday morning in Rome."""
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")
    inbox, outbox = folders
    said = once(
        "initialised",
        lambda: syncd(
            *("init", "--yes", "--five-k", "25:00", "--days", 4, "--weekly-km", 20, "--longest-km", 8),
            *("--goal", "5k", "--source", "folder", "--sink", "folder", "--timezone", "Europe/Rome"),
            *("--inbox", inbox, "--outbox", outbox),
        ),
    )
    assert said.code == 0, said.err
    return inbox, outbox


@pytest.fixture
def planned(syncd, once, initialised):
    """The first sync is over: a hard session on Tuesday, a long run on Sunday."""
    assert once("planned", lambda: syncd("sync")).code == 0
    return initialised


@pytest.fixture
def garmin(monkeypatch: pytest.MonkeyPatch) -> Iterator[GarminStandIn]:
    """A stand-in for Garmin Connect that every command of this test asks."""
    with GarminStandIn(StandInGarminAccount(), hang_s=2.0).running() as service:
        monkeypatch.setenv("SYNCD_GARMIN__API_URL", service.url)
        monkeypatch.setenv("SYNCD_GARMIN__SPACING_S", "0")
        yield service


@pytest.fixture
def on_garmin(syncd, garmin: GarminStandIn, monkeypatch: pytest.MonkeyPatch) -> GarminStandIn:
    """A runner whose runs and workouts go through Garmin Connect, logged in, on a Monday morning in Rome."""
    monkeypatch.setenv("SYNCD_NOW", "2026-01-05T06:30:00+01:00")
    said = syncd(
        *("init", "--yes", "--five-k", "25:00", "--days", 4, "--weekly-km", 20, "--longest-km", 8),
        *("--goal", "5k", "--source", "garmin", "--sink", "garmin", "--timezone", "Europe/Rome"),
    )
    assert said.code == 0, said.err
    assert "Next: syncd auth garmin" in said.out
    log_in(garmin, GarminTokenFile(locate().logins / "garmin.json"))
    return garmin


@pytest.fixture
def lived(syncd, once, planned, monkeypatch):
    """A first sync on Monday, the quality run of Tuesday, a second sync that evening."""
    inbox, outbox = planned
    monkeypatch.setenv("SYNCD_NOW", "2026-01-06T20:00:00+01:00")

    def ran() -> Said:
        run_what_is_on_the_watch(outbox, inbox, "2026-01-06", Scenario.FADING)
        return syncd("sync", "--json")

    return once("lived", ran)
