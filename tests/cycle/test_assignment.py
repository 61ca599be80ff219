"""Which run was which session: late, twice, swapped, in two files, or somebody else's workout."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from syncd.cycle import fitting
from syncd.cycle.answers import answer as settle_as_said
from syncd.cycle.assessment import assess
from syncd.cycle.near_misses import question_key
from syncd.cycle.rescoring import match
from syncd.domain.notation import parse_workout
from syncd.domain.questions import Answer, AnsweredBy, Question, QuestionKind
from syncd.domain.reason import Reason
from syncd.domain.session import SessionKind, SessionState
from syncd.domain.training.reasons import Cause
from syncd.domain.workout import Repeat, Workout
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from syncd.store.changes import Change
from syncd.store.plan import CommittedSession
from tests.support.scene import MONDAY, ZONES, Scene

CLUB = "15min E + 4x(5min @4:50-5:10/km + 2min jog) + 10min E"


def record(
    scene: Scene,
    day: int,
    workout: Workout | str,
    *,
    hour: int = 18,
    minute: int = 0,
    seed: int = 1,
    embedded: Workout | None = None,
    bare: bool = False,
) -> None:
    """A file of what was run then, with the workout that the watch had: what was run, another, or none."""
    planned = parse_workout(workout) if isinstance(workout, str) else workout
    start = scene.at(day, hour) + timedelta(minutes=minute)
    recording = simulate(planned, Runner(vdot=ZONES.vdot), Scenario.PERFECT, seed=seed)
    if embedded is not None or bare:
        recording = replace(recording, workout=embedded)
    content = write_activity(recording, start=start, utc_offset=start.utcoffset() or timedelta(0))
    (scene.inbox / f"{start:%Y-%m-%d-%H%M}.fit").write_bytes(content)


def on(scene: Scene, day: int) -> CommittedSession:
    (session,) = scene.sessions(day, day)
    return session


def planned_days(scene: Scene) -> list[int]:
    """The days of the first week's sessions; the first is hard, the last is the long run."""
    scene.sync(0, hour=6)
    return [(known.session.day - MONDAY).days for known in scene.sessions(0, 6)]


def answers(scene: Scene, now: int = 9) -> dict[str, tuple[str, str | None]]:
    """What each run was, by its start."""
    with scene.world(scene.at(now)) as world:
        return {
            f"{run.start:%d %H}": (stored.method.value, stored.session_id)
            for run in reversed(world.store.activities.newest(20))
            if (stored := world.store.scores.newest_of(run.id)) is not None
        }


def written(scene: Scene) -> dict[str, list[dict]]:
    """Every row that an assignment can write."""
    with scene.world(scene.at(9)) as world:
        tables = dict(world.store.tables())
    return {name: tables[name] for name in ("scores", "sessions", "changes", "fits", "questions")}


@pytest.mark.parametrize("bare", [True, False])
def test_a_clubs_workout_on_the_day_of_the_long_run_is_not_the_long_run(scene: Scene, bare: bool) -> None:
    *_, long_day = planned_days(scene)
    record(scene, long_day, CLUB, bare=bare)
    (assessed,) = scene.sync(long_day).assessed
    assert (assessed.stored.method, assessed.session) == ("unplanned", None)
    assert on(scene, long_day).state is SessionState.DUE


def test_our_own_workout_once_more_is_extra_and_the_long_run_stays(scene: Scene) -> None:
    hard_day, *_, long_day = planned_days(scene)
    hard = on(scene, hard_day)
    record(scene, hard_day, hard.resolved)
    scene.sync(hard_day)
    record(scene, long_day - 1, hard.resolved, seed=5)
    (again,) = scene.sync(long_day - 1).assessed
    assert (again.stored.method, again.session) == ("unplanned", None)
    assert on(scene, long_day).state is SessionState.DUE


@pytest.mark.parametrize("apart", [True, False])
def test_the_long_run_is_the_evenings_and_not_the_mornings_jog(scene: Scene, apart: bool) -> None:
    *_, long_day = planned_days(scene)
    long_run = on(scene, long_day)
    metres = long_run.session.distance_m
    record(scene, long_day, f"{metres * 0.8:.0f}m E", hour=8)
    if apart:
        scene.sync(long_day, hour=12)
    record(scene, long_day, long_run.resolved, hour=18, seed=3)
    scene.sync(long_day)
    with scene.world(scene.at(long_day)) as world:
        run = world.store.activities.get(on(scene, long_day).activity_id)
    assert run.start.hour == 18


