"""`demo`: the main job shown, without an account and without waiting; and a profile to play with."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from syncd.cli.exits import CommandFailed, UsageFault
from syncd.cli.fitness_commands import FiveKOption, VdotOption, zones_from_options
from syncd.cli.options import argument, option
from syncd.cli.output import JsonOption, shown
from syncd.domain.plain_text import json_text

if TYPE_CHECKING:
    from syncd.domain.athlete import ZoneSet
    from syncd.sandbox.demo import DemoStage

_ASSUMED_FIVE_K = "25:00"
_FIVE_K_M = 5000.0


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(demo)


def demo(
    recordings: Annotated[Path | None, argument("A folder of recorded runs (FIT).")] = None,
    five_k: FiveKOption = "",
    vdot: VdotOption = 0.0,
    out: Annotated[
        Path, option("--out", "FOLDER", "Where the demo keeps its files; made anew.", default=True)
    ] = Path("syncd-demo"),
    as_json: JsonOption = False,
) -> None:
    """See it at work: weeks of a simulated runner, or runs of your own."""
    from syncd import clock
    from syncd.sandbox.demo import DemoError, prepared, recorded_runs
    from syncd.sandbox.weeks_on_garmin import simulated_weeks

    chosen = zones_from_options(five_k, vdot) or zones_from_options(_ASSUMED_FIVE_K, 0.0)
    assert chosen is not None  # noqa: S101 - the assumed time is a valid one
    if recordings is not None and not recordings.expanduser().is_dir():
        raise UsageFault(f"{recordings} is not a folder: name one with recorded runs, or leave it out")

    def speak(text: str) -> None:
        if not as_json:
            typer.echo(shown(text, sys.stdout))

    now, zone, profile = clock.now(), clock.local_timezone() or "UTC", ""
    try:
        stage = prepared(out.expanduser().absolute(), speak)
        if recordings is None:
            report = simulated_weeks(stage, chosen, now, ZoneInfo(zone))
            profile = _leave_profile(stage, chosen, now, zone)
        else:
            if not (five_k or vdot):
                stage.say(f"No --five-k given: paces assume {_ASSUMED_FIVE_K} for 5 km.")
            report = recorded_runs(stage, recordings.expanduser().absolute(), chosen, now)
    except DemoError as error:
        raise CommandFailed(str(error)) from None
    if as_json:
        _print_json({"report": str(report), "text": stage.said, "profile": profile})
    else:
        typer.echo(f"\nThe report of these weeks: {report}")


def _print_json(facts: dict[str, Any]) -> None:

    typer.echo(json_text({"schema": "syncd.demo/1", **facts}))


def _leave_profile(stage: DemoStage, zones: ZoneSet, now: datetime, zone: str) -> str:
    """Leave the simulated runner as a profile and say how to play with it; its name, "" where that failed.

    The demo itself has worked by then, so that whatever stands in the way is only said.
    """
    from syncd.paths import PathError, locate
    from syncd.sandbox.demo import DemoError
    from syncd.sandbox.playable import PROFILE

    stage.say()
    try:
        paths = locate(PROFILE)
        _make_profile(stage, zones, now, zone)
    except (DemoError, PathError, OSError) as error:
        stage.say(f"No profile to play with was left: {error}.")
        return ""
    stage.say(
        f"This runner is now the profile {PROFILE!r}, with folders in place of an account. Play with it:"
    )
    for line in _to_try(paths.state, now.astimezone(ZoneInfo(zone))):
        stage.say(f"  {_program()} --profile {PROFILE} {line}")
    return PROFILE


def _make_profile(stage: DemoStage, zones: ZoneSet, now: datetime, zone: str) -> None:
    """A configuration as `init` writes it, the state of the demo, and one sync that fills the outbox."""
    from syncd.cli.first_config import complete, write
    from syncd.cli.opened import opened_world, remember_settings
    from syncd.cycle.pushing import keep_calendar
    from syncd.cycle.run import run
    from syncd.domain.clock_time import format_clock
    from syncd.domain.training.fitness import race_time_s
    from syncd.paths import locate
    from syncd.sandbox.demo import DAYS, LONGEST_M, WEEKLY_M
    from syncd.sandbox.playable import PROFILE, cleared, hand_over

    paths = locate(PROFILE)
    inbox, outbox = cleared(paths)
    answers = {
        "timezone": zone,
        "five_k": format_clock(race_time_s(zones.vdot, _FIVE_K_M)),
        "days": str(DAYS),
        "weekly_km": f"{WEEKLY_M / 1000:g}",
        "longest_km": f"{LONGEST_M / 1000:g}",
        "source": "folder",
        "sink": "folder",
        "inbox": str(inbox),
        "outbox": str(outbox),
    }
    write(paths.config, complete(answers), force=True)
    hand_over(stage.folder / "state", paths)
    with opened_world(paths, now, writing=True) as (world, reader):
        remember_settings(world, reader)
        run(world, now)
        keep_calendar(world, now)


def _to_try(state: Path, now: datetime) -> list[str]:
    from syncd.sandbox.playable import suggestion
    from syncd.store import Store

    with Store.open(state) as store:
        days = suggestion(store, now.date())
    if days is None:
        return ["status", "plan", "score"]
    return ["status", "score", f"why {days.session}", f"move {days.session} {days.free}", "sync", "undo"]


def _program() -> str:
    """What to type for this installation: `syncd` where a shell finds it, else the way to it."""
    import os
    import shutil

    from syncd.service.program import program_path

    program = program_path()
    if (found := shutil.which("syncd")) and Path(found).resolve() == program.resolve():
        return "syncd"
    path = os.path.relpath(program)
    return path if not path.startswith("..") else str(program)
