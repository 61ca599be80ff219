"""The stand-in for Strava as an HTTP service."""

from __future__ import annotations

import time
from collections.abc import Callable

from syncd.sandbox.garmin.answers import Request, StandInReply
from syncd.sandbox.garmin.faults import Faults
from syncd.sandbox.stand_in import RequestOutcome, StandIn, Wording
from syncd.sandbox.strava.account import StandInStravaAccount
from syncd.sandbox.strava.oauth import refused
from syncd.sandbox.strava.routes import answer, headers_of


class StravaStandIn(StandIn):
    """A running service. `now` is the clock of its rate windows and logins.

    `keep` is called after each request, before it is answered.
    """

    wording = Wording(
        too_many=refused(429, "Rate Limit Exceeded", "Application", "overall rate limit", "exceeded"),
        error=StandInReply(500, b'{"message":"error"}'),
        wrong_types=b'{"id": [], "laps": "none", "access_token": 3}',
    )

    def __init__(
        self,
        account: StandInStravaAccount,
        hang_s: float = 5.0,
        *,
        port: int = 0,
        faults: Faults | None = None,
        now: Callable[[], float] = time.time,
        keep: Callable[[], None] = lambda: None,
    ) -> None:
        self.account = account
        self.now = now
        super().__init__(hang_s=hang_s, port=port, faults=faults, keep=keep)

    def answered(self, request: Request) -> RequestOutcome:
        """Carry out a request; every answer carries the request counts."""
        now_s = self.now()
        fault = self.fault_for(request)
        carried_out = fault is None or fault.carried_out
        reply = answer(self.account, request, now_s) if carried_out else self.wording.error
        counts = headers_of(self.account, request, now_s)
        self.keep()
        return RequestOutcome(reply, fault, counts)
