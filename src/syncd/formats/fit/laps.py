"""Laps of FIT: as the device has them, and put right where its records show that they cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syncd.domain.activity import Lap, LapTrigger, Samples
from syncd.formats.clock import LONGEST_S, TOLERANCE_S
from syncd.formats.fit.decode import Message
from syncd.formats.fit.profile import INDEX_MASK
from syncd.formats.laps import Measured, last_part

# Our defaults.
_LAST_LAP_S = 12.0  # whole-second starts drift by less
_FAR_OFF, _FAR_OFF_S, _FAR_OFF_M = 0.2, 10.0, 30.0  # laps of real watches are as their records within 6 %
_LATE_S = 60.0

_TRIGGERS = {
    0: LapTrigger.MANUAL,
    1: LapTrigger.TIME,
    2: LapTrigger.DISTANCE,
    7: LapTrigger.SESSION_END,
}


def laps_in(messages: Sequence[Message], zero_s: int) -> tuple[Lap, ...]:
    """Laps in order of their start; one without a start begins where the one before ended.

    So do those that all have the same one.
    """
    starts = {message.whole("start_time") for message in messages}
    laps: list[Lap] = []
    for place, message in enumerate(messages):
        start = None if place and len(starts) == 1 else message.whole("start_time")
        lap = _lap(message, start, zero_s, laps[-1].end_s if laps else 0.0)
        if abs(lap.start_s) <= LONGEST_S:
            laps.append(lap)
    return tuple(sorted(laps, key=lambda lap: lap.start_s))


def _lap(message: Message, start: int | None, zero_s: int, previous_end_s: float) -> Lap:
    stamp = message.whole("timestamp")
    elapsed = message.number("total_elapsed_time") or None
    timer = message.number("total_timer_time")
    if elapsed is not None and timer is not None and timer > elapsed + TOLERANCE_S:
        elapsed, timer = timer, elapsed  # swapped
    begins = previous_end_s if start is None else float(start - zero_s)
    if elapsed is None:
        elapsed = max(0.0, stamp - zero_s - begins) if stamp is not None else 0.0
    step = message.whole("wkt_step_index")
    return Lap(
        start_s=begins,
        end_s=begins + elapsed,
        timer_s=elapsed if timer is None else timer,
        distance_m=message.number("total_distance"),
        trigger=_TRIGGERS.get(message.whole("lap_trigger") or 0, LapTrigger.OTHER),
        step_index=None if step is None else step & INDEX_MASK,
        avg_hr_bpm=message.whole("avg_heart_rate") or None,
        max_hr_bpm=message.whole("max_heart_rate") or None,
    )


def as_recorded(laps: Sequence[Lap], samples: Samples, elapsed_s: float) -> tuple[Lap, ...]:
    """The laps; what they say of themselves is measured where the records show something else by far.

    One that lasts longer than the records, and than the summary's `elapsed_s`, ends where the next begins.
    """
    if not laps or not len(samples):
        return tuple(laps)
    measured = Measured(samples)
    last = samples.elapsed_s[-1]
    longest = max(last, elapsed_s) + _LATE_S
    out: list[Lap] = []
    for place, lap in enumerate(laps):
        if lap.end_s - lap.start_s > longest:
            lap = replace(lap, end_s=_next_start(laps, place, last))  # noqa: PLW2901
        out.append(_mended(lap, measured) if lap.end_s <= last + _LATE_S else lap)
    return tuple(out)


def _next_start(laps: Sequence[Lap], place: int, last: float) -> float:
    starts = (lap.start_s for lap in laps[place + 1 :] if lap.start_s > laps[place].start_s)
    return max(next(starts, last), laps[place].start_s)


def _mended(lap: Lap, measured: Measured) -> Lap:
    seconds, metres = measured.seconds(lap.start_s, lap.end_s), measured.metres(lap.start_s, lap.end_s)
    if _is_far_off(lap.timer_s, seconds, _FAR_OFF_S):
        lap = replace(lap, timer_s=seconds)
    if metres is not None and _is_far_off(lap.distance_m or 0.0, metres, _FAR_OFF_M):
        lap = replace(lap, distance_m=metres)
    return lap


def _is_far_off(named: float, measured: float, least: float) -> bool:
    return abs(named - measured) > max(_FAR_OFF * measured, least)


def last_lap(laps: Sequence[Lap], samples: Samples, timer_s: float) -> tuple[Lap, ...]:
    """What was run after the last lap, as a lap, where the laps lack time."""
    if not laps or timer_s - sum(lap.timer_s for lap in laps) <= _LAST_LAP_S:
        return ()
    return last_part(laps, samples)
