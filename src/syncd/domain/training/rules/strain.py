"""Signs of strain on easy runs: too hard (A12), harder than they used to be (A13), drifting (A14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from syncd.domain.reason import Reason
from syncd.domain.session import EASY_KINDS, SessionKind, WeekKind, monday_of
from syncd.domain.training.adaptation import TOLERANCE
from syncd.domain.training.conditions import Condition, Demanded
from syncd.domain.training.evidence import run_facts
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.edits import as_easy, next_easable, next_hard, shorter
from syncd.domain.training.rules.situation import DoneRun, Edit, RuleProposal, Situation

WARM_C, HILLY_M_PER_KM = 20.0, 10.0
EASY_RPE, ABOVE_LT1 = 5.0, 0.20
TOO_HARD_NOTED, NOTED_OF, TOO_HARD_EASED, EASED_OF = 2, 3, 3, 4
EASED_EVERY_DAYS, NOTED_EVERY_DAYS = 14, 14
# Our default, on eight simulated seasons: who runs easy days too fast as a habit lost 9 % of the
# kilometres and 0.6 VDOT to an easing every two weeks, and no day less to injuries.
EASED_AT_MOST, EASED_OVER_DAYS = 2, 84
SAME_PACE = 0.03  # our default: half of what an easy pace varies from day to day
HARDER_BY, HARDER_RUNS, BASE_DAYS, LEAST_BASE = 2.0, 3, 28, 4
DOWN_EVERY_DAYS, AGAIN_WITHIN_DAYS, CALM_DAYS = 28, 42, 6
RECENT_DAYS = 14  # our default: what is older says nothing about today
DRIFT, DRIFT_RUNS, HOLD_DAYS = 0.10, 2, 14
EASED = "A12:eased"  # with which the keys of what it eased begin
EASY_FIELDS = ("kind", "rpe", "above_lt1")  # what makes an easy run too hard
PACED_FIELDS = ("kind", "rpe", "distance_m", "duration_s")  # what makes it harder than usual at its pace


def easy_too_hard(situation: Situation) -> Iterator[RuleProposal]:
    """A12: easy runs that are not easy are worth a message; three of four make the next hard session easy."""
    judged = [run for run in situation.runs if _is_telling(run)][-EASED_OF:]
    if not judged or not _is_too_hard(judged[-1]) or _is_old(situation, judged[-1]):
        return
    too_hard = [run for run in judged if _is_too_hard(run)]
    noted = [run for run in judged[-NOTED_OF:] if _is_too_hard(run)]
    if situation.fired_within("A13", EASED_EVERY_DAYS):
        return  # one cause is eased once
    if len(too_hard) >= TOO_HARD_EASED and _may_ease(situation):
        hard = next_easable(situation)
        if hard is not None:
            reason = Reason(Cause.NOT_EASY_EASED, {"days": [run.day.isoformat() for run in too_hard]})
            edits = (as_easy(hard.session, situation, "A12"),)
            key = f"A12:eased:{judged[-1].id}"
            rests_on = run_facts(too_hard, *EASY_FIELDS)
            yield RuleProposal("A12", key, reason, _evidence(too_hard), edits, rests_on=rests_on)
            return
    if len(noted) >= TOO_HARD_NOTED and not situation.fired_within("A12", NOTED_EVERY_DAYS):
        reason = Reason(Cause.NOT_EASY_NOTED, {"days": [run.day.isoformat() for run in noted]})
        key = f"A12:told:{judged[-1].id}"
        about, rests_on = judged[-1].session_id, run_facts(noted, *EASY_FIELDS)
        yield RuleProposal("A12", key, reason, _evidence(noted), about=about, rests_on=rests_on)


def harder_than_usual(situation: Situation) -> Iterator[RuleProposal]:
    """A13: three easy runs that felt two points harder than yours used to: a lighter week."""
    found = raised_effort(situation)
    if found is None or situation.fired_within("A13", DOWN_EVERY_DAYS):
        return
    last, usual = found
    if _eased_for(situation, last):
        return  # one cause is eased once
    hard = next_hard(situation, situation.today)
    eased = situation.fired_within(EASED, EASED_EVERY_DAYS)  # hard to easy once in 14 days
    edits = (as_easy(hard.session, situation, "A13"),) if hard is not None and not eased else ()
    key = f"A13:{last[-1].id}"
    no_test = situation.today + timedelta(days=14)
    if situation.fired_within("A13", AGAIN_WITHIN_DAYS):
        until = situation.today + timedelta(days=CALM_DAYS)
        cause = Cause.HARDER_AGAIN
        asked = Condition(
            Demanded.CALM, "A13", situation.today, until, hard_from=until, no_test_before=no_test
        )
    else:
        monday = monday_of(situation.today + timedelta(days=6))
        cause = Cause.HARDER_THAN_USUAL
        if situation.kind_of(monday) not in (None, WeekKind.BUILD):
            cause = Cause.HARDER_BEFORE_LIGHTER_WEEK
        sunday = monday + timedelta(days=6)
        asked = Condition(Demanded.DOWN, "A13", monday, sunday, hard_from=monday, no_test_before=no_test)
    reason = Reason(cause, {"by": HARDER_BY, "usual": usual})
    rests_on = run_facts(last, *PACED_FIELDS)
    evidence = _evidence(last) | {"pace_s_per_km": [round(_pace(run)) for run in last]}
    yield RuleProposal("A13", key, reason, evidence, edits, asked, rests_on=rests_on)


def runs_too_hard(situation: Situation) -> list[DoneRun]:
    """The easy runs that were not easy, as far as they tell."""
    return [run for run in situation.runs if _is_telling(run) and _is_too_hard(run)]


def raised_effort(situation: Situation) -> tuple[list[DoneRun], float] | None:
    """The last three easy runs and the usual effort, where all three felt two points harder than runs of the
    four weeks before at the same pace or a quicker one; None where not, or where too few are known.
    """
    felt = [run for run in situation.runs if run.kind in EASY_KINDS and run.rpe is not None and _is_mild(run)]
    last = felt[-HARDER_RUNS:]
    if len(last) < HARDER_RUNS or _is_old(situation, last[0]):
        return None
    since = last[0].day - timedelta(days=BASE_DAYS)
    base = [run for run in felt[:-HARDER_RUNS] if run.day >= since]
    usual: list[float] = []
    for run in last:
        alike = [known.rpe for known in base if known.rpe is not None and _as_quick(known, run)]
        if len(alike) < LEAST_BASE or (run.rpe or 0.0) < median(alike) + HARDER_BY:
            return None
        usual.append(median(alike))
    return last, median(usual)


def _may_ease(situation: Situation) -> bool:
    """Whether A12 may ease a hard session: once in 14 days, twice in 12 weeks; then it only says so."""
    lately = situation.fired_on(EASED, EASED_OVER_DAYS)
    return len(lately) < EASED_AT_MOST and not situation.fired_within(EASED, EASED_EVERY_DAYS)


def _eased_for(situation: Situation, runs: list[DoneRun]) -> bool:
    """Whether A12 eased something lately that rests on one of these runs."""
    lately = situation.fired_on(EASED, EASED_EVERY_DAYS)
    return any(run.day <= day for run in runs for day in lately)


def _pace(run: DoneRun) -> float:
    """In s/km; 0 without a distance."""
    return run.duration_s * 1000 / run.distance_m if run.distance_m else 0.0


def _as_quick(known: DoneRun, run: DoneRun) -> bool:
    """Whether a run was at the same pace or quicker: effort that rises with pace is no sign of strain."""
    speeds = [other.distance_m / other.duration_s if other.duration_s else 0.0 for other in (known, run)]
    return speeds[0] >= (1 - SAME_PACE) * speeds[1]


def drifting(situation: Situation) -> Iterator[RuleProposal]:
    """A14: two long runs on which the heart drifted, in the cool and on the flat: no longer for now."""
    longs = [
        run
        for run in situation.runs
        if run.kind is SessionKind.LONG and run.decoupling is not None and _is_mild(run) and run.trusted
    ][-DRIFT_RUNS:]
    drifted = [run for run in longs if (run.decoupling or 0.0) > DRIFT]
    if len(drifted) < DRIFT_RUNS or _is_old(situation, longs[-1]):
        return
    if situation.fired_within("A14", HOLD_DAYS):
        return
    long_m = max(run.distance_m for run in longs)
    until = situation.today + timedelta(days=HOLD_DAYS)
    reason = Reason(Cause.HEART_DRIFTED, {"shares": [run.decoupling or 0.0 for run in longs]})
    edits: list[Edit] = []
    for entry in situation.due:
        session = entry.session
        longer = session.distance_m > long_m * TOLERANCE
        if session.kind is SessionKind.LONG and session.day <= until and longer:
            cut = shorter(session, long_m, situation, "A14")
            edits += [cut] if cut is not None else []
    asked = Condition(Demanded.LONG_HOLD, "A14", situation.today, until, long_m=round(long_m))
    rests_on = run_facts(longs, "kind", "decoupling", "distance_m")
    key = f"A14:{longs[-1].id}"
    yield RuleProposal("A14", key, reason, _evidence(longs), tuple(edits), asked, rests_on=rests_on)


def _is_telling(run: DoneRun) -> bool:
    """An easy run with effort or heart rate known, not in the heat, not in the hills and no race."""
    known = run.rpe is not None or run.above_lt1 is not None
    return run.kind in EASY_KINDS and known and _is_mild(run) and run.trusted and not run.raced


def _is_mild(run: DoneRun) -> bool:
    cool = run.temperature_c is None or run.temperature_c <= WARM_C
    return cool and (run.climb_m_per_km is None or run.climb_m_per_km <= HILLY_M_PER_KM)


def _is_too_hard(run: DoneRun) -> bool:
    felt = run.rpe is not None and run.rpe >= EASY_RPE
    return felt or (run.above_lt1 is not None and run.above_lt1 >= ABOVE_LT1)


def _is_old(situation: Situation, run: DoneRun) -> bool:
    return (situation.today - run.day).days > RECENT_DAYS


def _evidence(runs: list[DoneRun]) -> dict[str, list[object]]:
    return {
        "runs": [run.id for run in runs],
        "rpe": [run.rpe for run in runs],
        "above_lt1": [None if run.above_lt1 is None else round(run.above_lt1, 2) for run in runs],
    }
