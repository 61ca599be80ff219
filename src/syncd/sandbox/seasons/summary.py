"""Many seasons in one table: with the rules, and the same plan without them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any

from syncd.sandbox.seasons.checks import CLOSE, Measures, measured
from syncd.sandbox.seasons.season import SimulatedAthlete, live

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Seasons:
    """The figures of the same athletes, with the rules and without."""

    adapted: tuple[Measures, ...]
    alone: tuple[Measures, ...]


def simulate(
    count: int, seed: int, *, weeks: int = 52, on_done: Callable[[int], None] = lambda _: None
) -> Seasons:
    """`count` athletes from `seed` on; `on_done` is called with the number done."""
    adapted, alone = [], []
    for number in range(count):
        athlete = SimulatedAthlete.of(seed + number)
        adapted.append(measured(live(athlete, weeks=weeks)))
        alone.append(measured(live(athlete, adapted=False, weeks=weeks)))
        on_done(number + 1)
    return Seasons(tuple(adapted), tuple(alone))


def seasons_payload(seasons: Seasons, seed: int, weeks: int) -> dict[str, Any]:
    """`syncd.seasons/1`."""
    return {
        "schema": "syncd.seasons/1",
        "seasons": len(seasons.adapted),
        "seed": seed,
        "weeks": weeks,
        "rules_broken": sum(len(season.broken) for season in seasons.adapted),
        "broken": [f"{season.habit}: {rule}" for season in seasons.adapted for rule in season.broken][
            :MOST_SHOWN
        ],
        "changes_a_week": _spread(
            [changes for season in seasons.adapted for changes in season.changes_a_week]
        ),
        "changes_a_season": _spread([sum(season.changes_a_week) for season in seasons.adapted]),
        "pace_error": _pace_errors(seasons.adapted),
        "habits": [
            _habit_payload(habit, with_rules, without) for habit, with_rules, without in _by_habit(seasons)
        ],
        "all": _habit_payload("all", seasons.adapted, seasons.alone),
    }


def seasons_text(payload: dict[str, Any]) -> str:
    """A table by habit; it shows too what is better without the rules."""
    number = payload["seasons"]
    seasons = f"{number} season{'' if number == 1 else 's'}"
    who = f"{seasons} of {payload['weeks']} weeks, seed {payload['seed']}"
    lines = [
        f"{who}; with the rules / the same plan without them",
        "",
        f"{'habit':28}{'missed':>12}{'above cap':>12}{'km a week':>12}{'VDOT':>14}{'changes':>9}",
    ]
    for row in [*payload["habits"], payload["all"]]:
        with_rules, without = row["with"], row["without"]
        lines.append(
            f"{row['habit']:28}"
            f"{with_rules['missed']:>6.0%}/{without['missed']:<5.0%}"
            f"{with_rules['above_cap']:>6.1f}/{without['above_cap']:<5.1f}"
            f"{with_rules['weekly_m'] / 1000:>6.1f}/{without['weekly_m'] / 1000:<5.1f}"
            f"{with_rules['gain_vdot']:>+7.1f}/{without['gain_vdot']:<+6.1f}"
            f"{with_rules['changes']:>8.0f}"
        )
    week, error = payload["changes_a_week"], payload["pace_error"]
    close = f"within 2 % in {error['within']:.0%} of {error['seasons']} seasons"
    lines += [
        "",
        f"changes a week: median {week['median']:g}, 95th percentile {week['p95']:g}",
        f"paces three weeks after the second test: {close}, median {error['median']:.1%} off",
        f"rules broken: {payload['rules_broken']}",
        *(f"  {rule}" for rule in payload["broken"]),
    ]
    return "\n".join(lines)


def _by_habit(seasons: Seasons) -> Iterable[tuple[str, list[Measures], list[Measures]]]:
    for habit in sorted({season.habit for season in seasons.adapted}):
        yield (
            habit,
            [season for season in seasons.adapted if season.habit == habit],
            [season for season in seasons.alone if season.habit == habit],
        )


def _habit_payload(habit: str, with_rules: Sequence[Measures], without: Sequence[Measures]) -> dict[str, Any]:
    return {
        "habit": habit,
        "seasons": len(with_rules),
        "with": _means(with_rules),
        "without": _means(without),
    }


def _means(measures: Sequence[Measures]) -> dict[str, float]:
    return {
        "missed": round(mean(season.missed_share for season in measures), 4),
        "above_cap": round(mean(season.above_cap for season in measures), 2),
        "weekly_m": round(mean(season.weekly_m for season in measures)),
        "gain_vdot": round(mean(season.final_vdot - season.true_vdot for season in measures), 2),
        "changes": round(mean(sum(season.changes_a_week) for season in measures), 1),
    }


def _pace_errors(measures: Sequence[Measures]) -> dict[str, float]:
    errors = [abs(season.pace_error) for season in measures if season.pace_error is not None]
    return {
        "seasons": len(errors),
        "within": round(sum(error <= CLOSE for error in errors) / len(errors), 4) if errors else 0.0,
        "median": round(median(errors), 4) if errors else 0.0,
        "p95": round(_quantile(errors, 0.95), 4) if errors else 0.0,
    }


def _spread(values: Sequence[int]) -> dict[str, float]:
    return {"median": median(values), "p95": _quantile(values, 0.95), "max": max(values)}


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
