"""From what a file says of a run to one clock and one distance: TCX and GPX come through here, FIT shares the rules.

Points outrank a summary that they contradict. What is missing, zero or swapped is computed.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import isnan, nan

from syncd.domain.activity import NO_SAMPLES, Activity, Device, Lap, LapTrigger, Samples
from syncd.formats.clock import PAUSE_S, TOLERANCE_S, Stop, gaps, gaps_that_fit, longest_rising, timer_column
from syncd.formats.plausible import Cut, counted, walked
from syncd.formats.points import Points

LONGEST_S = (
    10 * 86_400.0
)  # our default: what lies further from the rest is damage; the longest races last six days
AGREE = 0.02  # witnesses of one distance or time that differ by more are reported
_WALKING_MPS = (
    1.0  # our default: a counter that went on so fast while nothing was recorded was worn by a runner
)


@dataclass(frozen=True, slots=True)
class RecordedLap:
    """A lap as the file has it. `start_s` counts seconds since 1970; None and 0 are what it does not say."""

    start_s: float | None = None
    timer_s: float | None = None
    distance_m: float | None = None
    trigger: LapTrigger = LapTrigger.OTHER
    avg_hr_bpm: int | None = None
    max_hr_bpm: int | None = None


@dataclass(slots=True)
class RecordedRun:
    """One activity of a file before it is put right. `sport` is the file's word for it."""

    points: Points = field(default_factory=Points)
    laps: list[RecordedLap] = field(default_factory=list)
    sport: str = ""
    sub_sport: str = ""
    name: str = ""
    device: str = ""
    utc_offset: timedelta | None = None
    untimed: int = 0  # points without a time or a place


def normalised(run: RecordedRun) -> Activity | None:
    """The activity, None where nothing was recorded. `problems` says what was put right.

    The distance is the recorder's counter, or the way between the positions where there is none.
    """
    points, lost = rising(run.points)
    starts = [lap.start_s for lap in run.laps if lap.start_s is not None]
    if not len(points) and not starts:
        return None
    zero = _zero(points, starts)
    elapsed = array("d", [at - zero for at in points.at_s])
    counter = counted(points.at_s, points.distance_m, zero)
    stops = _stops(elapsed, run.laps, zero, counter.distance_m)
    timer = timer_column(elapsed, stops)
    metres, cut, problems = _metres(points, elapsed, stops, counter)
    samples = (
        NO_SAMPLES
        if not len(points)
        else Samples(
            elapsed_s=elapsed,
            timer_s=timer,
            distance_m=metres,
            speed_mps=points.speed_mps,
            heart_rate_bpm=points.heart_rate_bpm,
            altitude_m=points.altitude_m,
            cadence_spm=points.cadence_spm,
        )
    )
    laps = laps_of(run.laps, zero, samples)
    total_m, disagreement = _total_m(laps, metres)
    missing = lost + run.untimed
    return Activity(
        start=datetime.fromtimestamp(zero, UTC),
        sport=run.sport,
        sub_sport=run.sub_sport,
        name=run.name,
        utc_offset=run.utc_offset,
        timer_s=_total_s(run.laps, timer, laps),
        elapsed_s=max([*(lap.end_s for lap in laps), elapsed[-1] if elapsed else 0.0]),
        distance_m=total_m,
        laps=laps,
        samples=samples,
        device=Device(product=run.device.lower()),
        has_position=points.has_position,
        problems=(
            *(
                [f"{missing} points left out: without time or place, or time runs backwards"]
                if missing
                else []
            ),
            *cut.problems,
            *problems,
            *disagreement,
        ),
    )


def rising(points: Points) -> tuple[Points, int]:
    """Points whose time rises strictly, and how many are left out because theirs does not.

    Stretches that were written out of order are put in order; points of one second become one.
    """
    at = points.at_s
    order = _in_order(points)
    near = _near(at, order)
    rows = longest_rising(at, near)
    kept = array("q")
    doubles: list[tuple[int, int]] = []
    for row in rows:
        if kept and at[kept[-1]] == at[row]:
            doubles.append((len(kept) - 1, row))
        else:
            kept.append(row)
    out = points.taken(kept) if len(kept) != len(points) or order != range(len(points)) else points
    for place, row in doubles:
        _fill(out, place, points, row)
    return out, len(points) - len(rows)


