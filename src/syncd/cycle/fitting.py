"""The fits of runs to sessions: read where they are known, else found from the recordings and kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from syncd.cycle.done_runs import races_between
from syncd.cycle.recordings import whole_activity
from syncd.cycle.world import World
from syncd.domain.activity import Activity
from syncd.domain.scoring import constants as c
from syncd.domain.scoring.joined_runs import joined, joined_fit, main_part
from syncd.domain.scoring.run_assignment import RunRow, SessionColumn
from syncd.domain.scoring.session_fit import Fit, SessionCandidate, fit_of
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession


@dataclass(frozen=True, slots=True)
class SessionVersion:
    """A session that is free, as it is given out, and the name of what runs are compared with."""

    column: SessionColumn
    candidate: SessionCandidate
    name: str


def version_of(world: World, known: CommittedSession, column: SessionColumn) -> SessionVersion:
    """A session with every version that was pushed."""
    pushed = world.store.ledger.versions(known.session.id)
    session = known.session
    content = (
        session.id,
        session.kind.value,
        session.hard,
        session.distance_m,
        session.duration_s,
        known.version,
        sorted({version.key.version for version in pushed}),
    )
    candidate = SessionCandidate(session, known.resolved, tuple(version.workout for version in pushed))
    return SessionVersion(column, candidate, _digest(content))


@dataclass(slots=True)
class Fitting:
    """Fits in one sync: a recording is read once, and only where a fit is not known yet."""

    world: World
    _read: dict[int, Activity | None] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)

    def row(self, run: ActivitySummary, sessions: Sequence[SessionVersion]) -> RunRow | None:
        """A run with its fits to the sessions that it can reach; None where one is not known, and its
        recording can no longer be read.
        """
        near = [session for session in sessions if _days(run, session) <= c.NAMED_REACH_DAYS]
        fits = self._fits([run], near)
        return None if fits is None else RunRow((run.id,), run.start, run.day, fits)

    def joined_row(
        self, runs: Sequence[ActivitySummary], alone: Mapping[int, RunRow], sessions: Sequence[SessionVersion]
    ) -> RunRow | None:
        """Several files as one run; what the watch says is that of its parts. None as for one."""
        first = runs[0]
        reached = [
            session
            for session in sessions
            if all(session.column.session.id in alone[run.id].fits for run in runs)
            if _days(first, session) <= c.LIKENESS_REACH_DAYS
            or any(alone[run.id].fits[session.column.session.id].named for run in runs)
        ]
        together = self._fits(runs, reached)
        if together is None:
            return None
        fits = {
            identity: joined_fit(fit, [alone[run.id].fits[identity] for run in runs], fit.main)
            for identity, fit in together.items()
        }
        return RunRow(tuple(run.id for run in runs), first.start, first.day, fits)

    def _fits(
        self, runs: Sequence[ActivitySummary], sessions: Iterable[SessionVersion]
    ) -> dict[str, Fit] | None:
        name = "+".join(map(self._name, runs))
        known = self.world.store.fits.of(name)
        found: dict[str, Fit] = {}
        new: dict[str, Fit] = {}
        for session in sessions:
            fit = known.get(session.name)
            close = len(runs) > 1 or _days(runs[0], session) <= c.LIKENESS_REACH_DAYS
            if fit is None or (fit.likeness is None and (close or fit.named)):
                fit = self._found(runs, session, measured=close)
                if fit is None:
                    return None
                new[session.name] = fit
            found[session.column.session.id] = fit
        if new:
            self.world.store.fits.keep(name, runs[0].id, runs[0].day, new)
        return found

    def _found(
        self, runs: Sequence[ActivitySummary], session: SessionVersion, *, measured: bool
    ) -> Fit | None:
        parts = [part for run in runs if (part := self._activity(run)) is not None]
        if len(parts) < len(runs):
            return None
        zones = self.world.zones
        whole = parts[0] if len(parts) == 1 else joined(parts)
        raced = any(map(self._is_race, runs))
        fit = fit_of(whole, session.candidate, zones, measured=measured, raced=raced)
        if not measured and fit.named:  # which of two runs of that name it was, likeness tells
            fit = fit_of(whole, session.candidate, zones, raced=raced)
        return fit if len(parts) == 1 else replace(fit, main=main_part(parts, zones))

    def _activity(self, run: ActivitySummary) -> Activity | None:
        if run.id not in self._read:
            self._read[run.id] = whole_activity(self.world, run)
        return self._read[run.id]

    def _is_race(self, run: ActivitySummary) -> bool:
        return run.id in races_between(self.world, run.day, run.day)

    def _name(self, run: ActivitySummary) -> str:
        """Of the recordings of a run, and what was put right on them."""
        if run.id not in self._names:
            store = self.world.store
            recordings = store.recordings.of_activity(run.id)
            corrections = store.corrections.of_activity(run.id)
            content = (
                sorted(recording.candidate.id for recording in recordings),
                (run.raw_hash, run.part),
                [(correction.kind.value, dict(correction.value)) for correction in corrections],
                self._is_race(run),
                c.ALGORITHM,
            )
            self._names[run.id] = _digest(content)
        return self._names[run.id]


def _days(run: ActivitySummary, session: SessionVersion) -> int:
    return session.column.days_from(run.day)


def _digest(content: object) -> str:
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]
