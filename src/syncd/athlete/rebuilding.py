"""The committed weeks planned anew after an override: only what differs changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from syncd.cycle.adapting import adapt, rebuild
from syncd.cycle.easy_returns import keep_returns_easy
from syncd.cycle.planning import replan
from syncd.cycle.world import World
from syncd.domain.reason import Reason
from syncd.store.changes import Change


def rebuild_ahead(
    world: World,
    now: datetime,
    reason: Reason,
    *,
    key: str,
    restoring: bool = False,
    evidence: Mapping[str, Any] | None = None,
) -> tuple[Change, ...]:
    """Plan from today on anew, and ask the rules about the result. Idempotent."""
    changes = rebuild(world, now, reason, key=key, restoring=restoring, evidence=evidence)
    return (*changes, *come_back(world, now))


def come_back(world: World, now: datetime) -> tuple[Change, ...]:
    """Ask the rules, then commit the weeks that came near: as after any other news."""
    changes = adapt(world, now, covered=False)
    return (*changes, *replan(world, now).changes, *keep_returns_easy(world, now))
