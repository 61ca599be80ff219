"""`plan export` and `plan import`: the plan as one readable text file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from syncd.cli.exits import CommandFailed, UsageFault
from syncd.cli.file_faults import of_system
from syncd.cli.output import paths_of, plain, show
from syncd.cli.plan_options import faults_in

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from syncd.athlete.own_plan import ImportedPlan
    from syncd.cycle.world import World
    from syncd.domain.plan_file import PlanFile
    from syncd.domain.session import Week

HEAD = (
    "A syncd plan. Change it, then run: syncd plan import FILE",
    "A line for the week, then one line per session: day, kind, workout, and a title after |.",
    "Anything after # is a comment and is kept.",
)


def export_own(context: typer.Context, file: str, weeks: int, now: datetime, as_json: bool) -> None:
    """The athlete's own weeks ahead."""
    from syncd.athlete.own_plan import exported_plan
    from syncd.cli.opened import opened_world

    with opened_world(paths_of(context), now) as (world, reader), faults_in(reader.units):
        _write(exported_plan(world, world.today(now), weeks), file, as_json)


def export_weeks(weeks: Iterable[Week], file: str, units: str, as_json: bool) -> None:
    """The weeks of a sample plan."""
    from syncd.domain.plan_file import plan_file
    from syncd.domain.units import units_named

    _write(plan_file(weeks, units_named(units)), file, as_json)


def import_own(context: typer.Context, file: str, now: datetime, as_json: bool) -> None:
    """Take the weeks of a file into the plan. Raises UsageFault and CommandFailed."""
    from syncd.athlete.own_plan import import_plan
    from syncd.cli.opened import opened_world
    from syncd.domain.plan_file import PlanFileError, parse_plan

    if not file:
        raise UsageFault(
            "plan import needs a file: syncd plan import FILE (syncd plan export FILE writes one)"
        )
    path = Path(file).expanduser()
    text = _read(path)
    try:
        plan = parse_plan(text)
    except PlanFileError as error:
        raise UsageFault(f"{path.name} {error}; nothing was imported") from None
    with opened_world(paths_of(context), now, writing=True) as (world, _):
        if plan.weeks[-1].end < world.today(now):
            raise UsageFault(f"{path.name}: all of its weeks are over; nothing was imported")
        _require_fit(world, plan, path.name, now)
        imported = import_plan(world, plan, path.name, now)
    show(_imported_payload(imported), _imported_text(imported), as_json)


def _require_fit(world: World, plan: PlanFile, name: str, now: datetime) -> None:
    """Raises UsageFault where the watch could not get a session."""
    from syncd.athlete.own_plan import unfit_lines
    from syncd.domain.day_text import day_text
    from syncd.report.delivery_texts import unfit_text

    unfit = unfit_lines(world, plan, world.today(now))
    if not unfit:
        return
    line, why = unfit[0]
    more = f" (and {len(unfit) - 1} more)" if len(unfit) > 1 else ""
    text = unfit_text(why, world.sink.name)
    raise UsageFault(f"{name} line {line.line}, {day_text(line.day)}: {text}{more}; nothing was imported")


def _read(path: Path) -> str:
    from syncd.domain.plan_file import MOST_CHARACTERS

    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read(MOST_CHARACTERS + 1)
    except UnicodeDecodeError:
        raise UsageFault(f"{path.name} is not a text file (UTF-8); nothing was imported") from None
    except OSError as error:
        raise CommandFailed(of_system(error)) from None


def _write(plan: PlanFile, file: str, as_json: bool) -> None:
    from dataclasses import replace

    from syncd.domain.plan_file import format_plan
    from syncd.durable import write_whole

    first, *others = plan.weeks
    if not first.comments:
        plan = replace(plan, weeks=(replace(first, comments=HEAD), *others))
    text = format_plan(plan)
    payload: dict[str, Any] = {"schema": "syncd.plan-file/1", "file": file or None, "weeks": len(plan.weeks)}
    if file in ("", "-"):
        show(payload | {"text": text}, text.removesuffix("\n"), as_json)
        return
    path = Path(file).expanduser()
    try:
        write_whole(path, text.encode(), mode=0o644)
    except OSError as error:
        raise CommandFailed(of_system(error)) from None
    show(payload, f"Wrote {len(plan.weeks)} week{'' if len(plan.weeks) == 1 else 's'} to {path}.", as_json)


def _imported_payload(imported: ImportedPlan) -> dict[str, Any]:
    return {
        "schema": "syncd.plan-import/1",
        "added": list(imported.added),
        "changed": list(imported.changed),
        "dropped": list(imported.dropped),
        "repaced": list(imported.repaced),
        "unchanged": list(imported.unchanged),
        "left_out": [day.isoformat() for day in imported.left_out],
    }


def _imported_text(imported: ImportedPlan) -> str:
    counts = (
        ("added", imported.added),
        ("changed", imported.changed),
        ("dropped", imported.dropped),
        ("with new paces", imported.repaced),
    )
    changes = [f"{len(ids)} {change}" for change, ids in counts if ids]
    lines = [
        f"Sessions: {', '.join(changes)}." if changes else "Nothing changed: your plan is the same already."
    ]
    if imported.left_out:
        lines.append(f"Left out because they are past or done: {', '.join(map(str, imported.left_out))}.")
    if changes:
        lines.append("Run syncd sync to send them to your watch; syncd plan shows the weeks.")
    return plain("\n".join(lines))
