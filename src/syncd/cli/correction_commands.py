"""`ignore` and `fix`: put a run right, or leave it out, on top of its recordings; `--undo` takes it back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.choices import run_kinds
from syncd.cli.exits import NothingMatched, UsageFault
from syncd.cli.options import argument, option
from syncd.cli.output import JsonOption, paths_of, show

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import tzinfo

    from syncd.cycle.world import World
    from syncd.domain.corrections import Correction, CorrectionKind
    from syncd.domain.units import Units

    _Made = Callable[[int, World, Units, datetime], tuple[Correction, ...]]  # the corrections of a run

RunArgument = Annotated[str, argument("The run: its date (2026-03-12) or its number.")]
UndoOption = Annotated[bool, typer.Option("--undo", help="Take back what you put right on this run.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(ignore)
    app.command()(fix)


def ignore(
    context: typer.Context, run: RunArgument, undo: UndoOption = False, as_json: JsonOption = False
) -> None:
    """Leave a run out of everything: load, scores, tests, plan. Its recording is kept."""
    from syncd import clock
    from syncd.domain.corrections import Correction, CorrectionKind

    now = clock.now()
    _put_right(
        context,
        run,
        lambda activity_id, *_: (Correction(activity_id, CorrectionKind.IGNORE, now),),
        {CorrectionKind.IGNORE},
        undo=undo,
        as_json=as_json,
    )


def fix(
    context: typer.Context,
    run: RunArgument,
    distance: Annotated[str, option("--distance", "DISTANCE", "What it really was: 7.2km, 4.5mi.")] = "",
    kind: Annotated[
        str, option("--kind", "KIND", "What it was: run, ride, walk ...", choices=run_kinds)
    ] = "",
    trim: Annotated[
        str, option("--trim", "TIMES", "Keep this part of the timer: 45:00, or 2:00-45:00.")
    ] = "",
    start: Annotated[str, option("--start", "TIME", "When it began: 2026-03-12T18:40.")] = "",
    undo: UndoOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put a run right: its distance, kind, length or start. Scores, load and plan follow."""
    given = any((distance, kind, trim, start))
    if undo == given:
        raise UsageFault("fix: give --distance, --kind, --trim or --start, or --undo alone")

    from syncd.domain.corrections import CorrectionKind

    def corrections(activity_id: int, world: World, units: Units, now: datetime) -> tuple[Correction, ...]:
        from syncd.domain.corrections import Correction

        made = (
            (CorrectionKind.DISTANCE, distance and _metres(distance, units)),
            (CorrectionKind.SPORT, kind and _sport(kind)),
            (CorrectionKind.TRIM, trim and _part(trim, _recorded_s(world, activity_id))),
            (CorrectionKind.START, start and _moment(start, world.zone, now)),
        )
        return tuple(Correction(activity_id, what, now, value) for what, value in made if value)

    kinds = set(CorrectionKind) - {CorrectionKind.IGNORE}
    _put_right(context, run, corrections, kinds, undo=undo, as_json=as_json)


def _put_right(
    context: typer.Context,
    wanted: str,
    made: _Made,
    kinds: Collection[CorrectionKind],
    *,
    undo: bool,
    as_json: bool,
) -> None:
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.cycle.assessment import assess
    from syncd.cycle.corrections import correct, take_back
    from syncd.cycle.moot_questions import drop_moot
    from syncd.report.correction_views import corrected_payload, corrected_text
    from syncd.report.history import find_any_run

    now = clock.now()
    with opened_world(paths_of(context), now, writing=True) as (world, reader):
        run = find_any_run(world, wanted)
        if run is None:
            raise NothingMatched(f"there is no run {wanted}: give its date, for example 2026-03-12")
        if undo:
            count = take_back(world, run.id, now, kinds=kinds)
            if not count:
                raise NothingMatched(
                    f"nothing was put right on the run of {run.day}: there is nothing to undo"
                )
        else:
            correct(world, made(run.id, world, reader.units, now), now)
        assess(world, now)
        drop_moot(world, now)
        after = world.store.activities.get(run.id)
        assert after is not None  # noqa: S101 - corrections delete nothing
        held = world.store.corrections.of_activity(run.id)
        stored = world.store.scores.newest_of(run.id)
        show(
            corrected_payload(after, held, stored),
            corrected_text(run, after, held, stored, reader.units, undone=undo),
            as_json,
        )


def _metres(text: str, units: Units) -> dict[str, float]:
    import re

    from syncd.domain.units import KILOMETRES, MILES

    found = re.fullmatch(r"\s*(\d{1,4}(?:[.,]\d{1,3})?)\s*(km|mi|m)?\s*", text.lower())
    if found is None:
        raise UsageFault(f"--distance {text}: write it like 7.2km or 4.5mi")
    lengths = {"km": KILOMETRES.metres, "mi": MILES.metres, "m": 1.0}
    metres = float(found[1].replace(",", ".")) * lengths.get(found[2] or "", units.metres)
    if not 0 < metres <= _LONGEST_M:
        raise UsageFault(f"--distance {text}: more than 0, at most {_LONGEST_M / 1000:.0f} km")
    return {"metres": metres}


_LONGEST_M = 500_000.0  # our default: six-day races are longer, and another sport


def _sport(text: str) -> dict[str, str]:
    from syncd.cli.choices import chosen

    kind = chosen("--kind", text.lower(), run_kinds())
    return dict(_SPORTS[kind])


_SPORTS = {
    "run": {"sport": "running"},
    "trail": {"sport": "running", "sub_sport": "trail"},
    "treadmill": {"sport": "running", "sub_sport": "treadmill"},
    "ride": {"sport": "cycling"},
    "walk": {"sport": "walking"},
    "hike": {"sport": "hiking"},
    "swim": {"sport": "swimming"},
    "other": {"sport": "other"},
}


def _recorded_s(world: World, activity_id: int) -> float:
    """How long the recording is on its timer, before anything is put right."""
    from syncd.cycle.recordings import recorded_activity

    summary = world.store.activities.get(activity_id)
    recorded = None if summary is None else recorded_activity(world, summary)
    return recorded.timer_s if recorded is not None else summary.timer_s if summary is not None else 0.0


def _part(text: str, recorded_s: float) -> dict[str, float]:
    from syncd.domain.clock_time import format_clock, parse_race_time

    first, dash, last = text.partition("-")
    try:
        begin, end = (
            (parse_race_time(first), parse_race_time(last)) if dash else (0.0, parse_race_time(first))
        )
    except ValueError:
        begin = end = 0.0
    if end <= begin:
        raise UsageFault(f"--trim {text}: write the part to keep, like 45:00 or 2:00-45:00")
    if begin >= recorded_s:
        raise UsageFault(f"--trim {text}: the run is over after {format_clock(recorded_s)}")
    return {"from_s": begin, "to_s": end}


def _moment(text: str, zone: tzinfo, now: datetime) -> dict[str, str]:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageFault(f"--start {text}: write it like 2026-03-12T18:40") from None
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if local > now:
        raise UsageFault(f"--start {text}: that is still to come")
    return {"at": local.isoformat()}
