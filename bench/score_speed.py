"""Decode and score one run against the official SDK's decode alone, in one process.

    python bench/score_speed.py FILE.fit [ROUNDS]

The best of the rounds of each counts; the rounds alternate, so that a busy machine disturbs both.
Three readings of the run: with its laps, with its laps removed (steps from the speed signal),
and a recording of 24 hours made of copies of it.
"""

from __future__ import annotations

import resource
import sys
import time
from array import array
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from syncd.domain.activity import Activity, Samples
from syncd.domain.notation import parse_workout
from syncd.domain.reason import Reason
from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
from syncd.domain.scoring.score import score_activity
from syncd.domain.training.zones import resolve_workout, zones_from_result
from syncd.formats.fit import Unreadable
from syncd.formats.fit.activity import read_activity

ZONES = zones_from_result(5000, 1500, as_of=None, source=Reason.legacy("5 km in 25:00"))
PLANNED = resolve_workout(parse_workout("15min E + 6x(800m I + 2min jog) + 10min E"), ZONES)
DAY_S = 86_400


def read(data: bytes) -> Activity:
    found = read_activity(data)
    if isinstance(found, Unreadable):
        raise SystemExit(found.reason)
    return found


def score(activity: Activity) -> object:
    workout = activity.workout or PLANNED
    return score_activity(activity, Prescription(PrescriptionOrigin.ARGUMENT, workout), ZONES)


def unmarked(activity: Activity) -> Activity:
    return replace(activity, laps=(), workout=None)


def a_day_of(activity: Activity) -> Activity:
    """The speeds of a run again and again, one sample a second for 24 hours."""
    clock = array("d", range(DAY_S))

    def again(column: array[float]) -> array[float]:
        return array("f", [column[k % len(column)] for k in range(DAY_S)])

    old = activity.samples
    columns = (old.speed_mps, old.heart_rate_bpm, old.altitude_m, old.cadence_spm)
    metres = array("d", [2.5 * k for k in range(DAY_S)])
    samples = Samples(clock, clock, metres, *map(again, columns))
    return replace(unmarked(activity), samples=samples, timer_s=float(DAY_S), elapsed_s=float(DAY_S))


def best_of(rounds: int, tasks: dict[str, Callable[[], object]]) -> dict[str, float]:
    best = dict.fromkeys(tasks, float("inf"))
    for _ in range(rounds):
        for name, task in tasks.items():
            started = time.perf_counter()
            task()
            best[name] = min(best[name], time.perf_counter() - started)
    return best


def main() -> int:
    if len(sys.argv) not in (2, 3) or not Path(sys.argv[1]).is_file():
        print(__doc__, file=sys.stderr)
        return 2
    data, rounds = Path(sys.argv[1]).read_bytes(), int(sys.argv[2]) if len(sys.argv) == 3 else 5
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    score(read(data))
    after_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    from garmin_fit_sdk import Decoder, Stream

    day = a_day_of(read(data))
    tasks = {
        "SDK decode": lambda: Decoder(Stream.from_byte_array(bytearray(data))).read(),
        "decode + score": lambda: score(read(data)),
        "decode + score, no laps": lambda: score(unmarked(read(data))),
        "score of 24 hours": lambda: score(day),
    }
    best = best_of(rounds, tasks)
    whole = best["SDK decode"]
    for name, seconds in best.items():
        ratio = "" if name in {"SDK decode", "score of 24 hours"} else f"  {whole / seconds:5.1f}x faster"
        print(f"{name:25} {1000 * seconds:8.1f} ms{ratio}")
    print(f"peak memory of decode + score: {(after_kib - before_kib) / 1024:+.0f} MB over the imports")
    return 0


if __name__ == "__main__":
    sys.exit(main())
