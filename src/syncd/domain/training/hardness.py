"""How hard a run was, whatever it was meant to be: what spacing, A18 and the planner go by.

What nobody measured is neutral: without pace, effort or heart rate a run is easy until something says
otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from syncd.domain.scoring.card import Work

# At half-marathon pace or quicker: the smallest hard session of the library has twice 5 minutes.
HARD_WORK_S = 600.0
HARD_STEADY_S = 1200.0  # 20 min at marathon pace or quicker make a hard day of a long run, too
HELD_S = 1200.0  # A18: at threshold without a break; it counts as work also where work was not measured
HARD_RPE, MODERATE_RPE = 8.0, 5.0  # those of repetitions at 5K pace; above that of easy runs (S9)
ALL_OUT_RPE = 9.0  # TRAINING 9.7
EASY_RPE = 4.0  # who calls it that was not run down by it, whatever the paces say (S9)
MODERATE_WORK_S = 300.0  # our default: strides, and a kilometre that ran away, are less
ABOVE_LT1 = 0.20  # A12


class HardnessLevel(IntEnum):
    """What a run asks of the days after it."""

    EASY = 0
    MODERATE = 1
    HARD = 2


class Sign(StrEnum):
    """What the level rests on."""

    NOTHING = "nothing"
    RACE = "race"
    ALL_OUT = "all_out"
    FIVE_K = "five_k"
    THRESHOLD = "threshold"
    HALF = "half"
    MARATHON = "marathon"
    QUICK = "quick"
    EFFORT = "effort"
    HEART = "heart"


@dataclass(frozen=True, slots=True)
class Hardness:
    """The level and what it rests on. `seconds`: of work, where the sign is a pace."""

    level: HardnessLevel
    sign: Sign = Sign.NOTHING
    seconds: float = 0.0

    @property
    def is_hard(self) -> bool:
        """Whether it is a hard day."""
        return self.level is HardnessLevel.HARD


def hardness_of(
    *,
    work: Work | None = None,
    held_s: float = 0.0,
    rpe: float | None = None,
    above_lt1: float | None = None,
    raced: bool = False,
    all_out: bool = False,
) -> Hardness:
    """The hardness of a run.

    `held_s`: seconds at threshold or quicker without a break. `above_lt1`: share of the time, 0 to 1.
    `raced`: somebody calls it a race; `all_out`: it was as good as one.
    """
    if raced:
        return Hardness(HardnessLevel.HARD, Sign.RACE)
    felt_easy = rpe is not None and rpe <= EASY_RPE
    hard = None if felt_easy else _hard_work(work, held_s)
    if hard is not None:
        return hard
    if all_out and not felt_easy:
        return Hardness(HardnessLevel.HARD, Sign.ALL_OUT)
    if rpe is not None and rpe >= HARD_RPE:
        return Hardness(HardnessLevel.HARD, Sign.EFFORT)
    return _moderate(work, rpe, above_lt1)


def _hard_work(work: Work | None, held_s: float) -> Hardness | None:
    """The quickest pace of which there was enough."""
    work = work or Work()
    for sign, seconds, least_s in (
        (Sign.FIVE_K, work.five_k_s, HARD_WORK_S),
        (Sign.THRESHOLD, work.threshold_s, HARD_WORK_S),
        (Sign.THRESHOLD, held_s, HELD_S),
        (Sign.HALF, work.half_s, HARD_WORK_S),
        (Sign.MARATHON, work.marathon_s, HARD_STEADY_S),
    ):
        if seconds >= least_s:
            return Hardness(HardnessLevel.HARD, sign, seconds)
    return None


def _moderate(work: Work | None, rpe: float | None, above_lt1: float | None) -> Hardness:
    quick_s = 0.0 if work is None else work.quick_s
    if rpe is not None and rpe >= MODERATE_RPE:
        return Hardness(HardnessLevel.MODERATE, Sign.EFFORT)
    if quick_s >= MODERATE_WORK_S:
        return Hardness(HardnessLevel.MODERATE, Sign.QUICK, quick_s)
    if above_lt1 is not None and above_lt1 >= ABOVE_LT1:
        return Hardness(HardnessLevel.MODERATE, Sign.HEART)
    return Hardness(HardnessLevel.EASY)
