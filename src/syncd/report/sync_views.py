"""Parts of what a sync did, as JSON and as text: arrivals, actions, changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from syncd.domain.arrival import Arrived, PayloadOutcome
from syncd.domain.clock_time import format_clock
from syncd.domain.delivery import labels
from syncd.domain.delivery.actions import Action, day_of, session_of, tag_of, title_of, verb_of
from syncd.domain.grammar import counted
from syncd.domain.session import Session
from syncd.domain.units import KILOMETRES, Units, day_name
from syncd.report.doubts import doubt_text, settle_text
from syncd.report.reasons import reason_sentence, reason_text
from syncd.report.sheet import Cell, Column, Sheet, StyledText, Tone
from syncd.store.changes import BY_ATHLETE, BY_FACTS, REZONED, Change

FOLLOWS = "The next sync updates your watch."  # after a word that changed the plan
_VERB_TONES = {"create": Tone.GOOD, "update": Tone.MARK, "remove": Tone.FAIR}
_TEXTS = {
    PayloadOutcome.RUN: "",
    PayloadOutcome.OTHER: "not a run: ",
    PayloadOutcome.DUPLICATE: "",
    PayloadOutcome.UNREADABLE: "could not be read: ",
    PayloadOutcome.WAITING: "on hold: ",
}


def arrived_payload(arrived: Arrived) -> dict[str, Any]:
    """One arrival."""
    return {
        "name": arrived.name,
        "outcome": arrived.outcome.value,
        "reason": arrived.reason,
        "activity": arrived.activity_id,
        "doubt": None if arrived.doubt is None else arrived.doubt.to_json(),
        "set_aside": arrived.set_aside,
    }


def arrived_text(arrived: Iterable[Arrived], units: Units = KILOMETRES) -> str:
    """A line for all runs together, and one for each arrival that is no run."""
    arrivals = list(arrived)
    runs = [arrival for arrival in arrivals if arrival.outcome is PayloadOutcome.RUN]
    lines = []
    if runs:
        metres = sum((run.activity.distance_m or 0.0) for run in runs if run.activity)
        in_all = " in all" if len(runs) > 1 else ""
        lines.append(f"{counted(len(runs), 'run')} read, {units.distance(metres)}{in_all}")
    lines += [
        _doubtful_text(arrival, units)
        if arrival.doubt is not None
        else f"{arrival.name}: {_TEXTS[arrival.outcome]}{arrival.reason}"
        for arrival in arrivals
        if arrival not in runs
    ]
    return "\n".join(lines) or "Nothing new"


def _doubtful_text(arrival: Arrived, units: Units) -> str:
    """What is doubted, and how to settle it."""
    assert arrival.doubt is not None  # noqa: S101 - the caller has looked
    assert arrival.activity_id is not None  # noqa: S101 - doubtful ones are kept
    doubt = doubt_text(arrival.doubt, units)
    settle = settle_text(arrival.activity_id, arrival.doubt)
    return f"{arrival.name}: doubtful, counts nowhere: {doubt}. {settle}"


def run_text(start_day: str, distance_m: float | None, timer_s: float, units: Units) -> str:
    """`Thu 12 Mar  10.2 km in 58:04`."""
    return f"{start_day}  {totals_text(distance_m, timer_s, units)}"


def totals_text(distance_m: float | None, timer_s: float, units: Units) -> str:
    """`10.2 km in 58:04`."""
    distance = f"{units.distance(distance_m)} in " if distance_m else ""
    return f"{distance}{format_clock(timer_s)}"


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


def actions_table(sheet: Sheet, actions: Iterable[Action], would: str) -> None:
    """A row for each action: what is done, for which day and session, and why."""
    rows: list[tuple[Cell, ...]] = []
    for action in actions:
        verb, when, title, why = _action_texts(action)
        tone = _VERB_TONES.get(verb, Tone.NORMAL)
        rows.append((StyledText(f"{would}{verb}", tone), when, title, StyledText(why, Tone.QUIET)))
    sheet.table((Column(7, whole=True), Column(10, whole=True), Column(), Column()), rows)


def action_text(action: Action) -> str:
    """`create  Sat 21 Mar  8 km easy   not on the watch yet`."""
    verb, when, title, why = _action_texts(action)
    return f"{verb:7} {when:10}  {title}   {why}"


def _action_texts(action: Action) -> tuple[str, str, str, str]:
    day = day_of(action)
    when = day_name(day) if day else "library"
    return verb_of(action), when, _plain_title(action), action.why


def _plain_title(action: Action) -> str:
    """The title without the mark that it has on the watch, or in the name of a file."""
    tag = tag_of(action)
    title = title_of(action).removesuffix(f"[{tag}]").removeprefix(tag).strip()
    return title or "workout"


_WITHOUT_RULE = frozenset({REZONED, BY_FACTS})
Undoable = Callable[[Change], bool]  # whether `syncd undo` with its number does something


def may_hold(change: Change) -> bool:
    """Whether it is one that can be undone at all, for who does not know more."""
    return change.holds and change.rule not in _WITHOUT_RULE


def change_payload(change: Change, units: Units) -> dict[str, Any]:
    """One change of the plan."""
    return {
        "id": change.id,
        "rule": change.rule,
        "session": change.session_id,
        "date": _day(change.after),
        "was_on": _day(change.before),
        "before": labels.title(change.before, units) if change.before else None,
        "after": labels.title(change.after, units) if change.after else None,
        "reason": reason_text(change.reason, units),
        "cause": change.reason.to_json(),
        "evidence": dict(change.evidence),
        "at": change.at.isoformat(),
        "undone_at": change.undone_at.isoformat() if change.undone_at else None,
        "withdrawn_at": change.withdrawn_at.isoformat() if change.withdrawn_at else None,
        "withdrawn_why": reason_text(change.withdrawn_why, units) if change.withdrawn_why else None,
        "rests_on": None if change.rests_on is None else [fact.to_json() for fact in change.rests_on],
    }


def _day(session: Session | None) -> str | None:
    return session.day.isoformat() if session else None


def add_change(sheet: Sheet, change: Change, units: Units) -> None:
    """Add what changed, why, and by which rule."""
    what, why = _change_text(change, units)
    sheet.say(StyledText(what, Tone.STRONG), hang=4)
    if why:
        sheet.say(why, indent=4)


def change_text(change: Change, units: Units = KILOMETRES) -> str:
    """What changed, why, and by which rule."""
    return "\n    ".join(filter(None, _change_text(change, units)))


def _change_text(change: Change, units: Units) -> tuple[str, str]:
    """What changed; and why, by which rule, where that is a line of its own."""
    if _has_reason_of_another(change):
        return _what(change, units), ""
    if change.before == change.after and change.rule != REZONED and change.condition is None:
        return f"{reason_sentence(change.reason, units)}{_by_text(change)}", ""
    return _what(change, units), f"because {reason_text(change.reason, units)}{_by_text(change)}"


def _has_reason_of_another(change: Change) -> bool:
    """Whether it was made with the one before it, for its reason; one with a key was decided by itself."""
    return "because" in change.evidence and not change.key


def change_texts(change: Change, units: Units = KILOMETRES) -> tuple[str, str]:
    """What changed, and why, for a table."""
    about = change.after or change.before
    what = _what(change, units) if about is None or change.before != change.after else day_name(about.day)
    why = "" if _has_reason_of_another(change) else reason_sentence(change.reason, units)
    return what, why


def undone_text(change: Change, units: Units = KILOMETRES) -> str:
    """What is back as it was."""
    before, after = change.before, change.after
    about = before or after
    if about is None or before == after:
        return f"Undone: {reason_text(change.reason, units)}"
    return f"{day_name(about.day)}: {labels.title(about, units) if before else 'dropped'} again"


def _what(change: Change, units: Units) -> str:
    after, before = change.after, change.before
    about = after or before
    if about is None:
        return "The weeks ahead"
    is_now = labels.title(after, units) if after else "dropped"
    before_title = labels.title(before, units) if before else is_now
    was = [before_title] if before_title != is_now else []
    if before and after and before.day != after.day:
        was.append(" ".join(day_name(before.day).split()))
    before_text = f" (was: {', '.join(was)})" if was else ""
    return f"{day_name(about.day)}: {is_now}{before_text}"


def by_text(change: Change) -> str:
    """`rule A8`, `your decision`; empty where the reason says all: new paces come from no rule."""
    if change.rule == BY_ATHLETE:
        return "your decision"
    return "" if change.rule in _WITHOUT_RULE else f"rule {change.rule}"


def _by_text(change: Change) -> str:
    """The same, apart from the reason before it."""
    by = by_text(change)
    return f"   {by}" if by else ""
