"""Runs put right: corrections by the athlete or a service lie on top of recordings; everything follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
    """Keep corrections of one run by one author, in place of that author's earlier ones of the same kinds.

    Load, session, scores and results follow.
    """
    first = corrections[0]
    kinds = {correction.kind for correction in corrections}
    earlier = _held(world, first.activity_id, first.author, kinds)
    _put_in_place(world, first.activity_id, earlier, corrections, now)


def take_back(
    world: World,
    activity_id: int,
    now: datetime,
    author: str = BY_ATHLETE,
    kinds: Collection[CorrectionKind] = tuple(CorrectionKind),
) -> int:
    """Revoke what an author put right on a run, in these kinds; how many corrections that were."""
    held = _held(world, activity_id, author, kinds)
    if held:
        _put_in_place(world, activity_id, held, (), now)
    return len(held)


def take_over(
    world: World,
    activity_id: int,
    author: str,
    kinds: Collection[CorrectionKind],
    edits: Mapping[CorrectionKind, Mapping[str, Any]],
    now: datetime,
) -> bool:
    """Make the corrections of these kinds by a service what it shows now; whether anything changed."""
    held = _held(world, activity_id, author, kinds)
    shown = {kind: dict(value) for kind, value in edits.items()}
    if {correction.kind: dict(correction.value) for correction in held} == shown:
        return False
    corrections = [Correction(activity_id, kind, now, value, author) for kind, value in shown.items()]
    _put_in_place(world, activity_id, held, corrections, now)
    return True


def _held(
    world: World, activity_id: int, author: str, kinds: Collection[CorrectionKind]
) -> tuple[Correction, ...]:
    """What an author put right on a run, in these kinds."""
    return tuple(
        correction
        for correction in world.store.corrections.of_activity(activity_id)
        if correction.author == author and correction.kind in kinds
    )


def _put_in_place(
    world: World, activity_id: int, earlier: Iterable[Correction], new: Iterable[Correction], now: datetime
) -> None:
    """Keep the new corrections instead of the earlier ones, and let the run follow."""
    store = world.store
    with store.transaction():
        for correction in earlier:
            store.corrections.revoke(correction.id, now)
        for correction in new:
            store.corrections.add(correction)
        follow(world, activity_id, now)


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
