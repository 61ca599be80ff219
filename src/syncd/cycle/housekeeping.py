"""What is done once a day: look through everything, back up, make room, remove what may be kept no longer.

A run's summary, its score and its origin stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from syncd.cycle.payload_check import look_through
from syncd.cycle.world import World
from syncd.domain.day_text import day_text
from syncd.domain.grammar import counted
from syncd.store import Store, StoreError
from syncd.store.activities import ActivitySummary
from syncd.store.lost_payloads import LostPayload

KEPT_WHOLE = timedelta(days=60)  # our default: younger recordings may still be scored again
LEAST_FREE = 200 * 1024 * 1024  # our default: what a year of running needs
_MB = 1024 * 1024
_NAMED_DAYS = 5  # our default, in one line
KEPT_FOR: Mapping[str, timedelta] = {"strava": timedelta(days=7)}
EXPIRED_EVERY = timedelta(days=1)
_EXPIRED_AT = "payloads.expired_at"


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was done. `backup` "" where none could be made. `lost`: recordings found to be lost or damaged."""

    backup: str
    retired: int
    freed_bytes: int
    problems: tuple[str, ...] = ()
    lost: int = 0


def tidy(store: Store, today: date, raw_mb: int) -> Tidied:
    """Look through all that is kept, make a checked copy, and room.

    Recordings above `raw_mb` megabytes go, the oldest first; 0: no limit.
    """
    problems = []
    backup = ""
    lost = look_through(store, today, _let_go(store, today))
    if lost:
        problems.append(_lost_text(lost))
    problems += [
        f"the copy {copy} is damaged and does not count: it can be deleted" for copy in store.damaged_copies()
    ]
    try:
        store.check()
        backup = store.back_up(today).name
    except StoreError as error:
        problems.append(f"no copy of the database could be made: {error}")
    retired, freed = _make_room(store, today, raw_mb * _MB) if raw_mb else (0, 0)
    store.tidy()
    _drop_old_reports(store.directory / "faults", today)
    free = shutil.disk_usage(store.directory).free
    if free < LEAST_FREE:
        problems.append(f"only {free // _MB} MB are free where {store.directory} is: make room soon")
    return Tidied(backup, retired, freed, tuple(problems), len(lost))


def _let_go(store: Store, today: date) -> frozenset[str]:
    """Payloads that may have been removed because their time was over."""
    end = datetime.combine(today, time.max, UTC) + EXPIRED_EVERY
    return frozenset(
        raw_hash
        for source, kept_for in KEPT_FOR.items()
        for raw_hash in store.arrivals.payloads_before(source, end - kept_for)
    )


def _lost_text(lost: Sequence[LostPayload]) -> str:
    """Which recordings, the newest named, and what happens now."""
    days = list(dict.fromkeys(payload.day for payload in lost))
    named = ", ".join(day_text(day) for day in days[:_NAMED_DAYS])
    more = f" and {len(days) - _NAMED_DAYS} more days" if len(days) > _NAMED_DAYS else ""
    recordings = counted(len({payload.raw_hash for payload in lost}), "recording")
    return (
        f"{recordings} lost or damaged ({named}{more}): scores stay, and the next syncs fetch again what a "
        "source still has"
    )


def _drop_old_reports(folder: Path, today: date) -> None:
    for report in folder.glob("*.txt"):
        written = datetime.fromtimestamp(report.stat().st_mtime, UTC).date()
        if today - written > KEPT_WHOLE:
            report.unlink(missing_ok=True)


def _make_room(store: Store, today: date, limit: int) -> tuple[int, int]:
    """How many recordings were deleted, and their bytes. Scores and totals of the runs stay."""
    sizes = store.raw.sizes()
    over = sum(sizes.values()) - limit
    retired = freed = 0
    for run in _oldest(store, today):
        if freed >= over:
            break
        if run.raw_hash in sizes:
            store.raw.retire(run.raw_hash)
            retired, freed = retired + 1, freed + sizes[run.raw_hash]
    return retired, freed


def _oldest(store: Store, today: date) -> tuple[ActivitySummary, ...]:
    """Recordings that may go: scored, or never to be."""
    waiting = {run.id for run in store.activities.unattributed()}
    runs = store.activities.summaries(date.min, today - KEPT_WHOLE)
    return tuple(run for run in runs if run.id not in waiting)


def expire_payloads(world: World, now: datetime) -> int:
    """Once a day, remove every payload that would be too old before the next time; how many."""
    last = world.store.meta.get(_EXPIRED_AT)
    if last is not None and timedelta(0) <= now - datetime.fromisoformat(last) < EXPIRED_EVERY:
        return 0
    removed = 0
    for source, kept_for in KEPT_FOR.items():
        for raw_hash in world.store.arrivals.payloads_before(source, now - kept_for + EXPIRED_EVERY):
            if world.store.raw.has(raw_hash):
                world.store.raw.remove(raw_hash)
                removed += 1
    world.store.meta.set(_EXPIRED_AT, now.isoformat())
    return removed


def is_expired(world: World, summary: ActivitySummary) -> bool:
    """Whether the recording of a run was removed because its time was over."""
    if world.store.raw.has(summary.raw_hash):
        return False
    return summary.source in KEPT_FOR or world.store.raw.is_retired(summary.raw_hash)
