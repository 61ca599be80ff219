"""What a sync remarked, as people read it."""

from syncd.cycle.run import SyncReport
from syncd.report.remarks import remark_text


def remarks_of(report: SyncReport) -> tuple[str, ...]:
    """A sentence each."""
    return tuple(map(remark_text, report.remarks))
