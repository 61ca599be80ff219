"""The stand-in for Garmin Connect as an HTTP service."""

from __future__ import annotations

import time
from collections.abc import Callable

from syncd.sandbox.garmin.account import StandInGarminAccount
from syncd.sandbox.garmin.answers import Request, StandInReply, refusal
from syncd.sandbox.garmin.faults import Faults
from syncd.sandbox.garmin.routes import answer
from syncd.sandbox.garmin.sso import TOKEN_PATH
from syncd.sandbox.stand_in import RequestOutcome, StandIn, Wording


class GarminStandIn(StandIn):
    """A running service, on the clock of the machine.

    `control` answers requests that are not Garmin's; it returns None for any other. `keep` is
    called after everything that may have changed the account.
    """

    wording = Wording(
        too_many=refusal(429, "TooManyRequests"),
        error=refusal(500, "InternalServerError"),
        wrong_types=b'{"workoutId": [], "calendarItems": "none", "workouts": 3}',
    )

    def __init__(
        self,
        account: StandInGarminAccount,
        hang_s: float = 5.0,
        *,
        port: int = 0,
        faults: Faults | None = None,
        keep: Callable[[], None] = lambda: None,
        control: Callable[[Request], StandInReply | None] = lambda _: None,
    ) -> None:
        self.account = account
        self.control = control
        super().__init__(hang_s=hang_s, port=port, faults=faults, keep=keep)

    @property
    def token_url(self) -> str:
        """Where tokens are refreshed."""
        return f"{self.url}{TOKEN_PATH}"

    def answered(self, request: Request) -> RequestOutcome:
        """Carry out a request to Garmin, or one to the stand-in itself."""
        controlled = self.control(request)
        outcome = RequestOutcome(controlled) if controlled is not None else self._served(request)
        if request.method != "GET":
            self.keep()
        return outcome

    def _served(self, request: Request) -> RequestOutcome:
        fault = self.fault_for(request)
        if fault is not None and not fault.carried_out:
            return RequestOutcome(self.wording.error, fault)
        return RequestOutcome(answer(self.account, request, time.time()) or self.wording.error, fault)
