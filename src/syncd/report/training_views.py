"""Zones and plan, as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from syncd.domain.athlete import ZoneSet
from syncd.domain.clock_time import format_clock
from syncd.domain.delivery import labels
from syncd.domain.grammar import with_article
from syncd.domain.notation import format_workout
from syncd.domain.session import EASY_KINDS, Session, Week, WeekKind
from syncd.domain.training.equivalents import Equivalent, equivalents
from syncd.domain.training.hr_zones import HeartRateZones
from syncd.domain.training.planning_rules import PLANNING_RULES
from syncd.domain.units import Units, day_name
from syncd.domain.workout import PaceZone
from syncd.report.fact_forms import course_text
from syncd.report.reasons import reason_text
from syncd.report.sheet import Column, Sheet, StyledText, Tone, sheet_of
from syncd.store.results import StoredResult

_ZONE_TEXTS = {
    PaceZone.EASY: "easy: you can talk in full sentences",
    PaceZone.MARATHON: "marathon pace",
    PaceZone.HALF_MARATHON: "half-marathon pace",
    PaceZone.THRESHOLD: "threshold: a bit slower than 5K pace",
    PaceZone.TEN_K: "10K pace",
    PaceZone.FIVE_K: "5K pace",
    PaceZone.INTERVAL: "intervals: a bit faster than 5K pace",
    PaceZone.REPETITION: "short, fast reps",
}


_INDENT = 7  # under the line of the week
_BAR_WIDTH, _EIGHTHS = 20, "▏▎▍▌▋▊▉"
_RACE_TEXTS = {"half": "half-marathon"}
_NO_HEART_RATE = "No heart-rate zones: your maximum or threshold heart rate is not known."


def zone_text(zone: PaceZone) -> str:
    """What a zone is for."""
    return _ZONE_TEXTS[zone]


def zones_payload(zones: ZoneSet, units: Units, heart: HeartRateZones | None = None) -> dict[str, Any]:
    """`syncd.zones/1`: paces and bands in s/km, quicker end first; heart rates in bpm."""
    return {
        "schema": "syncd.zones/1",
        "vdot": round(zones.vdot, 2),
        "source": reason_text(zones.source, units),
        "cause": zones.source.to_json(),
        "as_of": zones.as_of.isoformat() if zones.as_of else None,
        "paces": {
            zone.value: [round(pace.fast_s_per_km, 1), round(pace.slow_s_per_km, 1)]
            for zone, pace in zones.paces.items()
        },
        "bands": {
            zone.value: [round(band.fast_s_per_km, 1), round(band.slow_s_per_km, 1)]
            for zone, band in zones.bands.items()
        },
        "equivalents": {race.name: _equivalent_payload(race) for race in equivalents(zones.vdot)},
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


def _equivalent_payload(race: Equivalent) -> dict[str, Any]:
    return {
        "distance_m": race.distance_m,
        "time_s": None if race.time_s is None else round(race.time_s),
        "range_s": [round(race.fast_s), round(race.slow_s)],
    }


def zones_sheet(zones: ZoneSet, units: Units, heart: HeartRateZones | None = None) -> Sheet:
    """A line for each pace: the zone, the band on the watch, what it is for; then races and heart rates."""
    sheet = Sheet()
    dated = f", {day_name(zones.as_of).strip()} {zones.as_of.year}" if zones.as_of else ""
    sheet.say(
        StyledText(f"VDOT {zones.vdot:.1f}", Tone.STRONG),
        f", from {reason_text(zones.source, units)}{dated}",
        hang=2,
    )
    sheet.gap()
    heads = ("", "pace", "on the watch", f"min/{units.name}")
    rows: list[tuple[StyledText, ...]] = [tuple(StyledText(head, Tone.QUIET) for head in heads)]
    for zone, pace in zones.paces.items():
        ends = dict.fromkeys((units.bare_pace(pace.fast_s_per_km), units.bare_pace(pace.slow_s_per_km)))
        band = zones.bands[zone]
        watch = f"{units.bare_pace(band.fast_s_per_km)}-{units.bare_pace(band.slow_s_per_km)}"
        rows.append(
            (
                StyledText(zone.value, Tone.STRONG),
                StyledText("-".join(ends)),
                StyledText(watch),
                StyledText(_ZONE_TEXTS[zone]),
            )
        )
    columns = (Column(3, whole=True), Column(11, right=True, whole=True), Column(12, right=True, whole=True))
    sheet.table((*columns, Column()), rows)
    sheet.gap()
    sheet.say("Equivalent race times, if trained for:")
    sheet.table((Column(14), Column()), map(_equivalent_cells, equivalents(zones.vdot)), indent=2)
    sheet.gap()
    if heart is None:
        sheet.say(_NO_HEART_RATE)
    else:
        sheet.say(f"Heart rate, from {with_article(heart.source)}:")
        sheet.table((Column(14), Column()), _heart_rows(heart), indent=2)
    return sheet


def results_payload(results: Sequence[StoredResult], units: Units) -> list[dict[str, Any]]:
    """Tests and races, oldest first, and whether each counts."""
    return [
        {
            "date": result.day.isoformat(),
            "distance_m": result.distance_m,
            "time_s": round(result.time_s),
            "origin": result.origin,
            "activity": result.activity_id,
            "counts": result.valid,
            "why": reason_text(result.why, units),
            "cause": result.why.to_json(),
        }
        for result in results
    ]


def results_sheet(results: Sequence[StoredResult], units: Units) -> Sheet:
    """A line for each result, under a heading; empty where there is none."""
    sheet = Sheet()
    if not results:
        return sheet
    sheet.gap()
    sheet.say("Tests and races:")
    columns = (Column(whole=True), Column(whole=True), Column(right=True, whole=True), Column())
    sheet.table(columns, (_result_cells(result, units) for result in results), indent=2)
    return sheet


def _result_cells(result: StoredResult, units: Units) -> tuple[StyledText, ...]:
    why = f"{result.origin}: {reason_text(result.why, units)}"
    return (
        StyledText(f"{day_name(result.day)} {result.day.year}"),
        StyledText(course_text(result.distance_m, units)),
        StyledText(format_clock(result.time_s), Tone.STRONG if result.valid else Tone.NORMAL),
        StyledText(why, Tone.NORMAL if result.valid else Tone.QUIET),
    )


def _equivalent_cells(race: Equivalent) -> tuple[str, str]:
    """`10K`, `52:03 to 53:06`; a single time only over the distance that the fitness was measured at."""
    fast, slow = format_clock(race.fast_s), format_clock(race.slow_s)
    return _RACE_TEXTS.get(race.name, race.name), fast if fast == slow else f"{fast} to {slow}"


def _heart_rows(heart: HeartRateZones) -> tuple[tuple[str, str], ...]:
    top = f", maximum {heart.max}" if heart.max is not None else ""
    return (
        ("easy", f"up to {heart.easy_max} bpm"),
        ("steady", f"{heart.steady.low_bpm} to {heart.steady.high_bpm} bpm"),
        ("hard", f"above {heart.lt2} bpm{top}"),
    )


def session_payload(session: Session, units: Units) -> dict[str, Any]:
    """One session of `syncd.plan/1`: its title in the reader's units, numbers in metres and seconds."""
    return {
        "id": session.id,
        "date": session.day.isoformat(),
        "kind": session.kind.value,
        "title": labels.title(session, units),
        "length_m": session.length_m,
        "purpose": session.purpose,
        "notation": format_workout(session.workout),
        "distance_m": round(session.distance_m),
        "duration_s": round(session.duration_s),
        "rpe": list(session.rpe),
        "hard": session.hard,
        "rules": list(session.rules),
    }


