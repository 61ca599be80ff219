"""`plan`, `next` and `why`: what comes, and for which reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.exits import NothingMatched, UsageFault
from syncd.cli.fitness_commands import FiveKOption, VdotOption, zones_from_options
from syncd.cli.output import JsonOption, paths_of, show

if TYPE_CHECKING:
    from syncd.domain.athlete import ZoneSet
    from syncd.domain.session import Week

PURE_WEEKS, OWN_WEEKS = 20, 4
FOOTER = "A projection beyond the next ten days: it follows what you really run."


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(plan)
    app.command("next")(next_workout)
    app.command()(why)


def plan(
    context: typer.Context,
    five_k: FiveKOption = "",
    vdot: VdotOption = 0.0,
    days: Annotated[int, typer.Option("--days", help="Runs a week, 2 to 7.")] = 4,
    weekly_km: Annotated[float, typer.Option("--weekly-km", help="What is run in a week now.")] = 0.0,
    longest_km: Annotated[float, typer.Option("--longest-km", help="Longest run of the last month.")] = 0.0,
    goal: Annotated[str, typer.Option("--goal", help="5k, 10k, half, marathon or none.")] = "5k",
    start: Annotated[str, typer.Option("--start", help="First day: YYYY-MM-DD (default: today).")] = "",
    weeks: Annotated[int, typer.Option("--weeks", help="How many weeks.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Show the weeks ahead: your own, or with --five-k those of anybody."""
    from syncd import clock
    from syncd.report.training_views import plan_payload, plan_text
    from syncd.report.units import units_named

    now = clock.now()
    if not 0 <= weeks <= MOST_WEEKS:
        raise UsageFault(f"--weeks {weeks}: 1 to {MOST_WEEKS}")
    zones = zones_from_options(five_k, vdot)
    if zones is not None:
        first = _day(start) if start else now.date()
        distances = (weekly_km * 1000, longest_km * 1000)
        planned = _pure_plan(zones, first, days, distances, goal, weeks or PURE_WEEKS)
        show(plan_payload(planned), plan_text(planned, units_named("km")), as_json)
        return
    from syncd.cli.opened import opened_world
    from syncd.cycle.planning import projection

    with opened_world(paths_of(context), now) as world:
        planned = projection(world, world.today(now), weeks or OWN_WEEKS)
        text = plan_text(planned, units_named(world.unit_name), footer=FOOTER)
        show(plan_payload(planned), text, as_json)


def next_workout(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show the next workout, step by step."""
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.cycle.history import next_session
    from syncd.domain.notation import format_workout
    from syncd.report.training_views import session_payload, session_story
    from syncd.report.units import units_named

    now = clock.now()
    with opened_world(paths_of(context), now) as world:
        found = next_session(world, world.today(now))
        if found is None:
            raise NothingMatched("nothing is planned yet: run syncd sync")
        paces = format_workout(found.resolved)
        payload = {"schema": "syncd.next/1"} | session_payload(found.session) | {"on_watch": paces}
        text = f"{session_story(found.session, units_named(world.unit_name))}\n  on the watch: {paces}"
        show(payload, text, as_json)


def why(
    context: typer.Context,
    day: Annotated[str, typer.Argument(help="YYYY-MM-DD (default: the next session's day).")] = "",
    as_json: JsonOption = False,
) -> None:
    """Say why a day's session is what it is."""
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.cycle.history import day_story, next_session

    now = clock.now()
    with opened_world(paths_of(context), now) as world:
        upcoming = next_session(world, world.today(now))
        wanted = _day(day) if day else upcoming.session.day if upcoming else world.today(now)
        found = day_story(world, wanted)
        if found is None:
            raise NothingMatched(f"no session on {wanted}: a day of rest, or not planned yet (syncd plan)")
        show(found.payload, found.text, as_json)


MOST_WEEKS = 104


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageFault(f"{text!r} is not a day: write YYYY-MM-DD, for example 2026-03-17") from None


def _pure_plan(
    zones: ZoneSet, first: date, days: int, distances: tuple[float, float], goal: str, weeks: int
) -> tuple[Week, ...]:
    from syncd.domain.athlete import Availability, Goal
    from syncd.domain.session import monday_of
    from syncd.domain.training.weeks import PlanError, PlanInputs, history_from_summary, plan_weeks

    try:
        wanted = Goal(goal)
    except ValueError:
        raise UsageFault(f"--goal {goal}: 5k, 10k, half, marathon or none") from None
    try:
        return plan_weeks(
            PlanInputs(
                first_day=first,
                availability=Availability(days_per_week=days),
                zones=zones,
                history=history_from_summary(first, *distances, days),
                weeks=weeks,
                phase_start=monday_of(first),
                levels={},
                goal=wanted,
            )
        )
    except PlanError as error:
        raise UsageFault(str(error)) from None
