"""Which part of the run was which planned step.

Tiers, the surest first: `index` (laps that carry the step number of the watch), `laps` (laps
that look like the steps), `signal` (segments of the speed that look like them), `whole` (the run
as one). Each gives laps to steps; those of `signal` are made from the samples.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from syncd.domain.activity import Activity, Lap, LapTrigger
from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.card import Tier
from syncd.domain.scoring.effort import StepEffort
from syncd.domain.scoring.lap_matching import best_match, quick_border_mps, reps_found
from syncd.domain.scoring.laps import Laps, amount_of, joined_while_alike, speed_of, timer_of, whole_run
from syncd.domain.scoring.planned_steps import PlannedStep, PlannedSteps
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.signal_matching import segments_for
from syncd.domain.scoring.signals import Signal
from syncd.domain.workout import DurationUnit, FitRepeat, Step, Workout, fit_order

_ENDED_BY_HAND = frozenset({LapTrigger.MANUAL, LapTrigger.SESSION_END})
_SLACK_S, _SLACK_M = 1.0, 1.0  # a device ends a step on the sample after its mark


@dataclass(frozen=True, slots=True)
class Placed:
    """A planned step and its laps (none: not run), or laps that were not planned (step None)."""

    planned: PlannedStep | None
    laps: Laps


@dataclass(frozen=True, slots=True)
class Aligned:
    """Rows in the order of the run; a lap at `quick_border_mps` or faster is work, not easy running.

    With tier `whole`, a session of several steps has no rows: they could not be found.
    """

    tier: Tier
    rows: tuple[Placed, ...]
    quick_border_mps: float


def align(
    activity: Activity, prescription: Prescription, plan: PlannedSteps, zones: ZoneSet | None, signal: Signal
) -> Aligned:
    """The surest tier that explains the run; the signal where it shows more repetitions than the laps."""
    border = quick_border_mps(plan, zones, activity.laps)
    rows = _by_index(activity, prescription, plan, border)
    if rows is not None:
        return Aligned(Tier.INDEX, rows, border)
    by_laps = None
    if len(plan.asked) > 1 and activity.laps:
        by_laps = best_match(plan.steps, activity, border, zones)
    shown = reps_found(plan.steps, by_laps[0]) if by_laps else 0
    if len(plan.asked) > 1 and shown < len(plan.reps) and not activity.is_treadmill:
        by_signal = segments_for(plan, signal, border)
        if by_signal is not None and reps_found(plan.steps, by_signal[0]) > shown:
            return Aligned(Tier.SIGNAL, _in_order(plan.steps, *by_signal), border)
    if by_laps is not None:
        pairs, laps, border = by_laps
        return Aligned(Tier.LAPS, _in_order(plan.steps, pairs, laps), border)
    return Aligned(Tier.WHOLE, _as_one(activity, plan), border)


def _as_one(activity: Activity, plan: PlannedSteps) -> tuple[Placed, ...]:
    """A run of one block is that block; with more steps, which part was which is not known."""
    main = [step for step in plan.asked if step.effort is StepEffort.EASY]
    if len(plan.asked) > 1 and not (plan.is_steady and len(main) == 1):
        return ()
    return (Placed((main or plan.asked)[0], (whole_run(activity),)),)


def _by_index(
    activity: Activity, prescription: Prescription, plan: PlannedSteps, border: float
) -> tuple[Placed, ...] | None:
    """Rows by the step numbers of the watch; None where they are missing or belong to another workout."""
    if not any(lap.step_index is not None for lap in activity.laps):
        return None
    if activity.workout is None:
        sure = False  # numbers alone do not prove that it was this workout
    elif prescription.origin is PrescriptionOrigin.EMBEDDED or same_sizes(
        activity.workout, prescription.workout
    ):
        sure = True
    else:
        return None
    pairs, extras = _with_last_cooldown(plan.steps, *_walk(plan.steps, activity.laps), border)
    placed, stray = len(pairs), sum(laps[0].step_index is not None for laps in extras)
    if not pairs or (not sure and placed < c.LEAST_INDEXES_PLACED * (placed + stray)):
        return None
    return _in_order(
        plan.steps, pairs, joined_while_alike([lap for group in extras for lap in group], border)
    )


def same_sizes(first: Workout, second: Workout) -> bool:
    """Whether both have the same messages in FIT order, targets aside: then step numbers mean the same."""
    return [_size(message) for message in fit_order(first)] == [
        _size(message) for message in fit_order(second)
    ]


def _size(message: Step | FitRepeat) -> object:
    return message.duration if isinstance(message, Step) else (message.first_index, message.count)


def _walk(steps: Sequence[PlannedStep], laps: Sequence[Lap]) -> tuple[dict[int, Laps], list[Laps]]:
    """Laps by place in `steps`, and those that belong to none.

    Places only go forward: the n-th run of a number is its n-th repetition, and a number that
    never comes leaves its step undone. So the last repetition is the one that is missing.
    """
    pairs: dict[int, Laps] = {}
    extras: list[Laps] = []
    place = -1
    for lap in laps:
        if lap.step_index is None:
            extras.append((lap,))
        elif place in pairs and _continues(steps, place, pairs[place], lap):
            pairs[place] = (*pairs[place], lap)
        else:
            following = _next_place(steps, place + 1, lap.step_index)
            if following is None:
                extras.append((lap,))
            else:
                place = following
                pairs[place] = (lap,)
    return pairs, extras


def _with_last_cooldown(
    steps: Sequence[PlannedStep], pairs: dict[int, Laps], extras: list[Laps], border: float
) -> tuple[dict[int, Laps], list[Laps]]:
    """A runner who adds repetitions ends the watch's cool-down by hand, and runs another at the end."""
    last = len(steps) - 1
    began = pairs.get(last, ())
    tail = joined_while_alike([lap for group in extras for lap in group], border)
    added = any((speed_of(laps) or 0.0) >= border for laps in tail)
    if not added or steps[last].effort is not StepEffort.COOLDOWN or (began and _is_full(steps[last], began)):
        return pairs, extras
    if (speed_of(tail[-1]) or 0.0) >= border or timer_of(tail[-1]) <= timer_of(began):
        return pairs, extras
    return pairs | {last: tail[-1]}, [*([began] if began else []), *tail[:-1]]


