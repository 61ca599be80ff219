"""How things stand: next, last, and when syncd last looked. Quick: only the store is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from syncd.domain.session import SessionState
from syncd.domain.units import Units, day_name
from syncd.report.score_summary import describe
from syncd.report.score_views import score_text
from syncd.report.sheet import Cell, Column, Sheet, StyledText, Tone
from syncd.report.sync_status import (
    ServiceStatus,
    SourceStatus,
    ago,
    needs_of,
    sync_status_line,
    sync_status_payload,
)
from syncd.report.sync_views import run_totals
from syncd.report.training_views import session_payload, session_said
from syncd.report.watch_views import remembered
from syncd.store import Store
from syncd.store.plan import CommittedSession


@dataclass(frozen=True, slots=True)
class Sink:
    """Where workouts go, as `status` knows it: never asked."""

    name: str
    consumes: bool


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How runs come in: the sources and the service."""

    sources: tuple[SourceStatus, ...] = ()
    service: ServiceStatus = field(default_factory=ServiceStatus)


def status_payload(
    store: Store, sink: Sink, looks: SyncStatus, now: datetime, units: Units
) -> dict[str, Any]:
    """`syncd.status/1`; `now` in the athlete's zone."""
    today = now.date()
    newest = next(iter(store.activities.newest(1)), None)
    score = store.scores.newest_of(newest.id) if newest else None
    cycle = store.syncs.last_finished()
    return {
        "schema": "syncd.status/1",
        "now": now.astimezone(UTC).isoformat(),
        "today": today.isoformat(),
        "next": [
            session_payload(each.session, units) | {"watch": watch.text}
            for each, watch in _next(store, sink, today)
        ],
        "last": None
        if newest is None
        else {
            "date": newest.day.isoformat(),
            "distance_m": newest.distance_m,
            "timer_s": newest.timer_s,
            "score": score.score if score else None,
            "band": score.band if score else None,
            "words": describe(score.card, units) if score and score.card else "",
        },
        "last_sync": cycle.finished_at.isoformat() if cycle and cycle.finished_at else None,
        "last_sync_outcome": cycle.outcome if cycle else None,
        "runs": store.activities.count_runs(),
        **sync_status_payload(looks.sources, looks.service),
        "unreadable": [f"{each.remote_id}: {each.reason}" for each in store.arrivals.unreadable()],
    }


def status_sheet(store: Store, sink: Sink, looks: SyncStatus, local_now: datetime, units: Units) -> Sheet:
    """Next, last, and when syncd last looked. `local_now` is in the athlete's zone."""
    sheet, today = Sheet(), local_now.date()
    week = next((each for each in store.plan.weeks() if each.start <= today < each.start + _WEEK), None)
    phase = f" · {week.phase.value} phase, {week.kind.value} week" if week else ""
    sheet.say(StyledText(f"{day_name(today)} {today.year}", Tone.STRONG), phase)
    sheet.gap()
    newest = next(iter(store.activities.newest(1)), None)
    rows: list[tuple[Cell, ...]] = [
        (
            "" if place else _label("Next"),
            day_name(each.session.day),
            session_said(each.session, units),
            watch,
        )
        for place, (each, watch) in enumerate(_next(store, sink, today))
    ]
    if newest is not None:
        score = store.scores.newest_of(newest.id)
        ran = run_totals(newest.distance_m, newest.timer_s, units)
        told = score_text(score.score, score.band) if score and score.score is not None else ""
        rows.append((_label("Last"), day_name(newest.day), ran, told))
    sheet.table(_COLUMNS, rows)
    if newest is None:
        sheet.say("No run has been read yet.")
    elif score and score.card:
        sheet.say(describe(score.card, units), indent=_INDENT)
    bad = store.arrivals.unreadable()
    if bad:
        files = f"{len(bad)} file{'s' if len(bad) > 1 else ''} could not be read, the last: "
        sheet.say(StyledText(files, Tone.FAIR), bad[0].remote_id)
    sheet.gap()
    for need in needs_of(looks.sources, looks.service):
        sheet.say(StyledText("Needs you: ", Tone.BAD), need, hang=_INDENT)
    zone = local_now.tzinfo
    line = sync_status_line(looks.sources, looks.service, local_now, zone, units) if zone else ""
    sheet.say(StyledText(line or _last_look(store, local_now), Tone.QUIET))
    return sheet


_WEEK = timedelta(weeks=1)
_INDENT = 7
_COLUMNS = (Column(5, whole=True), Column(whole=True), Column(), Column())


def _label(word: str) -> StyledText:
    return StyledText(word, Tone.QUIET)


def _next(store: Store, sink: Sink, today: date) -> Iterator[tuple[CommittedSession, StyledText]]:
    ahead = store.plan.between(today, today + timedelta(days=9))
    due = (each for each in ahead if each.state is SessionState.DUE)
    return remembered(store, sink.name, due, consumes=sink.consumes)


def _last_look(store: Store, now: datetime) -> str:
    cycle = store.syncs.last_finished()
    if cycle is None or cycle.finished_at is None:
        return "Never looked for runs. Run: syncd sync"
    trouble = "" if cycle.outcome == "ok" else " · with problems: syncd sync tells"
    return f"Last look {ago(cycle.finished_at, now)}{trouble}"
