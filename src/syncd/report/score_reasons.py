"""What a score says beside its numbers: parts, notes, traits, and why a run was a certain session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from syncd.domain.activity import Trait
from syncd.domain.clock_time import format_clock
from syncd.domain.day_text import day_text
from syncd.domain.delivery import labels
from syncd.domain.grammar import counted
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import LEGACY, Reason
from syncd.domain.scoring.card import Part
from syncd.domain.scoring.reasons import MatchReason, Note, PartReason
from syncd.domain.units import Units

Facts = Mapping[str, Any]
Wording = Callable[[Facts, Units], str]


def part_text(part: Part, units: Units) -> str:
    """What a part was judged by, or why it was not."""
    why = "; ".join(_text(reason, PART_TEXTS, units) for reason in part.why)
    is_old = any(reason.code == LEGACY for reason in part.why)
    return why if part.score is not None or is_old else f"not judged: {why}"


def attribution_text(reason: Reason, units: Units) -> str:
    """Why a run is, or is not, a certain session."""
    return _text(reason, ATTRIBUTION_TEXTS, units)


def withdrawal_text(reason: Reason) -> str:
    """Why a recording does not count: the end of a sentence."""
    if reason.code == LEGACY:
        return str(reason.facts["text"])
    return WITHDRAWAL_TEXTS[reason.code].format_map(reason.facts)


def note_text(note: Note) -> str:
    """A sentence on how the score was found."""
    return NOTE_TEXTS[note]


def trait_text(trait: Trait) -> str:
    """What is special about a recording, where that decides how it is treated."""
    return TRAIT_TEXTS[trait]


def _text(reason: Reason, catalogue: Mapping[str, str | Wording], units: Units) -> str:
    if reason.code == LEGACY:
        return str(reason.facts["text"])
    wording = catalogue[reason.code]
    return wording.format_map(reason.facts) if isinstance(wording, str) else wording(reason.facts, units)


def _distance_of(facts: Facts, units: Units) -> str:
    run, planned = (f"{facts[name] / units.metres:.1f}" for name in ("distance_m", "planned_m"))
    return f"{run} {_of(facts['distance_m'], facts['planned_m'])} {planned} {units.name}"


def _time_of(facts: Facts, units: Units) -> str:  # noqa: ARG001 - one shape for all
    run, planned = facts["timer_s"], facts["planned_s"]
    return f"{format_clock(run)} {_of(run, planned)} {format_clock(planned)}"


def _of(run: float, planned: float) -> str:
    """Nobody runs 3.3 of 2.9 km."""
    return "of" if run <= planned else "instead of"


def _name(facts: Facts, units: Units) -> str:
    return labels.titled(facts["title"], facts["length_m"], units)


def _reps_run(facts: Facts, units: Units) -> str:  # noqa: ARG001
    more = f" and {facts['extra']} more" if facts["extra"] else ""
    return f"{facts['run']} of {counted(facts['planned'], 'rep')}{more}"


def _in_band(noun: str) -> Wording:
    return lambda facts, _: f"{facts['inside']} of {counted(facts['of'], noun)} on pace"


def _could_be_any(facts: Facts, units: Units) -> str:
    """Ids are all that a version kept that had no titles here."""
    days = [(fact, day_text(date.fromisoformat(fact["day"]))) for fact in facts.get("planned", ())]
    planned = [f"{_name(fact, units)} on {day}" for fact, day in days]
    return f"could be {' or '.join(planned)}" if planned else "could be more than one of the planned sessions"


PART_TEXTS: Mapping[str, str | Wording] = {
    PartReason.NO_PACE: "no reliable pace was recorded",
    PartReason.NO_PACE_TARGET: "no step has a pace target",
    PartReason.TREADMILL_PACE: "pace on a treadmill is not trusted",
    PartReason.PACE_IN_ANY_ORDER: "the share of the planned time at each pace, in any order",
    PartReason.REPS_IN_BAND: _in_band("rep"),
    PartReason.STEPS_IN_BAND: _in_band("step"),
    PartReason.STEP_NOT_RUN: "the step was not run",
    PartReason.STEP_IN_BAND: "on pace",
    PartReason.STEP_OUTSIDE_BAND: "off the pace",
    PartReason.LAP_BUTTON_ENDS_STEPS: "every step ends with the lap button, so no length was planned",
    PartReason.LAP_BUTTON_ENDS_RUN: "it ends with the lap button, so no length was planned",
    PartReason.TREADMILL_DISTANCE: "distance on a treadmill is not trusted",
    PartReason.NO_DISTANCE: "no distance was recorded",
    PartReason.SHARE_OF_STEPS: "{share:.0%} of the planned steps",
    PartReason.TIME_OF_PLANNED: _time_of,
    PartReason.DISTANCE_OF_PLANNED: _distance_of,
    PartReason.NO_EFFORT: "no effort was entered, and there was no heart rate to judge by",
    PartReason.HEART_RATE_LOCKED: (
        "no effort was entered, and the heart rate followed your cadence: the sensor counted steps"
    ),
    PartReason.EFFORT: "effort {rpe:g} of 10, expected {low} to {high}",
    PartReason.TIME_IN_HEART_RATE_BAND: "{share:.0%} of the time in the heart-rate range",
    PartReason.NO_REPS: "this session has no reps",
    PartReason.NO_FITTING_LAPS: "no laps of the recording fit the steps",
    PartReason.REPS_RUN: _reps_run,
}

WITHDRAWAL_TEXTS: Mapping[str, str] = {
    WithdrawalCause.EDITED: "was edited there",
    WithdrawalCause.DOUBLE: "is another recording of a run you already have",
    WithdrawalCause.IN_PARTS: "was also recorded in parts",
    WithdrawalCause.PART_OF_WHOLE: "is part of a longer recording of the same run",
    WithdrawalCause.DELETED: "is no longer there",
    WithdrawalCause.DOUBTFUL: "is doubtful",
    WithdrawalCause.IGNORED: "is ignored, as you decided",
    WithdrawalCause.ANOTHER_SPORT: "is now {sport} there",
    WithdrawalCause.FORGOTTEN: "was deleted at your request",
}

ATTRIBUTION_TEXTS: Mapping[str, str | Wording] = {
    **WITHDRAWAL_TEXTS,
    MatchReason.WATCH_RAN_IT: "the watch ran this workout",
    MatchReason.NAMED: "the workout's name says so",
    MatchReason.LOOKS_LIKE_IT: "looks like this session ({share:.0%}), and like no other",
    MatchReason.LOOK_LIKE_IT_TOGETHER: (
        "{parts} recordings together look like this session ({share:.0%}), and like no other"
    ),
    MatchReason.COULD_BE_ANY: _could_be_any,
    MatchReason.LOOKS_LIKE_NONE: "looks like none of the sessions planned around that day",
    MatchReason.NOTHING_PLANNED: "no session was planned around that day",
    MatchReason.DONE_BY_ANOTHER: lambda facts, units: f"another run counts as {_name(facts, units)}",
    MatchReason.WAS_ANOTHER_RUN: lambda facts, units: f"{_name(facts, units)} was another run",
    MatchReason.PART_OF_SESSION: lambda facts, units: f"part of {_name(facts, units)}",
    MatchReason.STANDS_FOR: lambda facts, units: (
        f"a race, or as good as one, in place of {_name(facts, units)}"
    ),
    MatchReason.CHOSEN_BY_ATHLETE: "you matched it",
    MatchReason.CORRECTED: "matched again, because the run was corrected",
    MatchReason.REASSESSED: "matched again, because another run no longer counts",
    MatchReason.BETTER_RECORDING: "matched again, from a better recording",
}

NOTE_TEXTS: Mapping[Note, str] = {
    Note.HEART_AND_EFFORT_DISAGREE: "Heart rate and effort (RPE) disagree.",
    Note.MEASUREMENT: "A test or a race is a measurement: it is not scored.",
    Note.STEPS_BY_INDEX: "Matched to the workout by lap number.",
    Note.STEPS_BY_LAPS: "Matched to the workout by comparing laps.",
    Note.STEPS_BY_SIGNAL: "Matched to the workout by changes of pace: no laps marked the steps.",
    Note.JUDGED_AS_A_WHOLE: (
        "No laps fit the steps, so the run was judged as a whole: start the workout on the watch, "
        "or press the lap button at each step."
    ),
}

TRAIT_TEXTS: Mapping[Trait, str] = {
    Trait.BY_HAND: "entered by hand: its distance counts, but there is nothing to score",
    Trait.LEGS: "the running legs of a multisport activity: their distance counts, but they are not scored",
    Trait.HIDDEN_START: "its start time is hidden on Strava: the day is right, the time of day is not",
}