def laps_of(recorded: Sequence[RecordedLap], zero: float, samples: Samples) -> tuple[Lap, ...]:
    """Laps on the clock of the points: one ends where the next begins; what they do not say is measured.

    A last part behind them that was run is a lap too.
    """
    ends = len(samples) and samples.elapsed_s[-1]
    starts = [None if lap.start_s is None else max(lap.start_s - zero, 0.0) for lap in recorded]
    out: list[Lap] = []
    for place, lap in enumerate(recorded):
        start = starts[place]
        begin = out[-1].end_s if start is None and out else start or 0.0
        after = next((start for start in starts[place + 1 :] if start is not None and start >= begin), None)
        told = lap.timer_s if lap.timer_s and lap.timer_s > 0 else None
        end = _end(begin, after, told, samples)
        measured = _timer_between(samples, begin, end)
        timer = told if told is not None and not differs(told, measured) else measured or told or 0.0
        out.append(
            Lap(
                start_s=begin,
                end_s=end,
                timer_s=timer,
                distance_m=_lap_m(lap.distance_m, samples, begin, end),
                trigger=lap.trigger,
                avg_hr_bpm=lap.avg_hr_bpm,
                max_hr_bpm=lap.max_hr_bpm,
            )
        )
    if out and ends - out[-1].end_s > TOLERANCE_S:
        begin = out[-1].end_s
        rest = _metres_between(samples, begin, ends)
        if rest:
            out.append(Lap(begin, ends, _timer_between(samples, begin, ends), rest, LapTrigger.SESSION_END))
    return tuple(out)


def differs(told: float, measured: float, least: float = TOLERANCE_S) -> bool:
    """Whether two witnesses of one time or distance do not agree."""
    return measured > 0 and abs(told - measured) > max(AGREE * measured, least)


def _zero(points: Points, starts: Sequence[float]) -> float:
    """When it began: with the first lap, where that is not long before the first point."""
    if not len(points):
        return min(starts)
    first = points.at_s[0]
    near = [start for start in starts if 0 <= first - start <= PAUSE_S]
    return min([first, *near])


def _in_order(points: Points) -> Sequence[int]:
    """Rows by stretch: those that were written out of order come in the order of their first moments."""
    stretches: dict[int, list[int]] = {}
    for row, part in enumerate(points.part):
        stretches.setdefault(part, []).append(row)
    first = [(points.at_s[rows[0]], part) for part, rows in stretches.items()]
    if all(before <= after for before, after in pairwise(first)):
        return range(len(points))
    return [row for _, part in sorted(first) for row in stretches[part]]


