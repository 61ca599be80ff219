"""Pain in runs as `pain` shows it: what was entered, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from syncd.domain.day_text import day_text
from syncd.domain.reason import Reason
from syncd.domain.training.pain import Pain, PainGrade
from syncd.domain.units import Units
from syncd.report.reasons import PAIN_SIGNS, reason_sentence
from syncd.report.sheet import Sheet, StyledText, Tone
from syncd.report.sync_views import FOLLOWS, add_change, undone_text
from syncd.store.changes import Change

LISTED_DAYS = 60  # our default


def pain_payload(pain: Pain) -> dict[str, Any]:
    """One entry as `--json` shows it."""
    return {
        "activity": pain.activity_id,
        "day": pain.day.isoformat(),
        "worst": pain.worst,
        "where": pain.place,
        "signs": sorted(sign.value for sign in pain.signs),
        "grade": pain.grade.name.lower(),
    }


def entered_sheet(
    pain: Pain, undone: Sequence[Change], changes: Sequence[Change], text: Reason | None, units: Units
) -> Sheet:
    """What was kept, what was taken back of an earlier entry, what changed, and what it means."""
    sheet = Sheet()
    sheet.say(f"Run {pain.activity_id}: {_pain_text(pain)}.")
    for line in dict.fromkeys(undone_text(change, units) for change in undone):
        sheet.say(line, hang=4)
    for change in changes:
        add_change(sheet, change, units)
    if text is not None:
        tone = Tone.BAD if pain.grade is PainGrade.DOCTOR else Tone.FAIR
        sheet.say(StyledText(reason_sentence(text, units), tone))
    elif not changes and pain.grade is PainGrade.MILD:
        sheet.say("No hard day is near: nothing changes. If it gets worse, or stays, enter it again.")
    if changes or undone:
        sheet.say(FOLLOWS)
    return sheet


def pains_sheet(pains: Sequence[Pain]) -> Sheet:
    """The entries of the last weeks, the newest first."""
    sheet = Sheet()
    if not pains:
        sheet.say("Nothing is entered about pain in your last runs: syncd pain today 2 --where shin")
    for pain in reversed(pains):
        sheet.say(f"{day_text(pain.day)}: {_pain_text(pain)} (run {pain.activity_id})", hang=4)
    return sheet


def _pain_text(pain: Pain) -> str:
    if not pain.worst:
        return "no pain"
    signs = (PAIN_SIGNS[sign.value] for sign in sorted(pain.signs))
    return ", ".join(filter(None, (f"pain {pain.worst} of 10", pain.place, *signs)))
