"""How long a plan of 52 weeks takes (the budget is 20 ms), and a year for a thousand athletes.

Run it from the project: `python bench/plan_year.py`. Exits 1 over the budget.
"""

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, product
from statistics import median
from time import perf_counter

from syncd.domain.athlete import Availability, Goal, Race
from syncd.domain.reason import Reason
from syncd.domain.training.weeks import PlanError, PlanInputs, history_from_summary, plan_weeks
from syncd.domain.training.zones import zones_from_result

BUDGET_MS = 20.0
RACES = (0, 10, 26)
GOALS = (Goal.FIVE_K, Goal.TEN_K, Goal.HALF, Goal.MARATHON)
ROUNDS = 15
MONDAY = date(2026, 3, 2)


def year(days: int) -> PlanInputs:
    return PlanInputs(
        first_day=MONDAY,
        availability=Availability(days),
        zones=zones_from_result(5000, 25 * 60, as_of=None, source=Reason.legacy("bench")),
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


def thousand() -> tuple[int, int, float]:
    """Athletes planned, athletes told that their race is out of reach, seconds."""
    planned = refused = 0
    start = perf_counter()
    cases = product(range(2, 8), (8, 15, 22, 30, 40, 50, 60, 70, 80, 90), (16, 20, 25, 30, 36, 45), RACES)
    for number, (days, weekly_km, five_k_min, race_weeks) in enumerate(islice(cases, 1000)):
        goal = GOALS[number % len(GOALS)]
        race = Race(MONDAY + timedelta(weeks=race_weeks, days=6), goal) if race_weeks else None
        inputs = replace(
            year(days),
            zones=zones_from_result(5000, five_k_min * 60, as_of=None, source=Reason.legacy("bench")),
            history=history_from_summary(MONDAY, weekly_km * 1000.0, weekly_km * 400.0, 4),
            goal=goal,
            race=race,
        )
        try:
            plan_weeks(inputs)
            planned += 1
        except PlanError:
            refused += 1
    return planned, refused, perf_counter() - start


def main() -> int:
    over = False
    for days in range(2, 8):
        best, middle = milliseconds(year(days))
        over = over or best > BUDGET_MS
        print(f"{days} days: best {best:5.1f} ms, median {middle:5.1f} ms (budget {BUDGET_MS:.0f} ms)")
    planned, refused, seconds = thousand()
    print(f"a year for {planned} athletes ({refused} races out of reach): {seconds:.1f} s")
    return int(over)


if __name__ == "__main__":
    raise SystemExit(main())
