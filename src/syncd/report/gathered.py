"""What every panel of the report is made of, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from syncd.cycle.world import World
from syncd.domain.session import first_of_week, monday_of
from syncd.domain.units import Units
from syncd.report.reader import Reader
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession

SHOWN = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What every panel is made of. `runs` newest first; `done`: the session of each run that was one.

    `last`: the last day that is planned for sure, the end of a week.
    """

    world: World
    reader: Reader
    today: date
    first: date
    last: date
    runs: tuple[ActivitySummary, ...]
    sessions: tuple[CommittedSession, ...]
    done: Mapping[int, CommittedSession]

    @staticmethod
    def of(world: World, reader: Reader, now: datetime) -> Gathered:
        """Runs of two years, and the sessions of all weeks that are planned for sure."""
        today = world.today(now)
        first = first_of_week(today - SHOWN, reader.week_start)
        summaries = reversed(world.store.activities.summaries(first, today))
        committed = world.store.plan.weeks(monday_of(today))
        last = max([today, *(week.start + timedelta(days=6) for week in committed)])
        sessions = world.store.plan.between(first, last)
        return Gathered(
            world=world,
            reader=reader,
            today=today,
            first=first,
            last=last,
            runs=tuple(run for run in summaries if run.is_run),
            sessions=sessions,
            done={session.activity_id: session for session in sessions if session.activity_id is not None},
        )

    @property
    def units(self) -> Units:
        """The reader's."""
        return self.reader.units
