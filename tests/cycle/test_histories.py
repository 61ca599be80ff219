"""The same runs in another order end in the same plan: late uploads, and what came in by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from syncd.cycle.withdrawing import withdraw
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionState
from syncd.domain.workout import Workout
from tests.support.scene import MONDAY, Scene
from tests.support.sweep import FULL

DAYS = 16
BEYOND = 2  # days: what is nearer never gets harder
LATE = (0, 0, 1, 2, 4, 6)
ON_ANOTHER_DAY = {4, 7}  # there A7, which acts once in four weeks, is decided on another day: decision 10
SEEDS = tuple(sorted(set(range(30)) - ON_ANOTHER_DAY)) if FULL else (1, 6)
DAYS_OF_MISTAKES = (5, 11, 12) if FULL else (5,)  # no hard session follows within 36 hours


@dataclass(frozen=True)
class Ran:
    """What was run on a day, and when."""

    workout: Workout | str
    hour: int = 17


def plan_of(scene: Scene) -> dict[str, Session]:
    ahead = scene.sessions(DAYS + BEYOND, DAYS + 20)
    return {session.session.id: session.session for session in ahead if session.state is SessionState.DUE}


def what_became(scene: Scene) -> dict[str, SessionState]:
    return {session.session.id: session.state for session in scene.sessions(0, DAYS - 2)}


def lived_in_time(scene: Scene, random: Random) -> dict[int, Ran]:
    """A runner who mostly does what is planned, uploads at once, and syncs each evening."""
    ran: dict[int, Ran] = {}
    scene.sync(0, hour=6)
    for day in range(DAYS):
        due = [session for session in scene.sessions(day, day) if session.state is SessionState.DUE]
        luck = random.random()
        if due and luck > 0.12:
            ran[day] = Ran(due[0].resolved if luck < 0.85 else "5km @5:50-6:40/km")
        elif not due and luck < 0.08:
            ran[day] = Ran("5km @6:00-6:40/km")
        if day in ran:
            scene.record(day, ran[day].workout, hour=ran[day].hour)
        scene.sync(day)
    quiet(scene)
    return ran


def lived_late(scene: Scene, ran: Mapping[int, Ran], known_on: Mapping[int, int]) -> None:
    scene.sync(0, hour=6)
    for day in range(DAYS):
        for when in [when for when in ran if known_on[when] == day]:
            scene.record(when, ran[when].workout, hour=ran[when].hour)
        scene.sync(day)
    quiet(scene)


def quiet(scene: Scene) -> None:
    """One sync takes what is left, the next has nothing to do."""
    scene.sync(DAYS, hour=7)
    assert scene.sync(DAYS, hour=8).changes == ()


def scene_in(folder: Path, name: str) -> Scene:
    (folder / name).mkdir()
    return Scene(folder / name)


@pytest.mark.parametrize("seed", SEEDS)
def test_late_uploads_end_in_the_plan_of_those_in_time(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    in_time, late = scene_in(tmp_path, "in_time"), scene_in(tmp_path, "late")
    ran = lived_in_time(in_time, random)
    lived_late(late, ran, {day: min(day + random.choice(LATE), DAYS - 1) for day in ran})
    assert plan_of(late) == plan_of(in_time)
    assert what_became(late) == what_became(in_time)


@pytest.mark.parametrize("day", DAYS_OF_MISTAKES)
def test_a_run_and_its_deletion_leave_no_trace_but_the_log(tmp_path: Path, day: int) -> None:
    untouched, mistaken = scene_in(tmp_path, "untouched"), scene_in(tmp_path, "mistaken")
    ran = lived_in_time(scene_in(tmp_path, "model"), Random(day))
    ran.pop(day, None)
    lived_late(untouched, ran, {when: when for when in ran})
    mistaken.sync(0, hour=6)
    for today in range(DAYS):
        if today in ran:
            mistaken.record(today, ran[today].workout, hour=ran[today].hour)
        if today == day:
            mistaken.record(today, "16km @6:00-6:50/km", hour=12)
        mistaken.sync(today)
        if today == day:
            deleted(mistaken, day)
            mistaken.sync(today, hour=21)
    quiet(mistaken)
    assert plan_of(mistaken) == plan_of(untouched)
    assert what_became(mistaken) == what_became(untouched)


def deleted(scene: Scene, day: int) -> None:
    """The service says that the long run of noon never was."""
    when, now = MONDAY + timedelta(days=day), scene.at(day, 21)
    with scene.world(now) as world:
        runs = world.store.activities.summaries(when, when)
        (run,) = [run for run in runs if (run.distance_m or 0.0) > 15_000]
        withdraw(world, run.id, Reason(WithdrawalCause.DELETED), now)
