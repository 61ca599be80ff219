"""`plan`, `next` and `why`: what comes next, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.choices import PLAN_ACTIONS
from syncd.cli.exits import NothingMatched, UsageFault
from syncd.cli.fitness_commands import FiveKOption, UnitsOption, VdotOption, check_units, zones_from_options
from syncd.cli.option_table import taking
from syncd.cli.options import argument, option
from syncd.cli.output import JsonOption, paths_of, show
from syncd.cli.plan_options import PLAN_OPTIONS, PlanRequest, day_option, faults_in
from syncd.domain.nearest import did_you_mean

if TYPE_CHECKING:
    from datetime import datetime

    from syncd.domain.session import Week
    from syncd.domain.units import Units

PURE_WEEKS, OWN_WEEKS = 20, 4
MOST_WEEKS = 104
FOOTER = "Beyond the next ten days this is a projection: it follows what you really run."


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(plan)
    app.command("next")(next_workout)
    app.command()(why)


@taking(PLAN_OPTIONS, after="vdot")
def plan(
    context: typer.Context,
    action: Annotated[
        str, argument("export or import, to use a file (default: show the plan).", choices=PLAN_ACTIONS)
    ] = "",
    file: Annotated[str, argument("The plan file; export without a file prints the plan.")] = "",
    five_k: FiveKOption = "",
    vdot: VdotOption = 0.0,
    weeks: Annotated[int, option("--weeks", "N", "How many weeks.")] = 0,
    units: UnitsOption = "",
    as_json: JsonOption = False,
    **options: Any,
) -> None:
    """Show your weeks ahead, or a sample plan with --five-k. Export or import them as a file."""
    from syncd import clock
    from syncd.cli.plan_files import export_own, export_weeks, import_own
    from syncd.domain.units import units_named

    now = clock.now()
    _check(action, weeks, units)
    request, zones = PlanRequest(**options), zones_from_options(five_k, vdot)
    is_sample = zones is not None or request.weekly_km is not None
    if not is_sample and request != PlanRequest():
        raise UsageFault(
            "these options are for sample plans: give --five-k or --weekly-km too (your own goal: syncd goal)"
        )
    if action == "import":
        if is_sample:
            raise UsageFault("plan import takes only a file: syncd plan import FILE")
        import_own(context, file, now, as_json)
    elif is_sample:
        planned = request.plan(zones, now.date(), weeks or PURE_WEEKS, units_named(units))
        if action == "export":
            export_weeks(planned, file, units, as_json)
        else:
            _show_plan(planned, units_named(units), as_json)
    elif action == "export":
        export_own(context, file, weeks or PURE_WEEKS, now, as_json)
    else:
        _show_own(context, weeks or OWN_WEEKS, units, now, as_json)


def _check(action: str, weeks: int, units: str) -> None:
    """Raises UsageFault for what `plan` cannot do."""
    if not 0 <= weeks <= MOST_WEEKS:
        raise UsageFault(f"--weeks {weeks}: give 1 to {MOST_WEEKS}")
    if action not in ("", *PLAN_ACTIONS):
        near = did_you_mean(action, PLAN_ACTIONS)
        raise UsageFault(
            f"plan {action}: use syncd plan, syncd plan export [FILE] or syncd plan import FILE{near}"
        )
    check_units(units)


def next_workout(
    context: typer.Context,
    easier: Annotated[
        bool, typer.Option("--easier", help="Swap the next hard session for an easier version.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show your next workout, step by step; --easier swaps it for an easier one."""
    if easier:
        _swap_for_easier(context, as_json)
        return
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.cycle.carrying import limits_of
    from syncd.cycle.planning import counting_zones, hindrance_of
    from syncd.domain.delivery import labels
    from syncd.domain.delivery.fitting import why_unfit
    from syncd.domain.notation import format_workout
    from syncd.domain.training.easier import easier as easier_version
    from syncd.report.delivery_texts import unfit_text
    from syncd.report.health_views import add_health, health_lines, health_payload, race_line
    from syncd.report.history import next_session
    from syncd.report.questions import add_questions, questions_payload
    from syncd.report.sheet import Sheet, StyledText, Tone
    from syncd.report.time_off import add_time_off, spells_ahead, time_off_payload, why_empty
    from syncd.report.training_views import session_payload, session_sheet

    now = clock.now()
    with opened_world(paths_of(context), now) as (world, reader):
        upcoming = next_session(world, world.today(now))
        spells = spells_ahead(world.store, world.today(now))
        lines = health_lines(world.health, world.today(now), reader.units)
        unplanned = race_line(hindrance_of(world, world.today(now)), world.today(now), reader.units)
        if upcoming is None:
            above = filter(None, (*lines, unplanned))
            raise NothingMatched(why_empty(world.store, world.today(now), reader.units, above))
        paces = format_workout(upcoming.resolved)
        unfit = why_unfit(upcoming.resolved, limits_of(world))
        lighter = easier_version(upcoming.session, counting_zones(world, world.today(now)))
        payload = {"schema": "syncd.next/1"} | session_payload(upcoming.session, reader.units)
        payload |= {"on_watch": paces, "easier": labels.title(lighter, reader.units) if lighter else None}
        payload["time_off"] = time_off_payload(spells)
        payload["health"] = health_payload(world.health, world.today(now))
        sheet = Sheet()
        add_health(sheet, lines)
        if unplanned:
            sheet.say(unplanned, hang=2)
            sheet.gap()
        add_time_off(sheet, spells, reader.units)
        sheet.add(session_sheet(upcoming.session, reader.units))
        if paces != payload["notation"] and unfit is None:  # the same where it is by effort
            sheet.say(f"on the watch: {paces}", indent=2, hang=2)
        if unfit is not None:
            text = f"not on the watch: {unfit_text(unfit, world.sink.name)}"
            sheet.say(StyledText(text, Tone.BAD), indent=2, hang=2)
        if lighter:
            sheet.say(
                f"{labels.note(lighter, reader.units)} (",
                StyledText("syncd next --easier", Tone.MARK),
                ")",
                indent=2,
                hang=2,
            )
        questions, local_now = world.store.questions.open(), now.astimezone(world.zone)
        payload["questions"] = questions_payload(questions, world.store, reader.units, local_now)
        add_questions(sheet, questions, world.store, reader.units, local_now)
        show(payload, sheet, as_json)


