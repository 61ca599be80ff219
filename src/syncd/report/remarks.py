"""What a sync has to say of runs that it knew already."""

from __future__ import annotations

from datetime import date

from syncd.domain.activity import Trait
from syncd.domain.arrival import Remark
from syncd.domain.day_text import day_text, listed
from syncd.domain.grammar import counted
from syncd.domain.reason import Reason
from syncd.domain.units import KILOMETRES, Units
from syncd.report.delivery_texts import is_trouble, trouble_text
from syncd.report.score_reasons import trait_text, withdrawal_text

_SOURCE_TEXTS = {"folder": "the folder"}


def remark_text(remark: Reason | str, units: Units = KILOMETRES) -> str:
    """A sentence; a connector's own text is shown as it is."""
    if isinstance(remark, str):
        return remark
    if is_trouble(remark):
        return trouble_text(remark, units)
    facts = remark.facts
    match remark.code:
        case Remark.RECORDED_SO:
            return f"{facts['name']}: {trait_text(Trait(facts['trait']))}"
        case Remark.MORE_FOLLOW:
            return f"{counted(facts['behind'], 'older run')} to come, {facts['most']} per sync"
    run = f"{facts['service'].capitalize()}: the run of {day_text(date.fromisoformat(facts['day']))}"
    if remark.code == Remark.THERE_AGAIN:
        return f"{run} is back: it counts again"
    if remark.code == Remark.FETCHED_AGAIN:
        return f"{run} had lost its recording: it was fetched again"
    if remark.code == Remark.CORRECTED_THERE:
        return (
            f"{run} is as recorded again"
            if facts["taken_back"]
            else f"{run} was corrected there: that counts"
        )
    why = withdrawal_text(Reason.from_json(facts["why"]))
    if remark.code == Remark.COUNTS_NO_MORE:
        return f"{run} {why}: it no longer counts"
    sources = [_SOURCE_TEXTS.get(source, source.capitalize()) for source in facts["sources"]]
    return f"{run} {why}: it also came from {listed(sources)}, so it still counts"
