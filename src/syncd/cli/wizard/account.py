"""What the runner's account tells: the last weeks, from its list of runs alone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from syncd.cli.asking import tell
from syncd.cli.exits import exit_code
from syncd.cli.wizard.detect import library_tokens
from syncd.cli.wizard.history import NO_RUN, HistoryProposal, proposal_of

if TYPE_CHECKING:
    from syncd.domain.units import Units
    from syncd.paths import Paths

LISTED = timedelta(weeks=8)  # our default: six weeks are proposed from, and the last runs may be a while ago


@dataclass(frozen=True, slots=True)
class GarminAccount:
    """The account at Garmin Connect. Whatever fails is told in one line, and nothing depends on it."""

    paths: Paths
    now: datetime

    @property
    def is_logged_in(self) -> bool:
        """Whether it can be asked; nobody is asked for that."""
        from syncd.connectors.garmin.kept_login import KeptLogin

        return KeptLogin(self.paths.logins).state(time.time()).usable

    def log_in(self) -> bool:
        """E-mail, password, code; whether it worked."""
        from syncd.cli.auth_commands import log_in
        from syncd.config import without_file

        try:
            tell("\n".join(log_in(self.paths, without_file())))
        except Exception as error:
            if exit_code(error) is None:
                raise
            _tell_trouble(error)
            return False
        return True

    def proposal(self, units: Units) -> HistoryProposal | None:
        """From the runs of the last weeks: one request, or two; None where there are none."""
        from syncd.cli.opened import context_of
        from syncd.config import without_file
        from syncd.connectors.base import ListsRuns
        from syncd.connectors.registry import connector

        tell("Looking at your last weeks on Garmin Connect ...")
        try:
            make = connector("garmin").source
            source = make(context_of(without_file(), "garmin", self.paths, self.now)) if make else None
            if not isinstance(source, ListsRuns):
                return None
            runs = source.recent_runs(self.now.date() - LISTED)
        except Exception as error:
            if exit_code(error) is None:
                raise
            _tell_trouble(error)
            return None
        found = proposal_of(runs)
        tell(f"{found.words(units) if found else NO_RUN}\n")
        return found


def token_hint(home: Path) -> str:
    """Tokens that lie about already; "" where there are none."""
    found = library_tokens(home)
    if found is None:
        return ""
    return f"Tokens of a Garmin library lie in {found}: syncd auth garmin --tokens {found} takes them over."


def _tell_trouble(error: Exception) -> None:
    tell(f"It goes on without Garmin Connect for now: {error}\n")