def test_a_short_jog_is_never_the_long_run(scene: Scene) -> None:
    *_, long_day = planned_days(scene)
    metres = on(scene, long_day).session.distance_m
    record(scene, long_day, f"{metres * 0.6:.0f}m E")
    scene.sync(long_day)
    assert on(scene, long_day).state is SessionState.DUE


def test_a_week_that_comes_late_is_found_done_whatever_was_called_missed(scene: Scene) -> None:
    days = planned_days(scene)
    planned = {day: on(scene, day) for day in days}
    scene.sync(8)
    with scene.world(scene.at(8)) as world:
        assert all(
            world.store.plan.get(known.session.id).state is SessionState.MISSED for known in planned.values()
        )
    for day, known in planned.items():
        record(scene, day, known.resolved, seed=day)
    scene.sync(9)
    with scene.world(scene.at(9)) as world:
        states = {world.store.plan.get(known.session.id).state for known in planned.values()}
    assert states == {SessionState.DONE}


def test_two_sessions_that_were_swapped_are_both_done(scene: Scene) -> None:
    hard_day, easy_day, *_ = planned_days(scene)
    hard, easy = on(scene, hard_day), on(scene, easy_day)
    record(scene, hard_day, easy.resolved)
    scene.sync(hard_day)
    record(scene, easy_day, hard.resolved)
    scene.sync(easy_day)
    with scene.world(scene.at(easy_day)) as world:
        for known in (hard, easy):
            assert world.store.plan.get(known.session.id).state is SessionState.DONE


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_runs_that_arrive_in_any_order_are_the_same_sessions_with_the_same_scores(
    scene: Scene, tmp_path: Path, order: tuple[int, ...]
) -> None:
    together = Scene(tmp_path / "together")
    for at_once, one in ((False, scene), (True, together)):
        hard_day, easy_day, *_ = planned_days(one)
        hard, easy = on(one, hard_day), on(one, easy_day)
        files = (
            (hard_day, easy.resolved, 7, 1, False),
            (hard_day, hard.resolved, 18, 2, True),
            (easy_day, "3km E", 18, 3, True),
        )
        for hour, place in enumerate(order, start=10):
            day, workout, start, seed, bare = files[place]
            record(one, day, workout, hour=start, seed=seed, bare=bare)
            if not at_once:
                one.sync(easy_day + 1, hour=hour)
        one.sync(easy_day + 1, hour=15)
    found = answers(scene, easy_day + 1)
    assert found == answers(together, easy_day + 1)
    assert scores(scene, easy_day + 1) == scores(together, easy_day + 1)
    day = MONDAY + timedelta(days=hard_day)
    assert found[f"{day:%d} 18"] == ("shape", hard.session.id)
    assert found[f"{day:%d} 07"] == ("exact", easy.session.id)


def scores(scene: Scene, day: int) -> list[tuple[int | None, str]]:
    """The score of each run, and what it was compared with, in the order they began."""
    with scene.world(scene.at(day)) as world:
        runs = sorted(world.store.activities.newest(20), key=lambda run: run.start)
        kept = [world.store.scores.newest_of(run.id) for run in runs]
    return [(stored.score, stored.judgement.origin.value) for stored in kept if stored is not None]


@pytest.mark.parametrize("which", [(0,), (1,), (0, 1)], ids=str)
@pytest.mark.parametrize("apart", [True, False])
def test_a_crash_in_the_middle_and_forty_minutes_of_coffee_are_one_session(
    scene: Scene, which: tuple[int, ...], apart: bool
) -> None:
    hard_day, *_ = planned_days(scene)
    hard = on(scene, hard_day)
    for place, half in enumerate(halves_of(hard)):
        embedded = hard.resolved if place in which else None
        record(scene, hard_day, half, hour=16, minute=60 * place, seed=place, embedded=embedded, bare=True)
        if apart:
            scene.sync(hard_day, hour=18 + place)
    scene.sync(hard_day)
    assert sorted(answers(scene, hard_day).values(), key=str) == [
        ("exact", hard.session.id),
        ("joined", None),
    ]
    with scene.world(scene.at(hard_day)) as world:
        stored = world.store.scores.newest_of(on(scene, hard_day).activity_id)
    assert stored.judgement.origin == "embedded"
    assert stored.score > 70


