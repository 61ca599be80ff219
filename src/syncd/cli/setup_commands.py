"""`init` and `import`: the first two things a new runner does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.exits import FAILED, OK, CommandFailed, NothingMatched
from syncd.cli.first_settings import INIT_OPTIONS, said_by
from syncd.cli.option_table import taking
from syncd.cli.options import argument
from syncd.cli.output import JsonOption, paths_of, show
from syncd.cli.wizard.draft import Draft

if TYPE_CHECKING:
    from syncd.cli.wizard.flow import Interview
    from syncd.paths import Paths

_READ = "FIT, TCX and GPX files are read, also as .gz, and the exports (.zip) of Garmin and Strava"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(init)
    app.command("import")(import_runs)


@taking(INIT_OPTIONS, after="yes")
def init(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take the flags and the defaults.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a configuration; a copy is kept.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask everything anew.")] = False,
    as_json: JsonOption = False,
    **options: Any,
) -> None:
    """Ask a few questions, show two weeks, write the configuration."""
    from syncd.cli import first_config
    from syncd.cli.wizard.account import GarminAccount
    from syncd.cli.wizard.questions import uses
    from syncd.clock import local_timezone, now
    from syncd.service.installing import system_instance

    paths, given = paths_of(context), said_by(options)
    first_config.require_a_race_to_come(given, now().date())
    instance = system_instance(paths.config)
    asks = not yes and not as_json and instance is None
    talk = None if yes else _interview(paths, given, fresh=fresh, force=force, asks_services=asks)
    found = {"timezone": local_timezone() or "UTC"} | given if talk is None else talk.answers()
    answers = first_config.complete(found)
    first_config.require_folders(answers)
    first_config.write(paths.config, answers, force=force)
    Draft(paths.config).drop()
    logged_in = ("garmin",) if asks and GarminAccount(paths, now()).is_logged_in else ()
    show(
        {"schema": "syncd.init/1", "config": str(paths.config), "state": str(paths.state)},
        f"Written: {paths.config}\n{first_config.next_step(answers, instance=instance, logged_in=logged_in)}",
        as_json,
    )
    if asks and talk is not None and talk.may_log_in and not logged_in and uses("garmin", found):
        _offer_login(context)


def _interview(
    paths: Paths, given: dict[str, str], *, fresh: bool, force: bool, asks_services: bool
) -> Interview:
    from syncd import clock
    from syncd.cli.first_config import require_free, require_possible
    from syncd.cli.wizard.account import GarminAccount
    from syncd.cli.wizard.flow import Interview

    require_free(paths.config, force=force)
    require_possible(given)
    draft = Draft(paths.config)
    if fresh:
        draft.drop()
    now = clock.now()
    return Interview(given, draft, now.date(), account=GarminAccount(paths, now) if asks_services else None)


def _offer_login(context: typer.Context) -> None:
    """Now or later: whatever comes of it, the configuration is written."""
    from syncd.cli.asking import agreed, tell
    from syncd.cli.auth_commands import garmin
    from syncd.cli.exits import exit_code
    from syncd.cli.wizard.account import token_hint
    from syncd.cli.wizard.flow import LOGIN_QUESTION

    if hint := token_hint(Path.home()):
        tell(hint)
    if not agreed(LOGIN_QUESTION, by_enter=True):
        return
    try:
        garmin(context)
    except Exception as error:
        if exit_code(error) is None:
            raise
        tell(f"{error}\nThat can be done later: syncd auth garmin")


def import_runs(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        argument("Recorded runs, folders of them, or the export of a Strava or Garmin account."),
    ],
    as_json: JsonOption = False,
) -> int:
    """Read recorded runs into the history; the files themselves are left alone."""
    from syncd import clock
    from syncd.cli.importing import source_at
    from syncd.cli.opened import watched_world
    from syncd.cycle.assessment import assess
    from syncd.cycle.importing import ImportedRuns, import_from
    from syncd.domain.arrival import PayloadOutcome
    from syncd.report.import_views import import_payload, import_text

    if absent := [path for path in paths if not path.expanduser().exists()]:
        raise CommandFailed(f"{absent[0]}: no such file or folder")
    found, now, places = ImportedRuns(), clock.now(), paths_of(context)
    with watched_world(places, now) as (world, _):
        for path in paths:
            with source_at(path.expanduser().absolute(), places.state, now) as source:
                import_from(source, world, now, found)
        assess(world, now)
    told = (found.arrived, found.not_runs, found.known, found.remarks)
    show(import_payload(*told), import_text(*told), as_json)
    if not any((found.arrived, found.not_runs, found.known)):
        raise NothingMatched(f"no recorded run in {', '.join(map(str, paths))}: {_READ}")
    read_nothing = not found.known and all(run.outcome is PayloadOutcome.UNREADABLE for run in found.arrived)
    return FAILED if read_nothing and not found.not_runs else OK
