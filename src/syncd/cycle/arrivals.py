"""Runs come in: stored as received first, then read, then counted or named with a reason.

`fetch_new` takes everything that a source has; a sync uses `pull`, which remembers how far it got,
takes no more at once than a service can bear, and notices what was edited or deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.connectors.base import (
    ActivityRef,
    ActivitySource,
    AuthRequired,
    ConnectorError,
    Foreign,
    MarksRaces,
    Postponed,
    RateLimited,
    RawActivity,
    Rejected,
    RunService,
    Spreading,
)
from syncd.cycle.beside import add_words, called, keep_sport, retype_kept, sport_beside
from syncd.cycle.same_run import keep_recording, withdraw_reported
from syncd.cycle.services import RunsOfService
from syncd.cycle.set_aside import (
    MOST_FAILURES,
    attempt_at,
    attempted,
    is_set_aside,
    release,
    set_aside_text,
    to_try_again,
)
from syncd.cycle.timing import require_agreement
from syncd.cycle.world import World
from syncd.domain.activity import NO_SAMPLES, RUNNING, Activity
from syncd.domain.arrival import Arrived, PayloadOutcome, Remark
from syncd.domain.reason import Reason
from syncd.formats.fit import Unreadable
from syncd.formats.reading import BrokenDown, NoReader, Recordings
from syncd.formats.recording import KINDS
from syncd.formats.sports import Sport
from syncd.store.arrivals import Arrival, ArrivalOutcome
from syncd.store.quarantine import ReadingAttempt
from syncd.store.race_marks import MarkPlace

CLOCK_TOLERANCE = timedelta(minutes=10)  # our default: how far two honest clocks may differ
SHORTEST_RUN_S = 60.0  # our default: below, a button was pressed by mistake
SHORTEST_RUN_M = 200.0
# What a file with several activities is remembered as: the first of these.
_IN_A_WORD = (
    PayloadOutcome.RUN,
    PayloadOutcome.DUPLICATE,
    PayloadOutcome.DOUBTFUL,
    PayloadOutcome.OTHER,
    PayloadOutcome.UNREADABLE,
    PayloadOutcome.WAITING,
)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a source had. `remarks` are for people (a connector writes its own), `problems` are tried again
    in the next sync.

    `error`: after it nothing more could be asked. `behind`: how many runs wait for later syncs.
    """

    arrived: tuple[Arrived, ...] = ()
    remarks: tuple[Reason | str, ...] = ()
    problems: tuple[str, ...] = ()
    error: ConnectorError | None = None
    behind: int = 0

    @property
    def whole(self) -> bool:
        """Whether the source was read to the end, without a problem."""
        return self.error is None and not self.problems

    @property
    def complete(self) -> bool:
        """Whether everything that was listed has been taken."""
        waits = any(arrival.outcome is PayloadOutcome.WAITING for arrival in self.arrived)
        return self.whole and not self.behind and not waits


def fetch_new(source: ActivitySource, world: World, now: datetime) -> list[Arrived]:
    """Everything new at `source`, each kept in its own transaction. Raises ConnectorError."""
    known = known_of(world, source, now)
    new = [ref for ref in source.list_since("") if (ref.remote_id, ref.fingerprint) not in known]
    return [arrived for ref in new for arrived in _take_whole(source, ref, world, now)]


def pull(source: ActivitySource, world: World, now: datetime) -> Pulled:
    """What is new since the last time. Raises ConnectorError when the source cannot list, ClockContradicted.

    The cursor moves on only when everything that was listed has been taken.
    """
    cursor = f"cursor.{source.name}"
    refs = tuple(source.list_since(world.store.meta.get(cursor) or ""))
    require_agreement(source, now)
    known = known_of(world, source, now)
    new = [ref for ref in refs if (ref.remote_id, ref.fingerprint) not in known]
    if isinstance(source, RunService):
        new += _beyond_the_list(world, source, refs, now)
    else:
        _forget_gone(world, source.name, refs)
    if isinstance(source, MarksRaces):
        world.store.race_marks.note(source.name, MarkPlace.LIST, source.races(), now)
    if isinstance(source, RunService):
        pulled = _from_service(source, refs, new, world, now)
    else:
        read = world.watching.over(new, "files", len(new))
        pulled = Pulled(tuple(arrived for ref in read for arrived in _take_whole(source, ref, world, now)))
    if pulled.complete:
        today = world.today(now).isoformat()
        if world.store.meta.get(cursor) != today:
            world.store.meta.set(cursor, today)
    return pulled


def known_of(world: World, source: ActivitySource, now: datetime) -> frozenset[tuple[str, str]]:
    """(remote id, fingerprint) of everything from there that need not be read."""
    again = {(ref.remote_id, ref.fingerprint) for ref in to_try_again(world, source.name, now)}
    return world.store.arrivals.known(source.name) - again


