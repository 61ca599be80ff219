"""The program: gathers the commands, and turns every error into one line and an exit code in one place."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from syncd.cli import (
    auth_commands,
    care_commands,
    fitness_commands,
    own_data,
    plan_commands,
    report_command,
    result_command,
    run_commands,
    sandbox_commands,
    score_commands,
    service_commands,
    setup_commands,
    strava_commands,
    sync_commands,
    word_commands,
)
from syncd.cli.as_service import run_as_service, taken_out
from syncd.cli.exits import FAILED, INTERRUPTED, USAGE, UsageFault, exit_code
from syncd.cli.file_faults import of_system
from syncd.cli.help_pages import Commands, dress
from syncd.cli.mistakes import in_words
from syncd.cli.options import option
from syncd.paths import CYCLE_VARIABLE, PathError, locate
from syncd.report.plain import fitting

app = typer.Typer(
    name="syncd",
    cls=Commands,
    help="Scores your runs, adapts your plan, keeps the next workouts on your watch.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
for group in (
    setup_commands,
    auth_commands,
    sync_commands,
    service_commands,
    care_commands,
    own_data,
    report_command,
    plan_commands,
    run_commands,
    fitness_commands,
    score_commands,
    word_commands,
    result_command,
    strava_commands,
    sandbox_commands,
):
    group.register(app)

dress(app)

_INTERRUPTED = "interrupted; what was done so far is kept"
_VALUED = ("--config", "--profile")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"syncd {version('syncd')}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    config: Annotated[Path | None, option("--config", "FILE", "The configuration file.")] = None,
    profile: Annotated[
        str, option("--profile", "NAME", "A profile with its own configuration and state.")
    ] = "",
    _: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Say which version this is.")
    ] = False,
) -> None:
    context.obj = (profile, config)


def run(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code. SIGTERM ends it as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _end)
    sys.exit(main(sys.argv[1:] if arguments is None else arguments))


def _end(*_: object) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str]) -> int:
    """The exit code of one command."""
    if not arguments:
        main(["--help"])
        return USAGE
    command = typer.main.get_command(app)
    try:
        words, instance = taken_out(arguments)
        if instance is not None:
            return run_as_service(words, instance)
        result = command.main(hoisted(arguments), prog_name="syncd", standalone_mode=False)
        sys.stdout.flush()
        if result == INTERRUPTED:  # what typer makes of Ctrl-C
            return _say(_INTERRUPTED, INTERRUPTED)
        return result if isinstance(result, int) else 0
    except (typer.Abort, KeyboardInterrupt):
        return _say(_INTERRUPTED, INTERRUPTED)
    except TyperException as error:
        return _say(_one_line(in_words(error, command, arguments)), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001 - the process boundary: known errors become a line, others a report
        code = exit_code(error)
        if code is None:
            return _say(f"a fault in syncd itself: {_report(error)}", FAILED)
        return _say(_one_line(_told(error)), code)


def hoisted(arguments: Sequence[str]) -> list[str]:
    """`--config` and `--profile` work in front of the command and after it."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for word in waiting:
        if word == "--":
            rest += [word, *waiting]
        elif word in _VALUED:
            front += [word, _value_of(word, next(waiting, None))]
        elif word.startswith(tuple(f"{name}=" for name in _VALUED)):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


def _value_of(name: str, value: str | None) -> str:
    if value is None:
        raise UsageFault(f"{name} needs a value (syncd --help)")
    return value


def _say(line: str, code: int) -> int:
    sys.stdout.flush()
    print(fitting(f"syncd: {line}", sys.stderr.encoding), file=sys.stderr)  # noqa: T201 - the one place that speaks of errors
    return code


def _told(error: Exception) -> str:
    return of_system(error) if isinstance(error, OSError) and error.strerror else str(error)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _faults_folder() -> Path | None:
    """A service's temporary files go with it: its reports lie beside its state."""
    if not os.environ.get(CYCLE_VARIABLE):
        return None
    try:
        folder = locate().faults
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, PathError):
        return None
    return folder


def _report(error: Exception) -> str:
    """Keep the traceback for a bug report; a person sees where it lies."""
    import tempfile
    import traceback

    folder = _faults_folder()
    with tempfile.NamedTemporaryFile(
        "w", prefix="syncd-fault-", suffix=".txt", delete=False, dir=folder
    ) as file:
        file.write("".join(traceback.format_exception(error)))
    return f"{type(error).__name__}; nothing is lost, please report {file.name}"
