"""The content of the report, gathered from the state: no service is asked, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from syncd.cycle.planning import counting_zones, hindrance_of
from syncd.cycle.world import HORIZON_DAYS, World
from syncd.domain.athlete import PaceRange, ZoneSet
from syncd.domain.day_text import date_text, day_text, listed
from syncd.domain.delivery import labels
from syncd.domain.grammar import counted
from syncd.domain.notation import format_workout
from syncd.domain.session import SessionState, first_of_week, monday_of
from syncd.domain.training.easier import easier
from syncd.domain.training.health import limits_of
from syncd.domain.units import Units, day_name
from syncd.report.aim_texts import NOT_PLANNED_FOR, countdown_text, race_text
from syncd.report.gathered import Gathered
from syncd.report.health_views import health_lines
from syncd.report.heat_views import heat_on, heat_text
from syncd.report.page.model import (
    Ahead,
    ChangeLine,
    FitnessPoint,
    QuestionLine,
    RunCard,
    Story,
    ZoneLine,
)
from syncd.report.pictures import KeptTraces
from syncd.report.questions import choices_text, default_text, question_text
from syncd.report.reader import Reader
from syncd.report.reasons import reason_text
from syncd.report.run_cards import earlier_card, months_of, run_card
from syncd.report.sheet import StyledText
from syncd.report.sync_views import Undoable, by_text, change_texts, may_hold
from syncd.report.time_off import empty_text, is_committed, spells_ahead, time_off_text
from syncd.report.training_views import kind_text, zone_text
from syncd.report.watch_views import with_watch_state
from syncd.report.week_bars import week_bars
from syncd.store.activities import ActivitySummary
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession

LATEST = 8  # our default: two weeks of four runs, on top of the page
TABLES = 60  # our default: the newest runs, in full; a page of two years stays below a megabyte
_CHANGES = 200
_SUNDAY_WEEKS = (
    "Weeks here begin on Sunday, as you chose. The weeks of the plan begin on Monday: phase and kind are "
    "those of the week from the day after."
)


def story_of(
    world: World,
    reader: Reader,
    now: datetime,
    needs: Sequence[str] = (),
    status: Sequence[str] = (),
    pictures: Path | None = None,
    undoable: Undoable = may_hold,
) -> Story:
    """The whole page. `needs` and `status` are sentences about the service and the sources.

    `pictures`: the file in which small pictures are kept from one report to the next. `undoable` says of
    a change whether it can be undone.
    """
    gathered = Gathered.of(world, reader, now)
    cards = _cards(gathered, pictures)
    return Story(
        title=_title(gathered),
        as_of=_as_of(gathered, now),
        status=tuple(status),
        questions=_questions(gathered, now),
        needs=tuple(needs),
        ahead=_days_ahead(gathered),
        race=_race(gathered),
        time_off=_time_off(gathered),
        nothing_ahead=empty_text((), gathered.units, committed=is_committed(world.store, gathered.today)),
        runs=tuple(cards[:LATEST]),
        earlier=months_of(gathered.runs[LATEST:], cards[LATEST:], gathered.units),
        weeks=week_bars(gathered),
        this_week=first_of_week(gathered.today, reader.week_start),
        weeks_note=_SUNDAY_WEEKS if reader.week_start else "",
        zones=_zones(gathered),
        zones_from="" if world.zones is None else f"From {reason_text(world.zones.source, gathered.units)}",
        fitness=_fitness(gathered),
        changes=_changes(world, gathered.units, undoable),
        notes=_notes(world, gathered.runs, cards),
        unit=(gathered.units.metres, gathered.units.name),
    )


def _questions(gathered: Gathered, now: datetime) -> tuple[QuestionLine, ...]:
    store, local_now = gathered.world.store, now.astimezone(gathered.world.zone)
    return tuple(
        QuestionLine(
            question.id,
            question_text(question, store, gathered.units, gathered.today),
            choices_text(question),
            default_text(question, local_now),
        )
        for question in store.questions.open()
    )


def _title(gathered: Gathered) -> str:
    monday = monday_of(gathered.today)
    week = next((week for week in gathered.world.store.plan.weeks(monday) if week.start == monday), None)
    title = f"{week.phase.value} phase, {kind_text(week)} week" if week else "Your running"
    return f"{day_name(gathered.today)} {gathered.today.year}: {title}"


def _as_of(gathered: Gathered, now: datetime) -> str:
    local, today = now.astimezone(gathered.world.zone), gathered.today
    return f"As of {gathered.units.time_of_day(local)} on {day_name(today).strip()} {today.year}"


def _cards(gathered: Gathered, pictures: Path | None) -> list[RunCard]:
    """The newest runs in full, earlier ones in a line."""
    kept, world, units = KeptTraces(pictures), gathered.world, gathered.units
    runs = world.watching.over(gathered.runs, "runs", len(gathered.runs))
    cards = [
        run_card(world, run, gathered.done.get(run.id), units)
        if place < TABLES
        else earlier_card(world, run, gathered.done.get(run.id), units, kept)
        for place, run in enumerate(runs)
    ]
    kept.save()
    return cards


def _days_ahead(gathered: Gathered) -> tuple[Ahead, ...]:
    world, sink = gathered.world, gathered.world.sink
    counting = counting_zones(world, gathered.today)
    due = [session for session in gathered.sessions if _is_ahead(session, gathered.today)]
    on_watch = with_watch_state(world.store, sink.name, due, consumes=sink.capabilities.consumes)
    ahead: dict[date, list[Ahead]] = {}
    for session, watch in on_watch:
        line = _ahead(world, session, watch, counting, gathered.units)
        ahead.setdefault(session.session.day, []).append(line)
    shown = _days_shown(gathered, ahead)
    return tuple(
        line for day in shown for line in ahead.get(day) or [Ahead(day_name(day), "rest", rest=True)]
    )


def _days_shown(gathered: Gathered, ahead: Iterable[date]) -> Iterator[date]:
    """From today, or tomorrow after today's run, to the last session."""
    ran_today = any(
        session.session.day == gathered.today and session.state is SessionState.DONE
        for session in gathered.sessions
    )
    first, last = gathered.today + timedelta(days=ran_today), max(ahead, default=date.min)
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _race(gathered: Gathered) -> str:
    race, today = gathered.world.race, gathered.today
    if race is None or race.day < today:
        return ""
    day = f"{day_text(race.day)} {race.day.year}"
    if hindrance_of(gathered.world, today) is not None:
        return f"{race_text(race.goal)} on {day}: {NOT_PLANNED_FOR}"
    return f"{race_text(race.goal)} on {day}, {countdown_text(race.day, today)} ({race.priority.value} race)"


