"""APScheduler, driven by the service's loop: it knows what is due when, and starts nothing itself.

Its own schedulers wait in a thread and stop when the wall clock goes back (measured). Here the one
loop asks it on every pass, so a scheduler that hangs is a loop that hangs, and the service manager
notices.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger


class _When(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """A trigger that asks a function for the next time after now."""

    def __init__(self, after: Callable[[datetime], datetime]) -> None:
        self._after = after

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return self._after(now)


class JobScheduler(BaseScheduler):  # type: ignore[misc]
    """Jobs by name. `run_due` calls those that are due, once however often they were missed."""

    def __init__(self) -> None:
        super().__init__(
            timezone=UTC,
            executors={"default": DebugExecutor()},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        self.start()

    def wakeup(self) -> None:
        """Nothing to wake: the loop comes round by itself."""

    def shutdown(self, wait: bool = True) -> None:
        """Forget all jobs."""
        super().shutdown(wait)

    def run_due(self) -> float | None:
        """Call what is due; the seconds until something is again, None when nothing is planned."""
        wait = self._process_jobs()
        return None if wait is None else float(wait)

    def plan(
        self, name: str, call: Callable[[], None], after: Callable[[datetime], datetime], first: datetime
    ) -> None:
        """Call it at `first`, then whenever `after` says; a job of that name is replaced."""
        self.add_job(call, _When(after), id=name, next_run_time=first, replace_existing=True)

    def put_off(self, name: str, moment: datetime) -> None:
        """Move its next time."""
        if self.get_job(name) is not None:
            self.modify_job(name, next_run_time=moment)

    def next_of(self, name: str) -> datetime | None:
        """When it is due next."""
        job: Any = self.get_job(name)
        return None if job is None else job.next_run_time

    def drop(self, name: str) -> None:
        """Forget the job."""
        if self.get_job(name) is not None:
            self.remove_job(name)

    def names(self) -> tuple[str, ...]:
        """The names of all jobs."""
        return tuple(job.id for job in self.get_jobs())
