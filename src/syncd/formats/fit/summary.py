"""What a device sums up in its session messages, or what is rebuilt where they are missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

from syncd.domain.activity import Lap, Samples
from syncd.formats.clock import TOLERANCE_S
from syncd.formats.fit.decode import FitFile, Message
from syncd.formats.fit.profile import SPORTS, SUB_SPORTS, name_of

MULTISPORT = "multisport"

# Our default: what lies further from the start is damage; the longest races last six days.
LONGEST_S = 10 * 86_400
AGREE = 0.02  # our default: witnesses of one time or distance that differ by more are reported


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


def clock_of(sessions: Sequence[Message], zero_s: int) -> tuple[float | None, float | None, tuple[str, ...]]:
    """Elapsed time and timer as the device sums them up, the larger one elapsed; and a word if they were swapped."""
    elapsed, timer = device_elapsed_s(sessions, zero_s), sum_of(sessions, "total_timer_time")
    if elapsed is not None and timer is not None and timer - elapsed > max(TOLERANCE_S, AGREE * elapsed):
        return timer, elapsed, ("the summary has elapsed time and timer swapped",)
    return elapsed, timer, ()


def totals_of(
    sessions: Sequence[Message],
    samples: Samples,
    laps: Sequence[Lap],
    zero_s: int,
    *,
    leaps: int = 0,
    indoors: bool = False,
) -> Totals:
    """The device's totals; what it does not say comes from samples, else from laps.

    Records that show more time or way than the summary are believed: nothing is recorded that was not. Indoors the
    summary is, because the runner may have corrected it.
    """
    elapsed, timer, _ = clock_of(sessions, zero_s)
    distance = sum_of(sessions, "total_distance")
    measured_timer, measured_elapsed = _measured_timer(samples, laps), _measured_elapsed(samples, laps)
    measured_m = _measured_distance(samples, laps) or 0.0
    problems = [] if sessions else ["no summary in the file: totals are rebuilt from its records and laps"]
    if not elapsed or (len(samples) and _exceeds(measured_elapsed, elapsed)):
        if elapsed:
            problems.append(
                f"the summary ends after {elapsed:.0f} s, its records after {measured_elapsed:.0f} s"
            )
        elapsed = measured_elapsed
    if not timer or (len(samples) and _exceeds(measured_timer, timer)):
        timer = measured_timer
    if not distance:
        distance = measured_m
    elif leaps or (_exceeds(measured_m, distance, 20.0) and not indoors):
        problems.append(f"the summary says {distance:.0f} m, its records {measured_m:.0f} m, which count")
        distance = measured_m
    elif len(samples) and _exceeds(distance, measured_m, 20.0):
        problems.append(f"the summary says {distance:.0f} m, its records only {measured_m:.0f} m")
    return Totals(
        timer_s=timer,
        elapsed_s=elapsed,
        distance_m=distance or None,
        avg_hr_bpm=_average_heart_rate(sessions, samples),
        max_hr_bpm=_highest_heart_rate(sessions, samples),
        problems=tuple(problems),
    )


def _exceeds(more: float, less: float, least: float = TOLERANCE_S) -> bool:
    return more - less > max(least, AGREE * less)


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
