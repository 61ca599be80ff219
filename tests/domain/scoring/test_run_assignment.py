"""All runs and all sessions at once: the same pairs in whatever order they came."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.constants import SHAPE_FLOOR
from syncd.domain.scoring.reasons import MatchReason
from syncd.domain.scoring.run_assignment import RunRow, SessionColumn, assign_runs
from syncd.domain.scoring.session_fit import Fit, Veto
from syncd.domain.session import Session, SessionKind
from tests.domain.scoring.sessions import workout

TUESDAY = date(2026, 3, 10)


def column(slot: int, days: int = 0, **named) -> SessionColumn:
    planned = workout("8km E")
    session = Session(
        f"2026w11-{slot}",
        TUESDAY + timedelta(days=days),
        SessionKind.EASY,
        "easy",
        planned,
        8000,
        2800,
        (2, 4),
        hard=slot == 1,
    )
    return SessionColumn(session, f"content {slot}", **named)


def row(number: int, fits: dict[int, Fit], days: int = 0, hour: int = 18) -> RunRow:
    day = TUESDAY + timedelta(days=days)
    start = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return RunRow((number,), start, day, {f"2026w11-{slot}": fit for slot, fit in fits.items()})


def like(likeness: float, size: float = 1.0) -> Fit:
    return Fit(likeness=likeness, size=size)


EXACT = Fit(Method.EXACT, likeness=0.9, size=1.0)


def answers(rows: Sequence[RunRow], columns: Sequence[SessionColumn], joins: Sequence[RunRow] = ()):
    found = assign_runs(rows, joins, columns)
    return {one.row.runs: (one.attribution.method.value, one.attribution.session_id) for one in found}


def test_the_exact_run_of_the_evening_has_the_session_that_the_morning_looks_like() -> None:
    morning, evening = row(1, {1: like(1.0)}, hour=7), row(2, {1: EXACT})
    assert answers([morning, evening], [column(1)]) == {
        (1,): ("unplanned", None),
        (2,): ("exact", "2026w11-1"),
    }


def test_the_run_that_fits_better_has_it_and_the_other_is_told_so() -> None:
    found = assign_runs([row(1, {1: like(0.7)}, hour=7), row(2, {1: like(0.9)})], (), [column(1)])
    assert [one.attribution.session_id for one in found] == [None, "2026w11-1"]
    assert found[0].attribution.why.code == MatchReason.DONE_BY_ANOTHER


def test_two_sessions_that_were_swapped_are_both_done() -> None:
    runs = [row(1, {2: like(0.95)}, days=0), row(2, {1: like(0.9)}, days=1)]
    assert answers(runs, [column(1), column(2, days=1)]) == {
        (1,): ("shape", "2026w11-2"),
        (2,): ("shape", "2026w11-1"),
    }


def test_two_runs_and_two_sessions_of_one_day_go_together_as_they_fit_best() -> None:
    runs = [row(1, {1: like(0.95), 2: like(0.9)}), row(2, {1: like(0.9)}, hour=7)]
    assert answers(runs, [column(1), column(2)]) == {
        (2,): ("shape", "2026w11-1"),
        (1,): ("shape", "2026w11-2"),
    }


def test_one_that_fits_two_alike_is_ambiguous_until_another_run_is_one_of_them() -> None:
    either = row(1, {1: like(0.9), 2: like(0.88)}, hour=7)
    columns = [column(1), column(2)]
    assert answers([either], columns) == {(1,): ("ambiguous", None)}
    assert answers([either, row(2, {1: EXACT})], columns)[(1,)] == ("shape", "2026w11-2")


def test_likeness_reaches_a_day_and_a_name_a_week() -> None:
    for days in range(10):
        like_it, named = row(1, {1: like(1.0)}, days=days), row(1, {1: EXACT}, days=days)
        assert (answers([like_it], [column(1)])[(1,)][1] is not None) == (days <= 1)
        assert (answers([named], [column(1)])[(1,)][1] is not None) == (days <= 7)


def test_a_workout_that_was_done_is_not_that_of_next_week() -> None:
    again = row(2, {1: replace(EXACT, by_content=True), 3: replace(EXACT, by_content=True)}, days=4)
    columns = [column(1), column(3, days=7)]
    assert answers([row(1, {1: EXACT}), again], columns)[(2,)] == ("unplanned", None)


def test_a_session_that_was_moved_can_be_run_where_it_was() -> None:
    moved = column(1, days=3, first_day=TUESDAY)
    assert answers([row(1, {1: like(0.9)})], [moved])[(1,)] == ("shape", "2026w11-1")


def test_what_was_skipped_needs_its_name() -> None:
    skipped = column(1, only_named=True)
    assert answers([row(1, {1: like(1.0)})], [skipped])[(1,)] == ("unplanned", None)
    assert answers([row(1, {1: EXACT})], [skipped])[(1,)] == ("exact", "2026w11-1")


def test_a_measurement_stands_for_the_hard_session_only_where_nothing_else_is_it() -> None:
    race = row(1, {1: Fit(likeness=0.9, size=1.0, veto=Veto.HELD, measures=True)}, hour=9)
    assert answers([race], [column(1)])[(1,)] == ("replaced", "2026w11-1")
    assert answers([race, row(2, {1: like(0.8)})], [column(1)]) == {
        (1,): ("unplanned", None),
        (2,): ("shape", "2026w11-1"),
    }


def test_files_that_are_joined_fall_apart_where_another_run_has_the_session() -> None:
    parts = [row(1, {1: like(0.3)}, hour=7), row(2, {1: like(0.5)}, hour=8)]
    together = replace(parts[0], runs=(1, 2), fits={"2026w11-1": like(0.9)})
    assert answers(parts, [column(1)], [together]) == {(1, 2): ("shape", "2026w11-1")}
    assert answers([*parts, row(3, {1: EXACT})], [column(1)], [together]) == {
        (1,): ("unplanned", None),
        (2,): ("unplanned", None),
        (3,): ("exact", "2026w11-1"),
    }


def test_nearly_a_session_is_told_with_how_near() -> None:
    (one,) = assign_runs([row(1, {1: like(0.55)})], (), [column(1)])
    assert one.misses == ((0.55, "2026w11-1"),)


fits = st.one_of(
    st.builds(like, st.integers(0, 10).map(lambda tenths: tenths / 10), st.sampled_from([0.5, 1.0])),
    st.sampled_from([EXACT, replace(EXACT, by_content=True), Fit(Method.NAME, likeness=0.5, size=1.0)]),
    st.just(Fit(likeness=0.9, size=1.0, veto=Veto.OTHER_WORKOUT)),
)
columns_drawn = st.lists(st.integers(0, 3), min_size=0, max_size=4).map(
    lambda days: [column(slot, days=day) for slot, day in enumerate(days, start=1)]
)
rows_drawn = st.lists(
    st.tuples(st.dictionaries(st.integers(1, 4), fits, max_size=4), st.integers(0, 3), st.integers(6, 20)),
    max_size=5,
).map(
    lambda drawn: [
        row(number, found, days=day, hour=hour) for number, (found, day, hour) in enumerate(drawn, start=1)
    ]
)


@given(rows_drawn, columns_drawn, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_runs_and_sessions_decides_nothing(rows, columns, random) -> None:
    before = answers(rows, columns)
    random.shuffle(rows)
    random.shuffle(columns)
    assert answers(rows, columns) == before


@given(rows_drawn, columns_drawn, st.integers(0, 3), st.integers(0, 23))
@settings(deadline=None)
def test_a_run_that_fits_nothing_changes_nothing(rows, columns, days, hour) -> None:
    before = answers(rows, columns)
    stranger = row(99, {1: like(SHAPE_FLOOR - 0.01)}, days=days, hour=hour)
    assert answers([*rows, stranger], columns) == before | {(99,): ("unplanned", None)}


@given(rows_drawn, columns_drawn)
@settings(deadline=None)
def test_every_run_has_an_answer_and_no_session_is_two_runs(rows, columns) -> None:
    found = answers(rows, columns)
    assert set(found) == {one.runs for one in rows}
    had = [identity for _, identity in found.values() if identity is not None]
    assert len(had) == len(set(had))


@given(rows_drawn, columns_drawn)
@settings(deadline=None)
def test_no_other_assignment_has_more_exact_runs(rows, columns) -> None:
    rows = [  # the nearest of equal workouts is the only one
        replace(one, fits={key: replace(fit, by_content=False) for key, fit in one.fits.items()})
        for one in rows
    ]
    certain = [{target.session.id for target in columns if _is_exact(one, target)} for one in rows]
    best = max(
        (
            sum(identity is not None for identity in choice)
            for choice in product(*([None, *sorted(ids)] for ids in certain))
            if len({i for i in choice if i}) == sum(i is not None for i in choice)
        ),
        default=0,
    )
    found = [method for method, _ in answers(rows, columns).values()]
    # one that two sessions fit equally is left to the athlete
    assert best - found.count("ambiguous") <= found.count("exact") <= best


def _is_exact(one: RunRow, target: SessionColumn) -> bool:
    fit = one.fits.get(target.session.id)
    return fit is not None and fit.named is Method.EXACT
