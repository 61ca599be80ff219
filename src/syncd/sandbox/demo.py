"""The main job, shown over a folder of real recordings; and what every demo says.

It goes through the same sync, store and folder connector as `syncd sync`; only the time is the demo's own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path

from syncd.connectors.folder import FolderSink, FolderSource
from syncd.cycle.arrivals import fetch_new
from syncd.cycle.assessment import Assessed, assess
from syncd.cycle.run import SyncReport, run
from syncd.cycle.world import HORIZON_DAYS, World
from syncd.domain.arrival import Arrived, PayloadOutcome
from syncd.domain.athlete import Availability, Goal, ZoneSet
from syncd.domain.delivery.actions import Action, day_of, title_of, verb_of
from syncd.domain.units import KILOMETRES, day_name
from syncd.report.delivery_texts import problem_text
from syncd.report.page.render import render
from syncd.report.reader import Reader
from syncd.report.score_views import score_sheet
from syncd.report.status import Sink, SyncStatus, status_sheet
from syncd.report.story import story_of
from syncd.report.sync_report import assessed_text
from syncd.report.sync_views import action_text, arrived_text, change_text, run_text
from syncd.report.training_views import zones_sheet
from syncd.store import Store

MORNING, EVENING = time(6, 30), time(20, 30)
WEEKS, SEED = 6, 7
WEEKLY_M, LONGEST_M, DAYS = 30_000.0, 11_000.0, 4
_MARK = ".syncd-demo"


class DemoError(Exception):
    """The demo cannot run there; the message says what to do."""


@dataclass(slots=True)
class DemoStage:
    """Where the demo plays and what it has said: on the screen at once, in the report at the end."""

    folder: Path
    speak: Callable[[str], None]
    said: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    page: str = ""

    def say(self, text: str = "") -> None:
        """For the screen and the report."""
        self.speak(text)
        self.said.append(text)

    def note(self, text: str) -> None:
        """For the report only."""
        self.more.append(text)

    def report(self) -> Path:
        """Write the report as a page, and what was said as text beside it; the path of the page."""
        text, page = self.folder / "report.txt", self.folder / "report.html"
        text.write_text("\n".join([*self.said, "", *self.more, ""]), encoding="utf-8")
        page.write_text(self.page, encoding="utf-8")
        return page


def prepared(folder: Path, speak: Callable[[str], None]) -> DemoStage:
    """An empty stage. Only a folder that an earlier demo made is cleared. Raises DemoError."""
    if folder.exists():
        if not folder.is_dir() or (any(folder.iterdir()) and not (folder / _MARK).exists()):
            raise DemoError(f"{folder} exists and is no earlier demo: name another with --out")
        shutil.rmtree(folder)
    for needed in (folder, folder / "state", folder / "inbox", folder / "workouts"):
        needed.mkdir(parents=True)
    (folder / _MARK).touch()
    return DemoStage(folder, speak)


def recorded_runs(stage: DemoStage, inbox: Path, zones: ZoneSet, now: datetime) -> Path:
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
        for assessed in assess(world, when):
            if line := assessed_text(assessed, KILOMETRES):
                stage.say(line)
                stage.note(_card(assessed))
        stage.say()
        stage.say(_history_line(world, when))
        stage.say(str(zones_sheet(zones, KILOMETRES)))
        stage.say()
        report = run(world, when)
        say_sent(stage, report)
        close(stage, world, when)
        folder = stage.folder / "workouts"
        stage.say(f"The next {HORIZON_DAYS} days as FIT workouts and syncd.ics: {folder}")
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


def open_week(stage: DemoStage, world: World, monday: date, number: int) -> None:
    """The head of a week; `number` counts from 1."""
    week = next(week for week in world.store.plan.weeks() if week.start == monday)
    stage.say()
    stage.say(
        f"Week {number} · {week.phase.value} phase · {week.kind.value} · "
        f"{KILOMETRES.distance(week.distance_m, 0)} planned"
    )


def say_runs(stage: DemoStage, report: SyncReport) -> None:
    """What was run, and how it went."""
    for assessed in report.assessed:
        if line := assessed_text(assessed, KILOMETRES):
            stage.say(line)
            stage.note(_card(assessed))
        else:
            done = assessed.activity
            head = run_text(day_name(done.day), done.distance_m, done.timer_s, KILOMETRES)
            stage.say(f"{head}  not planned: counts as load")


def _card(assessed: Assessed) -> str:
    return f"{score_sheet(assessed.activity, assessed.stored.judgement, KILOMETRES)}\n"


def say_sent(stage: DemoStage, report: SyncReport) -> None:
    """What changed in the plan and on the watch."""
    for change in report.changes:
        stage.say(f"    plan  {change_text(change)}")
    for verb in dict.fromkeys(map(verb_of, report.actions)):
        about = [_about(action) for action in report.actions if verb_of(action) == verb]
        more = f" and {len(about) - 2} more" if len(about) > 2 else ""
        stage.say(f"    watch: {verb} {', '.join(about[:2])}{more}")
    for action in report.actions:
        stage.note(f"{action_text(action)}")
    for problem in report.problems:
        stage.say(f"    problem: {problem_text(problem)}")


def _about(action: Action) -> str:
    day = day_of(action)
    when = day_name(day) if day else "library"
    return when if verb_of(action) == "remove" else f"{when} {title_of(action)}"


def _read_summary(arrived: Iterable[Arrived]) -> str:
    files = list(arrived)
    counts = {outcome: sum(file.outcome is outcome for file in files) for outcome in PayloadOutcome}
    outcomes = ", ".join(f"{count} {outcome.value}" for outcome, count in counts.items() if count)
    number = f"{len(files)} file{'' if len(files) == 1 else 's'}"
    return f"{number}: {outcomes}\n{arrived_text(files, KILOMETRES)}"


def _history_line(world: World, now: datetime) -> str:
    today = world.today(now)
    runs = world.store.activities.runs_between(today - timedelta(weeks=4), today)
    if not runs:
        return "No run in the four weeks before: the plan starts small."
    total, longest = sum(run.distance_m for run in runs), max(run.distance_m for run in runs)
    return (
        f"The four weeks before {day_name(today).strip()} {today.year}: {len(runs)} runs, "
        f"{KILOMETRES.distance(total / 4)} a week, longest {KILOMETRES.distance(longest)}."
    )


def close(stage: DemoStage, world: World, now: datetime) -> None:
    """The status at the end, and the numbers of the whole demo."""
    stage.page = render(story_of(world, Reader(), now))
    today = world.today(now)
    stage.say()
    sink = Sink(world.sink.name, world.sink.capabilities.consumes)
    stage.say(str(status_sheet(world.store, sink, SyncStatus(), now.astimezone(world.zone), KILOMETRES)))
    stage.say()
    scores = world.store.scores.between(today - timedelta(days=20_000), today)
    scored = [stored.score for stored in scores if stored.score is not None]
    changes = world.store.changes.newest(1000)
    mean = f", {sum(scored) / len(scored):.0f} on average" if scored else ""
    stage.say(
        f"{world.store.activities.count_runs()} runs, {len(scored)} scored{mean}; "
        f"{len(changes)} change{'' if len(changes) == 1 else 's'} to the plan, each with its reason."
    )


def _morning_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), MORNING, tzinfo=UTC)
