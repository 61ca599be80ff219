"""`strava webhook`: let Strava knock when there is a new run, for those with a public address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from syncd.cli.asking import tell
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

strava = typer.Typer(help="What only Strava has.", cls=CommandGroup, rich_markup_mode=None)
webhook = typer.Typer(
    help="Let Strava knock when there is a new run. Needs a public https address; polling goes on.",
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
    """Subscribe. Strava asks the public address at once, so the reverse proxy must be there."""
    from syncd.connectors.strava.subscriptions import subscribed

    opened = _opened(context)
    public_url = opened.section.public_url
    if not public_url:
        raise UsageFault(
            "[strava.webhook] public_url is not set: the https address that a reverse proxy passes on to "
            f"{opened.section.listen} port {opened.section.port}"
        )
    with _answering(opened):
        found, new = subscribed(opened.places, opened.app, public_url, opened.hooks)
    text = "Strava now knocks at" if new else "There already: Strava knocks at"
    show(
        _payload([found], created=new),
        f"{text} {found.shown_url} (subscription {found.id}).\nWhat is new is still pulled; polling goes on.",
        as_json,
    )


@webhook.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """The subscription that your app has at Strava."""
    from syncd.connectors.strava.subscriptions import listed

    opened = _opened(context)
    found = listed(opened.places, opened.app)
    lines = [f"{each.id}  {each.shown_url}" for each in found] or ["No subscription; Strava is polled."]
    show(_payload(found), "\n".join(lines), as_json)


@webhook.command()
def delete(context: typer.Context, as_json: JsonOption = False) -> None:
    """End the subscription, and forget its secrets."""
    from syncd.connectors.strava.subscriptions import ended

    opened = _opened(context)
    found = ended(opened.places, opened.app, opened.hooks)
    text = "The subscription is ended; Strava is polled." if found else "There was no subscription."
    show(_payload(found, ended=True), text, as_json)


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
    """Answer Strava's question ourselves, unless a running syncd has the port and does."""
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
        tell(f"Port {section.port} is in use: taken for a running syncd, which answers Strava.")
        yield
        return
    with receiver.running():
        yield


def _payload(found: Any, **more: bool) -> dict[str, Any]:
    rows = [_row(each) for each in found]
    return {"schema": "syncd.strava-webhook/1", "subscriptions": rows, **more}


def _row(found: Subscription) -> dict[str, Any]:
    return {"id": found.id, "address": found.shown_url}
