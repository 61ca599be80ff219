"""Clock, time zone, network names, libraries, connectors."""

from __future__ import annotations

import email.utils
import http.client
import socket
import sys
import time
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, entry_points, version
from urllib.parse import urlsplit

from syncd.clock import local_timezone
from syncd.connectors.base import Rejected
from syncd.connectors.garmin.login import library_is_old
from syncd.connectors.registry import GROUP, connector
from syncd.health.check import Check, fail, ok, unknown, warn

_CLOCK_OFF_S = 120.0  # our default: tokens are renewed minutes before their end
_PATIENCE_S = 5.0
_LIBRARIES = ("garminconnect", "stravalib", "apscheduler", "pydantic-settings", "typer", "garmin-fit-sdk")


def network(urls: Iterable[str]) -> list[Check]:
    """Whether the services' names are known and their doors open; and what their clocks say."""
    checks = [_reached(url) for url in urls]
    off = [each for _, each in checks if each is not None]
    clock = (
        unknown("clock", "no service told the time")
        if not off
        else ok("clock", "agrees with the services")
        if min(map(abs, off)) <= _CLOCK_OFF_S
        else fail("clock", _off(min(off, key=abs)), "timedatectl set-ntp true: tokens are refused otherwise")
    )
    return [*(check for check, _ in checks), clock]


def _reached(url: str) -> tuple[Check, float | None]:
    """The check, and by how many seconds our clock is ahead of that service."""
    parts = urlsplit(url)
    host, name = parts.hostname or "", f"network {parts.hostname}"
    kind: Callable[..., http.client.HTTPConnection] = (
        http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    )
    connection = kind(host, parts.port, timeout=_PATIENCE_S)
    try:
        connection.request("HEAD", "/", headers={"User-Agent": "syncd-doctor"})
        told = connection.getresponse().headers.get("Date")
    except socket.gaierror:
        return fail(name, "the name is not known here", "look at the network and its DNS"), None
    except (OSError, http.client.HTTPException) as error:
        return fail(
            name, f"not reached: {error or type(error).__name__}", "look at the network, or wait"
        ), None
    finally:
        connection.close()
    return ok(name, "reached"), _ahead_s(told)


def _ahead_s(told: str | None) -> float | None:
    try:
        theirs = email.utils.parsedate_to_datetime(told or "")
    except ValueError:
        return None
    return time.time() - theirs.timestamp()


def _off(seconds: float) -> str:
    amount = f"{abs(seconds) / 60:.0f} min" if abs(seconds) < 7200 else f"{abs(seconds) / 3600:.0f} h"
    return f"{amount} {'ahead' if seconds > 0 else 'behind'}"


def time_zone(configured: str) -> Check:
    """Days begin where the athlete says; that is worth a word where the machine lives elsewhere."""
    local = local_timezone()
    if not local or local == configured:
        return ok("time zone", configured)
    if configured == "UTC":
        return warn(
            "time zone",
            f"days are counted in UTC, the machine is in {local}",
            f'[athlete] timezone = "{local}"',
        )
    return ok("time zone", f"{configured} (the machine: {local})")


def libraries() -> Check:
    """Those that talk to services age."""
    found = {name: _version(name) for name in _LIBRARIES}
    missing = [name for name, number in found.items() if not number]
    if missing:
        return fail("libraries", f"{', '.join(missing)} missing", "install syncd again")
    python = ".".join(map(str, sys.version_info[:3]))
    words = ", ".join(
        [f"syncd {_version('syncd')}", f"Python {python}", *(f"{n} {v}" for n, v in found.items())]
    )
    if library_is_old():
        old = "Garmin may refuse the login of this garminconnect; Python 3.12 or newer has a newer one"
        return warn("libraries", words, old)
    return ok("libraries", words)


def connectors() -> Check:
    """Every one that is installed, each by itself: a broken one never stops the others."""
    found, broken = [], []
    for each in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        try:
            ends = connector(each.name)
        except Rejected as error:
            broken.append(str(error))
            continue
        roles = [word for word, end in (("runs", ends.source), ("workouts", ends.sink)) if end]
        found.append(f"{each.name} ({' and '.join(roles)})")
    if broken:
        return fail("connectors", "; ".join(broken), "update or remove that package")
    return ok("connectors", ", ".join(found))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
