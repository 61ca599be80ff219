"""Runs missed again and again (A7): first a run a week less, and only then fewer kilometres."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from syncd.domain.calendar_names import DAY_NAMES
from syncd.domain.reason import Reason
from syncd.domain.session import SessionState, WeekKind, monday_of
from syncd.domain.training.conditions import Condition, Demanded, days_fewer, weekdays_out
from syncd.domain.training.evidence import distance_fact, not_run_fact
from syncd.domain.training.inputs import FEWEST_DAYS
from syncd.domain.training.reasons import Cause
from syncd.domain.training.rules.situation import LIGHT, RuleProposal, SessionRecord, Situation
from syncd.domain.training.volume import ALWAYS_DAYS

WINDOW_DAYS, LEAST_DONE, ONCE_IN_DAYS = 21, 0.70, 28
LEAST_SESSIONS = 6  # our default: fewer in three weeks prove nothing
MISSED_IN, WEEKS, LEAST_RUN = 3, 4, 0.80  # our default: missed in three weeks of four, under 80 % run
FEWER_FOR = timedelta(weeks=12)  # our default: then it is tried again
MOST_LESS = 0.10
FEWEST_RUNS = ALWAYS_DAYS  # with two, one run missed is nine days without; two are the athlete's own choice
_LIGHTER = LIGHT | {WeekKind.DOWN, WeekKind.TEST, WeekKind.RETURN}
_LOOK_BACK_WEEKS = 8  # four weeks that were not meant to be lighter lie within


def too_little(situation: Situation) -> Iterator[RuleProposal]:
    """A7: once in four weeks, a run a week less; where that was done already, a tenth less volume."""
    if not situation.covered or situation.fired_within("A7", ONCE_IN_DAYS):
        return
    proposal = _without_weekday(situation) or _one_day_fewer(situation) or _less_volume(situation)
    if proposal is not None:
        yield proposal


def _without_weekday(situation: Situation) -> RuleProposal | None:
    """The weekday that is never run on is left out."""
    weekday = _never_run_on(situation)
    if weekday is None:
        return None
    reason = Reason(Cause.WEEKDAY_MISSED, {"missed": MISSED_IN, "of": WEEKS, "weekday": weekday})
    missed = [entry for entry in _missed(situation) if entry.session.day.weekday() == weekday]
    asked = _fewer(situation, f"A7:days:{weekday}", weekday=weekday)
    key = f"A7:days:{weekday}:{asked.first_day}"
    rests_on = tuple(map(not_run_fact, missed))
    left_out = {"weekday": DAY_NAMES[weekday].lower()}
    return RuleProposal("A7", key, reason, left_out, (), asked, rests_on=rests_on)


def _one_day_fewer(situation: Situation) -> RuleProposal | None:
    """A run a week less on whichever weekday, with the kilometres of before."""
    days = _days_now(situation)
    if days <= FEWEST_RUNS or situation.fired_within("A7:days", FEWER_FOR.days):
        return None
    if not _misses_week_after_week(situation):
        return None
    missed, closed = _missed(situation), _closed_lately(situation)
    reason = Reason(
        Cause.RUNS_MISSED, {"missed": len(missed), "of": len(closed), "weeks": WEEKS, "runs": days - 1}
    )
    asked = _fewer(situation, "A7:days")
    evidence = {"missed": [entry.session.id for entry in missed], "of": len(closed)}
    rests_on = tuple(map(not_run_fact, missed))
    key = f"A7:days:any:{asked.first_day}"
    return RuleProposal("A7", key, reason, evidence, (), asked, rests_on=rests_on)


def _less_volume(situation: Situation) -> RuleProposal | None:
    """Growth begins anew from a tenth less, never from less than was run.

    Only where fewer runs do not help, or were tried: three are left, or all of them are run.
    """
    share = _shortfall(situation)
    tried = _days_now(situation) <= FEWEST_RUNS or situation.fired_within("A7:days", FEWER_FOR.days)
    if not tried and _misses_runs(situation):
        return None
    planned_m, run_m = _best_weeks_m(situation)
    week_m = max(run_m, (1 - MOST_LESS) * planned_m)
    if share is None or week_m >= planned_m:
        return None
    monday = _next_monday(situation)
    first, last = _window(situation)
    reason = Reason(Cause.TOO_LITTLE_RUN, {"share": share, "week_m": week_m})
    asked = Condition(Demanded.LOWER, "A7:volume", monday, monday + timedelta(days=27), of_m=round(week_m))
    evidence = {"best_planned_m": round(planned_m), "best_run_m": round(run_m), "days": WINDOW_DAYS}
    rests_on = (distance_fact(situation, first, last),)
    return RuleProposal("A7", f"A7:volume:{monday}", reason, evidence, (), asked, rests_on=rests_on)


def _fewer(situation: Situation, group: str, *, weekday: int | None = None) -> Condition:
    monday = _next_monday(situation)
    last_day = monday + FEWER_FOR - timedelta(days=1)
    return Condition(Demanded.FEWER_DAYS, group, monday, last_day, weekday=weekday)


def _next_monday(situation: Situation) -> date:
    return monday_of(situation.today) + timedelta(weeks=1)


def _window(situation: Situation) -> tuple[date, date]:
    return situation.today - timedelta(days=WINDOW_DAYS), situation.today - timedelta(days=1)


def _days_now(situation: Situation) -> int:
    """Runs a week as the conditions leave them."""
    available, monday = situation.availability, _next_monday(situation)
    weekdays = set(available.weekdays) - weekdays_out(situation.in_force(), monday)
    return min(available.days_per_week, len(weekdays)) - days_fewer(situation.in_force(), monday)


def _shortfall(situation: Situation) -> float | None:
    """The share of three weeks' distance that was run, where it is below 70 %; None where it is not, or
    where days off, a taper or a return explain it."""
    first, last = _window(situation)
    inside = [entry for entry in situation.entries if first <= entry.session.day <= last]
    closed = [entry for entry in inside if _is_closed(situation, entry)]
    planned_m = sum(entry.session.distance_m for entry in closed)
    done_m = sum(run.distance_m for run in situation.runs if first <= run.day <= last)
    if len(closed) < LEAST_SESSIONS or done_m >= LEAST_DONE * planned_m:
        return None
    if any(situation.is_excused(first + timedelta(days=offset)) for offset in range(WINDOW_DAYS)):
        return None
    return done_m / planned_m


def _best_weeks_m(situation: Situation) -> tuple[float, float]:
    """The most that was planned, and the most that was run, in one of the last four calendar weeks that
    were not meant to be lighter."""
    this = monday_of(situation.today)
    mondays = [this - timedelta(weeks=back) for back in range(1, _LOOK_BACK_WEEKS + 1)]
    weeks = [week for monday in mondays if (week := situation.week_of(monday)) is not None]
    full = [week for week in weeks if week.kind not in _LIGHTER][:WEEKS]
    run_m = [
        sum(run.distance_m for run in situation.runs if monday_of(run.day) == week.start) for week in full
    ]
    return max((week.distance_m for week in full), default=0.0), max(run_m, default=0.0)


def _misses_week_after_week(situation: Situation) -> bool:
    """Whether runs are missed in three of four weeks, and too many of them."""
    in_weeks = {_weeks_ago(situation, entry.session.day) for entry in _missed(situation)}
    return len(in_weeks) >= MISSED_IN and _misses_runs(situation)


def _misses_runs(situation: Situation) -> bool:
    """Whether fewer than four fifths of four weeks' runs were run, whatever they were."""
    first = situation.today - timedelta(weeks=WEEKS)
    days_run = {run.day for run in situation.runs if first <= run.day < situation.today}
    return len(days_run) < LEAST_RUN * len(_closed_lately(situation))


