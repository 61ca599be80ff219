"""Addresses of services: what may be configured, and which belong together."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PORTS = {"http": 80, "https": 443}
_AMBIGUOUS = re.compile(r"[\\\s\x00-\x1f\x7f]")  # what one library reads as the host, another does not
Origin = tuple[str, str, int]


class AddressError(ValueError):
    """Of an address that must not be configured; its text never quotes it."""


def is_loopback(url: str) -> bool:
    """Whether the address never leaves this machine."""
    try:
        return (urlsplit(url).hostname or "") in LOOPBACK
    except ValueError:
        return False


def origin_of(url: str) -> Origin:
    """Scheme, host and port, in small letters, the port always named. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("not an address of the web")
    return parts.scheme, parts.hostname.rstrip("."), parts.port or _PORTS[parts.scheme]


def check_address(url: str) -> None:
    """Raises AddressError for one that a login must not travel to: its text is for the configuration.

    It is https, or http on this machine; it names nobody, and every library reads the same host in it.
    """
    try:
        origin = None if _AMBIGUOUS.search(url) or not url.isascii() else origin_of(url)
    except ValueError:
        origin = None
    if origin is None or (origin[0] == "http" and origin[1] not in LOOPBACK):
        raise AddressError("must be an https:// address (http:// only on 127.0.0.1: logins travel there)")
    if "@" in urlsplit(url).netloc:
        raise AddressError("must not hold a name or password before the host: it would be logged")


def check_base(url: str) -> None:
    """Raises AddressError also for one that nothing can be put behind."""
    check_address(url)
    if "?" in url or "#" in url:
        raise AddressError("must end with the host or a path: requests are put behind it")
