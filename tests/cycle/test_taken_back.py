"""What was decided on facts that turn out otherwise is taken back, and what it changed comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from syncd.athlete.undoing import can_be_undone, undo
from syncd.cycle.run import SyncReport
from syncd.cycle.same_run import bring_back, lose
from syncd.cycle.situation import situation_of
from syncd.cycle.withdrawing import withdraw
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionState
from syncd.domain.training.conditions import Demanded, from_json, newest
from syncd.sandbox.scenario import Scenario
from tests.support.scene import MONDAY, Scene

WEEK_DAYS = range(1, 7)


def run_days(scene: Scene, first: int, last: int) -> list[int]:
    """The days that have a session."""
    return [day for day in range(first, last + 1) if scene.sessions(day, day)]


def plan_of(scene: Scene, first: int, last: int = 24) -> list[tuple[str, Session]]:
    """What is due between two days."""
    return [
        (session.session.id, session.session)
        for session in scene.sessions(first, last)
        if session.state is SessionState.DUE
    ]


def returns(scene: Scene, day: int) -> int:
    """How many returns are in force."""
    with scene.world(scene.at(day)) as world:
        conditions = [from_json(change.condition or {}) for change in world.store.changes.conditions()]
    return sum(
        condition.asked is Demanded.RETURN and condition.covers(MONDAY + timedelta(days=day))
        for condition in conditions
    )


def week_lived(scene: Scene, *, late: bool, until: int = 8) -> SyncReport:
    """Eight days: the sessions of the first week are run as planned, and uploaded each evening or all on
    the last day. The last sync of it.
    """
    scene.sync(0, hour=6)
    planned = {day: scene.sessions(day, day)[0].resolved for day in run_days(scene, 0, 6)}
    for day in range(until):
        if not late and day in planned:
            scene.record(day, planned[day])
        scene.sync(day, hour=20)
    if late:
        for day, workout in planned.items():
            scene.record(day, workout)
    return scene.sync(until, hour=7)


def test_a_week_that_comes_in_late_leaves_the_plan_as_if_it_had_come_in_time(tmp_path: Path) -> None:
    for folder in ("late", "in_time"):
        (tmp_path / folder).mkdir()
    late, in_time = Scene(tmp_path / "late"), Scene(tmp_path / "in_time")
    week_lived(late, late=True)
    week_lived(in_time, late=False)
    assert returns(late, 8) == 0
    assert plan_of(late, 10) == plan_of(in_time, 10)
    for day in range(9, 20):
        for scene in (late, in_time):
            for session in scene.sessions(day, day):
                if session.state is SessionState.DUE:
                    scene.record(day, session.resolved)
            scene.sync(day)
    assert plan_of(late, 20, 34) == plan_of(in_time, 20, 34)


def test_the_return_that_it_had_opened_is_withdrawn_and_said_so(scene: Scene) -> None:
    report = week_lived(scene, late=True, until=9)
    told = {
        change.reason.facts["fact"]["code"] for change in report.changes if change.reason.code == "taken_back"
    }
    assert "runs_came_late" in told
    with scene.world(scene.at(9)) as world:
        opened = [change for change in world.store.changes.newest(50) if change.rule == "A2"]
    assert opened
    assert all(change.withdrawn_at is not None and change.undone_at is None for change in opened)
    assert {session.state for session in scene.sessions(0, 6)} == {SessionState.DONE}
    assert scene.sync(9, hour=8).changes == ()


@pytest.mark.parametrize("hour", [8, 20])
def test_the_easing_goes_with_the_run_that_it_rested_on(scene: Scene, hour: int) -> None:
    scene.sync(0, hour=6)
    for day in run_days(scene, 0, 4):
        scene.run_session(day)
        scene.sync(day)
    before = plan_of(scene, 6)
    path = scene.record(5, "16000m E", Scenario.IGNORED, hour=6)
    scene.sync(5, hour=7)
    assert plan_of(scene, 6) != before
    path.unlink()
    with scene.world(scene.at(5, 8)) as world:
        run = world.store.activities.newest(1)[0]
        withdraw(world, run.id, Reason(WithdrawalCause.DELETED), scene.at(5, 8))
    report = scene.sync(5, hour=hour)
    assert plan_of(scene, 7, 13) == [entry for entry in before if entry[1].day > MONDAY + timedelta(days=6)]
    assert "taken_back" in {change.reason.code for change in report.changes}
    assert scene.sync(5, hour=21).changes == ()


def test_a_real_gap_with_one_late_run_in_it_is_one_return_of_the_gap_that_really_was(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.run_session(1)
    planned = scene.sessions(4, 4)[0].resolved
    for day in range(1, 19):
        scene.sync(day)
    scene.record(4, planned)
    scene.record(19, "2500m E", hour=7)
    scene.sync(19)
    with scene.world(scene.at(19)) as world:
        asked = [from_json(change.condition or {}) for change in world.store.changes.conditions()]
    (back,) = [condition for condition in newest(asked) if condition.asked is Demanded.RETURN]
    assert (back.first_day, back.days_off) == (MONDAY + timedelta(days=19), 14)
    assert back.last_day is not None
    first_week = [session.session.distance_m for session in scene.sessions(20, 26)]
    assert sum(first_week) < 0.75 * back.of_m


def test_a_return_that_is_still_open_ends_by_itself(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.run_session(1)
    for day in range(1, 12):
        scene.sync(day)
    with scene.world(scene.at(12)) as world:
        (opened,) = [from_json(change.condition or {}) for change in world.store.changes.conditions()]
    assert opened.asked is Demanded.RETURN
    assert opened.last_day is not None


def test_what_the_athlete_undid_is_not_decided_again_on_the_same_facts(scene: Scene) -> None:
    scene.sync(0, hour=6)
    for day in run_days(scene, 0, 4):
        scene.run_session(day)
        scene.sync(day)
    scene.record(5, "16000m E", Scenario.IGNORED, hour=6)
    changed = scene.sync(5, hour=7).changes
    head = next(change for change in changed if change.rule == "A1")
    eased = plan_of(scene, 7, 13)
    with scene.world(scene.at(5, 8)) as world:
        undo(world, head.id, scene.at(5, 8))
        assert situation_of(world, scene.at(5, 8), covered=True).undone == {head.key}
    assert plan_of(scene, 7, 13) != eased
    assert [change.rule for change in scene.sync(5, hour=9).changes] == []


def test_a_return_can_be_lifted_after_one_of_its_sessions_was_run(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.run_session(1)
    for day in range(1, 15):
        scene.sync(day)
    scene.record(15, "2500m E", hour=7)
    scene.sync(15)
    for session in scene.sessions(16, 18):
        scene.record((session.session.day - MONDAY).days, session.resolved)
    for day in range(16, 19):
        scene.sync(day)
    with scene.world(scene.at(18, 21)) as world:
        head = next(change for change in world.store.changes.conditions() if change.rule == "A2")
        assert can_be_undone(world, head, scene.at(18, 21))
        undo(world, head.id, scene.at(18, 21))
        assert head.id not in {change.id for change in world.store.changes.conditions()}


def test_a_late_long_run_is_told_as_the_session_that_it_was_when_it_was_run(scene: Scene) -> None:
    report = week_lived(scene, late=True)
    (long_run,) = [one for one in report.assessed if one.activity.day == MONDAY + timedelta(days=6)]
    assert long_run.session is not None
    assert long_run.session.session.length_m == 7200.0
    assert long_run.stored.card is not None
    assert long_run.stored.card.flags == ()


def test_a_run_that_its_service_forgets_for_an_hour_eases_again_once_it_is_back(scene: Scene) -> None:
    scene.sync(0, hour=6)
    for day in run_days(scene, 0, 4):
        scene.run_session(day)
        scene.sync(day)
    before = plan_of(scene, 7, 13)
    scene.record(5, "16000m E", Scenario.IGNORED, hour=6)
    scene.sync(5, hour=7)
    eased = plan_of(scene, 7, 13)
    with scene.world(scene.at(5, 8)) as world, world.store.transaction():
        run = world.store.activities.newest(1)[0]
        (recording,) = world.store.recordings.of_activity(run.id)
        why = Reason(WithdrawalCause.DELETED)
        lose(world, recording.source, recording.remote_id, why, scene.at(5, 8))
    scene.sync(5, hour=8)
    assert plan_of(scene, 7, 13) == before
    with scene.world(scene.at(5, 9)) as world, world.store.transaction():
        bring_back(world, recording.source, recording.remote_id, scene.at(5, 9))
    scene.sync(5, hour=9)
    assert plan_of(scene, 7, 13) == eased
    assert scene.sync(5, hour=10).changes == ()
