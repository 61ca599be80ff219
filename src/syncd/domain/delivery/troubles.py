"""What a look at the watch's service can have to say, as codes of reasons, each with its facts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class DeliveryTrouble(StrEnum):
    """What stops the delivery, or is only told. `sink` is the name of the service."""

    NOT_KNOWN = "listing_not_known"  # sink, missing, expected
    HELD = "held_until_known"  # sink, missing
    SECOND_COPY = "second_copy"  # sink, days
    STANDS_BACK = "stands_back"  # sink, days
    OTHER_INSTALLATION = "other_installation"  # sink, days
    THERE_AGAIN = "session_there_again"  # sink, session, title, length_m, day
    UNCARRIED = "uncarried"  # sink, session, title, length_m, day, why
    CLEARED_EARLIER = "cleared_earlier"  # sink (that of before), days
    LEFT_ON_EARLIER = (
        "left_on_earlier"  # sink (that of before), days, why: what it says, "" where it cannot be asked
    )


class DeliveryStopped(Exception):  # noqa: N818 - named for what it says
    """Nothing may be done on the sink. `needs_human`: it does not heal by itself."""

    def __init__(self, code: DeliveryTrouble, facts: Mapping[str, Any], *, needs_human: bool = False) -> None:
        super().__init__(code)
        self.code, self.facts, self.needs_human = code, facts, needs_human