def week_payload(week: Week, units: Units) -> dict[str, Any]:
    """One week of `syncd.plan/1`."""
    return {
        "start": week.start.isoformat(),
        "phase": week.phase.value,
        "kind": week.kind.value,
        "distance_m": round(week.distance_m),
        "notes": [reason_text(note, units) for note in week.notes],
        "causes": [note.to_json() for note in week.notes],
        "sessions": [session_payload(session, units) for session in week.sessions],
    }


def plan_payload(weeks: Iterable[Week], units: Units) -> dict[str, Any]:
    """`syncd.plan/1`."""
    return {"schema": "syncd.plan/1", "weeks": [week_payload(week, units) for week in weeks]}


def plan_sheet(weeks: tuple[Week, ...], units: Units, *, footer: str = "") -> Sheet:
    """A block for each week: one line with a bar for its distance, one for each session."""
    if not weeks:
        return sheet_of("Nothing is planned.")
    sheet = Sheet()
    most = max(week.distance_m for week in weeks) or 1
    for week in weeks:
        head = f"wk {week.start.isocalendar().week:02d}  {week.phase.value} · {kind_text(week)}"
        distance = f"{units.distance(week.distance_m, 0):>7}"
        bar = StyledText(_bar(week.distance_m / most), Tone.MARK)
        sheet.say(StyledText(f"{head:28}", Tone.STRONG), distance, "  ", bar)
        rows = ((day_name(s.day), _styled_title(s, session_text(s, units))) for s in week.sessions)
        sheet.table((Column(whole=True), Column()), rows, indent=_INDENT)
        for note in week.notes:
            sheet.say(StyledText(reason_text(note, units), Tone.QUIET), indent=_INDENT)
    if footer:
        sheet.gap()
        sheet.say(StyledText(footer, Tone.QUIET))
    return sheet


