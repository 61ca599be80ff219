"""What is due, in which order: the scheduler's times and the list of what waits for its turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from random import Random

from syncd.daemon.scheduler import JobScheduler
from syncd.daemon.settings import DaemonSettings
from syncd.daemon.sync_times import daily, next_sync, retry_sync
from syncd.daemon.tasks import TIDY, WATCH, Task, sync_task

_LOOK, _MORNING, _NIGHT = "look:", "morning", "night"
_ALONG = 6  # a source that would be due within this part of its interval is asked along


class Agenda:
    """Times are wall times from `now`; `chance` spreads them."""

    def __init__(self, settings: DaemonSettings, now: Callable[[], datetime], chance: Random) -> None:
        self._settings, self._now, self._chance = settings, now, chance
        self._jobs = JobScheduler()
        self._spread = chance.random()  # one for all days: another each time could come twice a day
        self._waiting: list[Task] = []
        self._wanted: set[str] = set()
        self.expected: Sequence[datetime] = ()
        self.settings = settings

    @property
    def settings(self) -> DaemonSettings:
        """Those in force."""
        return self._settings

    @settings.setter
    def settings(self, settings: DaemonSettings) -> None:
        self._settings = settings
        self._wanted &= set(settings.every)
        self.count_anew()

    def count_anew(self) -> None:
        """Every time from now on: the settings or the clock are others."""
        now = self._now()
        kept = {f"{_LOOK}{source}" for source in self._settings.every} | {_MORNING, _NIGHT}
        for name in set(self._jobs.names()) - kept:
            self._jobs.drop(name)
        for source in self._settings.every:
            after = self._after_pull(source)
            self._jobs.plan(f"{_LOOK}{source}", self._wanting(source), after, after(now))
        rhythm = self._settings.rhythm
        for name, at, call in (
            (_MORNING, rhythm.morning, self._check_watch),
            (_NIGHT, rhythm.night, self._at_night),
        ):
            after = self._after_daily(at)
            self._jobs.plan(name, call, after, after(now))

    def run_due(self) -> float | None:
        """Note what is due by now; seconds until something will be."""
        return self._jobs.run_due()

    def want_sync(self) -> None:
        """All sources, as soon as there is room."""
        self._wanted.update(self._settings.every)

    def add(self, task: Task) -> None:
        """One of a kind: a newer one replaces it."""
        others = [each for each in self._waiting if each.kind is not task.kind]
        self._waiting = sorted([*others, task], key=lambda each: each.kind)

    def take(self) -> Task | None:
        """The most urgent that waits."""
        if self._wanted:
            self.add(self._due_sync())
        return self._waiting.pop(0) if self._waiting else None

    def next_sync(self) -> datetime | None:
        """When the first source is due."""
        times = [self._jobs.next_of(f"{_LOOK}{source}") for source in self._settings.every]
        return min((each for each in times if each is not None), default=None)

    def sync_done(self, sources: Sequence[str], failures: int) -> None:
        """A look is over: the next one by the rhythm, sooner after a failure."""
        now = self._now()
        for source in sources:
            every = self._settings.every.get(source)
            if every is None:
                continue
            due = self._after_pull(source)(now)
            if failures:
                due = min(due, retry_sync(now, every, failures, self._settings.rhythm))
            self._jobs.put_off(f"{_LOOK}{source}", due)

    def _due_sync(self) -> Task:
        """The sources that are due; with them those asked more often, and those that soon would be.

        So all of them are asked together at least as often as the slowest: only then it is known
        what was not run.
        """
        now = self._now()
        longest = max(self._settings.every[source] for source in self._wanted)
        for source, every in self._settings.every.items():
            due = self._jobs.next_of(f"{_LOOK}{source}")
            if every <= longest or (due is not None and due - now < every / _ALONG):
                self._wanted.add(source)
        task = sync_task(tuple(self._wanted), tuple(self._settings.every))
        self._wanted.clear()
        for source in task.sources:
            self._jobs.put_off(f"{_LOOK}{source}", self._after_pull(source)(now))
        return task

    def _wanting(self, source: str) -> Callable[[], None]:
        return lambda: self._wanted.add(source)

    def _check_watch(self) -> None:
        self.want_sync()
        self.add(WATCH)

    def _at_night(self) -> None:
        self.add(TIDY)

    def _after_pull(self, source: str) -> Callable[[datetime], datetime]:
        def after(now: datetime) -> datetime:
            every = self._settings.every.get(source, timedelta(days=1))
            return next_sync(now, every, self._settings.rhythm, self.expected, self._chance.random())

        return after

    def _after_daily(self, at: time) -> Callable[[datetime], datetime]:
        return lambda now: daily(now, at, self._settings.rhythm.zone, self._spread)
