"""What is written for people and other programs: the report and the calendar file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syncd.cycle.pushing import NAME
from syncd.daemon.state_file import is_running
from syncd.health.check import Check, Command, warn
from syncd.health.examination import Examination
from syncd.store import Store

_OLD_REPORT = timedelta(days=2)  # our default: the service writes one a day at least
_AHEAD = timedelta(days=7)  # our default


def report(case: Examination, store: Store) -> list[Check]:
    """The page that the service renews is as new as its syncs."""
    last, page = store.syncs.last_finished(), case.paths.report
    if not is_running(case.paths.state) or last is None or not page.exists():
        return []
    written = datetime.fromtimestamp(page.stat().st_mtime, UTC)
    if last.started_at - written <= _OLD_REPORT:
        return []
    text = f"{page} was last written {case.ago(written)}, and syncs went on"
    return [warn("report", text, Command("syncd report"))]


def calendar(case: Examination, store: Store) -> list[Check]:
    """The calendar file is there once there is a plan."""
    file = case.paths.state / NAME
    ahead = store.plan.between(case.today, case.today + _AHEAD)
    if store.syncs.last_finished() is None or not ahead or file.exists():
        return []
    return [warn("calendar file", f"{file} is missing", Command("syncd calendar"))]
