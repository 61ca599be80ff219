"""A recorded activity in any format that is read: told apart by content, because a name proves nothing."""

from __future__ import annotations

from syncd.domain.activity import Activity
from syncd.formats.fit import Unreadable
from syncd.formats.fit.activity import read_activity
from syncd.formats.garmin_json import MARK, read_garmin_json
from syncd.formats.strava_json import MARK as STRAVA_MARK
from syncd.formats.strava_json import read_strava_json

KINDS = ("fit", "tcx", "gpx", "garmin-json", "strava-json")
# reported by a service, not a recording: the bytes differ after each edit
REPORTED_KINDS = frozenset({"garmin-json", "strava-json"})
_HEAD = 4096


def kind_of(content: bytes) -> str:
    """One of `KINDS`; what is neither XML nor ours is taken for FIT, whose reader says what is wrong."""
    if content.startswith(MARK):
        return "garmin-json"
    if content.startswith(STRAVA_MARK):
        return "strava-json"
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head.startswith(b"<"):
        return "fit"
    return "gpx" if b"<gpx" in head else "tcx"


def read_recording(content: bytes) -> Activity | Unreadable:
    """The activity in a payload. Never raises on content."""
    kind = kind_of(content)
    if kind == "fit":
        return read_activity(content)
    if kind == "garmin-json":
        return read_garmin_json(content)
    if kind == "strava-json":
        return read_strava_json(content)
    from syncd.formats.gpx import read_gpx
    from syncd.formats.tcx import read_tcx

    return read_gpx(content) if kind == "gpx" else read_tcx(content)
