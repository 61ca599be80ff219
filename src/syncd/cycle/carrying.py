"""What the sink can carry, and which sessions it cannot."""

from __future__ import annotations

from collections.abc import Iterable

from syncd.cycle.overrides import session_facts
from syncd.cycle.world import World
from syncd.domain.delivery.fitting import CarryLimits, why_unfit
from syncd.domain.delivery.troubles import DeliveryTrouble
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState
from syncd.store.plan import CommittedSession


def limits_of(world: World) -> CarryLimits:
    """What the sink carries."""
    return CarryLimits(world.sink.capabilities.max_steps, world.sink.capabilities.repeat_depth)


def uncarried(
    world: World, sessions: Iterable[CommittedSession]
) -> tuple[tuple[CommittedSession, Reason], ...]:
    """Those that are due and that the sink cannot carry, with the reason."""
    limits = limits_of(world)
    due = (session for session in sessions if session.state is SessionState.DUE)
    unfit = ((session, why_unfit(session.resolved, limits)) for session in due)
    return tuple((session, why) for session, why in unfit if why is not None)


def told_uncarried(world: World, session: CommittedSession, why: Reason) -> Reason:
    """What is to be told of one, until it is mended."""
    facts = {"sink": world.sink.name, **session_facts(session.session), "why": why.to_json()}
    return Reason(DeliveryTrouble.UNCARRIED, facts)
