"""Every number of the scorer, with its reason. "Default" is a starting value of ours."""

from __future__ import annotations

from collections.abc import Mapping

from syncd.domain.scoring.card import ScoreBand
from syncd.domain.session import SessionKind
from syncd.domain.workout import PaceZone

ALGORITHM = 3  # goes up when the same run would get another score

# Kinds, where the prescription does not name one. Default.
LONG_RUN_S = 75 * 60.0
LONGEST_REP_S = 5 * 60.0  # repeats of longer work are threshold-like
LONGEST_STRIDE_S = 30.0  # strides are 20 s
STRIDES_AROUND_SHARE = 0.6  # of the time outside repeats: then short sprints are strides, not the session
EASY_BAND_WIDTH = 1.2  # fast over slow edge: easy bands are 1.27 wide, work bands 1.05 to 1.16

# Speeds in m/s that only weigh steps without a pace target (in planned seconds). Default:
# 6:00/km, 4:45/km and 7:30/km, near the middle of recreational running.
EASY_GUESS_MPS, WORK_GUESS_MPS, RECOVERY_GUESS_MPS = 2.8, 3.5, 2.2
LAP_BUTTON_GUESS_S = 300.0

# Signals.
STILL_MPS = 0.5  # below it nobody runs or walks
WALKING_MPS = 1.0  # default: distance that grows like this contradicts it
STILL_ALLOWANCE_S = 120.0  # standing with the timer running: left out of pace up to this, in all
INTERRUPTION_S = 10.0  # a shorter stop is a shoe lace, not an interruption
SPIKE_MPS = 7.0  # 2:23/km: quicker is a satellite error ...
SUSTAINED_S = 5.0  # ... unless it lasts (default) ...
IMPOSSIBLE_MPS = 12.5  # ... and nobody ever ran faster than that (100 m record, peak 12.4)
GAP_S = 30.0  # default: a longer silence between two samples is no data
SMOOTHING_S = 15.0  # centred mean, for time in band
SETTLING_S = 15.0  # the first seconds of a step are acceleration
MEAN_ONLY_BELOW_S = 90.0  # shorter steps: two devices differ too much from second to second
LEAST_COVERAGE = 0.5  # default: below it the samples of a step do not speak for it

# Measurement tolerance beyond the band by step length: the 95th percentile of the difference of
# two devices on one runner, over sqrt 2 (five runs, 62 km).
TOLERANCES: tuple[tuple[float, float], ...] = (
    (45.0, 0.050),
    (90.0, 0.035),
    (180.0, 0.023),
    (600.0, 0.016),
    (float("inf"), 0.011),
)

# Beyond band and tolerance, credit falls to 0 over this share of the speed. Default. Easy has .13,
# not .12: then an easy run at M is off plan, and not a different session, for a 25:00 runner.
FAST_SUSTAINED, FAST_REPS, FAST_EASY = 0.04, 0.06, 0.13
FAST_AROUND_WORK, FAST_RECOVERY = 0.12, 0.25
SLOW_WORK = 0.08

# What may be earned at most by an easy run at M, M at T, T at I, and repetitions 10 % too fast:
# they are other sessions. Bites where zones lie close together (M and T of the quickest runners
# are 4 % apart) and where the tolerance is wide.
MOST_AT_NEXT_ZONE: Mapping[PaceZone, tuple[PaceZone, float]] = {
    PaceZone.EASY: (PaceZone.MARATHON, 0.5),
    PaceZone.MARATHON: (PaceZone.THRESHOLD, 0.5),
    PaceZone.THRESHOLD: (PaceZone.INTERVAL, 0.3),
}
REPS_TOO_FAST, MOST_FOR_REPS_TOO_FAST = 1.10, 0.3
FULL_TOWARDS_NEXT = 0.8  # default: of the way there, full credit ends at the latest

# Weights of a step in the pace part.
WORK_WEIGHT, WARMUP_WEIGHT, COOLDOWN_WEIGHT, RECOVERY_WEIGHT = 1.0, 0.3, 0.2, 0.4

# What counts as done. Default but for .95, where the distance part is full.
DONE_SHARE, MISSED_SHARE = 0.95, 0.10  # below the second the lap button skipped it
REP_SHARE = 0.80  # of its size: less is not the repetition that was asked for
EXTRA_REP_SHARES = (0.7, 1.4)  # of the planned size, as for repetitions found in the signal

