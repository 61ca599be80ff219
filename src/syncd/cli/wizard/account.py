"""What the runner's account shows: the last weeks, from its list of runs alone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from syncd.cli.asking import say
from syncd.cli.exits import exit_code
from syncd.cli.wizard.detect import library_tokens
from syncd.cli.wizard.history import NO_RUN, HistoryProposal, proposal_of

if TYPE_CHECKING:
    from syncd.domain.units import Units
    from syncd.paths import Paths

LISTED = timedelta(
    weeks=8
)  # our default: the suggestion is made from six weeks, and the last run may be a while ago


@dataclass(frozen=True, slots=True)
class GarminAccount:
    """The account at Garmin Connect. Whatever fails is reported in one line, and nothing depends on it."""

    paths: Paths
    now: datetime

    @property
    def is_logged_in(self) -> bool:
        """Whether it can be used, without asking Garmin."""
        from syncd.connectors.garmin.kept_login import KeptLogin

        return KeptLogin(self.paths.logins).state(time.time()).usable

    def log_in(self) -> bool:
        """Log in with e-mail, password and code; whether it worked."""
        from syncd.cli.auth_commands import log_in
        from syncd.config import without_file

        try:
            say("\n".join(log_in(self.paths, without_file())))
        except Exception as error:
            if exit_code(error) is None:
                raise
            _report_failure(error)
            return False
        return True

    def proposal(self, units: Units) -> HistoryProposal | None:
        """A suggestion from the runs of the last weeks, with one or two requests; None without runs."""
        from syncd.cli.opened import context_of
        from syncd.config import without_file
        from syncd.connectors.base import ListsRuns
        from syncd.connectors.registry import connector

        say("Reading your last weeks from Garmin Connect ...")
        try:
            make = connector("garmin").source
            source = make(context_of(without_file(), "garmin", self.paths, self.now)) if make else None
            if not isinstance(source, ListsRuns):
                return None
            runs = source.recent_runs(self.now.date() - LISTED)
        except Exception as error:
            if exit_code(error) is None:
                raise
            _report_failure(error)
            return None
        proposal = proposal_of(runs)
        say(f"{proposal.text(units) if proposal else NO_RUN}\n")
        return proposal


def token_hint(home: Path) -> str:
    """A hint at tokens that a Garmin library left here; "" where there are none."""
    folder = library_tokens(home)
    if folder is None:
        return ""
    return (
        f"There are tokens of a Garmin library in {folder}. To use them: syncd auth garmin --tokens {folder}"
    )


def _report_failure(error: Exception) -> None:
    say(f"Continuing without Garmin Connect for now: {error}\n")
