"""What a coach would say of runs whose truth is known: the table that the scorer was made for."""

import pytest

from syncd.domain.activity import LapTrigger
from syncd.domain.scoring.card import Flag, Scorecard, Tier
from syncd.domain.session import SessionKind
from syncd.domain.workout import PaceZone
from tests.domain.scoring.sessions import (
    EASY,
    JOG,
    ON_PACE,
    REFERENCE,
    card_of,
    pace_of,
    six_800,
    skipping_rep_3,
    waiting_75_s,
)
from tests.domain.scoring.test_conditions import uphill
from tests.domain.training.test_fitness import clock
from tests.support.runs import NOISE, Leg, recorded

SEEDS = range(1, 21)
LENGTH_M = 900_000 / EASY + 4800 + 600_000 / JOG + 600_000 / EASY

SCENARIOS = {
    "perfect": (six_800(), {}, 93, 100),
    "perfect with auto-lap": (six_800(), {"auto_lap_m": 1000}, 93, 100),
    "75 s at lights in a repetition, timer stopped": (
        waiting_75_s(six_800(), 3, timer_stops=True),
        {},
        93,
        100,
    ),
    "75 s at lights in a repetition, timer running": (
        waiting_75_s(six_800(), 3, timer_stops=False),
        {},
        93,
        100,
    ),
    "75 s at lights in the warm-up, timer running": (
        waiting_75_s(six_800(), 0, timer_stops=False),
        {},
        93,
        100,
    ),
    "lap button without workout": (six_800(numbered=False), {}, 93, 100),
    "lap button without workout, auto-lap on": (six_800(numbered=False), {"auto_lap_m": 1000}, 93, 100),
    "GPS noise doubled": (six_800(), {"noise": 2 * NOISE}, 85, 100),
    "up 4 % at equal effort": (uphill(0.04, equal_effort=True), {}, 90, 100),
    "last two repetitions at 5:05/km": (six_800([ON_PACE] * 4 + [clock("5:05")] * 2), {}, 62, 78),
    "the same by lap button": (
        six_800([ON_PACE] * 4 + [clock("5:05")] * 2, numbered=False),
        {},
        62,
        78,
    ),
    "skipped repetition 3 and its jog": (skipping_rep_3(six_800()), {}, 80, 90),
    "skipped by a runner without workout": (
        [*six_800(numbered=False)[:5], *six_800(numbered=False)[7:]],
        {},
        80,
        90,
    ),
    "all repetitions at 4:04/km": (six_800([clock("4:04")] * 6), {}, 45, 75),
    "stopped after four of six": (six_800([ON_PACE] * 4, cool_down=False), {}, 60, 72),
    "ignored it: steady and easy": ([Leg(EASY, metres=LENGTH_M)], {"auto_lap_m": 1000}, 0, 30),
    "ignored it: steady at 5:15/km": ([Leg(clock("5:15"), metres=LENGTH_M)], {"auto_lap_m": 1000}, 0, 30),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("legs", "recording", "low", "high"), SCENARIOS.values(), ids=SCENARIOS)
def test_the_pace_part_is_what_a_coach_would_say(legs, recording, low, high, seed) -> None:
    assert low <= pace_of(card_of(legs, seed=seed, **recording)) <= high


def bands(legs: list[Leg], notation: str, kind: SessionKind | None, **more: object) -> set[str | None]:
    cards = [card_of(legs, notation, kind, zones=REFERENCE, seed=seed, **more) for seed in SEEDS]
    return {card.band for card in cards}


@pytest.mark.parametrize("legs", [SCENARIOS[name][0] for name in SCENARIOS if "ignored" in name])
def test_a_run_that_ignored_the_intervals_is_worth_less_than_half(legs) -> None:
    card = card_of(legs, auto_lap_m=1000)
    assert card.score is not None
    assert card.score <= 50
    assert card.alignment.tier is Tier.WHOLE
    assert card.part("structure").score is None


@pytest.mark.parametrize("rpe", [None, 6])
def test_an_easy_run_at_marathon_pace_is_off_plan(rpe: int | None) -> None:
    marathon = REFERENCE.paces[PaceZone.MARATHON].fast_s_per_km
    assert bands([Leg(marathon, metres=8000)], "8km E", None, rpe=rpe) == {"off plan"}


def test_an_easy_run_at_marathon_pace_with_a_heart_rate_ceiling_is_not_on_plan() -> None:
    assert bands([Leg(338, seconds=2400)], "40min @HR120-145", None, bpm=158) == {"a different session"}


@pytest.mark.parametrize(("share", "band"), [(1.0, "on plan"), (0.8, "close"), (0.6, "a different session")])
def test_a_long_run_that_ends_early_loses_by_its_length(share: float, band: str) -> None:
    legs = [Leg(420, metres=16_000 * share)]
    assert bands(legs, "16km E", SessionKind.LONG, auto_lap_m=1000) == {band}


FIVE_1K = "15min E + 5x(1km I + 150s jog) + 10min E"


def seven_1k(watch: bool) -> list[Leg]:
    """Five as planned and two more; the watch's cool-down is ended by hand to add them."""
    pace = REFERENCE.paces[PaceZone.INTERVAL].fast_s_per_km

    def index(number: int) -> int | None:
        return number if watch else None

    legs = [Leg(410, seconds=900, index=index(0))]
    for k in range(5):
        legs += [
            Leg(pace, metres=1000, index=index(1)),
            Leg(480, seconds=150, index=index(2 if k < 4 else 4)),
        ]
    legs = [*legs[:-1], Leg(480, seconds=150, index=index(4), trigger=LapTrigger.MANUAL)]
    return [
        *legs,
        Leg(pace, metres=1000),
        Leg(480, seconds=150),
        Leg(pace, metres=1000),
        Leg(410, seconds=600),
    ]


def extra_reps_card(watch: bool, seed: int) -> Scorecard:
    return card_of(seven_1k(watch), FIVE_1K, zones=REFERENCE, seed=seed)


@pytest.mark.parametrize("watch", [True, False], ids=["with the workout", "by lap button"])
@pytest.mark.parametrize("seed", SEEDS)
def test_two_repetitions_more_are_on_plan_and_flagged(watch: bool, seed: int) -> None:
    card = extra_reps_card(watch, seed)
    assert (card.band, card.flags) == ("on plan", (Flag.EXTRA_REPS,))
    assert card.reps_in_band == 5


def test_a_beginner_who_does_the_time_of_a_run_walk_is_on_plan() -> None:
    notation = "5min wu + 8x(1min E + 90s jog) + 5min cd"
    rounds = [leg for _ in range(8) for leg in (Leg(430, seconds=60, index=1), Leg(660, seconds=90, index=2))]
    legs = [Leg(620, seconds=300, index=0), *rounds[:-1], Leg(620, seconds=300, index=4)]
    assert bands(legs, notation, SessionKind.WALK_RUN) == {"on plan"}
    assert bands(legs, notation, SessionKind.WALK_RUN, rpe=3) == {"on plan"}


def test_the_synthetic_runs_spread_like_real_ones() -> None:
    # Two devices on one runner differ by 3.3 % (SD) over 30 s, so one of them by 3.3 / sqrt 2.
    speeds = recorded([Leg(300, seconds=18_000)]).samples.speed_mps
    means = [sum(speeds[k : k + 30]) / 30 for k in range(0, len(speeds) - 30, 30)]
    middle = sum(means) / len(means)
    spread = (sum((mean - middle) ** 2 for mean in means) / len(means)) ** 0.5 / middle
    assert spread == pytest.approx(0.033 / 2**0.5, rel=0.15)
