"""`result`: a race or a test that syncd did not see."""

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
    distance: Annotated[str, argument("5k, 10k, half, 3km, 5mi, ...", words=tuple(_NAMED_M))],
    time: Annotated[str, argument("How long it took: mm:ss or h:mm:ss.")],
    date: Annotated[str, option("--date", "DATE", "The day (default: today).")] = "",
    test: Annotated[bool, typer.Option("--test", help="A test of your own, not a race.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell a race or test run elsewhere: your paces follow from it."""
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
        told = enter_result(world, metres, seconds, day, now, test=test)
    payload = {
        "schema": "syncd.result/1",
        "distance_m": metres,
        "time_s": seconds,
        "date": day.isoformat(),
        "counts": told.counts,
        "five_k_s_before": told.before_s,
        "five_k_s": told.after_s,
        "change": told.change_id,
    }
    show(payload, reason_text(told.text, reader.units), as_json)


def distance_option(text: str) -> float:
    """Metres of `10k`, `half`, `5mi`, `3.1km`. Raises UsageFault."""
    word = text.lower().strip()
    if word in _NAMED_M:
        return _NAMED_M[word]
    found = _LENGTH.fullmatch(word)
    if found is None:
        near = did_you_mean(word, _NAMED_M)
        raise UsageFault(f"{text}: not a distance; write 5k, 10k, half, marathon, 8km, 5mi or 3000m{near}")
    return float(found[1]) * _UNIT_M[found[2]]
