"""Options about the runner that several commands take."""

from __future__ import annotations

from syncd.cli.choices import PRIORITIES, UNITS, goals
from syncd.cli.option_table import Option

FIVE_K = Option("--five-k", "TIME", "Your time for a recent all-out 5 km: mm:ss.")
DAYS = Option("--days", "N", "Runs per week, 2 to 7 (default 4).", kind=int | None, default=None)
WEEKLY_KM = Option("--weekly-km", "KM", "Kilometres you run per week now.", kind=float | None, default=None)
LONGEST_KM = Option(
    "--longest-km", "KM", "Your longest run of the last month.", kind=float | None, default=None
)
GOAL = Option("--goal", "GOAL", "5k, 10k, half, marathon or none (default 5k).", choices=goals)
RACE = Option("--race", "DATE", "Date of a race over the goal's distance: YYYY-MM-DD.")
PRIORITY = Option("--priority", "GRADE", "Priority of the race: A, B or C.", choices=PRIORITIES)
BIRTH_YEAR = Option("--birth-year", "YEAR", "Year of birth; from age 50 there is more rest.")
READ_IN = Option("--units", "UNITS", "Units: km or mi.", choices=UNITS)
