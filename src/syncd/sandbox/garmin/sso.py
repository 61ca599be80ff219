"""The login host and the token host: three ways to log in, as both versions of the library use them.

The app's way (`mobile`) and the website's (`portal`) speak JSON, the embedded one (`widget`) speaks
pages. `StandInGarminAccount.open_ways` names those that work; a gateway blocks the others.
`login_blocked` closes all of them: a status (429, 427), "page", "captcha", or "nonsense", an
answer of an unknown shape. `page_first`: as the real service reportedly does, the app's way
refuses with 429 whoever sends a password without the cookie of its page.
"""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs

from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.answers import Request, StandInReply, as_json

TOKEN_PATH = "/di-oauth2-service/oauth/token"  # noqa: S105 - a path
_WAY = re.compile(r"/(mobile|portal|sso)/.*")
_COOKIE = re.compile(r"SESSION=([\w-]+)")
_SIGN_INS = {"/mobile/sso/en_US/sign-in", "/portal/sso/en-US/sign-in"}
_WIDGET = "/sso/embed"
_HTML = "text/html"
_GATEWAY = StandInReply(403, b"<!DOCTYPE html><title>Just a moment...</title>", _HTML)
_WAITS = "code"  # the state of a login that waits for its code


def answer_login(account: StandInGarminAccount, request: Request, now_s: float) -> StandInReply | None:
    """The answers of the login host and the token host; None for any other request."""
    if request.path == TOKEN_PATH:
        return _tokens(account, request, now_s)
    match = _WAY.fullmatch(request.path)
    if match is None:
        return None
    blocked = _blocked(account, request)
    if blocked is not None:
        return blocked
    way = "widget" if match[1] == "sso" else match[1]
    waits = account.sso_sessions.get(_session(request)) == _WAITS
    if way not in account.open_ways and not (waits and request.path.endswith("/verifyCode")):
        return _GATEWAY  # a code is accepted on either way, wherever the login began
    return _pages(account, request) if way == "widget" else _data(account, request)


def _blocked(account: StandInGarminAccount, request: Request) -> StandInReply | None:
    match account.login_blocked:
        case "":
            return None
        case "page":
            return _GATEWAY
        case "captcha" if request.method == "GET":
            return _page("Sign in")
        case "captcha" if request.path.startswith("/sso/"):
            return _page("Prove that you are human")
        case "captcha":
            return _status("CAPTCHA_REQUIRED")
        case "nonsense":
            return as_json({"responseStatus": None})
        case status:
            return StandInReply(int(status), b"{}")


# --- the app's and the website's way


def _data(account: StandInGarminAccount, request: Request) -> StandInReply | None:
    if request.path in _SIGN_INS:
        return _page("Sign in", cookie=account.new_sso_session())
    if request.path.endswith("/api/login"):
        return _login(account, request)
    return _code(account, request) if request.path.endswith("/api/mfa/verifyCode") else None


def _login(account: StandInGarminAccount, request: Request) -> StandInReply:
    session = _session(request)
    if session not in account.sso_sessions:
        if account.page_first:
            return StandInReply(429, b"{}")
        session = account.new_sso_session()
    sent = json.loads(request.body)
    if account.locked:
        return _status("ACCOUNT_LOCKED")
    if (sent.get("username"), sent.get("password")) != (account.email, account.password):
        return _status("INVALID_USERNAME_PASSWORD")
    if not account.mfa_code:
        return _let_in(account, request.query.get("service", ""))
    account.sso_sessions[session] = _WAITS
    return as_json(
        {
            "responseStatus": {"type": "MFA_REQUIRED", "message": "", "httpStatus": "OK"},
            "customerMfaInfo": {"mfaLastMethodUsed": account.mfa_method},
        },
        cookie=f"SESSION={session}",
    )


