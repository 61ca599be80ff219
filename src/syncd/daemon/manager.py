"""Talking to the service manager: systemd's notification protocol (sd_notify(3)).

Without systemd every call does nothing.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import MutableMapping

from syncd.domain.plain_text import one_line

_LONGEST_STATUS = 200
_WAIT_S = 2.0
_OURS = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


class ServiceManager:
    """The manager that started this process, as its environment names it.

    The variables are removed from `environ`: children must not report in our name.
    """

    def __init__(self, environ: MutableMapping[str, str] = os.environ, pid: int | None = None) -> None:
        variables = {name: environ.pop(name, "") for name in _OURS}
        self._socket = variables["NOTIFY_SOCKET"]
        self._status = ""
        self.report_every_s = _report_every_s(variables, os.getpid() if pid is None else pid)

    def ready(self, status: str) -> None:
        """Started, or reloaded."""
        self._status = status
        self._notify(READY="1", STATUS=status)

    def status(self, status: str) -> None:
        """What `systemctl status` shows."""
        if status != self._status:
            self._status = status
            self._notify(STATUS=status)

    def alive(self) -> None:
        """The loop that does the work has come round again."""
        if self.report_every_s is not None:
            self._notify(WATCHDOG="1")

    def reloading(self) -> None:
        """The configuration is being read; `ready` follows."""
        micros = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._notify(RELOADING="1", MONOTONIC_USEC=str(micros))

    def stopping(self, status: str) -> None:
        """The service is about to end."""
        self._notify(STOPPING="1", STATUS=status)

    def _notify(self, **fields: str) -> None:
        if self._socket[:1] not in ("/", "@"):
            return
        # A value is a single line: a line end would forge another field.
        message = "\n".join(f"{key}={one_line(value)[:_LONGEST_STATUS]}" for key, value in fields.items())
        address = "\0" + self._socket[1:] if self._socket[0] == "@" else self._socket
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
                out.settimeout(_WAIT_S)  # never hang because the manager is slow
                out.sendto(message.encode(), address)
        except OSError:
            return


def _report_every_s(variables: MutableMapping[str, str], pid: int) -> float | None:
    """Half of the time after which the manager kills us; None where it does not watch us."""
    micros, whom = variables["WATCHDOG_USEC"], variables["WATCHDOG_PID"]
    if not (micros.isascii() and micros.isdigit()) or int(micros) <= 0 or (whom and whom != str(pid)):
        return None
    return int(micros) / 2e6