def kind_text(week: Week) -> str:
    """`build`, `down`, `test`; `off` for a week in which nothing is planned."""
    return week.kind.value if week.sessions or week.kind is WeekKind.REST else "off"


def _styled_title(session: Session, text: str) -> StyledText:
    return StyledText(text, Tone.STRONG if session.hard else Tone.NORMAL)


def _bar(share: float) -> str:
    """Up to 20 characters, to the eighth of one."""
    whole, eighths = divmod(round(share * _BAR_WIDTH * 8), 8)
    return "█" * whole + (_EIGHTHS[eighths - 1] if eighths else "")


def session_text(session: Session, units: Units) -> str:
    """`8 km easy`, `3 x 8 min at half-marathon pace (9.4 km, 52:10)`."""
    title = labels.title(session, units)
    if session.kind in EASY_KINDS and title[:1].isdecimal():
        return title
    return f"{title} ({units.distance(session.distance_m)}, {format_clock(session.duration_s)})"


def session_title(session: Session, units: Units) -> StyledText:
    """The title alone, in bold where the session is hard."""
    return _styled_title(session, labels.title(session, units))


def _rule_text(rule: str) -> str:
    """What a rule means; where it comes from is in the documentation."""
    meaning, _, _ = PLANNING_RULES[rule].rpartition(" (")
    return meaning


def session_sheet(session: Session, units: Units) -> Sheet:
    """Day, title, what it is for, the workout in one line, and the rules that shaped it."""
    sheet = Sheet()
    effort = f"effort {session.rpe[0]}-{session.rpe[1]} of 10"
    sheet.say(StyledText(f"{day_name(session.day)}: {labels.title(session, units)}", Tone.STRONG), hang=2)
    if session.purpose:
        sheet.say(session.purpose, indent=2)
    sheet.say(StyledText(format_workout(session.workout), Tone.MARK), indent=2, hang=2)
    sheet.say(
        f"about {units.distance(session.distance_m)}, {format_clock(session.duration_s)}, {effort}", indent=2
    )
    for rule in session.rules:
        if rule in PLANNING_RULES:
            sheet.say(StyledText(f"{rule}: {_rule_text(rule)}", Tone.QUIET), indent=2, hang=5)
    return sheet
