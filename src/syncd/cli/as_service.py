"""`--service [NAME]`: do a command as the service of the system, with its files and its user.

The state of that service belongs to a user that exists only while the service runs, so the command
is run by systemd in the same way: `sudo syncd auth garmin --service`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from syncd.cli.exits import UsageFault

OPTION = "--service"


def taken_out(arguments: Sequence[str]) -> tuple[list[str], str | None]:
    """The words without the option, and the instance: "" for the only athlete, None without the option."""
    words = list(arguments)
    end = words.index("--") if "--" in words else len(words)
    for place, word in enumerate(words[:end]):
        if word.startswith(f"{OPTION}="):
            return words[:place] + words[place + 1 :], word.removeprefix(f"{OPTION}=")
        if word == OPTION:
            following = words[place + 1 : place + 2]
            named = bool(place) and bool(following) and not following[0].startswith("-")
            return words[:place] + words[place + 1 + named :], following[0] if named else ""
    return words, None


def run_as_service(arguments: Sequence[str], instance: str) -> int:
    """The command's own exit code. Raises UsageFault."""
    import shutil
    import subprocess

    from syncd.service.program import program_path
    from syncd.service.units import instance_name, why_not_for_the_system

    if os.geteuid() != 0:
        raise UsageFault(f"{OPTION} works on the files of the system's service: run it with sudo")
    if instance and not instance_name(instance):
        raise UsageFault(f"{OPTION} {instance}: use lower-case letters, digits and '-' (at most 25)")
    if shutil.which("systemd-run") is None or not Path("/run/systemd/system").is_dir():
        raise UsageFault(f"{OPTION} needs systemd, which does not run here: leave it out")
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
