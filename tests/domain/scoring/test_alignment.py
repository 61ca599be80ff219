"""Which part of the run was which step: the rules of the watch's numbers, and of bare laps."""

from dataclasses import replace

import pytest

from syncd.domain.activity import LapTrigger
from syncd.domain.reason import Reason
from syncd.domain.scoring.card import Scorecard, StepStatus, Tier
from syncd.domain.scoring.prescription import PrescriptionOrigin
from syncd.domain.scoring.reasons import Note, PartReason
from tests.domain.scoring.sessions import (
    EASY,
    JOG,
    ON_PACE,
    SIX_800,
    card_of,
    scored,
    six_800,
    skipping_rep_3,
    statuses,
    workout,
)
from tests.support.runs import Leg, recorded, without_samples

HAND = LapTrigger.MANUAL


def alignment(card: Scorecard) -> tuple[Tier, int, int]:
    return card.alignment.tier, card.alignment.matched, card.alignment.planned


def test_every_step_is_found_by_its_number() -> None:
    card = card_of(six_800())
    assert alignment(card) == (Tier.INDEX, 13, 13)
    assert statuses(card) == ["done"] * 13


def test_auto_laps_do_not_make_more_steps() -> None:
    card = card_of(six_800(), auto_lap_m=400)
    assert alignment(card) == (Tier.INDEX, 13, 13)
    assert [row.distance_m for row in card.steps if row.rep] == pytest.approx([800] * 6)


def test_equal_numbers_in_a_row_are_rounds_once_the_step_is_full() -> None:
    legs = [Leg(240, metres=1000, index=0) for _ in range(4)]
    card = card_of(legs, "4x(1km @3:55-4:05/km)")
    assert alignment(card) == (Tier.INDEX, 4, 4)
    assert card.reps_in_band == 4


def test_nested_repeats_are_told_apart_by_order() -> None:
    # The sequence that a watch recorded: 0,(1,2)x4,1,4,(1,2)x4,1,6.
    inner = [leg for _ in range(5) for leg in (Leg(250, metres=400, index=1), Leg(420, seconds=90, index=2))]
    legs = [Leg(EASY, seconds=600, index=0), *inner[:-1], Leg(420, seconds=240, index=4), *inner[:-1]]
    legs.append(Leg(EASY, seconds=300, index=6))
    notation = "10min E + 2x(5x(400m @4:00-4:20/km + 90s jog) + 4min jog) + 5min E"
    card = card_of(legs, notation)
    assert alignment(card) == (Tier.INDEX, 21, 21)
    jogs = [round(row.timer_s or 0) for row in card.steps if row.role == "jog"]
    assert jogs == [90] * 4 + [240] + [90] * 4


def test_a_number_that_never_comes_is_a_missed_step() -> None:
    legs = six_800()
    card = card_of([*legs[:2], *legs[3:]])  # the first jog was not even begun
    assert statuses(card)[:4] == ["done", "done", "missed", "done"]
    assert card.reps_in_band == 6


def test_the_last_recovery_costs_nothing_run_or_skipped() -> None:
    skipped = six_800()
    run = [*skipped[:-1], Leg(JOG, seconds=120, index=2), skipped[-1]]
    cut = [*skipped[:-1], Leg(JOG, seconds=40, index=2, trigger=HAND), skipped[-1]]
    kept = SIX_800.replace("jog)", "jog) keep-last")
    scores = {card_of(legs, notation).score for legs in (skipped, run, cut) for notation in (SIX_800, kept)}
    assert min(scores) >= 99


def test_what_follows_the_last_step_is_extra_and_one_row() -> None:
    card = card_of([*six_800(), Leg(EASY, metres=3200)], auto_lap_m=1000)
    assert statuses(card) == ["done"] * 13 + ["extra"]
    assert card.steps[-1].distance_m == pytest.approx(3200)


def test_a_run_that_ends_early_is_a_prefix() -> None:
    card = card_of(six_800([ON_PACE] * 2, cool_down=False))
    assert statuses(card) == ["done"] * 4 + ["missed"] * 9


