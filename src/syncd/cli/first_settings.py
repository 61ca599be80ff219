"""What `init` asks for, a row each: the option, the question, and the line of config.toml that it becomes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from syncd.cli.choices import CLOCKS, SEXES, SINKS, SOURCES, UNITS, concerns, goals, sources_of, time_zones
from syncd.cli.exits import UsageFault
from syncd.cli.option_table import Option
from syncd.cli.plan_options import day_option
from syncd.cli.runner_options import (
    BIRTH_YEAR,
    DAYS,
    FIVE_K,
    GOAL,
    LONGEST_KM,
    PRIORITY,
    RACE,
    READ_IN,
    WEEKLY_KM,
)
from syncd.cli.wizard import questions
from syncd.cli.wizard.questions import CONCERNS, WizardQuestion, distance, number, one_of, or_nothing
from syncd.domain.calendar_names import WEEKDAYS


@dataclass(frozen=True, slots=True)
class ConfigLine:
    """`key = value  # note` in a section of config.toml.

    `toml` makes the value from the option's flag and the answer, and raises UsageFault where it cannot.
    `of`: the setting without which the line means nothing.
    """

    section: str
    key: str
    toml: Callable[[str, str], str]
    note: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One answer that `init` needs: from its option, else from its question, else the `default`."""

    line: ConfigLine | None = None
    option: Option | None = None
    question: WizardQuestion | None = None
    default: str = ""

    @property
    def flag(self) -> str:
        """The option as it is typed; "" for what is only asked."""
        return self.option.flag if self.option else ""


def _text(_: str, answer: str) -> str:
    return json.dumps(answer)  # a JSON string is a valid TOML basic string


def _unchanged(_: str, answer: str) -> str:
    return answer


def _upper(_: str, answer: str) -> str:
    return json.dumps(answer.upper())


def _one_or_several(_: str, answer: str) -> str:
    names = sources_of(answer)
    return json.dumps(answer if len(names) < 2 else names)


def _list(_: str, answer: str) -> str:
    return json.dumps(sources_of(answer))


def _yes(_: str, answer: str) -> str:
    return json.dumps(answer.startswith("y"))


def _folder(_: str, answer: str) -> str:
    return json.dumps(str(Path(answer).expanduser().absolute()))


def _day(flag: str, answer: str) -> str:
    day_option(flag, answer)
    return answer


def _whole(flag: str, answer: str) -> str:
    if not answer.isdecimal():
        raise UsageFault(f"{flag} {answer}: write a whole number")
    return answer


_CONCERN_LINES = "\n".join(f"  {place} {concern}" for place, (_, concern) in enumerate(CONCERNS, 1))
_YES_NO = ("yes", "no", "y", "n")

