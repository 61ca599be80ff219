"""The content of the report, gathered from the state: no service is asked, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

from syncd.cycle.planning import counting_zones
from syncd.cycle.world import HORIZON_DAYS, World
from syncd.domain.activity import INDOORS
from syncd.domain.athlete import PaceRange, ZoneSet
from syncd.domain.calendar_names import MONTH_NAMES
from syncd.domain.clock_time import format_clock
from syncd.domain.day_text import date_text, day_text, listed
from syncd.domain.delivery import labels
from syncd.domain.grammar import counted
from syncd.domain.notation import format_workout
from syncd.domain.scoring.card import Flag, StepRow, StepStatus
from syncd.domain.scoring.judgement import NOTHING_COMPARED, Judgement
from syncd.domain.session import EASY_KINDS, SessionState, Week, first_of_week, monday_of
from syncd.domain.training.easier import easier
from syncd.domain.units import Units, day_name
from syncd.report.page.model import (
    Ahead,
    ChangeLine,
    FitnessPoint,
    Month,
    QuestionLine,
    RunCard,
    StepLine,
    Story,
    WeekBar,
    ZoneLine,
)
from syncd.report.pictures import KeptTraces, NoPictureError, large_picture, picture_in_list
from syncd.report.questions import choices_text, default_text, question_text
from syncd.report.reader import Reader
from syncd.report.reasons import countdown_text, race_text, reason_text
from syncd.report.run_title import session_run_text, unplanned_run_text
from syncd.report.score_summary import summary_text
from syncd.report.score_views import (
    NO_WORKOUT,
    aims_of,
    confidence_text,
    notes_of,
    step_text,
    target_text,
    verdict_text,
    with_offset,
)
from syncd.report.sheet import StyledText
from syncd.report.sync_views import Undoable, by_text, change_texts, may_hold, totals_text
from syncd.report.time_off import empty_text, is_committed, spells_ahead, time_off_text
from syncd.report.training_views import kind_text, zone_text
from syncd.report.watch_views import with_watch_state
from syncd.store.activities import ActivitySummary
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore

SHOWN = timedelta(days=730)
LATEST = 8  # our default: two weeks of four runs, on top of the page
TABLES = 60  # our default: the newest runs, in full; a page of two years stays below a megabyte
_CHANGES = 200
_LEAST_EASY_S = 20 * 60  # our default: in a shorter run the heart has not settled
_LEFTOVER_S = 30.0  # our default
_SUNDAY_WEEKS = (
    "Weeks here begin on Sunday, as you chose. The weeks of the plan begin on Monday: phase and kind are "
    "those of the week from the day after."
)
_FLAG_TEXTS = {
    Flag.TOO_FAST_EASY: "too fast for an easy run",
    Flag.FADED: "faded towards the end",
    Flag.SHORT: "shorter than planned",
    Flag.OVERRUN: "longer than planned",
    Flag.EXTRA_REPS: "extra reps",
    Flag.STRIDES_SKIPPED: "no strides",
    Flag.HILLY: "hilly: judged as if flat",
    Flag.HOT: "hot: slower is fine",
    Flag.TREADMILL: "indoors: pace is not judged",
    Flag.INTERRUPTED: "a stop on the way",
    Flag.GPS_POOR: "poor GPS",
    Flag.RAN_OTHER_VERSION: "the watch ran another version",
}


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
    gathered = _Gathered.of(world, reader, now)
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
        earlier=_months(gathered.runs[LATEST:], cards[LATEST:], gathered.units),
        weeks=_weeks(gathered),
        this_week=first_of_week(gathered.today, reader.week_start),
        weeks_note=_SUNDAY_WEEKS if reader.week_start else "",
        zones=_zones(gathered),
        zones_from="" if world.zones is None else f"From {reason_text(world.zones.source, gathered.units)}",
        fitness=_fitness(gathered),
        changes=_changes(world, gathered.units, undoable),
        notes=_notes(world, gathered.runs, cards),
        unit=(gathered.units.metres, gathered.units.name),
    )


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What every panel is made of. `runs` newest first; `done`: the session of each run that was one.

    `last`: the last day that is planned for sure, the end of a week.
    """

    world: World
    reader: Reader
    today: date
    first: date
    last: date
    runs: tuple[ActivitySummary, ...]
    sessions: tuple[CommittedSession, ...]
    done: Mapping[int, CommittedSession]

    @staticmethod
    def of(world: World, reader: Reader, now: datetime) -> _Gathered:
        """Runs of two years, and the sessions of all weeks that are planned for sure."""
        today = world.today(now)
        first = first_of_week(today - SHOWN, reader.week_start)
        summaries = reversed(world.store.activities.summaries(first, today))
        committed = world.store.plan.weeks(monday_of(today))
        last = max([today, *(week.start + timedelta(days=6) for week in committed)])
        sessions = world.store.plan.between(first, last)
        return _Gathered(
            world=world,
            reader=reader,
            today=today,
            first=first,
            last=last,
            runs=tuple(run for run in summaries if run.is_run),
            sessions=sessions,
            done={session.activity_id: session for session in sessions if session.activity_id is not None},
        )

    @property
    def units(self) -> Units:
        """The reader's."""
        return self.reader.units


