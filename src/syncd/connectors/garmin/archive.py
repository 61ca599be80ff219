"""The zip in which Garmin Connect hands out the file that was uploaded."""

from __future__ import annotations

import io
import zipfile
import zlib

from syncd.connectors.base import Rejected, Unavailable
from syncd.formats.packed import MAX_UNPACKED_BYTES

_KINDS = ("fit", "tcx", "gpx")


def recording_in(packed: bytes, number: str) -> tuple[str, bytes] | None:
    """Kind and content of the one recording inside; None where there is none. Names are never paths.

    Raises Unavailable for a damaged archive, Rejected for one that unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            recordings = [(kind, entry) for entry in archive.infolist() if (kind := _kind_of(entry.filename))]
            if len(recordings) != 1:
                return None
            kind, entry = recordings[0]
            with archive.open(entry) as file:
                content = file.read(MAX_UNPACKED_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unavailable(f"activity {number} arrived damaged; the next sync fetches it again") from error
    if len(content) > MAX_UNPACKED_BYTES:
        raise Rejected(f"activity {number} unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB")
    return kind, content


def _kind_of(name: str) -> str | None:
    ending = name.rpartition(".")[2].lower()
    return ending if ending in _KINDS else None
