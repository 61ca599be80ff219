"""A line with fewer points that looks the same."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """At most `most` (at least 2) of the points, the ends among them; x ascends.

    Largest triangles: of each stretch the point stays that stands out most between the one kept before it
    and the middle of the next stretch (Steinarsson 2013, section 4.2). Peaks and edges survive.
    """
    if len(points) <= most:
        return list(points)
    stretches = most - 2
    inner = len(points) - 2
    ends = [1 + inner * number // stretches for number in range(stretches + 1)] if stretches else [1]
    kept = [points[0]]
    for number in range(stretches):
        after = points[ends[number + 1] : ends[number + 2]] if number + 2 <= stretches else points[-1:]
        ahead = (sum(x for x, _ in after) / len(after), sum(y for _, y in after) / len(after))
        before = kept[-1]
        kept.append(
            max(points[ends[number] : ends[number + 1]], key=lambda point: _area(before, point, ahead))
        )
    return [*kept, points[-1]]


def _area(a: Point, b: Point, c: Point) -> float:
    """Of the triangle, twice: only compared."""
    return abs((a[0] - c[0]) * (b[1] - a[1]) - (a[0] - b[0]) * (c[1] - a[1]))
