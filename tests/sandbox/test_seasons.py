"""Whole seasons: nothing breaks a rule, the plan does not twitch, and nobody is locked in."""

from dataclasses import replace
from datetime import timedelta
from statistics import mean

import pytest

from syncd.domain.session import SessionKind, SessionState
from syncd.domain.training.rules.situation import Trouble
from syncd.sandbox.seasons.athletes import START, SimulatedAthlete
from syncd.sandbox.seasons.checks import broken
from syncd.sandbox.seasons.days_off import TimeOff
from syncd.sandbox.seasons.habits import Habit
from syncd.sandbox.seasons.injuries import Hazards
from syncd.sandbox.seasons.measures import changes_a_week, measured, pace_error
from syncd.sandbox.seasons.season import Run, Season, live
from syncd.sandbox.seasons.summary import seasons_payload, seasons_text, simulate


def of(habit: Habit, turn: int = 0) -> SimulatedAthlete:
    """An athlete of that habit."""
    return SimulatedAthlete.of(tuple(Habit).index(habit) + turn * len(Habit))


def weekly(season: Season, first_week: int, weeks: int = 4) -> float:
    first = START + timedelta(weeks=first_week)
    inside = (run.distance_m for run in season.runs if 0 <= (run.day - first).days < 7 * weeks)
    return sum(inside) / weeks


