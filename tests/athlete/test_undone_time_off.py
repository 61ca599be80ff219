"""Time off and its undoing: the way back is never shorter than the way there (training model, 9.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from syncd.athlete.own_plan import import_plan
from syncd.athlete.pain import enter_pain, pain_in
from syncd.athlete.sessions import OverrideError, move, pin, skip
from syncd.athlete.time_off import pause, resume, sick
from syncd.athlete.undoing import Undone, undo
from syncd.cycle.world import World
from syncd.domain.plan_file import parse_plan
from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionState
from syncd.domain.training.pain import PainSign
from syncd.domain.training.reasons import Cause
from syncd.store.changes import BY_ATHLETE, Change
from syncd.store.overrides import OverrideKind
from tests.support.scene import MONDAY, Scene


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


@pytest.fixture
def begun(scene: Scene) -> Scene:
    scene.sync(0, hour=6)
    return scene


def say(scene: Scene, word: Any, *arguments: Any, day: int = 0, hour: int = 7, **named: Any) -> Any:
    """One command at seven in the morning of a day."""
    now = scene.at(day, hour)
    with scene.world(now) as world:
        return word(world, *arguments, now, **named)


def due(scene: Scene) -> list[Session]:
    return [each.session for each in scene.sessions(0, 40) if each.state is SessionState.DUE]


def hard_days(scene: Scene) -> list[date]:
    return [session.day for session in due(scene) if session.hard]


def spells(scene: Scene, day: int) -> list[tuple[OverrideKind, date, date | None]]:
    with scene.world(scene.at(day)) as world:
        return [(spell.kind, spell.first_day, spell.last_day) for spell in world.store.overrides.time_off()]


# --- undo of resume


@pytest.mark.parametrize("hurt", [False, True])
def test_undo_of_resume_goes_back_to_ill_or_hurt_and_everything_is_off_again(
    begun: Scene, hurt: bool
) -> None:
    say(begun, sick, on(0), hurt=hurt)
    begun.sync(1, hour=6)
    say(begun, resume, day=4)
    begun.sync(4, hour=8)
    assert due(begun)
    undone: Undone = say(begun, undo, None, day=4, hour=9)
    kind = OverrideKind.HURT if hurt else OverrideKind.ILL
    assert undone.off is not None
    assert (undone.off.kind, undone.off.first_day, undone.off.last_day) == (kind, on(0), None)
    assert spells(begun, 4) == [(kind, on(0), None)]
    assert due(begun) == []
    begun.sync(4, hour=10)
    assert list(begun.outbox.glob("*.fit")) == []
    begun.sync(6, hour=6)
    assert due(begun) == []


def test_undo_of_a_resume_on_the_day_of_the_illness_goes_back_to_ill(begun: Scene) -> None:
    say(begun, sick, on(0))
    say(begun, resume, day=0, hour=8, well_since=on(0))
    say(begun, undo, None, hour=9)
    assert spells(begun, 0) == [(OverrideKind.ILL, on(0), None)]
    assert due(begun) == []


def test_who_is_well_after_all_comes_back_in_steps_once_more(begun: Scene) -> None:
    say(begun, sick, on(0))
    say(begun, resume, day=4)
    once = [(session.day, session.title, session.distance_m) for session in due(begun)]
    say(begun, undo, None, day=4, hour=8)
    changes = say(begun, resume, day=4, hour=9).changes
    assert any(change.rule == "A3" and change.condition for change in changes)
    assert [(session.day, session.title, session.distance_m) for session in due(begun)] == once


def test_after_undoing_both_words_the_whole_illness_is_gone(begun: Scene) -> None:
    before = {session.id for session in due(begun)}
    say(begun, sick, on(0))
    say(begun, resume, day=2)
    say(begun, undo, None, day=2, hour=8)
    say(begun, undo, None, day=2, hour=9)
    assert spells(begun, 2) == []
    assert {session.id for session in due(begun)} >= {
        each.session.id for each in begun.sessions(2, 13) if each.session.id in before
    }


def test_a_resume_after_which_was_run_is_not_undone(begun: Scene) -> None:
    say(begun, sick, on(0))
    say(begun, resume, day=2)
    day = next((session.day - MONDAY).days for session in due(begun))
    begun.run_session(day)
    begun.sync(day)
    with begun.world(begun.at(day)) as world:
        (said,) = [each for each in world.store.changes.newest(50) if "until" in each.evidence]
    with pytest.raises(OverrideError, match="which was run"):
        say(begun, undo, said.id, day=day, hour=21)


@pytest.mark.parametrize("by", ["A1", BY_ATHLETE])
def test_what_a_rule_did_since_is_no_obstacle_and_what_the_athlete_did_is_named(
    begun: Scene, by: str
) -> None:
    say(begun, sick, on(0))
    say(begun, resume, day=4)
    near = min(due(begun), key=lambda session: session.day)
    with begun.world(begun.at(4)) as world:
        shorter = replace(near, title="shorter")
        change = Change(begun.at(4), by, near.id, Reason(Cause.SKIPPED), near, shorter)
        number = world.store.changes.record(change)
        (said,) = [each for each in world.store.changes.newest(50) if "until" in each.evidence]
    if by == BY_ATHLETE:
        with pytest.raises(OverrideError, match=f"was followed by change {number} "):
            say(begun, undo, said.id, day=4, hour=8)
    else:
        assert say(begun, undo, said.id, day=4, hour=8).off is not None
        assert due(begun) == []


# --- undo of sick


def test_undo_of_sick_on_the_same_day_gives_back_everything_as_it_was(begun: Scene) -> None:
    before = due(begun)
    say(begun, sick, on(0))
    undone = say(begun, undo, None, hour=8)
    assert due(begun) == before
    assert undone.eased == ()


def test_undo_of_sick_days_later_gives_back_hard_sessions_as_easy_ones_until_half_a_return_is_over(
    begun: Scene,
) -> None:
    hard = hard_days(begun)
    assert on(8) in hard
    say(begun, sick, on(0), day=0)
    begun.sync(6, hour=6)
    undone = say(begun, undo, None, day=6)
    assert [change.before.day for change in undone.eased if change.before] == [on(8)]
    assert undone.eased[0].condition is not None
    assert {change.reason.code for change in undone.eased} == {"easy_in_return"}
    assert all(day >= on(9) for day in hard_days(begun))
    assert on(8) in [session.day for session in due(begun)]


def test_after_a_fever_nothing_is_hard_for_a_week(begun: Scene) -> None:
    say(begun, sick, on(0), fever=True)
    begun.sync(1, hour=6)
    say(begun, undo, None, day=1)
    assert all(day >= on(8) for day in hard_days(begun))


def test_one_more_undo_does_not_make_them_hard_again(begun: Scene) -> None:
    say(begun, sick, on(0))
    begun.sync(6, hour=6)
    say(begun, undo, None, day=6)
    with pytest.raises(OverrideError, match="no change that can be undone"):
        say(begun, undo, None, day=6, hour=8)
    assert all(day >= on(9) for day in hard_days(begun))


def test_undo_of_a_short_pause_gives_back_hard_sessions_too(begun: Scene) -> None:
    hard = [day for day in hard_days(begun) if day >= on(2)]
    say(begun, pause, on(0), on(12))
    begun.sync(2, hour=6)
    undone = say(begun, undo, None, day=2)
    assert undone.eased == ()
    assert [day for day in hard_days(begun) if day >= on(2)] == hard


def test_undo_of_a_long_pause_does_not(begun: Scene) -> None:
    say(begun, pause, on(0), on(20))
    begun.sync(7, hour=6)
    undone = say(begun, undo, None, day=7)
    assert [change.before.day for change in undone.eased if change.before] == [on(8)]


# --- other words in a return


def test_what_was_skipped_comes_back_easy_while_a_return_goes_on(begun: Scene) -> None:
    (skipped,) = say(begun, skip, on(8)).changes
    say(begun, sick, on(0))
    say(begun, resume, day=4)
    undone = say(begun, undo, skipped.id, day=4, hour=8)
    assert [change.before.day for change in undone.eased if change.before] == [on(8)]
    assert on(8) not in hard_days(begun)


def made_easy(undone: Undone) -> list[date]:
    return [change.before.day for change in undone.eased if change.before]


def test_the_return_undone_by_its_own_number_leaves_its_first_half_easy(begun: Scene) -> None:
    say(begun, sick, on(0))
    changes = say(begun, resume, day=6).changes
    (way_back,) = [change for change in changes if change.condition]
    hard_from = date.fromisoformat(way_back.condition["hard_from"])
    undone = say(begun, undo, way_back.id, day=6, hour=8)
    assert on(8) in made_easy(undone)
    assert hard_from > on(8)
    assert all(day >= hard_from for day in hard_days(begun))
    begun.sync(7, hour=6)
    assert all(day >= hard_from for day in hard_days(begun))


def test_a_gap_that_was_none_is_undone_and_only_half_of_its_return_stays_easy(begun: Scene) -> None:
    begun.record(0, "4km E", hour=12)
    begun.sync(0, hour=14)
    report = begun.sync(10, hour=6)
    (still_off,) = [change for change in report.changes if change.rule == "A2" and change.condition]
    say(begun, undo, still_off.id, day=10)
    assert all(day >= on(15) for day in hard_days(begun) if day >= on(10))
    begun.sync(15, hour=6)
    assert any(on(15) <= day < on(29) for day in hard_days(begun))


def test_what_keeps_a_return_easy_is_not_undone_before_its_first_half_is_over(begun: Scene) -> None:
    say(begun, sick, on(0))
    begun.sync(6, hour=6)
    eased = say(begun, undo, None, day=6).eased
    assert eased
    for change in eased:
        with pytest.raises(OverrideError, match="keeps a return easy: it stays until Sun 18 Jan"):
            say(begun, undo, change.id, day=6, hour=8)


def test_a_hard_session_that_is_moved_into_the_first_half_is_run_easy_and_stays_where_it_was_put(
    begun: Scene,
) -> None:
    say(begun, sick, on(0), fever=False)
    say(begun, resume, day=3)
    begun.sync(5, hour=8)
    first = hard_days(begun)[0]
    outcome = say(begun, move, first, on(5), day=5, hour=9)
    assert [change.reason.code for change in outcome.changes][-1] == Cause.EASY_IN_RETURN
    assert on(5) not in hard_days(begun)
    assert on(5) in [session.day for session in due(begun)]


def test_what_was_pinned_before_an_illness_is_easy_after_it(begun: Scene) -> None:
    say(begun, pin, on(8))
    say(begun, sick, on(0))
    begun.sync(6, hour=6)
    say(begun, undo, None, day=6)
    assert on(8) not in hard_days(begun)


def test_a_plan_file_that_is_read_in_a_return_is_easy_in_its_first_half(begun: Scene) -> None:
    say(begun, sick, on(0))
    say(begun, resume, day=4)
    text = "week 2026-01-05\nSat threshold 2km E + 20min T + 1km E | mine\n"
    say(begun, lambda world, now: import_plan(world, parse_plan(text), "coach.txt", now), day=4, hour=8)
    assert on(5) in [session.day for session in due(begun)]
    assert on(5) not in hard_days(begun)


def test_an_injury_entered_in_an_illness_keeps_everything_off_once_that_is_undone(begun: Scene) -> None:
    begun.record(0, "4km E", hour=12)
    begun.sync(0, hour=14)
    ill = say(begun, sick, on(0), hour=15).changes[0]

    def at_night(world: World, now: datetime) -> None:
        (run,) = world.store.activities.summaries(on(0), on(0))
        pain = pain_in(world, run.id)
        assert pain is not None
        enter_pain(world, replace(pain, worst=1, signs=frozenset({PainSign.NIGHT})), now)

    say(begun, at_night, hour=16)
    say(begun, undo, ill.id, hour=17)
    assert [kind for kind, _, _ in spells(begun, 0)] == [OverrideKind.HURT]
    assert due(begun) == []


def test_a_pause_undone_gives_nothing_back_on_the_days_of_another(begun: Scene) -> None:
    first = say(begun, pause, on(0), on(3)).changes[0]
    say(begun, pause, on(5), on(9), day=4)
    say(begun, undo, first.id, day=4, hour=8)
    assert [session.day for session in due(begun) if on(5) <= session.day <= on(9)] == []
