"""Install the service, report its status, remove it; doing it again changes nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from syncd.durable import private_folder, write_whole
from syncd.service.shipped import shipped
from syncd.service.systemd import ServiceError, Systemctl
from syncd.service.units import UserPlaces, system_unit, unit_names, user_unit

SYSTEM_UNITS = Path("/etc/systemd/system")
SYSTEM_CONFIG = Path("/etc/syncd")
_SHOWN = ("LoadState", "ActiveState", "SubState", "StatusText", "MainPID", "NRestarts", "UnitFileState")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit to install: `file` is the name of its file, `name` that of the unit that runs (an instance)."""

    name: str
    file: str
    folder: Path
    text: str


@dataclass(slots=True)
class InstallReport:
    """What was changed, one sentence each; `hints` are advice for the reader."""

    changed: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ServiceState:
    """The status of a service, as systemd reports it."""

    unit: str
    installed: bool
    active: str
    enabled: str
    status: str
    restarts: int


def system_instance(config: Path) -> str | None:
    """The instance of the system's service that a configuration is for ("" without a name), else None."""
    if config.name != "config.toml" or SYSTEM_CONFIG not in config.parents:
        return None
    return "" if config.parent == SYSTEM_CONFIG else config.parent.name


def system_service(program: Path, profile: str) -> Unit:
    """The system's unit for this profile, "" for the only athlete."""
    name, file = unit_names(profile)
    return Unit(name, file, SYSTEM_UNITS, system_unit(shipped(f"systemd/{file}"), program))


def user_service(places: UserPlaces, profile: str, *, sandboxed: bool) -> Unit:
    """A user's own unit for this profile."""
    name, file = unit_names(profile)
    text = user_unit(
        shipped("systemd/syncd-user.service"), places, profile=bool(profile), sandboxed=sandboxed
    )
    return Unit(name, file, user_units(), text)


def user_units() -> Path:
    """The folder of a user's units."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "systemd" / "user"


def install(unit: Unit, systemctl: Systemctl, report: InstallReport) -> bool:
    """Write, enable and start it; what is done already is left alone. Whether it was started just now.

    Raises ServiceError, OSError.
    """
    path = unit.folder / unit.file
    fresh = not path.exists()
    written = fresh or path.read_text(encoding="utf-8") != unit.text
    if written:
        if unit.folder.is_relative_to(Path.home()):
            private_folder(unit.folder)
        unit.folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, unit.text.encode(), 0o644)
        report.changed.append(f"{'wrote' if fresh else 'replaced'} {path}")
        systemctl.do("daemon-reload")
    if systemctl("is-enabled", "--quiet", unit.name).code != 0:
        systemctl.do("enable", "--quiet", unit.name)
        report.changed.append(f"enabled {unit.name}: it starts when the machine does")
    active = systemctl("is-active", "--quiet", unit.name).code == 0
    if not active or written:
        verb = "restart" if active else "start"
        systemctl("reset-failed", unit.name)
        try:
            systemctl.do(verb, unit.name)
        except ServiceError as error:
            reason = systemctl.show(unit.name, _SHOWN).get("StatusText") or str(error)
            raise ServiceError(f"{unit.name} does not start: {reason}") from None
        report.changed.append(f"{verb}ed {unit.name}")
    return not active or written


def restart(unit: str, systemctl: Systemctl, report: InstallReport) -> None:
    """After an upgrade: what runs is still the earlier version. Raises ServiceError."""
    systemctl.do("restart", unit)
    report.changed.append(f"restarted {unit}: it was an earlier version")


def uninstall(name: str, path: Path, systemctl: Systemctl, report: InstallReport) -> None:
    """Stop, disable, remove the unit. Logins, runs and configuration stay. Raises ServiceError, OSError."""
    state = state_of(name, systemctl)
    if state.active in {"active", "activating", "reloading"}:
        systemctl.do("stop", name)
        report.changed.append(f"stopped {name}")
    if state.enabled == "enabled":
        systemctl.do("disable", "--quiet", name)
        report.changed.append(f"disabled {name}")
    others = "@" in name and _other_instances(name, systemctl)
    if path.exists() and not others:
        path.unlink()
        report.changed.append(f"removed {path}")
        systemctl.do("daemon-reload")


def state_of(name: str, systemctl: Systemctl) -> ServiceState:
    """Its status."""
    properties = systemctl.show(name, _SHOWN)
    restarts = properties.get("NRestarts", "0")
    return ServiceState(
        unit=name,
        installed=properties.get("LoadState") == "loaded",
        active=properties.get("ActiveState", "unknown"),
        enabled=properties.get("UnitFileState", ""),
        status=properties.get("StatusText", ""),
        restarts=int(restarts) if restarts.isdigit() else 0,
    )


def _other_instances(name: str, systemctl: Systemctl) -> bool:
    template = name.partition("@")[0]
    loaded = systemctl("list-units", "--all", "--plain", "--no-legend", f"{template}@*.service")
    enabled = systemctl("list-unit-files", "--plain", "--no-legend", f"{template}@*.service")
    units = {
        line.split()[0] for line in (*loaded.out.splitlines(), *enabled.out.splitlines()) if line.split()
    }
    return bool(units - {name, f"{template}@.service"})
