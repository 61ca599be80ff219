"""The unit of the service, as the service manager reports it."""

from __future__ import annotations

import os
import pwd
import shlex
from pathlib import Path

from syncd.daemon.state_file import is_running
from syncd.health.check import Check, Command, fail, ok, warn
from syncd.health.examination import Examination
from syncd.service.installing import Unit, system_instance, system_service, user_service, user_units
from syncd.service.program import program_path
from syncd.service.systemd import Systemctl
from syncd.service.units import UserPlaces, unit_names

_ASKED = (
    *("LoadState", "ActiveState", "SubState", "Result", "StatusText", "UnitFileState", "NeedDaemonReload"),
    *("FragmentPath", "Environment", "ExecStart", "MainPID"),
)
_RESULTS = {
    "start-limit-hit": "started too often in vain, systemd has given up",
    "oom-kill": "ran out of memory",
    "watchdog": "did not answer any more",
    "timeout": "did not start in time",
    "exit-code": "ended with an error",
    "signal": "was killed",
    "core-dump": "crashed",
    "resources": "could not be started",
}


def units(case: Examination) -> list[Check]:
    """The unit that serves this configuration, under each service manager that has one."""
    name, _ = unit_names(case.paths.profile)
    found = []
    for systemctl in case.managers:
        shown = systemctl.show(name, _ASKED)
        if shown.get("LoadState", "not-found") != "not-found" and _serves(case, systemctl, shown):
            found.append(_unit(case, name, systemctl, shown))
    return found


def lingering(case: Examination) -> list[Check]:
    """A user's own service goes on when nobody is logged in."""
    name, _ = unit_names(case.paths.profile)
    for systemctl in case.managers:
        if not systemctl.user or systemctl.show(name, _ASKED).get("UnitFileState") != "enabled":
            continue
        user = pwd.getpwuid(os.geteuid()).pw_name
        answer = systemctl.commands("loginctl", "show-user", user, "--property=Linger", "--value")
        if answer.code == 0 and answer.out == "no":
            text = "your service stops when you log out"
            return [warn("logged out", text, Command(f"loginctl enable-linger {user}"))]
    return []


def _serves(case: Examination, systemctl: Systemctl, shown: dict[str, str]) -> bool:
    """Whether it is for this configuration, and not only called alike."""
    if not systemctl.user:
        return system_instance(case.paths.config) is not None
    configured = next(
        (
            entry.removeprefix("SYNCD_CONFIG=")
            for entry in shlex.split(shown.get("Environment", ""))
            if entry.startswith("SYNCD_CONFIG=")
        ),
        "",
    )
    return not configured or Path(configured) == case.paths.config


def _unit(case: Examination, name: str, systemctl: Systemctl, shown: dict[str, str]) -> Check:
    call = "systemctl --user" if systemctl.user else "sudo systemctl"
    install = Command("syncd service install" if systemctl.user else "sudo syncd service install --system")
    if shown["LoadState"] == "masked":
        return fail(name, "is masked: it cannot be started", Command(f"{call} unmask {name}"))
    if shown["LoadState"] != "loaded":
        return fail(name, f"its unit file cannot be used ({shown['LoadState']})", install)
    program = _program_of(shown)
    if program is not None and not program.exists():
        return fail(name, f"its program {program} is gone", install)
    if shown.get("ActiveState") == "failed":
        return _failed(case, name, call, shown)
    if shown.get("ActiveState") not in {"active", "activating", "reloading"}:
        return warn(name, "is not running", Command(f"{call} start {name}"))
    if shown.get("UnitFileState") == "disabled":
        text = "runs, but will not start with the machine"
        return warn(name, text, Command(f"{call} enable {name}"))
    if shown.get("NeedDaemonReload") == "yes":
        text = "its file was changed, and systemd still uses the earlier one"
        return warn(name, text, Command(f"{call} daemon-reload"))
    if _differs(case, systemctl, shown):
        return warn(name, "its file is of another version of syncd", install)
    return ok(name, "runs, and starts with the machine")


def _failed(case: Examination, name: str, call: str, shown: dict[str, str]) -> Check:
    why = _RESULTS.get(shown.get("Result", ""), "has failed")
    said = f": {shown['StatusText']}" if shown.get("StatusText") else ""
    if is_running(case.paths.state):
        text = f"{why}{said}; another `syncd run` uses this state"
        return fail(name, text, f"end that one, then: {call} restart {name}")
    # restart clears the failure and its count as well
    again = f"{call} reset-failed {name} && {call} restart {name}"
    return fail(name, f"{why}{said}", Command(again))


def _program_of(shown: dict[str, str]) -> Path | None:
    """The path in `{ path=/opt/syncd/bin/syncd ; argv[]=...`."""
    _, found, rest = shown.get("ExecStart", "").partition("path=")
    return Path(rest.partition(" ;")[0]) if found else None


def _differs(case: Examination, systemctl: Systemctl, shown: dict[str, str]) -> bool:
    """Whether this version would write another file; a user's may lack the sandbox."""
    path = Path(shown.get("FragmentPath", ""))
    try:
        installed = path.read_text(encoding="utf-8")
    except OSError:
        return False
    if path.parent != user_units() and systemctl.user:
        return False
    return installed not in {unit.text for unit in _possible(case, systemctl)}


def _possible(case: Examination, systemctl: Systemctl) -> tuple[Unit, ...]:
    program, profile = program_path(), case.paths.profile
    if not systemctl.user:
        return (system_service(program, profile),)
    state = case.paths.state.parent if profile else case.paths.state
    places = UserPlaces(program, case.paths.config, state)
    return tuple(user_service(places, profile, sandboxed=sandboxed) for sandboxed in (True, False))
