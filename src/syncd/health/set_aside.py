"""Recordings that are left alone because reading them broke down."""

from __future__ import annotations

from datetime import datetime

from syncd.cycle.set_aside import left_alone
from syncd.domain.grammar import counted
from syncd.formats.reading import breakdown_text
from syncd.health.check import Check, warn
from syncd.store import Store


def set_aside(store: Store, now: datetime) -> list[Check]:
    """A warning where there are any; nothing where there is none."""
    aside = left_alone(store, now)
    if not aside:
        return []
    first = aside[0]
    what = f"{counted(len(aside), 'recording')} left alone: {first.name}"
    why = breakdown_text(first.cause, first.detail)
    return [warn("set aside", f"{what}, {why}", "syncd sync --retry (and please report it, with the file)")]
