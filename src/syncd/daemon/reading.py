"""`python -m syncd.daemon.reading`: check the configuration, and tell the service what it needs of it.

A process of its own, because pydantic would double the memory of the service. Prints one JSON
object; exit 2 with one line on stderr for a configuration that cannot be used.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from syncd.daemon.settings import SCHEMA
from syncd.paths import PathError, Paths, locate

if TYPE_CHECKING:
    from syncd.config import Settings

POLLED_LESS = 4  # our default: where Strava knocks, it is asked a quarter as often


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
        "quiet": [each.isoformat("minutes") for each in quiet] if quiet else None,
        "webhook": hook,
        "tells": settings.tells,
    }


def _webhook(settings: Settings, paths: Paths) -> dict[str, Any] | None:
    """Only where Strava is a source and a subscription was made."""
    if "strava" not in settings.sync.sources or not settings.strava.webhook.public_url:
        return None
    from syncd.connectors.base import AuthRequired
    from syncd.connectors.strava.tokens import TokenFile
    from syncd.connectors.strava.webhook import HookFile

    try:
        hook = HookFile(paths.logins / HookFile.NAME).load()
        login = TokenFile(paths.logins / TokenFile.NAME).load()
    except AuthRequired:
        return None
    if hook is None:
        return None
    section = settings.strava.webhook
    return {"listen": section.listen, "port": section.port, "owner": login.athlete.id}


def _keep_good(paths: Paths) -> None:
    """What was checked is what the children of the service use, whatever becomes of the file."""
    from syncd.durable import write_whole

    paths.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(paths.good_config, paths.config.read_bytes())


def main() -> int:
    """Read, check, tell."""
    from syncd.config import ConfigError, load

    try:
        paths = locate()
        settings = load(paths.config)
        settings.zone_set()
        _keep_good(paths)
        print(json.dumps(settings_payload(settings, paths)))  # noqa: T201 - the service reads it
    except (ConfigError, PathError, ValueError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)  # noqa: T201
        return 2
    except OSError as error:
        print(f"{paths.state}: {error.strerror}; check that syncd may write there", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
