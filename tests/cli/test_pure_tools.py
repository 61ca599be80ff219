"""`zones`, `plan` and `score` need no configuration and no state."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncd.domain.notation import parse_workout
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from tests.support.shared import fit_file

START = datetime(2026, 3, 12, 17, 40, tzinfo=UTC)
SIX_800 = "15min wu E + 6x(800m @4:15-4:25/km + 2min jog) + 10min cd E"


@pytest.fixture
def run_file(tmp_path: Path):
    """A recorded run of a workout, as a file."""

    def make(notation: str, scenario: Scenario = Scenario.PERFECT) -> Path:
        recording = simulate(parse_workout(notation), Runner(vdot=45), scenario, seed=3)
        path = tmp_path / f"{scenario.value}.fit"
        path.write_bytes(write_activity(recording, start=START, utc_offset=timedelta(hours=1)))
        return path

    return make


def test_zones_of_a_time(syncd) -> None:
    said = syncd("zones", "--five-k", "25:00", "--json").json
    assert said["schema"] == "syncd.zones/1"
    assert said["vdot"] == pytest.approx(38.3, abs=0.05)
    assert list(said["paces"]) == ["E", "M", "HM", "T", "10K", "5K", "I", "R"]
    assert set(said["bands"]) == set(said["paces"])
    assert said["paces"]["5K"] == [300, 300]
    assert all(fast <= slow for fast, slow in [*said["paces"].values(), *said["bands"].values()])
    assert said["hr"] is None


def test_zones_are_readable_too(syncd) -> None:
    said = syncd("zones", "--five-k", "25:00")
    assert "VDOT 38.3, from 5 km in 25:00" in said.out
    assert re.search(r"(?m)^5K +5:00 +4:52-5:08  5K pace$", said.out)


def test_a_plan_for_anybody(syncd) -> None:
    said = syncd(
        *("plan", "--five-k", "25:00", "--days", 4, "--weekly-km", 20, "--longest-km", 8),
        *("--start", "2026-01-05", "--weeks", 4, "--json"),
    )
    weeks = said.json["weeks"]
    assert [week["start"] for week in weeks] == ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"]
    assert [week["kind"] for week in weeks] == ["build", "build", "build", "down"]
    first = weeks[0]
    assert first["phase"] == "distance"
    assert [session["kind"] for session in first["sessions"]] == ["hm_m", "easy", "easy", "long"]
    assert first["sessions"][0]["id"] == "2026w02-1"
    for session in first["sessions"]:
        assert parse_workout(session["notation"])
        assert set(session) >= {"id", "date", "kind", "title", "notation", "distance_m", "duration_s", "rpe"}
    assert sum(s["distance_m"] for s in first["sessions"]) == pytest.approx(first["distance_m"], abs=5)


def test_the_same_question_has_the_same_answer(syncd) -> None:
    ask = (
        "plan",
        "--five-k",
        "22:30",
        "--weekly-km",
        40,
        "--longest-km",
        14,
        "--start",
        "2026-02-04",
        "--json",
    )
    assert syncd(*ask).out == syncd(*ask).out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("zones", "--five-k", "9:00"), "faster than the 5K world record (12:35)"),
        (("zones", "--five-k", "3:00:00"), "walking pace"),
        (("zones", "--five-k", "25"), "is not a time: write mm:ss"),
        (("zones", "--five-k", "25:00", "--vdot", "40"), "not both"),
        (("zones", "--vdot", "120"), "VDOT 120.0 is above 85"),
        (("plan", "--five-k", "25:00", "--days", "8"), "2 to 7 days"),
        (("plan", "--five-k", "25:00", "--days", "0"), "2 to 7 days"),
        (("plan", "--five-k", "25:00", "--weekly-km", "-5"), "0 or more"),
        (("plan", "--five-k", "25:00", "--weekly-km", "10", "--longest-km", "12"), "longest run"),
        (("plan", "--five-k", "25:00", "--start", "soon"), "write YYYY-MM-DD"),
        (("plan", "--five-k", "25:00", "--goal", "50k"), "5k, 10k, half, marathon or none"),
        (("plan", "--five-k", "25:00", "--weeks", "1000"), "1 to 104"),
        (("score", "nothing.fit"), "no such file"),
        (("bogus",), "there is no command bogus"),
    ],
)
def test_wrong_use_is_one_line_that_says_what_to_give(syncd, arguments, message) -> None:
    said = syncd(*arguments)
    assert said.code == (1 if arguments[0] == "score" else 2)
    assert said.out == ""
    assert message in said.err
    assert said.err.count("\n") == 1


def test_a_perfect_run_of_its_embedded_workout(syncd, run_file) -> None:
    said = syncd("score", run_file(SIX_800), "--json").json
    assert said["prescription"]["origin"] == "embedded"
    assert said["alignment"] == {"tier": "index", "matched": 13, "planned": 13}
    assert said["score"] >= 85
    assert said["band"] == "on plan"
    assert [row["status"] for row in said["steps"] if row["planned"]] == ["done"] * 13
    assert set(said["parts"]) == {"pace", "distance", "intensity", "structure"}
    assert said["reps"] == {"planned": 6, "judged": 6, "in_band": 6}


def test_a_workout_given_by_hand_outranks_the_embedded_one(syncd, run_file) -> None:
    path = run_file(SIX_800)
    said = syncd(
        "score", path, "--workout", "15min E + 6x(800m R + 2min jog) + 10min E", "--five-k", "25:00", "--json"
    )
    assert said.json["prescription"]["origin"] == "argument"


def test_zones_in_a_workout_need_a_fitness(syncd, run_file) -> None:
    said = syncd("score", run_file(SIX_800), "--workout", "40min E")
    assert (said.code, "give --five-k" in said.err) == (2, True)


def test_a_wrong_workout_is_pointed_at(syncd, run_file) -> None:
    said = syncd("score", run_file(SIX_800), "--workout", "6x(800m I + 2min jog")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "at the end: expected '+' or ')'" in said.err


def test_a_run_without_a_workout_is_not_scored_and_that_is_no_error(syncd, run_file) -> None:
    path = run_file("40min E", Scenario.IGNORED)
    said = syncd("score", path, "--json")
    assert (said.code, said.json["score"], said.json["prescription"]["origin"]) == (0, None, "none")


def test_a_hike_is_not_a_run(syncd, run_file) -> None:
    said = syncd("score", run_file("40min E", Scenario.WALK))
    assert (said.code, said.out) == (4, "")
    assert "not a run: nothing to score" in said.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"this is no recording at all", "not a FIT file"),
        (b"\x1f\x8bjunk", "damaged gzip"),
    ],
)
def test_what_is_no_recording_is_named_in_one_line(syncd, tmp_path: Path, content, message) -> None:
    path = tmp_path / "x.fit"
    path.write_bytes(content)
    said = syncd("score", path)
    assert (said.code, message in said.err, said.err.count("\n")) == (1, True, 1), said.err


def test_a_truncated_recording_is_scored_as_far_as_it_goes(syncd, run_file, tmp_path: Path) -> None:
    whole = run_file(SIX_800).read_bytes()
    path = tmp_path / "cut.fit"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    said = syncd("score", path, "--workout", SIX_800, "--five-k", "22:30", "--json")
    assert said.code == 0, said.err
    assert any("cut" in note or "truncated" in note or "damaged" in note for note in said.json["notes"])


def test_a_real_run_of_nine_reps_that_were_all_too_slow(syncd) -> None:
    said = syncd("score", fit_file("c2496f267a"), "--five-k", "22:30", "--json").json
    assert said["parts"]["structure"]["score"] == 100
    assert said["reps"] == {"planned": 9, "judged": 9, "in_band": 0}
    assert said["parts"]["pace"]["score"] < 50
