"""Whether the clock can be believed, and when the next runs usually end.

A clock that went back by more than a day is not believed at once: days would be lived twice.
Sessions would be planned for days long gone, windows of real ones never close, and the watch
would be emptied. A clock that stays there for a day is believed: perhaps the earlier one was wrong.

A clock that went ahead by more than a day may be right: the machine was off. A service that says what
time it is decides; where none does, the sync goes on, with a copy of what was known before. If the
clock then goes back to where it was, everything that was done on the wrong day is taken back with that
copy, and what was put on the watch is put right by the sync that follows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from syncd.connectors.base import TellsTime
from syncd.cycle.world import World
from syncd.domain.clock_trouble import ClockTrouble
from syncd.domain.habits import LOOK_BACK, usual_finish
from syncd.domain.reason import Reason
from syncd.store import Store

TOLERATED = timedelta(days=1)  # our default: time zones and a slow clock stay below
BELIEVED_AFTER = timedelta(days=1)  # our default
MOST_OFF = timedelta(hours=1)  # our default: beyond what a service says, nothing is decided
AHEAD_OF_SERVICE = timedelta(minutes=10)  # our default: a sync takes some minutes, an answer seconds
_WRONG_FOR = timedelta(hours=6)  # our default: time services put a clock right within minutes
_CONFIRMED, _CONFIRM_EVERY = "clock.confirmed", timedelta(hours=1)  # our default: a request costs little
_SINCE = "clock.behind_since"
_JUMP, _JUMPED = "jump", "clock.jumped"
_PASSED = timedelta(hours=1)  # our default: later, the upload is there or will not come
_DAYS = 2  # today and tomorrow: each sync works it out anew


class ClockContradicted(Exception):  # noqa: N818 - named for what happened
    """A service says that it is another time; `reason` says which."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ClockVerdict:
    """`doubt`: why nothing may be done at this time. `remarks`: what was taken back."""

    doubt: Reason | str | None = None
    remarks: tuple[Reason, ...] = ()


def judge_clock(world: World, now: datetime) -> ClockVerdict:
    """Whether a sync can go on; takes back a jump ahead that was none."""
    remarks = _undo_jump(world.store, now)
    doubt = why_not_now(world.store, now) or _doubt_jump(world, now) or _doubt_unconfirmed(world, now)
    return ClockVerdict(doubt, remarks)


def require_agreement(end: object, now: datetime) -> None:
    """For an end that has just answered: costs nothing then. Raises ClockContradicted."""
    if isinstance(end, TellsTime):
        at = end.service_time()
        if at is not None and abs(now - at) > MOST_OFF:
            raise ClockContradicted(_contradiction(end.name, at, now))


def _doubt_unconfirmed(world: World, now: datetime) -> Reason | None:
    """Where the first source cannot say what time it is, another end is asked now and then."""
    if world.sources and isinstance(world.sources[0], TellsTime):
        return None  # its first answer says so
    confirmed = world.store.meta.get(_CONFIRMED)
    if confirmed is not None and timedelta(0) <= now - datetime.fromisoformat(confirmed) < _CONFIRM_EVERY:
        return None
    told = _told_time(world)
    if told is None:
        return None
    if abs(now - told[1]) > MOST_OFF:
        return _contradiction(*told, now)
    world.store.meta.set(_CONFIRMED, now.isoformat())
    return None


def _contradiction(service: str, at: datetime, now: datetime) -> Reason:
    facts = {"service": service, "at": at.isoformat(), "clock": now.isoformat()}
    return Reason(ClockTrouble.NOT_AS_THE_SERVICE, facts)


def _doubt_jump(world: World, now: datetime) -> Reason | None:
    """A jump ahead that a service contradicts; any other is noted, so that it can be taken back."""
    newest = next(iter(world.store.syncs.newest(1)), None)
    jumped = newest is None or now - newest.started_at > TOLERATED
    if jumped:
        told = _told_time(world)
        if told is not None and (now - told[1] > AHEAD_OF_SERVICE or told[1] - now > MOST_OFF):
            return _contradiction(*told, now)
    if newest is not None:
        _note_jump(world.store, newest.started_at, now, jumped=jumped)
    return None


