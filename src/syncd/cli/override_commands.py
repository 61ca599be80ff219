"""The athlete's word: `move`, `skip`, `pin`, `pause`, `sick`, `resume`, `goal`, `phase`, `rpe`, `undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.choices import NEAR_DAYS, PRIORITIES, chosen, goals, phases
from syncd.cli.exits import NothingMatched, UsageFault
from syncd.cli.options import argument, option
from syncd.cli.output import JsonOption, complain, paths_of, show
from syncd.cli.plan_options import day_option, priority_option
from syncd.daemon.state_file import wake

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from syncd.athlete.sessions import EditOutcome
    from syncd.cycle.world import World
    from syncd.domain.athlete import Goal, Race
    from syncd.domain.session import Phase

DayArgument = Annotated[str, argument("YYYY-MM-DD, today or tomorrow.", words=NEAR_DAYS)]
FOLLOWS = "The watch follows with the next sync."


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (move, skip, pin, pause, sick, resume, goal, phase, rpe, undo):
        app.command()(command)


def move(
    context: typer.Context,
    day: DayArgument,
    to: Annotated[str, argument("The day to run it on instead.", words=NEAR_DAYS)],
    as_json: JsonOption = False,
) -> None:
    """Move the session of a day to another one; an easy run there swaps with it."""
    from syncd.athlete import sessions

    def said(world: World, now: datetime) -> EditOutcome:
        return sessions.move(world, _day("move", day, world, now), _day("move", to, world, now), now)

    say(context, said, as_json)


def skip(context: typer.Context, day: DayArgument, as_json: JsonOption = False) -> None:
    """Leave out the session of a day."""
    from syncd.athlete import sessions

    say(context, lambda world, now: sessions.skip(world, _day("skip", day, world, now), now), as_json)


def pin(context: typer.Context, day: DayArgument, as_json: JsonOption = False) -> None:
    """Keep the session of a day as it is: no rule changes it."""
    from syncd.athlete import sessions

    say(context, lambda world, now: sessions.pin(world, _day("pin", day, world, now), now), as_json)


def pause(
    context: typer.Context,
    until: Annotated[str, option("--until", "DATE", "The last day of the pause.")] = "",
    first: Annotated[str, option("--from", "DATE", "The first day (default: today).")] = "",
    as_json: JsonOption = False,
) -> None:
    """Plan nothing for some days, or until resume."""
    from syncd.athlete import time_off

    def said(world: World, now: datetime) -> EditOutcome:
        begins = _day("--from", first, world, now) if first else world.today(now)
        return time_off.pause(world, begins, _day("--until", until, world, now) if until else None, now)

    say(context, said, as_json)


def sick(
    context: typer.Context,
    hurt: Annotated[bool, typer.Option("--hurt", help="An injury, not an illness.")] = False,
    fever: Annotated[
        bool, typer.Option("--fever", help="With fever: 48 hours without it before you run.")
    ] = False,
    first: Annotated[str, option("--from", "DATE", "The first day of it (default: today).")] = "",
    as_json: JsonOption = False,
) -> None:
    """Ill or hurt: nothing is planned until resume; you come back in steps."""
    from syncd.athlete import time_off

    def said(world: World, now: datetime) -> EditOutcome:
        begins = _day("--from", first, world, now) if first else world.today(now)
        return time_off.sick(world, begins, now, hurt=hurt, fever=fever)

    say(context, said, as_json)


def resume(
    context: typer.Context,
    well_since: Annotated[
        str, option("--symptom-free-since", "DATE", "The first day without symptoms (default: today).")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """The pause or the illness is over."""
    from syncd.athlete import time_off

    def said(world: World, now: datetime) -> EditOutcome:
        since = _day("--symptom-free-since", well_since, world, now) if well_since else None
        return time_off.resume(world, now, well_since=since)

    say(context, said, as_json)


def goal(
    context: typer.Context,
    distance: Annotated[
        str, argument("5k, 10k, half, marathon or none; nothing tells it.", words=goals)
    ] = "",
    race: Annotated[str, option("--race", "DATE", "The day of a race over it.")] = "",
    priority: Annotated[str, option("--priority", "GRADE", "A, B or C (A).", words=PRIORITIES)] = "",
    as_json: JsonOption = False,
) -> None:
    """Say what you train for, with a race or without; alone it tells what holds."""
    from syncd.athlete import aims

    if not distance:
        from syncd.report.reasons import goal_text

        if race or priority:
            raise UsageFault("name the distance too: syncd goal 10k --race DATE")
        _tell(context, "syncd.goal/1", "goal", lambda world: goal_text(world.goal, world.race), as_json)
        return
    wanted = _goal(distance)

    def said(world: World, now: datetime) -> EditOutcome:
        settings = _settings(context)
        configured = (settings.plan.goal, settings.goal_race())
        return aims.set_goal(world, configured, wanted, _race(race, wanted, priority, world, now), now)

    say(context, said, as_json)


def phase(
    context: typer.Context,
    name: Annotated[
        str, argument("foundation, distance, speed, combine or auto; nothing tells it.", words=phases)
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Choose the phase of training from this week on; auto leaves it to the plan."""
    from syncd.athlete import aims

    if not name:
        from syncd.report.reasons import phase_text

        _tell(context, "syncd.phase/1", "phase", lambda world: phase_text(world.phase), as_json)
        return
    wanted = _phase(name)

    def said(world: World, now: datetime) -> EditOutcome:
        return aims.set_phase(world, _settings(context).goal_phase(), wanted, now)

    say(context, said, as_json)


