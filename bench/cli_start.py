"""How long a command takes to start and end, beside a bare interpreter: `bench/cli_start.py [ROUNDS]`."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

LINES = (
    ("--help",),
    ("status",),
    ("zones", "--five-k", "25:00"),
    ("plan", "--five-k", "25:00", "--days", "4", "--weekly-km", "20", "--longest-km", "8"),
)


def seconds(command: list[str], env: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | {"HOME": home}
        begin = ["init", "--yes", "--source", "folder", "--sink", "folder", "--inbox", home, "--outbox", home]
        for line in ([*begin, "--five-k", "25:00"], ["sync"]):
            seconds([sys.executable, "-m", "syncd", *line], env)
        bare = [sys.executable, "-c", "pass"]
        lines = {" ".join(line[:1]): [sys.executable, "-m", "syncd", *line] for line in LINES}
        taken: dict[str, list[float]] = {name: [] for name in ("bare", *lines)}
        for _ in range(rounds):
            taken["bare"].append(seconds(bare, env))
            for name, command in lines.items():
                taken[name].append(seconds(command, env))
        unit = statistics.median(taken["bare"])
        for name, each in taken.items():
            middle = statistics.median(each)
            print(f"{name:8} {1000 * middle:6.0f} ms   {middle / unit:5.1f} x bare")


if __name__ == "__main__":
    main()
