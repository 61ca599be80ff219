"""What a FIT file is for, from its first message alone."""

from __future__ import annotations

from syncd.formats.fit.decode import decode
from syncd.formats.fit.profile import ACTIVITY_FILE, FILE_KINDS, name_of

_HEAD = 512  # header, the definition of file_id and its one message are far shorter


def kind_of_file(data: bytes) -> str:
    """The kind by name, such as "course"; "" for an activity, and where the file does not say."""
    kind = decode(data[:_HEAD]).first("file_id").whole("type")
    return "" if kind in (ACTIVITY_FILE, None) else name_of(FILE_KINDS, kind, "file of unknown kind")
