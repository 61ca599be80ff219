"""The service: one loop, one thread, one child at a time.

Every pass reports to the service manager that it is alive, asks the scheduler what is due, checks on
the child, and sleeps until the next of these. Whatever takes time is done by children.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from importlib.metadata import version
from pathlib import Path

from syncd.daemon.agenda import Agenda
from syncd.daemon.child import Child, Ended
from syncd.daemon.clocks import Clocks, Jump, about
from syncd.daemon.journal import (
    CHILD_KILLED,
    CLOCK_DOUBTED,
    CLOCK_JUMPED,
    CONFIG_REFUSED,
    CYCLE_DONE,
    NEEDS_HUMAN,
    TIDY_FOUND,
    Journal,
    LogPriority,
)
from syncd.daemon.machine import Machine, Wakeup
from syncd.daemon.manager import ServiceManager
from syncd.daemon.settings import Webhook, settings_from
from syncd.daemon.state_file import DaemonState, DaemonStateFile, wake_mark
from syncd.daemon.sync_outcome import OK, USAGE, SyncOutcome, read_sync_outcome
from syncd.daemon.tasks import READ, REPORT, Kind, Task, message_task
from syncd.daemon.watch_reminder import not_on_watch
from syncd.paths import CYCLE_VARIABLE, GOOD_CONFIG_VARIABLE, HOOK_FILE, Paths
from syncd.renewal import ENDING_S, under_way

LONGEST_PAUSE_S = 60.0  # our default, where no service manager asks for reports more often
FINISH_S, END_S = 4.0, 3.0  # when stopping: for a child to finish, then to end itself
KILL_AFTER_S = 10.0  # our default: a child is asked to end at its deadline, and killed this much later
SETTLE_S = 15.0  # our default: after a sleep the network needs a moment


@dataclass(slots=True)
class _Running:
    """A child and its limits, in monotonic seconds."""

    task: Task
    child: Child
    cycle: str
    began: float
    ends: float
    asked_to_stop: bool = False


class Daemon:
    """Keeps one state folder in sync until it is asked to stop."""

    def __init__(
        self,
        paths: Paths,
        machine: Machine,
        manager: ServiceManager,
        journal: Journal,
        *,
        environ: Mapping[str, str] = os.environ,
        follow_webhook: Callable[[Webhook | None], str] = lambda _: "",
    ) -> None:
        """`follow_webhook` listens where the settings say; it returns what went wrong."""
        self._paths, self._machine, self._manager, self._journal = paths, machine, manager, journal
        self._environ = {**environ, GOOD_CONFIG_VARIABLE: str(paths.good_config)}
        self._follow_webhook = follow_webhook
        self._chance = random.Random(f"{paths.athlete_key}:{paths.state}")  # the same each time
        self._agenda: Agenda | None = None
        self._running: _Running | None = None
        self._clocks = Clocks(machine.wall(), machine.monotonic())
        self._settled_at = 0.0
        self._reported_on: date | None = None  # the day of the last HTML report
        self._needs: dict[str, tuple[str, ...]] = {}
        self._file = DaemonStateFile(paths.state)
        self._status = DaemonState(pid=os.getpid(), version=version("syncd"), started_at=_iso(machine.wall()))
        self._config_mark = _mark(paths)
        self._wake_mark = wake_mark(paths.state)

    def run(self) -> int:
        """Run until somebody asks to stop; the exit code of the process."""
        refused = self._first_settings()
        if refused is not None:
            return refused
        self._journal.say(f"started, syncd {self._status.version}, state in {self._paths.state}")
        self._manager.ready("Started, checking for new runs")
        self._tasks.want_sync()
        while True:
            self._manager.alive()
            self._note_clock()
            due_s = self._tasks.run_due()
            self._note_files()
            self._check_child()
            self._start_next()
            self._publish()
            demands = self._machine.wait(self._pause_s(due_s))
            if Wakeup.STOP in demands:
                return self._stop()
            if Wakeup.RELOAD in demands:
                self._tasks.add(READ)
            if Wakeup.NEWS in demands and (hook := self._tasks.settings.webhook) is not None:
                self._tasks.notice(hook.source)

    @property
    def _tasks(self) -> Agenda:
        if self._agenda is None:
            raise RuntimeError("the settings have not been read yet")
        return self._agenda

    # --- watching

    def _note_clock(self) -> None:
        jump, by = self._clocks.compare(self._machine.wall(), self._machine.monotonic())
        if jump is not Jump.NONE:
            self._tasks.clock_doubted = True  # what goes by the date waits for a sync, which asks a service
        if jump is Jump.BACK:
            self._tasks.replan()
            self._tasks.note_jump()
            self._journal.say(
                f"the clock was set back by {about(by)}: all times are planned again",
                LogPriority.WARNING,
                message_id=CLOCK_JUMPED,
            )
        elif jump is Jump.AHEAD:
            self._settled_at = self._machine.monotonic() + SETTLE_S
            self._tasks.note_jump()
            self._journal.say(f"woke up after {about(by)}", message_id=CLOCK_JUMPED)

    def _note_files(self) -> None:
        """Notice an edited configuration and a new login: nobody has to report them."""
        config, woken = _mark(self._paths), wake_mark(self._paths.state)
        if config != self._config_mark:
            self._config_mark = config
            self._tasks.add(READ)
        if woken != self._wake_mark:
            self._wake_mark = woken
            self._tasks.want_sync()

    def _pause_s(self, due_s: float | None) -> float:
        """How long to wait until something has to be done; never longer than the manager allows."""
        pauses = [self._manager.report_every_s or LONGEST_PAUSE_S, LONGEST_PAUSE_S]
        now = self._machine.monotonic()
        if due_s is not None:
            pauses.append(due_s)
        if self._running is not None:
            limit = self._running.ends + (KILL_AFTER_S if self._running.asked_to_stop else 0.0)
            pauses.append(limit - now if limit > now else 1.0)
        elif now < self._settled_at:
            pauses.append(self._settled_at - now)
        return max(min(pauses), 0.05)

    # --- children

    def _start_next(self) -> None:
        if self._running is not None or self._machine.monotonic() < self._settled_at:
            return
        task = self._tasks.take()
        if task is not None:
            self._start(task)

    def _start(self, task: Task) -> None:
        cycle = os.urandom(4).hex()
        if task.kind is Kind.READ:
            self._manager.reloading()
            self._config_mark = _mark(self._paths)
        now = self._machine.monotonic()
        try:
            child = self._machine.start(task.argv, {**self._environ, CYCLE_VARIABLE: cycle})
        except OSError as error:  # no memory, no room: the next time is early enough
            self._finish(task, cycle, Ended(1, "", f"cannot start a process: {error.strerror}"), 0.0)
            return
        self._running = _Running(task, child, cycle, now, now + task.deadline_s)

    def _check_child(self) -> None:
        running = self._running
        if running is None:
            return
        now = self._machine.monotonic()
        ended = running.child.poll()
        if ended is not None:
            self._running = None
            self._finish(running.task, running.cycle, ended, now - running.began)
        elif running.asked_to_stop and now >= running.ends + KILL_AFTER_S:
            if now >= running.ends + KILL_AFTER_S + ENDING_S or not under_way(self._paths.logins):
                running.child.kill()
        elif now >= running.ends and not running.asked_to_stop:
            running.asked_to_stop = True
            self._journal.say(
                f"{running.task.name} took longer than {running.task.deadline_s:.0f} s and is being stopped",
                LogPriority.WARNING,
                message_id=CHILD_KILLED,
                cycle=running.cycle,
            )
            running.child.ask_to_stop()

    def _finish(self, task: Task, cycle: str, ended: Ended, seconds: float) -> None:
        if task.kind is Kind.READ:
            self._reloaded(ended)
        elif task.kind is Kind.SYNC:
            self._sync_ended(task, cycle, read_sync_outcome(ended), seconds)
        elif task.kind is Kind.WATCH:
            self._watched(cycle, ended)
        elif ended.code != OK:
            message = " ".join(ended.err.split()) or f"ended with code {ended.code}"
            found = TIDY_FOUND if task.kind is Kind.TIDY else ""
            self._journal.say(f"{task.name}: {message}", LogPriority.WARNING, message_id=found, cycle=cycle)

    def _sync_ended(self, task: Task, cycle: str, outcome: SyncOutcome, seconds: float) -> None:
        now = self._machine.wall()
        for event in outcome.events:
            self._journal.say(event.message, event.priority, message_id=event.message_id, cycle=cycle)
        self._journal.say(
            f"sync: {outcome.says}, {seconds:.1f} s",
            message_id=CYCLE_DONE,
            cycle=cycle,
            fields={"seconds": f"{seconds:.2f}", "exit": outcome.code, "sources": ",".join(task.sources)},
        )
        failures = self._status.failures + 1 if outcome.failed else 0
        self._judge_clock(outcome)
        self._status = replace(
            self._status,
            last_look=self._status.last_look if outcome.clock_doubted else _iso(now),
            last_ok=self._status.last_ok if outcome.code != OK else _iso(now),
            cycle=cycle,
            exit_code=outcome.code,
            seconds=round(seconds, 2),
            says=outcome.says,
            failures=failures,
        )
        self._needs["sync"] = outcome.problems if outcome.needs_human else ()
        if outcome.expected:
            self._tasks.expected = outcome.expected
        self._tasks.sync_done(task, failures)
        today = now.astimezone(self._tasks.settings.rhythm.zone).date()
        if not outcome.clock_doubted and (outcome.news or today != self._reported_on):
            self._reported_on = today
            self._tasks.add(REPORT)
        if self._tasks.settings.notifies:
            trouble = "; ".join(outcome.problems) if outcome.code != OK else ""
            self._tasks.add(
                message_task(trouble, human=outcome.needs_human, heartbeat_only=self._tasks.clock_doubted)
            )

    def _judge_clock(self, outcome: SyncOutcome) -> None:
        """What a sync found counts here too: until another finds it right, nothing goes by the date."""
        if not outcome.has_report:
            return
        if outcome.clock_doubted and not self._needs.get("clock"):
            message = "what goes by the date waits until the clock is right"
            self._journal.say(message, LogPriority.ERROR, message_id=CLOCK_DOUBTED)
        self._tasks.clock_doubted = outcome.clock_doubted
        self._needs["clock"] = outcome.problems[:1] if outcome.clock_doubted else ()

    def _watched(self, cycle: str, ended: Ended) -> None:
        """Warn in the morning where today's workout is not on the watch."""
        zone = self._tasks.settings.rhythm.zone
        warning = not_on_watch(ended, self._machine.wall().astimezone(zone).date())
        self._needs["watch"] = (warning,) if warning else ()
        if warning:
            self._journal.say(warning, LogPriority.WARNING, message_id=NEEDS_HUMAN, cycle=cycle)

    # --- settings

    def _first_settings(self) -> int | None:
        """Read them before anything else; the exit code where there are none to start with."""
        ended = self._read_now()
        if ended is None:
            return OK
        refused = self._use(ended)
        if not refused:
            return None
        self._journal.say(refused, LogPriority.ERROR, message_id=CONFIG_REFUSED)
        self._manager.stopping(refused)
        return USAGE if ended.code == USAGE else 1

    def _read_now(self) -> Ended | None:
        """Wait for the child that reads them; None where somebody asked to stop meanwhile."""
        try:
            child = self._machine.start(READ.argv, self._environ)
        except OSError as error:
            return Ended(1, "", f"cannot start a process: {error.strerror}")
        end = self._machine.monotonic() + READ.deadline_s
        while (ended := child.poll()) is None:
            late = self._machine.monotonic() > end
            if Wakeup.STOP in self._machine.wait(1.0) or late:
                child.kill()
                return Ended(1, "", "reading the configuration took too long") if late else None
        return ended

    def _reloaded(self, ended: Ended) -> None:
        """Use the new settings, or keep the old ones and log an error."""
        refused = self._use(ended)
        if refused:
            problem = f"the changed configuration is invalid, the earlier one stays in use: {refused}"
            self._needs["config"] = (problem,)
            self._journal.say(problem, LogPriority.ERROR, message_id=CONFIG_REFUSED)
        else:
            self._needs["config"] = ()
            self._journal.say("configuration reloaded")
            self._tasks.want_sync()
        self._manager.ready(self._status_line())

    def _use(self, ended: Ended) -> str:
        """Put the settings in force; why not, "" where they are."""
        if ended.code != OK:
            return _error_of(ended)
        try:
            settings = settings_from(ended.out)
        except ValueError as error:
            return str(error)
        if self._agenda is None:
            self._agenda = Agenda(settings, self._machine.wall, self._machine.monotonic, self._chance)
        else:
            self._agenda.settings = settings
        problem = self._follow_webhook(settings.webhook)
        self._needs["webhook"] = (problem,) if problem else ()
        if problem:
            self._journal.say(problem, LogPriority.ERROR, message_id=NEEDS_HUMAN)
        return ""

    # --- reporting

    def _publish(self) -> None:
        needs = tuple(need for group in self._needs.values() for need in group)
        self._status = replace(self._status, needs=needs).with_next(
            None if self._tasks.clock_doubted else self._tasks.next_sync()
        )
        self._file.write(self._status)
        self._manager.status(self._status_line())

    def _status_line(self) -> str:
        """One line: what a human must do, then the last sync and the next."""
        last, zone = self._status, self._tasks.settings.rhythm.zone
        parts = [f"Needs you: {need}" for need in last.needs]
        if last.last_look:
            parts.append(f"Last sync {_clock(last.last_look, zone)}: {last.says}")
        if last.next_look and not (self._running and self._running.task.kind is Kind.SYNC):
            parts.append(f"next about {_clock(last.next_look, zone)}")
        return ". ".join(parts) or "Checking for new runs"

    # --- the end

    def _stop(self) -> int:
        """Let the child finish if it is about to, else end it: that is safe at any moment."""
        self._manager.stopping("Stopping")
        running = self._running
        if running is not None and not self._ended_within(running.child, FINISH_S):
            running.child.ask_to_stop()
            if not (self._ended_within(running.child, END_S) or self._renewal_ended(running.child)):
                running.child.kill()
                self._ended_within(running.child, 1.0)
        self._status = replace(self._status, next_look="", pid=0)
        self._file.write(self._status)
        self._journal.say("stopped")
        return OK

    def _renewal_ended(self, child: Child) -> bool:
        """Whether the child ended by itself after the renewal of a login: killed there, it would lose it."""
        end = self._machine.monotonic() + ENDING_S
        while under_way(self._paths.logins) and self._machine.monotonic() < end:
            self._manager.stopping("Stopping, a login is being renewed")
            if self._ended_within(child, 1.0):
                return True
        return self._ended_within(child, 0.5)

    def _ended_within(self, child: Child, seconds: float) -> bool:
        end = self._machine.monotonic() + seconds
        while child.poll() is None:
            left = end - self._machine.monotonic()
            if left <= 0:
                return False
            self._machine.wait(min(left, 0.5))
        return True


def _mark(paths: Paths) -> tuple[tuple[int, int], ...]:
    """A value that changes whenever the configuration or the webhook's file does; zeros without them."""
    return tuple(_version_of(path) for path in (paths.config, paths.logins / HOOK_FILE))


def _version_of(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _error_of(ended: Ended) -> str:
    return " ".join(ended.err.split()).removeprefix("syncd: ") or f"ended with code {ended.code}"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _clock(text: str, zone: tzinfo) -> str:
    """Local hours and minutes of an ISO time."""
    return datetime.fromisoformat(text).astimezone(zone).strftime("%H:%M")
