import io
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from syncd.daemon.journal import Journal
from syncd.daemon.loop import Daemon
from syncd.daemon.manager import ServiceManager
from syncd.paths import Paths
from tests.support.sim_machine import SimMachine, patch_scheduler_clock, quiet_answer


@dataclass
class RecordingManager(ServiceManager):
    """What the service manager was sent, in order."""

    sent: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self):
        super().__init__({})

    def _notify(self, **fields):
        self.sent.append(fields)

    def statuses(self):
        return [fields["STATUS"] for fields in self.sent if "STATUS" in fields]


@dataclass
class Stage:
    """A service on a simulated machine."""

    paths: Paths
    machine: SimMachine
    manager: RecordingManager = field(default_factory=RecordingManager)
    log: io.StringIO = field(default_factory=io.StringIO)

    def daemon(self, **options) -> Daemon:
        journal = Journal(self.machine.wall, self.log)
        return Daemon(self.paths, self.machine, self.manager, journal, environ={"A": "b"}, **options)

    def run(self, **options) -> int:
        return self.daemon(**options).run()

    @property
    def lines(self):
        return self.log.getvalue().splitlines()


@pytest.fixture
def stage(tmp_path, monkeypatch):
    state = tmp_path / "state"
    state.mkdir()
    machine = SimMachine(datetime(2026, 1, 6, 8, tzinfo=UTC), quiet_answer)
    patch_scheduler_clock(monkeypatch, machine)
    return Stage(Paths("", tmp_path / "config.toml", state), machine)


@pytest.fixture
def mailbox(tmp_path):
    """A datagram socket, as the managers of a system have them; its path and what arrives."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        path = tmp_path / "mailbox"
        server.bind(str(path))
        server.settimeout(5)
        yield str(path), lambda: server.recv(5000).decode()
