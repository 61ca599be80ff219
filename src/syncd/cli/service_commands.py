"""`run` is the service itself; `service` puts it into the hands of systemd."""

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
    from syncd.service.installing import Done, ServiceState, Unit
    from syncd.service.systemd import Systemctl

SystemOption = Annotated[
    bool, typer.Option("--system", help="A service of the whole machine, instead of yours.")
]

service = typer.Typer(
    help="Let it run by itself, with systemd; install it once, see how it stands, take it away.",
    cls=CommandGroup,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(run)
    app.add_typer(service, name="service")


def run(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object for each line of the log.")] = False,
) -> None:
    """Look for runs by itself, until it is ended (Ctrl-C). This is what the service does."""
    paths_of(context)  # a profile that cannot be one is refused here
    profile, config = context.obj or ("", None)
    if profile:
        os.environ["SYNCD_PROFILE"] = profile
    if config is not None:
        os.environ["SYNCD_CONFIG"] = str(config.expanduser().absolute())
    if as_json:
        os.environ["SYNCD_LOG"] = "json"
    # In place of this process: the service shall not carry the command line in its memory.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "syncd.daemon"])  # noqa: S606


@service.command()
def install(context: typer.Context, system: SystemOption = False, as_json: JsonOption = False) -> None:
    """Write the unit, enable and start it. Again, also after an upgrade: only what is not so yet."""
    from syncd.service.installing import Done, restart, state_of
    from syncd.service.installing import install as put_in_place

    done = Done()
    unit, systemctl, paths, settings = _unit(context, system=system, done=done)
    if not put_in_place(unit, systemctl, done) and _is_earlier(paths):
        restart(unit.name, systemctl, done)
    _hint(settings, system=system, profile=paths.profile, done=done)
    state = state_of(unit.name, systemctl)
    lines = _sentences(done) or ["Everything is in place already."]
    show(_payload(state, done), "\n".join([*lines, _line(state), *done.hints]), as_json)


@service.command()
def status(context: typer.Context, system: SystemOption = False, as_json: JsonOption = False) -> int:
    """How the service stands, as systemd says."""
    from syncd.service.installing import Done, state_of
    from syncd.service.units import unit_names

    name, _ = unit_names(paths_of(context).profile)
    state = state_of(name, _systemctl(system=system))
    show(_payload(state, Done()), _line(state), as_json)
    return OK if state.active == "active" else FAILED


@service.command()
def uninstall(context: typer.Context, system: SystemOption = False, as_json: JsonOption = False) -> None:
    """Stop it and remove the unit. Configuration, logins and runs stay (syncd forget removes them)."""
    from syncd.service.installing import SYSTEM_UNITS, Done, state_of, user_units
    from syncd.service.installing import uninstall as take_away
    from syncd.service.units import unit_names

    if system:
        _require_root("uninstall")
    name, file = unit_names(paths_of(context).profile)
    systemctl, done = _systemctl(system=system), Done()
    take_away(name, (SYSTEM_UNITS if system else user_units()) / file, systemctl, done)
    lines = _sentences(done) or ["There was no such service."]
    kept = "Configuration, logins and runs are where they were."
    show(_payload(state_of(name, systemctl), done), "\n".join([*lines, kept]), as_json)


# --- what is to be


def _unit(context: typer.Context, *, system: bool, done: Done) -> tuple[Unit, Systemctl, Paths, Settings]:
    from syncd.config import load
    from syncd.service.installing import system_service, user_service
    from syncd.service.program import program_path
    from syncd.service.units import UserPlaces

    systemctl, paths = _systemctl(system=system), paths_of(context)
    program = program_path()
    if system:
        paths = _system_paths(paths.profile, program, done)
        return system_service(program, paths.profile), systemctl, paths, load(paths.config)
    if os.geteuid() == 0:
        done.hints.append("This is root's own service; one of the machine: syncd service install --system")
    state = paths.state.parent if paths.profile else paths.state
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    places = UserPlaces(program, paths.config, state)
    settings = load(paths.config)
    unit = user_service(places, paths.profile, sandboxed=_sandbox_works(settings, done))
    return unit, systemctl, paths, settings


def _system_paths(profile: str, program: Path, done: Done) -> Paths:
    """What the system's service needs, made ready. Raises UsageFault."""
    from syncd.paths import Paths
    from syncd.service.installing import SYSTEM_CONFIG
    from syncd.service.units import instance_name, own_name, why_not_for_the_system

    _require_root("install")
    refused = why_not_for_the_system(program, Path(sys.executable))
    if refused:
        raise UsageFault(refused)
    if profile and not instance_name(profile):
        raise UsageFault(
            f"--profile {profile}: for a service use lower-case letters, digits and '-' (at most 25)"
        )
    folder = SYSTEM_CONFIG / profile
    config = folder / "config.toml"
    if not config.exists():
        raise UsageFault(f"no configuration at {config}: run syncd init --config {config} first")
    for each in dict.fromkeys((SYSTEM_CONFIG, folder)):
        if each.stat().st_mode & 0o055 != 0o055:
            each.chmod(0o755)
            done.changed.append(f"opened {each} for the service")
    if config.stat().st_mode & 0o044 != 0o044:
        config.chmod(0o644)
        done.changed.append(
            f"made {config} readable for the service (secrets belong in {folder}/credentials)"
        )
    credentials = folder / "credentials"
    if not credentials.is_dir():
        credentials.mkdir(mode=0o700)
        done.changed.append(f"made {credentials}")
    return Paths(profile, config, Path("/var/lib", own_name(profile)))


def _sandbox_works(settings: Settings, done: Done) -> bool:
    """Whether all of the sandbox can be used: a kernel may refuse it, a watch's folder comes and goes."""
    from syncd.service.systemd import run as command

    if settings.sync.sink == "folder":
        done.hints.append(
            "Workouts go into a folder: the part of the sandbox that hides folders is left out."
        )
        return False
    tried = command(
        *("systemd-run", "--user", "--quiet", "--wait", "--collect"),
        *("-p", "PrivateUsers=yes", "-p", "ProtectSystem=strict", "-p", "PrivateTmp=yes", "true"),
    )
    if tried.code != 0:
        done.hints.append("This system refuses sandboxes to users: that part of the unit is left out.")
    return tried.code == 0


def _is_earlier(paths: Paths) -> bool:
    """Whether the running service is another version than this one."""
    from importlib.metadata import version

    from syncd.daemon.state_file import DaemonStateFile, is_running

    standing = DaemonStateFile(paths.state).read()
    return is_running(paths.state) and standing is not None and standing.version != version("syncd")


def _hint(settings: Settings, *, system: bool, profile: str, done: Done) -> None:
    """What a person has to do still, or should know."""
    sources = {*settings.sync.sources, settings.sync.sink} & {"garmin", "strava"}
    if system:
        name = f" {profile}" if profile else ""
        done.hints += [f"Log in, once: sudo syncd auth {each} --service{name}" for each in sorted(sources)]
        return
    done.hints.append(_linger(done))


def _linger(done: Done) -> str:
    """Without lingering a person's services end with the last session, and start with the next one."""
    import pwd

    from syncd.service.systemd import run as command

    user = pwd.getpwuid(os.getuid()).pw_name
    if command("loginctl", "show-user", user, "--property=Linger", "--value").out == "yes":
        return "It also runs while you are not logged in (lingering is on)."
    if command("loginctl", "enable-linger").code == 0:
        done.changed.append(f"turned lingering on for {user} (undo: loginctl disable-linger)")
        return "It also runs while you are not logged in."
    return (
        "It ends when you log out of this machine, and starts when you log in. To let it run always: "
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
            "your own service manager does not run: you have no session on this machine. "
            f"sudo loginctl enable-linger {user} starts it, now and with the machine"
        )
    return "systemd does not run here: let something else start `syncd run`, or use the container (README)"


def _require_root(word: str) -> None:
    if os.geteuid() != 0:
        raise UsageFault(f"a service of the machine needs root: sudo syncd service {word} --system")


def _sentences(done: Done) -> list[str]:
    return [f"{each[0].upper()}{each[1:]}." for each in done.changed]


def _payload(state: ServiceState, done: Done) -> dict[str, Any]:
    from dataclasses import asdict

    return {"schema": "syncd.service/1", **asdict(state), "changed": done.changed, "hints": done.hints}


def _line(state: ServiceState) -> str:
    if not state.installed:
        return f"{state.unit} is not installed. Run: syncd service install"
    again = f", restarted {state.restarts} times by itself" if state.restarts else ""
    if state.active == "active":
        return f"{state.unit} runs{again}: {state.status or 'started'}"
    said = f": {state.status}" if state.status else ""
    return f"{state.unit} is {state.active}{said}. See: journalctl -u {state.unit}"
