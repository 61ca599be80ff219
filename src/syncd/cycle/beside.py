"""What a source has beside a recording: the athlete's name, effort, sport and mark. They outrank the file.

The sport is kept as a correction with the source as its author: reading the file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from syncd.connectors.base import ActivityRef, ActivitySource, Commenting, Typing
from syncd.cycle.corrections import correct, take_back
from syncd.cycle.recordings import recorded_activity
from syncd.cycle.same_run import note_comment
from syncd.cycle.world import World
from syncd.domain.activity import RUNNING, Activity
from syncd.domain.corrections import BY_ATHLETE, Correction, CorrectionKind
from syncd.domain.doubts import Doubt, superhuman_part
from syncd.formats.sports import Sport
from syncd.store.race_marks import MarkPlace

_EXPORT = "-export"  # how sources end whose words are older than those of the service itself
_OF_THE_SPORT = frozenset({Doubt.NO_SPORT, Doubt.NAMED_OTHERWISE})  # doubts that the athlete's word settles


def sport_beside(
    source: ActivitySource, ref: ActivityRef, found: Sequence[Activity], activity: Activity
) -> Sport | None:
    """What the source calls one of the activities `found` in a file; None where it says nothing of it."""
    sport = source.sport_of(ref, activity.start) if isinstance(source, Typing) else None
    if sport is not None and sport.sport == RUNNING and len(found) > 1:
        return None  # a word for the whole file: its legs know better
    return sport


def called(activity: Activity, sport: Sport | None) -> Activity:
    """The activity as its source calls it."""
    if sport is None:
        return activity
    doubts = tuple(doubt for doubt in activity.doubts if doubt.code not in _OF_THE_SPORT)
    if sport.sport != RUNNING:
        return replace(activity, sport=sport.sport, sub_sport=sport.sub_sport, doubts=doubts)
    if not activity.is_run and superhuman_part(activity.samples) is not None:
        return activity  # a mistake in the table
    own = activity.sub_sport if activity.is_run else ""
    return replace(activity, sport=RUNNING, sub_sport=own or sport.sub_sport, doubts=doubts)


def keep_sport(
    world: World, source: str, activity_id: int, recorded: Activity, sport: Sport | None, now: datetime
) -> None:
    """Keep what a source calls a run that is here, where its recording says otherwise. In a transaction."""
    if sport is None:
        return
    as_called = called(recorded, sport)
    value = {"sport": as_called.sport, "sub_sport": as_called.sub_sport}
    words = [
        held
        for held in world.store.corrections.of_activity(activity_id)
        if held.kind is CorrectionKind.SPORT and held.author != BY_ATHLETE
    ]
    own = [held for held in words if held.author == source]
    if any(held.author != source and not held.author.endswith(_EXPORT) for held in words):
        return  # the service itself knows what it was edited to
    if _is_the_same(recorded, as_called) or (as_called.is_run and as_called.doubts):
        if own:
            take_back(world, activity_id, now, source, {CorrectionKind.SPORT})
    elif not own or dict(own[-1].value) != value:
        correct(world, [Correction(activity_id, CorrectionKind.SPORT, now, value, source)], now)


def follow_sport(
    world: World, source: ActivitySource, ref: ActivityRef, activity_id: int | None, now: datetime
) -> None:
    """A run that came from there earlier may be called something else by now."""
    run = None if activity_id is None else world.store.activities.get(activity_id)
    if run is None or not isinstance(source, Typing):
        return
    sport = source.sport_of(ref, run.start)
    own = any(held.author == ref.source for held in world.store.corrections.of_activity(run.id))
    if sport is None or (sport.sport == RUNNING and run.withdrawn is None and not own):
        return
    recorded = recorded_activity(world, run)
    if recorded is not None:
        with world.store.transaction():
            keep_sport(world, ref.source, run.id, recorded, sport, now)


def retype_kept(
    world: World, ref: ActivityRef, part: int, activity: Activity, sport: Sport, now: datetime
) -> None:
    """A recording that was kept as a run is called something else now. In a transaction."""
    kept = {
        version.activity_id
        for version in world.store.recordings.of_remote(ref.source, ref.remote_id)
        if version.gone is None and version.part == part
    }
    for activity_id in sorted(kept):
        keep_sport(world, ref.source, activity_id, activity, sport, now)


def add_words(
    source: ActivitySource, ref: ActivityRef, activity_id: int | None, world: World, now: datetime
) -> str:
    """Take over name and effort for a run that came from there; the notes on it."""
    run = None if activity_id is None else world.store.activities.get(activity_id)
    if run is None or not isinstance(source, Commenting):
        return ""
    comment = source.comment_of(ref, run.start)
    with world.store.transaction():
        note_comment(
            world, ref.source, ref.remote_id, now, name=comment.name, rpe=comment.rpe, where_missing=True
        )
        world.store.race_marks.note(ref.source, MarkPlace.EXPORT, {ref.remote_id: comment.raced}, now)
    return comment.notes


def _is_the_same(recorded: Activity, as_called: Activity) -> bool:
    return (recorded.sport, recorded.sub_sport, recorded.doubts) == (
        as_called.sport,
        as_called.sub_sport,
        as_called.doubts,
    )
