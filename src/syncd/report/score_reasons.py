"""What a score says beside its numbers: parts, notes, traits, and why a run was a certain session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from syncd.domain.activity import Trait
from syncd.domain.clock_time import format_clock
from syncd.domain.delivery import labels
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import LEGACY, Reason
from syncd.domain.scoring.card import Part
from syncd.domain.scoring.reasons import Because, Found, Note
from syncd.domain.units import Units

Facts = Mapping[str, Any]
Wording = Callable[[Facts, Units], str]


def part_text(part: Part, units: Units) -> str:
    """What a part was judged by, or why it was not."""
    why = "; ".join(_text(reason, PART_TEXTS, units) for reason in part.why)
    is_old = any(reason.code == LEGACY for reason in part.why)
    return why if part.score is not None or is_old else f"not assessable: {why}"


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
    return f"{facts['distance_m'] / units.metres:.1f} of {facts['planned_m'] / units.metres:.1f} {units.name}"


def _time_of(facts: Facts, units: Units) -> str:  # noqa: ARG001 - one shape for all
    return f"{format_clock(facts['timer_s'])} of {format_clock(facts['planned_s'])}"


def _name(facts: Facts, units: Units) -> str:
    return labels.titled(facts["title"], facts["length_m"], units)


def _reps_run(facts: Facts, units: Units) -> str:  # noqa: ARG001
    more = f" and {facts['extra']} more" if facts["extra"] else ""
    return f"{facts['run']} of {facts['planned']} repetitions{more}"


def _could_be_any(facts: Facts, units: Units) -> str:  # noqa: ARG001
    return f"could be any of {', '.join(facts['sessions'])}"


PART_TEXTS: Mapping[str, str | Wording] = {
    Because.NO_PACE: "no trusted pace was recorded",
    Because.NO_PACE_TARGET: "no step has a pace target",
    Because.TREADMILL_PACE: "pace on a treadmill is not trusted",
    Because.PACE_IN_ANY_ORDER: "how much of the planned time was run at each pace, in any order",
    Because.REPS_IN_BAND: "{inside} of {of} repetitions in the band",
    Because.STEPS_IN_BAND: "{inside} of {of} steps in the band",
    Because.STEP_NOT_RUN: "the step was not run",
    Because.STEP_IN_BAND: "in the band",
    Because.STEP_OUTSIDE_BAND: "outside the band",
    Because.LAP_BUTTON_ENDS_STEPS: "the lap button ends every step",
    Because.LAP_BUTTON_ENDS_RUN: "the lap button ends it",
    Because.TREADMILL_DISTANCE: "distance on a treadmill is not trusted",
    Because.NO_DISTANCE: "no distance was recorded",
    Because.SHARE_OF_STEPS: "{share:.0%} of the planned steps",
    Because.TIME_OF_PLANNED: _time_of,
    Because.DISTANCE_OF_PLANNED: _distance_of,
    Because.NO_EFFORT: "no effort (RPE) to compare, and no heart-rate target that could be checked",
    Because.EFFORT: "effort {rpe:g}, expected {low} to {high}",
    Because.TIME_IN_HEART_RATE_BAND: "{share:.0%} of the time in the heart-rate band",
    Because.NO_REPS: "no repetitions in this session",
    Because.NO_FITTING_LAPS: "the recording has no laps that fit the steps",
    Because.REPS_RUN: _reps_run,
}

WITHDRAWAL_TEXTS: Mapping[str, str] = {
    WithdrawalCause.EDITED: "was edited there",
    WithdrawalCause.DOUBLE: "is another recording of a run that is here",
    WithdrawalCause.IN_PARTS: "was recorded in parts too, one by one",
    WithdrawalCause.PART_OF_WHOLE: "is part of a run that is there as a whole",
    WithdrawalCause.DELETED: "is not there any more",
    WithdrawalCause.ANOTHER_SPORT: "is {sport} there now",
    WithdrawalCause.FORGOTTEN: "was forgotten at your request",
}

ATTRIBUTION_TEXTS: Mapping[str, str | Wording] = {
    **WITHDRAWAL_TEXTS,
    Found.WATCH_RAN_IT: "the watch ran this workout",
    Found.NAMED: "the workout's name says so",
    Found.LOOKS_LIKE_IT: "looks like this session ({share:.0%}), and like no other",
    Found.LOOK_LIKE_IT_TOGETHER: (
        "{parts} recordings together look like this session ({share:.0%}), and like no other"
    ),
    Found.COULD_BE_ANY: _could_be_any,
    Found.LOOKS_LIKE_NONE: "looks like no session planned around that day",
    Found.NOTHING_PLANNED: "no session was planned around that day",
    Found.DONE_BY_ANOTHER: lambda facts, units: f"{_name(facts, units)} was done by another run",
    Found.WAS_ANOTHER_RUN: lambda facts, units: f"{_name(facts, units)} was another run",
    Found.PART_OF_SESSION: lambda facts, units: f"part of {_name(facts, units)}",
    Found.STANDS_FOR: lambda facts, units: (
        f"20 minutes at threshold pace or faster, in the place of {_name(facts, units)}"
    ),
    Found.ATHLETE_SAID_SO: "you said so",
    Found.LOOKED_AT_AGAIN: "looked at again: another run does not count any more",
    Found.BETTER_RECORDING: "a better recording of it is here",
}

NOTE_TEXTS: Mapping[Note, str] = {
    Note.HEART_AND_EFFORT_DISAGREE: "Heart rate and effort (RPE) tell different stories.",
    Note.MEASUREMENT: "A test or a race is a measurement: it is not scored.",
    Note.STEPS_BY_INDEX: "Steps found by the numbers that the watch gave its laps.",
    Note.STEPS_BY_LAPS: "Steps found by comparing the laps with the plan.",
    Note.STEPS_BY_SIGNAL: "Steps found by the changes of speed: no laps marked them.",
    Note.JUDGED_AS_A_WHOLE: (
        "No laps fit the steps, so the run was judged as a whole: start the workout on the watch, "
        "or press the lap button at each step."
    ),
}

TRAIT_TEXTS: Mapping[Trait, str] = {
    Trait.BY_HAND: "entered by hand: its distance counts, there is nothing to score",
    Trait.LEGS: "running legs of a multisport: their distance counts, they are not scored",
    Trait.HIDDEN_START: "its start time is hidden on Strava: the day is right, the hour is not",
}
