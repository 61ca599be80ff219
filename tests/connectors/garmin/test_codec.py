"""Workouts to Garmin Connect and back, with nothing lost on the way."""

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.connectors.garmin.codec import MAX_DESCRIPTION_UNITS, encode
from syncd.connectors.garmin.reading import decode
from syncd.domain.delivery.remote import OwnerKey
from syncd.domain.notation import format_workout, parse_workout
from syncd.domain.workout import Item, Repeat, Workout, WorkoutError, ZoneTarget, steps_of
from tests.support.shared import shared_path
from tests.support.workouts import workouts

NESTED = (
    "lap wu + 10min @Z4 + 400m jog @HR120-140 + lap @4:10-4:45.714/km"
    " + 3x(4x(400m @3:20-3:42.222/km + 200m jog) keep-last + 3min rest) keep-last + lap cd"
)
KEY = OwnerKey("me", "2026w12-3", "0a1b2c3d4e5f")


def body(notation: str, name: str = "6 x 800 m") -> dict:
    return encode(parse_workout(notation, name=name), KEY)


def steps(notation: str) -> list[dict]:
    return body(notation)["workoutSegments"][0]["workoutSteps"]


def depth(items: Iterable[Item]) -> int:
    return max((1 + depth(item.steps) for item in items if isinstance(item, Repeat)), default=0)


def size(items: Iterable[Item]) -> int:
    return sum(1 + (size(item.steps) if isinstance(item, Repeat) else 0) for item in items)


def fits(workout: Workout) -> bool:
    symbolic = any(isinstance(step.target, ZoneTarget) for step in steps_of(workout.steps))
    return not symbolic and depth(workout.steps) <= 2 and size(workout.steps) <= 50


@given(workouts())
def test_a_workout_comes_back_as_it_went_or_is_refused(workout):
    if not fits(workout):
        with pytest.raises(WorkoutError):
            encode(workout, KEY)
        return
    found = decode(json.loads(json.dumps(encode(workout, KEY))))
    assert found.workout.steps == workout.steps
    assert found.workout.content_hash == workout.content_hash
    assert (found.key, found.beyond) == (KEY, ())


def test_the_ids_are_those_of_stored_workouts():
    first, group, last = steps("15min wu @HR120-140 + 6x(800m @4:00-4:10/km + 2min jog) + lap cd")
    assert first["stepType"] == {"stepTypeId": 1, "stepTypeKey": "warmup"}
    assert first["endCondition"] == {"conditionTypeId": 2, "conditionTypeKey": "time"}
    assert first["targetType"] == {"workoutTargetTypeId": 4, "workoutTargetTypeKey": "heart.rate.zone"}
    assert group["endCondition"] == {"conditionTypeId": 7, "conditionTypeKey": "iterations"}
    assert (group["numberOfIterations"], group["endConditionValue"], group["skipLastRestStep"]) == (
        6,
        6,
        True,
    )
    assert group["workoutSteps"][0]["endCondition"] == {"conditionTypeId": 3, "conditionTypeKey": "distance"}
    assert last["endCondition"] == {"conditionTypeId": 1, "conditionTypeKey": "lap.button"}
    assert last["endConditionValue"] is None


def test_a_pace_goes_in_metres_per_second_the_fast_edge_first():
    (step,) = steps("800m @4:00-4:10/km")
    assert (step["targetValueOne"], step["targetValueTwo"]) == (4.167, 4.0)
    assert step["targetType"]["workoutTargetTypeId"] == 6


def test_steps_are_numbered_depth_first_and_a_group_before_its_children():
    first, outer, last = steps("5min wu + 2x(3x(200m @Z4 + 100m jog) + 2min rest) + 5min cd")
    inner, rest = outer["workoutSteps"]
    order = [first, outer, inner, *inner["workoutSteps"], rest, last]
    assert [step["stepOrder"] for step in order] == [1, 2, 3, 4, 5, 6, 7]


def test_an_effort_is_a_note_on_a_step_without_target():
    (step,) = steps("20min @RPE3-4")
    assert step["description"] == "RPE 3-4"
    assert step["targetType"]["workoutTargetTypeId"] == 1


