"""Peak memory and time of importing an export with 100 and with 1,000 runs.

    python bench/import_export.py [RUNS...]

Each import runs in a process of its own on an archive like Garmin's: inner archives of 100 files,
half of them hour-long runs at 1 Hz, half days of steps; a summary of every run beside them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PROGRAM = """
import json, pathlib, sys, time
from syncd.cli.main import main
started = time.perf_counter()
code = main(sys.argv[1:])
status = dict(line.split(":", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
peak = int(status["VmHWM"].split()[0]) / 1024  # ru_maxrss would be that of the process that packed the export
print(json.dumps({"code": code, "seconds": time.perf_counter() - started, "peak_mib": peak}), file=sys.stderr)
"""


def export_of(runs: int, path: Path) -> None:
    """Runs on consecutive days; the file of one is that of another with its times moved."""
    from tests.support.exports import START, other_file, recording, summaries, summary, zip_bytes, zipped

    from syncd.sandbox.fitfile import write_activity

    hour = recording(60)
    files = {"DI_CONNECT/DI-Connect-Fitness/me_0_summarizedActivities.json": b""}
    files[next(iter(files))] = summaries(summary(-day, f"Run {day}", 50) for day in range(runs))
    for part in range(0, runs, 50):
        inner = {}
        for day in range(part, min(part + 50, runs)):
            start = START - timedelta(days=day)
            inner[f"me_{day}.fit"] = write_activity(hour, start=start, utc_offset=timedelta(hours=1))
            inner[f"steps_{day}.fit"] = other_file() + bytes(20_000)
        files[f"DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part{part // 50}.zip"] = zip_bytes(
            inner
        )
    zipped(path, files)


def measured(path: Path, home: Path) -> dict[str, float]:
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "SYNCD_NOW": "2026-01-05T06:30:00+01:00"}
    environment |= {"PYTHONPATH": str(ROOT / "src")}
    folders = [home / "in", home / "out"]
    for folder in folders:
        folder.mkdir()
    flags = ["--five-k", "25:00", "--inbox", str(folders[0]), "--outbox", str(folders[1])]
    run = [sys.executable, "-c", PROGRAM]
    subprocess.run([*run, "init", "--yes", *flags], env=environment, check=True, capture_output=True)
    done = subprocess.run(
        [*run, "import", str(path)], env=environment, capture_output=True, text=True, check=True
    )
    print("   ", done.stdout.strip().replace("\n", "\n    "))
    return json.loads(done.stderr.splitlines()[-1])


def main() -> int:
    counts = [int(each) for each in sys.argv[1:]] or [100, 1000]
    with tempfile.TemporaryDirectory() as name:
        for runs in counts:
            path = Path(name) / f"export-{runs}.zip"
            export_of(runs, path)
            found = measured(path, Path(name) / f"home-{runs}")
            size = path.stat().st_size / (1 << 20)
            print(
                f"{runs} runs, {size:.1f} MiB: {found['seconds']:.1f} s, peak {found['peak_mib']:.1f} MiB,"
                f" exit {found['code']:.0f}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
