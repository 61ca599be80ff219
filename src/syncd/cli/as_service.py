"""`--service [NAME]`: run a command as the system's service, with its files and its user.

The state of that service belongs to a user that exists only while the service runs, so systemd runs
the command in the same way: `sudo syncd auth garmin --service`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from syncd.cli.exits import UsageFault

OPTION = "--service"


def taken_out(arguments: Sequence[str]) -> tuple[list[str], str | None]:
    """The arguments without the option, and its instance: "" for the only athlete, None without it."""
    rest = list(arguments)
    end = rest.index("--") if "--" in rest else len(rest)
    for place, argument in enumerate(rest[:end]):
        if argument.startswith(f"{OPTION}="):
            return rest[:place] + rest[place + 1 :], argument.removeprefix(f"{OPTION}=")
        if argument == OPTION:
            following = rest[place + 1 : place + 2]
            named = bool(place) and bool(following) and not following[0].startswith("-")
            return rest[:place] + rest[place + 1 + named :], following[0] if named else ""
    return rest, None


def run_as_service(arguments: Sequence[str], instance: str) -> int:
    """Run it and return its exit code. Raises UsageFault."""
    import shutil
    import subprocess

    from syncd.service.program import program_path
    from syncd.service.units import instance_name, why_not_for_the_system

    if os.geteuid() != 0:
        raise UsageFault(f"{OPTION} uses the files of the system's service: run it with sudo")
    if instance and not instance_name(instance):
        raise UsageFault(f"{OPTION} {instance}: use lower-case letters, digits and '-' (at most 25)")
    if shutil.which("systemd-run") is None or not Path("/run/systemd/system").is_dir():
        raise UsageFault(f"{OPTION} needs systemd, which is not running here: leave it out")
    program = program_path()
    refused = why_not_for_the_system(program, Path(sys.executable))
    if refused:
        raise UsageFault(refused)
    return subprocess.run(_argv(program, arguments, instance), check=False).returncode  # noqa: S603


def _argv(program: Path, arguments: Sequence[str], instance: str) -> list[str]:
    from syncd.service.units import own_name

    own = own_name(instance)
    credentials = Path("/etc/syncd", instance, "credentials")
    properties = {
        "DynamicUser": "yes",
        "User": own,
        "ConfigurationDirectory": "syncd",
        "StateDirectory": own,
        "StateDirectoryMode": "0700",
        "UMask": "0077",
        "ProtectHome": "yes",
        "ProtectSystem": "strict",
        "PrivateTmp": "yes",
        "NoNewPrivileges": "yes",
        "Environment": f"HOME=/var/lib/{own}" + (f" SYNCD_PROFILE={instance}" if instance else ""),
    }
    if credentials.is_dir():
        properties["LoadCredential"] = f"syncd:{credentials}"
    terminal = "--pty" if sys.stdin.isatty() and sys.stdout.isatty() else "--pipe"
    return [
        "systemd-run",
        "--quiet",
        "--collect",
        "--wait",
        terminal,
        *(f"--property={name}={value}" for name, value in properties.items()),
        "--",
        str(program),
        *arguments,
    ]
