"""`sync`, `status` and `watch`: bring everything up to date, and show the current state."""

from __future__ import annotations

from typing import Annotated

import typer

from syncd.cli.choices import SOURCES
from syncd.cli.exits import FAILED, NEEDS_HUMAN, OK
from syncd.cli.options import option
from syncd.cli.output import JsonOption, complain, paths_of, show

SourceOption = Annotated[
    list[str] | None,
    option("--source", "NAME", "Fetch only from this source (can be repeated).", choices=SOURCES),
]
RetryOption = Annotated[
    bool, typer.Option("--retry", help="Read again what was set aside because it could not be read.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would be done; change nothing.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(sync)
    app.command()(status)
    app.command()(watch)


def sync(
    context: typer.Context,
    dry_run: DryRunOption = False,
    source: SourceOption = None,
    retry: RetryOption = False,
    as_json: JsonOption = False,
) -> int:
    """Fetch new runs, score them, adapt the plan, send the next workouts."""
    from syncd import clock
    from syncd.cli.opened import remember_settings, require_sources, watched_world
    from syncd.cycle.health_answers import with_answers
    from syncd.cycle.pushing import keep_calendar
    from syncd.cycle.run import run
    from syncd.report.delivery_texts import problem_text
    from syncd.report.health_views import add_health, health_lines, signs_after
    from syncd.report.questions import add_questions, add_settled, add_would_ask, questions_payload
    from syncd.report.sync_report import sync_payload, sync_sheet

    now, paths = clock.now(), paths_of(context)
    with watched_world(paths, now, copied=dry_run) as (world, reader):
        remember_settings(world, reader)
        require_sources(world, source or ())
        if retry:
            world.store.quarantine.forgive()
        report = run(world, now, dry_run=dry_run, only=source or ())
        if not dry_run:
            keep_calendar(world, now)
        units, local_now = reader.units, now.astimezone(world.zone)
        asked, settled = (
            questions_payload(questions, world.store, units, local_now)
            for questions in (report.asked, report.settled)
        )
        sheet = sync_sheet(report, units, dry_run=dry_run)
        lines = health_lines(with_answers(world).health, local_now.date(), units)
        add_health(sheet, (*lines, *signs_after(report.changes)), more=False)
        add_settled(sheet, report.settled, world.store, units, local_now.date())
        if dry_run:
            add_would_ask(sheet, report.asked, world.store, units, local_now.date())
        else:
            add_questions(sheet, report.asked, world.store, units, local_now)
        show(sync_payload(report, units, dry_run=dry_run, asked=asked, settled=settled), sheet, as_json)
    complain(problem_text(problem, units) for problem in report.problems)
    if report.needs_human:
        return NEEDS_HUMAN
    return FAILED if report.problems else OK


def status(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show what is next, your last run, and when syncd last synced."""
    from zoneinfo import ZoneInfo

    from syncd import clock
    from syncd.cli.opened import CLOCK_KEY, CONSUMES_KEY, SINK_KEY, UNIT_KEY, ZONE_KEY, opened_store
    from syncd.cli.sync_status import sync_status_of
    from syncd.domain.units import units_named
    from syncd.report.status import Sink, status_payload, status_sheet

    now, paths = clock.now(), paths_of(context)
    with opened_store(paths) as store:
        sink = Sink(store.meta.get(SINK_KEY) or "folder", store.meta.get(CONSUMES_KEY) != "no")
        units = units_named(store.meta.get(UNIT_KEY) or "km", store.meta.get(CLOCK_KEY) or "24h")
        local_now = now.astimezone(ZoneInfo(store.meta.get(ZONE_KEY) or "UTC"))
        syncs = sync_status_of(store, paths)
        payload = status_payload(store, sink, syncs, local_now, units)
        show(payload, status_sheet(store, sink, syncs, local_now, units), as_json)


def watch(
    context: typer.Context,
    take_over: Annotated[
        bool,
        typer.Option("--take-over", help="Take over the workouts of another installation of syncd."),
    ] = False,
    as_json: JsonOption = False,
) -> int:
    """Check whether your workouts are on your watch. Shows each session of the next ten days."""
    if take_over:
        _take_over(context, as_json=as_json)
        return OK
    from syncd import clock
    from syncd.cli.opened import copied_world, note_watch
    from syncd.cycle.watching import check_watch
    from syncd.report.sync_report import watch_payload, watch_sheet

    now, paths = clock.now(), paths_of(context)
    with copied_world(paths, now) as (world, reader):
        report = check_watch(world, now)
        show(watch_payload(report, reader.units), watch_sheet(report, reader.units, world.zone), as_json)
    note_watch(paths, report)
    complain(report.problems)
    if report.needs_human:
        return NEEDS_HUMAN
    return FAILED if report.problems else OK


def _take_over(context: typer.Context, *, as_json: bool) -> None:
    """Whatever has the athlete's mark there belongs to this installation from now on."""
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.cycle.pushing import take_over_all
    from syncd.report.sync_report import take_over_payload, take_over_text

    now = clock.now()
    with opened_world(paths_of(context), now, writing=True) as (world, _):
        taken = take_over_all(world, now)
        show(take_over_payload(world.sink.name, taken), take_over_text(world.sink.name, taken), as_json)
