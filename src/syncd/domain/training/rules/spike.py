"""One run that was too long: R20 on what is committed, and A1 on the days after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from syncd.domain.reason import Reason
from syncd.domain.session import MEASURED_KINDS, Session, SessionKind
from syncd.domain.training.adaptation import TOLERANCE, eased
from syncd.domain.training.conditions import Condition, Demanded, first_run_s, return_cap_m
from syncd.domain.training.evidence import longest_fact, no_run_fact, run_fact
from syncd.domain.training.reasons import Cause
from syncd.domain.training.return_week import as_first_run
from syncd.domain.training.rules.edits import as_easy, marked, next_hard, paced_or_by_effort, shorter
from syncd.domain.training.rules.gaps import days_run
from syncd.domain.training.rules.situation import DoneRun, Edit, RuleProposal, Situation
from syncd.domain.training.rules.time_off import FIRST_RUN_S, SHORT_DAYS
from syncd.domain.training.single_run import WINDOW_DAYS, CountedRun, counted, longest_m, stretched_m

REST_DAYS = 3  # 72 hours
LOOK_BACK_DAYS, FAR_OVER, NO_TEST_DAYS = 7, 1.3, 14
_MOVES_WITHIN = timedelta(days=2)  # A6


def single_run_cap(situation: Situation) -> Iterator[RuleProposal]:
    """R20: committed runs that history no longer carries get shorter; so does the first after time off."""
    runs = counted(situation.history, situation.returns)
    first = _gentle_first_run(situation)
    if first is not None:
        yield first
    for entry in situation.due:
        if first is not None and entry.session.id == first.edits[0].session_id:
            continue
        easing = eased(entry.session, situation.zones, runs, situation.today, situation.returns)
        if easing is None or _long_run_comes_first(situation, entry.session):
            continue
        session, why = easing
        key = f"R20:{session.id}:{entry.session.distance_m:.0f}"
        evidence = {"planned_m": round(entry.session.distance_m), "allowed_m": round(session.distance_m)}
        yield RuleProposal(
            "R20",
            key,
            why,
            evidence,
            (Edit(entry.session, paced_or_by_effort(session, situation)),),
            rests_on=(longest_fact(situation, session.day, situation.today),),
        )


def _gentle_first_run(situation: Situation) -> RuleProposal | None:
    """The next run made a gentle one, where it became the first after time off: those before it were missed.

    It goes by the returns, and by 28 days without a run, whatever is known of them (TRAINING 9.3).
    """
    session = next((entry.session for entry in situation.due), None)
    run_on = days_run(situation)
    if session is None or not run_on:
        return None
    not_begun = [asked for asked in situation.returns if run_on[-1] < asked.first_day]
    limit_s = first_run_s(not_begun, session.day, run_on)
    if limit_s is None and (session.day - run_on[-1]).days > SHORT_DAYS:
        limit_s = FIRST_RUN_S
    if limit_s is None:
        return None
    runs = counted(situation.history, situation.returns)
    easing = eased(session, situation.zones, runs, situation.today, situation.returns)
    gentle = as_first_run(session if easing is None else easing[0], limit_s, situation.zones)
    if gentle.workout == session.workout and session.rpe[1] <= gentle.rpe[1]:
        return None
    gentle = replace(gentle, rules=marked(gentle.rules, "R20"))
    allowed = {"planned_m": round(session.distance_m), "allowed_m": round(gentle.distance_m)}
    return RuleProposal(
        "R20",
        f"R20:{session.id}:{session.distance_m:.0f}:first:{run_on[-1]}",
        Reason(Cause.GENTLE_FIRST_RUN),
        allowed,
        (Edit(session, paced_or_by_effort(gentle, situation)),),
        rests_on=(no_run_fact(run_on[-1] + timedelta(days=1), situation.today - timedelta(days=1)),),
    )


def _long_run_comes_first(situation: Situation, session: Session) -> bool:
    """Whether a long run that moved (A6), or still may, comes before the session: it may raise the cap."""
    for entry in situation.entries:
        long = entry.session
        if long.kind is not SessionKind.LONG or not entry.is_due:
            continue
        moved = "A6" in long.rules and long.day >= situation.today
        open_still = long.day == situation.today - timedelta(days=1)
        if (moved and session.day > long.day) or (open_still and session.day > long.day + _MOVES_WITHIN):
            return True
    return False


def too_long(situation: Situation) -> Iterator[RuleProposal]:
    """A1: after a run past 110 % of the longest of 30 days, nothing hard for 72 hours."""
    recent = [run for run in situation.runs if 0 <= (situation.today - run.day).days < LOOK_BACK_DAYS]
    runs = counted(situation.history, situation.returns) if recent else ()
    for run in recent:
        if run.kind in MEASURED_KINDS or run.raced:
            continue
        longest = _longest_before(runs, run)
        if longest is None:
            continue
        allowed_m = max(stretched_m(longest), return_cap_m(situation.returns, run.day) or 0.0)
        if run.distance_m > allowed_m * TOLERANCE:
            yield _spike(situation, run, longest)


def _spike(situation: Situation, run: DoneRun, longest: float) -> RuleProposal:
    cap = stretched_m(longest)
    rested = run.day + timedelta(days=REST_DAYS)
    until = run.day + timedelta(days=LOOK_BACK_DAYS)
    no_test = run.day + timedelta(days=NO_TEST_DAYS)
    edits: dict[str, Edit] = {}
    for entry in situation.due:
        session = entry.session
        is_test = session.kind is SessionKind.TEST and session.day < no_test
        if session.hard and session.kind is not SessionKind.RACE and (session.day < rested or is_test):
            edits[session.id] = as_easy(session, situation, "A1")
    if run.distance_m > FAR_OVER * longest and not edits:
        hard = next_hard(situation, rested, until)
        if hard is not None:
            edits[hard.session.id] = as_easy(hard.session, situation, "A1")
    for entry in situation.due:
        session = entry.session
        if session.kind is SessionKind.LONG and session.day <= until:
            if session.distance_m > cap * TOLERANCE and session.id not in edits:
                cut = shorter(session, cap, situation, "A1")
                if cut is not None:
                    edits[session.id] = cut
            break
    reason = Reason(
        Cause.RAN_TOO_FAR,
        {"run_m": run.distance_m, "day": run.day.isoformat(), "longest_m": longest},
    )
    evidence = {"run": run.id, "distance_m": round(run.distance_m), "longest_m": round(longest)}
    held = Condition(Demanded.RETEST, f"A1:{run.id}", run.day, no_test, no_test_before=no_test)
    return RuleProposal(
        "A1",
        f"A1:{run.id}",
        reason,
        evidence,
        tuple(edits.values()),
        held,
        about=run.session_id,
        rests_on=(run_fact(run, "distance_m", "kind", "raced"), longest_fact(situation, run.day, run.day)),
    )


def _longest_before(runs: Sequence[CountedRun], run: DoneRun) -> float | None:
    """The longest of the 30 days before; None where they are not all on record."""
    if not runs or runs[0].day > run.day - timedelta(days=WINDOW_DAYS):
        return None
    return longest_m(runs, run.day)
