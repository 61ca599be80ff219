"""TCX and GPX of runs: of simulated ones as other programs write them, and small ones point by point."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import isnan

from syncd.domain.activity import Lap, Samples
from syncd.sandbox.recording import TimerStop, Track, WatchRecording

EVENING = datetime(2026, 1, 20, 17, 0, tzinfo=UTC)
METRES_PER_DEGREE = 111_195.08  # of a great circle, with the mean radius of the earth


def zulu(moment: datetime) -> str:
    """`2026-01-20T17:00:00Z`; with the fraction where there is one."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True)
class Trackpoint:
    """A point to write. `lat` None: indoors. `more`: its extensions, as XML."""

    at_s: float
    lat: float | None = None
    lon: float | None = None
    distance_m: float | None = None
    hr: int | None = None
    ele: float | None = None
    more: str = ""


@dataclass(frozen=True)
class WrittenLap:
    """A lap of TCX: its points, and what it says of itself. None is left out."""

    points: Sequence[Trackpoint]
    start_s: float | None = 0.0
    total_s: float | None = None
    distance_m: float | None = None
    trigger: str = "Manual"
    tracks: Sequence[Sequence[Trackpoint]] | None = None  # instead of the points: several tracks


def steady(
    seconds: int = 1800,
    mps: float = 3.0,
    *,
    every: int = 10,
    start_s: float = 0.0,
    from_m: float = 0.0,
    hr: int | None = 140,
    placed: bool = True,
    counted: bool = True,
) -> list[Trackpoint]:
    """An even run to the north, a point every so many seconds and one at the end."""
    moments = [*range(0, seconds, every), seconds]
    return [
        Trackpoint(
            at_s=start_s + s,
            lat=10 + (from_m + mps * s) / METRES_PER_DEGREE if placed else None,
            lon=20.0 if placed else None,
            distance_m=from_m + mps * s if counted else None,
            hr=hr,
        )
        for s in moments
    ]


def intervals(every: int = 5, *, hr: int | None = 150) -> list[Trackpoint]:
    """600 s at 3 m/s, four times 200 s at 4 and 100 s at 2, 600 s at 3: 2400 s, 7600 m, to the north."""
    legs = [(600, 3.0), *[(200, 4.0), (100, 2.0)] * 4, (600, 3.0)]
    metres = [0.0]
    for seconds, mps in legs:
        metres += [metres[-1] + mps * second for second in range(1, seconds + 1)]
    return [
        Trackpoint(at, 10 + metres[at] / METRES_PER_DEGREE, 20.0, metres[at], hr)
        for at in [*range(0, 2400, every), 2400]
    ]


def moved(points: Iterable[Trackpoint], seconds: float) -> list[Trackpoint]:
    """The points later."""
    return [replace(point, at_s=point.at_s + seconds) for point in points]


def tcx_point(point: Trackpoint, start: datetime = EVENING, time: Callable[[datetime], str] = zulu) -> str:
    parts = [f"<Time>{time(start + timedelta(seconds=point.at_s))}</Time>"]
    if point.lat is not None:
        parts.append(
            f"<Position><LatitudeDegrees>{point.lat:.8f}</LatitudeDegrees>"
            f"<LongitudeDegrees>{point.lon:.8f}</LongitudeDegrees></Position>"
        )
    if point.ele is not None:
        parts.append(f"<AltitudeMeters>{point.ele}</AltitudeMeters>")
    if point.distance_m is not None:
        parts.append(f"<DistanceMeters>{point.distance_m:.2f}</DistanceMeters>")
    if point.hr is not None:
        parts.append(f"<HeartRateBpm><Value>{point.hr}</Value></HeartRateBpm>")
    if point.more:
        parts.append(f"<Extensions>{point.more}</Extensions>")
    return f"<Trackpoint>{''.join(parts)}</Trackpoint>"


def tcx_lap(lap: WrittenLap, start: datetime = EVENING) -> str:
    began = "" if lap.start_s is None else f' StartTime="{zulu(start + timedelta(seconds=lap.start_s))}"'
    totals = "" if lap.total_s is None else f"<TotalTimeSeconds>{lap.total_s}</TotalTimeSeconds>"
    totals += "" if lap.distance_m is None else f"<DistanceMeters>{lap.distance_m}</DistanceMeters>"
    tracks = lap.tracks if lap.tracks is not None else [lap.points] if lap.points else []
    written = "".join(
        f"<Track>{''.join(tcx_point(point, start) for point in track)}</Track>" for track in tracks
    )
    return f"<Lap{began}>{totals}<TriggerMethod>{lap.trigger}</TriggerMethod>{written}</Lap>"


def tcx_activity(laps: Sequence[WrittenLap], *, sport: str = "Running", start: datetime = EVENING) -> str:
    body = "".join(tcx_lap(lap, start) for lap in laps)
    return f'<Activity Sport="{sport}"><Id>{zulu(start)}</Id>{body}</Activity>'


def tcx_file(*activities: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">'
        f"<Activities>{''.join(activities)}</Activities></TrainingCenterDatabase>"
    ).encode()


def tcx(laps: Sequence[WrittenLap], *, sport: str = "Running", start: datetime = EVENING) -> bytes:
    """A file with one activity."""
    return tcx_file(tcx_activity(laps, sport=sport, start=start))


def tcx_of(points: Sequence[Trackpoint], **of_lap: object) -> bytes:
    """A file with one lap that says nothing of itself, unless told otherwise."""
    return tcx([replace(WrittenLap(points), **of_lap)])


