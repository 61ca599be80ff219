"""Many changed files, one after another: what they take, and that none hangs or leaves anything behind.

A few hundred by default, and a hundred thousand of each kind with SYNCD_SWEEP=full.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TypeVar

FULL = os.environ.get("SYNCD_SWEEP") == "full"
FULL_ROUNDS = 100_000
MOST_SECONDS = 5.0  # of the processor, for one changed file of some kilobytes
HUNG_S = 60.0
MOST_MIB = 100.0  # above what reading an unchanged one takes
MOST_LEFT_MIB = 16.0  # what is held in the end, above what was held after a fifth of the files


Result = TypeVar("Result")


def changed_bytes(dice: random.Random, content: bytes, put_in: Sequence[bytes] = ()) -> bytes:
    """Bits, bytes or stretches that are others; sometimes one of `put_in` is there too."""
    out = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        if not out:
            return b""
        place = dice.randrange(len(out))
        match dice.randrange(6 if put_in else 5):
            case 0:
                out[place] ^= 1 << dice.randrange(8)
            case 1:
                out[place : place + dice.randrange(1, 40)] = dice.randbytes(dice.randrange(40))
            case 2:
                del out[place : place + dice.randrange(1, 400)]
            case 3:
                end = place + dice.randrange(1, 400)
                out[place:place] = out[place:end] * dice.choice((1, 3, 20, 50))
            case 4:
                del out[place:]
            case _:
                out[place:place] = dice.choice(put_in)
    return bytes(out)


class Hung(Exception):  # noqa: N818 - a failure of the test
    """One file took a minute."""


@dataclass
class Sweep:
    """What a sweep of so many rounds took."""

    rounds: int
    slowest_s: float = 0.0
    seconds: float = 0.0
    done: int = 0
    before_mib: float = 0.0
    held_mib: float = 0.0

    def __post_init__(self) -> None:
        self.before_mib = peak_mib()

    def time(self, read: Callable[[], Result]) -> Result:
        """What `read` returns. Raises Hung."""
        signal.signal(signal.SIGALRM, _give_up)
        signal.setitimer(signal.ITIMER_REAL, HUNG_S)
        began = time.process_time()
        try:
            return read()
        finally:
            took = time.process_time() - began
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.slowest_s, self.seconds = max(self.slowest_s, took), self.seconds + took
            self.done += 1
            if self.done == self.rounds // 5:
                self.held_mib = held_mib()

    def check(self, name: str) -> None:
        """Within time and memory; with SYNCD_SWEEP=full or -s it says what it took."""
        grown, left = peak_mib() - self.before_mib, held_mib() - self.held_mib
        took = f"{self.done:,} changed files in {self.seconds:.0f} s, at most {self.slowest_s:.2f} s each"
        sys.stdout.write(f"\n{name}: {took}, peak +{grown:.1f} MiB, {left:+.1f} MiB held in the end\n")
        assert self.slowest_s < MOST_SECONDS
        assert grown < MOST_MIB
        assert left < MOST_LEFT_MIB


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise Hung


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def held_mib() -> float:
    """What this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / (1 << 20)
