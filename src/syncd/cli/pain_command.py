"""`pain`: how much a run hurt, and what that means for the days ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.exits import NothingMatched, UsageFault
from syncd.cli.options import argument, option
from syncd.cli.output import JsonOption, paths_of, show
from syncd.daemon.state_file import wake

if TYPE_CHECKING:
    from datetime import datetime

    from syncd.cycle.world import World
    from syncd.domain.training.pain import PainSign

_RUN_DAYS = ("today", "yesterday")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(pain)


def pain(
    context: typer.Context,
    run: Annotated[
        str,
        argument("today, yesterday, a date or a number (default: list).", choices=_RUN_DAYS, metavar="[RUN]"),
    ] = "",
    worst: Annotated[str, argument("The worst of it: 0 for none, 10 for the worst.", metavar="[0-10]")] = "",
    where: Annotated[str, option("--where", "PLACE", "Where it was, in your words.")] = "",
    rising: Annotated[bool, typer.Option("--rising", help="It got worse while you ran.")] = False,
    still: Annotated[bool, typer.Option("--still", help="It was still there a day later.")] = False,
    limp: Annotated[bool, typer.Option("--limp", help="It made you limp.")] = False,
    spot: Annotated[bool, typer.Option("--spot", help="It is on one bony spot.")] = False,
    night: Annotated[bool, typer.Option("--night", help="It hurts at night, or at rest.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Enter how much a run hurt, 0 to 10; without arguments, list what you entered."""
    from syncd.domain.training.pain import PainSign

    said = {
        PainSign.RISING: rising,
        PainSign.STILL: still,
        PainSign.LIMP: limp,
        PainSign.SPOT: spot,
        PainSign.NIGHT: night,
    }
    signs = frozenset(sign for sign, given in said.items() if given)
    if run and worst:
        _enter(context, run, _worst(worst), where, signs, as_json)
    elif run or where or signs:
        raise UsageFault("give the run and how much it hurt: syncd pain today 2")
    else:
        _list(context, as_json)


def _enter(
    context: typer.Context, run: str, worst: int, where: str, signs: frozenset[PainSign], as_json: bool
) -> None:
    from dataclasses import replace

    from syncd import clock
    from syncd.athlete.pain import enter_pain, pain_in
    from syncd.cli.opened import opened_world, remember_settings
    from syncd.report.history import find_run
    from syncd.report.pain_views import entered_sheet, pain_payload
    from syncd.report.sync_views import change_payload

    now = clock.now()
    with opened_world(paths_of(context), now, writing=True) as (world, reader):
        remember_settings(world, reader)
        found = find_run(world, _named(run, world, now))
        empty = pain_in(world, found.id) if found else None
        if empty is None:
            raise NothingMatched(f"there is no run {run}: give its date, for example 2026-03-12")
        outcome = enter_pain(world, replace(empty, worst=worst, place=where.strip(), signs=signs), now)
        units = reader.units
    wake(paths_of(context).state)
    payload = {
        "schema": "syncd.pain/1",
        "pains": [pain_payload(outcome.pain)],
        "changes": [change_payload(change, units) for change in outcome.changes],
    }
    sheet = entered_sheet(outcome.pain, outcome.undone, outcome.changes, outcome.text, units)
    show(payload, sheet, as_json)


def _list(context: typer.Context, as_json: bool) -> None:
    from datetime import timedelta

    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.report.pain_views import LISTED_DAYS, pain_payload, pains_sheet

    now = clock.now()
    with opened_world(paths_of(context), now) as (world, _):
        pains = world.store.pains.since(world.today(now) - timedelta(days=LISTED_DAYS))
    payload = {"schema": "syncd.pain/1", "pains": list(map(pain_payload, pains)), "changes": []}
    show(payload, pains_sheet(pains), as_json)


def _named(run: str, world: World, now: datetime) -> str:
    """The run as `find_run` takes it: today and yesterday are days in the athlete's time zone."""
    from datetime import timedelta

    name = run.lower()
    if name not in _RUN_DAYS:
        return run
    return (world.today(now) - timedelta(days=_RUN_DAYS.index(name))).isoformat()


def _worst(text: str) -> int:
    if not (text.isdecimal() and text.isascii()) or int(text) > 10:
        raise UsageFault(f"{text}: pain is a whole number from 0, none, to 10")
    return int(text)
