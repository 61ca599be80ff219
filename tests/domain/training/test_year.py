"""The rules of a whole year, over a fixed grid of athletes: one rule, one test."""

from datetime import timedelta
from itertools import pairwise

import pytest

from syncd.domain.athlete import Goal, RacePriority
from syncd.domain.session import Phase, SessionKind, WeekKind, monday_of
from syncd.domain.training.hard_limits import hard_share
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rule_book import RULES
from syncd.domain.training.sessions import HARD_LONG_S
from syncd.domain.training.weeks import plan_weeks
from syncd.domain.workout import PaceZone, Repeat, Role
from tests.domain.training.athletes import Diary, article_runner, long_of
from tests.domain.training.grid import athletes, held_back
from tests.support.said import in_km

LATER = (Phase.SPEED, Phase.COMBINE)
pytestmark = pytest.mark.long


def gap_of(athlete) -> int:
    born = athlete.inputs.health.birth_year
    return 3 if born is not None and athlete.inputs.first_day.year - born >= 50 else 2


def strains(athlete):
    return [each for each in athlete.sessions if each.hard or each.kind is SessionKind.LONG]


def test_the_grid_has_hundreds_of_athletes_and_refuses_only_races_out_of_reach() -> None:
    assert len(athletes()) >= 500
    assert all(len(athlete.weeks) == 52 for athlete in athletes())


def test_every_rule_named_in_a_plan_is_explained() -> None:
    named = {rule for athlete in athletes() for session in athlete.sessions for rule in session.rules}
    assert named <= set(RULES)


def test_s1_s30_distance_comes_before_speed_and_speed_before_combine() -> None:
    order = [Phase.DISTANCE, Phase.SPEED, Phase.COMBINE]
    for athlete in athletes():
        for one, other in pairwise(athlete.weeks):
            if one.phase is not other.phase:
                step = order.index(other.phase) - order.index(one.phase)
                skips_speed = athlete.inputs.race is not None and step == 2
                assert step == 1 or skips_speed or other.phase is Phase.DISTANCE


def test_s31_without_a_race_distance_lasts_20_weeks_speed_12_and_combine_8() -> None:
    for athlete in athletes():
        if athlete.inputs.race is None:
            phases = [week.phase for week in athlete.weeks]
            assert (
                phases
                == [Phase.DISTANCE] * 20 + [Phase.SPEED] * 12 + [Phase.COMBINE] * 8 + [Phase.DISTANCE] * 12
            )


def test_r21_at_most_three_build_weeks_follow_each_other_over_changes_of_phase() -> None:
    for athlete in athletes():
        builds = 0
        for week in athlete.weeks:
            builds = builds + 1 if week.kind is WeekKind.BUILD else 0
            assert builds <= (2 if gap_of(athlete) == 3 else 3)


def test_r20_no_run_but_a_race_goes_past_110_per_cent_of_the_longest_of_30_days() -> None:
    for athlete in athletes()[::3]:
        diary = Diary.of(athlete.inputs, athlete.weeks)
        for session in athlete.sessions:
            longest = max(diary.before(session.day, 30), default=None)
            if session.kind is not SessionKind.RACE and longest is not None:
                cap = longest + 500 if longest < 5000 else longest * 1.1
                assert session.distance_m <= cap + 1


def test_hard_days_and_long_runs_are_48_hours_apart_and_72_from_the_age_of_50() -> None:
    for athlete in athletes():
        for before, after in pairwise(strains(athlete)):
            if SessionKind.RACE in {before.kind, after.kind}:
                continue  # the day of a race is not ours to choose
            if before.hard or after.hard:
                assert (after.day - before.day).days >= gap_of(athlete)


def test_s19_every_ordinary_week_has_one_long_run_and_it_is_the_longest() -> None:
    for athlete in athletes():
        for week in athlete.ordinary():
            if any(session.kind is SessionKind.RACE for session in week.sessions):
                continue
            longs = [session for session in week.sessions if session.kind is SessionKind.LONG]
            assert len(longs) == 1
            others = [session.distance_m for session in week.sessions if session is not longs[0]]
            assert all(metres < longs[0].distance_m for metres in others)


def test_r25_a_quarter_of_the_week_is_hard_at_most_in_speed_and_combine() -> None:
    for athlete in athletes():
        for week in athlete.ordinary(*LATER):
            if any(session.kind is SessionKind.RACE for session in week.sessions):
                continue
            hard = sum(athlete.quality_m(week).values())
            if any(session.hard for session in week.sessions):
                assert hard <= hard_share(week.phase, week.distance_m) * week.distance_m + 50


