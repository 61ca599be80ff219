"""W1: what heat does to the sessions of its days, on both sides of each limit (training model, 9.9, 9.1)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from syncd.domain.scoring.heat import Weather
from syncd.domain.session import Session, SessionKind, Week, WeekKind
from syncd.domain.training.evidence import holds
from syncd.domain.training.health import HOTTEST_PREGNANT_C
from syncd.domain.training.heat import HeatWord, is_too_hot
from syncd.domain.training.pain import Pain
from syncd.domain.training.rules.decisions import decide, differences
from syncd.domain.training.rules.heat import too_hot
from syncd.domain.training.rules.pain import sore
from syncd.domain.training.rules.situation import Situation, after
from syncd.domain.training.weeks import plan_weeks
from tests.domain.training.rules.followed_plan import (
    PLAN,
    RUNNER,
    day_of,
    held,
    last,
    later,
    lived,
    planned,
    planner,
    proposed,
    said,
)
from tests.support.said import in_km

LIVED = lived()
HARD = planned(LIVED, "hm_m")
LONG = planned(LIVED, "long")
EVE = later(LIVED, (HARD.day - LIVED.today).days - 1)  # the day before the hard session
SATURDAY = later(LIVED, (LONG.day - LIVED.today).days - 1)


def ran_in(situation: Situation, temperature_c: float | None, dew_point_c: float | None = None, ago: int = 0):
    """The last run was in that weather; it was so many days ago."""
    runs = [run for run in situation.runs if run.day < situation.today - timedelta(days=ago)]
    newest = replace(
        situation.runs[-1],
        id="warm",
        day=situation.today - timedelta(days=ago),
        session_id=None,
        kind=None,
        temperature_c=temperature_c,
        dew_point_c=dew_point_c,
    )
    return replace(situation, runs=(*runs, newest))


def entered(
    situation: Situation,
    weather: Weather | None,
    days: int = 2,
    *,
    first: date | None = None,
    number: int = 1,
) -> Situation:
    """The athlete said so today, for some days."""
    begins = first or situation.today
    word = HeatWord(number, begins, begins + timedelta(days=days), weather, change=40 + number)
    return replace(situation, heat=(*situation.heat, word))


def pregnant(situation: Situation) -> Situation:
    limits = replace(situation.limits, hard=False, tests=False, hottest_c=HOTTEST_PREGNANT_C)
    return replace(situation, limits=limits)


def as_session(situation: Situation, session: Session, **facts) -> Situation:
    entries = tuple(
        replace(entry, session=replace(session, **facts)) if entry.session.id == session.id else entry
        for entry in situation.entries
    )
    return replace(situation, entries=entries)


def edited(situation: Situation) -> dict[str, Session | None]:
    return {
        edit.session_id: edit.after for proposal in proposed(too_hot, situation) for edit in proposal.edits
    }


@pytest.mark.parametrize(
    ("temperature_c", "dew_point_c", "hot"),
    [
        (29.9, None, False),
        (30.0, None, True),
        (29.9, 19.9, False),
        (27.0, 19.9, False),
        (27.0, 20.0, True),
        (26.9, 20.0, False),
        (26.9, 26.0, False),
        (30.0, 5.0, True),
        (40.0, None, True),
    ],
)
def test_it_is_too_hot_from_30_or_from_27_with_a_dew_point_of_20(
    temperature_c: float, dew_point_c: float | None, hot: bool
) -> None:
    assert is_too_hot(Weather(temperature_c, dew_point_c)) is hot
    assert bool(edited(ran_in(EVE, temperature_c, dew_point_c))) is hot
    assert bool(edited(entered(EVE, Weather(temperature_c, dew_point_c)))) is hot


def test_a_hard_session_of_tomorrow_is_run_easy_after_a_run_in_heat() -> None:
    (decision,) = said(ran_in(EVE, 31.0), "W1")
    (edit,) = decision.edits
    assert (edit.session_id, edit.after.kind, edit.after.hard) == (HARD.id, SessionKind.EASY, False)
    assert edit.after.distance_m < HARD.distance_m
    assert edit.after.day == HARD.day
    assert "31 C at your run" in in_km(decision.proposal.reason)


def test_the_long_run_is_a_quarter_shorter() -> None:
    after_it = edited(ran_in(SATURDAY, 30.0))[LONG.id]
    assert after_it.kind is SessionKind.LONG
    assert LONG.distance_m * 0.75 - 100 <= after_it.distance_m <= LONG.distance_m * 0.75
    assert "W1" in after_it.rules


@pytest.mark.parametrize(("ago", "eased"), [(0, True), (1, True), (2, True), (3, False)])
def test_heat_lasts_for_two_days_after_the_run(ago: int, eased: bool) -> None:
    assert (HARD.id in edited(ran_in(EVE, 31.0, ago=ago))) is eased


def test_a_run_in_heat_says_nothing_of_the_day_after_tomorrow() -> None:
    day_before = later(LIVED, (HARD.day - LIVED.today).days - 2)
    assert HARD.id not in edited(ran_in(day_before, 35.0))


def test_a_newer_run_in_cooler_weather_ends_it_and_one_without_weather_does_not() -> None:
    hot = ran_in(EVE, 33.0, ago=2)
    newer = replace(hot.runs[-1], id="newer", day=EVE.today, temperature_c=29.9)
    assert edited(replace(hot, runs=(*hot.runs, newer))) == {}
    indoors = replace(newer, temperature_c=None)
    assert edited(replace(hot, runs=(*hot.runs, indoors))) != {}


def test_each_session_is_decided_once() -> None:
    situation = ran_in(EVE, 31.0)
    (proposal,) = proposed(too_hot, situation)
    then = after(situation, proposal.key, proposal.edits, None)
    assert proposed(too_hot, then) == []
    hotter = ran_in(replace(situation, answered=then.answered), 38.0)  # undone, and hotter on the next day
    assert said(hotter, "W1") == []


def test_easy_runs_stay_as_they_are() -> None:
    for day in range(7):
        for entry in (e for e in later(LIVED, day).due if e.session.kind is SessionKind.EASY):
            assert entry.session.id not in edited(ran_in(later(LIVED, day), 40.0))


def test_what_the_athlete_pinned_stays_and_they_are_told() -> None:
    (decision,) = said(held(ran_in(EVE, 31.0), HARD), "W1")
    assert decision.edits == ()
    assert decision.warning is not None


def test_a_race_stays_and_is_told_once() -> None:
    situation = as_session(ran_in(EVE, 31.0), HARD, kind=SessionKind.RACE)
    (decision,) = said(situation, "W1")
    assert decision.edits == ()
    assert decision.proposal.about == HARD.id
    assert "race" in in_km(decision.proposal.reason)
    assert said(after(situation, decision.proposal.key, (), None), "W1") == []


def test_a_test_is_run_easy_and_comes_back_in_one_of_the_next_weeks() -> None:
    week = next(week for week in PLAN if week.kind is WeekKind.TEST)
    (test,) = [session for session in week.sessions if session.kind is SessionKind.TEST]
    situation = ran_in(lived(test.day - timedelta(days=1)), 31.0)
    (decision,) = [found for found in said(situation, "W1") if found.edits[0].session_id == test.id]
    assert (decision.edits[0].after.kind, decision.edits[0].after.hard) == (SessionKind.EASY, False)
    assert "test" in in_km(decision.proposal.reason)

    def tests_within(weeks: int, kept: Week) -> list[date]:
        inputs = replace(
            RUNNER,
            kept=tuple(
                kept if known.start == kept.start else known for known in PLAN if known.start <= kept.start
            ),
        )
        return [
            session.day
            for planned_week in plan_weeks(inputs)
            for session in planned_week.sessions
            if session.kind is SessionKind.TEST
            and week.start < planned_week.start <= week.start + timedelta(weeks=weeks)
        ]

    eased = replace(
        week,
        sessions=tuple(decision.edits[0].after if each.id == test.id else each for each in week.sessions),
    )
    assert tests_within(4, week) == []
    assert tests_within(4, eased) != []


# --- the athlete's word


def test_a_word_eases_the_sessions_of_its_days_and_no_others() -> None:
    situation = entered(LIVED, Weather(32.0), 6)
    found = edited(situation)
    until = day_of(6)
    assert set(found) == {
        entry.session.id
        for entry in LIVED.due
        if entry.session.day <= until and (entry.session.hard or entry.session.kind is SessionKind.LONG)
    }
    assert {HARD.id, LONG.id} <= set(found)
    assert "you entered 32 C" in in_km(proposed(too_hot, situation)[0].reason)


def test_a_later_word_outranks_an_earlier_one() -> None:
    situation = entered(entered(EVE, Weather(34.0)), Weather(24.0), number=2)
    assert edited(situation) == {}
    assert edited(entered(situation, Weather(30.0), number=3)) != {}


def test_a_word_that_it_is_cool_or_over_outranks_a_run_of_before_but_not_a_hotter_one_of_later() -> None:
    for weather in (Weather(24.0), None):
        assert edited(entered(ran_in(EVE, 33.0), weather)) == {}
        before = entered(later(EVE, -1), weather, 5)
        assert edited(ran_in(replace(before, now=EVE.now), 33.0)) != {}


def test_a_cool_run_does_not_end_the_heat_that_was_entered() -> None:
    situation = entered(later(EVE, -1), Weather(32.0), 4)
    assert edited(ran_in(replace(situation, now=EVE.now), 18.0)) != {}


def test_what_rests_on_a_word_holds_as_long_as_the_word_is_hot_on_that_day() -> None:
    situation = entered(EVE, Weather(32.0))
    (proposal,) = proposed(too_hot, situation)
    (fact,) = proposal.rests_on
    assert proposal.evidence["because"] == 41  # undone with the word
    assert holds(fact, situation)
    assert holds(fact, entered(situation, Weather(30.5), number=2))
    assert not holds(fact, entered(situation, Weather(28.0), number=2))
    assert not holds(fact, entered(situation, None, number=2))
    assert not holds(fact, replace(situation, heat=()))


def test_what_rests_on_a_run_is_withdrawn_with_its_weather() -> None:
    situation = ran_in(EVE, 31.0)
    (proposal,) = proposed(too_hot, situation)
    (fact,) = proposal.rests_on
    assert holds(fact, situation)
    assert not holds(fact, ran_in(EVE, 21.0))


def test_planning_anew_brings_no_hard_session_back_into_the_heat() -> None:
    situation = entered(LIVED, Weather(32.0), 6)
    for decision in decide(situation, planner):
        situation = after(situation, decision.proposal.key, decision.edits, decision.proposal.condition)
    edits = differences(situation, planner(LIVED), since=LIVED.today)
    assert {HARD.id, LONG.id}.isdisjoint(edit.session_id for edit in edits)


def test_a_session_that_heat_has_eased_is_easy_enough_for_a_sore_runner() -> None:
    situation = entered(EVE, Weather(32.0))
    (proposal,) = proposed(too_hot, situation)
    situation = after(situation, proposal.key, proposal.edits, None)
    sore_run = replace(situation, pains=(Pain(7, EVE.today, 2),))
    assert proposed(sore, sore_run) == []
    assert proposed(sore, replace(sore_run, entries=EVE.entries)) != []


# --- a pregnancy


@pytest.mark.parametrize(("temperature_c", "off"), [(24.9, False), (25.0, True)])
def test_in_a_pregnancy_nothing_is_run_from_25(temperature_c: float, off: bool) -> None:
    situation = pregnant(entered(LIVED, Weather(temperature_c), 6))
    within = {entry.session.id for entry in LIVED.due if entry.session.day <= day_of(6)}
    assert edited(situation) == (dict.fromkeys(within) if off else {})
    after_run = edited(pregnant(ran_in(EVE, temperature_c)))
    assert after_run == ({HARD.id: None} if off else {})


def test_what_is_off_in_a_pregnancy_holds_as_long_as_it_is_so_warm() -> None:
    situation = pregnant(entered(EVE, Weather(27.0)))
    (proposal,) = proposed(too_hot, situation)
    (fact,) = proposal.rests_on
    assert holds(fact, situation)
    assert holds(fact, replace(situation, limits=LIVED.limits))  # a day that is over stays as it was
    assert holds(fact, entered(situation, Weather(25.0), number=2))
    assert not holds(fact, entered(situation, Weather(24.9), number=2))


def test_a_run_eased_for_heat_gives_way_too_once_a_pregnancy_is_entered() -> None:
    situation = entered(EVE, Weather(32.0))
    (proposal,) = proposed(too_hot, situation)
    eased = pregnant(after(situation, proposal.key, proposal.edits, None))
    assert edited(eased) == {HARD.id: None}


def test_the_runner_of_these_tests_has_run_so_far() -> None:
    assert last(LIVED, "long").day < LIVED.today
