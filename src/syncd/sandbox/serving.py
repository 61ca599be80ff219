"""The stand-ins run by hand: their state on disk, days that pass on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import time
from zoneinfo import ZoneInfo

from syncd.domain.reason import Reason
from syncd.domain.session import monday_of
from syncd.domain.training.reasons import Cause
from syncd.domain.training.zones import zones_from_result
from syncd.durable import write_whole
from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.answers import Request, StandInReply, as_json
from syncd.sandbox.garmin.athlete import AthleteOnService, furnished
from syncd.sandbox.garmin.faults import Faults
from syncd.sandbox.garmin.service import GarminStandIn
from syncd.sandbox.runner import Runner
from syncd.sandbox.strava.account import StandInStravaAccount
from syncd.sandbox.strava.following import Follower
from syncd.sandbox.strava.service import StravaStandIn

ACCOUNT, STRAVA, TOKENS = "garmin.json", "strava.json", "tokens"
_DAY = "/sandbox/day"
_FIVE_K_S = 1500.0  # the runner's 5 km when everything begins: 25:00


class SandboxError(Exception):
    """The stand-in cannot run like this; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A folder of the stand-ins: an account each, and tokens as the garminconnect library writes them."""

    folder: Path
    seed: int
    zone: ZoneInfo

    def services(
        self, port: int, faults: Faults, strava_port: int | None = None
    ) -> tuple[GarminStandIn, StravaStandIn | None]:
        """Garmin with the saved account, or a new one, and Strava, which follows it.

        Raises SandboxError.
        """
        follower = None if strava_port is None else Follower(self._strava_account(), self.seed)
        garmin = self._garmin(port, faults, follower)
        if follower is None or strava_port is None:
            return garmin, None
        followed = follower

        def keep() -> None:
            followed.account.save(self.folder / STRAVA)

        keep()
        with _port_wanted(strava_port, "--strava-port"):
            return garmin, StravaStandIn(
                follower.account,
                port=strava_port,
                faults=faults,
                now=lambda: max(time(), followed.until_s),  # days may run ahead of the clock
                keep=keep,
            )

    def _garmin(self, port: int, faults: Faults, follower: Follower | None) -> GarminStandIn:
        account = self._account()
        athletes: dict[date, AthleteOnService] = {}

        def live_a_day(request: Request) -> StandInReply | None:
            if (request.method, request.path) != ("POST", _DAY):
                return None
            return _live(
                request, lambda first: athletes.setdefault(first, self._athlete(account, first, follower))
            )

        def keep() -> None:
            account.save(self.folder / ACCOUNT)
            if follower is not None:
                follower.account.save(self.folder / STRAVA)

        with _port_wanted(port, "--port"):
            return GarminStandIn(account, port=port, faults=faults, keep=keep, control=live_a_day)

    def _strava_account(self) -> StandInStravaAccount:
        file = self.folder / STRAVA
        with self._usable(file):
            return StandInStravaAccount.load(file) if file.exists() else StandInStravaAccount()

    def _account(self) -> StandInGarminAccount:
        file = self.folder / ACCOUNT
        with self._usable(file):
            account = StandInGarminAccount.load(file) if file.exists() else StandInGarminAccount()
            tokens = account.library_tokens(time())
            (self.folder / TOKENS).mkdir(mode=0o700, exist_ok=True)
            write_whole(self.folder / TOKENS / "garmin_tokens.json", tokens.encode())
            account.save(file)
            return account

    @contextmanager
    def _usable(self, file: Path) -> Iterator[None]:
        """The folder exists, and the saved account can be read. Raises SandboxError."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            yield
        except (ValueError, TypeError, KeyError) as error:
            raise SandboxError(f"{file} is not an account of this stand-in: name another --state") from error
        except OSError as error:
            raise SandboxError(f"cannot use {self.folder}: {error.strerror}") from error

    def _athlete(
        self, account: StandInGarminAccount, first: date, follower: Follower | None
    ) -> AthleteOnService:
        vdot = zones_from_result(5000, _FIVE_K_S, as_of=None, source=Reason(Cause.SIMULATED)).vdot
        if not account.others:
            furnished(account, first)
        athlete = AthleteOnService(account, Runner(vdot=vdot), first, self.zone, self.seed)
        if follower is not None:
            athlete.passed_on = follower.take_over
        return athlete


@contextmanager
def _port_wanted(port: int, option: str) -> Iterator[None]:
    try:
        yield
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        raise SandboxError(f"port {port} is not available ({reason}): choose another with {option}") from None


def _live(request: Request, athlete_from: Callable[[date], AthleteOnService]) -> StandInReply:
    """One day: the watch syncs in the morning, then the run, then perhaps a change of the calendar."""
    try:
        day = date.fromisoformat(str(request.sent["date"]))
    except (ValueError, TypeError, KeyError):
        return as_json({"error": 'send {"date": "2026-01-05"}'}, 400)
    weeks = (day - date(2024, 1, 1)).days // 42
    athlete = athlete_from(monday_of(date(2024, 1, 1) + timedelta(days=42 * weeks)))
    athlete.morning(day)
    outcome = athlete.run(day)
    return as_json(
        {
            "date": day.isoformat(),
            "run": None if outcome.scenario is None else outcome.scenario.value,
            "workout": outcome.name,
            "activityId": outcome.activity_id,
            "then": athlete.change_of_mind(day),
        }
    )
