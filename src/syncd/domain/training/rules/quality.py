"""How hard sessions went: the level of their family (A8-A10), and repetitions run too fast (A11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from syncd.domain.reason import Reason
from syncd.domain.session import Session
from syncd.domain.training.adaptation import LevelDecision, failures_at_floor, rebuild
from syncd.domain.training.conditions import Condition, Demanded
from syncd.domain.training.evidence import outcome_facts, run_facts
from syncd.domain.training.ladder_levels import LadderState, ladders_after
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.edits import as_easy, easable, paced_or_by_effort
from syncd.domain.training.rules.situation import DoneRun, Edit, RuleProposal, SessionRecord, Situation
from syncd.domain.training.rules.tests_wanted import asking_for_test, may_test

EASY_DAYS = 6
TOO_FAST_SHARE = 0.5  # our default: of the repetitions of a session
TOO_FAST_OF, TOO_FAST = 3, 2
NOTED_EVERY_DAYS = 14
TEST_AGAIN = timedelta(weeks=6)  # our default: the shortest time between two planned tests (TRAINING 5)


def levels(situation: Situation) -> Iterator[RuleProposal]:
    """A8-A10: the next session of each family a step up, the same, or a step back."""
    for family, ladder in sorted(_ladders(situation).items()):
        if ladder.decision.evidence:
            yield from _of_family(situation, family, ladder.decision)


def _ladders(situation: Situation) -> Mapping[str, LadderState]:
    """As they are kept; from the sessions alone where nothing is."""
    if situation.ladders:
        return situation.ladders
    days = (outcome.day for outcomes in situation.outcomes.values() for outcome in outcomes)
    return ladders_after({}, situation.outcomes, situation.returns, min(days, default=situation.today))


def too_hard_at_floor(situation: Situation) -> Iterator[RuleProposal]:
    """A10 where no level is lower: easy days, then a test that shows whether the paces are right."""
    tested = situation.zones.as_of
    for family, outcomes in sorted(situation.outcomes.items()):
        # what was off the paces of before a result says nothing of those that it gave
        failed = failures_at_floor([one for one in outcomes if tested is None or one.day > tested])
        if not failed:
            continue
        ids = [outcome.session_id for outcome in failed]
        hard_from = situation.today + timedelta(days=EASY_DAYS)
        reason = Reason(Cause.OFF_PACE_AT_LOWEST, {"days": [outcome.day.isoformat() for outcome in failed]})
        asked = Condition(Demanded.CALM, f"A10:{family}", situation.today, hard_from, hard_from=hard_from)
        if may_test(situation):
            asked = asking_for_test(situation, asked.group, hard_from)
        edits = tuple(
            as_easy(entry.session, situation, "A10")
            for entry in easable(situation, asked.hard_from or hard_from)
        )
        yield RuleProposal(
            "A10",
            f"A10:floor:{family}:{'+'.join(ids)}",
            reason,
            {"sessions": ids},
            edits,
            asked,
            rests_on=outcome_facts(situation, ids),
        )


def reps_too_fast(situation: Situation) -> Iterator[RuleProposal]:
    """A11: two of three sessions faster than asked are worth a message; three of three call for a test."""
    judged = [run for run in situation.runs if run.trusted and run.reps_planned > 1][-TOO_FAST_OF:]
    fast = [run for run in judged if _is_fast(run)]
    if len(fast) < TOO_FAST or not _is_fast(judged[-1]) or situation.fired_within("A11", NOTED_EVERY_DAYS):
        return
    always = len(fast) == TOO_FAST_OF and may_test(situation) and not _is_tested(situation)
    cause = Cause.REPS_ALWAYS_TOO_FAST if always else Cause.REPS_TOO_FAST
    asked = asking_for_test(situation, "A11") if always else None
    reason = Reason(cause, {"days": [run.day.isoformat() for run in fast]})
    key = f"A11:{len(fast)}:{judged[-1].id}"
    evidence = {"runs": [run.id for run in fast]}
    rests_on = run_facts(fast, "reps_planned", "reps_too_fast")
    about = judged[-1].session_id
    yield RuleProposal("A11", key, reason, evidence, (), asked, about=about, rests_on=rests_on)


def _is_tested(situation: Situation) -> bool:
    """Whether the paces come from a result of the last weeks: another test would say the same."""
    known = situation.zones.as_of
    return known is not None and situation.today - known < TEST_AGAIN


def _is_fast(run: DoneRun) -> bool:
    return run.reps_too_fast >= TOO_FAST_SHARE * run.reps_planned


def _of_family(situation: Situation, family: str, decision: LevelDecision) -> Iterator[RuleProposal]:
    """The next one gets the level; later committed ones never run ahead of it."""
    upcoming = [entry for entry in situation.due if entry.session.family == family]
    for place, entry in enumerate(upcoming):
        before = entry.session
        level = decision.level if place == 0 else min(before.level, decision.level + place)
        if level == before.level or (level > before.level and situation.is_frozen(before.day)):
            continue
        if level < before.level and decision.rule == "A8":
            continue  # a success lowers nothing
        after = _rebuilt(situation, entry, level, decision.rule)
        if after is None or after.workout == before.workout:
            continue
        rule = decision.rule
        key = f"{rule}:{before.id}:{before.level}>{after.level}:{'+'.join(decision.evidence)}"
        edit = Edit(before, after, loading=level > before.level)
        evidence = {"sessions": list(decision.evidence)}
        rests_on = outcome_facts(situation, decision.evidence)
        yield RuleProposal(rule, key, decision.reason, evidence, (edit,), rests_on=rests_on)


def _rebuilt(situation: Situation, entry: SessionRecord, level: int, rule: str) -> Session | None:
    week = situation.week_of(entry.session.day)
    if week is None:
        return None
    session = rebuild(
        entry.session,
        level,
        situation.zones,
        week=week,
        history=situation.history,
        rule=rule,
        conditions=situation.returns,
    )
    return paced_or_by_effort(session, situation)
