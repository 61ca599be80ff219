"""The athlete's word outranks every rule; what is undone is as it was, on the plan and on the watch."""

from datetime import date, timedelta

import pytest

from syncd.athlete.aims import goal_in_force, phase_in_force, set_goal, set_phase
from syncd.athlete.sessions import OverrideError, move, pin, skip
from syncd.athlete.time_off import pause, resume, sick
from syncd.athlete.undoing import undo
from syncd.domain.athlete import Goal, Race, RacePriority
from syncd.domain.delivery.actions import Put, Remove, Update, day_of
from syncd.domain.session import Phase, SessionKind, SessionState
from syncd.report.history import day_answer
from syncd.report.reader import Reader
from syncd.report.sync_views import change_text
from syncd.sandbox.scenario import Scenario
from tests.support.said import in_km
from tests.support.scene import MONDAY, Scene


def on(day: int) -> date:
    return MONDAY + timedelta(days=day)


@pytest.fixture
def begun(scene: Scene) -> Scene:
    scene.sync(0, hour=6)
    return scene


def say(scene: Scene, word, *arguments, day: int = 0, hour: int = 7, **named):
    """One command at seven in the morning of a day."""
    now = scene.at(day, hour)
    with scene.world(now) as world:
        return word(world, *arguments, now, **named)


def first(scene: Scene, kind: str, after: int = 0):
    return next(
        each.session
        for each in scene.sessions(after, 30)
        if each.state is SessionState.DUE and kind in (each.session.kind, each.session.family)
    )


def days_of(scene: Scene) -> dict[str, date]:
    return {each.session.id: each.session.day for each in scene.sessions() if each.state is SessionState.DUE}


def free_day(scene: Scene, after: int = 1) -> int:
    taken = {each.session.day for each in scene.sessions()}
    return next(day for day in range(after, 13) if on(day) not in taken)


# move


def test_a_session_moves_to_a_free_day_and_the_watch_follows(begun: Scene) -> None:
    session, to = first(begun, "easy"), free_day(begun)
    said = say(begun, move, session.day, on(to))
    assert [(each.before.day, each.after.day) for each in said.changes] == [(session.day, on(to))]
    assert on(to) in {day_of(action) for action in begun.sync(0, hour=8).actions}
    assert begun.sync(0, hour=9).quiet


def test_a_session_swaps_with_an_easy_run(begun: Scene) -> None:
    long, easy = first(begun, "long"), first(begun, "easy")
    said = say(begun, move, long.day, easy.day)
    assert {each.id: days_of(begun)[each.id] for each in (long, easy)} == {
        long.id: easy.day,
        easy.id: long.day,
    }
    assert len(said.changes) == 2


def test_a_hard_day_next_to_another_is_only_warned_of(begun: Scene) -> None:
    long = first(begun, "long")
    hard = first(begun, "hm_m")
    said = say(begun, move, hard.day, long.day - timedelta(days=1))
    assert any("48 hours" in in_km(warning) for warning in said.warnings)
    assert days_of(begun)[hard.id] == long.day - timedelta(days=1)


@pytest.mark.parametrize(
    ("session", "to", "complaint"),
    [
        pytest.param("easy", -1, "is past", id="to-the-past"),
        pytest.param("easy", 40, "not planned in detail yet", id="beyond-what-is-planned"),
    ],
)
def test_a_move_that_cannot_be_is_refused_in_a_line(begun: Scene, session, to, complaint) -> None:
    before = days_of(begun)
    with pytest.raises(OverrideError, match=complaint):
        say(begun, move, first(begun, session).day, on(to))
    assert days_of(begun) == before


def test_a_move_from_a_day_without_a_session_or_onto_a_long_run_is_refused(begun: Scene) -> None:
    with pytest.raises(OverrideError, match="no session on"):
        say(begun, move, on(free_day(begun)), on(9))
    with pytest.raises(OverrideError, match="move or skip that one first"):
        say(begun, move, first(begun, "easy").day, first(begun, "long").day)
    day = first(begun, "easy").day
    with pytest.raises(OverrideError, match="already"):
        say(begun, move, day, day)


def test_a_move_into_a_pause_is_refused(begun: Scene) -> None:
    say(begun, pause, on(9), on(11))
    with pytest.raises(OverrideError, match="without running"):
        say(begun, move, first(begun, "easy").day, on(10))


# skip and pin


def test_a_skipped_session_leaves_the_watch_and_does_not_come_back(begun: Scene) -> None:
    session = first(begun, "long")
    say(begun, skip, session.day)
    removed = [action for action in begun.sync(0, hour=8).actions if isinstance(action, Remove)]
    assert [day_of(action) for action in removed] == [session.day]
    for day in (1, 2, 3):
        begun.sync(day, hour=6)
    assert session.id not in days_of(begun)


def test_a_pinned_session_is_touched_by_no_rule(begun: Scene) -> None:
    quality = [each.session for each in begun.sessions() if each.session.family == "hm_m"]
    say(begun, pin, quality[1].day)
    begun.run_session(1, Scenario.FADING)
    begun.sync(1)
    begun.sync(2, hour=6)
    kept = next(each.session for each in begun.sessions() if each.session.id == quality[1].id)
    assert kept.workout == quality[1].workout


