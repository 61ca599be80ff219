"""Every reason has words, in kilometres and in miles."""

from collections.abc import Mapping
from typing import Any

import pytest

from syncd.domain.reason import Reason
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.taking_back import StaysBecause
from syncd.domain.units import KILOMETRES, MILES
from syncd.report.reasons import reason_sentence, reason_text
from syncd.store.reason_codec import reason_from_text, reason_to_text

DAY, LATER = "2026-04-05", "2026-04-07"
EASY = {"title": "easy", "length_m": 8000.0, "day": DAY}
RUN = {"in_band": 3, "planned": 4, "day": DAY}
RESULT = {"distance_m": 5000.0, "time_s": 1500.0, "day": DAY, "origin": "race"}
HOT = {"code": "hot", "temperature_c": 27.6}
ENTERED = {"code": "entered_result", "distance_m": 5000.0, "time": "25:00"}
SHORT = {
    "goal": "half",
    "wanted_week_m": 28_000.0,
    "wanted_long_m": 16_000.0,
    "wanted_long_s": 7200.0,
    "week_m": 20_000.0,
    "long_m": 9_000.0,
    "instead": "10k",
}
FACTS: Mapping[Cause, dict[str, Any]] = {
    Cause.RAN_TOO_FAR: {"run_m": 12_200.0, "day": DAY, "longest_m": 10_000.0},
    Cause.LOWER_AFTER_TIME_OFF: {"days": 16},
    Cause.EASED_AGAIN: {"days": ["2026-03-10", "2026-03-24"]},
    Cause.EASED_AGAIN_BEFORE_TEST: {"days": ["2026-03-10", "2026-03-24"], "day": DAY},
    Cause.ASKED_TEST_MISSED: {"day": DAY},
    Cause.EASED_AGAIN_NO_TEST: {"days": ["2026-03-10", "2026-03-24"]},
    Cause.EASED_AGAIN_AND_TIRED: {"days": ["2026-03-10", "2026-03-24"]},
    Cause.GENTLE_FIRST_RUN: {},
    Cause.PAST_RETURN: {"allowed_m": 5500.0, "planned_m": 9000.0},
    Cause.PAST_LONGEST: {"longest_m": 5000.0, "allowed_m": 5500.0, "planned_m": 9000.0},
    Cause.NO_RECENT_RUN: {"allowed_m": 2000.0, "planned_m": 9000.0},
    Cause.RACED_UNPLANNED: {"day": DAY},
    Cause.HARD_UNPLANNED: {"day": DAY},
    Cause.WORKED_HARD_UNPLANNED: {"day": DAY, "work_s": 1790.0, "zone": "HM"},
    Cause.ALL_OUT_UNPLANNED: {"day": DAY},
    Cause.FELT_HARD_UNPLANNED: {"day": DAY, "rpe": 9.0},
    Cause.LONG_BESIDE_RACE: {"session": EASY, "day": LATER},
    Cause.MEASURED_INSTEAD: {"day": DAY, "session": EASY},
    Cause.EASY_MISSED: {"session": EASY},
    Cause.HARD_DROPPED: {"session": EASY},
    Cause.HARD_MOVED: {"session": EASY, "to": LATER},
    Cause.HARD_MOVED_OVER_EASY: {"session": EASY, "to": LATER},
    Cause.LONG_DROPPED: {"day": DAY},
    Cause.LONG_MOVED: {"day": DAY, "to": LATER},
    Cause.LONG_AND_HARD_MOVED: {"day": DAY, "to": LATER, "session": EASY, "hard_to": LATER},
    Cause.WEEKDAY_MISSED: {"missed": 3, "of": 4, "weekday": 6},
    Cause.RUNS_MISSED: {"missed": 4, "of": 16, "weeks": 4, "runs": 3},
    Cause.TOO_LITTLE_RUN: {"share": 0.612, "week_m": 16_240.0},
    Cause.NOTHING_SCORED: {},
    Cause.STEP_UP: {"runs": [RUN, RUN], "of": 2},
    Cause.STEP_BACK: {"runs": [RUN, RUN], "of": 3},
    Cause.OFF_PACE: {"runs": [RUN]},
    Cause.HARDER_THAN_MEANT: {"runs": [RUN], "rpe": 6},
    Cause.PARTLY_ON_PACE: {"runs": [RUN]},
    Cause.FASTER_THAN_ASKED: {"runs": [RUN]},
    Cause.ON_PACE_LOWER: {"runs": [RUN], "level": 2, "next_level": 3},
    Cause.TOP_LEVEL: {"runs": [RUN]},
    Cause.ONE_MORE: {"runs": [RUN]},
    Cause.OFF_PACE_AT_LOWEST: {"days": [DAY, LATER]},
    Cause.REPS_TOO_FAST: {"days": [DAY, LATER]},
    Cause.REPS_ALWAYS_TOO_FAST: {"days": [DAY, LATER]},
    Cause.NOT_EASY_EASED: {"days": [DAY, LATER]},
    Cause.NOT_EASY_NOTED: {"days": [DAY, LATER]},
    Cause.HARDER_THAN_USUAL: {"by": 2.0, "usual": 3.5},
    Cause.HARDER_BEFORE_LIGHTER_WEEK: {"by": 2.0, "usual": 3.5},
    Cause.HARDER_AGAIN: {"by": 2.0, "usual": 3.5},
    Cause.HEART_DRIFTED: {"shares": [0.113, 0.12]},
    Cause.BY_TALKING: {},
    Cause.HEALTH_SAID: {"grade": "stop", "day": DAY},
    Cause.HEALTH_CLEARED: {"grade": "stop", "day": DAY, "cleared_for": "easy"},
    Cause.HEALTH_OVER: {"day": DAY},
    Cause.HEALTH_NOT_SO: {},
    Cause.HEALTH_OUTRANKS: {},
    Cause.PREGNANT: {},
    Cause.NO_RUNNING: {},
    Cause.RACE_NOT_PLANNED_FOR: {"goal": "10k", "day": DAY},
    Cause.RACE_IN_RETURN: {"goal": "10k", "day": DAY},
    Cause.RACE_UNDER_AGE: {"goal": "marathon", "day": DAY},
    Cause.STILL_OFF: {"first_day": DAY, "days": 7},
    Cause.BACK_FROM_BREAK: {"first_day": DAY, "last_day": LATER, "days": 7},
    Cause.TROUBLED: {"trouble": "ill", "day": DAY},
    Cause.BACK_FROM_ILLNESS: {"days": 4, "hard_from": DAY},
    Cause.BACK_FROM_STOP: {"days": 40, "hard_from": DAY},
    Cause.BACK_FROM_INJURY: {"days": 4, "hard_from": DAY},
    Cause.SORE: {"day": DAY, "worst": 2, "place": "shin"},
    Cause.HURT_IN_RUN: {"day": DAY, "worst": 4, "place": "", "signs": ["limp", "rising"]},
    Cause.SEE_DOCTOR: {"day": DAY, "worst": 4, "place": "shin", "signs": ["night", "spot"]},
    Cause.PAIN_LONG_AGO: {"day": DAY},
    Cause.HARD_IN_HEAT: {"temperature_c": 31.0, "dew_point_c": 21.0, "day": DAY},
    Cause.LONG_IN_HEAT: {"temperature_c": 31.0, "dew_point_c": None, "day": None},
    Cause.PREGNANT_IN_HEAT: {"temperature_c": 25.0, "dew_point_c": None, "day": DAY},
    Cause.RACE_IN_HEAT: {"temperature_c": 31.0, "dew_point_c": None, "day": None},
    Cause.TEST_IN_HEAT: {"temperature_c": 31.0, "dew_point_c": None, "day": DAY},
    Cause.HEAT_SAID: {"temperature_c": 31.0, "dew_point_c": 21.0, "first_day": DAY, "last_day": LATER},
    Cause.HEAT_OVER: {"day": DAY},
    Cause.HEAT_IS_OTHERWISE: {"day": DAY},
    Cause.PAIN_IS_OTHERWISE: {"day": DAY},
    Cause.WAIT_FEVER_ASSUMED: {},
    Cause.FEVER_SAID: {"fever": True},
    Cause.RACE_IN_PAUSE: {"day": DAY},
    Cause.CLEARED: {"day": DAY},
    Cause.RACE_COSTS_TIME: {"days": 9, "day": DAY},
    Cause.MARATHON_COSTS_TIME: {"days": 9, "day": DAY, "percent": 4.25},
    Cause.TAKEN_BACK: {"fact": {"code": "run_counts_no_more", "day": DAY}},
    Cause.STAYS_EASIER: {
        "fact": {"code": "runs_came_late", "first_day": DAY, "last_day": LATER},
        "session": EASY,
        "why": "near",
    },
    Cause.RUN_COUNTS_NO_MORE: {"day": DAY},
    Cause.RUN_IS_OTHERWISE: {"day": DAY},
    Cause.RUNS_CAME_LATE: {"first_day": DAY, "last_day": LATER},
    Cause.DISTANCE_IS_OTHERWISE: {"first_day": DAY, "last_day": LATER},
    Cause.LONGEST_IS_OTHERWISE: {"day": DAY},
    Cause.RUN_AFTER_ALL: {"day": DAY},
    Cause.OUTCOME_IS_OTHERWISE: {"day": DAY},
    Cause.TIME_OFF_IS_OTHERWISE: {},
    Cause.SHOWN_AGAIN: {},
    Cause.PLANNED_WITHOUT_RUNS: {"as_of": DAY},
    Cause.WARNED: {"found": {"code": "skipped"}, "warning": {"code": "held_partly"}},
    Cause.HELD_WHOLE: {},
    Cause.HELD_PARTLY: {},
    Cause.NEW_PACES: {"source": ENTERED},
    Cause.BY_YOUR_EFFORT: {},
    Cause.EASY_BY_HEART_RATE: {"max_bpm": 148, "source": "measured maximum 190"},
    Cause.ENTERED_RESULT: {"distance_m": 5000.0, "time": "25:00"},
    Cause.ENTERED_DISTANCE: {"distance_m": 5000.0},
    Cause.RESULT: {"distance_m": 21_097.5, "origin": "race"},
    Cause.AFTER_TIME_OFF: {"source": ENTERED, "less": 0.027},
    Cause.OLD_RESULT: {"source": ENTERED},
    Cause.ENTERED_VDOT: {"vdot": 45.0},
    Cause.ASSUMED: {},
    Cause.SIMULATED: {},
    Cause.COUNTS: {},
    Cause.COUNTS_ALL_THE_SAME: {"doubt": HOT},
    Cause.FAR_SLOWER: {},
    Cause.INDOORS: {},
    Cause.WRONG_DISTANCE: {"run_m": 4900.0, "asked_m": 5000.0},
    Cause.DOWNHILL: {"drop_m": 40.4},
    Cause.STOPPED: {"stop_s": 12.0},
    Cause.UNEVEN: {},
    Cause.HILLY: {},
    Cause.HOT: {"temperature_c": 27.6},
    Cause.NOT_ALL_OUT: {"rpe": 6.5},
    Cause.NO_RUNNING_TIME: {"distance_m": 5000.0, "time_s": 4000.0},
    Cause.NO_BETTER: {},
    Cause.ENTERED: {},
    Cause.NO_PACE_DISTANCE: {"shortest_m": 3000.0},
    Cause.RESULT_REFUSED: {"result": RESULT, "why": HOT},
    Cause.RESULT_COUNTED: {"result": RESULT},
    Cause.RESULT_SET_PACES: {"result": RESULT, "five_k_s": 1500.0},
    Cause.RESULT_MOVED_PACES: {"result": RESULT, "five_k_s": 1500.0, "before_s": 1560.0},
    Cause.RESULT_ENTERED: {"result": RESULT | {"origin": ""}},
    Cause.KEPT_WITHOUT_PACES: {"result": RESULT, "why": {"code": "no_pace_distance", "shortest_m": 3000.0}},
    Cause.KEPT_WITH_FIRST_PACES: {"result": RESULT, "five_k_s": 1500.0},
    Cause.KEPT_WITH_PACES: {"result": RESULT, "five_k_s": 1500.0, "before_s": 1560.0},
    Cause.KEPT_RISING_SLOWLY: {"result": RESULT},
    Cause.KEPT_BEHIND_ANOTHER: {"result": RESULT},
    Cause.GOAL_SET: {"goal": "10k", "race": DAY, "priority": "A"},
    Cause.PHASE_SET: {"phase": "speed"},
    Cause.PLAN_IMPORTED: {"file": "spring.plan"},
    Cause.OWN_NOTE: {"text": "a week by the sea"},
    Cause.MOVED: {"was_on": DAY, "to": LATER},
    Cause.SKIPPED: {},
    Cause.PINNED: {},
    Cause.EASIER_CHOSEN: {},
    Cause.REMOVED_ON_CALENDAR: {},
    Cause.MOVED_ON_CALENDAR: {"was_on": DAY},
    Cause.TOO_NEAR_RUN: {"day": DAY, "hours": 48},
    Cause.TOO_NEAR: {"session": EASY, "hours": 48},
    Cause.PAUSED: {"first_day": DAY},
    Cause.PAUSED_UNTIL: {"first_day": DAY, "last_day": LATER},
    Cause.PAUSE_OVER: {},
    Cause.TROUBLE_SINCE: {"trouble": "hurt", "day": DAY},
    Cause.WELL_SINCE: {"day": DAY},
    Cause.WAIT_WITHOUT_SYMPTOMS: {},
    Cause.WAIT_WITHOUT_FEVER: {},
    Cause.WAIT_WITHOUT_PAIN: {},
    Cause.FIRST_RUN_AFTER: {"day": DAY},
    Cause.RACE_CONFIRMED: {"distance_m": 5000.0, "day": DAY},
    Cause.EASY_IN_RETURN: {"hard_from": DAY},
    Cause.TIME_OFF: {"kind": "ill", "first_day": DAY, "last_day": None},
    Cause.NO_FREE_DAY: {},
    Cause.WALK_FIRST: {},
    Cause.NEWCOMER: {},
    Cause.OWN_PHASE: {"phase": "speed"},
    Cause.FEWER_RUNS: {"runs": 3, "week_m": 16_000.0},
    Cause.TWO_WEEKS_FIRST: {},
    Cause.FALLS_SHORT: {"outlook": {"code": "short_of_race", **SHORT}},
    Cause.SHORT_OF_RACE: SHORT,
    Cause.TEST_WITHOUT_DAY: {},
    Cause.TEST_TOO_SOON: {},
    Cause.TEST_TOO_LONG: {},
    Cause.QUALITY_WITHOUT_DAY: {},
    Cause.QUALITY_WAITS: {"second": False, "rule": "S6"},
    Cause.QUALITY_SMALLER: {"second": True, "rule": "S19"},
    Cause.WEEK_IS_FULL: {"target_m": 30_040.0, "runs": 3, "week_m": 27_500.0, "rule": "R20"},
    Cause.NOT_CLEARED: {"concerns": "chest pain"},
    Cause.OVER_FIFTY: {},
    Cause.LONGEST_ABOVE_WEEK: {"longest_m": 20_000.0, "weekly_m": 10_000.0},
    Cause.WEEK_NEEDS_LONGER: {"longest_m": 2_000.0, "weekly_m": 90_000.0},
}


