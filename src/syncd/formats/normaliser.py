"""From what a file says of a run to one clock and one distance: TCX and GPX come through here.

FIT shares the rules. Points outrank a summary that they contradict. What is missing, zero or swapped is
computed.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import nan

from syncd.domain.activity import (
    MULTISPORT,
    NO_SAMPLES,
    RUNNING,
    Activity,
    Device,
    Lap,
    Samples,
    Trait,
    last_known,
)
from syncd.domain.clock_time import format_clock
from syncd.formats.clock import (
    PAUSE_S,
    TOLERANCE_S,
    Stop,
    fitting_pauses,
    pauses,
    timer_column,
    usual_of,
    without_pauses,
)
from syncd.formats.laps import RecordedLap, differs, laps_of
from syncd.formats.moments import moment, offset_of
from syncd.formats.order import in_order, other_runs
from syncd.formats.plausible import torn
from syncd.formats.points import Point, Points
from syncd.formats.sports import sport_named
from syncd.formats.way import filled, speeds_of, way_of

# Our defaults.
_LONG_BEFORE_S = 3600.0  # a lap that begins earlier than that before its first point began then
_MOST_STRIDES = 120.0  # nobody takes so many with one foot; who takes so few with both walks


@dataclass(slots=True)
class RecordedRun:
    """One activity of a file before it is put right. `sport` is the file's word for it."""

    points: Points = field(default_factory=Points)
    laps: list[RecordedLap] = field(default_factory=list)
    id: str = ""  # of TCX: when it began
    sport: str = ""
    name: str = ""
    device: str = ""
    utc_offset: timedelta | None = None
    untimed: int = 0  # points without a time
    is_leg: bool = False  # of a multisport

    def take(self, point: Point, part: int) -> bool:
        """Add a point, and say whether it has a time; without one it is only counted."""
        at = moment(point.time)
        if at is None:
            self.untimed += 1
            return False
        if not len(self.points):
            self.utc_offset = offset_of(point.time)
        self.points.add(at, part, point)
        return True


def by_time(run: RecordedRun) -> list[RecordedRun]:
    """The runs of a recording that went on hours later, with the laps of each."""
    bounds = other_runs(run.points)
    if not bounds:
        return [run]
    at = run.points.at_s
    out: list[RecordedRun] = []
    for begin, end in pairwise([0, *bounds, len(at)]):
        least, most = min(at[begin:end]), max(at[begin:end])
        laps = [
            lap for lap in run.laps if lap.start_s is not None and _is_nearest(lap.start_s, least, most, at)
        ]
        untimed = 0 if begin else run.untimed
        out.append(replace(run, points=run.points.taken(range(begin, end)), laps=laps, untimed=untimed))
    return out


def _is_nearest(moment: float, least: float, most: float, at: Sequence[float]) -> bool:
    """Whether a moment lies in a stretch of the points, or nearer to it than to any other of them."""
    away = max(least - moment, moment - most, 0.0)
    return not any(abs(other - moment) < away for other in at)


def normalised(run: RecordedRun) -> Activity | None:
    """The activity, None where nothing was recorded. `problems` says what was put right.

    The distance is the recorder's counter, or the way between the positions where there is none.
    """
    ordered = in_order(run.points)
    points = ordered.points
    if len(points) == 1 and any((lap.timer_s or 0.0) > 0 for lap in run.laps):
        points = _without_the_only_one(points, run.laps)
    run.points = points  # the others are needed no more
    recorded = _in_their_order(run.laps, points)
    starts = [lap.start_s for lap in recorded if lap.start_s is not None]
    began = moment(run.id) if not starts and recorded else None
    if not len(points) and ((not starts and began is None) or not any(map(_was_run, recorded))):
        return None
    zero = _zero(points, recorded, began)
    elapsed = array("d", (at - zero for at in points.at_s))
    way = way_of(points, elapsed)
    stops = _stops(elapsed, recorded, zero, way.cut.distance_m)
    timer = timer_column(elapsed, stops)
    metres = way.cut.distance_m if way.is_counter else without_pauses(way.cut.distance_m, elapsed, stops)
    metres = filled(metres, timer)
    samples = NO_SAMPLES if not len(points) else _samples(points, elapsed, timer, metres)
    laps = laps_of(recorded, zero, samples)
    total_m, contradicted_m = _total_m(recorded, laps, metres)
    total_s, contradicted_s = _total_s(recorded, elapsed, timer, laps)
    is_leg = run.is_leg and _is_running(run.sport)
    return Activity(
        start=datetime.fromtimestamp(zero, UTC),
        sport=run.sport,
        sub_sport=MULTISPORT if is_leg else "",
        name=run.name,
        utc_offset=run.utc_offset,
        timer_s=total_s,
        elapsed_s=max([*(lap.end_s for lap in laps), elapsed[-1] if elapsed else 0.0]),
        distance_m=total_m,
        laps=laps,
        samples=samples,
        device=Device(product=run.device.lower()),
        has_position=points.has_position,
        traits=frozenset({Trait.LEGS}) if is_leg else frozenset(),
        problems=(
            *_untimed_text(run.untimed, len(points)),
            *ordered.problems,
            *way.cut.problems,
            *way.problems,
            *contradicted_m,
            *contradicted_s,
        ),
        doubts=torn(way.cut, timer[-1] if timer else 0.0),
    )


