"""What decisions rest on goes on holding as long as nobody brings other facts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from syncd.domain.training.evidence import broken
from syncd.sandbox.seasons import season as seasons

CHECKED = timedelta(days=60)


class Watched(seasons._Life):
    """A season in which every decision is looked at again each morning."""

    gone: Counter[str]

    def _ask_the_rules(self, today: date) -> None:
        every_outcome = {family: tuple(outcomes) for family, outcomes in self.outcomes.items()}
        situation = replace(self._situation(today), outcomes=every_outcome)
        for day, decision in self.season.decisions:
            if today - day <= CHECKED:
                fact = broken(decision.proposal.rests_on, situation)
                if fact is not None:
                    self.gone[f"{decision.rule} {fact.kind}"] += 1
        super()._ask_the_rules(today)


@pytest.mark.parametrize("seed", range(0, 28, 2))
def test_in_a_season_without_late_facts_no_decision_loses_its_ground(seed: int) -> None:
    life = Watched(seasons.SimulatedAthlete.of(seed), adapted=True, weeks=20)
    life.gone = Counter()
    season = life.lived()
    assert season.decisions
    assert all(decision.proposal.rests_on for _, decision in season.decisions)
    assert life.gone == {}
