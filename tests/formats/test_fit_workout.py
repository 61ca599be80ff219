"""Workout files: written for a watch, read back equal."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from garmin_fit_sdk import Decoder, Stream
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.notation import parse_workout
from syncd.domain.workout import PaceZone, Repeat, Step, Workout, WorkoutError, ZoneTarget, lasting
from syncd.formats.fit import Unreadable
from syncd.formats.fit.decode import decode
from syncd.formats.fit.workout import MAX_TEXT_BYTES, WorkoutFile, encode_workout, read_workout
from tests.support.fitbytes import STEPS, file_id, fit, steady_records
from tests.support.shared import fit_files, shared_path
from tests.support.workouts import workouts

CREATED = datetime(2026, 3, 20, 6, 30, tzinfo=UTC)
INTERVALS = parse_workout(
    "15min wu + 2x(3x(400m @3:40-3:50/km + 90s jog) keep-last + 5min rest @Z1) + lap cd @RPE2-3",
    name="Intervals [w12-3]",
)

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


def opened(items) -> int:
    return sum(item.count * opened(item.steps) if isinstance(item, Repeat) else 1 for item in items)


def written(workout: Workout, description: str = "", serial: int = 1) -> bytes:
    return encode_workout(workout, description=description, serial=serial, created=CREATED)


def without_zones(items):
    """The same shape with the symbolic zones, which no watch takes, made open."""
    return tuple(
        Repeat(item.count, without_zones(item.steps), item.skip_last_recovery)
        if isinstance(item, Repeat)
        else Step(item.duration, None if isinstance(item.target, ZoneTarget) else item.target, item.role)
        for item in items
    )


for_a_watch = (
    workouts()
    .filter(lambda workout: opened(workout.steps) <= 10_000)
    .map(lambda workout: Workout(without_zones(workout.steps)))
)


class TestRoundTrip:
    @given(for_a_watch, texts, texts, st.integers(1, 0xFFFFFFFE))
    def test_what_is_written_reads_back_equal(self, workout, name, description, serial):
        read = read_workout(written(workout.named(name), description, serial))
        assert read == WorkoutFile(workout.named(name), description, serial)

    def test_the_flag_that_skips_the_last_recovery_survives(self):
        read = read_workout(written(INTERVALS))
        assert isinstance(read, WorkoutFile)
        outer = read.workout.steps[1]
        assert isinstance(outer, Repeat)
        assert outer.skip_last_recovery
        assert isinstance(outer.steps[0], Repeat)
        assert not outer.steps[0].skip_last_recovery


class TestOnTheWire:
    """What the official SDK sees in our files."""

    def messages(self):
        stream = Stream.from_byte_array(bytearray(written(INTERVALS, "syncd:me:2026w12-3:0a1b2c3d4e5f", 99)))
        messages, errors = Decoder(stream).read(convert_datetimes_to_dates=False)
        assert errors == []
        return messages

    def test_the_head(self):
        messages = self.messages()
        [file] = messages["file_id_mesgs"]
        assert (file["type"], file["serial_number"]) == ("workout", 99)
        assert file["time_created"] == int((CREATED - datetime(1989, 12, 31, tzinfo=UTC)).total_seconds())
        [head] = messages["workout_mesgs"]
        assert (head["wkt_name"], head["sport"], head["num_valid_steps"]) == (
            "Intervals [w12-3]",
            "running",
            7,
        )
        assert head["wkt_description"] == "syncd:me:2026w12-3:0a1b2c3d4e5f"

    def test_the_steps(self):
        steps = self.messages()["workout_step_mesgs"]
        assert [step["intensity"] for step in steps] == [
            *("warmup", "active", "recovery", "active", "rest", "active", "cooldown")
        ]
        assert steps[0]["duration_time"] == 900
        assert steps[1]["duration_distance"] == 400
        assert (steps[1]["custom_target_speed_low"], steps[1]["custom_target_speed_high"]) == (4.348, 4.545)
        assert (steps[3]["duration_step"], steps[3]["repeat_steps"]) == (1, 3)
        assert (steps[4]["target_type"], steps[4]["target_hr_zone"]) == ("heart_rate", 1)
        assert (steps[6]["duration_type"], steps[6]["notes"]) == ("open", "RPE 2-3")

    def test_field_18_is_on_the_repeats_only(self):
        flags = [step.whole("skip_last_recovery") for step in decode(written(INTERVALS)).all("workout_step")]
        assert flags == [None, None, None, 0, None, 1, None]


class TestRefused:
    """What a file cannot hold is refused, never cut."""

    def test_a_symbolic_zone_must_be_resolved_first(self):
        with pytest.raises(WorkoutError, match="resolve zone T"):
            written(Workout((Step(lasting(60), ZoneTarget(PaceZone.THRESHOLD)),)))

    @pytest.mark.parametrize(
        "text",
        ["x" * (MAX_TEXT_BYTES + 1), "é" * 128, "a\0b", "\ud800"],
        ids=["too long", "too long in UTF-8", "zero", "surrogate"],
    )
    def test_a_text_that_would_not_come_back_whole(self, text: str):
        with pytest.raises(WorkoutError, match="the description"):
            written(INTERVALS, description=text)
        with pytest.raises(WorkoutError, match="the name"):
            written(INTERVALS.named(text))

    def test_a_text_that_just_fits(self):
        read = read_workout(written(INTERVALS, description="é" * 127))
        assert isinstance(read, WorkoutFile)
        assert read.description == "é" * 127

    @pytest.mark.parametrize("serial", [0, -1, 0xFFFFFFFF])
    def test_a_serial_number_that_means_nothing(self, serial: int):
        with pytest.raises(WorkoutError, match="serial"):
            written(INTERVALS, serial=serial)

    def test_a_sport_that_fit_does_not_know(self):
        with pytest.raises(WorkoutError, match="quidditch"):
            written(Workout(INTERVALS.steps, sport="quidditch"))

    def test_a_workout_that_would_never_end(self):
        steps = INTERVALS.steps
        for _ in range(3):
            steps = (Repeat(99, steps),)
        with pytest.raises(WorkoutError, match="opens into"):
            written(Workout(steps))


class TestUnreadable:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "the file is empty"),
            (b"BEGIN:VCALENDAR" * 3, "not a FIT file"),
            (fit(file_id(kind=5)), "there is no step in it"),
            (fit(file_id(kind=4), steady_records([0])), "a recorded activity, not a workout file"),
            (
                fit(file_id(kind=5), STEPS.all([{"duration_type": 8}])),
                "the workout cannot be modelled: step 1 repeats until something else",
            ),
        ],
        ids=["empty", "calendar", "no steps", "recording", "repeats until a distance"],
    )
    def test_the_reason_is_for_a_runner(self, data: bytes, reason: str):
        read = read_workout(data)
        assert isinstance(read, Unreadable)
        assert read.reason.startswith(reason)


class TestRealWorkoutFiles:
    """Files of Garmin Connect, TrainingPeaks, TrainerRoad, Stages and the SDK's examples."""

    def files(self) -> dict[str, bytes]:
        shared_path("fit", "workout_file")
        return {p.stem: p.read_bytes() for p in fit_files() if p.parent.name == "workout_file"}

    def test_all_but_the_one_that_repeats_until_a_heart_rate_are_read(self):
        unread = {
            name: r for name, data in self.files().items() if isinstance(r := read_workout(data), Unreadable)
        }
        assert list(unread) == ["c0152ff65b"]
        assert "repeats until something else" in unread["c0152ff65b"].reason

    def test_what_is_modelled_is_written_again_unchanged(self):
        for data in self.files().values():
            read = read_workout(data)
            if isinstance(read, WorkoutFile):
                again = read_workout(written(read.workout, read.description))
                assert isinstance(again, WorkoutFile)
                assert again.workout == read.workout
                assert again.problems == ()

    def test_steps_of_a_strength_workout_say_that_they_count_repetitions(self):
        read = read_workout(self.files()["24e8a59bda"])
        assert isinstance(read, WorkoutFile)
        assert read.workout.sport == "training"
        assert read.problems == (
            "workout step 2 and 33 more: it ends by a number of repetitions; read as until the lap button",
        )
