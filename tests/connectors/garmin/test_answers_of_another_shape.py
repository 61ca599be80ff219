"""An answer of a shape that nobody knows is never guessed at: one sentence, and nothing is changed."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from syncd.connectors.base import ActivityRef, Gone, Rejected, Unavailable
from syncd.connectors.garmin.details import weather_in
from syncd.connectors.garmin.device import last_device_sync
from syncd.connectors.garmin.index import Index, Known
from syncd.connectors.garmin.listing import calendar_entries, library
from syncd.connectors.garmin.reading import decode
from syncd.connectors.garmin.source import GarminSource
from syncd.domain.delivery.remote import OwnerKey
from syncd.domain.workout import WorkoutError

MARCH = ((2026, 3),)
TODAY = date(2026, 3, 21)
ENTRY = {"itemType": "workout", "id": 7, "workoutId": 9, "date": "2026-03-17"}
RUN = {
    "activityId": 5,
    "activityType": {"typeId": 1},
    "startTimeLocal": "2026-03-17 07:00:00",
    "distance": 1.0,
}


@dataclass
class Service:
    """Gives the same answer to every question, and counts them."""

    answer: Any
    asked: int = 0

    def get(self, path: str, **params: object) -> Any:
        self.asked += 1
        return self.answer


def month(*items: object, year: object = 2026, number: object = 2) -> dict[str, object]:
    """A page of the calendar; months are counted from 0 there."""
    return {"year": year, "month": number, "calendarItems": list(items)}


# --- the calendar


@pytest.mark.parametrize(
    "page",
    [
        None,
        [],
        {"year": 2026, "month": 2},
        month(ENTRY, number=3),  # another month than was asked for
        month("a workout"),
        month(ENTRY | {"date": "soon"}),
        month(ENTRY | {"id": None}),
        month(ENTRY | {"id": True}),
    ],
)
def test_a_calendar_that_cannot_be_read_whole_is_no_calendar(page):
    with pytest.raises(
        Unavailable, match="the calendar on Garmin Connect cannot be read; nothing is changed"
    ):
        calendar_entries(Service(page), MARCH)


@pytest.mark.parametrize(
    "item",
    [ENTRY | {"workoutId": None}, ENTRY | {"itemType": "race"}, ENTRY | {"protectedWorkoutSchedule": True}],
)
def test_entries_of_a_training_plan_or_of_another_kind_are_not_touched(item):
    (entry,) = calendar_entries(Service(month(item, ENTRY)), MARCH)
    assert (entry.schedule_id, entry.workout_id, entry.day) == ("7", "9", date(2026, 3, 17))


# --- the library


@pytest.mark.parametrize("rows", [{}, None, ["a workout"], [{"workoutName": "without a number"}]])
def test_a_list_of_workouts_that_cannot_be_read_whole_is_none(rows):
    with pytest.raises(Unavailable, match="the list of workouts on Garmin Connect cannot be read"):
        library(Service(rows))


def test_a_list_of_workouts_that_never_ends_is_left():
    service = Service([{"workoutId": number} for number in range(1, 101)])
    with pytest.raises(Unavailable, match="the list of workouts"):
        library(service)
    assert service.asked == 100


# --- runs


@pytest.mark.parametrize(
    "rows",
    [
        {"runs": []},
        ["a run"],
        [RUN | {"activityId": None}],
        [RUN | {"activityType": "running"}],
    ],
)
def test_a_list_of_runs_that_cannot_be_read_whole_is_none(rows):
    with pytest.raises(Unavailable, match="the list of runs on Garmin Connect cannot be read"):
        list(GarminSource(Service(rows), TODAY).list_since(""))


def test_a_run_without_a_day_cannot_be_told_of():
    with pytest.raises(Unavailable, match="the list of runs"):
        GarminSource(Service([RUN | {"startTimeLocal": "lately"}]), TODAY).recent_runs(date(2026, 2, 1))


def test_a_list_of_runs_that_never_ends_is_left():
    service = Service([RUN] * 100)
    with pytest.raises(Unavailable, match="the list of runs"):
        list(GarminSource(service, TODAY).list_since(""))


@pytest.mark.parametrize("answer", [None, [], {"activityId": 6}])
def test_a_run_that_comes_as_another_is_asked_for_again_later(answer):
    ref = ActivityRef("garmin", "5", "", "run")
    with pytest.raises(Unavailable, match="activity 5 on Garmin Connect cannot be read"):
        GarminSource(Service(answer), TODAY).detail(ref)


def test_a_name_that_is_no_number_is_never_asked_for():
    service = Service(RUN)
    source = GarminSource(service, TODAY)
    for question in (source.fetch, source.detail, source.weather):
        with pytest.raises(Rejected, match="is not an activity of Garmin Connect"):
            question(ActivityRef("garmin", "../5", "", "run"))
    assert service.asked == 0


@pytest.mark.parametrize("weather", [None, [], {}, {"temp": None}, {"temp": True}, {"temp": 900}])
def test_weather_that_is_not_told_is_none(weather):
    assert weather_in(weather) is None


def test_weather_comes_in_fahrenheit():
    assert weather_in({"temp": 68, "dewPoint": 50}) == (20.0, 10.0)
    assert weather_in({"temp": 68}) == (20.0, None)


# --- the watch


def test_an_account_without_a_watch_tells_of_none():
    class NeverUsed(Service):
        def get(self, path: str, **params: object) -> Any:
            raise Gone("no device")

    assert last_device_sync(NeverUsed(None)) is None


@pytest.mark.parametrize("at", [None, True, 0, "yesterday", 10**18])
def test_a_watch_without_a_time_that_can_be_one_did_not_sync(at):
    assert last_device_sync(Service({"lastUsedDeviceUploadTime": at})) is None


def test_an_answer_that_is_none_is_asked_for_again():
    with pytest.raises(Unavailable, match="does not say which watch synced"):
        last_device_sync(Service([]))


# --- workouts


def stored(*steps: object) -> dict[str, object]:
    return {"sportType": {"sportTypeId": 1}, "workoutSegments": [{"workoutSteps": list(steps)}]}


def step(**more: object) -> dict[str, object]:
    return {
        "type": "ExecutableStepDTO",
        "stepType": {"stepTypeId": 3},
        "endCondition": {"conditionTypeId": 2},
        "endConditionValue": 60,
        **more,
    }


def repeated(count: object, *steps: object) -> dict[str, object]:
    return {"type": "RepeatGroupDTO", "numberOfIterations": count, "workoutSteps": list(steps)}


def nested(levels: int) -> dict[str, object]:
    return step() if not levels else repeated(2, nested(levels - 1))


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("a workout", "not a workout: str"),
        ({"workoutSegments": {}}, "workoutSegments is not a list: dict"),
        (stored("a step"), "not a step: str"),
        (stored(nested(9)), "repeats nested without end"),
        (stored(repeated(2.5, step())), "a block cannot be repeated 2.5 times"),
        (stored(step(endConditionValue=None)), "endConditionValue is missing"),
        (stored(step(endConditionValue="a minute")), "endConditionValue is not a number: 'a minute'"),
        (stored(step(endConditionValue=True)), "endConditionValue is not a number: True"),
        (stored(step(endConditionValue="inf")), "endConditionValue is not a number: 'inf'"),
    ],
)
def test_a_stored_workout_of_another_shape_is_refused_with_the_reason(payload, reason):
    with pytest.raises(WorkoutError) as refused:
        decode(payload)
    assert reason in str(refused.value)


# --- the file of what lies there


@pytest.mark.parametrize(
    ("place", "value"), [(("format",), 0), (("looked_s",), "lately"), (("workouts", "9", "marker"), "none")]
)
def test_an_index_that_is_damaged_or_of_another_version_begins_anew(tmp_path, place, value):
    file = tmp_path / "workouts.json"
    Index({"9": Known(OwnerKey("me", "2026w12-3", "0a1b2c3d4e5f"))}, library_read_s=5.0).save(file)
    assert Index.load(file).workouts
    whole = json.loads(file.read_text())
    inner = whole
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    file.write_text(json.dumps(whole))
    assert Index.load(file) == Index()
