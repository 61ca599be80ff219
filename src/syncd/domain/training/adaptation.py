"""What scored runs change: the level of a quality family (A8-A10), and R20 on committed sessions.

Easing applies by itself; loading is decided here but applied by the caller only outside the
freeze before a session. Repetitions in band count, not the score of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from syncd.domain.athlete import PastRun, ZoneSet
from syncd.domain.reason import Reason
from syncd.domain.session import Session, SessionKind, Week
from syncd.domain.training.composition import TWO_RUNS, quality_rules, refusal
from syncd.domain.training.conditions import Condition, return_cap_m
from syncd.domain.training.ladders import TOP_LEVEL
from syncd.domain.training.levels import FAILURES, FLOOR, LOOK_BACK, Attempt, QualityResult, climbed
from syncd.domain.training.reasons import Cause
from syncd.domain.training.sessions import (
    LEAST_BEFORE_STRIDES_M,
    Recipe,
    descent,
    easy_run,
    easy_speed_mps,
    long_run,
    placed,
    quality_metres,
    recovery_run,
    strides_choices,
    with_easy_running,
)
from syncd.domain.training.single_run import CountedRun, cap_m, counted_runs, longest_m
from syncd.domain.workout import PaceZone, Repeat

TRUSTED = 0.6  # a score with less confidence feeds no rule
IN_BAND, PARTLY = 0.90, 0.60  # shares of the planned repetitions: A8, A9; below A10
TOLERANCE = 1.02  # R20 does not bite for a GPS distance 2 % short
REACH_DAYS = 6  # a week ahead, another long run lies in between and may still raise the cap

_WITH_STRIDES = 2


class AdaptationError(ValueError):
    """A change that this session cannot have."""


@dataclass(frozen=True, slots=True)
class QualityOutcome:
    """How a quality session went. `rpe` None: not entered, which is neutral.

    `reps_in_band` of `reps_planned`; repetitions beyond the plan never count. `confidence`
    (0 to 1) is that of the score. `excused`: heat or hills explain a failure (A10). `reps_too_fast`: of those
    that were not in band.
    """

    session_id: str
    day: date
    family: str
    level: int
    reps_planned: int
    reps_in_band: int
    rpe: float | None
    expected_rpe: tuple[int, int]
    confidence: float
    score: int | None
    excused: bool = False
    reps_too_fast: int = 0


@dataclass(frozen=True, slots=True)
class LevelDecision:
    """The next level of a family, and why. `rule` is "" and `evidence` empty when nothing is known."""

    level: int
    rule: str
    reason: Reason
    evidence: tuple[str, ...]


def next_level(family: str, outcomes: Sequence[QualityOutcome], current: int) -> LevelDecision:
    """The level of the next session of the family, from its outcomes, oldest first.

    Levels 1 and 2 rise after one success, later ones after two of three; two failures of three
    step back, never below 1. Asked again with the same outcomes and the new level, it stays.
    """
    counted = [outcome for outcome in outcomes if moves_a_level(outcome, family)]
    if not counted:
        return LevelDecision(current, "", Reason(Cause.NOTHING_SCORED), ())
    attempts = [Attempt(outcome.level, _result(outcome)) for outcome in counted]
    level = climbed(current, attempts, TOP_LEVEL.get(family, current))
    recent = counted[-LOOK_BACK:]
    if level > current:
        good = [
            outcome
            for outcome in recent
            if outcome.level >= current and _result(outcome) is QualityResult.SUCCESS
        ]
        return _moved(level, "A8", good, len(recent), Cause.STEP_UP)
    if level < current:
        missed = [
            outcome
            for outcome in recent
            if outcome.level <= current and _result(outcome) is QualityResult.FAILURE
        ]
        return _moved(level, "A10", missed, len(recent), Cause.STEP_BACK)
    newest = counted[-1]
    rule = "A8" if _result(newest) is QualityResult.SUCCESS else "A9"
    return LevelDecision(level, rule, _staying(newest, current, family), _ids([newest]))


def failures_at_floor(outcomes: Sequence[QualityOutcome]) -> tuple[QualityOutcome, ...]:
    """The failures among the last three sessions, at the lowest level: where the newest is one and they
    are enough for a step back, which is not possible there (A10). Else none."""
    recent = [outcome for outcome in outcomes if moves_a_level(outcome, outcome.family)][-LOOK_BACK:]
    failed = [
        outcome for outcome in recent if outcome.level <= FLOOR and _result(outcome) is QualityResult.FAILURE
    ]
    return tuple(failed) if len(failed) >= FAILURES and failed[-1] is recent[-1] else ()


def ease_to_cap(
    session: Session,
    zones: ZoneSet,
    history: Sequence[PastRun],
    today: date,
    conditions: Sequence[Condition] = (),
) -> tuple[Session, Reason] | None:
    """`eased` for a history that is not counted yet."""
    runs = counted_runs((run for run in history if run.day <= today), conditions)
    return eased(session, zones, runs, today, conditions)


def eased(
    session: Session,
    zones: ZoneSet,
    runs: Sequence[CountedRun],
    today: date,
    conditions: Sequence[Condition] = (),
) -> tuple[Session, Reason] | None:
    """The session made short enough for what was really run (R20), and why; None when it is fine.

    Only for sessions from `today` to six days ahead: no long run lies in between, so a plan that is
    followed is never eased. Easy and long runs get shorter and keep their strides, a quality session
    steps down. Tests and races are left alone.
    """
    if not 0 <= (session.day - today).days <= REACH_DAYS:
        return None
    allowed_m = cap_m(runs, session.day, easy_speed_mps(zones), conditions)
    if session.distance_m <= allowed_m * TOLERANCE:
        return None
    recipe = shortened(session, allowed_m, zones)
    if recipe is None:
        return None
    rules = tuple(dict.fromkeys((*session.rules, "R20")))
    longest = longest_m(runs, session.day)
    facts = {"allowed_m": recipe.distance_m, "planned_m": session.distance_m}
    reason = Reason(Cause.NO_RECENT_RUN, facts)
    if return_cap_m(conditions, session.day) is not None:
        reason = Reason(Cause.PAST_RETURN, facts)
    elif longest:
        reason = Reason(Cause.PAST_LONGEST, {"longest_m": longest, **facts})
    return placed(recipe, session.id, session.day, rules), reason


def rebuild(
    session: Session,
    level: int,
    zones: ZoneSet,
    *,
    week: Week,
    history: Sequence[PastRun],
    rule: str = "",
    conditions: Sequence[Condition] = (),
) -> Session:
    """The same session (id, day) at another level of its family, or the largest below that fits.

    `week` is the one that it belongs to: the long run stays its longest (S19) and its hard share
    and caps per pace hold (S6, R24, S23); R20 follows `history`. `rule` is added to its rules.
    Raises AdaptationError for a family without levels.
    """
    added = (rule,) if rule else ()
    if session.kind in (SessionKind.EASY, SessionKind.LONG):
        recipe = _relevelled(session, level, zones)
        kept = tuple(kept_rule for kept_rule in session.rules if kept_rule != "S33")
        kicks = ("S33",) if recipe.level == _WITH_STRIDES else ()
        return placed(recipe, session.id, session.day, tuple(dict.fromkeys((*kept, *kicks, *added))))
    if session.family not in TOP_LEVEL:
        raise AdaptationError(f"a {session.kind.value} session has no levels")
    recipe, gave_way = _fitting(session, level, zones, week, history, conditions)
    if len(week.sessions) == TWO_RUNS:  # it carries a part of the week's easy running
        recipe = with_easy_running(recipe, session.distance_m, zones)
    rules = tuple(dict.fromkeys((*quality_rules(recipe, week.phase, gave_way), *added)))
    return placed(recipe, session.id, session.day, rules)


def moves_a_level(outcome: QualityOutcome, family: str) -> bool:
    """Whether it may: trusted, with repetitions, and no failure that heat or hills explain."""
    known = outcome.family == family and outcome.confidence >= TRUSTED and outcome.reps_planned > 0
    return known and not (outcome.excused and _result(outcome) is not QualityResult.SUCCESS)


def _result(outcome: QualityOutcome) -> QualityResult:
    share = min(outcome.reps_in_band, outcome.reps_planned) / outcome.reps_planned
    if share < PARTLY:
        return QualityResult.PARTLY if _is_whole_but_fast(outcome) else QualityResult.FAILURE
    too_much = outcome.rpe is not None and outcome.rpe > outcome.expected_rpe[1]
    return QualityResult.SUCCESS if share >= IN_BAND and not too_much else QualityResult.PARTLY


def _is_whole_but_fast(outcome: QualityOutcome) -> bool:
    """Whether no repetition was missing or too slow: that is about the pace, not about the size (A11)."""
    share = outcome.reps_in_band / outcome.reps_planned
    return share < PARTLY and outcome.reps_in_band + outcome.reps_too_fast >= outcome.reps_planned


def _staying(newest: QualityOutcome, current: int, family: str) -> Reason:
    """Why the level stays: the newest run did not settle it."""
    facts = {"runs": _as_facts([newest])}
    result = _result(newest)
    if result is QualityResult.FAILURE:
        return Reason(Cause.OFF_PACE, facts)
    if result is QualityResult.PARTLY:
        harder = min(newest.reps_in_band, newest.reps_planned) / newest.reps_planned >= IN_BAND
        if harder:
            return Reason(Cause.HARDER_THAN_MEANT, facts | {"rpe": newest.expected_rpe[1]})
        return Reason(Cause.FASTER_THAN_ASKED if _is_whole_but_fast(newest) else Cause.PARTLY_ON_PACE, facts)
    if newest.level < current:
        return Reason(Cause.ON_PACE_LOWER, facts | {"level": newest.level, "next_level": current})
    return Reason(Cause.TOP_LEVEL if current >= TOP_LEVEL.get(family, current) else Cause.ONE_MORE, facts)


def _moved(level: int, rule: str, evidence: Sequence[QualityOutcome], of: int, cause: Cause) -> LevelDecision:
    """A decision that rests on some of the last `of` sessions."""
    reason = Reason(cause, {"runs": _as_facts(evidence), "of": of})
    return LevelDecision(level, rule, reason, _ids(evidence))


def _as_facts(outcomes: Sequence[QualityOutcome]) -> list[dict[str, Any]]:
    """How each went, as a fact."""
    return [
        {
            "in_band": min(outcome.reps_in_band, outcome.reps_planned),
            "planned": outcome.reps_planned,
            "day": outcome.day.isoformat(),
        }
        for outcome in outcomes
    ]


def _ids(outcomes: Sequence[QualityOutcome]) -> tuple[str, ...]:
    return tuple(outcome.session_id for outcome in outcomes)


def shortened(session: Session, allowed_m: float, zones: ZoneSet) -> Recipe | None:
    """The session cut to `allowed_m` metres; None for a kind that is not cut."""
    metres = max(allowed_m // 100 * 100, 100.0)
    match session.kind:
        case SessionKind.RECOVERY:
            return recovery_run(metres, zones)
        case SessionKind.LONG:
            return long_run(metres, zones, strides=_strides_kept(session, metres, zones))
        case SessionKind.EASY:
            return easy_run(metres, zones, strides=_strides_kept(session, metres, zones))
        case _ if session.family in TOP_LEVEL:
            smaller = descent(session.family, session.level, zones)
            fitting = (recipe for recipe in smaller if recipe.distance_m <= allowed_m)
            return next(fitting, easy_run(metres, zones))
        case _:
            return None


def _strides_kept(session: Session, metres: float, zones: ZoneSet) -> int:
    """As many strides as the session had, if the shorter run still has room before them."""
    planned = next((item.count for item in session.workout.steps if isinstance(item, Repeat)), 0)
    return _strides_with_room(metres, zones, planned)


def _strides_with_room(metres: float, zones: ZoneSet, most: int) -> int:
    return next(
        (
            strides.count
            for strides in strides_choices(zones)
            if strides.count <= most and metres - strides.distance_m >= LEAST_BEFORE_STRIDES_M
        ),
        0,
    )


def _relevelled(session: Session, level: int, zones: ZoneSet) -> Recipe:
    """An easy or long run of the same distance, plain (level 1) or with strides (level 2)."""
    most = strides_choices(zones)[0].count if level >= _WITH_STRIDES else 0
    strides = _strides_with_room(session.distance_m, zones, most)
    make = long_run if session.kind is SessionKind.LONG else easy_run
    return make(session.distance_m, zones, strides=strides)


def _fitting(
    session: Session,
    level: int,
    zones: ZoneSet,
    week: Week,
    history: Sequence[PastRun],
    conditions: Sequence[Condition],
) -> tuple[Recipe, str | None]:
    """The largest quality session up to `level` that its week can hold, else the smallest."""
    others = [other for other in week.sessions if other.id != session.id]
    others_m: dict[PaceZone, float] = {}
    for other in others:
        for zone, metres in quality_metres(other.workout, zones).items():
            others_m[zone] = others_m.get(zone, 0.0) + metres
    cap = cap_m(counted_runs(history, conditions), session.day, easy_speed_mps(zones), conditions)
    gave_way: str | None = None
    forms = descent(session.family, level, zones)
    for recipe in forms:
        broken = refusal(
            recipe,
            cap_m=max(cap, session.distance_m),  # what was committed is eased by `ease_to_cap` alone
            long_m=max((other.distance_m for other in others if other.kind is SessionKind.LONG), default=0.0),
            others_m=others_m,
            week_m=sum(other.distance_m for other in others) + recipe.distance_m,
            zones=zones,
            phase=week.phase,
        )
        if broken is None:
            return recipe, gave_way
        gave_way = gave_way or broken
    return forms[-1], gave_way
