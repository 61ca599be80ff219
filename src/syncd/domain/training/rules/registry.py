"""The adaptation rules in the order in which they are asked: the one source of what each rule is.

Documentation, `why` and tests read it. The order is the precedence: safety, illness, time off,
missed sessions, too hard, progress.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from syncd.domain.training.rules import (
    eased_again,
    heat,
    missed,
    missed_long,
    pain,
    quality,
    spike,
    strain,
    tests_wanted,
    time_off,
    too_little,
    unplanned_runs,
)
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
        "a run past 110 % of the longest of the 30 days before it (except races and tests)",
        "nothing hard for 72 hours, no test for 14 days, the next long run within the old limit; past 130"
        " %, the next hard session becomes an easy run",
        "Frandsen 2025",
        spike.too_long,
    ),
    Rule(
        "R20",
        _S,
        "the planned runs, against the longest of the last 30 days",
        "a run past 110 % of it is shortened; the first run after illness, injury or 28 days off is 20 to 30"
        " min at an effort of 3 at most, however late it comes",
        "Frandsen 2025",
        spike.single_run_cap,
    ),
    Rule(
        "W1",
        _S,
        "the weather of your last run, for two days, or heat that you enter (syncd heat): 30 C, or 27 C with"
        " a dew point of 20",
        "hard sessions of today and tomorrow, or of the days that you enter, become easy runs, long runs are"
        " cut to 75 %, and a test waits for one of the next weeks; races stay; in a pregnancy nothing is run"
        " from 25 C",
        "ACSM (a WBGT of 28); our default",
        heat.too_hot,
    ),
    Rule(
        "A3",
        _I,
        "days that you entered as ill or hurt",
        "no running while it lasts, and the workouts leave the watch; then a first run of 20 to 30 min, a"
        " day between runs in the first week, an even rise of volume and longest run (twice as long as "
        "the gap when hurt, at most 28 days), walks in the runs after a fever or 14 days hurt, nothing "
        "hard in the first half, for as many days as you were ill (3 to 14), or for a week after a fever; "
        "it begins with the first run where that is late",
        "practice; no protocol has evidence",
        time_off.illness,
    ),
    Rule(
        "P1",
        _I,
        "pain of 1 or 2 of 10 in a run of the last 7 days (syncd pain)",
        "the next hard day is easy; from 3, rising, still there a day later, or with a limp: hurt (A3); "
        "on one bony spot, or at night: nothing until a doctor has looked at it",
        "Vincent 2017; our default",
        pain.sore,
    ),
    Rule(
        "A2",
        _O,
        "8 days or more without a run (2.5 times the usual gap, at most 14), with two sessions missed and"
        " every source read",
        "an even rise from 50 to 100 % of the volume and of the longest run of before, for as long as the"
        " gap (33 to 85 % in 8 weeks after 4, in 12 after 8), nothing hard in the first half, the phase "
        "waits, paces eased by Daniels' table until the return is over; in a return, what was left of it "
        "counts as days off too; a pause of up to a fortnight excuses its own days",
        "Daniels; Feely 2023",
        time_off.gap_return,
    ),
    Rule(
        "A20",
        _O,
        "a week or more off in the 12 weeks before a half or a marathon",
        "a message says what it costs (a percentage for the marathon only); nothing is made up",
        "Feely 2023",
        time_off.race_cost,
    ),
    Rule("A4", _M, "a missed easy run", "nothing; it is not made up", "practice", missed.missed_easy),
    Rule(
        "A5",
        _M,
        "a missed hard session, for 3 days from the second day after it (A5 to A7 wait as long as your runs"
        " usually take to come in)",
        "it moves once, to a day two days away from other hard and long runs; otherwise it is dropped",
        "practice",
        missed.missed_hard,
    ),
    Rule(
        "A6",
        _M,
        "a missed long run, from the morning after it",
        "it moves to the next of your days within two, and the quality session slides: 48 hours (72 from "
        "50 years) lie between them; easy runs give way where the week would hold too much; not with an A"
        " race within 10 days",
        "practice",
        missed_long.missed_long,
    ),
    Rule(
        "A7",
        _M,
        "runs missed in 3 of 4 weeks and under 80 % of them run, or under 70 % of three weeks' distance; "
        "or one weekday missed 3 times out of 4",
        "a run a week less for 12 weeks with the kilometres of before, or that weekday is left out; only "
        "if that was done already, 10 % less volume, never less than was run; once in 4 weeks",
        "trainctl's rule; our default",
        too_little.too_little,
    ),
    Rule(
        "A10",
        _H,
        "two of three hard sessions with less than 60 % of the repetitions in the band (not in heat, hills)",
        "a step back; at the lowest level six easy days, then a test",
        "default",
        quality.too_hard_at_floor,
    ),
    Rule(
        "A18",
        _H,
        "a run that was hard and not planned so, beside the plan or instead of an easier one: a race, 10 "
        "min at half-marathon pace or faster in all, 20 min at marathon pace, or effort 8 and more",
        "it counts as a hard day: a hard session in the 48 hours after it moves or is run easy; after a "
        "race, as many easy days as its distance asks for, and the long run beside it is not missed",
        "practice",
        unplanned_runs.unplanned_hard,
    ),
    Rule(
        "A13",
        _H,
        "three easy runs that felt two points harder than runs of the 28 days before at the same pace or "
        "quicker",
        "a lighter week, once in 28 days; a second time within 6 weeks: easy days, and the advice to see "
        "someone about it",
        "default",
        strain.harder_than_usual,
    ),
    Rule(
        "A12",
        _H,
        "easy runs at effort 5 or more, or above LT1 for a fifth of the time (not in heat or hills)",
        "2 of 3: you get a message; 3 of 4: the next hard session becomes an easy run, once in 14 days "
        "and twice in 12 weeks, and not beside A13; never a test or a race",
        "article (S9, S10); how often: default",
        strain.easy_too_hard,
    ),
    Rule(
        "A21",
        _H,
        "a second A10 or A12 within 21 days",
        "five easy days, then a test, which no easing touches; a lighter week instead where easy runs at "
        "the same pace cost more effort than usual",
        "default",
        eased_again.eased_again,
    ),
    Rule(
        "A14",
        _H,
        "heart-rate drift past 10 % on two long runs in cool weather and on flat ground",
        "the long run gets no longer for two weeks",
        "convention",
        strain.drifting,
    ),
    Rule(
        "A8",
        _P,
        "90 % of the repetitions in the band at the expected effort: once at levels 1 and 2, later 2 of 3",
        "the next level of that kind of session, never within 36 hours of it; only A10 and a return lower it",
        "default",
        quality.levels,
    ),
    Rule(
        "A9",
        _P,
        "60 to 89 % of the repetitions in the band, or harder than expected",
        "the level is repeated",
        "default",
        None,
        "quality.levels",
    ),
    Rule(
        "A11",
        _P,
        "repetitions quicker than the band in 2 of 3 sessions",
        "you get a message; in 3 of 3, a test is planned, unless there was one in the last 6 weeks. Training "
        "runs never raise your paces",
        "Lu 2025: watches overrate",
        quality.reps_too_fast,
    ),
    Rule(
        "A15",
        _P,
        "a repetition that you stopped in its last third",
        "it counts as run once 80 % of it is done",
        "default",
        None,
        "the score",
    ),
    Rule(
        "A16",
        _P,
        "a valid test or race of 2.4 km to a half-marathon",
        "new paces from that day; they rise by at most 1 VDOT every 3 weeks and fall at once; a rise of "
        "more than 3 waits for a second test, which is planned three weeks later",
        "Daniels; practice",
        None,
        "the results",
    ),
    Rule(
        "A17",
        _P,
        "a test that is not valid, or 3 % slower for no known reason; a test that a rule asked for and that "
        "you missed",
        "no change; one more test, at the earliest 14 days later; a missed one again in 5 to 14 days, once",
        "default",
        tests_wanted.missed_test,
    ),
    Rule(
        "A19",
        _P,
        "a workout other than the one that was due",
        "the run is scored against what the watch ran; the planned one counts as missed, or moves",
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
    return next((known for known in RULES if known.id == identity), None)
