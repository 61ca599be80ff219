"""Without a 5K there are no paces (S12): the same sessions by effort.

Distances are counted with paces assumed from the easy runs on record; they are never shown as
a target.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from statistics import median

from syncd.domain.athlete import PastRun, ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.session import Session, Week
from syncd.domain.training.fitness import speed_at
from syncd.domain.training.reasons import Cause
from syncd.domain.training.zones import zones_from_vdot
from syncd.domain.workout import EffortTarget, Item, PaceZone, Repeat, Step, ZoneTarget

_UNKNOWN_VDOT, _LEAST_VDOT, _MOST_VDOT = 30.0, 18.0, 60.0  # our defaults, for counting kilometres only
_EASY_FRACTION = 0.66  # the middle of the easy zone
_LEAST_RUN_S = 600.0
_ROUNDS = 12

_A_PACE = re.compile(r"\b([Aa]) pace")
_EFFORT: Mapping[PaceZone, EffortTarget] = {  # RPE, our defaults
    PaceZone.EASY: EffortTarget(2, 4),
    PaceZone.MARATHON: EffortTarget(5, 5),
    PaceZone.HALF_MARATHON: EffortTarget(5, 6),
    PaceZone.THRESHOLD: EffortTarget(6, 7),
    PaceZone.TEN_K: EffortTarget(7, 7),
    PaceZone.FIVE_K: EffortTarget(7, 8),
    PaceZone.INTERVAL: EffortTarget(7, 8),
    PaceZone.REPETITION: EffortTarget(7, 8),
}


def assumed_zones(history: Iterable[PastRun], before: date) -> ZoneSet:
    """Paces to count distances with, from the median easy speed before a day."""
    speeds = [
        run.distance_m / run.duration_s
        for run in history
        if run.day < before and run.duration_s >= _LEAST_RUN_S and run.distance_m > 0
    ]
    vdot = _vdot_of_easy(median(speeds)) if speeds else _UNKNOWN_VDOT
    return zones_from_vdot(vdot, as_of=None, source=Reason(Cause.ASSUMED))


def by_effort(week: Week) -> Week:
    """The week with every pace replaced by an effort."""
    return replace(week, sessions=tuple(map(session_by_effort, week.sessions)))


def session_by_effort(session: Session) -> Session:
    """The same for one session."""
    workout = replace(session.workout, steps=tuple(_item(item) for item in session.workout.steps))
    title = _with_effort(session.title)
    return replace(
        session,
        workout=workout.named(title),
        title=title,
        purpose=_with_effort(session.purpose),
        rules=tuple(dict.fromkeys((*session.rules, "S12"))),
    )


def _with_effort(text: str) -> str:
    """The text with an effort in place of each pace."""
    return _A_PACE.sub(r"\1n effort", text).replace(" pace", " effort")


def _item(item: Item) -> Item:
    if isinstance(item, Repeat):
        return replace(item, steps=tuple(_item(child) for child in item.steps))
    return _step(item)


def _step(step: Step) -> Step:
    if isinstance(step.target, ZoneTarget):
        return replace(step, target=_EFFORT[step.target.zone])
    return step


def _vdot_of_easy(speed_mps: float) -> float:
    low, high = _LEAST_VDOT, _MOST_VDOT
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        if speed_at(middle, _EASY_FRACTION) < speed_mps:
            low = middle
        else:
            high = middle
    return (low + high) / 2
