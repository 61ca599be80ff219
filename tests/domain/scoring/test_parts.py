"""The parts, what they come to together, the flags and the confidence."""

from dataclasses import replace

import pytest

from syncd.domain.activity import LapTrigger
from syncd.domain.scoring.card import Flag, Scorecard
from syncd.domain.scoring.planned_steps import plan_of
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.reasons import Note
from syncd.domain.scoring.score import score_activity
from syncd.domain.session import SessionKind
from tests.domain.scoring.sessions import (
    EASY,
    JOG,
    ON_PACE,
    SIX_800,
    ZONES,
    card_of,
    pace_of,
    scored,
    six_800,
    waiting_75_s,
    workout,
)
from tests.support.runs import Leg, recorded, without_samples


def score_of(card: Scorecard, part: str) -> int | None:
    return card.part(part).score


@pytest.mark.parametrize(
    ("notation", "kind"),
    [
        ("8km E", "easy"),
        ("74min E", "easy"),
        ("75min E", "long"),
        ("6km E + 4x(20s R + 60s jog)", "easy"),
        ("15min E + 10x(10s R + 3min jog) + 10min E", "interval"),
        (SIX_800, "interval"),
        ("15min E + 3x(8min HM + 2min jog) + 10min E", "threshold"),
        ("15min E + 20min T + 10min E", "threshold"),
    ],
)
@pytest.mark.parametrize("zones", [ZONES, None], ids=["zones", "no zones"])
def test_the_kind_is_read_from_a_workout_that_does_not_say(notation, kind, zones) -> None:
    assert plan_of(workout(notation), None, zones).kind.value == kind


@pytest.mark.parametrize(
    ("share", "points"), [(1.0, 100), (0.96, 100), (0.725, 50), (0.5, 0), (0.3, 0), (1.1, 100), (1.2, 80)]
)
def test_distance_is_full_from_95_percent_and_nothing_at_half(share: float, points: int) -> None:
    card = card_of([Leg(EASY, metres=10_000 * share)], "10km E")
    assert score_of(card, "distance") == pytest.approx(points, abs=1)


def test_a_run_planned_by_time_is_measured_by_time() -> None:
    slow = card_of([Leg(480, seconds=2400)], "40min E")
    assert score_of(slow, "distance") == 100
    assert Flag.OVERRUN in card_of([Leg(EASY, seconds=3000)], "40min E").flags


def test_longer_intervals_are_no_overrun() -> None:
    card = card_of([*six_800(), Leg(EASY, seconds=1200)])
    assert score_of(card, "distance") == 100
    assert Flag.OVERRUN not in card.flags


def test_steps_that_the_lap_button_ends_have_no_size() -> None:
    legs = six_800()
    ends = (replace(legs[0], seconds=300, trigger=LapTrigger.MANUAL), replace(legs[-1], seconds=120))
    card = card_of([ends[0], *legs[1:-1], ends[1]], "lap E + 6x(800m @4:15-4:25/km + 2min jog) + lap E")
    assert card.score is not None
    assert card.score >= 97
    assert score_of(card, "distance") == 100


def test_outside_repeats_a_begun_step_counts_whole_for_pace_and_by_its_length_for_distance() -> None:
    notation = "15min E + 20min T + 10min E"
    tempo = Leg(286, seconds=600, index=1, trigger=LapTrigger.MANUAL)
    card = card_of([Leg(EASY, seconds=900, index=0), tempo, Leg(EASY, seconds=600, index=2)], notation)
    assert pace_of(card) >= 95
    assert score_of(card, "distance") == pytest.approx(100 * (35 / 45 - 0.5) / 0.45, abs=1)


@pytest.mark.parametrize(("rpe", "points"), [(1, 100), (3, 100), (4, 100), (5, 75), (6, 50), (8, 0), (10, 0)])
def test_effort_against_what_an_easy_run_should_feel_like(rpe: int, points: int) -> None:
    assert score_of(card_of([Leg(EASY, seconds=2400)], "40min E", rpe=rpe), "intensity") == points


@pytest.mark.parametrize(("rpe", "points"), [(5, 50), (7, 100), (9, 100), (10, 75)])
def test_intervals_may_feel_too_easy_as_well(rpe: int, points: int) -> None:
    assert score_of(card_of(six_800(), rpe=rpe), "intensity") == points


def test_the_session_says_what_effort_it_expects() -> None:
    activity = recorded([Leg(EASY, seconds=2400)], rpe=6)
    prescription = Prescription(PrescriptionOrigin.PLAN, workout("40min E"), SessionKind.LONG, rpe=(5, 7))
    assert score_activity(activity, prescription, ZONES).part("intensity").score == 100


