"""What a sync remarked, as people read it."""

from syncd.cycle.run import CycleReport
from syncd.report.remarks import remark_words


def remarks_of(report: CycleReport) -> tuple[str, ...]:
    """A sentence each."""
    return tuple(map(remark_words, report.remarks))
