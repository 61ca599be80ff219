"""Sorts recordings into runs: each run keeps its recordings, and counts once or is covered by others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from syncd.cycle.held_back import doubts_of, is_held_back, put_right, stand_aside, why_held_back
from syncd.cycle.recordings import activity_in, candidate_in, combined_of
from syncd.cycle.rescoring import match, rescore_run
from syncd.cycle.withdrawing import reassess, withdraw
from syncd.cycle.world import World
from syncd.domain.activity import RUNNING, Activity
from syncd.domain.merging.candidates import MergeCandidate
from syncd.domain.merging.choice import LAPS, RECORDING, Merged, changes, merged
from syncd.domain.merging.same_runs import SameRuns, same_runs
from syncd.domain.reason import Reason
from syncd.domain.scoring.attribution import Method
from syncd.domain.scoring.reasons import MatchReason
from syncd.formats.recording import kind_of
from syncd.store.recordings import Recording

NO_RUN = 0  # the id of a run that is not kept yet
_SETTLED = timedelta(days=2)  # our default: nobody runs longer
_NEIGHBOURHOOD = timedelta(days=4)  # recordings this near may belong to the same runs


def sort_runs(
    world: World,
    fresh: Sequence[Recording],
    lost: Sequence[Recording],
    why: Reason,
    now: datetime,
    doubts: Sequence[Reason] | None = None,
) -> None:
    """Sort `fresh` recordings and those around them, and around what was lost, into runs.

    `doubts`: of the fresh recording, None where it is not new. A run that does not count covers no other.
    """
    days = [recording.candidate.day for recording in (*fresh, *lost)]
    if not days:
        return
    first, last = min(days), max(days)
    around = world.store.recordings.between(first - _NEIGHBOURHOOD, last + _NEIGHBOURHOOD)
    known = {recording.candidate.id: _with_payload_read(world, recording) for recording in around}
    known.update((recording.candidate.id, recording) for recording in fresh)
    groups = same_runs(recording.candidate for recording in known.values())
    near = [
        run
        for run in (*groups.runs, *(aside.run for aside in groups.covered))
        if any(first - _SETTLED <= member.day <= last + _SETTLED for member in run.members)
    ]
    homes = _homes(world, near, known)
    new = frozenset(recording.candidate.id for recording in fresh)
    why_held = {
        run.recording.id: _why_held_back(world, run, homes[run.recording.id], doubts, new) for run in near
    }
    held_back = {identity: held for identity, held in why_held.items() if held is not None}
    why_aside = _covered(groups, held_back) | held_back
    before = {home: _merged_before(world, home, lost) for home in homes.values() if home is not None}
    touched = {recording.activity_id for recording in (*fresh, *lost)} - {NO_RUN}
    touched |= {known[member.id].activity_id for run in near for member in run.members} - {NO_RUN}
    settled = {
        _settle(world, run, homes[run.recording.id], known, before, why_aside.get(run.recording.id), now)
        for run in near
    }
    elsewhere = {
        known[member.id].activity_id for run in groups.runs if run not in near for member in run.members
    }
    for activity_id in sorted(touched - settled - elsewhere):
        _retire(world, activity_id, known, why, now)


def _covered(groups: SameRuns, held_back: Collection[str]) -> dict[str, Reason]:
    """Why a group is on record already, in others that count; by its best recording's id."""
    return {
        aside.run.recording.id: Reason(aside.why)
        for aside in groups.covered
        if not all(run.recording.id in held_back for run in aside.by)
    }


def _why_held_back(
    world: World,
    run: Merged,
    home: int | None,
    doubts: Sequence[Reason] | None,
    fresh: Collection[str],
) -> Reason | None:
    """Why a group counts nowhere. `doubts` are those of the `fresh` recordings, where they are new.

    Doubts about one recording say nothing where another of the same run is sure.
    """
    shown = None if home is None else world.store.activities.get(home)
    held = () if shown is None else doubts_of(shown)
    if doubts is not None and run.recording.id in fresh:
        held = tuple(doubts)
    if len(run.members) > 1 and (
        (doubts is not None and not doubts and any(member.id in fresh for member in run.members))
        or (shown is not None and shown.withdrawn is None)
    ):
        held = ()
    return why_held_back(world, home or NO_RUN, held)


def _homes(world: World, runs: Sequence[Merged], known: Mapping[str, Recording]) -> dict[str, int | None]:
    """The kept run of each group, by its best recording's id: the one that shows that recording
    already, else the oldest of its members'. A kept run serves one group only.
    """
    homes: dict[str, int | None] = {}
    taken: set[int] = set()
    for run in runs:
        best = known[run.recording.id]
        shown = world.store.activities.by_raw_hash(best.raw_hash, best.part)
        if shown is not None and shown not in taken:
            homes[run.recording.id] = shown
            taken.add(shown)
    for run in runs:
        if run.recording.id in homes:
            continue
        theirs = {known[member.id].activity_id for member in run.members} - {NO_RUN} - taken
        homes[run.recording.id] = min(theirs) if theirs else None
        taken |= {min(theirs)} if theirs else set()
    return homes


def _merged_before(world: World, activity_id: int, lost: Iterable[Recording]) -> Merged | None:
    """The run as it was, with what was lost just now."""
    candidates = [recording.candidate for recording in world.store.recordings.of_activity(activity_id)]
    candidates += [recording.candidate for recording in lost if recording.activity_id == activity_id]
    return merged(candidates) if candidates else None


