"""A missed long run is run a day or two later; the quality session slides out of its way (A6).

It is known the morning after, once every source has shown the day before (later, where runs usually come
in late); the session itself may still be run by its own name until that day ends. The move is not loading:
all that it asks was planned for these days, on legs that have rested instead, and what the week cannot hold
besides gives way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from syncd.domain.athlete import RacePriority
from syncd.domain.reason import Reason
from syncd.domain.session import EASY_KINDS, QUALITY_KINDS, SessionKind, SessionState, WeekKind, monday_of
from syncd.domain.training.conditions import weekdays_out
from syncd.domain.training.reasons import Cause, session_fact
from syncd.domain.training.rules.edits import is_apart, moved, room_for, shorter
from syncd.domain.training.rules.missed import message, moving, newly_missed
from syncd.domain.training.rules.situation import LIGHT, Edit, RuleProposal, SessionRecord, Situation, after
from syncd.domain.training.sessions import easy_speed_mps
from syncd.domain.training.single_run import cap_m, counted_runs
from syncd.domain.training.volume import spike_limit_m, weekly_distances

WITHIN_DAYS = 2
RACE_DAYS = 10
LONG_APART_DAYS = 4  # to the next long run
TODAY_UNTIL_HOUR = 12  # our default: a long run of today has to be known in the morning
SLIDE_DAYS = 4  # our default: the quality session stays in its half of the week
STOOD_FOR = 0.5  # our default: who ran half of it on its day has not missed it


@dataclass(frozen=True, slots=True)
class _Move:
    """Where the long run goes, and what else changes for it."""

    long: Edit
    hard: Edit | None
    dropped: tuple[Edit, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        return (self.long, *([self.hard] if self.hard else []), *self.dropped)


def missed_long(situation: Situation) -> Iterator[RuleProposal]:
    """A6: a missed long run goes to the next of the athlete's days within two."""
    for entry in _missed_since_yesterday(situation):
        move = _move(situation, entry)
        if move is not None:
            yield _proposal(entry, move)
    for entry in newly_missed(situation):
        if entry.session.kind is SessionKind.LONG and _move(situation, entry) is None:
            facts = {"day": entry.session.day.isoformat()}
            yield message("A6", entry, Reason(Cause.LONG_DROPPED, facts))


def _missed_since_yesterday(situation: Situation) -> Iterator[SessionRecord]:
    """Long runs of the last two days that nobody has run, as far as every source knows."""
    for entry in situation.entries:
        session = entry.session
        age = (situation.today - session.day).days
        open_still = entry.state in (SessionState.DUE, SessionState.MISSED)
        if session.kind is not SessionKind.LONG or not open_still or not 0 < age <= WITHIN_DAYS:
            continue
        ran_m = sum(run.distance_m for run in situation.runs if session.day <= run.day <= situation.today)
        known = situation.covered and not situation.is_excused(session.day)
        known = known and not situation.may_come_late(session.day)
        known = known and not _raced_beside(situation, session.day)
        if known and not entry.held and ran_m < STOOD_FOR * session.distance_m:
            yield entry


def _raced_beside(situation: Situation, day: date) -> bool:
    """A race of that day or next to it stands for the long run."""
    return any(abs((run.day - day).days) <= 1 and (run.all_out or run.raced) for run in situation.runs)


def _proposal(entry: SessionRecord, move: _Move) -> RuleProposal:
    session = entry.session
    to = move.long.after.day if move.long.after else session.day
    facts = {"day": session.day.isoformat(), "to": to.isoformat()}
    reason = Reason(Cause.LONG_MOVED, facts)
    if move.hard is not None and move.hard.before is not None and move.hard.after is not None:
        slid = {"session": session_fact(move.hard.before), "hard_to": move.hard.after.day.isoformat()}
        reason = Reason(Cause.LONG_AND_HARD_MOVED, facts | slid)
    return moving("A6", entry, reason, move.edits, until=session.day)


def _move(situation: Situation, entry: SessionRecord) -> _Move | None:
    """To the first day that takes it."""
    days = (entry.session.day + timedelta(days=later) for later in range(1, WITHIN_DAYS + 1))
    moves = (_move_to(situation, entry, day) for day in days if _is_free(situation, entry, day))
    return next((move for move in moves if move is not None), None)


