"""The activities in a file of any format that is read: told apart by content, because a name proves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from syncd.domain.activity import RUNNING, Activity, Trait
from syncd.domain.doubts import Doubt, looks_like_a_run, superhuman_part
from syncd.domain.reason import Reason
from syncd.formats.fit import Unreadable
from syncd.formats.fit.activity import read_activity
from syncd.formats.garmin_json import MARK, read_garmin_json
from syncd.formats.strava_json import MARK as STRAVA_MARK
from syncd.formats.strava_json import read_strava_json

KINDS = ("fit", "tcx", "gpx", "garmin-json", "strava-json")
# reported by a service, no recording: other words after each edit
REPORTED_KINDS = frozenset({"garmin-json", "strava-json"})
_FIT_MARK = b".FIT"
_UNDECIDED = frozenset({"", "generic", "other", "unknown", "fitness_equipment", "all", "default", "activity"})


@dataclass(frozen=True, slots=True)
class _Foreign:
    """How something else begins, and what it is called."""

    marks: tuple[str, ...]
    name: str


_FOREIGN = (
    _Foreign(("<!doctype html", "<html", "<head", "<body"), "web page"),
    _Foreign(("<kml",), "KML file"),
    _Foreign(("<?xml-stylesheet", "<svg"), "picture"),
    _Foreign(("{", "["), "JSON file"),
)


def kind_of(content: bytes) -> str:
    """One of `KINDS`; what is neither XML nor ours is taken for FIT, whose reader says what is wrong."""
    if content.startswith(MARK):
        return "garmin-json"
    if content.startswith(STRAVA_MARK):
        return "strava-json"
    if content[8:12] == _FIT_MARK:
        return "fit"
    from syncd.formats.xml_events import decoded_head

    head = decoded_head(content)
    if "<" not in head[:1000]:
        return "fit"
    return "gpx" if "<gpx" in head.lower() or ":gpx" in head.lower() else "tcx"


def read_recordings(content: bytes) -> tuple[Activity, ...] | Unreadable:
    """Every activity in a payload, in the order of the file. Never raises on content."""
    kind = kind_of(content)
    if kind in ("garmin-json", "strava-json"):
        found = read_garmin_json(content) if kind == "garmin-json" else read_strava_json(content)
        return found if isinstance(found, Unreadable) else (found,)
    if kind == "fit":
        return _read_fit(content)
    return _read_xml(content, kind)


def read_recording(content: bytes, part: int = 0) -> Activity | Unreadable:
    """One activity of a payload, by its place. Never raises on content."""
    found = read_recordings(content)
    if isinstance(found, Unreadable):
        return found
    return found[part] if part < len(found) else Unreadable(f"it has no activity number {part + 1}")


def _read_fit(content: bytes) -> tuple[Activity, ...] | Unreadable:
    if not content[8:12] == _FIT_MARK and (other := _foreign(content)):
        return other
    found = read_activity(content)
    return found if isinstance(found, Unreadable) else (recognised(found),)


def _read_xml(content: bytes, kind: str) -> tuple[Activity, ...] | Unreadable:
    from syncd.formats.gpx import GpxReader
    from syncd.formats.normaliser import normalised
    from syncd.formats.tcx import TcxReader
    from syncd.formats.track import TrackError
    from syncd.formats.xml_events import CutShort, read_xml

    if other := _foreign(content):
        return other
    reader = GpxReader() if kind == "gpx" else TcxReader()
    cut: CutShort | None = None
    try:
        read_xml(content, reader.began, reader.ended)
    except TrackError as error:
        return Unreadable(str(error))
    except CutShort as damage:
        cut = damage
    runs = [run for run in map(normalised, reader.runs) if run is not None]
    if cut is not None and runs:
        runs[-1] = replace(runs[-1], problems=(f"{cut}: kept up to there", *runs[-1].problems))
    if runs:
        return tuple(recognised(run) for run in runs)
    return Unreadable(str(cut)) if cut is not None else _nothing_in(kind, reader.runs)


def _nothing_in(kind: str, runs: Sequence[object]) -> Unreadable:
    what = "route or a track without times, not a recorded run"
    if kind == "tcx":
        if runs:
            return Unreadable("nothing was recorded in it")
        what = "TCX file without a recorded activity"
    return Unreadable(f"a {what}", foreign=what)


def _foreign(content: bytes) -> Unreadable | None:
    """What something that is no recording is called; None where it may be one."""
    from syncd.formats.xml_events import decoded_head

    if content.startswith(b"PK\x03\x04"):
        return Unreadable("a zip archive, not a recording: unpack it, or give it to syncd import")
    head = decoded_head(content, 1000).lower()
    for other in _FOREIGN:
        if any(head.startswith(mark) if len(mark) == 1 else mark in head for mark in other.marks):
            return Unreadable(f"a {other.name}, not a recording", foreign=other.name)
    return None


def recognised(activity: Activity) -> Activity:
    """The activity with its sport decided: by the file's word for it, else by its name, at last by its speed.

    `doubts` says what cannot be decided.
    """
    from syncd.formats.sports import sport_named

    named = activity.sport.strip().lower()
    known = None if named in _UNDECIDED else sport_named(activity.sport)
    if known is not None:
        sub_sport = activity.sub_sport or known.sub_sport
        decided = replace(activity, sport=known.sport, sub_sport=_indoors(activity, known.sport, sub_sport))
    elif named not in _UNDECIDED and len(activity.samples) == 0:
        decided = replace(activity, sport=named)
    else:
        decided = _by_looks(activity)
    if decided.sport == RUNNING and (doubt := superhuman_part(decided.samples)):
        decided = replace(decided, doubts=(*decided.doubts, doubt))
    return decided


def _by_looks(activity: Activity) -> Activity:
    """No word says what it was: its name may, and its speed, cadence and heart rate."""
    from syncd.formats.sports import sport_named

    by_name = sport_named(activity.name)
    if by_name is not None and by_name.sport != RUNNING:
        doubt = Reason(Doubt.NAMED_OTHERWISE, {"sport": by_name.sport})
        return replace(activity, sport=RUNNING, doubts=(*activity.doubts, doubt))
    if looks_like_a_run(activity):
        problem = "the file names no sport: taken for a run by its speed"
        return replace(activity, sport=RUNNING, problems=(*activity.problems, problem))
    speed = (activity.distance_m or 0.0) / activity.timer_s if activity.timer_s > 0 else 0.0
    doubt = Reason(Doubt.NO_SPORT, {"speed_mps": speed})
    return replace(activity, sport=RUNNING, doubts=(*activity.doubts, doubt))


def _indoors(activity: Activity, sport: str, sub_sport: str) -> str:
    """A run without a place was run where there is no sky, as far as the file says."""
    if sport == RUNNING and not sub_sport and len(activity.samples) and not activity.has_position:
        return "treadmill" if Trait.BY_HAND not in activity.traits else sub_sport
    return sub_sport
