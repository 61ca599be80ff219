"""One run, however often it was recorded and however many services tell of it.

Whatever arrives, changes or goes, the recordings around that day are sorted into runs again, so
that the order in which they came makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.connectors.base import RawActivity
from syncd.cycle.recordings import activity_in, combined_of, is_reported
from syncd.cycle.rescoring import match, rescore_run
from syncd.cycle.withdrawing import reassess, withdraw
from syncd.cycle.world import World
from syncd.domain.activity import RUNNING, Activity, Trait
from syncd.domain.merging.candidates import Evidence, MergeCandidate, candidate_of
from syncd.domain.merging.choice import LAPS, RECORDING, Merged, changes, merged
from syncd.domain.merging.rules import fit_of
from syncd.domain.merging.same_runs import same_runs
from syncd.domain.merging.withdrawal import WithdrawalCause
from syncd.domain.reason import Reason
from syncd.domain.scoring.attributed import Method
from syncd.domain.scoring.reasons import Found
from syncd.formats.recording import kind_of
from syncd.store.recordings import Recording, recording_id

_NO_RUN = 0  # the identity of a run that is not kept yet
_EDITED, _DOUBLE = Reason(WithdrawalCause.EDITED), Reason(WithdrawalCause.DOUBLE)
_SETTLED = timedelta(days=2)  # our default: nobody runs longer
_LOOKED_AT = timedelta(days=4)  # what may touch those


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a recording was. `why` is empty for a run that was not here before."""

    activity_id: int
    why: str = ""


def take_in(world: World, raw: RawActivity, raw_hash: str, activity: Activity, now: datetime) -> TakenIn:
    """Keep a recording of a run, as a run of its own or beside the others of it. In a transaction."""
    source, remote_id = raw.ref.source, raw.ref.remote_id
    earlier = world.store.recordings.of_remote(source, remote_id)
    same = [each for each in earlier if each.raw_hash == raw_hash]
    told = [each for each in earlier if is_reported(world, each)]
    known = (*same, *told, *world.store.recordings.with_content(raw_hash))
    new = Recording(
        remote_id=remote_id,
        raw_hash=raw_hash,
        kind=raw.kind,
        activity_id=known[0].activity_id if known else _NO_RUN,
        told=_told(world, activity, source, remote_id, raw_hash, raw.kind),
    )
    edited = [each for each in told if each.raw_hash != raw_hash and each.gone is None]
    world.store.recordings.set_gone(edited, _EDITED)
    _sort(world, [new], edited, _EDITED, now)
    kept = next(each for each in world.store.recordings.of_remote(source, remote_id) if _same(each, new))
    others = [each for each in world.store.recordings.of_activity(kept.activity_id) if not _same(each, new)]
    run = world.store.activities.get(kept.activity_id)
    if edited and kept.activity_id in {each.activity_id for each in edited}:
        return TakenIn(kept.activity_id, "an edited version of a run that is here already")
    if others:
        return TakenIn(kept.activity_id, _why(world, kept, others))
    if run is not None and run.withdrawn is not None:
        return TakenIn(kept.activity_id, "a recording of a run that does not count any more")
    return TakenIn(kept.activity_id)


def withdraw_reported(world: World, source: str, remote_id: str, now: datetime) -> None:
    """What a service told of a run is something else now, and no run. In a transaction."""
    if any(
        each.gone is None and is_reported(world, each)
        for each in world.store.recordings.of_remote(source, remote_id)
    ):
        lose(world, source, remote_id, _EDITED, now)


def lose(world: World, source: str, remote_id: str, why: Reason, now: datetime) -> bool:
    """A source has a recording no more, or calls it something else; whether the run still counts.

    What others tell of it stays, and counts in its place. In a transaction.
    """
    lost = [each for each in world.store.recordings.of_remote(source, remote_id) if each.gone is None]
    world.store.recordings.set_gone(lost, why)
    _sort(world, [], lost, why, now)
    return any(_counts(world, each.activity_id) for each in lost)


def bring_back(world: World, source: str, remote_id: str, now: datetime) -> None:
    """The source has it again. In a transaction."""
    versions = world.store.recordings.of_remote(source, remote_id)
    back = [each for each in versions if each.gone not in (None, _EDITED)]
    world.store.recordings.set_gone(back, None)
    _sort(world, [replace(each, gone=None) for each in back], [], _DOUBLE, now)


def note_comment(
    world: World,
    source: str,
    remote_id: str,
    now: datetime,
    *,
    name: str = "",
    rpe: float | None = None,
    where_missing: bool = False,
) -> None:
    """What a source says of its recording now; of the recordings, the best that has a word counts.

    With `where_missing` the recording's own words stay. In a transaction.
    """
    changed = []
    for each in world.store.recordings.of_remote(source, remote_id):
        names, efforts = (name, each.told.name), (rpe, each.told.rpe)
        if where_missing:
            names, efforts = names[::-1], efforts[::-1]
        told = replace(each.told, name=names[0] or names[1], rpe=efforts[0] or efforts[1])
        if each.gone is None and told != each.told:
            changed.append(replace(each, told=told))
    _sort(world, changed, [], _DOUBLE, now)


