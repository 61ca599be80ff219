"""Building the source from the `[strava]` section; Strava has no calendar to write to."""

from __future__ import annotations

from syncd import clock
from syncd.connectors.base import Connector, ConnectorContext
from syncd.connectors.budget_file import BudgetFile
from syncd.connectors.strava.budget import StravaBudget
from syncd.connectors.strava.oauth import places_of
from syncd.connectors.strava.session import StravaSession
from syncd.connectors.strava.source import CATALOGUE, StravaSource
from syncd.connectors.strava.tokens import StravaTokenFile
from syncd.service_address import is_loopback


def strava_source(context: ConnectorContext) -> StravaSource:
    """Runs of the account. Asks nothing yet."""
    return StravaSource(session_of(context), context.state, context.now)


def session_of(context: ConnectorContext) -> StravaSession:
    """A session on the saved login; nothing is read or asked before the first request."""
    places = places_of(context.settings)
    return StravaSession(
        tokens=StravaTokenFile(context.logins / "strava.json"),
        budget=BudgetFile(StravaBudget, context.logins / "strava-budget.json"),
        places=places,
        tells_time=not is_loopback(places.api),
        now=lambda: clock.now().timestamp(),
    )


STRAVA = Connector("strava", source=strava_source, forgets=(CATALOGUE,))
