"""Logging in to the stand-in: the page where the athlete agrees, rotating tokens, revoking. No HTTP."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from syncd.sandbox.garmin.answers import Request, StandInReply, as_json

AUTHORIZE_PATH, TOKEN_PATH, REVOKE_PATH = "/oauth/authorize", "/oauth/token", "/oauth/revoke"
_DEAUTHORIZE_PATHS = frozenset({"/oauth/deauthorize", "/api/v3/oauth/deauthorize"})
_ATHLETE_PATHS = frozenset({"/athlete", "/api/v3/athlete"})
TOKEN_LASTS_S = 21_600.0
_CODE_LASTS_S = 600.0
_INVALID = "invalid"


@dataclass(slots=True)
class Logins:
    """One app and one athlete of the stand-in, with the codes and tokens issued. Plain values only.

    What the athlete does on the page: `denies`, or unticks the boxes in `unticks`.
    What the service does: `code_ready_after_s`, the seconds before a fresh code works; `rotates`,
    whether a refresh brings a new refresh token; `token_lasts_s`. The state of the app: `app_deleted`;
    `app_active`, whether its owner's subscription is paid; `room`, whether one more athlete may
    connect.
    `codes`, `access` and `refresh` are by their own text; a grant is the list of its scopes.
    """

    client_id: str = "12345"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - of the stand-in
    callback_domain: str = "localhost"
    athlete: dict[str, Any] = field(
        default_factory=lambda: {"id": 77, "firstname": "Ada", "lastname": "Runner", "resource_state": 2}
    )
    denies: bool = False
    unticks: list[str] = field(default_factory=list)
    code_ready_after_s: float = 0.0
    rotates: bool = True
    token_lasts_s: float = TOKEN_LASTS_S
    app_deleted: bool = False
    app_active: bool = True
    room: bool = True
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    access: dict[str, dict[str, Any]] = field(default_factory=dict)
    refresh: dict[str, dict[str, Any]] = field(default_factory=dict)
    issued: int = 0

    def new_code(self, scopes: list[str], now_s: float) -> str:
        """The code that the redirect carries; it works once."""
        code = self._new("code")
        self.codes[code] = {"scopes": scopes, "from_s": now_s + self.code_ready_after_s, "made_s": now_s}
        return code

    def spend_code(self, code: str, now_s: float) -> list[str] | None:
        """The scopes of a code, once; None for one that is spent, too old, or not ready yet."""
        issued = self.codes.get(code)
        if issued is None or not issued["from_s"] <= now_s < issued["made_s"] + _CODE_LASTS_S:
            return None
        del self.codes[code]
        return list(issued["scopes"])

    def grant(self, scopes: list[str], now_s: float, *, kept: str = "") -> dict[str, Any]:
        """A pair of tokens as the service writes it; `kept`: the refresh token that stays."""
        access, refresh = self._new("access"), kept or self._new("refresh")
        ends_s = now_s + self.token_lasts_s
        self.access[access] = {"scopes": scopes, "until_s": ends_s}
        self.refresh[refresh] = {"scopes": scopes}
        return {
            "token_type": "Bearer",
            "access_token": access,
            "refresh_token": refresh,
            "expires_at": int(ends_s),
            "expires_in": int(self.token_lasts_s),
        }

    def renewed(self, refresh: str, now_s: float) -> dict[str, Any] | None:
        """A new pair for a refresh token, which is then spent; None for one that is not ours."""
        grant = self.refresh.get(refresh)
        if grant is None:
            return None
        if self.rotates:
            del self.refresh[refresh]
        return self.grant(list(grant["scopes"]), now_s, kept="" if self.rotates else refresh)

    def revoke_all(self) -> None:
        """The athlete's agreement ends: no token works any more."""
        self.access.clear()
        self.refresh.clear()

    def scopes_of(self, access: str, now_s: float) -> list[str] | None:
        """The scopes of an access token; None for one that is not ours, revoked or expired."""
        grant = self.access.get(access)
        return list(grant["scopes"]) if grant and grant["until_s"] > now_s else None

    def _new(self, kind: str) -> str:
        self.issued += 1
        return f"sandbox-{kind}-{self.issued}"


def answer_oauth(account: Logins, request: Request, now_s: float) -> StandInReply | None:
    """Carry out a request about logins, or the athlete's own page; None for every other one."""
    route = _ROUTES.get((request.method, request.path))
    return None if route is None else route(account, request, now_s)


def refused(status: int, message: str, resource: str, field_name: str, code: str) -> StandInReply:
    """An error as the service words it."""
    errors = [{"resource": resource, "field": field_name, "code": code}]
    return as_json({"message": message, "errors": errors}, status)


def form_of(request: Request) -> dict[str, str]:
    """The last value of each field of a form."""
    text = request.body.decode("utf-8", "replace")
    return {name: values[-1] for name, values in parse_qs(text).items()}


