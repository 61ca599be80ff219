"""A schedule of faults as people write it."""

import pytest

from syncd.sandbox.garmin.faults import Fault, FaultSpecError, scheduled

SCHEDULE = "POST /workout-service/schedule/7"


def fallen(faults, *requests):
    return [faults.next(each) for each in requests]


def test_a_number_is_the_request_that_meets_it():
    assert fallen(scheduled("429@2"), "GET /a", "GET /a", "GET /a") == [None, Fault.TOO_MANY, None]


@pytest.mark.parametrize("pattern", ["POST /workout-service/schedule/*", "/workout-service/schedule/7"])
def test_a_pattern_falls_on_the_first_request_like_it(pattern):
    faults = scheduled(f"timeout@{pattern}")
    assert fallen(faults, "GET /a", SCHEDULE, SCHEDULE) == [None, Fault.TIMEOUT_AFTER, None]


def test_a_share_falls_by_the_seed_alone():
    first, again = (fallen(scheduled("500:0.2", 3), *["GET /a"] * 200) for _ in range(2))
    assert first == again
    assert 20 < sum(each is Fault.ERROR_BEFORE for each in first) < 60


def test_several_faults_are_one_schedule():
    assert fallen(scheduled("drop@1, html@2"), "GET /a", "GET /b") == [Fault.DROPPED_BEFORE, Fault.PAGE_AFTER]


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_name(fault):
    assert fallen(scheduled(f"{fault.value}@1"), "GET /a") == [fault]


@pytest.mark.parametrize("spec", ["429", "nothing@1", "429@0", "@1", "500:2", "500:x"])
def test_a_schedule_that_cannot_be_read_says_how_to_write_one(spec):
    with pytest.raises(FaultSpecError):
        scheduled(spec)
