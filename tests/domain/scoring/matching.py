"""Which session a run is, among some, by the pure core alone: fits, then one assignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from syncd.domain.activity import Activity
from syncd.domain.athlete import ZoneSet
from syncd.domain.scoring.attribution import Attribution
from syncd.domain.scoring.joined_runs import joined, joined_fit, main_part, may_join
from syncd.domain.scoring.run_assignment import RunRow, SessionColumn, assign_runs
from syncd.domain.scoring.session_fit import SessionCandidate, fit_of


@dataclass(frozen=True, slots=True)
class JoinedRuns:
    """Parts that are one session: the joined run, its session, and the place of the part with most work."""

    activity: Activity
    attribution: Attribution
    main: int


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


def attribute_joined(
    parts: Sequence[Activity],
    day: date,
    candidates: Sequence[SessionCandidate],
    zones: ZoneSet | None,
    *,
    athlete: str | None = None,
) -> JoinedRuns | None:
    """The session that the parts make up, if together they look like it clearly better than any alone."""
    if not may_join(parts):
        return None
    singles = [row_of(place, part, day, candidates, zones, athlete) for place, part in enumerate(parts)]
    whole, main = joined(parts), main_part(parts, zones)
    together = row_of(0, whole, day, candidates, zones)
    fits = {
        identity: joined_fit(fit, [single.fits[identity] for single in singles], main)
        for identity, fit in together.fits.items()
    }
    row = replace(together, runs=tuple(range(len(parts))), fits=fits)
    (first, *others) = assign_runs(singles, [row], columns_of(candidates))
    return None if others else JoinedRuns(whole, first.attribution, main)