def _code(account: StandInGarminAccount, request: Request) -> StandInReply:
    session = _session(request)
    if account.sso_sessions.get(session) != _WAITS:
        return _status("SESSION_EXPIRED")
    if json.loads(request.body).get("mfaVerificationCode") != account.mfa_code:
        return _status("MFA_CODE_INVALID")
    del account.sso_sessions[session]
    return _let_in(account, request.query.get("service", ""))


def _let_in(account: StandInGarminAccount, service: str) -> StandInReply:
    return as_json(
        {
            "responseStatus": {"type": "SUCCESSFUL", "message": "", "httpStatus": "OK"},
            "serviceTicketId": account.new_ticket(service),
        }
    )


def _status(kind: str) -> StandInReply:
    return as_json({"responseStatus": {"type": kind, "message": "", "httpStatus": "UNAUTHORIZED"}})


# --- the embedded way


def _pages(account: StandInGarminAccount, request: Request) -> StandInReply:
    session = _session(request)
    if request.path == _WIDGET:
        return _page("GAuth Embedded", cookie=account.new_sso_session())
    if session not in account.sso_sessions:
        return _page("GARMIN Authentication Application")
    if request.path == "/sso/signin" and request.method == "GET":
        return _page("GARMIN Authentication Application", _form(session))
    if request.path == "/sso/verifyMFA/mfaCode":
        return as_json({"codeSentTo": account.email})
    form = _form_of(request)
    if form.get("_csrf") != _csrf(session):
        return _page("GARMIN Authentication Application", _form(session))
    if request.path == "/sso/verifyMFA/loginEnterMfaCode":
        return _code_page(account, request, session, form.get("mfa-code", ""))
    return _password_page(account, request, session, form)


def _password_page(
    account: StandInGarminAccount, request: Request, session: str, form: dict[str, str]
) -> StandInReply:
    if account.locked:
        return _page("Account Locked")
    if (form.get("username"), form.get("password")) != (account.email, account.password):
        return _page("Invalid Sign In")
    if not account.mfa_code:
        return _success(account, request)
    account.sso_sessions[session] = _WAITS
    return _code_form(account, session)


def _code_page(account: StandInGarminAccount, request: Request, session: str, code: str) -> StandInReply:
    if account.sso_sessions[session] != _WAITS or code != account.mfa_code:
        return _code_form(account, session)
    return _success(account, request)


def _code_form(account: StandInGarminAccount, session: str) -> StandInReply:
    variables = {
        "mfaMethod": account.mfa_method,
        "customerGuid": "0-0",
        "locale": "en_US",
        "clientId": "widget",
    }
    script = "".join(f'var {name} = "{value}";' for name, value in variables.items())
    return _page("Enter MFA code for login", f"<script>{script}</script>{_form(session)}")


def _success(account: StandInGarminAccount, request: Request) -> StandInReply:
    del account.sso_sessions[_session(request)]
    service = request.query.get("service", "")
    return _page("Success", f'<script>var url = "{service}?ticket={account.new_ticket(service)}";</script>')


def _page(title: str, body: str = "", cookie: str = "") -> StandInReply:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"
    return StandInReply(200, page.encode(), _HTML, f"SESSION={cookie}" if cookie else "")


def _form(session: str) -> str:
    return f'<form><input type="hidden" name="_csrf" value="{_csrf(session)}"></form>'


def _csrf(session: str) -> str:
    return f"csrf-{session}"


def _session(request: Request) -> str:
    match = _COOKIE.search(request.cookie)
    return match[1] if match else ""


def _form_of(request: Request) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}


# --- tokens


def _tokens(account: StandInGarminAccount, request: Request, now_s: float) -> StandInReply:
    """Exchange a ticket or a refresh token, each good once, for a pair of tokens."""
    form = _form_of(request)
    if form.get("grant_type") == "refresh_token" and form.get("refresh_token") == account.refresh:
        return as_json(account.issue(now_s))
    if account.redeemed(form.get("service_ticket", ""), form.get("service_url", "")):
        return as_json(account.issue(now_s))
    return as_json({"error": "invalid_grant"}, 400)
