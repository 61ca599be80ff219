"""`heat`: how warm it is on the days ahead, and what that means for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.choices import NEAR_DAYS
from syncd.cli.exits import UsageFault
from syncd.cli.options import argument, option
from syncd.cli.output import JsonOption, paths_of, show
from syncd.cli.plan_options import day_option
from syncd.daemon.state_file import wake
from syncd.domain.calendar_names import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from syncd.athlete.sessions import EditOutcome
    from syncd.cycle.world import World
    from syncd.domain.scoring.heat import Weather
    from syncd.domain.units import Units

_UNTIL = (*NEAR_DAYS, *WEEKDAYS)
_DEGREES = re.compile(r"([+-]?\d{1,3}(?:[.,]\d+)?)\s*°?\s*([CF]?)", re.IGNORECASE | re.ASCII)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(heat)


def heat(
    context: typer.Context,
    degrees: Annotated[
        str, argument("32, 32C or 90F (default: show what is known).", metavar="[DEGREES]")
    ] = "",
    dew_point: Annotated[str, option("--dew-point", "DEGREES", "The dew point, if you know it.")] = "",
    until: Annotated[
        str,
        option(
            "--until", "DATE", "The last day: a date or a weekday (default: in two days).", choices=_UNTIL
        ),
    ] = "",
    over: Annotated[bool, typer.Option("--over", help="The heat is over.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Enter how hot it is: hard sessions become easy, long runs shorter; without arguments, show it.

    Degrees without a letter are Celsius, or Fahrenheit where your units are miles.
    """
    if over and (degrees or dew_point or until):
        raise UsageFault("--over stands alone: syncd heat --over")
    if not degrees and (dew_point or until):
        raise UsageFault("give the temperature too: syncd heat 32 --until friday")
    if not (degrees or over):
        _show(context, as_json)
        return

    def change(world: World, units: Units, now: datetime) -> EditOutcome:
        from syncd.athlete.heat import end_heat, enter_heat

        if over:
            return end_heat(world, now)
        last_day = _until(until, world.today(now)) if until else None
        return enter_heat(world, _weather(degrees, dew_point, units), last_day, now)

    _enter(context, change, as_json)


def _show(context: typer.Context, as_json: bool) -> None:
    from syncd import clock
    from syncd.athlete.heat import known_weather
    from syncd.cli.opened import opened_world
    from syncd.report.heat_views import heat_payload, hottest_c, known_sheet

    now = clock.now()
    with opened_world(paths_of(context), now) as (world, reader):
        known, hottest = known_weather(world, now), hottest_c(world.store, world.today(now))
        units = reader.units
    payload = {"schema": "syncd.heat/1", "known": list(map(heat_payload, known)), "changes": []}
    show(payload, known_sheet(known, hottest, units), as_json)


def _enter(
    context: typer.Context, change: Callable[[World, Units, datetime], EditOutcome], as_json: bool
) -> None:
    from syncd import clock
    from syncd.athlete.heat import known_weather
    from syncd.cli.opened import opened_world, remember_settings
    from syncd.report.heat_views import entered_sheet, heat_payload, hottest_c
    from syncd.report.sync_views import change_payload

    now = clock.now()
    with opened_world(paths_of(context), now, writing=True) as (world, reader):
        remember_settings(world, reader)
        units = reader.units
        changes = change(world, units, now).changes
        known, hottest = known_weather(world, now), hottest_c(world.store, world.today(now))
    wake(paths_of(context).state)
    payload = {
        "schema": "syncd.heat/1",
        "known": list(map(heat_payload, known)),
        "changes": [change_payload(made, units) for made in changes],
    }
    show(payload, entered_sheet(changes, known, hottest, units), as_json)


def _weather(degrees: str, dew_point: str, units: Units) -> Weather:
    """Raises UsageFault for what no thermometer shows."""
    from syncd.domain.scoring.heat import Weather
    from syncd.domain.training.heat import COLDEST_C, HOTTEST_C

    usual = "F" if units.name == "mi" else "C"
    temperature_c, letter = _celsius("DEGREES", degrees, usual)
    if not COLDEST_C <= temperature_c <= HOTTEST_C:
        least, most = units.temperature(COLDEST_C), units.temperature(HOTTEST_C)
        raise UsageFault(f"{degrees}: a temperature is {least} to {most}; 32C is Celsius, 90F Fahrenheit")
    if not dew_point:
        return Weather(temperature_c)
    dew_point_c, _ = _celsius("--dew-point", dew_point, letter)
    if dew_point_c > temperature_c:
        raise UsageFault(f"--dew-point {dew_point}: a dew point is never above the temperature ({degrees})")
    if dew_point_c < COLDEST_C:
        raise UsageFault(f"--dew-point {dew_point}: give {units.temperature(COLDEST_C)} or more")
    return Weather(temperature_c, dew_point_c)


def _celsius(name: str, text: str, usual: str) -> tuple[float, str]:
    """The degrees in Celsius, to a tenth, and the letter that they were given in. Raises UsageFault."""
    found = _DEGREES.fullmatch(text.strip())
    if found is None:
        raise UsageFault(f"{name}: {text!r} is not a temperature: write for example 32, 32C or 90F")
    degrees, letter = float(found[1].replace(",", ".")), (found[2] or usual).upper()
    return round((degrees - 32) / 1.8 if letter == "F" else degrees, 1), letter


def _until(text: str, today: date) -> date:
    """A day of the command line; a weekday is the next one, today included. Raises UsageFault."""
    from datetime import timedelta

    name = text.lower()
    if name in NEAR_DAYS:
        return today + timedelta(days=NEAR_DAYS.index(name))
    for number, weekday in enumerate(WEEKDAYS):
        if name in (weekday, weekday[:3]):
            return today + timedelta(days=(number - today.weekday()) % 7)
    return day_option("--until", text, near=_UNTIL)
