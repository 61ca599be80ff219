"""Each adaptation rule switched off alone, and its main threshold moved both ways: what it brings and costs.

Usage: python bench/ablations.py [--athletes 64] [--seed 0] [--hazard 1.0] [--rules A2,A7] [--no-thresholds]

A line a rule: with it less without it, of the same athletes with the same luck, and the 95 % interval. A rule
that decided nothing for an athlete is not lived again for them: their season is the same without it.
"""

import argparse
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import Pool

from syncd.domain.training.rules.registry import RULES
from syncd.sandbox.seasons.athletes import SimulatedAthlete
from syncd.sandbox.seasons.coach import PACES, RETESTS
from syncd.sandbox.seasons.injuries import Hazards
from syncd.sandbox.seasons.intervals import Interval, interval
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
        hazards = Hazards(task.likelier, task.likelier, task.likelier)
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


def difference(ours: list[Measures], others: list[Measures]) -> tuple[str, bool]:
    """A line of figures, and whether one of them is surely better with the rule."""
    pairs = list(zip(ours, others, strict=True))
    weekly = interval([one.weekly_m - other.weekly_m for one, other in pairs])
    share = weekly.over(sum(other.weekly_m for other in others) / len(others))
    vdot = interval([one.gain_vdot - other.gain_vdot for one, other in pairs])
    hurt = interval([float(one.hurt_days - other.hurt_days) for one, other in pairs])
    off = interval([one.pace_off - other.pace_off for one, other in pairs])
    broken = sum(len(other.broken) for other in others) - sum(len(one.broken) for one in ours)
    helps = share.low > 0 or vdot.low > 0 or hurt.high < 0 or off.high < 0 or broken > 0
    figures = [
        f"km {shown(share, 100, '.1f')} %",
        f"VDOT {shown(vdot, 1, '.2f')}",
        f"hurt days {shown(hurt, 1, '.1f')}",
        f"paces off {shown(off, 100, '.2f')} %",
        *([f"{broken} runs against R or S without it"] if broken else []),
    ]
    return "; ".join(figures), helps


def shown(found: Interval, times: float, form: str) -> str:
    """`-1.2 [-2.0 -0.4]`."""
    mean, low, high = (format(value * times, f"+{form}") for value in (found.mean, found.low, found.high))
    return f"{mean} [{low} {high}]"


def switched_off(pool, given, ours: list[tuple[Measures, frozenset[str]]]) -> Iterator[str]:
    """A line a rule."""
    idle, unhelpful = [], []
    identities = [rule.id for rule in RULES if rule.propose is not None or rule.id == "A9"]
    for rule in [*identities, PACES, RETESTS]:
        if given.rules and rule not in given.rules:
            continue
        touched = [place for place, (_, decided) in enumerate(ours) if rule in decided]
        if not touched:
            idle.append(rule)
            continue
        tasks = [Task(given.seed + place, given.hazard, (rule,)) for place in touched]
        others = [found for found, _ in ours]
        for place, (found, _) in zip(touched, pool.map(lived, tasks, chunksize=1), strict=True):
            others[place] = found
        figures, helps = difference([found for found, _ in ours], others)
        unhelpful += [] if helps else [rule]
        yield f"{rule:4} decides for {len(touched):3} of {len(ours)}: {figures}"
    yield f"decide nothing here: {', '.join(idle) or 'none'}"
    yield f"help surely in no figure here: {', '.join(unhelpful) or 'none'}"


def moved(pool, given, ours: list[tuple[Measures, frozenset[str]]]) -> Iterator[str]:
    """Two lines a threshold: the moved one less ours."""
    for threshold in THRESHOLDS:
        if given.rules and threshold.rule not in given.rules:
            continue
        now = getattr(importlib.import_module(threshold.module), threshold.name)
        for value in (threshold.lower, threshold.higher):
            change = (threshold.module, threshold.name, value)
            tasks = [Task(given.seed + place, given.hazard, moved=change) for place in range(len(ours))]
            others = [found for found, _ in pool.map(lived, tasks, chunksize=1)]
            figures, _ = difference(others, [found for found, _ in ours])
            yield f"{threshold.rule:4} {threshold.name} {now:g} -> {value:g}: {figures}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--athletes", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hazard", type=float, default=1.0)
    parser.add_argument("--rules", type=lambda text: text.split(","), default=[])
    parser.add_argument("--no-thresholds", action="store_true")
    given = parser.parse_args()
    with Pool() as pool:
        tasks = [Task(given.seed + place, given.hazard) for place in range(given.athletes)]
        ours = pool.map(lived, tasks, chunksize=1)
        print(f"{given.athletes} athletes from seed {given.seed}; with the rule less without it", flush=True)
        for line in switched_off(pool, given, ours):
            print(line, flush=True)
        for line in () if given.no_thresholds else moved(pool, given, ours):
            print(line, flush=True)


if __name__ == "__main__":
    main()
