"""What a device sums up in its session messages, or what is rebuilt where they are missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from syncd.domain.activity import Lap, Samples
from syncd.formats.fit.decode import FitFile, Message
from syncd.formats.fit.profile import SPORTS, SUB_SPORTS, name_of

MULTISPORT = "multisport"

# Our default: what lies further from the start is damage; the longest races last six days.
LONGEST_S = 10 * 86_400


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of an activity; `problems` says when they are not the device's own."""

    timer_s: float
    elapsed_s: float
    distance_m: float | None
    avg_hr_bpm: int | None
    max_hr_bpm: int | None
    problems: tuple[str, ...] = ()


def distinct(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Messages without exact repetitions: a file chained to itself holds everything twice."""
    return tuple({tuple(sorted(message.items())): message for message in messages}.values())


def sport_of(fit: FitFile, sessions: Sequence[Message]) -> tuple[str, str]:
    """Sport and sub-sport by FIT's names; without a session from the sport message or the laps."""
    messages = sessions or fit.all("sport") or fit.all("lap")
    sports = {name_of(SPORTS, message.whole("sport"), "generic") for message in messages}
    if len(sports) > 1:
        return MULTISPORT, ""
    sub_sports = {name_of(SUB_SPORTS, message.whole("sub_sport"), "") for message in messages}
    return (sports.pop() if sports else "generic"), (sub_sports.pop() if len(sub_sports) == 1 else "")


def device_elapsed_s(sessions: Sequence[Message], zero_s: int) -> float | None:
    """Elapsed time: of one session its own, of several up to the end of the last.

    Starts are whole seconds, so the sum of sessions that follow each other can be longer.
    """
    if len(sessions) == 1:
        return sessions[0].number("total_elapsed_time")
    ends = [
        start - zero_s + length
        for session in sessions
        if (start := session.whole("start_time")) is not None
        and start - zero_s <= LONGEST_S
        and (length := session.number("total_elapsed_time")) is not None
    ]
    together = sum_of(sessions, "total_elapsed_time")
    return together if together is None else max([together, *ends])


def sum_of(sessions: Sequence[Message], field: str) -> float | None:
    """The sum over the sessions that have the field; None when none has."""
    values = [value for session in sessions if (value := session.number(field)) is not None]
    return sum(values) if values else None


def totals_of(sessions: Sequence[Message], samples: Samples, laps: Sequence[Lap], zero_s: int) -> Totals:
    """The device's totals; what it does not say comes from samples, else from laps."""
    timer = sum_of(sessions, "total_timer_time")
    elapsed = device_elapsed_s(sessions, zero_s)
    distance = sum_of(sessions, "total_distance")
    if distance is None:
        distance = _measured_distance(samples, laps)
    return Totals(
        timer_s=_measured_timer(samples, laps) if timer is None else timer,
        elapsed_s=_measured_elapsed(samples, laps) if elapsed is None else elapsed,
        distance_m=distance or None,
        avg_hr_bpm=_average_heart_rate(sessions, samples),
        max_hr_bpm=_highest_heart_rate(sessions, samples),
        problems=()
        if sessions
        else ("no summary in the file: totals are rebuilt from its records and laps",),
    )


def effort_of(sessions: Sequence[Message]) -> tuple[float | None, int | None]:
    """RPE 1 to 10 (the file has 10 to 100) and feel 0 to 100, as entered on the watch."""
    rpe = next((x / 10 for session in sessions if (x := session.number("workout_rpe")) is not None), None)
    feel = next((x for session in sessions if (x := session.whole("workout_feel")) is not None), None)
    return rpe if rpe is not None and 1 <= rpe <= 10 else None, feel


def _measured_timer(samples: Samples, laps: Sequence[Lap]) -> float:
    return samples.timer_s[-1] if len(samples) else sum(lap.timer_s for lap in laps)


def _measured_elapsed(samples: Samples, laps: Sequence[Lap]) -> float:
    last_lap = max((lap.end_s for lap in laps), default=0.0)
    return max(samples.elapsed_s[-1], last_lap) if len(samples) else last_lap


def _measured_distance(samples: Samples, laps: Sequence[Lap]) -> float | None:
    known = next((metres for metres in reversed(samples.distance_m) if not isnan(metres)), None)
    return sum(lap.distance_m or 0.0 for lap in laps) if known is None else known


def _average_heart_rate(sessions: Sequence[Message], samples: Samples) -> int | None:
    rates = [
        (rate, session.number("total_timer_time") or 1.0)
        for session in sessions
        if (rate := session.number("avg_heart_rate"))
    ]
    if rates:
        return round(sum(rate * weight for rate, weight in rates) / sum(weight for _, weight in rates))
    measured = [rate for rate in samples.heart_rate_bpm if not isnan(rate)]
    return round(sum(measured) / len(measured)) if measured else None


def _highest_heart_rate(sessions: Sequence[Message], samples: Samples) -> int | None:
    rates = [rate for session in sessions if (rate := session.whole("max_heart_rate"))]
    if rates:
        return max(rates)
    return round(max((rate for rate in samples.heart_rate_bpm if not isnan(rate)), default=0)) or None
