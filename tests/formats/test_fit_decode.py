"""Reading FIT bytes: every way the format allows to write them, and what damage leaves."""

from math import isnan

import pytest

from syncd.formats.fit.decode import MAX_CHAINED, MAX_MESSAGES, decode
from tests.support.fitbytes import (
    EVENTS,
    FILE_ID,
    LAPS,
    MIDSUMMER_2024,
    RECORD_FIELDS,
    RECORDS,
    Layout,
    define,
    file_id,
    fit,
    steady_records,
)

START = MIDSUMMER_2024


@pytest.mark.parametrize("header", [12, 14])
@pytest.mark.parametrize("big_endian", [False, True], ids=["little endian", "big endian"])
def test_both_headers_and_both_byte_orders_say_the_same(header: int, big_endian: bool):
    records = Layout(1, 20, RECORD_FIELDS, big_endian)
    row = {"timestamp": START, "distance": 12.34, "speed": 3.217, "heart_rate": 141, "cadence": 88}
    read = decode(fit(file_id(), records.all([row]), header=header))
    assert read.problems == ()
    assert list(read.records.time_s) == [START]
    assert list(read.records.distance_m) == [12.34]
    assert read.records.speed_mps[0] == pytest.approx(3.217)
    assert (read.records.heart_rate_bpm[0], read.records.cadence_rpm[0]) == (141, 88)


def test_a_field_of_nothing_is_missing_and_a_heart_rate_of_0_too():
    read = decode(fit(RECORDS.all([{"timestamp": START, "distance": 1}, {"heart_rate": 0, "distance": 2}])))
    assert all(isnan(x) for x in (*read.records.speed_mps, *read.records.heart_rate_bpm))
    assert list(read.records.time_s) == [START, -1]


def test_the_enhanced_speed_wins_and_the_plain_one_fills_in():
    rows = [
        {"timestamp": START, "speed": 1.0, "enhanced_speed": 2.0},
        {"timestamp": START + 1, "speed": 3.0},
    ]
    assert list(decode(fit(RECORDS.all(rows))).records.speed_mps) == [2.0, 3.0]


def test_coordinates_are_noticed_not_kept():
    with_position = RECORDS.all([{"timestamp": START, "position_lat": 5}])
    assert decode(fit(with_position)).records.has_position
    assert not decode(fit(steady_records(range(3)))).records.has_position


def test_chained_files_are_read_one_after_the_other():
    read = decode(fit(file_id(), steady_records([0, 1])) + fit(file_id(), steady_records([2])))
    assert [t - START for t in read.records.time_s] == [0, 1, 2]
    assert len(read.all("file_id")) == 2
    assert read.problems == ()


def test_compressed_timestamps_count_on_from_the_last_full_one():
    beats = define(2, 20, [(3, 1, 2)])
    full = EVENTS.all([{"timestamp": START + 30, "event": 0, "event_type": 0}])
    offsets = [(START + 30 + after) & 31 for after in (0, 5, 31, 33)]
    data = b"".join(bytes([0x80 | 2 << 5 | offset, 140 + k]) for k, offset in enumerate(offsets))
    read = decode(fit(full, beats, data))
    assert [t - START for t in read.records.time_s] == [30, 35, 61, 63]
    assert list(read.records.heart_rate_bpm) == [140, 141, 142, 143]


def test_developer_fields_are_stepped_over():
    definition = define(1, 20, [(253, 4, 0x86), (3, 1, 2)], developer=[(0, 2, 0), (1, 3, 0)])
    row = b"\x01" + START.to_bytes(4, "little") + b"\x96" + b"devel"
    read = decode(fit(definition, row * 3))
    assert list(read.records.heart_rate_bpm) == [150] * 3
    assert read.problems == ()


def test_a_local_message_can_be_defined_anew():
    read = decode(fit(LAPS.all([{"distance": 400}]), Layout(2, 20, RECORD_FIELDS).all([{"distance": 7}])))
    assert [lap.number("total_distance") for lap in read.all("lap")] == [400]
    assert list(read.records.distance_m) == [7]


def test_long_runs_of_unknown_messages_are_skipped_whole():
    unknown = define(9, 999, [(0, 3, 13)])
    read = decode(fit(unknown, b"\x09abc" * 1000, steady_records([0]), b"\x09\x01\x01\x01" * 300, file_id()))
    assert len(read.records) == 1
    assert len(read.all("file_id")) == 1
    assert read.problems == ()


def test_old_foot_pods_pack_speed_and_a_rolling_distance_into_three_bytes():
    def packed(speed_cm: int, sixteenths: int) -> bytes:
        return (speed_cm | (sixteenths & 0xFFF) << 12).to_bytes(3, "little")

    definition = define(1, 20, [(253, 4, 0x86), (8, 3, 13)])
    rows = [b"\x01" + (START + k).to_bytes(4, "little") + packed(300 + k, 4000 + 2400 * k) for k in range(3)]
    read = decode(fit(definition, *rows, b"\x01" + (START + 3).to_bytes(4, "little") + b"\xff" * 3))
    assert list(read.records.speed_mps)[:3] == [pytest.approx(3 + k / 100) for k in range(3)]
    assert list(read.records.distance_m)[:3] == [250.0, 400.0, 550.0]
    assert isnan(read.records.distance_m[3])


