"""What counts of a run that was recorded more than once, and what a better copy changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.activity import Activity, Lap, LapTrigger
from syncd.domain.merging.candidates import Evidence, candidate_of
from syncd.domain.merging.choice import FieldChange, changes, combined, merged
from tests.domain.merging.made import HIDDEN, ON_STRAVA, PHONE, START, WATCH
from tests.support.runs import Leg, recorded, without_heart_rate, without_samples

BARE = replace(WATCH, sensors=frozenset(), laps=1)


@pytest.mark.parametrize(
    ("better", "worse", "why"),
    [
        (WATCH, ON_STRAVA, "it is the device's own file"),
        (ON_STRAVA, replace(ON_STRAVA, id="a", evidence=Evidence.SUMMARY), "it has samples"),
        (PHONE, replace(WATCH, elapsed_s=3000.0), "it covers the run"),
        (ON_STRAVA, replace(HIDDEN, id="a"), "its start is known"),
        (replace(BARE, has_workout=True), replace(WATCH, id="a"), "it carries the workout"),
        (replace(WATCH, laps=1), replace(BARE, id="a", laps=20), "it has more sensors"),
        (replace(WATCH, laps=44), replace(WATCH, id="a", laps=13), "it has more laps"),
        (replace(WATCH, elapsed_s=3602.0), replace(WATCH, id="a"), "it is longer"),
        (WATCH, replace(WATCH, id="a", start=START + timedelta(seconds=2)), "it began earlier"),
        (WATCH, replace(WATCH, id="z"), "they are equal"),
    ],
)
def test_which_recording_counts_and_why(better, worse, why):
    run = merged([worse, better])
    assert (run.recording, run.why) == (better, why)


def test_each_thing_comes_from_the_best_that_has_it():
    watch = replace(WATCH, rpe=None, name="", laps=1, sensors=frozenset({"position"}))
    service = replace(ON_STRAVA, rpe=7.0, name="Club night", laps=12)
    run = merged([service, watch])
    found = {
        field: run.source_of(field) for field in ("recording", "laps", "heart rate", "rpe", "name", "feel")
    }
    assert found == {
        "recording": "garmin",
        "laps": "strava",
        "heart rate": "strava",
        "rpe": "strava",
        "name": "strava",
        "feel": None,
    }


def test_laps_are_not_taken_from_a_device_with_another_clock():
    run = merged([replace(WATCH, laps=1), PHONE])
    assert run.source_of("laps") == "garmin"


def test_the_laps_of_a_watch_that_ran_the_workout_are_its_own():
    run = merged([replace(WATCH, laps=1, has_workout=True), ON_STRAVA])
    assert run.source_of("laps") == "garmin"


def test_a_better_recording_that_comes_later_takes_over_and_what_it_lacks_stays():
    at_first = merged([replace(ON_STRAVA, rpe=6.0)])
    upgraded = merged([replace(ON_STRAVA, rpe=6.0), WATCH])
    assert FieldChange("recording", "s1", "g1") in changes(at_first, upgraded)
    assert {change.field for change in changes(at_first, upgraded)} == {"recording", "laps", "heart rate"}
    assert upgraded.source_of("rpe") == "strava"


def test_a_copy_that_adds_nothing_changes_nothing():
    assert changes(merged([replace(WATCH, name="x")]), merged([replace(WATCH, name="x"), ON_STRAVA])) == ()


def test_what_one_side_deletes_the_other_still_has():
    service = replace(ON_STRAVA, rpe=6.0)
    both = merged([WATCH, service])
    assert merged([service]).recording == service
    assert changes(both, merged([WATCH])) == (FieldChange("rpe", "s1", None),)
    assert {change.after for change in changes(both, None)} == {None}


LEGS = [Leg(360, seconds=600), Leg(270, seconds=300), Leg(400, seconds=120), Leg(360, seconds=300)]


def test_the_run_is_the_recording_with_what_it_lacks_from_the_others():
    whole = recorded(LEGS, bpm=150.0)
    bare = replace(without_heart_rate(whole), laps=whole.laps[:1], name="")
    reported = replace(
        without_samples(whole), start=whole.start + timedelta(seconds=4), rpe=7.0, feel=3, name="Club"
    )
    activities = {"g": bare, "s": reported}
    day = whole.day(timedelta(0))
    run = merged(
        [
            candidate_of(bare, identity="g", source="garmin", day=day),
            candidate_of(reported, identity="s", source="strava", day=day),
        ]
    )
    found = combined(run, activities)
    assert (found.samples, found.start) == (bare.samples, bare.start)
    assert (found.rpe, found.feel, found.name, found.avg_hr_bpm) == (7.0, 3, "Club", 150)
    assert [round(lap.start_s) for lap in found.laps] == [4, 604, 904, 1024]
    assert found.laps[-1].end_s <= bare.elapsed_s


def test_laps_of_a_hidden_start_are_on_the_clock_of_the_recording():
    whole = recorded(LEGS)
    bare = replace(whole, laps=())
    hidden = replace(without_samples(whole), start=whole.start.replace(hour=0, minute=0, second=1))
    day = whole.day(timedelta(0))
    run = merged(
        [
            candidate_of(bare, identity="g", source="garmin", day=day),
            candidate_of(hidden, identity="s", source="strava", day=day, hidden_start=True),
        ]
    )
    assert combined(run, {"g": bare, "s": hidden}).laps == whole.laps


def test_a_recording_that_can_be_read_no_longer_leaves_the_others_words_out():
    run = merged([WATCH, replace(ON_STRAVA, rpe=6.0)])
    whole = recorded(LEGS)
    assert combined(run, {"g1": whole}) == whole
    with pytest.raises(KeyError):
        combined(run, {"s1": whole})


def test_a_candidate_tells_what_an_activity_has():
    activity = recorded(LEGS, bpm=150.0)
    found = candidate_of(activity, identity="x", source="folder", day=activity.day(timedelta(0)))
    assert found.evidence is Evidence.DEVICE_FILE
    assert found.sensors == {"heart rate", "position", "cadence", "altitude"}
    assert (found.laps, found.device, found.family) == (4, "", "running")
    entry = Activity(start=START, sport="running", elapsed_s=1800.0)
    by_hand = candidate_of(entry, identity="m", source="strava", day=entry.day(timedelta(0)))
    assert (by_hand.evidence, by_hand.sensors, by_hand.metres) == (Evidence.SUMMARY, frozenset(), None)


@given(st.permutations([WATCH, ON_STRAVA, PHONE, replace(WATCH, id="f1", source="folder")]))
def test_the_choice_does_not_depend_on_the_order(recordings):
    run = merged(recordings)
    assert run == merged([WATCH, ON_STRAVA, PHONE, replace(WATCH, id="f1", source="folder")])
    assert run.recording.id == "f1"  # equal: by the name of the source


def test_laps_never_reach_beyond_the_recording():
    lap = Lap(0.0, 700.0, 700.0, 2000.0, LapTrigger.MANUAL)
    best = recorded([Leg(360, seconds=600)], laps=())
    reported = replace(
        without_samples(best), laps=(lap, replace(lap, start_s=700.0, end_s=900.0)), elapsed_s=602.0
    )
    day = best.day(timedelta(0))
    run = merged(
        [
            candidate_of(best, identity="g", source="garmin", day=day),
            candidate_of(reported, identity="s", source="strava", day=day),
        ]
    )
    assert [(each.start_s, each.end_s) for each in combined(run, {"g": best, "s": reported}).laps] == [
        (0.0, 600.0)
    ]
