"""Who belongs to whom when several fit: as many pairs as possible, and of those the closest."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf


def closest_pairs(costs: Sequence[Sequence[float | None]]) -> tuple[tuple[int, int], ...]:
    """(row, column) of a one-to-one assignment; None is a pair that does not fit.

    As many pairs as can be had, with the smallest sum of costs (which are 0 or more) among those.
    Each step lengthens the assignment by one pair along the cheapest way of exchanging partners.
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    row_of: list[int | None] = [None] * columns
    while True:
        path = _cheapest_path(costs, rows, columns, row_of)
        if path is None:
            return tuple(sorted((row, column) for column, row in enumerate(row_of) if row is not None))
        for row, column in path:
            row_of[column] = row


def _cheapest_path(
    costs: Sequence[Sequence[float | None]], rows: int, columns: int, row_of: Sequence[int | None]
) -> list[tuple[int, int]] | None:
    """From a free row to a free column, over partners that are exchanged; None when there is none."""
    taken = {row: column for column, row in enumerate(row_of) if row is not None}
    best_row = [0.0 if row not in taken else inf for row in range(rows)]
    best_column, came_from = [inf] * columns, [0] * columns
    changed = True
    while changed:  # Bellman and Ford: an exchange gives a cost back, so costs may be negative
        changed = False
        for row in range(rows):
            for column in range(columns):
                cost = costs[row][column]
                if cost is None or best_row[row] == inf or row_of[column] == row:
                    continue
                total = best_row[row] + cost
                if total < best_column[column] - _NOTHING:
                    best_column[column], came_from[column], changed = total, row, True
                    holder = row_of[column]
                    if holder is not None:
                        best_row[holder] = total - (costs[holder][column] or 0.0)
    free = [column for column in range(columns) if row_of[column] is None and best_column[column] < inf]
    if not free:
        return None
    column = min(free, key=lambda option: (best_column[option], option))
    path = []
    while True:
        row = came_from[column]
        path.append((row, column))
        if row not in taken:
            return path
        column = taken[row]


_NOTHING = 1e-12
