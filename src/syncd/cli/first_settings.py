"""What `init` is told, a row each: the option, the question, and the line of config.toml that it becomes."""

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
from syncd.cli.wizard.questions import CONCERNS, Question, distance, number, one_of, or_nothing
from syncd.domain.calendar_names import WEEKDAYS


@dataclass(frozen=True, slots=True)
class ConfigLine:
    """`key = value  # note` in a section of config.toml.

    `toml` makes the value of what was said by an option of that flag, and raises UsageFault where it cannot.
    `of`: the setting without which the line means nothing.
    """

    section: str
    key: str
    toml: Callable[[str, str], str]
    note: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that `init` is told: by its option, else by its question, else it is `unsaid`."""

    line: ConfigLine | None = None
    option: Option | None = None
    question: Question | None = None
    unsaid: str = ""

    @property
    def flag(self) -> str:
        """As it is typed; "" for what is only asked."""
        return self.option.flag if self.option else ""


def _text(_: str, said: str) -> str:
    return json.dumps(said)  # a JSON string is a valid TOML basic string


def _as_said(_: str, said: str) -> str:
    return said


def _capital(_: str, said: str) -> str:
    return json.dumps(said.upper())


def _one_or_several(_: str, said: str) -> str:
    names = sources_of(said)
    return json.dumps(said if len(names) < 2 else names)


def _list(_: str, said: str) -> str:
    return json.dumps(sources_of(said))


def _yes(_: str, said: str) -> str:
    return json.dumps(said.startswith("y"))


def _folder(_: str, said: str) -> str:
    return json.dumps(str(Path(said).expanduser().absolute()))


def _day(flag: str, said: str) -> str:
    day_option(flag, said)
    return said


def _whole(flag: str, said: str) -> str:
    if not said.isdecimal():
        raise UsageFault(f"{flag} {said}: write a whole number")
    return said


_CONCERN_LINES = "\n".join(f"  {place} {words}" for place, (_, words) in enumerate(CONCERNS, 1))
_YES_NO = ("yes", "no", "y", "n")

# In the order of the file.
SETTINGS: Mapping[str, Setting] = {
    "timezone": Setting(
        ConfigLine("athlete", "timezone", _text, "where your day begins and ends"),
        Option("--timezone", "ZONE", "Such as Europe/Rome.", words=time_zones),
        Question("Time zone", "Your day begins and ends there, also for sessions and looks.", questions.zone),
    ),
    "units": Setting(
        ConfigLine("athlete", "units", _text),
        READ_IN,
        Question("Units, km or mi", "For everything that you read.", one_of(UNITS)),
        unsaid="km",
    ),
    "clock": Setting(
        ConfigLine("athlete", "clock", _text, "24h: 18:40; 12h: 6:40 pm"),
        Option("--clock", "HOURS", "24h or 12h: 18:40 or 6:40 pm (24h).", words=CLOCKS),
        Question(
            "Hours of the day, 24h or 12h",
            "18:40 or 6:40 pm, wherever you read a time.",
            one_of(CLOCKS),
            proposed=True,
        ),
        unsaid="24h",
    ),
    "sex": Setting(
        ConfigLine("athlete", "sex", _text),
        Option("--sex", "SEX", "female or male.", words=SEXES),
        Question(
            "Sex, female or male, or nothing",
            "The easy ceiling of the heart rate differs.",
            or_nothing(one_of(SEXES)),
        ),
    ),
    "hr_max": Setting(
        ConfigLine("athlete", "hr_max", _whole, "the highest you ever saw"),
        Option("--hr-max", "BPM", "Your highest heart rate, as measured."),
        Question(
            "Highest heart rate you ever measured, or nothing",
            "An age formula is too far off to train by.",
            or_nothing(number(120, 230)),
        ),
    ),
    "hr_rest": Setting(
        ConfigLine("athlete", "hr_rest", _whole, "in the morning, before getting up"),
        Option("--hr-rest", "BPM", "Your resting heart rate."),
        Question(
            "Heart rate in the morning before getting up, or nothing",
            "Makes the zones yours.",
            or_nothing(number(25, 110)),
        ),
    ),
    "lthr": Setting(
        ConfigLine("athlete", "lthr", _whole, "mean of the last 20 of 30 min all out"),
        Option("--lthr", "BPM", "Your heart rate at threshold, as measured."),
        Question(
            "Heart rate at threshold, or nothing",
            "Mean of the last 20 of 30 minutes alone, all out.",
            or_nothing(number(90, 220)),
        ),
    ),
    "five_k": Setting(
        ConfigLine("fitness", "five_k", _text),
        FIVE_K,
        Question(
            "Your last {five_km} as hard as you could, mm:ss, or nothing",
            "All paces come from it. Without it everything is by effort, until a test is safe.",
            questions.five_k,
        ),
    ),
    "five_k_date": Setting(
        ConfigLine("fitness", "five_k_date", _day),
        Option("--five-k-date", "DATE", "When that was: YYYY-MM-DD."),
        Question(
            "When was that, YYYY-MM-DD, or nothing",
            "An old result has wider bands.",
            questions.day,
            wanted=lambda given: bool(given.get("five_k")),
        ),
    ),
    "goal": Setting(
        ConfigLine("plan", "goal", _text, "5k, 10k, half, marathon or none"),
        GOAL,
        Question(
            "You train for 5k, 10k, half, marathon or none", "It decides which sessions come.", one_of(goals)
        ),
        unsaid="5k",
    ),
    "days": Setting(
        ConfigLine("plan", "days", _as_said, "runs a week"),
        DAYS,
        Question(
            "Runs a week, 2 to 7",
            "Fewer than you run now are safe, more are not.",
            number(2, 7),
        ),
        unsaid="4",
    ),
    "long_run_day": Setting(
        ConfigLine("plan", "long_run_day", _text),
        Option("--long-run-day", "DAY", "Such as sunday.", words=WEEKDAYS),
        Question("Day of the long run", "When you have the time.", questions.weekday),
        unsaid="sunday",
    ),
    "weekly_km": Setting(
        ConfigLine("plan", "weekly_km", _as_said, "these two are used until your own runs tell"),
        WEEKLY_KM,
        Question(
            "{Kilometres} a week now",
            "The first weeks start from it, until your own runs tell.",
            distance(300),
        ),
        unsaid="0",
    ),
    "longest_km": Setting(
        ConfigLine("plan", "longest_km", _as_said),
        LONGEST_KM,
        Question(
            "Longest run of the last month, {km}",
            "No run is planned longer than 110 % of it.",
            distance(100),
        ),
        unsaid="0",
    ),
    "race": Setting(
        ConfigLine("plan", "race", _day),
        RACE,
        Question(
            "Day of a race over that distance, or nothing",
            "Tests, taper and the race are planned around it.",
            questions.day,
            wanted=lambda given: given.get("goal") != "none",
        ),
    ),
    "priority": Setting(ConfigLine("plan", "race_priority", _capital, of="race"), PRIORITY, unsaid="A"),
    "concerns": Setting(
        ConfigLine("health", "concerns", _list, "nothing hard until"),
        Option(
            "--concern",
            "WORD",
            f"{', '.join(word for word, _ in CONCERNS)}.",
            words=concerns,
            kind=list[str] | None,
            default=None,
        ),
        Question(
            "Numbers of what is true for you, or nothing",
            f"Before anything hard is planned:\n{_CONCERN_LINES}",
            questions.concerns,
        ),
    ),
    "cleared": Setting(
        ConfigLine("health", "cleared", _yes, "a doctor says that it is safe", of="concerns"),
        question=Question(
            "Did a doctor say that hard running is safe, yes or no",
            "Until then nothing hard is planned.",
            one_of(_YES_NO),
            wanted=lambda given: bool(given.get("concerns")),
        ),
        unsaid="no",
    ),
    "birth_year": Setting(
        ConfigLine("health", "birth_year", _whole, "from 50 on: more rest"),
        BIRTH_YEAR,
        Question(
            "Year of birth, or nothing",
            "From 50 on there is more rest between hard days.",
            or_nothing(number(1900, 2020)),
        ),
    ),
    "source": Setting(
        ConfigLine("sync", "source", _one_or_several, "where runs come from"),
        Option(
            "--source",
            "NAME",
            "Where runs come from: garmin, strava or folder; may be given twice.",
            words=SOURCES,
            kind=list[str] | None,
            default=None,
        ),
        Question(
            "Runs come from",
            "garmin: Garmin Connect, once with a login. folder: FIT files, no account. strava: "
            "as well or instead, through an app of your own.",
            questions.sources,
        ),
        unsaid="folder",
    ),
    "sink": Setting(
        ConfigLine("sync", "sink", _text, "where workouts go"),
        Option("--sink", "NAME", "Where workouts go: garmin or folder.", words=SINKS),
        Question(
            "Workouts go to",
            "garmin: its calendar, from where the watch fetches them. folder: files.",
            one_of(SINKS),
        ),
        unsaid="folder",
    ),
    "inbox": Setting(
        ConfigLine("folder", "inbox", _folder),
        Option("--inbox", "FOLDER", "The folder with your recorded FIT files."),
        Question(
            "Folder with your recorded runs",
            "Searched with all folders inside, never changed.",
            questions.needed,
            wanted=lambda given: "folder" in given.get("source", ""),
        ),
    ),
    "outbox": Setting(
        ConfigLine("folder", "outbox", _folder),
        Option("--outbox", "FOLDER", "The folder for workouts and the calendar."),
        Question(
            "Folder for workouts",
            "For example a watch's GARMIN/NEWFILES.",
            questions.needed,
            wanted=lambda given: given.get("sink") == "folder",
        ),
    ),
    "history": Setting(
        question=Question(
            "Folder with earlier runs, or nothing",
            "To propose days, volume and a {five_km} from what you really run. Only read.",
            questions.anything,
            wanted=lambda given: "folder" not in given.get("source", ""),
        ),
    ),
}
_IN_HELP = (
    *("five_k", "five_k_date", "days", "weekly_km", "longest_km", "race", "priority", "goal"),
    *("source", "sink", "inbox", "outbox", "timezone", "units", "clock", "long_run_day", "concerns"),
    *("birth_year", "sex", "hr_max", "hr_rest", "lthr"),
)
_ASKED = (
    *("timezone", "units", "clock", "source", "sink", "inbox", "outbox", "history", "goal", "race"),
    *("days", "weekly_km", "longest_km", "long_run_day", "five_k", "five_k_date"),
    *("concerns", "cleared", "birth_year", "sex", "hr_max", "hr_rest", "lthr"),
)
INIT_OPTIONS: Mapping[str, Option] = {
    name: option for name in _IN_HELP if (option := SETTINGS[name].option) is not None
}
QUESTIONS: Mapping[str, Question] = {
    name: question for name in _ASKED if (question := SETTINGS[name].question) is not None
}


def said_by(options: Mapping[str, object]) -> dict[str, str]:
    """The values of `INIT_OPTIONS` that were given, as answers: what is a list has commas."""
    said = {}
    for name, value in options.items():
        if isinstance(value, list):
            said[name] = ",".join(value)
        elif value is not None:
            said[name] = f"{value:g}" if isinstance(value, float) else str(value)
    return {name: text for name, text in said.items() if text}
