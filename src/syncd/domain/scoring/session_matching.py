"""Which planned session a run was. When in doubt, it does not guess."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from math import sqrt

from syncd.domain.activity import Activity
from syncd.domain.athlete import ZoneSet
from syncd.domain.delivery.remote import find_key
from syncd.domain.reason import Reason
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.card import Scorecard, Tier
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.race_effort import is_all_out, race_effort
from syncd.domain.scoring.reasons import MatchReason
from syncd.domain.scoring.score import score_activity
from syncd.domain.scoring.threshold_effort import LEAST_HELD_S, holds_threshold
from syncd.domain.session import MEASURED_KINDS, Session
from syncd.domain.training.reasons import session_fact
from syncd.domain.workout import (
    EffortTarget,
    FitRepeat,
    HeartRateBand,
    PaceBand,
    PaceZone,
    Step,
    Target,
    Workout,
    fit_order,
)

_TAG = re.compile(r"\[(w\d{2}-\d{1,2})\]\s*$")


@dataclass(frozen=True, slots=True)
class SessionCandidate:
    """A session that may have been run: its workout with concrete targets, and what was pushed."""

    session: Session
    workout: Workout
    pushed: tuple[Workout, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a run looks like a candidate, 0 to 1."""

    candidate: SessionCandidate
    value: float


def attribute(
    activity: Activity,
    day: date,
    candidates: Sequence[SessionCandidate],
    zones: ZoneSet | None,
    *,
    athlete: str | None = None,
    raced: bool = False,
) -> Attribution:
    """The session of a run on the athlete's local `day`.

    `zones` tell quick from easy laps. `athlete` is our key of the runner, where it is known: a
    marker of another athlete in the workout's name is somebody else's session. `raced`: a service or
    the athlete calls it a race.
    """
    for method, matches, confidence, why in (
        (
            Method.EXACT,
            _exact(activity, candidates, athlete),
            c.EXACT_CONFIDENCE,
            MatchReason.WATCH_RAN_IT,
        ),
        (Method.NAME, _tagged(activity, candidates), c.NAME_CONFIDENCE, MatchReason.NAMED),
    ):
        if matches:
            return _nearest(matches, day, method, confidence, Reason(why))
    near = [candidate for candidate in candidates if abs((candidate.session.day - day).days) <= 1]
    shaped = _by_shape(activity, day, near, zones)
    if shaped.method is not Method.UNPLANNED and any(
        _asks_to_hold(candidate.workout, zones) for candidate in near
    ):
        return shaped
    return _replaced(activity, day, near, zones, raced=raced) or shaped


def attribute_all(
    runs: Sequence[tuple[Activity, date]],
    candidates: Sequence[SessionCandidate],
    zones: ZoneSet | None,
    *,
    athlete: str | None = None,
) -> tuple[Attribution, ...]:
    """One for each run, in order: the surest takes its session first, and no session is taken twice."""
    settled: dict[int, Attribution] = {}
    free = list(candidates)
    while len(settled) < len(runs):
        open_runs = [place for place in range(len(runs)) if place not in settled]
        answers = {place: attribute(*runs[place], free, zones, athlete=athlete) for place in open_runs}
        surest = max(
            open_runs, key=lambda place: (answers[place].session_id is not None, answers[place].confidence)
        )
        taken = answers[surest].session_id
        if taken is None:
            return tuple((settled | answers)[place] for place in range(len(runs)))
        settled[surest] = answers[surest]
        free = [candidate for candidate in free if candidate.session.id != taken]
    return tuple(settled[place] for place in range(len(runs)))


def same_workout(first: Workout, second: Workout) -> bool:
    """Whether they are equal but for names and what services change: durations exactly, targets within 1 %.

    An effort (RPE) is a note on a watch and may be lost, and so may the flag that skips the last
    recovery of a block.
    """
    if first.content_hash == second.content_hash:
        return True
    pairs = zip_longest(fit_order(first), fit_order(second))
    return first.sport == second.sport and all(_same_message(a, b) for a, b in pairs)


def _same_message(first: Step | FitRepeat | None, second: Step | FitRepeat | None) -> bool:
    if isinstance(first, Step) and isinstance(second, Step):
        same = first.duration == second.duration and first.role == second.role
        return same and _same_target(first.target, second.target)
    if isinstance(first, FitRepeat) and isinstance(second, FitRepeat):
        return (first.first_index, first.count) == (second.first_index, second.count)
    return False


def _same_target(first: Target | None, second: Target | None) -> bool:
    match first, second:
        case PaceBand(), PaceBand():
            return _close(first.slow_mps, second.slow_mps) and _close(first.fast_mps, second.fast_mps)
        case HeartRateBand(), HeartRateBand():
            return _close(first.low_bpm, second.low_bpm) and _close(first.high_bpm, second.high_bpm)
        case ((EffortTarget() | None), (EffortTarget() | None)):
            return None in (first, second) or first == second
    return first == second


def _close(first: float, second: float) -> bool:
    return abs(first - second) <= c.TARGET_ROUNDING * max(first, second)


def _exact(
    activity: Activity, candidates: Iterable[SessionCandidate], athlete: str | None
) -> list[SessionCandidate]:
    key = find_key(activity.workout_name)
    if key is not None:
        return [
            candidate
            for candidate in candidates
            if athlete in (None, key.athlete) and key.session == candidate.session.id
        ]
    ran = activity.workout
    if ran is None:
        return []
    return [
        candidate
        for candidate in candidates
        if any(same_workout(ran, ours) for ours in (*candidate.pushed, candidate.workout))
    ]


