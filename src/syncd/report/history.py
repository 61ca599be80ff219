"""The past: stored scores, and why a day's session is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from syncd.cycle.world import World
from syncd.domain.day_text import day_text
from syncd.domain.delivery import labels
from syncd.domain.merging.choice import merged
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.card import StepRow
from syncd.domain.session import SessionState
from syncd.domain.training.conditions import Condition, Demanded, from_json
from syncd.domain.training.health import limits_of
from syncd.domain.units import Units
from syncd.report.correction_views import corrections_payload, corrections_text, standing_text
from syncd.report.health_views import health_lines, health_payload
from syncd.report.heat_views import heat_on, heat_payload, heat_text
from syncd.report.reader import Reader
from syncd.report.reasons import reason_text
from syncd.report.score_views import activity_text, score_sheet, stored_payload, with_offset
from syncd.report.sheet import Cell, Column, Sheet, StyledText, Tone, joined, sheet_of
from syncd.report.sync_views import Undoable, by_text, change_payload, may_hold
from syncd.report.time_off import time_off_payload, time_off_text
from syncd.report.training_views import session_payload, session_sheet
from syncd.report.watch_views import moment_text
from syncd.store.activities import ActivitySummary
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession
from syncd.store.recordings import Recording
from syncd.store.scores import StoredScore


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """The two forms of one answer."""

    payload: dict[str, Any]
    sheet: Sheet
    run: ActivitySummary | None = None
    steps: tuple[StepRow, ...] = ()


def stored_score(world: World, units: Units, wanted: str) -> HistoryAnswer | None:
    """The score of an activity by number or date, of the last run for ""; None where there is none."""
    found = find_any_run(world, wanted)
    if found is None:
        return None
    run = with_offset(found, world.zone)
    held = world.store.corrections.of_activity(run.id)
    stored = world.store.scores.newest_of(run.id)
    aside = standing_text(run, held, units)
    if stored is None:
        if run.withdrawn is None:
            return None
        stored = StoredScore(run.id, Attribution(Method.WITHDRAWN, None, 1.0, run.withdrawn), run.added_at)
    payload = stored_payload(run, stored, units)
    payload["recordings"] = recordings_payload(world.store.recordings.of_activity(run.id))
    payload["corrections"] = corrections_payload(held)
    payload["counts"] = not aside
    if aside:
        return HistoryAnswer(payload, sheet_of(activity_text(run, units), aside), run)
    sheet = score_sheet(run, stored.judgement, units)
    if held:
        sheet.say(corrections_text(held, units))
    sheet.add(recordings_sheet(payload["recordings"]))
    return HistoryAnswer(payload, sheet, run, stored.card.steps if stored.card else ())


def day_answer(
    world: World, reader: Reader, day: date, undoable: Undoable = may_hold
) -> HistoryAnswer | None:
    """The sessions of a day, what shaped them, every change to them, and how to undo it.

    `undoable` says of a change whether it can be undone: nothing is offered that would be refused. Also for
    a day whose session was dropped or moved away, and for days off.
    """
    on_day = world.store.plan.between(day, day)
    moved_ids = {change.session_id for change in world.store.changes.on_day(day)}
    moved_ids -= {session.session.id for session in on_day}
    moved = [
        session
        for moved_id in sorted(filter(None, moved_ids))
        if (session := world.store.plan.get(moved_id)) is not None
    ]
    spells = [override for override in world.store.overrides.time_off() if override.covers(day)]
    off = health_lines(world.health, day, reader.units)
    heat = heat_on(world, day)
    if not (on_day or moved or spells or off or heat):
        return None
    units = reader.units
    conditions = [
        change
        for change in world.store.changes.conditions()
        if change.condition is not None and _is_in_force(from_json(change.condition), day)
    ]
    payload = {
        "schema": "syncd.why/1",
        "date": day.isoformat(),
        "sessions": [_why_payload(world, session, units) for session in (*on_day, *moved)],
        "conditions": [change_payload(change, units) for change in conditions],
        "time_off": time_off_payload(spells),
        "health": health_payload(world.health, day) if off else [],
        "heat": [heat_payload(known) for known in heat],
    }
    blocks = [_why_sheet(world, session, units, undoable) for session in on_day]
    blocks += [_moved_sheet(world, session, units, undoable) for session in moved]
    blocks += [_condition_sheet(change, units, undoable) for change in conditions]
    blocks += [sheet_of(time_off_text(spell, units)) for spell in spells]
    blocks += [sheet_of(*off)] if off else []
    hottest = limits_of(world.health, day).hottest_c
    blocks += [sheet_of(heat_text(known, hottest, units)) for known in heat]
    return HistoryAnswer(payload, joined(blocks))


def _condition_sheet(change: Change, units: Units, undoable: Undoable) -> Sheet:
    """What is asked of the weeks ahead, and how to undo it."""
    sheet = sheet_of(StyledText("The weeks ahead", Tone.STRONG))
    _add_rows(sheet, [_because(change, units), *([_undo(change)] if undoable(change) else [])])
    return sheet


def _is_in_force(condition: Condition, day: date) -> bool:
    return condition.covers(day) and condition.asked is not Demanded.RETEST


def next_session(world: World, today: date) -> CommittedSession | None:
    """The first session from today on that is still to be run."""
    ahead = world.store.plan.between(today, today + timedelta(days=30))
    return next((session for session in ahead if session.state is SessionState.DUE), None)


def recordings_payload(recordings: Sequence[Recording]) -> list[dict[str, Any]]:
    """Each recording of a run, the best first, with what it is used for; empty where none is known."""
    if not recordings:
        return []
    run = merged([recording.candidate for recording in recordings])
    by_id = {recording.candidate.id: recording for recording in recordings}
    return [
        {
            "source": member.source,
            "remote_id": by_id[member.id].remote_id,
            "device": member.device,
            "counts_for": [field for field, origin in run.provenance.items() if origin == member.id],
        }
        for member in run.members
    ]


def recordings_sheet(recordings: Sequence[dict[str, Any]]) -> Sheet:
    """A line for each recording, where there is more than one."""
    sheet = Sheet()
    if len(recordings) < 2:
        return sheet
    sheet.gap()
    sheet.say(f"{len(recordings)} recordings of this run:")
    for recording in recordings:
        device = f"({recording['device']})" if recording["device"] else ""
        name = " ".join(filter(None, (recording["source"], device)))
        counts = ", ".join(recording["counts_for"]) or "not needed"
        sheet.say(f"{name}: {counts}", indent=2, hang=2)
    return sheet


def find_run(world: World, wanted: str) -> ActivitySummary | None:
    """The run of that number or day, the last one for ""; None where there is none."""
    activities = world.store.activities
    if not wanted:
        return next(iter(activities.newest(1)), None)
    if wanted.isdecimal() and len(wanted) < 8:
        return activities.get(int(wanted))
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        return None
    return next(iter(reversed([run for run in activities.summaries(day, day) if run.is_run])), None)


def find_any_run(world: World, wanted: str) -> ActivitySummary | None:
    """The same, also among runs that do not count: a run that counts comes first on its day."""
    counting = find_run(world, wanted)
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        return counting
    on_day = world.store.activities.summaries(day, day)
    return counting or next(iter(reversed(on_day)), None)


def find_session(world: World, wanted: str) -> str | None:
    """The id of a session given by its id, or by its day where that day has one session."""
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        return wanted if world.store.plan.get(wanted) is not None else None
    on_day = world.store.plan.between(day, day)
    kept = [session for session in on_day if session.state is not SessionState.DROPPED]
    return kept[0].session.id if len(kept) == 1 else None


def _why_payload(world: World, session: CommittedSession, units: Units) -> dict[str, Any]:
    changes = world.store.changes.of_session(session.session.id)
    return session_payload(session.session, units) | {
        "state": session.state.value,
        "changes": [change_payload(change, units) for change in changes],
    }


def _why_sheet(world: World, session: CommittedSession, units: Units, undoable: Undoable) -> Sheet:
    if session.state is SessionState.DROPPED:
        title = labels.title(session.session, units)
        sheet = sheet_of(StyledText(f"{day_text(session.session.day)}: {title}, dropped", Tone.STRONG))
    else:
        sheet = session_sheet(session.session, units)
        if session.state is SessionState.MISSED:
            sheet.say(StyledText("missed", Tone.FAIR), indent=2)
    _add_changes(sheet, world, session, units, undoable)
    return sheet


def _moved_sheet(world: World, session: CommittedSession, units: Units, undoable: Undoable) -> Sheet:
    title = labels.title(session.session, units)
    sheet = sheet_of(StyledText(f"{title} has moved to {day_text(session.session.day)}", Tone.STRONG))
    _add_changes(sheet, world, session, units, undoable)
    return sheet


def _add_changes(
    sheet: Sheet, world: World, session: CommittedSession, units: Units, undoable: Undoable
) -> None:
    """Oldest first: what it was, why it changed, and how to undo it."""
    rows: list[_Row] = []
    for change in world.store.changes.of_session(session.session.id):
        head = world.store.changes.get(int(change.evidence.get("because") or 0)) or change
        same = change.before == change.after
        if not same:
            rows.append(_was(change, units))
        rows.append(_because(change, units))
        if change.undone_at is not None:
            when = " ".join(moment_text(change.undone_at, world.zone, units).split())
            rows.append(("undone", f"{when}: it will not be made again"))
        elif change.withdrawn_at is not None:
            rows.append(_withdrawn(world, change, units))
        elif not same and undoable(change):
            rows.append(_undo(head))
    _add_rows(sheet, rows)


_Row: TypeAlias = tuple[str, Cell]


def _withdrawn(world: World, change: Change, units: Units) -> _Row:
    when = (
        " ".join(moment_text(change.withdrawn_at, world.zone, units).split()) if change.withdrawn_at else ""
    )
    why = reason_text(change.withdrawn_why, units) if change.withdrawn_why else ""
    return "no more", f"since {when}: {why}"


def _was(change: Change, units: Units) -> _Row:
    if change.before is None:
        return "added", ""
    return "was", f"{labels.title(change.before, units)} on {day_text(change.before.day)}"


def _because(change: Change, units: Units) -> _Row:
    by = by_text(change)
    return "because", (reason_text(change.reason, units), StyledText(f"   {by}" if by else "", Tone.QUIET))


def _undo(change: Change) -> _Row:
    return "undo", StyledText(f"syncd undo {change.id}", Tone.MARK)


def _add_rows(sheet: Sheet, rows: Sequence[_Row]) -> None:
    cells = [(StyledText(label, Tone.QUIET), cell) for label, cell in rows]
    sheet.table((Column(7, whole=True), Column()), cells, indent=2)
