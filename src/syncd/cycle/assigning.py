"""Which runs are given to which sessions in this sync, and what of that is new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeAlias

from syncd.cycle.fitting import Fitting, SessionVersion, version_of
from syncd.cycle.joining import chains
from syncd.cycle.open_sessions import free_sessions
from syncd.cycle.world import World
from syncd.domain.activity import MULTISPORT
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.constants import NAMED_REACH_DAYS
from syncd.domain.scoring.reasons import MatchReason
from syncd.domain.scoring.run_assignment import AssignedRow, RunRow, assign_runs
from syncd.domain.scoring.session_fit import Fit, Veto
from syncd.domain.training.reasons import session_fact
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore

REACH_BACK = timedelta(days=10)  # our default: runs of longer ago keep the session that they have
_REACH = timedelta(days=NAMED_REACH_DAYS)
Pair: TypeAlias = tuple[int | None, str | None]  # a run and a session


@dataclass(frozen=True, slots=True)
class Scope:
    """What is given out: `alone` are new runs without a session around them, `movable` the others with what
    they are by now, and `sessions` those that are free for them.
    """

    alone: tuple[ActivitySummary, ...]
    movable: Mapping[int, tuple[ActivitySummary, StoredScore | None]]
    sessions: Mapping[str, CommittedSession]
    versions: tuple[SessionVersion, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is: the answer, the run that it is part of, whether nothing was known of it, and whether
    this has to be written.

    `first_day`: where its session was until a rule moved it.
    """

    run: ActivitySummary
    attribution: Attribution
    part_of: int | None = None
    is_new: bool = False
    is_news: bool = False
    first_day: date | None = None


def taken_up(world: World, now: datetime) -> Scope:
    """The runs of the last days whose session was not decided by the athlete, and all that are new."""
    recent = world.store.activities.summaries(world.today(now) - REACH_BACK, world.today(now) + _REACH)
    runs = {run.id: run for run in (*recent, *world.store.activities.unattributed()) if run.is_run}
    stored = {run: world.store.scores.newest_of(run) for run in runs}
    movable = {
        identity: (run, stored[identity])
        for identity, run in runs.items()
        if run.sub_sport != MULTISPORT and not _is_fixed(world, stored[identity])
    }
    free = (
        free_sessions(
            world,
            movable.keys(),
            min(run.day for run, _ in movable.values()) - _REACH,
            max(run.day for run, _ in movable.values()) + _REACH,
        )
        if movable
        else {}
    )
    days = {day for _, column in free.values() for day in (column.session.day, column.first_day)}
    reached = {
        day + timedelta(days=off) for day in days if day for off in range(-_REACH.days, _REACH.days + 1)
    }
    alone = tuple(
        run
        for identity, run in sorted(runs.items(), key=lambda item: (item[1].start, item[0]))
        if _is_new(stored[identity]) and (identity not in movable or run.day not in reached)
    )
    near = {
        identity: kept
        for identity, kept in movable.items()
        if kept[0].day in reached and kept[0] not in alone
    }
    versions = tuple(version_of(world, known, column) for known, column in free.values())
    return Scope(alone, near, {identity: known for identity, (known, _) in free.items()}, versions)


@dataclass(frozen=True, slots=True)
class Assignment:
    """What every run in scope is, whether that is new or not, by run; and how it came to that."""

    wanted: Mapping[int, Wanted]
    rows: tuple[AssignedRow, ...]


