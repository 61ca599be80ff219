"""Payloads that arrive gzipped: unpacked with a bound, because a name proves nothing."""

from __future__ import annotations

import zlib

GZIP_MAGIC = b"\x1f\x8b"
MAX_UNPACKED_BYTES = 64 * 1024 * 1024  # a 24-hour ultra at 1 Hz takes about 2.5 MB
MAX_RATIO = 100  # real recordings shrink to a third; a bomb shrinks a thousandfold


class PackedError(ValueError):
    """The packed payload cannot be unpacked; the message says why."""


def unpacked(name: str, content: bytes) -> bytes:
    """`content`, gunzipped if it is gzip. Raises PackedError on damage or a bomb."""
    if not content.startswith(GZIP_MAGIC):
        if name.lower().endswith(".gz"):
            raise PackedError("not a gzip file, though its name says so")
        return content
    limit = min(MAX_UNPACKED_BYTES, max(1 << 20, len(content) * MAX_RATIO))
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(content, limit)
    except zlib.error:
        raise PackedError("damaged gzip file") from None
    if unpacker.unconsumed_tail:
        raise PackedError(f"unpacks to more than {limit >> 20} MB: not a recorded run")
    if not unpacker.eof:
        raise PackedError("gzip file is cut short")
    return data
