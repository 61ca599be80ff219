"""A runner's files, and what the doctor finds in them."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syncd.health.check import Check
from syncd.health.doctor import examine
from syncd.paths import Paths, locate
from syncd.store import Store
from tests.health import lived as machines
from tests.health.lived import Lived, copied, lived_at, settle

NOW = datetime(2026, 1, 5, 6, 30, tzinfo=UTC)
FOLDERS = '[sync]\nsource = "folder"\nsink = "folder"\n'


@dataclass(frozen=True)
class Patient:
    """A configuration and a state, which the test makes as they are to be found."""

    paths: Paths

    @property
    def state(self) -> Path:
        return self.paths.state

    def configured(self, text: str) -> None:
        self.paths.config.parent.mkdir(parents=True, exist_ok=True)
        self.paths.config.write_text(text, encoding="utf-8")
        self.paths.config.chmod(0o600)

    def opened(self) -> Store:
        """The store, begun where there is none."""
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Store.open(self.state)

    def examined(self, now: datetime = NOW, *, online: bool = False) -> dict[str, Check]:
        """What each check found, by its name, in the order of the report."""
        return {check.name: check for check in examine(self.paths, now, online=online)}


@pytest.fixture
def patient(home) -> Patient:
    """A runner with folders at both ends, before the first sync."""
    patient = Patient(locate())
    patient.configured(FOLDERS)
    return patient


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The files of a home in use, made once."""
    home = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HOME", str(home))
        patched.setenv("SYNCD_NOW", machines.NOW.isoformat())
        lived_at(home)
    yield home
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def lived(made, home, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    copied(home, made)
    profile = Lived(locate())
    settle(profile)
    profile.served()
    yield profile
    profile.close()