def why_not_now(store: Store, now: datetime) -> str:
    """What is wrong with the clock, and what to do; "" where a sync can go on."""
    newest = next(iter(store.syncs.newest(1)), None)
    if newest is None or newest.started_at - now <= TOLERATED:
        if store.meta.get(_SINCE) is not None:
            store.meta.forget(_SINCE)
        return ""
    since = _since(store, now)
    if now - since >= BELIEVED_AFTER:
        store.syncs.forget_after(now)
        store.readings.forget_after(now)
        store.ledger.forget_missing_after(now)
        store.meta.forget(_SINCE)
        return ""
    store.meta.set(_SINCE, f"{since.isoformat()} {now.isoformat()}")
    return (
        f"the clock says {now:%Y-%m-%d %H:%M} UTC, but the last sync was at "
        f"{newest.started_at:%Y-%m-%d %H:%M} UTC: nothing is done until it is right "
        "(timedatectl set-ntp true). If it is right now, syncd believes it after a day"
    )


def _told_time(world: World) -> tuple[str, datetime] | None:
    """What time it is by a service in use, and which; None where none says."""
    for end in (*world.sources, world.sink):
        if isinstance(end, TellsTime):
            at = end.service_time()
            if at is not None:
                return end.name, at
    return None


def _note_jump(store: Store, last: datetime, now: datetime, *, jumped: bool) -> None:
    """Keep what is known before days that passed without a sync; drop it when it was no jump."""
    kept = store.meta.get(_JUMPED)
    if jumped:
        store.meta.forget(_JUMPED)
        store.keep_before(_JUMP)
        said = {"from": last.isoformat(), "at": now.isoformat(), "words": _words_said(store)}
        store.meta.set(_JUMPED, json.dumps(said))
    elif kept is not None and now - datetime.fromisoformat(json.loads(kept)["at"]) > _WRONG_FOR:
        store.drop_before(_JUMP)
        store.meta.forget(_JUMPED)


def _undo_jump(store: Store, now: datetime) -> tuple[Reason, ...]:
    """The clock is back where it was before it jumped: what was done on the wrong days never was.

    Not where the athlete has said something since: then the days are lived until the clock catches up.
    """
    kept = store.meta.get(_JUMPED)
    newest = next(iter(store.syncs.newest(1)), None)
    if kept is None or newest is None or newest.started_at - now <= TOLERATED:
        return ()
    said = json.loads(kept)
    is_short = newest.started_at - datetime.fromisoformat(said["at"]) <= _WRONG_FOR
    is_back = now >= datetime.fromisoformat(said["from"]) - TOLERATED
    if not (is_short and is_back and said["words"] == _words_said(store) and store.go_back_before(_JUMP)):
        return ()
    store.readings.forget_after(now)
    store.ledger.forget_missing_after(now)
    return (Reason(ClockTrouble.TAKEN_BACK, {"clock": said["at"]}),)


def _words_said(store: Store) -> list[int]:
    """How much the athlete has said."""
    tables = ("words", "corrections", "questions")
    sql = "SELECT coalesce(max(id), 0) AS last FROM {}"
    return [int(store.rows(sql.format(table))[0]["last"]) for table in tables]


def _since(store: Store, now: datetime) -> datetime:
    """Since when the clock goes on from there without another jump."""
    known = (store.meta.get(_SINCE) or "").split()
    if not known:
        return now
    since, last = map(datetime.fromisoformat, known)
    return since if timedelta(0) <= now - last <= TOLERATED else now


def expected_finishes(world: World, now: datetime) -> tuple[datetime, ...]:
    """When the next runs usually end, in UTC; without those that are long over."""
    today = world.today(now)
    runs = [run for run in world.store.activities.summaries(today - LOOK_BACK, today) if run.is_run]
    finishes = [(run.day, _minutes(run.day, run.start, run.elapsed_s)) for run in runs]
    ends = []
    for day in (today + timedelta(days=ahead) for ahead in range(_DAYS)):
        minute = usual_finish(finishes, day)
        if minute is not None:
            midnight = datetime.combine(day, time(), world.zone).astimezone(UTC)
            ends.append(midnight + timedelta(minutes=minute))
    return tuple(end for end in ends if end > now - _PASSED)


def _minutes(day: date, start: datetime, elapsed_s: float) -> int:
    """From midnight at the place of the run, which the offset of its start gives."""
    end = start + timedelta(seconds=elapsed_s)
    return round((end - datetime.combine(day, time(), start.tzinfo)).total_seconds() / 60)
