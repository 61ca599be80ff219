"""The main job, shown: six weeks of a simulated athlete, or a folder of real recordings.

Both walk through the same cycle, store and folder connector as `syncd sync`; only the clock is
told what time it is.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from syncd.connectors.folder import FolderSink, FolderSource
from syncd.cycle.arrivals import fetch_new
from syncd.cycle.assessment import assess
from syncd.cycle.run import CycleReport, run
from syncd.cycle.telling import assessed_line
from syncd.cycle.world import HORIZON_DAYS, World
from syncd.domain.arrival import Arrived, Outcome
from syncd.domain.athlete import Availability, Goal, ZoneSet
from syncd.domain.delivery.actions import Action, day_of, title_of, verb_of
from syncd.domain.workout import Workout
from syncd.formats.fit import Unreadable
from syncd.formats.fit.workout import read_workout
from syncd.report.score_views import score_text
from syncd.report.status import Sink, status_text
from syncd.report.sync_views import action_line, arrived_text, change_text, run_line
from syncd.report.training_views import zones_text
from syncd.report.units import KILOMETRES, day_name
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.season import runner_on, spontaneous_run, what_happens
from syncd.sandbox.simulation import simulate
from syncd.store import Store
from syncd.store.plan import CommittedSession, SessionState

FIRST_DAY = date(2026, 1, 5)
ZONE = ZoneInfo("Europe/Rome")
MORNING, EVENING_RUN, EVENING = time(6, 30), time(18, 0), time(20, 30)
WEEKS, SEED = 6, 7
WEEKLY_M, LONGEST_M, DAYS = 30_000.0, 11_000.0, 4
_MARK = ".syncd-demo"


class DemoError(Exception):
    """The demo cannot run there; the message says what to do."""


@dataclass(slots=True)
class Stage:
    """Where the demo plays and what it has said: on the screen at once, in the report at the end."""

    folder: Path
    speak: Callable[[str], None]
    said: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)

    def say(self, text: str = "") -> None:
        """For the screen and the report."""
        self.speak(text)
        self.said.append(text)

    def note(self, text: str) -> None:
        """For the report only."""
        self.more.append(text)

    def report(self) -> Path:
        """Write the report; its path."""
        path = self.folder / "report.txt"
        path.write_text("\n".join([*self.said, "", *self.more, ""]), encoding="utf-8")
        return path


def prepared(folder: Path, speak: Callable[[str], None]) -> Stage:
    """An empty stage. Only a folder that an earlier demo made is cleared. Raises DemoError."""
    if folder.exists():
        if not folder.is_dir() or (any(folder.iterdir()) and not (folder / _MARK).exists()):
            raise DemoError(f"{folder} exists and is no earlier demo: name another with --out")
        shutil.rmtree(folder)
    for each in (folder, folder / "state", folder / "inbox", folder / "workouts"):
        each.mkdir(parents=True)
    (folder / _MARK).touch()
    return Stage(folder, speak)


def simulated_weeks(stage: Stage, zones: ZoneSet) -> Path:
    """Six weeks, day by day: plan, run, import, score, adapt, deliver. The path of the report."""
    stage.say(
        f"A simulated runner: {zones.source}, {WEEKLY_M / 1000:.0f} km a week, "
        f"longest run {LONGEST_M / 1000:.0f} km, {DAYS} days a week. Seed {SEED}."
    )
    athlete = Runner(vdot=zones.vdot)
    with Store.open(stage.folder / "state") as store:

        def world_at(now: datetime) -> World:
            inbox = FolderSource(stage.folder / "inbox", settle_s=0, now=now)
            return _world(store, inbox, stage.folder / "workouts", zones, ZONE)

        for index in range(7 * WEEKS):
            _live_a_day(stage, world_at, athlete, index)
        last = datetime.combine(FIRST_DAY + timedelta(days=7 * WEEKS), MORNING, tzinfo=ZONE)
        world = world_at(last)
        run(world, last)
        _close(stage, world, last)
    return stage.report()


def recorded_runs(stage: Stage, inbox: Path, zones: ZoneSet, now: datetime) -> Path:
    """The loop over a folder of real recordings, as of the morning after the last run."""
    with Store.open(stage.folder / "state") as store:
        source = FolderSource(inbox, settle_s=0, now=now)
        world = _world(store, source, stage.folder / "workouts", zones, UTC, summary=False)
        arrived = fetch_new(source, world, now)
        if not arrived:
            raise DemoError(f"no FIT file in {inbox}: name a folder with .fit or .fit.gz recordings")
        newest = next(iter(store.activities.newest(1)), None)
        when = now if newest is None else min(now, _morning_after(newest.day))
        stage.say(_read_summary(arrived))
        stage.say()
        for each in assess(world, when):
            if line := assessed_line(each, KILOMETRES):
                stage.say(line)
                stage.note(score_text(_payload(each.stored.payload), KILOMETRES) + "\n")
        stage.say()
        stage.say(_history_line(world, when))
        stage.say(zones_text(zones, KILOMETRES))
        stage.say()
        report = run(world, when)
        _say_sent(stage, report)
        _close(stage, world, when)
    return stage.report()


def _world(
    store: Store,
    source: FolderSource,
    outbox: Path,
    zones: ZoneSet,
    zone: tzinfo,
    *,
    summary: bool = True,
) -> World:
    return World(
        store=store,
        sources=(source,),
        sink=FolderSink(outbox, "me"),
        athlete_key="me",
        zone=zone,
        availability=Availability(days_per_week=DAYS),
        goal=Goal.FIVE_K,
        zones=zones,
        weekly_m=WEEKLY_M if summary else 0.0,
        longest_m=LONGEST_M if summary else 0.0,
    )


def _live_a_day(stage: Stage, world_at: Callable[[datetime], World], athlete: Runner, index: int) -> None:
    day = FIRST_DAY + timedelta(days=index)
    morning = datetime.combine(day, MORNING, tzinfo=ZONE)
    world = world_at(morning)
    before = run(world, morning)
    if day.weekday() == 0:
        _open_week(stage, world, day)
    _say_sent(stage, before)
    session = next(
        (each for each in world.store.plan.between(day, day) if each.state is SessionState.DUE), None
    )
    happens = what_happens(session.session if session else None, index, SEED)
    if happens is None:
        if session is not None:
            stage.say(f"{day_name(day)}  {session.session.title}: did not run")
        return
    workout = _on_watch(stage.folder / "workouts", session) if session else spontaneous_run(index, SEED)
    recording = simulate(workout, runner_on(athlete, index), happens, seed=SEED * 1000 + index)
    start = datetime.combine(day, EVENING_RUN, tzinfo=ZONE)
    offset = start.utcoffset() or timedelta(0)
    (stage.folder / "inbox" / f"{day}.fit").write_bytes(
        write_activity(recording, start=start, utc_offset=offset)
    )
    evening = datetime.combine(day, EVENING, tzinfo=ZONE)
    report = run(world_at(evening), evening)
    _say_runs(stage, report)
    _say_sent(stage, report)


def _on_watch(outbox: Path, session: CommittedSession) -> Workout:
    """What the runner's watch would run: the file in the outbox, not what we meant to write."""
    path = next(iter(sorted(outbox.glob(f"* {session.session.tag} *.fit"))), None)
    if path is None:
        raise DemoError(f"no workout file for {session.session.title} in {outbox}")
    found = read_workout(path.read_bytes())
    if isinstance(found, Unreadable):
        raise DemoError(f"{path.name}: {found.reason}")
    return found.workout


