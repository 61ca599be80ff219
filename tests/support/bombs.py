"""Files made to exhaust memory or time: each kind as large as it is asked for, written piece by piece."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tests.support.fitbytes import MIDSUMMER_2024, define, file_id, fit, timer_events

GPX_HEAD = (
    b'<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="x"'
    b' xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type><trkseg>'
)
GPX_TAIL = b"</trkseg></trk></gpx>"
TCX_HEAD = b'<?xml version="1.0"?><TrainingCenterDatabase><Activities>'
TCX_TAIL = b"</Activities></TrainingCenterDatabase>"
START_S = 1_768_928_400  # 2026-01-20 17:00 UTC
MOST_POINTS = 259_999  # as many as are read
_PIECE = 1 << 16

Pieces = Iterator[bytes]
Write = Callable[[int], Iterable[bytes]]


@dataclass(frozen=True)
class Bomb:
    """A kind of file, and what writes one of about so many bytes; of `most` at most."""

    ending: str
    write: Write
    most: int = 1 << 62


def written(path: Path, bomb: Bomb, size: int) -> Path:
    """The file, in pieces: what writes it may share a process with what measures."""
    with path.open("wb") as file:
        for piece in bomb.write(min(size, bomb.most)):
            file.write(piece)
    return path


def repeated(unit: bytes, size: int) -> Pieces:
    """The unit over and over, up to that size."""
    count = max(_PIECE // len(unit), 1)
    block, left = unit * count, max(size // len(unit), 1)
    while left > 0:
        yield block[: len(unit) * min(count, left)]
        left -= count


def zeros(size: int) -> Pieces:
    return repeated(b"\0", size)


def around(head: bytes, pieces: Iterable[bytes], tail: bytes = b"") -> Pieces:
    return chain((head,), pieces, (tail,))


def in_gpx(unit: bytes, tail: bytes = GPX_TAIL) -> Write:
    return lambda size: around(GPX_HEAD, repeated(unit, size - len(GPX_HEAD) - len(tail)), tail)


def numbered(form: str, size: int, *, most: int = 1 << 62) -> Pieces:
    """A text with its number in it, up to that size or number."""
    left, number = size, 0
    while left > 0 and number < most:
        piece = form.format(n=number).encode()
        yield piece
        left -= len(piece)
        number += 1


def clock(at_s: float) -> str:
    """A time as programs write it."""
    day, second = divmod(at_s, 86_400)
    hour, minute = divmod(int(second) // 60, 60)
    return f"2026-01-{20 + int(day):02d}T{hour:02d}:{minute:02d}:{second % 60:06.3f}Z"


def points(
    at_s: Callable[[int], float],
    *,
    lat: Callable[[int], float] = lambda number: 10 + number * 1e-5,
    before: str = "",
) -> Write:
    """Points of GPX; `at_s` and `lat` say when and where each is, `before` stands before each."""

    def point(number: int) -> str:
        return (
            f'{before}<trkpt lat="{lat(number):.5f}" lon="20"><time>{clock(at_s(number))}</time>'
            f"<ele>{number % 90}</ele><extensions><hr>{120 + number % 50}</hr></extensions></trkpt>"
        )

    return lambda size: around(GPX_HEAD, up_to(size, map(point, range(MOST_POINTS))), GPX_TAIL)


def tcx_points(at_s: Callable[[int], float], *, every_lap: int, most: int = MOST_POINTS) -> Write:
    """Points of TCX, so many a lap."""

    def point(number: int) -> str:
        at, lap = clock(at_s(number)), ""
        if number % every_lap == 0:
            lap = "</Track></Lap>" if number else ""
            lap += f'<Lap StartTime="{at}"><TotalTimeSeconds>{every_lap}</TotalTimeSeconds><Track>'
        metres = f"<DistanceMeters>{number * 3}</DistanceMeters>"
        return f"{lap}<Trackpoint><Time>{at}</Time>{metres}</Trackpoint>"

    tail = b"</Track></Lap></Activity>" + TCX_TAIL
    return lambda size: around(TCX_HEAD + b"<Activity>", up_to(size, map(point, range(most))), tail)


def up_to(size: int, texts: Iterable[str]) -> Pieces:
    """Texts as long as they fit."""
    left = size
    for text in texts:
        left -= len(text)
        if left < 0:
            return
        yield text.encode()


def many_activities(count: int) -> Write:
    """Activities of TCX with some points each, a day apart in the past."""

    def activity(number: int, each: int) -> str:
        begin = START_S - number * 86_400
        times = "".join(
            f"<Trackpoint><Time>{begin + place * 10}</Time>"
            f"<DistanceMeters>{place * 30}</DistanceMeters></Trackpoint>"
            for place in range(each)
        )
        return f'<Activity Sport="Running"><Lap><Track>{times}</Track></Lap></Activity>'

    def write(size: int) -> Pieces:
        each = max(min(size // (count * 110), 80), 1)
        return around(TCX_HEAD, (activity(number, each).encode() for number in range(count)), TCX_TAIL)

    return write


def many_tracks(count: int, hours: int) -> Write:
    """Tracks of GPX with some points each, hours apart."""

    def track(number: int, each: int) -> str:
        begin = START_S - number * hours * 3600
        times = "".join(
            f'<trkpt lat="{place / 1000}" lon="20"><time>{begin + place * 10}</time></trkpt>'
            for place in range(1, each)
        )
        return f"<trk><trkseg>{times}</trkseg></trk>"

    def write(size: int) -> Pieces:
        each = max(min(size // (count * 90), 80), 2)
        return around(b"<gpx>", (track(number, each).encode() for number in range(count)), b"</gpx>")

    return write


def beats_beside(size: int) -> Pieces:
    """A list of heart rates beside the points, as long as there is room."""
    yield GPX_HEAD
    yield from numbered(
        f'<trkpt lat="1{{n:05d}}" lon="20"><time>{START_S}{{n:05d}}</time></trkpt>', size // 3
    )
    yield b"</trkseg></trk><heartRateTrack>"
    yield from numbered('<heartRate time="17{n:08d}" bpm="140"/>', size * 2 // 3)
    yield b"</heartRateTrack></gpx>"


def doctype(size: int) -> Pieces:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield f'<!DOCTYPE gpx [<!ENTITY l0 "ha">{laughs}'.encode()
    yield from numbered('<!ENTITY x{n} "y">', size)
    yield b"]><gpx>&l9;</gpx>"


def numbered_in_gpx(form: str, *, most: int = 1 << 62) -> Write:
    return lambda size: around(GPX_HEAD, numbered(form, size, most=most), GPX_TAIL)


def of_units(head: bytes, unit: bytes, tail: bytes = b"") -> Write:
    return lambda size: around(head, repeated(unit, size - len(head) - len(tail)), tail)


def of_numbers(head: bytes, form: str, tail: bytes) -> Write:
    return lambda size: around(head, numbered(form, size - len(head) - len(tail)), tail)


def wide(size: int) -> Pieces:
    """Text of two bytes a character."""
    yield "\ufeff<gpx>".encode("utf-16-le")
    yield from repeated("<a>x</a>".encode("utf-16-le"), size - 16)


def with_laps(unit: bytes) -> Write:
    return of_units(TCX_HEAD + b"<Activity>", unit, b"</Activity>" + TCX_TAIL)


OLD = b'<?xml version="1.0" encoding="gb18030"?><gpx>'
MANY_ATTRIBUTES = b"<a " + b"".join(b'b%d="" ' % number for number in range(1900)) + b"/>"
LONG = b"x" * 60_000

XML: dict[str, Bomb] = {
    "tags": Bomb("gpx", in_gpx(b"<a/>")),
    "tags, as many as are read": Bomb("gpx", in_gpx(b"<a/>"), most=4 * 2_900_000),
    "tags in points": Bomb("gpx", in_gpx(b"<trkpt/>")),
    "tags with different names": Bomb("gpx", numbered_in_gpx("<a{n}/>")),
    "as many names as are read": Bomb("gpx", numbered_in_gpx("<a{n}/>", most=1990)),
    "long names of tags": Bomb("gpx", numbered_in_gpx("<a{n}" + "x" * 60_000 + "/>")),
    "long names, deep": Bomb("gpx", in_gpx((b"<" + LONG + b">") * 60 + (b"</" + LONG + b">") * 60)),
    "attributes": Bomb("gpx", in_gpx(MANY_ATTRIBUTES)),
    "attributes with different names": Bomb("gpx", numbered_in_gpx('<a b{n}="1"/>')),
    "attributes of one tag": Bomb("gpx", of_numbers(b"<gpx ", 'b{n}="1" ', b"/>")),
    "attributes of points": Bomb("gpx", in_gpx(b'<trkpt lat="1" lon="2" hr="140" time="1768928400"/>')),
    "long attributes": Bomb("gpx", in_gpx(b'<a b="' + LONG + b'"/>')),
    "one attribute": Bomb("gpx", of_units(b'<gpx a="', b"x", b'"/>')),
    "text": Bomb("gpx", in_gpx(b"x")),
    "lines": Bomb("gpx", in_gpx(b"\n")),
    "long titles": Bomb("gpx", in_gpx(b"<name>" + LONG + b"</name>")),
    "text between tags": Bomb("gpx", of_units(b"<gpx><trk><name>", b"x<b/>", b"</name></trk></gpx>")),
    "a title of the whole file": Bomb("tcx", with_laps(b"<Notes>" + b"x" * 40 + b"\n")),
    "entities": Bomb("gpx", in_gpx(b"&amp;")),
    "bare ampersands": Bomb("gpx", in_gpx(b"&")),
    "numbers of characters": Bomb("gpx", in_gpx(b"&#65;")),
    "entities of HTML": Bomb("gpx", in_gpx(b"&nbsp;")),
    "entities that grow": Bomb("gpx", doctype),
    "nesting": Bomb("gpx", in_gpx(b"<a>")),
    "nesting as deep as is read": Bomb("gpx", in_gpx(b"<a>" * 60 + b"</a>" * 60)),
    "name spaces": Bomb("gpx", numbered_in_gpx('<a xmlns:b{n}="c"/>')),
    "name spaces of one tag": Bomb("gpx", of_numbers(b"<gpx ", 'xmlns:b{n}="c" ', b"/>")),
    "prefixes": Bomb("gpx", numbered_in_gpx("<p{n}:a/>")),
    "comments": Bomb("gpx", in_gpx(b"<!---->")),
    "one comment": Bomb("gpx", of_units(b"<gpx><!--", b"- >", b"--></gpx>")),
    "a comment that does not end": Bomb("gpx", of_units(b"<gpx><!--", b"- >")),
    "literals": Bomb("gpx", in_gpx(b"<![CDATA[]]>")),
    "one literal": Bomb("gpx", of_units(b"<gpx><![CDATA[", b"<", b"]]></gpx>")),
    "instructions": Bomb("gpx", in_gpx(b"<?a?>")),
    "brackets": Bomb("gpx", in_gpx(b"<")),
    "brackets and blanks": Bomb("gpx", in_gpx(b"< ")),
    "a tag that does not end": Bomb("gpx", of_units(b"<gpx><a ", b"x")),
    "documents": Bomb("gpx", lambda size: repeated(b"<gpx><trk/></gpx>", size)),
    "text of two bytes a character": Bomb("gpx", wide),
    "text in an old encoding": Bomb("gpx", of_units(OLD, b"\x81\x30\x81\x30<a/>", b"</gpx>")),
    "points a second apart": Bomb("gpx", points(float)),
    "points in tiny steps": Bomb("gpx", points(lambda n: n / 1000)),
    "points at one time": Bomb("gpx", points(lambda _: 1.0)),
    "points backwards": Bomb("gpx", points(lambda n: (260_000 - n) / 2)),
    "points to and fro": Bomb("gpx", points(lambda n: n / 10 + n % 2 * 100)),
    "points in fours to and fro": Bomb("gpx", points(lambda n: n / 10 + n % 8 // 4 * 100)),
    "points set back": Bomb("gpx", points(lambda n: n // 40 * 2 + n % 40)),
    "points with gaps": Bomb("gpx", points(lambda n: n * 3.0 + n // 2 * 30 % 700_000)),
    "points anywhere": Bomb("gpx", points(float, lat=lambda n: n * 7919 % 80)),
    "a segment a point": Bomb("gpx", points(float, before="</trkseg><trkseg>")),
    "segments backwards": Bomb("gpx", points(lambda n: (260_000 - n) / 2, before="</trkseg><trkseg>")),
    "a track a point": Bomb("gpx", points(float, before="</trkseg></trk><trk><trkseg>")),
    "bare points": Bomb("gpx", in_gpx(b"<trkpt><time>1768928400</time></trkpt>")),
    "points without a time": Bomb("gpx", in_gpx(b'<trkpt lat="1" lon="2"/>')),
    "times that nobody can read": Bomb("gpx", in_gpx(b"<trkpt><time>" + b"1 " * 40 + b"</time></trkpt>")),
    "heart rates beside the points": Bomb("gpx", beats_beside),
    "laps": Bomb("tcx", with_laps(b"<Lap/>")),
    "laps of 13 points": Bomb("tcx", tcx_points(float, every_lap=13)),
    "laps with gaps": Bomb("tcx", tcx_points(lambda n: n * 3.0 + n // 3 * 33 % 700_000, every_lap=13)),
    "laps and a pause every point": Bomb("tcx", tcx_points(lambda n: n * 3.2, every_lap=13)),
    "laps and long pauses": Bomb("tcx", tcx_points(lambda n: n * 31.0, every_lap=13, most=27_000)),
    "points of TCX in tiny steps": Bomb("tcx", tcx_points(lambda n: n / 1000, every_lap=130_000)),
    "points of TCX backwards": Bomb("tcx", tcx_points(lambda n: (260_000 - n) / 2, every_lap=130_000)),
    "activities": Bomb("tcx", of_units(TCX_HEAD, b"<Activity/>", TCX_TAIL)),
    "activities with points": Bomb("tcx", many_activities(2_990)),
    "tracks of different days": Bomb("gpx", many_tracks(2_990, 24)),
    "tracks hours apart": Bomb("gpx", many_tracks(2_990, 2)),
}  # fmt: skip


# --- FIT and what services say


def fit_of(unit: bytes, head: bytes = b"") -> Write:
    """A FIT file with the unit over and over, whose checksum is wrong."""

    def write(size: int) -> Pieces:
        before = file_id() + timer_events((0, 0), start=MIDSUMMER_2024) + head
        count = max((size - len(before) - 16) // len(unit), 1)
        header = bytearray(fit(before)[:14])
        header[4:8] = (len(before) + count * len(unit)).to_bytes(4, "little")
        return around(bytes(header) + before, repeated(unit, count * len(unit)), b"\0\0")

    return write


SECONDS = b"".join(bytes([0x80 | 2 << 5 | (MIDSUMMER_2024 + n) & 31, 140]) for n in range(32))
AT_ONE_TIME = b"\x02" + struct.pack("<LB", MIDSUMMER_2024, 140)
UNKNOWN = define(8, 900, [(0, 1, 2)]) + define(9, 901, [(0, 1, 2)])

FIT: dict[str, Bomb] = {
    "records of two bytes": Bomb("fit", fit_of(SECONDS, define(2, 20, [(3, 1, 2)]))),
    "records at one time": Bomb("fit", fit_of(AT_ONE_TIME, define(2, 20, [(253, 4, 134), (3, 1, 2)]))),
    "definitions": Bomb("fit", fit_of(define(1, 20, [(n, 1, 2) for n in range(255)]))),
    "laps of two bytes": Bomb("fit", fit_of(b"\x02\x00", define(2, 19, [(24, 1, 0)]))),
    "unknown messages": Bomb("fit", fit_of(b"\x08\x01\x08\x01\x09\x01\x09\x01", UNKNOWN)),
    "texts": Bomb("fit", fit_of(b"\x07" + b"\xff" * 510, define(7, 26, [(8, 255, 7), (17, 255, 7)]))),
    "files in one": Bomb("fit", lambda size: repeated(fit(), size)),
    "zeros": Bomb("fit", zeros),
    "ones": Bomb("fit", lambda size: repeated(b"\xff", size)),
    "lists as one service reports": Bomb("fit", of_units(b'{"garmin_activity":', b"[")),
    "empty lists as one service reports": Bomb("fit", of_units(b'{"garmin_activity":[', b"[],", b"0]}")),
    "empty lists as another reports": Bomb("fit", of_units(b'{"strava_activity":[', b"[],", b"0]}")),
}  # fmt: skip


# --- packed


def gzipped(pieces: Iterable[bytes]) -> Pieces:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def as_zip(files: Iterable[tuple[str, Iterable[bytes]]], method: int = zipfile.ZIP_DEFLATED) -> Pieces:
    """An archive of files that come in pieces."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name, pieces in files:
            with archive.open(name, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
    yield whole.getvalue()


def nested(depth: int) -> Write:
    """An archive in an archive, so many deep, with a file of that size in the innermost."""

    def write(size: int) -> Pieces:
        content = b"".join(as_zip([("1.fit", zeros(size)), ("2.gpx", XML["tags"].write(size))]))
        for level in range(depth - 1):
            content = b"".join(as_zip([(f"{level}-{n}.zip", (content,)) for n in range(3)]))
        yield content

    return write


def overlapping(size: int) -> Pieces:
    """Names that all lead to the same bytes: what they say unpacks to many times the size."""
    packed = b"".join(as_zip([("0.fit", zeros(size))]))
    end = packed.rindex(b"PK\x05\x06")
    (directory,) = struct.unpack_from("<L", packed, end + 16)
    entry = packed[directory:end]
    count = 5_000
    entries = b"".join(entry.replace(b"0.fit", b"%d.fit" % (n % 10)) for n in range(count))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entries), directory, 0)
    yield packed[:directory] + entries + tail


