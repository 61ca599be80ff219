"""Run one command line, and turn every error into one line and an exit code in one place."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

import typer
from typer.exceptions import TyperException

from syncd.cli.as_service import run_as_service, taken_out
from syncd.cli.exits import FAILED, INTERRUPTED, USAGE, exit_code
from syncd.cli.file_faults import of_system
from syncd.cli.mistakes import explained
from syncd.cli.output import shown
from syncd.cli.program import hoisted, program_for
from syncd.durable import keep_owners_rights

_INTERRUPTED = "interrupted; everything done so far is kept"


def run(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave the process with its exit code. SIGTERM ends it as Ctrl-C does."""
    keep_owners_rights()
    signal.signal(signal.SIGTERM, _end)
    sys.exit(main(sys.argv[1:] if arguments is None else arguments))


def _end(*_: object) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str]) -> int:
    """The exit code of one command."""
    if not arguments:
        main(["--help"])
        return USAGE
    command = None
    try:
        rest, instance = taken_out(arguments)
        if instance is not None:
            return run_as_service(rest, instance)
        ordered = hoisted(arguments)
        command = typer.main.get_command(program_for(ordered))
        result = command.main(ordered, prog_name="syncd", standalone_mode=False)
        sys.stdout.flush()
        if result == INTERRUPTED:  # what typer turns Ctrl-C into
            return _say(_INTERRUPTED, INTERRUPTED)
        return result if isinstance(result, int) else 0
    except (typer.Abort, KeyboardInterrupt):
        return _say(_INTERRUPTED, INTERRUPTED)
    except TyperException as error:
        return _say(_one_line(explained(error, command, arguments)), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001 - the process boundary: known errors become one line, others a report
        code = exit_code(error)
        if code is None:
            return _say(f"an error in syncd itself: {_report(error)}", FAILED)
        return _say(_one_line(_text_of(error)), code)


def _say(line: str, code: int) -> int:
    sys.stdout.flush()
    print(shown(f"syncd: {line}", sys.stderr), file=sys.stderr)  # noqa: T201 - the one place that prints errors
    return code


def _text_of(error: Exception) -> str:
    return of_system(error) if isinstance(error, OSError) and error.strerror else str(error)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _report(error: Exception) -> str:
    """Keep the traceback for a bug report; the message says where."""
    from syncd.cli.fault_reports import kept_report

    kept = kept_report(error)
    report = f"please report it with the file {kept}" if kept else "please report it"
    return f"{type(error).__name__}. Nothing is lost; {report}"