def test_pinning_twice_or_in_a_pause_is_refused(begun: Scene) -> None:
    day = first(begun, "long").day
    say(begun, pin, day)
    with pytest.raises(OverrideError, match="pinned already"):
        say(begun, pin, day)


# pause, sick, resume


def test_a_pause_takes_its_days_off_the_watch_and_plans_nothing_into_them(begun: Scene) -> None:
    say(begun, pause, on(2), on(8))
    begun.sync(0, hour=8)
    begun.sync(5, hour=6)
    assert not any(on(2) <= day <= on(8) for day in days_of(begun).values())
    assert any(day > on(8) for day in days_of(begun).values())


def test_resume_ends_a_pause_early_and_its_sessions_come_back(begun: Scene) -> None:
    before = days_of(begun)
    say(begun, pause, on(0), None)
    assert days_of(begun) == {}
    say(begun, resume, hour=8)
    near = min(before, key=before.get)  # hard, and tomorrow: nothing hard is put in so late
    assert days_of(begun) == {each: day for each, day in before.items() if each != near}
    assert begun.sync(0, hour=9).changes == ()


def test_what_comes_back_with_resume_was_not_there_before_and_undo_restores_the_pause(begun: Scene) -> None:
    say(begun, pause, on(0), on(20))
    changes = say(begun, resume, hour=8).changes
    assert changes
    assert all(change.before is None for change in changes)
    assert change_text(changes[0]).endswith("because your break is over   your decision")
    say(begun, undo, None, hour=8)
    assert days_of(begun) == {}
    begun.sync(1, hour=6)
    assert days_of(begun) == {}
    with begun.world(begun.at(1)) as world:
        assert [word.last_day for word in world.store.overrides.time_off()] == [on(20)]


def test_undo_of_a_resume_at_the_end_of_a_pause_restores_its_last_day(begun: Scene) -> None:
    say(begun, pause, on(0), on(20))
    say(begun, resume, day=3, hour=8)
    say(begun, undo, None, day=3, hour=9)
    with begun.world(begun.at(3)) as world:
        assert [word.last_day for word in world.store.overrides.time_off()] == [on(20)]


def test_sick_empties_the_days_ahead_and_says_when_to_see_a_doctor(begun: Scene) -> None:
    said = say(begun, sick, on(0))
    assert days_of(begun) == {}
    assert "chest pain" in in_km(said.text)
    begun.sync(0, hour=8)
    assert list(begun.outbox.glob("*.fit")) == []
    begun.sync(4, hour=6)
    assert days_of(begun) == {}  # nothing new while it lasts


def test_after_an_illness_the_load_comes_back_in_steps(begun: Scene) -> None:
    for day in (1,):
        begun.run_session(day)
        begun.sync(day)
    say(begun, sick, on(2), day=2)
    planned_m = {each.session.id: each.session.distance_m for each in begun.sessions(2, 30)}
    said = say(begun, resume, day=5, hour=8)
    assert any(change.rule == "A3" and change.condition for change in said.changes)
    back = [each.session for each in begun.sessions(5, 30) if each.state is SessionState.DUE]
    assert back
    assert min(session.day for session in back) >= on(6)  # 24 hours without symptoms
    near = [session for session in back if session.day <= on(9)]
    assert not any(session.hard for session in near)
    again_m = {session.id: session.distance_m for session in back if session.id in planned_m}
    assert sum(again_m.values()) < 0.8 * sum(planned_m[each] for each in again_m)


def test_fever_asks_for_48_hours(begun: Scene) -> None:
    say(begun, sick, on(0), fever=True)
    said = say(begun, resume, day=2)
    assert "Thu 8 Jan" not in in_km(said.text)
    assert "Fri 9 Jan" in in_km(said.text)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param([(sick, on(0)), (sick, on(0))], "an illness since", id="sick-twice"),
        pytest.param([(pause, on(0), None), (pause, on(1), on(2))], "a pause since", id="pause-twice"),
        pytest.param([(resume,)], "no pause and no illness", id="resume-without-a-pause"),
        pytest.param([(sick, on(1))], "still to come", id="sick-tomorrow"),
        pytest.param([(pause, on(-1), on(2))], "is past", id="pause-since-yesterday"),
        pytest.param([(pause, on(3), on(2))], "would end before", id="pause-backwards"),
    ],
)
def test_time_off_that_cannot_be_is_refused_in_a_line(begun: Scene, words, complaint) -> None:
    *before, (word, *arguments) = words
    for earlier, *rest in before:
        say(begun, earlier, *rest)
    with pytest.raises(OverrideError, match=complaint):
        say(begun, word, *arguments)


# goal and phase


def test_a_goal_outranks_the_configuration_until_that_says_something_else(begun: Scene) -> None:
    race = Race(on(120), Goal.TEN_K, RacePriority.B)
    say(begun, set_goal, (Goal.FIVE_K, None), Goal.TEN_K, race)
    with begun.world(begun.at(0)) as world:
        assert goal_in_force(world.store, Goal.FIVE_K, None) == (Goal.TEN_K, race)
        assert goal_in_force(world.store, Goal.HALF, None) == (Goal.HALF, None)


