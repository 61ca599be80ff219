"""Hills: how many metres on the level a metre uphill or downhill is worth, at equal effort."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from math import isnan

from syncd.domain.scoring import constants as c


def level_factor(grade: float) -> float:
    """The measured table (synthetic runs of constant grade, 2017 heart-rate model), linear between.

    `grade` is metres up per metre run, negative downhill; beyond 20 % it stays as at 20 %.
    """
    table = c.LEVEL_FACTORS
    if grade <= table[0][0]:
        return table[0][1]
    for (low, at_low), (high, at_high) in pairwise(table):
        if grade <= high:
            return at_low + (at_high - at_low) * (grade - low) / (high - low)
    return table[-1][1]


def slopes(
    metres: Sequence[float], altitude_m: Sequence[float]
) -> tuple[list[float], list[float], list[float]] | None:
    """For each sample its level factor, and the metres climbed and descended so far.

    `metres` is the distance run at each sample; `altitude_m` may have gaps (nan). None on level
    ground, or where too little altitude was recorded: then there is nothing to correct. Altitude
    is smoothed by a mean over 50 m of path; the grade is that between two such means.
    """
    known = [(m, h) for m, h in zip(metres, altitude_m, strict=True) if not isnan(h)]
    if len(known) < c.LEAST_COVERAGE * len(metres) or not known:
        return None
    heights = [h for _, h in known]
    if max(heights) - min(heights) < c.LEAST_RELIEF_M:
        return None
    knots = _knots(known)
    pieces = [(h1 - h0) / (m1 - m0) for (m0, h0), (m1, h1) in pairwise(knots) if m1 > m0]
    if not pieces:
        return None
    ends = [m1 for (m0, _), (m1, _) in pairwise(knots) if m1 > m0]
    by_piece = [level_factor(grade) for grade in pieces]
    factors, climbed, descended, up, down, before = [], [], [], 0.0, 0.0, metres[0]
    piece, last = 0, len(ends) - 1
    for at_m in metres:
        while piece < last and at_m > ends[piece]:
            piece += 1
        factors.append(by_piece[piece])
        rise = pieces[piece] * (at_m - before)
        up, down = up + max(rise, 0.0), down + max(-rise, 0.0)
        climbed.append(up)
        descended.append(down)
        before = at_m
    return factors, climbed, descended


def _knots(known: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Mean path and mean altitude of every 50 m."""
    out, begin = [], 0
    ways = [m for m, _ in known]
    while begin < len(known):
        end = bisect_left(ways, ways[begin] + c.ALTITUDE_WINDOW_M, begin + 1)
        size = end - begin
        out.append((sum(ways[begin:end]) / size, sum(h for _, h in known[begin:end]) / size))
        begin = end
    return out
