"""`strava webhook`: let Strava notify syncd of new runs, for those with a public address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from syncd.cli.asking import say
from syncd.cli.auth_strava import hook_file, login_file
from syncd.cli.exits import UsageFault
from syncd.cli.help_pages import CommandGroup
from syncd.cli.output import JsonOption, paths_of, show

if TYPE_CHECKING:
    from syncd.config_sections import StravaWebhookSection
    from syncd.connectors.strava.app_calls import App
    from syncd.connectors.strava.oauth import Places
    from syncd.connectors.strava.subscriptions import Subscription
    from syncd.connectors.strava.webhook import HookFile

strava = typer.Typer(help="Strava-only commands (webhook).", cls=CommandGroup, rich_markup_mode=None)
webhook = typer.Typer(
    help="Let Strava notify syncd of new runs (webhook). Needs a public https address; polling goes on.",
    cls=CommandGroup,
    rich_markup_mode=None,
)
strava.add_typer(webhook, name="webhook")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(strava, name="strava")


class _Opened(NamedTuple):
    section: StravaWebhookSection
    places: Places
    app: App
    hooks: HookFile


@webhook.command()
def create(context: typer.Context, as_json: JsonOption = False) -> None:
    """Subscribe to notifications from Strava. It checks the address at once: have the proxy running."""
    from syncd.connectors.strava.subscriptions import subscribed

    opened = _opened(context)
    public_url = opened.section.public_url
    if not public_url:
        raise UsageFault(
            "[strava.webhook] public_url is not set: give the https address that a reverse proxy forwards to "
            f"{opened.section.listen} port {opened.section.port}"
        )
    with _answering(opened):
        subscription, new = subscribed(opened.places, opened.app, public_url, opened.hooks)
    text = "Strava now notifies" if new else "Already subscribed: Strava notifies"
    show(
        _payload([subscription], created=new),
        f"{text} {subscription.shown_url} (subscription {subscription.id}).\nPolling goes on as well.",
        as_json,
    )


@webhook.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show the subscription of your app at Strava."""
    from syncd.connectors.strava.subscriptions import listed

    opened = _opened(context)
    subscriptions = listed(opened.places, opened.app)
    lines = [f"{subscription.id}  {subscription.shown_url}" for subscription in subscriptions]
    lines = lines or ["No subscription: syncd polls Strava."]
    show(_payload(subscriptions), "\n".join(lines), as_json)


@webhook.command()
def delete(context: typer.Context, as_json: JsonOption = False) -> None:
    """End the subscription and forget its secrets."""
    from syncd.connectors.strava.subscriptions import ended

    opened = _opened(context)
    subscriptions = ended(opened.places, opened.app, opened.hooks)
    text = "Subscription ended: syncd polls Strava." if subscriptions else "There was no subscription."
    show(_payload(subscriptions, ended=True), text, as_json)


def _opened(context: typer.Context) -> _Opened:
    """The settings and the login. Raises ConfigError, AuthRequired."""
    from syncd.config import load
    from syncd.connectors.strava.app_calls import App
    from syncd.connectors.strava.oauth import places_of

    paths = paths_of(context)
    settings = load(paths.config)
    login = login_file(paths).load()
    return _Opened(
        settings.strava.webhook,
        places_of(settings.section_of("strava")),
        App(login.client_id, login.client_secret),
        hook_file(paths),
    )


@contextmanager
def _answering(opened: _Opened) -> Iterator[None]:
    """Answer Strava's check ourselves, unless a running syncd has the port and does."""
    import errno

    from syncd.connectors.strava.webhook import Receiver

    opened.hooks.begun()
    section = opened.section
    receiver = Receiver(opened.hooks, lambda: None, listen=section.listen, port=section.port)
    try:
        receiver.open()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise UsageFault(
                f"[strava.webhook] listen = {section.listen!r}, port = {section.port}: {error.strerror}"
            ) from None
        say(f"Port {section.port} is in use, presumably by a running syncd, which will answer Strava.")
        yield
        return
    with receiver.running():
        yield


def _payload(subscriptions: Any, **more: bool) -> dict[str, Any]:
    rows = [_row(subscription) for subscription in subscriptions]
    return {"schema": "syncd.strava-webhook/1", "subscriptions": rows, **more}


def _row(subscription: Subscription) -> dict[str, Any]:
    return {"id": subscription.id, "address": subscription.shown_url}
