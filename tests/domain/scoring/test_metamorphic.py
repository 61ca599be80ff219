"""Changes that must not matter, and changes that must never help."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syncd.domain.activity import Lap, LapTrigger
from syncd.domain.scoring.card import Tier
from syncd.domain.scoring.judgement import Judgement
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.session import SessionKind
from syncd.domain.units import KILOMETRES, MILES
from syncd.domain.workout import Repeat, Role, Step, Workout, lasting
from syncd.report.score_summary import headline_text, summary_text
from syncd.report.score_views import score_sheet
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


def by_button(name: str, seed: int, **more: object):
    """The same run by a runner who presses the lap button: laps without numbers."""
    return recorded([replace(leg, index=None) for leg in RUNS[name]], seed=seed, bpm=150, **more)


def auto_laps_only(activity, every_m: float):
    """The same samples with a lap each `every_m` metres and no other."""
    samples, laps, begun = activity.samples, [], (0.0, 0.0, 0.0)
    columns = zip(samples.elapsed_s, samples.timer_s, samples.distance_m, strict=True)
    for now in (*columns, (activity.elapsed_s, activity.timer_s, activity.distance_m)):
        if now[2] - begun[2] >= every_m or now[0] == activity.elapsed_s > begun[0]:
            trigger = LapTrigger.DISTANCE if now[0] < activity.elapsed_s else LapTrigger.SESSION_END
            laps.append(Lap(begun[0], now[0], now[1] - begun[1], now[2] - begun[2], trigger))
            begun = now
    return replace(activity, laps=tuple(laps), workout=None)


every_m = st.sampled_from([400.0, 500.0, 1000.0, 1609.344])


@few
@given(st.sampled_from(list(RUNS)), seeds, every_m)
def test_auto_laps_between_the_presses_of_a_button_change_nothing(name, seed, every) -> None:
    mixed, plain = (
        scored(by_button(name, seed, auto_lap_m=length), PLANNED, origin=PrescriptionOrigin.PLAN)
        for length in (every, None)
    )
    assert plain.alignment.tier is Tier.LAPS
    assert abs(pace_of(mixed) - pace_of(plain)) <= 2


@few
@given(st.sampled_from(list(RUNS)), seeds, every_m)
def test_auto_laps_alone_change_nothing_where_the_speed_shows_the_steps(name, seed, every) -> None:
    bare = replace(by_button(name, seed), laps=())
    plain, cut = (
        scored(each, PLANNED, origin=PrescriptionOrigin.PLAN) for each in (bare, auto_laps_only(bare, every))
    )
    assert plain.alignment.tier is Tier.SIGNAL
    assert abs(pace_of(cut) - pace_of(plain)) <= 2


TIERS = {
    Tier.INDEX: lambda activity: activity,
    Tier.LAPS: lambda activity: replace(
        activity, workout=None, laps=tuple(replace(lap, step_index=None) for lap in activity.laps)
    ),
    Tier.SIGNAL: lambda activity: replace(activity, workout=None, laps=()),
}


def card_by(tier: Tier, legs: list[Leg], seed: int = 1, **more: object):
    activity = TIERS[tier](recorded(legs, seed=seed, workout=PLANNED, **more))
    return scored(
        activity,
        PLANNED,
        origin=PrescriptionOrigin.EMBEDDED if tier is Tier.INDEX else PrescriptionOrigin.PLAN,
    )


@few
@given(
    st.sampled_from(list(TIERS)),
    st.sampled_from(list(RUNS)),
    seeds,
    st.integers(0, 12),
    st.integers(15, 100),
    st.booleans(),
)
def test_cutting_idle_time_changes_nothing(tier, name, seed, place, idle_s, timer_stops) -> None:
    legs = RUNS[name]
    timed = legs[place].seconds is not None  # a watch that runs on ends a timed step on its time
    waiting = replace(legs[place], stop_s=idle_s, timer_stops=timer_stops or timed)
    idle = card_by(tier, [*legs[:place], waiting, *legs[place + 1 :]], seed)
    assert abs(pace_of(idle) - pace_of(card_by(tier, legs, seed))) <= 2


@few
@given(st.sampled_from(list(TIERS)), st.permutations([250, 256, ON_PACE, 268, 275, 290]))
def test_the_order_of_equal_repetitions_changes_nothing(tier, paces) -> None:
    ordered, mixed = (card_by(tier, six_800(each), noise=0.0) for each in (sorted(paces), paces))
    assert mixed.alignment == ordered.alignment
    assert mixed.reps_in_band == ordered.reps_in_band
    assert abs(pace_of(mixed) - pace_of(ordered)) <= 1  # by rounding: steps end between two samples
    assert abs((mixed.score or 0) - (ordered.score or 0)) <= 1


@pytest.mark.parametrize("name", RUNS)
def test_units_change_the_words_and_not_the_score(name: str) -> None:
    activity, by_mile = run(name), workout("15min E + 6x(0.497097mi @6:50.4-7:06.5/mi + 2min jog) + 10min E")
    in_miles, in_km = scored(activity, by_mile, origin=PrescriptionOrigin.ARGUMENT), scored(activity, PLANNED)
    assert abs((in_miles.score or 0) - (in_km.score or 0)) <= 1  # tenths of a second by the mile
    assert in_miles.reps_in_band == in_km.reps_in_band
    judgement = Judgement.of(
        activity, Prescription(PrescriptionOrigin.EMBEDDED, PLANNED), scored(activity, PLANNED)
    )
    km, mi = (str(score_sheet(activity, judgement, units)).splitlines() for units in (KILOMETRES, MILES))
    assert km[0].partition(": ")[2] == mi[0].partition(": ")[2]
    assert km[1] == mi[1]  # the parts
    assert "/mi" in "".join(mi)
    assert "/mi" not in "".join(km)


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
    assert summary_text(card, KILOMETRES)
    assert headline_text(card)
