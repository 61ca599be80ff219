"""What an answer of Garmin Connect, or its absence, means: one table for every request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any

from syncd.connectors.base import (
    AuthRequired,
    ConnectorError,
    Gone,
    OutcomeUnknown,
    Outgrown,
    Rejected,
    Unavailable,
)
from syncd.formats.bounded_json import loaded
from syncd.formats.packed import MAX_PACKED_BYTES

if TYPE_CHECKING:
    import requests

LOG_IN = "Garmin Connect does not accept the login any more: run `syncd auth garmin`"
_FOR_THE_LIBRARY_BYTES = 64 * 1024
_PIECE_BYTES = 64 * 1024
LARGEST_BYTES = MAX_PACKED_BYTES  # the same bound as for any packed recording


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. `outgrown`: it is larger than anything real; its content was not kept."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    outgrown: bool = False

    @property
    def is_page(self) -> bool:
        """A page for people instead of data: a gateway speaks, not the service."""
        kind = self.headers.get("Content-Type", "")
        return "html" in kind.lower() or self.content[:64].lstrip().startswith(b"<")

    @property
    def slows_down(self) -> bool:
        """Asked too much, or held up by the gateway's guard."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS or (
            self.status == HTTPStatus.FORBIDDEN and self.is_page
        )

    @property
    def at(self) -> datetime | None:
        """When the service gave it, by its own clock; None where it does not say.

        One that was kept somewhere on the way is from an earlier time (RFC 9111: it has an Age).
        """
        if self.headers.get("Age", "0").strip() != "0":
            return None
        try:
            at = parsedate_to_datetime(self.headers.get("Date", ""))
        except (ValueError, TypeError, OverflowError):
            return None
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at

    def retry_after_s(self, now_s: float) -> float | None:
        """Seconds the service asks for, as a number or a date; None when it does not say."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isascii() and value.isdigit():
            return float(value[:9])
        try:
            return parsedate_to_datetime(value).timestamp() - now_s
        except (ValueError, OverflowError):
            return None

    def json(self) -> Any:
        """The data. Raises ValueError, TooLargeError where it would become much larger than it is."""
        return loaded(self.content)


def read_whole(response: requests.Response, deadline_s: float) -> Reply:
    """Read the body, not more than a recording has and not longer than `deadline_s` (monotonic).

    Raises requests.RequestException.
    """
    from requests import RequestException
    from urllib3.exceptions import HTTPError

    content, raw, outgrown = bytearray(), response.raw, False
    while True:
        try:
            piece = raw.read1(_PIECE_BYTES, decode_content=True)  # what has come, not a full piece
        except (HTTPError, OSError) as error:
            raise RequestException("the answer broke off") from error
        if not piece:
            break
        content += piece
        if len(content) > LARGEST_BYTES:
            response.close()
            content, outgrown = bytearray(), True
            break
        if monotonic() > deadline_s:
            response.close()
            raise RequestException("the answer takes too long")
    if raw.length_remaining and not outgrown:
        raise RequestException("the answer is cut short")
    if raw.length_remaining is None and monotonic() > deadline_s:
        raise RequestException("the answer takes too long")  # nothing says that it came whole
    whole = bytes(content)
    # The library reads the body again, from here and without a bound: what it needs is short.
    response._content = whole if len(whole) <= _FOR_THE_LIBRARY_BYTES else b""
    response._content_consumed = True
    return Reply(response.status_code, response.headers, whole, outgrown)


def fault_of(method: str, reply: Reply) -> ConnectorError | None:
    """The error that an answer stands for, None for a good one; slowing down is not judged here.

    A POST whose outcome is open is OutcomeUnknown; any other method can be repeated safely.
    """
    status = reply.status
    if reply.outgrown:
        return outgrown(method, f"more than {LARGEST_BYTES >> 20} MB")
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None if not reply.is_page else open_end(method, "a page where data is due")
    if status == HTTPStatus.UNAUTHORIZED:
        return AuthRequired(LOG_IN)
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return Gone("Garmin Connect does not have it any more")
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Rejected(f"Garmin Connect refuses it ({status})")
    return open_end(method, f"status {status}")


def open_end(method: str, what: str) -> ConnectorError:
    """An attempt of which nobody knows how it ended."""
    if method == "POST":
        return OutcomeUnknown(f"Garmin Connect may or may not have taken it ({what}); the next sync checks")
    return Unavailable(f"Garmin Connect does not answer as it should ({what}); the next sync tries again")


def outgrown(method: str, what: str) -> ConnectorError:
    """An answer that is larger than anything real."""
    if method == "POST":
        return open_end(method, what)
    return Outgrown(f"Garmin Connect sends far more than it should ({what}): not read")


def fault_of_network(method: str, error: BaseException) -> ConnectorError:
    """An attempt without an answer; one that never left this machine is certain to have failed."""
    if any(type(cause).__name__ in _NEVER_SENT for cause in _causes(error)):
        return Unavailable("Garmin Connect cannot be reached; the next sync tries again")
    return open_end(method, type(error).__name__)


_NEVER_SENT = frozenset(
    {"NewConnectionError", "ConnectTimeoutError", "ConnectTimeout", "NameResolutionError"}
)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what is wrapped in it."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__]
