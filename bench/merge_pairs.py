"""How often the same run on two services is missed, and how often two runs become one.

    python bench/merge_pairs.py [RUNS] [LIVES]

Each life is a simulated runner with so many runs (default 1,000 runs, 100 lives), told by two
services and now and then by a phone, with the skews that real pairs show.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.two_services import errors, life

from syncd.domain.merging.same_runs import same_runs


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    lives = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    told = hidden = false = missed = 0
    seconds = 0.0
    for seed in range(1, lives + 1):
        lived = life(runs, seed)
        started = perf_counter()
        found = same_runs(lived.candidates)
        seconds += perf_counter() - started
        wrong, lost = errors(lived, found)
        told, false, missed = told + len(lived.candidates), false + wrong, missed + lost
        hidden += sum(each.hidden_start for each in lived.candidates)
    print(f"{runs * lives:,} runs, told {told:,} times ({hidden:,} with a hidden start), {seconds:.1f} s")
    print(f"false merges {false}, missed merges {missed}")
    return 1 if false or missed else 0


if __name__ == "__main__":
    sys.exit(main())