def halves_of(hard: CommittedSession) -> tuple[Workout, Workout]:
    """The session as it is run with a break after the first of its repetitions."""
    warm_up, block, *rest = hard.resolved.steps
    assert isinstance(block, Repeat)
    first, others = replace(block, count=1), replace(block, count=block.count - 1)
    assert others.count > 1
    return (
        Workout((warm_up, *first.steps)),
        Workout((others, *rest)),
    )


def test_a_jog_after_the_whole_workout_is_a_run_of_its_own(scene: Scene) -> None:
    hard_day, *_ = planned_days(scene)
    hard = on(scene, hard_day)
    record(scene, hard_day, hard.resolved, hour=16)
    minutes = round(hard.session.duration_s / 60) + 40
    record(scene, hard_day, "15min E", hour=16, minute=minutes, seed=2, bare=True)
    scene.sync(hard_day)
    assert list(answers(scene, hard_day).values()) == [("exact", hard.session.id), ("unplanned", None)]


def test_a_second_sync_writes_nothing_and_reads_no_recording(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hard_day, easy_day, *_ = planned_days(scene)
    record(scene, hard_day, on(scene, hard_day).resolved)
    record(scene, hard_day, CLUB, hour=8, seed=2)
    record(scene, easy_day, "3km E", seed=3)
    scene.sync(easy_day)
    before = written(scene)

    def unexpected(*_: object) -> None:
        raise AssertionError("a recording is read again")

    monkeypatch.setattr(fitting, "whole_activity", unexpected)
    assert scene.sync(easy_day, hour=21).assessed == ()
    after = written(scene)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


def test_five_runs_on_a_day_are_one_session_and_four_loads(scene: Scene) -> None:
    hard_day, *_ = planned_days(scene)
    hard = on(scene, hard_day)
    for hour in (6, 9, 12, 15):
        record(scene, hard_day, CLUB if hour % 2 else "1km E", hour=hour, seed=hour)
    record(scene, hard_day, hard.resolved, hour=18)
    scene.sync(hard_day)
    found = answers(scene, hard_day)
    assert [identity for _, identity in found.values()].count(hard.session.id) == 1
    assert list(found.values())[-1] == ("exact", hard.session.id)


def test_a_run_that_is_matched_to_two_sessions_is_the_last_one_and_stays_it(scene: Scene) -> None:
    hard_day, easy_day, *_ = planned_days(scene)
    hard, easy = on(scene, hard_day), on(scene, easy_day)
    record(scene, hard_day, hard.resolved)
    scene.sync(hard_day)
    with scene.world(scene.at(hard_day)) as world:
        (run,) = world.store.activities.newest(1)
        match(world, run.id, hard.session.id, scene.at(hard_day))
        match(world, run.id, easy.session.id, scene.at(hard_day))
    scene.sync(hard_day, hour=21)
    with scene.world(scene.at(hard_day)) as world:
        found = world.store.plan.get(easy.session.id)
        assert (found.state, found.activity_id) == (SessionState.DONE, run.id)
        assert world.store.plan.get(hard.session.id).state is SessionState.DUE


@pytest.fixture
def nearly(scene: Scene) -> tuple[Scene, int, CommittedSession]:
    """The hard session, broken off after its first repetition and jogged home, with no workout started."""
    hard_day, *_ = planned_days(scene)
    hard = on(scene, hard_day)
    first, _ = halves_of(hard)
    record(scene, hard_day, Workout((*first.steps, *parse_workout("5min E").steps)), seed=4, bare=True)
    scene.sync(hard_day)
    return scene, hard_day, hard


def answered(scene: Scene, day: int, answer: Answer, by: AnsweredBy = AnsweredBy.ATHLETE) -> Question:
    with scene.world(scene.at(day)) as world:
        (question,) = world.store.questions.open()
        if by is AnsweredBy.ATHLETE:
            settle_as_said(world, question.id, answer, scene.at(day))
        else:
            world.store.questions.settle(question.id, answer, by, scene.at(day))
    return question


def test_nearly_the_hard_session_is_asked_about_once_and_yes_is_a_match(nearly) -> None:
    scene, day, hard = nearly
    question = answered(scene, day, Answer.YES)
    assert question.key == question_key(question.activity_id, hard.session.id)
    assert (question.kind, question.default) == (QuestionKind.SESSION, Answer.NO)
    scene.sync(day, hour=21)
    assert on(scene, day).activity_id == question.activity_id
    assert list(answers(scene, day).values()) == [("manual", hard.session.id)]
    assert scene.sync(day, hour=22).assessed == ()


def test_no_leaves_the_run_load_and_it_is_not_asked_again(nearly) -> None:
    scene, day, _ = nearly
    answered(scene, day, Answer.NO)
    scene.sync(day, hour=21)
    assert list(answers(scene, day).values()) == [("unplanned", None)]
    with scene.world(scene.at(day)) as world:
        assert world.store.questions.open() == ()


def test_a_question_is_moot_where_another_run_was_the_session(nearly) -> None:
    scene, day, hard = nearly
    record(scene, day, hard.resolved, hour=20)
    scene.sync(day, hour=22)
    with scene.world(scene.at(day)) as world:
        (question,) = world.store.questions.settled()
    assert (question.answered_by, question.answer) == (AnsweredBy.MOOT, None)


def test_an_easy_run_on_the_day_of_the_hard_one_asks_nothing(scene: Scene) -> None:
    hard_day, *_ = planned_days(scene)
    record(scene, hard_day, "30min E", bare=True)
    scene.sync(hard_day)
    with scene.world(scene.at(hard_day)) as world:
        assert world.store.questions.open() == ()


def test_a_session_that_a_rule_moved_is_found_done_on_its_old_day(scene: Scene) -> None:
    hard_day, *_ = planned_days(scene)
    hard = on(scene, hard_day)
    scene.sync(hard_day + 1)
    scene.sync(hard_day + 2, hour=6)
    with scene.world(scene.at(hard_day + 2)) as world:
        moved = world.store.plan.get(hard.session.id)
    assert moved.session.day != hard.session.day
    record(scene, hard_day, hard.resolved)
    scene.sync(hard_day + 2)
    with scene.world(scene.at(hard_day + 2)) as world:
        found = world.store.plan.get(hard.session.id)
        (change,) = [one for one in world.store.changes.of_session(hard.session.id) if one.rule == "A5"]
    assert (found.session.day, found.state) == (hard.session.day, SessionState.DONE)
    assert (change.withdrawn_at is not None, change.undone_at) == (True, None)
    assert scene.sync(hard_day + 2, hour=22).assessed == ()


def test_a_run_of_yesterday_that_comes_after_that_of_today_takes_nothing_from_it(scene: Scene) -> None:
    _, first_day, second_day, *_ = planned_days(scene)
    first, second = on(scene, first_day), on(scene, second_day)
    assert second_day - first_day == 1
    record(scene, second_day, second.resolved)
    scene.sync(second_day)
    record(scene, first_day, first.resolved, seed=2)
    scene.sync(second_day, hour=22)
    with scene.world(scene.at(second_day)) as world:
        days = {
            identity: world.store.activities.get(world.store.plan.get(identity).activity_id).day
            for identity in (first.session.id, second.session.id)
        }
    assert days == {first.session.id: first.session.day, second.session.id: second.session.day}


def test_what_was_run_more_than_ten_days_ago_keeps_its_session(scene: Scene) -> None:
    hard_day, *_ = planned_days(scene)
    hard = on(scene, hard_day)
    record(scene, hard_day, hard.resolved, bare=True)
    scene.sync(hard_day)
    assert answers(scene)[next(iter(answers(scene)))] == ("shape", hard.session.id)
    record(scene, hard_day, hard.resolved, hour=20, seed=2)
    scene.sync(hard_day + 11)
    assert list(answers(scene, hard_day + 11).values()) == [("shape", hard.session.id), ("unplanned", None)]


def test_a_run_is_not_what_a_later_session_was_changed_to_after_it(scene: Scene) -> None:
    *_, long_day = planned_days(scene)
    long_run = on(scene, long_day)
    record(scene, long_day - 1, "4km E", bare=True)
    scene.sync(long_day - 1)
    planned = parse_workout("4km E")
    easier = replace(
        long_run.session, kind=SessionKind.EASY, workout=planned, distance_m=4000.0, duration_s=1640.0
    )
    now = scene.at(long_day - 1, 21)
    with scene.world(now) as world:
        world.store.plan.replace(easier, parse_workout("4km @6:08-7:39/km"), long_run.zone_set_id)
        reason = Reason(Cause.HARD_UNPLANNED, {"day": easier.day.isoformat()})
        world.store.changes.keep(Change(now, "A1", easier.id, reason, long_run.session, easier))
        assert assess(world, scene.at(long_day - 1, 22)) == ()
    assert on(scene, long_day).state is SessionState.DUE
