"""What is due, and in which order: the scheduler's times and the queue of waiting tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from random import Random

from syncd.daemon.notices import Notices
from syncd.daemon.scheduler import JobScheduler
from syncd.daemon.settings import DaemonSettings
from syncd.daemon.sync_times import daily, next_sync, retry_sync
from syncd.daemon.tasks import TIDY, WATCH, Kind, Task, sync_task

_PULL, _WATCH_CHECK, _TIDYING = "pull:", "watch check", "tidying"  # names of jobs
_ALONG = 6  # a source that would be due within this fraction of its interval is asked in the same sync


class Agenda:
    """`now` gives wall times, `monotonic` seconds that never jump; `chance` spreads them a little."""

    def __init__(
        self,
        settings: DaemonSettings,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        chance: Random,
    ) -> None:
        self._settings, self._now, self._monotonic, self._chance = settings, now, monotonic, chance
        self._notices: dict[str, Notices] = {}
        self._noticed: set[str] = set()  # those whose time has come
        self._jumps = Notices(monotonic)
        self.clock_doubted = False
        self._jobs = JobScheduler()
        self._spread = chance.random()  # the same every day: a new one each time could come twice on a day
        self._waiting: list[Task] = []
        self._wanted: set[str] = set()
        self.expected: Sequence[datetime] = ()
        self.settings = settings

    @property
    def settings(self) -> DaemonSettings:
        """The settings in force."""
        return self._settings

    @settings.setter
    def settings(self, settings: DaemonSettings) -> None:
        self._settings = settings
        self._wanted &= set(settings.every)
        self._noticed &= set(settings.every)
        self._notices = {name: kept for name, kept in self._notices.items() if name in settings.every}
        self.replan()

    def replan(self) -> None:
        """Work out every time again: the settings or the clock have changed."""
        now = self._now()
        kept = {f"{_PULL}{source}" for source in self._settings.every} | {_WATCH_CHECK, _TIDYING}
        for name in set(self._jobs.names()) - kept:
            self._jobs.drop(name)
        for source in self._settings.every:
            after = self._after_pull(source)
            self._jobs.plan(f"{_PULL}{source}", self._wanting(source), after, after(now))
        rhythm = self._settings.rhythm
        for name, at, call in (
            (_WATCH_CHECK, rhythm.watch_check, self._check_watch),
            (_TIDYING, rhythm.tidying, self._tidy),
        ):
            after = self._after_daily(at)
            self._jobs.plan(name, call, after, after(now))

    def run_due(self) -> float | None:
        """Queue what is due by now; return the seconds until something will be."""
        waits = [self._jobs.run_due(), self._jumps.due_in_s()]
        if waits[1] is not None and waits[1] <= 0:
            self._jumps.asked()
            self.want_sync()
            waits[1] = self._jumps.due_in_s()
        for source, notices in self._notices.items():
            due_s = notices.due_in_s()
            if due_s is not None and due_s <= 0:
                self._noticed.add(source)
            elif source not in self._noticed:
                waits.append(due_s)
        return min((wait for wait in waits if wait is not None), default=None)

    def note_jump(self) -> None:
        """The clock has jumped: sync soon, but not each time where it jumps about."""
        self._jumps.arrived()
        now = self._now()
        for source in self._settings.every:  # by that clock they may all be due, each time anew
            self._jobs.put_off(f"{_PULL}{source}", self._after_pull(source)(now))

    def notice(self, source: str) -> None:
        """A source says that it has something new: ask it, and no other, when it is time."""
        if source in self._settings.every:
            self._notices.setdefault(source, Notices(self._monotonic)).arrived()

    def want_sync(self) -> None:
        """Sync all sources as soon as nothing else is running."""
        self._wanted.update(self._settings.every)

    def add(self, task: Task) -> None:
        """Queue a task; it replaces a waiting one of the same kind."""
        others = [waiting for waiting in self._waiting if waiting.kind is not task.kind]
        self._waiting = sorted([*others, task], key=lambda waiting: waiting.kind)

    def take(self) -> Task | None:
        """The most urgent task that is waiting; while the clock is in doubt only those that need no date."""
        more_urgent = any(waiting.kind < Kind.SYNC for waiting in self._waiting)
        if (self._wanted or self._noticed) and not more_urgent:
            return self._due_sync() if self._wanted else self._noticed_sync()
        ready = [waiting for waiting in self._waiting if not (self.clock_doubted and waiting.is_dated)]
        if ready:
            self._waiting.remove(ready[0])
        return ready[0] if ready else None

    def next_sync(self) -> datetime | None:
        """When the first source is due."""
        due = [self._jobs.next_of(f"{_PULL}{source}") for source in self._settings.every]
        return min((moment for moment in due if moment is not None), default=None)

    def sync_done(self, task: Task, failures: int) -> None:
        """A sync is over: the next one comes by the rhythm, sooner after a failure.

        One that a notice asked for changes nothing in the rhythm: all sources are asked together as often.
        """
        now = self._now()
        for source in task.sources:
            every = self._settings.every.get(source)
            if every is None:
                continue
            by_rhythm = self._jobs.next_of(f"{_PULL}{source}") if task.noticed else None
            due = by_rhythm or self._after_pull(source)(now)
            if failures:
                due = min(due, retry_sync(now, every, failures, self._settings.rhythm))
            self._jobs.put_off(f"{_PULL}{source}", due)

    def _due_sync(self) -> Task:
        """The sources that are due, with those asked more often and those that will be due soon.

        So all of them are asked together at least as often as the slowest one: only then is it known
        which session was not run.
        """
        now = self._now()
        longest = max(self._settings.every[source] for source in self._wanted)
        for source, every in self._settings.every.items():
            due = self._jobs.next_of(f"{_PULL}{source}")
            if every <= longest or (due is not None and due - now < every / _ALONG):
                self._wanted.add(source)
        task = sync_task((*self._wanted, *self._noticed), tuple(self._settings.every))
        self._wanted.clear()
        for source in task.sources:
            self._jobs.put_off(f"{_PULL}{source}", self._after_pull(source)(now))
        self._note_asked(task.sources)
        return task

    def _noticed_sync(self) -> Task:
        """Only the sources that said that they have something new."""
        task = sync_task(tuple(self._noticed), tuple(self._settings.every), noticed=True)
        self._note_asked(task.sources)
        return task

    def _note_asked(self, sources: Sequence[str]) -> None:
        self._noticed.clear()
        for source in sources:
            if source in self._notices:
                self._notices[source].asked()

    def _wanting(self, source: str) -> Callable[[], None]:
        return lambda: self._wanted.add(source)

    def _check_watch(self) -> None:
        self.want_sync()
        self.add(WATCH)

    def _tidy(self) -> None:
        self.add(TIDY)

    def _after_pull(self, source: str) -> Callable[[datetime], datetime]:
        def after(now: datetime) -> datetime:
            every = self._settings.every.get(source, timedelta(days=1))
            return next_sync(now, every, self._settings.rhythm, self.expected, self._chance.random())

        return after

    def _after_daily(self, at: time) -> Callable[[datetime], datetime]:
        return lambda now: daily(now, at, self._settings.rhythm.zone, self._spread)
