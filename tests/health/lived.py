"""A runner's machine on which all is well, to be broken in one place."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sqlite3
import stat
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from syncd.cli.main import main
from syncd.connectors.garmin.kept_login import KeptLogin
from syncd.connectors.strava.tokens import NEEDED_SCOPE, Login, StravaAthlete, StravaTokenFile
from syncd.daemon.state_file import DaemonState, DaemonStateFile, only_service
from syncd.health.check import Check, State
from syncd.health.doctor import examine
from syncd.paths import Paths, locate
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.service.installing import user_service
from syncd.service.program import program_path
from syncd.service.systemd import CommandResult, Systemctl
from syncd.service.units import UserPlaces
from syncd.store import Store

NOW = datetime(2026, 1, 7, 6, 30, tzinfo=UTC)
FOLDERS = """
[athlete]
timezone = "UTC"
[fitness]
five_k = "25:00"
[folder]
inbox = "runs"
outbox = "workouts"
"""
ON_GARMIN = '[sync]\nsource = "garmin"\nsink = "garmin"\n'
ON_STRAVA = '[sync]\nsource = ["folder", "strava"]\n'
STRAVA_LOGIN = Login(
    "12345", "secret", "access", "refresh", 2e9, ("read", NEEDED_SCOPE), StravaAthlete(7, "Anna")
)
SOUND = frozenset({State.OK, State.UNKNOWN})


@dataclass
class SystemdAnswers:
    """What a service manager says, without one."""

    properties: dict[str, str] = field(default_factory=dict)
    lingers: str = "yes"

    def __call__(self, *argv: str) -> CommandResult:
        if argv[0] == "loginctl":
            return CommandResult(0, self.lingers, "")
        lines = [f"{name}={value}" for name, value in self.properties.items()]
        return CommandResult(0, "\n".join(lines), "")


@dataclass
class Lived:
    """A profile in use; `now` is when the doctor comes."""

    paths: Paths
    now: datetime = NOW
    systemd: SystemdAnswers | None = None
    online: bool = False
    _open: ExitStack = field(default_factory=ExitStack)

    @property
    def state(self) -> Path:
        return self.paths.state

    @property
    def home(self) -> Path:
        return Path(os.environ["HOME"])

    @property
    def database(self) -> Path:
        return self.state / "syncd.db"

    def configured(self, text: str) -> None:
        self.paths.config.write_text(FOLDERS + text, encoding="utf-8")

    def store(self) -> Store:
        return Store.open(self.state)

    def sql(self, *statements: str) -> None:
        """Straight into the database, past everything that keeps it right."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as database:
            for statement in statements:
                database.execute(statement)

    def served(self, state: DaemonState | None = None) -> None:
        """The service runs, and reported this."""
        if not self._open._exit_callbacks:  # type: ignore[attr-defined]
            self._open.enter_context(only_service(self.state))
        DaemonStateFile(self.state).write(state or self.well())

    def unserved(self) -> None:
        """The service does not run."""
        self._open.close()

    def well(self) -> DaemonState:
        """What a service reports that does its work."""
        return DaemonState(
            pid=os.getpid(),
            version=version("syncd"),
            last_look=(self.now - timedelta(minutes=5)).isoformat(),
            next_look=(self.now + timedelta(minutes=5)).isoformat(),
        )

    def reports(self, **changed: object) -> None:
        """The service reports the same with some things changed."""
        self.served(replace(self.well(), **changed))

    def with_unit(self, **changed: str) -> SystemdAnswers:
        """A user's unit, installed by this version, with these properties changed."""
        profile = self.paths.profile
        state = self.state.parent if profile else self.state
        unit = user_service(UserPlaces(program_path(), self.paths.config, state), profile, sandboxed=True)
        unit.folder.mkdir(parents=True, exist_ok=True)
        (unit.folder / unit.file).write_text(unit.text)
        self.systemd = SystemdAnswers(
            {
                "LoadState": "loaded",
                "ActiveState": "active",
                "Result": "success",
                "UnitFileState": "enabled",
                "NeedDaemonReload": "no",
                "FragmentPath": str(unit.folder / unit.file),
                "Environment": f"SYNCD_CONFIG={self.paths.config}",
                "ExecStart": f"{{ path={program_path()} ; argv[]={program_path()} run }}",
                "StatusText": "",
            }
            | changed
        )
        return self.systemd

    def examined(self) -> list[Check]:
        managers = [Systemctl(user=True, commands=self.systemd)] if self.systemd else []
        return examine(self.paths, self.now, online=self.online, managers=managers)

    def complaints(self) -> dict[str, Check]:
        """Everything that is not as it should be, by its name."""
        return {check.name: check for check in self.examined() if check.state not in SOUND}

    def carry_out(self, command: str, monkeypatch) -> None:
        """A remedy as it is typed: one of our commands in this process, any other by a shell."""
        words = shlex.split(command)
        if words[0] == "syncd":
            monkeypatch.setenv("SYNCD_NOW", self.now.isoformat())
            self.unserved()
            code = main(words[1:])
            monkeypatch.delenv("SYNCD_NOW")
            assert code in (0, 1), command  # 1: what it put right was a problem
            self.served()
        else:
            subprocess.run(words, check=True)

    def close(self) -> None:
        self._open.close()


