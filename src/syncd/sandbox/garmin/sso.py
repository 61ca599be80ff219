"""The login of the stand-in: the app's way in, as both versions of the library walk it.

The embedded and the website's way answer like a gateway that blocks, so that a login which the
app's way refuses ends as it does with the real service.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qs

from syncd.sandbox.garmin.account import Account
from syncd.sandbox.garmin.answers import Answer, Request, as_json

TOKEN_PATH = "/di-oauth2-service/oauth/token"  # noqa: S105 - a path
_SIGN_IN, _LOGIN = "/mobile/sso/en_US/sign-in", "/mobile/api/login"
_CODES = frozenset({"/mobile/api/mfa/verifyCode", "/portal/api/mfa/verifyCode"})
_OTHER_WAYS = ("/sso/", "/portal/")
_PAGE = Answer(403, b"<!DOCTYPE html><title>Just a moment...</title>", "text/html")


def answer_login(account: Account, request: Request, now_s: float) -> Answer | None:
    """What the login host and the token host say; None for a request to another part."""
    if request.path == TOKEN_PATH:
        return _tokens(account, request, now_s)
    blocked = account.login_blocked
    if request.path in {_SIGN_IN, _LOGIN, *_CODES} and blocked:
        return _PAGE if blocked == "page" else Answer(int(blocked), b"{}")
    if request.path == _SIGN_IN:
        return Answer(200, b"<!DOCTYPE html><title>Sign in</title>", "text/html")
    if request.path == _LOGIN:
        return _login(account, request)
    if request.path in _CODES:
        return _code(account, request)
    return _PAGE if request.path.startswith(_OTHER_WAYS) else None


def _login(account: Account, request: Request) -> Answer:
    sent = json.loads(request.body)
    if account.locked:
        return _status("ACCOUNT_LOCKED")
    if (sent.get("username"), sent.get("password")) != (account.email, account.password):
        return _status("INVALID_USERNAME_PASSWORD")
    if account.mfa_code:
        account.waits_for_code = True
        return as_json(
            {
                "responseStatus": {"type": "MFA_REQUIRED", "message": "", "httpStatus": "OK"},
                "customerMfaInfo": {"mfaLastMethodUsed": "email"},
            }
        )
    return _let_in(account)


def _code(account: Account, request: Request) -> Answer:
    if not account.waits_for_code:
        return _status("SESSION_EXPIRED")
    if json.loads(request.body).get("mfaVerificationCode") != account.mfa_code:
        return _status("MFA_CODE_INVALID")
    account.waits_for_code = False
    return _let_in(account)


def _let_in(account: Account) -> Answer:
    ticket = account.new_ticket()
    return as_json(
        {
            "responseStatus": {"type": "SUCCESSFUL", "message": "", "httpStatus": "OK"},
            "serviceTicketId": ticket,
        }
    )


def _status(kind: str) -> Answer:
    return as_json({"responseStatus": {"type": kind, "message": "", "httpStatus": "UNAUTHORIZED"}})


def _tokens(account: Account, request: Request, now_s: float) -> Answer:
    """A ticket or a refresh token, each good once, for a pair of tokens."""
    form = {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}
    if form.get("grant_type") == "refresh_token" and form.get("refresh_token") == account.refresh:
        return as_json(account.issue(now_s))
    if form.get("service_ticket") and form["service_ticket"] == account.ticket:
        account.ticket = ""
        return as_json(account.issue(now_s))
    return as_json({"error": "invalid_grant"}, 400)
