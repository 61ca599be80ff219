"""A recorded activity in FIT, normalised to `Activity`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.domain.activity import INDOORS, MULTISPORT, RUNNING, Activity, StatedTotals, Trait
from syncd.domain.grammar import with_article
from syncd.formats.clock import ANOTHER_RUN_S
from syncd.formats.fit import Unreadable
from syncd.formats.fit.decode import FitFile, Message, decode
from syncd.formats.fit.devices import device_of
from syncd.formats.fit.laps import as_recorded, laps_in, last_lap
from syncd.formats.fit.profile import ACTIVITY_FILE, EARLIEST_TIME, FILE_KINDS, FIT_EPOCH, name_of
from syncd.formats.fit.samples import TidyRecords, samples_of, stops_of, tidy
from syncd.formats.fit.steps import workout_in
from syncd.formats.fit.summary import (
    clock_of,
    device_elapsed_s,
    distinct,
    effort_of,
    sport_name,
    sport_of,
    sum_of,
    totals_of,
)
from syncd.formats.plausible import torn

START_ERROR_S = 60
MAX_START_ERROR_S = 86_400  # our default: a summary further than a day from the first record is damage

# Zones are whole quarters of an hour, up to UTC+14 (IANA); some watches are seconds beside it.
_QUARTER_S = 900
_QUARTER_TOLERANCE_S = 60
_MAX_OFFSET_S = 14 * 3600

_ON_FOOT = frozenset({"running", "walking", "hiking", "generic", MULTISPORT})

MOST_PARTS = 400  # our default: a file of a year has fewer


def read_activity(data: bytes) -> Activity | Unreadable:
    """All that is in a FIT file as one activity. Never raises on content.

    Totals are those of the device; `Activity.problems` says what was damaged, missing or
    rebuilt. Several sessions of one sport are one activity, of different sports a "multisport".
    """
    fit = _recorded(data)
    return fit if isinstance(fit, Unreadable) else _read(fit)


def read_activities(data: bytes) -> tuple[Activity, ...] | Unreadable:
    """The activities in a FIT file: the legs of a multisport one by one, and what was recorded hours apart.

    Never raises on content.
    """
    fit = _recorded(data)
    if isinstance(fit, Unreadable):
        return fit
    parts = _parts(distinct(fit.all("session")))
    if len(parts) <= 1:
        whole = _read(fit)
        return whole if isinstance(whole, Unreadable) else (whole,)
    found = [_read_part(fit, parts, place) for place in range(min(len(parts), MOST_PARTS))]
    activities = [activity for activity in found if isinstance(activity, Activity)]
    if fit.problems and activities:
        activities[0] = replace(activities[0], problems=(*fit.problems, *activities[0].problems))
    return tuple(activities) or Unreadable(_why_nothing(fit))


def _recorded(data: bytes) -> FitFile | Unreadable:
    """What was decoded, where it may be a recording."""
    fit = decode(data)
    kind = fit.first("file_id").whole("type")
    if kind in (ACTIVITY_FILE, None):
        return fit
    foreign = name_of(FILE_KINDS, kind, "file of unknown kind")
    return Unreadable(f"{with_article(foreign)}, not a recorded activity", foreign=foreign)


def _read(fit: FitFile) -> Activity | Unreadable:
    sessions = distinct(fit.all("session"))
    tidied = tidy(fit.records)
    zero_s, problems = _zero(sessions, tidied.records.time_s)
    if zero_s is None:
        return Unreadable(_why_nothing(fit))
    activity = _normalised(fit, sessions, tidied, zero_s)
    return replace(activity, problems=(*fit.problems, *tidied.problems, *problems, *activity.problems))


@dataclass(frozen=True, slots=True)
class _Part:
    """Sessions of one sport that follow each other. `is_leg`: others, of other sports, follow or precede."""

    sessions: tuple[Message, ...]
    start_s: int
    end_s: float
    is_leg: bool = False


def _parts(sessions: Sequence[Message]) -> list[_Part]:
    """The sessions by activity: another sport and hours in between begin one."""
    timed = sorted(
        ((start, session) for session in sessions if (start := session.whole("start_time")) is not None),
        key=lambda pair: pair[0],
    )
    if len(timed) < len(sessions):
        return []
    parts: list[_Part] = []
    for start, session in timed:
        end = start + (session.number("total_elapsed_time") or session.number("total_timer_time") or 0.0)
        last = parts[-1] if parts else None
        soon = last is not None and start - last.end_s < ANOTHER_RUN_S
        same = last is not None and sport_name(last.sessions[0]) == sport_name(session)
        if last is not None and soon and same:
            parts[-1] = replace(last, sessions=(*last.sessions, session), end_s=max(end, last.end_s))
            continue
        if last is not None and soon:
            parts[-1] = replace(last, is_leg=True)
        parts.append(_Part((session,), start, end, is_leg=soon))
    return parts


def _read_part(fit: FitFile, parts: Sequence[_Part], place: int) -> Activity | Unreadable:
    """One of the activities: its messages and records, up to where the next one begins."""
    part = parts[place]
    begin = part.start_s if place else min(part.start_s, fit.records.earliest_s)
    end = parts[place + 1].start_s if place + 1 < len(parts) else None

    def inside(message: Message) -> bool:
        at = message.whole("start_time") or message.whole("timestamp")
        return at is not None and at >= begin and (end is None or at < end)

    events = tuple(event for event in fit.all("event") if inside(event))
    messages = {
        "file_id": fit.all("file_id"),
        "activity": fit.all("activity"),
        "session": part.sessions,
        "lap": tuple(lap for lap in fit.all("lap") if inside(lap)),
        "event": events or fit.all("event")[:1],  # whether the device writes any
    }
    own = FitFile(messages, fit.records.between(begin, end))
    activity = _read(own)
    if isinstance(activity, Activity) and part.is_leg and activity.sport == RUNNING:
        return replace(activity, sub_sport=MULTISPORT, traits=frozenset({Trait.LEGS}))
    return activity


def _normalised(fit: FitFile, sessions: Sequence[Message], tidied: TidyRecords, zero_s: int) -> Activity:
    records = tidied.records
    sport, sub_sport = sport_of(fit, sessions)
    elapsed, timer, swapped = clock_of(sessions, zero_s, records.time_s)
    stops = stops_of(fit.all("event"), records, zero_s, elapsed or 0.0, timer)
    samples, cut = samples_of(records, zero_s, stops, steps_per_cycle=2 if sport in _ON_FOOT else 1)
    laps = as_recorded(laps_in(distinct(fit.all("lap")), zero_s), samples, elapsed or 0.0)
    totals = totals_of(
        sessions, samples, laps, (elapsed, timer), leaps=cut.leaps, indoors=sub_sport in INDOORS
    )
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
        laps=(*laps, *last_lap(laps, samples, totals.timer_s)),
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
        doubts=torn(cut, totals.timer_s),
        stated=StatedTotals(calendar.start, timer, elapsed, sum_of(sessions, "total_distance")),
    )


def _zero(sessions: Sequence[Message], times: Sequence[int]) -> tuple[int | None, tuple[str, ...]]:
    """Zero of the elapsed clock in FIT seconds: the first session's start, else the first record.

    None when there is neither. A start that the records contradict does not count.
    """
    starts = [start for session in sessions if (start := session.whole("start_time")) is not None]
    if not starts or not times:
        return min(starts, default=times[0] if times else None), ()
    start = min(starts)
    if abs(times[0] - start) > MAX_START_ERROR_S or _is_another_hour(sessions, start, times):
        return times[0], ("the start in the summary contradicts the records, which are believed",)
    return min(start, times[0]), ()


def _is_another_hour(sessions: Sequence[Message], start: int, times: Sequence[int]) -> bool:
    """Whether the records last as long as the summary says, but begin at another time."""
    length = (device_elapsed_s(sessions, start) or 0.0) + START_ERROR_S
    return start > times[-1] or (times[-1] - times[0] <= length < times[-1] - start - START_ERROR_S)


def _why_nothing(fit: FitFile) -> str:
    if not fit.messages and fit.problems:
        return fit.problems[0]
    if fit.problems:
        return f"damaged before the first record: {fit.problems[-1]}"
    return "nothing was recorded in it"


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
