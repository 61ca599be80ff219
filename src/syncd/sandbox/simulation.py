"""A run, second by second: legs and a runner become what a watch records."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from math import cos, exp, inf, isnan, nan, pi, sin, sqrt
from random import Random

from syncd.domain.activity import RUNNING, Lap, LapTrigger, Samples
from syncd.domain.training.zones import resolve_workout
from syncd.domain.workout import Workout
from syncd.sandbox.recording import TimerStop, Track, WatchRecording
from syncd.sandbox.runner import Runner, rpe_of_effort
from syncd.sandbox.scenario import UNPROMPTED, Leg, Legs, Scenario, legs_of

_AUTO_LAP_M = 1000.0  # the default of watches
_NOISE_MEMORY = 0.85  # of the speed noise from one second to the next (measured)
_SPEED_LAG_S = 2.0  # our default: a change of pace takes a few steps
_HEART_UP_S, _HEART_DOWN_S = 30.0, 45.0  # first-order lag of the heart rate
_DRIFT_AFTER_S, _DRIFT_PER_HOUR = 600.0, 0.06  # of the reserve: slow rise at constant pace
_HEART_NOISE_BPM = 0.6
_TREADMILL_ERROR = (0.03, 0.08)  # a foot pod out of tune, either way; our default

# Roads: two waves, 7 m of climb per kilometre. A hike has hills ten times as high.
_HILLS = ((4.0, 2300.0, 0.0), (1.0, 610.0, 1.0))  # half height m, length m, phase
_SEA_LEVEL_M, _HIKE_HEIGHT = 60.0, 10.0

# A figure of eight, two circles of 1.5 km, on open water where no road is.
_CIRCLE_M, _LATITUDE_DEG, _LONGITUDE_DEG = 1500.0, 0.5, -1.5
_METRES_PER_DEGREE = 111_195.0  # of a great circle; at the equator also of longitude


def simulate(workout: Workout, runner: Runner, scenario: Scenario, *, seed: int) -> WatchRecording:
    """The recording of one run; equal arguments give an equal recording.

    A workout with zones is run, and embedded, at the paces of the runner's true fitness.
    Raises FitnessError when that fitness has no paces.
    """
    rng = Random(f"{scenario}:{seed}")
    resolved = resolve_workout(workout, runner.zones)
    legs = legs_of(resolved, runner, scenario, rng)
    tape = _Tape(runner, rng, scenario)
    for leg in legs:
        tape.run(leg)
    recording = tape.recording()
    rpe, feel = _felt(legs, runner, scenario)
    return replace(
        recording,
        workout=None if scenario in UNPROMPTED else resolved,
        sport="hiking" if scenario is Scenario.WALK else RUNNING,
        sub_sport="treadmill" if scenario is Scenario.TREADMILL else "generic",
        rpe=rpe,
        feel=feel,
    )


_STRIDE_S = 30.0  # our default: shorter legs are strides


def _felt(legs: Legs, runner: Runner, scenario: Scenario) -> tuple[int, int]:
    """RPE 1 to 10 of the hardest leg, and feel 0 to 100; a bad day raises one and lowers
    the other.

    Strides do not change how a run felt.
    """
    extra, feel = {
        Scenario.TIRED: (2, 25),
        Scenario.FADING: (1, 25),
        Scenario.STOPPED_EARLY: (1, 25),
        Scenario.TOO_FAST: (0, 50),
    }.get(scenario, (0, 75))
    felt = [leg for leg in legs if leg.estimated_s >= _STRIDE_S] or list(legs)
    hardest = max(rpe_of_effort(runner.effort(leg.speed_mps * leg.strain), leg.estimated_s) for leg in felt)
    return min(max(round(hardest) + extra, 1), 10), feel


@dataclass(slots=True)
class _OpenLap:
    """Clocks at the start of the lap that is being run."""

    start_s: float
    timer_s: float
    distance_m: float
    first_sample: int


@dataclass(slots=True)
class _Columns:
    elapsed_s: array[float] = field(default_factory=lambda: array("d"))
    timer_s: array[float] = field(default_factory=lambda: array("d"))
    distance_m: array[float] = field(default_factory=lambda: array("d"))
    speed_mps: array[float] = field(default_factory=lambda: array("f"))
    heart_rate_bpm: array[float] = field(default_factory=lambda: array("f"))
    altitude_m: array[float] = field(default_factory=lambda: array("f"))
    cadence_spm: array[float] = field(default_factory=lambda: array("f"))
    latitude_deg: array[float] = field(default_factory=lambda: array("d"))
    longitude_deg: array[float] = field(default_factory=lambda: array("d"))


class _Tape:
    """The clocks of one run: advances from event to event, writes a sample each whole second."""

    def __init__(self, runner: Runner, rng: Random, scenario: Scenario) -> None:
        self._runner, self._rng, self._scenario = runner, rng, scenario
        self._auto_lap_m = _AUTO_LAP_M if scenario in {Scenario.AUTO_LAP, *UNPROMPTED} else inf
        self._measured_share = 1.0
        if scenario is Scenario.TREADMILL:
            self._measured_share += rng.choice((-1, 1)) * rng.uniform(*_TREADMILL_ERROR)
        self._columns = _Columns()
        self._laps: list[Lap] = []
        self._stops: list[TimerStop] = []
        self._elapsed_s = self._timer_s = self._covered_m = self._measured_m = 0.0
        self._second = 0
        self._pace_mps = self._felt_mps = self._speed_mps = 0.0  # intended, as it feels, as it is run
        self._noise = 0.0
        self._stopped_s = 0.0
        self._heart_bpm = runner.heart_rate(0.25)  # standing at the start, a little excited
        self._gain = 1 - exp(-1 / _SPEED_LAG_S)
        self._record()

    def run(self, leg: Leg) -> None:
        """Run a leg to its end: one lap, or several when auto-laps split it."""
        lap = self._open_lap()
        begun_s, begun_m = self._timer_s, self._measured_m
        waiting = leg.pause
        timed = leg.duration.seconds is not None
        while True:
            done = self._timer_s - begun_s if timed else self._measured_m - begun_m
            if waiting is not None and done >= waiting.share * leg.duration.amount:
                self._wait(waiting.seconds, timer_stops=waiting.timer_stops)
                waiting = None
            left = leg.duration.amount - done
            if left <= 1e-6:
                break
            lap_left_m = lap.distance_m + self._auto_lap_m - self._measured_m
            if lap_left_m <= 1e-6:
                self._close_lap(lap, LapTrigger.DISTANCE, leg.step_index)
                lap = self._open_lap()
                continue
            self._advance(left if timed else inf, min(lap_left_m, inf if timed else left))
            if self._elapsed_s >= self._second:
                slowed = done >= leg.slowing_from * leg.duration.amount
                self._tick(leg.speed_mps * (leg.slowing if slowed else 1.0), leg.speed_mps * leg.strain)
        self._close_lap(lap, leg.trigger, leg.step_index)

    def _advance(self, most_s: float, most_m: float) -> None:
        """To the next whole second, or as far as the leg or the lap reaches."""
        speed = self._speed_mps * self._measured_share
        until_m = most_m / speed if speed > 0 else inf
        step = min(self._second - self._elapsed_s, most_s, until_m)
        whole = step >= self._second - self._elapsed_s
        self._elapsed_s = float(self._second) if whole else self._elapsed_s + step
        self._timer_s += step
        self._covered_m += self._speed_mps * step
        self._measured_m += speed * step

    def _tick(self, intended_mps: float, felt_mps: float) -> None:
        """A whole second has passed: record it, and choose the speed of the next."""
        if self._stopped_s > 0:
            self._stopped_s -= 1
            intended_mps = felt_mps = 0.0
        self._pace_mps += (intended_mps - self._pace_mps) * self._gain
        self._felt_mps += (felt_mps - self._felt_mps) * self._gain
        spread = self._runner.unsteadiness * sqrt(1 - _NOISE_MEMORY**2)
        self._noise = _NOISE_MEMORY * self._noise + self._rng.gauss(0.0, spread)
        self._speed_mps = max(self._pace_mps * (1 + self._noise), 0.0)
        self._update_heart()
        self._record()

    def _update_heart(self) -> None:
        """The heart rate follows the effort with a lag, faster up than down, and drifts upward."""
        runner = self._runner
        drift = 1 + _DRIFT_PER_HOUR * max(self._timer_s - _DRIFT_AFTER_S, 0.0) / 3600
        goal = min(runner.heart_rate(runner.effort(self._felt_mps) * drift), runner.hr_max_bpm)
        lag = _HEART_UP_S if goal > self._heart_bpm else _HEART_DOWN_S
        self._heart_bpm += (goal - self._heart_bpm) / lag

    def _wait(self, seconds: float, *, timer_stops: bool) -> None:
        """Stand still. With the timer stopped the watch records nothing until it resumes."""
        if not timer_stops:
            self._stopped_s = seconds
            return
        self._pace_mps = self._felt_mps = self._speed_mps = self._noise = 0.0
        for _ in range(round(seconds)):
            self._update_heart()
        start = self._elapsed_s
        self._elapsed_s += seconds
        self._stops.append(TimerStop(round(start, 3), round(self._elapsed_s, 3)))
        self._second = int(self._elapsed_s) + 1

    def _record(self) -> None:
        """A sample, quantised as a watch stores it; then wait for the next second."""
        columns, rng = self._columns, self._rng
        columns.elapsed_s.append(float(self._second))
        columns.timer_s.append(round(self._timer_s, 3))
        columns.distance_m.append(round(self._measured_m, 2))
        columns.speed_mps.append(round(self._speed_mps * self._measured_share, 3))
        heart = min(round(self._heart_bpm + rng.gauss(0.0, _HEART_NOISE_BPM)), self._runner.hr_max_bpm)
        columns.heart_rate_bpm.append(nan if self._scenario is Scenario.NO_HR else heart)
        columns.altitude_m.append(round(self._altitude_m() * 5) / 5)
        steps = 138 + 9.5 * self._speed_mps + rng.gauss(0.0, 1.0)  # 160 easy, 178 fast; our default
        columns.cadence_spm.append(round(steps) if self._speed_mps > 0.5 else 0)
        if self._scenario is not Scenario.TREADMILL:
            latitude, longitude = _position(self._covered_m)
            columns.latitude_deg.append(latitude)
            columns.longitude_deg.append(longitude)
        self._second += 1

    def _altitude_m(self) -> float:
        if self._scenario is Scenario.TREADMILL:
            return _SEA_LEVEL_M
        height = _HIKE_HEIGHT if self._scenario is Scenario.WALK else 1.0
        waves = (half * sin(2 * pi * self._covered_m / length + phase) for half, length, phase in _HILLS)
        return _SEA_LEVEL_M + height * sum(waves)

    def _open_lap(self) -> _OpenLap:
        return _OpenLap(self._elapsed_s, self._timer_s, self._measured_m, len(self._columns.elapsed_s) - 1)

    def _close_lap(self, lap: _OpenLap, trigger: LapTrigger, step_index: int | None) -> None:
        beats = [bpm for bpm in self._columns.heart_rate_bpm[lap.first_sample :] if not isnan(bpm)]
        self._laps.append(
            Lap(
                start_s=round(lap.start_s, 3),
                end_s=round(self._elapsed_s, 3),
                timer_s=round(self._timer_s - lap.timer_s, 3),
                distance_m=round(self._measured_m - lap.distance_m, 2),
                trigger=trigger,
                step_index=step_index,
                avg_hr_bpm=round(sum(beats) / len(beats)) if beats else None,
                max_hr_bpm=int(max(beats)) if beats else None,
            )
        )

    def recording(self) -> WatchRecording:
        """Everything recorded up to here."""
        columns = self._columns
        return WatchRecording(
            samples=Samples(
                elapsed_s=columns.elapsed_s,
                timer_s=columns.timer_s,
                distance_m=columns.distance_m,
                speed_mps=columns.speed_mps,
                heart_rate_bpm=columns.heart_rate_bpm,
                altitude_m=columns.altitude_m,
                cadence_spm=columns.cadence_spm,
            ),
            laps=tuple(self._laps),
            elapsed_s=round(self._elapsed_s, 3),
            timer_s=round(self._timer_s, 3),
            distance_m=round(self._measured_m, 2),
            stops=tuple(self._stops),
            track=Track(columns.latitude_deg, columns.longitude_deg),
        )


def _position(covered_m: float) -> tuple[float, float]:
    """Latitude and longitude in degrees after `covered_m` of the figure of eight."""
    lap, along = divmod(covered_m, _CIRCLE_M)
    side = 1 if int(lap) % 2 == 0 else -1
    angle = 2 * pi * along / _CIRCLE_M
    radius_deg = _CIRCLE_M / (2 * pi) / _METRES_PER_DEGREE
    north = side * radius_deg * (1 - cos(angle))
    return _LATITUDE_DEG + north, _LONGITUDE_DEG + radius_deg * sin(angle)
