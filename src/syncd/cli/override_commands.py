"""Decisions: `move`, `skip`, `pin`, `pause`, `sick`, `resume`, `goal`, `phase`, `rpe`, `undo`."""

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

DayArgument = Annotated[str, argument("YYYY-MM-DD, today or tomorrow.", choices=NEAR_DAYS)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (move, skip, pin, pause, sick, resume, goal, phase, rpe, undo):
        app.command()(command)


def move(
    context: typer.Context,
    day: DayArgument,
    to: Annotated[str, argument("The day to move it to.", choices=NEAR_DAYS)],
    as_json: JsonOption = False,
) -> None:
    """Move a session to another day; an easy run there swaps places with it."""
    from syncd.athlete import sessions

    def change(world: World, now: datetime) -> EditOutcome:
        return sessions.move(world, _day("move", day, world, now), _day("move", to, world, now), now)

    apply_override(context, change, as_json)


def skip(context: typer.Context, day: DayArgument, as_json: JsonOption = False) -> None:
    """Skip the session of a day."""
    from syncd.athlete import sessions

    apply_override(
        context, lambda world, now: sessions.skip(world, _day("skip", day, world, now), now), as_json
    )


def pin(context: typer.Context, day: DayArgument, as_json: JsonOption = False) -> None:
    """Keep the session of a day as it is: no rule changes it."""
    from syncd.athlete import sessions

    apply_override(
        context, lambda world, now: sessions.pin(world, _day("pin", day, world, now), now), as_json
    )


def pause(
    context: typer.Context,
    until: Annotated[str, option("--until", "DATE", "The last day of the pause.")] = "",
    first: Annotated[str, option("--from", "DATE", "The first day (default: today).")] = "",
    as_json: JsonOption = False,
) -> None:
    """Plan no runs for some days, or until you resume."""
    from syncd.athlete import time_off

    def change(world: World, now: datetime) -> EditOutcome:
        begins = _day("--from", first, world, now) if first else world.today(now)
        return time_off.pause(world, begins, _day("--until", until, world, now) if until else None, now)

    apply_override(context, change, as_json)


def sick(
    context: typer.Context,
    hurt: Annotated[bool, typer.Option("--hurt", help="An injury, not an illness.")] = False,
    fever: Annotated[
        bool | None,
        typer.Option(
            "--fever/--no-fever", help="With or without fever (default: ask, else with).", show_default=False
        ),
    ] = None,
    first: Annotated[str, option("--from", "DATE", "The first day (default: today).")] = "",
    as_json: JsonOption = False,
) -> None:
    """Report illness or injury: no runs are planned until you resume; you return gradually."""
    from syncd.athlete import time_off

    if fever is None and not hurt and not as_json:
        fever = _asked_fever()

    def change(world: World, now: datetime) -> EditOutcome:
        begins = _day("--from", first, world, now) if first else world.today(now)
        return time_off.sick(world, begins, now, hurt=hurt, fever=fever)

    apply_override(context, change, as_json)


def _asked_fever() -> bool | None:
    """What the person at the terminal says; None where there is none, or they do not know."""
    import sys

    from syncd.cli.asking import asked

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    answers = {"y": True, "yes": True, "n": False, "no": False}
    return answers.get(asked("Do you have a fever, or had one lately? yes or no (Enter: yes)").lower())


def resume(
    context: typer.Context,
    well_since: Annotated[
        str, option("--symptom-free-since", "DATE", "The first day without symptoms (default: today).")
    ] = "",
    cleared: Annotated[
        bool, typer.Option("--cleared", help="A doctor has said that you may run again.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """End a pause, illness or injury."""
    from syncd.athlete import time_off

    def change(world: World, now: datetime) -> EditOutcome:
        since = _day("--symptom-free-since", well_since, world, now) if well_since else None
        return time_off.resume(world, now, well_since=since, cleared=cleared)

    apply_override(context, change, as_json)


def goal(
    context: typer.Context,
    distance: Annotated[
        str, argument("5k, 10k, half, marathon or none (default: show it).", choices=goals)
    ] = "",
    race: Annotated[str, option("--race", "DATE", "The date of a race over that distance.")] = "",
    priority: Annotated[
        str, option("--priority", "GRADE", "A, B or C (default A).", choices=PRIORITIES)
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Set what you train for, with or without a race; without arguments, show it."""
    from syncd.athlete import aims

    if not distance:
        if race or priority:
            raise UsageFault("give the distance too: syncd goal 10k --race DATE")
        _show_goal(context, as_json)
        return
    wanted = _goal(distance)

    def change(world: World, now: datetime) -> EditOutcome:
        settings = _settings(context)
        configured = (settings.plan.goal, settings.goal_race())
        return aims.set_goal(world, configured, wanted, _race(race, wanted, priority, world, now), now)

    apply_override(context, change, as_json)


def phase(
    context: typer.Context,
    name: Annotated[
        str, argument("foundation, distance, speed, combine or auto (default: show it).", choices=phases)
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Choose the training phase from this week on; auto leaves it to the plan."""
    from syncd.athlete import aims

    if not name:
        from syncd.report.aim_texts import phase_text

        _show_current(context, "syncd.phase/1", "phase", lambda world: phase_text(world.phase), as_json)
        return
    wanted = _phase(name)

    def change(world: World, now: datetime) -> EditOutcome:
        return aims.set_phase(world, _settings(context).goal_phase(), wanted, now)

    apply_override(context, change, as_json)


def rpe(
    context: typer.Context,
    activity: Annotated[str, argument("The run: its date (2026-03-12) or its number.")],
    effort: Annotated[float, argument("How hard it felt: 1 to 10, halves allowed.")],
    as_json: JsonOption = False,
) -> None:
    """Enter how hard a run felt; this outranks the recording."""
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
        raise NothingMatched(f"there is no run {activity}: give its date, for example 2026-03-12")
    payload = {"schema": "syncd.rpe/1", "activity": run.id, "rpe": effort, "score": stored.score}
    score = "not scored" if stored.score is None else f"score {stored.score}"
    show(payload, f"Run {run.id}: effort {effort:g} of 10, {score}.", as_json)


def undo(
    context: typer.Context,
    change: Annotated[int | None, argument("The number of a change (default: the last).")] = None,
    by_option: Annotated[int | None, option("--change", "N", "The same, as an option.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Undo a change of the plan; the same rule does not make it again."""
    from syncd import clock
    from syncd.athlete.undoing import undo as undo_change
    from syncd.cli.opened import opened_world
    from syncd.report.sheet import sheet_of
    from syncd.report.sync_views import FOLLOWS, add_change, change_payload, undone_text
    from syncd.report.time_off import time_off_payload, time_off_text

    if change is not None and by_option is not None and change != by_option:
        raise UsageFault("two different changes are given: syncd undo NUMBER takes one")
    now = clock.now()
    with opened_world(paths_of(context), now, writing=True) as (world, reader):
        undoing = undo_change(world, change if change is not None else by_option, now)
        units = reader.units
    wake(paths_of(context).state)
    changes = [undoing.change, *undoing.together]
    payload = {
        "schema": "syncd.undo/1",
        "undone": [change_payload(undone, units) for undone in changes],
        "changes": [change_payload(eased, units) for eased in undoing.eased],
        "time_off": time_off_payload([undoing.off] if undoing.off else []),
    }
    eased_ids = {eased.session_id for eased in undoing.eased}
    shown = [undone for undone in changes if undone.session_id not in eased_ids]
    lines = dict.fromkeys(undone_text(undone, units) for undone in (shown[:1] if undoing.off else shown))
    sheet = sheet_of(*lines)
    for eased in undoing.eased:
        add_change(sheet, eased, units)
    if undoing.off:
        sheet.say(time_off_text(undoing.off, units))
    sheet.say(FOLLOWS)
    show(payload, sheet, as_json)


def apply_override(
    context: typer.Context, override: Callable[[World, datetime], EditOutcome], as_json: bool
) -> None:
    """Open the state for writing, apply an override, and show what it did."""
    from syncd import clock
    from syncd.cli.opened import opened_world, remember_settings
    from syncd.report.reasons import reason_sentence, reason_text
    from syncd.report.sheet import Sheet
    from syncd.report.sync_views import FOLLOWS, add_change, change_payload

    now = clock.now()
    with opened_world(paths_of(context), now, writing=True) as (world, reader):
        remember_settings(world, reader)
        outcome = override(world, now)
        units = reader.units
    if outcome.changes:
        wake(paths_of(context).state)
    warnings = [reason_text(warning, units) for warning in outcome.warnings]
    text = reason_sentence(outcome.text, units) if outcome.text else ""
    payload: dict[str, Any] = {
        "schema": "syncd.word/1",
        "changes": [change_payload(change, units) for change in outcome.changes],
        "warnings": warnings,
        "text": text,
    }
    sheet = Sheet()
    for change in outcome.changes:
        add_change(sheet, change, units)
    if text:
        sheet.say(text)
    if outcome.changes:
        sheet.say(FOLLOWS)
    show(payload, sheet, as_json)
    complain(warnings)


def _show_goal(context: typer.Context, as_json: bool) -> None:
    """The goal; and that its race is not planned for, where that is so."""
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.cycle.planning import hindrance_of
    from syncd.report.aim_texts import goal_text
    from syncd.report.health_views import race_line

    now = clock.now()
    with opened_world(paths_of(context), now) as (world, reader):
        value = goal_text(world.goal, world.race)
        today = world.today(now)
        hindered = race_line(hindrance_of(world, today), today, reader.units)
    text = "\n".join(filter(None, (f"The goal is {value}.", hindered)))
    show({"schema": "syncd.goal/1", "goal": value, "planned_for": not hindered}, text, as_json)


def _show_current(
    context: typer.Context, schema: str, name: str, current: Callable[[World], str], as_json: bool
) -> None:
    from syncd import clock
    from syncd.cli.opened import opened_world

    with opened_world(paths_of(context), clock.now()) as (world, _):
        value = current(world)
    show({"schema": schema, name: value}, f"The {name} is {value}.", as_json)


def _settings(context: typer.Context) -> Any:
    from syncd.config import load

    return load(paths_of(context).config)


def _day(name: str, text: str, world: World, now: datetime) -> date:
    """A day of the command line; today and tomorrow are in the athlete's time zone."""
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
