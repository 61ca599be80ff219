"""The first configuration: asked for or given by options, checked before it is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from syncd.cli.choices import SERVICES, sources_of
from syncd.cli.exits import UsageFault
from syncd.cli.first_settings import SETTINGS, ConfigLine
from syncd.cli.plan_options import day_option, faults_in
from syncd.cli.wizard.history import has_recordings

if TYPE_CHECKING:
    from syncd.config import Settings

Answers = Mapping[str, str]  # to all of `SETTINGS`, by name; "" where none was given


def complete(given: Answers) -> Answers:
    """The given answers, with the defaults for the others."""
    return {name: given.get(name) or setting.default for name, setting in SETTINGS.items()}


def next_step(answers: Answers, *, instance: str | None = None, logged_in: Collection[str] = ()) -> str:
    """Where runs come from and workouts go, and the command to run next.

    `instance`: the configuration of the system's service, which has a state of its own. `logged_in`: the
    services that need no login any more.
    """
    names, sink = sources_of(answers["source"]), answers["sink"]
    lines = [
        f"Runs are read from {' and '.join(_place(name, answers['inbox']) for name in names)},",
        f"workouts go to {_place(sink, answers['outbox'])}.",
    ]
    if names == ("folder",) and not has_recordings(Path(answers["inbox"]).expanduser()):
        lines.append("If you have earlier runs, import them first: syncd import FOLDER")
    logins = [name for name in SERVICES if name in (*names, sink)]
    steps = [f"syncd auth {name}" for name in logins if name not in logged_in] or ["syncd sync"]
    if instance is not None:
        named = f" {instance}" if instance else ""
        steps = [f"sudo syncd{' --profile' + named if named else ''} service install --system"]
        steps += [f"sudo syncd auth {name} --service{named}" for name in logins]
    return "\n".join([*lines, f"Next: {', then '.join(steps)}"])


def _place(connector: str, folder: str) -> str:
    services = {"garmin": "Garmin Connect", "strava": "Strava"}
    if connector in services:
        return services[connector]
    place = Path(folder).expanduser().absolute()
    return f"{place}" if place.is_dir() else f"{place} (does not exist yet: create it, or connect the watch)"


def require_free(path: Path, *, force: bool) -> None:
    """Raises UsageFault where a configuration would be replaced without `force`."""
    if path.exists() and not force:
        raise UsageFault(f"{path} already exists; edit it, or replace it with syncd init --force")


def require_a_future_race(given: Answers, today: date) -> None:
    """Raises UsageFault for a race in the past, and for a priority without a race."""
    race = given.get("race", "")
    if given.get("priority") and not race:
        raise UsageFault("--priority needs a race: --race YYYY-MM-DD")
    if race and day_option("--race", race) < today:
        raise UsageFault(f"--race {race}: that day is past; give a future date, or leave it out")


def require_likely_health(given: Answers, today: date) -> None:
    """Raises UsageFault for a year or a birth that cannot be, and for a marathon before age 18."""
    from syncd.domain.athlete import Goal
    from syncd.domain.health_dates import HealthDateError
    from syncd.domain.training.health_answers import marathon_allowed

    settings = settings_of(given)
    try:
        health = settings.health_answers(today)
    except HealthDateError as error:
        raise UsageFault(f"init: {error}") from None
    day = settings.plan.race or today
    if settings.plan.goal is Goal.MARATHON and not marathon_allowed(health, day):
        raise UsageFault("init: no marathon before age 18: choose another goal, such as half")


def require_folders(answers: Answers) -> None:
    """Raises UsageFault, naming the options, where the folder connector is used without its folders."""
    ends = (("inbox", sources_of(answers["source"])), ("outbox", (answers["sink"],)))
    missing = [
        SETTINGS[folder].flag for folder, connectors in ends if "folder" in connectors and not answers[folder]
    ]
    if missing:
        raise UsageFault(f"init needs {' and '.join(missing)} (or leave out --yes to be asked)")


def write(path: Path, answers: Answers, *, force: bool) -> None:
    """Check, then write all of it or nothing. Raises UsageFault; keeps a copy of an earlier file."""
    from syncd.durable import private_folder, write_whole

    text = _toml(answers)
    require_free(path, force=force)
    private_folder(path.parent)
    draft = path.with_name(f".{path.name}.new")
    try:
        write_whole(draft, text.encode(), mode=0o600)
        _check(draft, answers)
        if path.exists():
            write_whole(path.with_name(f"{path.name}.bak"), path.read_bytes(), mode=0o600)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def require_possible(given: Answers) -> None:
    """Raises UsageFault, naming the option, for options that no answer can put right."""
    settings_of(given)


def settings_of(given: Answers) -> Settings:
    """The settings that follow from the answers. Raises UsageFault, naming the option."""
    from syncd.durable import write_whole

    answers = complete(given)
    with TemporaryDirectory() as folder:
        draft = Path(folder) / "config.toml"
        write_whole(draft, _toml(answers).encode(), mode=0o600)
        return _settings(draft, answers)


def _check(draft: Path, answers: Answers) -> None:
    """Raises UsageFault, naming the option, for a file that is not a valid configuration."""
    from syncd.domain.training.weeks import history_from_summary
    from syncd.domain.units import units_named

    settings = _settings(draft, answers)
    metres = (settings.plan.weekly_km * 1000, settings.plan.longest_km * 1000)
    with faults_in(units_named(settings.athlete.units), of="init: "):
        history_from_summary(date(2000, 1, 3), *metres, settings.plan.days)


def _settings(draft: Path, answers: Answers) -> Settings:
    """Read the file. Raises UsageFault, naming the option."""
    from syncd.config import ConfigError, load
    from syncd.domain.training.fitness import FitnessError

    try:
        settings = load(draft)
        settings.zone_set()
    except FitnessError as error:
        raise UsageFault(f"--five-k {answers['five_k']}: {error}") from None
    except ConfigError as error:
        raise UsageFault(_as_flag(str(error).partition(": ")[2])) from None
    return settings


_TABLE = re.compile(r"^\[\w+\]: ")
_KEY = re.compile(r"\[\w+\] (\w+)")


def _as_flag(fault: str) -> str:
    """A fault of the file that was to be written, in terms of the command line.

    The environment may set more than the file: keys without an option are shown as if they had one.
    """
    flags = {setting.line.key: setting.flag for setting in SETTINGS.values() if setting.line}
    named = _KEY.sub(lambda match: flags.get(match[1]) or f"--{match[1].replace('_', '-')}", fault, count=1)
    return f"init: {_TABLE.sub('', named)}"


_HEAD = """\
# Written by syncd init. Every setting is explained in config.example.toml. Change anything you like
# here: the change takes effect within a minute.
"""
_EMPTY = {  # what is written for a section without any line; other sections are left out
    "fitness": "# five_k = ...  your time for a recent all-out 5 km; without it everything is by effort\n",
    "health": "",
}


def _toml(answers: Answers) -> str:
    """The file. Raises UsageFault for an answer that cannot be written to it."""
    lines_of: dict[str, str] = {}
    for name, setting in SETTINGS.items():
        if (line := setting.line) is None:
            continue
        lines = lines_of.setdefault(line.section, "")
        if answers[name] and (not line.of or answers[line.of]):
            lines_of[line.section] = lines + _line(line, line.toml(setting.flag, answers[name]))
    sections = {name: lines or _EMPTY.get(name) for name, lines in lines_of.items()}
    return "\n".join(
        [_HEAD, *(f"[{name}]\n{lines}" for name, lines in sections.items() if lines is not None)]
    )


def _line(line: ConfigLine, value: str) -> str:
    note = f"  # {line.note}" if line.note else ""
    return f"{line.key} = {value}{note}\n"
