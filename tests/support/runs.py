"""Synthetic 1 Hz runs: what a watch would record of a run whose truth is known.

Speed is the intended one times 1 + e, with e an AR(1) process: 3.6 % and rho .85 give the
spread that two real devices show over 30 s and more. Distance is the sum of that speed, so
the device agrees with itself.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import inf, sqrt
from random import Random

from syncd.domain.activity import Activity, Lap, LapTrigger, Samples
from syncd.domain.workout import Workout

START = datetime(2026, 3, 12, 17, 30, tzinfo=UTC)
NOISE, RHO = 0.036, 0.85


@dataclass(frozen=True)
class Leg:
    """A stretch at one intended pace (s/km), for `seconds` or `metres`; `index` as the watch numbers it.

    `stop_s` is spent standing half-way (where the timer runs on, no longer than a timed leg has
    left). `trigger` None: as a watch ends such a step.
    """

    pace: float
    seconds: float | None = None
    metres: float | None = None
    index: int | None = None
    stop_s: int = 0
    timer_stops: bool = False
    trigger: LapTrigger | None = None
    grade: float = 0.0

    @property
    def ends_by(self) -> LapTrigger:
        if self.trigger is not None:
            return self.trigger
        if self.index is None:
            return LapTrigger.MANUAL
        return LapTrigger.TIME if self.seconds is not None else LapTrigger.DISTANCE


@dataclass
class _Watch:
    rng: Random
    noise: float
    auto_lap_m: float | None
    bpm: float | None
    now: int = 0
    timer: int = 0
    metres: float = 0.0
    error: float = 0.0
    altitude: float = 100.0
    grade: float = 0.0
    rows: list[tuple[float, ...]] = field(default_factory=list)
    laps: list[Lap] = field(default_factory=list)
    begun: tuple[float, float, float] = (0.0, 0.0, 0.0)  # of the lap: elapsed, timer, metres

    def run(self, leg: Leg) -> None:
        """The leg to its end, which lies between two samples, as on a watch."""
        _, began_s, began_m = self.begun
        self.grade = leg.grade
        stops, half = leg.stop_s, (leg.seconds or leg.metres * leg.pace / 1000) / 2
        while True:
            if stops and self.timer - began_s >= half:
                timed = leg.seconds is not None and not leg.timer_stops
                left = leg.seconds - (self.timer - began_s) if timed else inf
                self._stand(int(min(stops, left)), timer_stops=leg.timer_stops)
                stops = 0
            self.error = RHO * self.error + self.rng.gauss(0, self.noise * sqrt(1 - RHO * RHO))
            speed = 1000 / leg.pace * (1 + self.error)
            self._tick(speed)
            over_s = self.timer - began_s - (leg.seconds or inf)
            if leg.metres is not None:
                over_s = (self.metres - began_m - leg.metres) / speed
            if over_s >= 0:
                return self._end_lap(leg.ends_by, leg.index, over_s, speed)
            over_m = self.metres - self.begun[2] - (self.auto_lap_m or inf)
            if over_m >= 0:
                self._end_lap(LapTrigger.DISTANCE, leg.index, over_m / speed, speed)

    def _stand(self, seconds: int, *, timer_stops: bool) -> None:
        if timer_stops:
            self.now += seconds
            return
        for _ in range(seconds):
            self._tick(0.0)

    def _tick(self, speed: float) -> None:
        self.now, self.timer, self.metres = self.now + 1, self.timer + 1, self.metres + speed
        bpm = float("nan") if self.bpm is None else self.bpm + self.rng.gauss(0, 1.5)
        self.altitude += speed * self.grade
        self.rows.append((self.now, self.timer, self.metres, speed, bpm, self.altitude))

    def _end_lap(self, trigger: LapTrigger, index: int | None, over_s: float, speed: float) -> None:
        end = (self.now - over_s, self.timer - over_s, self.metres - over_s * speed)
        start = self.begun
        self.laps.append(
            Lap(
                start_s=start[0],
                end_s=end[0],
                timer_s=end[1] - start[1],
                distance_m=end[2] - start[2],
                trigger=trigger,
                step_index=index,
                avg_hr_bpm=None if self.bpm is None else round(self.bpm),
            )
        )
        self.begun = end


def recorded(
    legs: Sequence[Leg],
    *,
    seed: int = 1,
    noise: float = NOISE,
    auto_lap_m: float | None = None,
    bpm: float | None = None,
    workout: Workout | None = None,
    **of_activity: object,
) -> Activity:
    """The recording of a run of `legs`; the last lap ends with the session."""
    watch = _Watch(Random(seed), noise, auto_lap_m, bpm)
    for leg in legs:
        watch.run(leg)
    watch.laps[-1] = replace(watch.laps[-1], trigger=_last_trigger(watch.laps[-1]))
    columns = list(zip(*watch.rows, strict=True))
    samples = Samples(
        elapsed_s=array("d", columns[0]),
        timer_s=array("d", columns[1]),
        distance_m=array("d", columns[2]),
        speed_mps=array("f", columns[3]),
        heart_rate_bpm=array("f", columns[4]),
        altitude_m=array("f", columns[5]),
        cadence_spm=array("f", [170.0] * len(watch.rows)),
    )
    activity = Activity(
        start=START,
        sport="running",
        utc_offset=timedelta(hours=1),
        timer_s=float(watch.timer),
        elapsed_s=float(watch.now),
        distance_m=watch.metres,
        laps=tuple(watch.laps),
        samples=samples,
        workout=workout,
        workout_name=workout.name if workout else "",
        avg_hr_bpm=None if bpm is None else round(bpm),
        has_position=True,
    )
    return replace(activity, **of_activity)


def _last_trigger(lap: Lap) -> LapTrigger:
    finished = lap.step_index is not None and lap.trigger is not LapTrigger.MANUAL
    return lap.trigger if finished else LapTrigger.SESSION_END


def without_samples(activity: Activity) -> Activity:
    """Only the lap summary, as some services give it."""
    return replace(activity, samples=Samples())


def without_heart_rate(activity: Activity) -> Activity:
    silent = array("f", [float("nan")] * len(activity.samples))
    return replace(
        activity,
        samples=replace(activity.samples, heart_rate_bpm=silent),
        laps=tuple(replace(lap, avg_hr_bpm=None) for lap in activity.laps),
        avg_hr_bpm=None,
    )


def shifted(activity: Activity, seconds: float) -> Activity:
    """The same run, its elapsed clock `seconds` later: a recording that began before the run."""
    clock = array("d", [moment + seconds for moment in activity.samples.elapsed_s])
    return replace(
        activity,
        samples=replace(activity.samples, elapsed_s=clock),
        laps=tuple(
            replace(lap, start_s=lap.start_s + seconds, end_s=lap.end_s + seconds) for lap in activity.laps
        ),
        elapsed_s=activity.elapsed_s + seconds,
    )


def split(activity: Activity, place: int, share: float) -> Activity:
    """Lap number `place` recorded as two, as an auto-lap does."""
    lap = activity.laps[place]
    middle = lap.start_s + share * (lap.end_s - lap.start_s)
    first = replace(
        lap,
        end_s=middle,
        timer_s=lap.timer_s * share,
        distance_m=lap.distance_m * share if lap.distance_m is not None else None,
        trigger=LapTrigger.DISTANCE,
    )
    second = replace(
        lap,
        start_s=middle,
        timer_s=lap.timer_s - first.timer_s,
        distance_m=lap.distance_m - first.distance_m if lap.distance_m is not None else None,
    )
    return replace(activity, laps=(*activity.laps[:place], first, second, *activity.laps[place + 1 :]))