def test_r24_5k_and_interval_pace_share_their_cap_in_every_phase() -> None:
    for athlete in athletes():
        for week in athlete.ordinary():
            if any(session.kind is SessionKind.RACE for session in week.sessions):
                continue
            quality = athlete.quality_m(week)
            metres = quality.get(PaceZone.FIVE_K, 0.0) + quality.get(PaceZone.INTERVAL, 0.0)
            cap = max(0.08 * week.distance_m, min(4000.0, 0.12 * week.distance_m), 1600.0)
            assert metres <= cap + 20


def test_s24_the_5k_ladder_has_half_the_repetition_to_recover_and_none_is_over_8_minutes() -> None:
    for athlete in athletes()[::5]:
        pace = athlete.inputs.zones.paces[PaceZone.FIVE_K].fast_s_per_km
        for session in athlete.sessions:
            if session.family != "race_pace":
                continue
            for item in session.workout.steps:
                if isinstance(item, Repeat):
                    run, jog = item.steps
                    seconds = run.duration.metres * pace / 1000
                    share = 0.4 if run.duration.metres >= 1600 else 0.5
                    assert jog.role is Role.RECOVERY
                    assert jog.duration.seconds >= min(share * seconds, 300)
                    assert seconds <= 481


def test_s25_s26_the_first_5k_sessions_are_200s_then_400s_and_rungs_only_rise() -> None:
    for athlete in athletes():
        if athlete.inputs.race is None:
            levels = [
                session.level
                for week in athlete.ordinary(Phase.SPEED)
                if week.kind is WeekKind.BUILD
                for session in week.sessions
                if session.family == "race_pace"
            ]
            assert all(level <= 2 for level in levels[:1])
            assert all(level <= 3 for level in levels[:2])  # 200s and 400s


def test_s27_four_days_have_one_or_two_hard_ones_in_the_speed_phase() -> None:
    for athlete in athletes():
        for week in athlete.ordinary(Phase.SPEED):
            hard = sum(session.hard for session in week.sessions)
            assert hard <= 2
            full = athlete.inputs.availability.days_per_week
            least = 32_000 if full == 4 else 35_000
            if hard == 2:
                assert full >= 4
                too_little_room = any(note.code == Cause.WEEK_IS_FULL for note in week.notes)
                assert too_little_room or week.distance_m >= 0.9 * least


def test_s28_speed_weeks_have_85_to_92_per_cent_of_the_peak() -> None:
    for athlete in athletes():
        if athlete.inputs.race is not None or athlete.inputs.availability.days_per_week == 2:
            continue  # with two days, the quality session itself makes the week smaller
        distance = [week.distance_m for week in athlete.weeks[:20]]
        for week in athlete.weeks[20:32]:
            if week.kind is WeekKind.BUILD:
                assert week.distance_m <= 0.92 * max(distance)
                if not any(note.code == Cause.WEEK_IS_FULL for note in week.notes):
                    assert week.distance_m >= 0.85 * max(distance)


def test_s16_eight_weeks_of_speed_use_four_paces_where_the_days_allow_quality() -> None:
    for athlete in athletes():
        speed = [week for week in athlete.weeks if week.phase is Phase.SPEED]
        if athlete.inputs.race is not None or any(
            note.code in (Cause.QUALITY_WITHOUT_DAY, Cause.QUALITY_WAITS)
            for week in speed
            for note in week.notes
        ):
            continue  # where no day is far enough from the long run, there is none
        paces = {zone for week in speed for zone in athlete.quality_m(week)}
        if max(week.distance_m for week in speed) >= 15_000:
            assert len(paces) >= 4


def test_s17_speed_takes_less_time_than_volume() -> None:
    for athlete in athletes():
        if athlete.inputs.race is None:
            speed = sum(each.duration_s for week in athlete.weeks[20:32] for each in week.sessions) / 12
            peak = max(sum(each.duration_s for each in week.sessions) for week in athlete.weeks[:20])
            assert speed < peak


def test_s29_every_four_weeks_have_a_long_run_and_from_the_third_week_a_quality_run_or_a_reason() -> None:
    for athlete in athletes():
        for start in range(4, 49, 4):
            block = athlete.weeks[start : start + 4]
            if all(week.kind in {WeekKind.BUILD, WeekKind.DOWN, WeekKind.TEST} for week in block):
                assert any(long_of(week) for week in block)
                hard = any(session.hard for week in block for session in week.sessions)
                assert hard or any("uality run" in in_km(note) for week in block for note in week.notes)


def test_tests_lie_in_the_last_three_days_of_a_light_week_72_hours_after_long_and_hard() -> None:
    count = 0
    for athlete in athletes():
        for before, after in pairwise(strains(athlete)):
            if after.kind is SessionKind.TEST:
                count += 1
                assert after.day.weekday() >= 4
                assert (after.day - before.day).days >= 3
        for week in athlete.weeks:
            kinds = [session.kind for session in week.sessions]
            assert (week.kind is WeekKind.TEST) == (SessionKind.TEST in kinds)
    assert count > 200