def _beyond_the_list(
    world: World, service: RunService, refs: Sequence[ActivityRef], now: datetime
) -> list[ActivityRef]:
    """What is to be tried again and lies before the days that were listed."""
    listed = {ref.remote_id for ref in refs}
    return [ref for ref in to_try_again(world, service.name, now) if ref.remote_id not in listed]


def _forget_gone(world: World, source: str, refs: Sequence[ActivityRef]) -> None:
    """A file that is there no more, or another one by now, need not be remembered."""
    listed = {(ref.remote_id, ref.fingerprint) for ref in refs}
    for attempt in world.store.quarantine.failed(0, source):
        if (attempt.remote_id, attempt.fingerprint) not in listed:
            world.store.quarantine.settle(source, attempt.remote_id, attempt.fingerprint)


def _take_whole(source: ActivitySource, ref: ActivityRef, world: World, now: datetime) -> tuple[Arrived, ...]:
    """One, with the athlete's own words on it."""
    found = take(source, ref, world, now)
    for arrived in found:
        add_words(source, ref, arrived.activity_id, world, now)
    return found


def _from_service(
    service: RunService, refs: Sequence[ActivityRef], new: list[ActivityRef], world: World, now: datetime
) -> Pulled:
    """Edits and deletions first, then what is new, the newest first; what was taken before a fault stays."""
    kept = RunsOfService(service, world, now, frozenset(ref.remote_id for ref in refs))
    arrived: list[Arrived] = []
    behind = 0
    error: ConnectorError | None = None
    try:
        new = [ref for ref in new if not kept.take_edit(ref)]
        kept.compare(refs)
        behind = max(len(new) - service.most_a_sync, 0)
        near = new[: service.most_a_sync]
        for place, ref in enumerate(world.watching.over(near, "runs", len(near))):
            try:
                arrived += take(service, ref, world, now)
            except Postponed:
                behind = len(new) - place
                break
            kept.take_detail(ref, arrived[-1])
        kept.recheck()
    except (AuthRequired, RateLimited) as fault:
        error = fault
    more = (_how_far(service, behind, len(refs)),) if behind else ()
    return Pulled(tuple(arrived), (*kept.remarks, *more), tuple(kept.problems), error, behind)


def _how_far(service: RunService, behind: int, listed: int) -> Reason | str:
    if isinstance(service, Spreading):
        return service.progress(behind, listed)
    return Reason(Remark.MORE_FOLLOW, {"behind": behind, "most": service.most_a_sync})


def take(source: ActivitySource, ref: ActivityRef, world: World, now: datetime) -> tuple[Arrived, ...]:
    """Fetch one, keep it, and return what was in it. Raises AuthRequired and RateLimited.

    Another recording of a run that is here already is kept beside it, and is no run of its own. One whose
    reading breaks down is tried twice, and then set aside.
    """
    attempt = attempt_at(world, ref, now)
    for _ in range(MOST_FAILURES):
        if is_set_aside(attempt, now):
            break
        try:
            found = _attempt(source, ref, attempt, world, now)
        except BrokenDown:
            attempt = attempt_at(world, ref, now)
            continue
        if any(arrived.outcome is PayloadOutcome.WAITING for arrived in found):
            release(world, attempt)
        return found
    aside = Arrived(ref.name, PayloadOutcome.UNREADABLE, set_aside_text(attempt), set_aside=True)
    return _remember(world, ref, None, now, (aside,))


def _attempt(
    source: ActivitySource, ref: ActivityRef, attempt: ReadingAttempt, world: World, now: datetime
) -> tuple[Arrived, ...]:
    """Raises AuthRequired, RateLimited and BrokenDown."""
    try:
        with attempted(world, attempt, now):
            return _keep(source, source.fetch(ref), world, now)
    except (AuthRequired, RateLimited):
        raise  # nothing else will be answered either
    except Foreign as error:
        foreign = Arrived(ref.name, PayloadOutcome.OTHER, str(error), what=error.what)
        return _remember(world, ref, None, now, (foreign,))
    except Rejected as error:
        return _remember(world, ref, None, now, (Arrived(ref.name, PayloadOutcome.UNREADABLE, str(error)),))
    except ConnectorError as error:
        return (Arrived(ref.name, PayloadOutcome.WAITING, str(error)),)
    except NoReader as error:
        return (Arrived(ref.name, PayloadOutcome.WAITING, error.strerror or str(error)),)


def parse(world: World, raw: RawActivity) -> Recordings:
    """The activities in a payload; every format that a source delivers. Raises BrokenDown and NoReader."""
    if raw.kind not in KINDS:
        return Unreadable(f"no reader for {raw.kind} files")
    return world.reading.read(raw.content)


