"""Where configuration and state live. Standard library only: all that `status` needs."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

GOOD_CONFIG_VARIABLE = "SYNCD_GOOD_CONFIG"  # the service's copy of a configuration that was checked
HOOK_FILE = "strava-webhook.json"  # among the logins: the secrets of Strava's webhook
CYCLE_VARIABLE = "SYNCD_CYCLE"  # the id of the sync that a process belongs to

_PROFILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")


class PathError(ValueError):
    """A profile name that cannot be a folder, or no home to put one in."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The files of one profile: `config` is a file, `state` a folder (database, raw payloads)."""

    profile: str
    config: Path
    state: Path

    @property
    def logins(self) -> Path:
        """The folder of tokens and rate budgets."""
        return self.state / "logins"

    @property
    def faults(self) -> Path:
        """The folder for reports of faults, for when nobody sees the terminal."""
        return self.state / "faults"

    @property
    def report(self) -> Path:
        """The HTML report."""
        return self.state / "report.html"

    @property
    def pictures(self) -> Path:
        """Small pictures of runs, kept from one report to the next."""
        return self.state / "pictures.json"

    @property
    def good_config(self) -> Path:
        """The last configuration that the service found usable."""
        return self.state / "config.good.toml"

    @property
    def athlete_key(self) -> str:
        """Who owns what we create: the profile name, `me` for the default one."""
        return self.profile or "me"


def locate(profile: str = "", config: Path | None = None) -> Paths:
    """The paths of a profile: systemd's directories, else the XDG ones. Raises PathError.

    A configuration file named by hand keeps its state in the folder `state` beside it, unless
    a profile is named too: two configurations never share one database by accident.
    """
    profile = profile or os.environ.get("SYNCD_PROFILE", "")
    if profile and not _PROFILE.fullmatch(profile):
        raise PathError(f"profile {profile!r}: use letters, digits, '-', '_' and '.' (at most 40)")
    if config is None and (named := os.environ.get("SYNCD_CONFIG")):
        config = Path(named)
    if config is not None and not profile:
        config = config.expanduser().absolute()
        return Paths("", config, _from_env("SYNCD_STATE") or config.parent / "state")
    folder = _base("CONFIGURATION_DIRECTORY", "XDG_CONFIG_HOME", ".config")
    chosen = _from_env("SYNCD_STATE")
    own = None if chosen else _from_env("STATE_DIRECTORY")  # each instance of a unit has one of its own
    state = own or (chosen or _base("STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state")) / profile
    return Paths(
        profile, (config.expanduser().absolute() if config else folder / profile / "config.toml"), state
    )


def _from_env(name: str) -> Path | None:
    value = os.environ.get(name)
    return Path(value).expanduser().absolute() if value else None


def _base(systemd: str, xdg: str, fallback: str) -> Path:
    """systemd's directory is the service's own; the XDG ones are shared, so they get a subfolder."""
    if own := _from_env(systemd):
        return own
    if shared := _from_env(xdg):
        return shared / "syncd"
    try:
        return Path.home() / fallback / "syncd"
    except RuntimeError:
        raise PathError("no home directory: set HOME, or name a file with --config") from None
