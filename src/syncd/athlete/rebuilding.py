"""The committed weeks planned anew after an override: only what differs changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from syncd.cycle.adapting import adapt, carry_out, planned_anew
from syncd.cycle.planning import replan
from syncd.cycle.situation import situation_of
from syncd.cycle.world import World
from syncd.domain.reason import Reason
from syncd.domain.training.rules.decisions import Decision, differences
from syncd.domain.training.rules.situation import RuleProposal
from syncd.store.changes import BY_ATHLETE, Change


def rebuild_ahead(
    world: World,
    now: datetime,
    reason: Reason,
    *,
    key: str,
    restoring: bool = False,
    evidence: Mapping[str, Any] | None = None,
) -> tuple[Change, ...]:
    """Plan from today on anew, and ask the rules about the result. Idempotent.

    What is done, moved, pinned or skipped stays. `restoring`: what a pause dropped comes back.
    The first change represents the override itself, also where no session had to change.
    """
    today = world.today(now)
    situation = situation_of(world, now, covered=False)
    weeks = planned_anew(world, today, situation)
    edits = differences(situation, weeks, since=today, restoring=restoring)
    decision = Decision(
        RuleProposal(BY_ATHLETE, key, reason, {"word": key, **(evidence or {})}), edits, weeks
    )
    changes = carry_out(world, decision, now)
    return (*changes, *come_back(world, now))


def come_back(world: World, now: datetime) -> tuple[Change, ...]:
    """Ask the rules, then commit the weeks that came near: as after any other news."""
    changes = adapt(world, now, covered=False)
    return (*changes, *replan(world, now).changes)
