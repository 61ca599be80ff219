"""The units with the paths of this installation filled in: plain text in, plain text out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_EXEC = re.compile(r"^ExecStart=.*$", re.MULTILINE)
_STATE = re.compile(r"^(Environment=SYNCD_STATE|ReadWritePaths)=.*$", re.MULTILINE)
_SANDBOX = re.compile(r"^# sandbox:.*?^# end of the sandbox\n", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9-]{0,24}")
_HOMES = (Path("/home"), Path("/root"), Path("/run/user"))


@dataclass(frozen=True, slots=True)
class UserPlaces:
    """Where the files of a user's service are."""

    program: Path
    config: Path
    state: Path  # of all profiles


def unit_names(profile: str) -> tuple[str, str]:
    """The unit that runs for a profile ("" for the only athlete), and the file it comes from."""
    return (f"syncd@{profile}.service", "syncd@.service") if profile else ("syncd.service", "syncd.service")


def own_name(profile: str) -> str:
    """The user of the system's service and the name of its state folder, as in its unit."""
    return f"syncd-{profile}" if profile else "syncd"


def instance_name(profile: str) -> bool:
    """Whether a profile can be an instance of the system's service: it is part of a user name."""
    return _NAME.fullmatch(profile) is not None


def system_unit(text: str, program: Path) -> str:
    """The system's unit, for this program."""
    return _EXEC.sub(lambda _: f"ExecStart={_quoted(program)} run", text)


def user_unit(text: str, places: UserPlaces, *, profile: bool, sandboxed: bool) -> str:
    """A user's unit. `profile`: it is a template whose instances are profiles."""
    unit = _EXEC.sub(lambda _: f"ExecStart={_quoted(places.program)} run", text)
    unit = _STATE.sub(lambda match: _with_state(match.group(1), places.state), unit)
    config = _escaped(places.config)
    if profile:  # a template: each instance finds its own beside the others
        config = f"{_escaped(places.config.parent.parent)}/%i/{_escaped(Path(places.config.name))}"
    more = [f'Environment="SYNCD_CONFIG={config}"', *(["Environment=SYNCD_PROFILE=%i"] if profile else [])]
    unit = unit.replace("UMask=0077\n", "\n".join(["UMask=0077", *more, ""]), 1)
    return unit if sandboxed else _SANDBOX.sub("", unit)


def why_not_for_the_system(*places: Path) -> str:
    """Why these paths cannot be used by a system service, which cannot see homes; "" where they can."""
    for place in places:
        home = next((folder for folder in _HOMES if folder in place.resolve().parents), None)
        if home is not None:
            return (
                f"this syncd is installed under {home} ({place}), which a system service cannot access. "
                "Install it elsewhere, for example: sudo python3 -m venv /opt/syncd && "
                "sudo /opt/syncd/bin/pip install syncd-*.whl; or, as your own service: syncd service install"
            )
    return ""


def _with_state(key: str, state: Path) -> str:
    return f'Environment="SYNCD_STATE={_escaped(state)}"' if "Env" in key else f"{key}={_quoted(state)}"


def _escaped(path: Path) -> str:
    """As written inside double quotes in a unit (systemd.syntax(7))."""
    return str(path).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _quoted(path: Path) -> str:
    escaped = _escaped(path)
    return f'"{escaped}"' if any(character in escaped for character in " \"';\\") else escaped
