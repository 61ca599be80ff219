"""`zones` and `score`: as pure tools, or with the athlete's own state."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.asking import say
from syncd.cli.choices import SEXES, UNITS, chosen
from syncd.cli.exits import CommandFailed, NothingMatched, UsageFault
from syncd.cli.file_faults import of_system
from syncd.cli.options import argument, option
from syncd.cli.output import JsonOption, paths_of, show
from syncd.cli.runner_options import FIVE_K, READ_IN
from syncd.domain.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from syncd.domain.activity import Activity
    from syncd.domain.athlete import ZoneSet
    from syncd.domain.scoring.card import StepRow
    from syncd.domain.training.hr_zones import HeartMeasurements
    from syncd.domain.units import Units
    from syncd.domain.workout import Workout
    from syncd.paths import Paths
    from syncd.store.results import StoredResult

FiveKOption = Annotated[str, FIVE_K.info]
VdotOption = Annotated[float, option("--vdot", "N", "Your fitness as a VDOT, instead of --five-k.")]
UnitsOption = Annotated[str, READ_IN.info]
PLOT_WIDTH = 76  # like the table above it


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(zones)
    app.command()(score)


def zones(
    context: typer.Context,
    five_k: FiveKOption = "",
    vdot: VdotOption = 0.0,
    hr_max: Annotated[int, option("--hr-max", "BPM", "Your highest measured heart rate.")] = 0,
    hr_rest: Annotated[int, option("--hr-rest", "BPM", "Your resting heart rate.")] = 0,
    lthr: Annotated[int, option("--lthr", "BPM", "Your measured threshold heart rate.")] = 0,
    sex: Annotated[
        str, option("--sex", "SEX", "female or male: the limit of easy runs differs.", choices=SEXES)
    ] = "",
    units: UnitsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show your paces, equivalent race times and heart-rate zones."""
    from syncd.domain.training.hr_zones import HeartMeasurements, heart_rate_zones
    from syncd.domain.units import units_named
    from syncd.report.training_views import results_payload, results_sheet, zones_payload, zones_sheet

    check_units(units)
    zone_set, known, unit_name = zones_from_options(five_k, vdot), HeartMeasurements(), "km"
    results: list[StoredResult] = []
    if zone_set is None:
        zone_set, known, unit_name, results = _own_zones(paths_of(context))
    named = units_named(units or unit_name)
    heart = heart_rate_zones(_measured(known, hr_max, hr_rest, lthr, sex))
    payload = zones_payload(zone_set, named, heart)
    payload |= {"results": results_payload(results, named)} if results else {}
    sheet = zones_sheet(zone_set, named, heart)
    sheet.add(results_sheet(results, named))
    show(payload, sheet, as_json)


