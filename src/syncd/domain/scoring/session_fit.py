"""How well one run fits one session: what the watch says of it, and how much it looks like it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from syncd.domain.activity import Activity
from syncd.domain.athlete import ZoneSet
from syncd.domain.delivery.remote import find_key
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.card import Scorecard, Tier
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.race_effort import is_all_out, race_effort
from syncd.domain.scoring.same_workout import is_piece_of, same_workout
from syncd.domain.scoring.score import score_activity
from syncd.domain.scoring.threshold_effort import LEAST_HELD_S, holds_threshold, seconds_at_threshold
from syncd.domain.session import MEASURED_KINDS, Session, SessionKind
from syncd.domain.workout import PaceBand, PaceZone, Step, Workout, fit_order

_TAG = re.compile(r"\[(w\d{2}-\d{1,2})\]\s*$")
_QUIET_KINDS = frozenset({SessionKind.EASY, SessionKind.RECOVERY, SessionKind.LONG, SessionKind.WALK_RUN})


@dataclass(frozen=True, slots=True)
class SessionCandidate:
    """A session that may have been run: its workout with concrete targets, and what was pushed."""

    session: Session
    workout: Workout
    pushed: tuple[Workout, ...] = ()


class Veto(StrEnum):
    """Why a run is not a session, however much it looks like it."""

    OTHER_WORKOUT = "other_workout"  # the watch ran another session's, or one that is not ours
    HARD_WORK = "hard_work"  # repetitions on a day that asks for easy running
    TOO_SHORT = "too_short"  # size alone never makes a long run of a jog
    HELD = "held"  # 20 min at threshold in one go, where repetitions were asked for: a measurement (A18)
    NO_RUN = "no_run"
    SAID_NO = "said_no"  # the athlete was asked


@dataclass(frozen=True, slots=True)
class SessionFit:
    """How a run, or a row of runs joined, fits one version of a session; days play no part in it.

    `named` is EXACT or NAME where the watch says that it is this session, `by_content` where only the
    workout says so, which another session may have too. `likeness` and `size` 0 to 1: how much it looks
    like it, and how near its size is; None where they were not needed. `even`: it was compared without
    repetitions. `by_hand`: only totals were compared. `measures`: it holds threshold for long enough to
    stand for a hard session (A18). `main` is the place of the part with most work in a row.
    """

    named: Method | None = None
    by_content: bool = False
    likeness: float | None = None
    size: float | None = None
    even: bool = True
    by_hand: bool = False
    veto: Veto | None = None
    measures: bool = False
    main: int = 0

    def on(self, days: int) -> float:
        """The likeness of a run that many days before or after the session, 0 to 1."""
        if self.named is not None:
            return 1.0 if days <= c.NAMED_REACH_DAYS else 0.0
        return 0.0 if self.veto is not None else self.looks(days)

    def looks(self, days: int) -> float:
        """The same by looks alone, whatever the watch says, and whatever speaks against it."""
        likeness, size = self.likeness or 0.0, self.size or 0.0
        if days == 0:
            return likeness
        if days > c.LIKENESS_REACH_DAYS or self.by_hand:
            return 0.0
        if self.even and size < c.OTHER_DAY_LEAST_SIZE:
            return 0.0  # one easy run looks like any other: only its size can tell that it was moved
        return likeness * c.OTHER_DAY_FACTOR


def fit_of(
    activity: Activity,
    candidate: SessionCandidate,
    zones: ZoneSet | None,
    *,
    athlete: str | None = None,
    measured: bool = True,
    raced: bool = False,
) -> SessionFit:
    """The fit of a run and a session. `athlete` is our key of the runner, where it is known: a marker
    of another athlete in the workout's name is somebody else's session. Without `measured` only what
    the watch says is looked at. `raced`: a service or the athlete calls it a race.
    """
    if not activity.is_run:
        return SessionFit(veto=Veto.NO_RUN, likeness=0.0, size=0.0)
    named = _named(activity, candidate, athlete)
    by_content = named is Method.EXACT and find_key(activity.workout_name) is None
    if not measured:
        return SessionFit(named, by_content, veto=None if named else _other_workout(activity, candidate))
    size = _ratio(activity, candidate.session)
    likeness, even, by_hand = _likeness(activity, candidate, zones, size)
    measures = _may_be_replaced(candidate.session) and (raced or _is_measurement(activity, zones))
    veto = _veto(activity, candidate, zones)
    if veto is None and measures and not _asks_for_work(candidate.workout, zones, LEAST_HELD_S):
        veto = Veto.HELD
    return SessionFit(
        named=named,
        by_content=by_content,
        likeness=likeness,
        size=size,
        even=even,
        by_hand=by_hand,
        veto=None if named else veto,
        measures=measures,
    )


def _named(activity: Activity, candidate: SessionCandidate, athlete: str | None) -> Method | None:
    """EXACT by our marker or the workout itself, NAME by our tag; a tag of another session is another's."""
    key = find_key(activity.workout_name)
    if key is not None:
        ours = athlete in (None, key.athlete) and key.session == candidate.session.id
        return Method.EXACT if ours else None
    tag = _TAG.search(activity.workout_name)
    if tag is not None and tag[1] != candidate.session.tag:
        return None
    ran = activity.workout
    if ran is not None and any(same_workout(ran, ours) for ours in (*candidate.pushed, candidate.workout)):
        return Method.EXACT
    return None if tag is None else Method.NAME


