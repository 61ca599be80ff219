"""Reports of faults that syncd itself wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from syncd.domain.grammar import counted
from syncd.health.check import Check, Command, warn
from syncd.health.examination import Examination

_RECENT = timedelta(days=14)  # our default: an earlier one was of an earlier version, or never came back


def faults(case: Examination) -> list[Check]:
    """Whether syncd met an error of its own lately."""
    folder = case.paths.faults
    if not case.state_is_listed or not folder.is_dir():
        return []
    written = {file: datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in folder.glob("*.txt")}
    recent = sorted(
        (file for file, at in written.items() if case.now - at <= _RECENT), key=lambda file: written[file]
    )
    if not recent:
        return []
    newest = recent[-1]
    text = (
        f"syncd met {counted(len(recent), 'error')} of its own, the newest {case.ago(written[newest])}: "
        f"please report it with {newest}, then delete it"
    )
    return [warn("crash reports", text, Command.of("rm", *recent))]
