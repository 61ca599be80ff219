"""`demo`: the main job shown, without an account and without waiting."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from syncd.cli.exits import CommandFailed, UsageFault
from syncd.cli.fitness_commands import FiveKOption, VdotOption, zones_from_options
from syncd.cli.options import argument, option
from syncd.cli.output import JsonOption, shown

_ASSUMED_FIVE_K = "25:00"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(demo)


def demo(
    recordings: Annotated[Path | None, argument("A folder of recorded runs (FIT).")] = None,
    five_k: FiveKOption = "",
    vdot: VdotOption = 0.0,
    out: Annotated[Path, option("--out", "FOLDER", "Where to play; made anew.", default=True)] = Path(
        "syncd-demo"
    ),
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

    try:
        stage = prepared(out.expanduser().absolute(), speak)
        if recordings is None:
            report = simulated_weeks(stage, chosen)
        else:
            if not (five_k or vdot):
                stage.say(f"No --five-k given: paces assume {_ASSUMED_FIVE_K} for 5 km.")
            report = recorded_runs(stage, recordings.expanduser().absolute(), chosen, clock.now())
    except DemoError as error:
        raise CommandFailed(str(error)) from None
    if as_json:
        import json

        typer.echo(json.dumps({"schema": "syncd.demo/1", "report": str(report), "text": stage.said}))
    else:
        typer.echo(str(report))
