"""A runner's life from a Monday on: words in the morning, runs as they are planned, a sync each evening."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from syncd.connectors.folder import FolderSink
from syncd.cycle.run import run
from syncd.cycle.world import World
from syncd.domain.athlete import Availability, Goal, Race
from syncd.domain.session import MEASURED_KINDS, SessionState
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.zones import zones_from_result
from syncd.sandbox.runner import Runner
from syncd.sandbox.stories.recorder import StoryWatch
from syncd.store import Store

MONDAY = date(2026, 1, 5)
ROME = ZoneInfo("Europe/Rome")
MORNING, RUN_AT, EVENING = time(8), time(18), time(21)
ZONES = zones_from_result(5000, 1500, as_of=MONDAY, source=entered_result(5000.0, "25:00"))
WEEKLY_M, LONGEST_M, DAYS = 30_000.0, 13_400.0, 4

Word = Callable[[World, datetime], object]


@dataclass(slots=True)
class RunnersLife:
    """5 km in 25:00, four days and 30 km a week, long runs of 13.4 km.

    Days are counted from the Monday; `next_day` is the first that is not lived yet. `misses_each`: of so
    many sessions one is not run; 0: none. Raises what the words of the athlete raise.
    """

    store: Store
    folder: Path
    race: Race | None = None
    zone: tzinfo = ROME
    next_day: int = 0
    misses_each: int = 0
    due: int = 0
    watch: StoryWatch = field(default_factory=lambda: StoryWatch(Runner(vdot=ZONES.vdot)))

    def at(self, day: int, hour: time) -> datetime:
        """A moment of a day, on the runner's clock."""
        return datetime.combine(MONDAY + timedelta(days=day), hour, tzinfo=self.zone)

    def world(self) -> World:
        """What a sync works on."""
        return World(
            store=self.store,
            sources=(self.watch,),
            sink=FolderSink(self.folder, "me"),
            athlete_key="me",
            zone=self.zone,
            availability=Availability(days_per_week=DAYS),
            goal=Goal.FIVE_K,
            zones=ZONES,
            entered=ZONES,
            weekly_m=WEEKLY_M,
            longest_m=LONGEST_M,
            race=self.race,
            reading=self.watch,
        )

    def say(self, word: Word) -> None:
        """The athlete says something in the morning of the next day, before it is lived."""
        word(self.world(), self.at(self.next_day, MORNING))

    def live(self, *, running: bool = True) -> None:
        """One day: the run that is planned, unless the runner does not run, and a sync."""
        day = self.next_day
        if running:
            self.run_planned(day)
        run(self.world(), self.at(day, EVENING))
        self.next_day += 1

    def live_until(self, day: int, *, running: bool = True) -> None:
        """Every day before that one."""
        while self.next_day < day:
            self.live(running=running)

    def run_planned(self, day: int) -> None:
        """What is due on that day, run in its evening; every `misses_each`th is missed."""
        today = MONDAY + timedelta(days=day)
        for planned in self.store.plan.between(today, today):
            if planned.state is not SessionState.DUE:
                continue
            self.due += 1
            if not (self.misses_each and self.due % self.misses_each == 0):
                measured = planned.session.kind in MEASURED_KINDS
                self.watch.record(planned.resolved, self.at(day, RUN_AT), seed=day, all_out=measured)
