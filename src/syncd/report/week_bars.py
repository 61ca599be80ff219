"""Weeks on the page: what was planned and run in each, and how the heart took the easy runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median

from syncd.domain.activity import INDOORS
from syncd.domain.session import EASY_KINDS, SessionState, Week, first_of_week, monday_of
from syncd.domain.units import day_name
from syncd.report.gathered import Gathered
from syncd.report.page.model import (
    WeekBar,
)
from syncd.report.training_views import kind_text
from syncd.store.activities import ActivitySummary
from syncd.store.plan import CommittedSession

_LEAST_EASY_S = 20 * 60  # our default: in a shorter run the heart has not settled


def week_bars(gathered: Gathered) -> tuple[WeekBar, ...]:
    """From the first week with a run or a plan to the last one planned."""
    begins = gathered.reader.week_start
    runs: dict[date, list[ActivitySummary]] = {}
    for run in gathered.runs:
        runs.setdefault(first_of_week(run.day, begins), []).append(run)
    planned: dict[date, float] = {}
    for committed in gathered.sessions:
        if committed.state is not SessionState.DROPPED:
            start = first_of_week(committed.session.day, begins)
            planned[start] = planned.get(start, 0.0) + committed.session.distance_m
    weeks = {week.start: week for week in gathered.world.store.plan.weeks(gathered.first)}
    whole = gathered.last - timedelta(days=6)  # no week begins later that is planned to its end
    starts = sorted(start for start in {*runs, *planned} if start <= max(whole, gathered.today))
    if not starts:
        return ()
    count = (starts[-1] - starts[0]).days // 7 + 1
    return tuple(
        _week(start, weeks.get(_plan_week(start)), planned.get(start), runs.get(start, []), gathered.done)
        for start in (starts[0] + timedelta(weeks=number) for number in range(count))
    )


def _plan_week(start: date) -> date:
    """The Monday of the plan's week that a week of the report has most days of."""
    return monday_of(start + timedelta(days=6))


def _week(
    start: date,
    week: Week | None,
    planned: float | None,
    runs: Sequence[ActivitySummary],
    done: Mapping[int, CommittedSession],
) -> WeekBar:
    easy = [value for run in runs if (value := efficiency(run, done.get(run.id))) is not None]
    return WeekBar(
        start=start,
        label=f"{day_name(start)} {start.year}",
        phase=week.phase.value if week else "",
        kind=kind_text(week) if week else "",
        planned_m=planned,
        done_m=sum(run.distance_m or 0.0 for run in runs),
        longest_m=max((run.distance_m or 0.0 for run in runs), default=0.0),
        efficiency=median(easy) if easy else None,
    )


def efficiency(run: ActivitySummary, session: CommittedSession | None) -> float | None:
    """Metres per heartbeat of an easy run outdoors (evidence: S11, aerobic efficiency); None for others."""
    if session is None or session.session.kind not in EASY_KINDS or run.sub_sport in INDOORS:
        return None
    if not run.distance_m or not run.avg_hr_bpm or run.timer_s < _LEAST_EASY_S:
        return None
    return run.distance_m / (run.avg_hr_bpm * run.timer_s / 60)
