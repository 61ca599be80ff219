"""Every rule of the year over 5,000 athletes: the tests' own checks, on eight times their grid.

Usage: python bench/plan_rules.py [ROUNDS]     (about half a minute a round of 624 athletes)
"""

import inspect
import sys
import traceback
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.domain.training import grid, test_year

ROUNDS = 8
_CYCLED = ("WEEKDAYS", "RACE_WEEKS", "AGES")


def rules():
    """The checks that look at every athlete of the grid."""
    for name, check in vars(test_year).items():
        if name.startswith("test_") and not inspect.signature(check).parameters:
            yield name, check


def main(rounds: int) -> int:
    broken: list[str] = []
    seen = 0
    start = perf_counter()
    usual = {name: getattr(grid, name) for name in _CYCLED}
    for turn in range(rounds):
        for name, values in usual.items():  # other partners for the same days, distances and times
            shift = turn % len(values)
            setattr(grid, name, values[shift:] + values[:shift])
        grid.WEEKLY_KM = tuple(km + turn / 2 for km in (8, 11, 14, 17, 20, 24, 28, 36, 43, 50, 60, 70, 82))
        grid.athletes.cache_clear()
        seen += len(grid.athletes())
        for name, check in rules():
            try:
                check()
            except AssertionError as fault:
                broken.append(f"round {turn}: {name}: {traceback.extract_tb(fault.__traceback__)[-1].lineno}")
    print(
        f"{seen} athletes, {52 * seen} weeks, {sum(1 for _ in rules())} rules: {perf_counter() - start:.0f} s"
    )
    print("\n".join(broken) or "no rule broken outside its exemptions")
    return len(broken)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS) > 0)