# --- sorting


def _sort(
    world: World, fresh: Sequence[Recording], lost: Sequence[Recording], why: Reason, now: datetime
) -> None:
    """Sort `fresh` recordings and those around them, and around what was lost, into runs."""
    days = [each.told.day for each in (*fresh, *lost)]
    if not days:
        return
    first, last = min(days), max(days)
    around = world.store.recordings.between(first - _LOOKED_AT, last + _LOOKED_AT)
    known = {each.told.id: _read_again(world, each) for each in around}
    known.update((each.told.id, each) for each in fresh)
    found = same_runs(each.told for each in known.values())
    why_aside = {each.run.recording.id: Reason(each.why) for each in found.aside}
    near = [
        run
        for run in (*found.runs, *(each.run for each in found.aside))
        if any(first - _SETTLED <= each.day <= last + _SETTLED for each in run.members)
    ]
    homes = _homes(world, near, known)
    before = {home: _merged_before(world, home, lost) for home in homes.values() if home is not None}
    touched = {each.activity_id for each in (*fresh, *lost)} - {_NO_RUN}
    touched |= {known[each.id].activity_id for run in near for each in run.members} - {_NO_RUN}
    settled = {
        _settle(world, run, homes[run.recording.id], known, before, why_aside.get(run.recording.id), now)
        for run in near
    }
    elsewhere = {known[each.id].activity_id for run in found.runs if run not in near for each in run.members}
    for activity_id in sorted(touched - settled - elsewhere):
        _retire(world, activity_id, known, why, now)


def _homes(world: World, runs: Sequence[Merged], known: Mapping[str, Recording]) -> dict[str, int | None]:
    """The kept run of each group, by its best recording's id: the one that shows that recording
    already, else the oldest of its members'; each stands for one group only.
    """
    homes: dict[str, int | None] = {}
    taken: set[int] = set()
    for run in runs:
        shown = world.store.activities.by_raw_hash(known[run.recording.id].raw_hash)
        if shown is not None and shown not in taken:
            homes[run.recording.id] = shown
            taken.add(shown)
    for run in runs:
        if run.recording.id in homes:
            continue
        theirs = {known[each.id].activity_id for each in run.members} - {_NO_RUN} - taken
        homes[run.recording.id] = min(theirs) if theirs else None
        taken |= {min(theirs)} if theirs else set()
    return homes


def _merged_before(world: World, activity_id: int, lost: Iterable[Recording]) -> Merged | None:
    """The run as it was; what was lost just now was part of it."""
    told = [each.told for each in world.store.recordings.of_activity(activity_id)]
    told += [each.told for each in lost if each.activity_id == activity_id]
    return merged(told) if told else None


def _settle(
    world: World,
    run: Merged,
    home: int | None,
    known: Mapping[str, Recording],
    before: Mapping[int, Merged | None],
    why_aside: Reason | None,
    now: datetime,
) -> int:
    """The kept run takes the recordings of a group; its id. Nothing is written where nothing changed."""
    store, best = world.store, known[run.recording.id]
    shown = None if home is None else store.activities.get(home)
    kept = home
    if kept is None or shown is None or shown.raw_hash != best.raw_hash:
        activity = _combined_or_told(world, run, known)
        if kept is None:
            kept = store.activities.add(activity, best.told.day, best.source, best.raw_hash, now)
        else:
            store.activities.replace_recording(kept, activity, best.told.day, best.source, best.raw_hash)
    for each in run.members:
        recording = replace(known[each.id], activity_id=kept)
        if recording not in store.recordings.of_remote(recording.source, recording.remote_id):
            store.recordings.keep(recording)
            store.details.move(recording.source, recording.remote_id, kept)
    _keep_comment(world, kept, run)
    if why_aside is not None:
        if _counts(world, kept):
            withdraw(world, kept, why_aside, now)
        return kept
    if not _counts(world, kept):
        store.activities.restore(kept)
    elif shown is not None:
        _score_again(world, kept, run, before.get(kept), shown.rpe, now)
    return kept


def _keep_comment(world: World, activity_id: int, run: Merged) -> None:
    """Name and effort of the best recording that has them."""
    shown = world.store.activities.get(activity_id)
    if shown is None:
        return
    name = next((each.name for each in run.members if each.name), "")
    own = world.store.overrides.rpe_of(activity_id)  # the athlete's word outranks what a recording says
    rpe = own if own is not None else next((each.rpe for each in run.members if each.rpe is not None), None)
    if name and name != shown.name:
        world.store.activities.set_name(activity_id, name)
    if rpe is not None and rpe != shown.rpe:
        world.store.activities.set_rpe(activity_id, rpe)


