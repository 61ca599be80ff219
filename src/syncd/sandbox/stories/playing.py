"""A story played day by day, and its weeks as they were in the end."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from syncd.domain.session import SessionState, WeekKind
from syncd.sandbox.runner import Runner
from syncd.sandbox.stories.catalogue import RunnersStory
from syncd.sandbox.stories.life import MONDAY, ROME, ZONES, RunnersLife
from syncd.sandbox.stories.recorder import StoryWatch
from syncd.store import Store
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession

BEFORE_WEEKS = 6  # as planned, from a summary of 30 km and 13.4 km; four of them are "before"
BEGINS = BEFORE_WEEKS * 7
SHOWN_BEFORE = 2
USUAL_WEEKS = 4
BACK_SHARE = 0.95  # our default: as before, within what a week differs from the next


@dataclass(frozen=True, slots=True)
class LivedWeek:
    """A week as it was in the end. `runs_m`: the distance of each run, in metres.

    `number`: 1 is the week in which the story begins.
    """

    number: int
    start: date
    kind: WeekKind | None
    sessions: tuple[CommittedSession, ...]
    runs_m: tuple[float, ...]
    changes: tuple[Change, ...]

    @property
    def distance_m(self) -> float:
        """Everything that was run."""
        return sum(self.runs_m)

    @property
    def longest_m(self) -> float:
        """The longest run; 0 without one."""
        return max(self.runs_m, default=0.0)


@dataclass(frozen=True, slots=True)
class PlayedStory:
    """All weeks, also those before. `back`: the first week like those of before; None where none came."""

    story: RunnersStory
    before: tuple[LivedWeek, ...]
    weeks: tuple[LivedWeek, ...]
    back: LivedWeek | None

    @property
    def usual_m(self) -> float:
        """The mean of the last weeks before."""
        return _usual_m(self.before)

    @property
    def longest_before_m(self) -> float:
        """The longest run of these weeks."""
        return _longest_m(self.before)


def lived_before(folder: Path) -> StoryWatch:
    """The weeks before every story, lived once; `folder` gets the state. The watch with their runs."""
    folder.mkdir(parents=True)
    watch = StoryWatch(Runner(vdot=ZONES.vdot))
    with Store.open(folder) as store:
        RunnersLife(store, folder / "workouts", watch=watch).live_until(BEGINS)
    return watch


def played(story: RunnersStory, before: Path, watch: StoryWatch, folder: Path) -> PlayedStory:
    """The story, going on from the weeks before. Raises what a word of the athlete raises."""
    shutil.copytree(before, folder)
    with Store.open(folder) as store:
        life = RunnersLife(
            store,
            folder / "workouts",
            next_day=BEGINS,
            misses_each=story.misses_each,
            watch=watch.with_its_runs(),
        )
        earlier = _weeks(store, range(1 - BEFORE_WEEKS, 1))
        back = None
        for number in range(1, story.weeks + 1):
            _live_week(life, story)
            week = _week(store, number)
            if _is_back(week, story, earlier):
                back = week
                break
        return PlayedStory(story, earlier, _weeks(store, range(1, number + 1)), back)


def _live_week(life: RunnersLife, story: RunnersStory) -> None:
    for _ in range(7):
        day = life.next_day - BEGINS
        for said in story.said:
            if said.day == day:
                life.say(said.word)
        life.live(running=day >= story.off)


def _is_back(week: LivedWeek, story: RunnersStory, before: Sequence[LivedWeek]) -> bool:
    return (
        story.until_back
        and 7 * week.number > story.off
        and week.distance_m >= BACK_SHARE * _usual_m(before)
        and week.longest_m >= BACK_SHARE * _longest_m(before)
    )


def _usual_m(before: Sequence[LivedWeek]) -> float:
    return sum(week.distance_m for week in before[-USUAL_WEEKS:]) / USUAL_WEEKS


def _longest_m(before: Sequence[LivedWeek]) -> float:
    return max(week.longest_m for week in before[-USUAL_WEEKS:])


def _weeks(store: Store, numbers: range) -> tuple[LivedWeek, ...]:
    return tuple(_week(store, number) for number in numbers)


def _week(store: Store, number: int) -> LivedWeek:
    start = MONDAY + timedelta(weeks=BEFORE_WEEKS + number - 1)
    last = start + timedelta(days=6)
    known = {week.start: week for week in store.plan.weeks(start)}
    began = datetime.combine(start, time(), tzinfo=ROME)
    return LivedWeek(
        number,
        start,
        known[start].kind if start in known else None,
        tuple(
            session
            for session in store.plan.between(start, last)
            if session.state is not SessionState.DROPPED
        ),
        tuple(run.distance_m for run in store.activities.runs_between(start, last)),
        tuple(change for change in store.changes.since(began) if change.at < began + timedelta(weeks=1)),
    )