def _is_free(situation: Situation, entry: SessionRecord, day: date) -> bool:
    """Whether the athlete can run long on that day, as far as days, races and the next long run say."""
    if day < situation.today or (day == situation.today and situation.now.hour >= TODAY_UNTIL_HOUR):
        return False
    weekdays = set(situation.availability.weekdays) - weekdays_out(situation.in_force(), day)
    if day.weekday() not in weekdays or day in situation.blocked or situation.kind_of(day) in LIGHT:
        return False
    if situation.is_off(day) or situation.is_excused(day):
        return False
    if any(run.day == day for run in situation.runs) or _races_soon(situation, day):
        return False
    longs = (other for other in situation.due if other.session.kind is SessionKind.LONG and other != entry)
    return all((other.session.day - day).days >= LONG_APART_DAYS for other in longs)


def _races_soon(situation: Situation, day: date) -> bool:
    race = situation.race
    is_a = race is not None and race.priority is RacePriority.A
    return is_a and race is not None and 0 <= (race.day - day).days <= RACE_DAYS


def _move_to(situation: Situation, entry: SessionRecord, day: date) -> _Move | None:
    long = _within_cap(situation, entry, day)
    there = [other for other in situation.due if other.session.day == day and other is not entry]
    if long is None or any(other.held for other in there):
        return None
    runs_there = [other for other in there if other.session.kind in EASY_KINDS]
    dropped = [Edit(other.session, None) for other in runs_there]
    changed = after(situation, "", (long, *dropped), None)
    hard = None
    sliding = [other for other in changed.due if _is_in_the_way(changed, other, day)]
    if len(sliding) > 1:
        return None
    if sliding:
        slid = _slid(changed, sliding[0])
        if slid is None:
            return None
        hard, gave_way = slid
        dropped += [] if gave_way is None else [Edit(gave_way.session, None)]
        changed = after(changed, "", (hard, *dropped), None)
    if any(other.session.day == day and other.session.id != entry.session.id for other in changed.due):
        return None
    if long.after is None or not is_apart(long.after, day, changed):
        return None
    lighter = _within_volume(changed, entry, day)
    return None if lighter is None else _Move(long, hard, (*dropped, *lighter))


def _within_cap(situation: Situation, entry: SessionRecord, day: date) -> Edit | None:
    runs = counted_runs(situation.history, situation.returns)
    cap = cap_m(runs, day, easy_speed_mps(situation.zones), situation.returns)
    edit = moved(entry.session, day, "A6")
    if entry.session.distance_m <= cap or edit.after is None:
        return edit
    cut = shorter(edit.after, cap, situation, "R20")
    return None if cut is None else Edit(entry.session, cut.after)


def _is_in_the_way(situation: Situation, other: SessionRecord, day: date) -> bool:
    """A quality session too near to the long run's new day, that may slide."""
    near = abs((other.session.day - day).days) < situation.limits.gap_days
    return near and other.session.kind in QUALITY_KINDS and not other.held


def _slid(situation: Situation, hard: SessionRecord) -> tuple[Edit, SessionRecord | None] | None:
    """The quality session on the next day that is far enough from all that strains, with what gives way."""
    first, last = hard.session.day + timedelta(days=1), hard.session.day + timedelta(days=SLIDE_DAYS)
    room = room_for(hard.session, situation, first, last)
    return None if room is None else (moved(hard.session, room[0], "A6"), room[1])


def _within_volume(situation: Situation, entry: SessionRecord, day: date) -> tuple[Edit, ...] | None:
    """Easy runs that give way so that the week of the new day keeps R22; None where they are not enough.

    A week that was meant to be lighter stays below the one that the long run was missed in. Only for a day
    in the week after: in its own week the long run was planned.
    """
    monday = monday_of(day)
    if monday == monday_of(entry.session.day):
        return ()
    limit_m = spike_limit_m(weekly_distances(situation.history), monday)
    own = situation.week_of(entry.session.day)
    if situation.kind_of(day) in {WeekKind.DOWN, WeekKind.TEST, WeekKind.RETURN} and own is not None:
        limit_m = min(limit_m or own.distance_m, own.distance_m)
    inside = [other for other in situation.due if monday_of(other.session.day) == monday]
    ran_m = sum(run.distance_m for run in situation.runs if monday_of(run.day) == monday)
    over_m = ran_m + sum(other.session.distance_m for other in inside) - (limit_m or 0.0)
    dropped: list[Edit] = []
    for other in reversed(inside):  # the last ones: a late upload brings them back in time
        if limit_m is None or over_m <= 0:
            break
        if other.session.kind in EASY_KINDS - {SessionKind.LONG} and not other.held:
            dropped.append(Edit(other.session, None))
            over_m -= other.session.distance_m
    return tuple(dropped) if limit_m is None or over_m <= 0 else None
