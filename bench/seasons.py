"""A thousand simulated seasons with the adaptation rules and without, and how long one takes.

Usage: python bench/seasons.py [SEASONS] [SEED]
"""

import sys
from multiprocessing import Pool
from time import process_time

from syncd.sandbox.seasons.checks import measured
from syncd.sandbox.seasons.season import SimulatedAthlete, live
from syncd.sandbox.seasons.summary import Seasons, seasons_payload, seasons_text


def lived(seed: int):
    """Both seasons of an athlete, and the processor seconds of the first."""
    athlete = SimulatedAthlete.of(seed)
    begin = process_time()
    season = live(athlete)
    seconds = process_time() - begin
    return measured(season), measured(live(athlete, adapted=False)), seconds


def main(count: int, seed: int) -> int:
    with Pool() as pool:
        found = list(pool.imap(lived, range(seed, seed + count), chunksize=4))
    payload = seasons_payload(Seasons(tuple(f[0] for f in found), tuple(f[1] for f in found)), seed, 52)
    print(seasons_text(payload))
    seconds = sorted(each[2] for each in found)
    print(f"changes a season: {payload['changes_a_season']}")
    print(f"one season: median {seconds[len(seconds) // 2]:.2f} s, slowest {seconds[-1]:.2f} s of one core")
    return payload["rules_broken"]


if __name__ == "__main__":
    arguments = [int(each) for each in sys.argv[1:]]
    raise SystemExit(main(*(arguments + [1000, 0][len(arguments) :])) > 0)
