"""`python -m syncd.daemon.reading`: check the configuration, and print what the service needs of it.

A process of its own, because pydantic would double the memory of the service. Prints one JSON
object; exit 2 with one line on stderr for a configuration that cannot be used.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from syncd.daemon.settings import SCHEMA
from syncd.paths import GOOD_CONFIG_VARIABLE, PathError, Paths, locate

if TYPE_CHECKING:
    from syncd.config import Settings

POLLED_LESS = 4  # our default: where Strava notifies us, it is asked a quarter as often


def settings_payload(settings: Settings, paths: Paths) -> dict[str, Any]:
    """`syncd.daemon-settings/1`."""
    hook = _webhook(settings, paths)
    every = {name: timedelta(minutes=settings.every_min(name)) for name in settings.sync.sources}
    if hook and "strava" in every:
        every["strava"] *= POLLED_LESS
    quiet = settings.daemon.quiet_times()
    return {
        "schema": SCHEMA,
        "zone": settings.athlete.timezone,
        "every_s": {name: wait.total_seconds() for name, wait in every.items()},
        "quiet": [moment.isoformat("minutes") for moment in quiet] if quiet else None,
        "webhook": hook,
        "tells": settings.notifies,
    }


def _webhook(settings: Settings, paths: Paths) -> dict[str, Any] | None:
    """Only where Strava is a source and a subscription was made."""
    if "strava" not in settings.sync.sources or not settings.strava.webhook.public_url:
        return None
    from syncd.connectors.base import AuthRequired
    from syncd.connectors.strava.tokens import StravaTokenFile
    from syncd.connectors.strava.webhook import HookFile

    try:
        hook = HookFile(paths.logins / HookFile.NAME).load()
        login = StravaTokenFile(paths.logins / StravaTokenFile.NAME).load()
    except AuthRequired:
        return None
    if hook is None:
        return None
    section = settings.strava.webhook
    return {"source": "strava", "listen": section.listen, "port": section.port, "owner": login.athlete.id}


def checked(paths: Paths) -> Settings:
    """The settings; from now on the children of the service use exactly what was checked.

    Raises ConfigError and OSError: then the children keep the settings they had.
    """
    from syncd.config import load
    from syncd.durable import private_folder, write_whole

    os.environ.pop(GOOD_CONFIG_VARIABLE, None)
    if not paths.config.exists():
        return load(paths.config)  # which says what to do
    private_folder(paths.state)
    candidate = paths.good_config.with_suffix(".candidate")
    mode = paths.config.stat().st_mode & 0o777
    write_whole(candidate, paths.config.read_bytes(), mode)  # whether others can read it is part of the check
    try:
        os.environ[GOOD_CONFIG_VARIABLE] = str(candidate)
        settings = load(paths.config)
        settings.zone_set()
        candidate.chmod(0o600)
        candidate.replace(paths.good_config)
    finally:
        candidate.unlink(missing_ok=True)
    return settings


def main() -> int:
    """Read, check, print."""
    from syncd.config import ConfigError

    try:
        paths = locate()
        settings = checked(paths)
        print(json.dumps(settings_payload(settings, paths)))  # noqa: T201 - the service reads it
    except (ConfigError, PathError, ValueError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)  # noqa: T201
        return 2
    except OSError as error:
        problem = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)
        print(f"{problem}; check that syncd may read and write there", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
