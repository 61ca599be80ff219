"""Races and tests that were run elsewhere, as the athlete enters them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from syncd.athlete.sessions import OverrideError
from syncd.cycle.paces import zones_in_force
from syncd.cycle.world import World
from syncd.domain.athlete import ZoneSet
from syncd.domain.day_text import dated_text, day_text
from syncd.domain.reason import Reason
from syncd.domain.training.fitness import vdot_of
from syncd.domain.training.reasons import Cause, result_fact
from syncd.domain.training.validity import counts_as_result
from syncd.domain.training.zone_history import SHORTEST_RESULT_M, ResultOrigin
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.results import StoredResult


@dataclass(frozen=True, slots=True)
class EnteredResult:
    """What an entered result did; the 5 km times in seconds, None without paces."""

    counts: bool
    before_s: float | None
    after_s: float | None
    change_id: int
    text: Reason


def enter_result(
    world: World, distance_m: float, time_s: float, day: date, now: datetime, *, test: bool = False
) -> EnteredResult:
    """Keep it. Raises OverrideError for a future or known one, FitnessError for a time nobody can run."""
    today = world.today(now)
    if day > today:
        raise OverrideError(f"{dated_text(day, today)} is still to come: give the day it was run")
    vdot_of(distance_m, time_s)
    known = [result for result in world.store.results.in_force() if result.day == day]
    if any(abs(result.distance_m - distance_m) < 1 and abs(result.time_s - time_s) < 1 for result in known):
        raise OverrideError(f"that result of {day_text(day)} is known already")
    counts = counts_as_result(distance_m)
    why = Reason(Cause.ENTERED)
    if not counts:
        why = Reason(Cause.NO_PACE_DISTANCE, {"shortest_m": SHORTEST_RESULT_M})
    origin = ResultOrigin.TEST if test else ResultOrigin.RACE
    before = zones_in_force(world.store, world.entered, today)
    fact = result_fact(distance_m, time_s, day)
    with world.store.transaction():
        kept = world.store.results.keep(StoredResult(now, day, distance_m, time_s, origin.value, counts, why))
        after = zones_in_force(world.store, world.entered, today)
        change = world.store.changes.keep(
            Change(
                now,
                BY_ATHLETE,
                None,
                Reason(Cause.RESULT_ENTERED, {"result": fact}),
                evidence={"result": kept.id},
            )
        )
    text = Reason(Cause.KEPT_WITHOUT_PACES, {"result": fact, "why": why.to_json()})
    if counts and after is not None:
        text = _kept(fact, before, after, vdot_of(distance_m, time_s))
    return EnteredResult(
        counts, before.five_k_s if before else None, after.five_k_s if after else None, change.id, text
    )


def _kept(fact: Mapping[str, Any], before: ZoneSet | None, after: ZoneSet, worth: float) -> Reason:
    """What a result that counts did to the paces; `worth` is its VDOT."""
    if before is None:
        return Reason(Cause.KEPT_WITH_FIRST_PACES, {"result": fact, "five_k_s": after.five_k_s})
    if after.vdot == before.vdot:
        rising = worth > after.vdot
        return Reason(Cause.KEPT_RISING_SLOWLY if rising else Cause.KEPT_BEHIND_ANOTHER, {"result": fact})
    paces = {"five_k_s": after.five_k_s, "before_s": before.five_k_s}
    return Reason(Cause.KEPT_WITH_PACES, {"result": fact, **paces})
