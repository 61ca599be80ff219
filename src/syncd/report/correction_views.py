"""What was put right on a run, as JSON and as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from syncd.domain.activity import RUNNING
from syncd.domain.corrections import Correction, CorrectionKind
from syncd.domain.grammar import with_article
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.domain.units import Units, day_name
from syncd.report.doubts import doubt_text, settle_text
from syncd.report.sync_views import totals_text
from syncd.store.activities import ActivitySummary


def corrected_payload(run: ActivitySummary, held: Sequence[Correction]) -> dict[str, Any]:
    """`syncd.fix/1`: the run as it is now, and what is put right on it."""
    return {
        "schema": "syncd.fix/1",
        "activity": run.id,
        "date": run.day.isoformat(),
        "sport": run.sport,
        "distance_m": run.distance_m,
        "timer_s": run.timer_s,
        "counts": run.is_run,
        "corrections": [
            {"kind": correction.kind.value, "value": dict(correction.value), "by": correction.author}
            for correction in held
        ],
    }


def corrected_text(
    before: ActivitySummary, after: ActivitySummary, held: Sequence[Correction], units: Units, *, undone: bool
) -> str:
    """What the run is now, and what follows."""
    day = day_name(after.day).strip()
    now = totals_text(after.distance_m, after.timer_s, units)
    was = totals_text(before.distance_m, before.timer_s, units)
    lines = [f"{day}: {now}" + (f" (was: {was})" if was != now else "")]
    if undone:
        lines.append("Back to what was recorded.")
    why = after.withdrawn
    if why is None and after.sport == RUNNING:
        lines.append("It counts; scores, load and plan follow with the next sync.")
    elif why is not None and why.code == WithdrawalCause.IGNORED:
        lines.append(f"Ignored: it counts nowhere. Undo: syncd ignore {after.id} --undo")
    elif why is not None and why.code == WithdrawalCause.DOUBTFUL:
        lines.append(
            f"Doubtful: {doubt_text(Reason.from_json(why.facts['doubt']), units)}. {settle_text(after.id)}"
        )
    else:
        sport = next(
            (
                str(correction.value["sport"])
                for correction in held
                if correction.kind is CorrectionKind.SPORT
            ),
            after.sport,
        )
        lines.append(f"It was {with_article(sport.replace('_', ' '))} activity, no run: it no longer counts.")
    return "\n".join(lines)
