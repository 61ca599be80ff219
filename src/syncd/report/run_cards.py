"""A run on the page: in full, or in a line among its month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syncd.cycle.world import World
from syncd.domain.calendar_names import MONTH_NAMES
from syncd.domain.clock_time import format_clock
from syncd.domain.grammar import counted
from syncd.domain.scoring.card import Flag, StepRow, StepStatus
from syncd.domain.scoring.judgement import NOTHING_COMPARED, Judgement
from syncd.domain.units import Units, day_name
from syncd.report.page.model import (
    Month,
    RunCard,
    StepLine,
)
from syncd.report.pictures import KeptTraces, NoPictureError, large_picture, picture_in_list
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
from syncd.report.sync_views import totals_text
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession
from syncd.store.scores import StoredScore

_LEFTOVER_S = 30.0  # our default
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


def run_card(world: World, run: ActivitySummary, session: CommittedSession | None, units: Units) -> RunCard:
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


def earlier_card(
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


def months_of(runs: Sequence[ActivitySummary], cards: Sequence[RunCard], units: Units) -> tuple[Month, ...]:
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
