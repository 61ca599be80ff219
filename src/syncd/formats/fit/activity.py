"""A recorded activity in FIT, normalised to `Activity`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.domain.activity import INDOORS, Activity, Lap, LapTrigger
from syncd.domain.grammar import with_article
from syncd.formats.fit import Unreadable
from syncd.formats.fit.decode import FitFile, Message, decode
from syncd.formats.fit.devices import device_of
from syncd.formats.fit.profile import (
    ACTIVITY_FILE,
    EARLIEST_TIME,
    FILE_KINDS,
    FIT_EPOCH,
    INDEX_MASK,
    name_of,
)
from syncd.formats.fit.samples import TidyRecords, samples_of, stops_of, tidy
from syncd.formats.fit.steps import workout_in
from syncd.formats.fit.summary import (
    LONGEST_S,
    MULTISPORT,
    clock_of,
    distinct,
    effort_of,
    sport_of,
    sum_of,
    totals_of,
)

MAX_START_ERROR_S = 86_400  # our default: a summary further than a day from the first record is damage

# Zones are whole quarters of an hour, up to UTC+14 (IANA); some watches are seconds beside it.
_QUARTER_S = 900
_QUARTER_TOLERANCE_S = 60
_MAX_OFFSET_S = 14 * 3600

_ON_FOOT = frozenset({"running", "walking", "hiking", "generic", MULTISPORT})

_TRIGGERS = {
    0: LapTrigger.MANUAL,
    1: LapTrigger.TIME,
    2: LapTrigger.DISTANCE,
    7: LapTrigger.SESSION_END,
}


def read_activity(data: bytes) -> Activity | Unreadable:
    """The activity in a FIT file. Never raises on content.

    Totals are those of the device; `Activity.problems` says what was damaged, missing or
    rebuilt. Several sessions of one sport are one activity, of different sports a "multisport".
    """
    fit = decode(data)
    kind = fit.first("file_id").whole("type")
    if kind not in (ACTIVITY_FILE, None):
        foreign = name_of(FILE_KINDS, kind, "file of unknown kind")
        return Unreadable(f"{with_article(foreign)}, not a recorded activity", foreign=foreign)
    sessions = distinct(fit.all("session"))
    tidied = tidy(fit.records)
    zero_s, problems = _zero(sessions, tidied.records.time_s)
    if zero_s is None:
        return Unreadable(_why_nothing(fit))
    activity = _normalised(fit, sessions, tidied, zero_s)
    return replace(activity, problems=(*fit.problems, *tidied.problems, *problems, *activity.problems))


def _normalised(fit: FitFile, sessions: Sequence[Message], tidied: TidyRecords, zero_s: int) -> Activity:
    records = tidied.records
    sport, sub_sport = sport_of(fit, sessions)
    elapsed, timer, swapped = clock_of(sessions, zero_s)
    stops = stops_of(fit.all("event"), records.time_s, zero_s, elapsed or 0.0, timer)
    samples, cut = samples_of(records, zero_s, stops, steps_per_cycle=2 if sport in _ON_FOOT else 1)
    laps = _laps(distinct(fit.all("lap")), zero_s)
    totals = totals_of(sessions, samples, laps, zero_s, leaps=cut.leaps, indoors=sub_sport in INDOORS)
    rpe, feel = effort_of(sessions)
    embedded = workout_in(fit)
    calendar = _calendar(fit.all("activity"), zero_s)
    return Activity(
        start=calendar.start,
        sport=sport,
        sub_sport=sub_sport,
        utc_offset=calendar.utc_offset,
        timer_s=totals.timer_s,
        elapsed_s=totals.elapsed_s,
        distance_m=totals.distance_m,
        laps=laps,
        samples=samples,
        device=device_of(fit.first("file_id")),
        workout=embedded.workout,
        workout_name=fit.first("workout").text("wkt_name"),
        avg_hr_bpm=totals.avg_hr_bpm,
        max_hr_bpm=totals.max_hr_bpm,
        ascent_m=sum_of(sessions, "total_ascent"),
        rpe=rpe,
        feel=feel,
        has_position=records.has_position,
        problems=(*calendar.problems, *swapped, *cut.problems, *totals.problems, *embedded.problems),
    )


def _zero(sessions: Sequence[Message], times: Sequence[int]) -> tuple[int | None, tuple[str, ...]]:
    """Zero of the elapsed clock in FIT seconds: the first session's start, else the first record.

    None when there is neither.
    """
    starts = [start for session in sessions if (start := session.whole("start_time")) is not None]
    if not starts:
        zero = times[0] if times else None
    elif times and abs(times[0] - min(starts)) > MAX_START_ERROR_S:
        return times[0], ("the start in the summary contradicts the records, which are believed",)
    else:
        zero = min(starts)
    return zero, ()


def _why_nothing(fit: FitFile) -> str:
    if not fit.messages and fit.problems:
        return fit.problems[0]
    if fit.problems:
        return f"damaged before the first record: {fit.problems[-1]}"
    return "nothing was recorded in it"


def _laps(messages: Sequence[Message], zero_s: int) -> tuple[Lap, ...]:
    """Laps in order of their start; one without a start begins where the one before ended."""
    laps: list[Lap] = []
    for message in messages:
        lap = _lap(message, zero_s, laps[-1].end_s if laps else 0.0)
        if abs(lap.start_s) <= LONGEST_S:
            laps.append(lap)
    return tuple(sorted(laps, key=lambda lap: lap.start_s))


def _lap(message: Message, zero_s: int, previous_end_s: float) -> Lap:
    start, stamp = message.whole("start_time"), message.whole("timestamp")
    elapsed = message.number("total_elapsed_time")
    begins = previous_end_s if start is None else float(start - zero_s)
    if elapsed is None:
        elapsed = max(0.0, stamp - zero_s - begins) if stamp is not None else 0.0
    timer = message.number("total_timer_time")
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


@dataclass(frozen=True, slots=True)
class _Calendar:
    """When the activity began, as the device knows it."""

    start: datetime
    utc_offset: timedelta | None
    problems: tuple[str, ...] = ()


def _calendar(messages: Sequence[Message], zero_s: int) -> _Calendar:
    """The start in UTC, and local time minus UTC where the device says it and it is sane.

    Old watches without GPS count seconds since they were switched on, and know local time only:
    it is then taken for UTC, so that the day is right.
    """
    start = FIT_EPOCH + timedelta(seconds=zero_s)
    known = [
        (local, stamp)
        for message in messages
        if (local := message.whole("local_timestamp")) is not None
        and (stamp := message.whole("timestamp")) is not None
    ]
    if zero_s >= EARLIEST_TIME:
        offsets = (_sane_offset(local - stamp) for local, stamp in known)
        return _Calendar(start, next((offset for offset in offsets if offset is not None), None))
    shift = next((local - stamp for local, stamp in known if local >= EARLIEST_TIME > stamp), None)
    if shift is None:
        return _Calendar(start, None, ("the device did not know the date",))
    problem = "the device knew local time only, which is taken for UTC"
    return _Calendar(start + timedelta(seconds=shift), timedelta(0), (problem,))


def _sane_offset(seconds: int) -> timedelta | None:
    offset = round(seconds / _QUARTER_S) * _QUARTER_S
    sane = abs(offset) <= _MAX_OFFSET_S and abs(seconds - offset) <= _QUARTER_TOLERANCE_S
    return timedelta(seconds=offset) if sane else None