# Distance part: full from .95 of the plan, 0 at half; easy and long runs lose above 1.10.
DISTANCE_FULL, DISTANCE_NONE, DISTANCE_OVER, OVER_SLOPE = 0.95, 0.50, 1.10, 200.0
OVER_FLOOR = 20.0  # our default: an easy run done right and then doubled is off plan, not another session

# Intensity. Expected effort where the prescription names none.
EXPECTED_RPE: Mapping[SessionKind, tuple[int, int]] = {
    SessionKind.EASY: (2, 4),
    SessionKind.RECOVERY: (2, 4),
    SessionKind.LONG: (2, 4),
    SessionKind.WALK_RUN: (2, 4),
    SessionKind.HM_M: (5, 7),
    SessionKind.THRESHOLD: (5, 7),
    SessionKind.RACE_PACE: (5, 7),
    SessionKind.INTERVAL: (7, 9),
    SessionKind.REPETITION: (7, 9),
}
RPE_SLACK, RPE_SPAN = 1.0, 4.0  # from the middle of the range: one off is inside it, five off is nothing
HR_LEAST_BLOCK_S, HR_LAG_S, HR_COVERAGE = 180.0, 90.0, 0.8
HR_TOLERANCE_BPM = 3.0  # two sensors on one runner differ by 1.4 to 3.1 bpm (SD)
HR_DRIFT_FROM_S, HR_DRIFT_BPM_PER_MIN, HR_DRIFT_MOST_BPM = 600.0, 0.2, 8.0  # default: 5 % in 50 min

# Combination: weights of pace, distance, intensity, structure.
Weights = tuple[float, float, float, float]
EASY_WEIGHTS: Weights = (0.15, 0.30, 0.55, 0.0)
LONG_WEIGHTS: Weights = (0.15, 0.50, 0.35, 0.0)
LONG_WITH_QUALITY_WEIGHTS: Weights = (0.30, 0.35, 0.15, 0.20)
SUSTAINED_WEIGHTS: Weights = (0.45, 0.20, 0.20, 0.15)
REPS_WEIGHTS: Weights = (0.45, 0.15, 0.05, 0.35)
WALK_RUN_WEIGHTS: Weights = (0.0, 0.50, 0.20, 0.30)
PART_FLOOR = 5.0
LEAST_WEIGHT = 0.5  # assessable, of all: less gives no total
BANDS: tuple[tuple[int, ScoreBand], ...] = (
    (85, ScoreBand.ON_PLAN),
    (70, ScoreBand.CLOSE),
    (50, ScoreBand.OFF_PLAN),
    (0, ScoreBand.A_DIFFERENT_SESSION),
)

# Alignment by laps (Needleman-Wunsch). Values of a prototype; default.
CLASS_MATCH, CLASS_MISMATCH, GAP_PENALTY, NEUTRAL_SIZE = 1.0, -1.5, -0.35, 0.5
LATE_STOP_S = 15.0  # default: a last lap shorter than this is only the way to the stop button
CONTRAST = 1.10  # default: laps that differ less in speed are not fast and slow
FAST_BELOW_WORK, FAST_ABOVE_EASY = 0.92, 1.05  # the border where only one side is known; default
LEAST_EXPLAINED = 0.5  # default: of the run's time, or of its quick laps
LEAST_REPS_FOUND = 1 / 3  # default: fewer planned repetitions among the laps prove nothing
LEAST_INDEXES_PLACED = 0.8  # default: step numbers of another workout fit worse than that

# Fading: the last third of at least three repetitions, against the others. Default.
FADE_SHARE, LEAST_REPS_TO_FADE = 0.03, 3

# Confidence: product of attribution, alignment and samples. Default; below .6 nothing adapts.
TIER_CONFIDENCE: Mapping[str, float] = {"index": 1.0, "laps": 0.85, "signal": 0.75, "whole": 0.5}
WHOLE_STEADY_CONFIDENCE = 0.9  # a run of one block needs no laps
BANDS_APART, DISAGREEMENT_CONFIDENCE = 2, 0.8  # heart rate and effort that contradict each other
NO_SAMPLES_CONFIDENCE = 0.7  # lap means only

