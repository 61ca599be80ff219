"""Why a recording, or a run, no longer counts."""

from __future__ import annotations

from enum import StrEnum

from syncd.domain.reason import Reason


class WithdrawalCause(StrEnum):
    """Codes of reasons, each with its facts: the athlete or a service did it, or another recording came."""

    EDITED = "edited"  # another version of it came
    DOUBLE = "double"  # another recording of a run that is here
    IN_PARTS = "in_parts"  # its parts were recorded one by one
    PART_OF_WHOLE = "part_of_whole"
    DELETED = "deleted"
    ANOTHER_SPORT = "another_sport"  # sport
    DOUBTFUL = "doubtful"  # doubt: the reason, as JSON
    IGNORED = "ignored"  # the athlete said so
    FORGOTTEN = "forgotten"


def doubt_in(why: Reason | None) -> Reason | None:
    """What a run that was withdrawn for this is doubted for; None where it is not."""
    return Reason.from_json(why.facts["doubt"]) if why and why.code == WithdrawalCause.DOUBTFUL else None
