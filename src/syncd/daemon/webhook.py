"""Strava's webhook, where one is set up: a notification makes the service sync soon."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from syncd.daemon.settings import Webhook
from syncd.paths import Paths


class WebhookListener:
    """Listens where the settings say. Its parts are imported only where it is used."""

    def __init__(self, paths: Paths, on_event: Callable[[], None]) -> None:
        self._paths, self._on_event = paths, on_event
        self._open = ExitStack()
        self._in_force: Webhook | None = None

    def follow(self, wanted: Webhook | None) -> str:
        """Listen there and nowhere else; what went wrong, "" where nothing did."""
        if wanted == self._in_force:
            return ""
        self.close()
        if wanted is None:
            return ""
        from syncd.connectors.strava.webhook import HookFile, Receiver

        hooks = HookFile(self._paths.logins / HookFile.NAME)
        receiver = Receiver(
            hooks, self._on_event, owner_id=wanted.owner, listen=wanted.listen, port=wanted.port
        )
        try:
            receiver.open()
        except OSError as error:
            return (
                f"[strava.webhook] {wanted.listen} port {wanted.port}: {error.strerror}; Strava cannot reach "
                "syncd there: choose another port, or stop what is using it"
            )
        self._open.enter_context(receiver.running())
        self._in_force = wanted
        return ""

    def close(self) -> None:
        """Stop listening."""
        self._open.close()
        self._open = ExitStack()
        self._in_force = None