def test_a_step_ended_by_hand_is_short_and_one_ended_at_once_was_skipped() -> None:
    legs = six_800()
    short = replace(legs[3], metres=500, trigger=HAND)
    assert card_of([*legs[:3], short, *legs[4:]]).steps[3].status is StepStatus.SHORT
    assert statuses(card_of(skipping_rep_3(legs)))[5:7] == ["missed", "missed"]


def test_a_lap_pressed_inside_a_step_that_comes_once_does_not_end_it() -> None:
    legs = six_800()
    pressed = [replace(legs[0], seconds=400, trigger=HAND), replace(legs[0], seconds=500)]
    card = card_of([*pressed, *legs[1:]])
    assert card.steps[0].timer_s == pytest.approx(900)
    assert statuses(card) == ["done"] * 13


def test_numbers_of_another_workout_are_not_read() -> None:
    other = workout("10min E + 3x(1km T + 1min jog) + 10min E")
    activity = recorded(six_800(), workout=other)
    card = scored(activity, workout(SIX_800), origin=PrescriptionOrigin.PLAN)
    assert card.alignment.tier is Tier.LAPS
    assert card.reps_in_band == 6


def test_numbers_are_read_when_the_watch_ran_the_same_steps_at_other_paces() -> None:
    activity = recorded(six_800(), workout=workout(SIX_800.replace("4:15-4:25", "4:05-4:15")))
    assert scored(activity, workout(SIX_800), origin=PrescriptionOrigin.PLAN).alignment.tier is Tier.INDEX


def test_numbers_without_a_definition_are_believed_only_if_they_fit() -> None:
    fitting = recorded(six_800())
    assert scored(fitting, workout(SIX_800), origin=PrescriptionOrigin.PUSHED).alignment.tier is Tier.INDEX
    strange = recorded([replace(leg, index=9 + k) for k, leg in enumerate(six_800())])
    assert scored(strange, workout(SIX_800), origin=PrescriptionOrigin.PUSHED).alignment.tier is Tier.LAPS


def test_bare_laps_are_compared_with_the_steps() -> None:
    card = card_of(six_800(numbered=False))
    assert alignment(card) == (Tier.LAPS, 13, 13)
    assert card.confidence < card_of(six_800()).confidence


def test_the_seconds_until_stop_was_pressed_are_no_step() -> None:
    for seconds in (3, 7, 14):
        card = card_of([*six_800(numbered=False), Leg(620, seconds=seconds)])
        assert alignment(card) == (Tier.LAPS, 13, 13)
        assert statuses(card) == ["done"] * 13 + ["extra"]


def test_a_stray_lap_moves_no_repetition() -> None:
    legs = six_800(numbered=False)
    stray = [Leg(EASY, seconds=860), Leg(EASY, seconds=40), *legs[1:]]
    card = card_of(stray)
    assert card.reps_in_band == 6
    assert card.alignment.matched == 13


def test_tired_repetitions_are_still_repetitions() -> None:
    card = card_of(six_800([300] * 6, numbered=False))
    assert card.alignment.matched == 13
    assert card.part("structure").score == 100
    assert card.reps_in_band == 0


def test_a_fartlek_does_not_contain_six_repetitions() -> None:
    paces = (320, 300, 340, 310, 330, 305, 345)
    legs = [Leg(pace, seconds=130 + 40 * (k % 3)) for k, pace in enumerate(paces * 2)]
    card = card_of(legs)
    assert card.reps_in_band == 0
    assert card.part("structure").score in (None, 0)


def test_without_laps_and_samples_the_run_is_judged_as_a_whole_and_says_so() -> None:
    activity = without_samples(recorded(six_800(numbered=False)))
    card = scored(replace(activity, laps=()), workout(SIX_800), origin=PrescriptionOrigin.PLAN)
    assert (card.alignment.tier, card.steps) == (Tier.WHOLE, ())
    assert card.part("structure").why == (Reason(PartReason.NO_FITTING_LAPS),)
    assert card.confidence < 0.6  # feeds no adaptation
    assert card.notes == (Note.JUDGED_AS_A_WHOLE,)


def test_a_run_of_one_block_needs_no_laps() -> None:
    card = card_of([Leg(EASY, metres=8000)], "8km E")
    assert (card.alignment.tier, card.alignment.matched, card.alignment.planned) == (Tier.WHOLE, 1, 1)
    assert card.confidence >= 0.8