def assignment_of(world: World, scope: Scope, refused: Collection[Pair]) -> Assignment:
    """Give the runs in scope to the sessions that are free; `refused` are no pairs."""
    fitting = Fitting(world)
    rows: dict[int, RunRow] = {}
    unread: list[int] = []
    news = [run for run, stored in scope.movable.values() if _is_new(stored)]
    for run in world.watching.over(news, "scores", len(news)) if news else ():
        _fit(fitting, run, scope, rows, unread)
    for run, _ in scope.movable.values():
        if run.id not in rows and run.id not in unread:
            _fit(fitting, run, scope, rows, unread)
    rows = {run: _without(row, refused) for run, row in rows.items()}
    versions = [version for version in scope.versions if _holder(scope, version) not in unread]
    joins = [
        row
        for runs in chains([run for run, _ in scope.movable.values() if run.id in rows])
        if (row := fitting.joined_row(runs, rows, versions)) is not None
    ]
    assigned = assign_runs(list(rows.values()), joins, [version.column for version in versions])
    wanted = {want.run.id: want for want in _wanted(assigned, scope)}
    for identity in unread:
        run, stored = scope.movable[identity]
        if _is_new(stored):  # its recording is gone: it is load
            nothing = Attribution(Method.UNPLANNED, None, 1.0, Reason(MatchReason.NOTHING_PLANNED))
            wanted[identity] = Wanted(run, nothing, is_new=True, is_news=True)
    return Assignment(wanted, assigned)


def _without(row: RunRow, refused: Collection[Pair]) -> RunRow:
    said_no = Fit(veto=Veto.SAID_NO)
    fits = {
        identity: said_no if (row.runs[0], identity) in refused else fit for identity, fit in row.fits.items()
    }
    return replace(row, fits=fits)


def _fit(
    fitting: Fitting, run: ActivitySummary, scope: Scope, rows: dict[int, RunRow], unread: list[int]
) -> None:
    row = fitting.row(run, scope.versions)
    if row is None:
        unread.append(run.id)
    else:
        rows[run.id] = row


def _holder(scope: Scope, version: SessionVersion) -> int | None:
    return scope.sessions[version.column.session.id].activity_id


def _wanted(assigned: Iterable[AssignedRow], scope: Scope) -> list[Wanted]:
    """Each run of each row, with what is new of it."""
    first_days = {version.column.session.id: version.column.first_day for version in scope.versions}
    wanted: list[Wanted] = []
    for one in assigned:
        answer, identity = one.attribution, one.attribution.session_id
        main = one.row.runs[one.row.fits[identity].main if identity and one.row.is_joined else 0]
        others = [run for run in one.row.runs if run != main]
        if others and identity is not None:
            why = Reason(MatchReason.PART_OF_SESSION, session_fact(scope.sessions[identity].session))
            part = Attribution(Method.JOINED, None, answer.confidence, why)
            wanted += [Wanted(scope.movable[run][0], part, main) for run in others]
        wanted.append(
            Wanted(scope.movable[main][0], answer, first_day=first_days.get(identity) if identity else None)
        )
    parts = {want.run.id: want.part_of for want in wanted}
    return [
        replace(
            want,
            is_new=_is_new(scope.movable[want.run.id][1]),
            is_news=_is_news(want, parts, scope),
        )
        for want in wanted
    ]


def _is_news(want: Wanted, parts: Mapping[int, int | None], scope: Scope) -> bool:
    """Whether it is kept otherwise, or not at all; a part that comes or goes is news of the main one."""
    run, answer = want.run.id, want.attribution
    stored = scope.movable[run][1]
    if stored is None or (stored.method, stored.session_id, stored.part_of) != (
        answer.method,
        answer.session_id,
        want.part_of,
    ):
        return True
    had = {other for other, (_, kept) in scope.movable.items() if kept is not None and kept.part_of == run}
    has = {other for other, main in parts.items() if main == run}
    session = scope.sessions.get(answer.session_id or "")
    is_held = session is None or answer.method is Method.REPLACED or session.activity_id == run
    return had != has or not is_held


def _is_new(stored: StoredScore | None) -> bool:
    return stored is None or stored.method is Method.WITHDRAWN


def _is_fixed(world: World, stored: StoredScore | None) -> bool:
    """Decided by the athlete, or part of a run that was."""
    if stored is not None and stored.part_of is not None:
        stored = world.store.scores.newest_of(stored.part_of) or stored
    return stored is not None and stored.method is Method.MANUAL
