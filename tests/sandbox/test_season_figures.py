"""What seasons are made of, and how they are judged: luck, body, injuries, intervals, bars."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from math import log
from statistics import median

import pytest

from syncd.sandbox.seasons.athletes import START, SimulatedAthlete
from syncd.sandbox.seasons.bars import SeasonBar, bars
from syncd.sandbox.seasons.body import Body, easy_minutes
from syncd.sandbox.seasons.chance import Chance
from syncd.sandbox.seasons.comebacks import Comeback, limit_days
from syncd.sandbox.seasons.habits import Habit
from syncd.sandbox.seasons.injuries import BASE, Hazards, LoadedRun, days_lost, hazard
from syncd.sandbox.seasons.intervals import interval
from syncd.sandbox.seasons.longest import longest_by_days
from syncd.sandbox.seasons.measures import Measures
from syncd.sandbox.seasons.summary import Seasons

DAYS = [START + timedelta(days=number) for number in range(2000)]


# Luck


def test_luck_depends_on_seed_day_and_question_and_on_nothing_else() -> None:
    first, second = Chance(3), Chance(3)
    forward = [first.share(day, "missed") for day in DAYS[:50]]
    assert [second.share(day, "missed") for day in reversed(DAYS[:50])] == forward[::-1]
    assert len({Chance(seed).share(day, what) for seed in (1, 2) for day in DAYS[:9] for what in "ab"}) == 36


def test_luck_is_even_and_what_is_less_probable_happens_on_the_same_days() -> None:
    chance = Chance(5)
    rare = {day for day in DAYS if chance.happens(0.1, day, "missed")}
    often = {day for day in DAYS if chance.happens(0.3, day, "missed")}
    assert rare < often
    assert len(rare) / len(DAYS) == pytest.approx(0.1, abs=0.02)
    assert len(often) / len(DAYS) == pytest.approx(0.3, abs=0.03)
    assert {chance.whole(2, 4, day, "days") for day in DAYS} == {2, 3, 4}


# Athletes


def test_200_seeds_have_eight_athletes_of_each_habit_and_a_third_of_all_has_a_race() -> None:
    athletes = [SimulatedAthlete.of(seed) for seed in range(9 * len(Habit))]
    assert set(Counter(athlete.habit for athlete in athletes).values()) == {9}
    racing = [athlete for athlete in athletes if athlete.race is not None]
    assert len(racing) == 3 * len(Habit)
    assert {athlete.goal.value for athlete in racing} == {"half", "marathon"}


# Body


def body(load: float = 20.0) -> Body:
    return Body(45.0, load, Chance(1))


def after(metres: float, days: int) -> Body:
    """The same run every day."""
    runner = body()
    for _ in range(days):
        runner.load(metres)
        runner.sleep()
    return runner


def test_the_next_kilometre_brings_less_than_the_one_before() -> None:
    gains = [after(metres, 400).true_vdot - 45.0 for metres in (5_000.0, 7_000.0, 9_000.0, 11_000.0)]
    steps = [later - earlier for earlier, later in pairwise(gains)]
    assert gains[0] > 0
    assert steps == sorted(steps, reverse=True)


def test_fitness_follows_the_logarithm_of_what_is_run_at_the_own_easy_pace() -> None:
    fitter = after(8_000.0, 600).true_vdot
    assert fitter - 45.0 == pytest.approx(4.2 * log(easy_minutes(8_000.0, fitter) / 20.0), abs=0.01)


def test_four_weeks_off_cost_what_daniels_says() -> None:
    assert after(0.0, 28).true_vdot == pytest.approx(45.0 - 2.8, abs=0.05)


# Injuries


def easy(day: int, metres: float = 10_000.0) -> LoadedRun:
    return LoadedRun(DAYS[day], metres, metres / 170, 0.0)


def hard(day: int, minutes: float = 20.0) -> LoadedRun:
    return LoadedRun(DAYS[day], 10_000.0, 55.0, minutes)


@pytest.mark.parametrize(
    ("metres", "ratio"),
    [(11_000, 1.0), (11_001, 1.64), (13_000, 1.64), (13_001, 1.52), (20_000, 1.52), (20_001, 2.28)],
)
def test_a_run_longer_than_the_longest_of_30_days_has_the_hazard_of_the_study(
    metres: float, ratio: float
) -> None:
    assert hazard(easy(40, metres), [easy(10)], Hazards()) == pytest.approx(BASE * ratio)


def test_a_longest_run_of_more_than_30_days_ago_does_not_count() -> None:
    assert hazard(easy(41, 10_000), [easy(10, 30_000), easy(11, 9_000)], Hazards()) == pytest.approx(
        BASE * 1.64
    )
    assert hazard(easy(40, 10_000), [easy(10, 30_000), easy(11, 9_000)], Hazards()) == pytest.approx(BASE)


@pytest.mark.parametrize(("apart", "times"), [(1, 3.0), (2, 1.0)])
def test_hard_within_48_hours_is_as_dangerous_as_one_asks_for(apart: int, times: float) -> None:
    asked = Hazards(hard_within_48h=3.0)
    assert hazard(hard(40 + apart), [easy(39), hard(40)], asked) == pytest.approx(BASE * times)
    assert hazard(hard(40 + apart), [easy(39), hard(40)], Hazards()) == pytest.approx(BASE)
    assert hazard(easy(40 + apart), [easy(39), hard(40)], asked) == pytest.approx(BASE)


@pytest.mark.parametrize(("gap", "since", "times"), [(8, 3, 4.0), (7, 3, 1.0), (8, 14, 4.0), (8, 15, 1.0)])
def test_hard_in_the_two_weeks_after_a_week_off(gap: int, since: int, times: float) -> None:
    back = 60
    before = [easy(back - gap - 2), easy(back - gap), *(easy(back + day) for day in range(0, since, 2))]
    assert hazard(hard(back + since), before, Hazards(hard_after_gap=4.0)) == pytest.approx(BASE * times)


@pytest.mark.parametrize(("minutes", "times"), [(11.0, 1.0), (11.1, 5.0)])
def test_more_than_a_fifth_hard_in_four_weeks(minutes: float, times: float) -> None:
    before = [hard(day, minutes) for day in range(20, 40, 3)]
    run = hard(41, minutes)
    assert hazard(run, before, Hazards(intensity=5.0)) == pytest.approx(BASE * times)


@pytest.mark.parametrize(("worst", "ago", "times"), [(3, 7, 2.0), (2, 7, 1.0), (3, 8, 1.0)])
def test_a_run_within_a_week_of_pain(worst: int, ago: int, times: float) -> None:
    before = [replace(easy(40 - ago), pain=worst)]
    assert hazard(easy(40), before, Hazards(in_pain=2.0)) == pytest.approx(BASE * times)


def test_an_injury_lasts_7_to_56_days_and_half_of_them_14() -> None:
    lengths = [days_lost(Chance(7), day) for day in DAYS]
    assert (min(lengths), max(lengths)) == (7, 56)
    assert median(lengths) == pytest.approx(14, abs=1)


# Figures


def test_the_interval_is_that_of_students_t() -> None:
    found = interval([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0])  # t for 9 degrees: 2.262
    assert found.mean == pytest.approx(5.5)
    assert found.high - found.mean == pytest.approx(2.262 * 3.02765 / 10**0.5, rel=0.001)
    alone = interval([4.0])
    assert (alone.low, alone.mean, alone.high) == (4.0, 4.0, 4.0)
    assert found.over(0.0).mean == 0.0


PLAIN = Measures(
    habit="follows the plan",
    adapted=True,
    broken=(),
    changes_a_week=(0,),
    missed_share=0.0,
    above_cap=0,
    later_vdot=46.0,
    true_vdot=45.0,
    weekly_m=30_000.0,
    pace_error=0.01,
    pace_off=0.01,
    hurt_days=4,
    comebacks=(Comeback(14, 30, 35),),
)


def judged(weekly_m: float = 30_000.0, vdot: float = 46.0, hurt_days: int = 4) -> SeasonBar:
    """The bar of a habit of eight athletes with these figures, against the plain ones without rules."""
    with_rules = replace(PLAIN, weekly_m=weekly_m, later_vdot=vdot, hurt_days=hurt_days)
    found = bars(Seasons((with_rules,) * 8, (replace(PLAIN, adapted=False),) * 8))
    return next(bar for bar in found if bar.name.startswith("follows the plan"))


@pytest.mark.parametrize(("weekly_m", "holds"), [(28_500.0, True), (28_470.0, False), (33_000.0, True)])
def test_no_habit_may_lose_more_than_5_percent_of_its_kilometres(weekly_m: float, holds: bool) -> None:
    assert judged(weekly_m).holds is holds


@pytest.mark.parametrize(("vdot", "holds"), [(45.81, True), (45.79, False)])
def test_no_habit_may_lose_more_than_a_fifth_of_a_vdot(vdot: float, holds: bool) -> None:
    assert judged(vdot=vdot).holds is holds


@pytest.mark.parametrize(("hurt_days", "holds"), [(0, False), (-2, True)])
def test_a_hurt_day_saved_excuses_a_percent(hurt_days: int, holds: bool) -> None:
    assert judged(weekly_m=28_200.0, hurt_days=hurt_days).holds is holds  # 6 % lost


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (replace(PLAIN, broken=("R20 2026-03-01",)), "no planned run"),
        (replace(PLAIN, pace_error=0.021), "paces within"),
        (replace(PLAIN, comebacks=(Comeback(14, 36, 35),)), "back at the old volume"),
        (replace(PLAIN, comebacks=(Comeback(14, None, 35),)), "back at the old volume"),
    ],
)
def test_every_other_bar_finds_what_is_wrong(wrong: Measures, name: str) -> None:
    alone = (replace(PLAIN, adapted=False),) * 8
    assert all(bar.holds for bar in bars(Seasons((PLAIN,) * 8, alone)))
    failing = [bar.name for bar in bars(Seasons((wrong,) * 8, alone)) if not bar.holds]
    assert len(failing) == 1
    assert failing[0].startswith(name)


@pytest.mark.parametrize(("gap", "limit"), [(7, 21), (28, 63), (29, 63), (56, 63), (57, 91)])
def test_how_long_the_old_volume_may_take(gap: int, limit: int) -> None:
    assert limit_days(gap) == limit


def test_the_longest_run_by_days_is_reported_for_three_volumes() -> None:
    found = longest_by_days()
    assert set(found) == {20, 35, 50}
    assert all(set(by_days) == {3, 4, 5, 6, 7} for by_days in found.values())
    assert all(5000.0 < metres < 35_000.0 for by_days in found.values() for metres in by_days.values())
