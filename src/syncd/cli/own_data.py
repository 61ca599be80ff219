"""`export` and `forget`: the data belong to the athlete."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.asking import agreed, say
from syncd.cli.choices import SOURCES, chosen
from syncd.cli.exits import CommandFailed, UsageFault
from syncd.cli.options import argument
from syncd.cli.output import JsonOption, complain, paths_of, show

if TYPE_CHECKING:
    from syncd.paths import Paths

_README = """\
Everything syncd keeps about you, as of {at}.

syncd.db      all of it as a SQLite database, which can replace the one in use
tables/       the same as text: one file per table, one JSON object per row
recordings/   your runs as they arrived: FIT, TCX, GPX, or the JSON of a service
config.toml   {settings}

Logins are not included. The tables and their columns: docs/reference/export.md of syncd.
"""


_STAYS = (
    "folders that syncd export wrote",
    "reports and calendars that were saved elsewhere (--out)",
    "messages that were sent",
    "the system's log of the service (journalctl)",
    "your own recordings in the inbox",
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(export)
    app.command()(forget)


def export(
    context: typer.Context,
    folder: Annotated[Path, argument("A new or empty folder.", metavar="DIR")],
    as_json: JsonOption = False,
) -> None:
    """Write everything syncd keeps about you to a folder. Other programs can read it."""
    from syncd import clock
    from syncd.cli.opened import opened_store
    from syncd.durable import private_folder, write_whole
    from syncd.store.export import export_to

    paths, folder = paths_of(context), folder.expanduser().absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageFault(f"{folder} is not an empty folder: give a new one, so that nothing is overwritten")
    with opened_store(paths) as store:
        private_folder(folder)
        exported = export_to(store, folder)
    left_out, problem = _settings_to(folder, paths)
    at = clock.now().isoformat(timespec="minutes")
    settings = problem or "your settings, without secrets"
    write_whole(folder / "README.txt", _README.format(at=at, settings=settings).encode())
    payload = {
        "schema": "syncd.export/1",
        "folder": str(folder),
        "rows": dict(exported.rows),
        "recordings": exported.recordings,
        "unreadable": list(exported.unreadable),
        "left_out": list(left_out),
    }
    rows, recordings = sum(exported.rows.values()), exported.recordings
    text = f"Saved {rows} row{_s(rows)} and {recordings} recording{_s(recordings)} to {folder}."
    show(payload, text, as_json)
    complain([*exported.unreadable, *([problem] if problem else [])])


def _settings_to(folder: Path, paths: Paths) -> tuple[tuple[str, ...], str]:
    """Write the settings that can be shown; what was left out of them, and why where all of it was."""
    from syncd.config import Settings
    from syncd.config_secrets import shareable
    from syncd.durable import write_whole

    try:
        config = shareable(paths.config.read_text(encoding="utf-8"), Settings)
    except FileNotFoundError:
        return (), ""
    except (OSError, ValueError):  # its text may quote the file
        return ("config.toml",), "config.toml cannot be read and was left out: it may hold secrets"
    write_whole(folder / "config.toml", config.text.encode())
    return config.left_out, ""


def forget(
    context: typer.Context,
    source: Annotated[str, argument("garmin, strava or folder (default: everything).", choices=SOURCES)] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete what came from one source, or everything. Deletes runs, scores, plan and logins for good."""
    source = chosen("source", source, SOURCES) if source else ""
    paths = paths_of(context)
    data = (
        f"everything that came from {source}"
        if source
        else "everything: runs, scores, plan, logins, settings"
    )
    if not yes:
        say(f"This deletes {data}. To keep a copy first: syncd export FOLDER")
        if not agreed("Delete it? (yes or no)"):
            raise CommandFailed("nothing was deleted, because the answer was not yes")
    lines, runs = _forget_source(paths, source) if source else _forget_all(paths)
    lines.append(f"Not deleted: {', '.join(_STAYS)}.")
    payload = {"schema": "syncd.forget/1", "source": source or None, "runs": runs, "stays": list(_STAYS)}
    show(payload, "\n".join(lines), as_json)


def _forget_source(paths: Paths, source: str) -> tuple[list[str], int]:
    from syncd import clock
    from syncd.athlete.forgetting import forget as forget_runs
    from syncd.cli.opened import CONNECTORS, opened_world
    from syncd.cli.report_command import write_report
    from syncd.connectors.registry import connector
    from syncd.cycle.pushing import NAME, keep_calendar
    from syncd.store.copies import every_remnant

    lines = _logged_out(paths, source)
    now = clock.now()
    with opened_world(paths, now, writing=True) as (world, _):
        runs = forget_runs(world, source, now)
        store = world.store
        for copy in every_remnant(paths.state):  # they contain it too
            copy.unlink(missing_ok=True)
        had_report = paths.report.exists()
        for made in (paths.report, paths.pictures):
            made.unlink(missing_ok=True)
        for name in connector(source).forgets:
            (paths.state / CONNECTORS / source / name).unlink(missing_ok=True)
        shutil.rmtree(paths.faults, ignore_errors=True)  # they may quote a run
        _clear_unfinished(paths.state)
        if (paths.state / NAME).exists():
            keep_calendar(world, now)
        store.compact()
        store.back_up(world.today(now))
    if had_report:
        write_report(paths, now, paths.report)
    lines.append(f"Deleted {runs} run{_s(runs)} that came only from {source}.")
    lines.append(f"They will come back while {source} is a [sync] source in config.toml: remove it there.")
    return lines, runs


def _clear_unfinished(state: Path) -> None:
    """Files that a kill left half written: they are copies of something."""
    from syncd.durable import unfinished

    for folder in (state, *(path for path in state.rglob("*") if path.is_dir())):
        for part in unfinished(folder):
            part.unlink(missing_ok=True)


def _forget_all(paths: Paths) -> tuple[list[str], int]:
    """Log out first: services can only be notified while the logins are there."""
    from syncd.cli.opened import alone
    from syncd.daemon.state_file import is_running

    if is_running(paths.state):
        raise UsageFault(
            "the service is running and would start again: first syncd service uninstall, or stop syncd run"
        )
    lines = [*_logged_out(paths, "strava"), *_logged_out(paths, "garmin")]
    if paths.state.is_dir():
        with alone(paths):
            for path in paths.state.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        paths.state.rmdir()
    paths.config.unlink(missing_ok=True)
    lines.append(f"Deleted everything in {paths.state}, and {paths.config}.")
    lines.append("Workouts on your calendar and your watch stay there: delete them in the service's app.")
    return lines, 0


def _logged_out(paths: Paths, service: str) -> list[str]:
    if service == "strava":
        return _strava_logged_out(paths)
    if service != "garmin":
        return []
    from syncd.connectors.garmin.kept_login import KeptLogin

    if not KeptLogin(paths.logins).log_out():
        return []
    return [
        "Deleted the Garmin login. Garmin cannot be notified; changing your password there ends all logins."
    ]


def _strava_logged_out(paths: Paths) -> list[str]:
    from syncd.cli.auth_strava import hook_file, login_file
    from syncd.config import ConfigError, load
    from syncd.connectors.strava.login import log_out
    from syncd.connectors.strava.oauth import Places, places_of

    try:
        places = places_of(load(paths.config).section_of("strava"))
    except ConfigError:
        places = Places()
    outcome = log_out(login_file(paths), places, hook_file(paths))
    return [outcome.text] if outcome.was_logged_in else []


def _s(number: int) -> str:
    """The ending of a plural."""
    return "" if number == 1 else "s"
