"""`rescore` and `match`: score runs again, and link a run to its session by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from syncd.cli.exits import NothingMatched
from syncd.cli.options import argument
from syncd.cli.output import JsonOption, paths_of, show
from syncd.domain.grammar import counted

_FEW = 20


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(rescore)
    app.command()(match)


def rescore(
    context: typer.Context,
    every: Annotated[
        bool, typer.Option("--all", help="Read every recording again; include runs that this version scored.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Rescore runs that an earlier version scored; the old scores are kept."""
    from syncd import clock
    from syncd.cli.opened import watched_world
    from syncd.cycle.assessment import assess
    from syncd.cycle.rereading import reread
    from syncd.cycle.rescoring import expired
    from syncd.cycle.rescoring import rescore as score_again

    with watched_world(paths_of(context), clock.now()) as (world, _):
        unavailable = expired(world, every=every)
        read_otherwise = reread(world, clock.now()) if every else ()
        if read_otherwise:
            assess(world, clock.now())
        rescored = score_again(world, clock.now(), every=every)
    changed = [run for run in rescored if run.before.score != run.now.score]
    payload = {
        "schema": "syncd.rescore/1",
        "rescored": len(rescored),
        "expired": unavailable,
        "reread": list(read_otherwise),
        "changed": [
            {"activity": run.now.activity_id, "before": run.before.score, "now": run.now.score}
            for run in changed
        ],
    }
    lines = [
        f"Run {run.now.activity_id}: score {run.before.score} is now {run.now.score}." for run in changed
    ]
    if read_otherwise:
        runs = counted(len(read_otherwise), "run")
        numbers = ", ".join(map(str, read_otherwise[:_FEW]))
        more = " ..." if len(read_otherwise) > _FEW else ""
        lines.append(f"{runs} read otherwise than before: {numbers}{more}.")
    if unavailable:
        runs = f"{unavailable} run{'' if unavailable == 1 else 's'} from Strava"
        lines.append(
            f"{runs} cannot be rescored: Strava's policy lets syncd keep their data for 7 days at most."
            " Their scores stay."
        )
    show(
        payload,
        "\n".join(
            [
                *lines,
                f"{len(rescored)} run{'' if len(rescored) == 1 else 's'} rescored, {len(changed)} changed.",
            ]
        ),
        as_json,
    )


def match(
    context: typer.Context,
    activity: Annotated[str, argument("The run: its date (2026-03-12) or its number.")],
    session: Annotated[str, argument("The session: its date, or its id (2026w12-3).")],
    as_json: JsonOption = False,
) -> None:
    """Set which session a run belongs to; this overrides syncd's own match."""
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.cycle.moot_questions import drop_moot
    from syncd.cycle.rescoring import match as link
    from syncd.report.history import find_run, find_session
    from syncd.report.score_views import score_sheet, stored_payload, with_offset

    with opened_world(paths_of(context), clock.now(), writing=True) as (world, reader):
        run, planned = find_run(world, activity), find_session(world, session)
        stored = link(world, run.id, planned, clock.now()) if run and planned else None
        drop_moot(world, clock.now())
        units = reader.units
    if stored is None or run is None:
        missing = f"session {session}" if run else f"run {activity}"
        raise NothingMatched(f"there is no {missing}: give its date, for example 2026-03-12")
    run = with_offset(run, world.zone)
    show(stored_payload(run, stored, units), score_sheet(run, stored.judgement, units), as_json)
