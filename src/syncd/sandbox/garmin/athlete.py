"""A runner with a watch on the stand-in: mostly runs what the calendar shows, and sometimes changes it.

Knows only what a watch knows: the workouts that the service stores, decoded from its own JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from random import Random
from typing import Any

from syncd.connectors.garmin.reading import decode
from syncd.domain.workout import Role, Step, Workout, WorkoutError, executed
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.activity import listed_run, listed_weather
from syncd.sandbox.recording import WatchRecording
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.season import Day, runner_on, scenario_of_day, spontaneous_run
from syncd.sandbox.simulation import simulate

_MORNING, _RUN = time(6, 45), time(18, 0)
_SLOT = re.compile(r"\[w\d{2}-(\d{1,2})\]\s*$")
_ALL_OUT = re.compile(r"\b(test|race)\b", re.IGNORECASE)
_HAND = 1 / 12  # of the days the runner changes something on the calendar; our default
_FAR_DAYS = 5


@dataclass(frozen=True, slots=True)
class Lived:
    """How a day went. `name` is that of the workout that was run, "" for a run without one."""

    day: date
    scenario: Scenario | None
    name: str = ""
    activity_id: int | None = None


@dataclass(slots=True)
class AthleteOnService:
    """Lives one day after the other, from `first` (a Monday) on. Days depend on the seed alone.

    `with_files` False: the service has no recordings of the runs, only its own data.
    `passed_on` receives each run (with its start and name), as another service does that follows.
    """

    account: StandInGarminAccount
    runner: Runner
    first: date
    zone: tzinfo
    seed: int = 7
    with_files: bool = True
    passed_on: Callable[[WatchRecording, datetime, str], object] = lambda _, __, ___: None

    def morning(self, day: date) -> None:
        """The watch syncs: it now has what the calendar shows."""
        self.account.sync_watch(self._at(day, _MORNING))

    def run(self, day: date) -> Lived:
        """The run of the day, uploaded when it is over; a rest day has none."""
        index = (day - self.first).days
        planned = next(iter(self._planned(day)), None)
        scenario = scenario_of_day(_seen(planned[1], self.runner) if planned else None, index, self.seed)
        name = planned[1].name if planned else ""
        if scenario is None:
            return Lived(day, None, name)
        workout = planned[1] if planned else spontaneous_run(index, self.seed)
        number = planned[0] if planned and scenario is not Scenario.IGNORED else None
        recording = simulate(workout, runner_on(self.runner, index), scenario, seed=self.seed * 1000 + index)
        start = self._at(day, _RUN)
        activity_id = self.account.new_id()
        run = listed_run(recording, activity_id, start, name or "Evening run", workout_id=number)
        offset = start.utcoffset() or timedelta(0)
        fit = write_activity(recording, start=start, utc_offset=offset) if self.with_files else None
        weather = {"weather": listed_weather(activity_id, *_weather(day))}
        self.account.add_activity(run.row, run.detail, fit, {**run.parts, **weather})
        self.account.sync_watch(start + timedelta(seconds=recording.elapsed_s + 60))
        self.passed_on(recording, start, name or "Evening run")
        return Lived(day, scenario, name, activity_id)

    def change_of_mind(self, day: date) -> str:
        """Rarely, move an entry of the days ahead by a day, or delete it; what was done, "" for nothing."""
        rng = Random(f"hand:{self.seed}:{day}")
        if rng.random() >= _HAND:
            return ""
        ahead = [
            entry
            for entry in self.account.schedules.values()
            if day < date.fromisoformat(entry["date"]) <= day + timedelta(days=_FAR_DAYS)
            and self._is_session(entry)
        ]
        if not ahead:
            return ""
        entry = rng.choice(sorted(ahead, key=lambda entry: int(entry["id"])))
        number = str(entry["id"])
        to = date.fromisoformat(entry["date"]) + timedelta(days=1)
        if rng.random() < 0.5 or any(
            other["date"] == to.isoformat() for other in self.account.schedules.values()
        ):
            self.account.unschedule(number)
            return f"takes the workout of {entry['date']} off the calendar"
        before = entry["date"]
        self.account.reschedule(number, to.isoformat())
        return f"moves the workout of {before} to {to}"

    def _is_session(self, entry: dict[str, Any]) -> bool:
        workout = self.account.workouts.get(str(entry["workoutId"]))
        return workout is not None and _SLOT.search(workout["workoutName"]) is not None

    def _planned(self, day: date) -> Iterator[tuple[int, Workout]]:
        """The plan's workouts on that day as the watch gets them, oldest entry first."""
        for entry in sorted(self.account.schedules.values(), key=lambda entry: int(entry["id"])):
            if entry["date"] == day.isoformat() and self._is_session(entry):
                try:
                    yield (
                        int(entry["workoutId"]),
                        decode(self.account.workout(str(entry["workoutId"]))).workout,
                    )
                except WorkoutError:
                    continue

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone)


def _seen(workout: Workout, runner: Runner) -> Day:
    """How a runner sees a workout on the watch."""
    match = _SLOT.search(workout.name)
    steps = [executed_step.step for executed_step in executed(workout)]
    hard = any(_is_hard(step, runner) for step in steps)
    all_out = _ALL_OUT.search(workout.name) is not None
    return Day(slot=int(match[1]) if match else 1, hard=hard, easy=not hard, all_out=all_out)


def _is_hard(step: Step, runner: Runner) -> bool:
    return step.role is Role.RUN and runner.is_hard(runner.speed_for(step))


def _weather(day: date) -> tuple[int, int]:
    """A mild climate, in Fahrenheit: temperature and dew point by the season."""
    warmth = 1 - abs((day - date(day.year, 7, 15)).days) / 196
    temperature = round(38 + 40 * warmth)
    return temperature, temperature - 12


def furnished(account: StandInGarminAccount, first: date) -> None:
    """Entries that syncd must not touch: the athlete's own workout, a coach's, an event."""
    own = account.create_workout(_own_workout())
    number = str(own["workoutId"])
    for week in range(8):
        account.schedule(number, (first + timedelta(days=7 * week + 2)).isoformat())
    coach = account.schedule(number, (first + timedelta(days=10)).isoformat())
    account.schedules[str(coach["workoutScheduleId"])]["protected"] = True
    day = (first + timedelta(days=40)).isoformat()
    account.others.append({"id": None, "itemType": "event", "date": day, "title": "Parkrun"})


def _own_workout() -> dict[str, object]:
    sport = {"sportTypeId": 1, "sportTypeKey": "running"}
    step = {
        "type": "ExecutableStepDTO",
        "stepOrder": 1,
        "stepType": {"stepTypeId": 3, "stepTypeKey": "interval"},
        "endCondition": {"conditionTypeId": 2, "conditionTypeKey": "time"},
        "endConditionValue": 1200,
        "targetType": {"workoutTargetTypeId": 1, "workoutTargetTypeKey": "no.target"},
    }
    return {
        "workoutName": "Mobility and drills",
        "description": "my own",
        "sportType": sport,
        "workoutSegments": [{"segmentOrder": 1, "sportType": sport, "workoutSteps": [step]}],
    }
