"""What is put right lies on top of a recording; the athlete's word comes before a service's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.activity import RUNNING, Activity
from syncd.domain.corrections import Correction, CorrectionKind, corrected, in_force, set_aside, trimmed
from syncd.domain.doubts import Doubt
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.notation import parse_workout
from syncd.domain.reason import Reason
from syncd.formats.recording import read_recording
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate

START = datetime(2026, 1, 20, 17, tzinfo=UTC)
DOUBTS = (Reason(Doubt.NO_SPORT, {"speed_mps": 8.0}),)


def run_of(notation: str = "10min E + 20min T + 10min E") -> Activity:
    recording = simulate(parse_workout(notation), Runner(), Scenario.PERFECT, seed=1)
    activity = read_recording(write_activity(recording, start=START, utc_offset=timedelta(hours=1)))
    assert isinstance(activity, Activity)
    return activity


RUN = run_of()


def word(kind: CorrectionKind, number: int = 0, author: str = "athlete", **value: object) -> Correction:
    return Correction(1, kind, START, value, author, id=number)


def test_another_distance_is_in_every_sample_and_lap() -> None:
    run = corrected(RUN, [word(CorrectionKind.DISTANCE, metres=9000.0)])
    share = 9000.0 / RUN.distance_m
    assert run.distance_m == 9000
    assert run.samples.distance_m[-1] == pytest.approx(RUN.samples.distance_m[-1] * share)
    assert run.samples.speed_mps[100] == pytest.approx(RUN.samples.speed_mps[100] * share)
    assert sum(lap.distance_m for lap in run.laps) == pytest.approx(
        sum(lap.distance_m for lap in RUN.laps) * share
    )
    assert (run.timer_s, run.start) == (RUN.timer_s, RUN.start)


def test_a_run_without_a_distance_gets_one() -> None:
    run = corrected(Activity(START, RUNNING, timer_s=1800.0), [word(CorrectionKind.DISTANCE, metres=5000.0)])
    assert run.distance_m == 5000


def test_what_is_cut_off_is_in_no_total_and_no_lap() -> None:
    run = corrected(RUN, [word(CorrectionKind.TRIM, from_s=600.0, to_s=1800.0)])
    assert run.timer_s == pytest.approx(1200, abs=2)
    assert run.start == RUN.start + timedelta(seconds=600)
    assert len(run.laps) == 1
    assert run.laps[0].timer_s == pytest.approx(1200, abs=2)
    assert run.distance_m == pytest.approx(run.samples.distance_m[-1])


@given(st.floats(0, 2300), st.floats(10, 2400))
def test_any_part_is_within_the_run(first: float, length: float) -> None:
    part = trimmed(RUN, first, first + length)
    assert 0 <= part.timer_s <= min(length, RUN.timer_s) + 2
    assert 0 <= part.distance_m <= RUN.distance_m
    assert sum(lap.timer_s for lap in part.laps) <= part.timer_s + 3
    assert list(part.samples.elapsed_s) == sorted(part.samples.elapsed_s)


def test_all_of_it_is_the_run_as_it_was() -> None:
    whole = trimmed(RUN, 0.0, 10_000.0)
    assert (whole.timer_s, whole.distance_m, whole.start) == (RUN.timer_s, RUN.distance_m, RUN.start)


def test_what_was_entered_without_points_is_cut_in_proportion() -> None:
    run = trimmed(
        Activity(START, RUNNING, timer_s=3600.0, elapsed_s=3600.0, distance_m=12_000.0), 0.0, 1800.0
    )
    assert (run.timer_s, run.distance_m) == (1800, 6000)


def test_a_corrected_distance_is_that_of_the_part_that_is_kept() -> None:
    words = [word(CorrectionKind.DISTANCE, metres=4000.0), word(CorrectionKind.TRIM, from_s=0.0, to_s=1200.0)]
    run = corrected(RUN, words)
    assert (run.distance_m, run.timer_s) == (4000, pytest.approx(1200, abs=2))


def test_a_longer_time_is_the_timer_and_the_elapsed_time() -> None:
    run = corrected(RUN, [word(CorrectionKind.DURATION, timer_s=RUN.timer_s + 60)])
    assert run.timer_s == RUN.timer_s + 60
    assert run.elapsed_s == RUN.elapsed_s + 60


def test_another_start_has_its_own_zone() -> None:
    run = corrected(RUN, [word(CorrectionKind.START, at="2026-01-19T07:30:00+09:00")])
    assert (run.utc_offset, run.day(timedelta(0)).isoformat()) == (timedelta(hours=9), "2026-01-19")


def test_a_sport_settles_what_was_doubtful() -> None:
    assert set_aside([], DOUBTS).code == WithdrawalCause.DOUBTFUL
    assert set_aside([word(CorrectionKind.SPORT, sport=RUNNING)], DOUBTS) is None
    ride = set_aside([word(CorrectionKind.SPORT, sport="cycling")], DOUBTS)
    assert (ride.code, ride.facts) == (WithdrawalCause.ANOTHER_SPORT, {"sport": "cycling"})


def test_what_is_ignored_counts_nowhere_whatever_else_is_said() -> None:
    words = [word(CorrectionKind.IGNORE), word(CorrectionKind.SPORT, sport=RUNNING)]
    assert set_aside(words, ()).code == WithdrawalCause.IGNORED


def test_the_athlete_comes_before_a_service_and_the_newer_word_before_the_older() -> None:
    words = [
        word(CorrectionKind.DISTANCE, 1, metres=1.0),
        word(CorrectionKind.DISTANCE, 2, metres=2.0),
        word(CorrectionKind.DISTANCE, 3, "garmin", metres=3.0),
        word(CorrectionKind.START, 4, "garmin", at="2026-01-19T07:30:00+01:00"),
    ]
    assert [correction.id for correction in in_force(words)] == [2, 4]


def test_a_revoked_word_says_nothing() -> None:
    revoked = Correction(1, CorrectionKind.IGNORE, START, revoked_at=START, id=1)
    assert in_force([revoked]) == ()
    assert corrected(RUN, [revoked]) == RUN
