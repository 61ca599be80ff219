"""Payloads that arrive gzipped: unpacked with a bound, because a name proves nothing."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO

GZIP_MAGIC = b"\x1f\x8b"
MAX_UNPACKED_BYTES = 64 * 1024 * 1024  # a 24-hour ultra at 1 Hz takes about 2.5 MB
MAX_PACKED_BYTES = 24 * 1024 * 1024  # they shrink to less than half
_CHUNK = 1 << 18
MAX_RATIO = 100  # real recordings shrink to a third; a bomb shrinks a thousandfold


class PackedError(ValueError):
    """The packed payload cannot be unpacked; the message says why."""


def unpacked(name: str, content: bytes) -> bytes:
    """`content`, gunzipped if it is gzip. Raises PackedError on damage or a bomb."""
    if not content.startswith(GZIP_MAGIC):
        if name.lower().endswith(".gz"):
            raise PackedError("not a gzip file, though its name says so")
        return content
    if len(content) > MAX_PACKED_BYTES:
        raise PackedError(f"a gzip file of more than {MAX_PACKED_BYTES >> 20} MB: not a recorded run")
    limit = min(MAX_UNPACKED_BYTES, max(1 << 20, len(content) * MAX_RATIO))
    out = BytesIO()  # which gives its bytes away without a copy
    try:
        for piece in _pieces(memoryview(content)):
            if out.tell() + len(piece) > limit:
                raise PackedError(f"unpacks to more than {limit >> 20} MB: not a recorded run")
            out.write(piece)
    except zlib.error:
        raise PackedError("damaged gzip file") from None
    return out.getvalue()


def _pieces(packed: memoryview) -> Iterator[bytes]:
    """What is in a gzip file, or in several of them in a row. Raises PackedError where it is cut short."""
    at = 0
    while packed[at : at + 2] == GZIP_MAGIC:
        unpacker = zlib.decompressobj(wbits=31)
        while not unpacker.eof:
            chunk = packed[at : at + _CHUNK]
            if not chunk:
                raise PackedError("gzip file is cut short")
            yield unpacker.decompress(chunk, _CHUNK)
            at += len(chunk) - len(unpacker.unconsumed_tail) - len(unpacker.unused_data)
