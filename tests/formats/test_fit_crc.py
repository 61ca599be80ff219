"""The checksum of FIT files."""

from hypothesis import given
from hypothesis import strategies as st

from syncd.formats.fit.crc import checksum
from tests.support.fitbytes import crc


def test_it_is_the_published_crc_16_arc():
    assert checksum(b"123456789") == 0xBB3D  # the check value of the CRC catalogue


@given(st.binary(max_size=50), st.integers(0, 3), st.integers(-20, 20), st.integers(0, 255))
def test_folding_long_data_changes_nothing(end: bytes, blocks: int, more: int, fill: int):
    data = bytes([fill]) * max(0, blocks * 32767 + more) + end
    assert checksum(data) == crc(data)


@given(st.binary(min_size=1, max_size=9000))
def test_data_followed_by_their_checksum_have_the_checksum_0(data: bytes):
    assert checksum(data + checksum(data).to_bytes(2, "little")) == 0


@given(st.integers(0, 99_999), st.integers(0, 7))
def test_one_changed_bit_in_a_long_file_shows(place: int, bit: int):
    data = bytearray(bytes(range(250)) * 400)
    before = checksum(data)
    data[place] ^= 1 << bit
    assert checksum(data) != before
