"""All runs and all sessions of some days at once: each run is one session at most, each session one run.

The watch's word comes first, then likeness. What is best for all of them is found exactly, so that it
does not matter in which order runs or sessions became known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from syncd.domain.merging.assignment import cheapest_pairs
from syncd.domain.reason import Reason
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.reasons import MatchReason
from syncd.domain.scoring.session_fit import Fit, Veto
from syncd.domain.session import MEASURED_KINDS, Session
from syncd.domain.training.reasons import session_fact


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run, or several that are joined: their ids in the order they began, and their fits by session id."""

    runs: tuple[int, ...]
    start: datetime
    day: date
    fits: Mapping[str, Fit]

    @property
    def is_joined(self) -> bool:
        """Whether it is more than one file."""
        return len(self.runs) > 1


@dataclass(frozen=True, slots=True)
class SessionColumn:
    """A session that is free for these runs. `content` is the hash of its workout.

    `first_day`: where it was until a rule moved it. `only_named`: it was skipped, and only a run that
    carries its name completes it.
    """

    session: Session
    content: str
    first_day: date | None = None
    only_named: bool = False

    def days_from(self, day: date) -> int:
        """How far that day is from its own, or from where it was first."""
        own = abs((self.session.day - day).days)
        return own if self.first_day is None else min(own, abs((self.first_day - day).days))


@dataclass(frozen=True, slots=True)
class AssignedRow:
    """What a run, or a row of them, was. `misses`: how much it looks like sessions that it is not, and that
    nobody else is, best first; (likeness, session id).
    """

    row: RunRow
    attribution: Attribution
    misses: tuple[tuple[float, str], ...] = ()


def assign_runs(
    singles: Sequence[RunRow], joins: Sequence[RunRow], columns: Sequence[SessionColumn]
) -> tuple[AssignedRow, ...]:
    """Which session each run was; every run of `singles` is in one row of the answer, joined or alone.

    `joins` are rows of two or three of them that may be one session together; they come first, where they
    look like it clearly better than any part alone, and fall apart where they do not get it.
    """
    alone = {row.runs[0]: row for row in singles}
    by_id = {column.session.id: column for column in columns}
    chosen = _disjoint(
        [better for row in joins if (better := _better_together(row, alone, by_id)) is not None], by_id
    )
    while True:
        joined = {run for row in chosen for run in row.runs}
        rows = sorted(
            [*chosen, *(row for row in singles if row.runs[0] not in joined)],
            key=lambda row: (row.start, row.runs),
        )
        assigned = _assigned(rows, by_id)
        apart = [one.row for one in assigned if one.row.is_joined and one.attribution.session_id is None]
        if not apart:
            return assigned
        chosen = [row for row in chosen if row not in apart]


def _better_together(
    row: RunRow, alone: Mapping[int, RunRow], columns: Mapping[str, SessionColumn]
) -> RunRow | None:
    """The row with the sessions that it looks like clearly better than each of its parts; None without."""
    fits = {}
    for identity, fit in row.fits.items():
        column = columns.get(identity)
        parts = [alone[run].fits.get(identity, Fit(veto=Veto.OTHER_WORKOUT)) for run in row.runs]
        if column is None or any(part.veto is Veto.OTHER_WORKOUT for part in parts):
            continue
        days = column.days_from(row.day)
        gain = fit.looks(days) - max(part.looks(days) for part in parts)
        if gain >= c.SHAPE_MARGIN and _value(row, fit, column) >= c.SHAPE_FLOOR:
            fits[identity] = fit
    return replace(row, fits=fits) if fits else None


def _disjoint(rows: Sequence[RunRow], columns: Mapping[str, SessionColumn]) -> list[RunRow]:
    """The best of rows that share a run."""

    def order(row: RunRow) -> tuple[bool, float, datetime, tuple[int, ...]]:
        named = any(fit.named for fit in row.fits.values())
        best = max(fit.looks(columns[identity].days_from(row.day)) for identity, fit in row.fits.items())
        return not named, -best, row.start, row.runs

    chosen: list[RunRow] = []
    for row in sorted(rows, key=order):
        if not any(set(row.runs) & set(other.runs) for other in chosen):
            chosen.append(row)
    return chosen


