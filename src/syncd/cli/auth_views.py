"""The status of the logins, for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from syncd.connectors.garmin.kept_login import LoginState


def status_payload(state: LoginState) -> dict[str, Any]:
    """`syncd.auth/1`."""
    return {
        "schema": "syncd.auth/1",
        "service": "garmin",
        "logged_in": state.exists,
        "usable": state.usable,
        "name": state.whose.name,
        "valid_until": _iso(state.valid_until),
        "renewed": _iso(state.renewed),
        "renewal_due": state.renewal_due,
        "login_blocked_until": _iso(state.login_blocked_until),
        "resting_until": _iso(state.resting_until),
        "problem": _problem(state),
    }


def _problem(state: LoginState) -> str | None:
    if state.fault:
        return state.fault
    if not state.exists:
        return "not logged in: run `syncd auth garmin`"
    return "your login has expired: run `syncd auth garmin`" if state.dead else None


def status_text(state: LoginState) -> str:
    """A line for the service, with details below it."""
    who = f"logged in as {state.whose.name}" if state.whose.name else "logged in"
    lines = [f"Garmin  {_problem(state) or who}"]
    if state.usable:
        renewal = "the next sync renews it" if state.renewal_due else "renewed automatically"
        lines.append(f"        access until {_clock(state.valid_until)}, {renewal}")
        lines.append(f"        last renewed {_clock(state.renewed)}")
    if state.login_blocked_until:
        lines.append(f"        Garmin blocks new logins from here until {_clock(state.login_blocked_until)}")
    if state.resting_until:
        lines.append(f"        paused until {_clock(state.resting_until)}: Garmin asked syncd to wait")
    return "\n".join(lines)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def _clock(moment: datetime | None) -> str:
    return "an unknown time" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
