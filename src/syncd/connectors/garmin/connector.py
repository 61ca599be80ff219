"""Building the two ends from the `[garmin]` section."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from syncd import clock
from syncd.connectors.base import Connector, ConnectorContext
from syncd.connectors.garmin.kept_login import KeptLogin
from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.connectors.garmin.sink import GarminSink
from syncd.connectors.garmin.source import GarminSource
from syncd.service_address import is_loopback

_TOKEN_PATH = "/di-oauth2-service/oauth/token"  # noqa: S105 - a path
_AUTH_HOST_OF_CHINA = "https://diauth.garmin.cn"


def garmin_source(context: ConnectorContext) -> GarminSource:
    """Runs of the account. Asks nothing yet."""
    history_days = int(context.settings.get("history_days", 180))
    return GarminSource(session_of(context), context.now.date(), history_days)


def garmin_sink(context: ConnectorContext) -> GarminSink:
    """The calendar of the account. Asks nothing yet."""
    return GarminSink(session_of(context), context.athlete, context.state / "workouts.json", context.now)


def session_of(context: ConnectorContext) -> GarminSession:
    """A session on the saved login; nothing is read or asked before the first request."""
    kept, endpoints = KeptLogin(context.logins), endpoints_of(context.settings)
    return GarminSession(
        tokens=kept.tokens,
        budget=kept.budget,
        endpoints=endpoints,
        spacing_s=float(context.settings.get("spacing_s", 1.0)),
        tells_time=not is_loopback(endpoints.api_url),
        now=lambda: clock.now().timestamp(),
    )


def endpoints_of(settings: Any) -> Endpoints:
    """Where the service is. On loopback, login and refresh follow the API unless they are set."""
    api_url = str(settings.get("api_url") or "").rstrip("/")
    china = settings.get("region") == "china"
    followed = api_url if is_loopback(api_url) else ""
    token_url = str(settings.get("token_url") or "").rstrip("/") or followed
    if not token_url and china:
        token_url = _AUTH_HOST_OF_CHINA  # one version of the library knows only the other one
    if token_url and not urlsplit(token_url).path:
        token_url += _TOKEN_PATH
    sso_url = str(settings.get("sso_url") or "").rstrip("/") or followed
    return Endpoints(api_url, token_url, sso_url, china)


GARMIN = Connector("garmin", source=garmin_source, sink=garmin_sink)
