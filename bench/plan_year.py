"""How long a plan of 52 weeks takes; the budget is 20 ms.

Run it from the project: `python bench/plan_year.py`. Exits 1 over the budget.
"""

from datetime import date
from statistics import median
from time import perf_counter

from syncd.domain.athlete import Availability
from syncd.domain.training.weeks import PlanInputs, history_from_summary, plan_weeks
from syncd.domain.training.zones import zones_from_result

BUDGET_MS = 20.0
ROUNDS = 15
MONDAY = date(2026, 3, 2)


def year(days: int) -> PlanInputs:
    return PlanInputs(
        first_day=MONDAY,
        availability=Availability(days),
        zones=zones_from_result(5000, 25 * 60, as_of=None, source="bench"),
        history=history_from_summary(MONDAY, 6000.0 * days, 2000.0 * days, days),
        weeks=52,
        phase_start=MONDAY,
        levels={},
    )


def milliseconds(inputs: PlanInputs) -> tuple[float, float]:
    """The best and the median of all rounds."""
    taken = []
    for _ in range(ROUNDS):
        start = perf_counter()
        plan_weeks(inputs)
        taken.append((perf_counter() - start) * 1000)
    return min(taken), median(taken)


def main() -> int:
    over = False
    for days in range(2, 8):
        best, middle = milliseconds(year(days))
        over = over or best > BUDGET_MS
        print(f"{days} days: best {best:5.1f} ms, median {middle:5.1f} ms (budget {BUDGET_MS:.0f} ms)")
    return int(over)


if __name__ == "__main__":
    raise SystemExit(main())
