"""Runs put right: what the athlete or a service corrects lies on top of recordings; everything follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from syncd.cycle.recordings import recorded_activity
from syncd.cycle.withdrawing import reassess, withdraw
from syncd.cycle.world import World
from syncd.domain.activity import Activity
from syncd.domain.corrections import BY_ATHLETE, Correction, corrected, set_aside
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.domain.scoring.reasons import MatchReason
from syncd.store.activities import ActivitySummary

# Runs that stand aside for these reasons come back when the reason goes.
_ASIDE = frozenset({WithdrawalCause.DOUBTFUL, WithdrawalCause.IGNORED, WithdrawalCause.ANOTHER_SPORT})


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


def take_back(world: World, activity_id: int, now: datetime, author: str = BY_ATHLETE) -> int:
    """Revoke what an author put right on a run; how many corrections that were."""
    store = world.store
    mine = [held for held in store.corrections.of_activity(activity_id) if held.author == author]
    if mine:
        with store.transaction():
            for correction in mine:
                store.corrections.revoke(correction.id, now)
            follow(world, activity_id, now)
    return len(mine)


def follow(world: World, activity_id: int, now: datetime) -> None:
    """Bring the run in line with its corrections. In a transaction."""
    store = world.store
    summary = store.activities.get(activity_id)
    if summary is None:
        return
    recorded = recorded_activity(world, summary)
    if recorded is not None:
        activity = corrected(recorded, store.corrections.of_activity(activity_id))
        day = activity.day(world.offset_at(activity.start))
        store.activities.replace_recording(
            activity_id, activity, day, summary.source, summary.raw_hash, part=summary.part
        )
        store.activities.set_name(activity_id, summary.name)
        store.activities.set_rpe(activity_id, summary.rpe)
    why = why_held_back(world, activity_id, recorded.doubts if recorded else doubts_of(summary))
    stand_aside(world, activity_id, why, now)
    if why is None:
        reassess(world, activity_id, Reason(MatchReason.CORRECTED), now)


def why_held_back(world: World, activity_id: int, doubts: Iterable[Reason]) -> Reason | None:
    """Why corrections or doubts keep a run from counting; None where they do not."""
    return set_aside(world.store.corrections.of_activity(activity_id), tuple(doubts))


def stand_aside(world: World, activity_id: int, why: Reason | None, now: datetime) -> None:
    """Withdraw a run for that reason; without one, let it count again. In a transaction."""
    summary = world.store.activities.get(activity_id)
    if summary is None or summary.withdrawn == why:
        return
    if why is None:
        if summary.withdrawn is not None and summary.withdrawn.code in _ASIDE:
            world.store.activities.restore(activity_id)
    elif summary.withdrawn is None:
        withdraw(world, activity_id, why, now)
    elif summary.withdrawn.code in _ASIDE:
        world.store.activities.withdraw(activity_id, why)


def doubts_of(summary: ActivitySummary) -> tuple[Reason, ...]:
    """What the run is doubted for, as far as it was kept."""
    why = summary.withdrawn
    if why is None or why.code != WithdrawalCause.DOUBTFUL:
        return ()
    return (Reason.from_json(why.facts["doubt"]),)


def put_right(world: World, activity_id: int, activity: Activity) -> Activity:
    """An activity with the corrections of its run."""
    return corrected(activity, world.store.corrections.of_activity(activity_id))
