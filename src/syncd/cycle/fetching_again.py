"""Recordings whose payload was found to be lost or damaged are fetched again from where they came.

The scores of these runs stay, and nothing is scored again because of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from syncd.connectors.base import (
    ActivityRef,
    ActivitySource,
    AuthRequired,
    ConnectorError,
    RateLimited,
    RawActivity,
)
from syncd.cycle.arrivals import parse
from syncd.cycle.deletions import ASKED_EVERY
from syncd.cycle.recordings import candidate_in
from syncd.cycle.same_run import alike
from syncd.cycle.world import World
from syncd.domain.arrival import Remark
from syncd.domain.reason import Reason
from syncd.formats.fit import Unreadable
from syncd.formats.reading import BrokenDown, NoReader
from syncd.store.lost_payloads import LostPayload
from syncd.store.recordings import Recording

MOST_A_SYNC = 5  # our default: what is new goes first, and a service counts its questions


def fetch_again(world: World, sources: Sequence[ActivitySource], now: datetime) -> tuple[Reason, ...]:
    """Ask these sources for a few of what is lost, each once a day; remarks on those that are whole again."""
    by_name = {source.name: source for source in sources}
    remarks = []
    for lost in world.store.lost_payloads.due(by_name, now - ASKED_EVERY, MOST_A_SYNC):
        source = by_name.get(lost.source)
        if source is None:
            continue
        try:
            regained = any(_regain(world, source, recording) for recording in _recordings(world, lost))
        except (AuthRequired, RateLimited):
            del by_name[lost.source]
            continue
        if regained:
            facts = {"service": lost.source, "day": lost.day.isoformat()}
            remarks.append(Reason(Remark.FETCHED_AGAIN, facts))
        else:
            world.store.lost_payloads.asked(lost.raw_hash, now)
    return tuple(remarks)


def _recordings(world: World, lost: LostPayload) -> tuple[Recording, ...]:
    versions = world.store.recordings.with_content(lost.raw_hash)
    return tuple(version for version in versions if version.source == lost.source and version.gone is None)


def _regain(world: World, source: ActivitySource, recording: Recording) -> bool:
    """Whether the recording can be read again. Raises AuthRequired and RateLimited."""
    arrivals = world.store.arrivals.of_activity(recording.activity_id)
    came = [arrival for arrival in arrivals if arrival.remote_id == recording.remote_id]
    fingerprint = came[-1].fingerprint if came else ""
    try:
        raw = source.fetch(ActivityRef(recording.source, recording.remote_id, fingerprint))
    except (AuthRequired, RateLimited):
        raise
    except ConnectorError:
        return False
    if hashlib.sha256(raw.content).hexdigest() == recording.raw_hash:
        world.store.raw.put(raw.content)
        world.store.lost_payloads.found(recording.raw_hash)
        return True
    return _reads_the_same(world, raw, recording) and world.store.lost_payloads.take_the_place(
        recording.raw_hash, world.store.raw.put(raw.content)
    )


def _reads_the_same(world: World, raw: RawActivity, recording: Recording) -> bool:
    """Whether what the source has now is the same recording in other bytes; else it is left alone."""
    try:
        parsed = parse(world, raw)
    except (BrokenDown, NoReader):
        return False
    if isinstance(parsed, Unreadable) or recording.part >= len(parsed):
        return False
    content = (recording.source, recording.remote_id, recording.raw_hash, raw.kind, recording.part)
    known, read = recording.candidate, candidate_in(world, parsed[recording.part], *content)
    return alike(replace(read, name=known.name, rpe=known.rpe, feel=known.feel), known)
