"""What a look at the watch's service has to say, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from syncd.domain.clock_trouble import ClockTrouble
from syncd.domain.day_text import day_text, listed
from syncd.domain.delivery.fitting import Unfit, why_unfit
from syncd.domain.delivery.labels import titled
from syncd.domain.delivery.troubles import DeliveryTrouble
from syncd.domain.grammar import counted
from syncd.domain.reason import Reason
from syncd.domain.units import KILOMETRES, Units
from syncd.domain.workout import Workout
from syncd.store import Store

_SINKS = {"garmin": "Garmin Connect", "folder": "the folder"}
_ROADS = {"garmin": "Garmin", "folder": "a FIT file"}
TAKE_OVER = "syncd watch --take-over"


def problem_text(problem: Reason | str, units: Units = KILOMETRES) -> str:
    """A sentence; a connector's own text is shown as it is."""
    if isinstance(problem, str):
        return problem
    return trouble_text(problem, units)


def is_trouble(reason: Reason) -> bool:
    """Whether it is about the delivery, or the clock."""
    return reason.code in _CODES or reason.code in _OF_CLOCKS


def trouble_text(reason: Reason, units: Units) -> str:
    """What is wrong on the watch's service, or with the clock, and what to do."""
    if reason.code in _OF_CLOCKS:
        return _clock_text(reason)
    facts = reason.facts
    sink = sink_text(str(facts.get("sink", "")))
    match reason.code:
        case DeliveryTrouble.NOT_KNOWN:
            return (
                f"{facts['missing']} of {facts['expected']} workouts are not shown by {sink}: whether they "
                "are there is not known, so nothing is changed. Check that this is the right account; the "
                "next sync looks again"
            )
        case DeliveryTrouble.HELD:
            return (
                f"{counted(facts['missing'], 'workout')} are not shown by {sink}, nor is what others have "
                "there: they are neither put again nor taken for removed"
            )
        case DeliveryTrouble.SECOND_COPY:
            return (
                f"a second copy of this installation writes to {sink} ({_days(facts['days'])}): nothing is "
                f"sent any more. Stop one of them; to go on here, run {TAKE_OVER}"
            )
        case DeliveryTrouble.STANDS_BACK:
            return (
                f"another installation of syncd has workouts on {sink} ({_days(facts['days'])}): this one "
                f"sends nothing. If that one is gone, or is to stop, run {TAKE_OVER}"
            )
        case DeliveryTrouble.OTHER_INSTALLATION:
            return (
                f"{sink} has workouts of another installation of syncd ({_days(facts['days'])}): they are "
                f"left alone. If they are to go, run {TAKE_OVER}"
            )
        case DeliveryTrouble.THERE_AGAIN:
            return f"{_session(facts, units)} is on {sink} again: it is due again"
        case DeliveryTrouble.UNCARRIED:
            why = unfit_text(Reason.from_json(facts["why"]), str(facts["sink"]))
            return f"{_session(facts, units)} does not go to the watch: {why}"
        case DeliveryTrouble.CLEARED_EARLIER:
            days = _days(facts["days"])
            return f"workouts no longer go to {sink}: those that lay there were taken off ({days})"
        case _:
            why = facts["why"] or "it cannot be reached any more"
            return (
                f"workouts no longer go to {sink}, and those that are still there ({_days(facts['days'])}) "
                f"could not be taken off: {why}. Delete them there; the next sync tries again"
            )


def unfit_text(why: Reason, sink: str) -> str:
    """`its workout has 62 steps, Garmin carries 50`."""
    road, most = _ROADS.get(sink, sink), why.facts["most"]
    if why.code == Unfit.TOO_MANY_STEPS:
        return f"its workout has {why.facts['steps']} steps, {road} carries {most}"
    return f"its repeats are nested {why.facts['depth']} deep, {road} carries {most}"


def unfit_of(store: Store, sink: str, workout: Workout) -> str:
    """Why a workout does not go to the watch, from the store alone; "" where it does, or nobody knows."""
    limits = store.installation.limits(sink)
    why = None if limits is None else why_unfit(workout, limits)
    return "" if why is None else unfit_text(why, sink)


def sink_text(sink: str) -> str:
    """The name of a sink for people."""
    return _SINKS.get(sink, sink)


def _clock_text(reason: Reason) -> str:
    here, there = (
        f"{datetime.fromisoformat(reason.facts[name]).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        if name in reason.facts
        else ""
        for name in ("clock", "at")
    )
    if reason.code == ClockTrouble.TAKEN_BACK:
        return f"the clock was wrong when it said {here}: what was done then is taken back"
    return (
        f"the clock says {here}, but it is {there} by {sink_text(reason.facts['service'])}: nothing is done "
        "until it is right (timedatectl set-ntp true)"
    )


def _session(facts: Mapping[str, Any], units: Units) -> str:
    title = titled(str(facts["title"]), facts["length_m"], units)
    return f"{title} on {day_text(date.fromisoformat(facts['day']))}"


def _days(days: Sequence[str]) -> str:
    texts = [day_text(date.fromisoformat(day)) for day in days]
    return listed(texts) if len(texts) <= _MOST_DAYS else f"{texts[0]} to {texts[-1]}"


_MOST_DAYS = 3
_CODES = frozenset(DeliveryTrouble)
_OF_CLOCKS = frozenset(ClockTrouble)
