"""`init` and `import`: the first two things a new runner does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from syncd.cli.exits import UsageFault
from syncd.cli.output import JsonOption, paths_of, show


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(init)
    app.command("import")(import_runs)


def init(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take the flags and the defaults.")] = False,
    five_k: Annotated[str, typer.Option("--five-k", help="A recent 5 km as hard as you could: mm:ss.")] = "",
    five_k_date: Annotated[str, typer.Option("--five-k-date", help="When that was: YYYY-MM-DD.")] = "",
    days: Annotated[int, typer.Option("--days", help="Runs a week, 2 to 7.")] = 4,
    weekly_km: Annotated[float, typer.Option("--weekly-km", help="What you run in a week now.")] = 0.0,
    longest_km: Annotated[
        float, typer.Option("--longest-km", help="Your longest run of the last month.")
    ] = 0.0,
    race: Annotated[str, typer.Option("--race", help="A race over the goal's distance: YYYY-MM-DD.")] = "",
    priority: Annotated[str, typer.Option("--priority", help="Of the race: A, B or C.")] = "A",
    goal: Annotated[str, typer.Option("--goal", help="5k, 10k, half, marathon or none.")] = "5k",
    source: Annotated[
        list[str] | None,
        typer.Option("--source", help="Where runs come from: garmin, strava or folder; may be given twice."),
    ] = None,
    sink: Annotated[str, typer.Option("--sink", help="Where workouts go: garmin or folder.")] = "",
    inbox: Annotated[str, typer.Option("--inbox", help="The folder with your recorded FIT files.")] = "",
    outbox: Annotated[str, typer.Option("--outbox", help="The folder for workouts and the calendar.")] = "",
    timezone: Annotated[str, typer.Option("--timezone", help="Such as Europe/Rome.")] = "",
    units: Annotated[str, typer.Option("--units", help="km or mi.")] = "km",
    force: Annotated[bool, typer.Option("--force", help="Replace a configuration; a copy is kept.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the configuration: your 5 km, your days, your folders."""
    from syncd.cli import first_config

    answers = first_config.Answers(
        five_k, five_k_date, days, weekly_km, longest_km, goal, ",".join(source or ()), sink, inbox, outbox,
        timezone or first_config.local_timezone(), units, race, priority.upper(),
    )  # fmt: skip
    if yes:
        answers = replace(answers, source=answers.source or "folder", sink=sink or "folder")
    else:
        answers = first_config.ask(answers)
    sources = first_config.sources_of(answers.source)
    needed = (("--inbox", sources, answers.inbox), ("--outbox", (answers.sink,), answers.outbox))
    missing = [flag for flag, connectors, value in needed if "folder" in connectors and not value]
    if missing:
        raise UsageFault(f"init needs {', '.join(missing)} (or leave out --yes to be asked)")
    paths = paths_of(context)
    first_config.write(paths.config, answers, force=force)
    show(
        {"schema": "syncd.init/1", "config": str(paths.config), "state": str(paths.state)},
        f"Written: {paths.config}\n{first_config.next_step(answers)}",
        as_json,
    )


def import_runs(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(help="Recorded runs, folders of them, or the export of a Strava or Garmin account."),
    ],
    as_json: JsonOption = False,
) -> None:
    """Read recorded runs into the history; the files themselves are left alone."""
    from syncd import clock
    from syncd.cli.exits import CommandFailed
    from syncd.cli.importing import Progress, source_at
    from syncd.cli.opened import opened_world
    from syncd.cycle.assessment import assess
    from syncd.cycle.importing import Imported, import_from
    from syncd.report.import_views import import_payload, import_text

    if absent := [path for path in paths if not path.expanduser().exists()]:
        raise CommandFailed(f"{absent[0]}: no such file or folder")
    found, now, places = Imported(), clock.now(), paths_of(context)
    with opened_world(places, now, writing=True) as world, Progress() as progress:
        for path in paths:
            with source_at(path.expanduser().absolute(), places.state, now) as source:
                import_from(source, world, now, found, progress)
        assess(world, now)
    told = (found.arrived, found.not_runs, found.known, found.remarks)
    show(import_payload(*told), import_text(*told), as_json)
