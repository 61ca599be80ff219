"""What a sync did, and what is on the watch: for people and as JSON."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta, tzinfo
from typing import Any

from syncd.cycle.assessment import Assessed
from syncd.cycle.run import SyncReport
from syncd.cycle.watching import Watched, WatchReport
from syncd.domain.delivery import labels
from syncd.domain.delivery.remote import RemoteWorkout
from syncd.domain.delivery.watch_state import OnWatch
from syncd.domain.grammar import counted
from syncd.domain.scoring.attribution import Method
from syncd.domain.units import Units, day_name
from syncd.paths import CYCLE_VARIABLE
from syncd.report.delivery_texts import problem_text, sink_text, unfit_text
from syncd.report.health_views import add_health, health_lines, health_payload
from syncd.report.remarks import remark_text
from syncd.report.run_title import session_run_text
from syncd.report.score_reasons import attribution_text
from syncd.report.score_summary import summary_text
from syncd.report.score_views import score_text
from syncd.report.sheet import Column, Sheet, StyledText, Tone
from syncd.report.sync_views import (
    action_payload,
    actions_table,
    add_change,
    arrived_payload,
    arrived_text,
    change_payload,
    run_text,
)
from syncd.report.time_off import add_time_off, empty_text, time_off_payload
from syncd.report.training_views import session_payload, session_title
from syncd.report.watch_views import device_payload, moment_text, on_watch_text, uncarried_text


def sync_payload(
    report: SyncReport,
    units: Units,
    *,
    dry_run: bool,
    asked: Sequence[dict[str, Any]] = (),
    settled: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """`syncd.sync/1`. `asked` and `settled`: its questions, as `questions_payload` makes them."""
    return {
        "schema": "syncd.sync/1",
        "dry_run": dry_run,
        "arrived": [arrived_payload(arrival) for arrival in report.arrived],
        "scored": [assessed_payload(assessed, units) for assessed in report.assessed],
        "missed": [missed.session.id for missed in report.missed],
        "committed": list(report.committed),
        "changes": [change_payload(change, units) for change in report.changes],
        "actions": [action_payload(action) for action in report.actions],
        "remarks": [remark_text(remark, units) for remark in report.remarks],
        "problems": [problem_text(problem, units) for problem in report.problems],
        "needs_human": report.needs_human,
        "clock_doubted": report.clock_doubted,
        "expected": [moment.isoformat(timespec="seconds") for moment in report.expected],
        "asked": list(asked),
        "settled": list(settled),
        "cycle": os.environ.get(CYCLE_VARIABLE),
    }


def assessed_payload(assessed: Assessed, units: Units) -> dict[str, Any]:
    """A run in a list: the whole card is `syncd score`'s."""
    stored = assessed.stored
    return {
        "activity": assessed.activity.id,
        "date": assessed.activity.day.isoformat(),
        "session": stored.session_id,
        "method": stored.method.value,
        "score": stored.score,
        "band": stored.band,
        "confidence": round(stored.confidence, 2),
        "words": summary_text(stored.card, units) if stored.card else "",
    }


def sync_sheet(report: SyncReport, units: Units, *, dry_run: bool) -> Sheet:
    """Runs, changes and actions: a block each, only where there is something to show."""
    sheet = Sheet()
    if report.arrived:
        sheet.say(arrived_text(report.arrived, units), hang=4)
    for assessed in report.assessed:
        _add_assessed(sheet, assessed, units)
    for missed in report.missed:
        title = labels.title(missed.session, units)
        sheet.say(StyledText("missed: ", Tone.FAIR), f"{title}, {day_name(missed.session.day)}")
    for remark in report.remarks:
        sheet.say(remark_text(remark, units), hang=4)
    for change in report.changes:
        add_change(sheet, change, units)
    actions_table(sheet, report.actions, "would " if dry_run else "")
    if dry_run:
        changes = counted(len(report.actions), "change") if report.actions else "No changes"
        sheet.say(f"{changes} for the watch, nothing sent.")
    elif report.quiet:
        sheet.say("Nothing new: the plan and the watch stay as they are.")
    return sheet


def watch_payload(report: WatchReport, units: Units) -> dict[str, Any]:
    """`syncd.watch/1`."""
    device = report.device
    return {
        "schema": "syncd.watch/1",
        "sink": report.sink,
        "device": device_payload(device.name, device.at) if device else None,
        "sessions": [
            session_payload(watched.session.session, units) | {"state": watched.state.value}
            for watched in report.sessions
        ],
        "time_off": time_off_payload(report.time_off),
        "health": health_payload(report.health, report.today),
        "problems": list(report.problems),
    }


