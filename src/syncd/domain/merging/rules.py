"""When two recordings are the same run: by value, since the ids of two services do not correspond.

The limits of the first two rules hold on 13 real pairs with room to spare (start within 9 s,
elapsed within 1.1 s, distance within 0.01 %). The third is ours: two devices on one runner, who
cannot run twice at once; on two real pairs they differ by 0.7 % in distance and 1 s in start.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from syncd.domain.merging.candidates import MergeCandidate

SAME_START_S = 60.0
SAME_ELAPSED_S = 15.0
SAME_ELAPSED_SHARE = 0.005
SAME_DISTANCE_SHARE = 0.01
HIDDEN_ELAPSED_S = 5.0
HIDDEN_DISTANCE_SHARE = 0.002
TOGETHER_SHARE = 0.5  # our default: of the longer one's time, in which both were recording
TOGETHER_DISTANCE_SHARE = 0.2  # our default: more, and one of them recorded something else
INSIDE_SHARE = 0.8  # our default: of a shorter one's time, in which a longer one was recording


class MergeRule(StrEnum):
    """Why two recordings are one run, the surest first."""

    SAME = "the same recording"
    TOGETHER = "recorded at the same time"
    HIDDEN = "the same day, time and distance; the start is hidden"


_SUREST = {MergeRule.SAME: 0, MergeRule.TOGETHER: 1, MergeRule.HIDDEN: 2}


@dataclass(frozen=True, slots=True)
class Fit:
    """How well two recordings fit: `distance` 0 for equal values, at the limits of the rule 1 each."""

    rule: MergeRule
    distance: float

    @property
    def cost(self) -> tuple[int, float]:
        """The smaller, the surer."""
        return (_SUREST[self.rule], self.distance)


def fit_of(a: MergeCandidate, b: MergeCandidate) -> Fit | None:
    """How the two are one run; None when they are two. The order of the two does not matter."""
    if a.family != b.family or a.elapsed_s <= 0 or b.elapsed_s <= 0:
        return None
    if a.hidden_start or b.hidden_start:
        return _hidden(a, b)
    overlap = shared_s(a, b) / max(a.elapsed_s, b.elapsed_s)
    if overlap < TOGETHER_SHARE:
        return None
    return _same(a, b) or _together(a, b, overlap)


def shared_s(a: MergeCandidate, b: MergeCandidate) -> float:
    """Seconds in which both were recording."""
    return max(0.0, (min(a.end, b.end) - max(a.start, b.start)).total_seconds())


def is_inside(part: MergeCandidate, whole: MergeCandidate) -> bool:
    """Whether nearly all of `part` was run while the longer `whole` was recording."""
    if part.family != whole.family or part.hidden_start or whole.hidden_start:
        return False
    if not 0 < part.elapsed_s < whole.elapsed_s:
        return False
    return shared_s(part, whole) >= INSIDE_SHARE * part.elapsed_s


def echoes(a: MergeCandidate, b: MergeCandidate) -> bool:
    """Whether they agree so closely that they must be one recording, and not two devices."""
    apart = distance_share(a, b)
    if apart is None or abs(a.elapsed_s - b.elapsed_s) > HIDDEN_ELAPSED_S:
        return False
    return apart <= HIDDEN_DISTANCE_SHARE


def distance_share(a: MergeCandidate, b: MergeCandidate) -> float | None:
    """By how much the distances differ, as a share of the longer; None where one is not known."""
    if a.metres is None or b.metres is None:
        return None
    return abs(a.metres - b.metres) / max(a.metres, b.metres)


def _same(a: MergeCandidate, b: MergeCandidate) -> Fit | None:
    """One recording that arrived in two ways."""
    elapsed_limit = max(SAME_ELAPSED_S, SAME_ELAPSED_SHARE * max(a.elapsed_s, b.elapsed_s))
    return _within(
        MergeRule.SAME,
        abs((a.start - b.start).total_seconds()) / SAME_START_S,
        abs(a.elapsed_s - b.elapsed_s) / elapsed_limit,
        (distance_share(a, b) or 0.0) / SAME_DISTANCE_SHARE,
    )


def _hidden(a: MergeCandidate, b: MergeCandidate) -> Fit | None:
    """Strava hides the time of day: only the day is known. No service lists a run twice that way."""
    apart = distance_share(a, b)
    if a.source == b.source or a.day != b.day or apart is None:
        return None
    return _within(
        MergeRule.HIDDEN, abs(a.elapsed_s - b.elapsed_s) / HIDDEN_ELAPSED_S, apart / HIDDEN_DISTANCE_SHARE
    )


def _together(a: MergeCandidate, b: MergeCandidate, overlap: float) -> Fit | None:
    """Two devices on one runner. Indoors the distances of both are guesses."""
    apart = 0.0 if a.indoors or b.indoors else distance_share(a, b) or 0.0
    return _within(MergeRule.TOGETHER, (1 - overlap) / (1 - TOGETHER_SHARE), apart / TOGETHER_DISTANCE_SHARE)


def _within(rule: MergeRule, *shares_of_limits: float) -> Fit | None:
    return Fit(rule, sum(shares_of_limits)) if max(shares_of_limits) <= 1 else None