def test_a_goal_that_no_plan_reaches_is_refused_and_nothing_is_kept(begun: Scene) -> None:
    with pytest.raises(OverrideError, match="is past"):
        say(begun, set_goal, (Goal.FIVE_K, None), Goal.HALF, Race(on(-3), Goal.HALF))
    with pytest.raises(ValueError, match="more than 60 weeks"):
        say(begun, set_goal, (Goal.FIVE_K, None), Goal.HALF, Race(on(500), Goal.HALF))
    with begun.world(begun.at(0)) as world:
        assert goal_in_force(world.store, Goal.FIVE_K, None) == (Goal.FIVE_K, None)


def test_a_phase_of_ones_own_replans_the_weeks_ahead(begun: Scene) -> None:
    say(begun, set_phase, None, Phase.SPEED)
    with begun.world(begun.at(0)) as world:
        assert phase_in_force(world.store, None) is Phase.SPEED
        assert phase_in_force(world.store, Phase.COMBINE) is Phase.COMBINE
    assert "race_pace" in {each.session.family for each in begun.sessions() if each.state is SessionState.DUE}


# undo and why


def test_undo_of_a_move_puts_plan_and_watch_back(begun: Scene) -> None:
    before = days_of(begun)
    easy = first(begun, "easy")
    say(begun, move, easy.day, on(free_day(begun)))
    begun.sync(0, hour=8)
    say(begun, undo, None, hour=9)
    assert days_of(begun) == before
    assert all(isinstance(action, Update | Put | Remove) for action in begun.sync(0, hour=10).actions)
    assert begun.sync(0, hour=11).quiet


def test_undo_of_a_pause_brings_everything_back_at_once(begun: Scene) -> None:
    before = days_of(begun)
    say(begun, pause, on(1), on(9))
    say(begun, undo, None, hour=8)
    assert days_of(begun) == before
    begun.sync(0, hour=9)
    assert days_of(begun) == before


def test_a_rule_that_was_undone_does_not_come_back_on_the_same_evidence(begun: Scene) -> None:
    begun.run_session(1, Scenario.FADING)
    (change,) = begun.sync(1).changes
    assert change.rule == "A9"
    say(begun, undo, change.id, day=1, hour=21)
    again = next(each.session for each in begun.sessions() if each.session.id == change.session_id)
    assert again == change.before
    assert begun.sync(2, hour=6).changes == ()
    assert begun.sync(2, hour=7).changes == ()


def test_undo_says_why_it_cannot(begun: Scene) -> None:
    with pytest.raises(OverrideError, match="no change that can be undone"):
        say(begun, undo, None)
    with pytest.raises(OverrideError, match="no change 99"):
        say(begun, undo, 99)
    easy = first(begun, "easy")
    to, then = free_day(begun), free_day(begun, 9)
    (moved,) = say(begun, move, easy.day, on(to)).changes
    (again,) = say(begun, move, on(to), on(then)).changes
    with pytest.raises(OverrideError, match=f"followed by change {again.id}"):
        say(begun, undo, moved.id)
    say(begun, undo, again.id)
    with pytest.raises(OverrideError, match="undone already"):
        say(begun, undo, again.id)


def test_undo_of_what_was_run_is_refused(begun: Scene) -> None:
    easy = first(begun, "easy")
    (moved,) = say(begun, move, easy.day, on(free_day(begun))).changes
    day = (moved.after.day - MONDAY).days
    begun.run_session(day)
    begun.sync(day)
    with pytest.raises(OverrideError, match="which was run"):
        say(begun, undo, moved.id, day=day, hour=21)


def test_why_tells_a_day_that_was_moved_away_dropped_or_paused(begun: Scene) -> None:
    easy, long = first(begun, "easy"), first(begun, "long")
    (moved,) = say(begun, move, easy.day, on(free_day(begun))).changes
    say(begun, skip, long.day)
    say(begun, pause, on(9), on(10))
    with begun.world(begun.at(0)) as world:
        away, gone, off = (day_answer(world, Reader(), day) for day in (easy.day, long.day, on(10)))
    assert "has moved to" in str(away.sheet)
    assert f"undo     syncd undo {moved.id}" in str(away.sheet)
    assert "dropped" in str(gone.sheet)
    assert "you skipped it   your decision" in str(gone.sheet)
    assert "Paused from" in str(off.sheet)
    assert off.payload["time_off"][0]["kind"] == "pause"


def test_a_run_of_a_skipped_session_still_completes_it(begun: Scene) -> None:
    quality = first(begun, SessionKind.HM_M)
    committed = next(each for each in begun.sessions() if each.session.id == quality.id)
    say(begun, skip, quality.day)
    begun.record((quality.day - MONDAY).days, committed.resolved)
    begun.sync((quality.day - MONDAY).days)
    state = next(each.state for each in begun.sessions() if each.session.id == quality.id)
    assert state is SessionState.DONE
