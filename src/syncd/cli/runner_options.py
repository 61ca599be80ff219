"""What a runner says about running, as options that several commands take."""

from __future__ import annotations

from syncd.cli.choices import PRIORITIES, UNITS, goals
from syncd.cli.option_table import Option

FIVE_K = Option("--five-k", "TIME", "A recent 5 km as hard as you could: mm:ss.")
DAYS = Option("--days", "N", "Runs a week, 2 to 7 (4).", kind=int | None, default=None)
WEEKLY_KM = Option("--weekly-km", "KM", "What you run in a week now.", kind=float | None, default=None)
LONGEST_KM = Option(
    "--longest-km", "KM", "Your longest run of the last month.", kind=float | None, default=None
)
GOAL = Option("--goal", "GOAL", "5k, 10k, half, marathon or none (5k).", words=goals)
RACE = Option("--race", "DATE", "A race over the goal's distance: YYYY-MM-DD.")
PRIORITY = Option("--priority", "GRADE", "Of the race: A, B or C.", words=PRIORITIES)
BIRTH_YEAR = Option("--birth-year", "YEAR", "From 50 on: more rest.")
READ_IN = Option("--units", "UNITS", "km or mi.", words=UNITS)
