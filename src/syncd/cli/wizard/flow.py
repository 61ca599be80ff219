"""The interview: one question at a time, each answer kept, then a preview before they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import typer

from syncd.cli.asking import agreed, asked, explain, say
from syncd.cli.choices import SINKS, sources_of
from syncd.cli.exits import UsageFault
from syncd.cli.first_settings import QUESTIONS, SETTINGS
from syncd.cli.wizard.account import GarminAccount, token_hint
from syncd.cli.wizard.detect import MountedWatch, local_clock, local_units, mounted_watch
from syncd.cli.wizard.draft import Draft
from syncd.cli.wizard.history import NO_RUN, HistoryProposal, proposal_from
from syncd.cli.wizard.questions import WizardQuestion, worded
from syncd.clock import local_timezone
from syncd.domain.units import Units, units_named

_WEEKS_SHOWN = 2
_EVENING = datetime(2026, 1, 5, 18, 40)  # noqa: DTZ001 - only shown
_PROPOSED = ("days", "weekly_km", "longest_km", "five_k")
_ABOUT_THE_PLAN = ("days", "weekly_km", "longest_km", "race")
_FROM_ANSWERS = "from your answers. Your runs may change it."
_FROM_RUNS = "from your answers and the runs found:"
_LOGIN = "login"  # among the kept answers
LOGIN_QUESTION = "Log in to Garmin Connect now, yes or no [yes]"


@dataclass(slots=True)
class Interview:
    """`given` came with the options and is not asked. `today` is the athlete's date.

    `account` None: no service is asked. `may_log_in`: the login has not been offered yet.
    """

    given: Mapping[str, str]
    draft: Draft
    today: date
    watch: MountedWatch | None = field(default_factory=mounted_watch)
    account: GarminAccount | None = None
    proposal: HistoryProposal | None = None
    read_from: str = ""
    may_log_in: bool = True
    _reconsidered: set[str] = field(default_factory=set)

    def answers(self) -> dict[str, str]:
        """All answers, confirmed after a preview. Raises typer.Abort where they are not.

        Raises UsageFault where options alone contradict each other.
        """
        if self.draft.answers:
            say("Continuing where you stopped (syncd init --fresh starts again).\n")
        else:
            say(
                "A few questions. Press Enter to accept the answer in brackets. "
                "Stop any time; run `syncd init` again to continue.\n"
            )
        if self.watch is not None:
            say(f"Found a watch at {self.watch.root}: syncd can use its folders for runs and workouts.\n")
        while True:
            answers = self._ask_all()
            try:
                self._show_first_weeks(answers)
            except UsageFault as error:
                if not self._can_change(_ABOUT_THE_PLAN, answers):
                    raise
                say(f"These answers do not fit together: {str(error).removeprefix('init: ')}\n")
                self._forget(*_ABOUT_THE_PLAN)
                continue
            if self._confirmed(answers):
                return answers

    def _ask_all(self) -> dict[str, str]:
        answers = dict(self.given)
        for name, question in QUESTIONS.items():
            if self._is_asked(name, question, answers):
                answers[name] = self._answer_to(name, question, answers)
            if name == "sink":
                self._suggest_from_account(answers)
        return answers

    def _is_asked(self, name: str, question: WizardQuestion, answers: Mapping[str, str]) -> bool:
        """With runs from an account, no folder of them is needed, unless one was given already."""
        if name in self.given or not question.wanted(answers):
            return False
        return name != "history" or self.proposal is None or name in self.draft.answers

    def _can_change(self, names: Iterable[str], answers: Mapping[str, str]) -> bool:
        """Whether one of these can be answered differently: not all came with options."""
        return any(self._is_asked(name, QUESTIONS[name], answers) for name in names)

    def _answer_to(self, name: str, question: WizardQuestion, answers: Mapping[str, str]) -> str:
        """The earlier answer, or a new one."""
        earlier = self.draft.answers.get(name)
        if earlier is not None:
            return earlier
        if question.proposed and name not in self._reconsidered:
            return self._default(name, answers)
        self._suggest_from_folder(answers)
        answer = _ask(question, self._default(name, answers), _units(answers))
        self.draft.keep(name, answer)
        return answer

    def _confirmed(self, answers: Mapping[str, str]) -> bool:
        reply = asked(
            "Save this? yes, no, or the name of an answer to change (days, goal, five_k ...) [yes]"
        ).lower()
        if reply in ("", "y", "yes"):
            return True
        if reply in ("n", "no"):
            say("Not saved. To continue with these answers, run `syncd init` again.")
            raise typer.Abort
        if reply in QUESTIONS and reply not in self.given and QUESTIONS[reply].wanted(answers):
            self._reconsidered.add(reply)
            self._forget(reply)
        else:
            names = ", ".join(name for name in answers if name not in self.given)
            say(f"The names of the answers: {names}")
        return False

    def _forget(self, *names: str) -> None:
        for name in names:
            self.draft.answers.pop(name, None)

    def _default(self, name: str, answers: Mapping[str, str]) -> str:
        """The suggested answer, from the machine, the watch and the runs."""
        runs = self.proposal
        if name == "timezone":
            return local_timezone() or "UTC"
        if name == "units":
            return local_units()
        if name == "clock":
            return local_clock(answers.get("timezone", ""))
        if name == "source":
            return "garmin" if self.watch is None else "folder"
        if name == "sink":
            return next((source for source in sources_of(answers["source"]) if source in SINKS), "garmin")
        if self.watch is not None and name in ("inbox", "outbox"):
            return str(self.watch.runs if name == "inbox" else self.watch.workouts)
        if runs is not None and name in ("days", "weekly_km", "longest_km"):
            return runs.default(name, _units(answers))
        return SETTINGS[name].default

    def _suggest_from_account(self, answers: Mapping[str, str]) -> None:
        """Once, where runs come from it and answers are still open; logs in first if the athlete likes."""
        account, self.account = self.account, None
        if account is None or "garmin" not in sources_of(answers["source"]):
            self.account = account  # another source may still be chosen
            return
        self.may_log_in = self.draft.answers.get(_LOGIN) != "no" and not account.is_logged_in
        open_ones = [name for name in _PROPOSED if name not in self.given and name not in self.draft.answers]
        if not open_ones or self.draft.answers.get(_LOGIN) == "no":
            return
        if self.may_log_in and not self._logged_in(account):
            return
        self.proposal = account.proposal(_units(answers))

    def _logged_in(self, account: GarminAccount) -> bool:
        """Offer to log in, once; whether it worked."""
        self.may_log_in = False
        say("If you log in now, syncd can suggest days, volume and longest run from your last weeks.")
        if hint := token_hint(Path.home()):
            say(hint)
        if not agreed(LOGIN_QUESTION, by_enter=True):
            self.draft.keep(_LOGIN, "no")
            say("")
            return False
        return account.log_in()

    def _suggest_from_folder(self, answers: Mapping[str, str]) -> None:
        """Once, when a folder was given; takes a few seconds for half a year of runs."""
        folder = answers.get("inbox") or answers.get("history") or ""
        if not folder or folder == self.read_from or self.proposal is not None:
            return
        self.read_from = folder
        path = Path(folder).expanduser()
        if not path.is_dir():
            say(f"{folder} does not exist yet: no suggestions from it.\n")
            return
        say("Reading your newest runs ...")
        self.proposal = proposal_from(path)
        say(f"{self.proposal.text(_units(answers)) if self.proposal else NO_RUN}\n")

    def _show_first_weeks(self, answers: Mapping[str, str]) -> None:
        """Show a preview of the first weeks. Raises UsageFault where the answers contradict each other."""
        from syncd.cli.wizard.preview import first_weeks, first_words
        from syncd.report.training_views import plan_sheet

        units = _units(answers)
        past = self.proposal.past if self.proposal else ()
        weeks = first_weeks(answers, past, self.today, _WEEKS_SHOWN, units)
        say(f"Preview of your first two weeks, {_FROM_RUNS if past else _FROM_ANSWERS}\n")
        health = first_words(answers, past, self.today, units)
        if health:
            say(health)
        say(plan_sheet(weeks, units))
        say(f"\nTimes appear as {units.time_of_day(_EVENING)}.\n")


def _units(answers: Mapping[str, str]) -> Units:
    """The athlete's units, as far as they are known."""
    return units_named(answers.get("units", "km"), answers.get("clock", "24h"))


def _ask(question: WizardQuestion, default: str, units: Units) -> str:
    """Ask until the answer is valid."""
    explain(worded(question.because, units))
    asks = worded(question.asks, units)
    prompt = f"{asks} [{default}]" if default else asks
    while True:
        try:
            answer = question.check(asked(prompt) or default, units)
        except ValueError as error:
            say(str(error))
            continue
        say("")
        return answer