def score(
    context: typer.Context,
    run: Annotated[
        str, argument("A FIT, TCX or GPX file, or a run's number or date (default: your last run).")
    ] = "",
    workout: Annotated[str, option("--workout", "TEXT", "The planned workout, in one line.")] = "",
    five_k: FiveKOption = "",
    vdot: VdotOption = 0.0,
    units: UnitsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Score a run against its workout, step by step."""
    from syncd.domain.units import units_named

    check_units(units)
    read_in = units_named(units) if units else None
    if run and Path(run).expanduser().is_file():
        planned = _planned(workout)
        zones = zones_from_options(five_k, vdot)
        _score_file(paths_of(context), Path(run).expanduser(), planned, zones, read_in, as_json)
        return
    if run and Path(run).expanduser().is_dir():
        raise UsageFault(f"{run} is a folder: give one of its files (syncd import reads them all)")
    if run.lower().removesuffix(".gz").endswith((".fit", ".tcx", ".gpx", ".zip")) or "/" in run:
        raise CommandFailed(f"{run}: no such file")
    _score_stored(context, run, read_in, as_json)


def zones_from_options(five_k: str, vdot: float) -> ZoneSet | None:
    """The zone set of --five-k or --vdot; None when neither was given. Raises UsageFault."""
    from syncd.domain.clock_time import parse_race_time
    from syncd.domain.reason import Reason
    from syncd.domain.training.fitness import FitnessError
    from syncd.domain.training.reasons import Cause, entered_result
    from syncd.domain.training.zones import zones_from_result, zones_from_vdot

    if five_k and vdot:
        raise UsageFault("give --five-k or --vdot, not both")
    try:
        if five_k:
            seconds = parse_race_time(five_k)
            return zones_from_result(5000, seconds, as_of=None, source=entered_result(5000.0, five_k))
        source = Reason(Cause.ENTERED_VDOT, {"vdot": vdot})
        return zones_from_vdot(vdot, as_of=None, source=source) if vdot else None
    except FitnessError as error:
        raise UsageFault(f"{'--five-k ' + five_k if five_k else f'--vdot {vdot:g}'}: {error}") from None
    except ValueError as error:
        raise UsageFault(f"--five-k: {error}") from None


def _own_zones(paths: Paths) -> tuple[ZoneSet, HeartMeasurements, str, list[StoredResult]]:
    """The paces in force, measured heart rates, units, and the results that were run."""
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.config import load

    settings = load(paths.config)
    with opened_world(paths, clock.now()) as (world, _):
        zones, results = world.zones, list(world.store.results.in_force())
    if zones is None:
        raise NothingMatched("there are no paces yet: enter a result with syncd result 5k TIME")
    return zones, settings.athlete.heart(), settings.athlete.units, results


def _measured(known: HeartMeasurements, hr_max: int, hr_rest: int, lthr: int, sex: str) -> HeartMeasurements:
    """The options, with known values where none was given. Raises UsageFault."""
    from syncd.domain.training.hr_zones import HeartMeasurements, HeartRateError, Sex

    sex = chosen("--sex", sex, SEXES) if sex else ""
    try:
        return HeartMeasurements(
            hr_max=hr_max or known.hr_max,
            hr_rest=hr_rest or known.hr_rest,
            lthr=lthr or known.lthr,
            sex=Sex(sex) if sex else known.sex,
        )
    except HeartRateError as error:
        raise UsageFault(f"heart rates: {error}") from None


def check_units(units: str) -> None:
    """Raises UsageFault for anything but km, mi or nothing."""
    if units:
        chosen("--units", units, UNITS)


def read_run(path: Path) -> Activity:
    """The run in a file, or in the only recording of a zip; of several runs the first, and a word.

    Raises CommandFailed when unreadable, NothingMatched when it is not a run.
    """
    from syncd.formats.fit import Unreadable
    from syncd.formats.reading import BrokenDown, breakdown_text
    from syncd.formats.reading_apart import ReadingApart

    try:
        with ReadingApart() as reading:
            found = reading.read(_content_of(path))
    except BrokenDown as broken:
        raise CommandFailed(f"{path.name}: {breakdown_text(broken.cause, broken.detail)}") from None
    if isinstance(found, Unreadable) and found.foreign:
        raise NothingMatched(f"{path.name} is {found.reason}: nothing to score")
    if isinstance(found, Unreadable):
        raise CommandFailed(f"{path.name}: {found.reason}")
    runs = [activity for activity in found if activity.is_run]
    if not runs:
        sports = (sport.replace("_", " ") for sport in (found[0].sub_sport, found[0].sport))
        kind = " ".join(filter(None, sports)) or "something else"
        raise NothingMatched(f"{path.name} is {kind}, not a run: nothing to score")
    if len(runs) > 1:
        say(one_line(f"{path.name} holds {len(runs)} runs, this is the first; syncd import reads all"))
    return runs[0]


def _content_of(path: Path) -> bytes:
    """The bytes of a recording, unpacked. Raises CommandFailed."""
    from syncd.connectors.base import ConnectorError
    from syncd.connectors.exports import is_export, recording_in
    from syncd.formats.packed import MAX_UNPACKED_BYTES, PackedError, unpacked

    try:
        if is_export(path):
            return recording_in(path)
        with path.open("rb") as file:  # a device has no size
            content = file.read(MAX_UNPACKED_BYTES + 1)
        if len(content) > MAX_UNPACKED_BYTES:
            raise CommandFailed(
                f"{path.name} is larger than {MAX_UNPACKED_BYTES >> 20} MB: not a recorded run"
            )
        return unpacked(path.name, content)
    except PackedError as error:
        raise CommandFailed(f"{path.name}: {error}") from None
    except ConnectorError as error:
        raise CommandFailed(str(error)) from None
    except OSError as error:
        raise CommandFailed(of_system(error)) from None


def _own_zone(paths: Paths) -> tzinfo | None:
    """The configured time zone; None without a configuration."""
    from syncd.config import ConfigError, load

    try:
        return load(paths.config).zone
    except ConfigError:
        return None


def _score_file(
    paths: Paths,
    path: Path,
    planned: Workout | None,
    zone_set: ZoneSet | None,
    read_in: Units | None,
    as_json: bool,
) -> None:
    from syncd.domain.scoring.judgement import Judgement
    from syncd.domain.scoring.prescription import Prescription, PrescriptionOrigin
    from syncd.domain.scoring.score import score_activity
    from syncd.domain.training.zones import resolve_workout
    from syncd.domain.units import KILOMETRES
    from syncd.domain.workout import ZoneTarget, steps_of
    from syncd.report.doubts import doubt_text
    from syncd.report.score_views import score_payload, score_sheet, with_offset

    units = read_in or KILOMETRES
    run = read_run(path)
    for doubt in run.doubts[:1]:
        say(one_line(f"{path.name} may not be a run: {doubt_text(doubt, units)}"))
    if run.utc_offset is None:
        run = with_offset(run, _own_zone(paths))
    workout = planned or run.workout
    if workout is not None and any(isinstance(step.target, ZoneTarget) for step in steps_of(workout.steps)):
        if zone_set is None:
            raise UsageFault("--workout uses pace zones: give --five-k mm:ss too, or paces (@4:15-4:25/km)")
        workout = resolve_workout(workout, zone_set)
    prescription, card = None, None
    if workout is not None:
        prescription = Prescription(
            PrescriptionOrigin.ARGUMENT if planned else PrescriptionOrigin.EMBEDDED, workout, None
        )
        card = score_activity(run, prescription, zone_set)
    judgement = Judgement.of(run, prescription, card)
    show(score_payload(run, judgement, units), score_sheet(run, judgement, units), as_json)
    if not as_json:
        _show_pace(run, card.steps if card else (), units)


def _planned(notation: str) -> Workout | None:
    """The workout of --workout. Raises UsageFault, which points to the mistake."""
    from syncd.domain.notation import parse_workout
    from syncd.domain.workout import WorkoutError

    try:
        return parse_workout(notation) if notation else None
    except WorkoutError as error:
        raise UsageFault(f"--workout, {error}") from None


def _show_pace(run: Activity, steps: Sequence[StepRow], units: Units) -> None:
    """Below the score, on a terminal with the right characters: a plot of the pace and its targets."""
    from syncd.report.pace_plot import pace_plot
    from syncd.report.score_views import aims_of

    if not steps or run.is_treadmill or not _draws():
        return
    width = min(get_terminal_size().columns, PLOT_WIDTH)
    lines = pace_plot(run.samples, aims_of(steps), units, width)
    if lines:
        typer.echo("\n".join(["", *lines]))


def _draws() -> bool:
    return sys.stdout.isatty() and sys.stdout.encoding.lower().startswith("utf")


def _score_stored(context: typer.Context, run: str, read_in: Units | None, as_json: bool) -> None:
    from syncd import clock
    from syncd.cli.opened import opened_world
    from syncd.cycle.recordings import activity_in
    from syncd.report.history import stored_score

    with opened_world(paths_of(context), clock.now()) as (world, reader):
        units = read_in or reader.units
        score = stored_score(world, units, run)
        if score is None:
            if not run:
                raise NothingMatched(
                    "there are no runs yet: syncd sync fetches some, syncd import reads files"
                )
            raise NothingMatched(
                f"there is no run {run!r}: give its date (2026-03-12), its number, or a file"
            )
        show(score.payload, score.sheet, as_json)
        drawn = score.run is not None and not as_json and _draws()
        recorded = activity_in(world, score.run.raw_hash, score.run.part) if drawn and score.run else None
        if recorded is not None:
            _show_pace(recorded, score.steps, units)
