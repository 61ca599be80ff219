"""What a cycle did, and how things stand: for people and as JSON."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from syncd.cycle.assessment import Assessed
from syncd.cycle.run import CycleReport
from syncd.domain.delivery.remote import LedgerRow, LedgerState
from syncd.report.sync_views import (
    action_line,
    action_payload,
    arrived_payload,
    arrived_text,
    change_payload,
    change_text,
    run_line,
)
from syncd.report.training_views import session_payload
from syncd.report.units import Units, day_name
from syncd.store import Store
from syncd.store.plan import CommittedSession, SessionState

_LEDGER_WORDS = {
    LedgerState.DONE: "on the watch",
    LedgerState.INTENDED: "on its way",
    LedgerState.REMOVING: "being removed",
    LedgerState.RELEASED: "yours now: left as it is",
    LedgerState.REJECTED: "refused by the watch's service",
}


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
    lines += [f"missed: {each.session.title}, {day_name(each.session.day)}" for each in report.missed]
    lines += [change_text(each) for each in report.changes]
    lines += [action_line(each, "would " if dry_run else "") for each in report.actions]
    if dry_run:
        lines.append(f"{len(report.actions)} changes on the watch, nothing sent.")
    elif report.quiet:
        lines.append("Nothing new: the plan and the watch stay as they are.")
    return "\n".join(lines)


def assessed_line(assessed: Assessed, units: Units) -> str:
    """One scored run with its words; empty for a run that only counts as load."""
    stored, run = assessed.stored, assessed.activity
    if stored.prescription is None:
        return ""
    head = run_line(day_name(run.day), run.distance_m, run.timer_s, units)
    title = assessed.session.session.title if assessed.session else "the workout in the file"
    total = f"{stored.score} {stored.band}" if stored.score is not None else "not scored"
    return f"{head}  {title}: {total}\n    {stored.words}"


def status_payload(store: Store, sink: str, today: date, now: datetime) -> dict[str, Any]:
    """`syncd.status/1`."""
    ledger = _by_session(store, sink)
    newest = next(iter(store.activities.newest(1)), None)
    score = store.scores.newest_of(newest.id) if newest else None
    cycle = store.cycles.last_finished()
    return {
        "schema": "syncd.status/1",
        "now": now.isoformat(),
        "today": today.isoformat(),
        "next": [
            session_payload(each.session) | {"watch": _watch_word(each, ledger)}
            for each in _next_sessions(store, today)
        ],
        "last": None
        if newest is None
        else {
            "date": newest.day.isoformat(),
            "distance_m": newest.distance_m,
            "timer_s": newest.timer_s,
            "score": score.score if score else None,
            "band": score.band if score else None,
            "words": score.words if score else "",
        },
        "last_sync": cycle.finished_at.isoformat() if cycle and cycle.finished_at else None,
        "last_sync_outcome": cycle.outcome if cycle else None,
        "runs": store.activities.count_runs(),
        "unreadable": [f"{each.remote_id}: {each.reason}" for each in store.arrivals.unreadable()],
    }


def status_text(store: Store, sink: str, today: date, now: datetime, units: Units) -> str:
    """Next, last, and when syncd last looked."""
    ledger = _by_session(store, sink)
    week = next((each for each in store.plan.weeks() if each.start <= today < each.start + _WEEK), None)
    phase = f" · {week.phase.value} phase, {week.kind.value} week" if week else ""
    lines = [f"{day_name(today)} {today.year}{phase}", ""]
    for place, each in enumerate(_next_sessions(store, today)):
        label = "Next" if place == 0 else ""
        watch = _watch_word(each, ledger)
        lines.append(f"{label:6} {day_name(each.session.day)}  {each.session.title:<44} {watch}")
    newest = next(iter(store.activities.newest(1)), None)
    if newest is not None:
        score = store.scores.newest_of(newest.id)
        told = f"  {score.score} {score.band}" if score and score.score is not None else ""
        lines.append(
            f"{'Last':6} {run_line(day_name(newest.day), newest.distance_m, newest.timer_s, units)}{told}"
        )
        lines += [f"{'':7}{score.words}"] if score and score.words else []
    else:
        lines.append("No run has been read yet.")
    bad = store.arrivals.unreadable()
    if bad:
        lines.append(
            f"{len(bad)} file{'s' if len(bad) > 1 else ''} could not be read, the last: {bad[0].remote_id}"
        )
    lines += ["", _last_look(store, now)]
    return "\n".join(lines)


_WEEK = timedelta(weeks=1)


def _next_sessions(store: Store, today: date) -> tuple[CommittedSession, ...]:
    ahead = store.plan.between(today, today + timedelta(days=9))
    return tuple(each for each in ahead if each.state is SessionState.DUE)


def _by_session(store: Store, sink: str) -> dict[str, LedgerRow]:
    return {row.key.session: row for row in store.ledger.rows(sink)}


def _watch_word(each: CommittedSession, ledger: dict[str, LedgerRow]) -> str:
    row = ledger.get(each.session.id)
    if row is None:
        return "not there yet"
    if row.state is LedgerState.DONE and row.key.version != each.version:
        return "an earlier version"
    return _LEDGER_WORDS[row.state]


def _last_look(store: Store, now: datetime) -> str:
    cycle = store.cycles.last_finished()
    if cycle is None or cycle.finished_at is None:
        return "Never looked for runs. Run: syncd sync"
    minutes = round((now - cycle.finished_at).total_seconds() / 60)
    ago = f"{minutes} min ago" if abs(minutes) < 120 else f"{minutes // 60} h ago"
    trouble = "" if cycle.outcome == "ok" else " · with problems: syncd sync tells"
    return f"Last look {ago}{trouble}"
