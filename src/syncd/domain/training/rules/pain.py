"""A little pain in a run (P1): the next hard day is easy. More of it is an injury, and begins at once."""

from __future__ import annotations

from collections.abc import Iterator

from syncd.domain.reason import Reason
from syncd.domain.session import SessionKind
from syncd.domain.training.evidence import pain_fact
from syncd.domain.training.pain import Pain, PainGrade
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.edits import as_easy, next_hard
from syncd.domain.training.rules.situation import RuleProposal, SessionRecord, Situation

REMEMBERED_DAYS = 7  # our default: what was sore longer ago says nothing about today
_EASES = frozenset({"A1", "A10", "A12", "A13", "A18", "P1", "W1"})


def sore(situation: Situation) -> Iterator[RuleProposal]:
    """P1: after pain of 1 or 2 of 10 the next hard day is easy, unless a rule has made it so already."""
    for pain in situation.pains:
        ago = (situation.today - pain.day).days
        if pain.grade is not PainGrade.MILD or not 0 <= ago <= REMEMBERED_DAYS:
            continue
        hard = next_hard(situation, situation.today)
        if hard is None or hard.session.day <= pain.day or _is_eased_before(situation, pain, hard):
            continue
        facts = {"day": pain.day.isoformat(), "worst": pain.worst, "place": pain.place}
        yield RuleProposal(
            "P1",
            f"P1:{pain.id}",
            Reason(Cause.SORE, facts),
            {"activity": pain.activity_id, "worst": pain.worst},
            (as_easy(hard.session, situation, "P1"),),
            rests_on=(pain_fact(pain),),
        )


def _is_eased_before(situation: Situation, pain: Pain, hard: SessionRecord) -> bool:
    """Whether a hard day between the pain and that session is easy already."""
    return any(
        entry.session.kind is SessionKind.EASY
        and pain.day < entry.session.day < hard.session.day
        and not _EASES.isdisjoint(entry.session.rules)
        for entry in situation.entries
    )
