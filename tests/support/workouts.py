"""Hypothesis strategies for workouts that a watch could carry."""

from hypothesis import strategies as st

from syncd.domain.workout import (
    LAP_BUTTON,
    METRES_PER_MILE,
    Duration,
    EffortTarget,
    HeartRateBand,
    HeartRateZone,
    PaceBand,
    PaceZone,
    Repeat,
    Role,
    Step,
    Target,
    Workout,
    ZoneTarget,
    covering,
    lasting,
)


def durations() -> st.SearchStrategy[Duration]:
    return st.one_of(
        st.just(LAP_BUTTON),
        st.integers(1, 30_000_000).map(lambda ms: lasting(ms / 1000)),
        st.integers(1, 1200).map(lambda s: lasting(s * 15)),
        st.integers(1, 10_000_000).map(lambda cm: covering(cm / 100)),
        st.integers(1, 420).map(lambda hm: covering(hm * 100)),
        st.integers(1, 26).map(lambda miles: covering(miles * METRES_PER_MILE)),
    )


def pace_bands() -> st.SearchStrategy[PaceBand]:
    pairs = st.tuples(st.integers(700, 9000), st.integers(700, 9000))
    return pairs.map(lambda pair: PaceBand(min(pair) / 1000, max(pair) / 1000))


def targets() -> st.SearchStrategy[Target | None]:
    def ordered(low: int, high: int) -> st.SearchStrategy[list[int]]:
        return st.lists(st.integers(low, high), min_size=2, max_size=2).map(sorted)

    return st.one_of(
        st.none(),
        st.sampled_from(PaceZone).map(ZoneTarget),
        pace_bands(),
        ordered(30, 240).map(lambda ends: HeartRateBand(*ends)),
        st.integers(1, 5).map(HeartRateZone),
        ordered(1, 10).map(lambda ends: EffortTarget(*ends)),
    )


def steps() -> st.SearchStrategy[Step]:
    return st.builds(Step, durations(), targets(), st.sampled_from(Role))


def items() -> st.SearchStrategy[Step | Repeat]:
    return st.recursive(
        steps(),
        lambda inner: st.builds(
            Repeat, st.integers(1, 99), st.lists(inner, min_size=1, max_size=3).map(tuple), st.booleans()
        ),
        max_leaves=6,
    )


def workouts() -> st.SearchStrategy[Workout]:
    return st.builds(Workout, st.lists(items(), min_size=1, max_size=6).map(tuple))