def test_a_workout_that_asks_for_nothing_expects_no_effort() -> None:
    rounds = [leg for _ in range(5) for leg in (Leg(280, metres=400, index=0), Leg(600, seconds=90, index=1))]
    card = card_of(rounds[:-1], "5x(400m + 90s rest)", rpe=3)
    assert score_of(card, "intensity") is None
    assert card.score == 100


@pytest.mark.parametrize(
    ("bpm", "low", "high"), [(120, 100, 100), (135, 100, 100), (146, 90, 100), (153, 0, 40)]
)
def test_heart_rate_has_a_ceiling_on_an_easy_run_and_no_floor(bpm: float, low: int, high: int) -> None:
    found = score_of(card_of([Leg(EASY, seconds=2400)], "40min @HR130-145", bpm=bpm), "intensity")
    assert found is not None
    assert low <= found <= high


def test_heart_rate_that_is_mostly_missing_says_nothing() -> None:
    activity = recorded([Leg(EASY, seconds=2400)], bpm=150)
    gaps = activity.samples.heart_rate_bpm
    gaps[500:1500] = type(gaps)("f", [float("nan")] * 1000)
    assert scored(activity, workout("40min @HR130-145")).part("intensity").score is None


def test_on_easy_runs_pace_stands_in_for_a_missing_intensity() -> None:
    weights = [part.weight for part in card_of([Leg(EASY, metres=8000)], "8km E").parts]
    assert weights == pytest.approx([0.7, 0.3, 0, 0])


def test_a_total_is_a_geometric_mean_of_what_could_be_judged() -> None:
    card = card_of(six_800([ON_PACE] * 4, cool_down=False))
    pace, distance, _, structure = (part.score for part in card.parts)
    assert structure == round(100 * 4 / 6)
    expected = (pace**0.45 * distance**0.15 * structure**0.35) ** (1 / 0.95)
    assert card.score == pytest.approx(expected, abs=1)
    assert sum(part.weight for part in card.parts) == pytest.approx(1)


@pytest.mark.parametrize("kind", [SessionKind.TEST, SessionKind.RACE])
def test_a_test_or_a_race_is_a_measurement(kind: SessionKind) -> None:
    card = card_of([Leg(270, metres=5000)], "5km @RPE8-9", kind)
    assert (card.score, card.band) == (None, None)
    assert Note.MEASUREMENT in card.notes


def test_repetitions_on_a_treadmill_have_no_total() -> None:
    card = card_of(six_800(), sub_sport="treadmill")
    assert (card.score, card.part("pace").score, card.part("distance").score) == (None, None, None)
    assert card.part("structure").score == 100
    assert Flag.TREADMILL in card.flags
    assert all(row.pace_s_per_km is None for row in card.steps)


def test_an_easy_run_on_a_treadmill_is_judged_by_time_and_effort() -> None:
    legs = [Leg(EASY, seconds=2400)]
    assert card_of(legs, "40min E", sub_sport="treadmill").score is None
    assert card_of(legs, "40min E", sub_sport="treadmill", rpe=3).score == 100


@pytest.mark.parametrize("timer_stops", [True, False])
def test_a_stop_in_the_work_is_flagged_and_one_in_a_jog_is_free(timer_stops: bool) -> None:
    in_work = card_of(waiting_75_s(six_800(), 3, timer_stops=timer_stops))
    in_jog = card_of(waiting_75_s(six_800(), 4, timer_stops=timer_stops))
    assert in_work.flags == (Flag.INTERRUPTED,)
    assert in_jog.flags == ()
    assert in_jog.part("pace").score == pytest.approx(pace_of(in_work), abs=3)


def test_standing_for_longer_than_two_minutes_in_all_is_slow_running() -> None:
    short, long = six_800(), six_800()
    for place in (1, 3, 5):
        long[place] = replace(long[place], stop_s=75)
    assert pace_of(card_of(short)) - pace_of(card_of(long)) > 8


def test_the_last_third_slower_than_before_and_than_asked_is_fading() -> None:
    assert Flag.FADED in card_of(six_800([ON_PACE] * 4 + [295, 300])).flags
    assert Flag.FADED not in card_of(six_800([244, 244, 244, 244, ON_PACE, ON_PACE])).flags
    assert Flag.FADED not in card_of(six_800([300] * 6)).flags


