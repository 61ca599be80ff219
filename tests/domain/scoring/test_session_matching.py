"""Which session a run was, and when it must not be guessed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from syncd.domain.activity import Activity
from syncd.domain.delivery.remote import OwnerKey
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.reasons import MatchReason
from syncd.domain.scoring.same_workout import same_workout
from syncd.domain.scoring.session_fit import SessionCandidate
from syncd.domain.session import Session, SessionKind
from syncd.domain.training.reasons import session_fact
from syncd.domain.workout import PaceBand, PaceZone, Repeat, Step, Workout, covering
from tests.domain.scoring.matching import attribute, attribute_all
from tests.domain.scoring.sessions import EASY, SIX_800, ZONES, six_800, workout
from tests.support.runs import Leg, recorded, without_samples

THURSDAY = date(2026, 3, 12)


def session(slot: int, notation: str, kind: SessionKind, *, days: int = 0) -> SessionCandidate:
    planned = workout(notation)
    metres, seconds = (9700.0, 3350.0) if kind is SessionKind.INTERVAL else (8000.0, 8000 * 0.35)
    if kind is SessionKind.LONG:
        metres, seconds = 16_000.0, 16_000 * 0.35
    return SessionCandidate(
        Session(
            id=f"2026w11-{slot}",
            day=THURSDAY + timedelta(days=days),
            kind=kind,
            title=notation,
            workout=planned,
            distance_m=metres,
            duration_s=seconds,
            rpe=(2, 4),
            hard=kind is SessionKind.INTERVAL,
        ),
        workout=planned,
        pushed=(planned,),
    )


INTERVALS = session(1, SIX_800, SessionKind.INTERVAL)
SHORT_EASY = session(2, "8km E", SessionKind.EASY, days=1)
LONG = session(3, "16km E", SessionKind.LONG, days=1)


def found(activity: Activity, *candidates: SessionCandidate, day: date = THURSDAY) -> Attribution:
    return attribute(activity, day, candidates, ZONES)


def slightly_rounded(planned: Workout) -> Workout:
    """As a service gives it back: paces a little off, other names."""

    def item(each):
        if isinstance(each, Repeat):
            return replace(each, steps=tuple(map(item, each.steps)))
        if isinstance(each.target, PaceBand):
            band = PaceBand(each.target.slow_mps * 1.004, each.target.fast_mps * 0.996)
            return replace(each, target=band)
        return each

    return replace(planned, steps=tuple(map(item, planned.steps)), name="Renamed on the watch")


def test_a_workout_that_we_pushed_is_exact_even_rounded_and_renamed() -> None:
    activity = recorded(six_800(), workout=slightly_rounded(INTERVALS.workout))
    result = found(activity, SHORT_EASY, INTERVALS)
    assert (result.method, result.session_id, result.confidence) == (Method.EXACT, "2026w11-1", 1.0)


def test_an_earlier_version_that_was_on_the_watch_is_exact_too() -> None:
    newer = replace(INTERVALS, workout=workout(SIX_800.replace("6x", "5x")))
    activity = recorded(six_800(), workout=INTERVALS.workout)
    assert found(activity, newer).method is Method.EXACT


@pytest.mark.parametrize(
    "changed",
    [
        SIX_800.replace("6x", "7x"),
        SIX_800.replace("800m", "810m"),
        SIX_800.replace("4:15-4:25", "4:05-4:15"),
        SIX_800.replace("2min jog", "2min rest"),
        SIX_800.replace(" + 10min E", ""),
    ],
)
def test_another_size_or_pace_is_another_workout(changed: str) -> None:
    assert not same_workout(workout(SIX_800), workout(changed))
    assert same_workout(workout(changed), slightly_rounded(workout(changed)))


def test_an_effort_may_get_lost_on_the_way_to_the_watch() -> None:
    by_feel = workout("30min @RPE4")
    assert same_workout(by_feel, Workout((replace(by_feel.steps[0], target=None),)))
    assert not same_workout(by_feel, workout("30min @RPE6"))


def test_the_same_workout_on_two_days_is_the_nearer_one() -> None:
    monday, today = session(1, "8km E", SessionKind.EASY, days=-3), session(2, "8km E", SessionKind.EASY)
    activity = recorded([Leg(EASY, metres=8000, index=0)], workout=today.workout)
    assert found(activity, monday, today).session_id == "2026w11-2"


def test_the_same_workout_as_far_before_as_after_is_ambiguous() -> None:
    before, after = (session(n, "8km E", SessionKind.EASY, days=d) for n, d in ((1, -1), (2, 1)))
    activity = recorded([Leg(EASY, metres=8000, index=0)], workout=before.workout)
    result = found(activity, before, after)
    assert (result.method, result.session_id) == (Method.AMBIGUOUS, None)
    planned = [session_fact(candidate.session) for candidate in (before, after)]
    facts = {"sessions": ["2026w11-1", "2026w11-2"], "planned": planned}
    assert result.why == Reason(MatchReason.COULD_BE_ANY, facts)


def test_our_tag_in_the_name_of_the_workout_is_enough() -> None:
    activity = recorded([Leg(EASY, metres=3000)], workout_name="Intervals [w11-1]")
    assert found(activity, INTERVALS, SHORT_EASY).method is Method.NAME
    assert found(activity, INTERVALS, SHORT_EASY).session_id == "2026w11-1"
    assert found(replace(activity, workout_name="[w11-1] mine"), INTERVALS).method is Method.UNPLANNED


def test_a_marker_of_another_athlete_is_not_ours() -> None:
    key = OwnerKey("anna", "2026w11-1", INTERVALS.workout.content_hash)
    activity = recorded([Leg(EASY, metres=3000)], workout_name=key.marker)
    anna = attribute(activity, THURSDAY, [INTERVALS], ZONES, athlete="anna")
    ben = attribute(activity, THURSDAY, [INTERVALS], ZONES, athlete="ben")
    assert (anna.method, anna.session_id) == (Method.EXACT, "2026w11-1")
    assert (ben.method, ben.session_id) == (Method.UNPLANNED, None)


def test_intervals_by_lap_button_look_like_the_intervals() -> None:
    result = found(recorded(six_800(numbered=False)), INTERVALS, SHORT_EASY)
    assert (result.method, result.session_id) == (Method.SHAPE, "2026w11-1")
    assert 0.6 <= result.confidence < 1


def test_missed_paces_are_still_the_session() -> None:
    assert found(recorded(six_800([300] * 6, numbered=False)), INTERVALS).session_id == "2026w11-1"


def test_being_the_only_run_of_the_day_proves_nothing() -> None:
    easy = recorded([Leg(EASY, metres=9700)], auto_lap_m=1000)
    short = recorded([Leg(EASY, metres=4000)])
    assert found(easy, INTERVALS).method is Method.UNPLANNED
    assert found(short, LONG).method is Method.UNPLANNED


def test_an_easy_run_is_told_from_a_long_one() -> None:
    assert found(recorded([Leg(EASY, metres=15_500)]), SHORT_EASY, LONG).session_id == "2026w11-3"
    assert found(recorded([Leg(EASY, metres=8200)]), SHORT_EASY, LONG).session_id == "2026w11-2"


def test_two_sessions_that_fit_alike_are_ambiguous() -> None:
    twin = replace(SHORT_EASY, session=replace(SHORT_EASY.session, id="2026w11-4"))
    result = found(recorded([Leg(EASY, metres=8000)]), SHORT_EASY, twin)
    assert (result.method, result.session_id, result.confidence) == (Method.AMBIGUOUS, None, 0.0)


def test_the_session_of_the_day_comes_before_that_of_the_next() -> None:
    today = session(5, "8km E", SessionKind.EASY)
    assert found(recorded([Leg(EASY, metres=8000)]), SHORT_EASY, today).session_id == "2026w11-5"


def test_sessions_further_away_than_a_day_are_not_guessed() -> None:
    late = THURSDAY + timedelta(days=3)
    assert found(recorded([Leg(EASY, metres=8000)]), SHORT_EASY, day=late).method is Method.UNPLANNED


def test_other_sports_complete_no_run() -> None:
    ride = replace(recorded([Leg(EASY, metres=8000)]), sport="cycling")
    assert found(ride, SHORT_EASY).method is Method.UNPLANNED


def test_no_session_is_completed_twice_and_the_surest_run_comes_first() -> None:
    guessed = recorded(six_800(numbered=False))
    pushed = recorded(six_800(), workout=INTERVALS.workout)
    easy = recorded([Leg(EASY, metres=8000)])
    runs = [(guessed, THURSDAY), (pushed, THURSDAY), (easy, THURSDAY + timedelta(days=1))]
    results = attribute_all(runs, [INTERVALS, SHORT_EASY], ZONES)
    assert [result.session_id for result in results] == [None, "2026w11-1", "2026w11-2"]
    assert [result.method for result in results] == [Method.UNPLANNED, Method.EXACT, Method.SHAPE]


def test_nothing_planned_is_unplanned() -> None:
    assert (
        attribute_all([(recorded([Leg(EASY, metres=5000)]), THURSDAY)], [], ZONES)[0].method
        is Method.UNPLANNED
    )
    assert attribute_all([], [INTERVALS], ZONES) == ()


def test_a_workout_of_one_open_step_matches_only_itself() -> None:
    assert not same_workout(
        Workout((Step(covering(5000)),)), Workout((Step(covering(5000)), Step(covering(5000))))
    )


T_EDGE = 1000 / ZONES.bands[PaceZone.THRESHOLD].slow_mps - 0.01  # the slowest pace that is still T


def unplanned_effort(seconds: float, pace: float = T_EDGE, noise: float = 0.0) -> Activity:
    """Between easy running, on no lap button: it looks like no session."""
    legs = [Leg(EASY, seconds=300), Leg(pace, seconds=seconds), Leg(EASY, seconds=300)]
    return recorded(legs, auto_lap_m=1000, noise=noise)


@pytest.mark.parametrize(("seconds", "method"), [(1199, Method.UNPLANNED), (1200, Method.REPLACED)])
def test_twenty_minutes_at_threshold_replace_the_hard_session_and_a_second_less_does_not(
    seconds: float, method: Method
) -> None:
    assert found(unplanned_effort(seconds), INTERVALS).method is method


def test_a_replaced_session_is_named_with_the_reason() -> None:
    result = found(unplanned_effort(1500, 265, noise=0.036), SHORT_EASY, INTERVALS)
    assert (result.method, result.session_id) == (Method.REPLACED, "2026w11-1")
    assert result.why.code == MatchReason.STANDS_FOR


def test_an_easy_day_is_not_replaced() -> None:
    race = unplanned_effort(1500, 265)
    assert found(race, SHORT_EASY).method is Method.UNPLANNED
    two_days_off = THURSDAY + timedelta(days=2)
    assert found(race, INTERVALS, day=two_days_off).method is Method.UNPLANNED


def test_the_hard_session_of_the_day_is_replaced_before_that_of_the_next() -> None:
    tomorrow = session(2, SIX_800, SessionKind.INTERVAL, days=1)
    yesterday = session(3, SIX_800, SessionKind.INTERVAL, days=-1)
    race = unplanned_effort(1500, 265)
    assert found(race, yesterday, tomorrow, INTERVALS).session_id == "2026w11-1"
    assert found(race, yesterday, tomorrow).session_id == "2026w11-2"


def test_an_exact_match_is_never_replaced() -> None:
    race = replace(unplanned_effort(1500, 265), workout=INTERVALS.workout)
    assert found(race, INTERVALS).method is Method.EXACT


def test_a_run_that_looks_like_the_session_is_the_session() -> None:
    tempo = session(1, "15min E + 25min T + 10min E", SessionKind.THRESHOLD)
    tempo = replace(tempo, session=replace(tempo.session, hard=True, duration_s=3000.0, distance_m=9500.0))
    legs = [Leg(EASY, seconds=900), Leg(T_EDGE - 3, seconds=1500), Leg(EASY, seconds=600)]
    assert found(recorded(legs), tempo).method is Method.SHAPE


def test_quick_repetitions_with_jogs_between_them_hold_nothing() -> None:
    legs = [leg for _ in range(8) for leg in (Leg(225, seconds=180), Leg(400, seconds=60))]
    assert found(recorded(legs, auto_lap_m=1000), session(1, "60min T", SessionKind.INTERVAL)).method is (
        Method.UNPLANNED
    )


def test_a_planned_test_is_not_replaced_by_another_measurement() -> None:
    trial = replace(INTERVALS, session=replace(INTERVALS.session, kind=SessionKind.TEST))
    assert found(unplanned_effort(1500, 265), trial).method is Method.UNPLANNED


def test_without_zones_or_samples_and_on_a_treadmill_nothing_is_replaced() -> None:
    race = unplanned_effort(1500, 265)
    assert attribute(race, THURSDAY, [INTERVALS], None).method is Method.UNPLANNED
    assert found(without_samples(race), INTERVALS).method is Method.UNPLANNED
    assert found(replace(race, sub_sport="treadmill"), INTERVALS).method is Method.UNPLANNED


CLUB = workout("15min E + 4x(5min @4:50-5:10/km + 2min jog) + 10min E")


def test_a_workout_that_is_not_ours_is_no_session_by_its_shape() -> None:
    intervals = recorded(six_800(numbered=False))
    assert found(intervals, INTERVALS).method is Method.SHAPE
    assert found(replace(intervals, workout=CLUB), INTERVALS).method is Method.UNPLANNED


def test_a_piece_of_our_workout_and_ours_at_another_pace_are_not_foreign() -> None:
    steps = INTERVALS.workout.steps
    for ours in (Workout(steps[1:]), workout(SIX_800.replace("4:15-4:25", "4:05-4:15"))):
        started = replace(recorded(six_800(numbered=False)), workout=ours)
        assert found(started, INTERVALS).method is Method.SHAPE


def test_the_tag_of_one_session_keeps_the_run_from_every_other() -> None:
    today = replace(SHORT_EASY, session=replace(SHORT_EASY.session, day=THURSDAY))
    again = recorded([Leg(EASY, metres=8000)], workout=today.workout, workout_name="easy [w10-2]")
    assert found(again, today).method is Method.UNPLANNED
    assert found(replace(again, workout_name="easy"), today).method is Method.EXACT


@pytest.mark.parametrize(("metres", "is_it"), [(11_000, False), (11_300, True)])
def test_less_than_seven_tenths_of_the_long_run_is_a_jog(metres: int, is_it: bool) -> None:
    today = replace(LONG, session=replace(LONG.session, day=THURSDAY))
    assert (found(recorded([Leg(EASY, metres=metres)]), today).session_id is not None) is is_it


@pytest.mark.parametrize(("reps", "is_it"), [(1, True), (3, False)])
def test_repetitions_at_threshold_are_no_easy_run_and_a_few_quick_minutes_are(reps: int, is_it: bool) -> None:
    today = replace(SHORT_EASY, session=replace(SHORT_EASY.session, day=THURSDAY))
    hard = [leg for _ in range(reps) for leg in (Leg(T_EDGE - 15, seconds=150), Leg(EASY, seconds=120))]
    metres = 8000 - reps * (150_000 / (T_EDGE - 15) + 120_000 / EASY)
    run = recorded([Leg(EASY, metres=metres), *hard], auto_lap_m=1000)
    assert (found(run, today).session_id is not None) is is_it


def by_hand(metres: float | None, seconds: float) -> Activity:
    return replace(
        without_samples(recorded([Leg(EASY, metres=1000)])), laps=(), distance_m=metres, timer_s=seconds
    )


@pytest.mark.parametrize(
    ("metres", "seconds", "is_it"),
    [(9700, 3350, True), (9000, 3200, True), (8000, 3000, False), (9700, 7000, False), (None, 3300, True)],
)
def test_an_entry_by_hand_is_the_session_of_its_day_where_its_totals_are(
    metres: float | None, seconds: float, is_it: bool
) -> None:
    entry = by_hand(metres, seconds)
    answer = found(entry, INTERVALS)
    assert (answer.session_id is not None) is is_it
    assert answer.confidence <= 0.4
    assert found(entry, INTERVALS, day=THURSDAY + timedelta(days=1)).session_id is None
