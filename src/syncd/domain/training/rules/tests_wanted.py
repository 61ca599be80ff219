"""When a rule may ask for a test (TRAINING 5), the condition that brings it, and one that was missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from syncd.domain.reason import Reason
from syncd.domain.session import MEASURED_KINDS, SessionKind, SessionState, monday_of
from syncd.domain.training.conditions import Condition, Demanded, newest
from syncd.domain.training.evidence import not_run_fact
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.situation import DoneRun, RuleProposal, SessionRecord, Situation
from syncd.domain.training.validity import ALL_OUT_EVERY

ARRIVES_WITHIN = timedelta(days=14)
AGAIN_AFTER = timedelta(days=5)
AGAIN = "again"  # in the group of a condition: it is asked for once more, and not a third time


def may_test(situation: Situation) -> bool:
    """Whether a test can put the paces right: health allows it, and there are paces."""
    return situation.limits.tests and not situation.by_effort


def asking_for_test(situation: Situation, group: str, hard_from: date | None = None) -> Condition:
    """A test in the next week that can hold one; nothing hard before `hard_from`.

    The planner finds its day: 72 hours after a long or hard day, away from races. Here it keeps out of the
    three weeks after an all-out effort. One that is planned for the next two weeks is the test that is asked
    for: it stays, and it is easy until then.
    """
    first = hard_from or situation.today + timedelta(days=1)
    rested = (run.day + ALL_OUT_EVERY for run in situation.runs if _is_all_out(run))
    test_from = max((first, *rested))
    planned = _planned_test(situation)
    if hard_from is not None and planned is not None and (test_from == first or planned >= test_from):
        until = min(hard_from, planned)
        return Condition(Demanded.CALM, group, situation.today, planned, hard_from=until, test_from=planned)
    last = hard_from or test_from
    return Condition(Demanded.TEST, group, situation.today, last, hard_from=hard_from, test_from=test_from)


def missed_test(situation: Situation) -> Iterator[RuleProposal]:
    """A17: a test that a rule asked for and that was missed is asked for again, once, from the week after."""
    if not situation.covered or not may_test(situation):
        return
    for asked in newest(situation.conditions):
        missed = None if asked.test_from is None else _missed(situation, asked)
        if missed is None or asked.group.endswith(AGAIN):
            continue
        day = missed.session.day
        test_from = max(day + AGAIN_AFTER, situation.today + timedelta(days=1))
        group = f"{asked.group}:{AGAIN}"
        again = Condition(Demanded.TEST, group, situation.today, test_from, test_from=test_from)
        reason = Reason(Cause.ASKED_TEST_MISSED, {"day": day.isoformat()})
        evidence = {"session": missed.session.id}
        rests_on = (not_run_fact(missed),)
        yield RuleProposal(
            "A17", f"A17:missed:{missed.session.id}", reason, evidence, (), again, rests_on=rests_on
        )


def _planned_test(situation: Situation) -> date | None:
    """The day of a test that is due within two weeks."""
    tests = (entry.session.day for entry in situation.due if entry.session.kind is SessionKind.TEST)
    return next((day for day in tests if day <= situation.today + ARRIVES_WITHIN), None)


def _missed(situation: Situation, asked: Condition) -> SessionRecord | None:
    """The first test since it was asked for, where it was missed lately and nothing measured the paces since.

    Known in the week after it, so that this week stays what it was.
    """
    first = asked.test_from or situation.today
    tests = (
        entry
        for entry in situation.entries
        if entry.session.kind is SessionKind.TEST and first <= entry.session.day
    )
    entry = next(tests, None)
    if entry is None or entry.state is not SessionState.MISSED:
        return None
    day = entry.session.day
    over = monday_of(day) < monday_of(situation.today) and situation.today < day + ARRIVES_WITHIN
    if not over or situation.may_come_late(day) or situation.is_excused(day):
        return None
    measured = any(_is_all_out(run) and run.day >= asked.first_day for run in situation.runs)
    return None if measured else entry


def _is_all_out(run: DoneRun) -> bool:
    return run.kind in MEASURED_KINDS or run.raced or run.all_out
