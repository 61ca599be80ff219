"""The session of the scoring truth table, and how it may be run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syncd.domain.activity import Activity, LapTrigger
from syncd.domain.athlete import ZoneSet
from syncd.domain.notation import parse_workout
from syncd.domain.scoring.card import Scorecard
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.score import score_activity
from syncd.domain.session import SessionKind
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.zones import resolve_workout, zones_from_result
from syncd.domain.workout import Workout
from tests.domain.training.test_fitness import clock
from tests.support.runs import Leg, recorded

ZONES = zones_from_result(5000, 1350, as_of=None, source=entered_result(5000.0, "22:30"))
REFERENCE = zones_from_result(5000, 1500, as_of=None, source=entered_result(5000.0, "25:00"))
SIX_800 = "15min E + 6x(800m @4:15-4:25/km + 2min jog) + 10min E"
EASY, JOG, ON_PACE = clock("5:50"), clock("6:45"), clock("4:20")
SEEDS = range(1, 7)


def workout(notation: str, zones: ZoneSet = ZONES) -> Workout:
    return resolve_workout(parse_workout(notation), zones)


def six_800(
    paces: Sequence[float] = (ON_PACE,) * 6, *, numbered: bool = True, cool_down: bool = True
) -> list[Leg]:
    """The legs of 6 x 800 m; step numbers in FIT order, the last jog skipped."""

    def index(number: int) -> int | None:
        return number if numbered else None

    legs = [Leg(EASY, seconds=900, index=index(0))]
    for k, pace in enumerate(paces):
        legs += [Leg(JOG, seconds=120, index=index(2))] if k else []
        legs.append(Leg(pace, metres=800, index=index(1)))
    return [*legs, Leg(EASY, seconds=600, index=index(4))] if cool_down else legs


def skipping_rep_3(legs: list[Leg]) -> list[Leg]:
    """The lap button ends rep 3 and its jog at once."""
    rep, jog = (replace(leg, metres=None, seconds=2, trigger=LapTrigger.MANUAL) for leg in legs[5:7])
    return [*legs[:5], rep, jog, *legs[7:]]


def waiting_75_s(legs: list[Leg], place: int, *, timer_stops: bool) -> list[Leg]:
    stopped = replace(legs[place], stop_s=75, timer_stops=timer_stops)
    return [*legs[:place], stopped, *legs[place + 1 :]]


def scored(
    activity: Activity,
    planned: Workout,
    kind: SessionKind | None = None,
    *,
    zones: ZoneSet | None = ZONES,
    origin: PrescriptionOrigin = PrescriptionOrigin.EMBEDDED,
    confidence: float = 1.0,
) -> Scorecard:
    prescription = Prescription(origin, planned, kind)
    return score_activity(activity, prescription, zones, attribution_confidence=confidence)


def card_of(
    legs: Sequence[Leg],
    notation: str = SIX_800,
    kind: SessionKind | None = None,
    *,
    zones: ZoneSet = ZONES,
    **recording: object,
) -> Scorecard:
    """The scorecard of a recording of `legs`; the watch embeds the workout where it numbers its laps."""
    planned = workout(notation, zones)
    embedded = planned if any(leg.index is not None for leg in legs) else None
    activity = recorded(legs, workout=embedded, **recording)
    return scored(
        activity,
        planned,
        kind,
        zones=zones,
        origin=PrescriptionOrigin.EMBEDDED if embedded else PrescriptionOrigin.PLAN,
    )


def pace_of(card: Scorecard) -> int:
    score = card.part("pace").score
    assert score is not None
    return score


def statuses(card: Scorecard) -> list[str]:
    return [row.status.value for row in card.steps]
