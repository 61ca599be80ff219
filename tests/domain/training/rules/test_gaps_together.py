"""Time off that comes together is one gap, and its return begins with running (TRAINING 9.3)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from syncd.domain.athlete import PastRun
from syncd.domain.session import SessionState
from syncd.domain.training.conditions import return_cap_m
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.gaps import Before, whole_gap_days
from syncd.domain.training.rules.situation import Situation, Spell, Trouble
from syncd.domain.training.rules.time_off import (
    gap_return,
    illness,
    returning,
)
from tests.domain.training.rules.followed_plan import TODAY, day_of, lived, spell

LIVED = lived()
BEFORE = Before(21_000, 6_000)


def a_life(last: int, *since: int, spells: tuple[Spell, ...] = (), **facts) -> Situation:
    """Every second day 6 km until that day, then runs on `since` only; days count from today."""
    days = [*range(last - 40, last + 1, 2), *since]
    history = tuple(PastRun(day_of(day), 6_000.0, 2_400.0) for day in days)
    return replace(LIVED, runs=(), history=history, entries=(), conditions=(), spells=spells, **facts)


def only_return(situation: Situation):
    (asked,) = [proposal.condition for proposal in illness(situation) if proposal.condition is not None]
    return asked


def days_of(asked) -> tuple[int, int]:
    """The first day, from today, and how many days it lasts."""
    return (asked.first_day - TODAY).days, (asked.last_day - asked.first_day).days + 1


def test_sick_twice_at_once_is_one_return_after_the_later_one() -> None:
    twice = (spell(Trouble.ILL, -12, -5), replace(spell(Trouble.ILL, -10, -1), id="2"))
    asked = only_return(a_life(-14, spells=twice))
    assert asked.group == "A3:2"
    assert days_of(asked) == (0, 13)


@pytest.mark.parametrize("order", [1, -1])
def test_ill_while_hurt_comes_back_as_hurt_from_the_whole_gap(order) -> None:
    both = (spell(Trouble.HURT, -20, -4), replace(spell(Trouble.ILL, -6, -1), id="2"))[::order]
    asked = only_return(a_life(-22, spells=both))
    assert days_of(asked) == (0, 28)
    assert asked.walks_until is not None


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("fevers", [(True, False), (False, True), (False, False)])
def test_a_fever_in_either_of_two_illnesses_at_once_is_a_fever(fevers, order) -> None:
    first, second = spell(Trouble.ILL, -6, -4), replace(spell(Trouble.ILL, -3, -1), id="2")
    both = (replace(first, fever=fevers[0]), replace(second, fever=fevers[1]))[::order]
    asked = only_return(a_life(-8, spells=both))
    assert (asked.walks_until is not None) == any(fevers)
    assert (asked.hard_from >= day_of(7)) == any(fevers)


def test_a_fever_before_a_run_between_two_illnesses_is_over() -> None:
    parted = (
        replace(spell(Trouble.ILL, -12, -9), fever=True),
        replace(spell(Trouble.ILL, -4, -1), id="2"),
    )
    by_group = {found.condition.group: found.condition for found in illness(a_life(-14, -7, spells=parted))}
    assert by_group["A3:2"].walks_until is None


def told(*spells: Spell) -> tuple[str, int]:
    """What is said about why, and of how many days."""
    (found,) = [proposal for proposal in illness(a_life(-30, spells=spells)) if proposal.condition]
    return found.reason.code, found.reason.facts["days"]


@pytest.mark.parametrize(
    ("trouble", "fever", "days", "said"),
    [
        pytest.param(Trouble.ILL, False, 7, 6, id="ill"),
        pytest.param(Trouble.ILL, True, 8, 6, id="with-fever"),
        pytest.param(Trouble.ILL, True, 1, 1, id="well-at-once"),
        pytest.param(Trouble.HURT, False, 6, 6, id="hurt"),
    ],
)
def test_the_days_of_waiting_after_an_illness_are_no_days_ill(trouble, fever, days, said) -> None:
    assert told(spell(trouble, -days, -1, fever=fever))[1] == said


def test_days_ill_are_those_of_all_illnesses_of_the_gap_each_once() -> None:
    first, second = spell(Trouble.ILL, -14, -8), replace(spell(Trouble.ILL, -9, -1), id="2")
    assert told(first, second) == (Cause.BACK_FROM_ILLNESS, 13)
    apart = replace(second, first_day=day_of(-5))
    assert told(first, apart) == (Cause.BACK_FROM_ILLNESS, 6 + 4)


def test_who_was_hurt_and_ill_is_told_about_the_injury_and_asked_about_pain() -> None:
    hurt, ill = spell(Trouble.HURT, -20, -5), replace(spell(Trouble.ILL, -4, -1), id="2")
    assert told(hurt, ill) == (Cause.BACK_FROM_INJURY, 16)
    asked = only_return(a_life(-30, spells=(hurt, ill)))
    assert asked.group == f"A3:{hurt.id}"


def test_as_many_easy_days_as_days_of_both_illnesses() -> None:
    first, second = spell(Trouble.ILL, -11, -6), replace(spell(Trouble.ILL, -5, -1), id="2")
    assert only_return(a_life(-12, spells=(first, second))).hard_from >= day_of(11)


def test_a_return_rests_on_every_illness_that_it_follows() -> None:
    first, second = spell(Trouble.HURT, -11, -6), replace(spell(Trouble.ILL, -5, -1), id="2")
    (found,) = [proposal for proposal in illness(a_life(-12, spells=(first, second))) if proposal.condition]
    assert {fact.id for fact in found.rests_on if fact.kind.value == "spell"} == {first.id, second.id}


def gap_with_pause(days: int, first: int, last: int, *, missed: bool = True) -> Situation:
    """So many days off up to yesterday, with a pause in them and a session missed every second day."""
    entries = tuple(
        replace(entry, session=replace(entry.session, day=day), state=SessionState.MISSED, run=None)
        for entry, day in zip(LIVED.entries, map(day_of, range(-days, 0, 2)), strict=False)
        if missed and not day_of(first) <= day <= day_of(last)
    )
    return replace(a_life(-days - 1, spells=(spell(Trouble.PAUSE, first, last),)), entries=entries, weeks=())


@pytest.mark.parametrize(
    ("days", "first", "last", "fires"),
    [
        pytest.param(14, -14, -13, True, id="two-of-14"),
        pytest.param(14, -8, -7, True, id="two-in-the-middle"),
        pytest.param(14, -2, -1, True, id="the-last-two"),
        pytest.param(14, -14, -1, False, id="all"),
        pytest.param(14, -13, -2, False, id="all-but-a-usual-day-on-either-side"),
        pytest.param(14, -12, -1, False, id="one-missed"),
        pytest.param(14, -10, -3, True, id="three-missed"),
        pytest.param(15, -15, -1, True, id="longer-than-a-planned-break"),
        pytest.param(15, -2, -1, True, id="two-of-15"),
    ],
)
def test_a_pause_excuses_only_the_days_that_it_covers(days, first, last, fires) -> None:
    assert bool(list(gap_return(gap_with_pause(days, first, last)))) is fires


@pytest.mark.parametrize(("paused", "fires"), [(4, True), (5, False)])
def test_where_nothing_was_planned_ten_days_beside_a_pause_are_a_gap(paused, fires) -> None:
    assert bool(list(gap_return(gap_with_pause(14, -14, -15 + paused, missed=False)))) is fires


def test_a_run_between_two_illnesses_parts_them() -> None:
    parted = (spell(Trouble.ILL, -12, -9), replace(spell(Trouble.ILL, -5, -1), id="2"))
    by_group = {found.condition.group: found.condition for found in illness(a_life(-14, -7, spells=parted))}
    assert by_group["A3:2"].days_off == 6


def test_a_pause_that_turns_into_an_injury_counts_from_the_last_run() -> None:
    asked = only_return(a_life(-22, spells=(spell(Trouble.PAUSE, -21, -12), spell(Trouble.HURT, -11, -1))))
    assert asked.days_off == 21
    assert days_of(asked) == (0, 28)


def test_an_injury_that_turns_into_a_pause_begins_its_return_with_the_first_run() -> None:
    away = (spell(Trouble.HURT, -25, -20), replace(spell(Trouble.PAUSE, -19, -1), id="2"))
    asked = only_return(a_life(-27, 0, spells=away))
    assert asked.days_off == 26
    assert days_of(asked) == (0, 28)
    assert asked.share_on(TODAY) == 0.5


@pytest.mark.parametrize(
    ("first_run", "begins"),
    [pytest.param(-10, -13, id="on-the-fourth-day"), pytest.param(-9, -9, id="on-the-fifth")],
)
def test_a_return_whose_first_run_is_late_begins_with_it(first_run, begins) -> None:
    asked = only_return(a_life(-30, first_run, spells=(spell(Trouble.ILL, -28, -14),)))
    assert days_of(asked)[0] == begins


@pytest.mark.parametrize(
    ("off", "waits", "begins", "walks"),
    [
        pytest.param(27, 1, 0, False, id="28-days"),
        pytest.param(27, 2, 2, True, id="29-days"),
        pytest.param(26, 2, 0, False, id="28-days-later"),
        pytest.param(26, 3, 3, True, id="29-days-later"),
        pytest.param(29, 3, 0, True, id="past-it-already"),
        pytest.param(55, 2, 2, True, id="57-days"),
    ],
)
def test_a_return_that_waits_past_four_weeks_or_eight_begins_as_a_longer_one(
    off, waits, begins, walks
) -> None:
    ill = spell(Trouble.ILL, -waits - off, -waits - 1)
    last = -waits - off - 1
    for life in (a_life(last, spells=(ill,)), a_life(last, 0, spells=(ill,))):
        asked = only_return(life)
        assert (asked.first_day - day_of(-waits)).days == begins
        assert (asked.walks_until is not None) == walks
        assert asked.days_off == off + begins


@pytest.mark.parametrize("days", range(1, 60, 3))
def test_no_return_is_over_before_its_first_run(days) -> None:
    waiting = a_life(-days - 9, spells=(spell(Trouble.ILL, -days - 6, -days),))
    asked = only_return(waiting)
    assert asked.covers(TODAY)
    assert asked.hard_from > TODAY
    assert return_cap_m([asked], TODAY) < 0.85 * 6_000


def test_a_return_does_not_begin_anew_while_nothing_is_known_or_during_a_pause() -> None:
    ill = spell(Trouble.ILL, -20, -10)
    assert days_of(only_return(a_life(-22, spells=(ill,))))[0] > -9
    assert days_of(only_return(a_life(-22, spells=(ill,), covered=False)))[0] == -9
    paused = replace(spell(Trouble.PAUSE, -9, 3), id="2")
    assert days_of(only_return(a_life(-22, spells=(ill, paused))))[0] == -9


@pytest.mark.parametrize(
    ("passed", "whole"),
    [pytest.param(1, 24, id="first"), pytest.param(10, 14, id="half"), pytest.param(20, 4, id="last")],
)
def test_time_off_in_a_return_adds_what_is_left_of_the_gap_before(passed, whole) -> None:
    first = returning("A2:1", day_of(-passed - 4), 20, BEFORE)
    last = first.first_day + timedelta(days=passed - 1)
    situation = replace(LIVED, conditions=(first,))
    assert abs(whole_gap_days(situation, last, 4) - whole) <= 1
    assert whole_gap_days(situation, first.last_day + timedelta(days=1), 4) == 4


def test_sick_in_a_return_leads_back_to_what_was_before_both() -> None:
    first = returning("A2:1", day_of(-20), 20, BEFORE)
    ill = replace(a_life(-60, *range(-20, -9, 2), spells=(spell(Trouble.ILL, -9, -1),)), conditions=(first,))
    asked = only_return(ill)
    assert (asked.of_m, asked.longest_m) == (24_000, 6_000)
    assert days_of(asked) == (0, 9 + 9)  # nine days off, and the nine that the return had to go


@pytest.mark.parametrize("days", [90, 130, 200])
def test_a_gap_of_months_is_known_by_the_run_before_it(days) -> None:
    missed = a_life(-days - 1, 0)
    (proposal,) = [found for found in gap_return(missed) if found.condition is not None]
    asked = proposal.condition
    assert (asked.days_off, asked.longest_m) == (days, 6_000)
    assert days_of(asked) == (0, 84)


def test_a_late_upload_takes_the_return_back_and_leaves_a_shorter_one() -> None:
    off = a_life(-17, 0)
    (long_one,) = gap_return(off)
    (fact,) = [found for found in long_one.rests_on if found.kind.value == "no_run"]
    first, last = (date.fromisoformat(day) for day in fact.id.split(".."))
    uploaded = day_of(-9)
    assert first <= uploaded <= last
    asked = [found.condition.days_off for found in gap_return(a_life(-17, -9, 0))]
    assert long_one.condition.days_off == 16
    assert all(days < 16 for days in asked)
