"""What was: stored scores, and why a day's session is what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

from syncd.cycle.world import World
from syncd.domain.day_text import day_text
from syncd.domain.delivery import labels
from syncd.domain.merging.choice import merged
from syncd.domain.scoring.card import StepRow
from syncd.domain.session import SessionState
from syncd.domain.training.conditions import Condition, Demanded, from_json
from syncd.domain.units import Units
from syncd.report.reader import Reader
from syncd.report.reasons import words
from syncd.report.score_views import score_sheet, stored_payload
from syncd.report.sheet import Cell, Column, Sheet, StyledText, Tone, joined, told
from syncd.report.sync_views import by_text, change_payload
from syncd.report.training_views import session_payload, session_story
from syncd.report.watch_views import moment
from syncd.store.activities import ActivitySummary
from syncd.store.changes import Change
from syncd.store.overrides import Override, OverrideKind
from syncd.store.plan import CommittedSession
from syncd.store.recordings import Recording


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """The two forms of one answer."""

    payload: dict[str, Any]
    sheet: Sheet
    run: ActivitySummary | None = None
    steps: tuple[StepRow, ...] = ()


def stored_score(world: World, units: Units, wanted: str) -> HistoryAnswer | None:
    """The score of an activity by number or date, of the last run for ""; None where there is none."""
    run = run_named(world, wanted)
    if run is None:
        return None
    stored = world.store.scores.newest_of(run.id)
    if stored is None:
        return None
    payload = stored_payload(run, stored, units)
    payload["recordings"] = recordings_payload(world.store.recordings.of_activity(run.id))
    sheet = score_sheet(run, stored.judgement, units)
    sheet.add(recordings_sheet(payload["recordings"]))
    return HistoryAnswer(payload, sheet, run, stored.card.steps if stored.card else ())


def day_story(world: World, reader: Reader, day: date) -> HistoryAnswer | None:
    """The sessions of a day, what shaped them, every change they saw, and how to take it back.

    Also of a day whose session was dropped or moved away, and of days without running.
    """
    there = world.store.plan.between(day, day)
    gone = {change.session_id for change in world.store.changes.on_day(day)} - {s.session.id for s in there}
    moved = [
        known for each in sorted(filter(None, gone)) if (known := world.store.plan.get(each)) is not None
    ]
    spells = [word for word in world.store.overrides.time_off() if word.covers(day)]
    if not (there or moved or spells):
        return None
    units = reader.units
    asked = [
        change
        for change in world.store.changes.conditions()
        if change.condition is not None and _holds(from_json(change.condition), day)
    ]
    payload = {
        "schema": "syncd.why/1",
        "date": day.isoformat(),
        "sessions": [_why_payload(world, each, units) for each in (*there, *moved)],
        "conditions": [change_payload(change, units) for change in asked],
        "time_off": [
            {
                "kind": word.kind.value,
                "from": word.first_day.isoformat(),
                "until": word.last_day.isoformat() if word.last_day else None,
            }
            for word in spells
        ],
    }
    blocks = [_why_sheet(world, each, units) for each in there]
    blocks += [_moved_sheet(world, each, units) for each in moved]
    blocks += [_condition_sheet(change, units) for change in asked]
    blocks += [told(_time_off_line(word)) for word in spells]
    return HistoryAnswer(payload, joined(blocks))


def _condition_sheet(change: Change, units: Units) -> Sheet:
    """What is asked of the weeks ahead, and how to lift it."""
    sheet = told(StyledText("The weeks ahead", Tone.STRONG))
    _labelled(sheet, [_because(change, units), _undo(change)])
    return sheet


def _time_off_line(word: Override) -> str:
    until = f"until {day_text(word.last_day)}" if word.last_day else "until syncd resume"
    name = {OverrideKind.PAUSE: "A pause", OverrideKind.ILL: "Ill", OverrideKind.HURT: "Hurt"}[word.kind]
    return f"{name} since {day_text(word.first_day)}, {until}: nothing is planned."


def _holds(condition: Condition, day: date) -> bool:
    return condition.covers(day) and condition.asked is not Demanded.RETEST


def next_session(world: World, today: date) -> CommittedSession | None:
    """The first session from today on that is still to be run."""
    ahead = world.store.plan.between(today, today + timedelta(days=30))
    return next((each for each in ahead if each.state is SessionState.DUE), None)


def recordings_payload(recordings: Sequence[Recording]) -> list[dict[str, Any]]:
    """Each recording of a run, the best first, with what counts of it; empty where none is known."""
    if not recordings:
        return []
    run = merged([each.candidate for each in recordings])
    known = {each.candidate.id: each for each in recordings}
    return [
        {
            "source": each.source,
            "remote_id": known[each.id].remote_id,
            "device": each.device,
            "counts_for": [field for field, giver in run.provenance.items() if giver == each.id],
        }
        for each in run.members
    ]


def recordings_sheet(recordings: Sequence[dict[str, Any]]) -> Sheet:
    """A line a recording, where there is more than one."""
    sheet = Sheet()
    if len(recordings) < 2:
        return sheet
    sheet.gap()
    sheet.say(f"{len(recordings)} recordings of this run:")
    for each in recordings:
        name = " ".join(filter(None, (each["source"], f"({each['device']})" if each["device"] else "")))
        counts = ", ".join(each["counts_for"]) or "nothing of it is needed"
        sheet.say(f"{name}: {counts}", indent=2, hang=2)
    return sheet


def run_named(world: World, wanted: str) -> ActivitySummary | None:
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
    return next(iter(reversed([each for each in activities.summaries(day, day) if each.is_run])), None)


def session_named(world: World, wanted: str) -> str | None:
    """The id of the session that is meant: by its id, or by its day where that day has one session."""
    try:
        day = date.fromisoformat(wanted)
    except ValueError:
        return wanted if world.store.plan.get(wanted) is not None else None
    there = [each for each in world.store.plan.between(day, day) if each.state is not SessionState.DROPPED]
    return there[0].session.id if len(there) == 1 else None


def _why_payload(world: World, each: CommittedSession, units: Units) -> dict[str, Any]:
    changes = world.store.changes.of_session(each.session.id)
    return session_payload(each.session, units) | {
        "state": each.state.value,
        "changes": [change_payload(change, units) for change in changes],
    }


def _why_sheet(world: World, each: CommittedSession, units: Units) -> Sheet:
    if each.state is SessionState.DROPPED:
        title = labels.title(each.session, units)
        sheet = told(StyledText(f"{day_text(each.session.day)}: {title}, dropped", Tone.STRONG))
    else:
        sheet = session_story(each.session, units)
        if each.state is SessionState.MISSED:
            sheet.say(StyledText("it was not run", Tone.FAIR), indent=2)
    _say_changes(sheet, world, each, units)
    return sheet


def _moved_sheet(world: World, each: CommittedSession, units: Units) -> Sheet:
    title = labels.title(each.session, units)
    sheet = told(StyledText(f"{title} is on {day_text(each.session.day)} now", Tone.STRONG))
    _say_changes(sheet, world, each, units)
    return sheet


def _say_changes(sheet: Sheet, world: World, each: CommittedSession, units: Units) -> None:
    """Oldest first: what it was, because of what, and how to take it back."""
    rows: list[_Row] = []
    for change in world.store.changes.of_session(each.session.id):
        head = world.store.changes.get(int(change.evidence.get("because") or 0)) or change
        same = change.before == change.after
        if not same:
            rows.append(_was(change, units))
        rows.append(_because(change, units))
        if change.undone_at is not None:
            when = " ".join(moment(change.undone_at, world.zone, units).split())
            rows.append(("undone", f"{when}: it is not made again"))
        elif not same:
            rows.append(_undo(head))
    _labelled(sheet, rows)


_Row: TypeAlias = tuple[str, Cell]


def _was(change: Change, units: Units) -> _Row:
    if change.before is None:
        return "added", ""
    return "was", f"{labels.title(change.before, units)} on {day_text(change.before.day)}"


def _because(change: Change, units: Units) -> _Row:
    return "because", (words(change.reason, units), StyledText(f"   {by_text(change)}", Tone.QUIET))


def _undo(change: Change) -> _Row:
    return "undo", StyledText(f"syncd undo {change.id}", Tone.MARK)


def _labelled(sheet: Sheet, rows: Sequence[_Row]) -> None:
    cells = [(StyledText(label, Tone.QUIET), words) for label, words in rows]
    sheet.table((Column(7, whole=True), Column()), cells, indent=2)
