"""The first weeks, planned as the first sync will plan them, from what is known before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from syncd.cli.exits import UsageFault
from syncd.cli.first_config import settings_of
from syncd.cli.plan_options import faults_in

if TYPE_CHECKING:
    from syncd.config import Settings
    from syncd.domain.athlete import Health, PastRun
    from syncd.domain.session import Week
    from syncd.domain.training.inputs import PlanInputs
    from syncd.domain.units import Units

_REAL_HISTORY = timedelta(
    weeks=4
)  # as in `cycle.planning.history`: with runs in it, the answers do not count


def first_weeks(
    answers: Mapping[str, str], runs: Sequence[PastRun], today: date, weeks: int, units: Units
) -> tuple[Week, ...]:
    """The weeks that follow from the answers and the known runs.

    Raises UsageFault where the answers contradict each other.
    """
    from syncd.domain.training.weeks import plan_weeks

    settings = settings_of(answers)
    with faults_in(units):
        return plan_weeks(_inputs(settings, runs, today, weeks))


def _inputs(settings: Settings, runs: Sequence[PastRun], today: date, weeks: int) -> PlanInputs:
    from syncd.cycle.outcomes import phase_evidence
    from syncd.cycle.paces import retest_from, zones_in_force
    from syncd.domain.session import monday_of
    from syncd.domain.training.inputs import PlanInputs
    from syncd.store import Store

    entered, history = settings.zone_set(), _history(settings, runs, today)
    with TemporaryDirectory(prefix="syncd-preview-") as folder, Store.open(Path(folder)) as store:
        return PlanInputs(
            first_day=today,
            availability=settings.availability(),
            zones=zones_in_force(store, entered, today),
            history=history,
            weeks=weeks,
            phase_start=monday_of(today),
            levels={},
            goal=settings.plan.goal,
            race=settings.goal_race(),
            phase=settings.goal_phase(),
            blocked=frozenset(settings.plan.blocked),
            health=first_health(settings, history, today),
            evidence=phase_evidence(store, today),
            retest_from=retest_from(store, entered, today),
        )


def first_health(settings: Settings, history: Sequence[PastRun], today: date) -> Health:
    """The answers about health before the first sync. Raises UsageFault for an odd date."""
    from syncd.domain.health_dates import HealthDateError
    from syncd.domain.training.health_answers import usual_running

    try:
        health = settings.health_answers(today)
    except HealthDateError as error:
        raise UsageFault(f"init: {error}") from None
    usual = usual_running(history, today)
    return replace(health, answers=tuple(replace(answer, usual=usual) for answer in health.answers))


def first_words(answers: Mapping[str, str], runs: Sequence[PastRun], today: date, units: Units) -> str:
    """What follows from a yes to a health question, and the stop signs of a pregnancy; empty without one."""
    from syncd.domain.training.health_answers import race_hindrance
    from syncd.report.health_views import health_lines, race_line, stop_signs

    settings = settings_of(answers)
    health = first_health(settings, _history(settings, runs, today), today)
    race = race_line(race_hindrance(health, settings.goal_race(), today), today, units)
    return "\n".join(filter(None, (*health_lines(health, today, units), race, *stop_signs(health, today))))


def _history(settings: Settings, runs: Sequence[PastRun], today: date) -> tuple[PastRun, ...]:
    from syncd.domain.training.weeks import history_from_summary

    weekly_m, longest_m = settings.plan.weekly_km * 1000, settings.plan.longest_km * 1000
    summary = history_from_summary(today, weekly_m, longest_m, settings.plan.days)
    real = tuple(sorted((run for run in runs if run.day <= today), key=lambda run: run.day))
    is_recent = any(today - _REAL_HISTORY <= run.day < today for run in real)
    return real if is_recent else (*summary, *real)
