"""One line an event: structured for the journal, readable anywhere else.

To the journal goes the native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): fields beside the
message, so that `journalctl SYNCD_CYCLE=...` shows one sync. Elsewhere a line is the time and the
message. Secrets and positions never get here.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import IntEnum
from typing import TextIO

from syncd.domain.plain_text import json_text, one_line

_SOCKET = "/run/systemd/journal/socket"
_LONGEST = 2000
_LARGEST_DATAGRAM = 60_000
AS_JSON_VARIABLE = "SYNCD_LOG"


class LogPriority(IntEnum):
    """Those of syslog that we use."""

    ERROR = 3  # a human must act
    WARNING = 4  # a human should have a look
    NOTICE = 5  # something changed for the athlete
    INFO = 6


# Names for `journalctl MESSAGE_ID=...`, made once with uuid4; documented in docs/reference/logs.md.
CYCLE_DONE = "ce6434110c0f4eb9864d33cc88e3c78b"
NEEDS_HUMAN = "85a4813d94994bff80fc9bd05459d9e2"
CONFIG_REFUSED = "7b7e54ef384e44a69dd49c376b511867"
CLOCK_JUMPED = "66f5971f395a4d88a89a6fcb334a5b87"
CLOCK_DOUBTED = "28ef22f3e635470da74cdd3c95c158a4"
CHILD_KILLED = "d6f9cf2f7fe041819136abe973cebfcd"
RUN_DOUBTFUL = "7e3648c35b104df9a3da15556ef3b4a5"
QUESTION_ASKED = "fc87fd72f77a40b5881243cb70605da2"
QUESTION_SETTLED = "37b1384213ac482b8a99ba357c7903b7"
RECORDING_SET_ASIDE = "ff94231cefa841dfb2dcf49025a59676"
CHANGE_WITHDRAWN = "6ff4ce49e1ef41539a6747e3c8b42844"
TIDY_FOUND = "05da189001b5456693845ccdba218171"


class Journal:
    """Where the events go. `native` is tried first where stderr is the journal's.

    With `as_json` every event is a JSON object on a line of its own, for collectors of logs.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        out: TextIO | None = None,
        *,
        native: str = "",
        profile: str = "",
        as_json: bool = False,
    ) -> None:
        self._now = now
        self._out = out
        self._native = native
        self._profile = profile
        self._as_json = as_json

    @classmethod
    def of_process(cls, now: Callable[[], datetime], profile: str = "") -> Journal:
        """Where this process's stderr goes."""
        as_json = os.environ.get(AS_JSON_VARIABLE) == "json"
        native = _SOCKET if not as_json and _is_journal(os.environ.get("JOURNAL_STREAM", "")) else ""
        return cls(now, native=native, profile=profile, as_json=as_json)

    def say(
        self,
        message: str,
        priority: LogPriority = LogPriority.INFO,
        *,
        message_id: str = "",
        cycle: str = "",
        fields: Mapping[str, object] | None = None,
    ) -> None:
        """Log one event; `fields` get the prefix SYNCD_."""
        line = plain_line(message)
        if self._native and self._send(line, priority, message_id, cycle, fields or {}):
            return
        out = self._out or sys.stderr
        try:
            if self._as_json:
                print(self._object(line, priority, message_id, cycle, fields or {}), file=out, flush=True)
            elif self._native:  # the socket failed: the journal reads a priority in angle brackets
                print(f"<{priority.value}>{line}", file=out, flush=True)
            else:
                local = self._now().astimezone().isoformat(sep=" ", timespec="seconds")
                level = "" if priority >= LogPriority.NOTICE else f"{priority.name.lower()}: "
                tag = f"[{one_line(cycle)}] " if cycle else ""
                print(f"{local} {tag}{level}{line}", file=out, flush=True)
        except OSError:
            return  # a full disk or a closed pipe must not end the service

    def _object(
        self, line: str, priority: LogPriority, message_id: str, cycle: str, fields: Mapping[str, object]
    ) -> str:
        values = {
            "at": self._now().isoformat(timespec="milliseconds"),
            "priority": priority.name.lower(),
            "message": line,
            "message_id": message_id,
            "cycle": cycle,
            "profile": self._profile,
            **{key: str(value) for key, value in fields.items()},
        }
        return json_text({key: value for key, value in values.items() if value})

    def _send(
        self, line: str, priority: LogPriority, message_id: str, cycle: str, fields: Mapping[str, object]
    ) -> bool:
        values: dict[str, object] = {
            "MESSAGE": line,
            "PRIORITY": priority.value,
            "SYSLOG_IDENTIFIER": "syncd",
            "MESSAGE_ID": message_id,
            "SYNCD_CYCLE": cycle,
            "SYNCD_PROFILE": self._profile,
            **{f"SYNCD_{key.upper()}": value for key, value in fields.items()},
        }
        datagram = "".join(
            f"{key}={plain_line(str(value))}\n" for key, value in values.items() if str(value)
        ).encode()[:_LARGEST_DATAGRAM]
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
                out.settimeout(1.0)
                out.sendto(datagram, self._native)
        except OSError:
            return False
        return True


def plain_line(text: str) -> str:
    """One line without control characters: names come from services, and a log must not be forged."""
    return one_line(text)[:_LONGEST]


def _is_journal(stream: str) -> bool:
    """Whether stderr is what $JOURNAL_STREAM names (sd_journal_stream_fd): it may have been redirected."""
    device, _, inode = stream.partition(":")
    if not (device.isdigit() and inode.isdigit()):
        return False
    try:
        status = os.fstat(sys.stderr.fileno())
    except (OSError, ValueError):
        return False
    return (status.st_dev, status.st_ino) == (int(device), int(inode))
