"""XML that is nearly right is read, what cannot be mended is kept up to there, something else is named."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from syncd.domain.activity import Activity
from syncd.formats.recording import kind_of, read_recordings
from syncd.formats.xml_events import CutShort, read_xml, root_of
from tests.support.reading import assert_run, refusal_of, run_in, runs_in
from tests.support.tracks import EVENING, gpx, gpx_file, gpx_track, steady, tcx_of

STEADY = steady()
GPX, TCX = gpx(STEADY, name="Läufe &amp; Kaffee"), tcx_of(STEADY, total_s=1800, distance_m=5400)
TEXT = GPX.decode()


def replaced(old: str, new: str) -> bytes:
    assert old in TEXT
    return TEXT.replace(old, new).encode()


def encoded(encoding: str, declared: str, mark: bytes = b"") -> bytes:
    return mark + TEXT.replace("UTF-8", declared).encode(encoding)


NEARLY_RIGHT: dict[str, bytes] = {
    "a mark": codecs.BOM_UTF8 + GPX,
    "two marks": codecs.BOM_UTF8 * 2 + GPX,
    "UTF-16 with a mark": encoded("utf-16", "UTF-16"),
    "UTF-16 big end first": encoded("utf-16-be", "UTF-16", codecs.BOM_UTF16_BE),
    "UTF-16 without a mark": encoded("utf-16-le", "UTF-16"),
    "UTF-16 big end first, without a mark": encoded("utf-16-be", "UTF-16"),
    "UTF-16 that says UTF-8": encoded("utf-16", "UTF-8"),
    "UTF-32": encoded("utf-32", "UTF-32"),
    "UTF-8 that says UTF-16": encoded("utf-8", "utf-16"),
    "UTF-8 that says ISO-8859-1": encoded("utf-8", "ISO-8859-1"),
    "ISO-8859-1": encoded("iso-8859-1", "ISO-8859-1"),
    "Windows' western one that says UTF-8": encoded("cp1252", "UTF-8"),
    "an encoding that nobody knows": encoded("utf-8", "x-nonsense"),
    "an encoding that calculates": encoded("utf-8", "punycode"),
    "an encoding that unpacks": encoded("utf-8", "zlib"),
    "no declaration": replaced('<?xml version="1.0" encoding="UTF-8"?>', ""),
    "XML 1.1": replaced('version="1.0" encoding', 'version="1.1" encoding'),
    "a declaration that does not end": replaced('"UTF-8"?>', '"UTF-8">'),
    "blanks before the declaration": b"\n\n  " + GPX,
    "words before the declaration": b"HTTP/1.1 200 OK\r\n\r\n" + GPX,
    "zeros behind": GPX + b"\0" * 500,
    "words behind": GPX + b"\n-- \nsent by my phone",
    "a bare ampersand": replaced("&amp;", "&"),
    "an entity of HTML": replaced("&amp;", "&nbsp;&copy;&hellip;"),
    "an entity of nobody": replaced("&amp;", "&whatever;"),
    "references to control characters": replaced("&amp;", "&#0;&#8;&#x1F;&#xFFFF;&#xD800;"),
    "control characters": replaced("&amp;", "\x00\x01\x08\x0b\x1f\x7f"),
    "a bare bracket": replaced("&amp;", "&lt; 3 <3 < 5"),
    "tags in a literal": replaced("Läufe &amp; Kaffee", "<![CDATA[Läufe <b>& Kaffee</b> ]] > 1]]>"),
    "a comment with anything in it": replaced("<trkseg>", "<!-- -- <trkpt> & </gpx> --><trkseg>"),
    "an instruction": replaced("<trkseg>", "<?syncd now?><trkseg>"),
    "a style sheet": replaced("<gpx", '<?xml-stylesheet type="text/xsl" href="gpx.xsl"?><gpx'),
    "a document type without declarations": replaced("<gpx", '<!DOCTYPE gpx SYSTEM "gpx.dtd"><gpx'),
    "prefixes that nobody declared": replaced('xmlns:gpxtpx="', 'xmlns:other="'),
    "a prefix of its own": TEXT.replace("<gpx ", "<g:gpx ").replace("</gpx>", "</g:gpx>").encode(),
    "a name space twice": replaced("<gpx ", '<gpx xmlns:x="a" xmlns:x="b" '),
    "capitals": TEXT.replace("trkpt", "TrkPt").replace("time>", "Time>").encode(),
    "tags in a name": replaced("Läufe &amp; Kaffee", "<span>Läufe</span> "),
    "decimal commas": TEXT.replace("10.0", "10,0").replace("20.0", "20,0").encode(),
    "blanks in numbers and times": TEXT.replace("<time>", "<time>\n  ").replace('lat="', 'lat=" ').encode(),
    "quotes of the other kind": re.sub('l(at|on)="([^"]*)"', r"l\1='\2'", TEXT).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", NEARLY_RIGHT)
def test_what_is_nearly_right_is_read(name: str) -> None:
    run = run_in(NEARLY_RIGHT[name])
    assert_run(run, 5400, 1800)
    assert set(run.samples.heart_rate_bpm) == {140.0}
    assert run.problems == ()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("UTF-16 without a mark", "Läufe & Kaffee"),
        ("ISO-8859-1", "Läufe & Kaffee"),
        ("Windows' western one that says UTF-8", "Läufe & Kaffee"),
        ("UTF-8 that says ISO-8859-1", "Läufe & Kaffee"),
        ("a bare ampersand", "Läufe & Kaffee"),
        ("an entity of HTML", "Läufe \xa0©… Kaffee"),
        ("an entity of nobody", "Läufe &whatever; Kaffee"),
        ("tags in a literal", "Läufe <b>& Kaffee</b> ]] > 1"),
    ],
)
def test_its_name_is_what_the_runner_wrote(name: str, title: str) -> None:
    assert run_in(NEARLY_RIGHT[name]).name == title


def test_a_name_in_any_script_is_kept() -> None:
    for title in ("ركض الصباح", "朝ラン", "Утренняя пробежка", "ωραίο τρέξιμο", "🏃‍♂️ run"):
        assert run_in(gpx(STEADY, name=title)).name == title


def test_a_name_in_an_old_encoding_is_kept_where_the_file_says_which() -> None:
    for title, encoding in (
        ("朝ラン", "Shift_JIS"),
        ("Бег", "windows-1251"),
        ("跑步", "GB2312"),
        ("Běh", "ISO-8859-2"),
    ):
        text = gpx(STEADY, name=title).decode().replace("UTF-8", encoding)
        assert run_in(text.encode(encoding)).name == title


def test_two_files_in_one_are_both_read() -> None:
    assert_run(run_in(gpx(STEADY[:91]) + b"\n" + gpx(STEADY[91:])), 5400, 1800)


@pytest.mark.parametrize("written", [GPX, TCX], ids=["gpx", "tcx"])
def test_a_file_cut_short_is_kept_up_to_there(written: bytes) -> None:
    run = run_in(written[: len(written) * 6 // 10])
    assert run.distance_m == pytest.approx(0.6 * 5400, rel=0.05)
    assert run.timer_s == pytest.approx(0.6 * 1800, rel=0.05)
    assert run.problems[0].startswith("damaged XML (line 1): kept up to there, 17:")


def test_one_that_only_lacks_its_last_tag_is_whole() -> None:
    assert_run(run_in(GPX[:-6]), 5400, 1800)


@pytest.mark.parametrize("write", [gpx, tcx_of], ids=["gpx", "tcx"])
def test_cut_at_any_byte_it_grows_with_what_is_there(write: Callable[..., bytes]) -> None:
    written = write(steady(120))
    most = 0.0
    for end in range(len(written)):
        found = read_recordings(written[:end])
        if isinstance(found, tuple):
            [run] = found
            assert (run.distance_m or 0.0) >= most - 0.01
            most = max(most, run.distance_m or 0.0)
    assert most == pytest.approx(360, abs=31)


def test_damage_in_the_middle_keeps_what_comes_before() -> None:
    half = TEXT.index("17:15:00")
    run = run_in((TEXT[:half] + "</trkpt></trkseg>" + TEXT[half:]).encode())
    assert run.distance_m == pytest.approx(2670, abs=1)
    assert "kept up to there, 14:50 and 2.67 km" in run.problems[0]


NO_RUN = "route or a track without times, not a recorded run"


def in_tcx(text: str) -> bytes:
    return f"<TrainingCenterDatabase>{text}</TrainingCenterDatabase>".encode()


FOREIGN: dict[str, tuple[bytes, str]] = {
    "html": (b"<!DOCTYPE html><html><head><title>Log in</title></head></html>", "web page"),
    "bare html": (b"<html><body>404</body></html>", "web page"),
    "html in XML": (b'<?xml version="1.0"?><!-- x --><html xmlns="http://www.w3.org/xhtml"/>', "web page"),
    "kml": (b'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"/>', "KML file"),
    "json": (json.dumps({"type": "FeatureCollection"}).encode(), "JSON file"),
    "a list": (codecs.BOM_UTF8 + b"[1, 2]", "JSON file"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "picture"),
    "a photo": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture"),
    "pdf": (b"%PDF-1.7", "PDF file"),
    "a map": (b"<osm version='0.6'/>", "map"),
    "places": (gpx_file('<wpt lat="1" lon="2"><name>Home</name></wpt>'), NO_RUN),
    "a route": (gpx_file('<rte><rtept lat="1" lon="2"/></rte>'), NO_RUN),
    "a course": (in_tcx("<Courses><Course><Name>A</Name></Course></Courses>"), "course"),
    "a workout": (in_tcx("<Workouts><Workout/></Workouts>"), "workout"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_something_else_is_named_as_that(name: str) -> None:
    data, foreign = FOREIGN[name]
    assert refusal_of(data).foreign == foreign


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04\x14\x00", "a zip archive, not a recording: unpack it, or give it to syncd import"),
        (b"\x1f\x8b\x08\x00", "a gzip file, not a recording: unpack it"),
        (b"\0" * 4000, "4000 zeros: the file was never written"),
        (b"", "the file is empty"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><gpx>&a;</gpx>', "declares a document type"),
        (b"<gpx><trk>", "damaged XML (line 1)"),
        (replaced("2026-01-20T", "03/04/2026 "), "its times cannot be read, such as '03/04/2026 17"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_read_says_why(data: bytes, words: str) -> None:
    assert refusal_of(data).reason.startswith(words)


def test_words_about_the_web_in_a_recording_make_it_no_web_page() -> None:
    note = "<desc><![CDATA[<!DOCTYPE html><html><body>hello</body></html>]]></desc><link href='http://x'><text>kml</text></link>"
    assert_run(run_in(replaced("<trk>", f"<metadata>{note}</metadata><trk>")), 5400, 1800)


def test_the_content_says_the_kind_behind_comments_and_prefixes() -> None:
    assert kind_of(b"<!-- " + b"x" * 900 + b" --><g:GPX/>") == "gpx"
    assert kind_of(b'<?xml version="1.0"?>\n<TrainingCenterDatabase><Notes>&lt;gpx></Notes>') == "tcx"
    assert root_of("no XML at all") == ""


def test_nothing_grows_and_nothing_is_fetched() -> None:
    laughs = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10}">' for k in range(1, 10))
    assert "document type" in refusal_of(f"<!DOCTYPE gpx [{laughs}]><gpx>&l9;</gpx>".encode()).reason
    fetching = b'<!DOCTYPE gpx SYSTEM "http://127.0.0.1:9/x"><gpx>&xxe;</gpx>'
    assert refusal_of(fetching).foreign


def test_what_is_cut_in_pieces_is_the_same_as_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text is read in pieces: no comment, reference or tag may be lost where one ends."""
    text = (
        '<gpx a="1&2>3"><!-- <b> & --><n>&amp;&nbsp;& <3 &#65;</n><![CDATA[<x>&amp;]]>'
        "<?go on?><m>]]&gt; -- ?></m>é€😀<empty/></gpx>"
    ).encode()
    whole = _events(text)
    for size in range(1, len(text) + 1):
        monkeypatch.setattr("syncd.formats.xml_events._CHUNK", size)
        assert _events(text) == whole


def _events(data: bytes) -> list[tuple[str, str, dict[str, str]]]:
    out: list[tuple[str, str, dict[str, str]]] = []
    read_xml(
        data,
        lambda path, _, attributes: out.append(("<" + "/".join(path), "", dict(attributes))),
        lambda path, text, _: out.append((">" + "/".join(path), text, {})),
    )
    return out


def test_damage_tells_whether_anything_follows() -> None:
    for data, at_end in ((b"<a><b>", True), (b"<a><b></a>", False), (b"<a b=", True)):
        with pytest.raises(CutShort) as damage:
            _events(data)
        assert damage.value.at_end is at_end


def test_each_activity_of_a_cut_file_is_kept() -> None:
    both = gpx_file(gpx_track(STEADY), gpx_track(STEADY, start=EVENING + timedelta(days=1)))
    whole, cut = runs_in(both[: len(both) * 3 // 4])
    assert_run(whole, 5400, 1800)
    assert whole.problems == ()
    assert isinstance(cut, Activity)
    assert "kept up to there" in cut.problems[0]
