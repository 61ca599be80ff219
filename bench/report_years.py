"""Time and size of the report over two years of running, the first time and the next.

    python bench/report_years.py [RUNS] [FOLDER]

Runs of 40 to 60 minutes at 1 Hz with their workouts inside, on consecutive days. A FOLDER is kept, and
used again the next time: making the recordings takes longer than everything else.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from time import perf_counter

from syncd.cli.main import main as syncd
from syncd.domain.notation import parse_workout
from syncd.sandbox.fitfile import write_activity
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate

NOW = datetime(2026, 3, 12, 18, 40, tzinfo=UTC)
WORKOUTS = (
    "8km E",
    "15min E + 4x(5min HM + 90s jog) + 10min E",
    "10km E",
    "15min E + 10x(2min I + 1min jog) + 10min E",
    "15min E + 20min T + 10min E",
    "14km E",
)


def lived(runs: int, home: Path) -> None:
    """A state with so many scored runs."""
    inbox, outbox = home / "in", home / "out"
    for folder in (inbox, outbox):
        folder.mkdir(parents=True)
    for day in range(runs):
        scenario = (Scenario.PERFECT, Scenario.FADING)[day % 2]
        run = simulate(
            parse_workout(WORKOUTS[day % len(WORKOUTS)]), Runner(vdot=38.3), scenario, seed=day % 60
        )
        start = NOW - timedelta(days=day, hours=3)
        (inbox / f"{day}.fit").write_bytes(write_activity(run, start=start, utc_offset=timedelta(0)))
    said("init", "--yes", "--five-k", "25:00", "--inbox", str(inbox), "--outbox", str(outbox))
    said("import", str(inbox))
    said("sync")


def said(*words: str) -> str:
    """What a command prints; it must succeed."""
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(StringIO()):
        code = syncd(list(words))
    if code:
        raise SystemExit(f"syncd {' '.join(words)} ended with {code}")
    return out.getvalue()


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 700
    with tempfile.TemporaryDirectory() as name:
        home = Path(sys.argv[2] if len(sys.argv) > 2 else name).absolute()
        os.environ |= {"HOME": str(home), "SYNCD_NOW": NOW.isoformat()}
        if not (home / ".config").exists():
            lived(runs, home)
        for which in ("first", "next"):
            began = perf_counter()
            told = json.loads(said("report", "--json"))
            print(f"{which}: {perf_counter() - began:.1f} s, {told['bytes']:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
