"""What a reason says, for tests that read it."""

from syncd.domain.reason import Reason
from syncd.domain.units import KILOMETRES
from syncd.report.reasons import reason_text


def in_km(reason: Reason) -> str:
    """In words, to a reader of kilometres."""
    return reason_text(reason, KILOMETRES)
