"""`run`: the service itself, started by systemd, a container, or by hand."""

from __future__ import annotations

import os
import sys

import typer

from syncd.cli.output import paths_of


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(run)


def run(context: typer.Context) -> None:
    """Look for runs by itself, until it is ended (Ctrl-C). This is what the service does."""
    paths_of(context)  # a profile that cannot be one is refused here
    profile, config = context.obj or ("", None)
    if profile:
        os.environ["SYNCD_PROFILE"] = profile
    if config is not None:
        os.environ["SYNCD_CONFIG"] = str(config.expanduser().absolute())
    # In place of this process: the service shall not carry the command line in its memory.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "syncd.daemon"])  # noqa: S606
