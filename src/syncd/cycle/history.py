"""What was: stored scores, and why a day's session is what it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from syncd.cycle.world import World
from syncd.domain.merging.choice import merged
from syncd.report.score_views import score_text
from syncd.report.sync_views import change_payload, change_text
from syncd.report.training_views import session_payload, session_story
from syncd.report.units import Units, units_named
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession, SessionState
from syncd.store.recordings import Recording


@dataclass(frozen=True, slots=True)
class Told:
    """The two forms of one answer."""

    payload: dict[str, Any]
    text: str


def stored_score(world: World, wanted: str) -> Told | None:
    """The score of an activity by number or date, of the last run for ""; None where there is none."""
    run = _find(world, wanted)
    if run is None:
        return None
    stored = world.store.scores.newest_of(run.id)
    if stored is None:
        return None
    payload = json.loads(stored.payload)
    payload["recordings"] = recordings_payload(world.store.recordings.of_activity(run.id))
    lines = [score_text(payload, units_named(world.unit_name)), *recordings_text(payload["recordings"])]
    return Told(payload, "\n".join(lines))


def day_story(world: World, day: date) -> Told | None:
    """The sessions of a day with the rules that shaped them and every change they saw."""
    sessions = world.store.plan.between(day, day)
    if not sessions:
        return None
    units = units_named(world.unit_name)
    payload = {
        "schema": "syncd.why/1",
        "date": day.isoformat(),
        "sessions": [_why_payload(world, each) for each in sessions],
    }
    return Told(payload, "\n\n".join(_why_text(world, each, units) for each in sessions))


def next_session(world: World, today: date) -> CommittedSession | None:
    """The first session from today on that is still to be run."""
    ahead = world.store.plan.between(today, today + timedelta(days=30))
    return next((each for each in ahead if each.state is SessionState.DUE), None)


def recordings_payload(recordings: Sequence[Recording]) -> list[dict[str, Any]]:
    """Each recording of a run, the best first, with what counts of it; empty where none is known."""
    if not recordings:
        return []
    run = merged([each.told for each in recordings])
    known = {each.told.id: each for each in recordings}
    return [
        {
            "source": each.source,
            "remote_id": known[each.id].remote_id,
            "device": each.device,
            "counts_for": [field for field, giver in run.provenance.items() if giver == each.id],
        }
        for each in run.members
    ]


def recordings_text(recordings: Sequence[dict[str, Any]]) -> list[str]:
    """A line a recording, where there is more than one."""
    if len(recordings) < 2:
        return []
    lines = ["", f"{len(recordings)} recordings of this run:"]
    for each in recordings:
        name = " ".join(filter(None, (each["source"], f"({each['device']})" if each["device"] else "")))
        lines.append(f"  {name}: {', '.join(each['counts_for']) or 'nothing of it is needed'}")
    return lines


def _find(world: World, wanted: str) -> ActivitySummary | None:
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


def _why_payload(world: World, each: CommittedSession) -> dict[str, Any]:
    changes = world.store.changes.of_session(each.session.id)
    return session_payload(each.session) | {
        "state": each.state.value,
        "changes": [change_payload(change) for change in changes],
    }


def _why_text(world: World, each: CommittedSession, units: Units) -> str:
    changes = world.store.changes.of_session(each.session.id)
    lines = [session_story(each.session, units), *(change_text(change, units) for change in changes)]
    return "\n".join(lines)