def take_over_payload(sink: str, taken: Sequence[RemoteWorkout]) -> dict[str, Any]:
    """`syncd.take-over/1`."""
    return {
        "schema": "syncd.take-over/1",
        "sink": sink,
        "workouts": [
            {"date": remote.day.isoformat() if remote.day else None, "title": remote.title}
            for remote in taken
        ],
    }


def take_over_text(sink: str, taken: Sequence[RemoteWorkout]) -> str:
    """What was taken over, and what comes next."""
    if not taken:
        return f"{sink_text(sink)} has no workouts of another installation. Next: syncd sync"
    return (
        f"{counted(len(taken), 'workout')} on {sink_text(sink)} are this installation's now. "
        "Stop the other one, if it still runs. Next: syncd sync"
    )


def watch_sheet(report: WatchReport, units: Units, zone: tzinfo) -> Sheet:
    """A line a session, then the watch, then what to do where something is not there."""
    since = moment_text(report.device.at, zone, units) if report.device else ""
    sheet = Sheet()
    add_health(sheet, health_lines(report.health, report.today, units), more=bool(report.sessions))
    add_time_off(sheet, report.time_off, units, more=bool(report.sessions))
    rows = (
        (
            day_name(watched.session.session.day),
            session_title(watched.session.session, units),
            _watched_text(report, watched, since),
        )
        for watched in report.sessions
    )
    sheet.table((Column(whole=True), Column(), Column()), rows)
    off = report.time_off or health_lines(report.health, report.today, units)
    if not report.sessions and not off:
        sheet.say(empty_text((), units, committed=report.committed))
    more = _about_the_watch(report, since)
    if more:
        sheet.gap()
        sheet.say("\n".join(more))
    return sheet


def _watched_text(report: WatchReport, watched: Watched, since: str) -> StyledText:
    if watched.unfit is not None:
        return uncarried_text(unfit_text(watched.unfit, report.sink))
    return on_watch_text(watched.state, consumes=report.consumes, since=since)


def _about_the_watch(report: WatchReport, since: str) -> list[str]:
    states = {watched.state for watched in report.sessions}
    lines = []
    if report.problems:
        lines.append("Offline: showing the last known state.")
    elif report.asked and report.device is None:
        lines.append("No watch has synced with this account yet: pair one in the Garmin Connect app.")
    elif report.device is not None:
        lines.append(f"{report.device.name} last synced {since}.")
        if OnWatch.SCHEDULED in states:
            lines.append("Open the Garmin Connect app near the watch to bring the rest over.")
    if states & {OnWatch.NOT_PUSHED, OnWatch.EARLIER_VERSION, OnWatch.PUSHED, OnWatch.MOVES}:
        lines.append("What is missing goes out with the next sync. Run: syncd sync")
    if report.leaving and not report.consumes:
        lines.append(
            f"{counted(len(report.leaving), 'session')} off the plan: off the watch with the next sync."
        )
    return lines


_SHOWN_UNSCORED = frozenset({Method.REPLACED, Method.JOINED, Method.AMBIGUOUS})
_NEEDS_YEAR = timedelta(days=300)


def assessed_text(assessed: Assessed, units: Units) -> str:
    """One scored run with its summary; empty for a run that only counts as load."""
    sheet = Sheet()
    _add_assessed(sheet, assessed, units)
    return str(sheet)


def _add_assessed(sheet: Sheet, assessed: Assessed, units: Units) -> None:
    stored, run = assessed.stored, assessed.activity
    if stored.judgement.notation is None and stored.method not in _SHOWN_UNSCORED:
        return
    old = stored.at.date() - run.day > _NEEDS_YEAR
    head = run_text(
        f"{day_name(run.day)} {run.day.year}" if old else day_name(run.day),
        run.distance_m,
        run.timer_s,
        units,
    )
    if stored.judgement.notation is None:
        sheet.say(f"{head}  {attribution_text(stored.attribution.why, units)}", hang=4)
        return
    title = (
        session_run_text(assessed.session.session, stored.judgement, units)
        if assessed.session
        else "the workout in the file"
    )
    sheet.say(f"{head}  {title}: ", score_text(stored.score, stored.band), hang=4)
    sheet.say(summary_text(stored.card, units) if stored.card else "", indent=4)
