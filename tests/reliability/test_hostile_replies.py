"""One endpoint's nonsense costs its own stage: never the other service, never the next sync."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator

import pytest

from syncd.connectors.garmin import replies
from syncd.cycle import run
from tests.reliability.hostile_replies import Battlefield, attacks_on, battlefield
from tests.support.sweep import FULL

pytestmark = pytest.mark.long

FEW = 0.0003  # of some 12,700 attacks
SOME = (  # always tried: what brought down a whole sync before
    ("GET /activity-service/activity/N", "lists in lists"),
    ("GET /activitylist-service/activities/search/activities", "objects in objects"),
    ("GET /calendar-service/year/N/month/N", "a million empty lists in an object"),
    ("GET /api/vN/activities/N/streams", "60 MB of lists"),
    ("GET /api/vN/athlete/activities", "lists in lists that end"),
    ("GET /download-service/files/activity/N", "zip of zeros"),
)


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Battlefield]:
    with battlefield(tmp_path_factory.mktemp("hostile")) as ready:
        yield ready


def test_a_sync_bears_whatever_one_endpoint_answers(field: Battlefield) -> None:
    every = attacks_on(field.hostile.seen, random.Random(0), 1)
    by_name = {(attack.endpoint, attack.name): attack for attack in every}
    dice = random.Random(7)
    chosen = every if FULL else [by_name[pair] for pair in SOME] + [a for a in every if dice.random() < FEW]
    outcomes = [field.suffer(attack) for attack in chosen]
    sys.stdout.write(f"\nhostile replies: {len(outcomes)} tries, {field.hostile.hit} answers replaced\n")
    assert field.hostile.hit >= len(outcomes) // 2
    assert [(o.attack.endpoint, o.attack.name, o.wrong) for o in outcomes if o.wrong] == []


def unbounded(patch: pytest.MonkeyPatch) -> None:
    """As it was: answers are read without a bound, and what that raises ends the sync."""
    patch.setattr(replies, "loaded", json.loads)
    patch.setattr(run, "NONSENSE", ())


def all_or_nothing(patch: pytest.MonkeyPatch) -> None:
    """The first service that fails stops all."""

    def stopped(service: str, error: BaseException) -> None:
        raise SystemError(service) from error

    patch.setattr(replies, "loaded", json.loads)
    patch.setattr(run, "_not_understood", stopped)


PLANTED: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "unbounded answers": unbounded,
    "all or nothing": all_or_nothing,
}


@pytest.mark.parametrize("bug", PLANTED)
def test_the_harness_finds_planted_bugs(
    field: Battlefield, bug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    PLANTED[bug](monkeypatch)
    listing = "GET /activitylist-service/activities/search/activities"
    every = attacks_on({listing: field.hostile.seen[listing]}, random.Random(0), 1)
    outcome = field.suffer(next(attack for attack in every if attack.name == "lists in lists"))
    assert outcome.wrong.startswith(("RecursionError", "SystemError"))
