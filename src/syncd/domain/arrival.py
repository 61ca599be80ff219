"""Something that a source had for us, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from syncd.domain.activity import Activity
from syncd.domain.plain_text import tidy_names
from syncd.domain.reason import Reason


class PayloadOutcome(StrEnum):
    """What a payload turned out to be."""

    RUN = "run"
    OTHER = "other"  # another sport, or too short to be a run
    DUPLICATE = "duplicate"  # the content of a run that is known already
    UNREADABLE = "unreadable"
    WAITING = "waiting"  # not settled: read again in the next sync
    DOUBTFUL = "doubtful"  # kept, and counts nowhere until the athlete says what it was


class Remark(StrEnum):
    """What a sync has to say of runs that it knew already, as codes of reasons, each with its facts."""

    THERE_AGAIN = "there_again"  # service, day
    COUNTS_NO_MORE = "counts_no_more"  # service, day, why
    COUNTS_FROM_OTHERS = "counts_from_others"  # service, day, why, sources
    RECORDED_SO = "recorded_so"  # name, trait
    CORRECTED_THERE = "corrected_there"  # service, day, taken_back
    FETCHED_AGAIN = "fetched_again"  # service, day
    MORE_FOLLOW = "more_follow"  # behind, most


@dataclass(frozen=True, slots=True)
class Arrived:
    """One arrival. `reason` is for people, empty for a run; `what` names what it is instead, for a count.

    `doubt`: why it counts nowhere yet. `set_aside`: reading it broke down again and again.
    """

    name: str
    outcome: PayloadOutcome
    reason: str = ""
    activity_id: int | None = None
    activity: Activity | None = None
    what: str = ""
    doubt: Reason | None = None
    set_aside: bool = False

    def __post_init__(self) -> None:
        tidy_names(self, "name", "reason", "what")


class FileOutcome(StrEnum):
    """What an import took a file for: what a payload may be, and what it did not have to look at."""

    RUN = "run"
    OTHER = "other"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"
    WAITING = "waiting"
    DOUBTFUL = "doubtful"
    KNOWN = "known"  # read in an earlier import
    IGNORED = "ignored"  # its name says that it is no recording


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file of an import, once for each activity in it. `name` is its path in the folder or archive.

    `what`, `reason` and `doubt` are those of its arrival; `notes` are the athlete's own, from the table of
    an export.
    """

    name: str
    outcome: FileOutcome
    what: str = ""
    reason: str = ""
    notes: str = ""
    doubt: Reason | None = None

    def __post_init__(self) -> None:
        tidy_names(self, "name", "what", "reason")
