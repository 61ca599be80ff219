"""What a look at the watch's service has to say: one sentence each, with what to do."""

import pytest

from syncd.domain.clock_trouble import ClockTrouble
from syncd.domain.delivery.fitting import CarryLimits, why_unfit
from syncd.domain.delivery.troubles import DeliveryTrouble
from syncd.domain.notation import parse_workout
from syncd.domain.reason import Reason
from syncd.domain.units import KILOMETRES, MILES
from syncd.report.delivery_texts import problem_text

DAYS = ["2026-02-10", "2026-02-12", "2026-02-13", "2026-02-15"]
SESSION = {"session": "2026w07-2", "title": "easy", "length_m": 2900.0, "day": "2026-02-12"}
UNFIT = why_unfit(parse_workout(" + ".join(["1min E"] * 62)), CarryLimits(50, 2))
assert UNFIT is not None
FACTS = {
    DeliveryTrouble.NOT_KNOWN: {"missing": 5, "expected": 6},
    DeliveryTrouble.HELD: {"missing": 2, "expected": 9},
    DeliveryTrouble.SECOND_COPY: {"days": DAYS[:1]},
    DeliveryTrouble.STANDS_BACK: {"days": DAYS},
    DeliveryTrouble.OTHER_INSTALLATION: {"days": DAYS[:2]},
    DeliveryTrouble.THERE_AGAIN: SESSION,
    DeliveryTrouble.UNCARRIED: SESSION | {"why": UNFIT.to_json()},
    DeliveryTrouble.CLEARED_EARLIER: {"days": DAYS[:2]},
    DeliveryTrouble.LEFT_ON_EARLIER: {"days": DAYS[:2], "why": ""},
}


def said(code: DeliveryTrouble, units=KILOMETRES) -> str:
    return problem_text(Reason(code, {"sink": "garmin", **FACTS[code]}), units)


def test_a_connectors_own_text_is_shown_as_it_is():
    assert problem_text("the outbox is away") == "the outbox is away"


@pytest.mark.parametrize("code", DeliveryTrouble)
def test_every_trouble_is_one_line_that_names_the_service(code):
    text = said(code)
    assert "Garmin" in text
    assert "\n" not in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("code", "part"),
    [
        (DeliveryTrouble.NOT_KNOWN, "5 of 6 workouts are not shown"),
        (DeliveryTrouble.SECOND_COPY, "(Tue 10 Feb)"),
        (DeliveryTrouble.STANDS_BACK, "(Tue 10 Feb to Sun 15 Feb)"),
        (DeliveryTrouble.OTHER_INSTALLATION, "(Tue 10 Feb and Thu 12 Feb)"),
        (DeliveryTrouble.UNCARRIED, "its workout has 62 steps, Garmin carries 50"),
        (DeliveryTrouble.THERE_AGAIN, "2.9 km easy on Thu 12 Feb is on Garmin Connect again"),
        (DeliveryTrouble.LEFT_ON_EARLIER, "it cannot be reached any more"),
    ],
)
def test_it_says_what_and_when(code, part):
    assert part in said(code)


def test_sessions_are_told_in_the_athletes_units():
    assert "1.8 mi easy" in said(DeliveryTrouble.THERE_AGAIN, MILES)


def test_a_wrong_clock_is_told_with_both_times():
    facts = {"service": "garmin", "clock": "2026-05-09T18:00:00+00:00", "at": "2026-02-09T18:00:00+00:00"}
    text = problem_text(Reason(ClockTrouble.NOT_AS_THE_SERVICE, facts))
    assert text.startswith(
        "the clock says 2026-05-09 18:00 UTC, but it is 2026-02-09 18:00 UTC by Garmin Connect"
    )