def why(
    context: typer.Context,
    day: Annotated[str, argument("YYYY-MM-DD (default: the next session's day).")] = "",
    as_json: JsonOption = False,
) -> None:
    """Explain why the session of a day is what it is."""
    from syncd import clock
    from syncd.athlete.undoing import can_be_undone
    from syncd.cli.opened import opened_world
    from syncd.report.history import day_answer, next_session

    now = clock.now()
    with opened_world(paths_of(context), now) as (world, reader):
        upcoming = next_session(world, world.today(now))
        wanted = day_option("why", day) if day else upcoming.session.day if upcoming else world.today(now)
        story = day_answer(world, reader, wanted, lambda change: can_be_undone(world, change, now))
        if story is None:
            raise NothingMatched(f"no session on {wanted}: a rest day, or not planned yet (syncd plan)")
        show(story.payload, story.sheet, as_json)


def _swap_for_easier(context: typer.Context, as_json: bool) -> None:
    from syncd.athlete.sessions import EditOutcome, make_easier
    from syncd.cli.override_commands import apply_override
    from syncd.cycle.world import World
    from syncd.report.health_views import health_lines
    from syncd.report.history import next_session
    from syncd.report.time_off import why_empty

    def swap(world: World, now: datetime) -> EditOutcome:
        upcoming = next_session(world, world.today(now))
        if upcoming is None:
            lines = health_lines(world.health, world.today(now), world.units)
            raise NothingMatched(why_empty(world.store, world.today(now), world.units, lines))
        return make_easier(world, upcoming, now)

    apply_override(context, swap, as_json)


def _show_own(context: typer.Context, weeks: int, units: str, now: datetime, as_json: bool) -> None:
    from syncd.cli.opened import opened_world
    from syncd.cycle.planning import hindrance_of, projection
    from syncd.domain.units import units_named
    from syncd.report.health_views import add_health, health_lines, health_payload, race_line
    from syncd.report.sheet import sheet_of
    from syncd.report.training_views import plan_payload, plan_sheet

    with opened_world(paths_of(context), now) as (world, reader):
        read_in = units_named(units) if units else reader.units
        today = world.today(now)
        with faults_in(read_in):
            planned = projection(world, today, weeks)
        above = sheet_of()
        add_health(above, health_lines(world.health, today, read_in))
        if line := race_line(hindrance_of(world, today), today, read_in):
            above.say(line, hang=2)
            above.gap()
        above.add(plan_sheet(planned, read_in, footer=FOOTER))
        show(plan_payload(planned, read_in) | {"health": health_payload(world.health, today)}, above, as_json)


def _show_plan(weeks: tuple[Week, ...], units: Units, as_json: bool) -> None:
    from syncd.report.training_views import plan_payload, plan_sheet

    show(plan_payload(weeks, units), plan_sheet(weeks, units), as_json)
