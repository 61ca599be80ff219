"""Every reason that a rule, the planner, a result or an override gives, and its facts.

Texts and units are made by `report.reasons`. The value of a code is kept in the store: it is
never renamed.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from syncd.domain.reason import Reason
from syncd.domain.session import Session


class Cause(StrEnum):
    """The codes. Each is followed by the facts that it comes with."""

    # one run that was too long
    RAN_TOO_FAR = "ran_too_far"  # run_m, day, longest_m
    LOWER_AFTER_TIME_OFF = "lower_after_time_off"  # days
    EASED_AGAIN = "eased_again"  # days: of the easings; test_from
    EASED_AGAIN_BEFORE_TEST = "eased_again_before_test"  # days; day: of the test
    ASKED_TEST_MISSED = "asked_test_missed"  # day
    EASED_AGAIN_NO_TEST = "eased_again_no_test"  # days
    EASED_AGAIN_AND_TIRED = "eased_again_and_tired"  # days
    PAST_RETURN = "past_return"  # allowed_m, planned_m
    GENTLE_FIRST_RUN = "gentle_first_run"
    PAST_LONGEST = "past_longest"  # longest_m, allowed_m, planned_m
    NO_RECENT_RUN = "no_recent_run"  # allowed_m, planned_m

    # hard runs that nobody planned
    RACED_UNPLANNED = "raced_unplanned"  # day
    HARD_UNPLANNED = "hard_unplanned"  # day; of earlier versions
    WORKED_HARD_UNPLANNED = "worked_hard_unplanned"  # day, work_s, zone (a `PaceZone`)
    ALL_OUT_UNPLANNED = "all_out_unplanned"  # day
    FELT_HARD_UNPLANNED = "felt_hard_unplanned"  # day, rpe
    LONG_BESIDE_RACE = "long_beside_race"  # session, day (of the race)
    MEASURED_INSTEAD = "measured_instead"  # day, session

    # missed
    EASY_MISSED = "easy_missed"  # session
    HARD_DROPPED = "hard_dropped"  # session
    HARD_MOVED = "hard_moved"  # session, to
    HARD_MOVED_OVER_EASY = "hard_moved_over_easy"  # session, to
    LONG_DROPPED = "long_dropped"  # day
    LONG_MOVED = "long_moved"  # day, to
    LONG_AND_HARD_MOVED = "long_and_hard_moved"  # day, to, session, hard_to
    WEEKDAY_MISSED = "weekday_missed"  # missed, of, weekday
    RUNS_MISSED = "runs_missed"  # missed, of, weeks, runs (a week, from now on)
    TOO_LITTLE_RUN = "too_little_run"  # share, week_m

    # how quality sessions went; `runs`: {in_band, planned, day} of each
    NOTHING_SCORED = "nothing_scored"
    STEP_UP = "step_up"  # runs, of
    STEP_BACK = "step_back"  # runs, of
    OFF_PACE = "off_pace"  # runs
    HARDER_THAN_MEANT = "harder_than_meant"  # runs, rpe
    PARTLY_ON_PACE = "partly_on_pace"  # runs
    FASTER_THAN_ASKED = "faster_than_asked"  # runs
    ON_PACE_LOWER = "on_pace_lower"  # runs, level, next_level
    TOP_LEVEL = "top_level"  # runs
    ONE_MORE = "one_more"  # runs
    OFF_PACE_AT_LOWEST = "off_pace_at_lowest"  # days
    REPS_TOO_FAST = "reps_too_fast"  # days
    REPS_ALWAYS_TOO_FAST = "reps_always_too_fast"  # days

    # strain on easy runs
    NOT_EASY_EASED = "not_easy_eased"  # days
    NOT_EASY_NOTED = "not_easy_told"  # days
    HARDER_THAN_USUAL = "harder_than_usual"  # by, usual
    HARDER_BEFORE_LIGHTER_WEEK = "harder_before_lighter_week"  # by, usual
    HARDER_AGAIN = "harder_again"  # by, usual
    HEART_DRIFTED = "heart_drifted"  # shares

    # time off; `trouble`: ill, hurt, stop or birth
    STILL_OFF = "still_off"  # first_day, days
    BACK_FROM_BREAK = "back_from_break"  # first_day, last_day, days
    TROUBLED = "troubled"  # trouble, day
    BACK_FROM_ILLNESS = "back_from_illness"  # days, hard_from
    BACK_FROM_INJURY = "back_from_injury"  # days, hard_from
    BACK_FROM_STOP = "back_from_stop"  # days, hard_from; after an answer about health, or a birth
    RACE_COSTS_TIME = "race_costs_time"  # days, day
    MARATHON_COSTS_TIME = "marathon_costs_time"  # days, day, percent

    # pain in a run; `worst`: 0 to 10, `place`: in the athlete's words or ""
    SORE = "sore"  # day, worst, place
    HURT_IN_RUN = "hurt_in_run"  # day, worst, place, signs
    SEE_DOCTOR = "see_doctor"  # day, worst, place, signs
    PAIN_LONG_AGO = "pain_long_ago"  # day

    # heat; with temperature_c, dew_point_c (or None), and day: of the run, None where the athlete said it
    HARD_IN_HEAT = "hard_in_heat"
    LONG_IN_HEAT = "long_in_heat"
    PREGNANT_IN_HEAT = "pregnant_in_heat"
    RACE_IN_HEAT = "race_in_heat"
    TEST_IN_HEAT = "test_in_heat"
    HEAT_SAID = "heat_said"  # temperature_c, dew_point_c, first_day, last_day
    HEAT_OVER = "heat_over"  # day

    # what a decision rested on holds no longer; `fact`: one of the reasons below it
    TAKEN_BACK = "taken_back"  # fact
    STAYS_EASIER = "stays_easier"  # fact, session, why
    RUN_COUNTS_NO_MORE = "run_counts_no_more"  # day
    RUN_IS_OTHERWISE = "run_is_otherwise"  # day
    RUNS_CAME_LATE = "runs_came_late"  # first_day, last_day
    DISTANCE_IS_OTHERWISE = "distance_is_otherwise"  # first_day, last_day
    LONGEST_IS_OTHERWISE = "longest_is_otherwise"  # day
    RUN_AFTER_ALL = "run_after_all"  # day
    OUTCOME_IS_OTHERWISE = "outcome_is_otherwise"  # day
    TIME_OFF_IS_OTHERWISE = "time_off_is_otherwise"
    PAIN_IS_OTHERWISE = "pain_is_otherwise"  # day
    HEAT_IS_OTHERWISE = "heat_is_otherwise"  # day
    SHOWN_AGAIN = "shown_again"
    PLANNED_WITHOUT_RUNS = "planned_without_runs"  # as_of

    # besides what a rule found
    WARNED = "warned"  # found, warning
    HELD_WHOLE = "held_whole"
    HELD_PARTLY = "held_partly"

    # paces
    NEW_PACES = "new_paces"  # source
    BY_YOUR_EFFORT = "by_your_effort"
    EASY_BY_HEART_RATE = "easy_by_heart_rate"  # max_bpm, source
    BY_TALKING = "by_talking"

    # what paces come from
    ENTERED_RESULT = "entered_result"  # distance_m, time
    ENTERED_DISTANCE = "entered_distance"  # distance_m
    RESULT = "result"  # distance_m, origin
    AFTER_TIME_OFF = "after_time_off"  # source, less
    OLD_RESULT = "old_result"  # source
    ENTERED_VDOT = "entered_vdot"  # vdot
    ASSUMED = "assumed"
    SIMULATED = "simulated"

    # whether a test or race counts
    COUNTS = "counts"
    COUNTS_ALL_THE_SAME = "counts_all_the_same"  # doubt
    FAR_SLOWER = "far_slower"
    INDOORS = "indoors"
    WRONG_DISTANCE = "wrong_distance"  # run_m, asked_m
    DOWNHILL = "downhill"  # drop_m
    STOPPED = "stopped"  # stop_s
    UNEVEN = "uneven"
    HILLY = "hilly"
    HOT = "hot"  # temperature_c
    NOT_ALL_OUT = "not_all_out"  # rpe
    NO_RUNNING_TIME = "no_running_time"  # distance_m, time_s
    NO_BETTER = "no_better"
    ENTERED = "told"
    NO_PACE_DISTANCE = "no_pace_distance"  # shortest_m

    # what a test or race did; `result`: {distance_m, origin, day, time_s}
    RESULT_REFUSED = "result_refused"  # result, why
    RESULT_COUNTED = "result_counted"  # result
    RESULT_SET_PACES = "result_set_paces"  # result, five_k_s
    RESULT_MOVED_PACES = "result_moved_paces"  # result, five_k_s, before_s
    RESULT_ENTERED = "told_result"  # result
    KEPT_WITHOUT_PACES = "kept_without_paces"  # result, why
    KEPT_WITH_FIRST_PACES = "kept_with_first_paces"  # result, five_k_s
    KEPT_WITH_PACES = "kept_with_paces"  # result, five_k_s, before_s
    KEPT_RISING_SLOWLY = "kept_rising_slowly"  # result
    KEPT_BEHIND_ANOTHER = "kept_behind_another"  # result

    # what the athlete decided
    GOAL_SET = "goal_set"  # goal, race (its day, or None), priority
    PHASE_SET = "phase_set"  # phase; None: left to the plan
    PLAN_IMPORTED = "plan_imported"  # file
    OWN_NOTE = "own_note"  # text
    MOVED = "moved"  # was_on, to
    SKIPPED = "skipped"
    PINNED = "pinned"
    EASIER_CHOSEN = "easier_chosen"
    REMOVED_ON_CALENDAR = "removed_on_calendar"
    MOVED_ON_CALENDAR = "moved_on_calendar"  # was_on
    TOO_NEAR = "too_near"  # session, hours
    TOO_NEAR_RUN = "too_near_run"  # day, hours
    PAUSED = "paused"  # first_day
    PAUSED_UNTIL = "paused_until"  # first_day, last_day
    RACE_IN_PAUSE = "race_in_pause"  # day
    CLEARED = "cleared"  # day
    PAUSE_OVER = "pause_over"
    TROUBLE_SINCE = "trouble_since"  # trouble, day
    WELL_SINCE = "well_since"  # day
    WAIT_WITHOUT_SYMPTOMS = "wait_without_symptoms"
    WAIT_WITHOUT_FEVER = "wait_without_fever"
    WAIT_FEVER_ASSUMED = "wait_fever_assumed"
    FEVER_SAID = "fever_said"  # fever (true or false)
    WAIT_WITHOUT_PAIN = "wait_without_pain"
    FIRST_RUN_AFTER = "first_run_after"  # day
    HEALTH_SAID = "health_said"  # grade, day
    HEALTH_CLEARED = "health_cleared"  # grade, day, cleared_for
    HEALTH_OVER = "health_over"  # day
    HEALTH_OUTRANKS = "health_outranks"
    HEALTH_NOT_SO = "health_not_so"
    RACE_CONFIRMED = "race_confirmed"  # distance_m, day
    EASY_IN_RETURN = "easy_in_return"  # hard_from

    # notes of weeks
    TIME_OFF = "time_off"  # kind (pause, ill, hurt or doctor), first_day, last_day (null while it lasts)
    NO_FREE_DAY = "no_free_day"
    WALK_FIRST = "walk_first"
    NEWCOMER = "newcomer"
    OWN_PHASE = "own_phase"  # phase
    FEWER_RUNS = "fewer_runs"  # runs, week_m
    TWO_WEEKS_FIRST = "two_weeks_first"
    FALLS_SHORT = "falls_short"  # outlook
    SHORT_OF_RACE = "short_of_race"  # goal, wanted_*_m, wanted_long_s, week_m, long_m, instead
    TEST_WITHOUT_DAY = "test_without_day"
    TEST_TOO_SOON = "test_too_soon"
    TEST_TOO_LONG = "test_too_long"
    QUALITY_WITHOUT_DAY = "quality_without_day"
    QUALITY_WAITS = "quality_waits"  # second, rule
    QUALITY_SMALLER = "quality_smaller"  # second, rule
    WEEK_IS_FULL = "week_is_full"  # target_m, runs, week_m, rule
    NOT_CLEARED = "not_cleared"  # concerns
    PREGNANT = "pregnant"
    NO_RUNNING = "no_running"  # stopped for health: a week in which nothing is planned
    RACE_IN_RETURN = "race_in_return"  # goal, day
    RACE_NOT_PLANNED_FOR = "race_not_planned_for"  # goal, day
    RACE_UNDER_AGE = "race_under_age"  # goal, day
    OVER_FIFTY = "over_fifty"
    LONGEST_ABOVE_WEEK = "longest_above_week"  # longest_m, weekly_m
    WEEK_NEEDS_LONGER = "week_needs_longer"  # longest_m, weekly_m


def session_fact(session: Session) -> dict[str, Any]:
    """What the name of a session in a reason needs: title, length (metres or None), day."""
    return {"title": session.title, "length_m": session.length_m, "day": session.day.isoformat()}


def time_off(kind: str, first_day: date, last_day: date | None) -> Reason:
    """Why nothing is planned on some days."""
    until = None if last_day is None else last_day.isoformat()
    return Reason(Cause.TIME_OFF, {"kind": kind, "first_day": first_day.isoformat(), "last_day": until})


def result_fact(distance_m: float, time_s: float, day: date, origin: str = "") -> dict[str, Any]:
    """A test or race in a reason; without an origin it is only a distance."""
    return {"distance_m": distance_m, "time_s": time_s, "day": day.isoformat(), "origin": origin}


def entered_result(distance_m: float, time: str) -> Reason:
    """Paces from a result as the athlete wrote it: `25:00`."""
    return Reason(Cause.ENTERED_RESULT, {"distance_m": distance_m, "time": time})