def _keep(source: ActivitySource, raw: RawActivity, world: World, now: datetime) -> tuple[Arrived, ...]:
    raw_hash = world.store.raw.put(raw.content)
    parsed = parse(world, raw)
    if isinstance(parsed, Unreadable):
        outcome = PayloadOutcome.OTHER if parsed.foreign else PayloadOutcome.UNREADABLE
        arrived = Arrived(raw.ref.name, outcome, parsed.reason, what=parsed.foreign)
        return _remember(world, raw.ref, raw_hash, now, (arrived,))
    with world.store.transaction():
        found = tuple(
            _keep_part(
                raw,
                raw_hash,
                activity,
                world,
                now,
                part,
                len(parsed),
                sport_beside(source, raw.ref, parsed, activity),
            )
            for part, activity in enumerate(parsed)
        )
        return _remember(world, raw.ref, raw_hash, now, found)


def _keep_part(
    raw: RawActivity,
    raw_hash: str,
    recorded: Activity,
    world: World,
    now: datetime,
    part: int,
    parts: int,
    sport: Sport | None,
) -> Arrived:
    """One activity of a payload with so many `parts`, as the run that it is. In a transaction.

    `sport` is what the source calls it, None where it says nothing.
    """
    name = raw.ref.name if parts == 1 else f"{raw.ref.name} ({part + 1} of {parts})"
    activity = called(recorded, sport)
    if activity.start > now + CLOCK_TOLERANCE:
        reason = f"starts in the future ({world.time_text(activity.start)}): kept until then"
        return Arrived(name, PayloadOutcome.WAITING, reason)
    other = what_else(activity)
    if other is not None:
        reason = " ".join(filter(None, other))
        if sport is not None and sport.sport != RUNNING:
            retype_kept(world, raw.ref, part, recorded, sport, now)
            reason += "" if recorded.sport == activity.sport else ", as the export calls it"
        return Arrived(name, PayloadOutcome.OTHER, reason, None, activity, other[0])
    kept = keep_recording(world, raw, raw_hash, activity, now, part)
    if sport is not None:
        keep_sport(world, raw.ref.source, kept.activity_id, recorded, sport, now)
        kept = replace(kept, doubt=activity.doubts[0] if activity.doubts and kept.doubt else None)
    if kept.doubt is not None:
        return Arrived(name, PayloadOutcome.DOUBTFUL, "", kept.activity_id, activity, doubt=kept.doubt)
    outcome = PayloadOutcome.DUPLICATE if kept.why else PayloadOutcome.RUN
    return Arrived(name, outcome, kept.why, kept.activity_id, activity)


def what_else(activity: Activity) -> tuple[str, str] | None:
    """What an activity is that does not count as a run, and its measure; None when it does."""
    if not activity.is_run:
        return _sport(activity), ""
    if activity.timer_s < SHORTEST_RUN_S:
        return "too short to be a run", f"({activity.timer_s:.0f} s)"
    if activity.distance_m is not None and activity.distance_m < SHORTEST_RUN_M and not activity.is_treadmill:
        return "too short to be a run", f"({activity.distance_m:.0f} m)"
    return None


def _sport(activity: Activity) -> str:
    """`hiking`, `trail hiking`, `strength training`: the variant, and the sport where that adds anything."""
    sport, variant = (name.replace("_", " ") for name in (activity.sport, activity.sub_sport))
    if variant in ("", "generic"):
        return sport or "no sport given"
    return variant if sport in variant else f"{variant} {sport}".strip()


def _remember(
    world: World, ref: ActivityRef, raw_hash: str | None, now: datetime, found: tuple[Arrived, ...]
) -> tuple[Arrived, ...]:
    """Record the arrival, and withdraw the run where it is none any more, in one transaction.

    What waits is not recorded: it is read again.
    """
    if not any(arrived.outcome is PayloadOutcome.WAITING for arrived in found):
        first = min(found, key=lambda arrived: _IN_A_WORD.index(arrived.outcome))
        with world.store.transaction():
            if not first.set_aside:
                world.store.quarantine.settle(ref.source, ref.remote_id, ref.fingerprint)
            if first.outcome is PayloadOutcome.OTHER:
                withdraw_reported(world, ref.source, ref.remote_id, now)
            world.store.arrivals.record(
                Arrival(
                    source=ref.source,
                    remote_id=ref.remote_id,
                    fingerprint=ref.fingerprint,
                    outcome=ArrivalOutcome(first.outcome.value),
                    at=now,
                    reason=first.reason,
                    raw_hash=raw_hash,
                    activity_id=first.activity_id,
                )
            )
    return tuple(_totals_only(arrived) for arrived in found)  # thousands may be listed


def _totals_only(arrived: Arrived) -> Arrived:
    if arrived.activity is None:
        return arrived
    return replace(arrived, activity=replace(arrived.activity, samples=NO_SAMPLES, laps=()))
