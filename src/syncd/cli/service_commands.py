"""`run` is the service itself; `service` lets systemd run it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.exits import FAILED, OK, UsageFault
from syncd.cli.help_pages import CommandGroup
from syncd.cli.output import JsonOption, paths_of, show

if TYPE_CHECKING:
    from syncd.config import Settings
    from syncd.paths import Paths
    from syncd.service.installing import InstallReport, ServiceState, Unit
    from syncd.service.systemd import Systemctl

SystemOption = Annotated[
    bool, typer.Option("--system", help="The service of the whole machine, not your own.")
]

service = typer.Typer(
    help="Let syncd run by itself, with systemd; install, check or remove the service.",
    cls=CommandGroup,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(run)
    app.add_typer(service, name="service")


def run(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Log one JSON object per line.")] = False,
) -> None:
    """Keep syncing by itself until you stop it (Ctrl-C). This is what the service does."""
    paths_of(context)  # an invalid profile is refused here
    profile, config = context.obj or ("", None)
    if profile:
        os.environ["SYNCD_PROFILE"] = profile
    if config is not None:
        os.environ["SYNCD_CONFIG"] = str(config.expanduser().absolute())
    if as_json:
        os.environ["SYNCD_LOG"] = "json"
    # Replaces this process: the service should not keep the command line in its memory.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "syncd.daemon"])  # noqa: S606


@service.command()
def install(context: typer.Context, system: SystemOption = False, as_json: JsonOption = False) -> None:
    """Install the unit, enable and start it. Run it again after an upgrade: it does only what is missing."""
    from syncd.service.installing import InstallReport, restart, state_of
    from syncd.service.installing import install as install_unit

    report = InstallReport()
    unit, systemctl, paths, settings = _unit(context, system=system, report=report)
    if not install_unit(unit, systemctl, report) and _is_outdated(paths):
        restart(unit.name, systemctl, report)
    _add_hints(settings, system=system, profile=paths.profile, report=report)
    state = state_of(unit.name, systemctl)
    lines = _sentences(report) or ["Everything is installed already."]
    show(_payload(state, report), "\n".join([*lines, _line(state), *report.hints]), as_json)


@service.command()
def status(context: typer.Context, system: SystemOption = False, as_json: JsonOption = False) -> int:
    """Show the status of the service, as systemd reports it."""
    from syncd.service.installing import InstallReport, state_of
    from syncd.service.units import unit_names

    name, _ = unit_names(paths_of(context).profile)
    state = state_of(name, _systemctl(system=system))
    show(_payload(state, InstallReport()), _line(state), as_json)
    return OK if state.active == "active" else FAILED


@service.command()
def uninstall(context: typer.Context, system: SystemOption = False, as_json: JsonOption = False) -> None:
    """Stop the service and remove its unit. Configuration, logins and runs stay (see syncd forget)."""
    from syncd.service.installing import SYSTEM_UNITS, InstallReport, state_of, user_units
    from syncd.service.installing import uninstall as remove_unit
    from syncd.service.units import unit_names

    if system:
        _require_root("uninstall")
    name, file = unit_names(paths_of(context).profile)
    systemctl, report = _systemctl(system=system), InstallReport()
    remove_unit(name, (SYSTEM_UNITS if system else user_units()) / file, systemctl, report)
    lines = _sentences(report) or ["The service was not installed."]
    kept = "Your configuration, logins and runs stay where they are."
    show(_payload(state_of(name, systemctl), report), "\n".join([*lines, kept]), as_json)


# --- preparing


def _unit(
    context: typer.Context, *, system: bool, report: InstallReport
) -> tuple[Unit, Systemctl, Paths, Settings]:
    from syncd.config import load
    from syncd.durable import private_folder
    from syncd.service.installing import system_service, user_service
    from syncd.service.program import program_path
    from syncd.service.units import UserPlaces

    systemctl, paths = _systemctl(system=system), paths_of(context)
    program = program_path()
    if system:
        paths = _system_paths(paths.profile, program, report)
        return system_service(program, paths.profile), systemctl, paths, load(paths.config)
    if os.geteuid() == 0:
        report.hints.append(
            "This is root's own service. For a service of the whole machine: syncd service install --system"
        )
    state = paths.state.parent if paths.profile else paths.state
    private_folder(state)
    places = UserPlaces(program, paths.config, state)
    settings = load(paths.config)
    unit = user_service(places, paths.profile, sandboxed=_sandbox_works(settings, report))
    return unit, systemctl, paths, settings


def _system_paths(profile: str, program: Path, report: InstallReport) -> Paths:
    """Prepare what the system's service needs. Raises UsageFault."""
    from syncd.paths import Paths
    from syncd.service.installing import SYSTEM_CONFIG
    from syncd.service.units import instance_name, own_name, why_not_for_the_system

    _require_root("install")
    refused = why_not_for_the_system(program, Path(sys.executable))
    if refused:
        raise UsageFault(refused)
    if profile and not instance_name(profile):
        raise UsageFault(
            f"--profile {profile}: for a service, use lower-case letters, digits and '-' (at most 25)"
        )
    folder = SYSTEM_CONFIG / profile
    config = folder / "config.toml"
    if not config.exists():
        raise UsageFault(f"there is no configuration at {config}: run syncd init --config {config} first")
    for place in dict.fromkeys((SYSTEM_CONFIG, folder)):
        if place.stat().st_mode & 0o055 != 0o055:
            place.chmod(0o755)
            report.changed.append(f"made {place} readable for the service")
    if config.stat().st_mode & 0o044 != 0o044:
        config.chmod(0o644)
        report.changed.append(
            f"made {config} readable for the service (secrets belong in {folder}/credentials)"
        )
    credentials = folder / "credentials"
    if not credentials.is_dir():
        credentials.mkdir(mode=0o700)
        report.changed.append(f"created {credentials}")
    return Paths(profile, config, Path("/var/lib", own_name(profile)))


