"""The simulated athlete keeps the habits of a believable amateur."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest

from syncd.domain.session import SessionKind
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.season import SEASON_WEEKS, Day, runner_on, scenario_of_day, spontaneous_run

WEEK = {1: SessionKind.THRESHOLD, 3: SessionKind.EASY, 5: SessionKind.EASY, 6: SessionKind.LONG}
SEEDS = range(30)


def shown(day_index: int, kind: SessionKind) -> Day:
    """A session as the watch shows it."""
    return Day(
        slot=list(WEEK).index(day_index % 7) + 1,
        hard=kind is SessionKind.THRESHOLD,
        easy=kind is SessionKind.EASY,
        all_out=kind in (SessionKind.TEST, SessionKind.RACE),
    )


def planned(day_index: int) -> Day | None:
    kind = WEEK.get(day_index % 7)
    return None if kind is None else shown(day_index, kind)


def season(seed: int) -> Iterator[tuple[SessionKind | None, Scenario | None]]:
    for day_index in range(SEASON_WEEKS * 7):
        yield WEEK.get(day_index % 7), scenario_of_day(planned(day_index), day_index, seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_season_has_one_missed_session_and_one_that_fades(seed: int) -> None:
    days = list(season(seed))
    assert sum(plan is not None and what is None for plan, what in days) == 1
    assert sum(what is Scenario.FADING for _, what in days) == 1


def test_most_days_go_as_planned() -> None:
    seen = Counter(what for seed in SEEDS for plan, what in season(seed) if plan is not None)
    meant = (Scenario.PERFECT, Scenario.AUTO_LAP, Scenario.UNEVEN)
    assert sum(seen[each] for each in meant) > 0.65 * seen.total()
    assert seen[Scenario.LIGHTS] > 0
    assert seen[Scenario.LIGHTS_RUNNING] > 0


def test_easy_days_and_only_they_are_sometimes_too_fast() -> None:
    kinds = Counter(
        plan for seed in SEEDS for plan, what in season(seed) if plan and what is Scenario.TOO_FAST
    )
    assert set(kinds) == {SessionKind.EASY}
    assert 0.05 < kinds[SessionKind.EASY] / (len(SEEDS) * SEASON_WEEKS * 2) < 0.25


def test_about_once_a_season_a_rest_day_becomes_a_run() -> None:
    extra = [what for seed in SEEDS for plan, what in season(seed) if plan is None and what is not None]
    assert set(extra) == {Scenario.IGNORED}
    assert 0.6 < len(extra) / len(SEEDS) < 2.0


@pytest.mark.parametrize("kind", [SessionKind.TEST, SessionKind.RACE])
def test_tests_and_races_are_run_all_out(kind: SessionKind) -> None:
    assert {scenario_of_day(shown(day, kind), day, seed) for seed in SEEDS for day in (1, 8, 15)} == {
        Scenario.ALL_OUT
    }


def test_a_day_depends_on_its_arguments_alone() -> None:
    forward = [scenario_of_day(planned(day), day, 7) for day in range(42)]
    backward = [scenario_of_day(planned(day), day, 7) for day in reversed(range(42))]
    assert forward == backward[::-1]
    assert spontaneous_run(4, 7) == spontaneous_run(4, 7)
    assert list(season(1)) != list(season(2))


def test_fitness_improves_slowly_and_ever_slower() -> None:
    start = Runner(vdot=38.0)
    gains = [runner_on(start, 7 * week).vdot - start.vdot for week in range(60)]
    assert gains[0] == 0
    assert 0.5 < gains[6] < 1.2
    assert gains == sorted(gains)
    assert gains[59] < 4
    steps = [after - before for before, after in pairwise(gains)]
    assert steps == sorted(steps, reverse=True)


def test_nothing_but_the_fitness_changes_and_it_has_an_upper_end() -> None:
    start = Runner(vdot=84.5, hr_max_bpm=190, easy_preference=0.2)
    later = runner_on(start, 400)
    assert later.vdot == 85
    assert (later.hr_max_bpm, later.easy_preference) == (190, 0.2)