@pytest.mark.parametrize("chunk", range(5))
def test_a_season_of_every_habit_breaks_no_rule_and_changes_little(chunk: int) -> None:
    first = 1000 + 5 * chunk
    found = [measured(live(SimulatedAthlete.of(seed))) for seed in range(first, first + 5)]
    assert [season.broken for season in found] == [()] * 5
    changes = sorted(count for season in found for count in season.changes_a_week)
    assert changes[len(changes) // 2] <= 1
    assert changes[int(0.95 * len(changes))] <= 3


def test_a_season_is_the_same_every_time_it_is_lived() -> None:
    once, again = live(of(Habit.BUSY), weeks=16), live(of(Habit.BUSY), weeks=16)
    assert once.runs == again.runs
    assert [day for day, _ in once.plan.decisions] == [day for day, _ in again.plan.decisions]


def test_the_luck_of_an_athlete_is_the_same_with_the_rules_and_without() -> None:
    athlete = of(Habit.NIGHT_SHIFTS)
    seasons = [live(athlete, adapted=adapted, weeks=16) for adapted in (True, False)]
    ran = [{run.day for run in season.runs} for season in seasons]
    asked = [{entry.session.day for entry in season.plan.entries.values()} for season in seasons]
    both = asked[0] & asked[1]
    assert ran[0] & both == ran[1] & both
    assert 0 < len(ran[0] & both) < len(both)


def test_a_race_of_the_calendar_is_run_and_nothing_hard_is_near_it() -> None:
    athlete = next(found for seed in range(200) if (found := SimulatedAthlete.of(seed)).race is not None)
    season = live(athlete)
    race = next(run for run in season.runs if run.planned and run.planned.kind is SessionKind.RACE)
    assert athlete.race is not None
    assert race.day == athlete.race.day
    assert measured(season).broken == ()


def test_each_check_finds_what_is_planted() -> None:
    season = live(of(Habit.FOLLOWS), weeks=10)
    assert list(broken(season)) == []
    last = season.runs[-1]
    assert last.planned is not None
    day = last.day + timedelta(days=1)
    far = replace(last.planned, distance_m=1.2 * max(run.distance_m for run in season.runs))
    assert _with_run(season, Run(day, far.distance_m, far)) == [f"R20 {day}"]
    hard = replace(last.planned, hard=True, distance_m=3000.0)
    near = [Run(day, 3000.0, hard), Run(day + timedelta(days=1), 3000.0, hard)]
    assert _with_run(season, *near) == [f"48 h {day + timedelta(days=1)}"]
    long = next(
        entry for entry in season.plan.entries.values() if "-1" in entry.session.id and entry.run is not None
    )
    off = TimeOff(long.session.day, long.session.day, Trouble.HURT, long.session.day - timedelta(days=2))
    season.off.append(off)
    assert list(broken(season)) == [f"off {long.session.day}"]
    assert list(broken(replace(season, adapted=False))) == []


def _with_run(season: Season, *more: Run) -> list[str]:
    """What is broken with these runs at the end."""
    return list(broken(replace(season, runs=[*season.runs, *more])))


# The dead-locks and ratchets of the training model, each as a season without injuries.

UNHURT = Hazards(base=0.0)


@pytest.mark.parametrize("turn", range(2))
def test_f_four_weeks_off_come_back(turn: int) -> None:
    season = live(of(Habit.FOUR_WEEKS_OFF, turn), weeks=44, hazards=UNHURT)
    before, after = weekly(season, 8), weekly(season, 28)
    assert after > 0.75 * before
    assert max(weekly(season, week) for week in range(26, 41)) > 0.9 * before


def test_a_month_of_heat_eases_sessions_and_breaks_no_rule() -> None:
    season = live(of(Habit.HEAT), weeks=34, hazards=UNHURT)
    eased = [
        edit.before
        for _, decision in season.plan.decisions
        if decision.rule == "W1"
        for edit in decision.edits
    ]
    assert eased
    assert all(
        session is not None and (session.hard or session.kind is SessionKind.LONG) for session in eased
    )
    assert measured(season).broken == ()
    assert not any(
        d.rule == "W1" for _, d in live(of(Habit.FOLLOWS), weeks=34, hazards=UNHURT).plan.decisions
    )


@pytest.mark.parametrize("turn", range(2))
def test_g_always_skipping_friday_does_not_shrink_the_plan_to_nothing(turn: int) -> None:
    season = live(of(Habit.SKIPS_FRIDAYS, turn), hazards=UNHURT)
    assert weekly(season, 44, 8) > 0.8 * weekly(season, 0)


@pytest.mark.parametrize("turn", range(2))
def test_h_four_short_illnesses_do_not_ratchet_the_paces_down(turn: int) -> None:
    season = live(of(Habit.FOUR_ILLNESSES, turn), hazards=UNHURT)
    trained, true = season.paces[START + timedelta(days=360)]
    assert trained / true - 1 < 0.03
    assert weekly(season, 46) > 0.8 * weekly(season, 0)


@pytest.mark.parametrize("turn", range(2))
def test_i_a_runner_who_is_much_fitter_is_put_right_by_two_tests(turn: int) -> None:
    season = live(of(Habit.FITTER, turn), weeks=30, hazards=UNHURT)
    assert season.plan.tests[1] - season.plan.tests[0] <= timedelta(weeks=6)
    error = pace_error(season)
    assert error is not None
    assert abs(error) < 0.02


@pytest.mark.parametrize("habit", [Habit.INJURED, Habit.TRAVELS, Habit.THREE_MONTHS_OFF])
def test_who_was_away_comes_back_under_the_caps_and_in_time(habit: Habit) -> None:
    found = measured(live(of(habit), weeks=40, hazards=UNHURT))
    assert (found.habit, found.broken) == (habit.value, ())
    assert [comeback.in_time for comeback in found.comebacks] == [True] * len(found.comebacks)


def test_who_uploads_late_is_back_where_the_plan_was() -> None:
    season = live(of(Habit.UPLOADS_LATE), hazards=UNHURT)
    assert measured(season).broken == ()
    assert {entry.state for entry in season.plan.entries.values() if entry.run is not None} == {
        SessionState.DONE
    }
    assert weekly(season, 40, 8) > 0.8 * weekly(season, 0)


def test_a_holiday_that_was_announced_is_free_of_sessions() -> None:
    season = live(of(Habit.HOLIDAY), weeks=32)
    holiday = next(spell for spell in season.off if not spell.injury)
    inside = [entry.state for entry in season.plan.entries.values() if holiday.covers(entry.session.day)]
    assert set(inside) <= {SessionState.DROPPED}
    assert measured(season).broken == ()


def test_a_plan_that_is_followed_is_hardly_changed() -> None:
    counts = [mean(changes_a_week(live(of(Habit.FOLLOWS, turn)))) for turn in range(2)]
    assert max(counts) < 1


def test_the_table_has_every_habit_with_the_rules_and_without() -> None:
    payload = seasons_payload(simulate(2, 0, weeks=12), 0, 12)
    assert payload["schema"] == "syncd.seasons/1"
    assert {row["habit"] for row in payload["habits"]} == {Habit.FOLLOWS.value, Habit.EASY_TOO_FAST.value}
    assert payload["all"]["without"]["changes"] == 0
    less = payload["all"]["difference"]["weekly_m"]
    assert less["low"] <= less["mean"] <= less["high"]
    assert "changes a week: median" in seasons_text(payload)
