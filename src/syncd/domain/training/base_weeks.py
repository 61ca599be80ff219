"""Which of the last weeks say how much somebody runs: what was taken out of a week is no trend."""

from __future__ import annotations

from collections.abc import Sequence

from syncd.domain.session import Week

_GROWTH = frozenset({"A8", "A9"})  # they take nothing out of a week
# By what was run of late (it comes back by the same two rules), or because a session was made easier.
_HELD_BACK = frozenset({"R20", "R22", "A1", "A10", "A12", "A13", "A18", "A21", "P1"})
_WHEN_ADAPTED, _AT_MOST = 3, 8  # our defaults


def base_weeks(builds: Sequence[Week]) -> list[Week]:
    """The last two build weeks: with two days a week every second one is smaller, for its quality run.

    Three where adaptation took something out. Where runs missed at random held a week back (R20, R22), or a
    session in it was eased, as many as it takes to find two that were not, in the same phase: it would
    ratchet down otherwise.
    """
    last = list(builds[-2:])
    free = sum(not _is_held_back(week) for week in last)
    adapted = any(map(_is_adapted, last))
    for week in reversed(builds[-_AT_MOST:-2]):
        wanted = free < len(builds[-2:]) or (adapted and len(last) < _WHEN_ADAPTED)
        if not wanted or week.phase is not builds[-1].phase:
            break
        last.insert(0, week)
        free += not _is_held_back(week)
    return last


def held_weeks(builds: Sequence[Week]) -> list[Week]:
    """Build weeks of this phase whose largest is the volume that is held: whole hundreds of metres would
    take a little from it week after week."""
    return [week for week in builds[-_AT_MOST:] if week.phase is builds[-1].phase]


def _is_held_back(week: Week) -> bool:
    return any(_HELD_BACK & set(session.rules) for session in week.sessions)


def _is_adapted(week: Week) -> bool:
    """Whether a rule moved, eased or dropped something in the week."""
    marks = {rule for session in week.sessions for rule in session.rules if rule.startswith("A")}
    return bool(marks - _GROWTH)
