"""What is next, what was last, and the last sync. Quick: only the store is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from syncd.cycle.set_aside import left_alone, set_aside_text
from syncd.domain.athlete import race_from_text
from syncd.domain.day_text import day_text
from syncd.domain.grammar import counted
from syncd.domain.merging.withdrawal import doubt_in
from syncd.domain.plain_text import one_line
from syncd.domain.session import SessionState
from syncd.domain.units import Units, day_name
from syncd.formats.reading import breakdown_text
from syncd.report.aim_texts import NOT_PLANNED_FOR, countdown_text, race_text
from syncd.report.doubts import settle_text
from syncd.report.health_views import add_health, health_lines, health_payload, kept_health
from syncd.report.heat_views import add_heat, heat_payload, heat_today, hottest_c
from syncd.report.questions import add_questions, questions_payload
from syncd.report.score_summary import summary_text
from syncd.report.score_views import score_text
from syncd.report.sheet import Cell, Column, Sheet, StyledText, Tone
from syncd.report.sync_status import (
    ServiceStatus,
    SourceStatus,
    ago_text,
    needs_of,
    sync_status_payload,
    sync_status_text,
)
from syncd.report.sync_views import totals_text
from syncd.report.time_off import add_time_off, spells_ahead, time_off_payload
from syncd.report.training_views import kind_text, session_payload, session_title
from syncd.report.watch_views import with_watch_state
from syncd.store import Store
from syncd.store.meta import RACE_HINDRANCE_KEY, RACE_KEY
from syncd.store.plan import CommittedSession


@dataclass(frozen=True, slots=True)
class Sink:
    """Where workouts go, as `status` knows it without asking."""

    name: str
    consumes: bool


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How runs come in: the sources and the service."""

    sources: tuple[SourceStatus, ...] = ()
    service: ServiceStatus = field(default_factory=ServiceStatus)


def status_payload(store: Store, sink: Sink, sync: SyncStatus, now: datetime, units: Units) -> dict[str, Any]:
    """`syncd.status/1`; `now` in the athlete's zone."""
    today = now.date()
    newest = next(iter(store.activities.newest(1)), None)
    score = store.scores.newest_of(newest.id) if newest else None
    last_sync = store.syncs.last_finished()
    return {
        "schema": "syncd.status/1",
        "now": now.astimezone(UTC).isoformat(),
        "today": today.isoformat(),
        "next": [
            session_payload(session.session, units) | {"watch": watch.text}
            for session, watch in _next(store, sink, today)
        ],
        "last": None
        if newest is None
        else {
            "date": newest.day.isoformat(),
            "distance_m": newest.distance_m,
            "timer_s": newest.timer_s,
            "score": score.score if score else None,
            "band": score.band if score else None,
            "words": summary_text(score.card, units) if score and score.card else "",
        },
        "last_sync": last_sync.finished_at.isoformat() if last_sync and last_sync.finished_at else None,
        "last_sync_outcome": last_sync.outcome if last_sync else None,
        "runs": store.activities.count_runs(),
        **sync_status_payload(sync.sources, sync.service),
        "doubtful": [
            {
                "activity": run.id,
                "date": run.day.isoformat(),
                "distance_m": run.distance_m,
                "timer_s": run.timer_s,
            }
            for run in store.activities.doubtful()
        ],
        "set_aside": [
            {
                "source": attempt.source,
                "name": attempt.name,
                "cause": attempt.cause,
                "reason": set_aside_text(attempt),
                "since": attempt.at.astimezone(UTC).isoformat(),
            }
            for attempt in left_alone(store, now)
        ],
        "unreadable": [f"{arrival.remote_id}: {arrival.reason}" for arrival in store.arrivals.unreadable()],
        "time_off": time_off_payload(spells_ahead(store, today)),
        "health": health_payload(kept_health(store), today),
        "heat": [heat_payload(known) for known in heat_today(store, today)],
        "questions": questions_payload(store.questions.open(), store, units, now),
    }


