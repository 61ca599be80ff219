"""The athlete's own plan file, in and out: its weeks are committed in place of generated ones.

The planner takes committed weeks as they are, so what a file names is scored, delivered and
eased like any other session, and never planned over. Weeks that the file does not name stay as
they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from syncd.cycle.carrying import limits_of
from syncd.cycle.easy_returns import keep_returns_easy
from syncd.cycle.health_answers import guard
from syncd.cycle.planning import counting_zones, projection, resolved_workout
from syncd.cycle.world import World
from syncd.domain.athlete import ZoneSet
from syncd.domain.delivery.fitting import why_unfit
from syncd.domain.plan_file import (
    FileSession,
    FileWeek,
    PlanFile,
    format_plan,
    merged,
    parse_plan,
    plan_file,
    with_comments,
)
from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionState, Week, session_id, week_of
from syncd.domain.training.own_plan import own_session, says_the_same
from syncd.domain.training.reasons import Cause
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.plan import CommittedSession

FILE_KEY = "plan.file"  # the imported text, for its comments
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class ImportedPlan:
    """What an import did: session ids, and the days of the file that it left alone.

    `repaced`: the same session as before, with the paces now in force.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    repaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    left_out: tuple[date, ...] = ()

    def __add__(self, other: ImportedPlan) -> ImportedPlan:
        return ImportedPlan(
            self.added + other.added,
            self.changed + other.changed,
            self.dropped + other.dropped,
            self.repaced + other.repaced,
            self.unchanged + other.unchanged,
            self.left_out + other.left_out,
        )


def import_plan(world: World, plan: PlanFile, name: str, now: datetime) -> ImportedPlan:
    """Commit the weeks of a file, all of them or none; `name` is what `why` calls the file.

    Days before today, and days whose session is done already, are left out.
    """
    today = world.today(now)
    result = ImportedPlan()
    with world.store.transaction():
        zone_set_id = world.store.zone_sets.add(world.zones, now) if world.zones else None
        desk = _Desk(world, zone_set_id, Reason(Cause.PLAN_IMPORTED, {"file": name}), now)
        for week in plan.weeks:
            result += desk.take(week, today)
        stored = world.store.meta.get(FILE_KEY)
        kept = plan if stored is None else merged(parse_plan(stored), plan)
        world.store.meta.set(FILE_KEY, format_plan(kept))
        guard(world, now)
        keep_returns_easy(world, now)
    return result


def unfit_lines(world: World, plan: PlanFile, today: date) -> tuple[tuple[FileSession, Reason], ...]:
    """The sessions of a file that the sink cannot carry, with the reason; past ones do not matter."""
    limits = limits_of(world)
    lines = [line for week in plan.weeks for line in week.sessions if line.day >= today]
    unfit = ((line, why_unfit(line.workout, limits)) for line in lines)
    return tuple((line, why) for line, why in unfit if why is not None)


def exported_plan(world: World, today: date, weeks: int) -> PlanFile:
    """The weeks ahead as a file, with the comments of the file they came from."""
    plan = plan_file(projection(world, today, weeks), world.units)
    stored = world.store.meta.get(FILE_KEY)
    return plan if stored is None else with_comments(plan, parse_plan(stored))


@dataclass(frozen=True, slots=True)
class _Desk:
    """Puts the sessions of one import into the plan."""

    world: World
    zone_set_id: int | None
    reason: Reason
    now: datetime

    def take(self, week: FileWeek, today: date) -> ImportedPlan:
        """Import one week: what can still be run is replaced by the sessions of the file."""
        if week.end < today:
            return ImportedPlan(left_out=tuple(line.day for line in week.sessions))
        committed = self._committed(week.start)
        settled = {
            session.session.day
            for session in committed
            if session.state in (SessionState.DONE, SessionState.MISSED)
        }
        open_ = [
            session
            for session in committed
            if session.state is SessionState.DUE and session.session.day >= today
        ]
        lines = [line for line in week.sessions if line.day >= today and line.day not in settled]
        same = [session for session in open_ if any(says_the_same(line, session.session) for line in lines)]
        to_do = [line for line in lines if line.day not in {session.session.day for session in same}]
        spare = [session for session in open_ if session not in same]
        reused = _first_and_last(spare, len(to_do))
        repaced = tuple(session.session.id for session in same if self._repace(session))
        return ImportedPlan(
            changed=tuple(self._replace(old, line) for old, line in zip(reused, to_do, strict=False)),
            dropped=tuple(self._drop(old) for old in spare if old not in reused),
            added=self._add(week, to_do[len(reused) :], {session.session.id for session in committed}),
            repaced=repaced,
            unchanged=tuple(session.session.id for session in same if session.session.id not in repaced),
            left_out=tuple(line.day for line in week.sessions if line not in lines),
        )

    def _committed(self, monday: date) -> tuple[CommittedSession, ...]:
        """Every session of a week, also one that was moved to a day of the week before or after."""
        near = self.world.store.plan.between(monday - _WEEK, monday + 2 * _WEEK)
        return tuple(session for session in near if week_of(session.session.id) == monday)

    @property
    def _zones(self) -> ZoneSet:
        return counting_zones(self.world, self.world.today(self.now))

    def _replace(self, old: CommittedSession, line: FileSession) -> str:
        after = own_session(line, old.session.id, self._zones)
        resolved = resolved_workout(self.world, after)
        self.world.store.plan.replace(after, resolved, self.zone_set_id)
        self._record(old.session, after)
        return after.id

    def _repace(self, committed: CommittedSession) -> bool:
        """Weeks far ahead were committed with the paces of that day: a new import brings today's."""
        resolved = resolved_workout(self.world, committed.session)
        if resolved.content_hash == committed.version:
            return False
        self.world.store.plan.replace(committed.session, resolved, self.zone_set_id)
        return True

    def _drop(self, old: CommittedSession) -> str:
        self.world.store.plan.set_state(old.session.id, SessionState.DROPPED)
        self._record(old.session, None)
        return old.session.id

    def _add(self, week: FileWeek, lines: Sequence[FileSession], taken: set[str]) -> tuple[str, ...]:
        ids = self._free_ids(week.start, len(lines), taken)
        sessions = tuple(own_session(line, id_, self._zones) for id_, line in zip(ids, lines, strict=True))
        notes = (Reason(Cause.OWN_NOTE, {"text": week.note}),) if week.note else ()
        resolved = {session.id: resolved_workout(self.world, session) for session in sessions}
        return self.world.store.plan.commit_week(
            Week(week.start, week.phase, week.kind, sessions, notes), resolved, self.zone_set_id, self.now
        )

    def _free_ids(self, monday: date, count: int, taken: set[str]) -> list[str]:
        """Slots from 1; in a new week the last one is the number of days: the planner reads it there."""
        slots = [slot for slot in range(1, 100) if session_id(monday, slot) not in taken][:count]
        if slots and not taken:
            slots[-1] = max(slots[-1], self.world.availability.days_per_week)
        return [session_id(monday, slot) for slot in slots]

    def _record(self, before: Session, after: Session | None) -> None:
        self.world.store.changes.record(Change(self.now, BY_ATHLETE, before.id, self.reason, before, after))


def _first_and_last(sessions: Sequence[CommittedSession], count: int) -> tuple[CommittedSession, ...]:
    """At most `count` of them, always with the last one: its slot gives the number of days."""
    if count == 0 or count >= len(sessions):
        return tuple(sessions[:count])
    return (*sessions[: count - 1], sessions[-1])