def _was_run(lap: RecordedLap) -> bool:
    return bool(lap.timer_s and lap.timer_s > 0) or bool(lap.distance_m and lap.distance_m > 0)


def _without_the_only_one(points: Points, laps: list[RecordedLap]) -> Points:
    """No points: a single one says no more than when its lap began, and its lap says how long it took."""
    if laps[0].start_s is None:
        laps[0] = replace(laps[0], start_s=points.at_s[0])
    return Points()


def _is_running(sport: str) -> bool:
    named = sport_named(sport)
    return named is not None and named.sport == RUNNING


def _untimed_text(untimed: int, timed: int) -> tuple[str, ...]:
    return (f"{untimed} of {untimed + timed} points left out: they have no time",) if untimed else ()


def _zero(points: Points, laps: Sequence[RecordedLap], began: float | None) -> float:
    """When it began: with the first lap, where its timer says so or the first point is not far behind."""
    starts = [lap.start_s for lap in laps if lap.start_s is not None]
    if not len(points):
        return min(starts) if starts else began or 0.0
    first = points.at_s[0]
    if not starts or not 0 < first - starts[0] <= _LONG_BEFORE_S:
        return first
    if first - starts[0] <= PAUSE_S:
        return starts[0]
    end = next((start for start in starts[1:] if start > first), points.at_s[-1])
    return starts[0] if (laps[0].timer_s or 0.0) > end - first + TOLERANCE_S else first


def _in_their_order(laps: Sequence[RecordedLap], points: Points) -> list[RecordedLap]:
    """Laps by their start; a start that no point is near says nothing."""
    if not len(points):
        return list(laps)
    least, most = points.at_s[0] - _LONG_BEFORE_S, points.at_s[-1] + _LONG_BEFORE_S
    near = [
        lap
        if lap.start_s is None or least <= lap.start_s <= most
        else RecordedLap(None, lap.timer_s, lap.distance_m, lap.trigger, lap.avg_hr_bpm, lap.max_hr_bpm)
        for lap in laps
    ]
    if any(lap.start_s is None for lap in near):
        return near
    return sorted(near, key=lambda lap: lap.start_s or 0.0)


def _samples(points: Points, elapsed: array[float], timer: array[float], metres: array[float]) -> Samples:
    return Samples(
        elapsed_s=elapsed,
        timer_s=timer,
        distance_m=metres,
        speed_mps=speeds_of(points.speed_mps, timer, metres),
        heart_rate_bpm=points.heart_rate_bpm,
        altitude_m=points.altitude_m,
        cadence_spm=_steps(points.cadence),
    )


