"""One cycle: runs in, scores, an adapted plan, workouts out; run again, nothing happens."""

import gzip
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from syncd.cycle.planning import resolved_workout
from syncd.domain.arrival import PayloadOutcome
from syncd.domain.delivery.actions import Put, Remove, day_of
from syncd.domain.scoring.card import Flag
from syncd.domain.session import SessionKind, SessionState
from syncd.formats.fit.workout import WorkoutFile, read_workout
from syncd.sandbox.scenario import Scenario
from tests.support.scene import MONDAY, Scene, fingerprint


def workout_files(scene: Scene) -> list[Path]:
    return sorted(scene.outbox.glob("*.fit"))


def test_the_first_cycle_commits_whole_weeks_and_writes_ten_days(scene: Scene) -> None:
    report = scene.sync(0, hour=6)
    days = [session.session.day for session in scene.sessions()]
    assert days[0] > MONDAY
    assert days[-1] == MONDAY + timedelta(days=13)  # the second Monday is within ten days
    written = [day_of(action) for action in report.actions]
    assert written == [day for day in days if day < MONDAY + timedelta(days=10)]
    assert len(workout_files(scene)) == len(written)
    assert (scene.outbox / "syncd.ics").read_text().count("BEGIN:VEVENT") == len(days)


def test_what_is_on_the_watch_is_what_was_committed_with_paces(scene: Scene) -> None:
    scene.sync(0, hour=6)
    session = scene.sessions()[0]
    kept = read_workout(workout_files(scene)[0].read_bytes())
    assert isinstance(kept, WorkoutFile)
    assert kept.workout.content_hash == session.resolved.content_hash == session.version
    assert kept.workout.name.endswith(f" [{session.session.tag}]")


def test_a_second_cycle_does_nothing_at_all(scene: Scene) -> None:
    scene.sync(0, hour=6)
    before = fingerprint(scene.outbox)
    again = scene.sync(0, hour=7)
    assert again.quiet
    assert again.actions == ()
    assert fingerprint(scene.outbox) == before