def _value(row: RunRow, fit: Fit, column: SessionColumn) -> float:
    return 0.0 if column.only_named and fit.named is None else fit.on(column.days_from(row.day))


def _possible(row: RunRow, columns: Mapping[str, SessionColumn]) -> dict[str, Fit]:
    """The sessions that it may be. A workout that several sessions have is that of the nearest: of those
    that had come, where there are any, for one done again is no session of next week.
    """
    possible = {
        identity: fit
        for identity, fit in row.fits.items()
        if identity in columns and _value(row, fit, columns[identity]) >= c.SHAPE_FLOOR
    }
    same = [identity for identity, fit in possible.items() if fit.by_content]
    come = [
        identity
        for identity in same
        if (columns[identity].session.day - row.day).days <= c.LIKENESS_REACH_DAYS
    ]
    near = min((columns[identity].days_from(row.day) for identity in come or same), default=0)
    return {
        identity: fit
        for identity, fit in possible.items()
        if not fit.by_content or (identity in (come or same) and columns[identity].days_from(row.day) == near)
    }


def _assigned(rows: Sequence[RunRow], columns: Mapping[str, SessionColumn]) -> tuple[AssignedRow, ...]:
    possible = [_possible(row, columns) for row in rows]
    sessions = sorted(columns, key=lambda identity: (columns[identity].session.day, identity))
    costs = _costs(rows, possible, columns, sessions)
    of_row = {place: sessions[column] for place, column in cheapest_pairs(costs)}
    free = [identity for identity in sessions if identity not in of_row.values()]
    found: list[AssignedRow] = []
    replaced: set[str] = set()
    for place, row in enumerate(rows):
        identity = of_row.get(place)
        rivals = _rivals(row, possible[place], columns, free, identity) if identity is not None else []
        if identity is not None and not rivals:
            found.append(AssignedRow(row, _attribution(row, possible[place][identity], columns[identity])))
            continue
        stands_for = _stands_for(row, columns, [other for other in free if other not in replaced])
        if stands_for is not None:
            replaced.add(stands_for.id)
            why = Reason(MatchReason.STANDS_FOR, session_fact(stands_for))
            found.append(
                AssignedRow(row, Attribution(Method.REPLACED, stands_for.id, c.SHAPE_CONFIDENCE, why))
            )
        elif identity is not None:
            found.append(
                AssignedRow(
                    row,
                    _ambiguous(columns[other].session for other in (identity, *rivals)),
                    _misses(row, columns, [identity, *free]),
                )
            )
        else:
            found.append(
                AssignedRow(row, _unplanned(row, possible[place], columns), _misses(row, columns, free))
            )
    return tuple(found)


_DIGIT = 2**40  # more than any sum of one kind of cost


def _costs(
    rows: Sequence[RunRow],
    possible: Sequence[Mapping[str, Fit]],
    columns: Mapping[str, SessionColumn],
    sessions: Sequence[str],
) -> list[dict[int, int]]:
    """Costs in whole numbers, whose digits are, from the left: exact workouts, names, their days, how little
    a named run looks like it, what likeness is worth above the floor, and the place of the pair.

    The last makes the sum of every assignment another one, so that the earlier run and session win.
    """
    places = {
        (place, column): number
        for number, (place, column) in enumerate(
            (place, column)
            for place in range(len(rows))
            for column, identity in enumerate(sessions)
            if identity in possible[place]
        )
    }
    costs: list[dict[int, int]] = [{} for _ in rows]
    for (place, column), number in places.items():
        row, target = rows[place], columns[sessions[column]]
        fit, days = possible[place][target.session.id], target.days_from(rows[place].day)
        named = fit.named is not None
        worth = round(1e6 * (_value(row, fit, target) - c.SHAPE_FLOOR)) + 1
        digits = (
            -int(fit.named is Method.EXACT),
            -int(fit.named is Method.NAME),
            days if named else 0,
            -round(1e6 * (fit.likeness or 0.0)) if named else 0,
            0 if named else -worth,
        )
        cost = 0
        for digit in digits:
            cost = cost * _DIGIT + digit
        costs[place][column] = (cost << len(places)) + (1 << number)
    return costs


