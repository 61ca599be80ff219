"""`rescore` and `match`: scores given again, and runs linked to their session by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from syncd.cli.exits import NothingMatched
from syncd.cli.options import argument
from syncd.cli.output import JsonOption, paths_of, show


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(rescore)
    app.command()(match)


def rescore(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Also what this version scored.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Score again what an earlier version scored; the old scores are kept."""
    from syncd import clock
    from syncd.cli.opened import watched_world
    from syncd.cycle.rescoring import expired
    from syncd.cycle.rescoring import rescore as score_again

    with watched_world(paths_of(context), clock.now()) as (world, _):
        gone = expired(world, every=every)
        done = score_again(world, clock.now(), every=every)
    changed = [each for each in done if each.before.score != each.now.score]
    payload = {
        "schema": "syncd.rescore/1",
        "rescored": len(done),
        "expired": gone,
        "changed": [
            {"activity": each.now.activity_id, "before": each.before.score, "now": each.now.score}
            for each in changed
        ],
    }
    lines = [f"run {each.now.activity_id}: {each.before.score} is now {each.now.score}" for each in changed]
    if gone:
        lines.append(
            f"{gone} from Strava cannot be scored again: what it tells of a run is kept for 7 days at most"
            " (its policy). Their scores stay."
        )
    show(payload, "\n".join([*lines, f"{len(done)} scored again, {len(changed)} changed."]), as_json)


def match(
    context: typer.Context,
    activity: Annotated[str, argument("The run: its day (2026-03-12) or its number.")],
    session: Annotated[str, argument("The session it was: its day, or its id (2026w12-3).")],
    as_json: JsonOption = False,
) -> None:
    """Say which session a run was; this outranks what syncd thinks, and stays."""
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.cycle.rescoring import match as link
    from syncd.report.history import find_run, find_session
    from syncd.report.score_views import score_sheet, stored_payload

    with opened_world(paths_of(context), clock.now(), writing=True) as (world, reader):
        run, planned = find_run(world, activity), find_session(world, session)
        stored = link(world, run.id, planned, clock.now()) if run and planned else None
        units = reader.units
    if stored is None or run is None:
        missing = f"session {session}" if run else f"run {activity}"
        raise NothingMatched(f"there is no {missing}: give its day, as in 2026-03-12")
    show(stored_payload(run, stored, units), score_sheet(run, stored.judgement, units), as_json)
