"""Answers are bounded while they are read, and what they would become is bounded before it becomes so."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from time import monotonic

import pytest
import requests

from syncd.connectors.base import ActivityRef, OutcomeUnknown, Outgrown, Rejected, Unavailable
from syncd.connectors.garmin.archive import recording_in
from syncd.connectors.garmin.replies import LARGEST_BYTES, Reply, fault_of, read_whole
from syncd.connectors.garmin.source import GarminSource
from syncd.connectors.strava.app_calls import errors_of
from syncd.formats.bounded_json import TooLargeError, loaded
from syncd.http_server import QuietHandler, QuietServer
from tests.support.bombs import as_zip, zeros
from tests.support.sweep import peak_mib

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
def test_what_is_nested_without_end_is_no_data(opening: bytes) -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        Reply(200, JSON, opening * 50_000).json()
    assert errors_of(opening * 50_000) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"[" + b"[]," * 1_000_000 + b"[]]",
        b"[" + b"{}," * 1_000_000 + b"{}]",
        b"[" + b"0," * 3_000_000 + b"0]",
        b'"' + b"x" * (13 << 20) + b'"',
    ],
    ids=["lists", "objects", "numbers", "text"],
)
def test_what_would_become_many_times_its_size_is_never_built(content: bytes) -> None:
    with pytest.raises(TooLargeError):
        loaded(content)
    with pytest.raises(TooLargeError):
        Reply(200, JSON, content).json()


def test_numbers_that_are_none_are_nothing() -> None:
    assert loaded(b"[NaN, Infinity, -Infinity, 1]") == [None, None, None, 1]


def test_halves_of_characters_are_replaced_and_whole_ones_stay() -> None:
    found = loaded(rb'{"\ud800": ["a\udfffb", "\ud83c\udfc3"], "n": 1}')
    assert found == {"\ufffd": ["a\ufffdb", "\U0001f3c3"], "n": 1}
    assert str(found).encode()


def test_an_answer_that_is_too_large_is_not_kept_and_no_login_problem() -> None:
    large = Reply(200, JSON, outgrown=True)
    assert isinstance(fault_of("GET", large), Outgrown)
    assert isinstance(fault_of("POST", large), OutcomeUnknown)
    assert LARGEST_BYTES <= 24 << 20


# --- the archive that Garmin packs a recording into


def test_a_small_archive_does_not_become_a_large_recording() -> None:
    packed = b"".join(as_zip([("1.fit", zeros(28 << 20))]))
    assert len(packed) < 30_000
    with pytest.raises(Rejected, match="unpacks to more than"):
        recording_in(packed, "5")


def test_an_archive_of_names_is_not_opened() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for number in range(1_500):
            archive.writestr(f"{number}.txt", b"")
    with pytest.raises(Rejected, match="entries"):
        recording_in(whole.getvalue(), "5")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_ways_of_packing_without_a_bound_are_refused(method: int) -> None:
    packed = b"".join(as_zip([("1.fit", zeros(1 << 20))], method))
    with pytest.raises(Unavailable, match="arrived damaged"):
        recording_in(packed, "5")


def test_a_recording_that_packs_as_recordings_do_is_unpacked() -> None:
    content = bytes(range(256)) * 400
    assert recording_in(b"".join(as_zip([("1.fit", [content])])), "5") == ("fit", content)


def test_nonsense_in_the_list_of_entries_is_damage() -> None:
    packed = bytearray(b"".join(as_zip([("1.fit", [b"x" * 900])])))
    end = packed.rindex(b"PK\x05\x06")
    struct.pack_into("<L", packed, end + 16, 0xFFFFFFF0)  # where the list begins
    with pytest.raises((Unavailable, Rejected)):
        recording_in(bytes(packed), "5")


# --- one run


class Answering:
    """A session whose answers about a run are too large."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def download(self, path: str) -> bytes:
        self.asked.append(path)
        raise Outgrown("Garmin Connect sends far more than it should (more than 24 MB): not read")


def test_a_run_whose_download_is_too_large_says_so() -> None:
    source = GarminSource(Answering(), date(2026, 3, 21))  # type: ignore[arg-type]
    with pytest.raises(Outgrown):
        source.fetch(ActivityRef("garmin", "5", "1", "run"))


# --- on the wire


def blanks() -> Iterator[bytes]:
    """40 MB, in pieces."""
    for _ in range(40):
        yield b" " * (1 << 20)


def packed(wbits: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return b"".join(map(packer.compress, blanks())) + packer.flush()


BODIES = {
    "": b" " * (LARGEST_BYTES + 1),
    "gzip": packed(31),
    "deflate": packed(15),
    "gzip, gzip": gzip.compress(packed(31)),
}


class Large(QuietHandler):
    """Answers with the body that the path names."""

    def do_GET(self) -> None:
        """Serve it."""
        coding = self.path.strip("/").replace("%20", " ")
        headers = {"Content-Type": "application/json", **({"Content-Encoding": coding} if coding else {})}
        self.send(200, headers, BODIES[coding])


@pytest.mark.parametrize("coding", BODIES)
def test_a_body_is_left_where_it_becomes_too_large(coding: str) -> None:
    server = QuietServer(("127.0.0.1", 0), Large)
    with (
        server.served(0.01),
        requests.get(f"http://127.0.0.1:{server.port}/{coding}", stream=True, timeout=30) as response,
    ):
        before = peak_mib()
        reply = read_whole(response, monotonic() + 60)
    assert reply.outgrown
    assert reply.content == b""
    assert peak_mib() - before < 3 * (LARGEST_BYTES >> 20)
