"""What `status` shows of the sources and the service, from files alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from syncd import clock
from syncd.cli.opened import SOURCES_KEY
from syncd.daemon.state_file import DaemonStateFile, is_running
from syncd.report.status import SyncStatus
from syncd.report.sync_status import ServiceStatus, SourceStatus

if TYPE_CHECKING:
    from syncd.paths import Paths
    from syncd.store import Store


def sync_status_of(store: Store, paths: Paths) -> SyncStatus:
    """The configured sources as of the last sync, and the service as it reported itself."""
    names = [name for name in (store.meta.get(SOURCES_KEY) or "").split(",") if name]
    sources = tuple(SourceStatus(name, store.source_pulls.of(name), _budget(name, paths)) for name in names)
    running = is_running(paths.state)
    service = DaemonStateFile(paths.state).read() if running else None
    if service is None:
        return SyncStatus(sources, ServiceStatus(running))
    next_sync = datetime.fromisoformat(service.next_look) if service.next_look else None
    return SyncStatus(sources, ServiceStatus(running, next_sync, service.needs))


def _budget(source: str, paths: Paths) -> str:
    """Only Strava counts requests."""
    file = paths.logins / "strava-budget.json"
    if source != "strava" or not file.exists():
        return ""
    from syncd.connectors.budget_file import BudgetFile
    from syncd.connectors.strava.budget import StravaBudget

    now = BudgetFile(StravaBudget, file).read().at(clock.now().timestamp())
    return f"{now.day.used} of {now.day.limit} requests today"
