"""The stand-in's webhook: subscriptions, the handshake with the callback, and events with their faults."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from syncd.sandbox.garmin.answers import Request, StandInReply, as_json
from syncd.sandbox.strava.oauth import Logins, bad_request, fault_of_app, form_of, refused

Reach = Callable[[str], tuple[int, bytes]]
Post = Callable[[str, bytes], int]
_PATH = r"(?:/api/v3)?/push_subscriptions(?:/(\d+))?"
_TRIES = 3
_TIMEOUT_S = 2.0


@dataclass(slots=True)
class Subscriptions:
    """Those of one app, by id as text; the real service allows one. Plain values only."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: int = 0


def answer_subscriptions(
    account: Logins, subscriptions: Subscriptions, request: Request, reach: Reach
) -> StandInReply | None:
    """Carry out a request about subscriptions; None for every other one.

    `reach` asks a callback (a GET of the whole address): its status and body, status 0 without an answer.
    """
    match = re.fullmatch(_PATH, request.path)
    if match is None:
        return None
    keys = form_of(request) if request.method == "POST" else request.query
    fault = fault_of_app(account, keys.get("client_id", ""), keys.get("client_secret", ""))
    if fault is not None:
        return fault
    match request.method, match[1]:
        case "GET", None:
            return as_json(list(subscriptions.rows.values()))
        case "POST", None:
            return _created(subscriptions, keys, reach)
        case "DELETE", str(number):
            return StandInReply(204) if subscriptions.rows.pop(number, None) else _absent()
        case _:
            return _absent()


def _created(subscriptions: Subscriptions, form: Mapping[str, str], reach: Reach) -> StandInReply:
    callback, token = form.get("callback_url", ""), form.get("verify_token", "")
    if not callback or not token:
        return bad_request("PushSubscription", "callback url" if token else "verify_token")
    if subscriptions.rows:
        return refused(400, "Bad Request", "PushSubscription", "", "already exists")
    challenge = f"challenge-{subscriptions.made + 1}"
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": token}
    status, body = reach(f"{callback}?{urlencode(query)}")
    if status == 0:
        return refused(400, "Bad Request", "PushSubscription", "callback url", "not verifiable")
    if status != 200 or _echoed(body) != challenge:
        fault = "GET to callback URL does not return 200"
        return refused(400, "Bad Request", "PushSubscription", "callback url", fault)
    subscriptions.made += 1
    number = 120_000 + subscriptions.made
    subscriptions.rows[str(number)] = {"id": number, "resource_state": 2, "callback_url": callback}
    return as_json({"id": number}, 201)


def _echoed(body: bytes) -> object:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer.get("hub.challenge") if isinstance(answer, dict) else None


def _absent() -> StandInReply:
    return refused(404, "Record Not Found", "PushSubscription", "id", "invalid")


def activity_event(
    subscription_id: int,
    owner_id: int,
    activity_id: int,
    aspect: str,
    event_time_s: float,
    updates: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The event of an activity: `aspect` is create, update or delete."""
    return _event(subscription_id, owner_id, ("activity", activity_id, aspect), event_time_s, updates or {})


def deauthorized_event(subscription_id: int, owner_id: int, event_time_s: float) -> dict[str, Any]:
    """The event when the athlete ends the app's access."""
    subject = ("athlete", owner_id, "update")
    return _event(subscription_id, owner_id, subject, event_time_s, {"authorized": "false"})


def _event(
    subscription_id: int,
    owner_id: int,
    subject: tuple[str, int, str],
    time_s: float,
    updates: Mapping[str, str],
) -> dict[str, Any]:
    kind, number, aspect = subject
    return {
        "object_type": kind,
        "object_id": number,
        "aspect_type": aspect,
        "updates": dict(updates),
        "owner_id": owner_id,
        "subscription_id": subscription_id,
        "event_time": int(time_s),
    }


def deliver(post: Post, subscriptions: Subscriptions, event: Mapping[str, Any]) -> list[int]:
    """Send to every callback, up to three times each until it says 200: the statuses, in order."""
    body = json.dumps(event).encode()
    statuses = []
    for row in subscriptions.rows.values():
        for _ in range(_TRIES):
            statuses.append(post(str(row["callback_url"]), body))
            if statuses[-1] == 200:
                break
    return statuses


def reach_by_http(url: str) -> tuple[int, bytes]:
    """Ask a callback on this machine, as the service does: two seconds, no redirects."""
    return _asked("GET", url, b"")


def post_by_http(url: str, body: bytes) -> int:
    """Send an event to a callback on this machine; the status, 0 without an answer."""
    return _asked("POST", url, body)[0]


def _asked(method: str, url: str, body: bytes) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT_S)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        connection.request(method, target, body or None, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read(4096)
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()
