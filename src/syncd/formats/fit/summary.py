"""What a device sums up in its session messages, or what is rebuilt where they are missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan

from syncd.domain.activity import MULTISPORT, Lap, Samples, last_known
from syncd.formats.clock import LONGEST_S, PAUSE_S, TOLERANCE_S
from syncd.formats.fit.decode import FitFile, Message
from syncd.formats.fit.profile import SPORTS, SUB_SPORTS, name_of
from syncd.formats.laps import AGREE


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
    sports = {sport_name(message) for message in messages}
    if len(sports) > 1:
        return MULTISPORT, ""
    sub_sports = {name_of(SUB_SPORTS, message.whole("sub_sport"), "") for message in messages}
    return (sports.pop() if sports else "generic"), (sub_sports.pop() if len(sub_sports) == 1 else "")


def sport_name(message: Message) -> str:
    """The sport of a session by FIT's name; one that is newer than our list by its number."""
    number = message.whole("sport")
    return "generic" if number is None else name_of(SPORTS, number, f"sport {number}")


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


def clock_of(
    sessions: Sequence[Message], zero_s: int, times: Sequence[int]
) -> tuple[float | None, float | None, tuple[str, ...]]:
    """Elapsed time and timer as the device sums them up, the larger one elapsed; and if they were swapped.

    A small difference is none, unless records are missing at some of the `times` for as long.
    """
    elapsed = device_elapsed_s(sessions, zero_s) or None
    timer = sum_of(sessions, "total_timer_time") or None
    if elapsed is None or timer is None or timer - elapsed <= TOLERANCE_S:
        return elapsed, timer, ()
    if timer - elapsed > AGREE * elapsed or timer - elapsed <= _silent_s(times):
        return timer, elapsed, ("the summary has elapsed time and timer swapped",)
    return elapsed, timer, ()


def _silent_s(times: Sequence[int]) -> float:
    """For how long nothing was recorded, 30 s and more at a time."""
    return sum(step for before, after in pairwise(times) if (step := after - before) >= PAUSE_S)


def totals_of(
    sessions: Sequence[Message],
    samples: Samples,
    laps: Sequence[Lap],
    told: tuple[float | None, float | None],
    *,
    leaps: int = 0,
    indoors: bool = False,
) -> Totals:
    """The device's totals, `told` its elapsed time and timer; the rest comes from samples, else from laps.

    Records outrank a summary that they contradict: they show more time or way than it, or less although they
    are whole. Indoors the summary's distance is believed, because the runner may have corrected it.
    """
    told_elapsed, told_timer = told
    told_m = sum_of(sessions, "total_distance")
    problems = [] if sessions else ["no summary in the file: totals are rebuilt from its records and laps"]
    if not len(samples):
        elapsed, timer = told_elapsed or _end_of(laps), told_timer or sum(lap.timer_s for lap in laps)
        distance = told_m or sum(lap.distance_m or 0.0 for lap in laps)
    else:
        elapsed, timer, contradicted = _times(samples, laps, told_elapsed, told_timer, told_m)
        distance, doubted = _distance(samples, laps, told_m, timer, trusted=indoors, leaps=leaps)
        problems += [*contradicted, *doubted]
    return Totals(
        timer_s=timer,
        elapsed_s=elapsed,
        distance_m=distance or None,
        avg_hr_bpm=_average_heart_rate(sessions, samples),
        max_hr_bpm=_highest_heart_rate(sessions, samples),
        problems=tuple(problems),
    )


def _times(
    samples: Samples,
    laps: Sequence[Lap],
    told_elapsed: float | None,
    told_timer: float | None,
    told_m: float | None,
) -> tuple[float, float, list[str]]:
    """Elapsed time, timer, and what contradicted them."""
    end, ran = max(samples.elapsed_s[-1], _end_of(laps)), samples.timer_s[-1]
    elapsed, timer = told_elapsed or end, told_timer or ran
    problems: list[str] = []
    stood = samples.elapsed_s[-1] - ran
    counts_pauses = stood > TOLERANCE_S and abs(timer - elapsed) <= TOLERANCE_S
    if _exceeds(end, elapsed):
        problems.append(f"the summary ends after {elapsed:.0f} s, its records after {end:.0f} s, which count")
        elapsed = end
    is_whole = told_m is not None and not _exceeds(told_m, last_known(samples.distance_m) or 0.0, _NEAR_M)
    late = min(_LATE_S, stood / 2) if counts_pauses else _LATE_S
    if _exceeds(ran, timer) or (is_whole and _exceeds(timer, ran, late, 0.0 if counts_pauses else AGREE)):
        problems.append(f"the summary has a timer of {timer:.0f} s, its records {ran:.0f} s, which count")
        elapsed = end if elapsed == timer else elapsed
        timer = ran
    return elapsed, timer, problems


def _distance(
    samples: Samples,
    laps: Sequence[Lap],
    told_m: float | None,
    timer: float,
    *,
    trusted: bool,
    leaps: int,
) -> tuple[float, list[str]]:
    """The distance, and what contradicted it."""
    measured = last_known(samples.distance_m)
    if measured is None:
        return told_m or sum(lap.distance_m or 0.0 for lap in laps), []
    if not told_m:
        return measured, []
    more, less = _exceeds(measured, told_m, _NEAR_M), _exceeds(told_m, measured, _NEAR_M)
    if not (more or less):
        return told_m, []
    to_the_end = not _exceeds(timer, _known_until_s(samples), _LATE_S)
    if (more and not trusted) or leaps or (less and to_the_end and not trusted):
        return measured, [f"the summary says {told_m:.0f} m, its records {measured:.0f} m, which count"]
    return told_m, [f"the summary says {told_m:.0f} m, its records {measured:.0f} m: the summary counts"]


_NEAR_M = 20.0
_LATE_S = 60.0  # our default: so much later than the last record a timer may be stopped


def _end_of(laps: Sequence[Lap]) -> float:
    return max((lap.end_s for lap in laps), default=0.0)


def _known_until_s(samples: Samples) -> float:
    """The timer at the last record with a distance."""
    rows = range(len(samples) - 1, -1, -1)
    return next((samples.timer_s[row] for row in rows if not isnan(samples.distance_m[row])), 0.0)


def _exceeds(more: float, less: float, least: float = TOLERANCE_S, share: float = AGREE) -> bool:
    return more - less > max(least, share * less)


def effort_of(sessions: Sequence[Message]) -> tuple[float | None, int | None]:
    """RPE 1 to 10 (the file has 10 to 100) and feel 0 to 100, as entered on the watch."""
    rpe = next((x / 10 for session in sessions if (x := session.number("workout_rpe")) is not None), None)
    feel = next((x for session in sessions if (x := session.whole("workout_feel")) is not None), None)
    return rpe if rpe is not None and 1 <= rpe <= 10 else None, feel


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