# Attribution by shape. Default.
SHAPE_FLOOR, SHAPE_MARGIN, OTHER_DAY_FACTOR = 0.6, 0.1, 0.85
OTHER_DAY_LEAST_SIZE = 0.8  # our default: an even run on another day must be about as long as planned
UNKNOWN_PACE_FIT = 0.7
STRUCTURE_SHARE = 0.6  # of the fit of a structured session; the rest is its size
TARGET_ROUNDING = 0.01  # services round paces; durations come back exact
EXACT_CONFIDENCE, NAME_CONFIDENCE, SHAPE_CONFIDENCE = 1.0, 0.95, 0.8
ENTRY_CONFIDENCE = 0.4  # our default: totals that fit prove little
LIKENESS_REACH_DAYS, NAMED_REACH_DAYS = 1, 7  # our default: how far from its day a session is run
LONG_RUN_LEAST_SIZE = 0.7  # our default: less of its length is a jog on the day of the long run
HARD_WORK_S = 6 * 60.0  # our default: from 3 x 2 min at threshold on, a run is no easy one
ENTRY_LEAST_SIZE, ENTRY_LEAST_TIME = 0.85, 0.7  # our default: of totals that were entered by hand

# Alignment by the speed signal. Sizes of repetitions as for extra ones (70 to 140 %); the rest is
# our default, chosen on simulated runs with the measured noise.
CUT_CELL_S, MOST_CUT_CELLS = 2.0, 7200  # the grid on which changes are searched for
CUT_WINDOW_S = (6.0, 20.0)  # means on either side of a change
LEAST_CUT_CONTRAST = 0.04  # a smaller change is noise
SHORTEST_SEARCHED_S = 120.0
CUTS_PER_STEP, CUTS_AROUND, MOST_CUT_CHOICES = 3, 12, 9000
MOST_SEARCHED_STEPS = 80  # beyond 40 repetitions the search costs more than it is worth
SPEED_NOISE, NOISE_MEMORY_S = 0.04, 12.0  # of one device: SD, and how long an error lasts
WORK_SPREAD, EASY_SPREAD, SLOW_SPREAD = 0.08, 0.10, 0.30  # natural logarithms of speed
RECOVERY_SHARES, LEAST_END_SHARE = (0.3, 3.0), 0.1
REP_SIZE_SPREAD, RECOVERY_SIZE_SPREAD, END_SIZE_SPREAD = 0.15, 0.30, 0.60  # logarithms of size
MOST_MISFIT = 12.0
SKIPPED_REP_COST, SKIPPED_RECOVERY_COST, SKIPPED_END_COST = 15.0, 1.0, 6.0
QUICK_RECOVERY_COST = 60.0  # a recovery that looks like a repetition is one that nobody planned
RECOVERY_COST = 5.0  # so that a warm-up is not cut into pieces that look like recoveries
STRAY_COST, STRAY_COST_PER_S = 15.0, 0.4
MOST_MATCH_CELLS = 120_000  # planned steps times laps: beyond, nobody's workout

# Hills: speed factor by grade, measured (see docs/explanation/scoring.md).
LEVEL_FACTORS: tuple[tuple[float, float], ...] = (
    (-0.20, 1.081),
    (-0.15, 0.941),
    (-0.10, 0.876),
    (-0.08, 0.876),
    (-0.06, 0.891),
    (-0.04, 0.918),
    (-0.02, 0.960),
    (0.0, 1.0),
    (0.02, 1.055),
    (0.04, 1.135),
    (0.06, 1.228),
    (0.08, 1.337),
    (0.10, 1.459),
    (0.15, 1.846),
    (0.20, 2.297),
)
ALTITUDE_WINDOW_M = 50.0  # at least 20 m; barometers step by 0.2 m, which is 1 % over 20 m
LEAST_RELIEF_M = 4.0  # our default: a run whose highest and lowest point are nearer is level
HILLY_M_PER_M = 0.010  # climb (or descent) per metre from which grade is corrected

# Heat: temperature plus dew point in Fahrenheit, and the share of speed lost (Hadley's chart).
HEAT_SLOW_DOWN: tuple[tuple[float, float], ...] = (
    (100.0, 0.0),
    (110.0, 0.005),
    (120.0, 0.01),
    (130.0, 0.02),
    (140.0, 0.03),
    (150.0, 0.045),
    (160.0, 0.06),
    (170.0, 0.08),
    (180.0, 0.10),
)
HEAT_SHARE_OF_REPS = 0.5  # the same chart: half for repeats
USUAL_DEW_POINT_BELOW_C = 11.0
HOT_FROM = 0.01

# Quality of the sensors. Our defaults but for the heart rate.
POOR_SPIKES, POOR_SILENCE, POOR_CONTRADICTION = 0.01, 0.20, 0.10  # real runs: 0.1 %, 4 %, 7 % at most
POOR_TOLERANCE = 2.0  # times the usual one
LOCKED_WITHIN_BPM, LOCKED_SHARE, LOCKED_BLOCK_S = 5.0, 0.5, 180.0
