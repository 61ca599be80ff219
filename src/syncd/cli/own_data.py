"""`export` and `forget`: what is kept belongs to the athlete."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.asking import agreed, tell
from syncd.cli.choices import SOURCES, chosen
from syncd.cli.exits import CommandFailed, UsageFault
from syncd.cli.options import argument
from syncd.cli.output import JsonOption, complain, paths_of, show

if TYPE_CHECKING:
    from syncd.paths import Paths

_SECRET = re.compile(r"^\s*(urls|heartbeat_url)\s*=.*$", re.MULTILINE)
_README = """\
What syncd keeps of you, as of {at}.

syncd.db      all of it, a SQLite database: in the place of another one it is that state
tables/       the same as text, a file for each table, a JSON object a row
recordings/   your runs as they came: FIT, TCX, GPX, or JSON as a service sent it
config.toml   your settings, without addresses that are secret

Logins are not here. The tables and their columns: docs/reference/export.md of syncd.
"""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(export)
    app.command()(forget)


def export(
    context: typer.Context,
    folder: Annotated[Path, argument("A new or empty folder.", metavar="DIR")],
    as_json: JsonOption = False,
) -> None:
    """Write all that syncd keeps of you into a folder. Other programs can read it."""
    from syncd import clock
    from syncd.cli.opened import opened_store
    from syncd.durable import write_whole
    from syncd.store.export import export_to

    paths, folder = paths_of(context), folder.expanduser().absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageFault(f"{folder} is not an empty folder: name a new one, so that nothing is overwritten")
    with opened_store(paths) as store:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        done = export_to(store, folder)
    if paths.config.exists():
        text = _SECRET.sub("# left out", paths.config.read_text(encoding="utf-8"))
        write_whole(folder / "config.toml", text.encode())
    at = clock.now().isoformat(timespec="minutes")
    write_whole(folder / "README.txt", _README.format(at=at).encode())
    payload = {
        "schema": "syncd.export/1",
        "folder": str(folder),
        "rows": dict(done.rows),
        "recordings": done.recordings,
        "unreadable": list(done.unreadable),
    }
    show(payload, f"{sum(done.rows.values())} rows and {done.recordings} recordings in {folder}.", as_json)
    complain(done.unreadable)


def forget(
    context: typer.Context,
    source: Annotated[str, argument("garmin, strava or folder; everything without it.", words=SOURCES)] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete what came from a source, or everything. Runs, scores, plan and logins go; there is no undo."""
    source = chosen("source", source, SOURCES) if source else ""
    paths = paths_of(context)
    what = (
        f"everything that came from {source}"
        if source
        else "everything: runs, scores, plan, logins, settings"
    )
    if not yes:
        tell(f"This deletes {what}. syncd export DIR keeps a copy.")
        if not agreed("Delete it (yes or no)"):
            raise CommandFailed("nothing was deleted, for the answer was not yes")
    words, runs = _forget_source(paths, source) if source else _forget_all(paths)
    show({"schema": "syncd.forget/1", "source": source or None, "runs": runs}, "\n".join(words), as_json)


def _forget_source(paths: Paths, source: str) -> tuple[list[str], int]:
    from syncd import clock
    from syncd.athlete.forgetting import forget as forget_runs
    from syncd.cli.opened import opened_world
    from syncd.store.copies import every_copy

    words = _logged_out(paths, source)
    now = clock.now()
    with opened_world(paths, now, writing=True) as (world, _):
        runs = forget_runs(world, source, now)
        store = world.store
        for copy in every_copy(paths.state):  # they hold it too
            copy.unlink()
        paths.pictures.unlink(missing_ok=True)
        store.compact()
        store.back_up(world.today(now))
    words.append(f"Forgotten: {runs} run{'' if runs == 1 else 's'} that only {source} told of.")
    words.append(f"It is read again while [sync] source names {source}: take it out there.")
    return words, runs


def _forget_all(paths: Paths) -> tuple[list[str], int]:
    """Logins first: what a service can be told, it is told while we still can."""
    from syncd.cli.opened import alone
    from syncd.daemon.state_file import is_running

    if is_running(paths.state):
        raise UsageFault(
            "the service runs and would begin anew: first syncd service uninstall, or end syncd run"
        )
    words = [*_logged_out(paths, "strava"), *_logged_out(paths, "garmin")]
    if paths.state.is_dir():
        with alone(paths):
            for each in paths.state.iterdir():
                shutil.rmtree(each) if each.is_dir() else each.unlink()
        paths.state.rmdir()
    paths.config.unlink(missing_ok=True)
    words.append(f"Forgotten: everything in {paths.state}, and {paths.config}.")
    words.append("Workouts on your calendar and your watch stay there: delete them in the service's app.")
    return words, 0


def _logged_out(paths: Paths, service: str) -> list[str]:
    if service == "strava":
        return _strava_logged_out(paths)
    if service != "garmin":
        return []
    from syncd.connectors.garmin.kept_login import KeptLogin

    if not KeptLogin(paths.logins).log_out():
        return []
    return ["The Garmin login here is gone. Garmin cannot be told: a changed password ends all logins there."]


def _strava_logged_out(paths: Paths) -> list[str]:
    from syncd.cli.auth_strava import hook_file, login_file
    from syncd.config import ConfigError, load
    from syncd.connectors.strava.login import log_out
    from syncd.connectors.strava.oauth import Places, places_of

    try:
        places = places_of(load(paths.config).section_of("strava"))
    except ConfigError:
        places = Places()
    done = log_out(login_file(paths), places, hook_file(paths))
    return [done.text] if done.was_logged_in else []
