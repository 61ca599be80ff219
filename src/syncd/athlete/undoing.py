"""`undo`: a change is taken back, in the plan at once and on the watch with the next sync.

The decision of a rule keeps its key, so that the same rule does not decide the same again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from syncd.athlete.sessions import OverrideError
from syncd.athlete.time_off import pause_again
from syncd.athlete.undone_health import (
    cleared_before,
    is_way_back,
    obeyed_after_undoing,
    stopped_again,
    why_health_stays,
)
from syncd.athlete.undone_time_off import (
    BY_UNDOING,
    eased_in_return,
    leaves_with,
    off_again,
    off_on_days_of_others,
    resumed_by,
    return_of,
    time_off_of,
    why_it_stays_easy,
)
from syncd.cycle.adapting import planned_anew
from syncd.cycle.health_answers import guard, is_health, with_answers
from syncd.cycle.overrides import CALENDAR
from syncd.cycle.planning import note_race, resolved_workout
from syncd.cycle.situation import situation_of
from syncd.cycle.world import World
from syncd.domain.day_text import day_text
from syncd.domain.delivery import labels
from syncd.domain.session import GRACE, SessionState, state_when_not_run
from syncd.store.changes import BY_FACTS, REZONED, Change
from syncd.store.overrides import Override, OverrideKind

_MOST_SEARCHED = 200  # changes: far more than anybody undoes


@dataclass(frozen=True, slots=True)
class Undone:
    """The change that was taken back, and those that were made with it.

    `off`: the illness or injury that is in force again; `eased`: hard sessions that came back easy.
    """

    change: Change
    together: tuple[Change, ...]
    off: Override | None = None
    eased: tuple[Change, ...] = ()


def undo(world: World, change_id: int | None, now: datetime) -> Undone:
    """Take back one change, or the last that can be. Raises OverrideError, which says why not."""
    if change_id is None:
        head = _last(world, now)
    else:
        found = world.store.changes.get(change_id)
        if found is None:
            raise OverrideError(f"there is no change {change_id}: syncd why shows their numbers")
        head = _head_of(world, found)
        refusal = _refusal(world, head, now)
        if refusal:
            raise OverrideError(f"change {change_id} {refusal}")
    group = _group(world, head)
    spell = time_off_of(world, head)
    ids = {change.id for change in group}
    was_cleared = world.store.health.cleared_by(head.id)
    with world.store.transaction():
        if was_cleared is not None:
            stopped_again(world, head, was_cleared, now)
        for change in reversed(group):
            if not _settled(world, change, ids, head):
                _revert(world, change, now)
            world.store.changes.undo(change.id, now)
            world.store.overrides.revoke_of_change(change.id, now)
            world.store.health.take_back_of_change(change.id, now)
            if isinstance(change.evidence.get("result"), int):
                world.store.results.revoke(change.evidence["result"], now)
        world = with_answers(world) if is_health(head) else world
        pause_again(world, head)
        off = off_again(world, head, group, now)
        off_on_days_of_others(world, now)
        eased = eased_in_return(world, head, spell, now)
        if is_health(head):
            eased = (*eased, *obeyed_after_undoing(world, head, now))
            note_race(world, world.today(now))
        else:
            eased = (*eased, *guard(world, now))
        if head.condition is not None or off is not None:
            today = world.today(now)
            for week in planned_anew(world, today, situation_of(world, now, covered=False)):
                world.store.plan.set_week(week)
    return Undone(head, group[1:], off, eased)


def can_be_undone(world: World, change: Change, now: datetime) -> bool:
    """Whether `undo` with the number of this change, or of the one that it was made with, does something."""
    return not _refusal(world, _head_of(world, change), now)


def _last(world: World, now: datetime) -> Change:
    for change in world.store.changes.newest(_MOST_SEARCHED):
        if BY_UNDOING in change.evidence:
            continue  # it keeps a return easy
        head = _head_of(world, change)
        head = resumed_by(world, head) or cleared_before(world, head) or head
        if not _refusal(world, head, now):
            return head
    raise OverrideError(
        "there is no change that can be undone: syncd why DATE explains why a day is as it is"
    )


def _head_of(world: World, change: Change) -> Change:
    because = change.evidence.get("because")
    head = world.store.changes.get(because) if isinstance(because, int) else None
    return head or change


def _group(world: World, head: Change) -> tuple[Change, ...]:
    others = (*world.store.changes.because_of(head.id), *return_of(world, head))
    return (head, *(change for change in others if change.holds))


def _refusal(world: World, head: Change, now: datetime) -> str:
    """Why it cannot be taken back; empty when it can."""
    if head.undone_at is not None:
        return "is undone already"
    if head.withdrawn_at is not None:
        return "holds no more: what it rested on is not so"
    if head.rule == BY_FACTS:
        return "follows from what you ran: there is nothing to undo"
    if head.rule == REZONED:
        return "follows your result: change that (syncd result, or [fitness] in the configuration)"
    if (is_health(head) or is_way_back(head)) and (stays := why_health_stays(world, head, world.today(now))):
        return stays
    if stays := why_it_stays_easy(head, world.today(now)):
        return stays
    group = _group(world, head)
    revocable = (
        not {"result", "until"}.isdisjoint(head.evidence)
        or is_health(head)
        or any(world.store.overrides.of_change(change.id) for change in group)
    )
    if head.condition is None and not revocable and all(change.before == change.after for change in group):
        return "was only a message: there is nothing to undo"
    if head.condition is not None:  # what it asks of the weeks ahead can be lifted, whatever was run since
        return ""
    ids = {change.id for change in group}
    settled = next((why for change in group if (why := _settled(world, change, ids, head))), "")
    if settled:
        is_heat = any(word.kind is OverrideKind.HEAT for word in world.store.overrides.of_change(head.id))
        return f"{settled}: syncd heat --over ends the heat" if is_heat else settled
    days = [change.before.day for change in group if change.before is not None]
    if days and max(days) + GRACE < world.today(now):
        return f"is about {day_text(max(days))}, which is past"
    return ""


def _settled(world: World, change: Change, together: Collection[int], head: Change) -> str:
    """Why the session of a change stays as it is; empty where it can be put back.

    `together` are the numbers of the changes that are undone with it.
    """
    if change.session_id is None:
        return ""
    committed = world.store.plan.get(change.session_id)
    if committed is not None and committed.state is SessionState.DONE:
        name = labels.title(committed.session, world.units)
        return f"is about {name} on {day_text(committed.session.day)}, which was run"
    later = [
        follower
        for follower in world.store.changes.of_session(change.session_id)
        if follower.id > change.id and follower.id not in together and follower.holds
        if follower.before != follower.after and not leaves_with(head, follower)
    ]
    if later:
        return f"was followed by change {later[-1].id} of the same session: undo that one first"
    return ""


def _revert(world: World, change: Change, now: datetime) -> None:
    plan = world.store.plan
    if change.session_id is None or change.before == change.after:
        return
    if change.before is None:
        plan.set_state(change.session_id, SessionState.DROPPED)
        return
    known = plan.get(change.session_id)
    plan.replace(change.before, resolved_workout(world, change.before), known.zone_set_id if known else None)
    plan.set_state(change.session_id, state_when_not_run(change.before.day, world.today(now)))
    if change.evidence.get("on") == CALENDAR:  # otherwise what was released there stays the athlete's
        lies_on = change.after.day if change.after else None
        world.store.ledger.reclaim(world.sink.name, world.athlete_key, change.session_id, lies_on, now)
