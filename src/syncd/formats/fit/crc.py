"""The checksum of FIT files: CRC-16/ARC (polynomial 0x8005 reflected, initial value 0).

The polynomial is (x + 1)(x^15 + x + 1), and x^32767 is 1 modulo it. Bits that lie 32767 places
apart therefore count the same: a long file is first folded onto itself with XOR, at the speed
of memory, and only the last 4096 bytes go through the table.
"""

from __future__ import annotations

_REFLECTED = 0xA001
_PERIOD_BITS = 32767
_TABLE_BYTES = 4096  # what a period of bits takes, rounded up to whole bytes


def _table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        crc = value
        for _ in range(8):
            crc = (crc >> 1) ^ _REFLECTED if crc & 1 else crc >> 1
        table.append(crc)
    return tuple(table)


_TABLE = _table()


def checksum(data: bytes | memoryview) -> int:
    """CRC-16/ARC of `data`, 0 to 65535; over data and its stored checksum together it is 0."""
    folded = _folded(data) if len(data) > _TABLE_BYTES else data
    crc = 0
    for byte in folded:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def _folded(data: bytes | memoryview) -> bytes:
    """4096 bytes with the checksum of `data`.

    Zeros before the data do not change a checksum that starts at 0, so the first block may be
    short: blocks are aligned at the end.
    """
    first = len(data) % _PERIOD_BITS
    total = int.from_bytes(data[:first], "little") << 8 * (_PERIOD_BITS - first)
    for start in range(first, len(data), _PERIOD_BITS):
        total ^= int.from_bytes(data[start : start + _PERIOD_BITS], "little")
    bits = 0
    mask = (1 << _PERIOD_BITS) - 1
    for _ in range(8):  # a block of 32767 bytes is eight periods of 32767 bits
        bits ^= total & mask
        total >>= _PERIOD_BITS
    return (bits << 1).to_bytes(_TABLE_BYTES, "little")
