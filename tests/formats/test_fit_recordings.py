"""Real recordings: what the official SDK reads, what the devices summed up, what was executed."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from math import isnan, nan
from pathlib import Path

import pytest
from garmin_fit_sdk import Decoder, Stream

from syncd.domain.activity import Activity, LapTrigger
from syncd.domain.workout import executed, flatten
from syncd.formats.fit import Unreadable
from syncd.formats.fit.activity import read_activity
from syncd.formats.fit.decode import FitFile, decode
from syncd.formats.fit.profile import MESSAGES, TIMER_EVENT
from tests.support.shared import fit_file, fit_files, shared_path

# Where the SDK is not the truth: how many records it has, how many we have, and why.
SDK_GIVES_UP = {
    "77337cf242": (0, 685, "an FR70 with compressed timestamps; fitdecode has them as we do"),
    "9deb7a0506": (0, 2319, "never closed: its header says that it is empty"),
    "596d8342a4": (0, 3400, "a text of odd bytes stops the SDK"),
}
FIELDS_NOT_COMPARED = {"skip_last_recovery"}  # the SDK's profile has it only once we have written a workout

recordings = pytest.mark.parametrize("path", fit_files(), ids=lambda path: path.stem)


def sdk_messages(data: bytes) -> dict:
    messages, _ = Decoder(Stream.from_byte_array(bytearray(data))).read(
        apply_scale_and_offset=True,
        convert_datetimes_to_dates=False,
        convert_types_to_strings=False,
        enable_crc_check=False,
        expand_sub_fields=False,
        expand_components=True,
        merge_heart_rates=False,
    )
    return messages


@cache
def activities() -> dict[str, Activity | Unreadable]:
    shared_path("fit")
    return {path.stem: read_activity(path.read_bytes()) for path in fit_files()}


@cache
def manifest() -> dict[str, dict]:
    return {row["id"]: row for row in json.loads(shared_path("fit", "manifest.json").read_text())}


def test_there_are_recordings_to_compare_with():
    shared_path("fit")
    assert len(fit_files()) >= 90


@recordings
def test_every_field_we_use_is_what_the_sdk_reads(path: Path):
    data = path.read_bytes()
    theirs, ours = sdk_messages(data), decode(data)
    if path.stem in SDK_GIVES_UP:
        their_count, our_count, _ = SDK_GIVES_UP[path.stem]
        assert (len(theirs.get("record_mesgs", [])), len(ours.records)) == (their_count, our_count)
        return
    for kind in MESSAGES.values():
        expected = [
            {
                field.name: message[field.name]
                for field in kind.fields.values()
                if _told(message, field.name) and field.name not in FIELDS_NOT_COMPARED
            }
            for message in theirs.get(f"{kind.name}_mesgs", [])
            if kind.name != "event" or message.get("event") == TIMER_EVENT
        ]
        found = [
            {name: value for name, value in message.items() if name not in FIELDS_NOT_COMPARED}
            for message in ours.all(kind.name)
        ]
        assert found == [message for message in expected if message], kind.name
    assert _our_records(ours) == _their_records(theirs)


def _told(message: dict, name: str) -> bool:
    return message.get(name) is not None and message[name] != "" and not isinstance(message[name], list)


def _record(time, distance, speed, altitude, heart_rate, cadence) -> tuple | None:
    values = tuple(
        None if isnan(x) else round(x, 3) for x in (distance, speed, altitude, heart_rate, cadence)
    )
    return (time, *values) if any(value is not None for value in values) else None


def _our_records(fit: FitFile) -> list[tuple]:
    mine = fit.records
    columns = (mine.time_s, mine.distance_m, mine.speed_mps, mine.altitude_m)
    rows = zip(*columns, mine.heart_rate_bpm, mine.cadence_rpm, strict=True)
    return [record for row in rows if (record := _record(*row)) is not None]


def _their_records(messages: dict) -> list[tuple]:
    out = []
    for each in messages.get("record_mesgs", []):
        cadence = each.get("cadence", nan) + each.get("fractional_cadence", 0)
        record = _record(
            each.get("timestamp", -1),
            each.get("distance", nan),
            each.get("enhanced_speed", nan),
            each.get("enhanced_altitude", nan),
            each.get("heart_rate") or nan,
            cadence,
        )
        if record is not None:
            out.append(record)
    return out


def test_totals_are_those_that_the_devices_sum_up():
    compared = 0
    for identity, row in manifest().items():
        run = activities().get(identity)
        if not isinstance(run, Activity) or not row["timer_s"]:
            continue
        [*sessions] = decode(fit_file(identity).read_bytes()).all("session")
        if len(sessions) != 1:
            continue
        compared += 1
        assert run.timer_s == pytest.approx(row["timer_s"], abs=0.051), identity
        assert run.elapsed_s == pytest.approx(row["elapsed_s"], abs=0.051), identity
        assert (run.distance_m or 0) == pytest.approx(row["dist_m"] or 0, abs=0.051), identity
        assert f"{run.sport}" == row["sports"][0].split("/")[0], identity
    assert compared >= 55


@recordings
def test_samples_rise_and_end_where_the_device_says(path: Path):
    run = activities()[path.stem]
    if isinstance(run, Unreadable) or not len(run.samples):
        return
    samples = run.samples
    assert all(a < b for a, b in pairwise(samples.elapsed_s))
    assert all(a <= b for a, b in pairwise(samples.timer_s))
    if "24977c7166" not in path.stem:  # half of it is missing
        assert samples.timer_s[-1] == pytest.approx(run.timer_s, abs=6)
    for column in (samples.distance_m, samples.speed_mps, samples.heart_rate_bpm, samples.cadence_spm):
        assert len(column) == len(samples)
    assert all(isnan(rate) or 0 < rate < 255 for rate in samples.heart_rate_bpm)
    assert all(isnan(speed) or 0 <= speed < 65 for speed in samples.speed_mps)


@recordings
def test_the_laps_of_a_garmin_add_up_to_its_timer(path: Path):
    run = activities()[path.stem]
    if isinstance(run, Unreadable) or run.device.manufacturer != "garmin" or not run.laps:
        return
    if run.sport != "running":  # swims leave rests out of their laps
        return
    assert sum(lap.timer_s for lap in run.laps) == pytest.approx(run.timer_s, abs=2)
    assert -5 <= run.elapsed_s - run.laps[-1].end_s <= 12  # whole-second starts drift


def test_files_that_are_no_activities_say_what_they_are():
    reasons = {name: run.reason for name, run in activities().items() if isinstance(run, Unreadable)}
    workouts = {path.stem for path in fit_files() if path.parent.name == "workout_file"}
    assert {reasons.pop(name) for name in workouts} == {"a workout file, not a recorded activity"}
    assert reasons == {
        "170f9c5a32": "not a FIT file",
        "46fe2e401c": "a course, not a recorded activity",
        "79c4d7385e": "nothing was recorded in it",
    }


@pytest.mark.parametrize(
    ("identity", "records", "problem"),
    [
        ("06f7ab219a", 14, "cut short: 3 bytes are missing"),
        ("24977c7166", 235, "a message that was never defined"),
        ("5c9d2e0e5a", 14383, "no summary in the file"),
        ("9deb7a0506", 2319, "the recording was never closed"),
        ("596d8342a4", 3262, None),
    ],
)
def test_a_damaged_recording_keeps_what_precedes_the_damage(identity: str, records: int, problem: str | None):
    fit_file(identity)
    run = activities()[identity]
    assert isinstance(run, Activity)
    assert len(run.samples) == records
    assert problem is None or any(problem in each for each in run.problems)


def test_pauses_of_an_export_without_events_are_found_in_its_gaps():
    fit_file("21277256b7")
    run = activities()["21277256b7"]
    assert isinstance(run, Activity)
    paused = run.samples.elapsed_s[-1] - run.samples.timer_s[-1]
    assert paused == pytest.approx(run.elapsed_s - run.timer_s, abs=5)


def test_every_sport_and_device_is_named():
    shared_path("fit")
    runs = [run for run in activities().values() if isinstance(run, Activity)]
    assert {run.sport for run in runs} == {
        *("running", "cycling", "swimming", "training", "multisport", "generic")
    }
    named = {str(run.device) for run in runs}
    assert {"garmin fenix 6x pro", "coros apex pro", "suunto 9", "stryd", "tomtom product 2016"} <= named
    assert not any("manufacturer" in name for name in named)


def _index_sequence(laps: list[tuple[int | None, bool]]) -> list[int]:
    """Step indexes as run: (index, ended by distance); auto-laps inside one step are joined."""
    out: list[int] = []
    open_step = False
    for index, by_distance in laps:
        if index is None:
            open_step = False
            continue
        if not (open_step and out and out[-1] == index):
            out.append(index)
        open_step = by_distance
    return out


def test_recorded_step_indexes_are_those_of_the_embedded_workout():
    definitions = json.loads(shared_path("fit", "embedded_workouts.json").read_text())
    checked = 0
    for definition in definitions:
        source = activities()[definition["source"]]
        assert isinstance(source, Activity)
        assert source.workout is not None
        planned = [step.index for step in executed(source.workout)]
        for run in definition["executed"]:
            laps = [(lap["step"], lap["trigger"] == "distance") for lap in run["laps"]]
            done = _index_sequence(laps)
            assert done == planned[: len(done)], run["file"]
            checked += 1
    assert checked >= 12


def test_laps_of_the_recordings_carry_the_step_that_was_run():
    shared_path("fit")
    checked = 0
    for run in activities().values():
        if isinstance(run, Unreadable) or run.workout is None:
            continue
        planned = [step.index for step in executed(run.workout)]
        laps = [(lap.step_index, lap.trigger is LapTrigger.DISTANCE) for lap in run.laps]
        done = _index_sequence(laps)
        assert done == planned[: len(done)]
        assert len(done) >= 1
        checked += 1
    assert checked >= 10


def test_the_nested_repeats_of_a_sprint_session_open_as_they_were_run():
    fit_file("562a2c4620")
    run = activities()["562a2c4620"]
    assert isinstance(run, Activity)
    assert run.workout is not None
    indexes = [step.index for step in flatten(run.workout) if not step.skipped]
    assert indexes == [0, *[1, 2] * 4, 1, 4, *[1, 2] * 4, 1, 6]
