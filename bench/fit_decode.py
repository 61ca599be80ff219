"""Decode and normalise a folder of FIT files: our reader against the official SDK.

    python bench/fit_decode.py FOLDER

Each reader works in a process of its own, on the same files, one after the other. The result is
a ratio within one run, and the peak memory of each process above that of an empty one.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def sdk_reader() -> Callable[[bytes], object]:
    """The SDK's decoder with its defaults: messages as dictionaries, nothing normalised."""
    from garmin_fit_sdk import Decoder, Stream

    return lambda data: Decoder(Stream.from_byte_array(bytearray(data))).read()


def our_reader() -> Callable[[bytes], object]:
    """Decoded and normalised to an activity."""
    from syncd.formats.fit.activity import read_activity

    return read_activity


READERS = {"empty": lambda: len, "syncd": our_reader, "garmin-fit-sdk": sdk_reader}


def measure(name: str, folder: Path) -> dict[str, float]:
    """Seconds and bytes of one pass, import not counted, and the peak memory in MB."""
    files = sorted(folder.rglob("*.fit"))
    reader = READERS[name]()
    seconds, size = 0.0, 0
    for path in files:
        data = path.read_bytes()
        size += len(data)
        started = time.perf_counter()
        reader(data)
        seconds += time.perf_counter() - started
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"files": len(files), "mb": size / 1e6, "seconds": seconds, "peak_mb": peak_kib / 1024}


def in_child(name: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, str(folder), name], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def main() -> int:
    if len(sys.argv) == 3:
        print(json.dumps(measure(sys.argv[2], Path(sys.argv[1]))))
        return 0
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    results = {name: in_child(name, Path(sys.argv[1])) for name in READERS}
    empty, ours, theirs = results.values()
    if not ours["files"]:
        print(f"no FIT files in {sys.argv[1]}", file=sys.stderr)
        return 1
    print(f"{ours['files']} files, {ours['mb']:.1f} MB")
    for name, result in (("syncd", ours), ("garmin-fit-sdk", theirs)):
        speed, above = result["mb"] / result["seconds"], result["peak_mb"] - empty["peak_mb"]
        print(f"{name:15} {result['seconds']:7.2f} s {speed:7.1f} MB/s", end="  ")
        print(f"peak {result['peak_mb']:4.0f} MB, {above:+.0f} above reading the bytes")
    print(f"ratio {theirs['seconds'] / ours['seconds']:.1f}x faster than the SDK's decode alone")
    return 0


if __name__ == "__main__":
    sys.exit(main())
