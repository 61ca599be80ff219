"""Real runs: one athlete on two services, and two devices on one runner."""

from datetime import timedelta
from itertools import combinations

import pytest

from syncd.domain.activity import Activity
from syncd.domain.merging.candidates import candidate_of
from syncd.domain.merging.rules import MergeRule, distance_share, fit_of
from syncd.domain.merging.same_runs import same_runs
from syncd.domain.notation import parse_workout
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.score import score_activity
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.zones import resolve_workout, zones_from_result
from syncd.formats.recording import read_recording
from tests.support.athlete_a import garmin_rows, strava_rows
from tests.support.shared import fit_file

# The start in UTC of everything that athlete A's recordings show on both services.
ON_BOTH = {
    "2024-06-18 08:24:51": "cycling",
    "2025-01-18 16:00:07": "running",
    "2025-02-20 15:51:38": "running",
    "2025-03-31 07:29:56": "cycling",
    "2025-04-12 08:30:00": "cycling",
    "2025-04-14 15:34:25": "strength",
    "2025-04-16 10:01:39": "running",
    "2025-04-16 16:37:26": "strength",
    "2025-04-17 16:31:31": "strength",
    "2025-04-18 07:17:00": "cycling",
    "2025-04-19 15:19:40": "strength",
    "2025-04-20 16:24:18": "strength",
    "2025-04-21 10:35:00": "running",
}


def test_every_activity_of_athlete_a_that_is_on_both_services_is_one_and_no_other_two_are():
    on_garmin, on_strava = garmin_rows(), strava_rows()
    assert (len(on_garmin), len(on_strava)) == (68, 20)
    found = same_runs([*on_garmin.values(), *on_strava.values()])
    pairs = [run for run in found.runs if len(run.members) > 1]
    assert {f"{run.recording.start:%Y-%m-%d %H:%M:%S}": run.recording.family for run in pairs} == ON_BOTH
    assert all([each.source for each in run.members] == ["garmin", "strava"] for run in pairs)
    assert found.covered == ()


def test_athlete_as_pairs_stay_far_inside_the_limits_and_all_others_far_outside():
    everything = [*garmin_rows().values(), *strava_rows().values()]
    fits = [fit for a, b in combinations(everything, 2) if (fit := fit_of(a, b)) is not None]
    assert len(fits) == len(ON_BOTH)
    assert {fit.rule for fit in fits} == {MergeRule.SAME}
    assert max(fit.distance for fit in fits) < 0.2  # of 1 for each of start, elapsed time, distance
    apart = [
        abs((a.start - b.start).total_seconds())
        for a, b in combinations(everything, 2)
        if a.family == b.family and fit_of(a, b) is None
    ]
    assert min(apart) > 3000  # two parts of one session, 53 minutes from start to start


def test_two_parts_of_a_day_stay_two():
    parts = [each for each in garmin_rows().values() if f"{each.day}" == "2025-03-13"]
    assert len(parts) == 2
    assert len(same_runs(parts).runs) == 2


ZONES = zones_from_result(5000, 20 * 60, as_of=None, source=entered_result(5000.0, "20:00"))


@pytest.mark.parametrize(
    ("one", "other", "workout", "about"),
    [
        ("059cf66ce9", "17de710a29", "12km E", 96),
        ("059cf66ce9", "17de710a29", "3km @4:50-5:05/km + 3km @5:20-5:40/km + 5km @4:50-5:05/km", 90),
        ("21277256b7", "e82b0980da", "12km E", 78),
        ("21277256b7", "e82b0980da", "12km @HR140-160", 93),
    ],
)
def test_two_devices_on_one_runner_merge_and_score_alike(one, other, workout, about):
    activities = {name: _activity(name) for name in (one, other)}
    a, b = (
        candidate_of(activity, identity=name, source="folder", day=activity.day(timedelta(0)))
        for name, activity in activities.items()
    )
    (run,) = same_runs([a, b]).runs
    assert {each.id for each in run.members} == {one, other}
    apart = distance_share(a, b)
    assert apart is not None
    assert 0.002 < apart < 0.01  # they did measure differently
    prescription = Prescription(PrescriptionOrigin.PLAN, resolve_workout(parse_workout(workout), ZONES))
    scores = [score_activity(each, prescription, ZONES).score for each in activities.values()]
    assert abs(scores[0] - scores[1]) <= 3
    assert all(abs(score - about) <= 4 for score in scores)


def test_of_two_devices_the_one_whose_lap_button_was_pressed_counts():
    candidates = [
        candidate_of(activity, identity=name, source="folder", day=activity.day(timedelta(0)))
        for name in ("21277256b7", "e82b0980da")
        for activity in (_activity(name),)
    ]
    (run,) = same_runs(candidates).runs
    assert (run.recording.id, run.why) == ("21277256b7", "it has more laps")


def _activity(name: str) -> Activity:
    found = read_recording(fit_file(name).read_bytes())
    assert isinstance(found, Activity)
    return found
