"""The routes of the service: which request does what to the account."""

from __future__ import annotations

import re
from collections.abc import Callable

from syncd.sandbox.garmin.answers import Request, StandInReply, as_json
from syncd.sandbox.strava.account import StandInStravaAccount
from syncd.sandbox.strava.oauth import allowed, answer_oauth, bad_request, refused
from syncd.sandbox.strava.webhooks import Reach, answer_subscriptions, reach_by_http

_API = r"(?:/api/v3)?"
_READ_SCOPES = frozenset({"activity:read", "activity:read_all"})


def answer(
    account: StandInStravaAccount, request: Request, now_s: float, reach: Reach = reach_by_http
) -> StandInReply:
    """Carry the request out; everything but the login is counted, refused requests too."""
    if request.path.startswith("/oauth/"):
        return answer_oauth(account.logins, request, now_s) or _nothing_here()
    broken = account.meter.take(now_s, reading=request.method == "GET")
    if broken:
        return refused(429, "Rate Limit Exceeded", "Application", broken, "exceeded")
    reply = answer_subscriptions(account.logins, account.subscriptions, request, reach)
    if reply is None:
        reply = answer_oauth(account.logins, request, now_s)
    return reply or _activities(account, request, now_s)


def headers_of(account: StandInStravaAccount, request: Request, now_s: float) -> dict[str, str]:
    """The request counts, which every answer carries except those of the login."""
    return {} if request.path.startswith("/oauth/") else account.meter.headers(now_s)


def _activities(account: StandInStravaAccount, request: Request, now_s: float) -> StandInReply:
    scopes = allowed(account.logins, request, now_s)
    if isinstance(scopes, StandInReply):
        return scopes
    if not _READ_SCOPES & set(scopes):
        return refused(401, "Authorization Error", "AccessToken", "activity:read_permission", "missing")
    for pattern, route in _ROUTES:
        match = re.fullmatch(_API + pattern, request.path)
        if match is not None and request.method == "GET":
            return route(account, request, match.groups(), now_s)
    return _nothing_here()


def _list(account: StandInStravaAccount, request: Request, _: tuple[str, ...], now_s: float) -> StandInReply:
    try:
        if int(request.query.get("after", 0)) > now_s:
            return refused(400, "Bad Request", "Application", "after", "future")
        return as_json(account.listed(request.query, now_s))
    except ValueError:
        return bad_request("Application", "page")


def _detail(
    account: StandInStravaAccount, _: Request, numbers: tuple[str, ...], now_s: float
) -> StandInReply:
    if not account.is_there(numbers[0], now_s):
        return _no_activity()
    return as_json(account.details[numbers[0]])


def _streams(
    account: StandInStravaAccount, request: Request, numbers: tuple[str, ...], now_s: float
) -> StandInReply:
    """By type where that is asked for, else as a list; the distance is always included."""
    if not account.is_there(numbers[0], now_s) or numbers[0] not in account.streams:
        return _no_activity()
    wanted = {*request.query.get("keys", "").split(","), "distance"}
    shown = {name: stream for name, stream in account.streams[numbers[0]].items() if name in wanted}
    by_type = request.query.get("key_by_type") == "true"
    return as_json(shown if by_type else list(reversed(shown.values())))


def _no_activity() -> StandInReply:
    return refused(404, "Record Not Found", "Activity", "id", "invalid")


def _nothing_here() -> StandInReply:
    return refused(404, "Record Not Found", "resource", "path", "invalid")


_Route = Callable[[StandInStravaAccount, Request, tuple[str, ...], float], StandInReply]
_ROUTES: tuple[tuple[str, _Route], ...] = (
    (r"/athlete/activities", _list),
    (r"/activities/(\d+)", _detail),
    (r"/activities/(\d+)/streams", _streams),
)
