"""Messages to people through apprise, and a call to a monitor after each sync.

Addresses hold secrets: they appear in no error and no log.
"""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any

from syncd.connectors.base import ConnectorError, Unavailable
from syncd.connectors.deadline import DeadlinePassed, deadline
from syncd.service_address import is_loopback

_PATIENCE_S = 10.0
_MESSAGE_S = 30.0  # our default, for one address: apprise may make several requests
_LARGEST_BODY = 2000


def send(addresses: Sequence[str], title: str, text: str, *, whole_s: float = _MESSAGE_S) -> None:
    """One message to every address. Raises ConnectorError where one of them did not take it."""
    try:
        import apprise
    except ImportError:
        raise ConnectorError("notifications need apprise: pip install 'syncd[notify]'") from None
    logging.getLogger("apprise").disabled = True  # it logs addresses
    failed = 0
    for number, address in enumerate(addresses, 1):
        sender = apprise.Apprise()
        if not sender.add(address):
            raise ConnectorError(f"[notify] urls: apprise does not understand address {number}")
        if not _sent(sender, title, text, whole_s):
            failed += 1
    if failed:
        raise Unavailable(f"{failed} of {len(addresses)} notification addresses did not take the message")


def _sent(sender: Any, title: str, text: str, whole_s: float) -> bool:
    """Whether the address took it in time; the library works in threads of its own."""
    from syncd.connectors.pinned_session import used_for_messages

    try:
        with used_for_messages(), deadline(whole_s, every_thread=True) as limit:
            return bool(sender.notify(body=text, title=title)) and not limit.passed
    except DeadlinePassed:
        return False


def call_heartbeat(url: str, trouble: str, *, whole_s: float = _PATIENCE_S) -> None:
    """Tell a monitor (healthchecks.io and the like) that a sync ended. Raises Unavailable."""
    target = f"{url.rstrip('/')}/fail" if trouble else url
    request = urllib.request.Request(  # noqa: S310 - the configuration allows https, and http on loopback
        target, data=trouble.encode()[:_LARGEST_BODY] or b"ok", headers={"User-Agent": "syncd"}, method="POST"
    )
    direct = [urllib.request.ProxyHandler({})] if is_loopback(url) else []
    opener = urllib.request.build_opener(_NoRedirect, *direct)
    try:
        with deadline(whole_s) as limit, opener.open(request, timeout=_PATIENCE_S):
            if limit.passed:
                raise DeadlinePassed
    except urllib.error.HTTPError as error:
        raise Unavailable(f"the heart-beat address answered {error.code}") from None
    except (OSError, HTTPException, ValueError):
        raise Unavailable("the heart-beat address cannot be reached") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A body that says what is wrong goes to the address that was configured, and nowhere else."""
