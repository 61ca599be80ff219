"""Races and tests that were run elsewhere, as the athlete tells them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from syncd.athlete.sessions import WordError
from syncd.cycle.paces import zones_in_force
from syncd.cycle.world import World
from syncd.domain.clock_time import format_clock
from syncd.domain.training.fitness import vdot_of
from syncd.domain.training.rules.words import dated, day_words
from syncd.domain.training.validity import counts_as_result
from syncd.domain.training.zone_history import Origin
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.results import StoredResult


@dataclass(frozen=True, slots=True)
class ToldResult:
    """What a told result did; the 5 km times in seconds, None without paces."""

    counts: bool
    before_s: float | None
    after_s: float | None
    change_id: int
    text: str


def tell_result(
    world: World, distance_m: float, time_s: float, day: date, now: datetime, *, test: bool = False
) -> ToldResult:
    """Keep it. Raises WordError for a day to come or one told already, FitnessError for no human time."""
    today = world.today(now)
    if day > today:
        raise WordError(f"{dated(day, today)} is still to come: give the day it was run")
    vdot_of(distance_m, time_s)
    known = [each for each in world.store.results.standing() if each.day == day]
    if any(abs(each.distance_m - distance_m) < 1 and abs(each.time_s - time_s) < 1 for each in known):
        raise WordError(f"that result of {day_words(day)} is known already")
    counts = counts_as_result(distance_m)
    why = "you told it" if counts else "only 3 km to a half-marathon set paces"
    origin = Origin.TEST if test else Origin.RACE
    before = zones_in_force(world.store, world.entered, today)
    what = f"{distance_m / 1000:g} km on {day_words(day)} in {format_clock(time_s)}"
    with world.store.transaction():
        kept = world.store.results.keep(StoredResult(now, day, distance_m, time_s, origin.value, counts, why))
        after = zones_in_force(world.store, world.entered, today)
        change = world.store.changes.keep(
            Change(now, BY_ATHLETE, None, f"you told of {what}", evidence={"result": kept.id})
        )
    text = f"Kept: {what}. It sets no paces: {why}."
    if counts and after is not None:
        earlier = f" (was {format_clock(before.five_k_s)})" if before else ""
        text = f"Kept: {what}. Your 5 km is now {format_clock(after.five_k_s)}{earlier}."
        if before is not None and after.vdot == before.vdot:
            text = f"Kept: {what}. Your paces stay: {_why_not(after.vdot, vdot_of(distance_m, time_s))}."
    return ToldResult(
        counts, before.five_k_s if before else None, after.five_k_s if after else None, change.id, text
    )


def _why_not(vdot: float, worth: float) -> str:
    if worth > vdot:
        return "a rise is taken in steps of three weeks, a very large one waits for a second result"
    return "a later result, or a better one, is in force"
