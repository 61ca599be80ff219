"""Each adaptation rule switched off alone, and its main threshold moved both ways: what it brings and costs.

Usage: python bench/ablations.py [--athletes 64] [--seed 0] [--hazard 1.0] [--rules A2,A7] [--no-thresholds]
                                 [--to FILE]

A line a rule: with it less without it, of the same athletes with the same luck, and the 95 % interval. A rule
that decided nothing for an athlete is not lived again for them: their season is the same without it.
"""

import argparse
import importlib
import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from itertools import chain
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from syncd.domain.training.rules.registry import RULES
from syncd.sandbox.seasons.athletes import SimulatedAthlete
from syncd.sandbox.seasons.coach import PACES, RETESTS
from syncd.sandbox.seasons.injuries import Hazards
from syncd.sandbox.seasons.intervals import interval
from syncd.sandbox.seasons.measures import Measures, measured
from syncd.sandbox.seasons.season import live

RULES_PACKAGE = "syncd.domain.training.rules"


@dataclass(frozen=True)
class Threshold:
    """The main number of a rule, where it is, and what it is moved to."""

    rule: str
    module: str
    name: str
    lower: float
    higher: float


THRESHOLDS = (
    Threshold("A1", f"{RULES_PACKAGE}.spike", "REST_DAYS", 2, 5),
    Threshold("A2", f"{RULES_PACKAGE}.time_off", "LEAST_DAYS", 5, 10),
    Threshold("A3", f"{RULES_PACKAGE}.time_off", "FEWEST_EASY_DAYS", 1, 7),
    Threshold("A12", f"{RULES_PACKAGE}.strain", "EASY_RPE", 4.0, 6.0),
    Threshold("A13", f"{RULES_PACKAGE}.strain", "HARDER_BY", 1.0, 3.0),
    Threshold("A10", f"{RULES_PACKAGE}.quality", "EASY_DAYS", 3, 10),
    Threshold("A8", "syncd.domain.training.adaptation", "IN_BAND", 0.8, 1.0),
    Threshold("R20", "syncd.domain.training.adaptation", "TOLERANCE", 1.0, 1.1),
    Threshold("A18", f"{RULES_PACKAGE}.unplanned_runs", "_MOVES_DAYS", 1, 5),
)


@dataclass(frozen=True)
class Task:
    """One season: of which athlete, and what is otherwise in it."""

    seed: int
    likelier: float
    without: tuple[str, ...] = ()
    moved: tuple[str, str, float] | None = None


def lived(task: Task) -> tuple[Measures, frozenset[str]]:
    """The figures of a season, and the rules that decided something in it."""
    before = None
    if task.moved is not None:
        module, name, value = task.moved
        home = importlib.import_module(module)
        before = getattr(home, name)
        setattr(home, name, type(before)(value))
    try:
        hazards = Hazards(*[task.likelier] * 4)
        season = live(SimulatedAthlete.of(task.seed), without=task.without, hazards=hazards)
    finally:
        if task.moved is not None:
            setattr(home, name, before)
    decided = {decision.rule for _, decision in season.plan.decisions}
    if season.plan.repaced:
        decided.add(PACES)
    if len(season.plan.tests) > 1:
        decided.add(RETESTS)
    return measured(season), frozenset(decided)


def difference(ours: list[Measures], others: list[Measures]) -> dict[str, Any]:
    """The figures of ours less those of the others, and in which of them ours are surely better."""
    pairs = list(zip(ours, others, strict=True))
    weekly = interval([one.weekly_m - other.weekly_m for one, other in pairs])
    found = {
        "km": weekly.over(sum(other.weekly_m for other in others) / len(others)),
        "VDOT": interval([one.gain_vdot - other.gain_vdot for one, other in pairs]),
        "hurt days": interval([float(one.hurt_days - other.hurt_days) for one, other in pairs]),
        "paces off": interval([one.pace_off - other.pace_off for one, other in pairs]),
    }
    better = {
        "km": found["km"].low > 0,
        "VDOT": found["VDOT"].low > 0,
        "hurt days": found["hurt days"].high < 0,
        "paces off": found["paces off"].high < 0,
    }
    broken = sum(len(other.broken) for other in others) - sum(len(one.broken) for one in ours)
    helps = [name for name, is_better in better.items() if is_better]
    rows = {name: [round(value, 5) for value in astuple(figure)] for name, figure in found.items()}
    return {"figures": rows, "broken": broken, "helps": helps + (["rules"] if broken > 0 else [])}


