"""What counts of a run that was recorded more than once, and which recording each field comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import TypeVar

from syncd.domain.activity import Activity, Lap
from syncd.domain.merging.candidates import MergeCandidate

_T = TypeVar("_T")

COVERED_SHARE = 0.9  # our default: a recording that ends early is not the run, whatever its evidence
RECORDING, LAPS, RPE, FEEL, NAME, HEART_RATE = "recording", "laps", "rpe", "feel", "name", "heart rate"
_ONE_CLOCK_S = 5.0  # our default: laps are taken over from a recording that began with this one


@dataclass(frozen=True, slots=True)
class Merged:
    """One run. `recording` is the one that is scored, `why` says what put it before the next.

    `provenance` names the candidate (its id) that each known field comes from: the recording,
    laps, heart rate, RPE, feel and name. `members` are all recordings, the best first.
    """

    recording: MergeCandidate
    members: tuple[MergeCandidate, ...]
    provenance: Mapping[str, str]
    why: str = ""

    def source_of(self, field: str) -> str | None:
        """The service or folder that a field comes from; None where no recording has it."""
        identity = self.provenance.get(field)
        return next((member.source for member in self.members if member.id == identity), None)

    def member_with(self, field: str) -> MergeCandidate | None:
        """The recording that a field comes from; None where none has it."""
        identity = self.provenance.get(field)
        return next((member for member in self.members if member.id == identity), None)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a run that comes from elsewhere now. None: from nowhere."""

    field: str
    before: str | None
    after: str | None


def merged(candidates: Sequence[MergeCandidate]) -> Merged:
    """The recordings of one run (at least one) as one; their order does not matter.

    First is what covers the run, then a device file before streams before a summary, then what
    carries the workout that was run, then more sensors, more laps, the longer, the earlier. What
    the athlete entered (RPE, feel, name) comes from the best recording that has it.
    """
    longest = max(candidate.elapsed_s for candidate in candidates)
    members = tuple(
        sorted(candidates, key=lambda candidate: (*_rank(candidate, longest), candidate.source, candidate.id))
    )
    best = members[0]
    provenance = {RECORDING: best.id}
    for field, has in _REPORTED.items():
        reporter = next((member.id for member in members if has(member)), None)
        if reporter is not None:
            provenance[field] = reporter
    laps = _laps_from(members)
    if laps is not None:
        provenance[LAPS] = laps.id
    return Merged(best, members, MappingProxyType(provenance), _why(members, longest))


def changes(before: Merged | None, after: Merged | None) -> tuple[FieldChange, ...]:
    """What changed because a recording came or went; empty: nothing to score again."""
    old = {} if before is None else before.provenance
    new = {} if after is None else after.provenance
    return tuple(
        FieldChange(field, old.get(field), new.get(field))
        for field in dict.fromkeys(chain(old, new))
        if old.get(field) != new.get(field)
    )


def combined(run: Merged, activities: Mapping[str, Activity]) -> Activity:
    """The run as one activity: the recording, and from the others what it lacks.

    `activities` has the activity of each candidate's id; those that can no longer be read may be
    missing, except the recording's. Raises KeyError without that one.
    """
    best = activities[run.recording.id]
    filled = replace(
        best,
        rpe=_value(run, activities, RPE, lambda other: other.rpe),
        feel=_value(run, activities, FEEL, lambda other: other.feel),
        name=_value(run, activities, NAME, lambda other: other.name) or best.name,
        avg_hr_bpm=best.avg_hr_bpm or _value(run, activities, HEART_RATE, lambda other: other.avg_hr_bpm),
        max_hr_bpm=best.max_hr_bpm or _value(run, activities, HEART_RATE, lambda other: other.max_hr_bpm),
    )
    giver = activities.get(run.provenance.get(LAPS, run.recording.id))
    if giver is None or giver is best:
        return filled
    later_s = (giver.start - best.start).total_seconds()
    return replace(filled, laps=_moved(giver.laps, later_s, best.elapsed_s))


def _rank(candidate: MergeCandidate, longest_s: float) -> tuple[int | float, ...]:
    return tuple(key(candidate, longest_s) for _, key in _PREFERENCES)


_PREFERENCES: tuple[tuple[str, Callable[[MergeCandidate, float], int | float]], ...] = (
    ("it covers the run", lambda candidate, longest: candidate.elapsed_s < COVERED_SHARE * longest),
    ("it is the device's own file", lambda candidate, _: candidate.evidence),
    ("its start is known", lambda candidate, _: candidate.hidden_start),
    ("it carries the workout", lambda candidate, _: not candidate.has_workout),
    ("it has more sensors", lambda candidate, _: -len(candidate.sensors)),
    ("it has more laps", lambda candidate, _: -candidate.laps),
    ("it is longer", lambda candidate, _: -candidate.elapsed_s),
    ("it began earlier", lambda candidate, _: candidate.start.timestamp()),
)

_REPORTED: Mapping[str, Callable[[MergeCandidate], bool]] = {
    HEART_RATE: lambda candidate: "heart rate" in candidate.sensors,
    RPE: lambda candidate: candidate.rpe is not None,
    FEEL: lambda candidate: candidate.feel is not None,
    NAME: lambda candidate: bool(candidate.name),
}


def _why(members: Sequence[MergeCandidate], longest_s: float) -> str:
    if len(members) < 2:
        return ""
    pairs = zip(_rank(members[0], longest_s), _rank(members[1], longest_s), _PREFERENCES, strict=True)
    reason = next((reason for mine, other, (reason, _) in pairs if mine != other), "they are equal")
    if reason == _PREFERENCES[1][0] and members[0].evidence:
        return "it has samples"
    return reason


def _laps_from(members: Sequence[MergeCandidate]) -> MergeCandidate | None:
    """The best recording's own; where it has none or is one lap, those of another on the same clock."""
    best = members[0]
    if best.laps > 1 or best.has_workout:
        return best
    others = [member for member in members[1:] if member.laps > 1 and _same_clock(best, member)]
    return others[0] if others else best if best.laps else None


def _same_clock(a: MergeCandidate, b: MergeCandidate) -> bool:
    """Whether lap times of one mean the same moments in the other."""
    if a.hidden_start or b.hidden_start:
        return abs(a.elapsed_s - b.elapsed_s) <= _ONE_CLOCK_S
    ends = abs((a.end - b.end).total_seconds())
    return max(abs((a.start - b.start).total_seconds()), ends) <= _ONE_CLOCK_S


def _moved(laps: Sequence[Lap], later_s: float, end_s: float) -> tuple[Lap, ...]:
    """Laps on the clock of a recording that began `later_s` before theirs, and not beyond its end."""
    shift = later_s if abs(later_s) <= _ONE_CLOCK_S else 0.0  # a hidden start says nothing
    out = []
    for lap in laps:
        start, end = max(lap.start_s + shift, 0.0), min(lap.end_s + shift, end_s)
        if end > start:
            out.append(replace(lap, start_s=start, end_s=end))
    return tuple(out)


def _value(
    run: Merged, activities: Mapping[str, Activity], field: str, of: Callable[[Activity], _T | None]
) -> _T | None:
    """A field of the activity that the provenance names."""
    activity = activities.get(run.provenance.get(field, ""))
    return None if activity is None else of(activity)