def _time_off(gathered: Gathered) -> tuple[str, ...]:
    spells = spells_ahead(gathered.world.store, gathered.today)
    off = tuple(time_off_text(spell, gathered.units) for spell in spells)
    hottest = limits_of(gathered.world.health, gathered.today).hottest_c
    heat = (heat_text(known, hottest, gathered.units) for known in heat_on(gathered.world, gathered.today))
    return (*health_lines(gathered.world.health, gathered.today, gathered.units), *off, *heat)


def _zones(gathered: Gathered) -> tuple[ZoneLine, ...]:
    zones = gathered.world.zones
    if zones is None:
        return ()
    return tuple(
        ZoneLine(zone_text(zone), _range(pace, gathered.units), gathered.units.band(zones.bands[zone]))
        for zone, pace in zones.paces.items()
    )


def _fitness(gathered: Gathered) -> tuple[FitnessPoint, ...]:
    world, units = gathered.world, gathered.units
    return tuple(
        FitnessPoint(day, f"{day_name(day)} {day.year}", zones.vdot, reason_text(zones.source, units))
        for zones in world.store.zone_sets.history()
        if (day := zones.as_of or zones.added_at.astimezone(world.zone).date()) <= gathered.today
    )


def _range(pace: PaceRange, units: Units) -> str:
    fast, slow = units.bare_pace(pace.fast_s_per_km), units.pace(pace.slow_s_per_km)
    return slow if fast == units.bare_pace(pace.slow_s_per_km) else f"{fast}-{slow}"


# --- the days ahead


def _is_ahead(committed: CommittedSession, today: date) -> bool:
    is_near = today <= committed.session.day < today + timedelta(days=HORIZON_DAYS)
    return is_near and committed.state is SessionState.DUE


def _ahead(
    world: World, committed: CommittedSession, watch: StyledText, zones: ZoneSet, units: Units
) -> Ahead:
    session = committed.session
    in_force = [change for change in world.store.changes.of_session(session.id) if change.holds]
    why = [session.purpose] if session.purpose else []
    why += [f"Changed because {reason_text(change.reason, units)}." for change in in_force[-2:]]
    lighter = easier(session, zones)
    low, high = session.rpe
    return Ahead(
        day=day_name(session.day),
        title=labels.title(session, units),
        steps=format_workout(session.workout),
        effort=f"effort {low}-{high} of 10",
        watch=watch.text,
        why=tuple(why),
        easier=labels.title(lighter, units) if lighter else "",
        hard=session.hard,
    )


# --- changes and notes


def _changes(world: World, units: Units, undoable: Undoable) -> tuple[ChangeLine, ...]:
    lines = []
    for change in world.store.changes.newest(_CHANGES):
        what, why = change_texts(change, units)
        lines.append(
            ChangeLine(
                when=day_name(change.at.astimezone(world.zone).date()),
                what=what,
                why=why,
                rule=by_text(change),
                undo=_what_became_of(world, change, undoable),
            )
        )
    return tuple(lines)


def _what_became_of(world: World, change: Change, undoable: Undoable) -> str:
    """How to undo it, or since when it holds no more."""
    if change.undone_at is not None:
        return f"undone {date_text(change.undone_at.astimezone(world.zone).date())}"
    if change.withdrawn_at is not None:
        return f"no more since {date_text(change.withdrawn_at.astimezone(world.zone).date())}"
    return f"syncd undo {change.id}" if undoable(change) else ""


def _notes(world: World, runs: Sequence[ActivitySummary], cards: Sequence[RunCard]) -> tuple[str, ...]:
    notes = [f"{counted(len(runs), 'run')} of the last two years."]
    without_heart = sum(run.avg_hr_bpm is None for run in runs)
    if without_heart:
        notes.append(f"{without_heart} of them without heart rate: intensity was not judged there.")
    without_picture = sum(bool(card.no_picture) for card in cards)
    if without_picture:
        notes.append(f"{without_picture} of them without a picture: each says why.")
    sources = sorted({run.source for run in runs})
    if sources:
        notes.append(f"Runs come from {listed([source.capitalize() for source in sources])}.")
    unreadable = world.store.arrivals.unreadable()
    if unreadable:
        notes.append(f"{counted(len(unreadable), 'file')} could not be read: syncd status names them.")
    notes.append(
        "Weeks further ahead are a projection that follows what you really run: syncd plan shows them."
    )
    notes.append("Scores compare a run with the workout that the watch really ran.")
    return tuple(notes)