def _rivals(
    row: RunRow,
    possible: Mapping[str, Fit],
    columns: Mapping[str, SessionColumn],
    free: Iterable[str],
    identity: str,
) -> list[str]:
    """Sessions that nobody is, and that it could be as well; equal ones of one day are no matter."""
    ours, fit = columns[identity], possible[identity]
    rivals = []
    for other in free:
        theirs, its_fit = columns[other], possible.get(other)
        alike = theirs.session.day == ours.session.day and theirs.content == ours.content and fit.by_content
        if its_fit is None or its_fit.named is not fit.named or alike:
            continue
        if fit.named is not None:
            close = theirs.days_from(row.day) == ours.days_from(row.day)
        else:
            close = _value(row, fit, ours) - _value(row, its_fit, theirs) < c.SHAPE_MARGIN
        rivals += [other] if close else []
    return sorted(rivals, key=lambda other: -_value(row, possible[other], columns[other]))


def _attribution(row: RunRow, fit: Fit, column: SessionColumn) -> Attribution:
    identity, share = column.session.id, _value(row, fit, column)
    if fit.named is Method.EXACT:
        return Attribution(Method.EXACT, identity, c.EXACT_CONFIDENCE, Reason(MatchReason.WATCH_RAN_IT))
    if fit.named is Method.NAME:
        return Attribution(Method.NAME, identity, c.NAME_CONFIDENCE, Reason(MatchReason.NAMED))
    why = Reason(MatchReason.LOOKS_LIKE_IT, {"share": share})
    if row.is_joined:
        why = Reason(MatchReason.LOOK_LIKE_IT_TOGETHER, {"parts": len(row.runs), "share": share})
    confidence = c.ENTRY_CONFIDENCE if fit.by_hand else c.SHAPE_CONFIDENCE
    return Attribution(Method.SHAPE, identity, confidence * share, why)


def _stands_for(row: RunRow, columns: Mapping[str, SessionColumn], free: Iterable[str]) -> Session | None:
    """A18: a race or its like stands for the hard session of the day, of the next, or of the day before.

    Beside a test or race that was planned for that day nothing is replaced: it is that, or nothing.
    """
    planned = (column.session for column in columns.values() if column.session.day == row.day)
    if any(session.kind in MEASURED_KINDS for session in planned):
        return None
    hard = [
        columns[identity].session
        for identity in free
        if identity in row.fits and row.fits[identity].measures and not columns[identity].only_named
        if columns[identity].days_from(row.day) <= c.LIKENESS_REACH_DAYS
    ]
    return min(
        hard,
        key=lambda session: (session.day != row.day, session.day < row.day, session.id),
        default=None,
    )


def _ambiguous(sessions: Iterable[Session]) -> Attribution:
    ordered = sorted(sessions, key=lambda session: session.id)
    facts = {"sessions": [session.id for session in ordered], "planned": [*map(session_fact, ordered)]}
    return Attribution(Method.AMBIGUOUS, None, 0.0, Reason(MatchReason.COULD_BE_ANY, facts))


def _unplanned(row: RunRow, possible: Mapping[str, Fit], columns: Mapping[str, SessionColumn]) -> Attribution:
    """Another run is its session, it looks like none of these days, or there is none."""
    if possible:
        best = min(possible, key=lambda other: (-_value(row, possible[other], columns[other]), other))
        why = Reason(MatchReason.DONE_BY_ANOTHER, session_fact(columns[best].session))
        return Attribution(Method.UNPLANNED, None, 1.0, why)
    near = any(
        columns[identity].days_from(row.day) <= c.LIKENESS_REACH_DAYS
        for identity in row.fits
        if identity in columns
    )
    why = Reason(MatchReason.LOOKS_LIKE_NONE if near else MatchReason.NOTHING_PLANNED)
    return Attribution(Method.UNPLANNED, None, 0.0 if near else 1.0, why)


def _misses(
    row: RunRow, columns: Mapping[str, SessionColumn], free: Iterable[str]
) -> tuple[tuple[float, str], ...]:
    values = [
        (_value(row, row.fits[identity], columns[identity]), identity)
        for identity in free
        if identity in row.fits
    ]
    return tuple(sorted((miss for miss in values if miss[0] > 0), key=lambda miss: (-miss[0], miss[1])))
