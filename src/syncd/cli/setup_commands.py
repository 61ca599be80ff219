"""`init` and `import`: the first two things a new runner does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.choices import (
    CLOCKS,
    PRIORITIES,
    SEXES,
    SINKS,
    SOURCES,
    UNITS,
    concerns,
    goals,
    time_zones,
)
from syncd.cli.exits import FAILED, OK, CommandFailed, NothingMatched
from syncd.cli.options import argument, option
from syncd.cli.output import JsonOption, paths_of, show
from syncd.cli.wizard.draft import Draft
from syncd.domain.calendar_names import WEEKDAYS

if TYPE_CHECKING:
    from syncd.cli.wizard.flow import Interview
    from syncd.paths import Paths

_READ = "FIT, TCX and GPX files are read, also as .gz, and the exports (.zip) of Garmin and Strava"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(init)
    app.command("import")(import_runs)


def init(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take the flags and the defaults.")] = False,
    five_k: Annotated[str, option("--five-k", "TIME", "A recent 5 km as hard as you could: mm:ss.")] = "",
    five_k_date: Annotated[str, option("--five-k-date", "DATE", "When that was: YYYY-MM-DD.")] = "",
    days: Annotated[int | None, option("--days", "N", "Runs a week, 2 to 7 (4).")] = None,
    weekly_km: Annotated[float | None, option("--weekly-km", "KM", "What you run in a week now.")] = None,
    longest_km: Annotated[
        float | None, option("--longest-km", "KM", "Your longest run of the last month.")
    ] = None,
    race: Annotated[str, option("--race", "DATE", "A race over the goal's distance: YYYY-MM-DD.")] = "",
    priority: Annotated[str, option("--priority", "GRADE", "Of the race: A, B or C.", words=PRIORITIES)] = "",
    goal: Annotated[str, option("--goal", "GOAL", "5k, 10k, half, marathon or none (5k).", words=goals)] = "",
    source: Annotated[
        list[str] | None,
        option(
            "--source",
            "NAME",
            "Where runs come from: garmin, strava or folder; may be given twice.",
            words=SOURCES,
        ),
    ] = None,
    sink: Annotated[str, option("--sink", "NAME", "Where workouts go: garmin or folder.", words=SINKS)] = "",
    inbox: Annotated[str, option("--inbox", "FOLDER", "The folder with your recorded FIT files.")] = "",
    outbox: Annotated[str, option("--outbox", "FOLDER", "The folder for workouts and the calendar.")] = "",
    timezone: Annotated[str, option("--timezone", "ZONE", "Such as Europe/Rome.", words=time_zones)] = "",
    units: Annotated[str, option("--units", "UNITS", "km or mi.", words=UNITS)] = "",
    clock: Annotated[
        str, option("--clock", "HOURS", "24h or 12h: 18:40 or 6:40 pm (24h).", words=CLOCKS)
    ] = "",
    long_run_day: Annotated[str, option("--long-run-day", "DAY", "Such as sunday.", words=WEEKDAYS)] = "",
    concern: Annotated[
        list[str] | None,
        option(
            "--concern",
            "WORD",
            "chest_pain, fainting, heart_disease, doctors_advice, pregnancy, surgery, injury.",
            words=concerns,
        ),
    ] = None,
    birth_year: Annotated[str, option("--birth-year", "YEAR", "From 50 on: more rest.")] = "",
    sex: Annotated[str, option("--sex", "SEX", "female or male.", words=SEXES)] = "",
    hr_max: Annotated[str, option("--hr-max", "BPM", "Your highest heart rate, as measured.")] = "",
    hr_rest: Annotated[str, option("--hr-rest", "BPM", "Your resting heart rate.")] = "",
    lthr: Annotated[str, option("--lthr", "BPM", "Your heart rate at threshold, as measured.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a configuration; a copy is kept.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask everything anew.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask a few questions, show two weeks, write the configuration."""
    from syncd.cli import first_config
    from syncd.cli.wizard.account import GarminAccount
    from syncd.cli.wizard.questions import uses
    from syncd.clock import now
    from syncd.service.installing import system_instance

    paths = paths_of(context)
    said = {
        "five_k": five_k,
        "five_k_date": five_k_date,
        "days": _said(days),
        "weekly_km": _said(weekly_km),
        "longest_km": _said(longest_km),
        "goal": goal,
        "source": ",".join(source or ()),
        "sink": sink,
        "inbox": inbox,
        "outbox": outbox,
        "timezone": timezone,
        "units": units,
        "clock": clock,
        "race": race,
        "priority": priority.upper(),
        "long_run_day": long_run_day,
        "concerns": ",".join(concern or ()),
        "birth_year": birth_year,
        "sex": sex,
        "hr_max": hr_max,
        "hr_rest": hr_rest,
        "lthr": lthr,
    }
    given = {name: value for name, value in said.items() if value}
    first_config.require_a_race_to_come(race, priority, now().date())
    instance = system_instance(paths.config)
    asks = not yes and not as_json and instance is None
    talk = None if yes else _interview(paths, given, fresh=fresh, force=force, asks_services=asks)
    found = _defaults() | given if talk is None else talk.answers()
    answers = first_config.from_interview(found)
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


def _said(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def _defaults() -> dict[str, str]:
    from syncd.clock import local_timezone

    return {
        "days": "4",
        "weekly_km": "0",
        "longest_km": "0",
        "goal": "5k",
        "source": "folder",
        "sink": "folder",
        "timezone": local_timezone() or "UTC",
        "units": "km",
    }


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
    from syncd.cycle.importing import Imported, import_from
    from syncd.domain.arrival import Outcome
    from syncd.report.import_views import import_payload, import_text

    if absent := [path for path in paths if not path.expanduser().exists()]:
        raise CommandFailed(f"{absent[0]}: no such file or folder")
    found, now, places = Imported(), clock.now(), paths_of(context)
    with watched_world(places, now) as (world, _):
        for path in paths:
            with source_at(path.expanduser().absolute(), places.state, now) as source:
                import_from(source, world, now, found)
        assess(world, now)
    told = (found.arrived, found.not_runs, found.known, found.remarks)
    show(import_payload(*told), import_text(*told), as_json)
    if not any((found.arrived, found.not_runs, found.known)):
        raise NothingMatched(f"no recorded run in {', '.join(map(str, paths))}: {_READ}")
    read_nothing = not found.known and all(each.outcome is Outcome.UNREADABLE for each in found.arrived)
    return FAILED if read_nothing and not found.not_runs else OK
