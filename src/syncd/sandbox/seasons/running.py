"""A session as a body runs it: what the watch records, and what it costs.

Outcomes are made at the level of repetitions and not scored from samples: how many are in band follows from
the true fitness of the day against the pace that was planned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring.card import Work
from syncd.domain.session import MEASURED_KINDS, Session, SessionKind
from syncd.domain.training.adaptation import QualityOutcome
from syncd.domain.training.fitness import race_time_s
from syncd.domain.training.ladders import TOP_LEVEL
from syncd.domain.training.rules.situation import DoneRun
from syncd.domain.training.sessions import easy_speed_mps, hard_seconds
from syncd.domain.training.validity import TimedEffort
from syncd.domain.workout import PaceZone, Repeat
from syncd.sandbox.seasons.athletes import START, SimulatedAthlete
from syncd.sandbox.seasons.body import Body
from syncd.sandbox.seasons.chance import Chance
from syncd.sandbox.seasons.habits import felt_more, is_indoors, temperature_c, ways_of
from syncd.sandbox.seasons.injuries import LoadedRun

_DROP_PER_PERCENT = 0.18  # share of the reps lost for each percent that was asked too much
_LEAST_DROPPED = 0.03
_LONGER_BY = 1.33
_UNPLANNED_RACE_M = 10_000.0
_ALL_OUT_RPE, _WARM_C, _SLOWER_PER_DEGREE = 9.0, 20.0, 0.4  # percent of the speed for each degree above
_FASTER_THAN = -6.0  # percent that the pace is too slow by: from there on some run quicker than the band
_QUICK_REPS = 0.6
_UNEVEN = 0.03
_INDOOR_NOISE = 0.04  # of the distance
_SPLITS = 5
_TRUSTED, _BY_HAND = 0.9, 0.5  # the confidence of a score


@dataclass(frozen=True, slots=True)
class Performance:
    """A run: what it was to the body, and what is recorded of it.

    `outcome`: of a quality session; `effort`: of a test or a race.
    """

    load: LoadedRun
    run: DoneRun
    session: Session | None = None
    outcome: QualityOutcome | None = None
    effort: TimedEffort | None = None


class SimulatedRunner:
    """Runs sessions as the athlete does."""

    def __init__(self, athlete: SimulatedAthlete, body: Body, chance: Chance) -> None:
        self._athlete, self._body, self._chance = athlete, body, chance
        self._ways = ways_of(athlete.habit)

    def session(self, session: Session, zones: ZoneSet, asked_m: float, today: date) -> Performance:
        """That session, on that day. `asked_m`: of its test or race."""
        if session.kind in MEASURED_KINDS:
            done = self._all_out(session, asked_m, today)
        elif session.family in TOP_LEVEL:
            done = self._quality(session, zones, today)
        else:
            done = self._easy(session, zones, today)
        return self._indoors(done, today) if is_indoors(self._athlete.habit, self._number(today)) else done

    def race(self, zones: ZoneSet, today: date) -> Performance:
        """A race that nobody planned."""
        seconds = race_time_s(self._body.day_vdot(today), _UNPLANNED_RACE_M)
        run = DoneRun(
            f"race {today}",
            today,
            _UNPLANNED_RACE_M,
            seconds,
            raced=True,
            all_out=True,
            rpe=_ALL_OUT_RPE,
            temperature_c=self._temperature(today),
            work=_work(zones, _UNPLANNED_RACE_M / seconds, seconds),
            held_s=seconds,
        )
        return self._carried(run, seconds, None, effort=self._timed(_UNPLANNED_RACE_M, seconds, today))

    def _easy(self, session: Session, zones: ZoneSet, today: date) -> Performance:
        over, metres = self._ways.easy_faster_by, session.distance_m
        if session.kind is SessionKind.LONG and self._chance.happens(self._ways.long_over, today, "long"):
            metres *= _LONGER_BY
        speed = easy_speed_mps(zones) * (1 + over)
        seconds, hard_s = metres / speed, hard_seconds(session.workout, zones)
        percent = max(self._too_much(zones, today) + over * 100, -2.0)
        run = self._done(session, today, metres, seconds, self._felt(3.0, percent, today))
        run = replace(run, work=_work(zones, speed, seconds))
        return self._carried(run, max(hard_s, seconds * 2 * over), session)

    def _quality(self, session: Session, zones: ZoneSet, today: date) -> Performance:
        reps = sum(step.count for step in session.workout.steps if isinstance(step, Repeat)) or 1
        over = self._too_much(zones, today)
        lost = max(_LEAST_DROPPED, min(1.0, (over - 1.0) * _DROP_PER_PERCENT))
        luck = [self._chance.share(today, f"repetition {number}") for number in range(reps)]
        rpe = self._felt(sum(session.rpe) / 2, over, today)
        warm = self._warmth(today)
        outcome = QualityOutcome(
            session_id=session.id,
            day=today,
            family=session.family,
            level=session.level,
            reps_planned=reps,
            reps_in_band=sum(share >= lost for share in luck),
            rpe=rpe,
            expected_rpe=session.rpe,
            confidence=_TRUSTED,
            score=None,
            excused=warm > 0,
        )
        too_fast = sum(share < _QUICK_REPS for share in luck) if over < _FASTER_THAN else 0
        run = self._done(session, today, session.distance_m, session.duration_s, rpe)
        run = replace(run, reps_planned=reps, reps_too_fast=too_fast)
        return self._carried(run, hard_seconds(session.workout, zones), session, outcome)

    def _all_out(self, session: Session, asked_m: float, today: date) -> Performance:
        seconds = race_time_s(self._body.day_vdot(today), asked_m) * (1 + self._warmth(today) / 100)
        raced = session.kind is SessionKind.RACE
        metres = max(session.distance_m, asked_m)
        longer = max(0.0, session.duration_s - seconds) if metres > asked_m else 0.0
        run = self._done(session, today, metres, seconds + longer, _ALL_OUT_RPE)
        run = replace(run, raced=raced, all_out=raced)
        return self._carried(run, seconds, session, effort=self._timed(asked_m, seconds, today))

    def _timed(self, asked_m: float, seconds: float, today: date) -> TimedEffort:
        splits = tuple(
            seconds / _SPLITS * (1 + _UNEVEN * (2 * self._chance.share(today, f"split {number}") - 1))
            for number in range(_SPLITS)
        )
        per_km = tuple(split * _SPLITS * 1000 / asked_m for split in splits)
        warm = self._temperature(today)
        return TimedEffort(asked_m, asked_m, seconds, per_km, rpe=_ALL_OUT_RPE, temperature_c=warm)

    def _indoors(self, done: Performance, today: date) -> Performance:
        """A belt measures badly, and the pace on it is not judged."""
        wrong = 1 + self._chance.normal(_INDOOR_NOISE, today, "belt")
        run = replace(
            done.run,
            distance_m=done.run.distance_m * wrong,
            work=None,
            held_s=0.0,
            reps_planned=0,
            reps_too_fast=0,
        )
        outcome = None if done.outcome is None else replace(done.outcome, reps_planned=0, reps_in_band=0)
        effort = None if done.effort is None else replace(done.effort, indoors=True)
        return replace(done, run=run, outcome=outcome, effort=effort)

    def _carried(
        self,
        run: DoneRun,
        hard_s: float,
        session: Session | None,
        outcome: QualityOutcome | None = None,
        effort: TimedEffort | None = None,
    ) -> Performance:
        minutes = run.duration_s / 60
        load = LoadedRun(run.day, run.distance_m, minutes, min(minutes, hard_s / 60))
        self._body.load(load.distance_m, load.hard_minutes)
        return Performance(load, run, session, outcome, effort)

    def _done(
        self, session: Session, today: date, metres: float, seconds: float, rpe: float | None
    ) -> DoneRun:
        return DoneRun(
            id=session.id,
            day=today,
            distance_m=metres,
            duration_s=seconds,
            session_id=session.id,
            kind=session.kind,
            rpe=rpe,
            temperature_c=self._temperature(today),
            as_planned=session.hard,
        )

    def _too_much(self, zones: ZoneSet, today: date) -> float:
        """By how many percent the paces ask too much of the day's fitness."""
        return (zones.vdot / self._body.day_vdot(today) - 1) * 100 + self._warmth(today)

    def _felt(self, expected: float, percent_over: float, today: date) -> float | None:
        """The effort, where it is reported."""
        more = felt_more(self._athlete.habit, self._number(today), week_luck(self._chance, today))
        felt = self._body.felt(expected + more, percent_over, today)
        return felt if self._chance.happens(self._ways.rates, today, "rated") else None

    def _warmth(self, today: date) -> float:
        """By how many percent the heat makes everybody slower."""
        return max(0.0, (self._temperature(today) or 0.0) - _WARM_C) * _SLOWER_PER_DEGREE

    def _temperature(self, today: date) -> float | None:
        return temperature_c(self._athlete.habit, self._number(today), self._chance.share(today, "weather"))

    @staticmethod
    def _number(today: date) -> int:
        return (today - START).days


def week_luck(chance: Chance, today: date) -> float:
    """From 0 to 1, the same all week."""
    return chance.share(START, f"week {(today - START).days // 7}")


def by_hand(done: Performance) -> Performance:
    """What is entered without a recording: a distance, a time and an effort."""
    run = replace(done.run, work=None, held_s=0.0, reps_planned=0, reps_too_fast=0, confidence=_BY_HAND)
    return replace(done, run=run, outcome=None, effort=None)


def _work(zones: ZoneSet, speed: float, seconds: float) -> Work:
    """How long it was run at each pace or quicker, at one speed."""
    edges = [zones.bands[PaceZone.EASY].fast_mps]
    work = (PaceZone.MARATHON, PaceZone.HALF_MARATHON, PaceZone.THRESHOLD, PaceZone.FIVE_K)
    edges += [zones.bands[zone].slow_mps for zone in work]
    return Work(*(seconds if speed > edge else 0.0 for edge in edges))
