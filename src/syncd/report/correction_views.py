"""What was put right on a run, as JSON and as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from syncd.domain.activity import RUNNING
from syncd.domain.clock_time import format_clock
from syncd.domain.corrections import BY_ATHLETE, Correction, CorrectionKind, in_force
from syncd.domain.day_text import day_text
from syncd.domain.grammar import with_article
from syncd.domain.merging.withdrawal import WithdrawalCause, doubt_in
from syncd.domain.units import Units
from syncd.report.doubts import doubt_text, settle_text
from syncd.report.score_reasons import withdrawal_text
from syncd.report.sync_views import totals_text
from syncd.store.activities import ActivitySummary
from syncd.store.scores import StoredScore


def corrected_payload(
    run: ActivitySummary, held: Sequence[Correction], stored: StoredScore | None
) -> dict[str, Any]:
    """`syncd.fix/1`: the run as it is now, and what is put right on it."""
    return {
        "schema": "syncd.fix/1",
        "activity": run.id,
        "date": run.day.isoformat(),
        "sport": run.sport,
        "distance_m": run.distance_m,
        "timer_s": run.timer_s,
        "counts": run.is_run,
        "score": stored.score if stored is not None and run.is_run else None,
        "corrections": corrections_payload(held),
    }


def corrections_payload(held: Sequence[Correction]) -> list[dict[str, Any]]:
    """What is put right on a run, and by whom."""
    return [
        {"kind": correction.kind.value, "value": dict(correction.value), "by": correction.author}
        for correction in in_force(held)
    ]


def corrected_text(
    before: ActivitySummary,
    after: ActivitySummary,
    held: Sequence[Correction],
    stored: StoredScore | None,
    units: Units,
    *,
    undone: bool,
) -> str:
    """What the run is now, and what follows."""
    now = totals_text(after.distance_m, after.timer_s, units)
    was = totals_text(before.distance_m, before.timer_s, units)
    lines = [f"{day_text(after.day)}: {now}" + (f" (was: {was})" if was != now else "")]
    if undone:
        lines.append("Back to what was recorded." if not held else "Your corrections are taken back.")
    aside = standing_text(after, held, units)
    if not aside and stored is not None and stored.score is not None:
        lines.append(f"Score: {stored.score} {stored.band}.")
    lines.append(aside or "It counts; your plan follows with the next sync.")
    return "\n".join(lines)


def standing_text(run: ActivitySummary, held: Sequence[Correction], units: Units) -> str:
    """Why a run does not count, and what to do about it; empty for one that counts."""
    why = run.withdrawn
    if why is None and run.sport == RUNNING:
        return ""
    if why is not None and why.code == WithdrawalCause.IGNORED:
        return f"Ignored: it counts nowhere. To count it again: syncd ignore {run.id} --undo"
    doubt = doubt_in(run.withdrawn)
    if doubt is not None:
        return f"Doubtful, so it counts nowhere: {doubt_text(doubt, units)}. {settle_text(run.id, doubt)}"
    retyped = next((held for held in in_force(held) if held.kind is CorrectionKind.SPORT), None)
    if retyped is not None:
        undo = f" To count it again: syncd fix {run.id} --kind run" if retyped.author == BY_ATHLETE else ""
        return f"It was {sport_text(str(retyped.value['sport']))}, not a run: it does not count.{undo}"
    if why is not None:
        return f"It does not count: the recording {withdrawal_text(why)}."
    return f"It was {sport_text(run.sport)}, not a run: it does not count."


def corrections_text(held: Sequence[Correction], units: Units) -> str:
    """`Corrected by you: 7.2 km.`; empty where nothing is."""
    by_author: dict[str, list[str]] = {}
    for correction in in_force(held):
        by_author.setdefault(correction.author, []).append(_correction_text(correction, units))
    return " ".join(
        f"Corrected {'by you' if author == BY_ATHLETE else f'on {author.capitalize()}'}: {', '.join(texts)}."
        for author, texts in by_author.items()
    )


def _correction_text(correction: Correction, units: Units) -> str:
    value = correction.value
    match correction.kind:
        case CorrectionKind.DISTANCE:
            return units.distance(value["metres"])
        case CorrectionKind.TRIM:
            return f"only {format_clock(value['from_s'])} to {format_clock(value['to_s'])} of it"
        case CorrectionKind.DURATION:
            return format_clock(value["timer_s"])
        case CorrectionKind.START:
            return f"began at {datetime.fromisoformat(value['at']):%Y-%m-%d %H:%M}"
        case CorrectionKind.SPORT:
            return sport_text(str(value["sport"]))
    return "ignored"


def sport_text(sport: str) -> str:
    """`a ride`, `a hike`; other sports as they are named."""
    return _SPORT_TEXTS.get(sport) or f"{with_article(sport.replace('_', ' '))} activity"


_SPORT_TEXTS = {
    RUNNING: "a run",
    "cycling": "a ride",
    "walking": "a walk",
    "hiking": "a hike",
    "swimming": "a swim",
    "other": "something else",
}
