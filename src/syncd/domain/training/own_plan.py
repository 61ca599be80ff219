"""The athlete's own plan as sessions: a line of the file, with what the generator would have added."""

from __future__ import annotations

from collections.abc import Mapping

from syncd.domain.athlete import ZoneSet
from syncd.domain.notation import format_workout
from syncd.domain.plan_file import FileSession, title_in_file
from syncd.domain.session import QUALITY_KINDS, Session, SessionKind
from syncd.domain.training.sessions import estimate, quality_metres
from syncd.domain.units import KILOMETRES, MILES
from syncd.domain.workout import Workout

HARD_KINDS = QUALITY_KINDS | {SessionKind.TEST, SessionKind.RACE}
HARD_FROM_S = 1200.0  # 20 min at marathon pace or faster make a hard day of any run

# Our default where a file says only the kind: the efforts of the session library.
_RPE: Mapping[SessionKind, tuple[int, int]] = {
    SessionKind.HM_M: (5, 6),
    SessionKind.THRESHOLD: (6, 7),
    SessionKind.INTERVAL: (7, 8),
    SessionKind.REPETITION: (7, 8),
    SessionKind.RACE_PACE: (6, 8),
    SessionKind.TEST: (8, 9),
    SessionKind.RACE: (8, 10),
}
_EASY_RPE = (2, 4)
_TEXTS = {
    SessionKind.EASY: "easy run",
    SessionKind.RECOVERY: "recovery run",
    SessionKind.LONG: "long run",
    SessionKind.WALK_RUN: "walk and run",
    SessionKind.HM_M: "half-marathon and marathon pace",
    SessionKind.TEST: "5K test",
    SessionKind.RACE_PACE: "race pace",
}


def own_session(line: FileSession, identity: str, zones: ZoneSet) -> Session:
    """The session of a line. Distance and time are estimates at the zones; the note is its purpose.

    It belongs to no family of the library, so no rule ever changes its level.
    """
    title = line.title or _TEXTS.get(line.kind, line.kind.value)
    distance_m, duration_s = estimate(line.workout, zones)
    return Session(
        id=identity,
        day=line.day,
        kind=line.kind,
        title=title,
        workout=line.workout.named(title),
        distance_m=float(round(distance_m)),
        duration_s=float(round(duration_s)),
        rpe=_RPE.get(line.kind, _EASY_RPE),
        hard=line.kind in HARD_KINDS or quality_seconds(line.workout, zones) >= HARD_FROM_S,
        purpose=line.note,
    )


def says_the_same(line: FileSession, session: Session) -> bool:
    """Whether a line asks for what the session is already: then nothing has to change.

    A title counts as the same in kilometres and in miles: the file may be older than the setting.
    """
    titles = {"", *(title_in_file(session, units) for units in (KILOMETRES, MILES))}
    asked = (line.day, line.kind, line.note or session.purpose, format_workout(line.workout))
    existing = (session.day, session.kind, session.purpose, format_workout(session.workout))
    return line.title in titles and asked == existing


def quality_seconds(workout: Workout, zones: ZoneSet) -> float:
    """Expected seconds at marathon pace or faster."""
    return sum(
        metres * zones.paces[zone].fast_s_per_km / 1000
        for zone, metres in quality_metres(workout, zones).items()
    )
