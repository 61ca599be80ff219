"""Six weeks with Garmin Connect: after every cycle the calendar is what the plan wants, whatever happened."""

import json
import time
from datetime import date, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from syncd.connectors.garmin.kept_login import KeptLogin
from syncd.domain.session import SessionState
from syncd.domain.training.reasons import entered_result
from syncd.domain.training.zones import zones_from_result
from syncd.sandbox.demo import DemoStage
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.athlete import AthleteOnService, furnished
from syncd.sandbox.garmin.faults import Fault, FaultRule, Faults
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.runner import Runner
from syncd.sandbox.weeks_on_garmin import WeeksOnService, foreign_to
from syncd.store import Store

ZONES = zones_from_result(5000, 1500, as_of=None, source=entered_result(5000.0, "25:00"))
FIRST_DAY, DAYS = date(2026, 1, 5), 42
ZONE = ZoneInfo("Europe/Rome")
pytestmark = pytest.mark.long
SEED_MOVES, SEED_TAKES = 6, 5
_IMPATIENT_S = 0.5


class Weeks:
    """A stage with its service, from the first Monday on."""

    def __init__(self, folder, seed, faults=None, *, with_files=False):
        for name in ("state", "inbox", "workouts"):
            (folder / name).mkdir(parents=True)
        self.account = StandInGarminAccount()
        furnished(self.account, FIRST_DAY)
        self.athlete = AthleteOnService(
            self.account, Runner(vdot=ZONES.vdot), FIRST_DAY, ZONE, seed, with_files=with_files
        )
        self.said: list[str] = []
        self.stage = DemoStage(folder, self.said.append)
        self.kept = KeptLogin(folder / "state" / "logins")
        self.kept.tokens.save(self.account.library_tokens(time.time()))
        self.service = GarminStandIn(self.account, hang_s=0.7, faults=faults)

    def live(self, days=DAYS):
        with self.service.running(), Store.open(self.stage.folder / "state") as store:
            weeks = WeeksOnService(
                self.stage, self.service, store, self.kept, ZONES, foreign_to(self.account), FIRST_DAY, ZONE
            )
            if self.service.faults.rules:
                weeks.timeout_s = _IMPATIENT_S  # each answer that never comes costs as much
            for index in range(days):
                weeks.live(self.athlete, FIRST_DAY + timedelta(days=index), index, troubles=False)
            states = [
                each.state for each in store.plan.between(FIRST_DAY, FIRST_DAY + timedelta(days=days - 3))
            ]
            return weeks, states, store.activities.count_runs()


def run_days(account):
    return [row["startTimeLocal"][:10] for row in account.activities]


def test_the_calendar_is_right_after_every_cycle_and_every_run_is_counted_once(tmp_path):
    scene = Weeks(tmp_path / "stage", 7, with_files=True)
    weeks, states, runs = scene.live()
    assert weeks.wrong == []
    assert runs == len(run_days(scene.account)) > 15
    assert states.count(SessionState.DONE) > 0.8 * len(states)
    assert SessionState.DUE not in states


@pytest.mark.parametrize(
    ("seed", "says"), [(SEED_MOVES, "the runner moves"), (SEED_TAKES, "the runner takes")]
)
def test_what_the_runner_moves_and_deletes_stays_so(tmp_path, seed, says):
    scene = Weeks(tmp_path / "stage", seed)
    weeks, _, _ = scene.live(9)
    assert weeks.wrong == []
    assert any(says in said for said in scene.said)
    assert any("watch: leave" in said for said in scene.said)


@pytest.mark.parametrize("seed", [2])
def test_faults_on_many_requests_lose_and_double_nothing(tmp_path, seed):
    rules = [FaultRule(fault, share=0.004) for fault in Fault]
    faults = Faults(rules=rules, rng=Random(seed))
    scene = Weeks(tmp_path / "stage", seed, faults)
    weeks, states, runs = scene.live()
    assert faults.fallen > 15
    assert weeks.wrong == []
    assert runs >= len(run_days(scene.account)) - 1  # the last one may wait for the next cycle
    assert states.count(SessionState.DONE) > 0.7 * len(states)


def test_a_state_of_the_service_can_be_kept_and_gone_on_with(tmp_path):
    scene = Weeks(tmp_path / "stage", 7)
    scene.live(7)
    scene.account.save(tmp_path / "account.json")
    again = StandInGarminAccount.load(tmp_path / "account.json")
    assert json.dumps(again.month(2026, 0)) == json.dumps(scene.account.month(2026, 0))
    assert again.library(0, 100) == scene.account.library(0, 100)
