"""Gzip is unpacked whole, and no further than a recording could go."""

import gzip
import os
import struct

import pytest

from syncd.formats.fit.activity import read_activities
from syncd.formats.fit.decode import MAX_STEPS, decode
from syncd.formats.fit.records import MAX_RECORDS
from syncd.formats.packed import MAX_PACKED_BYTES, PackedError, unpacked
from syncd.formats.recording import read_recordings
from tests.support.fitbytes import MIDSUMMER_2024, define, file_id, fit
from tests.support.reading import refusal_of

HALF = b"<gpx>" * 50_000


def refused(content: bytes) -> str:
    with pytest.raises(PackedError) as error:
        unpacked("1.gpx.gz", content)
    return str(error.value)


def test_several_gzips_in_a_row_are_one_file() -> None:
    assert (
        unpacked("1.gpx.gz", gzip.compress(HALF) + gzip.compress(b"") + gzip.compress(b"end"))
        == HALF + b"end"
    )


def test_what_stands_behind_a_gzip_is_left_out() -> None:
    assert unpacked("1.gpx.gz", gzip.compress(HALF) + bytes(512)) == HALF


def test_one_that_is_cut_short_or_damaged_says_so() -> None:
    packed = gzip.compress(os.urandom(300_000))
    assert refused(packed[:-1]) == "gzip file is cut short"
    assert refused(packed[:1000]) == "gzip file is cut short"
    assert refused(packed[:-6] + bytes(6)) == "damaged gzip file"
    assert refused(packed + packed[:30]) == "gzip file is cut short"


def test_no_more_is_unpacked_than_a_recording_has() -> None:
    assert refused(gzip.compress(bytes(2 << 20))) == "unpacks to more than 1 MB: not a recorded run"
    assert refused(gzip.compress(b"a") * 2_000_000).startswith("a gzip file of more than 24 MB")
    assert refused(b"\x1f\x8b" + bytes(MAX_PACKED_BYTES)).startswith("a gzip file of more than 24 MB")


# --- and so is what is not packed


def test_no_more_records_are_read_than_a_watch_keeps() -> None:
    record = b"\x02" + struct.pack("<LB", MIDSUMMER_2024, 140)
    found = decode(fit(file_id(), define(2, 20, [(253, 4, 134), (3, 1, 2)]), record * (MAX_RECORDS + 5000)))
    assert MAX_RECORDS < len(found.records) < MAX_RECORDS + 2000
    assert found.problems == ("more than 260,000 records: the rest is left out",)


def test_no_more_messages_are_read_than_a_watch_writes() -> None:
    laps = define(2, 19, [(24, 1, 0)]) + b"\x02\x00" * (MAX_STEPS + 10)
    content = fit(file_id(), laps)
    assert decode(content).problems[-1] == "more than 2,000,000 messages: the rest is left out"
    assert not isinstance(read_activities(content), tuple)


@pytest.mark.parametrize(
    "report", [b"[" * 200_001, b"1," * 1_500_001, b" " * (12 << 20)], ids=["lists", "values", "blanks"]
)
@pytest.mark.parametrize("service", ["garmin", "strava"])
def test_a_report_larger_than_any_run_is_not_read(service: str, report: bytes) -> None:
    mark = b'{"%s_activity":' % service.encode()
    assert refusal_of(mark + report).reason.endswith("reports of it cannot be read")


def test_zeros_are_named_without_a_copy_of_them() -> None:
    assert "never written" in str(read_recordings(bytes(4000)))
