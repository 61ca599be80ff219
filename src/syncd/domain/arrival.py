"""Something that a source had for us, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from syncd.domain.activity import Activity


class PayloadOutcome(StrEnum):
    """What a payload turned out to be."""

    RUN = "run"
    OTHER = "other"  # another sport, or too short to be a run
    DUPLICATE = "duplicate"  # the content of a run that is known already
    UNREADABLE = "unreadable"
    WAITING = "waiting"  # not settled: looked at again in the next cycle


class Remark(StrEnum):
    """What a sync tells of runs that it knows, as codes of reasons. Facts in brackets."""

    THERE_AGAIN = "there_again"  # service, day
    COUNTS_NO_MORE = "counts_no_more"  # service, day, why
    COUNTS_FROM_OTHERS = "counts_from_others"  # service, day, why, sources
    RECORDED_SO = "recorded_so"  # name, trait
    MORE_FOLLOW = "more_follow"  # behind, most


@dataclass(frozen=True, slots=True)
class Arrived:
    """One arrival. `reason` is for people, empty for a run; `what` names what is no run, to be counted."""

    name: str
    outcome: PayloadOutcome
    reason: str = ""
    activity_id: int | None = None
    activity: Activity | None = None
    what: str = ""
