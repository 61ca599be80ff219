"""The rules that every plan keeps, whoever the athlete is: one rule, one test."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings

from syncd.domain.athlete import Availability, Goal, PastRun
from syncd.domain.notation import format_workout, parse_workout
from syncd.domain.reason import Reason
from syncd.domain.session import Phase, SessionKind, Week, WeekKind, monday_of, session_id, week_of
from syncd.domain.training.sessions import easy_speed_mps, estimate, quality_metres
from syncd.domain.training.weeks import PlanInputs, plan_weeks
from syncd.domain.training.zones import zones_from_result
from syncd.domain.workout import PaceZone
from tests.domain.training.athletes import MONDAY, Diary, article_runner, inputs, long_of
from tests.support.said import in_km

EVERY_ATHLETE = settings(max_examples=100)
SHARES = {2: 0.60, 3: 0.45, 4: 0.36, 5: 0.32, 6: 0.30, 7: 0.27}
DAY_CAP_M = {"5k": 10_000, "10k": 10_000, "none": 10_000, "half": 12_000, "marathon": 14_000}
HM, M, T = PaceZone.HALF_MARATHON, PaceZone.MARATHON, PaceZone.THRESHOLD


def whole(weeks: tuple[Week, ...]) -> tuple[Week, ...]:
    """The weeks that the first day does not cut: their first slot is there."""
    return tuple(week for week in weeks if week.sessions and week.sessions[0].id.endswith("-1"))


def ordinary(weeks: tuple[Week, ...]) -> tuple[Week, ...]:
    """Whole build and down weeks: those that no test, race or rest shapes."""
    return tuple(week for week in whole(weeks) if week.kind in {WeekKind.BUILD, WeekKind.DOWN})


def in_distance(weeks: tuple[Week, ...]) -> tuple[Week, ...]:
    """The ordinary weeks of the distance phase."""
    return tuple(week for week in ordinary(weeks) if week.phase is Phase.DISTANCE)


def least_start_m(plan_inputs: PlanInputs) -> float:
    """A small honest start: three runs (or two) of at most 20 min."""
    return min(plan_inputs.availability.days_per_week, 3) * 1200 * easy_speed_mps(plan_inputs.zones)


def week_quality(plan_inputs: PlanInputs, week: Week) -> dict[PaceZone, float]:
    found: dict[PaceZone, float] = {}
    for session in week.sessions:
        for zone, metres in quality_metres(session.workout, plan_inputs.zones).items():
            found[zone] = found.get(zone, 0.0) + metres
    return found


@EVERY_ATHLETE
@given(inputs())
def test_there_is_a_week_for_every_week_asked_and_nothing_before_the_first_day(given_inputs) -> None:
    weeks = plan_weeks(given_inputs)
    first = monday_of(given_inputs.first_day)
    assert [week.start for week in weeks] == [first + timedelta(weeks=n) for n in range(given_inputs.weeks)]
    assert all(week.phase in {Phase.DISTANCE, Phase.SPEED} for week in weeks)
    for week in weeks:
        days = [session.day for session in week.sessions]
        assert days == sorted(set(days))
        assert all(day >= given_inputs.first_day and monday_of(day) == week.start for day in days)
        assert all(day.weekday() in given_inputs.availability.weekdays for day in days)


@EVERY_ATHLETE
@given(inputs())
def test_session_ids_name_their_week_and_slot_also_in_a_week_that_has_begun(given_inputs) -> None:
    weeks = plan_weeks(given_inputs)
    for week in whole(weeks):
        slots = range(1, len(week.sessions) + 1)
        assert [session.id for session in week.sessions] == [session_id(week.start, n) for n in slots]
    from_monday = plan_weeks(replace(given_inputs, first_day=weeks[0].start, history=()))
    if not given_inputs.history:
        ids = {session.id for session in from_monday[0].sessions}
        assert {session.id for session in weeks[0].sessions} <= ids
    assert all(week_of(session.id) == week.start for week in weeks for session in week.sessions)


@EVERY_ATHLETE
@given(inputs())
def test_r17_the_first_whole_week_is_not_more_than_what_was_run(given_inputs) -> None:
    weeks = plan_weeks(given_inputs)
    origin = weeks[0].start
    recent = [run.distance_m for run in given_inputs.history if 0 < (origin - run.day).days <= 28]
    start = max(sum(recent) / 4, least_start_m(given_inputs))
    assert whole(weeks)[0].distance_m <= start + 1


@EVERY_ATHLETE
@given(inputs())
def test_r18_a_build_week_grows_by_seven_per_cent_or_half_a_mile_a_run_at_most(given_inputs) -> None:
    builds = [w for w in whole(plan_weeks(given_inputs)) if w.kind is WeekKind.BUILD]
    for n in range(1, len(builds)):
        if builds[n].phase is not Phase.DISTANCE:
            continue
        base = max(week.distance_m for week in builds[max(0, n - 2) : n])
        runs = given_inputs.availability.days_per_week
        assert builds[n].distance_m <= min(base * 1.07, base + 800 * runs) + 50  # whole hundreds of metres


@EVERY_ATHLETE
@given(inputs())
def test_the_week_after_a_down_week_repeats_the_last_build_volume(given_inputs) -> None:
    weeks = whole(plan_weeks(given_inputs))
    for n, (down, after) in enumerate(pairwise(weeks)):
        earlier = [week.distance_m for week in weeks[max(0, n - 2) : n]]
        if down.kind in {WeekKind.DOWN, WeekKind.TEST} and earlier and after.phase is Phase.DISTANCE:
            assert after.distance_m <= max(earlier) + 1


@EVERY_ATHLETE
@given(inputs())
def test_volume_stays_under_the_ceiling_of_the_macro_cycle(given_inputs) -> None:
    weeks = whole(plan_weeks(given_inputs))
    days = given_inputs.availability.days_per_week
    origin = monday_of(given_inputs.first_day)
    recent = [run.distance_m for run in given_inputs.history if 0 < (origin - run.day).days <= 28]
    start = max(sum(recent) / 4, least_start_m(given_inputs))
    grown = max(1.8 * start, start + 4000 * days)
    ceiling = max(start, min(grown, days * DAY_CAP_M[given_inputs.goal.value]))
    assert all(week.distance_m <= ceiling + 1 for week in weeks)


@EVERY_ATHLETE
@given(inputs())
def test_r19_more_than_three_days_only_with_five_kilometres_a_run(given_inputs) -> None:
    days = given_inputs.availability.days_per_week
    for week in ordinary(plan_weeks(given_inputs)):
        assert min(days, 3) <= len(week.sessions) <= days


def test_a_quality_run_gives_way_where_it_would_leave_an_easy_run_not_worth_going_out_for() -> None:
    tiny = replace(
        article_runner(5),
        availability=Availability(3, (0, 1, 2), 0),
        zones=zones_from_result(5000, 2353, as_of=None, source=Reason.legacy("test")),
        history=(PastRun(MONDAY - timedelta(days=1), 1400.0, 504.0),),
        levels={"hm_m": 1},
        goal=Goal.FIVE_K,
    )
    last = plan_weeks(tiny)[-1]
    assert [session.kind for session in last.sessions] == [
        SessionKind.LONG,
        SessionKind.EASY,
        SessionKind.EASY,
    ]
    assert any(in_km(note).startswith("No quality run yet") for note in last.notes)


def test_seven_days_at_twelve_kilometres_become_three_runs() -> None:
    small = article_runner(1)
    small = replace(
        small,
        availability=replace(small.availability, days_per_week=7),
        history=tuple(replace(run, distance_m=run.distance_m * 0.6) for run in small.history),
    )
    (week,) = plan_weeks(small)
    assert len(week.sessions) == 3
    assert any("R19" in in_km(note) for note in week.notes)


@EVERY_ATHLETE
@given(inputs())
def test_r20_no_run_goes_past_110_per_cent_of_the_longest_of_30_days(given_inputs) -> None:
    weeks = plan_weeks(given_inputs)
    diary = Diary.of(given_inputs, weeks)
    for session in (each for week in weeks for each in week.sessions):
        longest = max(diary.before(session.day, 30), default=None)
        if longest is None:
            older = max(diary.before(session.day, 10_000), default=None)
            minutes_20 = 1200 * easy_speed_mps(given_inputs.zones)
            cap = minutes_20 if older is None else min(minutes_20 * 1.5, max(0.4 * older, 500))
        else:
            cap = longest + 500 if longest < 5000 else longest * 1.1
        assert session.distance_m <= cap + 1


@EVERY_ATHLETE
@given(inputs())
def test_r21_every_fourth_week_of_the_phase_is_a_down_week(given_inputs) -> None:
    for week in plan_weeks(given_inputs):
        number = (week.start - given_inputs.phase_start).days // 7
        if week.phase is Phase.DISTANCE:
            assert (week.kind in {WeekKind.DOWN, WeekKind.TEST}) == (number % 4 == 3)


@EVERY_ATHLETE
@given(inputs())
def test_r21_a_down_week_has_three_quarters_of_volume_and_long_run(given_inputs) -> None:
    weeks = whole(plan_weeks(given_inputs))
    for n, week in enumerate(weeks):
        before = weeks[max(0, n - 3) : n]
        before = tuple(each for each in before if each.kind is WeekKind.BUILD)
        if week.kind in {WeekKind.DOWN, WeekKind.TEST} and before and week.phase is Phase.DISTANCE:
            assert week.distance_m <= 0.75 * max(each.distance_m for each in before) + 1
            longs = [long.distance_m for long in map(long_of, before) if long]
            long = long_of(week)
            assert long is not None
            assert long.distance_m <= 0.75 * max(longs) + 1


@EVERY_ATHLETE
@given(inputs())
def test_r22_no_week_is_more_than_1_3_times_the_best_of_the_last_four(given_inputs) -> None:
    weeks = plan_weeks(given_inputs)
    diary = Diary.of(given_inputs, weeks)
    for week in whole(weeks):
        last = [diary.week_m(week.start - timedelta(weeks=back)) for back in range(1, 5)]
        run = [metres for metres in last if metres > 0]
        if run:
            assert week.distance_m <= max(1.3 * max(run), least_start_m(given_inputs)) + 1


@EVERY_ATHLETE
@given(inputs())
def test_r23_the_long_run_keeps_its_share_150_minutes_and_35_kilometres(given_inputs) -> None:
    for week in ordinary(plan_weeks(given_inputs)):
        long = long_of(week)
        assert long is not None
        assert long.distance_m <= SHARES[len(week.sessions)] * week.distance_m + 101
        assert long.duration_s <= 9000 + 1
        assert long.distance_m <= 35_000


@EVERY_ATHLETE
@given(inputs())
def test_r24_each_pace_keeps_its_cap(given_inputs) -> None:
    threshold_m = 900 * 1000 / given_inputs.zones.paces[T].fast_s_per_km
    for week in ordinary(plan_weeks(given_inputs)):
        quality = week_quality(given_inputs, week)
        assert quality.get(T, 0) <= max(0.10 * week.distance_m, threshold_m) + 1
        five_k = quality.get(PaceZone.FIVE_K, 0) + quality.get(PaceZone.INTERVAL, 0)
        assert five_k <= max(0.12 * week.distance_m, 1600) + 1
        assert quality.get(PaceZone.REPETITION, 0) <= max(0.05 * week.distance_m, 1600) + 1


@EVERY_ATHLETE
@given(inputs())
def test_s6_hard_running_is_at_most_a_fifth_of_the_week(given_inputs) -> None:
    for week in in_distance(plan_weeks(given_inputs)):
        quality = week_quality(given_inputs, week)
        if any(session.hard for session in week.sessions):
            assert sum(quality.values()) <= 0.20 * week.distance_m + 1


@EVERY_ATHLETE
@given(inputs())
def test_s23_most_of_the_hard_running_is_at_half_marathon_or_marathon_pace(given_inputs) -> None:
    for week in in_distance(plan_weeks(given_inputs)):
        if any(session.hard for session in week.sessions):
            quality = week_quality(given_inputs, week)
            assert quality.get(HM, 0) + quality.get(M, 0) > 0.5 * sum(quality.values())


@EVERY_ATHLETE
@given(inputs())
def test_s19_one_long_run_a_week_is_its_longest_run_and_easy(given_inputs) -> None:
    for week in ordinary(plan_weeks(given_inputs)):
        longs = [session for session in week.sessions if session.kind is SessionKind.LONG]
        assert len(longs) == 1
        (long,) = longs
        assert long.day.weekday() == given_inputs.availability.long_run_day
        assert long.rpe[1] <= 4
        assert not long.hard
        assert all(each.distance_m < long.distance_m for each in week.sessions if each is not long)


@EVERY_ATHLETE
@given(inputs())
def test_48_hours_lie_between_hard_days_and_between_hard_and_long(given_inputs) -> None:
    sessions = [session for week in plan_weeks(given_inputs) for session in week.sessions]
    strains = [each for each in sessions if each.hard or each.kind is SessionKind.LONG]
    for before, after in pairwise(strains):
        if before.hard or after.hard:
            assert (after.day - before.day).days >= 2


@EVERY_ATHLETE
@given(inputs())
def test_at_most_one_quality_session_a_week_and_with_two_days_every_second_week(given_inputs) -> None:
    weeks = [week for week in plan_weeks(given_inputs) if week.phase is Phase.DISTANCE]
    for week in weeks:
        assert sum(session.hard for session in week.sessions) <= 1
    if given_inputs.availability.days_per_week == 2:
        for one, other in pairwise(weeks):
            assert sum(each.hard for each in (*one.sessions, *other.sessions)) <= 1


@EVERY_ATHLETE
@given(inputs())
def test_s7_nothing_hard_before_two_weeks_of_running(given_inputs) -> None:
    weeks = plan_weeks(given_inputs)
    diary = Diary.of(given_inputs, weeks)
    for week in weeks:
        last = [diary.week_m(week.start - timedelta(weeks=back)) > 0 for back in range(1, 5)]
        if any(session.hard for session in week.sessions):
            assert last[0]
            assert sum(last) >= 2


@EVERY_ATHLETE
@given(inputs())
def test_s9_easy_runs_are_easy_and_not_too_long(given_inputs) -> None:
    weeks = plan_weeks(given_inputs)
    diary = Diary.of(given_inputs, weeks)
    for week in ordinary(weeks):
        long = long_of(week)
        assert long is not None
        restart = not diary.before(week.start, 30 - long.day.weekday())
        for run in week.sessions:
            if run.kind in (SessionKind.EASY, SessionKind.RECOVERY):
                assert run.rpe[1] <= 4
                assert run.duration_s <= 5400 + 1
                assert run.distance_m <= max((1 if restart else 0.8) * long.distance_m, 100) + 1


@EVERY_ATHLETE
@given(inputs())
def test_s20_a_week_without_a_free_day_has_a_recovery_run(given_inputs) -> None:
    for week in ordinary(plan_weeks(given_inputs)):
        recoveries = [session for session in week.sessions if session.kind is SessionKind.RECOVERY]
        assert len(recoveries) == (1 if len(week.sessions) == 7 else 0)


@EVERY_ATHLETE
@given(inputs())
def test_s33_strides_come_from_the_third_week_on_once_a_week(given_inputs) -> None:
    for week in plan_weeks(given_inputs):
        number = (week.start - given_inputs.phase_start).days // 7
        with_strides = [session for session in week.sessions if "S33" in session.rules]
        assert len(with_strides) <= (1 if number >= 2 else 0)
        for session in with_strides:
            assert PaceZone.REPETITION in quality_metres(session.workout, given_inputs.zones)


@EVERY_ATHLETE
@given(inputs())
def test_every_session_can_be_written_in_one_line_and_says_what_it_takes(given_inputs) -> None:
    for week in plan_weeks(given_inputs):
        for session in week.sessions:
            assert parse_workout(format_workout(session.workout)).steps == session.workout.steps
            metres, seconds = estimate(session.workout, given_inputs.zones)
            assert session.distance_m == pytest.approx(metres, abs=1)
            assert session.duration_s == pytest.approx(seconds, abs=1)
            assert session.title
            assert session.purpose
            assert session.rules


@settings(max_examples=50)
@given(inputs())
def test_the_same_inputs_give_the_same_plan_in_whatever_order_the_history_comes(given_inputs) -> None:
    turned = replace(given_inputs, history=given_inputs.history[::-1])
    assert plan_weeks(given_inputs) == plan_weeks(turned)


@settings(max_examples=50)
@given(inputs())
def test_more_weeks_only_add_weeks(given_inputs) -> None:
    longer = plan_weeks(replace(given_inputs, weeks=given_inputs.weeks + 3))
    assert longer[: given_inputs.weeks] == plan_weeks(given_inputs)
