"""The app's one webhook subscription at Strava: made, listed, ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from syncd.connectors.base import Rejected, Unavailable
from syncd.connectors.garmin.replies import Reply
from syncd.connectors.strava.app_calls import App, ask, errors_of, good
from syncd.connectors.strava.oauth import Places
from syncd.connectors.strava.webhook import HookFile


@dataclass(frozen=True, slots=True)
class Subscription:
    """One at Strava; the address carries the secret path."""

    id: int
    callback_url: str = field(repr=False)

    @property
    def shown_url(self) -> str:
        """The address without its secret end."""
        return f"{self.callback_url.rpartition('/')[0]}/..."


def listed(places: Places, app: App) -> tuple[Subscription, ...]:
    """What the app has; Strava allows one. Raises ConnectorError."""
    entries = good(ask("GET", _address(places), query=_keys(app)))
    if not isinstance(entries, list):
        raise Unavailable("Strava did not say which subscriptions there are: run it again later")
    return tuple(
        Subscription(entry["id"], str(entry.get("callback_url") or ""))
        for entry in entries
        if isinstance(entry, Mapping) and isinstance(entry.get("id"), int)
    )


def subscribed(places: Places, app: App, public_url: str, hooks: HookFile) -> tuple[Subscription, bool]:
    """The subscription of `public_url`, and whether it is new. Strava calls the callback meanwhile.

    One that was made before and not noted (the answer was lost) is adopted. Raises ConnectorError.
    """
    hook = hooks.begun()
    callback_url = hook.callback_url(public_url)
    existing = listed(places, app)
    for subscription in existing:
        if subscription.callback_url == callback_url:
            hooks.keep_id(hook, subscription.id)
            return subscription, False
    if existing:
        raise Rejected(
            f"the app has a subscription for {existing[0].shown_url} already, and Strava allows one: "
            "end it first with `syncd strava webhook delete`"
        )
    form = _keys(app) | {"callback_url": callback_url, "verify_token": hook.verify_token}
    reply = ask("POST", _address(places), form=form)
    if _unreachable(reply):
        raise Rejected(
            f"Strava got no right answer at {public_url}: the reverse proxy there must pass everything on to "
            "the address and port of [strava.webhook], over https with a valid certificate"
        )
    made = good(reply)
    if not (isinstance(made, Mapping) and isinstance(made.get("id"), int)):
        raise Rejected("Strava answered without a subscription: run `syncd strava webhook create` again")
    hooks.keep_id(hook, made["id"])
    return Subscription(made["id"], callback_url), True


def ended(places: Places, app: App, hooks: HookFile) -> tuple[Subscription, ...]:
    """End every subscription of the app, and forget the secrets; returns those that were there.

    Raises ConnectorError; the secrets are kept then.
    """
    existing = listed(places, app)
    for subscription in existing:
        reply = ask("DELETE", f"{_address(places)}/{subscription.id}", query=_keys(app))
        if reply.status != HTTPStatus.NOT_FOUND:
            good(reply)
    hooks.remove()
    return existing


def _address(places: Places) -> str:
    return f"{places.api}/push_subscriptions"


def _keys(app: App) -> dict[str, str]:
    return {"client_id": app.client_id, "client_secret": app.client_secret}


def _unreachable(reply: Reply) -> bool:
    return reply.status >= HTTPStatus.BAD_REQUEST and any(
        "callback url" in error.lower() for error in errors_of(reply.content)
    )
