"""Odd recordings: a reason, no total or a low confidence; never a crash and never a made-up number."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.cli.main import main
from syncd.domain.activity import Activity, Samples
from syncd.domain.scoring.card import Tier
from syncd.domain.scoring.prescription import PrescriptionOrigin
from syncd.domain.units import KILOMETRES
from syncd.formats.fit.activity import read_activity
from syncd.report.score_summary import summary_text
from tests.domain.scoring.sessions import EASY, SIX_800, ZONES, scored, six_800, workout
from tests.formats.test_tcx_gpx import gpx, tcx
from tests.support.fitbytes import MIDSUMMER_2024, RECORDS, SESSIONS, file_id, fit, timer_events
from tests.support.runs import Leg, recorded

RUN = recorded(six_800(numbered=False), bpm=150)
SAMPLES = RUN.samples


def column(value: float) -> "array[float]":
    return array("f", [value]) * len(SAMPLES)


def first(count: int) -> Samples:
    return Samples(*(getattr(SAMPLES, name)[:count] for name in Samples.__slots__))


def gap_of(seconds: float) -> Samples:
    half = len(SAMPLES) // 2
    clock = array("d", [t + (seconds if k > half else 0) for k, t in enumerate(SAMPLES.elapsed_s)])
    return replace(SAMPLES, elapsed_s=clock, timer_s=clock)


def jumping() -> Samples:
    metres = array("d", [m + 50_000 * (k % 97 == 0) for k, m in enumerate(SAMPLES.distance_m)])
    return replace(SAMPLES, distance_m=metres, speed_mps=column(float("nan")))


def reversed_time() -> Samples:
    return replace(SAMPLES, elapsed_s=SAMPLES.elapsed_s[::-1], timer_s=SAMPLES.timer_s[::-1])


def jumped_back() -> Samples:
    half = len(SAMPLES) // 2
    clock = SAMPLES.elapsed_s[:half] + array("d", [t - 1000 for t in SAMPLES.elapsed_s[half:]])
    return replace(SAMPLES, elapsed_s=clock, timer_s=clock)


ODD = {
    "one sample": replace(RUN, samples=first(1), laps=()),
    "no samples": replace(RUN, samples=first(0), laps=()),
    "all-zero speed": replace(RUN, samples=replace(SAMPLES, speed_mps=column(0)), laps=(), distance_m=0.0),
    "heart rate of 255": replace(RUN, samples=replace(SAMPLES, heart_rate_bpm=column(255)), laps=()),
    "30 hours between two samples": replace(RUN, samples=gap_of(108_000), laps=()),
    "time running backwards": replace(RUN, samples=reversed_time(), laps=()),
    "a clock that jumps back": replace(RUN, samples=jumped_back(), laps=()),
    "laps that end before they begin": replace(
        RUN, laps=tuple(replace(lap, start_s=lap.end_s, end_s=lap.start_s) for lap in RUN.laps)
    ),
    "distances that jump": replace(RUN, samples=jumping(), laps=()),
    "nothing at all": Activity(start=RUN.start, sport="running"),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("notation", [SIX_800, "8km E", "2x(99x(10s R + 10s jog))"])
def test_an_odd_recording_is_judged_without_falling_over(name: str, notation: str) -> None:
    card = scored(ODD[name], workout(notation), origin=PrescriptionOrigin.PLAN)
    assert card.score is None or 0 <= card.score <= 100
    assert summary_text(card, KILOMETRES)


@pytest.mark.parametrize(
    "name", ["one sample", "no samples", "all-zero speed", "time running backwards", "nothing at all"]
)
def test_where_nothing_was_measured_the_intervals_are_not_praised(name: str) -> None:
    card = scored(ODD[name], workout(SIX_800), origin=PrescriptionOrigin.PLAN)
    assert card.score is None or card.score < 50 or card.confidence < 0.6
    assert card.reps_in_band == 0


def even_run(clock: Sequence[int], heart_rate: int) -> Activity:
    """A run at 3 m/s in a FIT file, read back; `clock` are the seconds as the records come."""
    begin = MIDSUMMER_2024
    records = RECORDS.all(
        {"timestamp": begin + s, "distance": 3 * k, "speed": 3, "heart_rate": heart_rate}
        for k, s in enumerate(clock)
    )
    end = {"timestamp": begin + 2400, "start_time": begin, "elapsed": 2400, "timer": 2400, "distance": 7200}
    events = timer_events((0, 0), (2400, 4))
    found = read_activity(fit(file_id(), events, records, SESSIONS.all([end | {"sport": 1}])))
    assert isinstance(found, Activity)
    return found


@pytest.mark.parametrize("bpm", [0, 255])
def test_a_heart_rate_of_0_or_255_in_a_file_is_neither_praised_nor_blamed(bpm: int) -> None:
    asked = workout("40min @HR120-145")
    assert scored(even_run(range(2400), 135), asked).part("intensity").score == 100
    silent = scored(even_run(range(2400), bpm), asked)
    assert silent.part("intensity").score is None
    assert silent.score is None


@pytest.mark.parametrize(
    "clock",
    [range(2400, 0, -1), [*range(1200), *range(600, 1800)], [s ^ 1 for s in range(2400)]],
    ids=["all of it", "ten minutes", "every second record"],
)
def test_time_that_runs_backwards_in_a_file_is_said_and_no_pace_is_invented(clock: Sequence[int]) -> None:
    run = even_run(clock, 135)
    assert any("time runs backwards" in problem for problem in run.problems)
    for notation in (SIX_800, "40min E", "8km E"):
        card = scored(run, workout(notation), origin=PrescriptionOrigin.PLAN)
        assert summary_text(card, KILOMETRES)
        assert all(row.pace_s_per_km is None or row.pace_s_per_km > 160 for row in card.steps)
        assert card.reps_in_band == 0


def test_thirty_hours_without_a_sample_are_no_running() -> None:
    gap = scored(ODD["30 hours between two samples"], workout("8km E"), origin=PrescriptionOrigin.PLAN)
    assert gap.confidence < 1
    (row, *_) = gap.steps
    assert row.pace_s_per_km is None or row.pace_s_per_km < 3600


OTHERS = {
    "a marathoner's long run": "30km @4:30-4:50/km",
    "a sprinter's track session": "20min @5:00-5:30/km + 6x(150m @2:50-3:05/km + 3min rest)",
    "forty minutes by heart rate": "40min @HR105-115",
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_persons_workout_is_a_different_session_or_not_sure(name: str) -> None:
    planned = workout(OTHERS[name])
    for run in (RUN, recorded([Leg(EASY, metres=8000)], bpm=135)):
        for zones in (ZONES, None):
            card = scored(replace(run, workout=None), planned, zones=zones, origin=PrescriptionOrigin.PLAN)
            assert card.score is None or card.score < 50 or card.confidence < 0.6, (card.score, card.parts)
            assert summary_text(card, KILOMETRES)


def test_step_numbers_of_another_persons_workout_are_not_taken_for_ours() -> None:
    theirs = workout("10min E + 20x(400m R + 90s rest) + 5min E")
    run = recorded(six_800(), workout=theirs)
    card = scored(run, workout(SIX_800), origin=PrescriptionOrigin.PLAN)
    assert card.alignment.tier is not Tier.INDEX


def test_a_bike_ride_is_left_alone_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in {"ride.tcx": tcx(sport="Biking"), "ride.gpx": gpx("<type>cycling</type>")}.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert main(["score", str(path), "--workout", "5min @5:00-6:00/km", "--json"]) == 4
        said = capsys.readouterr()
        assert said.out == ""
        assert f"{name} is cycling, not a run: nothing to score" in said.err
