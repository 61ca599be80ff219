"""No test reaches the network, the real home or the wall clock's zone by accident."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.memory import folder_in_memory

# The same examples each time: a change is judged by what it changes. scripts/explore looks for new ones.
settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.register_profile("explore", parent=settings.get_profile("default"), derandomize=False)
settings.load_profile("default")

_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: object) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6):
        host = str(address[0])  # type: ignore[index]
        if host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {host}")
    _connect(self, address)


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    socket.socket.connect = _loopback_only
    yield
    socket.socket.connect = _connect


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Temporary files of all tests, and of what they start, lie in memory; TMPDIR says otherwise."""
    if "TMPDIR" in os.environ or config.option.basetemp:
        return
    if (folder := folder_in_memory()) is not None:
        os.environ["TMPDIR"] = str(folder)
        tempfile.tempdir = None  # where it looked before
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long modules go first: --dist worksteal gives each worker an equal run of the list to begin with,
    and each run begins with its share of them. A module stays together: its tests may share what they set up.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers == 1:
        return
    long: dict[Path, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("long"):
            long.setdefault(item.path, []).append(item)
    others = [item for item in items if item.path not in long]
    modules, left = list(long.values()), len(items)
    items.clear()
    for worker in range(workers):
        first = [item for module in modules[worker::workers] for item in module]
        more = max(left // (workers - worker) - len(first), 0)
        items += first + others[:more]
        others = others[more:]
        left -= len(first) + more
    items += others


@pytest.fixture(scope="session")
def disk() -> Iterator[Path]:
    """A folder on a disk: what /var/tmp holds outlives a restart, so it is never memory."""
    place = Path("/var/tmp")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=place if os.access(place, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture
def tmp_path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """For tests marked `disk` it is on one."""
    if request.node.get_closest_marker("disk") is None:
        return tmp_path
    return Path(tempfile.mkdtemp(dir=request.getfixturevalue("disk")))


@pytest.fixture(autouse=True)
def home(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """An empty home of its own, which goes when the test passed."""
    if request.node.get_closest_marker("disk") is None:
        home = tmp_path_factory.mktemp("home")
    else:
        home = Path(tempfile.mkdtemp(dir=request.getfixturevalue("disk")))
    for name in [name for name in os.environ if name.startswith(("SYNCD_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    failed = request.session.testsfailed
    yield home
    if request.session.testsfailed == failed:
        shutil.rmtree(home, ignore_errors=True)