def _other_workout(activity: Activity, candidate: SessionCandidate) -> Veto | None:
    """The watch ran something else; a piece of ours is what one starts after a warm-up of one's own."""
    tagged = find_key(activity.workout_name) is not None or _TAG.search(activity.workout_name) is not None
    if tagged:
        return Veto.OTHER_WORKOUT
    ran = activity.workout
    if ran is None or any(is_piece_of(ran, ours) for ours in (*candidate.pushed, candidate.workout)):
        return None
    return Veto.OTHER_WORKOUT


def _veto(activity: Activity, candidate: SessionCandidate, zones: ZoneSet | None) -> Veto | None:
    session = candidate.session
    other = _other_workout(activity, candidate)
    if other is not None:
        return other
    if session.kind is SessionKind.LONG and _covered(activity, session) < c.LONG_RUN_LEAST_SIZE:
        return Veto.TOO_SHORT
    if (
        session.kind in _QUIET_KINDS
        and not _asks_for_work(candidate.workout, zones)
        and seconds_at_threshold(activity, zones) >= c.HARD_WORK_S
    ):
        return Veto.HARD_WORK
    return None


def _covered(activity: Activity, session: Session) -> float:
    """How much of a session's length was run: of its distance, of its time where none is known."""
    if activity.distance_m is not None and not activity.is_treadmill and session.distance_m > 0:
        return activity.distance_m / session.distance_m
    shares = [activity.timer_s / session.duration_s] if session.duration_s > 0 else []
    if activity.distance_m is not None and session.distance_m > 0:
        shares.append(activity.distance_m / session.distance_m)
    return max(shares, default=1.0)


def _asks_for_work(planned: Workout, zones: ZoneSet | None, least_s: float = 0.0) -> bool:
    """Whether a step of at least so many seconds asks for more than easy running."""
    if zones is None:
        return False
    easy_mps = zones.bands[PaceZone.EASY].fast_mps
    return any(
        isinstance(step, Step)
        and isinstance(step.target, PaceBand)
        and step.target.fast_mps > easy_mps
        and (step.duration.seconds or (step.duration.metres or 0.0) / step.target.fast_mps) >= least_s
        for step in fit_order(planned)
    )


def _may_be_replaced(session: Session) -> bool:
    """A planned test or race is a measurement itself, and not replaced by another."""
    return session.hard and session.kind not in MEASURED_KINDS


def _is_measurement(activity: Activity, zones: ZoneSet | None) -> bool:
    """A race or its like. Whoever is fast has run 5 km before 20 minutes are over: a distance of races
    within 3 % of the predicted time is as good.
    """
    return holds_threshold(activity, zones) or is_all_out(race_effort(activity, zones))


def _likeness(
    activity: Activity, candidate: SessionCandidate, zones: ZoneSet | None, size: float
) -> tuple[float, bool, bool]:
    """How much it looks like the session, whether without repetitions, and whether by totals alone."""
    session = candidate.session
    if not activity.laps and not len(activity.samples):
        covered = _total_fit(activity, session)
        if covered >= c.ENTRY_LEAST_SIZE:
            return covered, True, True
    card = score_activity(
        activity, Prescription(PrescriptionOrigin.PLAN, candidate.workout, session.kind), zones
    )
    if card.reps_planned > 1:
        return _structured_fit(card, size), False, False
    return sqrt(size * _pace_fit(card)), True, False


def _total_fit(activity: Activity, session: Session) -> float:
    """How near the totals of an entry by hand are: the distance, or the time where there is none.

    An hour for 5 km is another 5 km: both must be near where both are known.
    """
    distance = _share(activity.distance_m or 0.0, session.distance_m)
    duration = _share(activity.timer_s, session.duration_s)
    if activity.distance_m is None:
        return duration
    return distance if duration >= c.ENTRY_LEAST_TIME or activity.timer_s <= 0 else 0.0


def _ratio(activity: Activity, session: Session) -> float:
    """The smaller over the larger: of the distances, or of the times where that says more."""
    return max(
        _share(activity.timer_s, session.duration_s), _share(activity.distance_m or 0.0, session.distance_m)
    )


def _share(first: float, second: float) -> float:
    larger = max(first, second)
    return min(first, second) / larger if larger > 0 else 0.0


def _structured_fit(card: Scorecard, size: float) -> float:
    if card.alignment.tier is Tier.WHOLE:
        return 0.0
    matched = card.alignment.matched / card.alignment.planned
    return c.STRUCTURE_SHARE * matched + (1 - c.STRUCTURE_SHARE) * size


def _pace_fit(card: Scorecard) -> float:
    pace = card.part("pace").score
    return c.UNKNOWN_PACE_FIT if pace is None else pace / 100