def _open_week(stage: Stage, world: World, monday: date) -> None:
    week = next(each for each in world.store.plan.weeks() if each.start == monday)
    number = 1 + (monday - FIRST_DAY).days // 7
    stage.say()
    stage.say(
        f"Week {number} · {week.phase.value} phase · {week.kind.value} · "
        f"{KILOMETRES.distance(week.distance_m, 0)} planned"
    )


def _say_runs(stage: Stage, report: CycleReport) -> None:
    for each in report.assessed:
        if line := assessed_line(each, KILOMETRES):
            stage.say(line)
            stage.note(score_text(_payload(each.stored.payload), KILOMETRES) + "\n")
        else:
            done = each.activity
            head = run_line(day_name(done.day), done.distance_m, done.timer_s, KILOMETRES)
            stage.say(f"{head}  not planned: counts as load")


def _say_sent(stage: Stage, report: CycleReport) -> None:
    for change in report.changes:
        stage.say(f"    plan  {change_text(change)}")
    for verb in dict.fromkeys(map(verb_of, report.actions)):
        about = [_about(action) for action in report.actions if verb_of(action) == verb]
        more = f" and {len(about) - 2} more" if len(about) > 2 else ""
        stage.say(f"    watch: {verb} {', '.join(about[:2])}{more}")
    for action in report.actions:
        stage.note(f"{action_line(action)}")
    for problem in report.problems:
        stage.say(f"    problem: {problem}")


def _about(action: Action) -> str:
    day = day_of(action)
    when = day_name(day) if day else "library"
    return when if verb_of(action) == "remove" else f"{when} {title_of(action)}"


def _read_summary(arrived: Iterable[Arrived]) -> str:
    everything = list(arrived)
    counts = {outcome: sum(each.outcome is outcome for each in everything) for outcome in Outcome}
    told = ", ".join(f"{count} {outcome.value}" for outcome, count in counts.items() if count)
    return f"{len(everything)} files: {told}\n{arrived_text(everything, KILOMETRES)}"


def _history_line(world: World, now: datetime) -> str:
    today = world.today(now)
    runs = world.store.activities.runs_between(today - timedelta(weeks=4), today)
    if not runs:
        return "No run in the last four weeks before: the plan begins small."
    total, longest = sum(each.distance_m for each in runs), max(each.distance_m for each in runs)
    return (
        f"The four weeks before {day_name(today).strip()} {today.year}: {len(runs)} runs, "
        f"{KILOMETRES.distance(total / 4)} a week, longest {KILOMETRES.distance(longest)}."
    )


def _close(stage: Stage, world: World, now: datetime) -> None:
    """How things stand at the end, and what lies in the folders."""
    today = world.today(now)
    stage.say()
    stage.say(
        status_text(
            world.store, Sink(world.sink.name, world.sink.capabilities.consumes), today, now, KILOMETRES
        )
    )
    stage.say()
    stage.say(f"The next {HORIZON_DAYS} days as FIT workouts and syncd.ics: {stage.folder / 'workouts'}")
    scores = world.store.scores.between(today - timedelta(days=20_000), today)
    scored = [each.score for each in scores if each.score is not None]
    changes = world.store.changes.newest(1000)
    mean = f", {sum(scored) / len(scored):.0f} on average" if scored else ""
    stage.say(
        f"{world.store.activities.count_runs()} runs, {len(scored)} scored{mean}; "
        f"{len(changes)} change{'' if len(changes) == 1 else 's'} of the plan, each with its reason."
    )


def _morning_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), MORNING, tzinfo=UTC)


def _payload(text: str) -> dict[str, Any]:
    import json

    return dict(json.loads(text))
