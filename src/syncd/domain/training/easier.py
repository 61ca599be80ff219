"""The easier version of a hard session, for a day that does not feel like it."""

from __future__ import annotations

from syncd.domain.athlete import ZoneSet
from syncd.domain.session import Session, SessionKind
from syncd.domain.training.ladders import TOP_LEVEL
from syncd.domain.training.sessions import Recipe, descent, easy_run, long_run, placed
from syncd.domain.training.special_sessions import estimate_forms

EASY_SHARE = 0.75  # our default: of the distance, when it is run easily instead
_GRAIN_M = 100.0


def easier(session: Session, zones: ZoneSet) -> Session | None:
    """The same day (and id) with less: the level below, else an easy run of three quarters.

    A test becomes a controlled 3 km, a long run with a quick end a plain one. None for what is
    easy already, and for a race.
    """
    recipe = _recipe(session, zones)
    return None if recipe is None else placed(recipe, session.id, session.day, ("S32",))


def _recipe(session: Session, zones: ZoneSet) -> Recipe | None:
    if not session.hard or session.kind is SessionKind.RACE:
        return None
    easy = easy_run(EASY_SHARE * session.distance_m // _GRAIN_M * _GRAIN_M, zones)
    if session.kind is SessionKind.LONG:
        return long_run(session.distance_m // _GRAIN_M * _GRAIN_M, zones)
    if session.kind is SessionKind.TEST:
        forms = (form for form in estimate_forms(zones) if form.distance_m < session.distance_m)
        return next(forms, easy)
    if session.family in TOP_LEVEL and session.level > 0:
        lower = descent(session.family, session.level - 1, zones)
        return next((form for form in lower if form.distance_m < session.distance_m), easy)
    return easy
