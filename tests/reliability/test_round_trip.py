"""Every workout that a plan can hold goes to Garmin Connect and comes back as it was."""

import json
from itertools import product

import pytest

from syncd.connectors.garmin.codec import encode
from syncd.connectors.garmin.reading import decode
from syncd.domain.athlete import Concern, Goal, Health
from syncd.domain.delivery.labels import watch_name
from syncd.domain.delivery.remote import OwnerKey
from syncd.domain.session import SessionKind
from syncd.domain.training.weeks import PlanError, plan_weeks
from syncd.domain.training.zones import resolve_workout
from syncd.sandbox.garmin.account import StandInGarminAccount
from tests.domain.training.grid import DAYS, inputs_of, replace

WEEKDAYS = tuple(range(7))


def library():
    """One of each content: a year of 48 athletes with every goal, and of some who train by effort."""
    found = {}
    goals = tuple(Goal)
    for place, (days, km, five_k) in enumerate(product(DAYS, (11, 28, 60, 90), (17, 29))):
        race_weeks = (None, 13, 22)[place % 3]
        inputs = inputs_of(days, km, five_k, WEEKDAYS, goals[place % len(goals)], race_weeks)
        if place % 8 == 0:
            inputs = replace(
                inputs, race=None, health=Health.saying(Concern.STRESS_FRACTURE, since=inputs.first_day)
            )
        try:
            weeks = plan_weeks(inputs)
        except PlanError:
            continue
        for week in weeks:
            for session in week.sessions:
                made = resolve_workout(session.workout, inputs.zones)
                found.setdefault(made.content_hash, (session, made))
    return tuple(found.values())


@pytest.fixture(scope="module")
def sessions():
    return library()


def test_the_grid_holds_every_kind_of_session(sessions):
    kinds = {session.kind for session, _ in sessions}
    assert kinds >= set(SessionKind) - {SessionKind.WALK_RUN}
    assert len(sessions) > 500


def test_each_reads_back_equal_from_the_service(sessions):
    account = StandInGarminAccount()
    for session, made in sessions:
        mark = OwnerKey("me", session.id, made.content_hash)
        sent = encode(made.named(watch_name(session.title, mark)), mark)
        kept = account.create_workout(json.loads(json.dumps(sent)))
        found = decode(json.loads(json.dumps(kept)))
        assert found.workout.content_hash == made.content_hash, session.title
        assert (found.key, found.beyond) == (mark, ())
