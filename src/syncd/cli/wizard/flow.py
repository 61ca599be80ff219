"""Asking: one question after the other, each answer kept, all shown as a plan before they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import typer

from syncd.cli.asking import agreed, asked, explain, tell
from syncd.cli.choices import SINKS, sources_of
from syncd.cli.exits import UsageFault
from syncd.cli.first_settings import QUESTIONS, SETTINGS
from syncd.cli.wizard.account import GarminAccount, token_hint
from syncd.cli.wizard.detect import MountedWatch, local_clock, local_units, mounted_watch
from syncd.cli.wizard.draft import Draft
from syncd.cli.wizard.history import NO_RUN, HistoryProposal, proposal_from
from syncd.cli.wizard.questions import Question, worded
from syncd.clock import local_timezone
from syncd.domain.units import Units, units_named

_WEEKS_SHOWN = 2
_EVENING = datetime(2026, 1, 5, 18, 40)  # noqa: DTZ001 - only shown
_PROPOSED = ("days", "weekly_km", "longest_km", "five_k")
_ABOUT_THE_PLAN = ("days", "weekly_km", "longest_km", "race")
_LOGIN = "login"  # among the kept answers
LOGIN_QUESTION = "Log in to Garmin Connect now, yes or no [yes]"


@dataclass(slots=True)
class Interview:
    """`given` was said by flags and is not asked. `today` is the athlete's day.

    `account` None: no service is asked. `may_log_in`: nobody was offered the login yet.
    """

    given: Mapping[str, str]
    draft: Draft
    today: date
    watch: MountedWatch | None = field(default_factory=mounted_watch)
    account: GarminAccount | None = None
    proposal: HistoryProposal | None = None
    looked_in: str = ""
    may_log_in: bool = True
    _reconsidered: set[str] = field(default_factory=set)

    def answers(self) -> dict[str, str]:
        """All answers, confirmed with a look at the first weeks. Raises typer.Abort where they are not.

        Raises UsageFault where options alone contradict each other.
        """
        if self.draft.answers:
            tell("Going on where you left off (syncd init --fresh begins anew).\n")
        else:
            tell("A few questions; Enter takes what is in brackets. Leave when you like: it goes on there.\n")
        if self.watch is not None:
            tell(f"A watch is mounted at {self.watch.root}: runs and workouts can go through its folders.\n")
        while True:
            found = self._asked()
            try:
                _show_first_weeks(found, self.today)
            except UsageFault as error:
                if not self._can_change(_ABOUT_THE_PLAN, found):
                    raise
                tell(f"That does not fit together: {error}\n")
                self._forget(*_ABOUT_THE_PLAN)
                continue
            if self._confirmed(found):
                return found

    def _asked(self) -> dict[str, str]:
        found = dict(self.given)
        for name, question in QUESTIONS.items():
            if self._has_place(name, question, found):
                found[name] = self._settled(name, question, found)
            if name == "sink":
                self._look_at_account(found)
        return found

    def _has_place(self, name: str, question: Question, found: Mapping[str, str]) -> bool:
        """Runs of an account make a folder of them needless, unless one was named already."""
        if name in self.given or not question.wanted(found):
            return False
        return name != "history" or self.proposal is None or name in self.draft.answers

    def _can_change(self, names: Iterable[str], found: Mapping[str, str]) -> bool:
        """Whether another answer can be given to one of these: no option said it."""
        return any(self._has_place(name, QUESTIONS[name], found) for name in names)

    def _settled(self, name: str, question: Question, found: Mapping[str, str]) -> str:
        """What was answered before, or is now."""
        kept = self.draft.answers.get(name)
        if kept is not None:
            return kept
        if question.proposed and name not in self._reconsidered:
            return self._default(name, found)
        self._look_at_history(found)
        kept = _answer(question, self._default(name, found), _units(found))
        self.draft.keep(name, kept)
        return kept

    def _confirmed(self, found: Mapping[str, str]) -> bool:
        said = asked(
            "Write it? yes, no, or the name of an answer to change (days, goal, five_k ...) [yes]"
        ).lower()
        if said in ("", "y", "yes"):
            return True
        if said in ("n", "no"):
            raise typer.Abort
        if said in QUESTIONS and said not in self.given and QUESTIONS[said].wanted(found):
            self._reconsidered.add(said)
            self._forget(said)
        else:
            tell(f"Answers have these names: {', '.join(name for name in found if name not in self.given)}")
        return False

    def _forget(self, *names: str) -> None:
        for name in names:
            self.draft.answers.pop(name, None)

    def _default(self, name: str, found: Mapping[str, str]) -> str:
        """What is proposed, from the machine, the watch and the runs."""
        runs = self.proposal
        if name == "timezone":
            return local_timezone() or "UTC"
        if name == "units":
            return local_units()
        if name == "clock":
            return local_clock(found.get("timezone", ""))
        if name == "source":
            return "garmin" if self.watch is None else "folder"
        if name == "sink":
            return next((source for source in sources_of(found["source"]) if source in SINKS), "garmin")
        if self.watch is not None and name in ("inbox", "outbox"):
            return str(self.watch.runs if name == "inbox" else self.watch.workouts)
        if runs is not None and name in ("days", "weekly_km", "longest_km"):
            return runs.default(name, _units(found))
        return SETTINGS[name].unsaid

    def _look_at_account(self, found: Mapping[str, str]) -> None:
        """Once, where runs come from it and something is still to be proposed; with a login if one likes."""
        account, self.account = self.account, None
        if account is None or "garmin" not in sources_of(found["source"]):
            self.account = account  # another source may be chosen before all is written
            return
        self.may_log_in = self.draft.answers.get(_LOGIN) != "no" and not account.is_logged_in
        open_ones = [name for name in _PROPOSED if name not in self.given and name not in self.draft.answers]
        if not open_ones or self.draft.answers.get(_LOGIN) == "no":
            return
        if self.may_log_in and not self._logged_in(account):
            return
        self.proposal = account.proposal(_units(found))

    def _logged_in(self, account: GarminAccount) -> bool:
        """Offered, once."""
        self.may_log_in = False
        tell("With a login now, days, volume and longest run are proposed from your last weeks there.")
        if hint := token_hint(Path.home()):
            tell(hint)
        if not agreed(LOGIN_QUESTION, by_enter=True):
            self.draft.keep(_LOGIN, "no")
            tell("")
            return False
        return account.log_in()

    def _look_at_history(self, found: Mapping[str, str]) -> None:
        """Once, when a folder was named; a few seconds for half a year of runs."""
        folder = found.get("inbox") or found.get("history") or ""
        if not folder or folder == self.looked_in or self.proposal is not None:
            return
        self.looked_in = folder
        path = Path(folder).expanduser()
        if not path.is_dir():
            tell(f"{folder} is not there yet: nothing can be proposed from it.\n")
            return
        tell("Reading the newest runs ...")
        self.proposal = proposal_from(path)
        tell(f"{self.proposal.words(_units(found)) if self.proposal else NO_RUN}\n")


def _units(found: Mapping[str, str]) -> Units:
    """The athlete's, as far as they are known."""
    return units_named(found.get("units", "km"), found.get("clock", "24h"))


