"""The first configuration: asked for or given by flags, checked before it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from syncd.cli.exits import UsageFault


@dataclass(frozen=True, slots=True)
class Answers:
    """What `init` needs to know; empty means not said."""

    five_k: str
    five_k_date: str
    days: int
    weekly_km: float
    longest_km: float
    goal: str
    source: str
    sink: str
    inbox: str
    outbox: str
    timezone: str
    units: str
    race: str = ""
    priority: str = "A"
    clock: str = "24h"
    long_run_day: str = "sunday"
    concerns: tuple[str, ...] = ()
    cleared: bool = False
    birth_year: str = ""
    sex: str = ""
    hr_max: str = ""
    hr_rest: str = ""
    lthr: str = ""


def from_interview(found: Mapping[str, str]) -> Answers:
    """The answers of the wizard."""
    return Answers(
        five_k=found.get("five_k", ""),
        five_k_date=found.get("five_k_date", ""),
        days=int(found["days"]),
        weekly_km=float(found["weekly_km"]),
        longest_km=float(found["longest_km"]),
        goal=found["goal"],
        source=found["source"],
        sink=found["sink"],
        inbox=found.get("inbox", ""),
        outbox=found.get("outbox", ""),
        timezone=found["timezone"],
        units=found["units"],
        clock=found.get("clock", "24h"),
        race=found.get("race", ""),
        priority=found.get("priority", "A"),
        long_run_day=found.get("long_run_day", "sunday"),
        concerns=tuple(each for each in found.get("concerns", "").split(",") if each),
        cleared=found.get("cleared", "").startswith("y"),
        **{name: found.get(name, "") for name in ("birth_year", "sex", "hr_max", "hr_rest", "lthr")},
    )


def next_step(answers: Answers, *, instance: str | None = None, logged_in: Collection[str] = ()) -> str:
    """Where runs come from and workouts go, and the command to run now.

    `instance`: the configuration is the system's service's, which has a state of its own. `logged_in`: the
    services that need no login any more.
    """
    names = sources_of(answers.source)
    lines = [
        f"Runs are read from {' and '.join(_place(name, answers.inbox) for name in names)},",
        f"workouts go to {_place(answers.sink, answers.outbox)}.",
    ]
    logins = [name for name in ("garmin", "strava") if name in (*names, answers.sink)]
    steps = [f"syncd auth {name}" for name in logins if name not in logged_in] or ["syncd sync"]
    if instance is not None:
        named = f" {instance}" if instance else ""
        steps = [f"sudo syncd{' --profile' + named if named else ''} service install --system"]
        steps += [f"sudo syncd auth {name} --service{named}" for name in logins]
    return "\n".join([*lines, f"Next: {', then '.join(steps)}"])


def sources_of(said: str) -> tuple[str, ...]:
    """The names in an answer: one, or several with commas."""
    return tuple(each.strip() for each in said.split(",") if each.strip())


def _place(connector: str, folder: str) -> str:
    services = {"garmin": "Garmin Connect", "strava": "Strava"}
    if connector in services:
        return services[connector]
    place = Path(folder).expanduser().absolute()
    return f"{place}" if place.is_dir() else f"{place} (not there yet: create it, or plug the watch in)"


def require_free(path: Path, *, force: bool) -> None:
    """Raises UsageFault where a configuration would be replaced that nobody said to replace."""
    if path.exists() and not force:
        raise UsageFault(f"{path} exists already; change it there, or replace it with syncd init --force")


def require_a_race_to_come(race: str, priority: str, today: date) -> None:
    """Raises UsageFault for a race that was, and for a priority without a race."""
    from syncd.cli.plan_options import day_option

    if priority and not race:
        raise UsageFault("--priority needs a race: --race YYYY-MM-DD")
    if race and day_option("--race", race) < today:
        raise UsageFault(f"--race {race}: that day is over; give a day to come, or leave it out")


def require_folders(answers: Answers) -> None:
    """Raises UsageFault, naming the flags, where the folder connector is used without its folders."""
    ends = (
        ("--inbox", sources_of(answers.source), answers.inbox),
        ("--outbox", (answers.sink,), answers.outbox),
    )
    missing = [flag for flag, connectors, value in ends if "folder" in connectors and not value]
    if missing:
        raise UsageFault(f"init needs {', '.join(missing)} (or leave out --yes to be asked)")


def write(path: Path, answers: Answers, *, force: bool) -> None:
    """Check, then write whole or not at all. Raises UsageFault and ConfigError; keeps what was there."""
    from syncd.config import ConfigError, load
    from syncd.domain.training.fitness import FitnessError
    from syncd.domain.training.weeks import PlanError, history_from_summary
    from syncd.durable import write_whole

    _check_words(answers)
    require_free(path, force=force)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.new")
    try:
        write_whole(draft, _toml(answers).encode(), mode=0o600)
        settings = load(draft)
        settings.zone_set()
        metres = (settings.plan.weekly_km * 1000, settings.plan.longest_km * 1000)
        history_from_summary(date(2000, 1, 3), *metres, settings.plan.days)
    except PlanError as error:
        raise UsageFault(f"init: {error}") from None
    except FitnessError as error:
        raise UsageFault(f"--five-k {answers.five_k}: {error}") from None
    except ConfigError as error:
        raise UsageFault(_as_flag(str(error).partition(": ")[2])) from None
    else:
        if path.exists():
            write_whole(path.with_name(f"{path.name}.bak"), path.read_bytes(), mode=0o600)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _check_words(answers: Answers) -> None:
    """What goes into the file as it is. Raises UsageFault."""
    from syncd.cli.plan_options import day_option

    for flag, day in (("--five-k-date", answers.five_k_date), ("--race", answers.race)):
        if day:
            day_option(flag, day)
    numbers = {
        "--birth-year": answers.birth_year,
        "--hr-max": answers.hr_max,
        "--hr-rest": answers.hr_rest,
        "--lthr": answers.lthr,
    }
    for flag, number in numbers.items():
        if number and not number.isdecimal():
            raise UsageFault(f"{flag} {number}: write a whole number")


_TABLE = re.compile(r"^\[\w+\]: ")
_KEY = re.compile(r"\[\w+\] (\w+)")
_FLAGS = {"race_priority": "priority", "concerns": "concern"}


def _as_flag(fault: str) -> str:
    """A fault of the file that was to be written, in the words of the command line."""
    named = _KEY.sub(lambda found: f"--{_FLAGS.get(found[1], found[1]).replace('_', '-')}", fault, count=1)
    return f"init: {_TABLE.sub('', named)}"


_NO_FIVE_K = "# five_k = ...  a recent 5 km as hard as you could; without it everything is by effort\n"


def _source(said: str) -> str:
    names = sources_of(said)
    return json.dumps(said if len(names) < 2 else list(names))


def _toml(answers: Answers) -> str:
    text = json.dumps  # a JSON string is a valid TOML basic string
    known = f"five_k = {text(answers.five_k)}\n" if answers.five_k else ""
    known += f"five_k_date = {answers.five_k_date}\n" if answers.five_k_date else ""
    race = f"race = {answers.race}\nrace_priority = {text(answers.priority)}\n" if answers.race else ""
    ends = (("inbox", answers.inbox), ("outbox", answers.outbox))
    folders = "".join(
        f"{name} = {text(str(Path(value).expanduser().absolute()))}\n" for name, value in ends if value
    )
    folder = f"\n[folder]\n{folders}" if folders else ""
    heart = "".join(
        f"{name} = {value}  # {words}\n"
        for name, value, words in (
            ("hr_max", answers.hr_max, "the highest you ever saw"),
            ("hr_rest", answers.hr_rest, "in the morning, before getting up"),
            ("lthr", answers.lthr, "mean of the last 20 of 30 min all out"),
        )
        if value
    )
    sex = f"sex = {text(answers.sex)}\n" if answers.sex else ""
    health = f"concerns = {text(list(answers.concerns))}  # nothing hard until\n" if answers.concerns else ""
    health += (
        f"cleared = {text(answers.cleared)}  # a doctor says that it is safe\n" if answers.concerns else ""
    )
    health += f"birth_year = {answers.birth_year}  # from 50 on: more rest\n" if answers.birth_year else ""
    return f"""\
# Written by syncd init. Every setting is explained in config.example.toml; change what you like here:
# it is used within a minute.

[athlete]
timezone = {text(answers.timezone)}  # where your day begins and ends
units = {text(answers.units)}
clock = {text(answers.clock)}  # 24h: 18:40; 12h: 6:40 pm
{sex}{heart}
[fitness]
{known or _NO_FIVE_K}
[plan]
goal = {text(answers.goal)}  # 5k, 10k, half, marathon or none
days = {answers.days}  # runs a week
long_run_day = {text(answers.long_run_day)}
weekly_km = {answers.weekly_km:g}  # these two are used until your own runs tell
longest_km = {answers.longest_km:g}
{race}
[health]
{health}
[sync]
source = {_source(answers.source)}  # where runs come from
sink = {text(answers.sink)}  # where workouts go
{folder}"""
