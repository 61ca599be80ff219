"""The pictures of runs: read from their recordings, the small ones kept so that it is done once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple
from pathlib import Path

from syncd.cycle.housekeeping import KEPT_FOR
from syncd.cycle.recordings import activity_in
from syncd.cycle.world import World
from syncd.domain.activity import Samples
from syncd.domain.units import Units
from syncd.durable import write_whole
from syncd.report.pace_columns import Aim
from syncd.report.page.run_chart import RunPicture, run_picture
from syncd.report.page.small_chart import SmallPicture, Trace, small_picture, trace_of
from syncd.store import StoreError
from syncd.store.activities import ActivitySummary

_DRAWN_BY = 1  # raised whenever a trace is drawn in another way: what was kept is then drawn again
_SAVED_EVERY = 50
NO_PACE = "No picture: the recording has no pace."
UNREADABLE = "No picture: the recording cannot be read."
GONE = "No picture: the recording is no longer here."
RETIRED = "No picture: the recording was removed to save space ([daemon] raw_mb)."
NOT_TO_KEEP = "No picture: recordings from {} may not be kept for long."


class NoPictureError(Exception):
    """A run that cannot be drawn; the message tells the athlete why."""


class KeptTraces:
    """Small pictures of earlier reports, in one file; without a path nothing is kept.

    Each is named by what it was drawn from, the recording and the targets of its score: a run that is
    scored against something else, or has another recording, is drawn again. What a report did not use
    is removed. The file is only a cache: when it cannot be read or written, that costs time, nothing else.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._kept = _read(path)
        self._used: dict[str, Trace] = {}
        self._added = 0

    def of(self, name: str) -> Trace | None:
        """The trace of that name, if there is one; it is kept."""
        trace = self._kept.get(name)
        if trace is not None:
            self._used[name] = trace
        return trace

    def add(self, name: str, trace: Trace) -> None:
        """Keep one more; now and then on disk too, in case a slow machine ends a first report half-way."""
        self._used[name] = trace
        self._added += 1
        if self._added % _SAVED_EVERY == 0:
            self._write(self._kept | self._used)

    def save(self) -> None:
        """Make the file hold what was used, and nothing else."""
        if self._added or len(self._used) < len(self._kept):
            self._write(self._used)

    def _write(self, traces: Mapping[str, Trace]) -> None:
        if self._path is None:
            return
        plain = {name: astuple(trace) for name, trace in traces.items()}
        with suppress(OSError):
            write_whole(self._path, json.dumps(plain, separators=(",", ":")).encode())


def large_picture(world: World, run: ActivitySummary, aims: Sequence[Aim], units: Units) -> RunPicture:
    """Pace and heart rate with axes. Raises NoPictureError."""
    picture = run_picture(_samples(world, run), aims, units)
    if picture is None:
        raise NoPictureError(NO_PACE)
    return picture


def picture_in_list(
    world: World, run: ActivitySummary, aims: Sequence[Aim], units: Units, kept: KeptTraces
) -> SmallPicture:
    """The line of its pace before its targets. Raises NoPictureError."""
    name = _name(run, aims)
    trace = kept.of(name)
    if trace is None:
        trace = trace_of(_samples(world, run), aims)
        if trace is None:
            raise NoPictureError(NO_PACE)
        if run.source not in KEPT_FOR:  # what may not be kept may not be kept as a picture either
            kept.add(name, trace)
    return small_picture(trace, units)


def _samples(world: World, run: ActivitySummary) -> Samples:
    raw = world.store.raw
    if not raw.has(run.raw_hash):
        if run.source in KEPT_FOR:
            raise NoPictureError(NOT_TO_KEEP.format(run.source.capitalize()))
        raise NoPictureError(RETIRED if raw.is_retired(run.raw_hash) else GONE)
    try:
        activity = activity_in(world, run.raw_hash, run.part)
    except StoreError:
        activity = None
    if activity is None:
        raise NoPictureError(UNREADABLE)
    return activity.samples


def _name(run: ActivitySummary, aims: Sequence[Aim]) -> str:
    asked = [(seconds, band and (band.fast_s_per_km, band.slow_s_per_km)) for seconds, band in aims]
    whole = json.dumps([_DRAWN_BY, run.raw_hash, run.part, asked])
    return hashlib.sha256(whole.encode()).hexdigest()[:20]


def _read(path: Path | None) -> dict[str, Trace]:
    if path is None:
        return {}
    try:
        return {str(name): Trace(*values) for name, values in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
