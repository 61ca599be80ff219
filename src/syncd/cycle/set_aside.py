"""Recordings whose reading breaks down: noted before it begins, counted, set aside the second time.

What is set aside is named and left alone; everything behind it goes on. Another version of syncd tries it
again. What was perhaps not its own fault (the whole process ended, or something ended its reader) is tried
again a day later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version

from syncd.connectors.base import ActivityRef, Outgrown
from syncd.cycle.world import World
from syncd.formats.fit import Unreadable
from syncd.formats.reading import (
    NONSENSE,
    Breakdown,
    BrokenDown,
    Recordings,
    breakdown_text,
    place_of,
)
from syncd.store import Store, StoreError
from syncd.store.quarantine import ReadingAttempt

MOST_FAILURES = 2
AGAIN_AFTER = timedelta(days=1)  # our default
KEPT = "kept"  # as a source: payloads that were read before, by the names they are kept under
_PERHAPS_INNOCENT = frozenset({Breakdown.INTERRUPTED, Breakdown.KILLED})
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # what is kept is read at no particular time


@cache
def this_version() -> str:
    """The version of syncd that is running."""
    return version("syncd")


def is_set_aside(attempt: ReadingAttempt, now: datetime) -> bool:
    """Whether it is left alone by this version, at this moment."""
    if attempt.failures < MOST_FAILURES or attempt.version != this_version():
        return False
    return attempt.cause not in _PERHAPS_INNOCENT or now - attempt.at < AGAIN_AFTER


def left_alone(store: Store, now: datetime) -> tuple[ReadingAttempt, ...]:
    """What is set aside at this moment, newest first."""
    return tuple(attempt for attempt in store.quarantine.failed(MOST_FAILURES) if is_set_aside(attempt, now))


def attempt_at(world: World, ref: ActivityRef, now: datetime) -> ReadingAttempt:
    """What is known of reading this, with an attempt that never ended counted as a failure."""
    known = world.store.quarantine.get(ref.source, ref.remote_id, ref.fingerprint)
    if known is None or known.version != this_version():
        return ReadingAttempt(ref.source, ref.remote_id, ref.fingerprint, ref.name, this_version(), now)
    if not known.began:
        return known
    counted = replace(known, began=False, failures=known.failures + 1, cause=Breakdown.INTERRUPTED, detail="")
    world.store.quarantine.keep(counted)
    return counted


@contextmanager
def attempted(world: World, attempt: ReadingAttempt, now: datetime) -> Iterator[None]:
    """Around the reading: noted on disk before it begins. Raises BrokenDown, counted by then.

    Whatever else ends it, an order to stop too, is no fault of the recording.
    """
    quarantine = world.store.quarantine
    quarantine.begin(replace(attempt, began=True, at=now))
    try:
        yield
    except (BrokenDown, Outgrown, *NONSENSE) as error:
        broken = _breakdown_of(error)
        failures, cause, detail = attempt.failures + 1, broken.cause, broken.detail
        quarantine.keep(replace(attempt, at=now, failures=failures, cause=cause, detail=detail))
        raise broken from error
    except BaseException:
        with suppress(StoreError):  # what ended it counts, and may well be the disk
            release(world, attempt)
        raise


def release(world: World, attempt: ReadingAttempt) -> None:
    """Nothing was learned of it: as it was before this attempt."""
    if attempt.failures:
        world.store.quarantine.keep(attempt)
    else:
        world.store.quarantine.settle(attempt.source, attempt.remote_id, attempt.fingerprint)


def to_try_again(world: World, source: str, now: datetime) -> tuple[ActivityRef, ...]:
    """What was set aside, or interrupted, and is to be read again by now."""
    return tuple(
        ActivityRef(attempt.source, attempt.remote_id, attempt.fingerprint, attempt.name)
        for attempt in world.store.quarantine.failed(0, source)
        if not is_set_aside(attempt, now)
    )


def read_kept(world: World, raw_hash: str, content: bytes) -> Recordings:
    """What is in a payload that is kept. One that breaks its reader twice is left alone."""
    known = attempt_at(world, ActivityRef(KEPT, raw_hash, "", _name_of(world, raw_hash)), _LONG_AGO)
    for _ in range(MOST_FAILURES):
        if is_set_aside(known, _LONG_AGO + AGAIN_AFTER):
            break
        try:
            return world.reading.read(content)
        except BrokenDown as broken:
            failures, cause, detail = known.failures + 1, broken.cause, broken.detail
            known = replace(known, failures=failures, cause=cause, detail=detail)
            world.store.quarantine.keep(known)
    return Unreadable(set_aside_text(known))


def _name_of(world: World, raw_hash: str) -> str:
    """A kept recording by its day."""
    kept = world.store.recordings.with_content(raw_hash)
    return f"the recording of {kept[0].candidate.day}" if kept else raw_hash[:12]


def set_aside_text(attempt: ReadingAttempt) -> str:
    """Why it is set aside, and when it is tried again."""
    what = breakdown_text(attempt.cause, attempt.detail)
    again = "tomorrow" if attempt.cause in _PERHAPS_INNOCENT else "after the next update of syncd"
    return f"set aside: {what}, more than once; tried again {again}, or now with syncd sync --retry"


def _breakdown_of(error: BaseException) -> BrokenDown:
    if isinstance(error, BrokenDown):
        return error
    if isinstance(error, Outgrown):
        return BrokenDown(Breakdown.OUTGREW, str(error))
    if isinstance(error, MemoryError):
        return BrokenDown(Breakdown.OUTGREW)
    return BrokenDown(Breakdown.FAULT, place_of(error))