def _tagged(activity: Activity, candidates: Iterable[SessionCandidate]) -> list[SessionCandidate]:
    match = _TAG.search(activity.workout_name)
    return [candidate for candidate in candidates if match is not None and candidate.session.tag == match[1]]


def _nearest(
    matches: Sequence[SessionCandidate], day: date, method: Method, confidence: float, why: Reason
) -> Attribution:
    """A workout may belong to several sessions: the one whose day is nearest, if there is one."""
    by_id = {candidate.session.id: candidate.session for candidate in matches}
    days_away = {identity: abs((session.day - day).days) for identity, session in by_id.items()}
    nearest = [by_id[identity] for identity, days in days_away.items() if days == min(days_away.values())]
    if len(nearest) > 1:
        return _ambiguous(nearest)
    return Attribution(method, nearest[0].id, confidence, why)


def _ambiguous(sessions: Iterable[Session]) -> Attribution:
    ordered = sorted(sessions, key=lambda session: session.id)
    facts = {"sessions": [session.id for session in ordered], "planned": [*map(session_fact, ordered)]}
    return Attribution(Method.AMBIGUOUS, None, 0.0, Reason(MatchReason.COULD_BE_ANY, facts))


def _by_shape(
    activity: Activity, day: date, near: Iterable[SessionCandidate], zones: ZoneSet | None
) -> Attribution:
    """Being the only run of the day proves nothing: it must look like the session, and like no other."""
    fits = sorted((_fit(activity, day, candidate, zones) for candidate in near), key=lambda fit: -fit.value)
    fitting = [fit for fit in fits if fit.value >= c.SHAPE_FLOOR]
    if not fitting:
        return Attribution(Method.UNPLANNED, None, 0.0, Reason(MatchReason.LOOKS_LIKE_NONE))
    best = fitting[0]
    rivals = [fit for fit in fitting[1:] if best.value - fit.value < c.SHAPE_MARGIN]
    if rivals:
        return _ambiguous(fit.candidate.session for fit in (best, *rivals))
    why = Reason(MatchReason.LOOKS_LIKE_IT, {"share": best.value})
    return Attribution(Method.SHAPE, best.candidate.session.id, c.SHAPE_CONFIDENCE * best.value, why)


def _replaced(
    activity: Activity,
    day: date,
    near: Sequence[SessionCandidate],
    zones: ZoneSet | None,
    *,
    raced: bool = False,
) -> Attribution | None:
    """A18: a race or its like stands for the hard session of the day, of the next, or of the day before.

    Whoever is fast has run 5 km before 20 minutes are over: a distance of races within 3 % of the
    predicted time is as good.

    A planned test or race is a measurement itself, and not replaced by another.
    """
    if any(near_by.session.kind in MEASURED_KINDS and near_by.session.day == day for near_by in near):
        return None
    hard = [
        candidate.session
        for candidate in near
        if candidate.session.hard and candidate.session.kind not in MEASURED_KINDS
    ]
    if not hard or not (raced or holds_threshold(activity, zones) or _as_in_a_race(activity, zones)):
        return None
    nearest = min(hard, key=lambda session: (session.day != day, session.day < day, session.id))
    why = Reason(MatchReason.STANDS_FOR, session_fact(nearest))
    return Attribution(Method.REPLACED, nearest.id, c.SHAPE_CONFIDENCE, why)


def _as_in_a_race(activity: Activity, zones: ZoneSet | None) -> bool:
    return is_all_out(race_effort(activity, zones), zones)


def _asks_to_hold(planned: Workout, zones: ZoneSet | None) -> bool:
    """Whether 20 min quicker than easy are the session itself, in one step."""
    if zones is None:
        return False
    easy_mps = zones.bands[PaceZone.EASY].fast_mps
    return any(
        isinstance(step, Step)
        and isinstance(step.target, PaceBand)
        and step.target.fast_mps > easy_mps
        and (step.duration.seconds or (step.duration.metres or 0.0) / step.target.fast_mps) >= LEAST_HELD_S
        for step in fit_order(planned)
    )


def shape_fit(activity: Activity, day: date, candidate: SessionCandidate, zones: ZoneSet | None) -> float:
    """How well a run looks like a session, 0 to 1."""
    return _fit(activity, day, candidate, zones).value


def _fit(activity: Activity, day: date, candidate: SessionCandidate, zones: ZoneSet | None) -> _Fit:
    session = candidate.session
    if not activity.is_run:
        return _Fit(candidate, 0.0)
    card = score_activity(
        activity, Prescription(PrescriptionOrigin.PLAN, candidate.workout, session.kind), zones
    )
    size = _ratio(activity, session)
    if card.reps_planned > 1:
        value = _structured_fit(card, size)
    elif session.day != day and size < c.OTHER_DAY_LEAST_SIZE:
        value = 0.0  # one easy run looks like any other: only its size can tell that it was moved
    else:
        value = sqrt(size * _pace_fit(card))
    return _Fit(candidate, value if session.day == day else value * c.OTHER_DAY_FACTOR)


def _ratio(activity: Activity, session: Session) -> float:
    """The smaller over the larger: of the distances, or of the times where that says more."""
    pairs = ((activity.timer_s, session.duration_s), (activity.distance_m or 0.0, session.distance_m))
    return max(min(pair) / max(pair) if max(pair) > 0 else 0.0 for pair in pairs)


def _structured_fit(card: Scorecard, size: float) -> float:
    if card.alignment.tier is Tier.WHOLE:
        return 0.0
    matched = card.alignment.matched / card.alignment.planned
    return c.STRUCTURE_SHARE * matched + (1 - c.STRUCTURE_SHARE) * size


def _pace_fit(card: Scorecard) -> float:
    pace = card.part("pace").score
    return c.UNKNOWN_PACE_FIT if pace is None else pace / 100