def test_a_field_of_another_type_than_the_profile_says_is_left_out():
    definition = define(1, 20, [(253, 4, 0x86), (3, 4, 0x88), (4, 3, 2), (5, 4, 0x86)])
    row = b"\x01" + START.to_bytes(4, "little") + b"\x00" * 7 + (700).to_bytes(4, "little")
    read = decode(fit(definition, row))
    assert list(read.records.distance_m) == [7]
    assert isnan(read.records.heart_rate_bpm[0])


def test_a_signed_field_where_the_profile_has_none_is_left_out():
    definition = define(3, 18, [(9, 4, 0x85), (5, 1, 0)])
    session = decode(fit(definition, b"\x03" + (-700).to_bytes(4, "little", signed=True) + b"\x01")).first(
        "session"
    )
    assert session == {"sport": 1}


def test_text_ends_at_its_zero_and_odd_bytes_do_no_harm():
    head = define(7, 26, [(8, 8, 7), (17, 4, 7)]) + b"\x07" + b"5x400\0zz" + b"\xff\xfe\0\0"
    workout = decode(fit(head)).first("workout")
    assert workout.text("wkt_name") == "5x400"
    assert workout.text("wkt_description") == "\ufffd\ufffd"


def test_events_other_than_the_timer_are_not_kept():
    rows = [{"timestamp": START, "event": kind, "event_type": 0} for kind in (0, 9, 36)]
    assert len(decode(fit(EVENTS.all(rows))).all("event")) == 1


class TestDamage:
    """Whatever happened to the file, what precedes the damage is kept."""

    whole = fit(file_id(), steady_records(range(100)))

    def test_a_file_cut_short_keeps_every_complete_record(self):
        cut = self.whole[: -2 - 10 * len(RECORDS.data()) - 3]
        read = decode(cut)
        assert len(read.records) == 89
        assert read.problems[0] == f"cut short: {len(self.whole) - len(cut)} bytes are missing at the end"
        assert "cut off" in read.problems[1]

    @pytest.mark.parametrize("missing", [1, 2])
    def test_a_file_without_its_checksum_is_cut_short_too(self, missing: int):
        read = decode(self.whole[:-missing])
        assert len(read.records) == 100
        assert read.problems == (f"cut short: {missing} bytes are missing at the end",)

    def test_a_message_that_was_never_defined_ends_the_reading(self):
        read = decode(fit(file_id(), steady_records(range(5)), b"\x0c\x01\x02"))
        assert len(read.records) == 5
        assert "never defined" in read.problems[0]

    def test_damage_in_one_chained_file_leaves_the_next(self):
        read = decode(fit(file_id(), b"\x0c") + self.whole)
        assert len(read.records) == 100
        assert len(read.problems) == 1

    def test_a_changed_value_shows_in_the_checksum(self):
        changed = bytearray(self.whole)
        changed[100] ^= 4
        assert decode(bytes(changed)).problems == ("the checksum does not match: values may be damaged",)

    def test_a_recording_that_the_watch_never_closed_is_read_to_its_end(self):
        read = decode(fit(file_id(), steady_records(range(50)), size=0)[:-2])
        assert len(read.records) == 50
        assert read.problems == ("the recording was never closed",)

    @pytest.mark.parametrize(
        ("data", "problem"),
        [
            (b"", "the file is empty"),
            (b"PK\x03\x04" + bytes(40), "not a FIT file"),
            (b"\x0e\x20", "not a FIT file"),
            (fit(file_id()) + b"trailing bytes", "14 bytes after the end are not FIT"),
            (fit(file_id(), b"\x41\0\0\x14\0\xff"), "a definition is cut off"),
            (fit(file_id(), b"\x41\0\0"), "a definition is cut off"),
            (fit(file_id(), b"\x61\0\0\x14\0\x01\x03\x01\x02\x05\x01"), "a definition is cut off"),
            (fit(file_id(), b"\x61\0\0\x14\0\x01\x03\x01\x02"), "a definition is cut off"),
        ],
        ids=[
            "empty",
            "zip",
            "two bytes",
            "trailing",
            "fields cut",
            "header cut",
            "developer fields cut",
            "no developer count",
        ],
    )
    def test_the_problem_is_said(self, data: bytes, problem: str):
        assert problem in decode(data).problems[0]


class TestLimits:
    """Files made to exhaust memory or time."""

    def test_only_so_many_laps_are_kept(self):
        read = decode(fit(LAPS.definition(), LAPS.data(distance=1) * (MAX_MESSAGES + 5)))
        assert len(read.all("lap")) == MAX_MESSAGES
        assert "left out" in read.problems[0]

    def test_only_so_many_chained_files_are_read(self):
        read = decode(fit(FILE_ID.all([{"type": 4}])) * (MAX_CHAINED + 1))
        assert len(read.all("file_id")) == MAX_CHAINED
        assert "left out" in read.problems[0]

    def test_messages_without_any_value_take_no_memory(self):
        read = decode(fit(define(2, 19, []), b"\x02" * 100_000, define(1, 20, []), b"\x01" * 100_000))
        assert read.all("lap") == ()
        assert len(read.records) == 0
