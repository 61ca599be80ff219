"""A workout as the scorer sees it: every step in the order it is run, with what it is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.effort import StepEffort, effort_of, expected_speed_mps
from syncd.domain.session import EASY_KINDS, SessionKind
from syncd.domain.workout import Duration, DurationUnit, PaceBand, RunStep, Workout, flatten


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """`seconds` is how long the step takes at `expected_mps`, `rep` its number among the work steps."""

    run: RunStep
    effort: StepEffort
    seconds: float
    expected_mps: float
    rep: int | None = None
    is_stride: bool = False

    @property
    def duration(self) -> Duration:
        """What ends it."""
        return self.run.step.duration

    @property
    def band(self) -> PaceBand | None:
        """Its pace target, if it has one."""
        target = self.run.step.target
        return target if isinstance(target, PaceBand) else None

    @property
    def has_size(self) -> bool:
        """Whether its length is planned; with the lap button it is the runner's."""
        return self.duration.unit is not DurationUnit.LAP_BUTTON


@dataclass(frozen=True, slots=True)
class PlannedSteps:
    """All steps, optional last recoveries included. `kind` decides what counts how much."""

    kind: SessionKind
    steps: tuple[PlannedStep, ...]

    @property
    def reps(self) -> tuple[PlannedStep, ...]:
        """The steps of work, strides left out."""
        return tuple(step for step in self.steps if step.rep)

    @property
    def strides(self) -> tuple[PlannedStep, ...]:
        """The short quick runs of an easy session."""
        return tuple(step for step in self.steps if step.is_stride)

    @property
    def has_repeats(self) -> bool:
        """Whether there is a structure to keep: repeated work, or repeated runs of a run/walk."""
        return any(step.run.in_repeat for step in self.reps)

    @property
    def is_steady(self) -> bool:
        """An easy, recovery or long run without work in it."""
        return self.kind in EASY_KINDS and not self.reps

    @property
    def asked(self) -> tuple[PlannedStep, ...]:
        """Without the last recoveries that the workout skips, unless it has nothing else."""
        return tuple(step for step in self.steps if not step.run.skipped) or self.steps


def plan_of(workout: Workout, kind: SessionKind | None, zones: ZoneSet | None) -> PlannedSteps:
    """The steps of a workout with concrete targets; `kind` None is read from them."""
    steps = tuple(_planned(run, zones) for run in flatten(workout))
    steady = kind in EASY_KINDS or (kind is None and _is_steady(steps))
    if steady:
        steps = _with_main_block(tuple(_with_stride(step) for step in steps))
    if kind is SessionKind.WALK_RUN:
        steps = tuple(_with_run(step) for step in steps)
    return PlannedSteps(kind or _kind(steps, steady=steady), _numbered(steps))


def _planned(run: RunStep, zones: ZoneSet | None) -> PlannedStep:
    effort = effort_of(run, zones)
    speed = expected_speed_mps(run.step, effort, zones)
    duration = run.step.duration
    seconds = duration.seconds
    if duration.metres is not None:
        seconds = duration.metres / speed
    return PlannedStep(run, effort, c.LAP_BUTTON_GUESS_S if seconds is None else seconds, speed)


def _is_steady(steps: tuple[PlannedStep, ...]) -> bool:
    """One easy block, perhaps with strides; not a warm-up for sprints that are the session."""
    if any(step.effort is StepEffort.WORK and not _is_short(step) for step in steps):
        return False
    outside = sum(step.seconds for step in steps if not step.run.in_repeat)
    return outside >= c.STRIDES_AROUND_SHARE * sum(step.seconds for step in steps)


def _is_short(step: PlannedStep) -> bool:
    return step.run.in_repeat and step.seconds <= c.LONGEST_STRIDE_S


def _with_stride(step: PlannedStep) -> PlannedStep:
    return replace(step, is_stride=True) if step.effort is StepEffort.WORK and _is_short(step) else step


def _with_run(step: PlannedStep) -> PlannedStep:
    """The runs of a run/walk are what it repeats, however easy they are."""
    is_run = step.run.in_repeat and step.effort is StepEffort.EASY
    return replace(step, effort=StepEffort.WORK) if is_run else step


def _with_main_block(steps: tuple[PlannedStep, ...]) -> tuple[PlannedStep, ...]:
    """Without an easy block, the longest step outside repeats is the run itself, not a warm-up."""
    outside = [step for step in steps if not step.run.in_repeat]
    if not outside or any(step.effort in {StepEffort.EASY, StepEffort.WORK} for step in outside):
        return steps
    main = max(outside, key=lambda step: step.seconds)
    return tuple(replace(step, effort=StepEffort.EASY) if step is main else step for step in steps)


def _kind(steps: Iterable[PlannedStep], *, steady: bool) -> SessionKind:
    if steady:
        long = sum(step.seconds for step in steps) >= c.LONG_RUN_S
        return SessionKind.LONG if long else SessionKind.EASY
    work = [step for step in steps if step.effort is StepEffort.WORK]
    short = all(step.seconds <= c.LONGEST_REP_S for step in work)
    repeated = all(step.run.in_repeat for step in work)
    return SessionKind.INTERVAL if short and repeated else SessionKind.THRESHOLD


def _numbered(steps: tuple[PlannedStep, ...]) -> tuple[PlannedStep, ...]:
    out, rep = [], 0
    for step in steps:
        counts = step.effort is StepEffort.WORK and not step.is_stride
        rep += counts
        out.append(replace(step, rep=rep) if counts else step)
    return tuple(out)
