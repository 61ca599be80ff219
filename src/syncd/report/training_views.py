"""Zones and plan, as JSON and as text."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from syncd.domain.athlete import ZoneSet
from syncd.domain.clock_time import format_clock
from syncd.domain.notation import format_workout
from syncd.domain.session import Session, SessionKind, Week
from syncd.domain.training.equivalents import Equivalent, equivalents
from syncd.domain.training.hr_zones import HeartRateZones
from syncd.domain.training.rule_book import PLANNING_RULES
from syncd.domain.workout import PaceZone
from syncd.report.units import KILOMETRES, Units, day_name
from syncd.store.results import StoredResult

_ZONE_WORDS = {
    PaceZone.EASY: "easy: you could talk in sentences",
    PaceZone.MARATHON: "marathon pace",
    PaceZone.HALF_MARATHON: "half-marathon pace",
    PaceZone.THRESHOLD: "threshold: a bit slower than 5K pace",
    PaceZone.TEN_K: "10K pace",
    PaceZone.FIVE_K: "5K pace",
    PaceZone.INTERVAL: "intervals: a bit quicker than 5K pace",
    PaceZone.REPETITION: "short repetitions",
}


_WIDTH = 80
_BAR_WIDTH, _EIGHTHS = 20, "▏▎▍▌▋▊▉"
_LENGTH = re.compile(r"^(\d+(?:\.\d+)?) km(?!\w)")  # at the front: how long the run is
_KILOMETRES = re.compile(r"(\d+(?:\.\d+)?) km(?!\w)")
_RACE_WORDS = {"half": "half-marathon"}
_NO_HEART_RATE = "No heart-rate zones: no maximum or threshold was measured."


def zone_name(zone: PaceZone) -> str:
    """What a zone is for, in words."""
    return _ZONE_WORDS[zone]


def zones_payload(zones: ZoneSet, heart: HeartRateZones | None = None) -> dict[str, Any]:
    """`syncd.zones/1`: paces and bands in s/km, quicker end first; heart rates in bpm."""
    return {
        "schema": "syncd.zones/1",
        "vdot": round(zones.vdot, 2),
        "source": zones.source,
        "as_of": zones.as_of.isoformat() if zones.as_of else None,
        "paces": {
            zone.value: [round(pace.fast_s_per_km, 1), round(pace.slow_s_per_km, 1)]
            for zone, pace in zones.paces.items()
        },
        "bands": {
            zone.value: [round(band.fast_s_per_km, 1), round(band.slow_s_per_km, 1)]
            for zone, band in zones.bands.items()
        },
        "equivalents": {each.name: _equivalent_payload(each) for each in equivalents(zones.vdot)},
        "hr": None if heart is None else _heart_payload(heart),
    }


def _heart_payload(heart: HeartRateZones) -> dict[str, Any]:
    return {
        "easy_max": heart.easy_max,
        "lt1": heart.lt1,
        "lt2": heart.lt2,
        "max": heart.max,
        "source": heart.source,
    }


def _equivalent_payload(each: Equivalent) -> dict[str, Any]:
    return {
        "distance_m": each.distance_m,
        "time_s": None if each.time_s is None else round(each.time_s),
        "range_s": [round(each.fast_s), round(each.slow_s)],
    }


def zones_text(zones: ZoneSet, units: Units, heart: HeartRateZones | None = None) -> str:
    """A line a pace: the textbook zone, the band on the watch, what it is for; then races and heart rates."""
    dated = f", {day_name(zones.as_of).strip()} {zones.as_of.year}" if zones.as_of else ""
    lines = [f"VDOT {zones.vdot:.1f}, from {zones.source}{dated}", ""]
    lines.append(f"{'':5}{'pace':>13}   {'on the watch':>14}   min/{units.name}")
    for zone, pace in zones.paces.items():
        ends = dict.fromkeys((units.bare_pace(pace.fast_s_per_km), units.bare_pace(pace.slow_s_per_km)))
        band = zones.bands[zone]
        watch = f"{units.bare_pace(band.fast_s_per_km)}-{units.bare_pace(band.slow_s_per_km)}"
        lines.append(f"{zone.value:5}{'-'.join(ends):>13}   {watch:>14}   {_ZONE_WORDS[zone]}")
    lines += ["", "Worth about, after the training for it:"]
    lines += [f"  {_equivalent_line(each)}" for each in equivalents(zones.vdot)]
    lines += ["", *(_heart_lines(heart) if heart else [_NO_HEART_RATE])]
    return "\n".join(lines)


def results_payload(results: Sequence[StoredResult]) -> list[dict[str, Any]]:
    """Tests and races, oldest first, and whether each counts."""
    return [
        {
            "date": each.day.isoformat(),
            "distance_m": each.distance_m,
            "time_s": round(each.time_s),
            "origin": each.origin,
            "activity": each.activity_id,
            "counts": each.valid,
            "why": each.why,
        }
        for each in results
    ]


def results_text(results: Sequence[StoredResult]) -> list[str]:
    """A line each, under a heading; nothing without any."""
    if not results:
        return []
    lines = ["", "Tests and races:"]
    for each in results:
        distance, took = f"{each.distance_m / 1000:g} km", format_clock(each.time_s)
        lines.append(
            f"  {day_name(each.day)} {each.day.year}  {distance:9} {took:>8}  {each.origin}: {each.why}"
        )
    return lines


def _equivalent_line(each: Equivalent) -> str:
    """`10K            52:03 to 53:06`; a single time only over the distance of the fitness itself."""
    fast, slow = format_clock(each.fast_s), format_clock(each.slow_s)
    name = _RACE_WORDS.get(each.name, each.name)
    return f"{name:14} {fast}" if fast == slow else f"{name:14} {fast} to {slow}"


def _heart_lines(heart: HeartRateZones) -> list[str]:
    top = f", maximum {heart.max}" if heart.max is not None else ""
    return [
        f"Heart rate, from a {heart.source}:",
        f"  easy           up to {heart.easy_max} bpm",
        f"  steady         {heart.steady.low_bpm} to {heart.steady.high_bpm} bpm",
        f"  hard           above {heart.lt2} bpm{top}",
    ]


def session_payload(session: Session) -> dict[str, Any]:
    """One session of `syncd.plan/1`."""
    return {
        "id": session.id,
        "date": session.day.isoformat(),
        "kind": session.kind.value,
        "title": session.title,
        "purpose": session.purpose,
        "notation": format_workout(session.workout),
        "distance_m": round(session.distance_m),
        "duration_s": round(session.duration_s),
        "rpe": list(session.rpe),
        "hard": session.hard,
        "rules": list(session.rules),
    }


def week_payload(week: Week) -> dict[str, Any]:
    """One week of `syncd.plan/1`."""
    return {
        "start": week.start.isoformat(),
        "phase": week.phase.value,
        "kind": week.kind.value,
        "distance_m": round(week.distance_m),
        "notes": list(week.notes),
        "sessions": [session_payload(session) for session in week.sessions],
    }


def plan_payload(weeks: Iterable[Week]) -> dict[str, Any]:
    """`syncd.plan/1`."""
    return {"schema": "syncd.plan/1", "weeks": [week_payload(week) for week in weeks]}


def plan_text(weeks: tuple[Week, ...], units: Units, *, footer: str = "") -> str:
    """A block a week: one line with a bar for its distance, one for each session."""
    if not weeks:
        return "nothing planned"
    most = max(week.distance_m for week in weeks) or 1
    lines: list[str] = []
    for week in weeks:
        head = f"wk {week.start.isocalendar().week:02d}  {week.phase.value} · {week.kind.value}"
        lines.append(
            f"{head:28}{units.distance(week.distance_m, 0):>7}  {_bar(week.distance_m / most)}".rstrip()
        )
        for session in week.sessions:
            lines += _wrapped(f"{day_name(session.day)}  {session_line(session, units)}", hanging=12)
        for note in week.notes:
            lines += _wrapped(in_units(note, units))
    return "\n".join([*lines, *(["", footer] if footer else [])])


def _wrapped(text: str, hanging: int = 0) -> list[str]:
    """Indented under the line of the week, no wider than a terminal."""
    indent = " " * 7
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent + " " * hanging)


def _bar(share: float) -> str:
    """Up to 20 characters, to the eighth of one."""
    whole, eighths = divmod(round(share * _BAR_WIDTH * 8), 8)
    return "█" * whole + (_EIGHTHS[eighths - 1] if eighths else "")


def session_line(session: Session, units: Units) -> str:
    """`8 km easy`, `3 x 8 min at half-marathon pace (9.4 km, 52:10)`."""
    title = session_title(session, units)
    if session.kind in {SessionKind.EASY, SessionKind.LONG, SessionKind.RECOVERY} and title[:1].isdecimal():
        return title
    return f"{title} ({units.distance(session.distance_m)}, {format_clock(session.duration_s)})"


def session_title(session: Session, units: Units) -> str:
    """The title with the length of the run in the reader's units; repetitions stay as they are run."""
    return _LENGTH.sub(lambda found: units.distance(float(found[1]) * 1000), session.title, count=1)


def in_units(text: str, units: Units) -> str:
    """A sentence of the planner, which counts in kilometres, in the reader's units."""
    if units.name == KILOMETRES.name:
        return text
    return _KILOMETRES.sub(lambda found: units.distance(float(found[1]) * 1000), text)


def session_story(session: Session, units: Units) -> str:
    """Day, title, what it is for, the workout in one line, and the rules that shaped it."""
    effort = f"effort {session.rpe[0]}-{session.rpe[1]} of 10"
    lines = [
        f"{day_name(session.day)}: {session_title(session, units)}",
        f"  {session.purpose}" if session.purpose else "",
        f"  {format_workout(session.workout)}",
        f"  about {units.distance(session.distance_m)}, {format_clock(session.duration_s)}, {effort}",
    ]
    lines += [f"  {rule}: {PLANNING_RULES[rule]}" for rule in session.rules if rule in PLANNING_RULES]
    return "\n".join(filter(None, lines))