def bad_request(resource: str, field_name: str) -> StandInReply:
    """A 400 with one invalid field."""
    return refused(400, "Bad Request", resource, field_name, _INVALID)


def fault_of_app(account: Logins, client_id: str, client_secret: str) -> StandInReply | None:
    """The error for an app that the service does not know; None for the right one."""
    if account.app_deleted or client_id != account.client_id:
        return bad_request("Application", "client_id")
    if client_secret != account.client_secret:
        return refused(401, "Authorization Error", "Application", "", _INVALID)
    return None


def allowed(account: Logins, request: Request, now_s: float) -> list[str] | StandInReply:
    """The scopes that the request's access token allows, or the refusal."""
    scopes = account.scopes_of(request.authorization.removeprefix("Bearer "), now_s)
    if scopes is None:
        return refused(401, "Authorization Error", "Athlete", "access_token", _INVALID)
    if not account.app_active:
        return refused(403, "Forbidden", "Application", "Status", "Inactive")
    return scopes


def _authorize(account: Logins, request: Request, now_s: float) -> StandInReply:
    """The page, with an athlete who presses a button immediately."""
    query = request.query
    if account.app_deleted or query.get("client_id") != account.client_id:
        return bad_request("Application", "client_id")
    target = query.get("redirect_uri", "")
    if urlsplit(target).hostname not in {account.callback_domain, "localhost", "127.0.0.1"}:
        return bad_request("Application", "redirect_uri")
    if query.get("response_type") != "code":
        return bad_request("Application", "response_type")
    if not account.room:
        return refused(403, "Forbidden", "Application", "", "Limit of connected athletes exceeded")
    state = query.get("state", "")
    if account.denies:
        return _sent_back(target, {"state": state, "error": "access_denied"})
    requested = [scope for scope in query.get("scope", "").split(",") if scope]
    granted = [scope for scope in requested if scope not in account.unticks]
    code = account.new_code(granted, now_s)
    return _sent_back(target, {"state": state, "code": code, "scope": ",".join(granted)})


def _sent_back(target: str, fields: dict[str, str]) -> StandInReply:
    joint = "&" if urlsplit(target).query else "?"
    return StandInReply(302, kind="text/html", headers={"Location": f"{target}{joint}{urlencode(fields)}"})


def _token(account: Logins, request: Request, now_s: float) -> StandInReply:
    form = form_of(request)
    fault = fault_of_app(account, form.get("client_id", ""), form.get("client_secret", ""))
    if fault is not None:
        return fault
    match form.get("grant_type"):
        case "authorization_code":
            scopes = account.spend_code(form.get("code", ""), now_s)
            if scopes is None:
                return bad_request("AuthorizationCode", "code")
            return as_json(account.grant(scopes, now_s) | {"athlete": account.athlete})
        case "refresh_token":
            pair = account.renewed(form.get("refresh_token", ""), now_s)
            return bad_request("RefreshToken", "refresh_token") if pair is None else as_json(pair)
        case _:
            return bad_request("Application", "grant_type")


def _revoke(account: Logins, request: Request, _: float) -> StandInReply:
    """Either token ends both; one that is not ours is no error (RFC 7009)."""
    client_id, _colon, client_secret = _basic(request.authorization).partition(":")
    fault = fault_of_app(account, client_id, client_secret)
    if fault is not None:
        return fault
    token = form_of(request).get("token", "")
    if token in account.access or token in account.refresh:
        account.revoke_all()
    return as_json({})


def _basic(authorization: str) -> str:
    kind, _, packed = authorization.partition(" ")
    try:
        return base64.b64decode(packed, validate=True).decode() if kind == "Basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _deauthorize(account: Logins, request: Request, now_s: float) -> StandInReply:
    token = form_of(request).get("access_token") or request.authorization.removeprefix("Bearer ")
    if account.scopes_of(token, now_s) is None:
        return refused(401, "Authorization Error", "Athlete", "access_token", _INVALID)
    account.revoke_all()
    return as_json({"access_token": token})


def _athlete(account: Logins, request: Request, now_s: float) -> StandInReply:
    scopes = allowed(account, request, now_s)
    return scopes if isinstance(scopes, StandInReply) else as_json(account.athlete)


_Route = Callable[[Logins, Request, float], StandInReply]
_ROUTES: dict[tuple[str, str], _Route] = {
    ("GET", AUTHORIZE_PATH): _authorize,
    ("POST", TOKEN_PATH): _token,
    ("POST", REVOKE_PATH): _revoke,
    **{("POST", path): _deauthorize for path in _DEAUTHORIZE_PATHS},
    **{("GET", path): _athlete for path in _ATHLETE_PATHS},
}