@pytest.mark.parametrize("cause", Cause)
def test_every_reason_has_words_that_a_reader_of_miles_understands(cause):
    reason = Reason(cause, FACTS[cause])
    for text in (reason_text(reason, KILOMETRES), reason_text(reason, MILES), reason_sentence(reason, MILES)):
        assert text
        assert "{" not in text
        assert "  " not in text
    assert "km" not in reason_text(reason, MILES)


@pytest.mark.parametrize(
    ("cause", "kilometres", "miles"),
    [
        (
            Cause.RAN_TOO_FAR,
            (
                "your run of 12.2 km on Sun 5 Apr was more than 110% of your longest run in the 30 days "
                "before (10.0 km): easy days first"
            ),
            (
                "your run of 7.6 mi on Sun 5 Apr was more than 110% of your longest run in the 30 days "
                "before (6.2 mi): easy days first"
            ),
        ),
        (
            Cause.EASY_MISSED,
            "you missed 8 km easy on Sun 5 Apr: no need to make it up",
            "you missed 5 mi easy on Sun 5 Apr: no need to make it up",
        ),
        (
            Cause.RESULT_MOVED_PACES,
            "5 km race on Sun 5 Apr in 25:00 counts: your 5 km is now 25:00, from 26:00",
            "5K race on Sun 5 Apr in 25:00 counts: your 5K is now 25:00, from 26:00",
        ),
        (Cause.WRONG_DISTANCE, "4.90 km instead of 5 km", "3.04 mi instead of 3.11 mi"),
        (Cause.RESULT, "21.1 km race", "half-marathon race"),
        (
            Cause.FALLS_SHORT,
            (
                "The plan falls short: a half-marathon needs a week of 28 km and a long run of 16 km or 120 "
                "min before it; this plan gets to 20 km and 9 km by then: a 10K is within reach (S4)."
            ),
            (
                "The plan falls short: a half-marathon needs a week of 17 mi and a long run of 10 mi or 120 "
                "min before it; this plan gets to 12 mi and 6 mi by then: a 10K is within reach (S4)."
            ),
        ),
        (
            Cause.STEP_BACK,
            (
                "two of your last three quality runs were off the pace: 3 of 4 reps on 5 Apr, 3 of 4 reps on "
                "5 Apr. The next one is a step back"
            ),
            None,
        ),
        (Cause.QUALITY_WAITS, "No quality run yet: at most 20% of the week is hard (S6).", None),
        (
            Cause.QUALITY_SMALLER,
            "The second quality run is kept short: the long run stays the longest (S19).",
            None,
        ),
        (Cause.GOAL_SET, "your goal is now a 10K on Sun 5 Apr 2026 (A race)", None),
        (
            Cause.AFTER_TIME_OFF,
            "5 km in 25:00, less 2.7% after time off",
            "5K in 25:00, less 2.7% after time off",
        ),
        (
            Cause.HEART_DRIFTED,
            (
                "your heart rate drifted by 11% and 12% on your last two long runs: they get no longer for "
                "two weeks"
            ),
            None,
        ),
    ],
)
def test_a_reason_is_told_in_the_readers_units(cause, kilometres, miles):
    reason = Reason(cause, FACTS[cause])
    assert reason_text(reason, KILOMETRES) == kilometres
    assert reason_text(reason, MILES) == (miles or kilometres)


