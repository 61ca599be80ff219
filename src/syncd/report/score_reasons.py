"""What a score says beside its numbers, in words: parts, notes, traits, and why a run was a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from syncd.domain.activity import Trait
from syncd.domain.clock_time import format_clock
from syncd.domain.delivery import labels
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import LEGACY, Reason
from syncd.domain.scoring.card import Part
from syncd.domain.scoring.reasons import MatchReason, Note, PartReason
from syncd.domain.units import Units

Facts = Mapping[str, Any]
Words = Callable[[Facts, Units], str]


def part_text(part: Part, units: Units) -> str:
    """What a part was judged by, or why it was not."""
    said = "; ".join(_text(reason, BECAUSE, units) for reason in part.why)
    is_old = any(reason.code == LEGACY for reason in part.why)
    return said if part.score is not None or is_old else f"not assessable: {said}"


def found_text(reason: Reason, units: Units) -> str:
    """Why a run is, or is not, a certain session."""
    return _text(reason, FOUND, units)


def gone_text(reason: Reason) -> str:
    """Why a recording does not count: the end of a sentence."""
    return str(reason.facts["text"]) if reason.code == LEGACY else GONE[reason.code].format_map(reason.facts)


def note_text(note: Note) -> str:
    """A sentence on how the score was found."""
    return NOTES[note]


def trait_text(trait: Trait) -> str:
    """What a recording is, where that decides how it is treated."""
    return TRAITS[trait]


def _text(reason: Reason, catalogue: Mapping[str, str | Words], units: Units) -> str:
    if reason.code == LEGACY:
        return str(reason.facts["text"])
    told = catalogue[reason.code]
    return told.format_map(dict(reason.facts)) if isinstance(told, str) else told(reason.facts, units)


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


BECAUSE: Mapping[str, str | Words] = {
    PartReason.NO_PACE: "no trusted pace was recorded",
    PartReason.NO_PACE_TARGET: "no step has a pace target",
    PartReason.TREADMILL_PACE: "pace on a treadmill is not trusted",
    PartReason.PACE_IN_ANY_ORDER: "how much of the planned time was run at each pace, in any order",
    PartReason.REPS_IN_BAND: "{inside} of {of} repetitions in the band",
    PartReason.STEPS_IN_BAND: "{inside} of {of} steps in the band",
    PartReason.STEP_NOT_RUN: "the step was not run",
    PartReason.STEP_IN_BAND: "in the band",
    PartReason.STEP_OUTSIDE_BAND: "outside the band",
    PartReason.LAP_BUTTON_ENDS_STEPS: "the lap button ends every step",
    PartReason.LAP_BUTTON_ENDS_RUN: "the lap button ends it",
    PartReason.TREADMILL_DISTANCE: "distance on a treadmill is not trusted",
    PartReason.NO_DISTANCE: "no distance was recorded",
    PartReason.SHARE_OF_STEPS: "{share:.0%} of the planned steps",
    PartReason.TIME_OF_PLANNED: _time_of,
    PartReason.DISTANCE_OF_PLANNED: _distance_of,
    PartReason.NO_EFFORT: "no effort (RPE) to compare, and no heart-rate target that could be checked",
    PartReason.EFFORT: "effort {rpe:g}, expected {low} to {high}",
    PartReason.TIME_IN_HEART_RATE_BAND: "{share:.0%} of the time in the heart-rate band",
    PartReason.NO_REPS: "no repetitions in this session",
    PartReason.NO_FITTING_LAPS: "the recording has no laps that fit the steps",
    PartReason.REPS_RUN: _reps_run,
}

GONE: Mapping[str, str] = {
    WithdrawalCause.EDITED: "was edited there",
    WithdrawalCause.DOUBLE: "is another recording of a run that is here",
    WithdrawalCause.IN_PARTS: "was recorded in parts too, one by one",
    WithdrawalCause.PART_OF_WHOLE: "is part of a run that is there as a whole",
    WithdrawalCause.DELETED: "is not there any more",
    WithdrawalCause.ANOTHER_SPORT: "is {sport} there now",
    WithdrawalCause.FORGOTTEN: "was forgotten at your request",
}

FOUND: Mapping[str, str | Words] = {
    **GONE,
    MatchReason.WATCH_RAN_IT: "the watch ran this workout",
    MatchReason.NAMED: "the workout's name says so",
    MatchReason.LOOKS_LIKE_IT: "looks like this session ({share:.0%}), and like no other",
    MatchReason.LOOK_LIKE_IT_TOGETHER: (
        "{parts} recordings together look like this session ({share:.0%}), and like no other"
    ),
    MatchReason.COULD_BE_ANY: _could_be_any,
    MatchReason.LOOKS_LIKE_NONE: "looks like no session planned around that day",
    MatchReason.NOTHING_PLANNED: "no session was planned around that day",
    MatchReason.DONE_BY_ANOTHER: lambda facts, units: f"{_name(facts, units)} was done by another run",
    MatchReason.WAS_ANOTHER_RUN: lambda facts, units: f"{_name(facts, units)} was another run",
    MatchReason.PART_OF_SESSION: lambda facts, units: f"part of {_name(facts, units)}",
    MatchReason.STANDS_FOR: lambda facts, units: (
        f"20 minutes at threshold pace or faster, in the place of {_name(facts, units)}"
    ),
    MatchReason.CHOSEN_BY_ATHLETE: "you said so",
    MatchReason.REASSESSED: "looked at again: another run does not count any more",
    MatchReason.BETTER_RECORDING: "a better recording of it is here",
}

NOTES: Mapping[Note, str] = {
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

TRAITS: Mapping[Trait, str] = {
    Trait.BY_HAND: "entered by hand: its distance counts, there is nothing to score",
    Trait.LEGS: "running legs of a multisport: their distance counts, they are not scored",
    Trait.HIDDEN_START: "its start time is hidden on Strava: the day is right, the hour is not",
}