def test_a_test_replaces_a_run_and_never_adds_one() -> None:
    for athlete in athletes():
        for n, week in enumerate(athlete.weeks):
            before = [each for each in athlete.weeks[max(0, n - 4) : n] if each.kind is WeekKind.BUILD]
            if week.kind is WeekKind.TEST and before:
                assert len(week.sessions) <= max(len(each.sessions) for each in before)
                assert week.distance_m <= 0.75 * max(each.distance_m for each in before) + 101


def test_all_out_efforts_are_three_weeks_apart() -> None:
    for athlete in athletes():
        efforts = [e.day for e in athlete.sessions if e.kind in {SessionKind.TEST, SessionKind.RACE}]
        assert all((after - before).days >= 20 for before, after in pairwise(efforts))


def test_an_a_race_has_a_taper_of_41_to_60_per_cent_and_its_own_day() -> None:
    for athlete in athletes():
        race = athlete.inputs.race
        if race is None or race.priority is not RacePriority.A or race.day > athlete.weeks[-1].start:
            continue
        week = next(week for week in athlete.weeks if week.start == monday_of(race.day))
        assert week.kind is WeekKind.RACE
        assert week.sessions[-1].day == race.day
        assert week.sessions[-1].kind is SessionKind.RACE
        assert all(each.day < race.day for each in week.sessions[:-1])
        full = [
            each.distance_m
            for each in athlete.weeks
            if each.kind is WeekKind.BUILD and each.start < week.start
        ]
        before = sum(each.distance_m for each in week.sessions[:-1])
        assert before <= 0.62 * max(full[-2:], default=1e9) + 1000


def test_a_marathon_taper_loses_volume_week_after_week() -> None:
    for athlete in athletes():
        race = athlete.inputs.race
        if race and race.priority is RacePriority.A and race.goal is Goal.MARATHON:
            taper = [week for week in athlete.weeks if week.kind is WeekKind.TAPER]
            assert all(after.distance_m < before.distance_m for before, after in pairwise(taper))


def test_nothing_hard_for_10_days_after_a_half_and_21_after_a_marathon() -> None:
    easy_days = {Goal.FIVE_K: 2, Goal.TEN_K: 4, Goal.HALF: 10, Goal.MARATHON: 21}
    for athlete in athletes():
        race = athlete.inputs.race
        if race is not None:
            until = race.day + timedelta(days=easy_days[race.goal])
            assert not any(each.hard for each in athlete.sessions if race.day < each.day <= until)


def test_a_b_race_has_three_days_without_anything_hard_before_it() -> None:
    for athlete in athletes():
        race = athlete.inputs.race
        if race is not None and race.priority is RacePriority.B:
            since = race.day - timedelta(days=3)
            assert not any(each.hard for each in athlete.sessions if since <= each.day < race.day)


def test_a_long_run_with_20_minutes_at_marathon_pace_is_a_hard_day() -> None:
    found = 0
    for athlete in athletes():
        for session in athlete.sessions:
            if session.kind is SessionKind.LONG and "marathon pace" in session.title:
                found += 1
                assert session.hard
    assert HARD_LONG_S == 1200
    assert found > 0


def test_two_hard_days_at_most_below_70_kilometres() -> None:
    for athlete in athletes():
        for week in athlete.weeks:
            assert sum(session.hard for session in week.sessions) <= 2


def test_a_yes_to_a_health_question_means_nothing_hard_and_no_test_and_says_why() -> None:
    for athlete in held_back():
        assert not any(session.hard for session in athlete.sessions)
        assert any("doctor" in in_km(note) for note in athlete.weeks[0].notes)


def test_no_repetition_work_from_60_before_half_a_year_is_on_record() -> None:
    for athlete in athletes():
        if athlete.inputs.health.birth_year == 1960:
            early = [each for week in athlete.weeks[:22] for each in week.sessions]
            assert not any(each.kind is SessionKind.REPETITION for each in early)


def test_the_runner_of_the_article_has_800s_and_miles_late_in_the_speed_phase() -> None:
    weeks = plan_weeks(article_runner(32))
    titles = [each.title for week in weeks[20:] for each in week.sessions if each.family == "race_pace"]
    assert titles[0] == "8 x 200 m at 5K pace"
    assert titles[1] == "8 x 400 m at 5K pace"
    assert any("800 m" in title for title in titles)
    assert titles[-1].startswith("2 x 1600 m")


def test_3x1600_never_fits_36_kilometres_a_week() -> None:
    weeks = plan_weeks(article_runner(52))
    assert not any("3 x 1600" in each.title for week in weeks for each in week.sessions)
