"""Who belongs to whom when several fit: the pairs with the smallest sum of costs, found exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


def closest_pairs(costs: Sequence[Sequence[float | None]]) -> tuple[tuple[int, int], ...]:
    """(row, column) of a one-to-one assignment; None is a pair that does not fit.

    As many pairs as can be had, with the smallest sum of costs (which are 0 or more) among those.
    """
    edges = [
        {column: cost for column, cost in enumerate(row) if cost is not None} for row in costs
    ]  # a sum of fractions is never quite exact
    return _pairs(edges, lambda total, best: total < best - _NOTHING, lambda _: True)


def cheapest_pairs(costs: Sequence[Mapping[int, int]]) -> tuple[tuple[int, int], ...]:
    """(row, column) of a one-to-one assignment with the smallest sum of all costs.

    `costs` of each row are whole numbers of any size by column; a pair that is worth having costs less
    than nothing, and none is made that makes the sum larger.
    """
    return _pairs(costs, lambda total, best: total < best, lambda total: total < 0)


def _pairs(
    costs: Sequence[Mapping[int, float]],
    is_less: Callable[[float, float], bool],
    is_wanted: Callable[[float], bool],
) -> tuple[tuple[int, int], ...]:
    """Each step lengthens the assignment by one pair along the cheapest way of exchanging partners.

    Ways get dearer from step to step, so the first that is not wanted is the end.
    """
    row_of: dict[int, int] = {}
    while True:
        path = _cheapest_path(costs, row_of, is_less)
        if not path.pairs or not is_wanted(path.cost):
            return tuple(sorted((row, column) for column, row in row_of.items()))
        row_of.update((column, row) for row, column in path.pairs)


@dataclass(frozen=True, slots=True)
class _Path:
    """Pairs to make, from a free row to a free column over partners that are exchanged."""

    pairs: list[tuple[int, int]] = field(default_factory=list)
    cost: float = 0


def _cheapest_path(
    costs: Sequence[Mapping[int, float]],
    row_of: Mapping[int, int],
    is_less: Callable[[float, float], bool],
) -> _Path:
    """The cheapest way from a free row to a free column; no pairs when there is none."""
    taken = {row: column for column, row in row_of.items()}
    best_row: dict[int, float] = {row: 0 for row in range(len(costs)) if row not in taken}
    best_column: dict[int, float] = {}
    came_from: dict[int, int] = {}
    changed = True
    while changed:  # Bellman and Ford: an exchange gives a cost back, so costs may be negative
        changed = False
        for row, row_costs in enumerate(costs):
            if row not in best_row:
                continue
            for column, cost in row_costs.items():
                holder = row_of.get(column)
                if holder == row:
                    continue
                total = best_row[row] + cost
                if column not in best_column or is_less(total, best_column[column]):
                    best_column[column], came_from[column], changed = total, row, True
                    if holder is not None:
                        best_row[holder] = total - costs[holder][column]
    free = [column for column in best_column if column not in row_of]
    if not free:
        return _Path()
    column = last = min(free, key=lambda option: (best_column[option], option))
    pairs = []
    while True:
        row = came_from[column]
        pairs.append((row, column))
        if row not in taken:
            return _Path(pairs, best_column[last])
        column = taken[row]


_NOTHING = 1e-12