def rpe(
    context: typer.Context,
    activity: Annotated[str, argument("The run: its day (2026-03-12) or its number.")],
    effort: Annotated[float, argument("How hard it felt: 1 to 10, halves allowed.")],
    as_json: JsonOption = False,
) -> None:
    """Say how hard a run felt; it outranks what a recording says."""
    from syncd import clock
    from syncd.athlete.efforts import enter_effort
    from syncd.cli.opened import opened_world
    from syncd.report.history import find_run

    if not 1 <= effort <= 10 or effort * 2 != int(effort * 2):
        raise UsageFault(f"{effort:g}: effort is 1 to 10, halves allowed")
    now = clock.now()
    with opened_world(paths_of(context), now, writing=True) as (world, _):
        run = find_run(world, activity)
        stored = enter_effort(world, run.id, effort, now) if run else None
    if run is None or stored is None:
        raise NothingMatched(f"there is no run {activity}: give its day, as in 2026-03-12")
    payload = {"schema": "syncd.rpe/1", "activity": run.id, "rpe": effort, "score": stored.score}
    score = "not scored" if stored.score is None else f"score {stored.score}"
    show(payload, f"Run {run.id}: effort {effort:g} of 10, {score}.", as_json)


def undo(
    context: typer.Context,
    change: Annotated[int | None, argument("The number of a change (default: the last).")] = None,
    by_option: Annotated[int | None, option("--change", "N", "The same as an option.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Take a change of the plan back; the same rule does not make it again."""
    from syncd import clock
    from syncd.athlete.undoing import undo as take_back
    from syncd.cli.opened import opened_world
    from syncd.report.sync_views import change_payload, undone_text

    if change is not None and by_option is not None and change != by_option:
        raise UsageFault("two changes are named: syncd undo NUMBER takes one")
    now = clock.now()
    with opened_world(paths_of(context), now, writing=True) as (world, reader):
        done = take_back(world, change if change is not None else by_option, now)
        units = reader.units
    wake(paths_of(context).state)
    changes = [done.change, *done.together]
    payload = {"schema": "syncd.undo/1", "undone": [change_payload(each, units) for each in changes]}
    show(payload, "\n".join([*(undone_text(each, units) for each in changes), FOLLOWS]), as_json)


def say(context: typer.Context, word: Callable[[World, datetime], EditOutcome], as_json: bool) -> None:
    """Open the state for writing, say it, and tell what it did."""
    from syncd import clock
    from syncd.cli.opened import opened_world, remember_settings
    from syncd.report.reasons import reason_sentence, reason_text
    from syncd.report.sheet import Sheet
    from syncd.report.sync_views import add_change, change_payload

    now = clock.now()
    with opened_world(paths_of(context), now, writing=True) as (world, reader):
        remember_settings(world, reader)
        said = word(world, now)
        units = reader.units
    if said.changes:
        wake(paths_of(context).state)
    warnings = [reason_text(each, units) for each in said.warnings]
    text = reason_sentence(said.text, units) if said.text else ""
    payload: dict[str, Any] = {
        "schema": "syncd.word/1",
        "changes": [change_payload(each, units) for each in said.changes],
        "warnings": warnings,
        "text": text,
    }
    sheet = Sheet()
    for each in said.changes:
        add_change(sheet, each, units)
    if text:
        sheet.say(text)
    if said.changes:
        sheet.say(FOLLOWS)
    show(payload, sheet, as_json)
    complain(warnings)


def _tell(
    context: typer.Context, schema: str, what: str, words: Callable[[World], str], as_json: bool
) -> None:
    from syncd import clock
    from syncd.cli.opened import opened_world

    with opened_world(paths_of(context), clock.now()) as (world, _):
        told = words(world)
    show({"schema": schema, what: told}, f"The {what} is {told}.", as_json)


def _settings(context: typer.Context) -> Any:
    from syncd.config import load

    return load(paths_of(context).config)


def _day(name: str, text: str, world: World, now: datetime) -> date:
    """A day of the command line; today and tomorrow are the athlete's own."""
    from datetime import timedelta

    near = {"today": 0, "tomorrow": 1}
    if text.lower() in near:
        return world.today(now) + timedelta(days=near[text.lower()])
    return day_option(name, text, near=NEAR_DAYS)


def _goal(text: str) -> Goal:
    from syncd.domain.athlete import Goal

    return Goal(chosen("goal", text, goals()))


def _race(text: str, wanted: Goal, priority: str, world: World, now: datetime) -> Race | None:
    from syncd.domain.athlete import Race

    if not text:
        if priority:
            raise UsageFault("--priority needs a race: --race YYYY-MM-DD")
        return None
    grade = priority_option(priority)
    return Race(_day("--race", text, world, now), wanted, grade)


def _phase(text: str) -> Phase | None:
    from syncd.domain.session import Phase

    name = chosen("phase", text, phases())
    return None if name == "auto" else Phase(name)
