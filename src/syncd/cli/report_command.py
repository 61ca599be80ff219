"""`report`: the training as one HTML file; `calendar`: the upcoming sessions as an .ics file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.exits import CommandFailed
from syncd.cli.options import option
from syncd.cli.output import JsonOption, paths_of, show

if TYPE_CHECKING:
    from syncd.paths import Paths


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(report)
    app.command()(calendar)


def report(
    context: typer.Context,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    out: Annotated[
        Path | None, option("--out", "FILE", "Write to this file instead of the usual one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report of your training as one HTML file. Shows next days, runs, weeks, paces and changes."""
    from syncd import clock

    paths = paths_of(context)
    file = out.expanduser().absolute() if out else paths.report
    written = write_report(paths, clock.now(), file)
    show({"schema": "syncd.report/1", "file": str(file), "bytes": written}, f"Saved: {file}", as_json)
    if open_it:
        _open(file)


def write_report(paths: Paths, now: datetime, file: Path) -> int:
    """Write the page to a file; how many bytes it has. Raises StoreError, ConfigError, OSError."""
    from syncd.athlete.undoing import can_be_undone
    from syncd.cli.opened import watched_world
    from syncd.cli.sync_status import sync_status_of
    from syncd.durable import write_whole
    from syncd.report.page.render import render
    from syncd.report.story import story_of
    from syncd.report.sync_status import needs_of, sync_status_text

    with watched_world(paths, now, copied=True, offline=True) as (world, reader):
        status = sync_status_of(world.store, paths)
        line = sync_status_text(status.sources, status.service, now, world.zone, reader.units)
        needs = needs_of(status.sources, status.service)
        told = [line] if line else []
        page = render(
            story_of(
                world,
                reader,
                now,
                needs,
                told,
                paths.pictures,
                lambda change: can_be_undone(world, change, now),
            )
        )
    write_whole(file, page.encode())
    return len(page.encode())


def calendar(
    context: typer.Context,
    out: Annotated[
        Path | None, option("--out", "FILE", "Write to this file instead of the usual one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write your upcoming sessions as a calendar file (.ics); every sync updates the usual file."""
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.cycle.pushing import NAME, keep_calendar

    now, paths = clock.now(), paths_of(context)
    file = out.expanduser().absolute() if out else paths.state / NAME
    with opened_world(paths, now) as (world, _):
        written = keep_calendar(world, now, file if out else None)
    show(
        {"schema": "syncd.calendar/1", "file": str(file), "written": written},
        f"{'Saved' if written else 'Already up to date'}: {file}\nOpen it with your calendar app.",
        as_json,
    )


def _open(file: Path) -> None:
    import webbrowser

    if not webbrowser.open(file.as_uri()):
        raise CommandFailed(f"no browser could be opened: open {file} yourself")
