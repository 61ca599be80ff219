"""What a run is called: its session, what the watch made of it, or the time of day."""

from __future__ import annotations

from syncd.domain.activity import INDOORS
from syncd.domain.delivery import labels
from syncd.domain.notation import NotationError, parse_workout
from syncd.domain.scoring.card import Flag
from syncd.domain.scoring.judgement import Judgement
from syncd.domain.session import Session
from syncd.domain.units import Units
from syncd.domain.workout import Workout, executed
from syncd.report.score_views import SummarisedRun, local_start

_SAME = 0.02  # our default: files round lengths, and that changes no workout
_HOURS = ((5, "Night"), (12, "Morning"), (14, "Lunch"), (18, "Afternoon"), (22, "Evening"))
_PLACES = {"trail": "Trail run", "track": "Track run"}


def session_run_text(session: Session, judgement: Judgement, units: Units) -> str:
    """The title of a session that was run; `3 x 5 min, shortened` where the watch ran less of it."""
    title = labels.title(session, units)
    if judgement.card is None or Flag.RAN_OTHER_VERSION not in judgement.card.flags:
        return title
    change = _change(session.workout, judgement.notation)
    return f"{title}, {change}" if change else title


def unplanned_run_text(run: SummarisedRun, name: str) -> str:
    """What the athlete called it; else `Trail run`, `Evening run`."""
    if name:
        return name
    if run.sub_sport in INDOORS:
        return "Indoor run"
    hour = local_start(run).hour
    time_of_day = next((text for before, text in _HOURS if hour < before), "Night")
    return _PLACES.get(run.sub_sport, f"{time_of_day} run")


def _change(planned: Workout, notation: str | None) -> str:
    """What was done to a workout before it was run; empty where only its targets are others."""
    try:
        run = parse_workout(notation or "")
    except NotationError:
        return ""
    pairs = tuple(zip(_sizes(planned), _sizes(run), strict=True))
    is_less = any(after < before * (1 - _SAME) for before, after in pairs)
    is_more = any(after > before * (1 + _SAME) for before, after in pairs)
    if is_less and is_more:
        return "changed"
    return "shortened" if is_less else "extended" if is_more else ""


def _sizes(workout: Workout) -> tuple[float, float]:
    """Seconds of the timed steps and metres of the measured ones."""
    durations = [step.step.duration for step in executed(workout)]
    return (
        sum(duration.seconds or 0.0 for duration in durations),
        sum(duration.metres or 0.0 for duration in durations),
    )
