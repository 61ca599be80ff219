"""What the runner reads."""

import pytest

from syncd.domain.session import SessionKind
from syncd.domain.units import KILOMETRES
from syncd.report.score_summary import headline_text, summary_text
from tests.domain.scoring.sessions import EASY, ON_PACE, card_of, six_800, skipping_rep_3
from tests.support.runs import Leg

QUIET = {"noise": 0.0}


@pytest.mark.parametrize(
    ("legs", "words"),
    [
        (six_800(), "All six reps were on pace. The recoveries were fine."),
        (
            six_800([ON_PACE] * 4 + [283, 283]),
            "Reps 1-4 were on pace, the last two faded by 18 s/km. The recoveries were fine.",
        ),
        (six_800([245] * 6), "All six reps were too fast by 10 s/km. The recoveries were fine."),
        (
            six_800([ON_PACE] * 4, cool_down=False),
            "You stopped after four of six reps. Reps 1-4 were on pace. The recoveries were fine.",
        ),
        (
            skipping_rep_3(six_800()),
            "Rep 3 was skipped. Reps 1, 2, 4, 5 and 6 were on pace. The recoveries were fine.",
        ),
        (
            six_800([ON_PACE, 290, ON_PACE, 290, ON_PACE, 290]),
            "Of the six reps three were on pace and three were slow by 25 s/km. The recoveries were fine.",
        ),
    ],
)
def test_repetitions_in_a_sentence_or_two(legs, words) -> None:
    assert summary_text(card_of(legs, **QUIET), KILOMETRES) == words


@pytest.mark.parametrize(
    ("legs", "words"),
    [
        ([Leg(EASY, metres=8000)], "Easy all the way, at 5:50/km."),
        ([Leg(300, metres=8000)], "5:00/km was too fast for an easy run, by 34 s/km."),
        ([Leg(480, metres=8000)], "At 8:00/km it was slower than planned: fine on an easy run."),
        ([Leg(EASY, metres=5000)], "Easy all the way, at 5:50/km. You did 5.0 of 8.0 km."),
        (
            [Leg(EASY, metres=12_000)],
            "Easy all the way, at 5:50/km. You ran longer than planned: 12.0 instead of 8.0 km.",
        ),
    ],
)
def test_a_steady_run_in_a_sentence_or_two(legs, words) -> None:
    assert summary_text(card_of(legs, "8km E", **QUIET), KILOMETRES) == words


def test_a_single_block_of_work() -> None:
    legs = [Leg(EASY, seconds=900, index=0), Leg(305, seconds=1200, index=1), Leg(EASY, seconds=300, index=2)]
    words = summary_text(card_of(legs, "15min E + 20min T + 10min E", **QUIET), KILOMETRES)
    assert words == "The 20:00 of work was slow by 12 s/km. The cool-down was cut short, after 5:00."


def test_a_run_without_steps_says_how_it_was_judged() -> None:
    words = summary_text(card_of([Leg(EASY, metres=10_000)], **QUIET), KILOMETRES)
    assert words == "The steps could not be told apart, so the run was judged as a whole."


def test_no_total_is_said() -> None:
    assert summary_text(card_of(six_800(), sub_sport="treadmill", **QUIET), KILOMETRES).endswith(
        "There is no overall score."
    )


@pytest.mark.parametrize(
    ("legs", "facts"),
    [
        (six_800(), "all 6 reps on pace"),
        (six_800([ON_PACE] * 4 + [300, 300]), "4 of 6 on pace, faded"),
        (six_800([ON_PACE] * 4, cool_down=False), "4 of 6 reps on pace"),
    ],
)
def test_the_headline_has_number_band_and_the_main_fact(legs, facts) -> None:
    card = card_of(legs, **QUIET)
    assert headline_text(card) == f"{card.score} {card.band} · {facts}"


def test_the_headline_of_a_test_is_not_a_score() -> None:
    assert headline_text(card_of([Leg(270, metres=5000)], "5km @RPE8-9", SessionKind.TEST)) == "not scored"
