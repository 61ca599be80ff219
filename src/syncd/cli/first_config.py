"""The first configuration: asked for or given by flags, checked before it is written."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import typer

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


def local_timezone() -> str:
    """The machine's time zone name; UTC where it cannot be told."""
    if named := os.environ.get("TZ"):
        return named.lstrip(":")
    target = os.path.realpath("/etc/localtime")
    return target.split("zoneinfo/", 1)[1] if "zoneinfo/" in target else "UTC"


def ask(answers: Answers) -> Answers:
    """Each thing not said yet, with a line that explains it."""
    five_k = answers.five_k or typer.prompt(
        "Your last 5 km as hard as you could (mm:ss; empty if you don't know)", default="", show_default=False
    )
    source = answers.source or answers.sink or _asked_service()
    sink = answers.sink or _sink_beside(source) or _asked_sink()
    return replace(
        answers,
        five_k=five_k,
        goal=typer.prompt("What do you train for (5k, 10k, half, marathon, none)", default=answers.goal),
        days=typer.prompt("Runs a week", default=answers.days, type=int),
        weekly_km=answers.weekly_km or typer.prompt("Kilometres a week now", default=0.0, type=float),
        longest_km=answers.longest_km or typer.prompt("Longest run, km", default=0.0, type=float),
        source=source,
        sink=sink,
        inbox=answers.inbox
        or _asked_folder(sources_of(source), "Folder with your recorded runs (FIT files)"),
        outbox=answers.outbox
        or _asked_folder((sink,), "Folder for workouts (a watch's NEWFILES, for example)"),
        timezone=typer.prompt("Time zone", default=answers.timezone),
    )


def _asked_service() -> str:
    return str(
        typer.prompt("Runs and workouts through garmin (Garmin Connect) or folder (files)", default="garmin")
    )


def _sink_beside(source: str) -> str:
    """The first source that workouts can go to as well; "" where there is none."""
    return next((each for each in sources_of(source) if each != "strava"), "")


def _asked_sink() -> str:
    return str(typer.prompt("Workouts through garmin (Garmin Connect) or folder (files)", default="garmin"))


def _asked_folder(connectors: tuple[str, ...], question: str) -> str:
    return str(typer.prompt(question)) if "folder" in connectors else ""


def next_step(answers: Answers) -> str:
    """Where runs come from and workouts go, and the command to run now."""
    names = sources_of(answers.source)
    lines = [
        f"Runs are read from {' and '.join(_place(name, answers.inbox) for name in names)},",
        f"workouts go to {_place(answers.sink, answers.outbox)}.",
    ]
    logins = [name for name in ("garmin", "strava") if name in (*names, answers.sink)]
    steps = [f"syncd auth {name}" for name in logins] or ["syncd sync"]
    return "\n".join([*lines, f"Next: {', then '.join(steps)}"])


def sources_of(said: str) -> tuple[str, ...]:
    """The names in an answer: one, or several with commas."""
    return tuple(each.strip() for each in said.split(",") if each.strip())


def _place(connector: str, folder: str) -> str:
    services = {"garmin": "Garmin Connect", "strava": "Strava"}
    return services.get(connector) or str(Path(folder).expanduser().absolute())


def write(path: Path, answers: Answers, *, force: bool) -> None:
    """Check, then write whole or not at all. Raises UsageFault and ConfigError; keeps what was there."""
    from syncd.config import ConfigError, load
    from syncd.domain.training.fitness import FitnessError
    from syncd.domain.training.weeks import PlanError, history_from_summary
    from syncd.durable import write_whole

    for flag, day in (("--five-k-date", answers.five_k_date), ("--race", answers.race)):
        try:
            date.fromisoformat(day or "2000-01-03")
        except ValueError:
            raise UsageFault(f"{flag} {day}: write YYYY-MM-DD") from None
    if path.exists() and not force:
        raise UsageFault(f"{path} exists already; change it there, or replace it with syncd init --force")
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
        raise UsageFault(f"init: {str(error).partition(': ')[2]}") from None
    else:
        if path.exists():
            write_whole(path.with_name(f"{path.name}.bak"), path.read_bytes(), mode=0o600)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


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
    return f"""\
# Written by syncd init; every setting is explained in config.example.toml.

[athlete]
timezone = {text(answers.timezone)}
units = {text(answers.units)}

[fitness]
{known}
[plan]
goal = {text(answers.goal)}
days = {answers.days}
weekly_km = {answers.weekly_km:g}     # used until your own runs tell
longest_km = {answers.longest_km:g}
{race}
[sync]
source = {_source(answers.source)}
sink = {text(answers.sink)}
{folder}"""
