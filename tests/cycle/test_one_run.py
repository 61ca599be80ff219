"""One run that two services tell of is one run, in whatever order they do, and whoever loses it."""

from collections.abc import Iterator
from itertools import permutations

import pytest

from syncd.domain.notation import parse_workout
from syncd.domain.session import SessionState
from syncd.domain.units import KILOMETRES
from syncd.report.history import stored_score
from tests.support.both_services import BothServices, on_both
from tests.support.remarks import remarks_of

ORDERS = list(permutations(("garmin", "strava")))


@pytest.fixture
def scene(tmp_path) -> Iterator[BothServices]:
    with on_both(tmp_path) as both:
        both.sync(0, hour=6)
        yield both


def arrive(scene: BothServices, order: tuple[str, ...], day: int, *, apart: bool = True, **strava) -> None:
    """The session of that day, at one service and then at the other, with a cycle after each."""
    recording = scene.ran(day)
    for hour, service in enumerate(order, start=19):
        if service == "garmin":
            scene.to_garmin(day, recording)
        else:
            scene.to_strava(day, recording, **strava)
        if apart:
            scene.sync(day, hour=hour)
    scene.sync(day, hour=21)


def newest_score(scene: BothServices, run_id: int):
    with scene.world(scene.at(8)) as world:
        return world.store.scores.newest_of(run_id)


@pytest.mark.parametrize("skew_s", [0.0, 9.0])
@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_a_run_on_both_counts_once_by_the_watchs_file_whichever_came_first(scene, order, apart, skew_s):
    (session,) = scene.sessions(1, 1)
    arrive(scene, order, 1, apart=apart, skew_s=skew_s)
    (run,) = scene.counted()
    assert (run.source, run.has_workout, run.name) == ("garmin", True, "run 501")
    (done,) = scene.sessions(1, 1)
    assert (done.state, done.activity_id) == (SessionState.DONE, run.id)
    stored = newest_score(scene, run.id)
    assert (stored.session_id, stored.judgement.origin, stored.score) == (session.session.id, "embedded", 100)


def test_another_recording_names_the_run_by_the_athletes_own_clock(scene):
    recording = scene.ran(1)
    scene.to_garmin(1, recording)
    scene.sync(1, hour=19)
    scene.to_strava(1, recording)
    (arrived,) = scene.sync(1, hour=20).arrived
    assert arrived.reason == "the run of Tue 6 Jan 2026 18:00 that is here already (the same recording)"


def test_the_score_of_what_came_first_stays_in_the_history(scene):
    arrive(scene, ("strava", "garmin"), 1)
    (run,) = scene.counted()
    with scene.world(scene.at(2)) as world:
        history = world.store.scores.history_of(run.id)
    assert [each.method for each in history] == ["shape", "withdrawn", "exact"]
    assert history[0].score is not None


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_another_cycle_changes_nothing(scene, order):
    arrive(scene, order, 1)
    report = scene.sync(1, hour=22)
    assert report.quiet
    assert report.assessed == ()


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_deleted_on_garmin_it_counts_by_what_strava_tells(scene, order):
    arrive(scene, order, 1)
    (before,) = scene.counted()
    scene.service.account.delete_activity(str(scene.number))
    scene.to_garmin(2, scene.ran(1, parse_workout("20min E"), seed=9), hour=9)  # the list is not empty
    report = scene.sync(2)
    assert remarks_of(report) == (
        "Garmin: the run of Tue 6 Jan is no longer there: it also came from Strava, so it still counts",
    )
    run = scene.counted()[0]
    assert (run.id, run.source) == (before.id, "strava")
    (done,) = scene.sessions(1, 1)
    assert (done.state, done.activity_id) == (SessionState.DONE, run.id)
    assert newest_score(scene, run.id).score > 80


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_deleted_on_strava_nothing_changes(scene, order):
    arrive(scene, order, 1)
    (before,) = scene.counted()
    scored = newest_score(scene, before.id)
    scene.strava.account.delete(int(next(iter(scene.strava.account.rows))))
    scene.to_strava(2, scene.ran(1, parse_workout("20min E"), seed=9), hour=9)
    report = scene.sync(2)
    assert "it also came from Garmin, so it still counts" in remarks_of(report)[0]
    assert scene.counted()[0] == before
    assert newest_score(scene, before.id) == scored


def test_deleted_on_both_the_session_is_open_again_and_once_more_there_it_counts(scene):
    arrive(scene, ("garmin", "strava"), 1)
    scene.to_garmin(2, scene.ran(1, parse_workout("20min E"), seed=9), hour=9)
    kept = list(scene.service.account.activities)
    scene.service.account.delete_activity("501")
    scene.strava.account.delete(int(next(iter(scene.strava.account.rows))))
    scene.sync(2, hour=10)
    assert [run.name for run in scene.counted()] == ["run 502"]
    assert scene.sessions(1, 1)[0].state is SessionState.DUE
    scene.service.account.activities[:] = kept
    scene.sync(2, hour=21)
    assert [run.name for run in scene.counted()] == ["run 501", "run 502"]
    assert scene.sessions(1, 1)[0].state is SessionState.DONE


def test_effort_told_on_strava_only_is_the_runs_effort(scene):
    arrive(scene, ("garmin", "strava"), 1, rpe=4)
    (run,) = scene.counted()
    assert (run.source, run.rpe) == ("garmin", 4)
    with scene.world(scene.at(2)) as world:
        told = stored_score(world, KILOMETRES, str(run.id))
    assert [(each["source"], "rpe" in each["counts_for"]) for each in told.payload["recordings"]] == [
        ("garmin", False),
        ("strava", True),
    ]
    assert "2 recordings of this run:" in str(told.sheet)
    assert str(told.sheet).splitlines()[-1].strip().endswith(": rpe")


def test_a_run_that_only_strava_has_counts_beside_the_others(scene):
    arrive(scene, ("garmin", "strava"), 1)
    scene.to_strava(2, scene.ran(2, parse_workout("30min E")))
    scene.sync(2)
    assert [run.source for run in scene.counted()] == ["garmin", "strava"]


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_two_runs_of_one_day_stay_two_even_back_to_back(scene, order):
    first, second = (scene.ran(1, parse_workout("20min E"), seed=seed) for seed in (1, 2))
    for service in order:
        for hour, recording in ((17, first), (18, second)):
            if service == "garmin":
                scene.to_garmin(1, recording, hour=hour)
            else:
                scene.to_strava(1, recording, hour=hour)
        scene.sync(1)
    assert [run.source for run in scene.counted()] == ["garmin", "garmin"]


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_a_start_that_strava_hides_is_found_by_day_time_and_distance(scene, order):
    arrive(scene, order, 1, hidden_start=True)
    (run,) = scene.counted()
    assert (run.source, run.start.hour) == ("garmin", 18)


def test_the_athletes_own_word_on_which_session_it_was_outlives_a_better_recording(scene):
    from syncd.cycle.rescoring import match

    recording = scene.ran(1)
    scene.to_strava(1, recording)
    scene.sync(1, hour=19)
    (run,) = scene.counted()
    (other,) = scene.sessions(3, 3)
    with scene.world(scene.at(1)) as world:
        match(world, run.id, other.session.id, scene.at(1))
    scene.to_garmin(1, recording)
    scene.sync(1, hour=21)
    (better,) = scene.counted()
    assert (better.id, better.source) == (run.id, "garmin")
    stored = newest_score(scene, run.id)
    assert (stored.method, stored.session_id) == ("manual", other.session.id)
