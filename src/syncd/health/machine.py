"""Clock, time zone, network names, libraries, connectors."""

from __future__ import annotations

import base64
import email.utils
import http.client
import socket
import ssl
import sys
import time
import urllib.request
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, entry_points, version
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from syncd.clock import local_timezone
from syncd.connectors.base import Rejected
from syncd.connectors.deadline import DeadlinePassed, deadline
from syncd.connectors.garmin.login import library_is_old
from syncd.connectors.registry import GROUP, loaded
from syncd.health.check import Check, fail, ok, unknown, warn
from syncd.health.examination import SET_CLOCK, Examination
from syncd.service_address import is_loopback

_CLOCK_OFF_S = 120.0  # our default: tokens are renewed minutes before they expire
_TIMEOUT_S = 5.0
_OUT_OF_TIME = frozenset({9, 10})  # X509_V_ERR_CERT_NOT_YET_VALID, _HAS_EXPIRED (openssl verify(1))
_LIBRARIES = ("garminconnect", "stravalib", "apscheduler", "pydantic-settings", "typer", "garmin-fit-sdk")


def network(urls: Iterable[str], whole_s: float = _TIMEOUT_S) -> list[Check]:
    """Whether each service can be reached within `whole_s`, and whether our clock agrees with theirs."""
    checks = [_reached(url, whole_s) for url in urls]
    offsets = [ahead_s for _, ahead_s in checks if ahead_s is not None]
    clock = (
        unknown("clock", "no service reported the time")
        if not offsets
        else ok("clock", "agrees with the services")
        if min(map(abs, offsets)) <= _CLOCK_OFF_S
        else fail(
            "clock",
            f"{_offset_text(min(offsets, key=abs))}: logins are refused",
            SET_CLOCK,
        )
    )
    return [*(check for check, _ in checks), clock]


def _reached(url: str, whole_s: float) -> tuple[Check, float | None]:
    """The check, and by how many seconds our clock is ahead of that service."""
    parts = urlsplit(url)
    name, connection = f"network {parts.hostname}", _connection_to(url)
    try:
        with deadline(whole_s) as limit:
            connection.request("HEAD", "/", headers={"User-Agent": "syncd-doctor"})
            their_time = connection.getresponse().headers.get("Date")
            if limit.passed:
                raise DeadlinePassed("its answer takes too long")
    except socket.gaierror:
        return fail(name, "its name cannot be resolved", "check the network and its DNS"), None
    except ssl.SSLCertVerificationError as error:
        return _mistrusted(name, error), None
    except (OSError, http.client.HTTPException) as error:
        return fail(
            name, f"cannot be reached: {error or type(error).__name__}", "check the network, or wait"
        ), None
    finally:
        connection.close()
    return ok(name, "reached"), _ahead_s(their_time)


def _mistrusted(name: str, error: ssl.SSLCertVerificationError) -> Check:
    """A certificate is valid for a time: a clock that is far off refuses all of them."""
    if error.verify_code in _OUT_OF_TIME:
        text = f"its certificate is not valid at the time of this machine: {error.verify_message}"
        return fail(name, text, SET_CLOCK)
    text = f"somebody else answers in its name: {error.verify_message}"
    return fail(name, text, "look for a proxy or a log-in page of this network, then try again")


def _connection_to(url: str) -> http.client.HTTPConnection:
    """As requests go there: through the proxy that the environment names, if it names one."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        return http.client.HTTPConnection(host, parts.port, timeout=_TIMEOUT_S)
    proxies = {} if is_loopback(url) or urllib.request.proxy_bypass(host) else urllib.request.getproxies()
    proxy = urlsplit(proxies.get("https") or proxies.get("all") or "")
    if proxy.scheme != "http" or not proxy.hostname:
        return http.client.HTTPSConnection(host, parts.port, timeout=_TIMEOUT_S)
    connection = http.client.HTTPSConnection(proxy.hostname, proxy.port or 80, timeout=_TIMEOUT_S)
    login = f"{unquote(proxy.username or '')}:{unquote(proxy.password or '')}".encode()
    named = {"Proxy-Authorization": f"Basic {base64.b64encode(login).decode()}"} if proxy.username else {}
    connection.set_tunnel(host, parts.port or 443, headers=named)
    return connection


def _ahead_s(their_time: str | None) -> float | None:
    try:
        theirs = email.utils.parsedate_to_datetime(their_time or "")
    except ValueError:
        return None
    return time.time() - theirs.timestamp()


def _offset_text(seconds: float) -> str:
    amount = f"{abs(seconds) / 60:.0f} min" if abs(seconds) < 7200 else f"{abs(seconds) / 3600:.0f} h"
    return f"{amount} {'ahead' if seconds > 0 else 'behind'}"


def time_zone(configured: str) -> Check:
    """Days begin in the athlete's time zone; worth a warning where that is probably not meant."""
    local = local_timezone()
    if not local or _same_days(local, configured):
        return ok("time zone", configured)
    if configured == "UTC":
        return warn(
            "time zone",
            f"your days begin and end in UTC, but this machine is in {local}",
            f'set [athlete] timezone = "{local}" in config.toml',
        )
    return ok("time zone", f"{configured} (this machine: {local})")


def _same_days(local: str, configured: str) -> bool:
    """Whether days begin at the same moments: UTC has many names."""
    if local == configured:
        return True
    try:
        zones = ZoneInfo(local), ZoneInfo(configured)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    seasons = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 7))
    return all(
        moment.astimezone(zones[0]).utcoffset() == moment.astimezone(zones[1]).utcoffset()
        for moment in seasons
    )


def time_zones(case: Examination) -> list[Check]:
    """The same of the settings."""
    return [time_zone(case.settings.athlete.timezone)] if case.settings else []


def installed_connectors(_: Examination) -> list[Check]:
    """The same as a list."""
    return [connectors()]


def installed_libraries(case: Examination) -> list[Check]:
    """The same for the services in use: an old library of another one does not matter."""
    return [libraries(uses_garmin="garmin" in case.services_in_use)]


def libraries(*, uses_garmin: bool = True) -> Check:
    """Versions: those that talk to services go out of date."""
    installed = {name: _version(name) for name in _LIBRARIES}
    missing = [name for name, number in installed.items() if not number]
    if missing:
        return fail("libraries", f"{', '.join(missing)} missing", "reinstall syncd")
    python = ".".join(map(str, sys.version_info[:3]))
    versions = ", ".join(
        [
            f"syncd {_version('syncd')}",
            f"Python {python}",
            *(f"{name} {number}" for name, number in installed.items()),
        ]
    )
    if uses_garmin and library_is_old():
        old = "this garminconnect is old, Garmin may refuse its login; Python 3.12 or newer has a newer one"
        return warn("libraries", versions, old)
    return ok("libraries", versions)


def connectors() -> Check:
    """All that are installed, one by one: a broken one never stops the others."""
    working, broken = [], []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            ends = loaded(entry)
        except Rejected as error:
            broken.append(str(error))
            continue
        roles = [role for role, end in (("runs", ends.source), ("workouts", ends.sink)) if end]
        working.append(f"{entry.name} ({' and '.join(roles)})")
    if broken:
        return fail("connectors", "; ".join(broken), "update or remove that package")
    return ok("connectors", ", ".join(working))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