# In the order of the file.
SETTINGS: Mapping[str, Setting] = {
    "timezone": Setting(
        ConfigLine("athlete", "timezone", _text, "decides which day a run belongs to"),
        Option("--timezone", "ZONE", "Your time zone, for example Europe/Rome.", choices=time_zones),
        WizardQuestion("Time zone", "Decides which day a run belongs to.", questions.zone),
    ),
    "units": Setting(
        ConfigLine("athlete", "units", _text),
        READ_IN,
        WizardQuestion("Units, km or mi", "Used for all distances and paces.", one_of(UNITS)),
        default="km",
    ),
    "clock": Setting(
        ConfigLine("athlete", "clock", _text, "24h: 18:40; 12h: 6:40 pm"),
        Option("--clock", "HOURS", "24h (18:40) or 12h (6:40 pm); default 24h.", choices=CLOCKS),
        WizardQuestion(
            "Clock, 24h or 12h",
            "Times of day appear as 18:40 or as 6:40 pm.",
            one_of(CLOCKS),
            proposed=True,
        ),
        default="24h",
    ),
    "sex": Setting(
        ConfigLine("athlete", "sex", _text),
        Option("--sex", "SEX", "female or male.", choices=SEXES),
        WizardQuestion(
            "Sex, female or male (Enter to skip)",
            "The upper heart-rate limit of easy runs differs.",
            or_nothing(one_of(SEXES)),
        ),
    ),
    "hr_max": Setting(
        ConfigLine("athlete", "hr_max", _whole, "the highest you have ever measured"),
        Option("--hr-max", "BPM", "Your highest measured heart rate."),
        WizardQuestion(
            "Highest heart rate you have ever measured (Enter to skip)",
            "Formulas based on age are too inaccurate to train by.",
            or_nothing(number(120, 230)),
        ),
    ),
    "hr_rest": Setting(
        ConfigLine("athlete", "hr_rest", _whole, "in the morning, before getting up"),
        Option("--hr-rest", "BPM", "Your resting heart rate."),
        WizardQuestion(
            "Resting heart rate, in the morning before getting up (Enter to skip)",
            "Fits your heart-rate zones to you.",
            or_nothing(number(25, 110)),
        ),
    ),
    "lthr": Setting(
        ConfigLine("athlete", "lthr", _whole, "average of the last 20 minutes of 30 all out"),
        Option("--lthr", "BPM", "Your measured threshold heart rate."),
        WizardQuestion(
            "Threshold heart rate (Enter to skip)",
            "Your average over the last 20 minutes of a 30-minute time trial.",
            or_nothing(number(90, 220)),
        ),
    ),
    "five_k": Setting(
        ConfigLine("fitness", "five_k", _text),
        FIVE_K,
        WizardQuestion(
            "Your time for a recent all-out {five_km}, mm:ss (Enter to skip)",
            "All paces come from it. Without it, runs are by effort until a test is safe.",
            questions.five_k,
        ),
    ),
    "five_k_date": Setting(
        ConfigLine("fitness", "five_k_date", _day),
        Option("--five-k-date", "DATE", "The date of that 5 km: YYYY-MM-DD."),
        WizardQuestion(
            "Date of that {five_km}, YYYY-MM-DD (Enter to skip)",
            "Older results give wider pace ranges.",
            questions.day,
            wanted=lambda given: bool(given.get("five_k")),
        ),
    ),
    "goal": Setting(
        ConfigLine("plan", "goal", _text, "5k, 10k, half, marathon or none"),
        GOAL,
        WizardQuestion(
            "Your goal: 5k, 10k, half, marathon or none", "Decides which workouts you get.", one_of(goals)
        ),
        default="5k",
    ),
    "days": Setting(
        ConfigLine("plan", "days", _unchanged, "runs per week"),
        DAYS,
        WizardQuestion(
            "Runs per week, 2 to 7",
            "Fewer days than now is fine; more raises your risk of injury.",
            number(2, 7),
        ),
        default="4",
    ),
    "long_run_day": Setting(
        ConfigLine("plan", "long_run_day", _text),
        Option("--long-run-day", "DAY", "Day of the long run, for example sunday.", choices=WEEKDAYS),
        WizardQuestion("Day of the long run", "Choose a day when you have time.", questions.weekday),
        default="sunday",
    ),
    "weekly_km": Setting(
        ConfigLine("plan", "weekly_km", _unchanged, "these two are used until syncd knows your runs"),
        WEEKLY_KM,
        WizardQuestion(
            "{Kilometres} you run per week now",
            "Your first weeks start from here, until syncd knows your runs.",
            distance(300),
        ),
        default="0",
    ),
    "longest_km": Setting(
        ConfigLine("plan", "longest_km", _unchanged),
        LONGEST_KM,
        WizardQuestion(
            "Longest run of the last month, {km}",
            "No planned run is longer than 110% of it.",
            distance(100),
        ),
        default="0",
    ),
    "race": Setting(
        ConfigLine("plan", "race", _day),
        RACE,
        WizardQuestion(
            "Date of a race over that distance, YYYY-MM-DD (Enter to skip)",
            "Tests and the taper are planned around it.",
            questions.day,
            wanted=lambda given: given.get("goal") != "none",
        ),
    ),
    "priority": Setting(ConfigLine("plan", "race_priority", _upper, of="race"), PRIORITY, default="A"),
    "concerns": Setting(
        ConfigLine("health", "concerns", _list, "what follows: syncd health"),
        Option(
            "--concern",
            "WORD",
            f"Can be repeated: {', '.join(name for name, _ in CONCERNS)}.",
            choices=concerns,
            kind=list[str] | None,
            default=None,
        ),
        WizardQuestion(
            "Do any apply? Type their numbers (Enter for none)",
            f"Health comes before every plan:\n{_CONCERN_LINES}",
            questions.concerns,
        ),
    ),
    "cleared": Setting(
        ConfigLine("health", "cleared", _yes, "a doctor has cleared everything", of="concerns"),
        question=WizardQuestion(
            "Has a doctor cleared you for everything, hard running too, yes or no",
            "Until then the plan keeps to what is safe. Cleared later? syncd health",
            one_of(_YES_NO),
            wanted=lambda given: bool(given.get("concerns")),
        ),
        default="no",
    ),
    "gave_birth": Setting(
        ConfigLine("health", "gave_birth", _day, "the date of the birth", of="concerns"),
        Option("--gave-birth", "DATE", "The date of a birth (with --concern birth)."),
        WizardQuestion(
            "Date of the birth, YYYY-MM-DD",
            "Walks come first, for twelve weeks.",
            questions.day,
            wanted=lambda given: "birth" in sources_of(given.get("concerns", "")),
        ),
    ),
    "birth_year": Setting(
        ConfigLine("health", "birth_year", _whole, "from age 50: more rest"),
        BIRTH_YEAR,
        WizardQuestion(
            "Year of birth (Enter to skip)",
            "From age 50 there is more rest between hard days.",
            or_nothing(number(1900, 2020)),
        ),
    ),
    "source": Setting(
        ConfigLine("sync", "source", _one_or_several, "where runs come from"),
        Option(
            "--source",
            "NAME",
            "Where runs come from: garmin, strava or folder; can be repeated.",
            choices=SOURCES,
            kind=list[str] | None,
            default=None,
        ),
        WizardQuestion(
            "Where do your runs come from",
            "garmin: Garmin Connect, log in once. folder: FIT files, no account needed. "
            "strava: in addition or instead, through your own Strava app.",
            questions.sources,
        ),
        default="folder",
    ),
    "sink": Setting(
        ConfigLine("sync", "sink", _text, "where workouts go"),
        Option("--sink", "NAME", "Where workouts go: garmin or folder.", choices=SINKS),
        WizardQuestion(
            "Where should workouts go",
            "garmin: the Garmin Connect calendar, which your watch fetches. folder: files.",
            one_of(SINKS),
        ),
        default="folder",
    ),
    "inbox": Setting(
        ConfigLine("folder", "inbox", _folder),
        Option("--inbox", "FOLDER", "The folder with your recorded FIT files."),
        WizardQuestion(
            "Folder with your recorded runs",
            "Its subfolders are searched too. Nothing in it is changed.",
            questions.needed,
            wanted=lambda given: "folder" in given.get("source", ""),
        ),
    ),
    "outbox": Setting(
        ConfigLine("folder", "outbox", _folder),
        Option("--outbox", "FOLDER", "The folder for workouts and the calendar."),
        WizardQuestion(
            "Folder for workouts",
            "For example the GARMIN/NEWFILES folder of your watch.",
            questions.needed,
            wanted=lambda given: given.get("sink") == "folder",
        ),
    ),
    "history": Setting(
        question=WizardQuestion(
            "Folder with earlier runs (Enter to skip)",
            "To suggest days, volume and a {five_km} time from your real runs. Nothing in it is changed.",
            questions.anything,
            wanted=lambda given: "folder" not in given.get("source", ""),
        ),
    ),
}
_IN_HELP = (
    *("five_k", "five_k_date", "days", "weekly_km", "longest_km", "race", "priority", "goal"),
    *("source", "sink", "inbox", "outbox", "timezone", "units", "clock", "long_run_day", "concerns"),
    *("gave_birth", "birth_year", "sex", "hr_max", "hr_rest", "lthr"),
)
_ASKED = (
    *("timezone", "units", "clock", "source", "sink", "inbox", "outbox", "history", "goal", "race"),
    *("days", "weekly_km", "longest_km", "long_run_day", "five_k", "five_k_date"),
    *("concerns", "cleared", "gave_birth", "birth_year", "sex", "hr_max", "hr_rest", "lthr"),
)
INIT_OPTIONS: Mapping[str, Option] = {
    name: option for name in _IN_HELP if (option := SETTINGS[name].option) is not None
}
QUESTIONS: Mapping[str, WizardQuestion] = {
    name: question for name in _ASKED if (question := SETTINGS[name].question) is not None
}


def answers_from(options: Mapping[str, object]) -> dict[str, str]:
    """The values of `INIT_OPTIONS` that were given, as answers: lists have commas."""
    answers = {}
    for name, value in options.items():
        if isinstance(value, list):
            answers[name] = ",".join(value)
        elif value is not None:
            answers[name] = f"{value:g}" if isinstance(value, float) else str(value)
    return {name: text for name, text in answers.items() if text}
