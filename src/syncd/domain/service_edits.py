"""What the athlete corrected at a service, seen from its totals: distance, length or start.

A service repeats the totals of the recording that it was sent, also wrong ones. Only what differs from both
the recording's own summary and what is read from the recording was corrected there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from syncd.domain.activity import Activity, StatedTotals
from syncd.domain.corrections import CorrectionKind, trimmed
from syncd.domain.doubts import superhuman

EDITABLE = frozenset(
    {CorrectionKind.DISTANCE, CorrectionKind.TRIM, CorrectionKind.DURATION, CorrectionKind.START}
)

# Our defaults. Services keep centimetres and milliseconds; clocks in whole seconds differ by two.
_SAME_M, _SAME_SHARE, _SAME_S = 5.0, 0.002, 2.0
_ALIKE_M, _ALIKE_SHARE = 50.0, 0.02  # where the recording states no total: two ways of measuring
_CROPPED_ALIKE = 0.03  # of the distance: what a part has, and what the service says of the part
_MOVED_S = 60.0  # a start that differs by less is the first second of a recording
_LONGEST_S = 48 * 3600.0

Edits = dict[CorrectionKind, Mapping[str, Any]]


def repeats(shown: StatedTotals, read: StatedTotals) -> bool:
    """Whether a service shows what was read from its recording: then `service_edits` finds nothing."""
    return not (
        _is_another_time(shown.timer_s, read)
        or _is_another_start(shown.start, read)
        or (shown.distance_m and not _near(shown.distance_m, read.distance_m or 0.0, _SAME_M, _SAME_SHARE))
    )


def service_edits(recorded: Activity, shown: StatedTotals) -> Edits:
    """The corrections that lead from a recording to what the service shows of it; empty where it was none."""
    edits: Edits = {}
    activity = recorded
    read = StatedTotals(recorded.start, recorded.timer_s, recorded.elapsed_s, recorded.distance_m)
    if shown.timer_s is not None and _is_another_time(shown.timer_s, read, recorded.stated):
        part = _part(recorded, shown, shown.timer_s)
        if part is not None:
            edits[CorrectionKind.TRIM] = {"from_s": round(part[0], 1), "to_s": round(part[1], 1)}
            activity = trimmed(recorded, *part)
        else:
            edits[CorrectionKind.DURATION] = {"timer_s": shown.timer_s}
    if shown.distance_m is not None and _is_another_distance(
        recorded, activity, shown.distance_m, shown.timer_s or activity.timer_s
    ):
        edits[CorrectionKind.DISTANCE] = {"metres": shown.distance_m}
    is_moved = _is_another_start(shown.start, read, recorded.stated)
    if shown.start is not None and is_moved and CorrectionKind.TRIM not in edits:
        edits[CorrectionKind.START] = {"at": shown.start.isoformat()}
    return edits


def _is_another_time(timer_s: float | None, *known: StatedTotals) -> bool:
    """Whether it is neither a timer nor an elapsed time that is known of the recording."""
    if timer_s is None or not 0 < timer_s <= _LONGEST_S:
        return False
    own_times = [own for totals in known for own in (totals.timer_s, totals.elapsed_s) if own]
    return all(abs(timer_s - own) > max(_SAME_S, _SAME_SHARE * own) for own in own_times)


def _part(recorded: Activity, shown: StatedTotals, timer_s: float) -> tuple[float, float] | None:
    """The part of the timer that was kept; None where it became longer."""
    if timer_s >= recorded.timer_s:
        return None
    later_s = 0.0 if shown.start is None else (shown.start - recorded.start).total_seconds()
    if later_s <= _SAME_S or not len(recorded.samples):
        return 0.0, timer_s
    row = min(bisect_left(recorded.samples.elapsed_s, later_s), len(recorded.samples) - 1)
    first = min(recorded.samples.timer_s[row], recorded.timer_s - timer_s)
    return first, first + timer_s


def _is_another_distance(recorded: Activity, part: Activity, metres: float, timer_s: float) -> bool:
    """Whether the athlete gave it, as far as anybody can run it."""
    if not metres > 0 or superhuman(metres, timer_s):
        return False
    if part is not recorded:
        return part.distance_m is None or not _near(metres, part.distance_m, _ALIKE_M, _CROPPED_ALIKE)
    stated, own = recorded.stated.distance_m, recorded.distance_m
    if stated and _near(metres, stated, _SAME_M, _SAME_SHARE):
        return False
    if not own:
        return True
    alike = (_SAME_M, _SAME_SHARE) if stated else (_ALIKE_M, _ALIKE_SHARE)
    return not _near(metres, own, *alike)


def _near(metres: float, own: float, least_m: float, share: float) -> bool:
    return abs(metres - own) <= max(least_m, share * own)


def _is_another_start(start: datetime | None, *known: StatedTotals) -> bool:
    moved = timedelta(seconds=_MOVED_S)
    starts = [totals.start for totals in known if totals.start is not None]
    return start is not None and all(abs(start - own) >= moved for own in starts)