def _questions(gathered: _Gathered, now: datetime) -> tuple[QuestionLine, ...]:
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


def _title(gathered: _Gathered) -> str:
    monday = monday_of(gathered.today)
    week = next((week for week in gathered.world.store.plan.weeks(monday) if week.start == monday), None)
    title = f"{week.phase.value} phase, {kind_text(week)} week" if week else "Your running"
    return f"{day_name(gathered.today)} {gathered.today.year}: {title}"


def _as_of(gathered: _Gathered, now: datetime) -> str:
    local, today = now.astimezone(gathered.world.zone), gathered.today
    return f"As of {gathered.units.time_of_day(local)} on {day_name(today).strip()} {today.year}"


def _cards(gathered: _Gathered, pictures: Path | None) -> list[RunCard]:
    """The newest runs in full, earlier ones in a line."""
    kept, world, units = KeptTraces(pictures), gathered.world, gathered.units
    runs = world.watching.over(gathered.runs, "runs", len(gathered.runs))
    cards = [
        _card(world, run, gathered.done.get(run.id), units)
        if place < TABLES
        else _earlier_card(world, run, gathered.done.get(run.id), units, kept)
        for place, run in enumerate(runs)
    ]
    kept.save()
    return cards


def _days_ahead(gathered: _Gathered) -> tuple[Ahead, ...]:
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


def _days_shown(gathered: _Gathered, ahead: Iterable[date]) -> Iterator[date]:
    """From today, or tomorrow after today's run, to the last session."""
    ran_today = any(
        session.session.day == gathered.today and session.state is SessionState.DONE
        for session in gathered.sessions
    )
    first, last = gathered.today + timedelta(days=ran_today), max(ahead, default=date.min)
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _race(gathered: _Gathered) -> str:
    race, today = gathered.world.race, gathered.today
    if race is None or race.day < today:
        return ""
    day = f"{day_text(race.day)} {race.day.year}"
    return f"{race_text(race.goal)} on {day}, {countdown_text(race.day, today)} ({race.priority.value} race)"


def _time_off(gathered: _Gathered) -> tuple[str, ...]:
    spells = spells_ahead(gathered.world.store, gathered.today)
    return tuple(time_off_text(spell, gathered.units) for spell in spells)


def _zones(gathered: _Gathered) -> tuple[ZoneLine, ...]:
    zones = gathered.world.zones
    if zones is None:
        return ()
    return tuple(
        ZoneLine(zone_text(zone), _range(pace, gathered.units), gathered.units.band(zones.bands[zone]))
        for zone, pace in zones.paces.items()
    )


def _fitness(gathered: _Gathered) -> tuple[FitnessPoint, ...]:
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


# --- runs


def _card(world: World, run: ActivitySummary, session: CommittedSession | None, units: Units) -> RunCard:
    """A run in full."""
    score = world.store.scores.newest_of(run.id)
    judgement = score.judgement if score else NOTHING_COMPARED
    rows = judgement.card.steps if judgement.card else ()
    picture, reason = None, ""
    try:
        picture = large_picture(world, run, aims_of(rows), units)
    except NoPictureError as error:
        reason = str(error)
    return replace(
        _summed_up(with_offset(run, world.zone), score, session, units),
        flags=tuple(_FLAG_TEXTS[flag] for flag in judgement.card.flags) if judgement.card else (),
        notes=_card_notes(judgement, units) if score else (),
        parts=tuple((part.name, _points(part.score)) for part in judgement.card.parts)
        if judgement.card
        else (),
        steps=tuple(_step(row, units) for row in rows if not _is_leftover(row)),
        picture=picture,
        no_picture=reason,
    )


def _earlier_card(
    world: World, run: ActivitySummary, session: CommittedSession | None, units: Units, kept: KeptTraces
) -> RunCard:
    """An earlier run in a line, with a small picture; the year is above it."""
    score = world.store.scores.newest_of(run.id)
    short = replace(
        _summed_up(with_offset(run, world.zone), score, session, units), day=day_name(run.day), full=False
    )
    aims = aims_of(score.card.steps if score and score.card else ())
    try:
        return replace(short, small=picture_in_list(world, run, aims, units, kept))
    except NoPictureError as error:
        return replace(short, no_picture=str(error))


def _summed_up(
    run: ActivitySummary, score: StoredScore | None, session: CommittedSession | None, units: Units
) -> RunCard:
    heart = f", {run.avg_hr_bpm} bpm" if run.avg_hr_bpm else ""
    return RunCard(
        anchor=f"run-{run.id}",
        day=f"{day_name(run.day)} {run.day.year}",
        title=session_run_text(session.session, score.judgement if score else NOTHING_COMPARED, units)
        if session
        else unplanned_run_text(run, run.name),
        totals=f"{totals_text(run.distance_m, run.timer_s, units)}{heart}",
        score=score.score if score else None,
        band=score.band if score else None,
        confidence=confidence_text(score.confidence) if score and score.score is not None else "",
        summary=summary_text(score.card, units) if score and score.card else "",
    )