@pytest.mark.parametrize(
    ("notation", "seconds"),
    [
        ("10min wu + 3x(5min @Z4 + 1min jog) + 10min cd", 2220),
        ("10min wu + 3x(5min @Z4 + 1min jog) keep-last + 10min cd", 2280),
        ("1km @4:00-4:00/km", 240),
    ],
)
def test_the_estimate_is_what_the_steps_add_up_to(notation, seconds):
    assert body(notation)["estimatedDurationInSecs"] == seconds


def test_there_is_no_estimate_where_a_step_does_not_tell():
    assert "estimatedDurationInSecs" not in body("10min wu + 5km")


@given(st.text(max_size=600))
def test_a_name_never_outgrows_what_is_kept_and_ends_in_the_mark_of_its_session(name):
    sent = body("5km", name=name)["workoutName"]
    assert len(sent.encode("utf-16-le", "surrogatepass")) // 2 <= 256
    assert sent.endswith(" [w12-3]")


@pytest.mark.parametrize("count", [20, 50])
def test_a_long_workout_never_costs_the_marker_its_room(count):
    made = parse_workout(" + ".join(f"{n}min @5:05.111-5:23.222/km" for n in range(1, count + 1)))
    text = encode(made, KEY)["description"]
    assert len(text) <= MAX_DESCRIPTION_UNITS
    whole = f"{format_workout(made)} {KEY.marker}"
    assert text == whole if len(whole) <= MAX_DESCRIPTION_UNITS else text.endswith(f"... {KEY.marker}")


@pytest.mark.parametrize(
    ("workout", "reason"),
    [
        (parse_workout(" + ".join(["1min"] * 60)), "60 steps"),
        (parse_workout("2x(2x(2x(1min + 1min jog)))"), "nested 3 deep"),
        (parse_workout("20min T"), "the pace T"),
        (Workout(parse_workout("1min").steps, sport="cycling"), "cycling"),
    ],
)
def test_what_cannot_be_carried_is_refused_with_the_reason(workout, reason):
    with pytest.raises(WorkoutError, match=reason):
        encode(workout, KEY)


@pytest.mark.parametrize(
    ("file", "notation", "beyond"),
    [
        (
            "WorkoutRunningNestedRepeatsOutput.gcn",
            NESTED,
            ("end condition calories", "a second target"),
        ),
        (
            "garmin_mcp_poc_walk_run.json",
            "10min wu + 7x(1min @Z3 + 3min jog @Z3) keep-last + 8min cd",
            (),
        ),
        (
            "quick-plan_run-fast.json",
            "10min wu + 2x(1500m @4:30-5:00/km + 90s jog @Z2) keep-last + lap cd",
            (),
        ),
        (
            "sample_workout.json",
            "3min wu + 6x(1min + 1min jog) keep-last + 3x(30s + 30s jog) keep-last + 2min cd",
            (),
        ),
    ],
)
def test_a_stored_workout_reads_with_no_loss_of_what_we_model(file, notation, beyond):
    found = decode(json.loads(shared_path("recordings", "garmin", "workouts", file).read_text()))
    assert found.workout.steps == parse_workout(notation).steps
    assert found.beyond == beyond


def test_sent_and_stored_read_the_same():
    folder = shared_path("recordings", "garmin", "workouts")
    pairs = sorted(folder.glob("*Input.gcn"))
    assert len(pairs) == 3
    for sent in pairs:
        stored = sent.with_name(sent.name.replace("Input", "Output"))
        first, second = (decode(json.loads(path.read_text())) for path in (sent, stored))
        assert first.workout.steps == second.workout.steps
        assert len(first.beyond) == len(second.beyond)


def test_what_we_cannot_say_is_named():
    path = shared_path("recordings", "garmin", "workouts", "WorkoutCyclingPowerCadenceOutput.gcn")
    found = decode(json.loads(path.read_text()))
    assert found.workout.sport == "cycling"
    assert set(found.beyond) == {
        "target power.zone",
        "target cadence",
        "end condition calories",
        "a second target",
    }


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.data())
def test_a_damaged_workout_reads_or_is_refused_and_never_anything_else(data):
    sent = body("15min @HR120-140 + 6x(800m @4:00-4:10/km + 2min jog) + lap cd")
    step = sent["workoutSegments"][0]["workoutSteps"][data.draw(st.integers(0, 2))]
    holder = data.draw(st.sampled_from([sent, sent["workoutSegments"][0], step]))
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(json_values)
    try:
        read = decode(sent)
    except WorkoutError:
        return
    assert read.workout.steps
