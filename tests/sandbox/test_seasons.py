"""Whole seasons: nothing breaks a rule, the plan does not twitch, and nobody is locked in."""

from datetime import timedelta
from statistics import mean

import pytest

from syncd.domain.session import SessionState
from syncd.sandbox.seasons.checks import changes_a_week, measured, pace_error
from syncd.sandbox.seasons.habits import Habit
from syncd.sandbox.seasons.season import START, Season, SimulatedAthlete, live
from syncd.sandbox.seasons.summary import seasons_payload, seasons_text, simulate


def of(habit: Habit, turn: int = 0) -> SimulatedAthlete:
    """An athlete of that habit."""
    return SimulatedAthlete.of(tuple(Habit).index(habit) + turn * len(Habit))


def weekly(season: Season, first_week: int, weeks: int = 4) -> float:
    first = START + timedelta(weeks=first_week)
    inside = (run.distance_m for run in season.runs if 0 <= (run.day - first).days < 7 * weeks)
    return sum(inside) / weeks


@pytest.mark.parametrize("chunk", range(4))
def test_twenty_seasons_break_no_rule_and_change_little(chunk: int) -> None:
    found = [measured(live(SimulatedAthlete.of(1000 + 5 * chunk + number))) for number in range(5)]
    assert [each.broken for each in found] == [()] * 5
    changes = sorted(count for each in found for count in each.changes_a_week)
    assert changes[len(changes) // 2] <= 1
    assert changes[int(0.95 * len(changes))] <= 3


def test_a_season_is_the_same_every_time_it_is_lived() -> None:
    once, again = live(of(Habit.BUSY), weeks=20), live(of(Habit.BUSY), weeks=20)
    assert once.runs == again.runs
    assert [day for day, _ in once.decisions] == [day for day, _ in again.decisions]


# The dead-locks and ratchets of the training model, each as a season.


@pytest.mark.parametrize("turn", range(3))
def test_f_four_weeks_off_come_back(turn: int) -> None:
    season = live(of(Habit.FOUR_WEEKS_OFF, turn))
    before, after = weekly(season, 8), weekly(season, 28)
    assert after > 0.75 * before
    assert max(weekly(season, week) for week in range(26, 48)) > 0.9 * before


@pytest.mark.parametrize("turn", range(3))
def test_g_always_skipping_friday_does_not_shrink_the_plan_to_nothing(turn: int) -> None:
    season = live(of(Habit.SKIPS_FRIDAYS, turn))
    assert weekly(season, 44, 8) > 0.8 * weekly(season, 0)


@pytest.mark.parametrize("turn", range(3))
def test_h_four_short_illnesses_do_not_ratchet_the_paces_down(turn: int) -> None:
    season = live(of(Habit.FOUR_ILLNESSES, turn))
    trained, true = season.paces[START + timedelta(days=360)]
    assert trained / true - 1 < 0.03
    assert weekly(season, 46) > 0.8 * weekly(season, 0)


@pytest.mark.parametrize("turn", range(3))
def test_i_a_runner_who_is_much_fitter_is_put_right_by_two_tests(turn: int) -> None:
    season = live(of(Habit.FITTER, turn))
    assert season.tests[1] - season.tests[0] <= timedelta(weeks=6)
    error = pace_error(season)
    assert error is not None
    assert abs(error) < 0.02


def test_the_ill_and_the_injured_come_back_under_the_caps() -> None:
    for habit in (Habit.ILL_IN_WEEK_6, Habit.INJURED, Habit.TRAVELS, Habit.THREE_MONTHS_OFF):
        found = measured(live(of(habit)))
        assert (found.habit, found.above_cap, found.broken) == (habit.value, 0, ())


@pytest.mark.parametrize("turn", range(2))
def test_who_uploads_late_is_back_where_the_plan_was(turn: int) -> None:
    season = live(of(Habit.UPLOADS_LATE, turn))
    found = measured(season)
    assert found.broken == ()
    assert {entry.state for entry in season.entries.values() if entry.run is not None} == {SessionState.DONE}
    assert weekly(season, 40, 8) > 0.8 * weekly(season, 0)


@pytest.mark.parametrize("turn", range(2))
def test_who_loses_uploads_breaks_no_rule_either(turn: int) -> None:
    assert measured(live(of(Habit.LOSES_UPLOADS, turn))).broken == ()


def test_a_plan_that_is_followed_is_hardly_changed() -> None:
    counts = [mean(changes_a_week(live(of(Habit.FOLLOWS, turn)))) for turn in range(2)]
    assert max(counts) < 1


def test_the_table_has_every_habit_with_the_rules_and_without() -> None:
    payload = seasons_payload(simulate(2, 0, weeks=12), 0, 12)
    assert payload["schema"] == "syncd.seasons/1"
    assert {row["habit"] for row in payload["habits"]} == {Habit.FOLLOWS.value, Habit.EASY_TOO_FAST.value}
    assert payload["all"]["without"]["changes"] == 0
    assert "changes a week: median" in seasons_text(payload)
