"""Times and numbers in every spelling that programs have for them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.formats.moments import moment, number, offset_of

EVENING = datetime(2026, 1, 20, 17, 0, tzinfo=UTC)

SPELLINGS = """
2026-01-20T17:00:00Z
2026-01-20t17:00:00z
2026-01-20 17:00:00
2026-01-20 17:00:00Z
2026-01-20T17:00:00
2026-01-20_17:00:00
2026/01/20 17:00:00
2026.01.20 17:00:00
2026-1-20T17:0:0Z
2026-01-20T17:00Z
2026-01-20T17.00.00Z
2026-01-20T17:00:00.000Z
2026-01-20T17:00:00.Z
2026-01-20T17:00:00,000Z
2026-01-20T17:00:00:000Z
2026-01-20T17:00:00.000000000Z
2026-01-20T17:00:00.0000000+00:00
2026-01-20T18:00:00+0100
2026-01-20T18:00:00+01:00
2026-01-20T18:00:00+01
2026-01-20T18:00:00 +01:00
2026-01-20T10:00:00.000-07:00
2026-01-20T22:30:00+05:30
2026-01-20T18:00:00+01:00[Europe/Berlin]
2026-01-20T17:00:00Z[UTC]
2026-01-20 17:00:00 UTC
2026-01-20 17:00:00 GMT
2026-01-20 17:00:00 +0000 UTC
2026-01-20T17:00:00 (UTC)
20260120T170000Z
20260120T180000+0100
20260120170000
20.01.2026 17:00:00
20.1.2026, 17:00:00
20/01/2026 17:00:00
20-01-2026 17:00:00
01/20/2026 5:00:00 PM
1/20/2026 5:00 pm
20-Jan-2026 17:00:00
20 Jan 2026 17:00:00
Jan 20, 2026 5:00:00 PM
January 20, 2026, 5:00:00 p.m.
Tue, 20 Jan 2026 17:00:00 GMT
Tue Jan 20 17:00:00 2026
Tue Jan 20 17:00:00 UTC 2026
Tue Jan 20 18:00:00 CET 2026
1768928400
1768928400.0
1768928400000
1768928400000000
1768928400000000000
2569-01-20T17:00:00Z
٢٠٢٦-٠١-٢٠T١٧:٠٠:٠٠Z
２０２６-01-20T17:00:00Z
2026-01-20T17:00:00−00:00
""".strip().splitlines()


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_is_the_same_moment(text: str) -> None:
    assert moment(f" {text}\n") == EVENING.timestamp()


def test_fractions_are_kept() -> None:
    for text in (
        "2026-01-20T17:00:00.25Z",
        "2026-01-20T17:00:00,250",
        "20.01.2026 17:00:00.25",
        "1768928400250",
    ):
        assert moment(text) == EVENING.timestamp() + 0.25


def test_a_leap_second_is_the_one_before_and_hour_24_the_next_day() -> None:
    assert moment("2026-01-20T16:59:60Z") == EVENING.timestamp() - 1
    assert moment("2026-01-20T24:00:00Z") == EVENING.timestamp() + 7 * 3600


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "17:00:00", "2026-01-20", "2026-13-20T17:00:00Z", "2026-02-30T17:00:00Z", "0"),
        *("2026-01-20T25:00:00Z", "2026-01-20T17:61:00Z", "0000-00-00T00:00:00Z", "1970-01-01T00:00:00Z"),
        *("9999-12-31T23:59:59Z", "03/04/2026 17:00:00", "32.01.2026 17:00:00", "20 Foo 2026 17:00:00"),
        *("1" * 40, "2026-01-20T17:00:00" + " " * 5000 + "x", "Tue " * 500, "-1768928400"),
    ],
)
def test_what_is_no_time_or_may_be_two_is_none(text: str) -> None:
    started = time.process_time()
    assert moment(text) is None
    assert time.process_time() - started < 0.1


def test_an_offset_says_where_the_runner_was_unless_it_is_zero() -> None:
    assert offset_of("2026-01-20T18:00:00+01:00") == timedelta(hours=1)
    assert offset_of("2026-01-20T10:00:00.5-0730") == -timedelta(hours=7, minutes=30)
    assert offset_of("20.01.2026 18:00:00 +0100") == timedelta(hours=1)
    for text in (
        "2026-01-20T17:00:00Z",
        "2026-01-20T17:00:00+00:00",
        "2026-01-20T17:00:00",
        "1768928400",
        "",
    ):
        assert offset_of(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("5.4", 5.4), ("5,4", 5.4), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1'234.5", 1234.5)),
        *(
            ("1 234,5", None),
            ("1\u00a0234,5", 1234.5),
            ("140 bpm", 140),
            ("12 m", 12),
            ("1e3", 1000),
            ("+5", 5),
        ),
        *(("٤٥٫٥", 45.5), ("１４０", 140), ("−3.5", -3.5), ("1.234.567", 1234567)),
        *(
            ("", None),
            ("-", None),
            ("inf", None),
            ("nan", None),
            ("1e999", None),
            ("0x10", None),
            ("5.4 km", None),
        ),
    ],
)
def test_numbers_as_people_write_them(text: str, value: float | None) -> None:
    assert number(text) == value


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    found, value = moment(text), number(text)
    assert found is None or 315_532_800 <= found < 4_102_444_800
    assert value is None or value == value
    offset_of(text)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.integers(-56, 56))  # noqa: DTZ001 - made aware below
def test_what_python_writes_is_read_back(naive: datetime, quarters: int) -> None:
    offset = timedelta(minutes=15 * quarters)
    aware = naive.replace(tzinfo=UTC)
    text = (naive + offset).isoformat() + (
        f"{'-' if quarters < 0 else '+'}{abs(quarters) // 4:02d}:{abs(quarters) % 4 * 15:02d}"
    )
    assert moment(text) == pytest.approx(aware.timestamp(), abs=1e-5)
