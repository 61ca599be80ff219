"""The service: one loop, one thread, one child at a time.

Every pass tells the service manager that it is alive, asks the scheduler what is due, looks after
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
    CLOCK_JUMPED,
    CONFIG_REFUSED,
    CYCLE_DONE,
    NEEDS_HUMAN,
    Journal,
    LogPriority,
)
from syncd.daemon.machine import Machine, Wish
from syncd.daemon.manager import ServiceManager
from syncd.daemon.settings import Webhook, settings_from
from syncd.daemon.state_file import DaemonState, DaemonStateFile, wake_mark
from syncd.daemon.sync_outcome import OK, USAGE, SyncOutcome, read_sync_outcome
from syncd.daemon.tasks import READ, REPORT, Kind, Task, message_task
from syncd.daemon.watch_reminder import not_on_watch
from syncd.paths import CYCLE_VARIABLE, GOOD_CONFIG_VARIABLE, HOOK_FILE, Paths

BEAT_S = 60.0  # our default, where no service manager asks for more
FINISH_S, END_S = 4.0, 3.0  # on the way out: for a child to finish, then to end itself
KILL_AFTER_S = 10.0  # past its deadline a child is asked, and this much later killed
SETTLE_S = 15.0  # our default: after a sleep the network needs a moment


@dataclass(slots=True)
class _Running:
    """A child and its limits, in monotonic seconds."""

    task: Task
    child: Child
    cycle: str
    began: float
    ends: float
    asked: bool = False


class Daemon:
    """Looks after one state folder until it is told to stop."""

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
        """`follow_webhook` listens where the settings say; it tells what is wrong."""
        self._paths, self._machine, self._manager, self._journal = paths, machine, manager, journal
        self._environ = {**environ, GOOD_CONFIG_VARIABLE: str(paths.good_config)}
        self._follow_webhook = follow_webhook
        self._chance = random.Random(f"{paths.athlete_key}:{paths.state}")  # spread, and the same each time
        self._agenda: Agenda | None = None
        self._running: _Running | None = None
        self._clocks = Clocks(machine.wall(), machine.monotonic())
        self._settled_at = 0.0
        self._shown_on: date | None = None  # the day of the last report
        self._needs: dict[str, tuple[str, ...]] = {}
        self._file = DaemonStateFile(paths.state)
        self._standing = DaemonState(
            pid=os.getpid(), version=version("syncd"), started_at=_text(machine.wall())
        )
        self._config_mark = _mark(paths)
        self._wake_mark = wake_mark(paths.state)

    def run(self) -> int:
        """Until somebody says stop; the exit code of the process."""
        refused = self._first_settings()
        if refused is not None:
            return refused
        self._journal.say(f"started, syncd {self._standing.version}, state in {self._paths.state}")
        self._manager.ready("Started, looking for runs")
        self._day.want_sync()
        while True:
            self._manager.alive()
            self._note_clock()
            due_s = self._day.run_due()
            self._note_files()
            self._mind_child()
            self._start_next()
            self._publish()
            wishes = self._machine.wait(self._pause_s(due_s))
            if Wish.STOP in wishes:
                return self._stop()
            if Wish.RELOAD in wishes:
                self._day.add(READ)
            if Wish.LOOK in wishes:
                self._day.want_sync()

    @property
    def _day(self) -> Agenda:
        if self._agenda is None:
            raise RuntimeError("no settings were read yet")
        return self._agenda

    # --- watching

    def _note_clock(self) -> None:
        jump, by = self._clocks.compare(self._machine.wall(), self._machine.monotonic())
        if jump is Jump.BACK:
            self._day.count_anew()
            self._day.want_sync()
            self._journal.say(
                f"the clock went back by {about(by)}: waiting times are counted anew",
                LogPriority.WARNING,
                message_id=CLOCK_JUMPED,
            )
        elif jump is Jump.AHEAD:
            self._settled_at = self._machine.monotonic() + SETTLE_S
            self._day.want_sync()
            self._journal.say(f"woke up after {about(by)}", message_id=CLOCK_JUMPED)

    def _note_files(self) -> None:
        """An edited configuration is read, and a new login is used, without anybody saying so."""
        config, woken = _mark(self._paths), wake_mark(self._paths.state)
        if config != self._config_mark:
            self._config_mark = config
            self._day.add(READ)
        if woken != self._wake_mark:
            self._wake_mark = woken
            self._day.want_sync()

    def _pause_s(self, due_s: float | None) -> float:
        """Until something has to be done; never longer than a beat."""
        pauses = [self._manager.beat_every_s or BEAT_S, BEAT_S]
        now = self._machine.monotonic()
        if due_s is not None:
            pauses.append(due_s)
        if self._running is not None:
            limit = self._running.ends + (KILL_AFTER_S if self._running.asked else 0.0)
            pauses.append(limit - now)
        elif now < self._settled_at:
            pauses.append(self._settled_at - now)
        return max(min(pauses), 0.05)

    # --- children

    def _start_next(self) -> None:
        if self._running is not None or self._machine.monotonic() < self._settled_at:
            return
        task = self._day.take()
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
        except OSError as error:  # no memory, no room: the next beat is early enough
            self._finish(task, cycle, Ended(1, "", f"no process could be started: {error.strerror}"), 0.0)
            return
        self._running = _Running(task, child, cycle, now, now + task.deadline_s)

    def _mind_child(self) -> None:
        running = self._running
        if running is None:
            return
        now = self._machine.monotonic()
        ended = running.child.poll()
        if ended is not None:
            self._running = None
            self._finish(running.task, running.cycle, ended, now - running.began)
        elif running.asked and now >= running.ends + KILL_AFTER_S:
            running.child.kill()
        elif now >= running.ends and not running.asked:
            running.asked = True
            self._journal.say(
                f"{running.task.name} took longer than {running.task.deadline_s:.0f} s and is ended",
                LogPriority.WARNING,
                message_id=CHILD_KILLED,
                cycle=running.cycle,
            )
            running.child.ask_to_stop()

    def _finish(self, task: Task, cycle: str, ended: Ended, seconds: float) -> None:
        if task.kind is Kind.READ:
            self._reloaded(ended)
        elif task.kind is Kind.LOOK:
            self._sync_ended(task, cycle, read_sync_outcome(ended), seconds)
        elif task.kind is Kind.WATCH:
            self._watched(cycle, ended)
        elif ended.code != OK:
            said = " ".join(ended.err.split()) or f"ended with code {ended.code}"
            self._journal.say(f"{task.name}: {said}", LogPriority.WARNING, cycle=cycle)

    def _sync_ended(self, task: Task, cycle: str, found: SyncOutcome, seconds: float) -> None:
        now = self._machine.wall()
        for event in found.events:
            self._journal.say(event.message, event.priority, message_id=event.message_id, cycle=cycle)
        self._journal.say(
            f"look: {found.says}, {seconds:.1f} s",
            message_id=CYCLE_DONE,
            cycle=cycle,
            fields={"seconds": f"{seconds:.2f}", "exit": found.code, "sources": ",".join(task.sources)},
        )
        failures = self._standing.failures + 1 if found.failed else 0
        self._standing = replace(
            self._standing,
            last_look=_text(now),
            last_ok=self._standing.last_ok if found.code != OK else _text(now),
            cycle=cycle,
            exit_code=found.code,
            seconds=round(seconds, 2),
            says=found.says,
            failures=failures,
        )
        self._needs["look"] = found.problems if found.needs_human else ()
        if found.expected:
            self._day.expected = found.expected
        self._day.sync_done(task.sources, failures)
        today = now.astimezone(self._day.settings.rhythm.zone).date()
        if found.news or today != self._shown_on:
            self._shown_on = today
            self._day.add(REPORT)
        if self._day.settings.tells:
            trouble = "; ".join(found.problems) if found.code != OK else ""
            self._day.add(message_task(trouble, human=found.needs_human))

    def _watched(self, cycle: str, ended: Ended) -> None:
        """A workout of today that is not on the watch is worth a word in the morning."""
        zone = self._day.settings.rhythm.zone
        said = not_on_watch(ended, self._machine.wall().astimezone(zone).date())
        self._needs["watch"] = (said,) if said else ()
        if said:
            self._journal.say(said, LogPriority.WARNING, message_id=NEEDS_HUMAN, cycle=cycle)

    # --- settings

    def _first_settings(self) -> int | None:
        """Read them before anything else; the exit code where there are none to go on with."""
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
        """The reading child, waited for; None where somebody said stop meanwhile."""
        try:
            child = self._machine.start(READ.argv, self._environ)
        except OSError as error:
            return Ended(1, "", f"no process could be started: {error.strerror}")
        end = self._machine.monotonic() + READ.deadline_s
        while (ended := child.poll()) is None:
            late = self._machine.monotonic() > end
            if Wish.STOP in self._machine.wait(1.0) or late:
                child.kill()
                return Ended(1, "", "reading the configuration took too long") if late else None
        return ended

    def _reloaded(self, ended: Ended) -> None:
        """The new settings, or the old ones and a loud word."""
        refused = self._use(ended)
        if refused:
            said = f"the changed configuration is not used, the earlier one stays: {refused}"
            self._needs["config"] = (said,)
            self._journal.say(said, LogPriority.ERROR, message_id=CONFIG_REFUSED)
        else:
            self._needs["config"] = ()
            self._journal.say("the configuration was read")
            self._day.want_sync()
        self._manager.ready(self._status())

    def _use(self, ended: Ended) -> str:
        """Go on with what was read; why not, "" where it is in force."""
        if ended.code != OK:
            return _said(ended)
        try:
            settings = settings_from(ended.out)
        except ValueError as error:
            return str(error)
        if self._agenda is None:
            self._agenda = Agenda(settings, self._machine.wall, self._chance)
        else:
            self._agenda.settings = settings
        wrong = self._follow_webhook(settings.webhook)
        self._needs["webhook"] = (wrong,) if wrong else ()
        if wrong:
            self._journal.say(wrong, LogPriority.ERROR, message_id=NEEDS_HUMAN)
        return ""

    # --- telling

    def _publish(self) -> None:
        needs = tuple(each for said in self._needs.values() for each in said)
        self._standing = replace(self._standing, needs=needs).with_next(self._day.next_sync())
        self._file.write(self._standing)
        self._manager.status(self._status())

    def _status(self) -> str:
        """One line: what a human must do first, else how it goes."""
        last, zone = self._standing, self._day.settings.rhythm.zone
        parts = [f"Needs you: {need}" for need in last.needs]
        if last.last_look:
            parts.append(f"Last look {_clock(last.last_look, zone)}: {last.says}")
        if last.next_look and not (self._running and self._running.task.kind is Kind.LOOK):
            parts.append(f"next about {_clock(last.next_look, zone)}")
        return ". ".join(parts) or "Looking for runs"

    # --- the end

    def _stop(self) -> int:
        """Let the child finish if it is about to, else end it: any moment is safe for that."""
        self._manager.stopping("Stopping")
        running = self._running
        if running is not None and not self._gone(running.child, FINISH_S):
            running.child.ask_to_stop()
            if not self._gone(running.child, END_S):
                running.child.kill()
                self._gone(running.child, 1.0)
        self._standing = replace(self._standing, next_look="", pid=0)
        self._file.write(self._standing)
        self._journal.say("stopped")
        return OK

    def _gone(self, child: Child, seconds: float) -> bool:
        end = self._machine.monotonic() + seconds
        while child.poll() is None:
            left = end - self._machine.monotonic()
            if left <= 0:
                return False
            self._machine.wait(min(left, 0.5))
        return True


def _mark(paths: Paths) -> tuple[tuple[int, int], ...]:
    """Changes whenever the configuration or the webhook's file does; zeros where there is none."""
    return tuple(_changed(each) for each in (paths.config, paths.logins / HOOK_FILE))


def _changed(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


def _said(ended: Ended) -> str:
    return " ".join(ended.err.split()).removeprefix("syncd: ") or f"ended with code {ended.code}"


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _clock(text: str, zone: tzinfo) -> str:
    """Local hours and minutes of an ISO time."""
    return datetime.fromisoformat(text).astimezone(zone).strftime("%H:%M")
