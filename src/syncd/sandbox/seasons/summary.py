"""Many seasons in one table: with the rules, and the same plan without them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from syncd.sandbox.seasons.athletes import SimulatedAthlete
from syncd.sandbox.seasons.intervals import Interval, interval
from syncd.sandbox.seasons.measures import CLOSE, Measures, measured
from syncd.sandbox.seasons.season import live

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


def by_habit(seasons: Seasons) -> Iterable[tuple[str, list[Measures], list[Measures]]]:
    """The figures of each habit: its name, with the rules, without."""
    for habit in sorted({season.habit for season in seasons.adapted}):
        yield (
            habit,
            [season for season in seasons.adapted if season.habit == habit],
            [season for season in seasons.alone if season.habit == habit],
        )


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
        "comebacks": _comebacks(seasons.adapted),
        "habits": [
            _habit_payload(habit, with_rules, without) for habit, with_rules, without in by_habit(seasons)
        ],
        "all": _habit_payload("all", seasons.adapted, seasons.alone),
    }


def seasons_text(payload: dict[str, Any]) -> str:
    """A table by habit; it shows too what is better without the rules."""
    number = payload["seasons"]
    seasons = f"{number} season{'' if number == 1 else 's'}"
    who = f"{seasons} of {payload['weeks']} weeks, seed {payload['seed']}"
    lines = [
        f"{who}; with the rules / the same plan and luck without them; [95 % interval] of the difference",
        "",
        _heading(),
        *(_row_text(row) for row in [*payload["habits"], payload["all"]]),
    ]
    week, error, back = payload["changes_a_week"], payload["pace_error"], payload["comebacks"]
    close = f"within 2 % in {error['within']:.0%} of {error['seasons']} seasons"
    lines += [
        "",
        f"changes a week: median {week['median']:g}, 95th percentile {week['p95']:g}",
        f"paces three weeks after the second test: {close}, median {error['median']:.1%} off",
        f"back at the old volume in time after {back['in_time']:.0%} of {back['gaps']} gaps",
        f"rules broken: {payload['rules_broken']}",
        *(f"  {rule}" for rule in payload["broken"]),
    ]
    return "\n".join(lines)


def _heading() -> str:
    return (
        f"{'habit':26}{'':>4}{'km a week':>12}{'difference':>24}{'VDOT':>11}{'difference':>24}"
        f"{'hurt days':>12}{'difference':>24}{'paces off':>12}{'changes':>9}"
    )


def _row_text(row: dict[str, Any]) -> str:
    with_rules, without, less = row["with"], row["without"], row["difference"]
    return (
        f"{row['habit']:26}{row['seasons']:>4}"
        f"{with_rules['weekly_m'] / 1000:>7.1f}/{without['weekly_m'] / 1000:<4.1f}"
        f"{_between(less['weekly_share'], '.1f', 100, ' %'):>24}"
        f"{with_rules['gain_vdot']:>+6.1f}/{without['gain_vdot']:<+4.1f}"
        f"{_between(less['gain_vdot'], '.2f'):>24}"
        f"{with_rules['hurt_days']:>7.1f}/{without['hurt_days']:<4.1f}"
        f"{_between(less['hurt_days'], '.1f'):>24}"
        f"{with_rules['pace_off'] * 100:>6.1f}/{without['pace_off'] * 100:<3.1f} %"
        f"{with_rules['changes']:>8.0f}"
    )


def _between(found: dict[str, float], form: str, times: float = 1, unit: str = "") -> str:
    low, high = (format(found[end] * times, f"+{form}") for end in ("low", "high"))
    return f"{format(found['mean'] * times, f'+{form}')}{unit} [{low} {high}]"


def _habit_payload(habit: str, with_rules: Sequence[Measures], without: Sequence[Measures]) -> dict[str, Any]:
    pairs = list(zip(with_rules, without, strict=True))
    weekly = interval([adapted.weekly_m - alone.weekly_m for adapted, alone in pairs])
    share = weekly.over(fmean(season.weekly_m for season in without))
    return {
        "habit": habit,
        "seasons": len(with_rules),
        "with": _means(with_rules),
        "without": _means(without),
        "difference": {
            "weekly_m": _rounded(weekly, 0),
            "weekly_share": _rounded(share, 4),
            "gain_vdot": _rounded(interval([one.gain_vdot - other.gain_vdot for one, other in pairs]), 3),
            "pace_off": _rounded(interval([one.pace_off - other.pace_off for one, other in pairs]), 5),
            "hurt_days": _rounded(
                interval([float(one.hurt_days - other.hurt_days) for one, other in pairs]), 2
            ),
        },
    }


def _rounded(found: Interval, digits: int) -> dict[str, float]:
    return {name: round(getattr(found, name), digits) for name in ("mean", "low", "high")}


def _means(measures: Sequence[Measures]) -> dict[str, float]:
    return {
        "missed": round(fmean(season.missed_share for season in measures), 4),
        "above_cap": round(fmean(season.above_cap for season in measures), 2),
        "weekly_m": round(fmean(season.weekly_m for season in measures)),
        "gain_vdot": round(fmean(season.gain_vdot for season in measures), 2),
        "pace_off": round(fmean(season.pace_off for season in measures), 4),
        "hurt_days": round(fmean(season.hurt_days for season in measures), 2),
        "changes": round(fmean(sum(season.changes_a_week) for season in measures), 1),
    }


def _comebacks(measures: Sequence[Measures]) -> dict[str, float]:
    found = [comeback for season in measures for comeback in season.comebacks]
    in_time = sum(comeback.in_time for comeback in found)
    return {"gaps": len(found), "in_time": round(in_time / len(found), 4) if found else 0.0}


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
