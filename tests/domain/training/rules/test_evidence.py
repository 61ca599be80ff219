"""What decisions rest on goes on holding as long as nobody brings other facts."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from syncd.domain.training.evidence import broken
from syncd.sandbox.seasons.athletes import SimulatedAthlete
from syncd.sandbox.seasons.coach import Coach
from syncd.sandbox.seasons.season import lived_with

CHECKED = timedelta(days=60)


class Watched(Coach):
    """A coach of whom every decision is looked at again each morning."""

    gone: Counter[str]

    def _ask_the_rules(self, today: date) -> None:
        situation = self._situation(today)
        for day, decision in self.record.decisions:
            if today - day <= CHECKED:
                fact = broken(decision.proposal.rests_on, situation)
                if fact is not None:
                    self.gone[f"{decision.rule} {fact.kind}"] += 1
        super()._ask_the_rules(today)


@pytest.mark.parametrize("seed", range(0, 14, 2))
def test_in_a_season_without_late_facts_no_decision_loses_its_ground(seed: int) -> None:
    coach = Watched(SimulatedAthlete.of(seed))
    coach.gone = Counter()
    lived_with(coach, weeks=20)
    assert coach.record.decisions
    assert all(decision.proposal.rests_on for _, decision in coach.record.decisions)
    assert coach.gone == {}
