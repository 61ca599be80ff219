"""Which phase a week is in: foundation, distance, speed, combine, and distance again.

Without a race the phases have their usual lengths; with one they are counted back from it. The
way out of the distance phase is a gate on evidence; a plan without evidence assumes that the
gate is met at week 20.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syncd.domain.athlete import Goal
from syncd.domain.session import Phase

# S31: distance 4-6 months, speed 2-4 months, then 6-12 weeks of both.
DISTANCE_WEEKS, SPEED_WEEKS, COMBINE_WEEKS = 20, 12, 8
EARLIEST_GATE_WEEKS, LATEST_GATE_WEEKS = 17, 26
LEAST_SPEED_WEEKS, LEAST_COMBINE_WEEKS, MOST_COMBINE_WEEKS = 9, 6, 12

_EASY_DONE, _GATE_LONGEST_M, _GATE_SHARE, _GATE_MOST_M = 0.80, 10_000.0, 0.75, 28_000.0
_GATE_LONGEST_S = 9000.0  # or 150 min, whichever comes first
_HELD_WEEKS, _EASY_RPE = 3, 4.0
_TESTS_WITHOUT_GAIN = 2
_ORDER = (Phase.DISTANCE, Phase.SPEED, Phase.COMBINE)
_GOAL_M: Mapping[Goal, float] = {Goal.HALF: 21_097.5, Goal.MARATHON: 42_195.0}


@dataclass(frozen=True, slots=True)
class PhaseEvidence:
    """What the gates depend on, as of the first day of the plan; None is neutral.

    `easy_done`: share of the planned easy sessions of the last six weeks that were run;
    `longest_m` and `longest_s`: the longest run; `weeks_near_peak`: weeks in a row within 5 % of
    the largest; `easy_rpe`: median effort of easy runs; `tests_without_gain`: in a row.
    """

    easy_done: float | None = None
    longest_m: float = 0.0
    longest_s: float = 0.0
    weeks_near_peak: int | None = None
    easy_rpe: float | None = None
    tests_without_gain: int = 0


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """Weeks in a row of one phase."""

    phase: Phase
    weeks: int


def open_gates(evidence: PhaseEvidence, goal: Goal) -> tuple[str, ...]:
    """What still keeps the athlete in the distance phase, as texts; empty when nothing does."""
    wanted = max(_GATE_LONGEST_M, min(_GATE_SHARE * _GOAL_M.get(goal, 0.0), _GATE_MOST_M))
    missing = []
    if evidence.easy_done is not None and evidence.easy_done < _EASY_DONE:
        missing.append("four of five easy runs done over six weeks")
    if evidence.longest_m < wanted and evidence.longest_s < _GATE_LONGEST_S:
        missing.append(f"a long run of {wanted / 1000:.0f} km or 150 min")
    if evidence.weeks_near_peak is not None and evidence.weeks_near_peak < _HELD_WEEKS:
        missing.append("three weeks in a row near your largest")
    if evidence.easy_rpe is not None and evidence.easy_rpe > _EASY_RPE:
        missing.append("easy runs that feel easy (effort 4 at most)")
    return tuple(missing)


def distance_weeks(evidence: PhaseEvidence | None, elapsed: int, goal: Goal) -> int:
    """How long the distance phase is, when `elapsed` of its weeks are over."""
    if evidence is None or elapsed < EARLIEST_GATE_WEEKS:
        return DISTANCE_WEEKS
    if not open_gates(evidence, goal):
        return min(max(elapsed, EARLIEST_GATE_WEEKS), LATEST_GATE_WEEKS)
    return min(max(elapsed + 1, DISTANCE_WEEKS), LATEST_GATE_WEEKS)


def speed_weeks(evidence: PhaseEvidence | None, elapsed: int) -> int:
    """How long the speed phase is: shorter when two tests in a row brought no gain."""
    stuck = evidence is not None and evidence.tests_without_gain >= _TESTS_WITHOUT_GAIN
    return max(LEAST_SPEED_WEEKS, min(elapsed, SPEED_WEEKS)) if stuck else SPEED_WEEKS


def usual(first: Phase, lengths: Mapping[Phase, int]) -> Iterator[PhaseSpan]:
    """The phases from `first` on, for ever; the first time round with the lengths given."""
    if first is Phase.FOUNDATION:
        yield PhaseSpan(first, lengths[first])
        first = Phase.DISTANCE
    start = _ORDER.index(first)
    for phase in _ORDER[start:]:
        yield PhaseSpan(phase, lengths.get(phase, _USUAL[phase]))
    while True:
        for phase in _ORDER:
            yield PhaseSpan(phase, _USUAL[phase])


def counted_back(weeks: int, first: Phase, foundation: int, *, newcomer: bool) -> tuple[PhaseSpan, ...]:
    """The phases of the `weeks` before a taper. A newcomer runs longer until the race (S3).

    Under 12 weeks there is only the combine phase; from 15 on combine, speed, and the rest
    distance. In between, speed would be shorter than its least nine weeks: distance and combine.
    """
    if first is Phase.FOUNDATION:
        opening = min(weeks, foundation)
        return _some(PhaseSpan(first, opening), PhaseSpan(Phase.DISTANCE, weeks - opening))
    if newcomer:
        return _some(PhaseSpan(Phase.DISTANCE, weeks))
    if first is not Phase.DISTANCE:  # chosen by the athlete: it comes first, whatever follows
        opening = min(weeks, _USUAL[first])
        if first is Phase.COMBINE:
            return _some(PhaseSpan(first, weeks))
        return _some(PhaseSpan(first, opening), PhaseSpan(Phase.COMBINE, weeks - opening))
    if weeks < MOST_COMBINE_WEEKS:
        return _some(PhaseSpan(Phase.COMBINE, weeks))
    if weeks < LEAST_COMBINE_WEEKS + LEAST_SPEED_WEEKS:
        return _some(
            PhaseSpan(Phase.DISTANCE, weeks - LEAST_COMBINE_WEEKS),
            PhaseSpan(Phase.COMBINE, LEAST_COMBINE_WEEKS),
        )
    combine = LEAST_COMBINE_WEEKS if weeks < DISTANCE_WEEKS + SPEED_WEEKS else COMBINE_WEEKS
    speed = min(SPEED_WEEKS, weeks - combine)
    return _some(
        PhaseSpan(Phase.DISTANCE, weeks - combine - speed),
        PhaseSpan(Phase.SPEED, speed),
        PhaseSpan(Phase.COMBINE, combine),
    )


def _some(*spans: PhaseSpan) -> tuple[PhaseSpan, ...]:
    return tuple(span for span in spans if span.weeks > 0)


_USUAL: Mapping[Phase, int] = {
    Phase.DISTANCE: DISTANCE_WEEKS,
    Phase.SPEED: SPEED_WEEKS,
    Phase.COMBINE: COMBINE_WEEKS,
}