def status_sheet(store: Store, sink: Sink, sync: SyncStatus, local_now: datetime, units: Units) -> Sheet:
    """What is next, what was last, and the last sync. `local_now` is in the athlete's zone."""
    sheet, today = Sheet(), local_now.date()
    week = next((week for week in store.plan.weeks() if week.start <= today < week.start + _WEEK), None)
    phase = f" · {week.phase.value} phase, {kind_text(week)} week" if week else ""
    sheet.say(StyledText(f"{day_name(today)} {today.year}", Tone.STRONG), phase)
    sheet.gap()
    add_health(sheet, health_lines(kept_health(store), today, units))
    add_time_off(sheet, spells_ahead(store, today), units)
    add_heat(sheet, heat_today(store, today), hottest_c(store, today), units)
    newest = next(iter(store.activities.newest(1)), None)
    rows = [
        ("" if place else _label("Next"), *row)
        for place, row in enumerate(_rows_ahead(store, sink, today, units))
    ]
    race = race_from_text(store.meta.get(RACE_KEY) or "")
    if race is not None and race.day >= today:
        hindered = store.meta.get(RACE_HINDRANCE_KEY)
        until = StyledText(NOT_PLANNED_FOR, Tone.FAIR) if hindered else countdown_text(race.day, today)
        rows.append((_label("Race"), day_name(race.day), race_text(race.goal), until))
    if newest is not None:
        score = store.scores.newest_of(newest.id)
        totals = totals_text(newest.distance_m, newest.timer_s, units)
        points = score_text(score.score, score.band) if score and score.score is not None else ""
        rows.append((_label("Last"), day_name(newest.day), totals, points))
    sheet.table(_COLUMNS, rows)
    if newest is None:
        if rows:
            sheet.gap()
        sheet.say("No runs yet.")
    elif score and score.card:
        sheet.say(summary_text(score.card, units), indent=_INDENT)
    questions = store.questions.open()
    add_questions(sheet, questions, store, units, local_now)
    asked = {question.activity_id for question in (*questions, *store.questions.settled())}
    not_asked = [run for run in store.activities.doubtful() if run.id not in asked]
    for run in not_asked[:_FEW_DOUBTFUL]:
        what = f"{day_text(run.day)}, {totals_text(run.distance_m, run.timer_s, units)}. "
        sheet.say(
            StyledText("Not counted: ", Tone.FAIR),
            what,
            settle_text(run.id, doubt_in(run.withdrawn)),
            hang=_INDENT,
        )
    aside = left_alone(store, local_now)
    if aside:
        recordings = f"{counted(len(aside), 'recording')} set aside: "
        what = f"{one_line(aside[0].name)} ({breakdown_text(aside[0].cause)}). Run: syncd doctor"
        sheet.say(StyledText(recordings, Tone.FAIR), what, hang=_INDENT)
    known = {(attempt.source, attempt.remote_id) for attempt in aside}
    unreadable = [
        arrival for arrival in store.arrivals.unreadable() if (arrival.source, arrival.remote_id) not in known
    ]
    if unreadable:
        files = f"{counted(len(unreadable), 'file')} could not be read, the last: "
        sheet.say(StyledText(files, Tone.FAIR), one_line(unreadable[0].remote_id))
    sheet.gap()
    for need in needs_of(sync.sources, sync.service):
        sheet.say(StyledText("Needs you: ", Tone.BAD), need, hang=_INDENT)
    zone = local_now.tzinfo
    line = sync_status_text(sync.sources, sync.service, local_now, zone, units) if zone else ""
    sheet.say(StyledText(line or _last_sync_text(store, local_now), Tone.QUIET))
    return sheet


_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_INDENT = 7
_FEW_DOUBTFUL = 3
_COLUMNS = (Column(5, whole=True), Column(whole=True), Column(), Column())


def _label(text: str) -> StyledText:
    return StyledText(text, Tone.QUIET)


def _rows_ahead(store: Store, sink: Sink, today: date, units: Units) -> Iterator[tuple[Cell, ...]]:
    """A row for each session of the next days, and for the days of rest between them."""
    day = today
    if any(session.state is SessionState.DONE for session in store.plan.between(today, today)):
        day += _DAY
    for session, watch in _next(store, sink, today):
        yield from _rest_rows(day, session.session.day)
        yield (day_name(session.session.day), session_title(session.session, units), watch)
        day = max(day, session.session.day + _DAY)


def _rest_rows(first: date, until: date) -> Iterator[tuple[Cell, ...]]:
    for number in range((until - first).days):
        yield (day_name(first + timedelta(days=number)), StyledText("rest", Tone.QUIET))


def _next(store: Store, sink: Sink, today: date) -> Iterator[tuple[CommittedSession, StyledText]]:
    ahead = store.plan.between(today, today + timedelta(days=9))
    due = (session for session in ahead if session.state is SessionState.DUE)
    return with_watch_state(store, sink.name, due, consumes=sink.consumes)


def _last_sync_text(store: Store, now: datetime) -> str:
    last_sync = store.syncs.last_finished()
    if last_sync is None or last_sync.finished_at is None:
        return "Not synced yet. Run: syncd sync"
    trouble = "" if last_sync.outcome == "ok" else " · with problems: syncd sync shows them"
    return f"Checked {ago_text(last_sync.finished_at, now)}{trouble}"