def _months(runs: Sequence[ActivitySummary], cards: Sequence[RunCard], units: Units) -> tuple[Month, ...]:
    """Newest first, as the runs are."""
    months: dict[tuple[int, int], list[RunCard]] = {}
    metres: dict[tuple[int, int], float] = {}
    for run, card in zip(runs, cards, strict=True):
        month = (run.day.year, run.day.month)
        months.setdefault(month, []).append(card)
        metres[month] = metres.get(month, 0.0) + (run.distance_m or 0.0)
    return tuple(
        Month(
            name=f"{MONTH_NAMES[number - 1]} {year}",
            runs=tuple(runs_of),
            totals=f"{counted(len(runs_of), 'run')}, {units.distance(metres[year, number], 0)}",
        )
        for (year, number), runs_of in months.items()
    )


def _card_notes(judgement: Judgement, units: Units) -> tuple[str, ...]:
    """With what was missing to compare with; nothing that the summary says already."""
    if judgement.card is None:
        return (NO_WORKOUT, *notes_of(judgement))
    summary = summary_text(judgement.card, units)
    return tuple(note for note in notes_of(judgement) if note not in summary)


def _is_leftover(row: StepRow) -> bool:
    """The seconds between the end of the last step and the press of the button."""
    return row.status is StepStatus.EXTRA and (row.timer_s or 0.0) < _LEFTOVER_S


def _step(row: StepRow, units: Units) -> StepLine:
    did = [format_clock(row.timer_s)] if row.timer_s is not None else []
    did += [units.pace(row.pace_s_per_km)] if row.pace_s_per_km is not None else []
    rep = f"{row.rep}. " if row.rep else ""
    return StepLine(
        name=f"{rep}{step_text(row, units)}",
        planned=target_text(row.planned, units),
        did=", ".join(did),
        heart=f"{row.hr_bpm:.0f}" if row.hr_bpm else "",
        verdict=verdict_text(row, units),
        good=row.in_band if row.status is StepStatus.DONE else False,
    )


def _points(score: float | None) -> str:
    return "-" if score is None else f"{score:.0f}"


# --- weeks


def _weeks(gathered: _Gathered) -> tuple[WeekBar, ...]:
    """From the first week with a run or a plan to the last one planned."""
    begins = gathered.reader.week_start
    runs: dict[date, list[ActivitySummary]] = {}
    for run in gathered.runs:
        runs.setdefault(first_of_week(run.day, begins), []).append(run)
    planned: dict[date, float] = {}
    for committed in gathered.sessions:
        if committed.state is not SessionState.DROPPED:
            start = first_of_week(committed.session.day, begins)
            planned[start] = planned.get(start, 0.0) + committed.session.distance_m
    weeks = {week.start: week for week in gathered.world.store.plan.weeks(gathered.first)}
    whole = gathered.last - timedelta(days=6)  # no week begins later that is planned to its end
    starts = sorted(start for start in {*runs, *planned} if start <= max(whole, gathered.today))
    if not starts:
        return ()
    count = (starts[-1] - starts[0]).days // 7 + 1
    return tuple(
        _week(start, weeks.get(_plan_week(start)), planned.get(start), runs.get(start, []), gathered.done)
        for start in (starts[0] + timedelta(weeks=number) for number in range(count))
    )


def _plan_week(start: date) -> date:
    """The Monday of the plan's week that a week of the report has most days of."""
    return monday_of(start + timedelta(days=6))


def _week(
    start: date,
    week: Week | None,
    planned: float | None,
    runs: Sequence[ActivitySummary],
    done: Mapping[int, CommittedSession],
) -> WeekBar:
    easy = [value for run in runs if (value := efficiency(run, done.get(run.id))) is not None]
    return WeekBar(
        start=start,
        label=f"{day_name(start)} {start.year}",
        phase=week.phase.value if week else "",
        kind=kind_text(week) if week else "",
        planned_m=planned,
        done_m=sum(run.distance_m or 0.0 for run in runs),
        longest_m=max((run.distance_m or 0.0 for run in runs), default=0.0),
        efficiency=median(easy) if easy else None,
    )


def efficiency(run: ActivitySummary, session: CommittedSession | None) -> float | None:
    """Metres per heartbeat of an easy run outdoors (evidence: S11, aerobic efficiency); None for others."""
    if session is None or session.session.kind not in EASY_KINDS or run.sub_sport in INDOORS:
        return None
    if not run.distance_m or not run.avg_hr_bpm or run.timer_s < _LEAST_EASY_S:
        return None
    return run.distance_m / (run.avg_hr_bpm * run.timer_s / 60)


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
