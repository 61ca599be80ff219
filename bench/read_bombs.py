"""What files made to exhaust memory or time cost: each read in a process of its own, as an import reads it.

    python bench/read_bombs.py [MIB] [WORDS...]

MIB is how large a file is, unpacked (64, which is the most that is read); WORDS choose kinds by name.
Memory is the peak above having read a run of 1 kB, bytes of the file included, seconds are the processor's.
Exits with 1 where a bound is exceeded.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

MOST_MIB, MOST_S, GIVEN_UP_S = 100.0, 30.0, 200.0


def measured(path: Path) -> dict[str, object]:
    """What happened, MiB above and seconds."""
    environment = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"}
    began = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.reading_bombs", path],
            env=environment,
            capture_output=True,
            text=True,
            timeout=GIVEN_UP_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"told": "given up", "mib": float("nan"), "seconds": time.monotonic() - began}
    if done.returncode:
        told = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
        return {"told": told, "mib": float("inf"), "seconds": time.monotonic() - began}
    found: dict[str, object] = json.loads(done.stdout)
    return found


def main() -> int:
    from tests.support.bombs import KINDS, written

    words = sys.argv[1:]
    size = float(words.pop(0)) if words and words[0].replace(".", "").isdigit() else 63.9
    kinds = {name: bomb for name, bomb in KINDS.items() if not words or any(word in name for word in words)}
    over = 0
    print(f"{'kind':42} {'MiB':>6} {'above':>6} {'s':>6}  what happened")
    with tempfile.TemporaryDirectory() as folder:
        for name, bomb in kinds.items():
            path = written(Path(folder) / f"bomb.{bomb.ending}", bomb, int(size * (1 << 20)))
            found = measured(path)
            mib, seconds = float(str(found["mib"])), float(str(found["seconds"]))
            is_over = not (mib <= MOST_MIB and seconds <= MOST_S)
            over += is_over
            length = path.stat().st_size / (1 << 20)
            told = str(found["told"])[:110]
            print(
                f"{name:42} {length:6.1f} {mib:6.1f} {seconds:6.1f}  {'OVER: ' * is_over}{told}", flush=True
            )
            path.unlink()
    print(f"{len(kinds)} kinds, {over} over {MOST_MIB:.0f} MiB or {MOST_S:.0f} s")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
