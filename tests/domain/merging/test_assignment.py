"""As many pairs as possible, and of those the closest: checked against trying everything."""

from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.merging.assignment import closest_pairs

costs = st.integers(0, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.none() | st.integers(0, 9).map(float), min_size=columns, max_size=columns), max_size=4
    )
)


def best_by_trying(table) -> tuple[int, float]:
    rows, columns = len(table), len(table[0]) if table else 0
    best = (0, 0.0)
    for size in range(1, min(rows, columns) + 1):
        for some in combinations(range(rows), size):
            for order in permutations(range(columns), size):
                values = [table[row][column] for row, column in zip(some, order, strict=True)]
                if None not in values and (size > best[0] or sum(values) < best[1]):
                    best = (size, sum(values))
    return best


@given(costs)
def test_no_other_pairing_has_more_pairs_or_a_smaller_sum(table):
    pairs = closest_pairs(table)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert (len(pairs), sum(table[row][column] for row, column in pairs)) == best_by_trying(table)


def test_the_closest_pair_gives_way_where_that_finds_a_partner_for_another():
    assert closest_pairs([[0.1, 0.2], [0.15, None]]) == ((0, 1), (1, 0))


def test_nobody_belongs_to_nobody():
    assert closest_pairs([]) == ()
    assert closest_pairs([[], []]) == ()