def _answer(question: Question, default: str, units: Units) -> str:
    """Asked until it can be one."""
    explain(worded(question.because, units))
    asks = worded(question.asks, units)
    prompt = f"{asks} [{default}]" if default else asks
    while True:
        try:
            kept = question.check(asked(prompt) or default, units)
        except ValueError as error:
            tell(f"That cannot be: {error}")
            continue
        tell("")
        return kept


def _show_first_weeks(found: Mapping[str, str], today: date) -> None:
    """The plan of the first weeks. Raises UsageFault where the answers contradict each other."""
    from syncd.cli.fitness_commands import zones_from_options
    from syncd.cli.plan_options import PlanRequest
    from syncd.report.training_views import plan_sheet

    units = _units(found)
    weeks = PlanRequest(
        days=int(found["days"]),
        weekly_km=float(found["weekly_km"]),
        longest_km=float(found["longest_km"]),
        goal=found["goal"],
        race=found.get("race", ""),
        birth_year=int(found["birth_year"]) if found.get("birth_year") else None,
    ).plan(zones_from_options(found.get("five_k", ""), 0.0), today, _WEEKS_SHOWN, units)
    tell("Your first two weeks would be:\n")
    tell(plan_sheet(weeks, units))
    if found.get("concerns") and found.get("cleared") not in ("yes", "y"):
        tell("Nothing hard, though, until a doctor says that it is safe.")
    tell(f"Times of day are told like {units.time_of_day(_EVENING)}.\n")
