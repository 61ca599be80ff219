"""A running stand-in for Strava with a clock of its own, and an athlete who is logged in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.strava.budget import StravaBudget
from syncd.connectors.strava.oauth import Places
from syncd.connectors.strava.session import StravaSession
from syncd.connectors.strava.source import StravaSource
from syncd.connectors.strava.tokens import NEEDED_SCOPE, Login, StravaTokenFile
from syncd.domain.notation import parse_workout
from syncd.sandbox.garmin.faults import Fault
from syncd.sandbox.recording import WatchRecording
from syncd.sandbox.runner import Runner
from syncd.sandbox.scenario import Scenario
from syncd.sandbox.simulation import simulate
from syncd.sandbox.strava.account import StandInStravaAccount
from syncd.sandbox.strava.echo import echo_of
from syncd.sandbox.strava.service import StravaStandIn

NOW = datetime(2026, 3, 17, 20, 1, tzinfo=UTC)
SCOPES = ["read", NEEDED_SCOPE]


@cache
def recorded(
    notation: str = "10min E", scenario: Scenario = Scenario.AUTO_LAP, seed: int = 1
) -> WatchRecording:
    """A short run; the same one each time."""
    return simulate(parse_workout(notation), Runner(vdot=40.0), scenario, seed=seed)


@dataclass
class OnStrava:
    """An account, its service, and the login of one runner; `now` is everybody's clock.

    `timeout_s` is long, so that a busy machine is no fault.
    """

    folder: Path
    service: StravaStandIn
    now: datetime = NOW
    timeout_s: float = 10.0

    @property
    def account(self) -> StandInStravaAccount:
        return self.service.account

    @property
    def tokens(self) -> StravaTokenFile:
        return StravaTokenFile(self.folder / "logins" / "strava.json")

    @property
    def budget(self) -> BudgetFile[StravaBudget]:
        return BudgetFile(StravaBudget, self.folder / "logins" / "strava-budget.json")

    @property
    def places(self) -> Places:
        return Places(self.service.url, f"{self.service.url}/api/v3")

    def clock(self) -> float:
        return self.now.timestamp()

    @contextmanager
    def faulty(self, at: dict[int, Fault]) -> Iterator[None]:
        """These requests meet a fault; nobody waits long."""
        self.timeout_s = 0.3
        self.service.faults.begin(at)
        try:
            yield
        finally:
            self.service.faults.begin({})
            self.timeout_s = 10.0

    def passes(self, **amount: float) -> None:
        self.now += timedelta(**amount)

    def log_in(self, scopes: list[str] | None = None) -> Login:
        pair = self.account.logins.grant(scopes or SCOPES, self.clock())
        login = Login(
            self.account.logins.client_id,
            self.account.logins.client_secret,
            pair["access_token"],
            pair["refresh_token"],
            float(pair["expires_at"]),
            tuple(scopes or SCOPES),
        )
        self.tokens.save(login)
        return login

    def session(self, **more) -> StravaSession:
        made = {
            "budget": self.budget,
            "places": self.places,
            "timeout_s": self.timeout_s,
            "now": self.clock,
            "real_now": self.clock,
            "pause": lambda: 5.0,
            **more,
        }
        return StravaSession(self.tokens, **made)

    def source(self, **more) -> StravaSource:
        return StravaSource(self.session(**more), self.folder / "strava", self.now)

    def runs(
        self, days_ago: float, name: str = "run", recording: WatchRecording | None = None, **more
    ) -> int:
        """A run that ended up at the service; its id."""
        number = self.account.new_id()
        start = (self.now - timedelta(days=days_ago)).replace(microsecond=0)
        seen_from = more.pop("there_from_s", 0.0)
        return self.account.add(echo_of(recording or recorded(), number, start, name, **more), seen_from)


@contextmanager
def on_strava(folder: Path, hang_s: float = 2.0) -> Iterator[OnStrava]:
    """A service that runs until the block ends."""
    service = StravaStandIn(StandInStravaAccount(), hang_s=hang_s)
    scene = OnStrava(folder, service)
    service.now = scene.clock
    with service.running():
        scene.log_in()
        yield scene
