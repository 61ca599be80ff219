"""Reasons as text: one catalogue from code to English, in the reader's units.

The forms in which a template shows its facts are those of `fact_forms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from syncd.domain.athlete import Goal, Race, RacePriority
from syncd.domain.day_text import day_text
from syncd.domain.delivery import labels
from syncd.domain.reason import LEGACY, Reason
from syncd.domain.session import Phase
from syncd.domain.training.reasons import Cause
from syncd.domain.units import KILOMETRES, Units
from syncd.report.aim_texts import RACE_TEXTS, goal_text, phase_text
from syncd.report.fact_forms import FactFormatter, Facts, Wording, reps_text
from syncd.report.heat_texts import heat_said, in_heat

_RED_FLAGS = (
    "See a doctor before you run again if you had chest pain, fainting, breathlessness at rest, or a heart "
    "that races or skips."
)
_WHY_NOT_LARGER = {
    "R18": "the week has no room for more",
    "R20": "no run is longer than 110% of your longest in the last 30 days",
    "R24": "each pace has its limit in the week",
    "R25": "at most a quarter of the week is hard",
    "S6": "at most 20% of the week is hard",
    "S19": "the long run stays the longest",
    "S23": "most of the hard running is at half-marathon or marathon pace",
}
_WHY_IT_STAYS = {
    "near": "it is too near to get harder",
    "spacing": "another hard or long run is too close to it",
    "return": "you are still on your way back",
    "taken": "another run is on that day",
    "over": "that day is over",
}


def _stays_easier(facts: Facts, units: Units) -> str:
    """A session that is not put back, although nothing asks for the easier one any more."""
    fact = reason_text(Reason.from_json(facts["fact"]), units)
    session = facts["session"]
    name = labels.titled(session["title"], session["length_m"], units)
    day = day_text(date.fromisoformat(session["day"]))
    return f"{fact}. {name} on {day} does not come back all the same: {_WHY_IT_STAYS[facts['why']]}"


def reason_text(reason: Reason, units: Units) -> str:
    """The reason as a phrase that can follow `because`; notes of weeks are whole sentences."""
    if reason.code == LEGACY:
        return str(reason.facts["text"])
    wording = CATALOGUE[Cause(reason.code)]
    facts = {"five_k_m": 5000.0} | dict(reason.facts)
    if callable(wording):
        return wording(facts, units)
    return FactFormatter(units, reason_text).vformat(wording, (), facts)


def reason_sentence(reason: Reason, units: Units) -> str:
    """The reason as a sentence of its own: a capital letter, one full stop."""
    text = reason_text(reason, units)
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def _moved_level(how: str, move: str) -> Wording:
    """A level that moved, from some of the last sessions."""

    def text(facts: Facts, units: Units) -> str:
        runs, of = facts["runs"], facts["of"]
        if len(runs) == 1:
            who = "your last quality run was"
        elif len(runs) == of:
            who = f"your last {({2: 'two', 3: 'three'})[of]} quality runs were"
        else:
            who = "two of your last three quality runs were"
        return f"{who} {how}: {reps_text(runs, units)}. The next one is {move}"

    return text


def _wrong_distance(facts: Facts, units: Units) -> str:
    if units.name == KILOMETRES.name:
        return f"{facts['run_m'] / 1000:.2f} km instead of {facts['asked_m'] / 1000:g} km"
    run, asked = (facts[name] / units.metres for name in ("run_m", "asked_m"))
    return f"{run:.2f} {units.name} instead of {asked:.2f} {units.name}"


def _hilly(_: Facts, units: Units) -> str:
    is_metric = units.name == KILOMETRES.name
    return f"more than {'10 m of climbing per kilometre' if is_metric else '53 ft of climbing per mile'}"


def _goal(facts: Facts, _: Units) -> str:
    goal, race = Goal(facts["goal"]), None
    if facts["race"] is not None:
        race = Race(date.fromisoformat(facts["race"]), goal, RacePriority(facts["priority"]))
    return f"your goal is now {goal_text(goal, race)}"


def _phase(facts: Facts, _: Units) -> str:
    return f"the phase is now {phase_text(Phase(facts['phase']) if facts['phase'] else None)}"


def _time_off(facts: Facts, _: Units) -> str:
    kind, first_day, until = facts["kind"], date.fromisoformat(facts["first_day"]), facts["last_day"]
    last_day = None if until is None else date.fromisoformat(until)
    return f"{labels.time_off_title(kind, first_day, last_day)}: {labels.time_off_note(kind, last_day)}"


def _fever(facts: Facts, _: Units) -> str:
    return f"you are ill {'with' if facts['fever'] else 'without'} fever"


def _pain(template: str) -> Wording:
    """What follows from pain in a run: `your run on Sun 5 Apr hurt (4 of 10, shin, with a limp)`."""

    def text(facts: Facts, _: Units) -> str:
        signs = [PAIN_SIGNS[sign] for sign in facts.get("signs", ())]
        how = ", ".join(filter(None, (f"{facts['worst']} of 10", facts["place"], *signs)))
        return template.format(pain=f"your run on {day_text(date.fromisoformat(facts['day']))} hurt ({how})")

    return text


PAIN_SIGNS = {
    "rising": "rising",
    "still": "still there a day later",
    "limp": "with a limp",
    "spot": "on one bony spot",
    "night": "at night",
}


def _short_of_race(facts: Facts, units: Units) -> str:
    instead = facts["instead"]
    offer = (
        f"{RACE_TEXTS[Goal(instead)]} is within reach"
        if instead
        else "run without a race for now, and add one later"
    )
    return FactFormatter(units, reason_text).vformat(
        f"{RACE_TEXTS[Goal(facts['goal'])]} needs a week of {{wanted_week_m:whole}} and a long run of "
        f"{{wanted_long_m:whole}} or {facts['wanted_long_s'] / 60:.0f} min before it; this plan gets to "
        f"{{week_m:whole}} and {{long_m:whole}} by then: {offer}",
        (),
        facts,
    )


def _troubled(facts: Facts, _: Units) -> str:
    day, trouble = day_text(date.fromisoformat(facts["day"])), facts["trouble"]
    if trouble in ("stop", "birth"):
        return f"no running since {day}, until you are cleared (syncd health)"
    return f"you have been {trouble} since {day}: no running until you are well"


def _race_name(facts: Facts) -> str:
    day = day_text(date.fromisoformat(facts["day"]))
    return f"{RACE_TEXTS[Goal(facts['goal'])].removeprefix('a ')} on {day}"


def _race_not_planned_for(facts: Facts, _: Units) -> str:
    return f"Your {_race_name(facts)} stays in the calendar; it is not planned for (syncd health)."


def _race_in_return(facts: Facts, _: Units) -> str:
    return f"Your {_race_name(facts)} stays in the calendar; it is not planned for so soon after time off."


def _race_under_age(facts: Facts, _: Units) -> str:
    return f"Your {_race_name(facts)} stays in the calendar; it is not planned for before age 18 (H5)."


_FROM_GRADE = {
    "stop": "no running until a doctor has cleared you",
    "easy_only": "easy running only until a doctor has cleared you",
    "injury": "no running until it is better",
    "pregnancy": "easy running by the talk test, never more than usual, no test and no race",
    "birth": "walks for twelve weeks and until you are cleared",
    "walks": "walks until you are cleared",
}


def _health_said(facts: Facts, _: Units) -> str:
    day = day_text(date.fromisoformat(facts["day"]))
    return f"you answered a question about your health with yes ({day}): {_FROM_GRADE[facts['grade']]}"


def _health_cleared(facts: Facts, _: Units) -> str:
    day = day_text(date.fromisoformat(facts["day"]))
    who = (
        "you are better"
        if facts["grade"] == "injury"
        else f"you are cleared for {_CLEARED[facts['cleared_for']]}"
    )
    return f"{who} since {day}"


_CLEARED = {"easy": "easy running", "everything": "everything", "over": "easy running"}


def _quality(template: str) -> Wording:
    """A note on a quality session that gave way; `which`: nothing, or the second one."""

    def text(facts: Facts, _: Units) -> str:
        rule = facts["rule"]
        which = "second " if facts["second"] else ""
        return template.format(which=which, why=_WHY_NOT_LARGER[rule], rule=rule)

    return text


_FELT_HARDER = "your last three easy runs felt {by:n point} harder than usual for you ({usual:g} of 10)"
_BACK = (
    " for {days:n day}: you come back in steps, first with a run of 20 to 30 minutes, and with nothing hard "
    "before {hard_from:day}"
)
_ON_PACE = "your last quality run was on pace: {runs:reps}"
_OFF_WITHIN = "{days:n day} off in the 12 weeks before your race on {day:day} "
_AIM_SLOWER = ": aim for a slower time, and do not try to catch up"
_UNTIL_RESUME = " Nothing is planned until you run syncd resume: do so after "
_IN_STEPS = ". Then you come back in steps."

CATALOGUE: Mapping[Cause, str | Wording] = {
    Cause.RAN_TOO_FAR: (
        "your run of {run_m:distance} on {day:day} was more than 110% of your longest run in the 30 days "
        "before ({longest_m:distance}): easy days first"
    ),
    Cause.PAST_LONGEST: (
        "your longest run in the 30 days before was {longest_m:distance}: {allowed_m:distance} "
        "instead of {planned_m:distance}"
    ),
    Cause.LOWER_AFTER_TIME_OFF: "after {days:n day} off its sessions begin smaller",
    Cause.EASED_AGAIN: (
        "hard sessions had to be made easier again ({days:days}): five easy days, then a test shows "
        "whether your paces are right"
    ),
    Cause.EASED_AGAIN_BEFORE_TEST: (
        "hard sessions had to be made easier again ({days:days}): easy running until the test on {day:day} "
        "shows whether your paces are right"
    ),
    Cause.ASKED_TEST_MISSED: (
        "the test of {day:day} was not run: another one shows whether your paces are right"
    ),
    Cause.EASED_AGAIN_NO_TEST: (
        "hard sessions had to be made easier again ({days:days}): five easy days, then the plan goes on"
    ),
    Cause.EASED_AGAIN_AND_TIRED: (
        "hard sessions had to be made easier again ({days:days}), and the same easy pace costs you more "
        "effort than usual: a lighter week"
    ),
    Cause.PAST_RETURN: (
        "you are coming back from time off: {allowed_m:distance} instead of {planned_m:distance}"
    ),
    Cause.GENTLE_FIRST_RUN: (
        "your first run after time off is a gentle one: 30 minutes at most, at an effort of 3 of 10 at most"
    ),
    Cause.NO_RECENT_RUN: (
        "you had no run in the 30 days before: {allowed_m:distance} instead of {planned_m:distance}"
    ),
    Cause.RACED_UNPLANNED: "your run on {day:day} was a race that was not planned: it counts as the hard day",
    Cause.HARD_UNPLANNED: (
        "your run on {day:day} was hard for 20 minutes or more, and not planned: it counts as the hard day"
    ),
    Cause.WORKED_HARD_UNPLANNED: (
        "your run on {day:day} had {work_s:minutes} at {zone:pace} or faster: it counts as a hard day"
    ),
    Cause.ALL_OUT_UNPLANNED: "your run on {day:day} was as quick as a race: it counts as a hard day",
    Cause.FELT_HARD_UNPLANNED: "your run on {day:day} felt {rpe:g} of 10: it counts as a hard day",
    Cause.LONG_BESIDE_RACE: "{session:name} was not missed: your race effort on {day:day} stands for it",
    Cause.MEASURED_INSTEAD: (
        "your run on {day:date} was a race, or as good as one, in place of {session:name}"
    ),
    Cause.EASY_MISSED: "you missed {session:title}: no need to make it up",
    Cause.HARD_DROPPED: "you missed {session:title}, and no other day is far enough from hard runs: dropped",
    Cause.HARD_MOVED: "you missed {session:title}: moved to {to:day}",
    Cause.HARD_MOVED_OVER_EASY: (
        "you missed {session:title}: moved to {to:day}, in place of the easy run there"
    ),
    Cause.LONG_DROPPED: (
        "you missed your long run on {day:day}, and the next one is soon: no need to make it up"
    ),
    Cause.LONG_MOVED: "you missed your long run on {day:day}: it moves to {to:day}",
    Cause.LONG_AND_HARD_MOVED: (
        "you missed your long run on {day:day}: it moves to {to:day}, and {session:title} to {hard_to:day}"
    ),
    Cause.WEEKDAY_MISSED: (
        "you missed {missed} of the last {of} {weekday:weekday} runs: the plan does without "
        "{weekday:weekday}s from now on"
    ),
    Cause.RUNS_MISSED: (
        "you missed {missed} of {of:n run} in {weeks:n week}: the plan goes on with {runs:n run} a week and, "
        "as far as they can hold them, as many kilometres"
    ),
    Cause.TOO_LITTLE_RUN: (
        "you ran {share:.0%} of what was planned over three weeks: the plan builds again from "
        "{week_m:distance} a week"
    ),
    Cause.NOTHING_SCORED: "no quality run of this kind has been scored yet",
    Cause.STEP_UP: _moved_level("on pace", "a step up"),
    Cause.STEP_BACK: _moved_level("off the pace", "a step back"),
    Cause.OFF_PACE: "your last quality run was off the pace: {runs:reps}. You get one more try at this level",
    Cause.HARDER_THAN_MEANT: (
        "your last quality run was on pace but felt harder than {rpe} of 10: {runs:reps}. "
        "You repeat this level"
    ),
    Cause.PARTLY_ON_PACE: "your last quality run was partly on pace: {runs:reps}. You repeat this level",
    Cause.FASTER_THAN_ASKED: "your last quality run was faster than asked: {runs:reps}. The level stays",
    Cause.ON_PACE_LOWER: f"{_ON_PACE}, at level {{level}}. Level {{next_level}} is next",
    Cause.TOP_LEVEL: f"{_ON_PACE}. This is the top level",
    Cause.ONE_MORE: f"{_ON_PACE}. One more like it and you move up a level",
    Cause.OFF_PACE_AT_LOWEST: (
        "you were off the pace at the lowest level on {days:days}: six easy days, then a "
        "{five_k_m:course} test to see whether your paces are right (syncd result)"
    ),
    Cause.REPS_TOO_FAST: (
        "your reps were faster than asked on {days:days}: hold the pace, every rep should be repeatable"
    ),
    Cause.REPS_ALWAYS_TOO_FAST: (
        "your reps were faster than asked on {days:days}: a {five_k_m:course} test would show whether "
        "you are fitter"
    ),
    Cause.NOT_EASY_EASED: "easy runs on {days:days} were not easy: the next hard session becomes an easy run",
    Cause.NOT_EASY_NOTED: (
        "easy runs on {days:days} were not easy: slow down until you can talk in full sentences"
    ),
    Cause.HARDER_THAN_USUAL: f"{_FELT_HARDER}: a lighter week comes first",
    Cause.HARDER_BEFORE_LIGHTER_WEEK: f"{_FELT_HARDER}: the lighter week ahead comes at the right time",
    Cause.HARDER_AGAIN: f"{_FELT_HARDER}, for the second time: easy days only, and see a doctor if it lasts",
    Cause.HEART_DRIFTED: (
        "your heart rate drifted by {shares:shares} on your last two long runs: they get no longer for "
        "two weeks"
    ),
    Cause.STILL_OFF: (
        "no run from {first_day:day} on ({days:n day} so far): you come back in steps, easy runs first"
    ),
    Cause.BACK_FROM_BREAK: (
        "no run from {first_day:day} to {last_day:day} ({days:n day}): you come back in steps"
    ),
    Cause.TROUBLED: _troubled,
    Cause.BACK_FROM_ILLNESS: f"you were ill{_BACK}",
    Cause.BACK_FROM_INJURY: f"you were hurt{_BACK}; stop if it hurts more than 3 of 10, or if you limp",
    Cause.BACK_FROM_STOP: f"you are cleared, after no running{_BACK}",
    Cause.SORE: _pain("{pain}: the next hard day is easy"),
    Cause.HURT_IN_RUN: _pain(
        "{pain}: no running until it is better. If it stays, let a doctor or a physiotherapist look at it"
    ),
    Cause.SEE_DOCTOR: _pain(
        "{pain}: stop running and see a doctor; this can be a stress fracture. Nothing is planned until one "
        "has cleared you (syncd resume --cleared)"
    ),
    Cause.PAIN_LONG_AGO: (
        "the run of {day:day} is too long ago for this to change the plan: if it still hurts, "
        "syncd sick --hurt"
    ),
    Cause.HARD_IN_HEAT: in_heat("hard running waits until it is cooler"),
    Cause.LONG_IN_HEAT: in_heat("the long run is a quarter shorter"),
    Cause.PREGNANT_IN_HEAT: in_heat("in a pregnancy nothing is run in such heat (H4)"),
    Cause.RACE_IN_HEAT: in_heat(
        "the race stays as it is. Begin it slower than you meant to, drink, and stop if you get dizzy or cold"
    ),
    Cause.TEST_IN_HEAT: in_heat("the test comes in one of the next weeks"),
    Cause.HEAT_SAID: heat_said,
    Cause.HEAT_OVER: "you said on {day:day} that the heat is over",
    Cause.HEAT_IS_OTHERWISE: "you changed what you entered about the heat on {day:day}",
    Cause.PAIN_IS_OTHERWISE: "you corrected what you entered about pain on {day:day}",
    Cause.RACE_COSTS_TIME: f"{_OFF_WITHIN}cost time that no single week wins back{_AIM_SLOWER}",
    Cause.MARATHON_COSTS_TIME: (
        f"{_OFF_WITHIN}cost other runners about {{percent:g}}% of their finish time{_AIM_SLOWER}"
    ),
    Cause.WARNED: "{found:reason}; {warning:reason}",
    Cause.TAKEN_BACK: "{fact:reason}",
    Cause.STAYS_EASIER: _stays_easier,
    Cause.RUN_COUNTS_NO_MORE: "the run of {day:day} counts no more",
    Cause.RUN_IS_OTHERWISE: "the run of {day:day} is not what it first seemed to be",
    Cause.RUNS_CAME_LATE: "you did run between {first_day:day} and {last_day:day}: it came in late",
    Cause.DISTANCE_IS_OTHERWISE: (
        "what you ran between {first_day:day} and {last_day:day} is not what was known"
    ),
    Cause.LONGEST_IS_OTHERWISE: "your longest run before {day:day} is not the one that was known",
    Cause.RUN_AFTER_ALL: "you ran the session of {day:day} after all",
    Cause.OUTCOME_IS_OTHERWISE: "the session of {day:day} is judged otherwise now",
    Cause.TIME_OFF_IS_OTHERWISE: "you changed what you entered about your time off",
    Cause.SHOWN_AGAIN: "the watch's calendar shows it again",
    Cause.PLANNED_WITHOUT_RUNS: "not all of your runs were known when these days were planned on {as_of:day}",
    Cause.HELD_WHOLE: "it stays as it is, because you chose it",
    Cause.HELD_PARTLY: "what you chose yourself stays",
    Cause.NEW_PACES: "your paces now come from {source:reason}",
    Cause.BY_YOUR_EFFORT: "your effort",
    Cause.EASY_BY_HEART_RATE: "easy runs now stay below {max_bpm} bpm ({source})",
    Cause.ENTERED_RESULT: "{distance_m:course} in {time}",
    Cause.ENTERED_DISTANCE: "{distance_m:raced}",
    Cause.RESULT: "{distance_m:raced} {origin}",
    Cause.AFTER_TIME_OFF: "{source:reason}, less {less:.1%} after time off",
    Cause.OLD_RESULT: "{source:reason}, an older result: wider pace ranges",
    Cause.ENTERED_VDOT: "VDOT {vdot:g}",
    Cause.ASSUMED: "assumed, not measured",
    Cause.SIMULATED: "true fitness",
    Cause.COUNTS: "it counts",
    Cause.COUNTS_ALL_THE_SAME: "{doubt:reason}, but better all the same",
    Cause.FAR_SLOWER: (
        "more than 3% slower than your paces suggest: another test will show whether it was just a bad day"
    ),
    Cause.INDOORS: "indoors: a treadmill's distance is not trusted",
    Cause.WRONG_DISTANCE: _wrong_distance,
    Cause.DOWNHILL: "{drop_m:.0f} m downhill",
    Cause.STOPPED: "a stop of {stop_s:.0f} s",
    Cause.UNEVEN: "the pace varied by more than 8%",
    Cause.HILLY: _hilly,
    Cause.HOT: "{temperature_c:.0f} C",
    Cause.NOT_ALL_OUT: "effort {rpe:g} of 10: not all out",
    Cause.NO_RUNNING_TIME: ("{time_s:clock} cannot be a run of {distance_m:course}: check distance and time"),
    Cause.NO_BETTER: (
        "not planned as a race, and no better than your paces: if it was a race, enter it with syncd result"
    ),
    Cause.ENTERED: "entered by you",
    Cause.NO_PACE_DISTANCE: "only distances from {shortest_m:course} to a half-marathon set paces",
    Cause.RESULT_REFUSED: "{result:result} does not change your paces: {why:reason}",
    Cause.RESULT_COUNTED: "{result:result} counts",
    Cause.RESULT_SET_PACES: "{result:result} counts: your {five_k_m:course} is now {five_k_s:clock}",
    Cause.RESULT_MOVED_PACES: (
        "{result:result} counts: your {five_k_m:course} is now {five_k_s:clock}, from {before_s:clock}"
    ),
    Cause.RESULT_ENTERED: "you entered {result:result}",
    Cause.KEPT_WITHOUT_PACES: "Saved: {result:result}. It sets no paces: {why:reason}.",
    Cause.KEPT_WITH_FIRST_PACES: "Saved: {result:result}. Your {five_k_m:course} is now {five_k_s:clock}.",
    Cause.KEPT_WITH_PACES: (
        "Saved: {result:result}. Your {five_k_m:course} is now {five_k_s:clock} (was {before_s:clock})."
    ),
    Cause.KEPT_RISING_SLOWLY: (
        "Saved: {result:result}. Your paces stay for now: they rise in steps of three weeks, and a very "
        "large rise waits for a second result."
    ),
    Cause.KEPT_BEHIND_ANOTHER: (
        "Saved: {result:result}. Your paces stay: they come from a later or better result."
    ),
    Cause.GOAL_SET: _goal,
    Cause.PHASE_SET: _phase,
    Cause.PLAN_IMPORTED: "you imported {file}",
    Cause.OWN_NOTE: "{text}",
    Cause.MOVED: "you moved it from {was_on:day} to {to:day}",
    Cause.SKIPPED: "you skipped it",
    Cause.PINNED: "you pinned it: no rule changes it",
    Cause.EASIER_CHOSEN: "you chose the easier version",
    Cause.REMOVED_ON_CALENDAR: "you removed it from the watch's calendar",
    Cause.MOVED_ON_CALENDAR: "you moved it from {was_on:day} on the watch's calendar",
    Cause.TOO_NEAR_RUN: (
        "your hard run on {day:day} is less than {hours:n hour} away: make this one easy if you are tired"
    ),
    Cause.TOO_NEAR: (
        "{session:title} is less than {hours:n hour} away: make one of them easy if you are tired"
    ),
    Cause.PAUSED: "you paused training from {first_day:day} until you resume",
    Cause.PAUSED_UNTIL: "you paused training from {first_day:day} until {last_day:day}",
    Cause.RACE_IN_PAUSE: (
        "your race on {day:day} lies in this pause: it stays in the calendar, and nothing is planned for it "
        "meanwhile"
    ),
    Cause.CLEARED: "a doctor has cleared you since {day:day}",
    Cause.FEVER_SAID: _fever,
    Cause.PAUSE_OVER: "your break is over",
    Cause.TROUBLE_SINCE: "you have been {trouble} since {day:day}",
    Cause.WELL_SINCE: "you have been well since {day:day}",
    Cause.WAIT_WITHOUT_SYMPTOMS: f"{_RED_FLAGS}{_UNTIL_RESUME}24 hours without symptoms{_IN_STEPS}",
    Cause.WAIT_WITHOUT_FEVER: (
        f"{_RED_FLAGS}{_UNTIL_RESUME}48 hours without fever, and without medicine that hides it{_IN_STEPS}"
    ),
    Cause.WAIT_FEVER_ASSUMED: (
        f"{_RED_FLAGS}{_UNTIL_RESUME}48 hours without fever, and without medicine that hides it{_IN_STEPS} "
        "Without fever: syncd sick --no-fever."
    ),
    Cause.WAIT_WITHOUT_PAIN: f"{_RED_FLAGS}{_UNTIL_RESUME}it no longer hurts{_IN_STEPS}",
    Cause.RACE_CONFIRMED: "you said that your {distance_m:distance} on {day:day} was a race",
    Cause.EASY_IN_RETURN: (
        "you are coming back after days without running: nothing hard before {hard_from:day}"
    ),
    Cause.FIRST_RUN_AFTER: "Your first run is on {day:day} at the earliest.",
    Cause.TIME_OFF: _time_off,
    Cause.NO_FREE_DAY: "None of your running days is free this week.",
    Cause.WALK_FIRST: "Only walk until the fourth day, then a little easy running (R30).",
    Cause.NEWCOMER: "New to running: build up distance first, no all-out test yet, race to finish (S3, S4).",
    Cause.OWN_PHASE: "You chose the {phase} phase yourself (S32).",
    Cause.FEWER_RUNS: "{runs:n run} a week: {week_m:whole} is not enough for more (R19).",
    Cause.TWO_WEEKS_FIRST: "No quality run yet: two weeks of running come first (S7).",
    Cause.FALLS_SHORT: "The plan falls short: {outlook:reason} (S4).",
    Cause.SHORT_OF_RACE: _short_of_race,
    Cause.TEST_WITHOUT_DAY: (
        "The test waits: no day at the end of the week is 72 hours from long and hard runs (R29)."
    ),
    Cause.TEST_TOO_SOON: "The test waits: it is too soon after illness or a break (R29).",
    Cause.TEST_TOO_LONG: f"The test waits, over 1.5 miles as well: {_WHY_NOT_LARGER['R20']} (R20).",
    Cause.QUALITY_WITHOUT_DAY: "No quality run: none of your running days is 48 hours from the long run.",
    Cause.QUALITY_WAITS: _quality("No {which}quality run yet: {why} ({rule})."),
    Cause.QUALITY_SMALLER: _quality("The {which}quality run is kept short: {why} ({rule})."),
    Cause.WEEK_IS_FULL: (
        "{target_m:distance} does not fit into {runs:n run}: the week has {week_m:distance} ({rule})."
    ),
    Cause.NOT_CLEARED: (
        "No hard session and no test until you are cleared ({concerns}): see a doctor first; "
        "easy running only (H1)."
    ),
    Cause.PREGNANT: (
        "Pregnant: easy running by the talk test, never more than usual; no test and no race (H4)."
    ),
    Cause.NO_RUNNING: "Nothing is planned: no running for now (syncd health says until when).",
    Cause.RACE_IN_RETURN: _race_in_return,
    Cause.RACE_NOT_PLANNED_FOR: _race_not_planned_for,
    Cause.RACE_UNDER_AGE: _race_under_age,
    Cause.HEALTH_SAID: _health_said,
    Cause.HEALTH_CLEARED: _health_cleared,
    Cause.HEALTH_OVER: (
        "you said that the pregnancy is over since {day:day}: easy running until you are cleared"
    ),
    Cause.HEALTH_OUTRANKS: "your health does not allow it for now (syncd health)",
    Cause.HEALTH_NOT_SO: "you took an answer about your health back",
    Cause.BY_TALKING: "the talk test: run by effort, so that you can talk in sentences",
    Cause.LONGEST_ABOVE_WEEK: (
        "your longest run ({longest_m:length}) is more than your weekly distance ({weekly_m:length}): "
        "give the average of your last four weeks"
    ),
    Cause.WEEK_NEEDS_LONGER: (
        "{weekly_m:length} a week needs a longest run of more than {longest_m:length}: "
        "give your longest run of the last 30 days"
    ),
    Cause.OVER_FIFTY: "From age 50: 72 hours around hard days, and every third week is lighter (H2).",
}
