"""The adaptation rules in the order in which they are asked: the one source of what each is.

Documentation, `why` and tests read it. The order is the precedence: safety, illness, time off,
missed sessions, too hard, progress.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from syncd.domain.training.rules import missed, quality, spike, strain, time_off, unplanned_runs
from syncd.domain.training.rules.situation import RuleProposal, Situation

Propose = Callable[[Situation], Iterator[RuleProposal]]


class Precedence(IntEnum):
    """Who gives way to whom: the lower number wins."""

    SAFETY = 1
    ILLNESS = 2
    TIME_OFF = 3
    MISSED = 4
    TOO_HARD = 5
    PROGRESS = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """`looks_at` and `does` are for people. `propose` None: it is kept elsewhere, `kept_by` says where."""

    id: str
    precedence: Precedence
    looks_at: str
    does: str
    basis: str
    propose: Propose | None = None
    kept_by: str = ""


_S, _I, _O, _M, _H, _P = Precedence
RULES: tuple[Rule, ...] = (
    Rule(
        "A1",
        _S,
        "a run past 110 % of the longest of the 30 days before it (races and tests apart)",
        "nothing hard for 72 hours, no test for 14 days, the next long run within the old cap; "
        "past 130 % the next hard session is an easy run",
        "Frandsen 2025",
        spike.too_long,
    ),
    Rule(
        "R20",
        _S,
        "committed runs, against the longest of 30 days",
        "a run past 110 % of it gets shorter",
        "Frandsen 2025",
        spike.single_run_cap,
    ),
    Rule(
        "A3",
        _I,
        "days ill or hurt, as you said",
        "nothing while it lasts, workouts leave the watch; then a first run of 20 to 30 min, the load "
        "in steps, nothing hard for as many days as you were ill (3 to 14); missed sessions stay missed",
        "practice; no protocol has evidence",
        time_off.illness,
    ),
    Rule(
        "A2",
        _O,
        "6 days or more without a run, with two sessions missed and every source read",
        "50 and 75 % of the load for as long as the gap (33, 50, 75 % after 4 weeks, four steps of "
        "3 weeks after 8), nothing hard in the first third (half after 4 weeks), paces eased by "
        "Daniels' table",
        "Daniels; Feely 2023",
        time_off.gap_return,
    ),
    Rule(
        "A20",
        _O,
        "a week or more off within 12 weeks of a half or a marathon",
        "says what it costs (percentages for the marathon only); nothing is crammed",
        "Feely 2023",
        time_off.race_cost,
    ),
    Rule("A4", _M, "a missed easy run", "nothing: it is not made up", "practice", missed.missed_easy),
    Rule(
        "A5",
        _M,
        "a missed hard session, once its grace is over, for 3 days",
        "moves once to a day two days away from other hard and long runs, else it is dropped",
        "practice",
        missed.missed_hard,
    ),
    Rule(
        "A6",
        _M,
        "a missed long run",
        "takes the place of the next easy run, if the next long run is 4 days away",
        "practice",
        missed.missed_long,
    ),
    Rule(
        "A7",
        _M,
        "three weeks with less than 70 % of their distance run; one weekday missed 3 times of 4",
        "the plan grows again from the best of the three, the next level down, once in 4 weeks; "
        "or that weekday is left out for 12 weeks",
        "trainctl's rule; our default",
        missed.too_little,
    ),
    Rule(
        "A10",
        _H,
        "two of three hard sessions with less than 60 % of the repetitions in band (heat and hills apart)",
        "a step back; at the lowest level six easy days, then a test is offered",
        "default",
        quality.too_hard_at_floor,
    ),
    Rule(
        "A18",
        _H,
        "a race, or 20 min at threshold or faster, that was not planned",
        "it is the hard day: the planned one moves or is run easily; after a race as many easy days as "
        "its distance asks",
        "practice",
        unplanned_runs.unplanned_hard,
    ),
    Rule(
        "A13",
        _H,
        "three easy runs that felt two points harder than your median of 28 days",
        "a lighter week, once in 28 days; a second time within 6 weeks: easy days, and see someone",
        "default",
        strain.harder_than_usual,
    ),
    Rule(
        "A12",
        _H,
        "easy runs at effort 5 or above LT1 for a fifth of the time (not in heat, hills)",
        "2 of 3: you are told; 3 of 4: the next hard session is an easy run, once in 14 days",
        "article (S9, S10)",
        strain.easy_too_hard,
    ),
    Rule(
        "A14",
        _H,
        "heart drift past 10 % on two long runs in the cool and on the flat",
        "the long run gets no longer for two weeks",
        "convention",
        strain.drifting,
    ),
    Rule(
        "A8",
        _P,
        "90 % of the repetitions in band at the expected effort: once at levels 1 and 2, then 2 of 3",
        "the next level of that kind of session, never inside 36 hours",
        "default",
        quality.levels,
    ),
    Rule(
        "A9",
        _P,
        "60 to 89 % of the repetitions in band, or harder than expected",
        "the level is repeated",
        "default",
        None,
        "quality.levels",
    ),
    Rule(
        "A11",
        _P,
        "repetitions quicker than the band, 2 of 3 sessions",
        "you are told; 3 of 3: a test is offered. Paces never rise from training runs",
        "Lu 2025: watches overrate",
        quality.reps_too_fast,
    ),
    Rule(
        "A15",
        _P,
        "a repetition that stopped in its last third",
        "it counts as run from 80 % on",
        "default",
        None,
        "the score",
    ),
    Rule(
        "A16",
        _P,
        "a valid test or race of 3 km to a half-marathon",
        "new paces, dated; a rise moves them by 1 VDOT in 3 weeks, a fall at once; a rise of more than 3 "
        "waits for a second test, which is planned three weeks later",
        "Daniels; practice",
        None,
        "the results",
    ),
    Rule(
        "A17",
        _P,
        "a test that is not valid, or 3 % slower without cause",
        "no change; one more test 14 days later at the earliest",
        "default",
        None,
        "the results",
    ),
    Rule(
        "A19",
        _P,
        "another workout run than the one that was due",
        "scored against what the watch ran; ours counts as missed, or moved",
        "default",
        None,
        "the score",
    ),
)


def rules_table() -> str:
    """All rules as a Markdown table, in the order of precedence."""
    lines = ["| rule | class | looks at | does | basis |", "|---|---|---|---|---|"]
    for rule in RULES:
        name = rule.precedence.name.lower().replace("_", " ")
        lines.append(f"| {rule.id} | {name} | {rule.looks_at} | {rule.does} | {rule.basis} |")
    return "\n".join(lines)


def rule(identity: str) -> Rule | None:
    """The rule of that id."""
    return next((each for each in RULES if each.id == identity), None)
