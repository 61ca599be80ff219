"""Recordings that are left alone because reading them broke down."""

from __future__ import annotations

from syncd.cycle.set_aside import left_alone
from syncd.domain.grammar import counted
from syncd.formats.reading import breakdown_text
from syncd.health.check import Check, Command, warn
from syncd.health.examination import Examination
from syncd.store import Store


def set_aside(case: Examination, store: Store) -> list[Check]:
    """A warning where there are any; nothing where there is none."""
    aside = left_alone(store, case.now)
    if not aside:
        return []
    first = aside[0]
    what = f"{counted(len(aside), 'recording')} left alone, the newest {first.name}"
    why = breakdown_text(first.cause, first.detail)
    text = f"{what}: {why}. Tried again after an update; please report it, with that file"
    return [warn("set aside", text, Command("syncd sync --retry"))]
