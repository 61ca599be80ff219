"""The stand-in run by hand: state on disk, days that pass when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from time import time
from zoneinfo import ZoneInfo

from syncd.domain.session import monday_of
from syncd.domain.training.zones import zones_from_result
from syncd.sandbox.garmin.account import Account
from syncd.sandbox.garmin.answers import Answer, Request, as_json
from syncd.sandbox.garmin.athlete import AthleteOnService, furnished
from syncd.sandbox.garmin.faults import Faults
from syncd.sandbox.garmin.service import Service
from syncd.sandbox.runner import Runner
from syncd.store.durable import write_whole

ACCOUNT, TOKENS = "garmin.json", "tokens"
_DAY = "/sandbox/day"
_FIVE_K_S = 1500.0  # the runner's 5 km when everything begins: 25:00


class SandboxError(Exception):
    """The stand-in cannot run like this; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A folder of the stand-in: one account, and tokens as the garminconnect library writes them."""

    folder: Path
    seed: int
    zone: ZoneInfo

    def service(self, port: int, faults: Faults) -> Service:
        """The service over the kept account, begun where there is none. Raises SandboxError."""
        account = self._account()
        athletes: dict[date, AthleteOnService] = {}

        def lived(request: Request) -> Answer | None:
            if (request.method, request.path) != ("POST", _DAY):
                return None
            return _live(request, lambda first: athletes.setdefault(first, self._athlete(account, first)))

        def keep() -> None:
            account.save(self.folder / ACCOUNT)

        try:
            return Service(account, port=port, faults=faults, keep=keep, control=lived)
        except (OSError, OverflowError) as error:
            reason = error.strerror if isinstance(error, OSError) else "no such port"
            raise SandboxError(f"port {port} cannot be had ({reason}): name another with --port") from None

    def _account(self) -> Account:
        kept = self.folder / ACCOUNT
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            account = Account.load(kept) if kept.exists() else Account()
            tokens = account.library_tokens(time())
            (self.folder / TOKENS).mkdir(mode=0o700, exist_ok=True)
            write_whole(self.folder / TOKENS / "garmin_tokens.json", tokens.encode())
            account.save(kept)
        except (ValueError, TypeError) as error:
            raise SandboxError(f"{kept} is not an account of this stand-in: name another --state") from error
        except OSError as error:
            raise SandboxError(f"{self.folder} cannot be used: {error.strerror}") from error
        return account

    def _athlete(self, account: Account, first: date) -> AthleteOnService:
        vdot = zones_from_result(5000, _FIVE_K_S, as_of=None, source="").vdot
        if not account.others:
            furnished(account, first)
        return AthleteOnService(account, Runner(vdot=vdot), first, self.zone, self.seed)


def _live(request: Request, athlete_from: Callable[[date], AthleteOnService]) -> Answer:
    """One day: the watch syncs in the morning, then the run, then perhaps a change of mind."""
    try:
        day = date.fromisoformat(str(request.sent["date"]))
    except (ValueError, TypeError, KeyError):
        return as_json({"error": 'send {"date": "2026-01-05"}'}, 400)
    weeks = (day - date(2024, 1, 1)).days // 42
    athlete = athlete_from(monday_of(date(2024, 1, 1) + timedelta(days=42 * weeks)))
    athlete.morning(day)
    lived = athlete.run(day)
    return as_json(
        {
            "date": day.isoformat(),
            "run": None if lived.scenario is None else lived.scenario.value,
            "workout": lived.name,
            "activityId": lived.activity_id,
            "then": athlete.change_of_mind(day),
        }
    )
