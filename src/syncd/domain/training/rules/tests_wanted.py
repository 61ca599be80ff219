"""When a rule may ask for a test (TRAINING 5), and the condition that brings it."""

from __future__ import annotations

from datetime import date, timedelta

from syncd.domain.session import MEASURED_KINDS
from syncd.domain.training.conditions import Condition, Demanded
from syncd.domain.training.rules.situation import Situation
from syncd.domain.training.validity import ALL_OUT_EVERY


def may_test(situation: Situation) -> bool:
    """Whether a test can put the paces right: health allows it, and there are paces."""
    return situation.limits.tests and not situation.by_effort


def asking_for_test(situation: Situation, group: str, hard_from: date | None = None) -> Condition:
    """A test in the next week that can hold one; nothing hard before `hard_from`.

    The planner finds its day: 72 hours after a long or hard day, away from races. Here it keeps out of the
    three weeks after an all-out effort.
    """
    first = hard_from or situation.today + timedelta(days=1)
    efforts = (run.day for run in situation.runs if run.kind in MEASURED_KINDS or run.raced or run.all_out)
    test_from = max((first, *(day + ALL_OUT_EVERY for day in efforts)))
    last = hard_from or test_from
    return Condition(Demanded.TEST, group, situation.today, last, hard_from=hard_from, test_from=test_from)
