"""What follows where easing did not help: a second A10 or A12 within three weeks calls for a test (A21)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from syncd.domain.reason import Reason
from syncd.domain.session import monday_of
from syncd.domain.training.conditions import Condition, Demanded
from syncd.domain.training.evidence import outcome_facts, run_facts
from syncd.domain.training.facts import Fact
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.edits import as_easy, easable
from syncd.domain.training.rules.situation import RuleProposal, Situation
from syncd.domain.training.rules.strain import EASED, EASY_FIELDS, raised_effort, runs_too_hard
from syncd.domain.training.rules.tests_wanted import asking_for_test, may_test

WITHIN_DAYS, TIMES, CALM_DAYS = 21, 2, 5
_EASINGS = ("A10:", EASED)


def eased_again(situation: Situation) -> Iterator[RuleProposal]:
    """A21: five easy days, then a test; a lighter week instead where easy running costs more than it did."""
    days = _easing_days(situation)
    if len(days) < TIMES or situation.fired_within("A21", WITHIN_DAYS + 1):
        return
    facts: dict[str, Any] = {"days": [day.isoformat() for day in days]}
    evidence = {"eased": facts["days"]}
    key = f"A21:{days[-1]}"
    rests_on = _rests_on(situation, days[0])
    if raised_effort(situation) is not None:
        if situation.fired_within("A13", WITHIN_DAYS):
            return  # the lighter week is asked for already
        monday = monday_of(situation.today + timedelta(days=6))
        asked = Condition(Demanded.DOWN, "A21", monday, monday + timedelta(days=6), hard_from=monday)
        reason = Reason(Cause.EASED_AGAIN_AND_TIRED, facts)
        yield RuleProposal("A21", key, reason, evidence, (), asked, rests_on=rests_on)
        return
    hard_from = situation.today + timedelta(days=CALM_DAYS)
    if may_test(situation):
        cause, asked = Cause.EASED_AGAIN, asking_for_test(situation, "A21", hard_from)
        if asked.hard_from is not None and asked.hard_from < hard_from:  # a test is planned for that day
            hard_from = asked.hard_from
            cause, facts = Cause.EASED_AGAIN_BEFORE_TEST, facts | {"day": hard_from.isoformat()}
    else:
        cause = Cause.EASED_AGAIN_NO_TEST
        asked = Condition(Demanded.CALM, "A21", situation.today, hard_from, hard_from=hard_from)
    edits = tuple(
        as_easy(entry.session, situation, "A21")
        for entry in easable(situation, hard_from - timedelta(days=1))
    )
    yield RuleProposal("A21", key, Reason(cause, facts), evidence, edits, asked, rests_on=rests_on)


def _easing_days(situation: Situation) -> list[date]:
    """The days of the last three weeks on which effort or pace eased something, each cause once: what one
    cause does to more than one session, on whatever day, is one easing. What was undone has eased nothing."""
    first: dict[str, date] = {}
    for key, day in situation.answered.items():
        if key.startswith(_EASINGS) and key not in situation.undone:
            cause = key.rpartition(":")[2]  # the runs that it rests on
            first[cause] = min(day, first.get(cause, day))
    return sorted({day for day in first.values() if (situation.today - day).days <= WITHIN_DAYS})


def _rests_on(situation: Situation, since: date) -> tuple[Fact, ...]:
    """The easy runs that were too hard, and the sessions that were off pace, of these weeks."""
    first = since - timedelta(days=WITHIN_DAYS)
    easy = [run for run in runs_too_hard(situation) if run.day >= first]
    failed = [
        outcome.session_id
        for outcomes in situation.outcomes.values()
        for outcome in outcomes
        if outcome.day >= first and outcome.reps_in_band < outcome.reps_planned
    ]
    return (*run_facts(easy, *EASY_FIELDS), *outcome_facts(situation, failed))
