"""Changes that must not matter, and changes that must never help."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syncd.domain.scoring.words import describe, headline
from syncd.domain.session import SessionKind
from syncd.domain.workout import Repeat, Role, Step, Workout, lasting
from tests.domain.scoring.sessions import (
    ON_PACE,
    SIX_800,
    ZONES,
    card_of,
    pace_of,
    scored,
    six_800,
    skipping_rep_3,
    workout,
)
from tests.support.runs import Leg, recorded, shifted, split, without_heart_rate, without_samples
from tests.support.workouts import workouts

PLANNED = workout(SIX_800)
SHORT_RUN = recorded([Leg(300, seconds=60, index=0), Leg(400, seconds=30, index=1)], workout=PLANNED)
RUNS = {
    "perfect": six_800(),
    "fading": six_800([ON_PACE] * 3 + [275, 290, 305]),
    "too fast": six_800([246] * 6),
    "skipped": skipping_rep_3(six_800()),
}
few = settings(max_examples=25)
seeds = st.integers(0, 10_000)


def run(name: str, seed: int = 1, **more: object):
    return recorded(RUNS[name], seed=seed, bpm=150, workout=PLANNED, **more)


@few
@given(st.sampled_from(list(RUNS)), seeds, st.integers(0, 12), st.floats(0.1, 0.9))
def test_splitting_a_lap_changes_nothing(name, seed, place, share) -> None:
    activity = run(name, seed)
    assert (
        abs(pace_of(scored(split(activity, place, share), PLANNED)) - pace_of(scored(activity, PLANNED))) <= 2
    )


@few
@given(st.sampled_from(list(RUNS)), seeds, st.sampled_from([400.0, 500.0, 1000.0, 1609.344]))
def test_auto_laps_change_nothing(name, seed, every_m) -> None:
    with_laps = scored(run(name, seed, auto_lap_m=every_m), PLANNED)
    assert abs(pace_of(with_laps) - pace_of(scored(run(name, seed), PLANNED))) <= 2
    assert with_laps.reps_in_band == scored(run(name, seed), PLANNED).reps_in_band


@few
@given(st.sampled_from(list(RUNS)), seeds, st.floats(0.5, 3600))
def test_shifting_the_clock_changes_nothing(name, seed, seconds) -> None:
    activity = run(name, seed)
    assert abs(pace_of(scored(shifted(activity, seconds), PLANNED)) - pace_of(scored(activity, PLANNED))) <= 2


@few
@given(st.sampled_from(list(RUNS)), seeds)
def test_dropping_the_heart_rate_changes_nothing(name, seed) -> None:
    activity = run(name, seed)
    bare = scored(without_heart_rate(activity), PLANNED)
    assert pace_of(bare) == pace_of(scored(activity, PLANNED))
    assert bare.score == scored(activity, PLANNED).score


@pytest.mark.parametrize("name", RUNS)
def test_the_lap_summary_alone_is_enough(name) -> None:
    activity = run(name)
    bare, full = scored(without_samples(activity), PLANNED), scored(activity, PLANNED)
    assert abs(pace_of(bare) - pace_of(full)) <= 8  # steadiness is not seen
    assert 0.6 <= bare.confidence < full.confidence


@few
@given(seeds, st.lists(st.integers(268, 330), min_size=2, max_size=6, unique=True))
def test_running_a_repetition_slower_never_raises_its_credit(seed, paces) -> None:
    # From the slow edge on: on the quick side slower may well be better.
    earned = [
        card_of(six_800([ON_PACE, pace, *[ON_PACE] * 4]), seed=seed).steps[3].credit for pace in sorted(paces)
    ]
    assert all(a >= b - 0.01 for a, b in pairwise(earned))


@few
@given(seeds, st.lists(st.sampled_from([250, ON_PACE, 270, 290]), min_size=6, max_size=6))
def test_one_repetition_less_never_raises_the_score(seed, paces) -> None:
    scores = [card_of(six_800(paces[:n], cool_down=True), seed=seed).score for n in (6, 5, 4, 3)]
    assert all(a >= b for a, b in pairwise(scores))


@few
@given(seeds, st.floats(0.1, 1.0), st.floats(0.1, 1.0))
def test_a_shorter_run_never_scores_higher(seed, one, other) -> None:
    less, more = sorted((one, other))
    scores = [card_of([Leg(350, metres=10_000 * share)], "10km E", seed=seed).score for share in (less, more)]
    assert scores[0] <= scores[1]


@few
@given(st.sampled_from(list(RUNS)), seeds)
def test_the_same_run_scores_the_same(name, seed) -> None:
    assert scored(run(name, seed), PLANNED) == scored(run(name, seed), PLANNED)


def test_an_empty_recording_is_judged_without_falling_over() -> None:
    activity = replace(without_samples(run("perfect")), laps=(), timer_s=0.0, elapsed_s=0.0, distance_m=None)
    card = scored(activity, PLANNED)
    assert card.reps_in_band == 0
    assert card.score is None or card.score < 50


def opened(items) -> int:
    """How many steps a watch would run."""
    return sum(each.count * opened(each.steps) if isinstance(each, Repeat) else 1 for each in items)


small_workouts = workouts().filter(lambda planned: opened(planned.steps) <= 200)
nothing_but_a_skipped_rest = Workout((Repeat(1, (Step(lasting(60), role=Role.REST),)),))


@example(nothing_but_a_skipped_rest, None, True, 2)
@example(nothing_but_a_skipped_rest, SessionKind.EASY, False, 1)
@given(small_workouts, st.sampled_from([None, *SessionKind]), st.booleans(), st.integers(0, 2))
def test_any_workout_can_be_compared_with_any_run(planned, kind, zoned, laps) -> None:
    bare = replace(
        SHORT_RUN, workout=None, laps=tuple(replace(lap, step_index=None) for lap in SHORT_RUN.laps)
    )
    activity = {0: SHORT_RUN, 1: bare, 2: replace(bare, laps=())}[laps]
    zones = ZONES if zoned else None
    card = scored(activity, planned, kind, zones=zones)
    assert card.score is None or 5 <= card.score <= 100
    assert 0 <= card.confidence <= 1
    assert card.alignment.matched <= card.alignment.planned
    assert card.reps_in_band <= card.reps_planned
    assert describe(card)
    assert headline(card)