def test_strides_are_a_matter_of_presence() -> None:
    notation = "6km E + 4x(20s R + 60s jog)"
    easy, slow_strides = (
        Leg(EASY, metres=6000, index=0),
        (Leg(330, seconds=20, index=1), Leg(500, seconds=60, index=2)),
    )
    run = card_of([easy, *slow_strides * 4][:-1], notation, SessionKind.EASY)
    assert (run.flags, run.score, run.reps_planned) == ((), 100, 0)
    assert Flag.STRIDES_SKIPPED in card_of([easy], notation, SessionKind.EASY).flags


def test_satellite_spikes_do_not_make_a_runner_fast() -> None:
    activity = recorded(six_800(), workout=workout(SIX_800))
    samples, lap = activity.samples, activity.laps[3]
    speeds = samples.speed_mps[:]
    for second in (1250, 1290, 1330):
        speeds[second] = 40.0
    jumped = replace(lap, distance_m=(lap.distance_m or 0) + 110)  # the device adds them up
    spiked = replace(
        activity,
        samples=replace(samples, speed_mps=speeds),
        laps=(*activity.laps[:3], jumped, *activity.laps[4:]),
    )
    assert pace_of(scored(spiked, workout(SIX_800))) == pytest.approx(
        pace_of(scored(activity, workout(SIX_800))), abs=2
    )


def test_a_speed_of_zero_beside_a_growing_distance_is_no_stop() -> None:
    activity = recorded(six_800(), workout=workout(SIX_800))
    lost = activity.samples.speed_mps[:]
    for second in range(1260, 1290):
        lost[second] = 0.0
    card = scored(replace(activity, samples=replace(activity.samples, speed_mps=lost)), workout(SIX_800))
    assert card.flags == ()
    assert card.reps_in_band == 6


def test_a_device_without_speed_is_judged_by_its_distance() -> None:
    activity = recorded(six_800(), workout=workout(SIX_800))
    silent = type(activity.samples.speed_mps)("f", [float("nan")] * len(activity.samples))
    bare = replace(activity, samples=replace(activity.samples, speed_mps=silent))
    assert scored(bare, workout(SIX_800)).score == scored(activity, workout(SIX_800)).score


def test_a_step_without_a_measured_pace_leaves_the_sum_and_one_never_run_stays() -> None:
    activity = without_samples(recorded(six_800(), workout=workout(SIX_800)))
    laps = tuple(replace(lap, distance_m=None) if k == 3 else lap for k, lap in enumerate(activity.laps))
    assert pace_of(scored(replace(activity, laps=laps), workout(SIX_800))) >= 93
    assert pace_of(card_of(six_800([ON_PACE] * 5, cool_down=True))) < 90


def test_confidence_falls_with_every_doubt() -> None:
    activity = recorded(six_800(), workout=workout(SIX_800))
    sure = scored(activity, workout(SIX_800)).confidence
    guessed = scored(activity, workout(SIX_800), confidence=0.7).confidence
    bare = scored(without_samples(activity), workout(SIX_800)).confidence
    assert sure == pytest.approx(1.0, abs=0.01)
    assert guessed == pytest.approx(0.7 * sure)
    assert bare == pytest.approx(0.7, abs=0.01)


def test_a_repetition_counts_as_in_band_when_it_was_done_for_four_fifths() -> None:
    legs = six_800()
    for place, metres in ((3, 700), (5, 600)):
        legs[place] = replace(legs[place], metres=metres, trigger=LapTrigger.MANUAL)
    card = card_of(legs)
    assert (card.reps_planned, card.reps_in_band) == (6, 5)
    assert score_of(card, "structure") == round(100 * 5 / 6)


def test_pace_targets_need_no_zones() -> None:
    activity = recorded(six_800(), workout=workout(SIX_800))
    card = scored(activity, workout(SIX_800), zones=None)
    assert (card.score, card.reps_in_band) == (scored(activity, workout(SIX_800)).score, 6)


def test_rows_are_numbered_and_carry_what_was_run() -> None:
    card = card_of(six_800(), bpm=150)
    assert [row.n for row in card.steps] == list(range(1, 14))
    assert [row.rep for row in card.steps if row.rep] == [1, 2, 3, 4, 5, 6]
    rep, jog = card.steps[1], card.steps[2]
    assert (rep.role, rep.effort, jog.role, jog.effort) == ("run", "work", "jog", "recovery")
    assert rep.pace_s_per_km == pytest.approx(ON_PACE, rel=0.03)
    assert jog.pace_s_per_km == pytest.approx(JOG, rel=0.03)
    assert rep.hr_bpm == pytest.approx(150, abs=1)
    assert jog.credit is None  # nothing was asked of it