def _next_place(steps: Sequence[PlannedStep], start: int, index: int) -> int | None:
    return next((place for place in range(start, len(steps)) if steps[place].run.index == index), None)


def _continues(steps: Sequence[PlannedStep], place: int, before: Laps, lap: Lap) -> bool:
    """Whether `lap` is more of the step: the same number, and the step was not over.

    A lap that ended on its own (auto-lap) before the step was full splits it. The lap button
    ends a step, but where the same number cannot come again at once it split it too.
    """
    step = steps[place]
    if lap.step_index != step.run.index or before[-1].end_s > lap.start_s + _SLACK_S:
        return False
    if _next_place(steps, place + 1, step.run.index) is None:
        return True
    comes_at_once = steps[place + 1].run.index == step.run.index
    by_hand = before[-1].trigger in _ENDED_BY_HAND
    return not _is_full(step, before) and not (comes_at_once and by_hand)


def _is_full(step: PlannedStep, laps: Laps) -> bool:
    done = amount_of(step.duration, laps)
    if done is None:
        return laps[-1].trigger in _ENDED_BY_HAND
    slack = _SLACK_S if step.duration.unit is DurationUnit.TIME else _SLACK_M
    return done >= step.duration.amount - slack


def _in_order(
    steps: Sequence[PlannedStep], pairs: dict[int, Laps], extras: Iterable[Laps]
) -> tuple[Placed, ...]:
    """Planned rows in their order, the optional ones only if run, extra rows where they happened."""
    rows = [
        Placed(step, pairs.get(place, ()))
        for place, step in enumerate(steps)
        if place in pairs or not step.run.optional
    ]
    for laps in extras:
        begin = laps[0].start_s
        after = [place for place, row in enumerate(rows) if row.laps and row.laps[0].start_s < begin]
        rows.insert(after[-1] + 1 if after else 0, Placed(None, laps))
    return tuple(rows)


def is_extra_rep(row: Placed, plan: PlannedSteps, border_mps: float) -> bool:
    """Whether unplanned laps are one more repetition: as quick, and about the size of one."""
    speed = speed_of(row.laps)
    if row.planned is not None or speed is None or speed < border_mps or not plan.has_repeats:
        return False
    low, high = c.EXTRA_REP_SHARES
    for step in plan.reps:
        done = amount_of(step.duration, row.laps)
        if done is not None and low * step.duration.amount <= done <= high * step.duration.amount:
            return True
    return False
