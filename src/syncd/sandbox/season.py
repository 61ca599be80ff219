"""The habits of a simulated athlete: what really happens on each day of the plan.

Every answer depends on its arguments alone. Seasons of six weeks follow one another; each has
one bad week and one missed session.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from syncd.domain.workout import PaceZone, Role, Step, Workout, ZoneTarget, lasting
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario

SEASON_WEEKS = 6

# Habits of a believable amateur, in shares of the days; our defaults.
_ORDINARY: Mapping[Scenario, float] = {
    Scenario.UNEVEN: 0.50,
    Scenario.PERFECT: 0.15,
    Scenario.AUTO_LAP: 0.20,
    Scenario.LIGHTS: 0.10,
    Scenario.LIGHTS_RUNNING: 0.05,
}
_EASY_TOO_FAST = 0.15
_EXTRA_RUN = 1 / 14  # of the rest days: about one in a season of four runs a week
_EXTRA_MINUTES = (25, 30, 35)

# Fitness rises by 0.15 VDOT a week at first, and ever slower: at most 4 in all. About one level
# in six weeks is the rate at which Daniels lets paces be raised.
_GAIN_PER_WEEK, _GAIN_AT_MOST = 0.15, 4.0
_BEST_VDOT = 85.0


@dataclass(frozen=True, slots=True)
class _Story:
    """What happens once in a season: weeks from 0, the slot of a session in its week from 1."""

    bad_week: int
    missed_week: int
    missed_slot: int


@dataclass(frozen=True, slots=True)
class Day:
    """What a runner knows of a planned session: its slot in the week (from 1), and how it feels."""

    slot: int
    hard: bool = False
    easy: bool = False
    all_out: bool = False


def scenario_of_day(day: Day | None, day_index: int, seed: int) -> Scenario | None:
    """How a planned session goes (None: a rest day), as the watch shows it; None means no run.

    `day_index` counts the days from a Monday. Quality sessions fade in one week of each season,
    one session is missed; a test or race is run all out; on a few rest days there is an unplanned
    run: record `spontaneous_run` as `Scenario.IGNORED`.
    """
    rng = Random(f"day:{seed}:{day_index}")
    if day is None:
        return Scenario.IGNORED if rng.random() < _EXTRA_RUN else None
    if day.all_out:
        return Scenario.ALL_OUT
    season, week = divmod(day_index // 7, SEASON_WEEKS)
    story = _story(season, seed)
    if week == story.missed_week and day.slot == story.missed_slot:
        return None
    if week == story.bad_week and day.hard:
        return Scenario.FADING
    if day.easy and rng.random() < _EASY_TOO_FAST:
        return Scenario.TOO_FAST
    return rng.choices(list(_ORDINARY), list(_ORDINARY.values()))[0]


def spontaneous_run(day_index: int, seed: int) -> Workout:
    """The easy run on a rest day."""
    minutes = Random(f"extra:{seed}:{day_index}").choice(_EXTRA_MINUTES)
    return Workout((Step(lasting(minutes * 60), ZoneTarget(PaceZone.EASY), Role.RUN),))


def runner_on(start: Runner, day_index: int) -> Runner:
    """The runner who started as `start`, after `day_index` days of training."""
    weeks = day_index / 7
    gained = _GAIN_AT_MOST * (1 - (1 - _GAIN_PER_WEEK / _GAIN_AT_MOST) ** weeks)
    return replace(start, vdot=min(start.vdot + gained, _BEST_VDOT))


def _story(season: int, seed: int) -> _Story:
    """The bad week is never the first, so that there is a good one to compare with."""
    rng = Random(f"season:{seed}:{season}")
    bad, missed = rng.sample(range(1, SEASON_WEEKS), 2)
    return _Story(bad_week=bad, missed_week=missed, missed_slot=rng.choice((1, 2)))