def line_of(row: dict[str, Any]) -> str:
    """A row as a line: `A2 decides for 20 of 64: km -1.2 [-2.0 -0.4] % ...`."""
    texts = []
    for name, figure in row["figures"].items():
        times, form = (100, ".2f") if name == "paces off" else (100, ".1f") if name == "km" else (1, ".2f")
        mean, low, high = (format(value * times, f"+{form}") for value in figure)
        texts.append(f"{name} {mean}{' %' if times == 100 else ''} [{low} {high}]")
    broken = f"; {row['broken']} runs against R or S without it" if row["broken"] else ""
    return f"{row['what']}: {'; '.join(texts)}{broken}"


def switched_off(pool, given, ours: list[tuple[Measures, frozenset[str]]]) -> Iterator[dict[str, Any]]:
    """A row a rule."""
    identities = [rule.id for rule in RULES if rule.propose is not None or rule.id == "A9"]
    figures = [found for found, _ in ours]
    for rule in [*identities, PACES, RETESTS]:
        if given.rules and rule not in given.rules:
            continue
        touched = [place for place, (_, decided) in enumerate(ours) if rule in decided]
        tasks = [Task(given.seed + place, given.hazard, (rule,)) for place in touched]
        others = list(figures)
        for place, (found, _) in zip(touched, pool.map(lived, tasks, chunksize=1), strict=True):
            others[place] = found
        what = f"{rule:4} decides for {len(touched):3} of {len(ours)}"
        yield {"what": what, "rule": rule, "athletes": len(touched)} | difference(figures, others)


def moved(pool, given, ours: list[tuple[Measures, frozenset[str]]]) -> Iterator[dict[str, Any]]:
    """Two rows a threshold: the moved one less ours."""
    for threshold in THRESHOLDS:
        if given.rules and threshold.rule not in given.rules:
            continue
        now = getattr(importlib.import_module(threshold.module), threshold.name)
        for value in (threshold.lower, threshold.higher):
            change = (threshold.module, threshold.name, value)
            tasks = [Task(given.seed + place, given.hazard, moved=change) for place in range(len(ours))]
            others = [found for found, _ in pool.map(lived, tasks, chunksize=1)]
            what = f"{threshold.rule:4} {threshold.name} {now:g} -> {value:g}"
            yield {"what": what, "rule": threshold.rule} | difference(others, [found for found, _ in ours])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--athletes", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hazard", type=float, default=1.0)
    parser.add_argument("--rules", type=lambda text: text.split(","), default=[])
    parser.add_argument("--no-thresholds", action="store_true")
    parser.add_argument("--to", type=Path)
    given = parser.parse_args()
    with Pool() as pool:
        tasks = [Task(given.seed + place, given.hazard) for place in range(given.athletes)]
        ours = pool.map(lived, tasks, chunksize=1)
        print(f"{given.athletes} athletes from seed {given.seed}; with the rule less without it", flush=True)
        rows = []
        for row in chain(
            switched_off(pool, given, ours), () if given.no_thresholds else moved(pool, given, ours)
        ):
            print(line_of(row), flush=True)
            rows.append(row)
    rules = [row for row in rows if "athletes" in row]
    idle = ", ".join(row["rule"] for row in rules if not row["athletes"])
    unhelpful = ", ".join(row["rule"] for row in rules if row["athletes"] and not row["helps"])
    print(f"decide nothing here: {idle or 'none'}")
    print(f"help surely in no figure here: {unhelpful or 'none'}")
    if given.to is not None:
        given.to.write_text(
            json.dumps({"athletes": given.athletes, "seed": given.seed, "rows": rows}, indent=1) + "\n"
        )


if __name__ == "__main__":
    main()
