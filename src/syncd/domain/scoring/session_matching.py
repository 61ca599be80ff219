"""Which planned session a run was. When in doubt, it does not guess."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from syncd.domain.activity import Activity
from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring.attribution import Attribution, Method
from syncd.domain.scoring.run_assignment import RunRow, SessionColumn, assign_runs
from syncd.domain.scoring.session_fit import SessionCandidate, fit_of, same_workout

__all__ = ["Attribution", "Method", "SessionCandidate", "attribute", "attribute_all", "same_workout"]


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
    row = row_of(0, activity, day, candidates, zones, athlete, raced=raced)
    (found,) = assign_runs([row], (), columns_of(candidates))
    return found.attribution


def attribute_all(
    runs: Sequence[tuple[Activity, date]],
    candidates: Sequence[SessionCandidate],
    zones: ZoneSet | None,
    *,
    athlete: str | None = None,
) -> tuple[Attribution, ...]:
    """One for each run, in order, each alone in its file: what is best for all of them."""
    rows = [
        row_of(place, activity, day, candidates, zones, athlete) for place, (activity, day) in enumerate(runs)
    ]
    found = {one.row.runs[0]: one.attribution for one in assign_runs(rows, (), columns_of(candidates))}
    return tuple(found[place] for place in range(len(runs)))


def row_of(
    identity: int,
    activity: Activity,
    day: date,
    candidates: Sequence[SessionCandidate],
    zones: ZoneSet | None,
    athlete: str | None = None,
    *,
    raced: bool = False,
) -> RunRow:
    """A run with its fits to all of them."""
    fits = {
        candidate.session.id: fit_of(activity, candidate, zones, athlete=athlete, raced=raced)
        for candidate in candidates
    }
    return RunRow((identity,), activity.start, day, fits)


def columns_of(candidates: Sequence[SessionCandidate]) -> list[SessionColumn]:
    """The sessions as they are given out."""
    return [SessionColumn(candidate.session, candidate.workout.content_hash) for candidate in candidates]
