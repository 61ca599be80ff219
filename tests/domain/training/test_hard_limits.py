"""How much of a week may be hard."""

import pytest

from syncd.domain.training.hard_limits import too_hard
from syncd.domain.workout import PaceZone

M, HM, T = PaceZone.MARATHON, PaceZone.HALF_MARATHON, PaceZone.THRESHOLD
FIVE_K, R = PaceZone.FIVE_K, PaceZone.REPETITION
THRESHOLD_MPS = 4.0  # 15 min are 3.6 km


@pytest.mark.parametrize(
    ("quality", "week_m", "rule"),
    [
        ({HM: 4000}, 20_000, None),
        ({HM: 4100}, 20_000, "S6"),  # 20 % in all
        ({M: 3000, HM: 1500}, 20_000, "S6"),
        ({T: 3600, M: 3700}, 36_500, None),  # threshold: 15 min (3.6 km here) or 10 %
        ({T: 3900, M: 4000}, 39_500, None),
        ({T: 4100, HM: 4200}, 42_000, None),
        ({T: 3700, HM: 3750}, 37_000, "S6"),
        ({FIVE_K: 1600, HM: 1700}, 17_000, None),  # 5K pace: 1.6 km or 12 % (at most 4 km) or 8 %
        ({FIVE_K: 3900, HM: 4000}, 40_000, None),
        ({FIVE_K: 4500, HM: 4600}, 46_000, "R24"),
        ({R: 1500, HM: 2000}, 20_000, None),  # repetitions: 1.6 km or 5 %
        ({R: 1700, HM: 2000}, 20_000, "R24"),
        ({T: 2900, M: 3000}, 30_000, None),  # most of it at half-marathon or marathon pace
        ({T: 3000, M: 2900}, 30_000, "S23"),
        ({T: 2000, FIVE_K: 1000, M: 3000}, 30_000, "S23"),
        ({}, 0, None),
    ],
)
def test_a_week_is_too_hard_by_share_by_pace_or_by_its_mix(quality, week_m, rule) -> None:
    assert too_hard(quality, week_m, THRESHOLD_MPS) == rule
