"""What the undoing of an answer about health leads to: a clearance undone is a stop again."""

from __future__ import annotations

from datetime import date, datetime

from syncd.athlete.health import why_it_stays
from syncd.cycle.health_answers import WORD, obey
from syncd.cycle.world import World
from syncd.domain.reason import Reason
from syncd.domain.training.health_answers import OF_HEALTH
from syncd.domain.training.reasons import Cause
from syncd.store.changes import Change

_SEARCHED = 200  # changes: far more than a return makes


def why_health_stays(world: World, head: Change, today: date) -> str:
    """Why an answer, or what was cleared, cannot be undone; empty where it can."""
    store = world.store.health
    if is_way_back(head):
        return "is the way back after an answer about health: it stays (syncd health)"
    if store.cleared_by(head.id) is not None:
        return ""
    answer_id = store.answer_of(head.id)
    known = next((answer for answer in store.in_force() if answer.id == answer_id), None)
    if known is None:
        return "follows from config.toml, or from an answer that holds no more (syncd health)"
    stays = why_it_stays(world, known, today)
    return f"stays: {stays}" if stays else ""


def is_way_back(head: Change) -> bool:
    """Whether it is the return that follows once an answer is cleared."""
    return head.condition is not None and str(head.evidence.get("spell", "")).startswith(OF_HEALTH)


def cleared_before(world: World, head: Change) -> Change | None:
    """The clearance that a return follows from: who undoes the last change means what they said."""
    if not is_way_back(head):
        return None
    answer_id = str(head.evidence["spell"]).removeprefix(OF_HEALTH)
    return next(
        (
            change
            for change in world.store.changes.newest(_SEARCHED)
            if change.holds and world.store.health.cleared_by(change.id) == answer_id
        ),
        None,
    )


def stopped_again(world: World, head: Change, answer_id: str, now: datetime) -> None:
    """Withdraw the return that followed: it is decided anew when that is cleared again. In a transaction."""
    spell = f"{OF_HEALTH}{answer_id}"
    why = Reason(Cause.TIME_OFF_IS_OTHERWISE)
    for change in world.store.changes.newest(_SEARCHED):
        if change.id > head.id and change.evidence.get("spell") == spell and change.holds:
            for part in (change, *world.store.changes.because_of(change.id)):
                world.store.changes.withdraw(part.id, why, now)


def obeyed_after_undoing(world: World, head: Change, now: datetime) -> tuple[Change, ...]:
    """The plan obeys the answers that hold now. In a transaction."""
    key = f"{WORD}:undone:{head.id}"
    changes = obey(world, Reason(Cause.HEALTH_NOT_SO), now, key=key, restoring=True)
    return changes if len(changes) > 1 else ()
