"""Runs come in: stored as received first, then read, then counted or named with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from syncd.connectors.base import ActivityRef, ActivitySource, ConnectorError, RawActivity, Rejected
from syncd.cycle.world import World
from syncd.domain.activity import Activity
from syncd.domain.arrival import Arrived, Outcome
from syncd.formats.fit import Unreadable
from syncd.formats.recording import KINDS, read_recording
from syncd.store.arrivals import Arrival, ArrivalOutcome

CLOCK_TOLERANCE = timedelta(minutes=10)  # our default: two clocks that both mean well
SHORTEST_RUN_S = 60.0  # our default: below, a button was pressed by mistake
SHORTEST_RUN_M = 200.0


def fetch_new(source: ActivitySource, world: World, now: datetime) -> list[Arrived]:
    """Everything new at `source`, each kept in its own transaction. Raises ConnectorError."""
    arrived = []
    known = world.store.arrivals.known(source.name)
    for ref in source.list_since(""):
        if (ref.remote_id, ref.fingerprint) in known:
            continue
        try:
            arrived.append(_keep(source.fetch(ref), world, now))
        except Rejected as error:
            unreadable = Arrived(ref.name, Outcome.UNREADABLE, str(error))
            arrived.append(_remember(world, ref, None, now, unreadable))
        except ConnectorError as error:
            arrived.append(Arrived(ref.name, Outcome.WAITING, str(error)))
    return arrived


def parse(kind: str, content: bytes) -> Activity | Unreadable:
    """A stored payload as an activity; every format that a source delivers."""
    if kind not in KINDS:
        return Unreadable(f"no reader for {kind} files")
    return read_recording(content)


def _keep(raw: RawActivity, world: World, now: datetime) -> Arrived:
    store, name = world.store, raw.ref.name
    raw_hash = store.raw.put(raw.content)
    known = store.activities.by_raw_hash(raw_hash)
    if known is not None:
        arrived = Arrived(name, Outcome.DUPLICATE, "the same recording as one already here", known)
        return _remember(world, raw.ref, raw_hash, now, arrived)
    found = parse(raw.kind, raw.content)
    if isinstance(found, Unreadable):
        outcome = Outcome.OTHER if found.foreign else Outcome.UNREADABLE
        return _remember(world, raw.ref, raw_hash, now, Arrived(name, outcome, found.reason))
    if found.start > now + CLOCK_TOLERANCE:
        reason = f"starts in the future ({found.start:%Y-%m-%d %H:%M} UTC): kept until then"
        return Arrived(name, Outcome.WAITING, reason)
    reason = why_not_a_run(found)
    outcome = Outcome.OTHER if reason else Outcome.RUN
    return _remember(world, raw.ref, raw_hash, now, Arrived(name, outcome, reason, None, found))


def why_not_a_run(activity: Activity) -> str:
    """Why an activity does not count as a run; empty when it does."""
    if not activity.is_run:
        words = (activity.sub_sport, activity.sport)
        return " ".join(word.replace("_", " ") for word in words if word) or "no sport given"
    if activity.timer_s < SHORTEST_RUN_S:
        return f"too short to be a run ({activity.timer_s:.0f} s)"
    if activity.distance_m is not None and activity.distance_m < SHORTEST_RUN_M and not activity.is_treadmill:
        return f"too short to be a run ({activity.distance_m:.0f} m)"
    return ""


def _remember(
    world: World, ref: ActivityRef, raw_hash: str | None, now: datetime, arrived: Arrived
) -> Arrived:
    """The activity and the note of its arrival in one transaction: neither without the other."""
    store, activity, identity = world.store, arrived.activity, arrived.activity_id
    with store.transaction():
        if activity is not None and raw_hash is not None and arrived.outcome is Outcome.RUN:
            day = activity.day(world.offset_at(activity.start))
            identity = store.activities.add(activity, day, ref.source, raw_hash, now)
        store.arrivals.record(
            Arrival(
                source=ref.source,
                remote_id=ref.remote_id,
                fingerprint=ref.fingerprint,
                outcome=ArrivalOutcome(arrived.outcome.value),
                at=now,
                reason=arrived.reason,
                raw_hash=raw_hash,
                activity_id=identity,
            )
        )
    return replace(arrived, activity_id=identity)
