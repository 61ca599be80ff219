"""What a sync has to say of runs that it knew already."""

from __future__ import annotations

from datetime import date

from syncd.domain.activity import Trait
from syncd.domain.arrival import Remark
from syncd.domain.reason import Reason
from syncd.domain.units import day_name
from syncd.report.score_reasons import trait_text, withdrawal_text


def remark_text(remark: Reason | str) -> str:
    """A sentence; a connector's own text is shown as it is."""
    if isinstance(remark, str):
        return remark
    facts = remark.facts
    match remark.code:
        case Remark.RECORDED_SO:
            return f"{facts['name']}: {trait_text(Trait(facts['trait']))}"
        case Remark.MORE_FOLLOW:
            return f"{facts['behind']} older runs follow, {facts['most']} a cycle"
    day = " ".join(day_name(date.fromisoformat(facts["day"])).split())
    run = f"{facts['service'].capitalize()}: the run of {day}"
    if remark.code == Remark.THERE_AGAIN:
        return f"{run} is there again: it counts"
    why = withdrawal_text(Reason.from_json(facts["why"]))
    if remark.code == Remark.COUNTS_NO_MORE:
        return f"{run} {why}: it counts no more"
    return f"{run} {why}: it also came from {' and '.join(facts['sources'])}, so it counts"
