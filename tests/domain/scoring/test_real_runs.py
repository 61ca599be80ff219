"""Recorded runs whose story is known (they live beside the checkout; skipped without them)."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import pytest

from syncd.domain.activity import Activity
from syncd.domain.scoring.card import Flag, Scorecard, Tier
from syncd.domain.scoring.prescription import PrescriptionOrigin
from syncd.domain.units import KILOMETRES
from syncd.domain.workout import executed
from syncd.formats.fit import Unreadable
from syncd.formats.fit.activity import read_activity
from syncd.report.score_summary import headline_text, summary_text
from tests.domain.scoring.sessions import SIX_800, scored, statuses, workout
from tests.support.shared import fit_file, fit_files, shared_path


def activity_of(identity: str) -> Activity:
    found = read_activity(fit_file(identity).read_bytes())
    assert not isinstance(found, Unreadable)
    return found


def card_of(identity: str) -> Scorecard:
    activity = activity_of(identity)
    assert activity.workout is not None
    return scored(activity, activity.workout)


def reps(card: Scorecard) -> Sequence[str]:
    return [row.status.value for row in card.steps if row.rep]


def test_nine_repetitions_done_and_none_in_the_band() -> None:
    card = card_of("c2496f267a")
    assert (card.reps_planned, card.reps_in_band) == (9, 0)
    assert card.part("structure").score == 100
    assert card.part("distance").score == 100
    assert (card.part("pace").score or 0) < 50
    assert card.band == "off plan"
    assert statuses(card) == ["done"] * 19 + ["extra"]
    assert "All nine reps were slow" in summary_text(card, KILOMETRES)


def test_ten_sprints_in_nested_repeats() -> None:
    card = card_of("562a2c4620")
    assert (card.alignment.tier, card.alignment.matched, card.alignment.planned) == (Tier.INDEX, 21, 21)
    assert reps(card) == ["done"] * 10
    assert card.part("structure").score == 100
    assert statuses(card)[-1] == "short"
    assert "The cool-down was cut short" in summary_text(card, KILOMETRES)


def test_five_repetitions_and_eleven_seconds_more() -> None:
    card = card_of("82f390736e")
    assert statuses(card) == ["done"] * 9 + ["extra"]
    assert Flag.EXTRA_REPS not in card.flags
    assert card.part("pace").score is None  # nothing was asked
    assert card.band == "on plan"


def test_ten_of_twenty() -> None:
    card = card_of("73e2fc8590")
    assert reps(card) == ["done"] * 10 + ["missed"] * 10
    assert card.part("structure").score == 50
    assert summary_text(card, KILOMETRES).startswith("You stopped after ten of 20 reps.")


def test_a_base_run_and_half_an_hour_more() -> None:
    card = card_of("f45f70947e")
    assert statuses(card) == ["done", "extra"]
    assert Flag.OVERRUN in card.flags
    assert (card.part("pace").score or 0) > 90


def test_a_false_start() -> None:
    card = card_of("e885a8dbb0")
    assert reps(card)[:2] == ["short", "missed"]
    assert card.score is not None
    assert card.score < 20


def test_a_run_without_a_definition_has_nothing_to_be_compared_with_until_one_is_given() -> None:
    activity = activity_of("796bc4b20c")
    assert activity.workout is None
    card = scored(
        activity, workout("6x(1km @3:20-4:30/km + 60s rest) keep-last"), origin=PrescriptionOrigin.ARGUMENT
    )
    assert reps(card).count("done") >= 4


STOPPED_EARLY = {"e885a8dbb0", "73e2fc8590", "a7e44647e5"}


def recorded_definitions() -> list[dict[str, Any]]:
    return json.loads(shared_path("fit", "embedded_workouts.json").read_text())


def test_embedded_workouts_open_into_exactly_the_recorded_step_numbers() -> None:
    checked = 0
    for definition in recorded_definitions():
        planned = activity_of(definition["source"]).workout
        assert planned is not None
        asked = [run.index for run in executed(planned)]
        for recording in definition["executed"]:
            numbered = [lap["step"] for lap in recording["laps"] if lap["step"] is not None]
            ran = [index for index, _ in groupby(numbered)]  # auto-laps repeat the number of their step
            expected = asked[: len(ran)] if recording["file"] in STOPPED_EARLY else asked
            assert ran == expected, recording["file"]
            checked += 1
    assert checked >= 12


def test_a_definition_places_every_numbered_lap_of_its_recordings() -> None:
    present = {path.stem for path in fit_files()}
    for definition in recorded_definitions():
        planned = activity_of(definition["source"]).workout
        for recording in definition["executed"]:
            if recording["file"] not in present:
                continue
            activity = activity_of(recording["file"])
            card = scored(activity, planned)
            unplanned = sum(row.timer_s or 0 for row in card.steps if row.planned is None)
            unnumbered = sum(lap.timer_s for lap in activity.laps if lap.step_index is None)
            assert card.alignment.tier is Tier.INDEX
            assert unplanned == pytest.approx(unnumbered, abs=0.1), recording["file"]


@pytest.mark.parametrize(
    "identity", [path.stem for path in fit_files() if path.parent.name != "workout_file"]
)
def test_no_recording_brings_the_scorer_down(identity: str) -> None:
    activity = read_activity(fit_file(identity).read_bytes())
    if isinstance(activity, Unreadable):
        pytest.skip("not an activity")
    for planned in (activity.workout, workout(SIX_800), workout("8km E"), workout("40min @HR120-140")):
        if planned is None:
            continue
        for each in (activity, replace(activity, laps=())):
            card = scored(each, planned, origin=PrescriptionOrigin.ARGUMENT)
            assert card.score is None or 0 <= card.score <= 100
            assert summary_text(card, KILOMETRES)
            assert headline_text(card)
            assert all(0 <= part.score <= 100 for part in card.parts if part.score is not None)