def _steps(cadence: array[float]) -> array[float]:
    """Steps a minute. Watches count one foot, phones often both: the median tells which."""
    known = sorted(value for value in cadence[:: len(cadence) // 5000 + 1] if value > 0)
    if not known or known[len(known) // 2] > _MOST_STRIDES:
        return cadence
    return array("f", (2 * value for value in cadence))


# --- the clock


def _stops(
    elapsed: Sequence[float], laps: Sequence[RecordedLap], zero: float, metres: Sequence[float]
) -> tuple[Stop, ...]:
    """The pauses: what the timers of laps lack, laid into the longest gaps; elsewhere each long gap."""
    everywhere = pauses(elapsed, metres)
    usual = usual_of(elapsed, metres)
    found: list[Stop] = []
    for begin, end, timer in _spans(elapsed, laps, zero):
        missing = 0.0 if timer is None else end - begin - timer
        if missing > TOLERANCE_S:
            fitting, left = fitting_pauses(elapsed, metres, (begin, end), missing, usual)
            if abs(left) <= 2 * TOLERANCE_S:
                found += fitting
                continue  # else the lap's timer is wrong
        found += [stop for stop in everywhere if begin <= stop[0] < end]
    return _apart(found)


def _apart(stops: list[Stop]) -> tuple[Stop, ...]:
    """Stops in order; where two overlap, the second begins where the first ends."""
    out: list[Stop] = []
    for stop in sorted(stops):
        begin = max(stop[0], out[-1][1]) if out else stop[0]
        if stop[1] > begin:
            out.append((begin, stop[1]))
    return tuple(out)


def _spans(
    elapsed: Sequence[float], laps: Sequence[RecordedLap], zero: float
) -> list[tuple[float, float, float | None]]:
    """From, to, and the timer of each stretch with one clock: laps, and what lies around them."""
    if not elapsed:
        return []
    first, last = elapsed[0], elapsed[-1]
    starts = [lap.start_s - zero for lap in laps if lap.start_s is not None]
    if len(starts) < len(laps) or not starts:
        return [(first, last, None)]
    spans: list[tuple[float, float, float | None]] = []
    if starts[0] > first:
        spans.append((first, starts[0], None))
    for begin, end, lap in zip(starts, [*starts[1:], last], laps, strict=True):
        timer = lap.timer_s if lap.timer_s and lap.timer_s > 0 else None
        is_last = lap is laps[-1]
        if (
            is_last
            and timer
            and end - begin > timer + PAUSE_S
            and _runs_through(elapsed, begin, begin + timer)
        ):
            spans += [(begin, begin + timer, timer), (begin + timer, last, None)]
        elif end > begin:
            spans.append((begin, end, timer))
    return spans


def _runs_through(elapsed: Sequence[float], begin: float, end: float) -> bool:
    """Whether points lie all through that time: then the lap ended there, and what follows is behind it."""
    inside = elapsed[bisect_left(elapsed, begin) : bisect_right(elapsed, end)]
    return bool(inside) and end - inside[-1] < PAUSE_S and not pauses(inside, array("d", [nan]) * len(inside))


# --- totals


def _total_m(
    recorded: Sequence[RecordedLap], laps: Sequence[Lap], metres: Sequence[float]
) -> tuple[float | None, tuple[str, ...]]:
    """The recorder's own sum where the points agree with it, lap by lap, else theirs."""
    measured = last_known(metres) or 0.0
    total = sum(lap.distance_m for lap in laps if lap.distance_m is not None)
    if not measured or not total:
        return measured or total or None, ()
    named = _sum_named([lap.distance_m for lap in recorded], laps)
    if named is not None and differs(named, measured, least=20.0):
        return measured, (f"its laps add up to {named:.0f} m, its points to {measured:.0f} m, which count",)
    is_named = named is not None and all(
        lap.distance_m == told.distance_m for lap, told in zip(laps, recorded, strict=True)
    )
    return total if is_named else measured, ()


def _total_s(
    recorded: Sequence[RecordedLap], elapsed: Sequence[float], timer: Sequence[float], laps: Sequence[Lap]
) -> tuple[float, tuple[str, ...]]:
    """The recorder's own sum where the points agree with it: it knows fractions, and the last second.

    One that counts the pauses too does not agree.
    """
    total = sum(lap.timer_s for lap in laps)
    if not timer or not total:
        return timer[-1] if timer else total, ()
    named = _sum_named([lap.timer_s for lap in recorded], laps)
    if named is not None and differs(named, timer[-1]):
        text = (
            f"its laps add up to {format_clock(named)}, its points to {format_clock(timer[-1])}, which count"
        )
        return timer[-1], (text,)
    counts_pauses = elapsed[-1] - timer[-1] > TOLERANCE_S and abs(total - elapsed[-1]) <= TOLERANCE_S
    is_whole = len(recorded) == len(laps) and not differs(total, timer[-1])
    return total if is_whole and not counts_pauses else timer[-1], ()


def _sum_named(values: Sequence[float | None], laps: Sequence[Lap]) -> float | None:
    """What all laps say together; None where one of them says nothing, or is missing."""
    known = [value for value in values if value is not None and value > 0]
    return sum(known) if known and len(known) == len(values) == len(laps) else None
