"""The program as typer sees it: with all commands, or only those that one line needs, which is faster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from syncd.cli.exits import UsageFault
from syncd.cli.help_pages import CommandGroup, dress
from syncd.cli.options import option

MODULES: Mapping[str, tuple[str, ...]] = {
    "setup_commands": ("init", "import"),
    "auth_commands": ("auth",),
    "sync_commands": ("sync", "status", "watch"),
    "service_commands": ("run", "service"),
    "care_commands": ("doctor", "tidy", "tell"),
    "own_data": ("export", "forget"),
    "report_command": ("report", "calendar"),
    "plan_commands": ("plan", "next", "why"),
    "run_commands": ("demo",),
    "fitness_commands": ("zones", "score"),
    "score_commands": ("rescore", "match"),
    "override_commands": ("move", "skip", "pin", "pause", "sick", "resume", "goal", "phase", "rpe", "undo"),
    "health_command": ("health",),
    "correction_commands": ("ignore", "fix"),
    "result_command": ("result",),
    "answer_command": ("answer",),
    "pain_command": ("pain",),
    "heat_command": ("heat",),
    "strava_commands": ("strava",),
    "sandbox_commands": ("sandbox",),
}
_VALUED = ("--config", "--profile")


def program(modules: Iterable[str] = MODULES) -> typer.Typer:
    """The commands of these modules."""
    app = typer.Typer(
        name="syncd",
        cls=CommandGroup,
        help="Scores your runs, adapts your plan, keeps your next workouts on your watch.",
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    for name in modules:
        import_module(f"syncd.cli.{name}").register(app)
    dress(app)
    app.callback()(_options)
    return app


def program_for(arguments: Sequence[str]) -> typer.Typer:
    """What a line needs: all commands where it names no known one. Raises UsageFault."""
    _, rest = _parted(arguments)
    owner = next((module for module, names in MODULES.items() if rest and rest[0] in names), None)
    return program() if owner is None else program([owner])


def hoisted(arguments: Sequence[str]) -> list[str]:
    """Move `--config` and `--profile` to the front: they work after the command too. Raises UsageFault."""
    front, rest = _parted(arguments)
    return front + rest


def _parted(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """`--config` and `--profile` with their values, and the other arguments."""
    front: list[str] = []
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        if argument == "--":
            rest += [argument, *remaining]
        elif argument in _VALUED:
            front += [argument, _value_of(argument, next(remaining, None))]
        elif argument.startswith(tuple(f"{name}=" for name in _VALUED)):
            front.append(argument)
        else:
            rest.append(argument)
    return front, rest


def _value_of(name: str, value: str | None) -> str:
    if value is None:
        raise UsageFault(f"{name} needs a value (syncd --help)")
    return value


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"syncd {version('syncd')}")
        raise typer.Exit


def _options(
    context: typer.Context,
    config: Annotated[Path | None, option("--config", "FILE", "Use this configuration file.")] = None,
    profile: Annotated[
        str, option("--profile", "NAME", "Use a profile with its own configuration and state.")
    ] = "",
    _: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Show the version.")
    ] = False,
) -> None:
    context.obj = (profile, config)
