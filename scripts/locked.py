"""The pins of a lock: package, version, for which Pythons, with which hashes, and because of whom.

As a program it reads a lock from its input and prints the pins of the named packages with all they need.
Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_PIN = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;\\]+)\s*(?:;\s*(?P<marker>[^\\]*?))?\s*\\?$"
)
_HASH = re.compile(r"--hash=sha256:(?P<sum>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """One version of a package. `marker`: the environments it is for, "" for all; `lines` as in the lock."""

    name: str
    version: str
    marker: str
    sums: tuple[str, ...]
    wanted_by: tuple[str, ...]
    lines: tuple[str, ...]


def pins_in(lock: str) -> tuple[Pin, ...]:
    """Every pin, in the order of the lock. Raises ValueError where one has no hash."""
    found = tuple(_pin(block) for block in _blocks(lock))
    bare = [pin.name for pin in found if not pin.sums]
    if bare:
        raise ValueError(f"without a hash: {', '.join(bare)}")
    return found


def needed_by(names: Iterable[str], pins: Iterable[Pin]) -> tuple[Pin, ...]:
    """The pins of these packages, and of all that they need."""
    pins, wanted = tuple(pins), set(names)
    while True:
        more = {pin.name for pin in pins if wanted & set(pin.wanted_by)} - wanted
        if not more:
            return tuple(pin for pin in pins if pin.name in wanted)
        wanted |= more


def _blocks(lock: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lock.splitlines():
        if _PIN.match(line):
            if block:
                yield block
            block = [line]
        elif block:
            block.append(line)
    if block:
        yield block


def _pin(block: list[str]) -> Pin:
    head = _PIN.match(block[0])
    assert head is not None  # noqa: S101 - a block begins with a pin
    sums = tuple(found["sum"] for line in block for found in _HASH.finditer(line))
    said = [line.strip().removeprefix("#").strip() for line in block if line.strip().startswith("#")]
    names = [name.removeprefix("via").strip() for name in said]
    wanted_by = tuple(name for name in names if name and not name.startswith("-"))
    return Pin(head["name"], head["version"], (head["marker"] or "").strip(), sums, wanted_by, tuple(block))


if __name__ == "__main__":
    for pin in needed_by(sys.argv[1:], pins_in(sys.stdin.read())):
        print("\n".join(pin.lines))  # noqa: T201 - its output is what it is for