def _weeks_ago(situation: Situation, day: date) -> int:
    return ((situation.today - day).days - 1) // 7


def _never_run_on(situation: Situation) -> int | None:
    """The weekday that was missed three times out of the last four while the others were run."""
    closed = _closed_lately(situation)
    out = weekdays_out(situation.in_force(), _next_monday(situation))
    if len(set(situation.availability.weekdays) - out) <= FEWEST_DAYS:
        return None
    missed = Counter(entry.session.day.weekday() for entry in closed if entry.state is SessionState.MISSED)
    for weekday, count in sorted(missed.items(), key=lambda item: (-item[1], item[0])):
        others = [entry.state for entry in closed if entry.session.day.weekday() != weekday]
        done = sum(state is SessionState.DONE for state in others)
        if count >= MISSED_IN and weekday not in out and others and done >= LEAST_RUN * len(others):
            return weekday
    return None


def _closed_lately(situation: Situation) -> list[SessionRecord]:
    """Sessions of four weeks that were run or missed, where missing one means something."""
    first = situation.today - timedelta(weeks=WEEKS)
    return [
        entry
        for entry in situation.entries
        if first <= entry.session.day < situation.today
        and _is_closed(situation, entry)
        and not situation.is_excused(entry.session.day)
    ]


def _is_closed(situation: Situation, entry: SessionRecord) -> bool:
    """Whether it was run, or missed for all that will still come in."""
    missed = entry.state is SessionState.MISSED and not situation.may_come_late(entry.session.day)
    return missed or entry.state is SessionState.DONE


def _missed(situation: Situation) -> list[SessionRecord]:
    return [entry for entry in _closed_lately(situation) if entry.state is SessionState.MISSED]