def test_a_run_of_the_watchs_workout_finds_its_session_and_is_scored_against_it(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.run_session(1)
    report = scene.sync(1)
    (assessed,) = report.assessed
    assert assessed.stored.method == "exact"
    assert assessed.stored.judgement.origin == "embedded"
    assert assessed.stored.band == "on plan"
    assert scene.sessions(1, 1)[0].state is SessionState.DONE


def test_a_done_workout_leaves_the_watch_the_next_day_and_not_before(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.run_session(1)
    assert not any(isinstance(action, Remove) for action in scene.sync(1).actions)
    removed = [action for action in scene.sync(2, hour=6).actions if isinstance(action, Remove)]
    assert [day_of(action) for action in removed] == [MONDAY + timedelta(days=1)]


def test_an_undone_session_stays_until_its_window_closes_and_is_missed_then(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.run_session(1)
    scene.sync(2, hour=6)
    easy = next(each.session for each in scene.sessions(2, 9) if each.session.kind is SessionKind.EASY)
    day = (easy.day - MONDAY).days
    during = scene.sync(day + 1, hour=6)
    assert (during.missed, [a for a in during.actions if isinstance(a, Remove)]) == ((), [])
    after = scene.sync(day + 2, hour=6)
    assert [each.session.id for each in after.missed] == [easy.id]
    assert [day_of(a) for a in after.actions if isinstance(a, Remove)] == [easy.day]


def test_without_a_pull_nothing_is_missed_and_the_rest_goes_on(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.inbox.rmdir()
    report = scene.sync(3, hour=6)
    assert report.missed == ()
    assert any("inbox" in problem for problem in report.problems)
    assert any(isinstance(action, Put) for action in report.actions)


def test_a_late_upload_makes_a_missed_session_done(scene: Scene) -> None:
    scene.sync(0, hour=6)
    (session,) = scene.sessions(1, 1)
    scene.sync(3, hour=6)
    assert scene.sessions(1, 1) == ()  # A5: it is tried again
    scene.record(1, session.resolved)
    scene.sync(4)
    (again,) = scene.sessions(1, 1)
    assert (again.session, again.state) == (session.session, SessionState.DONE)


def test_what_gave_way_for_a_session_that_was_run_after_all_is_due_again(scene: Scene) -> None:
    scene.sync(0, hour=6)
    (session,) = scene.sessions(1, 1)
    easy = {each.session.id for each in scene.sessions(2, 5)}
    scene.sync(3, hour=6)
    assert {each.session.id for each in scene.sessions(2, 5) if each.state is SessionState.DUE} != easy
    scene.record(1, session.resolved)
    scene.sync(3, hour=20)
    assert {each.session.id for each in scene.sessions(2, 5) if each.state is SessionState.DUE} == easy


def test_a_run_without_a_session_is_load_and_not_scored(scene: Scene) -> None:
    scene.sync(0, hour=6)
    scene.record(2, "30min @6:20-7:00/km", Scenario.IGNORED, hour=12)
    (assessed,) = scene.sync(2).assessed
    assert (assessed.session, assessed.stored.score) == (None, None)
    with scene.world(scene.at(2)) as world:
        assert [
            run.day for run in world.store.activities.runs_between(MONDAY, MONDAY + timedelta(days=9))
        ] == [MONDAY + timedelta(days=2)]


def test_the_same_recording_under_two_names_is_one_run(scene: Scene) -> None:
    path = scene.record(0, "30min @6:20-7:00/km", hour=12)
    (scene.inbox / "copy").mkdir()
    (scene.inbox / "copy" / "other name.fit.gz").write_bytes(gzip.compress(path.read_bytes()))
    report = scene.sync(0)
    assert sorted(each.outcome for each in report.arrived) == [PayloadOutcome.DUPLICATE, PayloadOutcome.RUN]
    assert len(report.assessed) == 1


def test_an_unreadable_file_is_reported_once_with_its_reason_and_remembered(scene: Scene) -> None:
    bad = scene.inbox / "broken.fit"
    bad.write_bytes(b"this is no recording")
    (first,) = scene.sync(0).arrived
    assert (first.outcome, "not a FIT file" in first.reason) == (PayloadOutcome.UNREADABLE, True)
    assert scene.sync(0, hour=21).arrived == ()
    with scene.world(scene.at(0)) as world:
        assert [each.remote_id for each in world.store.arrivals.unreadable()] == ["broken.fit"]
    assert bad.read_bytes() == b"this is no recording"


def test_a_changed_file_is_looked_at_again(scene: Scene) -> None:
    bad = scene.inbox / "later.fit"
    bad.write_bytes(b"half of it")
    scene.sync(0)
    good = scene.record(0, "30min @6:20-7:00/km", hour=12)
    good.replace(bad)
    (arrived,) = scene.sync(0, hour=21).arrived
    assert arrived.outcome is PayloadOutcome.RUN


def test_a_damaged_archive_is_unreadable_and_not_tried_for_ever(scene: Scene) -> None:
    (scene.inbox / "x.fit.gz").write_bytes(b"\x1f\x8bjunk")
    (first,) = scene.sync(0).arrived
    assert (first.outcome, "damaged gzip" in first.reason) == (PayloadOutcome.UNREADABLE, True)
    assert scene.sync(0, hour=21).arrived == ()


def test_a_run_in_the_future_waits_until_its_time_has_come(scene: Scene) -> None:
    scene.record(3, "30min @6:20-7:00/km")
    (early,) = scene.sync(0).arrived
    assert (early.outcome, "starts in the future" in early.reason) == (PayloadOutcome.WAITING, True)
    (later,) = scene.sync(3).arrived
    assert later.outcome is PayloadOutcome.RUN


@pytest.mark.parametrize(
    ("workout", "scenario", "reason"),
    [
        ("40min @6:20-7:00/km", Scenario.WALK, "hiking"),
        ("20s @6:20-7:00/km", Scenario.PERFECT, "too short to be a run (2"),
    ],
)
def test_what_is_no_run_is_named_and_does_not_count(scene: Scene, workout, scenario, reason) -> None:
    scene.record(0, workout, scenario, hour=12)
    (arrived,) = scene.sync(0).arrived
    assert arrived.outcome is PayloadOutcome.OTHER
    assert reason in arrived.reason
    with scene.world(scene.at(0)) as world:
        assert world.store.activities.count_runs() == 0


def test_recordings_are_only_ever_read(scene: Scene) -> None:
    scene.record(0, "30min @6:20-7:00/km", hour=12)
    (scene.inbox / "notes.txt").write_text("mine")
    before = fingerprint(scene.inbox)
    scene.sync(0)
    assert fingerprint(scene.inbox) == before


def test_files_of_the_athlete_in_the_outbox_are_never_touched(scene: Scene) -> None:
    scene.sync(0, hour=6)
    ours = workout_files(scene)[0]
    mine = scene.outbox / "2026-01-06 w02-9 my own.fit"
    mine.write_bytes(ours.read_bytes())
    edited = workout_files(scene)[1]
    edited.write_bytes(b"edited by hand")
    kept = {mine: mine.read_bytes(), edited: edited.read_bytes()}
    for day in range(1, 12):
        scene.sync(day, hour=6)
    assert {path: path.read_bytes() for path in kept} == kept


def test_a_score_is_pinned_to_what_the_watch_ran_when_the_plan_changes_later(scene: Scene) -> None:
    scene.sync(0, hour=6)
    (before,) = scene.sessions(1, 1)
    scene.run_session(1)
    easier = replace(before.session, workout=scene.sessions(3, 3)[0].session.workout, title="eased")
    with scene.world(scene.at(1, 7)) as world:
        world.store.plan.replace(easier, resolved_workout(world, easier), before.zone_set_id)
    (assessed,) = scene.sync(1).assessed
    assert assessed.session is not None
    assert assessed.stored.band == "on plan"
    assert Flag.RAN_OTHER_VERSION in assessed.stored.card.flags


def test_a_dry_run_says_what_the_next_cycle_does_and_leaves_no_trace(scene: Scene) -> None:
    scene.record(0, "30min @6:20-7:00/km", hour=12)
    with scene.world(scene.at(0)):
        pass
    announced = None
    before = fingerprint(scene.outbox)
    announced = scene.sync(0, dry_run=True).actions
    assert announced
    assert fingerprint(scene.outbox) == before
    assert scene.sync(0).actions == announced


def test_a_run_that_only_looked_like_a_session_gives_it_up_to_the_one_that_ran_it(scene: Scene) -> None:
    scene.sync(0, hour=6)
    (session,) = scene.sessions(3, 3)
    scene.record(2, session.resolved, Scenario.IGNORED)
    (guessed,) = scene.sync(2).assessed
    assert (guessed.stored.method, guessed.stored.session_id) == ("shape", session.session.id)
    scene.record(3, session.resolved)
    (certain,) = scene.sync(3).assessed
    assert (certain.stored.method, certain.stored.session_id) == ("exact", session.session.id)
    with scene.world(scene.at(3)) as world:
        assert scene.sessions(3, 3)[0].activity_id == certain.activity.id
        earlier = world.store.scores.newest_of(guessed.activity.id)
        assert earlier is not None
        assert (earlier.session_id, earlier.score) == (None, None)