def lived_at(home: Path, *, begun: bool = True) -> Lived:
    """Begun on a Monday, synced until Wednesday morning, with two runs, a copy and a report."""
    profile = Lived(locate())
    profile.paths.config.parent.mkdir(parents=True, mode=0o700)
    profile.configured("")
    profile.paths.config.chmod(0o600)
    for name in ("runs", "workouts"):
        (profile.paths.config.parent / name).mkdir()
    if not begun:
        return profile
    runs = profile.paths.config.parent / "runs"
    for day, clock in ((5, "18:00"), (6, "18:00")):
        start = f"2026-01-{day:02}T{clock}:00+00:00"
        out = str(runs / f"run-{day}.fit")
        assert main(["sandbox", "fit", "--workout", "20min E", "--start", start, "--out", out]) == 0
        os.utime(out, (NOW.timestamp() - 86_400, NOW.timestamp() - 86_400))
    for command in (["sync"], ["tidy"], ["report"]):
        assert main(command) == 0
    return profile


def settle(profile: Lived) -> None:
    """Times of files as a machine has them whose clock says `now`."""
    for file in (profile.paths.report, *profile.state.glob("*.ics"), profile.state / "cycle.lock"):
        if file.exists():
            os.utime(file, (profile.now.timestamp() - 600, profile.now.timestamp() - 600))


def copied(home: Path, made: Path) -> None:
    """The files of a home that was made before."""
    shutil.copytree(made, home, dirs_exist_ok=True, symlinks=True)


def garmin_logged_in(profile: Lived) -> KeptLogin:
    kept = KeptLogin(profile.paths.logins)
    kept.keep(StandInGarminAccount().library_tokens(profile.now.timestamp()))
    renewed = (profile.now - timedelta(hours=2)).timestamp()
    os.utime(kept.tokens.path, (renewed, renewed))
    return kept


def strava_logged_in(profile: Lived, login: Login = STRAVA_LOGIN) -> None:
    StravaTokenFile(profile.paths.logins / StravaTokenFile.NAME).save(login)


def noted(profile: Lived, key: str, value: Mapping[str, object]) -> None:
    """A fact of the state, as JSON."""
    with profile.store() as store:
        store.meta.set(key, json.dumps(dict(value)))


def contents(folder: Path) -> dict[str, tuple[object, ...]]:
    """Every file with its bytes, rights and times; SQLite's own index of a log in use may be touched."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) and path.suffix != ".db-shm" else b""
        changed_ns = 0 if path.suffix == ".db-shm" else status.st_mtime_ns
        found[str(path.relative_to(folder))] = (content, status.st_mode, status.st_uid, changed_ns)
    return found
