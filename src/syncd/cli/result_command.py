"""`result`: a race or test that syncd does not know."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from syncd.cli.exits import UsageFault
from syncd.cli.options import argument, option
from syncd.cli.output import JsonOption, paths_of, show
from syncd.domain.nearest import did_you_mean

_NAMED_M = {"3k": 3000.0, "5k": 5000.0, "10k": 10_000.0, "half": 21_097.5, "marathon": 42_195.0}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(k|km|m|mi|mile|miles)")
_UNIT_M = {"k": 1000.0, "km": 1000.0, "m": 1.0, "mi": 1609.344, "mile": 1609.344, "miles": 1609.344}


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(result)


def result(
    context: typer.Context,
    distance: Annotated[str, argument("5k, 10k, half, 3km, 5mi, ...", choices=tuple(_NAMED_M))],
    time: Annotated[str, argument("Your time: mm:ss or h:mm:ss.")],
    date: Annotated[str, option("--date", "DATE", "The date (default: today).")] = "",
    test: Annotated[bool, typer.Option("--test", help="It was your own test, not a race.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Enter a race or test result: your paces follow from it."""
    from syncd import clock
    from syncd.athlete.results import enter_result
    from syncd.cli.opened import opened_world
    from syncd.cli.plan_options import day_option
    from syncd.domain.clock_time import parse_race_time
    from syncd.report.reasons import reason_text

    metres = distance_option(distance)
    try:
        seconds = parse_race_time(time)
    except ValueError as error:
        raise UsageFault(str(error)) from None
    now = clock.now()
    with opened_world(paths_of(context), now, writing=True) as (world, reader):
        day = day_option("--date", date) if date else world.today(now)
        entered = enter_result(world, metres, seconds, day, now, test=test)
    payload = {
        "schema": "syncd.result/1",
        "distance_m": metres,
        "time_s": seconds,
        "date": day.isoformat(),
        "counts": entered.counts,
        "five_k_s_before": entered.before_s,
        "five_k_s": entered.after_s,
        "change": entered.change_id,
    }
    show(payload, reason_text(entered.text, reader.units), as_json)


def distance_option(text: str) -> float:
    """Metres of `10k`, `half`, `5mi`, `3.1km`. Raises UsageFault."""
    name = text.lower().strip()
    if name in _NAMED_M:
        return _NAMED_M[name]
    match = _LENGTH.fullmatch(name)
    if match is None:
        near = did_you_mean(name, _NAMED_M)
        raise UsageFault(f"{text} is not a distance; write 5k, 10k, half, marathon, 8km, 5mi or 3000m{near}")
    return float(match[1]) * _UNIT_M[match[2]]
