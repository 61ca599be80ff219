"""What a cycle did: for people and as JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from syncd.cycle.assessment import Assessed
from syncd.cycle.run import CycleReport
from syncd.report.sync_views import (
    action_line,
    action_payload,
    arrived_payload,
    arrived_text,
    change_payload,
    change_text,
    run_line,
)
from syncd.report.training_views import session_title
from syncd.report.units import Units, day_name


def cycle_payload(report: CycleReport, *, dry_run: bool) -> dict[str, Any]:
    """`syncd.sync/1`."""
    return {
        "schema": "syncd.sync/1",
        "dry_run": dry_run,
        "arrived": [arrived_payload(each) for each in report.arrived],
        "scored": [assessed_payload(each) for each in report.assessed],
        "missed": [each.session.id for each in report.missed],
        "committed": list(report.committed),
        "changes": [change_payload(each) for each in report.changes],
        "actions": [action_payload(each) for each in report.actions],
        "remarks": list(report.remarks),
        "problems": list(report.problems),
    }


def assessed_payload(assessed: Assessed) -> dict[str, Any]:
    """A run in a list: the whole card is `syncd score`'s."""
    stored = assessed.stored
    return {
        "activity": assessed.activity.id,
        "date": assessed.activity.day.isoformat(),
        "session": stored.session_id,
        "method": stored.method,
        "score": stored.score,
        "band": stored.band,
        "confidence": round(stored.confidence, 2),
        "words": stored.words,
    }


def cycle_text(report: CycleReport, units: Units, *, dry_run: bool) -> str:
    """Runs, changes, actions: a block each, only where there is something to say."""
    lines: list[str] = []
    if report.arrived:
        lines.append(arrived_text(report.arrived, units))
    lines += [line for each in report.assessed if (line := assessed_line(each, units))]
    lines += [
        f"missed: {session_title(each.session, units)}, {day_name(each.session.day)}"
        for each in report.missed
    ]
    lines += report.remarks
    lines += [change_text(each, units) for each in report.changes]
    lines += [action_line(each, "would " if dry_run else "", units) for each in report.actions]
    if dry_run:
        lines.append(f"{len(report.actions)} changes on the watch, nothing sent.")
    elif report.quiet:
        lines.append("Nothing new: the plan and the watch stay as they are.")
    return "\n".join(lines)


_TOLD_UNSCORED = frozenset({"replaced", "joined", "ambiguous"})
_NEEDS_YEAR = timedelta(days=300)


def assessed_line(assessed: Assessed, units: Units) -> str:
    """One scored run with its words; empty for a run that only counts as load."""
    stored, run = assessed.stored, assessed.activity
    if stored.prescription is None and stored.method not in _TOLD_UNSCORED:
        return ""
    old = stored.at.date() - run.day > _NEEDS_YEAR
    head = run_line(
        f"{day_name(run.day)} {run.day.year}" if old else day_name(run.day),
        run.distance_m,
        run.timer_s,
        units,
    )
    title = session_title(assessed.session.session, units) if assessed.session else "the workout in the file"
    if stored.prescription is None:
        return f"{head}  {json.loads(stored.payload)['attribution']['why']}"
    total = f"{stored.score} {stored.band}" if stored.score is not None else "not scored"
    return f"{head}  {title}: {total}\n    {stored.words}"
