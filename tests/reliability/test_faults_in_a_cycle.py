"""Each fault at the requests of a whole cycle: after the next clean one, nothing is lost, doubled or left.

Every third request here, beginning with another one for each fault; SYNCD_SWEEP=full takes each.
"""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest

from syncd.connectors.garmin.session import Endpoints, GarminSession
from syncd.domain.session import SessionState
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.athlete import furnished
from syncd.sandbox.garmin.faults import Fault
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.weeks_on_garmin import foreign_to
from tests.support.garmin_scene import BothEndsScene
from tests.support.scene import MONDAY
from tests.support.sweep import FULL

STEP = 1 if FULL else 3


@dataclass
class HurriedScene(BothEndsScene):
    """With a short patience where the service hangs, so that this costs little."""

    patience_s = 5.0

    def session(self) -> GarminSession:
        endpoints = Endpoints(self.service.url, self.service.token_url)
        return GarminSession(self._tokens, endpoints=endpoints, spacing_s=0.0, timeout_s=self.patience_s)


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Iterator[HurriedScene]:
    """A plan is on the calendar, and a run that changes it has been uploaded."""
    account = StandInGarminAccount()
    furnished(account, MONDAY)
    with GarminStandIn(account, hang_s=0.4).running() as service:
        scene = HurriedScene(tmp_path_factory.mktemp("begun"), service=service)
        scene.sync(0, hour=6)
        scene.upload(1, scenario=Scenario.FADING)
        yield scene


def wanted(scene) -> dict:
    return {
        each.session.day: each.session.id
        for each in scene.sessions(1, 10)
        if each.state in (SessionState.DUE, SessionState.DONE)
    }


def ran_through(begun, folder, fault, at) -> bool:
    """The cycle of that evening meets the fault at one request; whether it came so far."""
    account = deepcopy(begun.service.account)
    shutil.copytree(begun.folder, folder)
    begun.service.faults.begin({at: fault})
    scene = HurriedScene.__new__(HurriedScene)
    scene.folder, scene.service, scene.zones, scene.number = folder, begun.service, begun.zones, 0
    theirs = foreign_to(account)
    try:
        scene.patience_s = 0.3
        scene.sync(1)
        scene.patience_s = 5.0
        met = scene.service.faults.seen > at
        scene.service.faults.begin({})
        scene.sync(1, hour=21)
        assert scene.entries() == wanted(scene)
        assert len(scene.service.account.workouts) == len(scene.entries()) + 1
        assert foreign_to(scene.service.account) == theirs
        with scene.world(scene.at(1)) as world:
            assert world.store.activities.count_runs() == 1
            assert (
                world.store.plan.between(scene.at(1).date(), scene.at(1).date())[0].state is SessionState.DONE
            )
        scene.service.requests.clear()
        assert scene.sync(1, hour=22).quiet
        assert scene.writes() == []
    finally:
        begun.service.faults.begin({})
        begun.service.account = account
    return met


@pytest.mark.parametrize("fault", Fault)
def test_after_any_fault_at_any_request_of_a_cycle_the_next_one_makes_it_right(begun, tmp_path, fault):
    at = list(Fault).index(fault) % STEP
    while ran_through(begun, tmp_path / str(at), fault, at):
        at += STEP
    assert at >= 6
