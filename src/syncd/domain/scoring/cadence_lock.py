"""Optical sensors that count steps instead of heart beats."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import nan

from syncd.domain.scoring import constants as c


def unlocked(
    heart_rates: Sequence[float], cadences_spm: Sequence[float], timer_s: Sequence[float]
) -> Sequence[float]:
    """Heart rate without the blocks in which an optical sensor counted steps instead.

    Within 5 of the cadence for half of a block of 3 minutes.
    """
    near = [abs(hr - spm) <= c.LOCKED_WITHIN_BPM for hr, spm in zip(heart_rates, cadences_spm, strict=True)]
    if sum(near) < 2 or not timer_s:
        return heart_rates
    sums = list(accumulate(near, initial=0))
    out, begin = list(heart_rates), 0
    for place, now in enumerate(timer_s):
        if now - timer_s[begin] >= c.LOCKED_BLOCK_S or place == len(timer_s) - 1:
            end = place + 1
            long_enough = now - timer_s[begin] >= c.LOCKED_BLOCK_S / 2
            if long_enough and sums[end] - sums[begin] >= c.LOCKED_SHARE * (end - begin):
                out[begin:end] = [nan] * (end - begin)
            begin = place
    return out