def _near(at: Sequence[float], order: Sequence[int]) -> array[int]:
    known = sorted(at[row] for row in order[:: len(order) // 1000 + 1])
    middle = known[len(known) // 2] if known else 0.0
    return array("q", [row for row in order if abs(at[row] - middle) <= LONGEST_S])


def _fill(out: Points, place: int, points: Points, row: int) -> None:
    for target, source in zip(out.columns()[2:], points.columns()[2:], strict=True):
        if isnan(target[place]):
            target[place] = source[row]


def _stops(
    elapsed: Sequence[float], laps: Sequence[RecordedLap], zero: float, counter: Sequence[float]
) -> tuple[Stop, ...]:
    """The pauses: what the timers of laps lack, laid into the longest gaps; without such timers each long gap.

    A long gap that no lap knows of is no pause where the counter went on at a runner's pace.
    """
    found: list[Stop] = []
    for begin, end, timer in _spans(elapsed, laps, zero):
        inside = elapsed[bisect_left(elapsed, begin) : bisect_right(elapsed, end)]
        if timer is None:
            found += gaps(inside)
            continue
        missing = (inside[-1] - inside[0] if inside else 0.0) - timer
        if missing > TOLERANCE_S:
            found += gaps_that_fit(inside, missing)
        else:
            found += [stop for stop in gaps(inside) if not _ran_on(elapsed, counter, stop)]
    return tuple(sorted(found))


def _spans(
    elapsed: Sequence[float], laps: Sequence[RecordedLap], zero: float
) -> list[tuple[float, float, float | None]]:
    """From, to, and the timer of each stretch with one clock: laps, and what lies around them."""
    if not elapsed:
        return []
    timed = [
        (lap.start_s - zero, lap.timer_s)
        for lap in laps
        if lap.start_s is not None and lap.timer_s and lap.timer_s > 0
    ]
    if len(timed) < len(laps) or not timed:
        return [(elapsed[0], elapsed[-1], None)]
    timed.sort(key=lambda lap: lap[0])
    ends = [start for start, _ in timed[1:]]
    last, last_timer = timed[-1]
    spans: list[tuple[float, float, float | None]] = [
        (start, end, timer) for (start, timer), end in zip(timed[:-1], ends, strict=True)
    ]
    if elapsed[-1] - last > last_timer + PAUSE_S and _runs_through(elapsed, last, last + last_timer):
        return [*spans, (last, last + last_timer, last_timer), (last + last_timer, elapsed[-1], None)]
    return [*spans, (last, elapsed[-1], last_timer)]


def _runs_through(elapsed: Sequence[float], begin: float, end: float) -> bool:
    """Whether points lie all through that time: then the lap ended there, and what follows is behind it."""
    inside = elapsed[bisect_left(elapsed, begin) : bisect_right(elapsed, end)]
    return bool(inside) and end - inside[-1] < PAUSE_S and not gaps(inside)


def _ran_on(elapsed: Sequence[float], counter: Sequence[float], stop: Stop) -> bool:
    after = bisect_left(elapsed, stop[1])
    metres = counter[after] - counter[after - 1] if after else nan
    return metres >= _WALKING_MPS * (stop[1] - stop[0])


def _metres(
    points: Points, elapsed: Sequence[float], stops: Sequence[Stop], counter: Cut
) -> tuple[array[float], Cut, tuple[str, ...]]:
    """The column of metres, what was cut from it, and whether its two witnesses disagree."""
    pauses = {end: end - start for start, end in stops}
    way = walked(points.at_s, points.lat, points.lon, [pauses.get(moment, 0.0) for moment in elapsed])
    counter_m, way_m = _last(counter.distance_m), _last(way.distance_m)
    if not counter_m:
        return (way.distance_m, way, ()) if way_m else (counter.distance_m, counter, ())
    if way_m and differs(way_m, counter_m):
        words = f"the distance is {counter_m:.0f} m by the counter, {way_m:.0f} m by the positions"
        return counter.distance_m, counter, (words,)
    return counter.distance_m, counter, ()


def _total_m(laps: Sequence[Lap], metres: Sequence[float]) -> tuple[float | None, tuple[str, ...]]:
    measured = _last(metres)
    told = [lap.distance_m for lap in laps if lap.distance_m is not None]
    total = sum(told)
    if not measured:
        return total or None, ()
    if not total:
        return measured, ()
    if differs(total, measured):
        return measured, (
            f"its laps add up to {total:.0f} m, its points to {measured:.0f} m, which are believed",
        )
    return total, ()


def _total_s(recorded: Sequence[RecordedLap], timer: Sequence[float], laps: Sequence[Lap]) -> float:
    """The recorder's own sum where the points agree with it: it knows fractions, and the last second."""
    summed = sum(lap.timer_s for lap in laps)
    if not timer or (len(recorded) == len(laps) and not differs(summed, timer[-1])):
        return summed or (timer[-1] if timer else 0.0)
    return timer[-1]


def _last(metres: Sequence[float]) -> float:
    return next((value for value in reversed(metres) if not isnan(value)), 0.0)


def _end(begin: float, after: float | None, timer: float | None, samples: Samples) -> float:
    if after is not None:
        return after
    if not len(samples):
        return begin + (timer or 0.0)
    last = samples.elapsed_s[-1]
    if timer is None:
        return max(last, begin)
    # The moment at which the timer has run for so long since the lap began.
    started = _at(samples.timer_s, samples.elapsed_s, begin)
    end = next(
        (at for at, ran in zip(samples.elapsed_s, samples.timer_s, strict=True) if ran - started >= timer),
        last,
    )
    if last - end > TOLERANCE_S:
        return max(end, begin)
    return max(last, min(begin + timer, last + TOLERANCE_S))


def _lap_m(told: float | None, samples: Samples, begin: float, end: float) -> float | None:
    measured = _metres_between(samples, begin, end)
    if not told:
        return measured
    return measured if measured and differs(told, measured, least=20.0) else told


def _metres_between(samples: Samples, begin: float, end: float) -> float | None:
    if not len(samples):
        return None
    metres = _at(samples.distance_m, samples.elapsed_s, end) - _at(
        samples.distance_m, samples.elapsed_s, begin
    )
    return None if isnan(metres) else max(metres, 0.0)


def _timer_between(samples: Samples, begin: float, end: float) -> float:
    if not len(samples):
        return 0.0
    return _at(samples.timer_s, samples.elapsed_s, end) - _at(samples.timer_s, samples.elapsed_s, begin)


def _at(column: Sequence[float], elapsed: Sequence[float], moment: float) -> float:
    """A rising column at a moment, between the samples around it that have a value."""
    after = bisect_right(elapsed, moment)
    before = after - 1
    while before >= 0 and isnan(column[before]):
        before -= 1
    while after < len(column) and isnan(column[after]):
        after += 1
    if before < 0:
        return 0.0 if after < len(column) else nan
    if after >= len(column):
        return column[before]
    share = (moment - elapsed[before]) / (elapsed[after] - elapsed[before])
    return column[before] + share * (column[after] - column[before])
