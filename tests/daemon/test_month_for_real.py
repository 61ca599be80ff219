"""A month on a simulated machine with real cycles against a stand-in: whatever happens, no run is lost."""

import io
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from syncd.cli.main import main
from syncd.connectors.garmin.tokens import GarminTokenFile
from syncd.daemon.child import Ended
from syncd.domain.delivery.remote import find_key
from syncd.domain.session import SessionState
from syncd.paths import locate
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.athlete import AthleteOnService, furnished
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.runner import Runner
from syncd.store import Store
from tests.cli.conftest import syncd  # noqa: F401 - a fixture
from tests.connectors.garmin.conftest import log_in
from tests.support.sim_machine import settings_answer

ROME = ZoneInfo("Europe/Rome")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEGIN = datetime(2026, 3, 9, 6, 30, tzinfo=ROME)  # a Monday; the clock changes on the 29th
DAYS = 21
pytestmark = pytest.mark.long


@pytest.fixture
def life(stage, syncd, monkeypatch):  # noqa: F811
    """A runner on a stand-in for Garmin Connect, and the service on a machine whose children really work."""
    machine = stage.machine
    machine.now = BEGIN.astimezone(UTC)
    account = StandInGarminAccount()
    furnished(account, BEGIN.date())
    athlete = AthleteOnService(account, Runner(vdot=38.3), BEGIN.date(), ROME, 11)
    with GarminStandIn(account, hang_s=0.5).running() as service:
        monkeypatch.setenv("SYNCD_GARMIN__API_URL", service.url)
        monkeypatch.setenv("SYNCD_GARMIN__SPACING_S", "0")
        monkeypatch.setenv("SYNCD_NOW", BEGIN.isoformat())
        said = syncd(
            *("init", "--yes", "--five-k", "25:00", "--days", 4, "--weekly-km", 20, "--longest-km", 8),
            *("--source", "garmin", "--sink", "garmin", "--timezone", "Europe/Rome"),
        )
        assert said.code == 0, said.err
        log_in(service, GarminTokenFile(locate().logins / "garmin.json"))

        def answer(words, now):
            if words == ("READ",):
                return settings_answer(every_s={"garmin": 6 * 3600})
            monkeypatch.setenv("SYNCD_NOW", now.isoformat())
            out, err = io.StringIO(), io.StringIO()
            with redirect_stdout(out), redirect_stderr(err):
                code = main(words)
            return Ended(code, out.getvalue(), err.getvalue())

        machine.answer = answer
        for day in range(DAYS):
            when = BEGIN.replace(hour=18) + day * DAY
            machine.after(when - BEGIN.astimezone(UTC), lambda day=day: run_of(athlete, day))
        yield stage, service, account


def run_of(athlete, day):
    athlete.run((BEGIN + day * DAY).date())


def test_a_month_with_a_sleep_a_week_away_and_clocks_that_change(life, monkeypatch):
    stage, service, account = life
    machine = stage.machine
    machine.after(4 * DAY, lambda: monkeypatch.setenv("SYNCD_GARMIN__API_URL", "http://127.0.0.1:1"))
    machine.after(11 * DAY, lambda: monkeypatch.setenv("SYNCD_GARMIN__API_URL", service.url))
    machine.after(13 * DAY + 3 * HOUR, lambda: machine.set_clock(-365 * DAY))
    machine.after(13 * DAY + 9 * HOUR, lambda: machine.set_clock(365 * DAY))
    machine.stop_after(DAYS * DAY + 2 * HOUR)
    assert stage.run() == 0

    runs = [row["startTimeLocal"][:10] for row in account.activities]
    with Store.open(locate().state) as store:
        assert store.activities.count_runs() == len(runs) >= 8
        over = store.plan.between(BEGIN.date(), BEGIN.date() + (DAYS - 3) * DAY)
        today = machine.now.date()
        ahead = store.plan.between(today + DAY, today + 8 * DAY)
        assert SessionState.DUE not in {session.state for session in over}
        on_calendar = {
            key.session
            for workout in account.workouts.values()
            if (key := find_key(str(workout["description"] or ""))) is not None
        }
        assert {entry.session.id for entry in ahead} <= on_calendar
    assert len(machine.of("watch")) in (DAYS, DAYS + 1)
    away = [line for line in stage.lines if "cannot be reached" in line]
    assert 15 < len(away) < 80
    behind = [line for line in stage.lines if "nothing is done until it is right" in line]
    assert behind
    assert "with problems" not in stage.manager.statuses()[-2]
