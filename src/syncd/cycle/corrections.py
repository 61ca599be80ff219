"""Runs put right: corrections by the athlete or a service lie on top of recordings; everything follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from syncd.cycle.held_back import doubts_of, stand_aside, why_held_back
from syncd.cycle.recordings import recorded_activity
from syncd.cycle.same_run import sort_again
from syncd.cycle.withdrawing import reassess
from syncd.cycle.world import World
from syncd.domain.corrections import BY_ATHLETE, Correction, CorrectionKind, corrected
from syncd.domain.reason import Reason
from syncd.domain.scoring.reasons import MatchReason


def correct(world: World, corrections: Sequence[Correction], now: datetime) -> None:
    """Keep corrections of one run, by the same author in place of their earlier ones of that kind.

    Load, session, scores and results follow.
    """
    store, activity_id = world.store, corrections[0].activity_id
    with store.transaction():
        for correction in corrections:
            for earlier in store.corrections.of_activity(activity_id):
                if (earlier.kind, earlier.author) == (correction.kind, correction.author):
                    store.corrections.revoke(earlier.id, now)
            store.corrections.add(correction)
        follow(world, activity_id, now)


def take_back(
    world: World,
    activity_id: int,
    now: datetime,
    author: str = BY_ATHLETE,
    kinds: Collection[CorrectionKind] = tuple(CorrectionKind),
) -> int:
    """Revoke what an author put right on a run, in these kinds; how many corrections that were."""
    store = world.store
    mine = [
        held
        for held in store.corrections.of_activity(activity_id)
        if held.author == author and held.kind in kinds
    ]
    if mine:
        with store.transaction():
            for correction in mine:
                store.corrections.revoke(correction.id, now)
            follow(world, activity_id, now)
    return len(mine)


def take_over(
    world: World,
    activity_id: int,
    author: str,
    kinds: Collection[CorrectionKind],
    edits: Mapping[CorrectionKind, Mapping[str, Any]],
    now: datetime,
) -> bool:
    """Make the corrections of these kinds by a service what it shows now; whether anything changed."""
    store = world.store
    held = {
        correction.kind: correction
        for correction in store.corrections.of_activity(activity_id)
        if correction.author == author and correction.kind in kinds
    }
    if {kind: dict(correction.value) for kind, correction in held.items()} == {
        kind: dict(value) for kind, value in edits.items()
    }:
        return False
    with store.transaction():
        for correction in held.values():
            store.corrections.revoke(correction.id, now)
        for kind, value in edits.items():
            store.corrections.add(Correction(activity_id, kind, now, value, author))
        follow(world, activity_id, now)
    return True


def follow(world: World, activity_id: int, now: datetime) -> None:
    """Bring the run in line with its corrections. In a transaction."""
    store = world.store
    summary = store.activities.get(activity_id)
    if summary is None:
        return
    recorded = recorded_activity(world, summary)
    doubts = doubts_of(summary)
    if recorded is not None:
        activity = corrected(recorded, store.corrections.of_activity(activity_id))
        day = activity.day(world.offset_at(activity.start))
        store.activities.replace_recording(
            activity_id, activity, day, summary.source, summary.raw_hash, part=summary.part
        )
        doubts = activity.doubts
        store.activities.set_name(activity_id, summary.name)
        store.activities.set_rpe(activity_id, summary.rpe)
    why = why_held_back(world, activity_id, doubts)
    stand_aside(world, activity_id, why, now)
    sort_again(world, activity_id, now)  # what it covered, or was covered by
    if why is None:
        reassess(world, activity_id, Reason(MatchReason.CORRECTED), now)
