"""Sessions that were not run: nothing is made up, a hard or long one may move once (A4-A7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from syncd.domain.calendar_names import DAY_NAMES
from syncd.domain.reason import Reason
from syncd.domain.session import EASY_KINDS, MEASURED_KINDS, SessionKind, SessionState, monday_of
from syncd.domain.training.adaptation import rebuild
from syncd.domain.training.conditions import Condition, Demanded
from syncd.domain.training.evidence import distance_fact, not_run_fact
from syncd.domain.training.ladders import TOP_LEVEL
from syncd.domain.training.levels import FLOOR
from syncd.domain.training.reasons import Cause, session_fact
from syncd.domain.training.rules.edits import (
    is_apart,
    moved,
    next_hard,
    paced_or_by_effort,
    room_for,
    shorter,
)
from syncd.domain.training.rules.situation import Edit, RuleProposal, SessionRecord, Situation
from syncd.domain.training.sessions import easy_speed_mps
from syncd.domain.training.single_run import cap_m, counted_runs

CLOSED_AFTER_DAYS, SEARCH_DAYS = 2, 3  # the grace window is over; then three days to find room
LONG_APART_DAYS = 4
WINDOW_DAYS, LEAST_DONE, ONCE_IN_DAYS = 21, 0.70, 28
LEAST_SESSIONS = 6  # our default: fewer in three weeks prove nothing
WEEKDAY_MISSED, WEEKDAY_OF, OTHERS_DONE = 3, 4, 0.8
WEEKDAY_OUT = timedelta(weeks=12)  # our default: then it is tried again
FEWEST_DAYS = 2


def missed_easy(situation: Situation) -> Iterator[RuleProposal]:
    """A4: a missed easy run is gone; its kilometres are never made up."""
    for entry in _newly_missed(situation):
        if entry.session.kind in EASY_KINDS - {SessionKind.LONG}:
            reason = Reason(Cause.EASY_MISSED, {"session": session_fact(entry.session)})
            yield _message("A4", entry, reason)


def missed_hard(situation: Situation) -> Iterator[RuleProposal]:
    """A5: a missed hard session moves once, where two easy days fit round it; else it is dropped."""
    for entry in _newly_missed(situation):
        session = entry.session
        if not session.hard or session.kind in MEASURED_KINDS or session.kind is SessionKind.LONG:
            continue
        missed = {"session": session_fact(session)}
        room = _room(situation, entry)
        if room is None or _moved_this_week(situation, session.day):
            yield _message("A5", entry, Reason(Cause.HARD_DROPPED, missed))
            continue
        day, gives_way = room
        edits = [moved(session, day, "A5")]
        if gives_way is not None:
            edits.append(Edit(gives_way.session, None))
        cause = Cause.HARD_MOVED_OVER_EASY if gives_way else Cause.HARD_MOVED
        reason = Reason(cause, missed | {"to": day.isoformat()})
        yield _moving("A5", entry, reason, tuple(edits))


def missed_long(situation: Situation) -> Iterator[RuleProposal]:
    """A6: a missed long run takes the place of the next easy one, when the next long is far enough."""
    for entry in _newly_missed(situation):
        session = entry.session
        if session.kind is not SessionKind.LONG:
            continue
        missed = {"day": session.day.isoformat()}
        easy = _easy_for_long(situation, entry)
        cut = _within_cap(situation, entry, easy.session.day) if easy is not None else None
        if easy is None or cut is None:
            yield _message("A6", entry, Reason(Cause.LONG_DROPPED, missed))
            continue
        reason = Reason(Cause.LONG_MOVED, missed | {"to": easy.session.day.isoformat()})
        yield _moving("A6", entry, reason, (cut, Edit(easy.session, None)))


def too_little(situation: Situation) -> Iterator[RuleProposal]:
    """A7: three weeks below 70 % of the plan: grow again from what was really run.

    The same weekday missed three times out of four: that day is left out instead.
    """
    monday = monday_of(situation.today) + timedelta(weeks=1)
    weekday = _never_run_on(situation)
    if weekday is not None:
        reason = Reason(
            Cause.WEEKDAY_MISSED, {"missed": WEEKDAY_MISSED, "of": WEEKDAY_OF, "weekday": weekday}
        )
        key = f"A7:days:{weekday}:{monday}"
        until = monday + WEEKDAY_OUT
        asked = Condition(Demanded.FEWER_DAYS, f"A7:days:{weekday}", monday, until, weekday=weekday)
        rests_on = tuple(map(not_run_fact, _missed_on(situation, weekday)))
        left_out = {"weekday": DAY_NAMES[weekday].lower()}
        yield RuleProposal("A7", key, reason, left_out, (), asked, rests_on=rests_on)
        return
    first, last = situation.today - timedelta(days=WINDOW_DAYS), situation.today - timedelta(days=1)
    inside = [entry for entry in situation.entries if first <= entry.session.day <= last]
    closed = [entry for entry in inside if entry.state in (SessionState.DONE, SessionState.MISSED)]
    planned_m = sum(entry.session.distance_m for entry in closed)
    done_m = sum(run.distance_m for run in situation.runs if first <= run.day <= last)
    recent = situation.fired_within("A7", ONCE_IN_DAYS)
    if len(closed) < LEAST_SESSIONS or done_m >= LEAST_DONE * planned_m or recent or not situation.covered:
        return
    if any(situation.is_excused(first + timedelta(days=offset)) for offset in range(WINDOW_DAYS)):
        return
    weekly_m = max(_weeks_m(situation, first))  # the mean would ratchet down whoever misses at random
    reason = Reason(Cause.TOO_LITTLE_RUN, {"share": done_m / planned_m, "week_m": weekly_m})
    asked = Condition(Demanded.LOWER, "A7:volume", monday, monday + timedelta(days=27), of_m=round(weekly_m))
    evidence = {"planned_m": round(planned_m), "run_m": round(done_m), "days": WINDOW_DAYS}
    rests_on = (distance_fact(situation, first, last),)
    key = f"A7:volume:{monday}"
    yield RuleProposal("A7", key, reason, evidence, _level_down(situation), asked, rests_on=rests_on)


def _weeks_m(situation: Situation, first: date) -> list[float]:
    """Metres run in each seven days of the window."""
    ages = [((run.day - first).days, run.distance_m) for run in situation.runs]
    return [
        sum(metres for age, metres in ages if 0 <= age - 7 * week < 7) for week in range(WINDOW_DAYS // 7)
    ]


def _newly_missed(situation: Situation) -> Iterator[SessionRecord]:
    """Sessions known to be missed for a few days, in weeks in which they should have been run."""
    if not situation.covered:
        return
    for entry in situation.entries:
        age = (situation.today - entry.session.day).days
        new = entry.state is SessionState.MISSED and 0 <= age - CLOSED_AFTER_DAYS < SEARCH_DAYS
        if new and not entry.held and not situation.is_excused(entry.session.day):
            yield entry


def _moving(rule: str, entry: SessionRecord, reason: Reason, edits: tuple[Edit, ...]) -> RuleProposal:
    session = entry.session
    rests_on = (not_run_fact(entry),)
    return RuleProposal(
        rule, f"{rule}:{session.id}", reason, {"session": session.id}, edits, rests_on=rests_on
    )


def _message(rule: str, entry: SessionRecord, reason: Reason) -> RuleProposal:
    session = entry.session
    rests_on = (not_run_fact(entry),)
    evidence = {"session": session.id}
    return RuleProposal(rule, f"{rule}:{session.id}", reason, evidence, about=session.id, rests_on=rests_on)


def _room(situation: Situation, entry: SessionRecord) -> tuple[date, SessionRecord | None] | None:
    closed = entry.session.day + timedelta(days=CLOSED_AFTER_DAYS)
    first = max(situation.today + timedelta(days=1), closed)
    return room_for(entry.session, situation, first, closed + timedelta(days=SEARCH_DAYS - 1))


def _moved_this_week(situation: Situation, day: date) -> bool:
    """Whether a hard session of this week was moved already: only one may be."""
    return any(
        "A5" in entry.session.rules and monday_of(entry.session.day) == monday_of(day)
        for entry in situation.entries
        if entry.state in (SessionState.DUE, SessionState.DONE)
    )


def _easy_for_long(situation: Situation, entry: SessionRecord) -> SessionRecord | None:
    session = entry.session
    first = max(situation.today + timedelta(days=1), session.day + timedelta(days=2))
    last = session.day + timedelta(days=7)
    following = [entry.session.day for entry in situation.due if entry.session.kind is SessionKind.LONG]
    for easy in situation.due:
        day = easy.session.day
        if easy.session.kind is not SessionKind.EASY or easy.held or not first <= day <= last:
            continue
        far = all((other - day).days >= LONG_APART_DAYS for other in following)
        if far and is_apart(session, day, situation):
            return easy
    return None


def _within_cap(situation: Situation, entry: SessionRecord, day: date) -> Edit | None:
    cap = cap_m(counted_runs(situation.history), day, easy_speed_mps(situation.zones))
    edit = moved(entry.session, day, "A6")
    if entry.session.distance_m <= cap or edit.after is None:
        return edit
    cut = shorter(edit.after, cap, situation, "R20")
    return None if cut is None else Edit(entry.session, cut.after)


def _never_run_on(situation: Situation) -> int | None:
    """The weekday that was missed three times out of the last four while the others were run."""
    closed = _closed_lately(situation)
    out = {condition.weekday for condition in situation.in_force() if condition.asked is Demanded.FEWER_DAYS}
    days = len(set(situation.availability.weekdays) - out)
    if days <= FEWEST_DAYS or not situation.covered:
        return None
    missed = Counter(entry.session.day.weekday() for entry in closed if entry.state is SessionState.MISSED)
    for weekday, count in sorted(missed.items(), key=lambda item: (-item[1], item[0])):
        others = [entry.state for entry in closed if entry.session.day.weekday() != weekday]
        done = sum(state is SessionState.DONE for state in others)
        if count >= WEEKDAY_MISSED and weekday not in out and others and done >= OTHERS_DONE * len(others):
            return weekday
    return None


def _closed_lately(situation: Situation) -> list[SessionRecord]:
    """Sessions of four weeks that were run or missed, where missing one means something."""
    first = situation.today - timedelta(weeks=WEEKDAY_OF)
    return [
        entry
        for entry in situation.entries
        if first <= entry.session.day < situation.today
        and entry.state in (SessionState.DONE, SessionState.MISSED)
        and not situation.is_excused(entry.session.day)
    ]


def _missed_on(situation: Situation, weekday: int) -> list[SessionRecord]:
    return [
        entry
        for entry in _closed_lately(situation)
        if entry.state is SessionState.MISSED and entry.session.day.weekday() == weekday
    ]


def _level_down(situation: Situation) -> tuple[Edit, ...]:
    """The next quality session one level lower."""
    hard = next_hard(situation, situation.today)
    if hard is None or hard.session.family not in TOP_LEVEL or hard.session.level <= FLOOR:
        return ()
    week = situation.week_of(hard.session.day)
    if week is None:
        return ()
    lower = rebuild(
        hard.session,
        hard.session.level - 1,
        situation.zones,
        week=week,
        history=situation.history,
        rule="A7",
    )
    return (Edit(hard.session, paced_or_by_effort(lower, situation)),)
