"""What TCX and GPX share: XML read without surprises, and points made into samples."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf, isfinite, nan
from xml.parsers import expat

from syncd.domain.activity import Samples, column

DEEPEST = 64  # our default: real files nest about ten deep


class TrackError(ValueError):
    """The file cannot be read; the message is a phrase for a runner."""


_NO_HEART_BPM = 250.0  # our default: above any rate ever measured on a runner


@dataclass(frozen=True, slots=True)
class Point:
    """A recorded moment, seconds since the epoch. `segment` grows where recording was paused."""

    at_s: float
    segment: int
    distance_m: float | None = None
    speed_mps: float | None = None
    heart_rate_bpm: float | None = None
    altitude_m: float | None = None
    cadence_spm: float | None = None
    has_position: bool = False


Handler = Callable[[Sequence[str], str, dict[str, str]], None]


def read_xml(data: bytes, began: Handler, ended: Handler) -> None:
    """Call the handlers with the local names from the root to an element, its text and attributes.

    Raises TrackError on damage, and on a document type: without one there are no entities, so
    no file can grow in memory or reach for another one.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    path: list[str] = []
    texts: list[list[str]] = []
    attributes: list[dict[str, str]] = []

    def start(name: str, found: dict[str, str]) -> None:
        if len(path) >= DEEPEST:
            raise TrackError("nested too deeply to be a recording")
        path.append(name.rpartition(" ")[2])
        texts.append([])
        attributes.append(found)
        began(path, "", found)

    def end(_: str) -> None:
        ended(path, "".join(texts.pop()).strip(), attributes.pop())
        path.pop()

    def refuse(*_: object) -> None:
        raise TrackError("declares a document type, which recordings never do: not read")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda text: texts[-1].append(text) if texts else None
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data.lstrip(), True)  # some services put blanks before the declaration
    except expat.ExpatError as error:
        raise TrackError(f"damaged XML (line {error.lineno})") from None
    except (LookupError, ValueError) as error:
        if isinstance(error, TrackError):
            raise
        raise TrackError("in an unknown character set") from None


def number(text: str) -> float | None:
    """A finite number, else None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def moment(text: str) -> float | None:
    """Seconds since the epoch of an ISO time (UTC where it names no offset), else None."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def rising(points: Sequence[Point]) -> list[Point]:
    """Without points whose time does not come after the one before."""
    out, last = [], -inf
    for point in points:
        if point.at_s > last:
            out.append(point)
            last = point.at_s
    return out


def samples_of(points: Sequence[Point]) -> Samples:
    """Samples of rising points; the timer stands still between two segments."""
    if not points:
        return Samples()
    timer, paused = array("d"), 0.0
    before = points[0]
    for point in points:
        if point.segment != before.segment:
            paused += point.at_s - before.at_s
        timer.append(point.at_s - points[0].at_s - paused)
        before = point
    return Samples(
        elapsed_s=array("d", [point.at_s - points[0].at_s for point in points]),
        timer_s=timer,
        distance_m=array("d", [nan if p.distance_m is None else p.distance_m for p in points]),
        speed_mps=column([point.speed_mps for point in points]),
        heart_rate_bpm=column([_beating(point.heart_rate_bpm) for point in points]),
        altitude_m=column([point.altitude_m for point in points]),
        cadence_spm=column([point.cadence_spm for point in points]),
    )


def _beating(bpm: float | None) -> float | None:
    """A rate that a heart can have; 0 and 255 are how sensors say that they know nothing."""
    return bpm if bpm is not None and 0 < bpm < _NO_HEART_BPM else None