def gpx_point(point: Trackpoint, start: datetime = EVENING, time: Callable[[datetime], str] = zulu) -> str:
    place = "" if point.lat is None else f' lat="{point.lat:.8f}" lon="{point.lon:.8f}"'
    parts = [] if point.ele is None else [f"<ele>{point.ele}</ele>"]
    parts.append(f"<time>{time(start + timedelta(seconds=point.at_s))}</time>")
    hr = "" if point.hr is None else _garmin_hr(point.hr)
    if hr or point.more:
        parts.append(f"<extensions>{hr}{point.more}</extensions>")
    return f"<trkpt{place}>{''.join(parts)}</trkpt>"


def _garmin_hr(hr: int) -> str:
    return f"<gpxtpx:TrackPointExtension><gpxtpx:hr>{hr}</gpxtpx:hr></gpxtpx:TrackPointExtension>"


def gpx_track(
    *segments: Sequence[Trackpoint],
    kind: str = "running",
    name: str = "Run",
    start: datetime = EVENING,
    time: Callable[[datetime], str] = zulu,
) -> str:
    body = "".join(
        f"<trkseg>{''.join(gpx_point(point, start, time) for point in segment)}</trkseg>"
        for segment in segments
    )
    what = f"<type>{kind}</type>" if kind else ""
    return f"<trk><name>{name}</name>{what}{body}</trk>"


GPX_SPACES = (
    'xmlns="http://www.topografix.com/GPX/1/1" '
    'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"'
)


def gpx_file(*tracks: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f'{head}<gpx version="1.1" creator="app" {GPX_SPACES}>{"".join(tracks)}</gpx>'.encode()


def gpx(*segments: Sequence[Trackpoint], **of_track: object) -> bytes:
    """A file with one track."""
    return gpx_file(gpx_track(*segments, **of_track))


# --- simulated runs


@dataclass(frozen=True)
class Recorder:
    """How a device thins what it records: a point every so many seconds, or where something changes.

    The last moment, and the ones around a stop, are always there, as on watches.
    """

    every_s: int = 1
    smart: bool = False

    def thinned(self, recording: WatchRecording) -> WatchRecording:
        """The recording with fewer samples, and without laps, workout and effort, which only FIT has."""
        samples, track = recording.samples, recording.track
        rows = self._rows(recording)
        columns = {
            name: array(getattr(samples, name).typecode, (getattr(samples, name)[row] for row in rows))
            for name in Samples.__dataclass_fields__
        }
        places = Track(
            *(
                array("d", (column[row] for row in rows) if column else ())
                for column in (track.latitude_deg, track.longitude_deg)
            )
        )
        return replace(
            recording, samples=Samples(**columns), track=places, laps=(), workout=None, rpe=None, feel=None
        )

    def _rows(self, recording: WatchRecording) -> list[int]:
        elapsed, speeds = recording.samples.elapsed_s, recording.samples.speed_mps
        rows = [0]
        last = len(elapsed) - 1
        for row in range(1, last + 1):
            waited = elapsed[row] - elapsed[rows[-1]]
            at_stop = waited > 20 or (row < last and elapsed[row + 1] - elapsed[row] > 20)
            changed = self.smart and abs(speeds[row] - speeds[rows[-1]]) > 0.25
            if row == last or at_stop or waited >= self.every_s or changed:
                rows.append(row)
        return rows


def with_pause(recording: WatchRecording, at_s: float, seconds: int) -> WatchRecording:
    """The same run with the timer stopped at a moment of its elapsed clock; nothing is recorded meanwhile.

    Where it stands still already, it stands longer.
    """
    inside = next((stop for stop in recording.stops if stop.start_s <= at_s <= stop.end_s), None)
    begin = float(int(at_s)) if inside is None else inside.start_s

    def later(moment: float) -> float:
        return moment + seconds if moment > begin else moment

    samples = recording.samples
    stops = [TimerStop(later(stop.start_s), later(stop.end_s)) for stop in recording.stops]
    stops += [] if inside is not None else [TimerStop(begin, begin + seconds)]
    return replace(
        recording,
        samples=replace(samples, elapsed_s=array("d", map(later, samples.elapsed_s))),
        laps=tuple(
            replace(lap, start_s=later(lap.start_s), end_s=later(lap.end_s)) for lap in recording.laps
        ),
        elapsed_s=recording.elapsed_s + seconds,
        stops=tuple(sorted(stops, key=lambda stop: stop.start_s)),
    )


def trackpoints(recording: WatchRecording, *, counted: bool) -> list[Trackpoint]:
    """Its samples as points; `counted`: with the device's distance."""
    samples, track = recording.samples, recording.track
    return [
        Trackpoint(
            at_s=elapsed,
            lat=track.latitude_deg[row] if track.latitude_deg else None,
            lon=track.longitude_deg[row] if track.latitude_deg else None,
            distance_m=samples.distance_m[row] if counted else None,
            hr=None if isnan(samples.heart_rate_bpm[row]) else int(samples.heart_rate_bpm[row]),
            ele=round(samples.altitude_m[row], 1),
        )
        for row, elapsed in enumerate(samples.elapsed_s)
    ]


def as_tcx(recording: WatchRecording, start: datetime, *, told: bool = True, counted: bool = True) -> bytes:
    """The recording as TCX in one lap; `told`: the lap has its totals."""
    lap = WrittenLap(
        trackpoints(recording, counted=counted),
        total_s=recording.timer_s if told else None,
        distance_m=recording.distance_m if told else None,
    )
    return tcx([lap], start=start)


def as_gpx(recording: WatchRecording, start: datetime) -> bytes:
    """The recording as GPX in one segment."""
    return gpx(trackpoints(recording, counted=False), start=start)


def laps_text(laps: Iterable[Lap]) -> list[tuple[int, int, int]]:
    """Begin, end and metres of laps, rounded."""
    return [(round(lap.start_s), round(lap.end_s), round(lap.distance_m or 0)) for lap in laps]
