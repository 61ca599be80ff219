"""Many simulated seasons with the adaptation rules and without: the table, and the bars that must hold.

Usage: python bench/seasons.py [--seasons 1000] [--seed 0] [--hazards 1,3,10] [--swept 100] [--to FILE]

`--hazards`: how many times likelier an injury is in a hard run within 48 h of another, in one after a week
off, where more than a fifth of the time was hard, and in a run within a week of pain; the first is that of
the table, the others are lived by the first `--swept` athletes only, for one line each. `--to`: the figures
as JSON, for the documentation. It ends with 1 where a bar does not hold, and names it.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from multiprocessing import Pool
from pathlib import Path
from time import process_time

from syncd.sandbox.seasons.athletes import SimulatedAthlete
from syncd.sandbox.seasons.bars import bars
from syncd.sandbox.seasons.injuries import Hazards
from syncd.sandbox.seasons.longest import longest_by_days
from syncd.sandbox.seasons.measures import Measures, measured
from syncd.sandbox.seasons.season import live
from syncd.sandbox.seasons.summary import Seasons, seasons_payload, seasons_text

Lived = tuple[Measures, Measures, float]


def lived(task: tuple[int, float]) -> Lived:
    """Both seasons of an athlete, and the processor seconds of the first."""
    seed, likelier = task
    athlete, hazards = SimulatedAthlete.of(seed), Hazards(likelier, likelier, likelier, likelier)
    begin = process_time()
    season = live(athlete, hazards=hazards)
    seconds = process_time() - begin
    return measured(season), measured(live(athlete, adapted=False, hazards=hazards)), seconds


def both_of(found: list[Lived]) -> Seasons:
    """With the rules and without."""
    return Seasons(tuple(both[0] for both in found), tuple(both[1] for both in found))


def show_longest() -> Iterator[str]:
    """More days a week should never shorten the longest run: reported, no bar yet."""
    for weekly_km, by_days in longest_by_days().items():
        runs = ", ".join(f"{days} days {metres / 1000:.1f} km" for days, metres in by_days.items())
        yield f"longest run of half a year from {weekly_km} km a week: {runs}"


def main() -> int:
    """1 where a bar does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seasons", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--hazards", type=lambda text: [float(part) for part in text.split(",")], default=[1.0]
    )
    parser.add_argument("--swept", type=int, default=100)
    parser.add_argument("--to", type=Path)
    given = parser.parse_args()
    seeds = range(given.seed, given.seed + given.seasons)
    with Pool() as pool:
        found = []
        for both in pool.imap(lived, [(seed, given.hazards[0]) for seed in seeds], chunksize=4):
            found.append(both)
            print(f"{len(found)} of {len(seeds)} lived", end="\r", file=sys.stderr)
        seasons = both_of(found)
        payload = seasons_payload(seasons, given.seed, 52)
        print(seasons_text(payload), flush=True)
        swept = [{"times": given.hazards[0]} | seasons_payload(both_of(found[: given.swept]), 0, 52)["all"]]
        for likelier in given.hazards[1:]:
            lives = pool.map(lived, [(seed, likelier) for seed in seeds[: given.swept]], chunksize=4)
            swept.append({"times": likelier} | seasons_payload(both_of(lives), 0, 52)["all"])
    for row in swept:
        print(f"hazards other than of long runs x {row['times']:g}: {row['difference']}")
    seconds = sorted(both[2] for both in found)
    print(f"changes a season: {payload['changes_a_season']}")
    print(f"one season: median {seconds[len(seconds) // 2]:.2f} s, slowest {seconds[-1]:.2f} s of one core")
    print("\n".join(show_longest()))
    found_bars = list(bars(seasons))
    for bar in found_bars:
        print(f"{'holds' if bar.holds else 'FAILS'}  {bar.name}: {bar.figures}")
    if given.to is not None:
        more = {"hazards": swept, "bars": [asdict(bar) for bar in found_bars]}
        given.to.write_text(json.dumps(payload | more, indent=1) + "\n")
    return int(any(not bar.holds for bar in found_bars))


if __name__ == "__main__":
    raise SystemExit(main())
