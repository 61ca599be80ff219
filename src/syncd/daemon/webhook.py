"""Strava's webhook, where one is set up: a knock makes the service look soon."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from syncd.daemon.settings import Webhook
from syncd.paths import Paths


class WebhookListener:
    """Listens as the settings say. The parts of it are imported only where it is used."""

    def __init__(self, paths: Paths, knock: Callable[[], None]) -> None:
        self._paths, self._knock = paths, knock
        self._open = ExitStack()
        self._as: Webhook | None = None

    def follow(self, wanted: Webhook | None) -> str:
        """Listen there and nowhere else; what is wrong, "" where nothing is."""
        if wanted == self._as:
            return ""
        self.close()
        if wanted is None:
            return ""
        from syncd.connectors.strava.webhook import HookFile, Receiver

        hooks = HookFile(self._paths.logins / HookFile.NAME)
        receiver = Receiver(hooks, self._knock, owner_id=wanted.owner, listen=wanted.listen, port=wanted.port)
        try:
            receiver.open()
        except OSError as error:
            return (
                f"[strava.webhook] {wanted.listen} port {wanted.port}: {error.strerror}; Strava cannot knock "
                "there: choose another port, or end what uses it"
            )
        self._open.enter_context(receiver.running())
        self._as = wanted
        return ""

    def close(self) -> None:
        """Stop listening."""
        self._open.close()
        self._open = ExitStack()
        self._as = None