def _settle(
    world: World,
    run: Merged,
    home: int | None,
    known: Mapping[str, Recording],
    before: Mapping[int, Merged | None],
    why_aside: Reason | None,
    now: datetime,
) -> int:
    """Give the recordings of a group to its kept run; its id. Nothing is written where nothing changed."""
    store, best = world.store, known[run.recording.id]
    shown = None if home is None else store.activities.get(home)
    kept = home
    if kept is None or shown is None or (shown.raw_hash, shown.part) != (best.raw_hash, best.part):
        activity = _combined_or_totals(world, run, known)
        if kept is not None:
            activity = put_right(world, kept, activity)
        content = (best.candidate.day, best.source, best.raw_hash)
        if kept is None:
            kept = store.activities.add(activity, *content, now, part=best.part)
        else:
            store.activities.replace_recording(kept, activity, *content, part=best.part)
    for member in run.members:
        recording = replace(known[member.id], activity_id=kept)
        if recording not in store.recordings.of_remote(recording.source, recording.remote_id):
            store.recordings.keep(recording)
            store.details.move(recording.source, recording.remote_id, kept)
    _keep_comment(world, kept, run)
    if why_aside is not None:
        if is_held_back(why_aside):
            stand_aside(world, kept, why_aside, now)
        elif counts(world, kept):
            withdraw(world, kept, why_aside, now)
        return kept
    if not counts(world, kept):
        store.activities.restore(kept)
    elif shown is not None:
        _score_again(world, kept, run, before.get(kept), shown.rpe, now)
    return kept


def _keep_comment(world: World, activity_id: int, run: Merged) -> None:
    """Name and effort of the best recording that has them."""
    shown = world.store.activities.get(activity_id)
    if shown is None:
        return
    name = next((member.name for member in run.members if member.name), "")
    own = world.store.overrides.rpe_of(activity_id)  # the athlete's entry outranks every recording
    recorded = next((member.rpe for member in run.members if member.rpe is not None), None)
    rpe = own if own is not None else recorded
    if name and name != shown.name:
        world.store.activities.set_name(activity_id, name)
    if rpe is not None and rpe != shown.rpe:
        world.store.activities.set_rpe(activity_id, rpe)


def _score_again(
    world: World, activity_id: int, run: Merged, before: Merged | None, rpe: float | None, now: datetime
) -> None:
    """With another best recording it is assessed like a new run, unless the athlete matched it."""
    changed = {change.field for change in changes(before, run)}
    if before is not None and _measured(before.recording) == _measured(run.recording):
        changed -= {RECORDING}  # it measured the same
    stored = world.store.scores.newest_of(activity_id)
    if stored is None or stored.method is Method.WITHDRAWN:
        return
    if RECORDING in changed and stored.method is not Method.MANUAL:
        reassess(world, activity_id, Reason(MatchReason.BETTER_RECORDING), now)
        return
    shown = world.store.activities.get(activity_id)
    if changed & {RECORDING, LAPS} or (shown is not None and shown.rpe != rpe):
        rescore_run(world, activity_id, now, always=bool(changed & {RECORDING, LAPS}))


def _retire(
    world: World, activity_id: int, known: Mapping[str, Recording], why: Reason, now: datetime
) -> None:
    """A kept run without a recording: it no longer counts, or is part of another one now."""
    if not counts(world, activity_id):
        return
    stored = world.store.scores.newest_of(activity_id)
    withdraw(world, activity_id, why, now)
    heir = next(
        (
            version.activity_id
            for recording in known.values()
            if recording.activity_id == activity_id
            for version in world.store.recordings.of_remote(recording.source, recording.remote_id)
            if version.candidate.id == recording.candidate.id
        ),
        None,
    )
    if heir is not None:
        world.store.corrections.move(activity_id, heir)
    if heir is not None and stored is not None and stored.method is Method.MANUAL and stored.session_id:
        match(world, heir, stored.session_id, now)  # the athlete's match stays


def _with_payload_read(world: World, recording: Recording) -> Recording:
    """The recording with what its payload has: those kept before there was a table of recordings lack it."""
    content = None if recording.kind else world.store.raw.find(recording.raw_hash)
    if content is None:
        return recording
    activity = activity_in(world, recording.raw_hash)
    if activity is None:
        return recording
    kind = kind_of(content)
    candidate = candidate_in(world, activity, recording.source, recording.remote_id, recording.raw_hash, kind)
    named = replace(
        candidate,
        name=recording.candidate.name or candidate.name,
        rpe=recording.candidate.rpe or candidate.rpe,
    )
    return replace(recording, kind=kind, candidate=named)


def _combined_or_totals(world: World, run: Merged, known: Mapping[str, Recording]) -> Activity:
    """The run as its recordings have it; only its totals where the payloads are gone."""
    activity = combined_of(world, [known[member.id] for member in run.members])
    if activity is not None:
        return activity
    best = run.recording
    return Activity(
        start=best.start,
        sport=RUNNING,
        sub_sport="treadmill" if best.indoors else "",
        name=best.name,
        timer_s=best.timer_s,
        elapsed_s=best.elapsed_s,
        distance_m=best.distance_m,
        rpe=best.rpe,
    )


def _measured(candidate: MergeCandidate) -> MergeCandidate:
    return replace(candidate, id="", source="", name="", rpe=None, feel=None)


def counts(world: World, activity_id: int) -> bool:
    """Whether the run is here, and nothing keeps it from counting."""
    run = world.store.activities.get(activity_id)
    return run is not None and run.withdrawn is None
