"""Weeks, long runs, fitness and easy-run efficiency as pictures over months."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from syncd.domain.calendar_names import MONTH_NAMES
from syncd.report.page.model import FitnessPoint, WeekBar
from syncd.report.page.run_chart import Mark
from syncd.report.page.scale import Scale, path, ticks
from syncd.report.page.sizes import CHARACTER_PX, DESK_PX, PHONE_PX, STRIPS, TREND, ChartFrame

Place = tuple[float, float]

_GAP = 0.25  # of a week's place
_WEEK = timedelta(weeks=1)
_HOLE = timedelta(weeks=4)  # our default
_MANY = 52  # our default: a year of weeks
_MONTH_PX = 8 * CHARACTER_PX + 8  # `Jan 2026`, and some air


@dataclass(frozen=True, slots=True)
class Bar:
    """A week: planned as an outline, run as a fill."""

    x: float
    width: float
    planned_y: float | None
    done_y: float
    label: str
    now: bool


@dataclass(frozen=True, slots=True)
class PhaseStrip:
    """Weeks of one phase, behind the bars."""

    x: float
    width: float
    name: str
    shown: str  # "" where the name has no room
    alternate: bool
    wide_only: bool = False  # a phone has no room for the name


@dataclass(frozen=True, slots=True)
class TrendPicture:
    """Everything that a picture over months may have."""

    marks: tuple[Mark, ...]
    months: tuple[Mark, ...]
    description: str
    bars: tuple[Bar, ...] = ()
    phases: tuple[PhaseStrip, ...] = ()
    line: str = ""
    frame: ChartFrame = TREND
    dots: tuple[tuple[float, float], ...] = ()

    @property
    def is_dense(self) -> bool:
        """Whether bars or dots are so many that lines around them would hide them on a phone."""
        return max(len(self.bars), len(self.dots)) > _MANY


def weeks_picture(weeks: Sequence[WeekBar], unit: tuple[float, str], this_week: date) -> TrendPicture | None:
    """Distance planned and run, with the phases behind; None without a week."""
    if not weeks:
        return None
    metres, name = unit
    across = _weeks_across(weeks)
    width = across(weeks[0].start.toordinal() + 7) - across(weeks[0].start.toordinal())
    highest = max([max(week.done_m, week.planned_m or 0.0) for week in weeks] + [metres]) / metres
    up = Scale(highest, 0.0, TREND.top, TREND.end)
    bars = tuple(
        Bar(
            x=round(across(week.start.toordinal()) + width * _GAP / 2, 1),
            width=round(width * (1 - _GAP), 1),
            planned_y=None if week.planned_m is None else up(week.planned_m / metres),
            done_y=up(week.done_m / metres),
            label=week.label,
            now=week.start == this_week,
        )
        for week in weeks
    )
    total = sum(week.done_m for week in weeks) / metres
    phases = _phases(weeks, across, width)
    return TrendPicture(
        marks=tuple(Mark(up(value), f"{value:g}") for value in ticks(0, highest, 4)),
        months=_months(weeks[0].start, weeks[-1].start + _WEEK, across),
        description=f"{len(weeks)} weeks, {total:.0f} {name} run; planned distance as outlines, run as bars.",
        bars=bars,
        frame=STRIPS if any(strip.shown for strip in phases) else TREND,
        phases=phases,
    )


def line_picture(
    points: Sequence[tuple[date, float]],
    span: tuple[date, date],
    description: str,
    label: Callable[[float], str] = "{:g}".format,
    *,
    steps: bool = False,
) -> TrendPicture | None:
    """Values over time; with `steps` each holds until the next. None without two points."""
    if len(points) < 2 and not (steps and points):
        return None
    across = Scale(span[0].toordinal(), span[1].toordinal(), 0, TREND.width)
    low, high = min(value for _, value in points), max(value for _, value in points)
    room = max((high - low) * 0.1, abs(high) * 0.02)
    up = Scale(high + room, low - room, TREND.top, TREND.end)
    places = [(across.clamped(day.toordinal()), up(value)) for day, value in points]
    return TrendPicture(
        marks=tuple(Mark(up(value), label(value)) for value in ticks(low - room, high + room, 4)),
        months=_months(span[0], span[1], across),
        description=description,
        line=path(_steps(places) if steps else _line(places, [day for day, _ in points])),
        dots=tuple(places),
    )


def _line(places: Sequence[Place], days: Sequence[date]) -> list[Place | None]:
    """With a hole where nothing is known for weeks."""
    drawn: list[Place | None] = list(places[:1])
    for place, day, before in zip(places[1:], days[1:], days, strict=False):
        drawn += [None, place] if day - before > _HOLE else [place]
    return drawn


def _steps(places: Sequence[Place]) -> list[Place]:
    """Each value holds until the next, the last one to the edge."""
    ends = [*(x for x, _ in places[1:]), TREND.width]
    return [point for (x, y), end in zip(places, ends, strict=True) for point in ((x, y), (end, y))]


def fitness_picture(points: Sequence[FitnessPoint], span: tuple[date, date]) -> TrendPicture | None:
    """VDOT, which holds until the next test or race."""
    if not points:
        return None
    description = f"VDOT from {points[0].vdot:.1f} to {points[-1].vdot:.1f} over {len(points)} results."
    values = [(point.day, point.vdot) for point in points]
    return line_picture(values, span, description, "{:.1f}".format, steps=True)


def _weeks_across(weeks: Sequence[WeekBar]) -> Scale:
    first, last = weeks[0].start, weeks[-1].start + _WEEK
    return Scale(first.toordinal(), last.toordinal(), 0, TREND.width)


def _phases(weeks: Sequence[WeekBar], across: Scale, width: float) -> tuple[PhaseStrip, ...]:
    strips: list[PhaseStrip] = []
    first = 0
    for place, week in enumerate(weeks):
        last = place + 1 == len(weeks)
        if not last and weeks[place + 1].phase == week.phase:
            continue
        x = across(weeks[first].start.toordinal())
        wide = round((place - first + 1) * width, 1)
        if week.phase:
            shown = week.phase if _has_room(wide, len(week.phase), DESK_PX) else ""
            wide_only = not _has_room(wide, len(week.phase), PHONE_PX)
            strips.append(PhaseStrip(x, wide, week.phase, shown, len(strips) % 2 == 1, wide_only))
        first = place + 1
    return tuple(strips)


def _has_room(width: float, characters: int, picture_px: int) -> bool:
    return width * picture_px / TREND.width >= characters * CHARACTER_PX


def _months(first: date, last: date, across: Scale) -> tuple[Mark, ...]:
    """The first of each month, as many as there is room for; fewer of them on a phone."""
    months, day = [], (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day < last:
        months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    on_desk = _shown(months, across, DESK_PX) or [first]
    on_phone = _shown(on_desk, across, PHONE_PX) or on_desk[:1]
    return tuple(
        Mark(
            across.clamped(month.toordinal()),
            f"{MONTH_NAMES[month.month - 1][:3]} {month.year}",
            wide_only=month not in on_phone,
        )
        for month in on_desk
    )


def _shown(months: Sequence[date], across: Scale, picture_px: int) -> list[date]:
    """Every so many months, so that their labels do not touch in a picture of that width."""
    room = _MONTH_PX * TREND.width / picture_px
    shown: list[date] = []
    for month in months:
        place = across(month.toordinal())
        if place <= TREND.width - room and (not shown or place - across(shown[-1].toordinal()) >= room):
            shown.append(month)
    return shown
