"""`health`: what you answered about your health, what follows, and what was cleared since."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.choices import CLEARED_FOR, chosen, concerns
from syncd.cli.exits import UsageFault
from syncd.cli.options import option
from syncd.cli.output import JsonOption, paths_of, show
from syncd.cli.plan_options import day_option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from syncd.athlete.sessions import EditOutcome
    from syncd.cycle.world import World
    from syncd.domain.athlete import Concern, Health
    from syncd.domain.reason import Reason
    from syncd.domain.units import Units
    from syncd.store.changes import Change

    Word = Callable[[World, datetime], EditOutcome]


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(health)


def health(
    context: typer.Context,
    new: Annotated[
        str, option("--new", "WORD", "A new answer, symptom or diagnosis.", choices=concerns)
    ] = "",
    birth: Annotated[str, option("--birth", "DATE", "You gave birth on that date.")] = "",
    clear: Annotated[
        str, option("--clear", "WORD", "A doctor has cleared it; an injury is better.", choices=concerns)
    ] = "",
    cleared_for: Annotated[
        str, option("--for", "WHAT", "easy (running) or everything (default).", choices=CLEARED_FOR)
    ] = "",
    over: Annotated[bool, typer.Option("--over", help="The pregnancy is over, without a birth.")] = False,
    take_back: Annotated[str, option("--take-back", "WORD", "The answer was not so.", choices=concerns)] = "",
    on: Annotated[str, option("--on", "DATE", "Since when, or cleared when (default: today).")] = "",
    as_json: JsonOption = False,
) -> None:
    """Show your answers about health; enter new ones, and what a doctor has cleared."""
    said = [name for name in (new, birth, clear, take_back, "over" if over else "") if name]
    if len(said) > 1:
        raise UsageFault("one thing at a time: --new, --birth, --clear, --over or --take-back")
    if cleared_for and not clear:
        raise UsageFault("--for belongs to --clear: syncd health --clear WORD --for easy")
    if on and (birth or take_back or not said):
        raise UsageFault("--on is the day of --new, --clear or --over")
    if said:
        _apply(context, _word(new, birth, clear, cleared_for or "everything", take_back, on), as_json)
        return
    _show(context, as_json)
    if not as_json and sys.stdin.isatty():
        _ask(context)


def _word(new: str, birth: str, clear: str, cleared_for: str, take_back: str, on: str) -> Word:
    """What the options ask for. Raises UsageFault."""
    from syncd.athlete import health as words
    from syncd.domain.athlete import Concern
    from syncd.store.health_answers import ClearedFor

    def word(world: World, now: datetime) -> EditOutcome:
        day = _day("--on", on, world, now)
        if new:
            concern = _concern("--new", new)
            if concern is Concern.BIRTH and not on:
                raise UsageFault("a birth needs its date: syncd health --birth DATE")
            return words.answer(world, concern, day, now)
        if birth:
            return words.answer(world, Concern.BIRTH, _day("--birth", birth, world, now), now)
        if clear:
            return words.clear(world, _concern("--clear", clear), _cleared_for(cleared_for), day, now)
        if take_back:
            return words.take_back(world, _concern("--take-back", take_back), now)
        return words.clear(world, Concern.PREGNANCY, ClearedFor.OVER, day, now)

    return word


def _cleared_for(text: str) -> Any:
    from syncd.store.health_answers import ClearedFor

    return ClearedFor(chosen("--for", text, CLEARED_FOR))


def _concern(flag: str, text: str) -> Concern:
    from syncd.domain.athlete import Concern

    return Concern[chosen(flag, text.lower().replace("-", "_"), concerns()).upper()]


def _day(flag: str, text: str, world: World, now: datetime) -> date:
    is_given = bool(text) and text.lower() != "today"
    return day_option(flag, text) if is_given else world.today(now)


def _apply(context: typer.Context, word: Word, as_json: bool) -> None:
    """Open the state for writing, apply the word, and show what it did and what holds now."""
    from syncd import clock
    from syncd.cli.opened import opened_world, remember_settings
    from syncd.cycle.health_answers import with_answers
    from syncd.cycle.planning import hindrance_of, note_race
    from syncd.daemon.state_file import wake
    from syncd.report.health_views import first_words, race_line
    from syncd.report.sheet import Sheet
    from syncd.report.sync_views import FOLLOWS, add_change

    now = clock.now()
    with opened_world(paths_of(context), now, writing=True) as (world, reader):
        remember_settings(world, reader)
        outcome = word(world, now)
        today, units, answered = world.today(now), reader.units, with_answers(world)
        note_race(answered, today)
        hindrance = hindrance_of(answered, today)
    health = answered.health
    wake(paths_of(context).state)
    sheet = Sheet()
    for change in outcome.changes:
        add_change(sheet, change, units)
    sheet.add(first_words(health, today, units))
    if line := race_line(hindrance, today, units):
        sheet.say(line, hang=2)
    sheet.say(FOLLOWS)
    show(_payload(health, hindrance, today, units, outcome.changes), sheet, as_json)


def _show(context: typer.Context, as_json: bool) -> None:
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.cycle.planning import hindrance_of
    from syncd.report.health_views import health_sheet

    now = clock.now()
    with opened_world(paths_of(context), now) as (world, reader):
        today = world.today(now)
        hindrance = hindrance_of(world, today)
        payload = _payload(world.health, hindrance, today, reader.units, ())
        show(payload, health_sheet(world.health, hindrance, today, reader.units), as_json)


def _payload(
    health: Health, hindrance: Reason | None, today: date, units: Units, changes: Iterable[Change]
) -> dict[str, Any]:
    """`syncd.health/1`."""
    from syncd.report.health_views import health_payload, race_line
    from syncd.report.sync_views import change_payload

    return {
        "schema": "syncd.health/1",
        "answers": health_payload(health, today),
        "birth_year": health.birth_year,
        "race_planned_for": not race_line(hindrance, today, units),
        "changes": [change_payload(change, units) for change in changes],
    }


def _ask(context: typer.Context) -> None:
    """On a terminal: anything new, then what was cleared; Enter changes nothing."""
    from syncd.cli.asking import asked, say
    from syncd.cli.wizard.questions import CONCERNS

    say("Anything new? Type its number (Enter for nothing):")
    for place, (_, text) in enumerate(CONCERNS, 1):
        say(f"  {place} {text}")
    number = asked("Number")
    if number:
        if not (number.isdecimal() and 1 <= int(number) <= len(CONCERNS)):
            raise UsageFault(f"{number}: a number from 1 to {len(CONCERNS)}")
        name = CONCERNS[int(number) - 1][0]
        since = asked("Since when, or its date, YYYY-MM-DD (Enter for today)")
        _apply(context, _word(name, "", "", "", "", since or "today"), False)
        return
    for name in _open_names(context):
        text = name.replace("_", " ")
        day = asked(f"Cleared: {text}? The date, YYYY-MM-DD (Enter for not yet)")
        if day:
            what = asked("For easy running or everything [everything]") or "everything"
            _apply(context, _word("", "", name, what, "", day), False)


def _open_names(context: typer.Context) -> list[str]:
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.domain.training.health_answers import open_answers

    now = clock.now()
    with opened_world(paths_of(context), now) as (world, _):
        today = world.today(now)
        return [answer.concern.name.lower() for answer in open_answers(world.health, today)]
