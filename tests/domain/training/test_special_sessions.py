"""Races, newcomers, health, blocked days, the athlete's own phase: what a plan does with them."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.athlete import Availability, Concern, Goal, Health, PastRun, Race, RacePriority
from syncd.domain.reason import Reason
from syncd.domain.session import Phase, SessionKind, WeekKind
from syncd.domain.training.phases import PhaseEvidence, distance_weeks, open_gates, speed_weeks
from syncd.domain.training.reasons import Cause
from syncd.domain.training.special_sessions import ESTIMATE
from syncd.domain.training.weeks import (
    PlanError,
    UnplannableError,
    history_from_summary,
    plan_weeks,
    race_outlook,
)
from syncd.domain.training.zones import zones_from_result
from syncd.domain.units import MILES
from syncd.domain.workout import EffortTarget, steps_of
from syncd.report.reasons import reason_text
from tests.domain.training.athletes import MONDAY, article_runner, as_run, inputs, long_of
from tests.support.said import in_km


def racing(
    goal: Goal, weeks: int, *, km: float = 20, priority: RacePriority = RacePriority.A, total: int = 40
):
    race = Race(MONDAY + timedelta(weeks=weeks, days=6), goal, priority)
    history = history_from_summary(MONDAY, km * 1000, km * 400, 4)
    return replace(article_runner(total), goal=goal, race=race, history=history)


def unknown(history=()):
    return replace(article_runner(40), zones=None, history=history)


def steady_runner(weeks: int) -> tuple[PastRun, ...]:
    """Three half hours a week, and a longer one."""
    return tuple(
        PastRun(MONDAY - timedelta(weeks=back) + timedelta(days=day), metres, metres * 0.39)
        for back in range(1, weeks + 1)
        for day, metres in ((1, 5000.0), (3, 5000.0), (6, 8000.0))
    )


def test_under_12_weeks_to_a_race_there_is_only_the_combine_phase() -> None:
    weeks = plan_weeks(racing(Goal.FIVE_K, 9))
    assert {week.phase for week in weeks[:10]} == {Phase.COMBINE}


def test_a_far_race_is_counted_back_combine_then_speed_then_the_rest_distance() -> None:
    weeks = plan_weeks(racing(Goal.FIVE_K, 34))
    phases = [week.phase for week in weeks[:34]]
    assert phases.count(Phase.COMBINE) >= 6
    assert phases.count(Phase.SPEED) == 12
    assert phases == sorted(phases, key=[Phase.DISTANCE, Phase.SPEED, Phase.COMBINE].index)


def test_s5_a_race_is_run_by_effort_without_a_goal_time() -> None:
    weeks = plan_weeks(racing(Goal.HALF, 20, km=30))
    (race,) = [each for week in weeks for each in week.sessions if each.kind is SessionKind.RACE]
    (run,) = [step for step in steps_of(race.workout.steps) if step.duration.metres == 21_097.5]
    assert isinstance(run.target, EffortTarget)


def test_a_race_week_has_a_little_race_pace_four_or_five_days_before() -> None:
    week = plan_weeks(racing(Goal.FIVE_K, 10))[10]
    (sharp,) = [each for each in week.sessions if each.family == "sharpener"]
    assert (week.sessions[-1].day - sharp.day).days in {4, 5}


def test_a_c_race_replaces_the_hard_session_and_keeps_the_phase() -> None:
    given_inputs = racing(Goal.FIVE_K, 9, priority=RacePriority.C)
    given_inputs = replace(
        given_inputs, race=replace(given_inputs.race, day=MONDAY + timedelta(weeks=9, days=2))
    )
    week = plan_weeks(given_inputs)[9]
    assert week.phase is Phase.DISTANCE
    assert [each.kind for each in week.sessions if each.hard] == [SessionKind.RACE]
    assert long_of(week) is not None


def test_2_kilometres_a_week_and_a_marathon_in_six_weeks_is_refused_with_what_is_missing() -> None:
    with pytest.raises(UnplannableError) as refused:
        plan_weeks(racing(Goal.MARATHON, 6, km=2))
    assert "long run of 26 km" in in_km(refused.value.reason)
    assert "long run of 16 mi" in reason_text(refused.value.reason, MILES)


def test_a_goal_that_is_too_far_names_the_next_shorter_one_that_is_within_reach() -> None:
    with pytest.raises(UnplannableError) as refused:
        plan_weeks(racing(Goal.MARATHON, 20, km=20))
    assert in_km(refused.value.reason).endswith("a 10K is within reach")


def test_a_goal_that_is_nearly_within_reach_is_planned_and_told_honestly() -> None:
    close = racing(Goal.HALF, 20, km=30)
    (race_week,) = [week for week in plan_weeks(close) if week.kind is WeekKind.RACE]
    assert any("falls short" in in_km(note) and "10K" in in_km(note) for note in race_week.notes)
    assert race_outlook(close)


def test_a_marathon_within_reach_is_planned_without_a_warning() -> None:
    weeks = plan_weeks(racing(Goal.MARATHON, 30, km=45))
    assert max(long.distance_m for week in weeks if (long := long_of(week))) >= 26_000
    assert not any(note.code == Cause.FALLS_SHORT for week in weeks for note in week.notes)


def test_after_a_marathon_walking_then_half_hours_every_second_day() -> None:
    weeks = plan_weeks(racing(Goal.MARATHON, 30, km=45))
    after = weeks[31]
    assert after.kind is WeekKind.REST
    race_day = weeks[30].sessions[-1].day
    assert all((each.day - race_day).days > 4 and each.duration_s <= 1801 for each in after.sessions)


@pytest.mark.parametrize(
    ("race", "because"),
    [
        (Race(MONDAY - timedelta(days=1), Goal.FIVE_K), "is in the past"),
        (Race(MONDAY + timedelta(weeks=61), Goal.FIVE_K), "60 weeks"),
        (Race(MONDAY + timedelta(weeks=10), Goal.NONE), "needs a distance"),
    ],
)
def test_races_that_make_no_plan_say_why(race, because) -> None:
    with pytest.raises(PlanError, match=because):
        plan_weeks(replace(article_runner(), race=race))


@settings(max_examples=40)
@given(inputs(), st.integers(4, 30), st.sampled_from(list(RacePriority)), st.integers(0, 6), st.data())
def test_a_plan_with_a_race_is_planned_again_unchanged_when_it_was_followed(
    given_inputs, race_weeks, priority, day, data
) -> None:
    monday = MONDAY - timedelta(weeks=0)
    race = Race(monday + timedelta(weeks=race_weeks, days=day), Goal.FIVE_K, priority)
    given_inputs = replace(
        given_inputs, race=race, goal=Goal.FIVE_K, first_day=MONDAY, phase_start=MONDAY, weeks=34, levels={}
    )
    try:
        plan = plan_weeks(given_inputs)
    except PlanError:
        return
    on = data.draw(st.integers(1, 33))
    again = replace(
        given_inputs,
        first_day=MONDAY + timedelta(weeks=on),
        history=(*given_inputs.history, *(as_run(each) for week in plan[:on] for each in week.sessions)),
        weeks=34 - on,
        kept=plan[:on],
    )
    assert plan_weeks(again) == plan[on:]


def test_s3_somebody_who_never_ran_starts_walking_and_running_and_then_runs_longer() -> None:
    weeks = plan_weeks(unknown())
    phases = list(dict.fromkeys(week.phase for week in weeks))
    assert phases[:2] == [Phase.FOUNDATION, Phase.DISTANCE]
    first = [week for week in weeks if week.phase is Phase.FOUNDATION]
    assert all(each.kind is SessionKind.WALK_RUN for week in first for each in week.sessions)
    last_two = [week for week in first if week.kind is WeekKind.BUILD][-2:]
    assert all(each.duration_s >= 1795 for week in last_two for each in week.sessions)


def test_s12_without_a_5k_nothing_has_a_pace() -> None:
    for week in plan_weeks(unknown(steady_runner(10))):
        for session in week.sessions:
            targets = {type(step.target) for step in steps_of(session.workout.steps)}
            assert targets <= {EffortTarget, type(None)}
            assert "S12" in session.rules
            assert " pace" not in session.title


def test_s13_the_test_comes_as_soon_as_it_is_safe_when_the_5k_is_not_known() -> None:
    tests = [n for n, week in enumerate(plan_weeks(unknown(steady_runner(10)))) if week.kind is WeekKind.TEST]
    assert tests[0] == 1


@pytest.mark.parametrize("known_weeks", range(8))
def test_no_all_out_test_for_a_newcomer_before_eight_weeks(known_weeks) -> None:
    weeks = plan_weeks(unknown(steady_runner(known_weeks)))
    tests = [n for n, week in enumerate(weeks) for each in week.sessions if each.kind is SessionKind.TEST]
    assert all(n + known_weeks >= 8 for n in tests)


def test_a_newcomer_gets_a_controlled_estimate_before_the_first_test() -> None:
    weeks = plan_weeks(unknown(steady_runner(4)))
    estimates = [each for week in weeks for each in week.sessions if each.family == ESTIMATE]
    assert all(each.rpe == (6, 7) for each in estimates)
    assert estimates


def test_a_newcomer_with_a_race_runs_longer_until_then() -> None:
    race = Race(MONDAY + timedelta(weeks=16, days=6), Goal.FIVE_K)
    weeks = plan_weeks(replace(unknown(), race=race, goal=Goal.FIVE_K))
    assert {week.phase for week in weeks[:17]} <= {Phase.FOUNDATION, Phase.DISTANCE}


def test_an_open_health_question_withholds_tests_and_hard_sessions_until_cleared() -> None:
    held = Health.saying(Concern.STRESS_FRACTURE, since=MONDAY)
    plan = plan_weeks(replace(article_runner(30), health=held))
    assert not any(each.hard for week in plan for each in week.sessions)
    assert "stress fracture" in in_km(plan[0].notes[0])
    free = replace(held.answers[0], easy_from=MONDAY, free_from=MONDAY)
    cleared = plan_weeks(replace(article_runner(30), health=Health((free,))))
    assert cleared == plan_weeks(article_runner(30))


def test_no_test_before_the_day_it_is_safe_again() -> None:
    held = replace(article_runner(12), no_test_before=MONDAY + timedelta(weeks=10))
    week = plan_weeks(held)[7]
    assert week.kind is WeekKind.DOWN
    assert any("too soon" in in_km(note) for note in week.notes)


def test_the_athletes_own_phase_is_taken_at_once_and_told() -> None:
    weeks = plan_weeks(replace(article_runner(8), phase=Phase.SPEED))
    assert {week.phase for week in weeks} == {Phase.SPEED}
    assert any("S32" in in_km(note) for note in weeks[0].notes)


@pytest.mark.parametrize("weekday", range(7))
def test_one_blocked_day_changes_only_its_week(weekday) -> None:
    blocked = MONDAY + timedelta(weeks=5, days=weekday)
    plan = plan_weeks(article_runner(30))
    changed = plan_weeks(replace(article_runner(30), blocked=frozenset({blocked})))
    assert [n for n in range(30) if plan[n] != changed[n]] in ([], [5])
    assert not any(each.day == blocked for week in changed for each in week.sessions)


def test_a_week_without_a_free_day_is_empty_and_says_so() -> None:
    away = frozenset(MONDAY + timedelta(weeks=5, days=day) for day in range(7))
    week = plan_weeks(replace(article_runner(8), blocked=away))[5]
    assert week.sessions == ()
    assert week.notes


def test_a_faster_5k_never_gives_slower_sessions() -> None:
    slow, fast = (
        replace(
            article_runner(20),
            zones=zones_from_result(5000, t * 60, as_of=None, source=Reason.legacy("test")),
        )
        for t in (27, 23)
    )
    for zone, pace in fast.zones.paces.items():
        assert pace.fast_s_per_km <= slow.zones.paces[zone].fast_s_per_km


@pytest.mark.parametrize("km", [15, 20, 30, 45, 60])
def test_more_days_never_mean_less_distance_over_the_phase(km) -> None:
    totals = []
    for days in range(3, 8):
        given_inputs = replace(
            article_runner(20),
            availability=Availability(days),
            history=history_from_summary(MONDAY, km * 1000, km * 400, 4),
        )
        totals.append(sum(week.distance_m for week in plan_weeks(given_inputs)))
    assert all(more >= 0.97 * less for less, more in pairwise(totals))


def test_a_start_one_week_later_shifts_the_plan_by_a_week() -> None:
    shift = timedelta(weeks=1)
    runner = article_runner(30)
    later = replace(
        runner,
        first_day=MONDAY + shift,
        phase_start=MONDAY + shift,
        history=tuple(replace(run, day=run.day + shift) for run in runner.history),
    )
    for one, other in zip(plan_weeks(runner), plan_weeks(later), strict=True):
        assert (one.kind, one.phase, one.distance_m) == (other.kind, other.phase, other.distance_m)
        assert [each.day + shift for each in one.sessions] == [each.day for each in other.sessions]


@pytest.mark.parametrize(("km", "held"), [(3, False), (8, True), (12, True)])
def test_in_a_small_week_the_test_is_shorter_or_waits(km, held) -> None:
    small = replace(article_runner(9), history=history_from_summary(MONDAY, km * 1000, km * 400, 3))
    weeks = plan_weeks(small)
    tests = [each for each in weeks[7].sessions if each.kind is SessionKind.TEST]
    longest = max(each.distance_m for week in weeks[3:7] for each in week.sessions)
    assert bool(tests) is held
    assert all(each.distance_m <= 1.1 * longest for each in tests)
    assert held or any("test waits" in in_km(note) and "R20" in in_km(note) for note in weeks[7].notes)


def test_the_gate_out_of_the_distance_phase_names_what_is_missing() -> None:
    met = PhaseEvidence(0.9, 12_000, 5000, 3, 3.0)
    assert open_gates(met, Goal.FIVE_K) == ()
    assert len(open_gates(PhaseEvidence(0.5, 8000, 3000, 1, 5.0), Goal.FIVE_K)) == 4
    assert open_gates(PhaseEvidence(longest_m=12_000), Goal.MARATHON) != ()
    assert open_gates(PhaseEvidence(longest_m=12_000, longest_s=9000), Goal.MARATHON) == ()


@given(st.integers(0, 60), st.floats(0, 1))
def test_the_distance_phase_lasts_17_to_26_weeks_whatever_the_evidence(elapsed, easy_done) -> None:
    evidence = PhaseEvidence(easy_done, 12_000, 5000, 3, 3.0)
    assert 17 <= distance_weeks(evidence, elapsed, Goal.FIVE_K) <= 26
    assert 9 <= speed_weeks(PhaseEvidence(tests_without_gain=2), elapsed) <= 12


@settings(max_examples=15)
@given(st.integers(0, 12), st.integers(1, 33))
def test_a_plan_without_a_5k_is_planned_again_unchanged(known, on) -> None:
    runner = replace(unknown(steady_runner(known)), weeks=34)
    plan = plan_weeks(runner)
    again = replace(
        runner,
        first_day=MONDAY + timedelta(weeks=on),
        history=(*runner.history, *(as_run(each) for week in plan[:on] for each in week.sessions)),
        weeks=34 - on,
        kept=plan[:on],
    )
    assert plan_weeks(again) == plan[on:]
