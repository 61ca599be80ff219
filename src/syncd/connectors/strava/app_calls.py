"""Requests about the athlete's app itself (logins, webhook subscriptions), and the meaning of refusals.

Plain `requests` instead of stravalib: four calls need no models, the library takes half a second
to load, changes warnings of the whole process, knows neither /oauth/revoke nor another OAuth
address, and checks the webhook's token by `assert`.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from syncd import clock
from syncd.connectors.base import AuthRequired, ConnectorError, RateLimited, Rejected, Unavailable
from syncd.connectors.deadline import DeadlinePassed, deadline
from syncd.connectors.garmin.replies import Reply, read_whole
from syncd.formats.bounded_json import loaded

if TYPE_CHECKING:
    from requests import PreparedRequest

SETTINGS_PAGE = "https://www.strava.com/settings/api"
_AGAIN = "run `syncd auth strava`"
_TIMES_OUT_S = (5.0, 20.0)  # to connect, and for each wait; our defaults
_WHOLE_S = 30.0  # our default
_QUARTER_S = 900
_FULL = "Limit of connected athletes exceeded"

INACTIVE = "Application/Status/Inactive"
SPENT_CODE = "AuthorizationCode/code/invalid"
_MEANINGS = {
    "Application/client_id/invalid": "Strava does not know this app (deleted, or its Client ID is mistyped): "
    f"look at {SETTINGS_PAGE}, then {_AGAIN}",
    "Application//invalid": f"Strava does not accept the Client Secret: copy it again from {SETTINGS_PAGE}, "
    f"then {_AGAIN}",
    "Application/redirect_uri/invalid": "the app does not allow this machine: set its Authorization Callback "
    f"Domain to localhost at {SETTINGS_PAGE}, then {_AGAIN}",
    SPENT_CODE: f"Strava does not accept the code (used already, or too old): {_AGAIN} again",
    INACTIVE: "Strava answers nothing to this app: its owner needs a paid Strava subscription; "
    "once that is paid, the login works again as it is",
    _FULL: "the app has no room for another athlete: raise its athlete capacity at "
    f"{SETTINGS_PAGE}, or register an app of your own",
}


@dataclass(frozen=True, slots=True)
class App:
    """The athlete's own app at Strava; the secret is left out of `repr`."""

    client_id: str
    client_secret: str = field(repr=False)


def ask(
    method: str,
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    basic: App | None = None,
    bearer: str = "",
    whole_s: float = _WHOLE_S,
) -> Reply:
    """One request and its whole answer, whatever its status. Raises Unavailable without an answer.

    No redirect is followed, no login of ~/.netrc is added, and nothing of it is logged.
    """
    import requests

    from syncd.connectors.pinned_session import PinnedSession

    deadline_s = time.monotonic() + whole_s
    with _unlogged(), PinnedSession() as session:
        try:
            with deadline(whole_s):
                response = session.request(
                    method, url, data=form, params=query, auth=_signed(basic, bearer),
                    timeout=_TIMES_OUT_S, allow_redirects=False, stream=True,
                )  # fmt: skip
                return read_whole(response, deadline_s)
        except (requests.RequestException, DeadlinePassed) as error:
            why = type(error).__name__  # its text may quote the address, and that a secret
    raise Unavailable(f"Strava cannot be reached ({why}): check the network, then run it again")


def _signed(basic: App | None, bearer: str) -> Any:
    def sign(request: PreparedRequest) -> PreparedRequest:
        from requests.auth import HTTPBasicAuth

        if basic is not None:
            return HTTPBasicAuth(basic.client_id, basic.client_secret)(request)
        if bearer:
            request.headers["Authorization"] = f"Bearer {bearer}"
        return request

    return sign


@contextmanager
def _unlogged() -> Iterator[None]:
    """The transport writes whole addresses into its debug log: some of Strava's carry the secret."""
    log = logging.getLogger("urllib3.connectionpool")
    before = log.disabled
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = before


def good(reply: Reply) -> Any:
    """The data of a good answer, None for an empty one. Raises the ConnectorError the answer stands for."""
    if reply.status >= HTTPStatus.MULTIPLE_CHOICES or reply.is_page:
        raise refusal(reply)
    if reply.outgrown:
        raise _unusable(reply)
    if not reply.content:
        return None
    try:
        return reply.json()
    except ValueError:
        raise _unusable(reply) from None


def errors_of(content: bytes) -> tuple[str, ...]:
    """The errors of an answer as `resource/field/code`, and its message; empty where it has none."""
    try:
        found = loaded(content)
    except ValueError:
        return ()
    if not isinstance(found, Mapping):
        return ()
    errors = found.get("errors")
    rows = [row for row in errors if isinstance(row, Mapping)] if isinstance(errors, list) else []
    codes = ["/".join(str(row.get(name) or "") for name in ("resource", "field", "code")) for row in rows]
    return (*codes, str(found.get("message") or ""))


def meaning_of(content: bytes) -> str:
    """What an error of Strava means for the athlete; empty for one that has no special meaning."""
    errors = errors_of(content)
    return next(
        (meaning for sign, meaning in _MEANINGS.items() if any(sign in error for error in errors)), ""
    )


def refusal(reply: Reply) -> ConnectorError:
    """The error that an answer stands for which is no good one."""
    if known := meaning_of(reply.content):
        return AuthRequired(known)
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        ends = datetime.fromtimestamp((clock.now().timestamp() // _QUARTER_S + 1) * _QUARTER_S, UTC)
        return RateLimited(f"Strava wants to be left alone until {ends:%H:%M} UTC: run it again then", ends)
    if reply.status == HTTPStatus.UNAUTHORIZED:
        return AuthRequired(f"Strava does not accept the login: {_AGAIN}")
    if HTTPStatus.BAD_REQUEST <= reply.status < HTTPStatus.INTERNAL_SERVER_ERROR and not reply.is_page:
        return Rejected(f"Strava refuses it ({_reason_text(reply)})")
    return _unusable(reply)


def _unusable(reply: Reply) -> Unavailable:
    return Unavailable(f"Strava does not answer as it should (status {reply.status}): run it again later")


def _reason_text(reply: Reply) -> str:
    """The status, with Strava's reason for it where that consists of names only."""
    plain = [error for error in errors_of(reply.content) if re.fullmatch(r"[A-Za-z_ /]{1,80}", error)]
    return " ".join([str(reply.status), *plain[:1]])