def _score_again(
    world: World, activity_id: int, run: Merged, before: Merged | None, rpe: float | None, now: datetime
) -> None:
    """After another recording it is looked at like a new run, unless the athlete said which it was."""
    changed = {each.field for each in changes(before, run)}
    if before is not None and _measured(before.recording) == _measured(run.recording):
        changed -= {RECORDING}  # told in other words
    stored = world.store.scores.newest_of(activity_id)
    if stored is None or stored.method is Method.WITHDRAWN:
        return
    if RECORDING in changed and stored.method is not Method.MANUAL:
        reassess(world, activity_id, Reason(Found.BETTER_RECORDING), now)
        return
    shown = world.store.activities.get(activity_id)
    if changed & {RECORDING, LAPS} or (shown is not None and shown.rpe != rpe):
        rescore_run(world, activity_id, now, always=bool(changed & {RECORDING, LAPS}))


def _retire(
    world: World, activity_id: int, known: Mapping[str, Recording], why: Reason, now: datetime
) -> None:
    """A kept run without a recording: it counts no more, or it is part of another one now."""
    if not _counts(world, activity_id):
        return
    stored = world.store.scores.newest_of(activity_id)
    withdraw(world, activity_id, why, now)
    heir = next(
        (
            now_in.activity_id
            for each in known.values()
            if each.activity_id == activity_id
            for now_in in world.store.recordings.of_remote(each.source, each.remote_id)
            if now_in.told.id == each.told.id
        ),
        None,
    )
    if heir is not None and stored is not None and stored.method is Method.MANUAL and stored.session_id:
        match(world, heir, stored.session_id, now)  # the athlete's word stays


# --- what recordings tell


def _told(
    world: World, activity: Activity, source: str, remote_id: str, raw_hash: str, kind: str
) -> MergeCandidate:
    evidence = Evidence.DEVICE_FILE if kind == "fit" else Evidence.STREAMS
    told = candidate_of(
        activity,
        identity=recording_id(source, remote_id, raw_hash),
        source=source,
        day=activity.day(world.offset_at(activity.start)),
        evidence=evidence if len(activity.samples) else Evidence.SUMMARY,
        hidden_start=Trait.HIDDEN_START in activity.traits,
    )
    return replace(told, elapsed_s=told.elapsed_s or told.timer_s)


def _read_again(world: World, recording: Recording) -> Recording:
    """What was kept before recordings had a table of their own is read from its payload once."""
    if recording.kind or not world.store.raw.has(recording.raw_hash):
        return recording
    activity = activity_in(world, recording.raw_hash)
    if activity is None:
        return recording
    kind = kind_of(world.store.raw.get(recording.raw_hash))
    told = _told(world, activity, recording.source, recording.remote_id, recording.raw_hash, kind)
    words = replace(told, name=recording.told.name or told.name, rpe=recording.told.rpe or told.rpe)
    return replace(recording, kind=kind, told=words)


def _combined_or_told(world: World, run: Merged, known: Mapping[str, Recording]) -> Activity:
    """The run as its recordings have it; by its totals where the payloads are gone."""
    activity = combined_of(world, [known[each.id] for each in run.members])
    if activity is not None:
        return activity
    told = run.recording
    return Activity(
        start=told.start,
        sport=RUNNING,
        sub_sport="treadmill" if told.indoors else "",
        name=told.name,
        timer_s=told.timer_s,
        elapsed_s=told.elapsed_s,
        distance_m=told.distance_m,
        rpe=told.rpe,
    )


def _measured(told: MergeCandidate) -> MergeCandidate:
    return replace(told, id="", source="", name="", rpe=None, feel=None)


def _counts(world: World, activity_id: int) -> bool:
    run = world.store.activities.get(activity_id)
    return run is not None and run.withdrawn is None


def _same(one: Recording, other: Recording) -> bool:
    return one.told.id == other.told.id


def _why(world: World, new: Recording, others: Sequence[Recording]) -> str:
    """Why it is no run of its own, and whether it is the recording that counts."""
    if any(each.raw_hash == new.raw_hash for each in others):
        return "the same recording as one already here"
    run = merged([new.told, *(each.told for each in others)])
    fits = [(fit, each) for each in others if (fit := fit_of(each.told, new.told)) is not None]
    if not fits:
        return "another recording of a run that is here already"
    fit, closest = min(fits, key=lambda found: (found[0].cost, found[1].told.id))
    start = world.time_text(closest.told.start)
    known = f"the run of {start} that is here already ({fit.rule.value})"
    better = run.recording.id == new.told.id
    return f"{known}; from now on this recording counts: {run.why}" if better else known
