"""The background service, as it reported itself."""

from __future__ import annotations

import fcntl
import os
from datetime import datetime, timedelta
from importlib.metadata import version

from syncd.daemon.state_file import DaemonStateFile, is_running, started
from syncd.health.check import Check, Command, fail, ok, unknown, warn
from syncd.health.examination import SYNC, Examination
from syncd.store.lock import LOCK_NAME

LATE_SYNC = timedelta(minutes=30)  # our default: a sync takes at most a quarter of an hour
HUNG_AFTER = timedelta(hours=6)  # our default: an import of ten years on a small machine takes hours
_NAME, _INSTALL = "service", Command("syncd service install")
_RESTART = "restart the service (syncd service status tells its unit)"


def service(case: Examination) -> list[Check]:
    """Whether the service is running, and has synced lately."""
    if not case.state_is_listed:
        return []
    status = DaemonStateFile(case.paths.state).read()
    if not is_running(case.paths.state):
        remedy = (
            _INSTALL
            if case.managers
            else "start syncd run (there is no systemd here for syncd service install)"
        )
        return [warn(_NAME, "not running: nothing happens automatically", remedy)]
    process, began = started(case.paths.state)
    if status is None and DaemonStateFile(case.paths.state).exists():
        return [warn(_NAME, "running, but what it last said of itself cannot be read", _RESTART)]
    if status is None or status.pid != process:  # what an earlier one left says nothing of this one
        if case.now - began > LATE_SYNC:
            return [fail(_NAME, f"started {case.ago(began)}, and has not synced yet", _RESTART)]
        return [unknown(_NAME, "running, has not synced yet")]
    if status.needs:
        return [fail(_NAME, f"running, but needs you: {status.needs[0]}", "do what it says")]
    due = datetime.fromisoformat(status.next_look) if status.next_look else None
    if due is not None and case.now - due > LATE_SYNC:
        late = f"running, but a sync was due {case.ago(due)}"
        return [fail(_NAME, late, _RESTART)]
    if status.failures >= 3:
        text = f"running, but the last {status.failures} syncs failed: {status.says}"
        return [warn(_NAME, text, SYNC)]
    if status.version and status.version != version("syncd"):
        text = f"running, but still syncd {status.version}: this is {version('syncd')}"
        return [warn(_NAME, text, _INSTALL if case.managers else "restart it")]
    synced = datetime.fromisoformat(status.last_look) if status.last_look else None
    return [ok(_NAME, f"running, synced {case.ago(synced)}" if synced else "running")]


def hung_sync(case: Examination) -> list[Check]:
    """A sync that has held the lock for so long that it will hardly end."""
    path = case.paths.state / LOCK_NAME
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return []
    except OSError as error:
        text = f"{path} cannot be opened ({error.strerror}): no sync can begin"
        return [fail("sync lock", text, Command.of("rm", path))]
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _held(case, descriptor)
    finally:
        os.close(descriptor)
    return []


def _held(case: Examination, descriptor: int) -> list[Check]:
    since = datetime.fromtimestamp(os.fstat(descriptor).st_mtime, case.now.tzinfo)
    if case.now - since < HUNG_AFTER:
        return []
    holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
    text = f"a sync (process {holder or 'unknown'}) began {case.ago(since)} and keeps all others waiting"
    remedy = Command(f"kill {holder}") if holder.isdigit() else "end that process"
    return [fail("sync lock", text, remedy)]
