"""Heat, as the athlete enters it, and what a sync makes of it and of the weather of runs (W1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from syncd.athlete.aims import set_goal
from syncd.athlete.health import answer
from syncd.athlete.heat import end_heat, enter_heat, known_weather
from syncd.athlete.sessions import OverrideError, pin
from syncd.athlete.undoing import undo
from syncd.domain.athlete import Concern, Goal
from syncd.domain.scoring.heat import Weather
from syncd.domain.session import Session, SessionKind, SessionState
from syncd.domain.training.reasons import Cause
from syncd.report.sync_views import change_text
from syncd.store.changes import Change
from syncd.store.details import Detail
from tests.support.scene import MONDAY, Scene

HARD, LONG = 1, 6  # days with a hard session and a long run; the next hard one is on day 8


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


@pytest.fixture
def ran(scene: Scene) -> Scene:
    """The first session is run on its day."""
    scene.sync(0, hour=6)
    scene.record(0, "4km E", hour=8)
    scene.sync(0, hour=9)
    return scene


def due(scene: Scene) -> dict[date, Session]:
    return {
        known.session.day: known.session for known in scene.sessions(0, 40) if known.state is SessionState.DUE
    }


def weathered(scene: Scene, day: int, temperature_c: float, dew_point_c: float | None = None) -> None:
    """A service says how warm it was in the run of a day."""
    with scene.world(scene.at(day)) as world:
        (run_of_day,) = world.store.activities.summaries(on(day), on(day))
        world.store.details.keep(
            Detail(
                "garmin", f"run {day}", run_of_day.id, scene.at(day), "1", None, temperature_c, dew_point_c,
                scene.at(day),
            )
        )  # fmt: skip


def say(scene: Scene, word: Callable[..., Any], *arguments: Any, day: int = 0, hour: int = 10) -> Any:
    now = scene.at(day, hour)
    with scene.world(now) as world:
        return word(world, *arguments, now)


def ran_changes(scene: Scene) -> tuple[Change, ...]:
    with scene.world(scene.at(0)) as world:
        return world.store.changes.newest(99)


def eased(changes: tuple[Change, ...]) -> list[date]:
    return [change.before.day for change in changes if change.rule == "W1" and change.before is not None]


# --- known from a run


def test_after_a_run_in_heat_the_hard_session_of_tomorrow_is_easy_until_it_is_run_once(ran: Scene) -> None:
    before = due(ran)
    weathered(ran, 0, 30.0)
    report = ran.sync(0, hour=12)
    assert eased(report.changes) == [on(HARD)]
    assert not due(ran)[on(HARD)].hard
    assert before[on(HARD)].hard
    assert {**before, on(HARD): None} == {**due(ran), on(HARD): None}
    again = ran.sync(0, hour=13)
    assert (again.changes, again.actions) == ((), ())


def test_a_run_below_the_limit_eases_nothing(ran: Scene) -> None:
    before = due(ran)
    weathered(ran, 0, 29.9)
    assert ran.sync(0, hour=12).changes == ()
    assert due(ran) == before


def test_a_humid_run_eases_the_same(ran: Scene) -> None:
    weathered(ran, 0, 27.0, 20.0)
    assert eased(ran.sync(0, hour=12).changes) == [on(HARD)]


def test_the_weather_of_a_run_that_is_put_right_takes_back_what_rested_on_it(ran: Scene) -> None:
    weathered(ran, 0, 31.0)
    ran.sync(0, hour=12)
    weathered(ran, 0, 21.0)
    report = ran.sync(0, hour=13)
    (taken_back,) = report.changes
    assert taken_back.reason.code == Cause.STAYS_EASIER  # tomorrow is too near to get harder
    assert ran.sync(0, hour=14).changes == ()


def test_one_eased_session_can_be_undone_and_stays_so(ran: Scene) -> None:
    before = due(ran)
    weathered(ran, 0, 33.0)
    (change,) = ran.sync(0, hour=12).changes
    say(ran, lambda world, now: undo(world, change.id, now), hour=13)
    assert due(ran) == before
    assert ran.sync(0, hour=14).changes == ()
    assert due(ran) == before


def test_what_is_pinned_stays(ran: Scene) -> None:
    say(ran, pin, on(HARD))
    weathered(ran, 0, 33.0)
    report = ran.sync(0, hour=12)
    assert due(ran)[on(HARD)].hard
    assert [change.reason.code for change in report.changes] == [Cause.WARNED]
    assert ran.sync(0, hour=13).changes == ()


# --- entered


def test_on_the_days_that_were_entered_hard_is_easy_and_long_is_shorter(ran: Scene) -> None:
    before = due(ran)
    outcome = say(ran, enter_heat, Weather(32.0), on(LONG))
    after = due(ran)
    assert outcome.changes[0].reason.code == Cause.HEAT_SAID
    assert sorted(eased(outcome.changes)) == [on(HARD), on(LONG)]
    assert (after[on(HARD)].kind, after[on(HARD)].hard) == (SessionKind.EASY, False)
    assert after[on(LONG)].distance_m <= 0.75 * before[on(LONG)].distance_m
    assert after[on(8)] == before[on(8)]
    again = ran.sync(0, hour=12)
    assert [change for change in again.changes if change.rule == "W1"] == []
    assert ran.sync(0, hour=13).changes == ()


def test_weeks_that_come_near_later_are_eased_once_with_their_reason_and_undone_with_the_word(
    ran: Scene,
) -> None:
    outcome = say(ran, enter_heat, Weather(32.0), on(25))
    word = outcome.changes[0]
    last = max(day for day in due(ran))
    for day in range(1, 9):
        ran.sync(day, hour=6)
        ran.sync(day, hour=7)
        assert not any(session.hard for known, session in due(ran).items() if known <= on(25))
    made = [change for change in ran_changes(ran) if change.rule == "W1" and change.holds]
    assert len({change.session_id for change in made}) == len(made)
    later = [change for change in made if change.before is not None and change.before.day > last]
    assert later
    assert {change.evidence["because"] for change in made} == {word.id}
    assert "hard running waits" in " ".join(map(change_text, later))
    assert ran.sync(8, hour=8).changes == ()


def test_without_a_last_day_it_lasts_two_days(ran: Scene) -> None:
    say(ran, enter_heat, Weather(32.0), None)
    found = say(ran, known_weather)
    assert [(known.day, known.last_day) for known in found] == [(on(0), on(2))]


def test_undo_takes_back_the_word_with_all_that_came_of_it(ran: Scene) -> None:
    before = due(ran)
    say(ran, enter_heat, Weather(32.0), on(LONG))
    undone = say(ran, lambda world, now: undo(world, None, now), hour=11)
    assert undone.change.reason.code == Cause.HEAT_SAID
    assert due(ran) == before
    assert say(ran, known_weather) == ()
    assert ran.sync(0, hour=12).changes == ()
    assert eased(say(ran, enter_heat, Weather(32.0), on(LONG), hour=13).changes)  # another word, decided anew


def test_a_cooler_word_gives_back_what_is_not_near(ran: Scene) -> None:
    before = due(ran)
    say(ran, enter_heat, Weather(32.0), on(LONG))
    outcome = say(ran, enter_heat, Weather(24.0), on(LONG), hour=11)
    assert {change.reason.code for change in outcome.changes} == {
        Cause.HEAT_SAID, Cause.TAKEN_BACK, Cause.STAYS_EASIER,
    }  # fmt: skip
    assert due(ran)[on(LONG)] == before[on(LONG)]
    assert not due(ran)[on(HARD)].hard


def test_the_heat_is_over_before_its_day_and_days_that_are_past_stay_as_they_were(ran: Scene) -> None:
    before = due(ran)
    say(ran, enter_heat, Weather(32.0), on(LONG))
    ran.run_session(HARD)
    ran.sync(HARD)
    (run_easy,) = ran.sessions(HARD, HARD)
    say(ran, end_heat, day=2)
    assert due(ran)[on(LONG)] == before[on(LONG)]
    assert ran.sessions(HARD, HARD) == (run_easy,)
    report = ran.sync(2, hour=12)
    assert [change for change in report.changes if change.rule == "W1"] == []
    with pytest.raises(OverrideError, match="no heat is known"):
        say(ran, end_heat, day=2, hour=13)


def test_a_word_after_which_was_run_is_not_undone_but_ended(ran: Scene) -> None:
    word = say(ran, enter_heat, Weather(32.0), on(LONG)).changes[0]
    ran.run_session(HARD)
    ran.sync(HARD)
    with pytest.raises(OverrideError, match="which was run: syncd heat --over ends the heat"):
        say(ran, lambda world, now: undo(world, word.id, now), day=2)


def test_heat_that_a_run_showed_is_over_too_when_the_athlete_says_so(ran: Scene) -> None:
    weathered(ran, 0, 33.0)
    say(ran, end_heat)
    assert ran.sync(0, hour=12).changes == ()
    assert due(ran)[on(HARD)].hard


def test_an_undone_end_lets_the_heat_go_on(ran: Scene) -> None:
    say(ran, enter_heat, Weather(32.0), on(LONG))
    say(ran, end_heat, hour=11)
    assert due(ran)[on(LONG)].rules.count("W1") == 0
    say(ran, lambda world, now: undo(world, None, now), hour=12)
    assert eased(ran.sync(0, hour=13).changes) == [on(LONG)]


def test_planning_anew_brings_nothing_back_into_the_heat(ran: Scene) -> None:
    say(ran, enter_heat, Weather(32.0), on(9))
    shorter = due(ran)[on(LONG)].distance_m
    say(ran, lambda world, now: set_goal(world, (Goal.FIVE_K, None), Goal.TEN_K, None, now), hour=12)
    ran.sync(0, hour=13)
    ran.sync(0, hour=14)
    assert [day for day, session in due(ran).items() if session.hard and day <= on(9)] == []
    assert due(ran)[on(LONG)].distance_m <= shorter
    assert ran.sync(0, hour=15).changes == ()


@pytest.mark.parametrize(("until", "words"), [(-1, "is past"), (61, "too far ahead")])
def test_a_last_day_that_cannot_be(ran: Scene, until: int, words: str) -> None:
    with pytest.raises(OverrideError, match=words):
        say(ran, enter_heat, Weather(32.0), on(until))


def test_the_same_word_twice_is_said_so(ran: Scene) -> None:
    say(ran, enter_heat, Weather(32.0), on(3))
    with pytest.raises(OverrideError, match="entered already"):
        say(ran, enter_heat, Weather(32.0), on(3))


# --- in a pregnancy


@pytest.mark.parametrize(("temperature_c", "runs"), [(24.9, True), (25.0, False)])
def test_in_a_pregnancy_nothing_is_planned_from_25(scene: Scene, temperature_c: float, runs: bool) -> None:
    scene.sync(0, hour=6)
    say(scene, lambda world, now: answer(world, Concern.PREGNANCY, on(0), now), hour=9)
    say(scene, enter_heat, Weather(temperature_c), on(6))
    assert any(day <= on(6) for day in due(scene)) is runs
    assert any(day > on(6) for day in due(scene))
    scene.sync(0, hour=11)
    again = scene.sync(0, hour=12)
    assert (again.changes, again.actions) == ((), ())
    assert any(day <= on(6) for day in due(scene)) is runs
