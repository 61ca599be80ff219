"""Why a run counts nowhere although it was recorded: doubts not settled yet, and the athlete's own word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from syncd.cycle.withdrawing import withdraw
from syncd.cycle.world import World
from syncd.domain.activity import Activity
from syncd.domain.corrections import corrected, set_aside
from syncd.domain.merging.withdrawal import WithdrawalCause, doubt_in
from syncd.domain.reason import Reason
from syncd.store.activities import ActivitySummary

_ASIDE = frozenset({WithdrawalCause.DOUBTFUL, WithdrawalCause.IGNORED, WithdrawalCause.ANOTHER_SPORT})


def why_held_back(world: World, activity_id: int, doubts: Iterable[Reason]) -> Reason | None:
    """Why corrections or doubts keep a run from counting; None where they do not."""
    return set_aside(world.store.corrections.of_activity(activity_id), tuple(doubts))


def stand_aside(world: World, activity_id: int, why: Reason | None, now: datetime) -> None:
    """Withdraw a run for that reason; without one, let it count again. In a transaction."""
    summary = world.store.activities.get(activity_id)
    if summary is None or summary.withdrawn == why:
        return
    if why is None:
        if summary.withdrawn is not None and is_held_back(summary.withdrawn):
            world.store.activities.restore(activity_id)
    elif summary.withdrawn is None:
        withdraw(world, activity_id, why, now)
    elif is_held_back(summary.withdrawn):
        world.store.activities.withdraw(activity_id, why)


def is_held_back(why: Reason) -> bool:
    """Whether a run that stands aside for this comes back when the reason goes."""
    return why.code in _ASIDE


def doubts_of(run: ActivitySummary) -> tuple[Reason, ...]:
    """What the run is doubted for, as far as it was kept."""
    doubt = doubt_in(run.withdrawn)
    return () if doubt is None else (doubt,)


def put_right(world: World, activity_id: int, activity: Activity) -> Activity:
    """An activity with the corrections of its run."""
    return corrected(activity, world.store.corrections.of_activity(activity_id))
