"""`init` and `import`: the first two things a new runner does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.exits import FAILED, OK, CommandFailed, NothingMatched
from syncd.cli.first_settings import INIT_OPTIONS, answers_from
from syncd.cli.option_table import taking
from syncd.cli.options import argument
from syncd.cli.output import JsonOption, paths_of, show
from syncd.cli.wizard.draft import Draft

if TYPE_CHECKING:
    from syncd.cli.wizard.flow import Interview
    from syncd.paths import Paths

_READABLE = "syncd reads FIT, TCX and GPX files, also as .gz, and the exports (.zip) of Garmin and Strava"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(init)
    app.command("import")(import_runs)


@taking(INIT_OPTIONS, after="yes")
def init(
    context: typer.Context,
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing; use the options and the defaults.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an existing configuration; a copy is kept.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask all questions again.")] = False,
    as_json: JsonOption = False,
    **options: Any,
) -> None:
    """Answer a few questions, preview two weeks, save the configuration."""
    from syncd.cli import first_config
    from syncd.cli.wizard.account import GarminAccount
    from syncd.cli.wizard.preview import first_words
    from syncd.cli.wizard.questions import uses
    from syncd.clock import local_timezone, now
    from syncd.domain.units import units_named
    from syncd.service.installing import system_instance

    paths, given = paths_of(context), answers_from(options)
    first_config.require_a_future_race(given, now().date())
    first_config.require_possible(given)
    first_config.require_likely_health(given, now().date())
    instance = system_instance(paths.config)
    asks = not yes and not as_json and instance is None
    interview = None if yes else _interview(paths, given, fresh=fresh, force=force, asks_services=asks)
    answers_given = (
        {"timezone": local_timezone() or "UTC"} | given if interview is None else interview.answers()
    )
    answers = first_config.complete(answers_given)
    first_config.require_folders(answers)
    first_config.require_likely_health(answers, now().date())
    first_config.write(paths.config, answers, force=force)
    Draft(paths.config).drop()
    logged_in = ("garmin",) if asks and GarminAccount(paths, now()).is_logged_in else ()
    saved = f"Saved: {paths.config}\n"
    saved += first_config.next_step(answers, instance=instance, logged_in=logged_in)
    payload = {"schema": "syncd.init/1", "config": str(paths.config), "state": str(paths.state)}
    units = units_named(answers["units"])
    words = (
        first_words(answers, (), now().date(), units) if interview is None else ""
    )  # shown with the preview
    show(payload, "\n\n".join(filter(None, (words, saved))), as_json)
    if (
        asks
        and interview is not None
        and interview.may_log_in
        and not logged_in
        and uses("garmin", answers_given)
    ):
        _offer_login(context)


def _interview(
    paths: Paths, given: dict[str, str], *, fresh: bool, force: bool, asks_services: bool
) -> Interview:
    from syncd import clock
    from syncd.cli.first_config import require_free
    from syncd.cli.wizard.account import GarminAccount
    from syncd.cli.wizard.flow import Interview

    require_free(paths.config, force=force)
    draft = Draft(paths.config)
    if fresh:
        draft.drop()
    now = clock.now()
    return Interview(given, draft, now.date(), account=GarminAccount(paths, now) if asks_services else None)


def _offer_login(context: typer.Context) -> None:
    """Offer to log in now; whatever comes of it, the configuration is saved."""
    from syncd.cli.asking import agreed, say
    from syncd.cli.auth_commands import garmin
    from syncd.cli.exits import exit_code
    from syncd.cli.wizard.account import token_hint
    from syncd.cli.wizard.flow import LOGIN_QUESTION

    if hint := token_hint(Path.home()):
        say(hint)
    if not agreed(LOGIN_QUESTION, by_enter=True):
        return
    try:
        garmin(context)
    except Exception as error:
        if exit_code(error) is None:
            raise
        say(f"{error}\nYou can log in later: syncd auth garmin")


def import_runs(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        argument("Recorded runs, folders of them, or an export of a Strava or Garmin account."),
    ],
    as_json: JsonOption = False,
) -> int:
    """Add recorded runs to your history; the files themselves stay unchanged."""
    from syncd import clock
    from syncd.cli.importing import source_at
    from syncd.cli.opened import watched_world
    from syncd.cycle.assessment import assess
    from syncd.cycle.importing import ImportedRuns, import_from
    from syncd.domain.arrival import PayloadOutcome
    from syncd.report.import_views import import_payload, import_text

    if absent := [path for path in paths if not path.expanduser().exists()]:
        raise CommandFailed(f"{absent[0]}: no such file or folder")
    imported, now, places = ImportedRuns(), clock.now(), paths_of(context)
    with watched_world(places, now) as (world, _):
        for path in paths:
            with source_at(path.expanduser().absolute(), places.state, now) as source:
                import_from(source, world, now, imported)
        assess(world, now)
    result = (imported.arrived, imported.not_runs, imported.known, imported.remarks, imported.files)
    show(import_payload(*result), import_text(*result), as_json)
    if not any((imported.arrived, imported.not_runs, imported.known)):
        raise NothingMatched(f"no recorded run found in {', '.join(map(str, paths))}: {_READABLE}")
    unreadable = all(run.outcome is PayloadOutcome.UNREADABLE for run in imported.arrived)
    return FAILED if unreadable and not imported.known and not imported.not_runs else OK
