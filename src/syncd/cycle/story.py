"""What the report tells, gathered from the state: nothing is asked of a service, nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from syncd.cycle.planning import counting_zones
from syncd.cycle.recordings import activity_in
from syncd.cycle.world import HORIZON_DAYS, World
from syncd.domain.activity import INDOORS
from syncd.domain.athlete import PaceRange, ZoneSet
from syncd.domain.clock_time import format_clock
from syncd.domain.notation import format_workout
from syncd.domain.session import EASY_KINDS, SessionState, Week, monday_of
from syncd.domain.training.easier import easier_words
from syncd.report.page.model import (
    Ahead,
    ChangeLine,
    FitnessPoint,
    RunCard,
    StepLine,
    Story,
    WeekBar,
    ZoneLine,
)
from syncd.report.page.run_chart import RunPicture, run_picture
from syncd.report.score_views import aims_of, confidence_words, step_name, target_words, verdict_words
from syncd.report.sheet import Said
from syncd.report.sync_views import by_words, change_line_parts, run_totals
from syncd.report.training_views import in_units, session_title, zone_name
from syncd.report.units import Units, day_name, units_named
from syncd.report.watch_views import remembered
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore

SHOWN = timedelta(days=730)
PICTURES = 60  # our default: a page of two years stays below a megabyte
TABLES = 60
_CHANGES = 200
_LEAST_EASY_S = 20 * 60  # our default: in a shorter run the heart has not settled
_LEFTOVER_S = 30.0  # our default
_FLAG_WORDS = {
    "too_fast_easy": "too fast for an easy run",
    "faded": "faded towards the end",
    "short": "shorter than planned",
    "overrun": "longer than planned",
    "extra_reps": "repetitions that nobody planned",
    "strides_skipped": "no strides",
    "hilly": "hilly: judged as on the level",
    "hot": "hot: slower is allowed",
    "treadmill": "indoors: pace is not trusted",
    "interrupted": "a stop on the way",
    "gps_poor": "poor positions",
    "ran_other_version": "the watch ran another version",
}


def story_of(world: World, now: datetime, needs: Sequence[str] = (), status: Sequence[str] = ()) -> Story:
    """The whole page. `needs` and `status` are sentences of whoever knows how the service stands."""
    store, units, today = world.store, units_named(world.unit_name), world.today(now)
    first = monday_of(today - SHOWN)
    runs = [each for each in reversed(store.activities.summaries(first, today)) if each.is_run]
    sessions = store.plan.between(first, today + timedelta(days=HORIZON_DAYS - 1))
    done = {each.activity_id: each for each in sessions if each.activity_id is not None}
    cards = [_card(world, run, place, done.get(run.id), units) for place, run in enumerate(runs)]
    weeks = _weeks(world, first, runs, sessions, done)
    zones, counting = world.zones, counting_zones(world, today)
    week = next((each for each in store.plan.weeks(monday_of(today)) if each.start == monday_of(today)), None)
    title = f"{week.phase.value} phase, {week.kind.value} week" if week else "Your running"
    local = now.astimezone(world.zone)
    return Story(
        title=f"{day_name(today)} {today.year}: {title}",
        as_of=f"As of {local:%H:%M} on {day_name(today).strip()} {today.year}",
        status=tuple(status),
        needs=tuple(needs),
        ahead=tuple(
            _ahead(world, each, watch, counting, units)
            for each, watch in remembered(
                store,
                world.sink.name,
                (each for each in sessions if _is_ahead(each, today)),
                consumes=world.sink.capabilities.consumes,
            )
        ),
        runs=tuple(cards[:TABLES]),
        earlier=tuple(cards[TABLES:]),
        weeks=weeks,
        this_week=monday_of(today),
        zones=()
        if zones is None
        else tuple(
            ZoneLine(zone_name(zone), _range(pace, units), units.band(zones.bands[zone]))
            for zone, pace in zones.paces.items()
        ),
        zones_from="" if zones is None else f"From {zones.source}",
        fitness=tuple(
            FitnessPoint(day, f"{day_name(day)} {day.year}", each.vdot, each.source)
            for each in store.zone_sets.history()
            if (day := each.as_of or each.added_at.astimezone(world.zone).date()) <= today
        ),
        changes=_changes(world, units),
        notes=_notes(world, runs, cards),
        unit=(units.metres, units.name),
    )


def _range(pace: PaceRange, units: Units) -> str:
    fast, slow = units.bare_pace(pace.fast_s_per_km), units.pace(pace.slow_s_per_km)
    return slow if fast == units.bare_pace(pace.slow_s_per_km) else f"{fast}-{slow}"


# --- the days ahead


def _is_ahead(each: CommittedSession, today: date) -> bool:
    return each.session.day >= today and each.state is SessionState.DUE


def _ahead(world: World, each: CommittedSession, watch: Said, zones: ZoneSet, units: Units) -> Ahead:
    session = each.session
    standing = [change for change in world.store.changes.of_session(session.id) if change.undone_at is None]
    why = [session.purpose] if session.purpose else []
    why += [in_units(f"Changed because {change.reason}.", units) for change in standing[-2:]]
    less = easier_words(session, zones).removeprefix("Easier: ")
    low, high = session.rpe
    return Ahead(
        day=day_name(session.day),
        title=session_title(session, units),
        steps=format_workout(session.workout),
        effort=f"effort {low}-{high} of 10",
        watch=watch.text,
        why=tuple(why),
        easier=less,
        hard=session.hard,
    )


# --- runs


def _card(
    world: World, run: ActivitySummary, place: int, session: CommittedSession | None, units: Units
) -> RunCard:
    score = world.store.scores.newest_of(run.id)
    card: dict[str, Any] = json.loads(score.payload) if score and place < TABLES else {}
    title = session_title(session.session, units) if session else (run.name or "Run")
    heart = f", {run.avg_hr_bpm} bpm" if run.avg_hr_bpm else ""
    return RunCard(
        anchor=f"run-{run.id}",
        day=f"{day_name(run.day)} {run.day.year}",
        title=title,
        totals=f"{run_totals(run.distance_m, run.timer_s, units)}{heart}",
        score=score.score if score else None,
        band=(score.band or "") if score else "",
        confidence=confidence_words(score.confidence) if score and score.score is not None else "",
        words=score.words if score else "",
        flags=tuple(_FLAG_WORDS.get(flag, flag.replace("_", " ")) for flag in card.get("flags", ())),
        notes=_card_notes(card, score),
        parts=tuple((name, _points(part["score"])) for name, part in card.get("parts", {}).items()),
        steps=tuple(_step(row, units) for row in card.get("steps", ()) if not _is_leftover(row)),
        picture=_picture(world, run, card, units) if place < PICTURES else None,
    )


def _card_notes(card: dict[str, Any], score: StoredScore | None) -> tuple[str, ...]:
    words = score.words if score else ""
    return tuple(note for note in card.get("notes", ()) if note not in words)


def _is_leftover(row: dict[str, Any]) -> bool:
    """The seconds between the end of the last step and the press of the button."""
    return row["status"] == "extra" and (row["actual"]["timer_s"] or 0.0) < _LEFTOVER_S


def _step(row: dict[str, Any], units: Units) -> StepLine:
    actual = row["actual"]
    did = [format_clock(actual["timer_s"])] if actual["timer_s"] is not None else []
    did += [units.pace(actual["pace_s_per_km"])] if actual["pace_s_per_km"] is not None else []
    rep = f"{row['rep']}. " if row["rep"] else ""
    return StepLine(
        name=f"{rep}{step_name(row)}",
        planned=target_words(row["planned"], units),
        did=", ".join(did),
        heart=f"{actual['hr_bpm']:.0f}" if actual["hr_bpm"] else "",
        verdict=verdict_words(row, units),
        good=row["in_band"] if row["status"] == "done" else False,
    )


def _picture(world: World, run: ActivitySummary, card: dict[str, Any], units: Units) -> RunPicture | None:
    activity = activity_in(world, run.raw_hash)
    return None if activity is None else run_picture(activity.samples, aims_of(card.get("steps", ())), units)


def _points(score: float | None) -> str:
    return "-" if score is None else f"{score:.0f}"


# --- weeks


def _weeks(
    world: World,
    first: date,
    runs: Sequence[ActivitySummary],
    sessions: Sequence[CommittedSession],
    done: dict[int, CommittedSession],
) -> tuple[WeekBar, ...]:
    """From the first week with a run or a plan to the one that is planned last."""
    by_run: dict[date, list[ActivitySummary]] = {}
    for run in runs:
        by_run.setdefault(monday_of(run.day), []).append(run)
    planned: dict[date, float] = {}
    for each in sessions:
        if each.state is not SessionState.DROPPED:
            monday = monday_of(each.session.day)
            planned[monday] = planned.get(monday, 0.0) + each.session.distance_m
    known = {week.start: week for week in world.store.plan.weeks(first)}
    starts = sorted({*by_run, *planned})
    if not starts:
        return ()
    count = (starts[-1] - starts[0]).days // 7 + 1
    return tuple(
        _week(monday, known.get(monday), planned.get(monday), by_run.get(monday, []), done)
        for monday in (starts[0] + timedelta(weeks=number) for number in range(count))
    )


def _week(
    monday: date,
    week: Week | None,
    planned: float | None,
    runs: Sequence[ActivitySummary],
    done: dict[int, CommittedSession],
) -> WeekBar:
    easy = [value for run in runs if (value := efficiency(run, done.get(run.id))) is not None]
    return WeekBar(
        start=monday,
        label=f"{day_name(monday)} {monday.year}",
        phase=week.phase.value if week else "",
        kind=week.kind.value if week else "",
        planned_m=planned,
        done_m=sum(run.distance_m or 0.0 for run in runs),
        longest_m=max((run.distance_m or 0.0 for run in runs), default=0.0),
        efficiency=median(easy) if easy else None,
    )


def efficiency(run: ActivitySummary, session: CommittedSession | None) -> float | None:
    """Metres a heart beat of an easy run outdoors (evidence: S11, aerobic efficiency); None for others."""
    if session is None or session.session.kind not in EASY_KINDS or run.sub_sport in INDOORS:
        return None
    if not run.distance_m or not run.avg_hr_bpm or run.timer_s < _LEAST_EASY_S:
        return None
    return run.distance_m / (run.avg_hr_bpm * run.timer_s / 60)


# --- changes and notes


def _changes(world: World, units: Units) -> tuple[ChangeLine, ...]:
    lines = []
    for change in world.store.changes.newest(_CHANGES):
        what, why = change_line_parts(change, units)
        taken_back = (
            f"taken back {change.undone_at.astimezone(world.zone):%Y-%m-%d}" if change.undone_at else ""
        )
        lines.append(
            ChangeLine(
                when=day_name(change.at.astimezone(world.zone).date()),
                what=what,
                why=why,
                rule=by_words(change),
                undo=taken_back or f"syncd undo {change.id}",
            )
        )
    return tuple(lines)


def _notes(world: World, runs: Sequence[ActivitySummary], cards: Sequence[RunCard]) -> tuple[str, ...]:
    notes = [f"{len(runs)} run{'' if len(runs) == 1 else 's'} of the last two years."]
    silent = sum(run.avg_hr_bpm is None for run in runs)
    if silent:
        notes.append(f"{silent} of them without heart rate: intensity was not judged there.")
    pictures = sum(card.picture is not None for card in cards)
    if len(runs) > pictures:
        notes.append(
            f"Pictures are drawn for the newest {PICTURES} runs whose recording is still here ({pictures})."
        )
    sources = sorted({run.source for run in runs})
    if sources:
        notes.append(f"Runs come from {' and '.join(sources)}.")
    bad = world.store.arrivals.unreadable()
    if bad:
        notes.append(
            f"{len(bad)} file{'' if len(bad) == 1 else 's'} could not be read: syncd status names them."
        )
    notes.append(
        "The weeks after those shown are a projection: they follow what you really run (syncd plan)."
    )
    notes.append("Scores compare with the workout that the watch really ran.")
    return tuple(notes)
