"""What the idle service costs: memory beside a bare interpreter, CPU and wake-ups a day.

    bench/daemon_idle.py [SECONDS]      (default 180; longer is truer)

Prints PSS of both, the difference, CPU seconds and wake-ups extrapolated to a day, and what one quiet
look (its own process) costs. A runner with an empty folder, the quiet night off.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 180.0
DAY_S = 86_400
CONFIG = """
[athlete]
timezone = "Europe/Rome"
[fitness]
five_k = "25:00"
[folder]
inbox = "runs"
outbox = "workouts"
every_min = 1440
[daemon]
quiet = ""
"""


def pss_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024


def precise_cpu_s(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def wake_ups(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("voluntary_ctxt")).split()[1])


def bare_mb() -> float:
    """The same interpreter, doing nothing."""
    code = "import time; print(flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        found = pss_mb(process.pid)
        process.kill()
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for each in ("runs", "workouts"):
            (folder / each).mkdir()
        (folder / "config.toml").write_text(CONFIG)
        environ = {**os.environ, "SYNCD_CONFIG": str(folder / "config.toml")}
        bare = statistics.median(bare_mb() for _ in range(5))
        service = subprocess.Popen(
            [sys.executable, "-m", "syncd", "run"], env=environ, stderr=subprocess.PIPE, text=True
        )
        try:
            for line in service.stderr:
                if "sync: " in line:
                    break
            time.sleep(2)
            cpu, woken, began = precise_cpu_s(service.pid), wake_ups(service.pid), time.monotonic()
            time.sleep(SECONDS)
            passed = time.monotonic() - began
            idle = pss_mb(service.pid)
            cpu = (precise_cpu_s(service.pid) - cpu) * DAY_S / passed
            woken = (wake_ups(service.pid) - woken) * DAY_S / passed
        finally:
            service.terminate()
            service.wait()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(5):
            command = [sys.executable, "-m", "syncd", "sync", "--json"]
            subprocess.run(command, env=environ, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        look = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 5
    print(f"bare interpreter {bare:.1f} MB, idle service {idle:.1f} MB: {idle - bare:+.1f} MB (PSS)")
    print(f"idle, a day: {cpu:.1f} s of CPU, {woken:.0f} wake-ups (seen over {passed:.0f} s)")
    print(f"a quiet look: {look:.2f} s of CPU in a process of its own, about 70 a day: {70 * look:.0f} s")
    print(json.dumps({"bare_mb": bare, "idle_mb": idle, "cpu_s_a_day": cpu, "wake_ups_a_day": woken}))


if __name__ == "__main__":
    main()