def with_many_names(count: int) -> Write:
    def write(size: int) -> Pieces:
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            for number in range(min(count, size // 120)):
                archive.writestr(f"a/{number}.gpx", b"")
        yield whole.getvalue()

    return write


def encrypted(size: int) -> Pieces:
    """Entries that say that they are locked."""
    data = bytearray(b"".join(as_zip([(f"{n}.fit", repeated(b"x", size // 10)) for n in range(10)])))
    for kind, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = data.find(kind)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(kind, place + 4)
    yield bytes(data)


def wrong_sizes(size: int) -> Pieces:
    """Entries that say that they are much smaller, or larger, than they are."""
    data = bytearray(b"".join(as_zip([(f"{n}.fit", zeros(size)) for n in range(8)])))
    place, number = data.find(b"PK\x01\x02"), 0
    while place >= 0:
        struct.pack_into("<L", data, place + 24, (1000, 0xFFFFFFF0)[number % 2])
        number += 1
        place = data.find(b"PK\x01\x02", place + 4)
    yield bytes(data)


def slip(size: int) -> Pieces:
    yield from as_zip([("../" * 9 + "tmp/syncd-slip.fit", zeros(size)), ("/etc/x.fit", (b"x",))])


def table(of: Write) -> Write:
    """A Strava export with such a table, that packs like a real one, and a file beside it."""
    return lambda size: as_zip(
        [("activities.csv", poor(of(size))), ("activities/1.gpx", (GPX_HEAD + GPX_TAIL,))]
    )


def summaries(of: Write) -> Write:
    """A Garmin export with such a list of activities."""
    return lambda size: as_zip([("DI_CONNECT/x_summarizedActivities.json", poor(of(size)))])


def larger(of: Write) -> Write:
    """More than half as much again: some 100 MB where others have 64."""
    return lambda size: of(size * 8 // 5)


def poor(pieces: Iterable[bytes]) -> Pieces:
    """The same with noise for `~`: what packs to less than a hundredth is refused before it is read."""
    dice = random.Random(1)
    for piece in pieces:
        first, *others = piece.split(b"~")
        yield first + b"".join(b"%08x" % dice.getrandbits(32) + other for other in others)


HEADER = (
    b"Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,"
    b"Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename\n"
)
ROW = b'1,"Jan 20, 2026, 5:00:00 PM",~,Run,,1800,5.4,,,false,,,activities/1.gpx\n'
SUMMARY = b'{"beginTimestamp":1768928400000,"name":"~","activityType":"running"},'
LIST = b'[{"summarizedActivitiesExport":['
NOISE = b"~" + b" " * 90
TAGS = XML["tags"].write
NOISE_IN_GPX = of_units(b"<gpx><!--", NOISE)

PACKED: dict[str, Bomb] = {
    "zip of zeros": Bomb("zip", lambda size: as_zip([(f"{n}.fit", zeros(size)) for n in range(20)])),
    "zip of tags": Bomb("zip", lambda size: as_zip([(f"{n}.gpx", TAGS(size)) for n in range(4)])),
    "zip of stored tags": Bomb("zip", lambda size: as_zip([("1.gpx", TAGS(size))], zipfile.ZIP_STORED)),
    "zip of noise": Bomb("zip", lambda size: as_zip([("1.gpx", poor(in_gpx(b"~<a/>" * 9)(size // 2)))])),
    "zip of bzip2": Bomb("zip", lambda size: as_zip([("1.fit", zeros(size))], zipfile.ZIP_BZIP2)),
    "zip of LZMA": Bomb("zip", lambda size: as_zip([("1.fit", zeros(size))], zipfile.ZIP_LZMA)),
    "zip that overlaps itself": Bomb("zip", overlapping),
    "zips three deep": Bomb("zip", nested(3)),
    "zips four deep": Bomb("zip", nested(4)),
    "zip that slips out": Bomb("zip", slip),
    "zip of 5,500 names": Bomb("zip", with_many_names(5_500)),
    "zip of 99,000 names": Bomb("zip", with_many_names(99_000)),
    "zip of 101,000 names": Bomb("zip", with_many_names(101_000)),
    "zip that is locked": Bomb("zip", encrypted),
    "zip with wrong sizes": Bomb("zip", wrong_sizes),
    "gzip of zeros": Bomb("fit.gz", lambda size: gzipped(repeated(b"\0", size * 20))),
    "gzip of gzip": Bomb("gpx.gz", lambda size: gzipped(gzipped(TAGS(size)))),
    "gzip of points": Bomb("gpx.gz", lambda size: gzipped(XML["points a second apart"].write(size))),
    "gzip of noise": Bomb("gpx.gz", lambda size: gzipped(poor(NOISE_IN_GPX(size * 9 // 10)))),
    "gzips in a row": Bomb("gpx.gz", lambda size: repeated(gzip.compress(b"<a/>" * 1000), size // 20)),
    "gzip in zip": Bomb("zip", lambda size: as_zip([("1.gpx.gz", gzipped(TAGS(size)))])),
    "table of one cell": Bomb("zip", table(larger(of_units(HEADER + b'1,"', b"x")))),
    "table of one cell of noise": Bomb("zip", table(larger(of_units(HEADER + b'1,"', NOISE)))),
    "table of a million columns": Bomb("zip", table(of_units(HEADER, b"~,"))),
    "table of a million headers": Bomb("zip", table(of_units(b"Activity ID,", b"~,Filename,"))),
    "table of a million lines": Bomb("zip", table(of_units(HEADER, ROW))),
    "table of short lines": Bomb("zip", table(of_units(HEADER, b"~\n"))),
    "table of empty lines": Bomb("zip", table(of_units(HEADER, b"~" + b"\n" * 400))),
    "table of quotation marks": Bomb("zip", table(of_units(HEADER, b'"~'))),
    "table of open cells": Bomb("zip", table(of_units(HEADER, b'1,"~\n'))),
    "summaries in lists": Bomb("zip", summaries(of_units(b"", b"[~"))),
    "summaries in numbers": Bomb("zip", summaries(of_units(b"[", b"1,~"))),
    "summaries of one text": Bomb("zip", summaries(of_units(LIST + b'{"name":"', NOISE))),
    "summaries of a million runs": Bomb("zip", summaries(of_units(LIST, SUMMARY))),
    "summaries of lists in a run": Bomb("zip", summaries(of_units(LIST + b'{"a":[', b'[],"~",'))),
}  # fmt: skip

KINDS = {**XML, **FIT, **PACKED}
