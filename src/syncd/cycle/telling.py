"""What a cycle did: for people and as JSON."""

from __future__ import annotations

import json
import os
from datetime import timedelta, tzinfo
from typing import Any

from syncd.cycle.assessment import Assessed
from syncd.cycle.run import CycleReport
from syncd.cycle.watching import WatchReport
from syncd.domain.delivery.watch import OnWatch
from syncd.paths import CYCLE_VARIABLE
from syncd.report.sync_views import (
    action_line,
    action_payload,
    arrived_payload,
    arrived_text,
    change_payload,
    change_text,
    run_line,
)
from syncd.report.training_views import session_payload, session_title
from syncd.report.units import Units, day_name
from syncd.report.watch_views import device_payload, moment, watch_word


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
        "needs_human": report.needs_human,
        "expected": [each.isoformat(timespec="seconds") for each in report.expected],
        "cycle": os.environ.get(CYCLE_VARIABLE),
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


def watch_payload(report: WatchReport) -> dict[str, Any]:
    """`syncd.watch/1`."""
    device = report.device
    return {
        "schema": "syncd.watch/1",
        "sink": report.sink,
        "device": device_payload(device.name, device.at) if device else None,
        "sessions": [
            session_payload(each.session.session) | {"state": each.state.value} for each in report.sessions
        ],
        "problems": list(report.problems),
    }


def watch_text(report: WatchReport, units: Units, zone: tzinfo) -> str:
    """A line a session, then the watch, then what to do where something is not there."""
    since = moment(report.device.at, zone, units) if report.device else ""
    lines = [
        f"{day_name(each.session.session.day)}  {session_title(each.session.session, units):<44} "
        f"{watch_word(each.state, consumes=report.consumes, since=since)}"
        for each in report.sessions
    ]
    lines = lines or ["No session is planned for the next ten days. Run: syncd sync"]
    return "\n".join([*lines, "", *_about_the_watch(report, since)]).rstrip()


def _about_the_watch(report: WatchReport, since: str) -> list[str]:
    states = {each.state for each in report.sessions}
    lines = []
    if report.problems:
        lines.append("Told from memory: nobody could be asked.")
    elif report.asked and report.device is None:
        lines.append("No watch has synced with this account yet: pair one in the Garmin Connect app.")
    elif report.device is not None:
        lines.append(f"{report.device.name} synced last {since}.")
        if OnWatch.SCHEDULED in states:
            lines.append("Open the Garmin Connect app near the watch, and the rest follows.")
    if states & {OnWatch.NOT_PUSHED, OnWatch.EARLIER_VERSION, OnWatch.PUSHED}:
        lines.append("What is not there yet goes out with the next cycle. Run: syncd sync")
    return lines


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
