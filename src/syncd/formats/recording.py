"""The activities in a file of any format that is read, told apart by content: a name proves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from syncd.domain.activity import RUNNING, Activity
from syncd.domain.clock_time import format_clock
from syncd.domain.doubts import Doubt, looks_like_a_run, superhuman_part
from syncd.domain.grammar import with_article
from syncd.domain.reason import Reason
from syncd.formats.fit import Unreadable
from syncd.formats.fit.activity import read_activities
from syncd.formats.garmin_json import MARK, read_garmin_json
from syncd.formats.strava_json import MARK as STRAVA_MARK
from syncd.formats.strava_json import read_strava_json

if TYPE_CHECKING:
    from syncd.formats.gpx import GpxReader
    from syncd.formats.tcx import TcxReader

KINDS = ("fit", "tcx", "gpx", "garmin-json", "strava-json")
# reported by a service, no recording: other words after each edit
REPORTED_KINDS = frozenset({"garmin-json", "strava-json"})
_FIT_MARK = b".FIT"


@dataclass(frozen=True, slots=True)
class _Foreign:
    """How something else begins, and what it is called."""

    begins: bytes
    name: str
    what_to_do: str = ""


# Signatures of files that people mistake for recordings.
_FOREIGN = (
    _Foreign(b"PK\x03\x04", "zip archive", "unpack it, or give it to syncd import"),
    _Foreign(b"\x1f\x8b", "gzip file", "unpack it"),
    _Foreign(b"7z\xbc\xaf\x27\x1c", "7z archive", "unpack it"),
    _Foreign(b"Rar!", "rar archive", "unpack it"),
    _Foreign(b"%PDF", "PDF file"),
    _Foreign(b"\x89PNG", "picture"),
    _Foreign(b"\xff\xd8\xff", "picture"),
    _Foreign(b"GIF8", "picture"),
    _Foreign(b"SQLite format 3", "database"),
    _Foreign(b"bplist", "property list"),
)
# What the first element of other XML is called.
_ROOTS = {
    "html": "web page",
    "head": "web page",
    "body": "web page",
    "kml": "KML file",
    "svg": "picture",
    "plist": "property list",
    "rss": "news feed",
    "feed": "news feed",
    "osm": "map",
    "loc": "list of places",
    "pwx": "PWX file",
    "workout_file": "Zwift workout",
    "fitnessworkbook": "SportTracks logbook",
    "error": "error message of a web server",
    "sml": "Suunto SML file",
    "healthdata": "export of Apple Health",
    "polar-exercise-data": "Polar XML file",
    "div": "web page",
    "p": "web page",
    "script": "web page",
    "meta": "web page",
}


_DOCTYPE = re.compile(r"(?:<\?[^>]*>\s*)?<!doctype\s+([\w-]+)", re.IGNORECASE)
_JSON = re.compile(r"""\{\s*(?:["}]|$)|\[\s*(?:[\[{"\]\d-]|$)""")


def kind_of(content: bytes) -> str:
    """One of `KINDS`; what is neither XML nor ours is taken for FIT, whose reader says what is wrong."""
    if content.startswith(MARK):
        return "garmin-json"
    if content.startswith(STRAVA_MARK):
        return "strava-json"
    if content[8:12] == _FIT_MARK:
        return "fit"
    from syncd.formats.xml_events import decoded_head, root_of

    head = decoded_head(content)
    if "<" not in head[:1000]:
        return "fit"
    root = root_of(head)
    is_gpx = root == "gpx" or (root not in _TCX_ROOTS and "<gpx" in head.lower())
    return "gpx" if is_gpx or root in _OF_GPX else "tcx"


_TCX_ROOTS = frozenset({"trainingcenterdatabase"})
_OF_GPX = frozenset({"trk", "trkseg", "trkpt"})


def read_recordings(content: bytes) -> tuple[Activity, ...] | Unreadable:
    """Every activity in a payload, in the order of the file. Never raises on content."""
    kind = kind_of(content)
    if kind in REPORTED_KINDS:
        found = read_garmin_json(content) if kind == "garmin-json" else read_strava_json(content)
        return found if isinstance(found, Unreadable) else (found,)
    if content[8:12] != _FIT_MARK and (other := _foreign(content)):
        return other
    return _read_fit(content) if kind == "fit" else _read_xml(content, kind)


def read_recording(content: bytes, part: int = 0) -> Activity | Unreadable:
    """One activity of a payload, by its place. Never raises on content."""
    found = read_recordings(content)
    if isinstance(found, Unreadable):
        return found
    return found[part] if part < len(found) else Unreadable(f"it has no activity number {part + 1}")


def _read_fit(content: bytes) -> tuple[Activity, ...] | Unreadable:
    found = read_activities(content)
    return (
        found
        if isinstance(found, Unreadable)
        else tuple(recognised(activity, by_number=True) for activity in found)
    )


def _read_xml(content: bytes, kind: str) -> tuple[Activity, ...] | Unreadable:
    from syncd.formats.gpx import GpxReader
    from syncd.formats.normaliser import by_time, normalised
    from syncd.formats.tcx import TcxReader
    from syncd.formats.track import TrackError
    from syncd.formats.xml_events import CutShort, read_xml

    reader = GpxReader() if kind == "gpx" else TcxReader()
    cut: CutShort | None = None
    try:
        read_xml(content, reader.began, reader.ended)
    except TrackError as error:
        return Unreadable(str(error))
    except CutShort as damage:
        cut = damage
    try:
        pieces = [piece for run in reader.runs for piece in by_time(run)]
        runs = _distinct(run for run in map(normalised, pieces) if run is not None)
    except TrackError as error:
        return Unreadable(str(error))
    if cut is not None and runs:
        runs[-1] = replace(runs[-1], problems=(_cut_text(cut, runs[-1]), *runs[-1].problems))
    if runs:
        return tuple(recognised(run) for run in runs)
    return Unreadable(str(cut)) if cut is not None else _nothing_in(kind, reader)


def _distinct(runs: Iterable[Activity]) -> list[Activity]:
    """The runs without those that stand in the file twice."""
    known = {(run.start, run.sport, run.timer_s, run.distance_m, len(run.samples)): run for run in runs}
    return list(known.values())


def _cut_text(cut: Exception, run: Activity) -> str:
    kept = format_clock(run.timer_s)
    return f"{cut}: kept up to there, {kept} and {(run.distance_m or 0.0) / 1000:.2f} km"


def _nothing_in(kind: str, reader: GpxReader | TcxReader) -> Unreadable:
    """Why there is no activity in a file that could be read."""
    if reader.untold:
        return Unreadable(f"its times cannot be read, such as {reader.untold[:40]!r}")
    if kind == "gpx":
        what = "route or a track without times, not a recorded run"
        return Unreadable(f"a {what}", foreign=what)
    if reader.runs:
        return Unreadable("nothing was recorded in it")
    for other in sorted(reader.others):
        return Unreadable(f"a {other}, not a recorded activity", foreign=other)
    what = "TCX file without a recorded activity"
    return Unreadable(f"a {what}", foreign=what)


def _foreign(content: bytes) -> Unreadable | None:
    """What something that is no recording is called; None where it may be one."""
    from syncd.formats.xml_events import decoded_head, root_of

    for other in _FOREIGN:
        if content.startswith(other.begins):
            reason = f"{with_article(other.name)}, not a recording"
            more = f": {other.what_to_do}" if other.what_to_do else ""
            return Unreadable(reason + more, foreign="" if more else other.name)
    head = decoded_head(content)
    name = _ROOTS.get(root_of(head), "")
    declared = _DOCTYPE.match(head)
    if declared is not None:
        name = _ROOTS.get(declared[1].lower(), name)
    elif head.startswith("[Params]"):
        name = "Polar HRM file"
    elif _JSON.match(head):
        name = "JSON file"
    elif content and content.count(0) == len(content):
        return Unreadable(f"{len(content)} zeros: the file was never written")
    return Unreadable(f"{with_article(name)}, not a recording", foreign=name) if name else None


def recognised(activity: Activity, *, by_number: bool = False) -> Activity:
    """The activity with its sport decided: by the file's word for it, else by its name, at last by its speed.

    `by_number`: the file has a number for the sport, so that its name is one of FIT's. `doubts` says what
    cannot be decided.
    """
    from syncd.formats.sports import is_undecided, sport_named

    known = sport_named(activity.sport)
    if activity.sport in _LOOKED_AT if by_number else is_undecided(activity.sport):
        decided = _by_looks(activity)
    elif by_number:
        decided = activity
    elif known is not None:
        decided = replace(activity, sport=known.sport, sub_sport=activity.sub_sport or known.sub_sport)
    else:
        doubt = Reason(Doubt.NAMED_OTHERWISE, {"sport": activity.sport.strip()[:40]})
        decided = replace(activity, sport=RUNNING, doubts=(*activity.doubts, doubt))
    if decided.sport != RUNNING:
        return replace(decided, doubts=())
    if doubt_of_speed := superhuman_part(decided.samples):
        decided = replace(decided, doubts=(*decided.doubts, doubt_of_speed))
    if not decided.sub_sport and len(decided.samples) and not decided.has_position:
        return replace(decided, sub_sport="treadmill")  # where there is no sky, as far as the file says
    return decided


_LOOKED_AT = frozenset({"generic", "fitness_equipment"})


def _by_looks(activity: Activity) -> Activity:
    """No word says what it was: its name may, and its speed, cadence and heart rate."""
    from syncd.formats.sports import says_running, sport_named

    variant = sport_named(activity.sub_sport)
    if variant is not None and variant.sport != RUNNING:
        return replace(activity, sport=variant.sport)
    sub_sport = "" if activity.sub_sport == "generic" else activity.sub_sport
    run = replace(activity, sport=RUNNING, sub_sport=sub_sport)
    by_name = None if says_running(activity.name) else sport_named(activity.name)
    if by_name is not None and by_name.sport not in _SEEN_ON_RUNS:
        doubt = Reason(Doubt.NAMED_OTHERWISE, {"sport": by_name.sport})
        return replace(run, doubts=(*activity.doubts, doubt))
    if looks_like_a_run(activity):
        problem = "the file names no sport: taken for a run by its speed"
        return replace(run, problems=(*activity.problems, problem))
    if not activity.distance_m and not any(steps > 0 for steps in activity.samples.cadence_spm):
        return activity  # nobody moved
    speed = (activity.distance_m or 0.0) / activity.timer_s if activity.timer_s > 0 else 0.0
    return replace(run, doubts=(*activity.doubts, Reason(Doubt.NO_SPORT, {"speed_mps": speed})))


_SEEN_ON_RUNS = frozenset({"driving", "ball_game", "training"})  # in names of runs: past the golf course
