"""The zip in which Garmin Connect hands out the file that was uploaded."""

from __future__ import annotations

import io

from syncd.connectors.base import Rejected, Unavailable
from syncd.connectors.exports.archives import archive_in, require_plain_packing, unpacked_size_limit
from syncd.connectors.exports.entries import DAMAGE
from syncd.formats.packed import MAX_UNPACKED_BYTES

_KINDS = ("fit", "tcx", "gpx")
_MOST_ENTRIES = 1_000  # our default: there is one


def recording_in(packed: bytes, number: str) -> tuple[str, bytes] | None:
    """Kind and content of the one recording inside; None where there is none. Names are never paths.

    Raises Unavailable for a damaged archive, Rejected for one that unpacks to too much.
    """
    limit = min(unpacked_size_limit(len(packed)), MAX_UNPACKED_BYTES)
    try:
        with archive_in(io.BytesIO(packed), f"activity {number}", _MOST_ENTRIES) as archive:
            recordings = [(kind, entry) for entry in archive.infolist() if (kind := _kind_of(entry.filename))]
            if len(recordings) != 1:
                return None
            kind, entry = recordings[0]
            require_plain_packing(entry)
            with archive.open(entry) as file:
                content = file.read(limit + 1)
    except (*DAMAGE, OSError) as error:
        raise Unavailable(f"activity {number} arrived damaged; the next sync fetches it again") from error
    if len(content) > limit:
        raise Rejected(f"activity {number} unpacks to more than {limit >> 20} MB")
    return kind, content


def _kind_of(name: str) -> str | None:
    ending = name.rpartition(".")[2].lower()
    return ending if ending in _KINDS else None
