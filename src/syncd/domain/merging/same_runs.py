"""Which recordings are one run, and which tell parts of a run that another tells as a whole."""

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
class Aside:
    """A run that is told already, by `by`: its whole, or its parts. It is no load of its own."""

    run: Merged
    by: tuple[Merged, ...]
    why: WithdrawalCause


@dataclass(frozen=True, slots=True)
class SameRuns:
    """Every candidate is in exactly one run, and each run counts once or is aside.

    In order of start; those of which only the day is known come last.
    """

    runs: tuple[Merged, ...]
    aside: tuple[Aside, ...] = ()


def same_runs(candidates: Iterable[MergeCandidate]) -> SameRuns:
    """Sort recordings into runs; the order in which they come does not matter.

    Any two recordings of a run fit each other, or one has a hidden start and fits one of the
    others. The same id twice counts once.
    """
    known = sorted({each.id: each for each in sorted(candidates, key=_order)}.values(), key=_order)
    groups = _by_time([each for each in known if not each.hidden_start])
    for _, hidden in groupby((each for each in known if each.hidden_start), key=lambda each: each.source):
        groups = _with_hidden(groups, list(hidden))
    runs = sorted((merged(group) for group in groups), key=lambda run: _order(run.recording))
    aside = _told_already(runs)
    gone = {each.run.recording.id for each in aside}
    return SameRuns(tuple(run for run in runs if run.recording.id not in gone), tuple(aside))


def _order(each: MergeCandidate) -> tuple[object, ...]:
    hidden = (each.source, each.day) if each.hidden_start else ("", date.min)
    return (each.hidden_start, *hidden, each.start, each.source, each.id)


# --- runs whose time is known


def _by_time(candidates: Sequence[MergeCandidate]) -> list[Members]:
    """The surest pairs first; a run takes in another only if all of its recordings fit."""
    group_of = {each.id: [each] for each in candidates}
    for _, a, b in sorted(_fits(candidates), key=lambda found: (found[0].cost, found[1].id, found[2].id)):
        one, other = group_of[a.id], group_of[b.id]
        if one is not other and all(fit_of(x, y) for x in one for y in other):
            one += other
            group_of.update((each.id, one) for each in other)
    different = {id(group): group for group in group_of.values()}
    return [tuple(sorted(group, key=_order)) for group in different.values()]


def _fits(candidates: Sequence[MergeCandidate]) -> list[tuple[Fit, MergeCandidate, MergeCandidate]]:
    """Every pair that fits; only those that are under way at one time are compared."""
    found, under_way = [], list[MergeCandidate]()
    for each in candidates:  # by start
        under_way = [other for other in under_way if other.end > each.start]
        for other in under_way:
            fit = fit_of(each, other)
            if fit is not None:
                a, b = sorted((each, other), key=lambda one: one.id)
                found.append((fit, a, b))
        under_way.append(each)
    return found


# --- runs of which only the day is known


def _with_hidden(groups: Sequence[Members], hidden: Sequence[MergeCandidate]) -> list[Members]:
    """The recordings of one service, each put to at most one run, and no run taking two of them."""
    taken: dict[int, MergeCandidate] = {}
    by_day: dict[tuple[str, date], list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        for key in {(each.family, each.day) for each in group}:
            by_day[key].append(place)
    for key, same_day in groupby(sorted(hidden, key=_day), key=_day):
        rows, places = list(same_day), by_day.get(key, [])
        costs = [[_cost(each, groups[place]) for place in places] for each in rows]
        for row, column in closest_pairs(costs):
            taken[places[column]] = rows[row]
    put = {each.id for each in taken.values()}
    grown = [(*group, taken[place]) if place in taken else group for place, group in enumerate(groups)]
    return [*grown, *((each,) for each in hidden if each.id not in put)]


def _day(each: MergeCandidate) -> tuple[str, date]:
    return (each.family, each.day)


def _cost(hidden: MergeCandidate, group: Members) -> float | None:
    """None where it cannot be this run: nothing fits, or its own service shows that recording already."""
    own = [each for each in group if each.source == hidden.source]
    fits = [
        fit.distance
        for each in group
        if (fit := fit_of(hidden, each)) is not None and not any(echoes(each, other) for other in own)
    ]
    return min(fits) if fits else None


# --- parts of a run that is there as a whole


def _told_already(runs: Sequence[Merged]) -> list[Aside]:
    """The watch stopped half-way and went on in a second file; the phone recorded on.

    Where the parts together are nearly all of the whole, the better evidence counts, the parts
    if it is equal (they may have laps); else the whole does.
    """
    found: list[Aside] = []
    gone: set[str] = set()
    timed = [run for run in runs if not run.recording.hidden_start]
    for whole in sorted(timed, key=lambda run: (-run.recording.elapsed_s, _order(run.recording))):
        inside = [part for part in _inside(whole, timed) if part.recording.id not in gone]
        if not inside or whole.recording.id in gone:
            continue
        if _are_all_of(inside, whole):
            found.append(Aside(whole, tuple(inside), WithdrawalCause.IN_PARTS))
            gone.add(whole.recording.id)
        else:
            found += [Aside(part, (whole,), WithdrawalCause.PART_OF_WHOLE) for part in inside]
            gone |= {part.recording.id for part in inside}
    return sorted(found, key=lambda each: _order(each.run.recording))


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
    if len(parts) < 2 or max(each.evidence for each in recordings) > whole.recording.evidence:
        return False
    together = sum(shared_s(each, whole.recording) for each in recordings)
    doubled = sum(shared_s(a, b) for place, a in enumerate(recordings) for b in recordings[:place])
    return together - doubled >= INSIDE_SHARE * whole.recording.elapsed_s