def _sandbox_works(settings: Settings, report: InstallReport) -> bool:
    """Whether the whole sandbox can be used: a kernel may refuse it, a watch's folder comes and goes."""
    from syncd.service.systemd import run as command

    if settings.sync.sink == "folder":
        report.hints.append(
            "Workouts go to a folder, so the part of the sandbox that hides folders is left out."
        )
        return False
    trial = command(
        *("systemd-run", "--user", "--quiet", "--wait", "--collect"),
        *("-p", "PrivateUsers=yes", "-p", "ProtectSystem=strict", "-p", "PrivateTmp=yes", "true"),
    )
    if trial.code != 0:
        report.hints.append(
            "This system does not let users sandbox services, so that part of the unit is left out."
        )
    return trial.code == 0


def _is_outdated(paths: Paths) -> bool:
    """Whether the running service is a different version than this one."""
    from importlib.metadata import version

    from syncd.daemon.state_file import DaemonStateFile, is_running

    status = DaemonStateFile(paths.state).read()
    return is_running(paths.state) and status is not None and status.version != version("syncd")


def _add_hints(settings: Settings, *, system: bool, profile: str, report: InstallReport) -> None:
    """What is left for a person to do, or worth knowing."""
    logins = {*settings.sync.sources, settings.sync.sink} & {"garmin", "strava"}
    if system:
        name = f" {profile}" if profile else ""
        report.hints += [f"Log in once: sudo syncd auth {login} --service{name}" for login in sorted(logins)]
        return
    report.hints.append(_linger(report))


def _linger(report: InstallReport) -> str:
    """Without lingering, a user's services end with the last session and start with the next one."""
    import pwd

    from syncd.service.systemd import run as command

    user = pwd.getpwuid(os.getuid()).pw_name
    if command("loginctl", "show-user", user, "--property=Linger", "--value").out == "yes":
        return "It also runs while you are logged out (lingering is on)."
    if command("loginctl", "enable-linger").code == 0:
        report.changed.append(f"turned on lingering for {user} (undo: loginctl disable-linger)")
        return "It also runs while you are logged out."
    return (
        "It stops when you log out of this machine and starts when you log in. To keep it running: "
        f"sudo loginctl enable-linger {user}"
    )


def _systemctl(*, system: bool) -> Systemctl:
    from syncd.service.systemd import Systemctl, is_there

    if not is_there(user=not system):
        raise UsageFault(_no_systemd(system=system))
    return Systemctl(user=not system)


def _no_systemd(*, system: bool) -> str:
    import getpass

    from syncd.service.systemd import is_there

    if not system and is_there(user=False):
        user = getpass.getuser()
        return (
            "your own service manager is not running: you have no session on this machine. "
            f"Start it, now and at every boot, with: sudo loginctl enable-linger {user}"
        )
    return "systemd is not running here: start `syncd run` some other way, or use the container (README)"


def _require_root(action: str) -> None:
    if os.geteuid() != 0:
        raise UsageFault(f"a service for the whole machine needs root: sudo syncd service {action} --system")


def _sentences(report: InstallReport) -> list[str]:
    return [f"{change[0].upper()}{change[1:]}." for change in report.changed]


def _payload(state: ServiceState, report: InstallReport) -> dict[str, Any]:
    from dataclasses import asdict

    return {"schema": "syncd.service/1", **asdict(state), "changed": report.changed, "hints": report.hints}


def _line(state: ServiceState) -> str:
    if not state.installed:
        return f"{state.unit} is not installed. Run: syncd service install"
    times = f"{state.restarts} time{'' if state.restarts == 1 else 's'}"
    restarts = f" (restarted itself {times})" if state.restarts else ""
    if state.active == "active":
        return f"{state.unit} is running{restarts}: {state.status or 'started'}"
    status = f": {state.status}" if state.status else ""
    how = "has failed" if state.active == "failed" else f"is {state.active}"
    return f"{state.unit} {how}{status}. See: journalctl -u {state.unit}"
