"""What a score says besides its numbers, as codes; their texts are in `report/score_reasons`."""

from __future__ import annotations

from enum import StrEnum


class PartReason(StrEnum):
    """Why a part has its score, or could not be judged. Each is followed by its facts."""

    NO_PACE = "no_pace"
    NO_PACE_TARGET = "no_pace_target"
    TREADMILL_PACE = "treadmill_pace"
    PACE_IN_ANY_ORDER = "pace_in_any_order"
    REPS_IN_BAND = "reps_in_band"  # inside, of
    STEPS_IN_BAND = "steps_in_band"  # inside, of
    STEP_NOT_RUN = "step_not_run"
    STEP_IN_BAND = "step_in_band"
    STEP_OUTSIDE_BAND = "step_outside_band"
    LAP_BUTTON_ENDS_STEPS = "lap_button_ends_steps"
    LAP_BUTTON_ENDS_RUN = "lap_button_ends_run"
    TREADMILL_DISTANCE = "treadmill_distance"
    NO_DISTANCE = "no_distance"
    SHARE_OF_STEPS = "share_of_steps"  # share
    TIME_OF_PLANNED = "time_of_planned"  # timer_s, planned_s
    DISTANCE_OF_PLANNED = "distance_of_planned"  # distance_m, planned_m
    NO_EFFORT = "no_effort"
    HEART_RATE_LOCKED = "heart_rate_locked"
    EFFORT = "effort"  # rpe, low, high
    TIME_IN_HEART_RATE_BAND = "time_in_heart_rate_band"  # share
    NO_REPS = "no_reps"
    NO_FITTING_LAPS = "no_fitting_laps"
    REPS_RUN = "reps_run"  # run, planned, extra


class Note(StrEnum):
    """What the runner should know about how the score was made."""

    HEART_AND_EFFORT_DISAGREE = "heart_and_effort_disagree"
    MEASUREMENT = "measurement"
    STEPS_BY_INDEX = "steps_by_index"
    STEPS_BY_LAPS = "steps_by_laps"
    STEPS_BY_SIGNAL = "steps_by_signal"
    JUDGED_AS_A_WHOLE = "judged_as_a_whole"


class MatchReason(StrEnum):
    """Why a run is, or is not, a certain session. Each is followed by its facts."""

    WATCH_RAN_IT = "watch_ran_it"
    NAMED = "named"
    LOOKS_LIKE_IT = "looks_like_it"  # share
    LOOK_LIKE_IT_TOGETHER = "look_like_it_together"  # parts, share
    COULD_BE_ANY = "could_be_any"  # sessions, planned (title, length_m, day of each)
    LOOKS_LIKE_NONE = "looks_like_none"
    NOTHING_PLANNED = "nothing_planned"
    DONE_BY_ANOTHER = "done_by_another"  # title, length_m
    WAS_ANOTHER_RUN = "was_another_run"  # session
    PART_OF_SESSION = "part_of_session"  # title, length_m
    STANDS_FOR = "stands_for"  # title, length_m
    CHOSEN_BY_ATHLETE = "athlete_said_so"
    CORRECTED = "corrected"  # the run was put right
    REASSESSED = "looked_at_again"
    BETTER_RECORDING = "better_recording"
