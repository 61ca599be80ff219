"""Which recordings are one run, and which hold parts of a run that another one holds as a whole."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from syncd.domain.merging.assignment import closest_pairs
from syncd.domain.merging.candidates import MergeCandidate
from syncd.domain.merging.choice import Merged, merged
from syncd.domain.merging.rules import INSIDE_SHARE, Fit, echoes, fit_of, is_inside, shared_s
from syncd.domain.merging.withdrawal import WithdrawalCause

Members = tuple[MergeCandidate, ...]


@dataclass(frozen=True, slots=True)
class CoveredRun:
    """A run that is on record already in `by`: as a part of a whole, or in parts. It does not count again."""

    run: Merged
    by: tuple[Merged, ...]
    why: WithdrawalCause


@dataclass(frozen=True, slots=True)
class SameRuns:
    """Every candidate is in exactly one run, and each run counts once or is covered by others.

    In order of start; those of which only the day is known come last.
    """

    runs: tuple[Merged, ...]
    covered: tuple[CoveredRun, ...] = ()


def same_runs(candidates: Iterable[MergeCandidate]) -> SameRuns:
    """Sort recordings into runs; the order in which they come does not matter.

    Any two recordings of a run fit each other, or one has a hidden start and fits one of the
    others. The same id twice counts once.
    """
    known = sorted(
        {candidate.id: candidate for candidate in sorted(candidates, key=_order)}.values(), key=_order
    )
    groups = _by_time([candidate for candidate in known if not candidate.hidden_start])
    for _, hidden in groupby(
        (candidate for candidate in known if candidate.hidden_start), key=lambda candidate: candidate.source
    ):
        groups = _with_hidden(groups, list(hidden))
    runs = sorted((merged(group) for group in groups), key=lambda run: _order(run.recording))
    covered = _covered(runs)
    covered_ids = {covered_run.run.recording.id for covered_run in covered}
    return SameRuns(tuple(run for run in runs if run.recording.id not in covered_ids), tuple(covered))


def _order(candidate: MergeCandidate) -> tuple[object, ...]:
    hidden = (candidate.source, candidate.day) if candidate.hidden_start else ("", date.min)
    return (candidate.hidden_start, *hidden, candidate.start, candidate.source, candidate.id)


# --- runs whose time is known


def _by_time(candidates: Sequence[MergeCandidate]) -> list[Members]:
    """The surest pairs first; a run takes in another only if all of its recordings fit."""
    group_of = {member.id: [member] for member in candidates}
    for _, a, b in sorted(_fits(candidates), key=lambda pair: (pair[0].cost, pair[1].id, pair[2].id)):
        group, other = group_of[a.id], group_of[b.id]
        if group is not other and all(fit_of(x, y) for x in group for y in other):
            group += other
            group_of.update((member.id, group) for member in other)
    different = {id(group): group for group in group_of.values()}
    return [tuple(sorted(group, key=_order)) for group in different.values()]


def _fits(candidates: Sequence[MergeCandidate]) -> list[tuple[Fit, MergeCandidate, MergeCandidate]]:
    """Every pair that fits; only recordings that were under way at the same time are compared."""
    fits, under_way = [], list[MergeCandidate]()
    for candidate in candidates:  # by start
        under_way = [other for other in under_way if other.end > candidate.start]
        for other in under_way:
            fit = fit_of(candidate, other)
            if fit is not None:
                a, b = sorted((candidate, other), key=lambda member: member.id)
                fits.append((fit, a, b))
        under_way.append(candidate)
    return fits


# --- runs of which only the day is known


def _with_hidden(groups: Sequence[Members], hidden: Sequence[MergeCandidate]) -> list[Members]:
    """The recordings of one service: each joins at most one run, and no run takes two of them."""
    taken: dict[int, MergeCandidate] = {}
    by_day: dict[tuple[str, date], list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        for key in {_day(member) for member in group}:
            by_day[key].append(place)
    for key, same_day in groupby(sorted(hidden, key=_day), key=_day):
        rows, places = list(same_day), by_day.get(key, [])
        costs = [[_cost(candidate, groups[place]) for place in places] for candidate in rows]
        for row, column in closest_pairs(costs):
            taken[places[column]] = rows[row]
    placed = {candidate.id for candidate in taken.values()}
    grown = [(*group, taken[place]) if place in taken else group for place, group in enumerate(groups)]
    return [*grown, *((candidate,) for candidate in hidden if candidate.id not in placed)]


def _day(candidate: MergeCandidate) -> tuple[str, date]:
    return (candidate.family, candidate.day)


def _cost(hidden: MergeCandidate, group: Members) -> float | None:
    """None where it cannot be this run: nothing fits, or its own service shows that recording already."""
    own = [member for member in group if member.source == hidden.source]
    fits = [
        fit.distance
        for member in group
        if (fit := fit_of(hidden, member)) is not None and not any(echoes(member, other) for other in own)
    ]
    return min(fits) if fits else None


# --- parts of a run that is there as a whole


def _covered(runs: Sequence[Merged]) -> list[CoveredRun]:
    """Parts of a whole: the watch was stopped half-way and started again, and the phone recorded on.

    Where the parts together are nearly all of the whole, the better evidence counts, and the parts
    if it is equal (they may have laps); otherwise the whole counts.
    """
    covered: list[CoveredRun] = []
    covered_ids: set[str] = set()
    timed = [run for run in runs if not run.recording.hidden_start]
    for whole in sorted(timed, key=lambda run: (-run.recording.elapsed_s, _order(run.recording))):
        inside = [part for part in _inside(whole, timed) if part.recording.id not in covered_ids]
        if not inside or whole.recording.id in covered_ids:
            continue
        if _are_all_of(inside, whole):
            covered.append(CoveredRun(whole, tuple(inside), WithdrawalCause.IN_PARTS))
            covered_ids.add(whole.recording.id)
        else:
            covered += [CoveredRun(part, (whole,), WithdrawalCause.PART_OF_WHOLE) for part in inside]
            covered_ids |= {part.recording.id for part in inside}
    return sorted(covered, key=lambda covered_run: _order(covered_run.run.recording))


def _inside(whole: Merged, timed: Sequence[Merged]) -> list[Merged]:
    """Shorter runs while this one was under way; `timed` is in order of start."""
    longest_before = timedelta(seconds=(1 - INSIDE_SHARE) * whole.recording.elapsed_s)
    first = bisect_left(timed, whole.recording.start - longest_before, key=_start)
    last = bisect_right(timed, whole.recording.end, key=_start)
    return [part for part in timed[first:last] if is_inside(part.recording, whole.recording)]


def _start(run: Merged) -> datetime:
    return run.recording.start


def _are_all_of(parts: Sequence[Merged], whole: Merged) -> bool:
    """Whether the parts, no two at one time, can stand for the whole."""
    recordings = [part.recording for part in parts]
    if len(parts) < 2 or max(recording.evidence for recording in recordings) > whole.recording.evidence:
        return False
    together = sum(shared_s(recording, whole.recording) for recording in recordings)
    doubled = sum(shared_s(a, b) for place, a in enumerate(recordings) for b in recordings[:place])
    return together - doubled >= INSIDE_SHARE * whole.recording.elapsed_s