@pytest.mark.parametrize(
    ("runs", "of", "begins"),
    [
        ([RUN], 3, "your last quality run was on pace"),
        ([RUN] * 2, 2, "your last two quality runs were on pace"),
        ([RUN] * 3, 3, "your last three quality runs were on pace"),
        ([RUN] * 2, 3, "two of your last three quality runs were on pace"),
    ],
)
def test_a_step_tells_how_many_runs_it_is_from(runs, of, begins):
    assert reason_text(Reason(Cause.STEP_UP, {"runs": runs, "of": of}), KILOMETRES).startswith(
        f"{begins}: 3 of 4"
    )


def test_a_reason_on_its_own_is_a_sentence_with_one_full_stop():
    assert reason_sentence(Reason(Cause.SKIPPED), KILOMETRES) == "You skipped it."
    assert (
        reason_sentence(Reason(Cause.NO_FREE_DAY), KILOMETRES)
        == "None of your running days is free this week."
    )


def test_what_an_earlier_version_kept_is_told_as_it_is():
    old = "your run of 12.2 km on Sun 5 Apr went too far"
    assert reason_text(Reason.legacy(old), MILES) == old


@pytest.mark.parametrize("cause", Cause)
def test_a_reason_survives_the_store(cause):
    reason = Reason(cause, FACTS[cause])
    kept = reason_from_text(reason_to_text(reason))
    assert kept == reason
    assert reason_text(kept, MILES) == reason_text(reason, MILES)


@pytest.mark.parametrize("why", StaysBecause)
def test_a_session_that_does_not_come_back_says_why(why: StaysBecause) -> None:
    facts = {**FACTS[Cause.STAYS_EASIER], "why": why.value}
    assert "does not come back all the same: " in reason_text(Reason(Cause.STAYS_EASIER, facts), KILOMETRES)
