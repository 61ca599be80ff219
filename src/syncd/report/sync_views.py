"""What a cycle did, as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from syncd.domain.arrival import Arrived, Outcome
from syncd.domain.clock_time import format_clock
from syncd.domain.delivery.actions import Action, day_of, session_of, title_of, verb_of
from syncd.report.training_views import in_units
from syncd.report.units import KILOMETRES, Units, day_name
from syncd.store.changes import Change

_WORDS = {
    Outcome.RUN: "",
    Outcome.OTHER: "not a run: ",
    Outcome.DUPLICATE: "",
    Outcome.UNREADABLE: "could not be read: ",
    Outcome.WAITING: "waits: ",
}


def arrived_payload(arrived: Arrived) -> dict[str, Any]:
    """One arrival."""
    return {
        "name": arrived.name,
        "outcome": arrived.outcome.value,
        "reason": arrived.reason,
        "activity": arrived.activity_id,
    }


def arrived_text(arrived: Iterable[Arrived], units: Units = KILOMETRES) -> str:
    """A sum of the runs, and a line for each thing that is none."""
    everything = list(arrived)
    runs = [each for each in everything if each.outcome is Outcome.RUN]
    lines = []
    if runs:
        metres = sum((each.activity.distance_m or 0.0) for each in runs if each.activity)
        lines.append(f"{_count(len(runs), 'run')} read, {units.distance(metres)} in all")
    lines += [f"{each.name}: {_WORDS[each.outcome]}{each.reason}" for each in everything if each not in runs]
    return "\n".join(lines) or "nothing new"


def run_line(start_day: str, distance_m: float | None, timer_s: float, units: Units) -> str:
    """`Thu 12 Mar  10.2 km in 58:04`."""
    distance = f"{units.distance(distance_m)} in " if distance_m else ""
    return f"{start_day}  {distance}{format_clock(timer_s)}"


def action_payload(action: Action) -> dict[str, Any]:
    """One action on the watch."""
    day = day_of(action)
    return {
        "action": verb_of(action),
        "date": day.isoformat() if day else None,
        "session": session_of(action),
        "title": title_of(action),
        "why": action.why,
    }


def action_line(action: Action, would: str = "", units: Units = KILOMETRES) -> str:
    """`would create  Sat 21 Mar  easy 8 km [w12-3]   because it is not on the watch yet`."""
    day = day_of(action)
    when = day_name(day) if day else "library"
    return f"{would}{verb_of(action):7} {when:10}  {in_units(title_of(action), units)}   because {action.why}"


def change_payload(change: Change) -> dict[str, Any]:
    """One change of the plan."""
    return {
        "id": change.id,
        "rule": change.rule,
        "session": change.session_id,
        "date": change.after.day.isoformat() if change.after else None,
        "before": change.before.title if change.before else None,
        "after": change.after.title if change.after else None,
        "reason": change.reason,
        "evidence": dict(change.evidence),
        "at": change.at.isoformat(),
    }


def change_text(change: Change, units: Units = KILOMETRES) -> str:
    """What changed, why, by which rule."""
    after, before = change.after, change.before
    about = after or before
    day = day_name(about.day) if about else ""
    is_now = after.title if after else "dropped"
    was = f" (was: {before.title})" if before and before.title != is_now else ""
    text = f"{day}: {is_now}{was}\n    because {change.reason}   rule {change.rule}"
    return in_units(text, units)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
